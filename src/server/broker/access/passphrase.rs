//! Tries of secrets: the moderator passphrase and invitation codes.
//!
//! Must not know: how a passphrase is checked; a worker does that.

use super::connection_limits::{network_of, site_of};
use super::{Access, ConnId};
use crate::model::{Origin, Timestamp};
use crate::protocol::Code;
use crate::server::broker::caller::Denial;
use crate::server::broker::peers::Peer;
use crate::server::limits::{MAX_CHECKS, MAX_CHECKS_OF_ONE, MAX_CHECKS_OF_USERS, PASSPHRASE_SITE};
use crate::server::secrets::passphrase::Tries;

impl Access {
    /// Counts a try of the moderator passphrase, unless it is one too many. Another name or connection is no reason for
    /// more tries.
    pub(in crate::server::broker) fn begin_check(
        &mut self,
        conn: ConnId,
        origin: Origin,
        now: Timestamp,
    ) -> Result<(), Denial> {
        if !origin.is_private() {
            let text = "The passphrase is not accepted over an unencrypted connection; join from the server's own machine, or over tls:// or ssh://.";
            return Err(Denial::new(Code::NotPrivate, text));
        }
        if !self.may_check(origin) {
            let text = "Too many passphrases are being checked; try again in a moment.";
            return Err(Denial::new(Code::Busy, text));
        }
        if !take(&mut self.tries, PASSPHRASE, origin, now) {
            return Err(too_many_tries());
        }
        self.checks.insert(conn, origin);
        Ok(())
    }

    /// Whether there is room for one more check from there. Some room is left for users on a socket file, and no place
    /// takes much.
    fn may_check(&self, origin: Origin) -> bool {
        let is_user = |origin: &Origin| origin.local_user().is_some();
        let place = network_of(origin);
        let of_one = self.checks.values().filter(|other| network_of(**other) == place).count();
        let far = self.checks.values().filter(|other| !is_user(other)).count();
        let has_room = is_user(&origin) || far < MAX_CHECKS - MAX_CHECKS_OF_USERS;
        self.checks.len() < MAX_CHECKS && of_one < MAX_CHECKS_OF_ONE && has_room
    }

    /// A passphrase was checked. It counts until then even if its peer is gone: each takes memory and time. `false` if it
    /// was compared with one that is right no more, or may have been.
    pub(in crate::server::broker) fn end_check(&mut self, conn: ConnId) -> bool {
        self.checks.remove(&conn);
        !self.void_checks.remove(&conn)
    }

    /// The passphrase is another now: what is being checked is not right, whatever comes of it.
    pub(in crate::server::broker) fn void_checks(&mut self) {
        self.void_checks.extend(self.checks.keys());
    }

    /// The passphrase that was tried last from there was right.
    pub(in crate::server::broker) fn forgive_check(&mut self, origin: Origin) {
        forgive(&mut self.tries, PASSPHRASE, origin);
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
        if !take(&mut self.tries, CODE, peer.origin(), now) {
            return Err(too_many_tries());
        }
        let Some(ticket) = self.invitations.find(code, now) else {
            let text = "This code is wrong, already used, or older than ten minutes.";
            return Err(Denial::new(Code::WrongCode, text));
        };
        forgive(&mut self.tries, CODE, peer.origin());
        self.tickets.insert(conn, ticket);
        Ok(())
    }
}

/// What is tried.
const PASSPHRASE: &str = "passphrase";
const CODE: &str = "code";

/// Counts a try of a secret, for the network or local user that it comes from and, with IPv6, for the site.
fn take(tries: &mut Tries, secret: &str, origin: Origin, now: Timestamp) -> bool {
    let site = site_of(origin).is_none_or(|site| tries.take_times(PASSPHRASE_SITE, &format!("{secret} {site}"), now));
    tries.take(&format!("{secret} {}", network_of(origin)), now) && site
}

/// Takes the last try from there back, since it was right.
fn forgive(tries: &mut Tries, secret: &str, origin: Origin) {
    for place in [Some(network_of(origin)), site_of(origin)].into_iter().flatten() {
        tries.forgive(&format!("{secret} {place}"));
    }
}

fn too_many_tries() -> Denial {
    Denial::new(Code::TooManyTries, "Too many tries; wait a minute.")
}
