//! The roles of those who are online: who becomes a moderator of the server, and who is none any more.
//!
//! Must not know: who may appoint or dismiss whom (`moderation`), or how that is stored.

use std::collections::BTreeSet;

use super::lifecycle::{changed, role_by_rules};
use super::promises::Then;
use super::{Broker, Outbox};
use crate::model::{Name, Role, Text};
use crate::protocol::Event;
use crate::server::broker::rules::Rules;
use crate::server::ids::ConnId;
use crate::server::telemetry::events::Note;

impl Broker {
    /// A user has at least this role from now on, and is told so if that is new.
    pub(super) fn promote(&mut self, conn: ConnId, role: Role, words: &str, out: &mut Outbox) {
        let Some(peer) = self.peers.get(conn).filter(|peer| peer.role() < role) else { return };
        let (from, name) = (peer.origin(), peer.name().cloned());
        out.notes.push(Note::Moderator { conn, from, name, trusted: !peer.has_proved() });
        if !peer.is_original() {
            out.send(conn, &Event::Moderator(Text::line(words)).into());
        }
        self.peers.set_role(conn, role);
        self.brief(conn, out);
    }

    /// Puts new rules in force without ending any connection. Users whom they make moderators are so at once, and those
    /// who were moderators only by the old rules are no longer.
    pub(super) fn change_rules(&mut self, rules: Rules, out: &mut Outbox) {
        self.access.change_rules(&rules);
        let before = self.lifecycle.change_rules(rules);
        self.end_calls_if_off(out);
        for conn in changed(&self.peers, &before, self.lifecycle.rules()) {
            let Some(peer) = self.peers.get(conn) else { continue };
            let Some(name) = peer.name().cloned() else { continue };
            let granted = self.moderation.is_granted(&name.folded());
            let role = role_by_rules(peer, self.lifecycle.rules(), granted);
            if peer.role() < role {
                self.promote(conn, role, "You are now a moderator.", out);
                continue;
            }
            self.lower(conn, Some(&name), role, out);
        }
    }

    /// The moderator passphrase is another now: those who gave the former one have the rights of their names alone. Returns
    /// how many those are.
    pub(super) fn end_passphrase_rights(&mut self, out: &mut Outbox) -> usize {
        self.access.void_checks();
        let gave = self.peers.iter().filter(|(_, peer)| peer.gave_passphrase()).map(|(conn, _)| conn);
        let conns: BTreeSet<ConnId> = gave.collect();
        for &conn in &conns {
            self.peers.set_passphrase(conn, false);
            let Some(peer) = self.peers.get(conn) else { continue };
            let name = peer.name().cloned();
            let granted = name.as_ref().is_some_and(|name| self.moderation.is_granted(&name.folded()));
            let role = role_by_rules(peer, self.lifecycle.rules(), granted);
            self.lower(conn, name.as_ref(), role, out);
        }
        conns.len()
    }

    /// A user who is online has this role from now on, and is told if they were a moderator and no longer are one.
    fn lower(&mut self, conn: ConnId, name: Option<&Name>, role: Role, out: &mut Outbox) {
        let was_one = self.peers.role(conn).is_moderator();
        self.peers.set_role(conn, role);
        if was_one && role == Role::User {
            if let Some(name) = name {
                // Codes that they made for others may be in the wrong hands.
                self.access.void_codes(name, out);
                self.lifecycle.end_countdown_of(name, name, out);
            }
            out.notes.push(Note::ModeratorNoMore { conn, name: name.cloned() });
            out.send(conn, &Event::Demoted(Text::line("You are no longer a moderator.")).into());
        }
    }

    /// Ends the rights of a moderator who is online at once; they are told once that is stored.
    pub(super) fn demote(&mut self, name: &Name, by: &Name) {
        let conns: Vec<ConnId> = self.peers.sessions(name.as_str()).collect();
        for conn in conns {
            let Some(peer) = self.peers.get(conn).filter(|peer| peer.role().is_moderator()) else { continue };
            let (role, passphrase) = (peer.role(), peer.gave_passphrase());
            self.peers.set_role(conn, Role::User);
            self.peers.set_passphrase(conn, false);
            self.promises.then(Then::TellDemoted { conn, name: name.clone(), by: by.clone(), role, passphrase });
        }
    }

    /// A user who joined as a moderator is none, because that could not be stored.
    pub(super) fn end_unkept_rights(&mut self, user: &str, out: &mut Outbox) {
        let moderates = |conn: &ConnId| self.peers.role(*conn) == Role::Moderator;
        let conns: Vec<ConnId> = self.peers.sessions(user).filter(moderates).collect();
        for conn in conns {
            self.peers.set_role(conn, Role::User);
            out.send(conn, &Event::Demoted(Text::line("You are no longer a moderator.")).into());
        }
    }

    pub(super) fn tell_demoted(&mut self, conn: ConnId, name: &Name, by: &Name, out: &mut Outbox) {
        self.lifecycle.end_countdown_of(name, by, out);
        let own = name.folded() == by.folded();
        let text = if own { "You gave up your moderator rights." } else { "You are no longer a moderator." };
        out.send(conn, &Event::Demoted(Text::line(text)).into());
    }
}
