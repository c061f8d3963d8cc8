//! The entries of a conversation: messages, notices, and who joined or left.
//!
//! Must not know: how an entry is laid out.

use crate::model::name::MAX_NAME_CHARS;
use crate::model::{MessageId, Name, Text, Timestamp};

/// The most names shown in one row of arrivals or departures; the others are counted.
pub(crate) const MAX_NAMED: usize = 12;

/// The bytes that an entry counts for beyond its text: the entry itself, its names, and what allocating costs.
pub const ENTRY_BYTES: usize = 256;

/// One entry of a conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct ChatEntry {
    /// When it was sent, or happened.
    pub time: Timestamp,
    /// The message's number, once the server has given it one.
    pub id: Option<MessageId>,
    /// The content.
    pub kind: EntryKind,
}

/// The content of an entry.
#[derive(Clone, Debug, PartialEq)]
pub enum EntryKind {
    /// A message.
    Message {
        /// The sender.
        from: Name,
        /// Whether the sender was verified.
        verified: bool,
        /// Whether the user sent it.
        own: bool,
        /// The text.
        text: Text,
        /// Its delivery state.
        mark: Mark,
    },
    /// A notice of the client or the server.
    Notice(Text),
    /// A notice that nobody should miss.
    Loud(Text),
    /// The marker of a deleted message.
    Deleted {
        /// The sender of the message.
        from: Name,
        /// The moderator who deleted it.
        by: Name,
    },
    /// A message that is not shown because its sender is ignored.
    Hidden(Box<Self>),
    /// Users who joined and left, in one row.
    Presence {
        /// Those who joined.
        joined: Crowd,
        /// Those who left.
        left: Crowd,
    },
}

/// The delivery state of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    /// The server has accepted it, or it came from the server.
    #[default]
    Accepted,
    /// On its way, with this label.
    Sending(String),
    /// Not sent; the user can resend it.
    NotSent {
        /// Whether the sender was to get a copy.
        me_too: bool,
        /// Whether it was on its way when the connection was lost, so that it may have arrived.
        unsure: bool,
    },
}

/// Some names, and the number of others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crowd {
    names: Vec<Name>,
    more: usize,
}

impl Crowd {
    /// Adds a user.
    pub fn add(&mut self, name: Name) {
        if self.names.len() < MAX_NAMED {
            self.names.push(name);
        } else {
            self.more += 1;
        }
    }

    /// The sentence `bob, carol joined`; `None` if there is nobody.
    #[must_use]
    pub fn sentence(&self, did: &str) -> Option<String> {
        if self.names.is_empty() {
            return None;
        }
        let names: Vec<&str> = self.names.iter().map(Name::as_str).collect();
        let more = if self.more > 0 { format!(" and {} more", self.more) } else { String::new() };
        Some(format!("{}{more} {did}", names.join(", ")))
    }
}

impl EntryKind {
    fn text_bytes(&self) -> usize {
        match self {
            Self::Message { text, .. } | Self::Notice(text) | Self::Loud(text) => text.as_str().len(),
            Self::Hidden(kind) => kind.text_bytes(),
            // A bounded number of names.
            Self::Presence { .. } => 2 * MAX_NAMED * MAX_NAME_CHARS,
            Self::Deleted { .. } => 0,
        }
    }
}

impl ChatEntry {
    /// A notice.
    #[must_use]
    pub fn notice(time: Timestamp, text: Text) -> Self {
        Self { time, id: None, kind: EntryKind::Notice(text) }
    }

    /// A notice that nobody should miss.
    #[must_use]
    pub fn loud(time: Timestamp, text: Text) -> Self {
        Self { time, id: None, kind: EntryKind::Loud(text) }
    }

    /// About the bytes that it takes: its text, and [`ENTRY_BYTES`].
    #[must_use]
    pub fn bytes(&self) -> usize {
        ENTRY_BYTES + self.kind.text_bytes()
    }

    /// The delivery state, if the entry is a message.
    #[must_use]
    pub fn mark(&self) -> Option<&Mark> {
        match &self.kind {
            EntryKind::Message { mark, .. } => Some(mark),
            _ => None,
        }
    }

    /// Whether it is a message that was not sent.
    #[must_use]
    pub(crate) fn is_not_sent(&self) -> bool {
        matches!(self.mark(), Some(Mark::NotSent { .. }))
    }

    /// Whether it is the message with the label `reference`, on its way.
    #[must_use]
    pub(crate) fn is_sending(&self, reference: &str) -> bool {
        matches!(self.mark(), Some(Mark::Sending(label)) if label == reference)
    }
}
