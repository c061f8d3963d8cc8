//! A change of a message by a user: an edit, a deletion of one's own, a reaction, the removal of another's reaction; and
//! what became of it.
//!
//! Must not know: how messages are kept (`sqlite`, `memory`), or who may change what (`broker`).

use serde::{Deserialize, Serialize};

use super::message::{ConversationId, Record};
use super::requester::Requester;
use crate::model::{FoldedName, MessageId, Name, Reaction, Text, Timestamp};

/// A change of a message, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Where the outcome is to go.
    pub requester: Requester,
    /// The label of the request.
    pub reference: Option<String>,
    /// The label under which the change is known if it is asked for again; no two changes of one user share one.
    pub label: Option<String>,
    /// The user who changes the message.
    pub by: Name,
    /// The conversation in which it must have been said.
    pub within: ConversationId,
    /// The message.
    pub id: MessageId,
    /// The number of the change; grows from change to change, and from message to message.
    pub number: MessageId,
    /// When it was asked for, on the wall clock.
    pub time: Timestamp,
    /// What is done.
    pub how: Alteration,
    /// Which of the user's own messages may still be changed.
    pub own: OwnBound,
    /// What became of the message; `None` until that is known.
    pub outcome: Option<Changed>,
}

/// What is done to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alteration {
    /// Its sender gives it another text.
    Edit(Text),
    /// Its sender deletes it; a mark stays in its place.
    Retract,
    /// A user puts a reaction on it.
    React(Reaction),
    /// A user takes a reaction of their own from it.
    Unreact(Reaction),
    /// A moderator takes a reaction from it.
    Remove(ReactionRemoval),
}

/// A reaction that a moderator takes from a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReactionRemoval {
    /// The reaction.
    pub reaction: Reaction,
    /// The user whose reaction it is; `None` for that of everybody.
    pub of: Option<Name>,
    /// Users whose reactions must stay, by name with its case folded.
    pub spared: Vec<FoldedName>,
    /// The reason that the moderator gave.
    pub reason: Text,
}

/// Which messages count as a user's own and may still be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnBound {
    /// Those sent at this time of the wall clock or later.
    pub since: Timestamp,
    /// Whether the user is verified: their own are those that the holder of their name sent while verified.
    pub verified: bool,
    /// Of an unverified user, only those with a higher number: others may have been sent under the same name before.
    pub after: MessageId,
}

/// What became of a message that was to be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Changed {
    /// It is as was asked for.
    Done(ChangeDone),
    /// The same was asked for before under the same label. This is what became of it then; nothing is changed now.
    Again(Box<ChangeAgain>),
    /// The user has used the label for another change.
    RefUsed,
    /// There is no such message in that conversation, or it is deleted.
    NotThere,
    /// It is not the user's own.
    NotYours,
    /// It is too old.
    TooLate,
    /// It has as many reactions as there may be.
    TooMany,
    /// It has no such reaction to be removed.
    NoSuchReaction,
    /// The reaction is also from this user, whose reactions must stay.
    Spared(Name),
    /// The store failed; the message is as it was.
    Unavailable,
}

/// A change that holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeDone {
    /// The sender of the message.
    pub from: Name,
    /// Whether the sender had proved who they are.
    pub verified: bool,
    /// Whether it is new; otherwise the message was as asked for already.
    pub fresh: bool,
    /// Between two users: whether the other one is still the holder of their name.
    pub present: bool,
    /// How many users the reaction is from.
    pub count: usize,
    /// The user whose reaction was removed, if it was from one user.
    pub removed: Option<Name>,
}

/// A change that was made earlier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeAgain {
    /// What became of it.
    pub done: ChangeDone,
    /// The number that it had.
    pub number: MessageId,
    /// When it was asked for.
    pub time: Timestamp,
}

impl OwnBound {
    /// Whether a message may be changed as the user's own; `same` says that its sender is the present holder of the user's
    /// name.
    ///
    /// # Errors
    /// Why it may not.
    pub(in crate::server::store) fn judge(&self, record: &Record, same: bool) -> Result<(), Changed> {
        let own = if self.verified { record.verified } else { !record.verified && record.id > self.after };
        if !same || !own {
            return Err(Changed::NotYours);
        }
        if record.time < self.since { Err(Changed::TooLate) } else { Ok(()) }
    }
}

impl Revision {
    /// The bytes of the text that it brings.
    #[must_use]
    pub fn text_bytes(&self) -> usize {
        Self::text_bytes_of(&self.how)
    }

    /// The bytes of the text that an alteration brings.
    #[must_use]
    pub fn text_bytes_of(how: &Alteration) -> usize {
        match how {
            Alteration::Edit(text) => text.as_str().len(),
            Alteration::Retract => 0,
            Alteration::React(reaction) | Alteration::Unreact(reaction) => reaction.as_str().len(),
            Alteration::Remove(removal) => removal.reaction.as_str().len() + removal.reason.as_str().len(),
        }
    }

    /// Whether a moderator removes a reaction.
    #[must_use]
    pub fn is_removal(&self) -> bool {
        matches!(self.how, Alteration::Remove(_))
    }

    /// Whether a moderator would change what two users say to each other, which is their own matter.
    pub(in crate::server::store) fn meddles(&self) -> bool {
        self.is_removal() && matches!(self.within, ConversationId::User(_))
    }

    /// Whether it takes the text of the message away.
    #[must_use]
    pub fn erases(&self) -> bool {
        matches!(self.how, Alteration::Edit(_) | Alteration::Retract)
    }
}
