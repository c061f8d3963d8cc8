//! Access: which users may join, under which name, with which proof.
//!
//! - [`admitting`]: connections come and go; [`open_connections`]: those that are open; [`connection_limits`]: how many there
//!   may be; [`comings`]: how often sessions come and go. [`name_policy`]: which user may have which name.
//! - [`owners`]: the owners of names; [`usage`]: when each was used last. [`known`]: all users the server has seen.
//! - [`codes`]: how codes are drawn; [`key_codes`]: those for keys; [`invitations`]: those of newcomers; [`inviting`]: how
//!   they are made and used. [`joining`]: a name is requested and bound. [`whois_and_keys`]: whois and the keys of a name.
//! - [`renaming`]: users take another name, or leave for good; [`resting`]: names that nobody else gets for a while.
//! - [`passphrase`]: tries of the moderator passphrase and of codes. [`ignored`]: the users that each user ignores.
//!
//! Must not know: who is in which room, what is said, or how an identity was proved.

mod admitting;
mod codes;
mod comings;
pub mod connection_limits;
mod ignored;
pub(in crate::server::broker) mod invitations;
mod inviting;
mod joining;
mod key_codes;
pub mod known;
pub mod name_policy;
mod open_connections;
pub mod owners;
mod passphrase;
mod renaming;
mod resting;
mod usage;
mod whois_and_keys;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use crate::model::{FoldedName, Identity, Name, Now, Origin, Text, Timestamp, period};
use crate::protocol::{Code, Event};
use crate::server::broker::caller::{Caller, Denial};
use crate::server::broker::outbox::Outbox;
use crate::server::broker::peers::Peers;
use crate::server::broker::rules::Rules;
use crate::server::ids::{ByConn, ConnId};
use crate::server::in_order;
use crate::server::limits::MAX_LOOKUPS;
use crate::server::secrets::passphrase::Tries;
use crate::server::store::api::Owner;
use serde::{Deserialize, Serialize};

use self::comings::Comings;
use self::connection_limits::{Admission, Source};
use self::ignored::Ignored;
use self::inviting::Inviting;
use self::known::KnownUsers;
use self::open_connections::OpenConnections;
use self::owners::{Owners, Ownership};
use self::resting::Resting;
use self::usage::Usage;

pub use self::codes::CodeHash;
pub(in crate::server::broker) use self::joining::{Admitted, Bound, Obstacle, gives_way, taken};
pub(in crate::server::broker) use self::renaming::{NewName, in_the_way};

/// The owners of names, invitation codes, ignore lists, and the limits on joining.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::server::broker) struct Access {
    #[serde(skip)]
    admission: Admission,
    /// The open connections, including those that only wait to be closed.
    open: OpenConnections,
    owners: Owners,
    usage: Usage,
    known: KnownUsers,
    inviting: Inviting,
    /// The logins of local users, by connection.
    #[serde(serialize_with = "in_order::map")]
    logins: ByConn<String>,
    ignored: Ignored,
    /// The names that are to change hands once that is stored.
    #[serde(serialize_with = "in_order::set")]
    changing: HashSet<FoldedName>,
    resting: Resting,
    /// The users who are to have another name once that is stored, with that one.
    #[serde(serialize_with = "in_order::map")]
    renaming: HashMap<FoldedName, FoldedName>,
    comings: Comings,
    /// Tries of the passphrase, and of codes.
    #[serde(skip)]
    tries: Tries,
    code_tries: Tries,
    /// The connections whose passphrases are being checked, or that have left meanwhile, and where they come from.
    #[serde(skip)]
    checks: ByConn<Origin>,
    /// Those of them that began with a passphrase that is no longer valid.
    #[serde(skip)]
    void_checks: HashSet<ConnId>,
    /// Logins that are being looked up.
    #[serde(skip)]
    lookups: usize,
}

impl Access {
    /// Access with the stored state; `secret` is random and known to nobody else.
    pub(in crate::server::broker) fn new(
        rules: &Rules,
        owners: Vec<Owner>,
        users: Vec<Name>,
        secret: [u8; 32],
    ) -> Self {
        let owners = Owners::of(owners);
        let mut tries = Tries::default();
        tries.allow(rules.passphrase_tries);
        let mut code_tries = Tries::default();
        code_tries.allow(rules.passphrase_tries);
        Self {
            admission: Admission::new(rules.max_connections, rules.max_per_address, rules.own_uid),
            open: OpenConnections::default(),
            usage: Usage::of(owners.users().cloned()),
            owners,
            known: KnownUsers::of(users),
            inviting: Inviting::new(secret),
            logins: ByConn::default(),
            ignored: Ignored::default(),
            changing: HashSet::new(),
            resting: Resting::default(),
            renaming: HashMap::new(),
            comings: Comings::default(),
            tries,
            code_tries,
            checks: ByConn::default(),
            void_checks: HashSet::new(),
            lookups: 0,
        }
    }

    /// What was read of a state that other nodes of the chat share goes on here, under these rules and with this secret.
    pub(in crate::server::broker) fn goes_on(&mut self, rules: &Rules, secret: [u8; 32]) {
        self.admission = Admission::new(rules.max_connections, rules.max_per_address, rules.own_uid);
        self.inviting.goes_on(secret);
        self.change_rules(rules);
    }

    /// Puts the limits of new rules in force.
    pub(in crate::server::broker) fn change_rules(&mut self, rules: &Rules) {
        self.tries.allow(rules.passphrase_tries);
        self.code_tries.allow(rules.passphrase_tries);
        self.admission.limit(rules.max_connections, rules.max_per_address);
    }

    /// The clock ticks; `time` is the trusted time.
    pub(in crate::server::broker) fn tick(&mut self, now: Timestamp, time: Timestamp, out: &mut Outbox) {
        self.comings.tick(now);
        self.inviting.expire(time, out);
        self.usage.save(out);
    }

    /// Restores the stored day on which a name was used last; `false` if it cannot be read.
    pub(in crate::server::broker) fn restore_use(&mut self, key: &str, value: &str) -> bool {
        self.usage.restore(key, value)
    }

    /// Counts what a connection says that is stored, unless too much came from where it is.
    pub(in crate::server::broker) fn may_store(&mut self, now: Now, conn: ConnId, bytes: usize) -> Result<(), Denial> {
        let Some(source) = self.open.origin(conn).map(Source::of) else { return Ok(()) };
        match self.comings.store(source, bytes, now.steady) {
            None => Ok(()),
            Some(wait) => {
                let wait = period::shown(Duration::from_secs(wait.as_secs() + 1));
                let text = format!("Too much was said from where you are; try again in {wait}.");
                Err(Denial::new(Code::RateLimited, text))
            }
        }
    }

    /// A session has ended; the connection may still be open.
    pub(in crate::server::broker) fn end_session(&mut self, conn: ConnId) {
        self.comings.go(conn);
    }

    /// Counts a login that is to be looked up, unless [`MAX_LOOKUPS`] are under way.
    pub(in crate::server::broker) fn begin_lookup(&mut self) -> Result<(), Denial> {
        if self.lookups >= MAX_LOOKUPS {
            return Err(Denial::new(Code::Busy, "Too many users are joining at once; try again in a moment."));
        }
        self.lookups += 1;
        Ok(())
    }

    /// A connection's local user has this login. Returns the owners of names that a former user of the same number owned,
    /// or whose login was not known yet, as they are now.
    pub(in crate::server::broker) fn know_login(
        &mut self,
        conn: ConnId,
        identity: Identity,
        login: String,
        out: &mut Outbox,
    ) -> Vec<Ownership> {
        if self.open.origin(conn).is_none() {
            return Vec::new();
        }
        let changed = self.owners.know_login(identity, &login);
        for Ownership { owner, .. } in &changed {
            // Codes of the former owner would let them in again.
            self.void_codes(&owner.name, out);
        }
        self.logins.insert(conn, login);
        changed
    }

    /// A login was looked up.
    pub(in crate::server::broker) fn end_lookup(&mut self) {
        self.lookups = self.lookups.saturating_sub(1);
    }

    // --- users

    /// The user whose name this is, in any case, online or not.
    pub(in crate::server::broker) fn user(&self, peers: &Peers, written: &str) -> Result<Name, Denial> {
        let owned = || Some(self.owners.get(&Name::restored(written).ok()?)?.name.clone());
        self.addressee(peers, written).or_else(owned).ok_or_else(|| self.no_such_user(written))
    }

    /// The user that a message to this name goes to: one who is online, or was before. Under a name that rests nobody is.
    pub(in crate::server::broker) fn addressee(&self, peers: &Peers, written: &str) -> Option<Name> {
        let online = peers.online(written).and_then(|peer| peer.name().cloned());
        let is_there = |name: &&Name| {
            let user = name.folded();
            self.owners.has(&user) || self.resting.get(&user).is_none()
        };
        online.or_else(|| self.known.find(written).filter(is_there).cloned())
    }

    /// Notes that a user joined; `true` if for the first time.
    pub(in crate::server::broker) fn meet(&mut self, now: Now, peers: &Peers, name: &Name) -> bool {
        let user = name.folded();
        if self.owners.has(&user) {
            self.usage.note(&user, now.wall);
        }
        let owners = &self.owners;
        self.known.meet(name, |user| !owners.has(user) && peers.find(user).is_none())
    }

    /// Whether a name has an owner.
    pub(in crate::server::broker) fn is_owned(&self, name: &Name) -> bool {
        self.owners.get(name).is_some()
    }

    /// The name that somebody with this identity asks for. One that is not given any more is still its owner's.
    pub(in crate::server::broker) fn parse(&self, written: &str, identity: Option<Identity>) -> Result<Name, Denial> {
        let before = || {
            let name = Name::restored(written).ok()?;
            let owned = identity.is_some_and(|identity| self.owners.get(&name).is_some_and(|owner| owner.is(identity)));
            owned.then_some(name)
        };
        Name::parse(written)
            .or_else(|error| before().ok_or(error))
            .map_err(|error| Denial::new(Code::BadName, error.to_string()))
    }

    /// The identities that own a name.
    pub(in crate::server::broker) fn proofs_of(&self, name: &Name) -> Vec<Identity> {
        self.owners.get(name).map(|owner| owner.proofs.iter().map(|proof| proof.identity).collect()).unwrap_or_default()
    }

    /// The names that an identity owns.
    pub(in crate::server::broker) fn names_of(&self, identity: Identity) -> impl Iterator<Item = &Name> {
        self.owners.names_of(identity)
    }

    // --- ignored users

    /// A user ignores another.
    pub(in crate::server::broker) fn ignore(
        &mut self,
        peers: &Peers,
        caller: &Caller,
        written: &str,
        out: &mut Outbox,
    ) -> Result<(), Denial> {
        let whom = self.user(peers, written)?;
        self.ignored.hide(caller, &whom, out)
    }

    /// A user no longer ignores another.
    pub(in crate::server::broker) fn unignore(
        &mut self,
        caller: &Caller,
        written: &str,
        out: &mut Outbox,
    ) -> Result<(), Denial> {
        self.ignored.show(caller, written, out)
    }

    /// Sends a user the list of users they ignore.
    pub(in crate::server::broker) fn tell_ignored(&self, caller: &Caller, out: &mut Outbox) {
        self.ignored.tell(caller, out);
    }

    /// The users that a user ignores.
    pub(in crate::server::broker) fn ignored(&self, user: &Name) -> Event {
        self.ignored.of(user)
    }

    /// Whether a user ignores another.
    pub(in crate::server::broker) fn hides(&self, user: &Name, other: &Name) -> bool {
        self.ignored.hides(user, other)
    }

    /// Whether a user ignores any other.
    pub(in crate::server::broker) fn hides_anybody(&self, user: &Name) -> bool {
        self.ignored.any(user)
    }

    /// Forgets the users that a user ignores: their name is another's from now on, or may be.
    pub(in crate::server::broker) fn forget_ignored(&mut self, user: &FoldedName, out: &mut Outbox) {
        self.ignored.forget(user, out);
    }

    /// Takes back a change of an ignored user: this held before.
    pub(in crate::server::broker) fn take_back_ignored(&mut self, key: &str, value: Option<&str>) {
        self.ignored.take_back(key, value);
    }

    /// Takes back a change of a name's owner: this was the owner before.
    pub(in crate::server::broker) fn take_back_owner(&mut self, before: Owner) {
        self.owners.put(before);
    }

    /// A name is to change hands once that is stored: until then nobody can know whom they write to under it.
    pub(in crate::server::broker) fn begin_change(&mut self, name: &Name) {
        self.changing.insert(name.folded());
    }

    /// A name has changed hands, or has not.
    pub(in crate::server::broker) fn end_change(&mut self, name: &Name) {
        self.changing.remove(&name.folded());
    }

    /// Refuses a message to a name that is about to change hands.
    pub(in crate::server::broker) fn is_settled(&self, name: &Name) -> Result<(), Denial> {
        if self.changing.is_empty() || !self.changing.contains(&name.folded()) {
            return Ok(());
        }
        let text = format!("The name {name} is just getting another owner; see who it is, and send this again then.");
        Err(Denial::new(Code::Busy, text))
    }

    /// Restores a stored entry of an ignored user; `false` if it cannot be read.
    pub(in crate::server::broker) fn restore_ignored(&mut self, key: &str, value: &str) -> bool {
        self.ignored.restore(key, value)
    }
}

/// What somebody is told whom the kernel cannot tell from others.
pub(in crate::server::broker) const UNMAPPED: &str =
    "You are outside the server's user namespace, so it cannot tell who you are: you are unverified.";

/// The refusal for a name that no user has.
fn no_such_user(written: &str) -> Denial {
    let text = format!("No user \"{}\"; /list shows who is online.", Text::line(written));
    Denial::new(Code::NoSuchUser, text)
}
