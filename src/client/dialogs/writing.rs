//! The dialogs about what is being written: a slip, a message that is too long, a long paste.
//!
//! Must not know: the text itself, or what an answer leads to.

use super::form::{Form, Press};
use super::open::{Dialog, OpenDialog};
use super::{buttons, text};

/// Asks what was meant by a text that is almost the command `meant`, which has its slash.
#[must_use]
pub fn slip(meant: &str) -> OpenDialog {
    let word = meant.split_whitespace().next().unwrap_or(meant);
    let parts = vec![
        text(format!("This looks like {word}, but something stands in front of it.")),
        buttons(&[(Press::Confirm, "Edit"), (Press::Run, &format!("Run {word}")), (Press::Send, "Send as text")]),
    ];
    OpenDialog::new(Dialog::Slip, Form::new("Nothing was sent", parts).at_buttons())
}

/// Offers to send a long message in `count` parts.
#[must_use]
pub fn parts(count: usize) -> OpenDialog {
    let parts = vec![
        text(format!("This is too long for one message. It can be sent as {count}.")),
        buttons(&[(Press::Send, &format!("Send {count} parts")), (Press::Confirm, "Edit")]),
    ];
    OpenDialog::new(Dialog::Parts, Form::new("Long message", parts).at_buttons())
}

/// Asks what to do with a paste of so many lines.
#[must_use]
pub fn paste(lines: usize) -> OpenDialog {
    let parts = vec![
        text(format!("You pasted {lines} lines.")),
        buttons(&[(Press::Send, "Send"), (Press::Confirm, "Edit"), (Press::Drop, "Drop")]),
    ];
    // A stray Enter must not send them.
    OpenDialog::new(Dialog::Paste, Form::new("Paste", parts).at_button(Press::Confirm))
}
