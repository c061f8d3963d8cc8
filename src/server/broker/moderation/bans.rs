//! Bans and mutes: the user or network, the place, and the time of expiry.
//!
//! Must not know: who is connected, who may ban whom, or how bans are kept (`facts`).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use crate::model::ban_target::Network;
use crate::model::period;
use crate::model::{BanTarget, Identity, Name, NameKey, Origin, RoomName, Text, Timestamp};
use crate::protocol::act::BanLine;
use crate::server::ids::RoomId;
use crate::server::limits::{MAX_BANS, MAX_BANS_OF_ROOM};

/// A ban or a mute.
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// A user, as bans are looked up for them.
#[derive(Clone, Copy, Debug)]
pub struct Suspect<'a> {
    /// The keys of the name.
    pub key: &'a NameKey,
    /// The proved identity, if any.
    pub identity: Option<Identity>,
    /// The address or local user that they connect from.
    pub origin: Origin,
}

/// The keys under which a name is indexed.
fn keys_of(key: &NameKey) -> [String; 2] {
    [format!("f{}", key.folded), format!("s{}", key.skeleton)]
}

/// There are [`MAX_BANS`] in all, or [`MAX_BANS_OF_ROOM`] in the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyBans;

/// The bans and mutes in force.
#[derive(Debug, Default)]
pub struct Bans {
    all: BTreeMap<u64, Ban>,
    next: u64,
    by_name: HashMap<String, BTreeSet<u64>>,
    by_identity: HashMap<Identity, BTreeSet<u64>>,
    by_network: BTreeMap<Network, BTreeSet<u64>>,
    mutes: usize,
    /// How many there are in each place.
    counts: HashMap<Option<RoomId>, usize>,
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
    /// Adds a ban or mute; it replaces one of the same kind and target. Returns its number, and the replaced one with its
    /// own.
    ///
    /// # Errors
    /// If there are too many in the place, or in all.
    pub fn add(&mut self, ban: Ban) -> Result<(u64, Option<(u64, Ban)>), TooManyBans> {
        let before = ban.whom.first().and_then(|whom| self.about(ban.room, ban.mute, whom));
        let here = self.counts.get(&ban.room).copied().unwrap_or(0);
        let on_server = self.counts.get(&None).copied().unwrap_or(0);
        // Bans of rooms leave room for those of the whole server.
        let full = match ban.room {
            None => here >= MAX_BANS,
            Some(_) => here >= MAX_BANS_OF_ROOM || self.all.len() - on_server >= MAX_BANS,
        };
        if full && before.is_none() {
            return Err(TooManyBans);
        }
        let replaced = before.and_then(|before| Some((before, self.remove(before)?)));
        let number = self.next;
        self.insert(number, ban);
        Ok((number, replaced))
    }

    /// Restores one that was stored under this number.
    pub fn insert(&mut self, number: u64, ban: Ban) {
        self.remove(number);
        for whom in &ban.whom {
            self.index(whom, |numbers| {
                numbers.insert(number);
            });
        }
        self.mutes += usize::from(ban.mute);
        *self.counts.entry(ban.room).or_default() += 1;
        self.next = self.next.max(number.saturating_add(1));
        self.all.insert(number, ban);
    }

    /// Lifts one.
    pub fn remove(&mut self, number: u64) -> Option<Ban> {
        let ban = self.all.remove(&number)?;
        for whom in &ban.whom {
            self.index(whom, |numbers| {
                numbers.remove(&number);
            });
        }
        self.mutes -= usize::from(ban.mute);
        if let Some(count) = self.counts.get_mut(&ban.room) {
            *count -= 1;
            if *count == 0 {
                self.counts.remove(&ban.room);
            }
        }
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
        let wanted = |number: &&u64| {
            let ban = self.all.get(number);
            ban.is_some_and(|ban| ban.room == room && ban.mute == mute && ban.whom.first().is_some_and(same))
        };
        match whom {
            BanTarget::Name(name) => {
                let keys = keys_of(&name.key());
                keys.iter().filter_map(|key| self.by_name.get(key)).flatten().find(wanted).copied()
            }
            BanTarget::Identity(identity) => self.by_identity.get(identity)?.iter().find(wanted).copied(),
            BanTarget::Network(network) => self.by_network.get(network)?.iter().find(wanted).copied(),
        }
    }

    /// The ban or mute that holds for a user in a place.
    #[must_use]
    pub fn find(&self, room: Option<RoomId>, mute: bool, who: Suspect<'_>, now: Timestamp) -> Option<&Ban> {
        let names = keys_of(who.key);
        let by_name = names.iter().filter_map(|key| self.by_name.get(key));
        let uid = if let Origin::Unix(uid) = who.origin { Some(Identity::Uid(uid)) } else { None };
        let by_identity = who.identity.into_iter().chain(uid).filter_map(|whose| self.by_identity.get(&whose));
        let ip = who.origin.ip();
        let by_network = self.by_network.iter().filter(|(network, _)| ip.is_some_and(|ip| network.holds(ip)));
        let numbers = by_name.chain(by_identity).chain(by_network.map(|(_, numbers)| numbers)).flatten();
        numbers
            .filter_map(|number| self.all.get(number))
            .find(|ban| ban.room == room && ban.mute == mute && ban.until.is_none_or(|until| now < until))
    }

    /// Whether there is any mute at all: mostly there is none, and nothing has to be looked up.
    #[must_use]
    pub fn has_mutes(&self) -> bool {
        self.mutes > 0
    }

    /// The bans and mutes of a place, newest first.
    pub fn of(&self, room: Option<RoomId>) -> impl Iterator<Item = &Ban> {
        self.all.values().rev().filter(move |ban| ban.room == room)
    }

    /// The numbers of the expired ones.
    #[must_use]
    pub fn over(&self, now: Timestamp) -> Vec<u64> {
        let over = self.all.iter().filter(|(_, ban)| ban.until.is_some_and(|until| until <= now));
        over.map(|(number, _)| *number).collect()
    }

    /// The numbers of a room's bans and mutes.
    #[must_use]
    pub fn numbers_of(&self, room: RoomId) -> Vec<u64> {
        self.all.iter().filter(|(_, ban)| ban.room == Some(room)).map(|(number, _)| *number).collect()
    }

    /// The numbers of those of rooms that do not exist.
    #[must_use]
    pub fn numbers_of_other_rooms(&self, exists: impl Fn(RoomId) -> bool) -> Vec<u64> {
        let orphans = self.all.iter().filter(|(_, ban)| ban.room.is_some_and(|room| !exists(room)));
        orphans.map(|(number, _)| *number).collect()
    }

    fn index(&mut self, whom: &BanTarget, change: impl Fn(&mut BTreeSet<u64>)) {
        match whom {
            BanTarget::Name(name) => {
                for key in keys_of(&name.key()) {
                    let numbers = self.by_name.entry(key.clone()).or_default();
                    change(numbers);
                    if numbers.is_empty() {
                        self.by_name.remove(&key);
                    }
                }
            }
            BanTarget::Identity(identity) => {
                let numbers = self.by_identity.entry(*identity).or_default();
                change(numbers);
                if numbers.is_empty() {
                    self.by_identity.remove(identity);
                }
            }
            BanTarget::Network(network) => {
                let numbers = self.by_network.entry(*network).or_default();
                change(numbers);
                if numbers.is_empty() {
                    self.by_network.remove(network);
                }
            }
        }
    }
}
