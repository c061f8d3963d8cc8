//! A part of a history: `since=ID before=ID limit=N`, in any order, each at most once.
//!
//! Must not know: where the history is stored, or whose it is.

use super::limits::{MAX_PAGE, PAGE};
use crate::model::MessageId;

/// Messages between two numbers: with `since` the oldest of them, without it the newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Only messages after this one.
    pub since: Option<MessageId>,
    /// Only messages before this one.
    pub before: Option<MessageId>,
    /// At most this many; 1 to [`MAX_PAGE`].
    pub limit: usize,
}

impl Default for Span {
    /// The newest page.
    fn default() -> Self {
        Self { since: None, before: None, limit: PAGE }
    }
}

impl Span {
    /// The newest `limit` messages.
    #[must_use]
    pub fn newest(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }

    /// The oldest page after a message.
    #[must_use]
    pub fn since(id: MessageId) -> Self {
        Self { since: Some(id), ..Self::default() }
    }

    /// The newest page before a message.
    #[must_use]
    pub fn before(id: MessageId) -> Self {
        Self { before: Some(id), ..Self::default() }
    }

    /// Reads the data of `history`. A limit above [`MAX_PAGE`] counts as [`MAX_PAGE`]; unknown keys are ignored, as
    /// tags are.
    ///
    /// # Errors
    /// The mistake, as a sentence for the peer.
    pub fn parse(data: &str) -> Result<Self, String> {
        let mut span = Self::default();
        for word in data.split_whitespace() {
            let number = |text: &str| text.parse().map_err(|_| format!("{key}=N needs a number.", key = key(word)));
            match word.split_once('=') {
                Some(("since", id)) => span.since = Some(MessageId(number(id)?)),
                Some(("before", id)) => span.before = Some(MessageId(number(id)?)),
                Some(("limit", limit)) => {
                    span.limit = usize::try_from(number(limit)?).unwrap_or(MAX_PAGE).clamp(1, MAX_PAGE)
                }
                _ => {}
            }
        }
        Ok(span)
    }

    /// The data of the `history` request.
    #[must_use]
    pub fn write(&self) -> String {
        let mut data = String::new();
        for (key, id) in [("since", self.since), ("before", self.before)] {
            if let Some(id) = id {
                data += &format!("{key}={id} ");
            }
        }
        data + &format!("limit={}", self.limit)
    }
}

fn key(word: &str) -> &str {
    if word.starts_with("since") {
        "since"
    } else if word.starts_with("before") {
        "before"
    } else {
        "limit"
    }
}
