//! The members of one room, as far as they are known.
//!
//! Must not know: the room, or how its members are learnt.

use std::collections::BTreeMap;

use super::lookup_keys::folded;
use crate::model::{Name, RoomRole};

/// The members of a room by their name with its case folded, those online first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoomMembers {
    online: BTreeMap<String, RoomMember>,
    offline: BTreeMap<String, RoomMember>,
    /// Whether there are more than are kept.
    pub more: bool,
}

/// A member of a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomMember {
    /// The name.
    pub name: Name,
    /// The role.
    pub role: RoomRole,
}

impl RoomMembers {
    /// Adds a member; `false` if they were there already.
    pub fn add(&mut self, name: Name, role: RoomRole, online: bool) -> bool {
        let key = folded(&name);
        let (here, there) =
            if online { (&mut self.online, &mut self.offline) } else { (&mut self.offline, &mut self.online) };
        there.remove(&key);
        here.insert(key, RoomMember { name, role }).is_none()
    }

    /// Removes a member.
    pub fn remove(&mut self, name: &Name) {
        let key = folded(name);
        if self.online.remove(&key).is_none() {
            self.offline.remove(&key);
        }
    }

    /// A member came online or went offline; ignored for others.
    pub fn turn(&mut self, name: &Name, online: bool) {
        let key = folded(name);
        let (from, to) =
            if online { (&mut self.offline, &mut self.online) } else { (&mut self.online, &mut self.offline) };
        if let Some(member) = from.remove(&key) {
            to.insert(key, member);
        }
    }

    /// A member has another name; ignored for others.
    pub(super) fn rename(&mut self, from: &Name, to: &Name) {
        let key = folded(from);
        for members in [&mut self.online, &mut self.offline] {
            if let Some(member) = members.remove(&key) {
                members.insert(folded(to), RoomMember { name: to.clone(), ..member });
            }
        }
    }

    /// A member has another role; ignored for others.
    pub(super) fn change(&mut self, name: &Name, role: RoomRole) {
        let key = folded(name);
        if let Some(member) = self.online.get_mut(&key).or_else(|| self.offline.get_mut(&key)) {
            member.role = role;
        }
    }

    /// All members and whether they are online, the online ones first.
    pub fn iter(&self) -> impl Iterator<Item = (&RoomMember, bool)> {
        self.online.values().map(|one| (one, true)).chain(self.offline.values().map(|one| (one, false)))
    }

    /// The number of members.
    #[must_use]
    pub fn len(&self) -> usize {
        self.online.len() + self.offline.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
