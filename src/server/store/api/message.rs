//! A message as it is kept, whom it is for, and the receipt for it.
//!
//! Must not know: how messages are kept (`sqlite`, `memory`), or who may say what (`broker`).

use crate::model::{MessageId, Name, RoomName, Target, Text, Timestamp};
use crate::protocol::{Annotations, Envelope, Event, Quote, ReplyTo, RoomEvent};
use crate::server::ids::RoomId;
use serde::{Deserialize, Serialize};

/// A message that has a number and is to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its number; grows from record to record.
    pub id: MessageId,
    /// When it was said, on the wall clock.
    pub time: Timestamp,
    /// The sender, as spelled then.
    pub from: Name,
    /// Whether the sender had proved who they are.
    pub verified: bool,
    /// The recipients.
    pub to: Recipient,
    /// The label that its sender gave it; no two messages of one sender share a label.
    pub reference: Option<String>,
    /// What was said; empty once it is deleted.
    pub text: Text,
    /// The user who deleted it.
    pub deleted: Option<Name>,
    /// What it carries besides.
    pub extra: RecordExtra,
}

/// What a message carries besides its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecordExtra {
    /// The message of the same conversation that it answers.
    pub reply: Option<MessageId>,
    /// When its text was last edited, on the wall clock.
    pub edited: Option<Timestamp>,
    /// The number of its last change, its reactions included.
    pub changed: Option<MessageId>,
}

/// The recipients of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// All users.
    Everyone {
        /// Whether the sender receives it too.
        me_too: bool,
    },
    /// One user.
    User(Name),
    /// The members of a room.
    Room {
        /// The room.
        id: RoomId,
        /// Its name.
        name: RoomName,
        /// Whether the sender receives it too.
        me_too: bool,
    },
}

/// A conversation, as one user takes part in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ConversationId {
    /// Everyone's conversation.
    Everyone,
    /// The conversation with one other user.
    User(Name),
    /// A room's conversation.
    Room(RoomId, RoomName),
}

impl ConversationId {
    /// The conversation as people name it.
    #[must_use]
    pub fn target(&self) -> Target {
        match self {
            Self::Everyone => Target::Everyone,
            Self::User(name) => Target::User(name.clone()),
            Self::Room(_, name) => Target::Room(name.clone()),
        }
    }

    /// The room whose conversation it is.
    #[must_use]
    pub fn room(&self) -> Option<RoomId> {
        match self {
            Self::Room(room, _) => Some(*room),
            Self::Everyone | Self::User(_) => None,
        }
    }
}

/// What became of a [`Record`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It is kept, as durably as the server was told to.
    Kept,
    /// The same for an answer to a message that begins like this.
    KeptReply(Quote),
    /// There is no such message as the one that it answers; this one is not kept.
    NoSuchMessage,
    /// The same message was kept before: these are its number and time.
    Again(MessageId, Timestamp),
    /// Its sender has used the label for another message; this one is not kept.
    RefUsed,
    /// It could not be kept; the [`Receipt`] says why.
    Unavailable,
}

/// What became of the records of one job, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// One outcome for each record.
    pub outcomes: Vec<Outcome>,
    /// Why some could not be kept.
    pub trouble: Option<String>,
}

/// What became of the changes of one promise: `Err` says why none of them was made.
pub type Kept = Result<(), String>;

impl Record {
    /// The message as it is sent to those who may see it; the one that it answers begins like this.
    #[must_use]
    pub fn envelope(&self, quote: Option<Quote>) -> Envelope {
        let (from, text) = (self.from.clone(), self.text.clone());
        let event = match (&self.to, &self.deleted) {
            (Recipient::Everyone { .. }, Some(by)) => {
                Event::Room(RoomEvent::Deleted { from, place: Target::Everyone, by: by.clone() })
            }
            (Recipient::Room { name, .. }, Some(by)) => {
                Event::Room(RoomEvent::Deleted { from, place: Target::Room(name.clone()), by: by.clone() })
            }
            (Recipient::Everyone { me_too }, None) => Event::Broadcast { from, me_too: *me_too, text },
            (Recipient::User(to), Some(by)) => {
                Event::Room(RoomEvent::Deleted { from, place: Target::User(to.clone()), by: by.clone() })
            }
            (Recipient::User(to), None) => Event::Private { from, to: to.clone(), text },
            (Recipient::Room { name, me_too, .. }, None) => {
                Event::Room(RoomEvent::Message { from, room: name.clone(), me_too: *me_too, text })
            }
        };
        let RecordExtra { reply, edited, changed: change } = self.extra;
        let reply = reply.map(|id| ReplyTo { id, quote });
        let annotations = Annotations { reply, edited, change }.boxed();
        Envelope { id: Some(self.id), time: Some(self.time), verified: self.verified, annotations, ..event.into() }
    }
}

impl Receipt {
    /// How many records are kept.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Kept | Outcome::KeptReply(_))).count()
    }

    /// How many records were kept before.
    #[must_use]
    pub fn repeated(&self) -> usize {
        self.outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Again(..))).count()
    }

    /// Refuses a record whose number is not higher than all before.
    pub(in crate::server::store) fn refuse_old_number(&mut self, id: MessageId) -> Outcome {
        self.trouble.get_or_insert_with(|| format!("the number {id} is not new"));
        Outcome::Unavailable
    }
}
