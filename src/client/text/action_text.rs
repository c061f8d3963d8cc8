//! Messages that say what their sender does: `/me waves`, shown as `* alice waves`.
//!
//! Must not know: where a message is shown.

use std::borrow::Cow;
use std::fmt::Display;

/// The beginning of such a message, as it is written and sent.
pub const ACTION: &str = "/me ";
/// The sign before the sender, as it is shown.
pub const SIGN: &str = "*";

/// What the sender of a text does, if it says so: `waves` for `/me waves`.
#[must_use]
pub fn action_in(text: &str) -> Option<&str> {
    text.strip_prefix(ACTION).filter(|action| !action.trim().is_empty())
}

/// A message with its sender: `alice: hello`, or `* alice waves`.
#[must_use]
pub fn with_sender(from: impl Display, text: &str) -> String {
    match action_in(text) {
        Some(action) => format!("{SIGN} {from} {action}"),
        None => format!("{from}: {text}"),
    }
}

/// A message whose sender is named elsewhere: `hello`, or `* alice waves`.
#[must_use]
pub fn beside_sender(from: impl Display, text: &str) -> Cow<'_, str> {
    match action_in(text) {
        Some(_) => with_sender(from, text).into(),
        None => text.into(),
    }
}
