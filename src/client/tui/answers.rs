//! What the terminal answers: the answers to the questions of `modes`, and those that nobody asked for.
//!
//! Must not know: when they are asked, or how they are found in a stream of bytes (`input`).

use crate::client::view::Background;

/// The most of a control string that is kept, in bytes; the rest of it is skipped. Answers are shorter.
pub(super) const MAX_STRING: usize = 512;
/// The longest name of a terminal, in characters.
const MAX_VERSION: usize = 64;
/// The luminance up to which a background counts as dark: every colour for a dark one has a contrast of 3 to 1 there.
const MAX_DARK: f32 = 0.065;
/// The luminance from which on a background counts as light, by the same measure.
const MIN_LIGHT: f32 = 0.53;

/// A kind of control string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StringKind {
    /// Operating system command, after `ESC ]`.
    Osc,
    /// Device control string, after `ESC P`.
    Dcs,
    /// Application program command, privacy message or start of string: after `ESC _`, `ESC ^` or `ESC X`. Nobody
    /// answers with one.
    Other,
}

impl StringKind {
    /// The kind that begins with an escape and this byte.
    #[must_use]
    pub(super) fn of(byte: u8) -> Option<Self> {
        match byte {
            b']' => Some(Self::Osc),
            b'P' => Some(Self::Dcs),
            b'_' | b'^' | b'X' => Some(Self::Other),
            _ => None,
        }
    }
}

/// An answer of the terminal about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TerminalAnswer {
    /// Its name and version.
    Version(String),
    /// Its background.
    Background(Background),
    /// Whether the wheel was set to move the cursor on the alternate screen.
    AlternateScroll(bool),
    /// The device attributes: of the questions at the start, the last to be answered.
    Last,
    /// Its status, as `pace` asks.
    Status,
}

/// What a control string answers, if it is an answer.
#[must_use]
pub(super) fn of_string(kind: StringKind, text: &[u8]) -> Option<TerminalAnswer> {
    let text = std::str::from_utf8(text).ok()?;
    match kind {
        StringKind::Osc => background(text.strip_prefix("11;")?).map(TerminalAnswer::Background),
        StringKind::Dcs => {
            let version = text.strip_prefix(">|")?;
            Some(TerminalAnswer::Version(version.chars().filter(|c| !c.is_control()).take(MAX_VERSION).collect()))
        }
        StringKind::Other => None,
    }
}

/// The background from a colour such as `rgb:1e1e/1e1e/2e2e`, `rgba:1e/1e/2e/ff` or `#1e1e2e`.
/// `None` also for one that is neither dark nor light: neither palette can be read there.
#[must_use]
pub fn background(colour: &str) -> Option<Background> {
    let parts: Vec<&str> = match colour.strip_prefix("rgb:").or_else(|| colour.strip_prefix("rgba:")) {
        Some(parts) => parts.split('/').take(3).collect(),
        None => {
            let digits = colour.strip_prefix('#').filter(|digits| digits.is_ascii())?;
            let each = digits.len() / 3;
            (0..3).map_while(|part| digits.get(part * each..(part + 1) * each)).collect()
        }
    };
    let [red, green, blue] = <[&str; 3]>::try_from(parts).ok()?.map(|digits| share(digits).map(linear));
    let luminance = 0.2126 * red? + 0.7152 * green? + 0.0722 * blue?;
    if luminance <= MAX_DARK { Some(Background::Dark) } else { (luminance >= MIN_LIGHT).then_some(Background::Light) }
}

/// The light of a part of a colour, both from 0 to 1, as sRGB and WCAG 2 have it.
fn linear(part: f32) -> f32 {
    if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
}

/// A part of a colour, from 0 to 1: one to four hexadecimal digits.
fn share(digits: &str) -> Option<f32> {
    let most = match digits.len() {
        1 => 0xf,
        2 => 0xff,
        3 => 0xfff,
        4 => 0xffff,
        _ => return None,
    };
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let value = u16::from_str_radix(digits, 16).ok()?;
    Some(f32::from(value) / f32::from(u16::try_from(most).ok()?))
}
