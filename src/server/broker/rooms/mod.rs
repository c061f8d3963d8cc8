//! The rooms: who is in which, in what role, and how each is.
//!
//! Must not know: who may do what (`authority`), what is said there, or how they are kept (`facts`).

pub(in crate::server) mod listing;
pub(in crate::server) mod membership;
pub mod presence;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use crate::model::{Name, RoomName, RoomRole, Text, Timestamp};
use crate::server::broker::rooms::presence::Presence;
use crate::server::ids::ConnId;
use crate::server::ids::RoomId;

/// How a room is, or the one that everyone is in.
#[derive(Clone, Debug, Default)]
pub struct Modes {
    /// What is talked about; blank if nobody said.
    pub topic: Text,
    /// How long somebody waits between two messages; zero is not at all.
    pub slow: Duration,
    /// Whether only moderators speak.
    pub read_only: bool,
    /// Whether only moderators set the topic.
    pub locked: bool,
    /// When users spoke last, and under which label, while there is a wait.
    pub said: HashMap<String, (Timestamp, Option<String>)>,
}

/// A room.
#[derive(Debug)]
pub struct Room {
    /// Its number.
    pub id: RoomId,
    /// Its name.
    pub name: RoomName,
    /// Whether one has to be invited.
    pub private: bool,
    /// How it is.
    pub modes: Modes,
    /// Those in it, by name with its case folded.
    pub members: BTreeMap<String, Member>,
    /// Those who are asked in, likewise.
    pub invited: BTreeMap<String, Invited>,
    /// The connections of those members who are here and know rooms.
    pub online: BTreeSet<ConnId>,
    /// Who came and went and was not told of.
    pub presence: Presence,
}

/// Somebody who is asked into a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    /// As spelled then.
    pub name: Name,
    /// For whom alone it is, if who was asked only claims that name: another may come under it. Without, it is for the owner
    /// of the name.
    pub only: Option<ConnId>,
}

/// Somebody who is in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// As spelled last.
    pub name: Name,
    /// What they may do there.
    pub role: RoomRole,
    /// Whether they had proved who they are.
    pub proved: bool,
}

/// All rooms.
#[derive(Debug, Default)]
pub struct Rooms {
    rooms: BTreeMap<RoomId, Room>,
    by_folded: HashMap<String, RoomId>,
    by_skeleton: HashMap<String, RoomId>,
    of_user: HashMap<String, BTreeSet<RoomId>>,
    last: RoomId,
}

impl Modes {
    /// Whether everybody may speak at will.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.slow.is_zero() && !self.read_only
    }

    /// Whether there is nothing to say about it.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.is_free() && !self.locked && self.topic.is_blank()
    }
}

impl Rooms {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rooms.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rooms.is_empty()
    }

    /// All of them, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Room> {
        self.rooms.values()
    }

    /// All of them, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Room> {
        self.rooms.values_mut()
    }

    /// A room by its number.
    #[must_use]
    pub fn get(&self, id: RoomId) -> Option<&Room> {
        self.rooms.get(&id)
    }

    /// The same, to be changed; members come and go by [`Rooms::enter`] and [`Rooms::leave`].
    pub fn get_mut(&mut self, id: RoomId) -> Option<&mut Room> {
        self.rooms.get_mut(&id)
    }

    /// The room of this name, in any case.
    #[must_use]
    pub fn find(&self, name: &RoomName) -> Option<&Room> {
        self.rooms.get(self.by_folded.get(&name.key().folded)?)
    }

    /// The room that a name looks like without being it.
    #[must_use]
    pub fn like(&self, name: &RoomName) -> Option<&Room> {
        let key = name.key();
        if self.by_folded.contains_key(&key.folded) {
            return None;
        }
        self.rooms.get(self.by_skeleton.get(&key.skeleton)?)
    }

    /// A room that nobody is in yet. Its number is no other room's, before or after.
    pub fn make(&mut self, name: RoomName, private: bool) -> RoomId {
        let id = RoomId(self.last.0 + 1);
        self.put(id, name, private, Modes::default());
        id
    }

    /// A room as it was kept.
    pub fn put(&mut self, id: RoomId, name: RoomName, private: bool, modes: Modes) {
        let key = name.key();
        self.by_folded.insert(key.folded, id);
        self.by_skeleton.insert(key.skeleton, id);
        self.last = self.last.max(id);
        let (members, invited) = (BTreeMap::new(), BTreeMap::new());
        let (online, presence) = (BTreeSet::new(), Presence::default());
        self.rooms.insert(id, Room { id, name, private, modes, members, invited, online, presence });
    }

    /// Numbers up to this one were given before.
    pub fn skip(&mut self, last: RoomId) {
        self.last = self.last.max(last);
    }

    /// The highest number that was given.
    #[must_use]
    pub fn last(&self) -> RoomId {
        self.last
    }

    /// Somebody is in a room from now on, in this role.
    pub fn enter(&mut self, id: RoomId, member: Member) {
        let folded = member.name.key().folded;
        if let Some(room) = self.rooms.get_mut(&id) {
            room.invited.remove(&folded);
            room.members.insert(folded.clone(), member);
            self.of_user.entry(folded).or_default().insert(id);
        }
    }

    /// Somebody is not in a room any more. `None` if they were not.
    pub fn leave(&mut self, id: RoomId, folded: &str) -> Option<Member> {
        let member = self.rooms.get_mut(&id)?.members.remove(folded)?;
        if let Some(rooms) = self.of_user.get_mut(folded) {
            rooms.remove(&id);
            if rooms.is_empty() {
                self.of_user.remove(folded);
            }
        }
        Some(member)
    }

    /// Takes away a room that nobody is in.
    pub fn remove_if_empty(&mut self, id: RoomId) -> Option<Room> {
        let room = self.rooms.get(&id).filter(|room| room.members.is_empty())?;
        let key = room.name.key();
        self.by_folded.remove(&key.folded);
        self.by_skeleton.remove(&key.skeleton);
        self.rooms.remove(&id)
    }

    /// The rooms of a user, oldest first.
    #[must_use]
    pub fn of_user(&self, folded: &str) -> Vec<RoomId> {
        self.of_user.get(folded).into_iter().flatten().copied().collect()
    }
}

impl Room {
    /// Whether a connection's user is asked in; `proved` is whether they have proved who they are.
    #[must_use]
    pub fn invites(&self, folded: &str, conn: ConnId, proved: bool) -> bool {
        self.invited.get(folded).is_some_and(|invited| match invited.only {
            Some(only) => only == conn,
            None => proved,
        })
    }

    /// Whether nobody is in it but such as only claimed their names, and none of them is here.
    #[must_use]
    pub fn is_abandoned(&self) -> bool {
        self.online.is_empty() && self.members.values().all(|member| !member.proved)
    }

    /// The role of a member.
    #[must_use]
    pub fn role(&self, folded: &str) -> Option<RoomRole> {
        self.members.get(folded).map(|member| member.role)
    }
}
