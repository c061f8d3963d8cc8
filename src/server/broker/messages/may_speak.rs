//! The part of the broker that says who may speak where just now: mutes, slow mode, places where only moderators speak.
//!
//! Must not know: what is said, or what becomes of it (`messages`).

use std::time::Duration;

use crate::model::period;
use crate::model::{Name, Now, Rank, Timestamp};
use crate::protocol::Code;
use crate::server::broker::Broker;
use crate::server::broker::moderation::ranks::Spot;
use crate::server::ids::ConnId;
use crate::server::ids::RoomId;
use crate::server::store::api::{Conversation, Recipient};

impl Broker {
    /// Whether a user may say something there just now.
    pub(in crate::server) fn may_speak(
        &mut self,
        now: Now,
        (conn, user): (ConnId, &Name),
        reference: Option<&String>,
        to: &Recipient,
    ) -> Result<(), (Code, String)> {
        let spot = match to {
            Recipient::Everyone { .. } => Spot::Everyone,
            Recipient::Room { id, name, .. } => Spot::Room(*id, name.clone()),
            Recipient::User(other) => return self.may_whisper(now.wall, conn, other),
        };
        self.may_be_heard(now, conn, &spot)?;
        if self.modes(&spot).is_none_or(crate::server::broker::rooms::Modes::is_free)
            || self.rank(conn, spot.room()) > Rank::User
        {
            return Ok(());
        }
        let place = spot.target();
        let Some(modes) = self.modes_mut(&spot) else { return Ok(()) };
        if modes.read_only {
            return Err((Code::ReadOnly, format!("Only moderators speak to {place} at present.")));
        }
        let folded = user.key().folded;
        if let Some((last, label)) = modes.said.get(&folded) {
            let left = modes.slow.saturating_sub(now.steady.since(*last));
            // What is sent again under its label is not said a second time.
            let again = reference.is_some() && label.as_ref() == reference;
            if !left.is_zero() && !again {
                let left = Duration::from_secs(left.as_secs() + u64::from(left.subsec_nanos() > 0));
                let text = format!(
                    "Slow mode: {} between two messages to {place}; wait {} s.",
                    period::shown(modes.slow),
                    left.as_secs()
                );
                return Err((Code::SlowMode, text));
            }
        }
        modes.said.insert(folded, (now.steady, reference.cloned()));
        Ok(())
    }

    /// Who is muted on the whole server may still write to its moderators.
    fn may_whisper(&self, now: Timestamp, conn: ConnId, other: &Name) -> Result<(), (Code, String)> {
        if !self.bans.has_mutes() || self.rank_of(other, None) >= Rank::Moderator {
            return Ok(());
        }
        self.not_muted(now, conn, None)
    }

    /// Whether a user may do what others there see, other than saying something.
    pub(in crate::server) fn may_be_heard(&self, now: Now, conn: ConnId, spot: &Spot) -> Result<(), (Code, String)> {
        self.not_muted(now.wall, conn, None)?;
        spot.room().map_or(Ok(()), |room| self.not_muted(now.wall, conn, Some(room)))
    }

    /// Moderators of the server cannot be silenced.
    fn not_muted(&self, now: Timestamp, conn: ConnId, room: Option<RoomId>) -> Result<(), (Code, String)> {
        if !self.bans.has_mutes() || self.role_of(conn).is_moderator() {
            return Ok(());
        }
        let Some(ban) = self.ban_of(conn, room, true, now) else { return Ok(()) };
        let place =
            room.and_then(|room| self.rooms.get(room)).map(|room| format!(" in {}", room.name)).unwrap_or_default();
        let until = match ban.until {
            Some(until) => format!("for {} more", period::shown(until.since(now).max(Duration::from_secs(1)))),
            None => "until a moderator lifts it".to_owned(),
        };
        let text = format!("{} has muted you{place} {until}: {}", ban.by, ban.reason);
        Err((Code::Muted, text))
    }

    /// Forgets who spoke too long ago for it to matter.
    pub(in crate::server) fn forget_who_spoke(&mut self, now: Timestamp) {
        let rooms = self.rooms.iter_mut().map(|room| &mut room.modes);
        for modes in rooms.chain([&mut self.everyone]).filter(|modes| !modes.said.is_empty()) {
            let slow = modes.slow;
            modes.said.retain(|_, (last, _)| now.since(*last) < slow);
        }
    }

    /// The rooms that a connection's user is in, as what is asked of the past may be found there.
    pub(in crate::server) fn rooms_of(&self, conn: ConnId) -> Vec<(RoomId, crate::model::RoomName)> {
        let Some(key) = self.key_of(conn) else { return Vec::new() };
        let rooms = self.rooms.of_user(&key.folded).into_iter().filter_map(|id| self.rooms.get(id));
        rooms.filter(|room| room.online.contains(&conn)).map(|room| (room.id, room.name.clone())).collect()
    }

    /// A conversation as it is written, if there may be one for this user.
    pub(in crate::server) fn conversation(&self, conn: ConnId, with: &str) -> Result<Conversation, (Code, String)> {
        if with.starts_with(crate::model::room::ROOM_SIGN) {
            return self.own_room(conn, with).map(|room| Conversation::Room(room.id, room.name.clone()));
        }
        match self.spot(conn, with) {
            Ok(spot) => Ok(spot.conversation()),
            Err(_) => match self.known.find(with) {
                Some(name) => Ok(Conversation::User(name.clone())),
                None => self.user_named(with).map(Conversation::User),
            },
        }
    }
}
