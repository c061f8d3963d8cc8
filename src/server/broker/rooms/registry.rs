//! All rooms, by number, by name and by member.
//!
//! Must not know: what users may do (`moderation`) or write there, or how rooms are stored (`facts`).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::{Deref, DerefMut};

use super::members::Member;
use super::room::{Modes, Room};
use super::room_index::{RoomIndex, RoomTraits};
use crate::model::{FoldedName, NameKey, RoomName, Timestamp};
use crate::server::broker::user_conns::UserConns;
use crate::server::ids::RoomId;
use crate::server::in_order;
use serde::{Deserialize, Serialize};

/// The rooms and their indexes.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Registry {
    rooms: BTreeMap<RoomId, Room>,
    #[serde(serialize_with = "in_order::map")]
    by_folded: HashMap<FoldedName, RoomId>,
    #[serde(serialize_with = "in_order::map")]
    by_skeleton: HashMap<String, RoomId>,
    #[serde(serialize_with = "in_order::map")]
    of_user: HashMap<FoldedName, BTreeSet<RoomId>>,
    /// Members whose names look like another spelling, by that.
    #[serde(serialize_with = "in_order::map")]
    alike: HashMap<String, BTreeMap<FoldedName, usize>>,
    index: RoomIndex,
    last: RoomId,
}

/// A room that may be changed; the indexes follow when it is let go.
#[derive(Debug)]
pub(super) struct RoomChange<'a> {
    room: &'a mut Room,
    index: &'a mut RoomIndex,
    before: RoomTraits,
}

impl Deref for RoomChange<'_> {
    type Target = Room;

    fn deref(&self) -> &Room {
        self.room
    }
}

impl DerefMut for RoomChange<'_> {
    fn deref_mut(&mut self) -> &mut Room {
        self.room
    }
}

impl Drop for RoomChange<'_> {
    fn drop(&mut self) {
        self.index.change(Some(self.before), Some(RoomTraits::of(self.room)));
    }
}

impl Registry {
    /// The number of rooms.
    pub(super) fn len(&self) -> usize {
        self.rooms.len()
    }

    /// All rooms, oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Room> {
        self.rooms.values()
    }

    /// The rooms by what is asked of all of them.
    pub(super) fn index(&self) -> &RoomIndex {
        &self.index
    }

    /// A room by its number.
    pub(super) fn get(&self, id: RoomId) -> Option<&Room> {
        self.rooms.get(&id)
    }

    /// A room by its number, to be changed; members come and go by [`Registry::enter`] and [`Registry::leave`].
    pub(super) fn get_mut(&mut self, id: RoomId) -> Option<RoomChange<'_>> {
        let Self { rooms, index, .. } = self;
        let room = rooms.get_mut(&id)?;
        let before = RoomTraits::of(room);
        Some(RoomChange { room, index, before })
    }

    /// The room of this name, in any case.
    pub(super) fn find(&self, name: &RoomName) -> Option<&Room> {
        self.rooms.get(self.by_folded.get(&name.key().folded)?)
    }

    /// The room that a name looks like without being its name.
    pub(super) fn like(&self, name: &RoomName) -> Option<&Room> {
        let key = name.key();
        if self.by_folded.contains_key(&key.folded) {
            return None;
        }
        self.rooms.get(self.by_skeleton.get(&key.skeleton)?)
    }

    /// Makes a room without members. Its number is never used for another room.
    pub(super) fn make(&mut self, name: RoomName, private: bool) -> RoomId {
        let id = RoomId(self.last.0 + 1);
        self.put(id, name, private, Modes::default());
        id
    }

    /// Restores a stored room.
    pub(super) fn put(&mut self, id: RoomId, name: RoomName, private: bool, modes: Modes) {
        let key = name.key();
        self.by_folded.insert(key.folded, id);
        self.by_skeleton.insert(key.skeleton, id);
        self.last = self.last.max(id);
        let room = Room::new(id, name, private, modes);
        let after = RoomTraits::of(&room);
        let before = self.rooms.insert(id, room);
        self.index.change(before.as_ref().map(RoomTraits::of), Some(after));
    }

    /// Notes that numbers up to this one are used.
    pub(super) fn skip(&mut self, last: RoomId) {
        self.last = self.last.max(last);
    }

    /// The highest number in use.
    pub(super) fn last(&self) -> RoomId {
        self.last
    }

    /// Adds a member in this role, or changes one; a new one is away since `now`.
    pub(super) fn enter(&mut self, id: RoomId, member: Member, now: Timestamp) {
        let key = member.name.key();
        let Some(mut room) = self.get_mut(id) else { return };
        let before = room.members.get(&key.folded).map(|member| member.name.key());
        room.members.put(member, now);
        drop(room);
        self.of_user.entry(key.folded.clone()).or_default().insert(id);
        if let Some(before) = before {
            self.unlike(&before);
        }
        if key.skeleton != *key.folded {
            *self.alike.entry(key.skeleton).or_default().entry(key.folded).or_default() += 1;
        }
    }

    /// Removes a member; `None` if they were not in it. Says over which connections they were here.
    pub(super) fn leave(&mut self, id: RoomId, user: &FoldedName) -> Option<(Member, Option<UserConns>)> {
        let (member, here) = self.get_mut(id)?.members.remove(user)?;
        if let Some(rooms) = self.of_user.get_mut(user) {
            rooms.remove(&id);
            if rooms.is_empty() {
                self.of_user.remove(user);
            }
        }
        self.unlike(&member.name.key());
        Some((member, here))
    }

    fn unlike(&mut self, key: &NameKey) {
        if let Some(names) = self.alike.get_mut(&key.skeleton)
            && let Some(count) = names.get_mut(&key.folded)
        {
            *count -= 1;
            if *count == 0 {
                names.remove(&key.folded);
            }
            if names.is_empty() {
                self.alike.remove(&key.skeleton);
            }
        }
    }

    /// The members of a room who have this name, or one that looks like it.
    pub(super) fn alike(&self, id: RoomId, key: &NameKey) -> Vec<&Member> {
        let Some(room) = self.rooms.get(&id) else { return Vec::new() };
        let others = self.alike.get(&key.skeleton).into_iter().flat_map(BTreeMap::keys).cloned();
        let names: BTreeSet<FoldedName> =
            others.chain([key.folded.clone(), FoldedName::restored(&key.skeleton)]).collect();
        let members = names.iter().filter_map(|name| room.members.get(name));
        members.filter(|member| member.name.key().clashes(key)).collect()
    }

    /// Removes a room without members.
    pub(super) fn remove_if_empty(&mut self, id: RoomId) -> Option<Room> {
        let room = self.rooms.get(&id).filter(|room| room.members.is_empty())?;
        self.index.change(Some(RoomTraits::of(room)), None);
        let key = room.name.key();
        self.by_folded.remove(&key.folded);
        self.by_skeleton.remove(&key.skeleton);
        self.rooms.remove(&id)
    }

    /// The rooms of a user, oldest first.
    pub(super) fn of_user(&self, user: &FoldedName) -> Vec<RoomId> {
        self.of_user.get(user).into_iter().flatten().copied().collect()
    }
}
