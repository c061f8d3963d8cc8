//! Bans and mutes: the user or network, the place, and the time of expiry.
//!
//! Must not know: who is connected, who may ban whom, or how bans are kept (`facts`).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use super::ban_index::{BanIndex, name_keys};
use crate::model::period;
use crate::model::{BanTarget, Name, RoomName, Text, Timestamp};
use crate::protocol::BanLine;
use crate::server::broker::shares::Shares;
use crate::server::ids::RoomId;
use crate::server::in_order;
use crate::server::limits::{MAX_BANS, MAX_BANS_OF_ROOM};
use serde::{Deserialize, Serialize};

pub use super::ban_index::Suspect;

/// A ban or a mute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ban {
    /// The room; `None` is the whole server.
    pub room: Option<RoomId>,
    /// Whether it is a mute.
    pub mute: bool,
    /// The target as the moderator named it; then what else is known of it, so that another name does not evade the ban.
    pub whom: Vec<BanTarget>,
    /// The moderator.
    pub by: Name,
    /// When it expires; `None` is never.
    pub until: Option<Timestamp>,
    /// The reason, which the user is told.
    pub reason: Text,
}

/// There are [`MAX_BANS`] in all, or [`MAX_BANS_OF_ROOM`] in the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyBans;

/// What adding a ban led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddedBan {
    /// Its number.
    pub number: u64,
    /// Those that ended for it, by number: the one of the same kind and target, or the oldest of the moderator who
    /// has most.
    pub ended: Vec<(u64, Ban)>,
}

/// The bans and mutes in force.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Bans {
    all: BTreeMap<u64, Ban>,
    next: u64,
    /// Those of each place, mutes apart.
    #[serde(serialize_with = "in_order::map")]
    places: HashMap<(Option<RoomId>, bool), BanIndex>,
    /// Those that expire, in that order.
    expiring: BTreeSet<(Timestamp, u64)>,
    mutes: usize,
    /// Those of rooms, by the moderator who made them.
    shares: Shares,
}

impl Ban {
    /// The sentence for a user who is banned.
    #[must_use]
    pub fn explain(&self, room: Option<&RoomName>, now: Timestamp) -> String {
        let place = room.map_or("this server", RoomName::as_str);
        let until = match self.until {
            Some(until) => format!(" for {} more", period::shown(until.since(now).max(Duration::from_secs(1)))),
            None => String::new(),
        };
        format!("You are banned from {place}{until}, by {}: {}", self.by, self.reason)
    }

    /// The entry in the moderators' list.
    #[must_use]
    pub fn line(&self) -> BanLine {
        let whom = self.whom.first().map(BanTarget::to_string).unwrap_or_default();
        let (by, reason) = (self.by.clone(), self.reason.clone());
        BanLine { mute: self.mute, whom: Text::line(&whom), by, until: self.until, reason }
    }
}

impl Bans {
    /// Adds a ban or mute; it replaces one of the same kind and target. Where all rooms together have too many, the oldest
    /// one of the moderator with the largest share ends, if that is somebody else.
    ///
    /// # Errors
    /// If there are too many in the place, or in all.
    pub fn add(&mut self, ban: Ban) -> Result<AddedBan, TooManyBans> {
        let same = ban.whom.first().and_then(|whom| self.about(ban.room, ban.mute, whom));
        let ended = match same {
            Some(same) => Some(same),
            None => self.make_room(&ban)?,
        };
        let ended = ended.and_then(|ended| Some((ended, self.remove(ended)?)));
        let number = self.next;
        self.insert(number, ban);
        Ok(AddedBan { number, ended: ended.into_iter().collect() })
    }

    /// The ban that ends so that another one can be made, if one has to.
    fn make_room(&self, ban: &Ban) -> Result<Option<u64>, TooManyBans> {
        let here = self.count(ban.room);
        match ban.room {
            None if here >= MAX_BANS => Err(TooManyBans),
            Some(_) if here >= MAX_BANS_OF_ROOM => Err(TooManyBans),
            // Bans of rooms leave room for those of the whole server.
            Some(_) if self.all.len() - self.count(None) >= MAX_BANS => {
                self.shares.oldest_of_the_largest(&ban.by.folded()).map(Some).ok_or(TooManyBans)
            }
            _ => Ok(None),
        }
    }

    fn count(&self, room: Option<RoomId>) -> usize {
        let of = |mute| self.places.get(&(room, mute)).map_or(0, |index| index.numbers().len());
        of(false) + of(true)
    }

    /// Restores one that was stored under this number.
    pub fn insert(&mut self, number: u64, ban: Ban) {
        self.remove(number);
        self.places.entry((ban.room, ban.mute)).or_default().add(number, &ban.whom);
        if let Some(until) = ban.until {
            self.expiring.insert((until, number));
        }
        if ban.room.is_some() {
            self.shares.add(ban.by.folded(), number);
        }
        self.mutes += usize::from(ban.mute);
        self.next = self.next.max(number.saturating_add(1));
        self.all.insert(number, ban);
    }

    /// Lifts one.
    pub fn remove(&mut self, number: u64) -> Option<Ban> {
        let ban = self.all.remove(&number)?;
        let place = (ban.room, ban.mute);
        if let Some(index) = self.places.get_mut(&place) {
            index.remove(number, &ban.whom);
            if index.numbers().is_empty() {
                self.places.remove(&place);
            }
        }
        if let Some(until) = ban.until {
            self.expiring.remove(&(until, number));
        }
        if ban.room.is_some() {
            self.shares.remove(&ban.by.folded(), number);
        }
        self.mutes -= usize::from(ban.mute);
        Some(ban)
    }

    /// The one with exactly this target in a place.
    #[must_use]
    pub fn about(&self, room: Option<RoomId>, mute: bool, whom: &BanTarget) -> Option<u64> {
        let same = |said: &BanTarget| match (said, whom) {
            // Two names that share a key look alike.
            (BanTarget::Name(_), BanTarget::Name(_)) => true,
            _ => said == whom,
        };
        let wanted = |number: &u64| self.all.get(number).is_some_and(|ban| ban.whom.first().is_some_and(same));
        self.places.get(&(room, mute))?.about(whom).find(wanted)
    }

    /// The ban or mute that holds for a user in a place.
    #[must_use]
    pub fn find(&self, room: Option<RoomId>, mute: bool, who: Suspect<'_>, now: Timestamp) -> Option<&Ban> {
        let numbers = self.places.get(&(room, mute))?.of(who);
        let mut bans = numbers.filter_map(|number| self.all.get(&number));
        bans.find(|ban| ban.until.is_none_or(|until| now < until))
    }

    /// Whether there is any ban or mute in a place; mostly there is none, and nothing has to be looked up.
    #[must_use]
    pub fn has_any(&self, room: Option<RoomId>, mute: bool) -> bool {
        self.places.contains_key(&(room, mute))
    }

    /// Whether any of those in force has this name, or one that looks like it.
    #[must_use]
    pub fn name(&self, user: &Name, now: Timestamp) -> bool {
        let keys = name_keys(user);
        let in_force = |number: &u64| self.all.get(number).is_some_and(|ban| ban.until.is_none_or(|until| now < until));
        self.places.values().any(|index| index.named(&keys).any(|number| in_force(&number)))
    }

    /// Whether there is any mute at all.
    #[must_use]
    pub fn has_mutes(&self) -> bool {
        self.mutes > 0
    }

    /// The bans and mutes of a place, newest first.
    pub fn of(&self, room: Option<RoomId>) -> impl Iterator<Item = &Ban> {
        let mut sets = [false, true].map(|mute| {
            let index = self.places.get(&(room, mute));
            index.into_iter().flat_map(|index| index.numbers().iter().rev()).peekable()
        });
        std::iter::from_fn(move || {
            let [bans, mutes] = &mut sets;
            let number = if bans.peek() > mutes.peek() { bans.next() } else { mutes.next() };
            self.all.get(number?)
        })
    }

    /// The numbers of expired ones, `most` of them.
    #[must_use]
    pub fn over(&self, now: Timestamp, most: usize) -> Vec<u64> {
        let over = self.expiring.iter().take_while(|(until, _)| *until <= now).take(most);
        over.map(|(_, number)| *number).collect()
    }

    /// The numbers of a room's bans and mutes.
    #[must_use]
    pub fn numbers_of(&self, room: RoomId) -> Vec<u64> {
        let of = |mute| self.places.get(&(Some(room), mute)).into_iter().flat_map(|index| index.numbers()).copied();
        let numbers: BTreeSet<u64> = of(false).chain(of(true)).collect();
        numbers.into_iter().collect()
    }

    /// The numbers of those of rooms that do not exist.
    #[must_use]
    pub fn numbers_of_other_rooms(&self, exists: impl Fn(RoomId) -> bool) -> Vec<u64> {
        let orphans = self.all.iter().filter(|(_, ban)| ban.room.is_some_and(|room| !exists(room)));
        orphans.map(|(number, _)| *number).collect()
    }
}
