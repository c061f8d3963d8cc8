//! The whole policy of moderation: an act takes a rank in its place, and its target must rank lower than the user who
//! does it.
//!
//! Must not know: who has which rank, or how an act is carried out (`moderation`).

use crate::model::{Name, Rank, RoomName};
use crate::protocol::{Code, Verb};

/// The target of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// None: the act is about the place, or about a user who is not there.
    Nobody,
    /// The user who acts.
    Oneself,
    /// Another user, who has this rank there.
    Other(Rank),
}

/// Why an act is not permitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// It takes at least this rank.
    Needs(Rank),
    /// The other user does not rank lower.
    TooHigh,
    /// The act cannot be done to oneself.
    Oneself,
}

/// The rank that an act takes: on the whole server, or in a room.
#[must_use]
pub fn needed(verb: Verb, in_room: bool) -> Rank {
    match (verb, in_room) {
        (Verb::Grant | Verb::Revoke, true) => Rank::Maker,
        (Verb::Grant | Verb::Revoke, false) | (Verb::Free, _) => Rank::Keeper,
        (_, true) => Rank::RoomModerator,
        (_, false) => Rank::Moderator,
    }
}

/// Whether a user of a rank may do an act.
///
/// # Errors
/// Why not.
pub fn may(actor: Rank, verb: Verb, in_room: bool, subject: Subject) -> Result<(), Denied> {
    // Every user may give up their own rights.
    let resigns = verb == Verb::Revoke && subject == Subject::Oneself;
    let floor = if in_room { Rank::RoomModerator } else { Rank::Moderator };
    let needed = if resigns { floor } else { needed(verb, in_room) };
    if actor < needed {
        return Err(Denied::Needs(needed));
    }
    match subject {
        Subject::Nobody => Ok(()),
        Subject::Oneself if resigns => Ok(()),
        Subject::Other(rank) if rank < actor => Ok(()),
        Subject::Oneself => Err(Denied::Oneself),
        Subject::Other(_) => Err(Denied::TooHigh),
    }
}

impl Denied {
    /// The refusal of an act in `room`, or on the whole server if it is `None`, on `whom`.
    #[must_use]
    pub fn explain(self, room: Option<&RoomName>, whom: Option<&Name>) -> (Code, String) {
        match (self, room) {
            (Self::Needs(Rank::Keeper), _) => {
                let text =
                    "Only a keeper of the server may do that: a user with the passphrase, or named with --moderator.";
                (Code::NotModerator, text.to_owned())
            }
            (Self::Needs(Rank::Maker), Some(room)) => {
                (Code::NotModerator, format!("Only the maker of {room} or a moderator of the server may do that."))
            }
            (Self::Needs(_), Some(room)) => (Code::NotModerator, format!("Only a moderator of {room} may do that.")),
            (Self::Needs(_), None) => (Code::NotModerator, "Only a moderator of the server may do that.".to_owned()),
            (Self::Oneself, _) => (Code::NotAllowed, "You cannot do that to yourself.".to_owned()),
            (Self::TooHigh, _) => {
                let whom = whom.map_or("That user", Name::as_str);
                (Code::NotAllowed, format!("The rank of {whom} here is the same as yours or higher."))
            }
        }
    }
}
