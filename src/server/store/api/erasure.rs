//! What a user said is erased: what is asked for, how far it has come, and what was done.
//!
//! Must not know: how a text leaves a file (`sqlite`), or who is told (`broker`).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::requester::Requester;
use crate::model::{MessageId, Name};
use crate::server::ids::RoomId;

/// What a user said is erased, a slice at a time. Of a message to everyone or in a room a mark stays, as if its sender had
/// deleted it; private conversations go without a mark, on both sides; reactions go, and so do the reasons of acts by the
/// user or about them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// Where the outcome is to go.
    pub requester: Requester,
    /// The user.
    pub name: Name,
    /// The store's number of the user, once it is known: a name may change hands meanwhile.
    pub holder: Option<i64>,
    /// What is looked at next.
    pub step: ErasureStep,
    /// Numbers for the changes of this slice; there are no more changes in it than numbers.
    pub numbers: Vec<MessageId>,
    /// The messages of this slice that somebody may see who is online: marks of them stay, or they are private and gone.
    pub marks: Vec<ErasedMark>,
    /// What was erased so far.
    pub counts: ErasureCounts,
    /// Why this slice could not be erased.
    pub trouble: Option<String>,
}

/// How far an erasure has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ErasureStep {
    /// Messages before this one are looked at, the newest first.
    Messages(MessageId),
    /// The search index is written anew, without the words that were taken out of it.
    Index,
    /// What the user asked for under labels is looked at.
    Labels,
    /// Acts after this one are looked at.
    Acts(i64),
    /// Everything is erased; `wiped` if nothing of it is left in the log of the history either.
    Done {
        /// Whether the log of the history is empty.
        wiped: bool,
    },
    /// There is no such user.
    Nobody,
}

/// A message that was erased: of a private one no mark stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasedMark {
    /// The message.
    pub id: MessageId,
    /// The number of the change.
    pub number: MessageId,
    /// Who had said it.
    pub from: Name,
    /// Where.
    pub place: ErasedPlace,
}

/// Where a message was said that was erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ErasedPlace {
    /// To everyone.
    Everyone,
    /// In a room.
    Room(RoomId),
    /// In private.
    Private {
        /// To whom.
        to: Name,
        /// Those of the two who still hold their names, and nobody else, may be told.
        present: Vec<Name>,
    },
}

/// How much was erased, or would be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureCounts {
    /// Messages of which a mark stays.
    pub marked: u64,
    /// Messages of private conversations.
    pub expunged: u64,
    /// Reactions.
    pub reactions: u64,
    /// Acts that lost their reasons.
    pub acts: u64,
}

impl Erasure {
    /// An erasure that has not begun, of messages up to this one.
    #[must_use]
    pub fn of(requester: Requester, name: Name, MessageId(last): MessageId) -> Self {
        Self {
            requester,
            name,
            holder: None,
            step: ErasureStep::Messages(MessageId(last.saturating_add(1))),
            numbers: Vec::new(),
            marks: Vec::new(),
            counts: ErasureCounts::default(),
            trouble: None,
        }
    }
}

impl fmt::Display for ErasureCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { marked, expunged, reactions, acts } = self;
        write!(
            f,
            "messages to everyone and in rooms, of which marks stay: {marked}; private messages: {expunged}; reactions: \
             {reactions}; reasons of acts in the moderation log: {acts}"
        )
    }
}
