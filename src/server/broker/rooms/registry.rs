//! All rooms, by number, by name and by member.
//!
//! Must not know: what users may do (`moderation`) or write there, or how rooms are stored (`facts`).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::room::{Member, Modes, Room};
use crate::model::{FoldedName, RoomName};
use crate::server::ids::RoomId;

/// The rooms and their indexes.
#[derive(Debug, Default)]
pub(super) struct Registry {
    rooms: BTreeMap<RoomId, Room>,
    by_folded: HashMap<FoldedName, RoomId>,
    by_skeleton: HashMap<String, RoomId>,
    of_user: HashMap<FoldedName, BTreeSet<RoomId>>,
    last: RoomId,
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

    /// All rooms, mutable.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Room> {
        self.rooms.values_mut()
    }

    /// A room by its number.
    pub(super) fn get(&self, id: RoomId) -> Option<&Room> {
        self.rooms.get(&id)
    }

    /// A room by its number, mutable; members come and go by [`Registry::enter`] and [`Registry::leave`].
    pub(super) fn get_mut(&mut self, id: RoomId) -> Option<&mut Room> {
        self.rooms.get_mut(&id)
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
        self.rooms.insert(id, Room::new(id, name, private, modes));
    }

    /// Notes that numbers up to this one are used.
    pub(super) fn skip(&mut self, last: RoomId) {
        self.last = self.last.max(last);
    }

    /// The highest number in use.
    pub(super) fn last(&self) -> RoomId {
        self.last
    }

    /// Adds a member in this role.
    pub(super) fn enter(&mut self, id: RoomId, member: Member) {
        let user = member.name.folded();
        if let Some(room) = self.rooms.get_mut(&id) {
            room.invited.remove(&user);
            room.members.insert(user.clone(), member);
            self.of_user.entry(user).or_default().insert(id);
        }
    }

    /// Removes a member; `None` if they were not in it.
    pub(super) fn leave(&mut self, id: RoomId, user: &FoldedName) -> Option<Member> {
        let member = self.rooms.get_mut(&id)?.members.remove(user)?;
        if let Some(rooms) = self.of_user.get_mut(user) {
            rooms.remove(&id);
            if rooms.is_empty() {
                self.of_user.remove(user);
            }
        }
        Some(member)
    }

    /// Removes a room without members.
    pub(super) fn remove_if_empty(&mut self, id: RoomId) -> Option<Room> {
        let room = self.rooms.get(&id).filter(|room| room.members.is_empty())?;
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
