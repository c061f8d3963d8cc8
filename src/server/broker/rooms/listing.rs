//! Answers about rooms: their list, members and modes.
//!
//! Must not know: how rooms are made (`membership`), or what users may do there (`moderation`).

use std::cmp::Reverse;

use super::place::may_see;
use super::room::{Member, Room};
use super::{Place, Rooms};
use crate::model::RoomRole;
use crate::protocol::{Envelope, Event, Relation, RoomEvent, RoomInfo};
use crate::server::broker::caller::{Caller, Denial};
use crate::server::broker::outbox::Outbox;
use crate::server::broker::paging::{Allowance, groups};
use crate::server::broker::peers::Peers;
use crate::server::ids::{ConnId, RoomId};
use crate::server::limits::LIST_BYTES;

/// The cost of one room beside its topic, in bytes, roughly.
const ROOM_BYTES: usize = 256;

impl Rooms {
    /// Lists the rooms that a user may know of.
    pub(in crate::server::broker) fn list(&self, peers: &Peers, caller: &Caller, out: &mut Outbox) {
        let (conn, reference) = (caller.conn, &caller.reference);
        let batch = Some(format!("rooms-{conn}"));
        let frame =
            |event| Envelope { batch: batch.clone(), ..Envelope::answer(reference.clone(), Event::Room(event)) };
        let mut rooms: Vec<&Room> = self.registry.iter().filter(|room| may_see(peers, conn, room)).collect();
        // The user's own rooms come first, then the largest.
        rooms.sort_by_key(|room| (!room.online.contains(&conn), Reverse(room.members.len()), room.id));
        let mut allowance = Allowance::default();
        let told = rooms.iter().take_while(|room| allowance.takes(room.modes.topic.as_str().len() + ROOM_BYTES));
        let mut count = 0;
        for room in told {
            let place = Place::Room(room.id, room.name.clone());
            out.send(conn, &frame(RoomEvent::Told(self.info(peers, &place, Some(conn)))));
            count += 1;
        }
        out.send(conn, &frame(RoomEvent::RoomsEnd { more: count < rooms.len() }));
    }

    /// Lists the members of a room: by role, the online ones first, then the verified ones.
    pub(in crate::server::broker) fn list_members(
        &self,
        peers: &Peers,
        caller: &Caller,
        written: &str,
        out: &mut Outbox,
    ) -> Result<(), Denial> {
        let (conn, reference) = (caller.conn, &caller.reference);
        let room = self.visible(peers, conn, written)?;
        let batch = Some(format!("members-{conn}"));
        let (mut allowance, mut more) = (Allowance::default(), false);
        for role in [RoomRole::Maker, RoomRole::Moderator, RoomRole::Member] {
            for (online, verified) in [(true, true), (true, false), (false, true), (false, false)] {
                let here = |member: &&Member| {
                    let conn = peers.find(member.name.as_str());
                    conn.is_some_and(|conn| room.online.contains(&conn)) == online
                };
                let those = room.members.values().filter(|member| member.role == role && member.proved == verified);
                let names = those.filter(here).map(|member| &member.name);
                for names in groups(names, LIST_BYTES).into_iter().filter(|group| !group.is_empty()) {
                    if !allowance.takes(LIST_BYTES) {
                        more = true;
                        continue;
                    }
                    let event = RoomEvent::Members { room: room.name.clone(), role, online, names };
                    let answer = Envelope::answer(reference.clone(), Event::Room(event));
                    out.send(conn, &Envelope { batch: batch.clone(), verified, ..answer });
                }
            }
        }
        let end =
            Envelope::answer(reference.clone(), Event::Room(RoomEvent::MembersEnd { room: room.name.clone(), more }));
        out.send(conn, &Envelope { batch, ..end });
        Ok(())
    }

    /// Sends a user the state of a room and their relation to it.
    pub(in crate::server::broker) fn tell_room(
        &self,
        peers: &Peers,
        conn: ConnId,
        reference: Option<String>,
        id: RoomId,
        out: &mut Outbox,
    ) {
        let Some(room) = self.registry.get(id) else { return };
        let info = self.info(peers, &Place::Room(id, room.name.clone()), Some(conn));
        out.send(conn, &Envelope::answer(reference, Event::Room(RoomEvent::Told(info))));
    }

    /// The state of a room; with the relation of a connection's user to it, if requested.
    pub(super) fn info(&self, peers: &Peers, place: &Place, asker: Option<ConnId>) -> RoomInfo {
        let modes = self.modes(place).unwrap_or(&self.everyone.modes);
        let room = place.room().and_then(|id| self.registry.get(id));
        let you = asker.zip(room).map(|(conn, room)| place_in(peers, conn, room));
        RoomInfo {
            place: place.target(),
            private: room.is_some_and(|room| room.private),
            members: room.map_or(peers.users(), |room| room.members.len()),
            slow: modes.slow,
            read_only: modes.read_only,
            locked: modes.locked,
            topic: modes.topic.clone(),
            you,
        }
    }
}

/// The relation of a connection's user to a room.
fn place_in(peers: &Peers, conn: ConnId, room: &Room) -> Relation {
    let Some(user) = peers.folded(conn) else { return Relation::Outside };
    match room.role(&user).filter(|_| room.online.contains(&conn)) {
        Some(role) => Relation::Inside(role),
        None if room.invites(&user, conn, peers.has_proved(conn)) => Relation::Invited,
        None => Relation::Outside,
    }
}
