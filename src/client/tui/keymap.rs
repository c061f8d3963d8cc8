//! The key map: from the bytes that terminals send to [`Key`]s.
//!
//! Must not know: what the keys do, or when the bytes came.

use crate::client::key::Key;

/// What some bytes begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A key.
    Key(Key),
    /// Pasted text follows, up to [`PASTE_END`].
    PasteStart,
    /// Nothing that a user pressed, or nothing known.
    Noise,
}

/// The end mark of pasted text.
pub(super) const PASTE_END: &[u8] = b"\x1b[201~";

/// The longest sequence; anything longer is noise.
const LONGEST: usize = 64;

/// Reads what `bytes` begin with, and its length; `None` if more bytes are needed to tell.
#[must_use]
pub(super) fn first(bytes: &[u8]) -> Option<(Token, usize)> {
    let key = |key| Some((Token::Key(key), 1));
    match bytes {
        [] => None,
        [0x1b, rest @ ..] => escaped(rest).map(|(token, used)| (token, used + 1)),
        [b'\r', ..] => key(Key::Enter),
        // Ctrl-J, the line feed that works in every terminal.
        [b'\n', ..] => key(Key::AltEnter),
        [b'\t', ..] => key(Key::Tab),
        [0x08 | 0x7f, ..] => key(Key::Backspace),
        [0, ..] => Some((Token::Noise, 1)),
        [c @ 0x01..=0x1a, ..] => key(Key::Ctrl(char::from(c + b'a' - 1))),
        [c @ 0x1c..=0x1f, ..] => key(Key::Ctrl(char::from(c + 0x40))),
        _ => character(bytes),
    }
}

/// A character in UTF-8; a byte that cannot begin one is noise.
fn character(bytes: &[u8]) -> Option<(Token, usize)> {
    let length = match bytes.first()? {
        0..=0x7f => 1,
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return Some((Token::Noise, 1)),
    };
    let whole = bytes.iter().skip(1).take(length - 1).take_while(|byte| matches!(byte, 0x80..=0xbf)).count() + 1;
    if whole < length {
        // Either other bytes interrupt it, or the rest has not come yet.
        return if bytes.len() > whole { Some((Token::Noise, whole)) } else { None };
    }
    let c = bytes.get(..length).and_then(|bytes| std::str::from_utf8(bytes).ok()).and_then(|text| text.chars().next());
    Some((c.filter(|c| !c.is_control()).map_or(Token::Noise, |c| Token::Key(Key::Char(c))), length))
}

/// What follows an escape character: a sequence, or a key with Alt.
fn escaped(rest: &[u8]) -> Option<(Token, usize)> {
    match rest {
        [] => None,
        // The escape key; the second escape may begin a sequence.
        [0x1b, ..] => Some((Token::Key(Key::Esc), 0)),
        [b'[', rest @ ..] => control(rest).map(|(token, used)| (token, used + 1)),
        [b'O', rest @ ..] => single_shift(rest).map(|(token, used)| (token, used + 1)),
        _ => first(rest).map(|(token, used)| match token {
            Token::Key(key) => (Token::Key(alt(key)), used),
            other => (other, used),
        }),
    }
}

fn alt(key: Key) -> Key {
    match key {
        Key::Char(c) => Key::Alt(c),
        Key::Enter => Key::AltEnter,
        Key::Backspace => Key::AltBackspace,
        other => other,
    }
}

fn single_shift(rest: &[u8]) -> Option<(Token, usize)> {
    let &last = rest.first()?;
    Some((if last == b'M' { Token::Key(Key::Enter) } else { letter(last, 0) }, 1))
}

/// A control sequence, after its `ESC [`.
fn control(rest: &[u8]) -> Option<(Token, usize)> {
    if let [b'[', tail @ ..] = rest {
        // The first function keys of the Linux console.
        return tail.first().map(|&c| match c {
            b'A'..=b'E' => (Token::Key(Key::F(c - b'A' + 1)), 2),
            _ => (Token::Noise, 2),
        });
    }
    let length = rest.iter().take(LONGEST).take_while(|byte| matches!(byte, 0x20..=0x3f)).count();
    if length == LONGEST {
        return Some((Token::Noise, length));
    }
    let &last = rest.get(length)?;
    if !matches!(last, 0x40..=0x7e) {
        return Some((Token::Noise, length));
    }
    let parameters = std::str::from_utf8(rest.get(..length).unwrap_or_default()).unwrap_or_default();
    Some((sequence(parameters, last), length + 1))
}

fn sequence(parameters: &str, last: u8) -> Token {
    let mut fields = parameters.split(';').map(|field| {
        let mut parts = field.split(':').map(|part| part.parse::<u32>().unwrap_or(0));
        (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
    });
    let (first, _) = fields.next().unwrap_or_default();
    let (second, event) = fields.next().unwrap_or((1, 0));
    let modifiers = second.saturating_sub(1);
    // Some terminals report the release of a key.
    if event == 3 {
        return Token::Noise;
    }
    match (last, first) {
        (b'~', 200) => Token::PasteStart,
        (b'~', 27) => coded(fields.next().unwrap_or_default().0, modifiers),
        (b'~', code) => numbered(code, modifiers),
        (b'u', code) if !parameters.starts_with(['?', '>', '<', '=']) => coded(code, modifiers),
        (b'Z', _) => Token::Key(Key::BackTab),
        // With modifiers, these letters have the number 1; other numbers are terminals' answers to queries.
        _ if parameters.is_empty() || first == 1 => letter(last, modifiers),
        _ => Token::Noise,
    }
}

/// Traditional keys with a letter.
fn letter(last: u8, modifiers: u32) -> Token {
    let far = modifiers & (ALT | CTRL) != 0;
    Token::Key(match last {
        b'A' => Key::Up,
        b'B' => Key::Down,
        b'C' if far => Key::CtrlRight,
        b'C' => Key::Right,
        b'D' if far => Key::CtrlLeft,
        b'D' => Key::Left,
        b'F' if far => Key::CtrlEnd,
        b'F' => Key::End,
        b'H' if far => Key::CtrlHome,
        b'H' => Key::Home,
        b'P'..=b'S' => Key::F(last - b'P' + 1),
        _ => return Token::Noise,
    })
}

/// Traditional keys with a number.
fn numbered(code: u32, modifiers: u32) -> Token {
    let function = |base: u32| Key::F(u8::try_from(code - base).unwrap_or(0));
    Token::Key(match code {
        1 | 7 => return letter(b'H', modifiers),
        4 | 8 => return letter(b'F', modifiers),
        3 => Key::Delete,
        5 => Key::PageUp,
        6 => Key::PageDown,
        11..=15 => function(10),
        17..=21 => function(11),
        23..=24 => function(12),
        _ => return Token::Noise,
    })
}

const ALT: u32 = 2;
const CTRL: u32 = 4;

/// Keys reported by their character, with modifiers.
fn coded(code: u32, modifiers: u32) -> Token {
    let (alt, ctrl) = (modifiers & ALT != 0, modifiers & CTRL != 0);
    let shifted = modifiers & (1 | ALT | CTRL) != 0;
    Token::Key(match code {
        13 | 57414 if shifted => Key::AltEnter,
        13 | 57414 => Key::Enter,
        27 => Key::Esc,
        9 if modifiers & 1 != 0 => Key::BackTab,
        9 => Key::Tab,
        8 | 127 if alt || ctrl => Key::AltBackspace,
        8 | 127 => Key::Backspace,
        // The numeric keypad.
        57399..=57408 => Key::Char(char::from(b'0' + u8::try_from(code - 57399).unwrap_or(0))),
        57409 => Key::Char('.'),
        57410 => Key::Char('/'),
        57411 => Key::Char('*'),
        57412 => Key::Char('-'),
        57413 => Key::Char('+'),
        57417 => Key::Left,
        57418 => Key::Right,
        57419 => Key::Up,
        57420 => Key::Down,
        57421 => Key::PageUp,
        57422 => Key::PageDown,
        57423 => Key::Home,
        57424 => Key::End,
        57426 => Key::Delete,
        // Media keys and the like.
        0xe000..=0xf8ff => return Token::Noise,
        code => match char::from_u32(code) {
            // For those who press the traditional control characters out of habit.
            Some('j') if ctrl => Key::AltEnter,
            Some('m') if ctrl => Key::Enter,
            Some('i') if ctrl => Key::Tab,
            Some('h') if ctrl => Key::Backspace,
            Some('[') if ctrl => Key::Esc,
            Some(c) if ctrl => Key::Ctrl(c.to_ascii_lowercase()),
            Some(c) if c.is_control() => return Token::Noise,
            Some(c) if alt => Key::Alt(c),
            Some(c) => Key::Char(c),
            None => return Token::Noise,
        },
    })
}
