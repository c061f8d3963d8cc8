//! The known rooms: their state, the user's relation to each, and their members.
//!
//! Must not know: how this is learnt, what was said there (`conversations`), or how it is shown.

use std::collections::BTreeMap;
use std::time::Duration;

use super::lookup_keys::{folded, room_key, shortened};
use super::room_members::RoomMembers;
use crate::language::chat as say;
use crate::model::{Name, RoomName, RoomRole, Target, Text};
use crate::protocol::limits::MAX_TOPIC;
use crate::protocol::{Relation, RoomInfo};

/// The most rooms that are kept; a server with more is shown in part.
pub const MAX_ROOMS: usize = 1000;
/// The most members that are kept, in all rooms together.
pub const MAX_MEMBERS: usize = 10_000;

/// A place: a room, or the one that everyone is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownRoom {
    /// The place.
    pub place: Target,
    /// Whether users need an invitation.
    pub private: bool,
    /// The number of members.
    pub count: usize,
    /// The least time between two messages of one member; zero without slow mode.
    pub slow: Duration,
    /// Whether only moderators may send messages.
    pub read_only: bool,
    /// Whether only moderators may set the topic.
    pub locked: bool,
    /// Whether the room may have no call.
    pub no_calls: bool,
    /// The topic.
    pub topic: Text,
    /// The user's relation to it.
    pub you: Relation,
    /// The members; `None` until the server has sent them.
    pub members: Option<RoomMembers>,
}

/// All rooms by their look-up key; "everyone" is among them once the server has sent its state.
#[derive(Clone, Debug, Default)]
pub struct KnownRooms {
    known: BTreeMap<String, KnownRoom>,
    /// Whether the server has sent all rooms that the user is in.
    settled: bool,
}

impl KnownRoom {
    fn new(info: RoomInfo) -> Self {
        Self {
            place: info.place,
            private: info.private,
            count: info.members,
            slow: info.slow,
            read_only: info.read_only,
            locked: info.locked,
            no_calls: info.no_calls,
            topic: shortened(&info.topic, MAX_TOPIC),
            you: info.you.unwrap_or(Relation::Outside),
            members: None,
        }
    }

    fn take(&mut self, info: RoomInfo) {
        let (place, you) = (self.place.clone(), info.you.unwrap_or(self.you));
        *self = Self { place, you, members: self.members.take(), ..Self::new(info) };
    }

    /// Whether the user is a member.
    #[must_use]
    pub fn is_inside(&self) -> bool {
        matches!(self.you, Relation::Inside(_))
    }

    /// The modes, in words to go beside the topic.
    #[must_use]
    pub fn modes(&self) -> Vec<String> {
        let slow = (!self.slow.is_zero()).then(|| say::slow(self.slow.as_secs()));
        let word = |is: bool, word: &str| is.then(|| word.to_owned());
        let (read_only, no_calls) = (word(self.read_only, say::read_only()), word(self.no_calls, say::no_calls()));
        [read_only, slow, no_calls, word(self.private, say::private())].into_iter().flatten().collect()
    }
}

impl KnownRooms {
    /// Takes the state of a place; returns whether the user has become a member.
    pub fn told(&mut self, info: RoomInfo) -> bool {
        let key = key(&info.place);
        if let Some(room) = self.known.get_mut(&key) {
            let before = room.is_inside();
            room.take(info);
            return !before && room.is_inside();
        }
        // The rooms that the user is in matter most.
        let inside = matches!(info.you, Some(Relation::Inside(_)));
        if self.known.len() >= MAX_ROOMS && !(inside && self.forget_one()) {
            return false;
        }
        self.known.insert(key, KnownRoom::new(info));
        inside
    }

    fn forget_one(&mut self) -> bool {
        let outside = self.known.iter().find(|(_, room)| !room.is_inside()).map(|(key, _)| key.clone());
        outside.is_some_and(|key| self.known.remove(&key).is_some())
    }

    /// A place, if it is known.
    #[must_use]
    pub fn get(&self, place: &Target) -> Option<&KnownRoom> {
        self.known.get(&key(place))
    }

    /// Whether the user is in a room.
    #[must_use]
    pub fn is_inside(&self, room: &RoomName) -> bool {
        self.known.get(&room_key(room)).is_some_and(KnownRoom::is_inside)
    }

    /// Whether the user is known not to be in a room.
    #[must_use]
    pub(crate) fn is_outside(&self, room: &RoomName) -> bool {
        self.settled && !self.is_inside(room)
    }

    /// Whether the server has sent all rooms that the user is in.
    #[must_use]
    pub(crate) fn is_settled(&self) -> bool {
        self.settled
    }

    /// A connection begins: the server is about to send the rooms that the user is in.
    pub(crate) fn begin_anew(&mut self) {
        self.known.clear();
        self.settled = false;
    }

    /// The server has sent all rooms that the user is in.
    pub fn settle(&mut self) {
        self.settled = true;
    }

    /// The rooms in the order of the list: first those that the user is in, then those with an invitation, the largest
    /// first.
    #[must_use]
    pub fn listed(&self) -> Vec<&KnownRoom> {
        let mut rooms: Vec<&KnownRoom> = self.known.values().filter(|room| room.place != Target::Everyone).collect();
        rooms.sort_by_key(|room| {
            let kind = match room.you {
                Relation::Inside(_) => 0,
                Relation::Invited => 1,
                Relation::Outside => 2,
            };
            (kind, std::cmp::Reverse(room.count))
        });
        rooms
    }

    /// The rooms that the user is in.
    pub fn inside(&self) -> impl Iterator<Item = &RoomName> {
        self.known.values().filter(|room| room.is_inside()).filter_map(|room| match &room.place {
            Target::Room(name) => Some(name),
            _ => None,
        })
    }

    /// The names of all known rooms.
    pub(crate) fn named(&self) -> impl Iterator<Item = &RoomName> {
        self.known.values().filter_map(|room| match &room.place {
            Target::Room(name) => Some(name),
            Target::Everyone | Target::User(_) => None,
        })
    }

    /// The names of all known members of rooms.
    pub(crate) fn member_names(&self) -> impl Iterator<Item = &Name> {
        let members = self.known.values().filter_map(|room| room.members.as_ref());
        members.flat_map(RoomMembers::iter).map(|(member, _)| &member.name)
    }

    /// Whether a user is among the known members of a room that the user is in.
    pub(crate) fn has_member(&self, name: &Name) -> bool {
        let members = self.known.values().filter_map(|room| room.members.as_ref());
        members.flat_map(RoomMembers::iter).any(|(member, _)| folded(&member.name) == folded(name))
    }

    /// Forgets the rooms that the user is not in; they are about to be sent again.
    pub(crate) fn forget_others(&mut self) {
        self.known.retain(|_, room| room.is_inside() || room.place == Target::Everyone);
    }

    /// The user has left a room.
    pub fn left(&mut self, room: &RoomName) {
        self.known.remove(&room_key(room));
    }

    /// Another user invites this one into a room.
    pub fn invited(&mut self, room: &RoomName) {
        match self.known.get_mut(&room_key(room)) {
            Some(room) if room.is_inside() => {}
            Some(room) => room.you = Relation::Invited,
            None => drop(self.told(bare(Target::Room(room.clone()), Relation::Invited))),
        }
    }

    /// A user set a topic.
    pub fn topic(&mut self, place: &Target, text: &Text) {
        if *place == Target::Everyone && !self.known.contains_key(&key(place)) {
            self.told(bare(Target::Everyone, Relation::Inside(RoomRole::Member)));
        }
        if let Some(room) = self.known.get_mut(&key(place)) {
            room.topic = shortened(text, MAX_TOPIC);
        }
    }

    /// Forgets a room's members; they are about to be sent again.
    pub fn expect_members(&mut self, room: &RoomName) {
        if let Some(room) = self.known.get_mut(&room_key(room)) {
            room.members = Some(RoomMembers::default());
        }
    }

    /// Adds some of a room's members.
    pub fn members(&mut self, room: &RoomName, role: RoomRole, online: bool, names: Vec<Name>) {
        let key = room_key(room);
        let mut kept: usize = self.known.values().filter_map(|room| room.members.as_ref()).map(RoomMembers::len).sum();
        if kept + names.len() > MAX_MEMBERS {
            // The room that was asked about last is the one in view.
            for (other, room) in &mut self.known {
                if *other != key {
                    room.members = None;
                }
            }
            kept = self.known.get(&key).and_then(|room| room.members.as_ref()).map_or(0, RoomMembers::len);
        }
        let Some(members) = self.known.get_mut(&key).and_then(|room| room.members.as_mut()) else { return };
        for name in names {
            if kept >= MAX_MEMBERS {
                members.more = true;
                return;
            }
            kept += usize::from(members.add(name, role, online));
        }
    }

    /// Whether a room has more members than are kept.
    #[must_use]
    pub(crate) fn has_more_members(&self, room: &RoomName) -> bool {
        let known = self.known.get(&room_key(room)).and_then(|room| room.members.as_ref());
        known.is_some_and(|members| members.more)
    }

    /// Notes that a room has more members than were sent.
    pub(crate) fn more_members(&mut self, room: &RoomName) {
        if let Some(members) = self.known.get_mut(&room_key(room)).and_then(|room| room.members.as_mut()) {
            members.more = true;
        }
    }

    /// Users joined or left a room.
    pub fn moved(&mut self, room: &RoomName, names: &[Name], came: bool) {
        let kept: usize = self.known.values().filter_map(|room| room.members.as_ref()).map(RoomMembers::len).sum();
        let Some(room) = self.known.get_mut(&room_key(room)) else { return };
        room.count = if came { room.count.saturating_add(names.len()) } else { room.count.saturating_sub(names.len()) };
        let whole = room.members.as_ref().is_some_and(|members| !members.is_empty() && !members.more);
        let Some(members) = &mut room.members else { return };
        for name in names {
            if !came {
                members.remove(name);
            } else if kept + names.len() <= MAX_MEMBERS {
                members.add(name.clone(), RoomRole::Member, true);
            } else {
                members.more = true;
            }
        }
        // If all members are known, their number is exact; adding and subtracting may not be.
        if whole && !members.more {
            room.count = members.len();
        }
    }

    /// Users came online or went offline.
    pub fn turn(&mut self, names: &[Name], online: bool) {
        for members in self.known.values_mut().filter_map(|room| room.members.as_mut()) {
            names.iter().for_each(|name| members.turn(name, online));
        }
    }

    /// A user has another name, in every room.
    pub(crate) fn rename(&mut self, from: &Name, to: &Name) {
        let members = self.known.values_mut().filter_map(|room| room.members.as_mut());
        members.for_each(|members| members.rename(from, to));
    }

    /// A user became a moderator of a room, or is not one any more.
    pub(crate) fn promoted(&mut self, place: &Target, name: &Name, moderator: bool) {
        let role = if moderator { RoomRole::Moderator } else { RoomRole::Member };
        if let Some(members) = self.known.get_mut(&key(place)).and_then(|room| room.members.as_mut()) {
            members.change(name, role);
        }
    }
}

/// A place of which nothing else is known.
fn bare(place: Target, you: Relation) -> RoomInfo {
    RoomInfo {
        place,
        private: false,
        members: 0,
        slow: Duration::ZERO,
        read_only: false,
        locked: false,
        no_calls: false,
        topic: Text::default(),
        you: Some(you),
    }
}

fn key(place: &Target) -> String {
    match place {
        Target::Room(room) => room_key(room),
        _ => String::new(),
    }
}
