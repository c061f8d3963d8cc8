//! Notices to the person, as values: any part may produce one, and the chat decides where it is shown.
//!
//! Must not know: how a notice is shown.

use crate::model::Target;

/// A notice to the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum Notice {
    /// Information, shown in the conversation in view.
    News(String),
    /// An error and what to do about it, shown in the conversation in view; on standard error in plain mode.
    Trouble(String),
    /// An event in a place, shown there; in plain mode preceded by the name of the place.
    Event(Target, String),
    /// An event that must not be missed: shown in its place and in view, with the bell.
    Alarm(Target, String),
}

impl Notice {
    pub(in crate::client::session) fn news(words: impl Into<String>) -> Self {
        Self::News(words.into())
    }

    pub(in crate::client::session) fn trouble(words: impl Into<String>) -> Self {
        Self::Trouble(words.into())
    }
}
