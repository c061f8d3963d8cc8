//! Users who connect return to their rooms; users who disconnect may lose rights.
//!
//! Must not know: who is banned, which callers say, or how a session ends.

use super::inviting::keep_ended;
use super::members::Member;
use super::membership::Ended;
use super::{Place, Rooms, facts};
use crate::model::{FoldedName, Name, RoomRole, Text};
use crate::protocol::{Event, RoomEvent};
use crate::server::broker::outbox::{FactChange, Outbox};
use crate::server::broker::peers::Peers;
use crate::server::broker::user_conns::UserConns;
use crate::server::ids::{ConnId, RoomId};
use crate::server::limits::MAX_GHOSTS;

impl Rooms {
    /// Puts a user who has just connected back into their rooms, and takes them out of those in `banned`. Returns the rooms
    /// that ended because of it.
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
                // Other sessions that are inside are told why they no longer are.
                let inside = self.registry.get(id).is_some_and(|room| room.members.conns_of(&user).next().is_some());
                let why = inside.then(|| Text::line("banned"));
                ended.extend(self.take_out(id, &user, why.as_ref(), out));
                continue;
            }
            let Some(member) = self.registry.get(id).and_then(|room| room.member(&user)) else { continue };
            if member.proved && !proved {
                // The member was verified, and this user is not.
                continue;
            }
            let present = Member { name: name.clone(), role: member.role, proved };
            let before = member.clone();
            if before != present {
                self.registry.enter(id, present.clone(), self.now);
                self.keep_member(id, Some(&before), &present, out);
            }
            if let Some(mut room) = self.registry.get_mut(id) {
                room.members.come(&user, conn);
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
        conn: ConnId,
        user: &FoldedName,
        out: &mut Outbox,
    ) -> Vec<Ended> {
        let mut ended = Vec::new();
        let now = self.now;
        for id in self.registry.of_user(user) {
            let Some(mut room) = self.registry.get_mut(id) else { continue };
            let Some(member) = room.members.go(conn, now).filter(|member| !member.proved) else { continue };
            let member = Member { role: RoomRole::Member, ..member.clone() };
            room.members.put(member, now);
            let (private, haunted) = (room.private, room.members.ghosts() > MAX_GHOSTS);
            drop(room);
            if private {
                ended.extend(self.take_out(id, user, None, out));
            } else if haunted {
                ended.extend(self.drop_ghost(id, out));
            }
        }
        ended
    }

    /// A user takes another name: they keep their places and roles, and invitations that wait for them.
    pub(in crate::server::broker) fn rename_user(&mut self, from: &FoldedName, to: &Name, out: &mut Outbox) {
        let user = to.folded();
        for id in self.registry.of_user(from) {
            let Some((before, here)) = self.registry.leave(id, from) else { continue };
            out.change(FactChange::of(facts::member(id, &before), facts::no_member(id, from)));
            let member = Member { name: to.clone(), ..before };
            self.registry.enter(id, member.clone(), self.now);
            self.keep_member(id, None, &member, out);
            let Some(mut room) = self.registry.get_mut(id) else { continue };
            here.iter().flat_map(UserConns::iter).for_each(|conn| room.members.come(&user, conn));
            room.modes.rename_speaker(from, &user);
        }
        self.everyone.modes.rename_speaker(from, &user);
        keep_ended(self.invited.forget_user(&user), out);
        let invited = self.invited.forget_user(from);
        for ended in invited.iter().filter(|ended| ended.stored) {
            self.invited.restore(ended.room, to.clone(), self.now);
            out.keep(facts::invited(ended.room, to));
        }
        keep_ended(invited, out);
    }

    /// Takes a user out of all rooms.
    pub(in crate::server::broker) fn forget_member(&mut self, user: &FoldedName, out: &mut Outbox) -> Vec<Ended> {
        let rooms = self.registry.of_user(user).into_iter();
        rooms.filter_map(|id| self.take_out(id, user, None, out)).collect()
    }

    /// A name has a new owner, who inherits nothing of the former owner's.
    pub(in crate::server::broker) fn forget_user(&mut self, user: &FoldedName, out: &mut Outbox) -> Vec<Ended> {
        let ended = self.forget_member(user, out);
        keep_ended(self.invited.forget_user(user), out);
        ended
    }
}
