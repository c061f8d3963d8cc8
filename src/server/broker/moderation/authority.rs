//! Who may do what to whom. This is the whole of it: an act asks for a rank in the place where it is done, and whoever it
//! is done to must stand lower than who does it.
//!
//! Must not know: who has which rank, or how an act is carried out (`moderation`).

use crate::model::{Name, Rank, RoomName};
use crate::protocol::{Code, Verb};

/// Whom an act is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Nobody: it is about the place, or about somebody who is not there.
    Nobody,
    /// The one who does it.
    Oneself,
    /// Somebody of this rank in the place.
    Other(Rank),
}

/// Why somebody may not do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// It takes this rank.
    Needs(Rank),
    /// Whom it is about does not stand lower.
    TooHigh,
    /// It would be done to oneself.
    Oneself,
}

/// The rank that an act takes: on the whole server, or in a room.
#[must_use]
pub fn needed(verb: Verb, in_room: bool) -> Rank {
    match (verb, in_room) {
        (Verb::Grant | Verb::Revoke, true) => Rank::Maker,
        (Verb::Grant | Verb::Revoke, false) => Rank::Keeper,
        (_, true) => Rank::RoomModerator,
        (_, false) => Rank::Moderator,
    }
}

/// Whether somebody of a rank may do something.
///
/// # Errors
/// Why not.
pub fn may(actor: Rank, verb: Verb, in_room: bool, subject: Subject) -> Result<(), Denied> {
    // Whoever has rights may lay them down.
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
    /// As the peer is told, about what was to be done in `room`, or on the whole server, to `whom`.
    #[must_use]
    pub fn explain(self, room: Option<&RoomName>, whom: Option<&Name>) -> (Code, String) {
        match (self, room) {
            (Self::Needs(Rank::Keeper), _) => {
                let text =
                    "Only who keeps the server may do that: who has the passphrase, or is named with --moderator.";
                (Code::NotModerator, text.to_owned())
            }
            (Self::Needs(Rank::Maker), Some(room)) => {
                (Code::NotModerator, format!("Only who has made {room}, or a moderator of the server, may do that."))
            }
            (Self::Needs(_), Some(room)) => (Code::NotModerator, format!("Only a moderator of {room} may do that.")),
            (Self::Needs(_), None) => (Code::NotModerator, "Only a moderator of the server may do that.".to_owned()),
            (Self::Oneself, _) => (Code::NotAllowed, "It would hit yourself.".to_owned()),
            (Self::TooHigh, _) => {
                let whom = whom.map_or("That user", Name::as_str);
                (Code::NotAllowed, format!("{whom} stands as high as you do here, or higher."))
            }
        }
    }
}
