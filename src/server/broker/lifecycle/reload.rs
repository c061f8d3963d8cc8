//! The part of the broker that goes by other rules from now on, without anybody being cut off.
//!
//! Must not know: where rules come from, or when they are read.

use crate::model::{Role, Text};
use crate::protocol::Event;
use crate::server::broker::Broker;
use crate::server::broker::outbox::Outbox;
use crate::server::broker::peer::Peer;
use crate::server::broker::rules::Rules;
use crate::server::ids::ConnId;
use crate::server::telemetry::events::Note;

impl Broker {
    /// Goes by these rules. Who is a moderator by them is one at once, and who was one by the old ones alone no longer.
    pub(in crate::server) fn change_rules(&mut self, rules: Rules, out: &mut Outbox) {
        let before = std::mem::replace(&mut self.rules, rules);
        self.tries.allow(self.rules.passphrase_tries);
        self.admission.limit(self.rules.max_connections, self.rules.max_per_address);
        let is_one = |peer: &Peer| is_moderator(peer, &self.rules);
        let changed = self.peers.iter().filter(|(_, peer)| is_moderator(peer, &before) != is_one(peer));
        let mut changed: Vec<ConnId> = changed.map(|(&conn, _)| conn).collect();
        changed.sort_unstable();
        for conn in changed {
            self.change_role(conn, out);
        }
    }

    fn change_role(&mut self, conn: ConnId, out: &mut Outbox) {
        let Some(peer) = self.peers.get(&conn) else { return };
        let Some(name) = peer.name.clone() else { return };
        let granted = peer.identity.is_some() && self.moderators.contains_key(&name.key().folded);
        let role = if is_moderator(peer, &self.rules) || peer.passphrase {
            Role::Keeper
        } else if granted {
            Role::Moderator
        } else {
            Role::User
        };
        if peer.role < role {
            return self.promote(conn, role, "You are a moderator now.", out);
        }
        let was_one = peer.role.is_moderator();
        if let Some(peer) = self.peers.get_mut(&conn) {
            peer.role = role;
        }
        if was_one && role == Role::User {
            // What they made for others may be in the wrong hands.
            self.invitations.forget(&name);
            self.end_countdown_of(&name, &name, out);
            out.notes.push(Note::ModeratorNoMore { conn, name: Some(name) });
            out.send(conn, &Event::Demoted(Text::line("You are no moderator any more.")).into());
        }
    }
}

/// Whether somebody who is in has moderator rights by the name they have, as [`crate::server::broker::access::policy`] decides for who comes in.
fn is_moderator(peer: &Peer, rules: &Rules) -> bool {
    let Some(name) = &peer.name else { return false };
    let folded = name.key().folded;
    let believed = rules.trust_names && peer.origin.is_local();
    (peer.identity.is_some() || believed) && rules.moderators.iter().any(|kept| kept.key().folded == folded)
}
