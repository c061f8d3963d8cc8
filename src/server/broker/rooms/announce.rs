//! Sends events to all members of a room, and announces arrivals and departures.
//!
//! Must not know: why an event is sent.

use std::collections::BTreeMap;

use super::{Place, Rooms};
use crate::model::{Name, RoomName, Text};
use crate::protocol::words::IS_NOW;
use crate::protocol::{Envelope, Event, RoomEvent};
use crate::server::broker::outbox::Outbox;
use crate::server::broker::paging::each_group;
use crate::server::ids::{ConnId, RoomId};
use crate::server::limits::LIST_BYTES;

/// Why connections to a server end that is lost.
pub(in crate::server::broker) const NODE_LOST: &str = "node lost";
/// Why connections to a server end that sends its users to others.
pub(in crate::server::broker) const SENT_ELSEWHERE: &str = "sent elsewhere";

impl Rooms {
    /// Sends an event to all users of a place, except one.
    pub(in crate::server::broker) fn say(
        &self,
        place: &Place,
        except: Option<ConnId>,
        envelope: &Envelope,
        out: &mut Outbox,
    ) {
        match place {
            Place::Everyone => out.broadcast(except, envelope),
            Place::Room(id, _) => self.say_in_room(*id, except, envelope, out),
        }
    }

    /// Sends an event to all members of a room, except one.
    pub(in crate::server::broker) fn say_in_room(
        &self,
        id: RoomId,
        except: Option<ConnId>,
        envelope: &Envelope,
        out: &mut Outbox,
    ) {
        if let Some(room) = self.registry.get(id) {
            out.send_to_room(id, room.members.hearers(), except, envelope);
        }
    }

    /// Announces that a user joined; `users` includes them.
    pub(in crate::server::broker) fn arrive(
        &mut self,
        (conn, name): (ConnId, &Name),
        verified: bool,
        users: usize,
        out: &mut Outbox,
    ) {
        if self.everyone.presence.join(name, verified, users) {
            let joined = Event::Joined(vec![name.clone()]);
            out.broadcast(Some(conn), &Envelope { verified, ..joined.into() });
        }
    }

    /// Announces that a user left, for this reason; `users` still includes them.
    pub(in crate::server::broker) fn depart(
        &mut self,
        (conn, name): (ConnId, &Name),
        verified: bool,
        users: usize,
        why: &str,
        out: &mut Outbox,
    ) {
        if verified && [NODE_LOST, SENT_ELSEWHERE].contains(&why) {
            return self.everyone.presence.lose(name);
        }
        let at_once = self.everyone.presence.leave(name, verified, users);
        // Who takes another name must not be lost among many: what is gathered has no reasons.
        if !at_once && why.starts_with(IS_NOW) {
            self.everyone.presence.forget(name);
        }
        if at_once || why.starts_with(IS_NOW) {
            let left = Event::Left(vec![name.clone()], Some(Text::line(why)));
            out.broadcast(Some(conn), &left.into());
        }
    }

    /// The last user left: nobody remains to be told of arrivals and departures, and newcomers need not know.
    pub(in crate::server::broker) fn forget_presence(&mut self) {
        self.everyone.presence.clear();
    }

    /// Announces the collected arrivals and departures of large rooms.
    pub(in crate::server::broker) fn announce(&mut self, out: &mut Outbox) {
        self.everyone.presence.wait();
        if !self.everyone.presence.is_quiet() {
            let (left, joined) = self.everyone.presence.take();
            for names in gathered(left.keys()) {
                out.broadcast(None, &Event::Left(names, None).into());
            }
            for (names, verified) in by_proof(&joined) {
                out.broadcast(None, &Envelope { verified, ..Event::Joined(names).into() });
            }
        }
        let mut told: Vec<(RoomId, RoomName, _, _)> = Vec::new();
        for id in self.registry.index().gathering.clone() {
            let Some(mut room) = self.registry.get_mut(id) else { continue };
            let (left, joined) = room.presence.take();
            told.push((room.id, room.name.clone(), left, joined));
        }
        for (id, room, left, joined) in told {
            for names in gathered(left.keys()) {
                let left = RoomEvent::Left { room: room.clone(), names, why: None };
                self.say_in_room(id, None, &Event::Room(left).into(), out);
            }
            for (names, verified) in by_proof(&joined) {
                let joined = RoomEvent::Joined { room: room.clone(), names };
                self.say_in_room(id, None, &Envelope { verified, ..Event::Room(joined).into() }, out);
            }
        }
    }
}

/// Names in groups that fit a frame; none if there are no names.
fn gathered<'a>(names: impl Iterator<Item = &'a Name>) -> impl Iterator<Item = Vec<Name>> {
    each_group(names, LIST_BYTES).filter(|group| !group.is_empty())
}

/// The names of those who joined, in groups: the verified ones first.
fn by_proof(joined: &BTreeMap<Name, bool>) -> impl Iterator<Item = (Vec<Name>, bool)> {
    [true, false].into_iter().flat_map(|verified| {
        let names = joined.iter().filter(move |(_, proved)| **proved == verified).map(|(name, _)| name);
        gathered(names).map(move |group| (group, verified))
    })
}
