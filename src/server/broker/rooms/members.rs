//! The members of one room: their roles, which of them are online, and which only claim a name and are away.
//!
//! Must not know: the room's name and modes, or the other rooms.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{FoldedName, Name, RoomRole, Timestamp};
use crate::server::broker::outbox::hearers::Hearers;
use crate::server::broker::user_conns::UserConns;
use crate::server::ids::{ByConn, ConnId};
use crate::server::in_order;
use serde::{Deserialize, Serialize};

/// A member of a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The name, as spelled last.
    pub name: Name,
    /// The role in the room.
    pub role: RoomRole,
    /// Whether the member is verified.
    pub proved: bool,
}

/// All members of a room.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Members {
    all: BTreeMap<FoldedName, Seat>,
    /// The connections of the online members whose clients support rooms, in the order in which they are sent to.
    online: Hearers,
    /// Whose they are.
    #[serde(serialize_with = "in_order::map")]
    users: ByConn<FoldedName>,
    /// Members who only claim their names and are away, those who left first in front.
    ghosts: BTreeSet<(Timestamp, FoldedName)>,
    verified: usize,
    /// How many are here, in however many sessions.
    present: usize,
    /// The members above the others.
    raised: BTreeSet<FoldedName>,
}

/// A member, and where they are.
#[derive(Debug, Serialize, Deserialize)]
struct Seat {
    member: Member,
    presence: Whereabouts,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Whereabouts {
    /// In these sessions.
    Here(UserConns),
    /// Since this moment of the steady clock.
    Away(Timestamp),
}

impl Members {
    /// The number of members.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The members, in the order of their names.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Member> {
        self.all.values().map(|seat| &seat.member)
    }

    /// The members, in the order of their names, each with whether they are online.
    pub(super) fn with_presence(&self) -> impl Iterator<Item = (&Member, bool)> {
        self.all.values().map(|seat| (&seat.member, matches!(seat.presence, Whereabouts::Here(_))))
    }

    /// A member by name.
    pub(super) fn get(&self, user: &FoldedName) -> Option<&Member> {
        self.all.get(user).map(|seat| &seat.member)
    }

    /// Whether a user is a member.
    pub(super) fn contains(&self, user: &FoldedName) -> bool {
        self.all.contains_key(user)
    }

    /// The members whose role is above that of the others.
    pub(super) fn raised(&self) -> impl Iterator<Item = &Member> {
        self.raised.iter().filter_map(|user| self.get(user))
    }

    /// Whether a connection's user is here.
    pub(super) fn is_online(&self, conn: ConnId) -> bool {
        self.users.contains_key(&conn)
    }

    /// The connections of those who are here.
    pub(super) fn online(&self) -> impl Iterator<Item = ConnId> {
        self.online.iter()
    }

    /// The same, as those who hear what is said in the room.
    pub(super) fn hearers(&self) -> &Hearers {
        &self.online
    }

    /// How many members are here.
    pub(super) fn present(&self) -> usize {
        self.present
    }

    /// The connections over which a member is here.
    pub(super) fn conns_of(&self, user: &FoldedName) -> impl Iterator<Item = ConnId> + '_ {
        let here = self.all.get(user).and_then(|seat| match &seat.presence {
            Whereabouts::Here(conns) => Some(conns),
            Whereabouts::Away(_) => None,
        });
        here.into_iter().flat_map(UserConns::iter)
    }

    /// Whether all members only claim their names, and none of them is here.
    pub(super) fn are_abandoned(&self) -> bool {
        self.online.is_empty() && self.verified == 0
    }

    /// The member who only claims a name and has been away longest, and since when.
    pub(super) fn oldest_ghost(&self) -> Option<(Timestamp, &FoldedName)> {
        self.ghosts.first().map(|(since, user)| (*since, user))
    }

    /// How many members only claim their names and are away.
    pub(super) fn ghosts(&self) -> usize {
        self.ghosts.len()
    }

    /// Adds a member, or changes one, who stays here or away. A new one is away since `now`.
    pub(super) fn put(&mut self, member: Member, now: Timestamp) {
        let user = member.name.folded();
        let presence = self.take(&user).map_or(Whereabouts::Away(now), |seat| seat.presence);
        self.seat(user, Seat { member, presence });
    }

    /// A member is here over a connection, perhaps beside others.
    pub(super) fn come(&mut self, user: &FoldedName, conn: ConnId) {
        let presence = match self.all.get(user).map(|seat| &seat.presence) {
            Some(Whereabouts::Here(conns)) => {
                let mut conns = conns.clone();
                conns.add(conn);
                conns
            }
            Some(Whereabouts::Away(_)) | None => UserConns::one(conn),
        };
        self.place(user, Whereabouts::Here(presence));
    }

    /// A connection has gone. Returns its member if it was their last one, so that they are away now.
    pub(super) fn go(&mut self, conn: ConnId, now: Timestamp) -> Option<&Member> {
        let user = self.users.get(&conn)?.clone();
        let Whereabouts::Here(conns) = &self.all.get(&user)?.presence else { return None };
        if let Some(others) = conns.clone().without(conn) {
            self.place(&user, Whereabouts::Here(others));
            return None;
        }
        self.place(&user, Whereabouts::Away(now));
        self.get(&user)
    }

    /// Removes a member; says over which connections they were here.
    pub(super) fn remove(&mut self, user: &FoldedName) -> Option<(Member, Option<UserConns>)> {
        let Seat { member, presence } = self.take(user)?;
        let here = if let Whereabouts::Here(conns) = presence { Some(conns) } else { None };
        Some((member, here))
    }

    fn place(&mut self, user: &FoldedName, presence: Whereabouts) {
        if let Some(seat) = self.take(user) {
            self.seat(user.clone(), Seat { presence, ..seat });
        }
    }

    fn take(&mut self, user: &FoldedName) -> Option<Seat> {
        let seat = self.all.remove(user)?;
        match &seat.presence {
            Whereabouts::Here(conns) => {
                self.present -= 1;
                conns.iter().for_each(|conn| {
                    self.online.remove(conn);
                    self.users.remove(&conn);
                });
            }
            Whereabouts::Away(since) if !seat.member.proved => drop(self.ghosts.remove(&(*since, user.clone()))),
            Whereabouts::Away(_) => {}
        }
        self.verified -= usize::from(seat.member.proved);
        self.raised.remove(user);
        Some(seat)
    }

    fn seat(&mut self, user: FoldedName, seat: Seat) {
        match &seat.presence {
            Whereabouts::Here(conns) => {
                self.present += 1;
                conns.iter().for_each(|conn| {
                    self.online.add(conn);
                    self.users.insert(conn, user.clone());
                });
            }
            Whereabouts::Away(since) if !seat.member.proved => drop(self.ghosts.insert((*since, user.clone()))),
            Whereabouts::Away(_) => {}
        }
        self.verified += usize::from(seat.member.proved);
        if seat.member.role != RoomRole::Member {
            self.raised.insert(user.clone());
        }
        self.all.insert(user, seat);
    }
}
