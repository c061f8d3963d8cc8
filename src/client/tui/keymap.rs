//! The key map: from the sequences that terminals send to [`Key`]s.
//!
//! Must not know: what the keys do, or how sequences are found in a stream of bytes (`input`).

use super::key_places;
use super::modifiers::Modifiers;
use super::mouse;
use super::named_keys::{Base, letter, named, numbered};
use crate::client::key::Key;
use crate::client::msg::MouseEvent;

/// What a sequence says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A key.
    Key(Key),
    /// Pasted text follows.
    PasteStart,
    /// The mouse.
    Mouse(MouseEvent),
    /// The terminal got the focus or lost it.
    Focus(bool),
    /// The answer to the question whether the wheel moves the cursor on the alternate screen.
    AlternateScroll(bool),
    /// The answer to the question for the device attributes, which comes last.
    Attributes,
    /// The answer to the question for its status.
    Status,
    /// Nothing that a user pressed, or nothing known.
    Noise,
}

impl From<Option<Key>> for Token {
    fn from(key: Option<Key>) -> Self {
        key.map_or(Self::Noise, Self::Key)
    }
}

/// The key of a control character.
#[must_use]
pub(super) fn control_key(byte: u8) -> Key {
    match byte {
        b'\r' => Key::Enter,
        // Ctrl-J, the line feed that works in every terminal.
        b'\n' => Key::AltEnter,
        b'\t' => Key::Tab,
        0x08 | 0x7f => Key::Backspace,
        0x1b => Key::Esc,
        0 => Key::Ctrl(' '),
        c @ 1..=0x1a => Key::Ctrl(char::from(c + b'a' - 1)),
        c => Key::Ctrl(char::from(c.saturating_add(0x40) & 0x7f)),
    }
}

/// The key with Alt, as terminals send it: with an escape before it.
#[must_use]
pub(super) fn with_alt(key: Key) -> Key {
    match key {
        Key::Char(c) => alt(c),
        Key::Enter => Key::AltEnter,
        Key::Backspace => Key::AltBackspace,
        other => other,
    }
}

/// Alt and a character; on keyboards with other letters, the key at that place.
fn alt(c: char) -> Key {
    Key::Alt(key_places::latin(c).unwrap_or(c).to_ascii_lowercase())
}

/// What a sequence of the cursor keys and the keypad says: what follows `ESC O`, up to its last byte. `alt` if another escape came before.
#[must_use]
pub(super) fn keypad_sequence(parameters: &[u8], last: u8, alt: bool) -> Token {
    // Old terminals write the modifiers before the letter, some after a 1 and a semicolon.
    let text = std::str::from_utf8(parameters).unwrap_or_default();
    let modifiers = Modifiers::of(text.rsplit(';').next().and_then(|number| number.parse().ok()).unwrap_or(0));
    let modifiers = modifiers.with_alt(alt);
    Token::from(match last {
        // rxvt.
        b'a'..=b'd' => letter(last.to_ascii_uppercase(), Modifiers::CTRL.with_alt(alt)),
        // The keypad in application mode.
        b'M' => Some(if modifiers == Modifiers::NONE { Key::Enter } else { Key::AltEnter }),
        b'I' => Some(Key::Tab),
        b'X' => keypad('=', modifiers),
        b'j'..=b'y' => keypad(char::from(last - b'j' + b'*'), modifiers),
        _ => letter(last, modifiers),
    })
}

fn keypad(c: char, modifiers: Modifiers) -> Option<Key> {
    let plain = !modifiers.alt() && !modifiers.ctrl();
    if plain { Some(Key::Char(c)) } else { coded([c.into(), 0, 0], modifiers) }
}

/// What a control sequence says: what follows `ESC [`, up to its last byte. `alt` if another escape came before.
#[must_use]
pub(super) fn control_sequence(parameters: &[u8], last: u8, alt: bool) -> Token {
    let text = std::str::from_utf8(parameters).unwrap_or_default();
    let mut fields = text.split(';').map(field);
    let [first, ..] = fields.next().unwrap_or_default();
    match (text.as_bytes().first(), last) {
        (Some(b'<'), b'M' | b'm') => {
            let numbers = text.get(1..).unwrap_or_default().split(';').map(|number| number.parse().unwrap_or(0));
            return mouse::numbered(numbers, last == b'M').map_or(Token::Noise, Token::Mouse);
        }
        (Some(b'?'), b'y') => return alternate_scroll(text).map_or(Token::Noise, Token::AlternateScroll),
        (Some(b'?'), b'c') => return Token::Attributes,
        (Some(b'?' | b'>' | b'<' | b'='), _) => return Token::Noise,
        (Some(b'0' | b'3'), b'n') if text.len() == 1 => return Token::Status,
        (None, b'I') => return Token::Focus(true),
        (None, b'O') => return Token::Focus(false),
        // The mouse, as rxvt reports it.
        (Some(_), b'M') => {
            let numbers = text.split(';').map(|number| number.parse().unwrap_or(0));
            let [button, x, y] = mouse::three(numbers);
            return mouse::offset(button, x, y).map_or(Token::Noise, Token::Mouse);
        }
        // rxvt: a letter in lower case, or another last byte, stands for a modifier.
        (None, b'a'..=b'd') => return letter(last.to_ascii_uppercase(), Modifiers::SHIFT.with_alt(alt)).into(),
        (_, b'$') => return numbered(first, Modifiers::SHIFT.with_alt(alt)).into(),
        (_, b'^') => return numbered(first, Modifiers::CTRL.with_alt(alt)).into(),
        (_, b'@') if !text.is_empty() => return numbered(first, Modifiers::CTRL_SHIFT.with_alt(alt)).into(),
        _ => {}
    }
    let [second, event, _] = fields.next().unwrap_or([1, 0, 0]);
    let modifiers = Modifiers::of(second).with_alt(alt);
    // Some terminals report the release of a key.
    if event == 3 {
        return Token::Noise;
    }
    match (last, first) {
        (b'~', 200) => Token::PasteStart,
        (b'~', 27) => coded([fields.next().unwrap_or_default()[0], 0, 0], modifiers).into(),
        (b'~', code) => numbered(code, modifiers).into(),
        (b'u', _) => coded(text.split(';').next().map(field).unwrap_or_default(), modifiers).into(),
        (b'Z', _) if !modifiers.foreign() => Token::Key(Key::BackTab),
        // With modifiers, these letters have the number 1; other numbers are terminals' answers to questions.
        _ if text.is_empty() || first == 1 => letter(last, modifiers).into(),
        _ => Token::Noise,
    }
}

/// The first three numbers of a field, which colons separate.
fn field(field: &str) -> [u32; 3] {
    let mut parts = field.split(':').map(|part| part.parse::<u32>().unwrap_or(0));
    std::array::from_fn(|_| parts.next().unwrap_or(0))
}

/// From `?1007;1$`: whether the mode is set. `None` if the terminal does not know it, or answers something else.
fn alternate_scroll(text: &str) -> Option<bool> {
    match text.strip_prefix("?1007;")?.strip_suffix('$')? {
        "1" | "3" => Some(true),
        "2" | "4" => Some(false),
        _ => None,
    }
}

/// The key of a character, with modifiers: its code, that with Shift, and that of its place on a Latin keyboard; 0 for
/// what is not known.
fn coded([code, shifted, place]: [u32; 3], modifiers: Modifiers) -> Option<Key> {
    let (alt, ctrl) = (modifiers.alt(), modifiers.ctrl());
    if modifiers.foreign() {
        return None;
    }
    Some(match code {
        13 | 57414 if modifiers.shift() || alt || ctrl => Key::AltEnter,
        13 | 57414 => Key::Enter,
        27 => Key::Esc,
        9 if modifiers.shift() => Key::BackTab,
        9 => Key::Tab,
        8 | 127 if alt || ctrl => Key::AltBackspace,
        8 | 127 => Key::Backspace,
        // The keypad.
        57399..=57413 | 57415..=57416 => {
            let index = usize::try_from(code - 57399).unwrap_or(0);
            return keypad("0123456789./*-+\0=,".chars().nth(index)?, modifiers);
        }
        57417 => return named(Base::Left, modifiers),
        57418 => return named(Base::Right, modifiers),
        57419 => return named(Base::Up, modifiers),
        57420 => return named(Base::Down, modifiers),
        57421 => return named(Base::PageUp, modifiers),
        57422 => return named(Base::PageDown, modifiers),
        57423 => return named(Base::Home, modifiers),
        57424 => return named(Base::End, modifiers),
        57425 => return named(Base::Insert, modifiers),
        57426 => return named(Base::Delete, modifiers),
        57376..=57398 => Key::F(u8::try_from(code - 57376 + 13).unwrap_or(0)),
        // Media keys and the like.
        0xe000..=0xf8ff => return None,
        code => {
            let written = char::from_u32(code).filter(|c| !c.is_control())?;
            let shifted = char::from_u32(shifted).filter(|c| !c.is_control());
            // Not every terminal tells what Shift makes of a key; this one is undo.
            let shifted = shifted.or(Some('_').filter(|_| written == '-'));
            if ctrl || alt {
                let c = key_places::bound(written, shifted.filter(|_| modifiers.shift()), char::from_u32(place));
                return Some(if ctrl { with_ctrl(c) } else { Key::Alt(c.to_ascii_lowercase()) });
            }
            let upper = || Some(written).filter(|_| modifiers.caps_lock() && written.is_alphabetic());
            let upper = upper().or(Some(written).filter(|_| modifiers.shift()));
            let large = |c: char| shifted.unwrap_or_else(|| single_uppercase(c));
            Key::Char(upper.map_or(written, large))
        }
    })
}

fn single_uppercase(c: char) -> char {
    let mut upper = c.to_uppercase();
    upper.next().filter(|_| upper.next().is_none()).unwrap_or(c)
}

/// Control and a character: those that have always been sent as control characters stay what they were.
fn with_ctrl(c: char) -> Key {
    match c.to_ascii_lowercase() {
        'j' => Key::AltEnter,
        'm' => Key::Enter,
        'i' => Key::Tab,
        'h' | '?' | '8' => Key::Backspace,
        '[' | '3' => Key::Esc,
        '@' | '2' => Key::Ctrl(' '),
        '/' | '7' => Key::Ctrl('_'),
        c => Key::Ctrl(c),
    }
}
