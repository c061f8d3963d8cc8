//! The four fields of an event's TR2.26 frame, before they are written.
//!
//! Must not know: which events there are.

use std::borrow::Cow;

/// The four fields of an event's frame.
pub(super) struct EventFields<'a> {
    pub(super) sender: &'a str,
    pub(super) destination: &'a str,
    pub(super) operation: &'a str,
    pub(super) data: Cow<'a, str>,
}
