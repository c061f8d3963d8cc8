//! Tries of secrets: the moderator passphrase and invitation codes.
//!
//! Must not know: how a passphrase is checked; a worker does that.

use super::connection_limits::network_of;
use super::{Access, ConnId};
use crate::model::{Origin, Timestamp};
use crate::protocol::Code;
use crate::server::broker::caller::Denial;
use crate::server::broker::peers::Peer;
use crate::server::limits::MAX_CHECKS;

impl Access {
    /// Counts a try of the moderator passphrase, unless it is one too many. Another name or connection is no reason for
    /// more tries.
    pub(in crate::server::broker) fn begin_check(&mut self, origin: Origin, now: Timestamp) -> Result<(), Denial> {
        if !origin.is_private() {
            let text = "The passphrase is not accepted over an unencrypted connection; join from the server's own machine, or over tls:// or ssh://.";
            return Err(Denial::new(Code::NotPrivate, text));
        }
        if self.checks >= MAX_CHECKS {
            let text = "Too many passphrases are being checked; try again in a moment.";
            return Err(Denial::new(Code::Busy, text));
        }
        if !self.tries.take(&tries_of(origin), now) {
            return Err(too_many_tries());
        }
        self.checks += 1;
        Ok(())
    }

    /// A passphrase was checked. It counts until then even if its peer is gone: each takes memory and time.
    pub(in crate::server::broker) fn end_check(&mut self) {
        self.checks = self.checks.saturating_sub(1);
    }

    /// The passphrase that was tried last from there was right.
    pub(in crate::server::broker) fn forgive_check(&mut self, origin: Origin) {
        self.tries.forgive(&tries_of(origin));
    }

    /// A connection shows a code.
    pub(in crate::server::broker) fn take_code(
        &mut self,
        now: Timestamp,
        (conn, peer): (ConnId, &Peer),
        code: &str,
    ) -> Result<(), Denial> {
        if peer.name().is_some() {
            let text = "You have already joined; a code must be given before the name.";
            return Err(Denial::new(Code::NamedAlready, text));
        }
        if !peer.has_proved() {
            let text = "A code needs a verified connection; connect over tls://, ssh:// or the server's socket file.";
            return Err(Denial::new(Code::NotVerified, text));
        }
        let tries = format!("code from {}", network_of(peer.origin()));
        if !self.tries.take(&tries, now) {
            return Err(too_many_tries());
        }
        let Some(ticket) = self.invitations.find(code, now) else {
            let text = "This code is wrong, already used, or older than ten minutes.";
            return Err(Denial::new(Code::WrongCode, text));
        };
        self.tries.forgive(&tries);
        self.tickets.insert(conn, ticket);
        Ok(())
    }
}

/// The key under which the tries of a network or local user are counted.
fn tries_of(origin: Origin) -> String {
    format!("passphrase from {}", network_of(origin))
}

fn too_many_tries() -> Denial {
    Denial::new(Code::TooManyTries, "Too many tries; wait a minute.")
}
