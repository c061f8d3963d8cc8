//! What a person is told, as a value: any part may have something to say, and the chat knows where it is shown.
//!
//! Must not know: how any of it is shown.

use crate::model::Target;

/// Something that a person is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum Notice {
    /// News, shown in the conversation in view.
    News(String),
    /// What went wrong and what to do, shown there too; on standard error in plain mode.
    Trouble(String),
    /// What happened in a place, shown there; in plain mode with the name of the place before it.
    Event(Target, String),
    /// What nobody is to miss: shown in its place and in view, with the bell.
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
