//! The entries of a conversation: messages, notices, and who joined or left.
//!
//! Must not know: how an entry is laid out.

use crate::client::direct::orders::FileKey;
use crate::client::text::action_text::action_in;
use crate::client::view::MessageRef;
use crate::language::chat as say;
use crate::model::reaction::MAX_REACTION;
use crate::model::{MessageId, Name, Text, Timestamp};
use crate::protocol::{Annotations, CallId, ReplyTo, Tally};

/// The most names shown in one row of arrivals or departures; the others are counted.
pub(crate) const MAX_NAMED: usize = 12;

/// The most names that are kept of one row of arrivals or departures, so that nobody is named or counted twice.
pub(crate) const MAX_COUNTED: usize = 100;

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
    /// What a message carries besides its text, if anything.
    pub extra: Option<Box<EntryExtra>>,
}

/// What a message carries besides its text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EntryExtra {
    /// The message that it answers.
    pub reply_to: Option<ReplyTo>,
    /// When its text was last edited.
    pub edited: Option<Timestamp>,
    /// The number of its last change.
    pub changed: Option<MessageId>,
    /// The reactions to it, the earliest first.
    pub reactions: Vec<Tally>,
    /// Its text before an edit that the server has not accepted yet.
    pub before_edit: Option<Text>,
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
        /// Whether the sender was verified.
        verified: bool,
        /// Whether the user sent it.
        own: bool,
        /// Who deleted it: its sender, or a moderator.
        by: Name,
        /// Whether the user did.
        by_own: bool,
    },
    /// A message that is not shown because its sender is ignored.
    Hidden(Box<Self>),
    /// A file that goes directly: its line is drawn anew as it comes further.
    File {
        /// The call on whose channel it goes.
        call: CallId,
        /// The file.
        file: FileKey,
        /// How far it is.
        text: Text,
        /// Whether it is done with: the line stays as it is.
        over: bool,
    },
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
        /// Its label; sent again, it gets another one.
        label: String,
        /// Whether the sender was to get a copy.
        me_too: bool,
        /// Whether it was on its way when the connection was lost, so that it may have arrived.
        unsure: bool,
    },
}

/// Some names, each once, and the number of others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crowd {
    names: Vec<Name>,
    more: usize,
}

impl Crowd {
    /// Adds a user, unless they are known to be in it.
    pub fn add(&mut self, name: Name) {
        if self.names.iter().any(|other| other.key() == name.key()) {
            return;
        }
        if self.names.len() < MAX_COUNTED {
            self.names.push(name);
        } else {
            self.more += 1;
        }
    }

    /// Removes a user, if they are known to be in it.
    pub fn remove(&mut self, name: &Name) {
        self.names.retain(|other| other.key() != name.key());
    }

    fn bytes(&self) -> usize {
        self.names.iter().map(|name| size_of::<Name>() + 2 * name.as_str().len()).sum()
    }

    /// The sentence `bob, carol joined`; `None` if there is nobody.
    #[must_use]
    pub fn joined(&self) -> Option<String> {
        self.sentence(say::joined_one, say::joined_several)
    }

    /// The sentence `bob, carol left`; `None` if there is nobody.
    #[must_use]
    pub fn left(&self) -> Option<String> {
        self.sentence(say::left_one, say::left_several)
    }

    fn sentence(&self, one: fn(&str) -> String, several: fn(&str) -> String) -> Option<String> {
        let shown = self.names.len().min(MAX_NAMED);
        let names = self.names.iter().take(shown).map(Name::as_str).collect::<Vec<_>>().join(", ");
        match (shown, self.more + self.names.len() - shown) {
            (0, _) => None,
            (1, 0) => Some(one(&names)),
            (_, 0) => Some(several(&names)),
            (_, more) => Some(several(&say::and_more(more, names))),
        }
    }
}

impl EntryExtra {
    /// What a message carries, from its frame.
    #[must_use]
    pub(crate) fn of(annotations: Option<Box<Annotations>>) -> Option<Box<Self>> {
        let Annotations { reply: reply_to, edited, change: changed } = *annotations?;
        Some(Box::new(Self { reply_to, edited, changed, ..Self::default() }))
    }

    fn bytes(&self) -> usize {
        let quote = self.reply_to.as_ref().and_then(|reply| reply.quote.as_ref());
        let before = self.before_edit.as_ref().map_or(0, |text| text.as_str().len());
        let quoted = quote.map_or(0, |quote| quote.words.as_str().len() + quote.from.as_str().len());
        size_of::<Self>() + before + quoted + self.reactions.len() * (size_of::<Tally>() + MAX_REACTION)
    }
}

impl EntryKind {
    /// The text of a message, also of a hidden one.
    #[must_use]
    pub(crate) fn text_mut(&mut self) -> Option<&mut Text> {
        match self {
            Self::Message { text, .. } => Some(text),
            Self::Hidden(kind) => kind.text_mut(),
            _ => None,
        }
    }

    fn text_bytes(&self) -> usize {
        match self {
            Self::Message { text, .. } | Self::Notice(text) | Self::Loud(text) | Self::File { text, .. } => {
                text.as_str().len()
            }
            Self::Hidden(kind) => kind.text_bytes(),
            Self::Presence { joined, left } => joined.bytes() + left.bytes(),
            Self::Deleted { .. } => 0,
        }
    }
}

impl ChatEntry {
    /// A notice.
    #[must_use]
    pub fn notice(time: Timestamp, text: Text) -> Self {
        Self { time, id: None, kind: EntryKind::Notice(text), extra: None }
    }

    /// A notice that nobody should miss.
    #[must_use]
    pub fn loud(time: Timestamp, text: Text) -> Self {
        Self { time, id: None, kind: EntryKind::Loud(text), extra: None }
    }

    /// About the bytes that it takes: its text, and [`ENTRY_BYTES`].
    #[must_use]
    pub fn bytes(&self) -> usize {
        ENTRY_BYTES + self.kind.text_bytes() + self.extra.as_ref().map_or(0, |extra| extra.bytes())
    }

    /// The message that it answers.
    #[must_use]
    pub fn reply_to(&self) -> Option<&ReplyTo> {
        self.extra.as_ref()?.reply_to.as_ref()
    }

    /// When its text was last edited.
    #[must_use]
    pub fn edited(&self) -> Option<Timestamp> {
        self.extra.as_ref()?.edited
    }

    /// The reactions to it, the earliest first.
    #[must_use]
    pub fn reactions(&self) -> &[Tally] {
        self.extra.as_ref().map_or(&[], |extra| extra.reactions.as_slice())
    }

    /// Whether it shows an edit that the server has not accepted yet.
    #[must_use]
    pub fn is_edit_pending(&self) -> bool {
        self.extra.as_ref().is_some_and(|extra| extra.before_edit.is_some())
    }

    /// What its sender does, if it is a message such as `/me waves`.
    #[must_use]
    pub fn action(&self) -> Option<&str> {
        match &self.kind {
            EntryKind::Message { text, .. } => action_in(text.as_str()),
            _ => None,
        }
    }

    /// The delivery state, if the entry is a message.
    #[must_use]
    pub fn mark(&self) -> Option<&Mark> {
        match &self.kind {
            EntryKind::Message { mark, .. } => Some(mark),
            _ => None,
        }
    }

    /// Whether it is a message of somebody else, which the reader sees.
    pub(crate) fn is_by_another(&self) -> bool {
        matches!(self.kind, EntryKind::Message { own: false, .. })
    }

    /// What tells it from the others; `None` if it is no message, or is of a server that numbers none.
    #[must_use]
    pub(crate) fn reference(&self) -> Option<MessageRef> {
        match (self.id, self.mark()?) {
            (Some(id), _) => Some(MessageRef::Number(id)),
            (None, Mark::Sending(label) | Mark::NotSent { label, .. }) => Some(MessageRef::Label(label.clone())),
            (None, Mark::Accepted) => None,
        }
    }

    /// Whether it is the entry that this stands for.
    #[must_use]
    pub(crate) fn is(&self, reference: &MessageRef) -> bool {
        match reference {
            MessageRef::Number(id) => self.id == Some(*id),
            MessageRef::Label(label) => self.is_sending(label) || self.is_unsent(label),
        }
    }

    /// Whether it is a message that was not sent.
    #[must_use]
    pub(crate) fn is_not_sent(&self) -> bool {
        matches!(self.mark(), Some(Mark::NotSent { .. }))
    }

    /// Whether it is the message with the label `reference`, and was not sent.
    #[must_use]
    pub(crate) fn is_unsent(&self, reference: &str) -> bool {
        matches!(self.mark(), Some(Mark::NotSent { label, .. }) if label == reference)
    }

    /// Whether it is the message with the label `reference`, on its way.
    #[must_use]
    pub(crate) fn is_sending(&self, reference: &str) -> bool {
        matches!(self.mark(), Some(Mark::Sending(label)) if label == reference)
    }
}
