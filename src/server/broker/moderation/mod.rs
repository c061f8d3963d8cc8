//! Moderation: which acts are allowed, which bans and mutes are in force, and the log of acts.
//!
//! - [`authority`]: the policy: which rank an act takes. [`ranks`]: the ranks of users.
//! - [`mod@decide`]: decides on an act. **Whether a user may be kicked is decided here.** The broker carries it out.
//! - [`bans`]: bans and mutes; [`clock`]: the time by which they end. [`ban_index`]: those of one place by name, identity
//!   and network. [`silence`]: mutes.
//! - [`audit`]: the moderation log, and announcements. [`facts`]: the stored state.
//!
//! Must not know: how a session is ended, what users write, or how state is stored.

mod audit;
pub mod authority;
mod ban_index;
pub mod bans;
pub mod clock;
pub(crate) mod decide;
pub mod facts;
mod listing;
mod ranks;
mod silence;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::model::{FoldedName, Name, Now, Rank, Timestamp};
use crate::protocol::Code;
use crate::server::broker::caller::{Caller, Denial};
use crate::server::broker::outbox::{FactChange, Outbox};
use crate::server::broker::peers::Peers;
use crate::server::broker::rooms::Place;
use crate::server::ids::{ConnId, RoomId};
use crate::server::limits::EXPIRED_AT_ONCE;
use serde::{Deserialize, Serialize};

use self::bans::{Ban, Bans, Suspect};

pub(in crate::server::broker) use self::audit::{deleted, modlog, record, removed};
pub(in crate::server::broker) use self::decide::{ActDecision, decide};
pub(in crate::server::broker) use self::ranks::{Hits, Ranks};

/// The bans, the mutes, and the appointed moderators of the server.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(in crate::server::broker) struct Moderation {
    bans: Bans,
    /// When each ban and mute was made, by its number; unknown for those of before that was kept.
    made: BTreeMap<u64, Timestamp>,
    /// How far the wall clock is ahead, if that is not believed, and the trusted time when that began.
    ahead: Option<Duration>,
    doubted_since: Option<Timestamp>,
    moderators: BTreeMap<FoldedName, Name>,
}

/// A user who acts, and the place of the act.
#[derive(Clone, Debug)]
pub(in crate::server::broker) struct Actor<'a> {
    /// The user who asks.
    pub(in crate::server::broker) caller: &'a Caller,
    /// The place.
    pub(in crate::server::broker) place: Place,
}

impl Moderation {
    // --- moderators

    /// Whether a user was appointed a moderator of the server.
    pub(in crate::server::broker) fn is_granted(&self, user: &FoldedName) -> bool {
        self.moderators.contains_key(user)
    }

    /// Appoints a moderator of the server.
    pub(in crate::server::broker) fn grant(&mut self, name: &Name, out: &mut Outbox) {
        let before = self.moderators.insert(name.folded(), name.clone());
        let (now, before) = (facts::moderator(name, true), before.map(|before| facts::moderator(&before, true)));
        out.change(FactChange { now, before });
    }

    /// Dismisses a moderator of the server.
    pub(in crate::server::broker) fn revoke(&mut self, name: &Name, out: &mut Outbox) {
        let before = self.moderators.remove(&name.folded()).map(|before| facts::moderator(&before, true));
        out.change(FactChange { now: facts::moderator(name, false), before });
    }

    /// A name has a new owner, who does not inherit the rights of the former one.
    pub(in crate::server::broker) fn forget_user(&mut self, name: &Name, out: &mut Outbox) {
        if self.is_granted(&name.folded()) {
            self.revoke(name, out);
        }
    }

    /// A moderator of the server takes another name.
    pub(in crate::server::broker) fn rename_user(&mut self, from: &Name, to: &Name, out: &mut Outbox) {
        if self.is_granted(&from.folded()) {
            self.revoke(from, out);
            self.grant(to, out);
        }
    }

    // --- bans

    /// Whether a ban or a mute in force names this user, anywhere.
    pub(in crate::server::broker) fn is_named(&self, now: Now, user: &Name) -> bool {
        self.bans.name(user, self.time(now))
    }

    /// Refuses a user who is banned from the server. A moderator of the server cannot be banned.
    pub(in crate::server::broker) fn not_banned(&self, now: Now, rank: Rank, who: Suspect<'_>) -> Result<(), Denial> {
        let time = self.time(now);
        match self.bans.find(None, false, who, time) {
            Some(ban) if rank < Rank::Moderator => Err(Denial::new(Code::Banned, ban.explain(None, time))),
            _ => Ok(()),
        }
    }

    /// The ban or mute that holds for a connection's user in a room, or in the whole server.
    pub(in crate::server::broker) fn ban_of(
        &self,
        now: Now,
        peers: &Peers,
        conn: ConnId,
        room: Option<RoomId>,
        mute: bool,
    ) -> Option<&Ban> {
        if !self.bans.has_any(room, mute) {
            return None;
        }
        let peer = peers.get(conn)?;
        let key = &peer.name()?.key();
        self.bans.find(room, mute, Suspect { key, identity: peer.identity(), origin: peer.origin() }, self.time(now))
    }

    /// The rooms, of these, from which a connection's user is banned. A moderator of the server cannot be.
    pub(in crate::server::broker) fn banned_from(
        &self,
        now: Now,
        peers: &Peers,
        conn: ConnId,
        rooms: &[RoomId],
    ) -> Vec<RoomId> {
        if peers.role(conn).is_moderator() {
            return Vec::new();
        }
        rooms.iter().copied().filter(|room| self.ban_of(now, peers, conn, Some(*room), false).is_some()).collect()
    }

    /// Puts a ban or a mute in force.
    pub(in crate::server::broker) fn put(&mut self, now: Now, ban: Ban, out: &mut Outbox) -> Result<(), Denial> {
        let added = self.bans.add(ban.clone()).map_err(|_| {
            let text = "Too many bans and mutes are in force already; lift some with /unban.";
            Denial::new(Code::TooManyBans, text)
        })?;
        for (number, before) in added.ended {
            let before = facts::ban(number, &before, self.made.remove(&number));
            out.change(FactChange::of(before, facts::no_ban(number)));
        }
        let made = self.time(now);
        self.made.insert(added.number, made);
        out.keep(facts::ban(added.number, &ban, Some(made)));
        Ok(())
    }

    /// Lifts a ban or a mute.
    pub(in crate::server::broker) fn lift(&mut self, number: u64, out: &mut Outbox) {
        if let Some(before) = self.bans.remove(number) {
            let before = facts::ban(number, &before, self.made.remove(&number));
            out.change(FactChange::of(before, facts::no_ban(number)));
        }
    }

    /// Ends the bans of a room that has ended; returns the changes to the stored facts.
    pub(in crate::server::broker) fn forget_room(&mut self, room: RoomId) -> Vec<FactChange> {
        self.end_all(self.bans.numbers_of(room))
    }

    /// Ends the bans of rooms that do not exist; returns the changes to the stored facts.
    pub(in crate::server::broker) fn forget_other_rooms(&mut self, exists: impl Fn(RoomId) -> bool) -> Vec<FactChange> {
        self.end_all(self.bans.numbers_of_other_rooms(exists))
    }

    fn end_all(&mut self, numbers: Vec<u64>) -> Vec<FactChange> {
        let mut ended = Vec::new();
        for number in numbers {
            if let Some(ban) = self.bans.remove(number) {
                let before = facts::ban(number, &ban, self.made.remove(&number));
                ended.push(FactChange::of(before, facts::no_ban(number)));
            }
        }
        ended
    }

    /// Lifts expired bans and mutes, [`EXPIRED_AT_ONCE`] at a time.
    pub(in crate::server::broker) fn expire(&mut self, now: Now, out: &mut Outbox) {
        for number in self.bans.over(self.time(now), EXPIRED_AT_ONCE) {
            self.lift(number, out);
        }
    }
}
