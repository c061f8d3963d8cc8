//! Members who only claim their names and are away: they leave their rooms after a while, and sooner where others need
//! the place.
//!
//! Must not know: who joins, or why.

use super::membership::Ended;
use super::{Rooms, inviting};
use crate::model::{FoldedName, Timestamp};
use crate::server::broker::outbox::Outbox;
use crate::server::ids::RoomId;
use crate::server::limits::{EXPIRED_AT_ONCE, GHOST_LIFE};

impl Rooms {
    /// The clock ticks: members who were away for too long leave, some at a time; so do invitations.
    pub(in crate::server::broker) fn tick(&mut self, now: Timestamp, out: &mut Outbox) -> Vec<Ended> {
        self.now = now;
        inviting::keep_ended(self.invited.expire(now, EXPIRED_AT_ONCE), out);
        let mut ended = Vec::new();
        for _ in 0..EXPIRED_AT_ONCE {
            let Some((since, id)) = self.registry.index().ghosts.first().copied() else { break };
            if now.since(since) < GHOST_LIFE {
                break;
            }
            ended.extend(self.drop_ghost(id, out));
        }
        ended
    }

    /// The member of a room who only claims a name and has been away longest leaves it.
    pub(super) fn drop_ghost(&mut self, id: RoomId, out: &mut Outbox) -> Option<Ended> {
        let ghost: FoldedName = self.registry.get(id)?.members.oldest_ghost()?.1.clone();
        self.take_out(id, &ghost, None, out)
    }
}
