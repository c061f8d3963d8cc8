//! Everything that the store can be given to do.
//!
//! Must not know: how it is done (`sqlite`, `memory`), or who may ask for it (`broker`).

use serde::{Deserialize, Serialize};

use super::change::{Alteration, Changed, Revision};
use super::erasure::Erasure;
use super::message::{ConversationId, Record};
use super::owner::Owner;
use super::question::Question;
use super::requester::Requester;
use crate::model::{FoldedName, MessageId, Name, Text, Timestamp};
use crate::protocol::{Done, Verb};
use crate::server::ids::RoomId;

/// A job for the store. Jobs are done in the order in which they are given; a question is answered some time after all that
/// was given before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Job {
    /// Keeps messages. Answered by a [`super::Receipt`].
    Append(Vec<Record>),
    /// Adds a user who is here for the first time. Everything said to everyone before counts as read by that user.
    Know(Name),
    /// Moves a user's read mark forward to a message; a mark never moves back. Not answered.
    Mark {
        /// The user.
        user: Name,
        /// The conversation.
        with: ConversationId,
        /// The last message that was read.
        id: MessageId,
    },
    /// Makes changes that somebody is told of, all of them or none. Answered by a [`super::Kept`]. Once one of these could
    /// not be made, nothing more is kept until [`Job::GoOn`]: what follows may rest on it.
    Promise(Vec<Update>),
    /// Whoever gives the jobs has learnt that a [`Job::Promise`] was not kept; what comes from here on does not rest on it.
    GoOn,
    /// Makes a change that nobody is told of. Not answered; tried again if it fails.
    Keep(Update),
    /// Deletes what a message said; a mark stays in its place. Answered by a [`Deletion`].
    Delete(Deletion),
    /// Changes a message for a user. Answered by the [`Revision`] with its outcome.
    Change(Revision),
    /// Erases a slice of what a user said. Answered by the [`Erasure`] as far as it has come.
    Erase(Box<Erasure>),
    /// Changes how long messages are kept. Not answered.
    KeepFor(Retention),
    /// Answers a question with a [`super::Answer`]; a search may be answered after what was asked later.
    Ask(Question),
}

impl Job {
    /// The changes that the job makes besides those of messages, in order.
    #[must_use]
    pub fn changes(&self) -> &[Update] {
        match self {
            Self::Promise(changes) => changes,
            Self::Keep(change) => std::slice::from_ref(change),
            _ => &[],
        }
    }
}

/// A change of what is kept besides messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Update {
    /// Replaces what is known of a name's owner. If the name changes hands by it ([`super::changes_hands`]), everything from
    /// here on belongs to the new holder, and nothing before.
    Own(Owner),
    /// An owner takes another name, with the same proofs and with all that was said and read: no new generation begins. Whoever
    /// held that name before is a former holder of it. Nothing happens if `from` has no owner.
    Rename {
        /// The owner, under the present name.
        from: Owner,
        /// The same owner, under the new name.
        to: Owner,
    },
    /// A room has ended: everything that was said and done in it is deleted, soon and a little at a time.
    EndRoom(RoomId),
    /// Replaces or removes a fact.
    Fact(Fact),
    /// Adds an act to the moderation log.
    Log(LoggedAct),
}

/// How long messages are kept; without bounds, for ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// Age in days.
    pub days: Option<u32>,
    /// Messages of each conversation.
    pub messages: Option<u64>,
}

impl Retention {
    /// Messages that were said before this time, in milliseconds of the wall clock, are too old; `None` without a bound.
    pub(in crate::server::store) fn oldest(self, now: Timestamp) -> Option<i64> {
        const DAY: i64 = 24 * 60 * 60 * 1000;
        self.days.map(|days| now.0.saturating_sub(DAY.saturating_mul(days.into())))
    }
}

/// Something that holds until it is changed, such as a ban. What its words mean is the broker's matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The kind of fact.
    pub kind: &'static str,
    /// Which fact of its kind.
    pub key: String,
    /// What holds now; `None` removes the fact.
    pub value: Option<String>,
}

/// The name under which the moderation log has what is ordered on the server's machine; nobody can have it.
pub const HOST: &str = "server";

/// What a moderator did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedAct {
    /// When it was done, on the wall clock.
    pub time: Timestamp,
    /// The moderator.
    pub by: Name,
    /// The room in which it was done, or `None` for the whole server.
    pub room: Option<RoomId>,
    /// What was done.
    pub done: Done,
}

/// A message to be deleted, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deletion {
    /// Where the outcome is to go.
    pub requester: Requester,
    /// The label of the request.
    pub reference: Option<String>,
    /// The user who deletes the message.
    pub by: Name,
    /// The conversation in which it must have been said: everyone's or a room's.
    pub within: ConversationId,
    /// The message.
    pub id: MessageId,
    /// The number of this change of it.
    pub number: MessageId,
    /// The reason that the moderator gave.
    pub reason: Text,
    /// Users whose messages must stay, by name with its case folded.
    pub spared: Vec<FoldedName>,
    /// When it was asked for, on the wall clock.
    pub time: Timestamp,
    /// What became of the message; `None` until that is known.
    pub outcome: Option<Deleted>,
}

impl Deletion {
    /// The act as the moderation log has it, once the message of this user is deleted. The log has it in the same
    /// transaction.
    #[must_use]
    pub fn act(&self, from: &Name) -> LoggedAct {
        let subject = Some(Text::line(from.as_str()));
        let done = Done { verb: Verb::Delete, subject, time: None, on: false, reason: self.reason.clone() };
        LoggedAct { time: self.time, by: self.by.clone(), room: self.within.room(), done }
    }
}

impl Revision {
    /// The removal of a reaction as the moderation log has it, once it is done; `None` for other changes. The log has it
    /// in the same transaction.
    #[must_use]
    pub fn act(&self, outcome: &Changed) -> Option<LoggedAct> {
        let (Alteration::Remove(removal), Changed::Done(done)) = (&self.how, outcome) else { return None };
        let subject = done.removed.as_ref().map(|name| Text::line(name.as_str()));
        let reason = removal.reason.clone();
        let done = Done { verb: Verb::RemoveReaction, subject, time: None, on: false, reason };
        Some(LoggedAct { time: self.time, by: self.by.clone(), room: self.within.room(), done })
    }
}

/// What became of a message to be deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deleted {
    /// It is deleted; this user had said it.
    Done(Name),
    /// There is no such message in that conversation, or it was deleted before.
    NotThere,
    /// This user had said it, whose messages must stay.
    Spared(Name),
    /// The store failed; the message is as it was.
    Unavailable,
}
