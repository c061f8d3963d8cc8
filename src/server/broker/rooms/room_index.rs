//! Rooms by what is asked of all of them: the largest, those that are abandoned, those where something is to be done at
//! the next tick. Nobody has to look at every room to find a few.
//!
//! Must not know: what is done with those that are found.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::room::Room;
use crate::model::Timestamp;
use crate::server::ids::RoomId;
use serde::{Deserialize, Serialize};

/// What the indexes hold of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RoomTraits {
    id: RoomId,
    size: usize,
    public: bool,
    abandoned: bool,
    gathering: bool,
    slow: bool,
    ghost: Option<Timestamp>,
}

impl RoomTraits {
    /// Of a room as it is now.
    pub(super) fn of(room: &Room) -> Self {
        Self {
            id: room.id,
            size: room.members.len(),
            public: !room.private,
            abandoned: room.members.are_abandoned(),
            gathering: !room.presence.is_quiet(),
            slow: room.modes.remembers_speakers(),
            ghost: room.members.oldest_ghost().map(|(since, _)| since),
        }
    }
}

/// The indexes.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct RoomIndex {
    /// All rooms, the largest first.
    pub(super) by_size: BTreeSet<(Reverse<usize>, RoomId)>,
    /// Those that everybody may see, the largest first.
    pub(super) public: BTreeSet<(Reverse<usize>, RoomId)>,
    /// Those whose members only claim their names, and none of them is here; oldest first.
    pub(super) abandoned: BTreeSet<RoomId>,
    /// Those where arrivals or departures wait to be announced, or were announced since the last tick.
    pub(super) gathering: BTreeSet<RoomId>,
    /// Those where slow mode remembers who spoke.
    pub(super) slow: BTreeSet<RoomId>,
    /// Those with members who only claim their names and are away, by the one who left first.
    pub(super) ghosts: BTreeSet<(Timestamp, RoomId)>,
}

impl RoomIndex {
    /// A room has changed, come or gone.
    pub(super) fn change(&mut self, before: Option<RoomTraits>, after: Option<RoomTraits>) {
        if before == after {
            return;
        }
        if let Some(RoomTraits { id, size, public, abandoned, gathering, slow, ghost }) = before {
            self.by_size.remove(&(Reverse(size), id));
            if public {
                self.public.remove(&(Reverse(size), id));
            }
            if abandoned {
                self.abandoned.remove(&id);
            }
            if gathering {
                self.gathering.remove(&id);
            }
            if slow {
                self.slow.remove(&id);
            }
            if let Some(ghost) = ghost {
                self.ghosts.remove(&(ghost, id));
            }
        }
        if let Some(RoomTraits { id, size, public, abandoned, gathering, slow, ghost }) = after {
            self.by_size.insert((Reverse(size), id));
            if public {
                self.public.insert((Reverse(size), id));
            }
            if abandoned {
                self.abandoned.insert(id);
            }
            if gathering {
                self.gathering.insert(id);
            }
            if slow {
                self.slow.insert(id);
            }
            if let Some(ghost) = ghost {
                self.ghosts.insert((ghost, id));
            }
        }
    }
}
