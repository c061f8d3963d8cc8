//! Parses what the terminal sends into [`Msg`]s: keys, pastes with or without marks, the mouse, the focus, answers.
//!
//! It works byte by byte, and not through a library's reader. A sequence may be cut anywhere and may pause for any time:
//! what has begun as one never becomes text. Timing decides in three places alone: an escape with nothing after it is a
//! key; lines that arrive at once were pasted, not typed; a paste or a control string whose end never comes is given up.
//!
//! Must not know: what the keys do.

use std::time::Duration;

use super::answers::{self, MAX_STRING, StringKind, TerminalAnswer};
use super::control_bytes::{Escaped, late_tail};
use super::keymap::{Token, control_key, control_sequence, keypad_sequence, with_alt};
use super::mouse;
use super::paste::{MarkedPaste, several_lines, text_of_keys, written};
use crate::client::key::Key;
use crate::client::msg::Msg;

pub use super::paste::MAX_PASTE;

/// How long an escape waits for the rest of a sequence before it counts as a key.
pub const ESCAPE_WAIT: Duration = Duration::from_millis(100);
/// How long after an escape counted as a key a read that can only be the rest of a sequence is taken as one.
const LATE_WAIT: Duration = Duration::from_secs(1);
/// How long lines that arrive one after another count as one paste.
const LINES_WAIT: Duration = Duration::from_millis(40);
/// How long a marked paste may pause before what there is of it is shown.
const PASTE_WAIT: Duration = Duration::from_secs(2);
/// How long after that a paste or a control string may pause before its end counts as lost.
const LOST_WAIT: Duration = Duration::from_secs(8);
/// The longest control sequence that is read, in bytes; a longer one is skipped.
const MAX_SEQUENCE: usize = 64;
/// The most answers of the terminal that are kept until they are taken.
const MAX_ANSWERS: usize = 16;

/// The parser of the input stream.
#[derive(Debug, Default)]
pub struct InputParser {
    state: Begun,
    /// Whether what has begun has paused for long once.
    overdue: bool,
    /// Whether an escape has just counted as a key because nothing followed it.
    late: bool,
    /// Whether the last read was an unmarked paste, which may continue in the next.
    pasting: bool,
    /// Whether the terminal has marked a paste: then lines without marks are typed, however fast.
    marks: bool,
    /// The keys of this read.
    keys: Vec<Key>,
    messages: Vec<Msg>,
    answers: Vec<TerminalAnswer>,
}

/// What has begun.
#[derive(Debug, Default)]
enum Begun {
    #[default]
    Ground,
    /// A character: its first bytes.
    Character { bytes: Vec<u8>, alt: bool },
    /// An escape.
    Escape,
    /// Two escapes: the first is a key, or Alt with the sequence that the second begins.
    Escapes,
    /// A sequence after `ESC [` or `ESC O`: its bytes so far. The longest keep no more bytes.
    Sequence { bytes: Vec<u8>, single_shift: bool, alt: bool },
    /// A function key of the Linux console, after `ESC [ [`.
    Console,
    /// A report of the mouse in three bytes.
    Mouse(Vec<u8>),
    /// A control string: its first bytes.
    Text { kind: StringKind, bytes: Vec<u8> },
    /// The escape that ends a control string; a backslash belongs to it.
    TextEnd,
    /// A paste, after its mark.
    Paste(MarkedPaste),
}

impl InputParser {
    /// Parses the bytes of one read.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Msg> {
        if std::mem::take(&mut self.late) && late_tail(bytes) {
            self.state = Begun::Escape;
        }
        self.overdue = false;
        for &byte in bytes {
            self.byte(byte);
        }
        self.settle();
        std::mem::take(&mut self.messages)
    }

    /// How long to wait for more before calling [`Self::idle`]; `None` if only more bytes can change anything.
    #[must_use]
    pub fn wait(&self) -> Option<Duration> {
        match self.state {
            Begun::Escape | Begun::Escapes => Some(ESCAPE_WAIT),
            Begun::Paste(_) | Begun::Text { .. } if self.overdue => Some(LOST_WAIT),
            Begun::Paste(_) | Begun::Text { .. } => Some(PASTE_WAIT),
            _ if self.pasting => Some(LINES_WAIT),
            _ if self.late => Some(LATE_WAIT),
            _ => None,
        }
    }

    /// Nothing more came in time.
    pub fn idle(&mut self) -> Vec<Msg> {
        self.late = false;
        self.pasting = false;
        match &mut self.state {
            Begun::Escape => {
                self.keys.push(Key::Esc);
                self.late = true;
                self.state = Begun::Ground;
            }
            Begun::Escapes => {
                self.keys.extend([Key::Esc, Key::Esc]);
                self.late = true;
                self.state = Begun::Ground;
            }
            Begun::Paste(paste) => {
                self.messages.extend(paste.so_far(self.overdue).map(Msg::Paste));
                self.give_up();
            }
            Begun::Text { .. } => self.give_up(),
            _ => {}
        }
        self.messages.extend(self.keys.drain(..).map(Msg::Key));
        std::mem::take(&mut self.messages)
    }

    /// The answers that have come since the last call.
    pub fn take_answers(&mut self) -> Vec<TerminalAnswer> {
        std::mem::take(&mut self.answers)
    }

    /// At the second long pause, what has begun is over.
    fn give_up(&mut self) {
        if std::mem::replace(&mut self.overdue, true) {
            self.overdue = false;
            self.state = Begun::Ground;
        }
    }

    fn byte(&mut self, byte: u8) {
        match std::mem::take(&mut self.state) {
            Begun::Ground => self.begin(byte, false),
            Begun::Character { bytes, alt } => self.character(bytes, alt, byte),
            Begun::Escape => self.escaped(byte, false),
            Begun::Escapes => self.escaped(byte, true),
            Begun::Sequence { bytes, single_shift, alt } => self.sequence(bytes, single_shift, alt, byte),
            Begun::Console => match byte {
                b'A'..=b'E' => self.keys.push(Key::F(byte - b'A' + 1)),
                0x20..=0x7e => {}
                _ => self.begin(byte, false),
            },
            Begun::Mouse(report) => self.mouse(report, byte),
            Begun::Text { kind, bytes } => self.text(kind, bytes, byte),
            Begun::TextEnd if byte == b'\\' => {}
            Begun::TextEnd => self.escaped(byte, false),
            Begun::Paste(mut paste) => match paste.byte(byte) {
                Some(text) => self.messages.extend(text.map(Msg::Paste)),
                None => self.state = Begun::Paste(paste),
            },
        }
    }

    /// A byte with nothing before it, or an escape for Alt.
    fn begin(&mut self, byte: u8, alt: bool) {
        match byte {
            0x1b => self.state = Begun::Escape,
            0..=0x1f | 0x7f => self.key(control_key(byte), alt),
            0x20..=0x7e => self.key(Key::Char(char::from(byte)), alt),
            0xc2..=0xf4 => self.state = Begun::Character { bytes: vec![byte], alt },
            // No character begins like this.
            _ => {}
        }
    }

    fn key(&mut self, key: Key, alt: bool) {
        self.keys.push(if alt { with_alt(key) } else { key });
    }

    fn character(&mut self, mut bytes: Vec<u8>, alt: bool, byte: u8) {
        if !matches!(byte, 0x80..=0xbf) {
            // What interrupts it begins anew.
            return self.begin(byte, false);
        }
        bytes.push(byte);
        let length = match bytes.first() {
            Some(0..=0xdf) => 2,
            Some(0xe0..=0xef) => 3,
            _ => 4,
        };
        if bytes.len() < length {
            self.state = Begun::Character { bytes, alt };
            return;
        }
        let c = std::str::from_utf8(&bytes).ok().and_then(|text| text.chars().next());
        if let Some(c) = c.filter(|c| !c.is_control()) {
            self.key(Key::Char(c), alt);
        }
    }

    /// A byte after an escape, or after two.
    fn escaped(&mut self, byte: u8, two: bool) {
        match Escaped::of(byte) {
            Escaped::Escape => {
                if two {
                    self.keys.push(Key::Esc);
                }
                self.state = Begun::Escapes;
            }
            Escaped::Sequence { single_shift } => {
                self.state = Begun::Sequence { bytes: Vec::new(), single_shift, alt: two };
            }
            Escaped::Text(kind) => {
                if two {
                    self.keys.push(Key::Esc);
                }
                self.state = Begun::Text { kind, bytes: Vec::new() };
            }
            Escaped::Alt => {
                if two {
                    self.keys.push(Key::Esc);
                }
                self.begin(byte, true);
            }
        }
    }

    fn sequence(&mut self, mut bytes: Vec<u8>, single_shift: bool, alt: bool, byte: u8) {
        // rxvt ends some with a byte that is none elsewhere.
        let rxvt = byte == b'$' && matches!(bytes.as_slice(), [b'0'..=b'9'] | [b'0'..=b'9', b'0'..=b'9']);
        match byte {
            b'[' | b'M' if bytes.is_empty() && !single_shift => {
                self.keys.extend(Some(Key::Esc).filter(|_| alt));
                self.state = if byte == b'M' { Begun::Mouse(Vec::new()) } else { Begun::Console };
            }
            b' ' if bytes.is_empty() && single_shift => self.keys.push(Key::Char(' ')),
            0x20..=0x3f if !rxvt => {
                if bytes.len() < MAX_SEQUENCE {
                    bytes.push(byte);
                }
                self.state = Begun::Sequence { bytes, single_shift, alt };
            }
            b'$' | 0x40..=0x7e if bytes.len() >= MAX_SEQUENCE => {}
            b'$' | 0x40..=0x7e => {
                let token =
                    if single_shift { keypad_sequence(&bytes, byte, alt) } else { control_sequence(&bytes, byte, alt) };
                // The first of two escapes means Alt only before a key.
                self.keys.extend(Some(Key::Esc).filter(|_| alt && !matches!(token, Token::Key(_))));
                self.token(token);
            }
            // Cancelled; these two are commands, not keys.
            0x18 | 0x1a if !bytes.is_empty() => {}
            _ => {
                // Nothing of a sequence followed: it was Alt and a bracket or an O.
                if bytes.is_empty() {
                    self.keys.extend(Some(Key::Esc).filter(|_| alt));
                    self.keys.push(Key::Alt(if single_shift { 'o' } else { '[' }));
                }
                self.begin(byte, false);
            }
        }
    }

    fn mouse(&mut self, mut report: Vec<u8>, byte: u8) {
        if byte < 0x20 {
            return self.begin(byte, false);
        }
        report.push(byte);
        match <[u8; 3]>::try_from(report) {
            Ok(report) => self.token(mouse::bytes(report).map_or(Token::Noise, Token::Mouse)),
            Err(report) => self.state = Begun::Mouse(report),
        }
    }

    fn text(&mut self, kind: StringKind, mut bytes: Vec<u8>, byte: u8) {
        match byte {
            // The end, or the first half of it; what else an escape may begin is not part of the string.
            0x07 | 0x1b => {
                self.answers.extend(answers::of_string(kind, &bytes));
                self.answers.truncate(MAX_ANSWERS);
                if byte == 0x1b {
                    self.state = Begun::TextEnd;
                }
            }
            0x18 | 0x1a => {}
            _ => {
                if bytes.len() < MAX_STRING {
                    bytes.push(byte);
                }
                self.state = Begun::Text { kind, bytes };
            }
        }
    }

    fn token(&mut self, token: Token) {
        match token {
            Token::Key(key) => return self.keys.push(key),
            Token::Noise => return,
            _ => self.settle(),
        }
        match token {
            Token::PasteStart => {
                self.state = Begun::Paste(MarkedPaste::default());
                self.marks = true;
            }
            Token::Mouse(event) => self.messages.push(Msg::Mouse(event)),
            Token::Focus(focus) => self.messages.push(Msg::Focus(focus)),
            Token::AlternateScroll(set) => self.answers.push(TerminalAnswer::AlternateScroll(set)),
            Token::Attributes => self.answers.push(TerminalAnswer::Last),
            Token::Status => self.answers.push(TerminalAnswer::Status),
            Token::Key(_) | Token::Noise => {}
        }
        self.answers.truncate(MAX_ANSWERS);
    }

    /// Turns the keys so far into messages: several lines of text at once are a paste, unless the terminal marks those.
    fn settle(&mut self) {
        let keys = std::mem::take(&mut self.keys);
        let mut pasting = self.pasting;
        for run in keys.chunk_by(|a, b| written(*a).is_some() == written(*b).is_some()) {
            let text = run.first().copied().and_then(written).is_some();
            if (!self.marks && several_lines(run)) || (pasting && text) {
                pasting = true;
                self.messages.push(Msg::Paste(text_of_keys(run)));
            } else {
                self.messages.extend(run.iter().copied().map(Msg::Key));
            }
        }
        self.pasting = pasting;
    }
}
