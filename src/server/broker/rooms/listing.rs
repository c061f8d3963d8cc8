//! Answers about rooms: their list, members and modes.
//!
//! Must not know: how rooms are made (`membership`), or what users may do there (`moderation`).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::room::Room;
use super::{Place, Rooms};
use crate::model::{FoldedName, Name};
use crate::protocol::{Envelope, Event, Relation, RoomEvent, RoomInfo};
use crate::server::broker::caller::{Caller, Denial};
use crate::server::broker::outbox::Outbox;
use crate::server::broker::paging::{Allowance, each_group};
use crate::server::broker::peers::Peers;
use crate::server::ids::{ConnId, RoomId};
use crate::server::limits::{LINE_COST, LIST_BYTES};

/// The cost of one room beside its topic, in bytes, roughly.
const ROOM_BYTES: usize = 256;

impl Rooms {
    /// Lists the rooms that a user may know of.
    pub(in crate::server::broker) fn list(&self, peers: &Peers, caller: &Caller, out: &mut Outbox) {
        let (conn, reference) = (caller.conn, &caller.reference);
        let batch = Some(format!("rooms-{conn}"));
        let frame =
            |event| Envelope { batch: batch.clone(), ..Envelope::answer(reference.clone(), Event::Room(event)) };
        let user = caller.user.folded();
        let mut own: Vec<&Room> = self.registry.of_user(&user).into_iter().filter_map(|id| self.get(id)).collect();
        own.retain(|room| room.members.is_online(conn));
        // The user's own rooms come first, then the largest.
        own.sort_by_key(|room| (Reverse(room.members.len()), room.id));
        let index = self.registry.index();
        let mut by_size = if caller.role.is_moderator() { &index.by_size } else { &index.public }.iter().peekable();
        let secret = |room: &&Room| room.private && !caller.role.is_moderator();
        let invited = self.invited.rooms_of(&user).filter_map(|id| self.get(id)).filter(secret);
        let invited = invited.filter(|room| self.invites(room.id, &user, conn, caller.proved));
        let invited: BTreeSet<_> = invited.map(|room| (Reverse(room.members.len()), room.id)).collect();
        let mut invited = invited.iter().peekable();
        let others = std::iter::from_fn(|| match (by_size.peek(), invited.peek()) {
            (Some(first), Some(second)) if second < first => invited.next(),
            (None, Some(_)) => invited.next(),
            _ => by_size.next(),
        });
        let others = others.filter_map(|(_, id)| self.get(*id)).filter(|room| !room.members.is_online(conn));
        let (mut allowance, mut more) = (Allowance::default(), false);
        for room in own.into_iter().chain(others) {
            if !allowance.takes(room.modes.topic.as_str().len() + ROOM_BYTES) {
                more = true;
                break;
            }
            let place = Place::Room(room.id, room.name.clone());
            out.charge(LINE_COST);
            out.send(conn, &frame(RoomEvent::Told(self.info(peers, &place, Some((conn, &user))))));
        }
        out.send(conn, &frame(RoomEvent::RoomsEnd { more }));
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
        let mut those: BTreeMap<_, Vec<&Name>> = BTreeMap::new();
        for (member, online) in room.members.with_presence() {
            let group = (Reverse(member.role), Reverse(online), Reverse(member.proved));
            those.entry(group).or_default().push(&member.name);
        }
        out.charge(room.members.len());
        for ((Reverse(role), Reverse(online), Reverse(verified)), names) in those {
            for names in each_group(names.into_iter(), LIST_BYTES) {
                if !allowance.takes(LIST_BYTES) {
                    more = true;
                    break;
                }
                let event = RoomEvent::Members { room: room.name.clone(), role, online, names };
                let answer = Envelope::answer(reference.clone(), Event::Room(event));
                out.send(conn, &Envelope { batch: batch.clone(), verified, ..answer });
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
        let Some(user) = peers.folded(conn) else { return };
        let info = self.info(peers, &Place::Room(id, room.name.clone()), Some((conn, &user)));
        out.send(conn, &Envelope::answer(reference, Event::Room(RoomEvent::Told(info))));
    }

    /// The state of a room; with the relation of a connection's user to it, if requested.
    pub(super) fn info(&self, peers: &Peers, place: &Place, asker: Option<(ConnId, &FoldedName)>) -> RoomInfo {
        let modes = self.modes(place).unwrap_or(&self.everyone.modes);
        let room = place.room().and_then(|id| self.registry.get(id));
        let you = asker.zip(room).map(|((conn, user), room)| self.relation(peers, (conn, user), room));
        RoomInfo {
            place: place.target(),
            private: room.is_some_and(|room| room.private),
            members: room.map_or(peers.users(), |room| room.members.len()),
            slow: modes.slow,
            read_only: modes.read_only,
            locked: modes.locked,
            no_calls: modes.no_calls,
            topic: modes.topic.clone(),
            you,
        }
    }

    /// The relation of a connection's user to a room.
    fn relation(&self, peers: &Peers, (conn, user): (ConnId, &FoldedName), room: &Room) -> Relation {
        match room.role(user).filter(|_| room.members.is_online(conn)) {
            Some(role) => Relation::Inside(role),
            None if self.invites(room.id, user, conn, peers.has_proved(conn)) => Relation::Invited,
            None => Relation::Outside,
        }
    }
}
