//! What the broker and the store say to each other about messages: what is to be kept, what was asked of the past, and
//! what came of it.
//!
//! Must not know: how anything is kept (`store`), or who is connected (`broker`).

use super::owners::Owner;
use super::peer::ConnId;
use crate::model::{MessageId, Name, Target, Text, Timestamp};
use crate::protocol::{Envelope, Event, Query, Span};

/// A message that has its place in the order and is to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its place; grows from record to record.
    pub id: MessageId,
    /// When it was said.
    pub time: Timestamp,
    /// Who said it, as spelled then.
    pub from: Name,
    /// Whether they had proved who they are.
    pub verified: bool,
    /// Whom it is for.
    pub to: Recipient,
    /// The label its sender gave it; none may be another message's of that sender.
    pub reference: Option<String>,
    /// What was said.
    pub text: Text,
}

/// Whom a message is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// Everyone; the sender too, if asked for.
    Everyone {
        /// Whether the sender gets it too.
        me_too: bool,
    },
    /// One user.
    User(Name),
}

/// What became of a [`Record`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is kept, as durably as the server was told to.
    Kept,
    /// The same message is kept already, from an earlier sending: this is its number and time.
    Again(MessageId, Timestamp),
    /// Its sender has used the label for another message; nothing was kept.
    RefUsed,
    /// It could not be kept; the [`Receipt`] says why.
    Unavailable,
}

/// What became of records, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// One for each record.
    pub outcomes: Vec<Outcome>,
    /// Why some could not be kept.
    pub trouble: Option<String>,
}

/// How long messages are kept; without bounds, for ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// Days.
    pub days: Option<u32>,
    /// Messages of each conversation.
    pub messages: Option<u64>,
}

/// Something for the store to do. Everything is done in the order in which it is given; a question is answered some time
/// after all that was given before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Job {
    /// To keep messages. Answered by a [`Receipt`].
    Append(Vec<Record>),
    /// To know a user who is there for the first time. All that was said to everyone before counts as read.
    Know(Name),
    /// To remember that a user has read a conversation up to a message; never less than before. Not answered.
    Mark {
        /// Who.
        user: Name,
        /// Which conversation.
        with: Target,
        /// Up to which message.
        id: MessageId,
    },
    /// To remember whose a name is, in place of what was known before. Not answered.
    Own(Owner),
    /// To keep messages for so long from now on. Not answered.
    Keep(Keep),
    /// To find something. Answered by an [`Answer`].
    Ask(Question),
}

/// Something that a user asks of the past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Whose connection asks.
    pub conn: ConnId,
    /// Who asks: only what this user may see is found.
    pub user: Name,
    /// The label of the request.
    pub reference: Option<String>,
    /// The answer's own label.
    pub batch: String,
    /// What.
    pub what: What,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The user's conversations: everyone, then those that had a message last.
    Conversations,
    /// A part of a conversation.
    Page {
        /// Which conversation.
        with: Target,
        /// Which part.
        span: Span,
    },
    /// What was said about something.
    Found(Query),
}

/// The answer to a [`Question`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Whose connection asked.
    pub conn: ConnId,
    /// The label of the request.
    pub reference: Option<String>,
    /// The whole answer as TR2.26 lines, or why there is none.
    pub lines: Result<Vec<u8>, String>,
    /// Messages that are damaged where they are kept, and were left out.
    pub damaged: Vec<MessageId>,
}

impl Record {
    /// The message as it goes to those who should see it.
    #[must_use]
    pub fn envelope(&self) -> Envelope {
        let (from, text) = (self.from.clone(), self.text.clone());
        let event = match &self.to {
            Recipient::Everyone { me_too } => Event::Broadcast { from, me_too: *me_too, text },
            Recipient::User(to) => Event::Private { from, to: to.clone(), text },
        };
        Envelope { id: Some(self.id), time: Some(self.time), verified: self.verified, ..event.into() }
    }
}
