//! The part of the broker that deals with the moderator passphrase, for those who have no other proof.
//!
//! Must not know: how a passphrase is checked, which a shell does beside the broker.

use super::connection_limits::network_of;
use crate::model::{Now, Role, Text, Timestamp};
use crate::protocol::{Code, Envelope, Event, Refusal};
use crate::server::broker::outbox::Outbox;
use crate::server::broker::peer::{Awaits, Hold, Peer};
use crate::server::broker::{Broker, say_refusal};
use crate::server::ids::ConnId;
use crate::server::limits::MAX_CHECKS;
use crate::server::telemetry::events::Note;

impl Broker {
    /// A connection gives the moderator passphrase.
    pub(in crate::server) fn check(
        &mut self,
        now: Timestamp,
        conn: ConnId,
        reference: Option<String>,
        passphrase: String,
        out: &mut Outbox,
    ) {
        let Some(peer) = self.peers.get_mut(&conn) else { return };
        if peer.role == Role::Keeper {
            let event = Event::Moderator(Text::line("You are a moderator already."));
            return out.send(conn, &Envelope::answer(reference, event));
        }
        // Another name, or another connection, is no reason for more tries.
        let tries = tries_of(peer);
        let refused = if !peer.origin.is_private() {
            Some((
                Code::NotPrivate,
                "The passphrase is not taken over a line that others can read; join from the server's own machine, or over tls:// or ssh://.",
            ))
        } else if self.checks >= MAX_CHECKS {
            Some((Code::Busy, "Too many passphrases are being checked; try again in a moment."))
        } else if !self.tries.take(&tries, now) {
            Some((Code::TooManyTries, "That was tried too often; wait a minute."))
        } else {
            None
        };
        if let Some((code, text)) = refused {
            out.notes.push(Note::PassphraseRefused { conn, name: peer.name.clone(), code });
            return say_refusal(conn, Refusal::new(reference, code, text), out);
        }
        peer.hold = Some(Box::new(Hold { reference, awaits: Awaits::Passphrase, held: Vec::new() }));
        self.checks += 1;
        out.checks.push((conn, passphrase));
    }

    /// The passphrase was checked.
    pub(in crate::server) fn checked(&mut self, now: Now, conn: ConnId, right: bool, out: &mut Outbox) {
        // Counted until it is done, even if its peer went: each takes memory and time.
        self.checks = self.checks.saturating_sub(1);
        let Some(peer) = self.peers.get_mut(&conn) else { return };
        let passphrase = |hold: &mut Box<Hold>| hold.awaits == Awaits::Passphrase;
        let Some(Hold { reference, held, .. }) = peer.hold.take_if(passphrase).map(|hold| *hold) else { return };
        // Checking took its time; the peer is not to blame for it.
        peer.since = now.steady;
        if right {
            self.tries.forgive(&tries_of(peer));
            (peer.role, peer.passphrase) = (Role::Keeper, true);
            out.notes.push(Note::Moderator { conn, name: peer.name.clone(), trusted: false });
            let event = Event::Moderator(Text::line("You are a moderator now."));
            out.send(conn, &Envelope::answer(reference, event));
            self.tell_trouble(conn, out);
        } else {
            let code = Code::WrongPassphrase;
            out.notes.push(Note::PassphraseRefused { conn, name: peer.name.clone(), code });
            let text = "That is not the moderator passphrase.";
            say_refusal(conn, Refusal::new(reference, code, text), out);
        }
        for request in held {
            self.request(now, conn, request, out);
        }
    }
}

/// What the tries of a connection are counted by.
fn tries_of(peer: &Peer) -> String {
    format!("passphrase from {}", network_of(peer.origin))
}
