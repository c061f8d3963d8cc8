//! Users who connect return to their rooms; users who disconnect may lose rights.
//!
//! Must not know: who is banned, which callers say, or how a session ends.

use super::membership::Ended;
use super::room::Member;
use super::{Place, Rooms, facts};
use crate::model::{FoldedName, Name, RoomRole};
use crate::protocol::{Event, RoomEvent};
use crate::server::broker::outbox::Outbox;
use crate::server::broker::peers::Peers;
use crate::server::ids::{ConnId, RoomId};

impl Rooms {
    /// Returns a user who has joined to their rooms, except those that they were `banned` from meanwhile.
    pub(in crate::server::broker) fn come_back(
        &mut self,
        peers: &Peers,
        (conn, name): (ConnId, &Name),
        banned: &[RoomId],
        out: &mut Outbox,
    ) -> Vec<Ended> {
        let (user, proved) = (name.folded(), peers.has_proved(conn));
        let mut ended = Vec::new();
        for id in self.registry.of_user(&user) {
            if banned.contains(&id) {
                ended.extend(self.take_out(peers, id, &user, None, out));
                continue;
            }
            let Some(room) = self.registry.get_mut(id) else { continue };
            let Some(member) = room.members.get_mut(&user) else { continue };
            if member.proved && !proved {
                // The member was verified, and this user is not.
                continue;
            }
            let present = Member { name: name.clone(), role: member.role, proved };
            let changed = *member != present;
            member.clone_from(&present);
            room.online.insert(conn);
            if changed {
                self.keep_member(id, &present, out);
            }
            self.tell_room(peers, conn, None, id, out);
        }
        if !self.everyone.modes.is_plain() {
            let info = self.info(peers, &Place::Everyone, None);
            out.send(conn, &Event::Room(RoomEvent::Told(info)).into());
        }
        ended
    }

    /// A connection's user goes. A user who only claims a name keeps no rights, and no place in a private room: another may
    /// come under that name.
    pub(in crate::server::broker) fn go_away(
        &mut self,
        peers: &Peers,
        conn: ConnId,
        user: &FoldedName,
        out: &mut Outbox,
    ) -> Vec<Ended> {
        let mut ended = Vec::new();
        for id in self.registry.of_user(user) {
            let Some(room) = self.registry.get_mut(id) else { continue };
            if !room.online.remove(&conn) {
                continue;
            }
            let private = room.private;
            let Some(member) = room.members.get_mut(user).filter(|member| !member.proved) else { continue };
            member.role = RoomRole::Member;
            if private {
                ended.extend(self.take_out(peers, id, user, None, out));
            }
        }
        ended
    }

    /// Takes a user out of all rooms.
    pub(in crate::server::broker) fn forget_member(
        &mut self,
        peers: &Peers,
        user: &FoldedName,
        out: &mut Outbox,
    ) -> Vec<Ended> {
        let rooms = self.registry.of_user(user).into_iter();
        rooms.filter_map(|id| self.take_out(peers, id, user, None, out)).collect()
    }

    /// A name has a new owner, who inherits nothing of the former owner's.
    pub(in crate::server::broker) fn forget_user(
        &mut self,
        peers: &Peers,
        user: &FoldedName,
        out: &mut Outbox,
    ) -> Vec<Ended> {
        let ended = self.forget_member(peers, user, out);
        for room in self.registry.iter_mut() {
            if room.invited.remove(user).is_some() {
                out.keep(facts::not_invited(room.id, user));
            }
        }
        ended
    }
}
