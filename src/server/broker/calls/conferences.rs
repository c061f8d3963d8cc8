//! The calls of rooms: who is in which, and the numbers by which members know each other.
//!
//! Must not know: who is in a room, who may join its call, or how packets are relayed.

use std::collections::{BTreeMap, BTreeSet};

use super::{Calls, joined_too_often, started_too_often, too_many};
use crate::model::{Fingerprint, Name, RoomName, Timestamp};
use crate::protocol::conference::{Conference, ConferenceMember, InCall, MAX_CONFERENCE, MemberNumber};
use crate::protocol::leg::LegToken;
use crate::protocol::{CallId, Code};
use crate::server::broker::caller::Denial;
use crate::server::ids::{ConnId, RoomId};
use crate::server::relay::RelayId;

/// A user who is in a room's call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::server::broker) struct Attendee {
    /// The connection of the session.
    pub(in crate::server::broker) conn: ConnId,
    /// The user's name.
    pub(in crate::server::broker) name: Name,
    /// The key that the user proves to the others.
    pub(in crate::server::broker) key: Fingerprint,
    /// Whether the user is verified.
    pub(in crate::server::broker) proved: bool,
}

/// A user has joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server::broker) struct JoinedConference {
    /// The call of the room.
    pub(in crate::server::broker) id: CallId,
    /// The number under which it is relayed.
    pub(in crate::server::broker) relay: RelayId,
    /// The user's number in it.
    pub(in crate::server::broker) number: MemberNumber,
    /// What the user's client shows to have its leg.
    pub(in crate::server::broker) leg: LegToken,
    /// The UDP port of the relay; 0 if there is none.
    pub(in crate::server::broker) port: u16,
}

/// A user has left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::server::broker) struct LeftConference {
    /// The user.
    pub(in crate::server::broker) attendee: Attendee,
    /// The room.
    pub(in crate::server::broker) room: RoomId,
    /// The room's name when its call began.
    pub(in crate::server::broker) name: RoomName,
    /// The call of the room.
    pub(in crate::server::broker) id: CallId,
    /// The number under which it is relayed.
    pub(in crate::server::broker) relay: RelayId,
    /// The number that the user had in it.
    pub(in crate::server::broker) number: MemberNumber,
    /// Whether nobody is left, so that it is over.
    pub(in crate::server::broker) is_over: bool,
}

/// A room's call.
#[derive(Debug)]
struct OngoingConference {
    room: RoomName,
    id: CallId,
    relay: RelayId,
    members: BTreeMap<MemberNumber, Attendee>,
    /// How many have joined so far.
    joined: u64,
}

/// The calls of all rooms.
#[derive(Debug, Default)]
pub(super) struct Conferences {
    all: BTreeMap<RoomId, OngoingConference>,
    /// Those that each connection is in.
    of: BTreeMap<ConnId, BTreeSet<RoomId>>,
    relayed: BTreeMap<RelayId, RoomId>,
}

impl Conferences {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// The rooms in whose call a connection is.
    pub(super) fn of(&self, conn: ConnId) -> Vec<RoomId> {
        self.of.get(&conn).into_iter().flatten().copied().collect()
    }
}

impl OngoingConference {
    /// A number that nobody has. Those that were used long ago come again.
    fn free_number(&self) -> Option<MemberNumber> {
        let numbers = (0..=u64::from(u8::MAX)).map(|ahead| MemberNumber(((self.joined + ahead) % 256) as u8));
        numbers.into_iter().find(|number| !self.members.contains_key(number))
    }
}

impl Calls {
    /// A user joins a room's call; it begins with the first one, under the number that the user has chosen.
    pub(in crate::server::broker) fn join_conference(
        &mut self,
        now: Timestamp,
        (room, name): (RoomId, &RoomName),
        (attendee, own): (Attendee, &[ConnId]),
        id: CallId,
    ) -> Result<JoinedConference, Denial> {
        let conference = self.conferences.all.get(&room);
        if conference.is_some_and(|conference| conference.members.values().any(|member| member.conn == attendee.conn)) {
            return Err(Denial::new(Code::NotAllowed, format!("You are in the call of {name} already.")));
        }
        // Whoever is in it in another session leaves it there, and is one and the same user.
        let moves = |member: &Attendee| own.contains(&member.conn);
        if !conference.is_some_and(|conference| conference.members.values().any(moves)) {
            self.has_time(own)?;
        }
        match conference {
            None => self.relay_has_room()?,
            Some(conference)
                if conference.members.values().filter(|member| !moves(member)).count() >= MAX_CONFERENCE =>
            {
                let text = format!("There are {MAX_CONFERENCE} in the call of {name}, which is the most.");
                return Err(Denial::new(Code::CallFull, text));
            }
            Some(_) => {}
        }
        let user = attendee.name.folded();
        // Whoever joins others starts nothing.
        match conference {
            None => self.started.count(user, now).map_err(started_too_often)?,
            Some(_) => self.joined.count(user, now).map_err(joined_too_often)?,
        }
        if conference.is_none() {
            self.numbered += 1;
            let relay = RelayId(self.numbered);
            self.conferences.relayed.insert(relay, room);
            let (members, name) = (BTreeMap::new(), name.clone());
            let begun = OngoingConference { room: name, id, relay, members, joined: 0 };
            self.conferences.all.insert(room, begun);
        }
        let conference = self.conferences.all.get_mut(&room);
        let place = conference.and_then(|conference| Some((conference.free_number()?, conference)));
        let Some((number, conference)) = place else { return Err(too_many("The call is full.".to_owned())) };
        let (id, relay) = (conference.id, conference.relay);
        let leg = self.tokens.of_member(id, relay, conference.joined);
        conference.joined += 1;
        self.conferences.of.entry(attendee.conn).or_default().insert(room);
        conference.members.insert(number, attendee);
        Ok(JoinedConference { id, relay, number, leg, port: self.port })
    }

    /// The user of a connection leaves a room's call; `None` if they are not in it.
    pub(in crate::server::broker) fn leave_conference(&mut self, conn: ConnId, room: RoomId) -> Option<LeftConference> {
        let conference = self.conferences.all.get_mut(&room)?;
        let number = *conference.members.iter().find(|(_, member)| member.conn == conn)?.0;
        let attendee = conference.members.remove(&number)?;
        let (id, relay, name) = (conference.id, conference.relay, conference.room.clone());
        let is_over = conference.members.is_empty();
        if is_over {
            self.conferences.all.remove(&room);
            self.conferences.relayed.remove(&relay);
        }
        if let Some(rooms) = self.conferences.of.get_mut(&conn) {
            rooms.remove(&room);
            if rooms.is_empty() {
                self.conferences.of.remove(&conn);
            }
        }
        Some(LeftConference { attendee, room, name, id, relay, number, is_over })
    }

    /// The rooms in whose call a connection is.
    pub(in crate::server::broker) fn conferences_of(&self, conn: ConnId) -> Vec<RoomId> {
        self.conferences.of(conn)
    }

    /// The connections in a room's call.
    pub(in crate::server::broker) fn attendees(&self, room: RoomId) -> Vec<ConnId> {
        let conference = self.conferences.all.get(&room);
        conference.into_iter().flat_map(|conference| conference.members.values().map(|member| member.conn)).collect()
    }

    /// A room that has a call.
    pub(in crate::server::broker) fn any_conference(&self) -> Option<RoomId> {
        self.conferences.all.keys().next().copied()
    }

    /// The room whose call is relayed under a number.
    pub(in crate::server::broker) fn conference_relayed(&self, relay: RelayId) -> Option<RoomId> {
        self.conferences.relayed.get(&relay).copied()
    }

    /// The connection of a member.
    pub(in crate::server::broker) fn attendee(&self, room: RoomId, number: MemberNumber) -> Option<ConnId> {
        Some(self.conferences.all.get(&room)?.members.get(&number)?.conn)
    }

    /// Who is in a room's call; `None` if there is none.
    pub(in crate::server::broker) fn in_call(&self, room: RoomId) -> Option<InCall> {
        let OngoingConference { room, id, members, .. } = self.conferences.all.get(&room)?;
        let member = |(number, Attendee { name, key, proved, .. }): (&MemberNumber, &Attendee)| ConferenceMember {
            number: *number,
            key: *key,
            name: name.clone(),
            verified: *proved,
        };
        let conference = Conference { id: *id, members: members.iter().map(member).collect() };
        Some(InCall { room: room.clone(), conference: Some(conference) })
    }
}
