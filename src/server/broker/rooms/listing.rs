//! The part of the broker that tells of rooms: which there are, who is in them, how they are, and what is said to all in one.
//!
//! Must not know: how rooms come about (`room_life`), or who may do what there (`authority`).

use std::cmp::Reverse;

use super::{Member, Room};
use crate::model::RoomRole;
use crate::protocol::{Code, Envelope, Event, Place, RoomEvent, RoomInfo};
use crate::server::broker::Broker;
use crate::server::broker::access::names::{Allowance, groups};
use crate::server::broker::moderation::ranks::Spot;
use crate::server::broker::outbox::Outbox;
use crate::server::ids::ConnId;
use crate::server::ids::RoomId;
use crate::server::limits::LIST_BYTES;

/// What is told of a room beside its topic, in bytes, at most about.
const ROOM_BYTES: usize = 256;

impl Broker {
    /// Tells which rooms there are.
    pub(in crate::server) fn list_rooms(&self, conn: ConnId, reference: Option<String>, out: &mut Outbox) {
        let batch = Some(format!("rooms-{conn}"));
        let frame =
            |event| Envelope { batch: batch.clone(), ..Envelope::answer(reference.clone(), Event::Room(event)) };
        let mut rooms: Vec<&Room> = self.rooms.iter().filter(|room| self.may_see(conn, room)).collect();
        // The user's own come first, then those with the most in them.
        rooms.sort_by_key(|room| (!room.online.contains(&conn), Reverse(room.members.len()), room.id));
        let mut allowance = Allowance::default();
        let told = rooms.iter().take_while(|room| allowance.takes(room.modes.topic.as_str().len() + ROOM_BYTES));
        let mut count = 0;
        for room in told {
            let spot = Spot::Room(room.id, room.name.clone());
            out.send(conn, &frame(RoomEvent::Told(self.info(&spot, Some(conn)))));
            count += 1;
        }
        out.send(conn, &frame(RoomEvent::RoomsEnd { more: count < rooms.len() }));
    }

    /// Tells who is in a room.
    pub(in crate::server) fn list_members(
        &self,
        conn: ConnId,
        reference: Option<String>,
        written: &str,
        out: &mut Outbox,
    ) -> Result<(), (Code, String)> {
        let room = self.visible(conn, written)?;
        let batch = Some(format!("members-{conn}"));
        let (mut allowance, mut more) = (Allowance::default(), false);
        for role in [RoomRole::Maker, RoomRole::Moderator, RoomRole::Member] {
            for (online, verified) in [(true, true), (true, false), (false, true), (false, false)] {
                let here = |member: &&Member| {
                    let conn = self.names.find(member.name.as_str());
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
        let end = Envelope::answer(reference, Event::Room(RoomEvent::MembersEnd { room: room.name.clone(), more }));
        out.send(conn, &Envelope { batch, ..end });
        Ok(())
    }

    /// Tells a user how a room is, and what they are in it.
    pub(in crate::server) fn tell_room(&self, conn: ConnId, reference: Option<String>, id: RoomId, out: &mut Outbox) {
        let Some(room) = self.rooms.get(id) else { return };
        let info = self.info(&Spot::Room(id, room.name.clone()), Some(conn));
        out.send(conn, &Envelope::answer(reference, Event::Room(RoomEvent::Told(info))));
    }

    /// How a place is; with what it is to a connection's user, if that is asked for.
    pub(in crate::server) fn info(&self, spot: &Spot, asker: Option<ConnId>) -> RoomInfo {
        let modes = self.modes(spot).unwrap_or(&self.everyone);
        let room = spot.room().and_then(|id| self.rooms.get(id));
        let you = asker.zip(room).map(|(conn, room)| self.place_in(conn, room));
        RoomInfo {
            place: spot.target(),
            private: room.is_some_and(|room| room.private),
            members: room.map_or(self.names.len(), |room| room.members.len()),
            slow: modes.slow,
            read_only: modes.read_only,
            locked: modes.locked,
            topic: modes.topic.clone(),
            you,
        }
    }

    fn place_in(&self, conn: ConnId, room: &Room) -> Place {
        let Some(key) = self.key_of(conn) else { return Place::Outside };
        match room.role(&key.folded).filter(|_| room.online.contains(&conn)) {
            Some(role) => Place::Inside(role),
            None if room.invites(&key.folded, conn, self.has_proved(conn)) => Place::Invited,
            None => Place::Outside,
        }
    }

    /// Says something to all in a place, but for one.
    pub(in crate::server) fn say_at(&self, spot: &Spot, except: Option<ConnId>, envelope: &Envelope, out: &mut Outbox) {
        match spot {
            Spot::Everyone => out.broadcast(except, envelope),
            Spot::Room(id, _) => self.say_in_room(*id, except, envelope, out),
        }
    }

    pub(in crate::server) fn say_in_room(
        &self,
        id: RoomId,
        except: Option<ConnId>,
        envelope: &Envelope,
        out: &mut Outbox,
    ) {
        if let Some(room) = self.rooms.get(id) {
            out.send_to_all(room.online.iter().copied().filter(|conn| Some(*conn) != except), envelope);
        }
    }

    /// Tells who came and went in large rooms, gathered.
    pub(in crate::server) fn tell_room_presence(&mut self, out: &mut Outbox) {
        let mut told = Vec::new();
        for room in self.rooms.iter_mut().filter(|room| !room.presence.is_empty()) {
            let (left, joined) = room.presence.take();
            told.push((room.id, room.name.clone(), left, joined));
        }
        for (id, room, left, joined) in told {
            for names in groups(left.keys(), LIST_BYTES).into_iter().filter(|group| !group.is_empty()) {
                let left = RoomEvent::Left { room: room.clone(), names, why: None };
                self.say_in_room(id, None, &Event::Room(left).into(), out);
            }
            for verified in [true, false] {
                let names = joined.iter().filter(|(_, proved)| **proved == verified).map(|(name, _)| name);
                for names in groups(names, LIST_BYTES).into_iter().filter(|group| !group.is_empty()) {
                    let joined = RoomEvent::Joined { room: room.clone(), names };
                    self.say_in_room(id, None, &Envelope { verified, ..Event::Room(joined).into() }, out);
                }
            }
        }
    }
}
