//! Tries of secrets: the moderator passphrase and invitation codes.
//!
//! Must not know: how a passphrase is checked; a worker does that.

use super::connection_limits::{network_of, site_of};
use super::{Access, ConnId};
use crate::model::{Origin, Timestamp};
use crate::protocol::Code;
use crate::server::broker::caller::Denial;
use crate::server::limits::{CODE_TRIES, MAX_CHECKS, MAX_CHECKS_OF_ONE, MAX_CHECKS_OF_USERS, PASSPHRASE_SITE};
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
    /// was compared with one that is no longer valid, or may have been.
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

    /// A passphrase was checked: on another node of the chat, it counts here too.
    pub(in crate::server::broker) fn learn_of_check(
        &mut self,
        conn: ConnId,
        (origin, right): (Origin, bool),
        now: Timestamp,
    ) {
        if self.open.is_here(conn) {
            return;
        }
        if right {
            self.forgive_check(origin);
        } else {
            take(&mut self.tries, PASSPHRASE, origin, now);
        }
    }

    /// Counts a try of a code, unless it is one too many.
    pub(super) fn count_code_try(&mut self, origin: Origin, now: Timestamp) -> Result<(), Denial> {
        if take(&mut self.code_tries, CODE, origin, now) { Ok(()) } else { Err(too_many_tries()) }
    }

    /// The code that was tried last from there was right.
    pub(super) fn forgive_code_try(&mut self, origin: Origin) {
        forgive(&mut self.code_tries, CODE, origin);
    }
}

/// What is tried.
const PASSPHRASE: Secret = Secret { name: "passphrase", times: 1 };
const CODE: Secret = Secret { name: "code", times: CODE_TRIES };

/// A secret, and how many times the tries of the passphrase there are of it.
#[derive(Clone, Copy)]
struct Secret {
    name: &'static str,
    times: u32,
}

/// Counts a try of a secret, for the network or local user that it comes from and, with IPv6, for the site.
fn take(tries: &mut Tries, Secret { name, times }: Secret, origin: Origin, now: Timestamp) -> bool {
    let of_site = PASSPHRASE_SITE.saturating_mul(times);
    let site = site_of(origin).is_none_or(|site| tries.take_times(of_site, &format!("{name} {site}"), now));
    tries.take_times(times, &format!("{name} {}", network_of(origin)), now) && site
}

/// Takes the last try from there back, since it was right.
fn forgive(tries: &mut Tries, Secret { name, .. }: Secret, origin: Origin) {
    for place in [Some(network_of(origin)), site_of(origin)].into_iter().flatten() {
        tries.forgive(&format!("{name} {place}"));
    }
}

fn too_many_tries() -> Denial {
    Denial::new(Code::TooManyTries, "Too many tries; wait a minute.")
}
