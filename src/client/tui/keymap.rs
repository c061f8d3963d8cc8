//! What terminals send for a key: bytes to [`Key`].
//!
//! Must not know: what the keys do, or when the bytes came.

use crate::client::key::Key;

/// What stands at the beginning of some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// A key.
    Key(Key),
    /// Pasted text follows, up to [`PASTE_END`].
    PasteStart,
    /// Nothing a person pressed, or nothing we know.
    Noise,
}

/// What ends pasted text.
pub const PASTE_END: &[u8] = b"\x1b[201~";

/// No sequence is longer; what goes on is noise.
const LONGEST: usize = 64;

/// Reads what `bytes` begin with and how many bytes that takes; `None` if more must come to tell.
#[must_use]
pub fn first(bytes: &[u8]) -> Option<(Found, usize)> {
    let key = |key| Some((Found::Key(key), 1));
    match bytes {
        [] => None,
        [0x1b, rest @ ..] => escaped(rest).map(|(found, used)| (found, used + 1)),
        [b'\r', ..] => key(Key::Enter),
        // Ctrl-J, the new line that works everywhere.
        [b'\n', ..] => key(Key::AltEnter),
        [b'\t', ..] => key(Key::Tab),
        [0x08 | 0x7f, ..] => key(Key::Backspace),
        [0, ..] => Some((Found::Noise, 1)),
        [c @ 0x01..=0x1a, ..] => key(Key::Ctrl(char::from(c + b'a' - 1))),
        [c @ 0x1c..=0x1f, ..] => key(Key::Ctrl(char::from(c + 0x40))),
        _ => character(bytes),
    }
}

/// A character in UTF-8; a byte that begins none is noise.
fn character(bytes: &[u8]) -> Option<(Found, usize)> {
    let length = match bytes.first()? {
        0..=0x7f => 1,
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return Some((Found::Noise, 1)),
    };
    let whole = bytes.iter().skip(1).take(length - 1).take_while(|byte| matches!(byte, 0x80..=0xbf)).count() + 1;
    if whole < length {
        // Cut off by other bytes, or not all here yet.
        return if bytes.len() > whole { Some((Found::Noise, whole)) } else { None };
    }
    let c = bytes.get(..length).and_then(|bytes| std::str::from_utf8(bytes).ok()).and_then(|text| text.chars().next());
    Some((c.filter(|c| !c.is_control()).map_or(Found::Noise, |c| Found::Key(Key::Char(c))), length))
}

/// What follows an escape character: a sequence, or a key with Alt.
fn escaped(rest: &[u8]) -> Option<(Found, usize)> {
    match rest {
        [] => None,
        // The escape key itself; the second one may begin something.
        [0x1b, ..] => Some((Found::Key(Key::Esc), 0)),
        [b'[', rest @ ..] => control(rest).map(|(found, used)| (found, used + 1)),
        [b'O', rest @ ..] => single_shift(rest).map(|(found, used)| (found, used + 1)),
        _ => first(rest).map(|(found, used)| match found {
            Found::Key(key) => (Found::Key(alt(key)), used),
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

fn single_shift(rest: &[u8]) -> Option<(Found, usize)> {
    let &last = rest.first()?;
    Some((if last == b'M' { Found::Key(Key::Enter) } else { letter(last, 0) }, 1))
}

/// A control sequence, after its `ESC [`.
fn control(rest: &[u8]) -> Option<(Found, usize)> {
    if let [b'[', tail @ ..] = rest {
        // The Linux console's first function keys.
        return tail.first().map(|&c| match c {
            b'A'..=b'E' => (Found::Key(Key::F(c - b'A' + 1)), 2),
            _ => (Found::Noise, 2),
        });
    }
    let length = rest.iter().take(LONGEST).take_while(|byte| matches!(byte, 0x20..=0x3f)).count();
    if length == LONGEST {
        return Some((Found::Noise, length));
    }
    let &last = rest.get(length)?;
    if !matches!(last, 0x40..=0x7e) {
        return Some((Found::Noise, length));
    }
    let parameters = std::str::from_utf8(rest.get(..length).unwrap_or_default()).unwrap_or_default();
    Some((sequence(parameters, last), length + 1))
}

fn sequence(parameters: &str, last: u8) -> Found {
    let mut fields = parameters.split(';').map(|field| {
        let mut parts = field.split(':').map(|part| part.parse::<u32>().unwrap_or(0));
        (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
    });
    let (first, _) = fields.next().unwrap_or_default();
    let (second, event) = fields.next().unwrap_or((1, 0));
    let modifiers = second.saturating_sub(1);
    // Some terminals report that a key was let go.
    if event == 3 {
        return Found::Noise;
    }
    match (last, first) {
        (b'~', 200) => Found::PasteStart,
        (b'~', 27) => coded(fields.next().unwrap_or_default().0, modifiers),
        (b'~', code) => numbered(code, modifiers),
        (b'u', code) if !parameters.starts_with(['?', '>', '<', '=']) => coded(code, modifiers),
        (b'Z', _) => Found::Key(Key::BackTab),
        // With modifiers these letters have the number 1; with others they are answers to questions.
        _ if parameters.is_empty() || first == 1 => letter(last, modifiers),
        _ => Found::Noise,
    }
}

/// Keys of the old terminals, by letter.
fn letter(last: u8, modifiers: u32) -> Found {
    let far = modifiers & (ALT | CTRL) != 0;
    Found::Key(match last {
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
        _ => return Found::Noise,
    })
}

/// Keys of the old terminals, by number.
fn numbered(code: u32, modifiers: u32) -> Found {
    let function = |base: u32| Key::F(u8::try_from(code - base).unwrap_or(0));
    Found::Key(match code {
        1 | 7 => return letter(b'H', modifiers),
        4 | 8 => return letter(b'F', modifiers),
        3 => Key::Delete,
        5 => Key::PageUp,
        6 => Key::PageDown,
        11..=15 => function(10),
        17..=21 => function(11),
        23..=24 => function(12),
        _ => return Found::Noise,
    })
}

const ALT: u32 = 2;
const CTRL: u32 = 4;

/// Keys reported by the character on them, with modifiers.
fn coded(code: u32, modifiers: u32) -> Found {
    let (alt, ctrl) = (modifiers & ALT != 0, modifiers & CTRL != 0);
    let shifted = modifiers & (1 | ALT | CTRL) != 0;
    Found::Key(match code {
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
        0xe000..=0xf8ff => return Found::Noise,
        code => match char::from_u32(code) {
            // The same letters as ever, for those who press them out of habit.
            Some('j') if ctrl => Key::AltEnter,
            Some('m') if ctrl => Key::Enter,
            Some('i') if ctrl => Key::Tab,
            Some('h') if ctrl => Key::Backspace,
            Some('[') if ctrl => Key::Esc,
            Some(c) if ctrl => Key::Ctrl(c.to_ascii_lowercase()),
            Some(c) if c.is_control() => return Found::Noise,
            Some(c) if alt => Key::Alt(c),
            Some(c) => Key::Char(c),
            None => return Found::Noise,
        },
    })
}
