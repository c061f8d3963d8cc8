//! Invitations to rooms.
//!
//! Must not know: who owns a name, or who is muted; callers say so.

use super::invited::{Invitee, Uninvited};
use super::{Place, Rooms, facts};
use crate::model::{Name, Rank};
use crate::protocol::{Code, Event, RoomEvent};
use crate::server::broker::caller::{Caller, Denial};
use crate::server::broker::outbox::{FactChange, Outbox};
use crate::server::broker::peers::Peers;
use crate::server::ids::ConnId;

impl Rooms {
    /// The room that a user invites to, if they may.
    pub(in crate::server::broker) fn inviting_place(
        &self,
        peers: &Peers,
        caller: &Caller,
        written: &str,
    ) -> Result<Place, Denial> {
        let room = if caller.role.is_moderator() {
            self.visible(peers, caller.conn, written)?
        } else {
            self.own(peers, caller.conn, written)?
        };
        if room.private && self.rank(peers, caller.conn, Some(room.id)) == Rank::User {
            let text = format!("{} is private: only its moderators may invite users.", room.name);
            return Err(Denial::new(Code::NotModerator, text));
        }
        Ok(Place::Room(room.id, room.name.clone()))
    }

    /// Invites a user to the room of [`Rooms::inviting_place`]; `owned` says whether their name has an owner.
    pub(in crate::server::broker) fn invite(
        &mut self,
        peers: &Peers,
        caller: &Caller,
        place: &Place,
        (whom, owned): (&Name, bool),
        out: &mut Outbox,
    ) -> Result<(), Denial> {
        let user = whom.folded();
        let online = peers.find(whom.as_str());
        let only = match (owned, online) {
            (true, _) => None,
            (false, Some(conn)) => Some(conn),
            (false, None) => {
                let text = format!("{whom} is offline and the name has no owner, so anyone could join under it.");
                return Err(Denial::new(Code::NotVerified, text));
            }
        };
        let Some(room) = place.room().and_then(|id| self.registry.get(id)) else { return Ok(()) };
        let (id, name) = (room.id, room.name.clone());
        if room.members.contains(&user) {
            return Err(Denial::new(Code::NotAllowed, format!("{whom} is already in {name}.")));
        }
        let before = self
            .invited
            .get(id, &user)
            .filter(|before| before.only.is_none())
            .map(|before| facts::invited(id, &before.name));
        let invitee = Invitee { name: whom.clone(), only, by: caller.user.folded() };
        let ended = self.invited.add(id, invitee, self.now).map_err(|_| {
            let text = format!("Too many invitations to {name}, or of {whom}, are pending.");
            Denial::new(Code::TooManyMembers, text)
        })?;
        keep_ended(ended, out);
        if only.is_none() {
            out.change(FactChange { now: facts::invited(id, whom), before });
        } else {
            out.held_before(before.unwrap_or_else(|| facts::not_invited(id, &user)));
        }
        let invited = Event::Room(RoomEvent::Invited { by: caller.user.clone(), room: name });
        caller.answer(invited.clone(), out);
        let invited = invited.into();
        peers.sessions(whom.as_str()).for_each(|conn| out.send(conn, &invited));
        Ok(())
    }

    /// Invitations that were for a connection alone end with it.
    pub(in crate::server::broker) fn forget_connection(&mut self, conn: ConnId) {
        self.invited.forget_connection(conn);
    }
}

/// Has the store forget invitations that have ended.
pub(super) fn keep_ended(ended: impl IntoIterator<Item = Uninvited>, out: &mut Outbox) {
    for ended in ended.into_iter().filter(|ended| ended.stored) {
        out.change(no_longer_invited(&ended));
    }
}

/// A stored invitation has ended.
pub(super) fn no_longer_invited(Uninvited { room, user, name, .. }: &Uninvited) -> FactChange {
    FactChange::of(facts::invited(*room, name), facts::not_invited(*room, user))
}
