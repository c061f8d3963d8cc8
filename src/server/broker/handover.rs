//! What follows in all parts when a name changes hands, and when a room ends: whoever comes next finds nothing of what was
//! before. All changes of owners are kept here.
//!
//! Must not know: who may have which name (`access`), or why a room ends (`rooms`).

use super::access::Admitted;
use super::access::owners::Ownership;
use super::peers::Peer;
use super::rooms::Ended;
use super::{Broker, Outbox};
use crate::model::{Name, Now};
use crate::server::ids::ConnId;
use crate::server::store::api::Job;
use crate::server::telemetry::events::Note;

impl Broker {
    /// Binds a name that was given to a connection, if it is to be bound.
    pub(super) fn bind_name(&mut self, now: Now, conn: ConnId, admitted: &Admitted, out: &mut Outbox) {
        let bound = self.access.bind(now, conn, admitted);
        if bound.reclaimed {
            self.forget_user(admitted.name(), out);
        } else if bound.owner.as_ref().is_some_and(|ownership| ownership.changes_hands) {
            self.forget_claims(admitted.name(), out);
        }
        if let Some(evicted) = bound.evicted {
            self.forget_user(&evicted.owner.name, out);
            self.keep_owner(evicted, out);
        }
        if let Some(ownership) = bound.owner {
            let proofs = ownership.owner.proofs.len();
            out.notes.push(Note::Bound { name: admitted.name().clone(), proofs });
            self.keep_owner(ownership, out);
        }
    }

    /// A connection's local user has this login. The names of a former user of the same number are not theirs.
    pub(super) fn know_login(&mut self, conn: ConnId, login: String, out: &mut Outbox) {
        let Some(identity) = self.peers.get(conn).and_then(Peer::identity) else { return };
        for ownership in self.access.know_login(conn, identity, login) {
            if ownership.changes_hands {
                self.forget_user(&ownership.owner.name, out);
            }
            self.keep_owner(ownership, out);
        }
    }

    /// Has the store keep whose a name is. One who is new to the name finds nothing of what was said to it before.
    pub(super) fn keep_owner(&mut self, Ownership { owner, changes_hands }: Ownership, out: &mut Outbox) {
        if changes_hands {
            self.messages.begin_generation(&owner.name, out);
        }
        out.jobs.push(Job::Own(owner));
    }

    /// A name has a new owner, who inherits nothing of the former owner's.
    fn forget_user(&mut self, name: &Name, out: &mut Outbox) {
        let ended = self.rooms.forget_user(&self.peers, &name.folded(), out);
        self.end_rooms(ended, out);
        self.moderation.forget_user(name, out);
        self.access.forget_ignored(&name.folded(), out);
    }

    /// A name that belonged to nobody has an owner, who is in no room that others joined under it, and has no rights that
    /// may be left of an owner who was lost.
    fn forget_claims(&mut self, name: &Name, out: &mut Outbox) {
        let ended = self.rooms.forget_member(&self.peers, &name.folded(), out);
        self.end_rooms(ended, out);
        self.moderation.forget_user(name, out);
    }

    /// Rooms have ended: their bans end with them, and what was said there.
    pub(super) fn end_rooms(&mut self, ended: impl IntoIterator<Item = Ended>, out: &mut Outbox) {
        for Ended { room, facts } in ended {
            out.jobs.push(Job::EndRoom(room));
            self.moderation.forget_room(room).into_iter().chain(facts).for_each(|fact| out.keep(fact));
        }
    }
}
