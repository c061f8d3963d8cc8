//! A ban or a mute in the list of those in force, as the server tells moderators of it.
//!
//! Must not know: who is told, or whether it still holds.

use super::act::Words;
use super::words::op;
use crate::model::name::lenient;
use crate::model::{Name, Text};

/// A ban or a mute, as a moderator sees it in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BanLine {
    /// Whether it is a mute.
    pub mute: bool,
    /// Whom it is about.
    pub whom: Text,
    /// The moderator who set it.
    pub by: Name,
    /// When it ends; `None` is never.
    pub until: Option<crate::model::Timestamp>,
    /// The reason.
    pub reason: Text,
}

impl BanLine {
    /// The data of its frame: `ban|mute WHOM BY UNTIL|- REASON`
    #[must_use]
    pub fn data(&self) -> String {
        let kind = if self.mute { op::MUTE } else { op::BAN };
        let until = self.until.map_or_else(|| "-".to_owned(), crate::model::Timestamp::rfc3339);
        format!("{kind} {} {} {until} {}", self.whom, self.by, self.reason)
    }

    /// Reads the data; `None` if it is malformed.
    #[must_use]
    pub fn read(data: &str) -> Option<Self> {
        let mut words = Words(data);
        Some(Self {
            mute: words.next()? == op::MUTE,
            whom: Text::line(words.next()?),
            by: lenient(words.next()?)?,
            until: crate::model::Timestamp::parse(words.next()?),
            reason: Text::line(words.0),
        })
    }
}
