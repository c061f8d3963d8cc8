//! The invitations to rooms that wait for their users: by room, by user, and in the order in which they were made.
//!
//! Must not know: who may invite whom, or what an invitation opens.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::{FoldedName, Name, Timestamp};
use crate::server::broker::shares::Shares;
use crate::server::ids::{ByConn, ConnId, RoomId};
use crate::server::in_order;
use crate::server::limits::{MAX_INVITED, MAX_INVITED_TO, ROOM_INVITATION_LIFE};
use serde::{Deserialize, Serialize};

/// An invitation of one user to one room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Invitee {
    /// The name, as spelled then.
    pub(super) name: Name,
    /// The only connection that the invitation is for, if its user only claims the name: another may come under it.
    /// `None` if it is for the owner of the name.
    pub(super) only: Option<ConnId>,
    /// The user who invites; blank if that is not known any more.
    pub(super) by: FoldedName,
}

/// An invitation that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Uninvited {
    /// The room.
    pub(super) room: RoomId,
    /// The user.
    pub(super) user: FoldedName,
    /// The name, as spelled then.
    pub(super) name: Name,
    /// Whether it was stored.
    pub(super) stored: bool,
}

/// The room has [`MAX_INVITED`] invitations, or the user [`MAX_INVITED_TO`], and nobody has a larger share than the user
/// who invites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooManyInvited;

/// All invitations to rooms. Each has a number, which grows with time.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Invited {
    all: BTreeMap<u64, Waiting>,
    #[serde(serialize_with = "in_order::map")]
    of_room: HashMap<RoomId, OfRoom>,
    #[serde(serialize_with = "in_order::map")]
    to_user: HashMap<FoldedName, BTreeMap<RoomId, u64>>,
    #[serde(serialize_with = "in_order::map")]
    only_for: ByConn<BTreeSet<u64>>,
    next: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct Waiting {
    room: RoomId,
    user: FoldedName,
    invitee: Invitee,
    since: Timestamp,
}

/// The invitations to one room.
#[derive(Debug, Default, Serialize, Deserialize)]
struct OfRoom {
    by_user: BTreeMap<FoldedName, u64>,
    shares: Shares,
}

impl Invited {
    /// The invitation of a user to a room.
    pub(super) fn get(&self, room: RoomId, user: &FoldedName) -> Option<&Invitee> {
        let number = self.to_user.get(user)?.get(&room)?;
        self.all.get(number).map(|waiting| &waiting.invitee)
    }

    /// The rooms that a user is invited to, oldest first.
    pub(super) fn rooms_of(&self, user: &FoldedName) -> impl Iterator<Item = RoomId> {
        self.to_user.get(user).into_iter().flat_map(BTreeMap::keys).copied()
    }

    /// Adds an invitation; it replaces that of the same user. Returns the one that ends for it: where there are too many,
    /// the oldest of the user with the largest share.
    pub(super) fn add(
        &mut self,
        room: RoomId,
        invitee: Invitee,
        now: Timestamp,
    ) -> Result<Option<Uninvited>, TooManyInvited> {
        let user = invitee.name.folded();
        let mut ended = None;
        if self.get(room, &user).is_none() {
            let full = self.of_room.get(&room).filter(|of_room| of_room.by_user.len() >= MAX_INVITED);
            if let Some(full) = full {
                let oldest = full.shares.oldest_of_the_largest(&invitee.by).ok_or(TooManyInvited)?;
                ended = self.end(oldest);
            }
            if self.to_user.get(&user).is_some_and(|rooms| rooms.len() >= MAX_INVITED_TO) {
                let oldest = self.oldest_of_the_largest(&user, &invitee.by).ok_or(TooManyInvited)?;
                ended = self.end(oldest);
            }
        }
        self.remove(room, &user);
        self.insert(room, user, invitee, now);
        Ok(ended)
    }

    /// Adds an invitation without asking for the limits.
    pub(super) fn restore(&mut self, room: RoomId, name: Name, now: Timestamp) {
        let user = name.folded();
        self.insert(room, user, Invitee { name, only: None, by: FoldedName::default() }, now);
    }

    /// Ends the invitation of a user to a room.
    pub(super) fn remove(&mut self, room: RoomId, user: &FoldedName) -> Option<Uninvited> {
        let number = *self.to_user.get(user)?.get(&room)?;
        self.end(number)
    }

    /// Ends all invitations to a room.
    pub(super) fn forget_room(&mut self, room: RoomId) -> Vec<Uninvited> {
        let numbers: Vec<u64> =
            self.of_room.get(&room).into_iter().flat_map(|of_room| of_room.by_user.values().copied()).collect();
        numbers.into_iter().filter_map(|number| self.end(number)).collect()
    }

    /// Ends all invitations of a user.
    pub(super) fn forget_user(&mut self, user: &FoldedName) -> Vec<Uninvited> {
        let numbers: Vec<u64> = self.to_user.get(user).into_iter().flat_map(|rooms| rooms.values().copied()).collect();
        numbers.into_iter().filter_map(|number| self.end(number)).collect()
    }

    /// Ends the invitations that are for a connection alone, which is gone.
    pub(super) fn forget_connection(&mut self, conn: ConnId) {
        for number in self.only_for.remove(&conn).unwrap_or_default() {
            self.end(number);
        }
    }

    /// Ends invitations that nobody has followed for [`ROOM_INVITATION_LIFE`], `most` of them.
    pub(super) fn expire(&mut self, now: Timestamp, most: usize) -> Vec<Uninvited> {
        let over = self.all.iter().take_while(|(_, waiting)| now.since(waiting.since) >= ROOM_INVITATION_LIFE);
        let over: Vec<u64> = over.take(most).map(|(number, _)| *number).collect();
        over.into_iter().filter_map(|number| self.end(number)).collect()
    }

    /// Of a user's invitations, the oldest by whoever made most of them, if that is more than `by` made.
    fn oldest_of_the_largest(&self, user: &FoldedName, by: &FoldedName) -> Option<u64> {
        let mut shares = Shares::default();
        for number in self.to_user.get(user)?.values() {
            if let Some(waiting) = self.all.get(number) {
                shares.add(waiting.invitee.by.clone(), *number);
            }
        }
        shares.oldest_of_the_largest(by)
    }

    fn insert(&mut self, room: RoomId, user: FoldedName, invitee: Invitee, since: Timestamp) {
        let number = self.next;
        self.next += 1;
        let of_room = self.of_room.entry(room).or_default();
        of_room.by_user.insert(user.clone(), number);
        of_room.shares.add(invitee.by.clone(), number);
        self.to_user.entry(user.clone()).or_default().insert(room, number);
        if let Some(only) = invitee.only {
            self.only_for.entry(only).or_default().insert(number);
        }
        self.all.insert(number, Waiting { room, user, invitee, since });
    }

    fn end(&mut self, number: u64) -> Option<Uninvited> {
        let Waiting { room, user, invitee, since: _ } = self.all.remove(&number)?;
        if let Some(of_room) = self.of_room.get_mut(&room) {
            of_room.by_user.remove(&user);
            of_room.shares.remove(&invitee.by, number);
            if of_room.by_user.is_empty() {
                self.of_room.remove(&room);
            }
        }
        if let Some(rooms) = self.to_user.get_mut(&user) {
            rooms.remove(&room);
            if rooms.is_empty() {
                self.to_user.remove(&user);
            }
        }
        if let Some(only) = invitee.only
            && let Some(numbers) = self.only_for.get_mut(&only)
        {
            numbers.remove(&number);
            if numbers.is_empty() {
                self.only_for.remove(&only);
            }
        }
        Some(Uninvited { room, user, stored: invitee.only.is_none(), name: invitee.name })
    }
}
