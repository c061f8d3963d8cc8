//! What a conversation holds: messages, what is told beside them, who came and went.
//!
//! Must not know: how it is laid out.

use crate::model::{MessageId, Name, Text, Timestamp};

/// How many names of one run of comings or goings are shown; the rest is counted.
pub const MAX_NAMED: usize = 12;

/// One entry of a conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// When it was said, or came about.
    pub time: Timestamp,
    /// The message's number, once the server has given it one.
    pub id: Option<MessageId>,
    /// What it is.
    pub kind: Kind,
}

/// What an entry is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A message.
    Message {
        /// Who says it.
        from: Name,
        /// Whether they had proved who they are.
        verified: bool,
        /// Whether it is one's own.
        own: bool,
        /// What.
        text: Text,
        /// How far it has come.
        mark: Mark,
    },
    /// Something the client or the server tells.
    Notice(Text),
    /// The same, for nobody to miss.
    Loud(Text),
    /// In place of a message that was deleted.
    Deleted {
        /// Who had said it.
        from: Name,
        /// Who has deleted it.
        by: Name,
    },
    /// A message that is not shown, for its sender is ignored.
    Hidden(Box<Self>),
    /// Who came and went, in one row.
    Presence {
        /// Who came.
        joined: Crowd,
        /// Who went.
        left: Crowd,
    },
}

/// How far a message has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    /// The server has accepted it, or it came from there.
    #[default]
    Accepted,
    /// On its way under this label.
    Sending(String),
    /// Not sent; it can be sent again.
    NotSent {
        /// Whether it was to come to oneself too.
        me_too: bool,
        /// Whether it was on its way when the connection was lost, so that it may have arrived all the same.
        unsure: bool,
    },
}

/// A few names, and how many more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crowd {
    names: Vec<Name>,
    more: usize,
}

impl Crowd {
    /// Adds one.
    pub fn add(&mut self, name: Name) {
        if self.names.len() < MAX_NAMED {
            self.names.push(name);
        } else {
            self.more += 1;
        }
    }

    /// `bob, carol joined`; `None` of nobody.
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

impl Entry {
    /// Something told at `time`.
    #[must_use]
    pub fn notice(time: Timestamp, text: Text) -> Self {
        Self { time, id: None, kind: Kind::Notice(text) }
    }

    /// Something told at `time`, for nobody to miss.
    #[must_use]
    pub fn loud(time: Timestamp, text: Text) -> Self {
        Self { time, id: None, kind: Kind::Loud(text) }
    }

    /// How far it has come, if it is a message.
    #[must_use]
    pub fn mark(&self) -> Option<&Mark> {
        match &self.kind {
            Kind::Message { mark, .. } => Some(mark),
            _ => None,
        }
    }

    /// Whether it is a message that was not sent.
    #[must_use]
    pub fn is_not_sent(&self) -> bool {
        matches!(self.mark(), Some(Mark::NotSent { .. }))
    }

    /// Whether it is the message on its way under `reference`.
    #[must_use]
    pub fn is_sending(&self, reference: &str) -> bool {
        matches!(self.mark(), Some(Mark::Sending(label)) if label == reference)
    }
}
