//! The dialogs about what is being written: a slip, a message that is too long, a long paste.
//!
//! Must not know: the text itself, or what an answer leads to.

use super::form::{Form, Press};
use super::open::{Dialog, OpenDialog};
use super::{buttons, text};
use crate::language::dialogs as say;

/// Asks what was meant by a text that is almost the command `meant`, which has its slash.
#[must_use]
pub fn slip(meant: &str) -> OpenDialog {
    let word = meant.split_whitespace().next().unwrap_or(meant);
    let parts = vec![
        text(say::looks_like(word)),
        buttons(&[(Press::Confirm, say::edit()), (Press::Run, &say::run(word)), (Press::Send, say::send_as_text())]),
    ];
    OpenDialog::new(Dialog::Slip, Form::new(say::nothing_was_sent(), parts).at_buttons())
}

/// Offers to send a long message in `count` parts.
#[must_use]
pub fn parts(count: usize) -> OpenDialog {
    let parts = vec![
        text(say::too_long_for_one(count)),
        buttons(&[(Press::Send, &say::send_parts(count)), (Press::Confirm, say::edit())]),
    ];
    OpenDialog::new(Dialog::Parts, Form::new(say::long_message(), parts).at_buttons())
}

/// Asks what to do with a paste of so many lines.
#[must_use]
pub fn paste(lines: usize) -> OpenDialog {
    let parts = vec![
        text(say::you_pasted(lines)),
        buttons(&[(Press::Send, say::send()), (Press::Confirm, say::edit()), (Press::Drop, say::drop())]),
    ];
    // A stray Enter must not send them.
    OpenDialog::new(Dialog::Paste, Form::new(say::paste(), parts).at_button(Press::Confirm))
}
