//! Clears the way for a user who gets a name, and carries out in all parts what follows when a name changes hands or a room
//! ends: the next holder finds nothing of what was there before. Every change of an owner is stored from here.
//!
//! Must not know: who may have which name (`access`), or why a room ends (`rooms`).

use super::access::owners::Ownership;
use super::access::{Admitted, Bound, Obstacle, gives_way, taken};
use super::caller::Denial;
use super::peers::Peer;
use super::promises::{NameEnd, Removal, Then};
use super::rooms::Ended;
use super::{Broker, Outbox};
use crate::model::{Identity, Name, RoomName};
use crate::protocol::Code;
use crate::server::ids::ConnId;
use crate::server::limits::{LOST_ROOMS_NAMED, MAX_SESSIONS};
use crate::server::telemetry::events::Note;

impl Broker {
    // --- the way is cleared

    /// Of names that differ by separators at most, only one person's are online at a time, except for those who own
    /// theirs: returns the sessions that have to end for a name that is to be given.
    pub(super) fn kept_apart(
        &self,
        admitted: &Admitted,
        identity: Option<Identity>,
        original: bool,
    ) -> Result<Vec<ConnId>, Denial> {
        let near = self.peers.near(admitted.key()).into_iter();
        let near: Vec<_> = near.filter_map(|other| Some((other, self.peers.get(other)?))).collect();
        if near.iter().any(|(_, peer)| admitted.is_kept_out_by(peer, identity)) {
            return Err(taken(admitted.name(), original));
        }
        Ok(near.into_iter().filter(|(_, peer)| !peer.has_proved()).map(|(other, _)| other).collect())
    }

    /// The sessions that clash with a name that is to be given, and have to end for it.
    pub(super) fn obstacles(
        &self,
        admitted: &Admitted,
        (applicant, take_over): (&Peer, bool),
    ) -> Result<Vec<(ConnId, Obstacle)>, Denial> {
        let name = admitted.name();
        let mut obstacles = Vec::new();
        for other in self.peers.clashing(admitted.key()) {
            let Some(peer) = self.peers.get(other) else { continue };
            let obstacle = self.access.obstacle(admitted, (applicant, take_over), peer);
            match obstacle {
                Obstacle::TakenOver | Obstacle::Lost | Obstacle::GivesWay | Obstacle::Beside => {
                    obstacles.push((other, obstacle))
                }
                Obstacle::InUse => {
                    let text = format!("You are already online as {name}; that session can be taken over.");
                    return Err(Denial::new(Code::NameInUse, text));
                }
                Obstacle::Stays => return Err(taken(name, applicant.is_original())),
            }
        }
        if obstacles.iter().filter(|(_, obstacle)| *obstacle == Obstacle::Beside).count() >= MAX_SESSIONS {
            let text = format!("You are online as {name} in {MAX_SESSIONS} sessions already, which can be taken over.");
            return Err(Denial::new(Code::NameInUse, text));
        }
        Ok(obstacles)
    }

    /// Ends the sessions that clash with a name; says whether one of them was the same person's, or goes on.
    pub(super) fn remove_obstacles(
        &mut self,
        name: &Name,
        obstacles: Vec<(ConnId, Obstacle)>,
        out: &mut Outbox,
    ) -> bool {
        let mut again = false;
        for (other, obstacle) in obstacles {
            match obstacle {
                Obstacle::TakenOver => {
                    self.displace(other, "You joined from elsewhere, so this session has ended.", true, out);
                    again = true;
                }
                Obstacle::Lost => {
                    self.replace_lost(other, out);
                    again = true;
                }
                Obstacle::Beside => again = true,
                Obstacle::GivesWay | Obstacle::InUse | Obstacle::Stays => {
                    self.displace(other, &gives_way(name), false, out);
                }
            }
        }
        again
    }

    // --- whose it is

    /// Has the store keep that a name was bound; [`Broker::conclude`] is to follow.
    pub(super) fn keep_binding(&mut self, name: &Name, bound: Bound, out: &mut Outbox) {
        out.begin_promise();
        if bound.reclaimed {
            self.forget_user(name, out);
        } else if bound.owner.changes_hands {
            self.forget_claims(name, out);
        }
        if let Some(evicted) = bound.evicted {
            self.forget_user(&evicted.owner.name, out);
            self.keep_owner(evicted, out);
        }
        bound.invitations.into_iter().for_each(|change| out.change(change));
        if let Some(id) = bound.invitation {
            out.notes.push(Note::InvitationUsed { name: name.clone(), id: id.shown() });
        }
        out.notes.push(Note::Bound { name: name.clone(), proofs: bound.owner.owner.proofs.len() });
        self.keep_owner(bound.owner, out);
    }

    /// A connection's local user has this login. The names of a former user of the same number are not theirs. Nobody asked
    /// for it, so nobody is told, and the store tries until it is kept.
    pub(super) fn know_login(&mut self, conn: ConnId, login: String, out: &mut Outbox) {
        let Some(identity) = self.peers.get(conn).and_then(Peer::identity) else { return };
        for Ownership { owner, before, changes_hands } in self.access.know_login(conn, identity, login, out) {
            if changes_hands {
                self.forget_user(&owner.name, out);
                self.messages.begin_generation(&owner.name, out);
            }
            out.own(owner, before);
        }
    }

    /// Has the store keep whose a name is. One who is new to the name finds nothing of what was said to it before.
    pub(super) fn keep_owner(&mut self, Ownership { owner, before, changes_hands }: Ownership, out: &mut Outbox) {
        if changes_hands {
            self.messages.begin_generation(&owner.name, out);
            self.access.begin_change(&owner.name);
            self.promises.then(Then::EndChange(owner.name.clone()));
        }
        out.own(owner, before);
    }

    /// Frees a name, as a keeper or the host of the server wants: the past stays the former owner's, their rooms and rights
    /// go, and their sessions end once that is stored. A name that only rests is free, too. What is said and changed is part
    /// of a promise ([`Broker::begin`], [`Broker::conclude`]). Returns the rooms that end because nobody else is in them.
    pub(super) fn free_name(&mut self, name: &Name, removal: Removal, out: &mut Outbox) -> Result<LostRooms, Denial> {
        self.hold_sessions(name)?;
        self.access.wake(name, out);
        let rooms = self.rooms.of_user(&name.folded()).into_iter();
        let rooms: Vec<_> = rooms.filter_map(|id| Some((id, self.rooms.get(id)?.name().clone()))).collect();
        self.forget_user(name, out);
        let lost = rooms.into_iter().filter(|(id, _)| self.rooms.get(*id).is_none()).map(|(_, room)| room).collect();
        if let Some(ownership) = self.access.free(name, out) {
            self.keep_owner(ownership, out);
        }
        self.promises.then(Then::EndName(name.clone(), NameEnd::Freed(removal)));
        Ok(LostRooms(lost))
    }

    /// A name has a new owner, who inherits nothing of the former owner's; or none.
    pub(super) fn forget_user(&mut self, name: &Name, out: &mut Outbox) {
        let ended = self.rooms.forget_user(&name.folded(), out);
        self.end_rooms(ended, out);
        self.moderation.forget_user(name, out);
        self.access.forget_ignored(&name.folded(), out);
        self.access.forget_former_names(name, out);
    }

    /// A name that belonged to nobody has an owner, who is in no room that others joined under it, and has no rights that
    /// may be left of an owner who was lost.
    pub(super) fn forget_claims(&mut self, name: &Name, out: &mut Outbox) {
        let ended = self.rooms.forget_member(&name.folded(), out);
        self.end_rooms(ended, out);
        self.moderation.forget_user(name, out);
    }

    /// Rooms have ended: their bans end with them, and what was said there.
    pub(super) fn end_rooms(&mut self, ended: impl IntoIterator<Item = Ended>, out: &mut Outbox) {
        for Ended { room, facts } in ended {
            out.end_room(room);
            self.moderation.forget_room(room).into_iter().chain(facts).for_each(|change| out.change(change));
        }
    }
}

/// The rooms that end with a name because nobody else is in them.
#[derive(Debug)]
pub(super) struct LostRooms(Vec<RoomName>);

impl LostRooms {
    /// Says how many there are and names the first; `None` if there are none.
    pub(super) fn sentence(&self) -> Option<String> {
        let Self(rooms) = self;
        let first: Vec<&str> = rooms.iter().take(LOST_ROOMS_NAMED).map(RoomName::as_str).collect();
        let more = rooms.len().checked_sub(LOST_ROOMS_NAMED).filter(|more| *more > 0);
        let more = more.map(|more| format!(" and {more} more")).unwrap_or_default();
        match rooms.len() {
            0 => None,
            1 => Some(format!("1 room ends with it: {}.", first.join(", "))),
            count => Some(format!("{count} rooms end with it: {}{more}.", first.join(", "))),
        }
    }
}
