//! Mutes: which users may not write, and where.
//!
//! Must not know: slow mode and read-only rooms (`rooms::modes`), or what is said.

use std::time::Duration;

use super::{Moderation, Ranks};
use crate::model::{Name, Now, Rank, period};
use crate::protocol::Code;
use crate::server::broker::caller::Denial;
use crate::server::broker::peers::Peers;
use crate::server::broker::rooms::{Place, Room, Rooms};
use crate::server::ids::{ConnId, RoomId};

impl Moderation {
    /// Refuses a user who is muted there anything that others would notice.
    pub(in crate::server::broker) fn may_be_heard(
        &self,
        now: Now,
        (peers, rooms): (&Peers, &Rooms),
        conn: ConnId,
        place: &Place,
    ) -> Result<(), Denial> {
        self.not_muted(now, (peers, rooms), conn, None)?;
        place.room().map_or(Ok(()), |room| self.not_muted(now, (peers, rooms), conn, Some(room)))
    }

    /// A moderator of the server cannot be muted.
    fn not_muted(
        &self,
        now: Now,
        (peers, rooms): (&Peers, &Rooms),
        conn: ConnId,
        room: Option<RoomId>,
    ) -> Result<(), Denial> {
        if !self.bans.has_mutes() || peers.role(conn).is_moderator() {
            return Ok(());
        }
        let Some(ban) = self.ban_of(now, peers, conn, room, true) else { return Ok(()) };
        let place = room.and_then(|room| rooms.get(room)).map(Room::name);
        let place = place.map(|name| format!(" in {name}")).unwrap_or_default();
        let until = match ban.until {
            Some(until) => {
                format!("for {} more", period::shown(until.since(self.time(now)).max(Duration::from_secs(1))))
            }
            None => "until a moderator lifts it".to_owned(),
        };
        let text = format!("{} has muted you{place} {until}: {}", ban.by, ban.reason);
        Err(Denial::new(Code::Muted, text))
    }
}

impl Ranks<'_> {
    /// Whether a user may write to another. A user muted on the whole server may still write to its moderators.
    pub(in crate::server::broker) fn may_write_to(&self, now: Now, conn: ConnId, other: &Name) -> Result<(), Denial> {
        if !self.moderation.bans.has_mutes() || self.rank_of(other, None) >= Rank::Moderator {
            return Ok(());
        }
        self.moderation.not_muted(now, (self.peers, self.rooms), conn, None)
    }
}
