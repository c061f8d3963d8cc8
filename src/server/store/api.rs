//! What the broker and the store say to each other about messages: what is to be kept, what was asked of the past, and
//! what came of it.
//!
//! Must not know: how anything is kept (`store`), or who is connected (`broker`).

use crate::model::{FoldedName, Identity};
use crate::model::{MessageId, Name, RoomName, Target, Text, Timestamp};
use crate::protocol::{Done, Envelope, Event, Query, RoomEvent, Span};
use crate::server::ids::RoomId;

use crate::server::ids::ConnId;

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
    /// What was said; nothing any more, if it was deleted.
    pub text: Text,
    /// Who has deleted it.
    pub deleted: Option<Name>,
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
    /// Those in a room; the sender too, if asked for.
    Room {
        /// Which room.
        id: RoomId,
        /// Its name.
        name: RoomName,
        /// Whether the sender gets it too.
        me_too: bool,
    },
}

/// A conversation, as a user takes part in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Conversation {
    /// Everyone's.
    Everyone,
    /// With one other user.
    User(Name),
    /// A room's.
    Room(RoomId, RoomName),
}

impl Conversation {
    /// As it is told to people.
    #[must_use]
    pub fn target(&self) -> Target {
        match self {
            Self::Everyone => Target::Everyone,
            Self::User(name) => Target::User(name.clone()),
            Self::Room(_, name) => Target::Room(name.clone()),
        }
    }
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
        with: Conversation,
        /// Up to which message.
        id: MessageId,
    },
    /// To remember whose a name is, in place of what was known before. Not answered.
    Own(Owner),
    /// To remember something, or to forget it. Not answered.
    Keep(Fact),
    /// To write down what a moderator did. Not answered.
    Log(Acted),
    /// To leave nothing but a mark of a message. Answered by a [`Deletion`].
    Delete(Deletion),
    /// To keep messages for so long from now on. Not answered.
    KeepFor(Keep),
    /// To find something. Answered by an [`Answer`], a search perhaps after what was asked later.
    Ask(Question),
}

/// Something that holds until it is changed, such as a ban. What its words mean is the broker's matter (`facts`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What sort of thing it is.
    pub kind: &'static str,
    /// Which one of its sort.
    pub key: String,
    /// What is so; none is to be forgotten.
    pub value: Option<String>,
}

/// What a moderator did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acted {
    /// When.
    pub time: Timestamp,
    /// Who.
    pub by: Name,
    /// In which room; none is the whole server.
    pub room: Option<RoomId>,
    /// What.
    pub done: Done,
}

/// A message to be deleted, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deletion {
    /// Whose connection asks.
    pub conn: ConnId,
    /// The label of the request.
    pub reference: Option<String>,
    /// Who deletes it.
    pub by: Name,
    /// Where it must have been said: to everyone or in a room.
    pub within: Conversation,
    /// Which message.
    pub id: MessageId,
    /// Why.
    pub reason: Text,
    /// Whose messages must stay, by name with its case folded.
    pub spared: Vec<FoldedName>,
    /// What came of it; none while that is open.
    pub outcome: Option<Deleted>,
}

/// What came of a [`Deletion`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deleted {
    /// It is deleted; it was said by this user.
    Done(Name),
    /// There is no such message there, or not any more.
    NotThere,
    /// It was said by this user, whose messages must stay.
    Spared(Name),
    /// The store fails; the message is as it was.
    Unavailable,
}

/// Something that a user asks of the past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Whose connection asks.
    pub conn: ConnId,
    /// Who asks: only what this user may see is found.
    pub user: Name,
    /// The rooms that the user is in: what was said there may be found.
    pub rooms: Vec<(RoomId, RoomName)>,
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
        with: Conversation,
        /// Which part.
        span: Span,
    },
    /// What moderators did, newest page first, in the order in which it was done.
    Modlog {
        /// In which room; none is the whole server.
        room: Option<(RoomId, RoomName)>,
        /// Whether all of it may be seen, or no more than what everybody sees: names, but no addresses and keys.
        whole: bool,
        /// Which part: its numbers are those of the acts.
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
        let event = match (&self.to, &self.deleted) {
            (Recipient::Everyone { .. }, Some(by)) => {
                Event::Room(RoomEvent::Deleted { from, place: Target::Everyone, by: by.clone() })
            }
            (Recipient::Room { name, .. }, Some(by)) => {
                Event::Room(RoomEvent::Deleted { from, place: Target::Room(name.clone()), by: by.clone() })
            }
            (Recipient::Everyone { me_too }, None) => Event::Broadcast { from, me_too: *me_too, text },
            (Recipient::User(to), _) => Event::Private { from, to: to.clone(), text },
            (Recipient::Room { name, me_too, .. }, None) => {
                Event::Room(RoomEvent::Message { from, room: name.clone(), me_too: *me_too, text })
            }
        };
        Envelope { id: Some(self.id), time: Some(self.time), verified: self.verified, ..event.into() }
    }
}

/// A name that belongs to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The name, as its owner spelled it first.
    pub name: Name,
    /// Since when, on the wall clock.
    pub since: Timestamp,
    /// What proves the owner; if nothing does, the name is free.
    pub proofs: Vec<Proof>,
}

/// One of the identities of an owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The identity.
    pub identity: Identity,
    /// Since when, on the wall clock.
    pub since: Timestamp,
}

impl Owner {
    /// Whether this identity is the owner's.
    #[must_use]
    pub fn is(&self, identity: Identity) -> bool {
        self.proofs.iter().any(|proof| proof.identity == identity)
    }
}
