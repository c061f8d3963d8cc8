//! The sequences that carry text to the terminal beside the screen: the title of the window, notifications, the
//! clipboard; through tmux and GNU screen too. Whatever the text is, it cannot end its sequence early.
//!
//! Must not know: when they are written, or who asked for them.

use std::fmt::Write as _;

use base64ct::{Base64, Encoding as _};

use super::look::{Look, Multiplexer, Notification};
use crate::client::text::ascii::ascii;
use crate::language::terminal as say;

/// The longest title of the window, in characters.
pub const MAX_TITLE: usize = 120;
/// The longest title of a notification, in characters.
pub const MAX_HEADLINE: usize = 80;
/// The longest body of a notification, in characters.
pub const MAX_BODY: usize = 240;
/// The most that terminals take for the clipboard, in bytes of base64; xterm takes no more.
pub const MAX_CLIPBOARD: usize = 74_994;
/// The longest string that GNU screen hands on, in bytes, with what begins and ends it.
pub const MAX_SCREEN_STRING: usize = 768;

const ST: &str = "\x1b\\";

/// Sets the title of the window. tmux and GNU screen take it as that of their own window, and pass it on while that is in
/// view.
#[must_use]
pub fn title(title: &str, look: Look) -> String {
    format!("\x1b]0;{}{ST}", harmless(title, MAX_TITLE, look))
}

/// Shows a notification; `None` if the terminal has only a bell. The terminal replaces an older one of the same `number`.
#[must_use]
pub fn notification(title: &str, body: &str, number: u32, look: Look) -> Option<String> {
    let (title, body) = (harmless(title, MAX_HEADLINE, look), harmless(body, MAX_BODY, look));
    let sequence = match look.notification {
        Notification::Kitty => {
            format!("\x1b]99;i=tr2-{number}:d=0:p=title;{title}\x07\x1b]99;i=tr2-{number}:d=1:p=body;{body}\x07")
        }
        // A semicolon ends the title.
        Notification::Urxvt => format!("\x1b]777;notify;{};{body}\x07", title.replace(';', ",")),
        Notification::Iterm => {
            // A number and a semicolon at the start would be a command, such as that for a progress bar.
            let guard = if title.starts_with(|c: char| c.is_ascii_digit()) { " " } else { "" };
            let gap = if title.is_empty() || body.is_empty() { "" } else { ": " };
            let guard = if title.is_empty() { " " } else { guard };
            format!("\x1b]9;{guard}{title}{gap}{body}\x07")
        }
        Notification::Bell => return None,
    };
    Some(through(&sequence, look.multiplexer))
}

/// Puts a text into the clipboard.
///
/// # Errors
/// If the terminal has no clipboard that programs can set, or the text is longer than [`MAX_CLIPBOARD`]. The sentence says
/// so.
pub fn clipboard(text: &str, look: Look) -> Result<String, String> {
    if !look.emulator {
        return Err(say::no_clipboard().to_owned());
    }
    let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    if text.len().div_ceil(3) * 4 > MAX_CLIPBOARD {
        let most = MAX_CLIPBOARD / 4 * 3 / 1000;
        return Err(say::too_long_to_copy(most));
    }
    let sequence = format!("\x1b]52;c;{}\x07", Base64::encode_string(text.as_bytes()));
    Ok(match look.multiplexer {
        // tmux itself takes it with `set-clipboard on`; otherwise it may let it through.
        Multiplexer::Tmux => sequence.clone() + &through(&sequence, Multiplexer::Tmux),
        multiplexer => through(&sequence, multiplexer),
    })
}

/// Has a multiplexer hand a sequence to the terminal. The sequence must not contain [`ST`].
fn through(sequence: &str, multiplexer: Multiplexer) -> String {
    match multiplexer {
        Multiplexer::None => sequence.to_owned(),
        Multiplexer::Tmux => format!("\x1bPtmux;{}{ST}", sequence.replace('\x1b', "\x1b\x1b")),
        Multiplexer::Screen => {
            let room = MAX_SCREEN_STRING - 2 - ST.len();
            let mut wrapped = String::new();
            let mut rest = sequence;
            while !rest.is_empty() {
                let end = (0..=room.min(rest.len())).rev().find(|&end| rest.is_char_boundary(end)).unwrap_or(0);
                let (part, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
                let _ = write!(wrapped, "\x1bP{part}{ST}");
                rest = after;
            }
            wrapped
        }
    }
}

/// The text without controls, on one line, of at most `most` characters, in ASCII where the terminal takes nothing else.
fn harmless(text: &str, most: usize, look: Look) -> String {
    // As much as may be needed: in ASCII, a cluster has as many characters as columns, perhaps none.
    let text: String = text.chars().filter(|c| !c.is_control()).take(most * 8).collect();
    let shown = if look.unicode { text } else { ascii(&text).into_owned() };
    shown.chars().take(most).collect()
}
