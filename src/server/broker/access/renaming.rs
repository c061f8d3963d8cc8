//! Users who take another name, or leave for good: whether they may, and what of access goes with them.
//!
//! Must not know: rooms or bans, who is online under a name, or how sessions end.

use super::connection_limits::Source;
use super::joining::too_often;
use super::name_policy::{Login, looks_like, not_a_login};
use super::owners::Ownership;
use super::resting::RestingName;
use super::{Access, ConnId};
use crate::model::{Identity, Name, NameKey, Now, Timestamp, period};
use crate::protocol::Code;
use crate::server::broker::caller::{Caller, Denial};
use crate::server::broker::outbox::{FactChange, Outbox};
use crate::server::broker::peers::{Peer, Peers};
use crate::server::broker::rules::Rules;
use crate::server::limits::{MAX_IGNORED_BY, MAX_NAMES_OF_ONE, NAME_REST};
use crate::server::store::api::{Owner, Proof};

/// The other name that a user may take.
#[derive(Debug)]
pub(in crate::server::broker) struct NewName {
    /// The name that the user has.
    from: Owner,
    to: Name,
    /// Where the name is bound from.
    source: Source,
}

impl NewName {
    /// The name that the user has, as its owner spelled it first.
    pub(in crate::server::broker) fn from(&self) -> &Name {
        &self.from.name
    }

    /// The name that the user takes.
    pub(in crate::server::broker) fn to(&self) -> &Name {
        &self.to
    }
}

impl Access {
    /// Decides whether a user may take another name, as far as the names of others and of the system are concerned. `time`
    /// is the trusted time.
    pub(in crate::server::broker) fn may_rename(
        &self,
        (now, time): (Now, Timestamp),
        (caller, peers): (&Caller, &Peers),
        (to, login): (Name, Login),
        rules: &Rules,
    ) -> Result<NewName, Denial> {
        let (owner, identity) = self.owner(peers, caller)?;
        let (from, key) = (owner.name.folded(), to.key());
        if key.folded == from {
            let text = format!("That is your name already; to spell it in another way, leave and join as {to}.");
            return Err(Denial::new(Code::NotAllowed, text));
        }
        not_a_login(&to, login)?;
        if rules.moderators.iter().any(|kept| kept.folded() == from) {
            let text = "Your rights as a keeper come with your name, which the host of the server has to change.";
            return Err(Denial::new(Code::NotAllowed, text));
        }
        if rules.moderators.iter().any(|kept| to.passes_for(&kept.key())) {
            return Err(Denial::new(Code::NameKept, format!("The name {to} is reserved for a moderator.")));
        }
        self.is_anothers(owner, identity, &to, &key)?;
        let resting = self.resting.clash(&key, time);
        let own = |resting: &&RestingName| resting.now.as_ref().is_some_and(|now| now.folded() == from);
        if let Some(resting) = resting.filter(|resting| !own(resting)) {
            return Err(self.rests(resting, time, identity, false));
        }
        // Whoever takes a name back leaves one place for the name that rests instead.
        let back = resting.is_some_and(|resting| resting.name.folded() == key.folded);
        let full = |proof: &Proof| self.names_and_rests(proof.identity) + usize::from(!back) > MAX_NAMES_OF_ONE;
        if owner.proofs.iter().any(full) {
            let days = period::shown(NAME_REST);
            let text =
                format!("You have {MAX_NAMES_OF_ONE} names already; a name that you leave counts as well, for {days}.");
            return Err(Denial::new(Code::TooManyNames, text));
        }
        if self.ignored.count_of(&from) > MAX_IGNORED_BY {
            let text = "Too many users ignore you: they would not know whom they ignore under another name.";
            return Err(Denial::new(Code::NotAllowed, text));
        }
        let source = peers.origin(caller.conn).map(Source::of);
        let source = source.ok_or_else(|| Denial::new(Code::NotVerified, ""))?;
        if let Some(wait) = self.comings.wait_to_bind(source, now.steady) {
            return Err(Denial { waits: false, ..too_often("new names were taken", wait) });
        }
        Ok(NewName { from: owner.clone(), to, source })
    }

    /// Refuses a name that has another owner, or that looks like one that has.
    fn is_anothers(&self, owner: &Owner, identity: Identity, to: &Name, key: &NameKey) -> Result<(), Denial> {
        if let Some(other) = self.owners.get(to) {
            let text = if other.is(identity) {
                format!("You own the name {to} already: leave and join as {to}.")
            } else {
                format!("The name {to} has an owner; choose another name.")
            };
            return Err(Denial::new(Code::NameBound, text));
        }
        let own = owner.name.folded();
        let alike = |other: &&&Owner| other.name.key().skeleton == key.skeleton || !other.is(identity);
        let near = self.owners.near(key);
        let other = near.iter().filter(|other| other.name.folded() != own).find(alike);
        other.map_or(Ok(()), |other| Err(looks_like(to, other)))
    }

    /// How many names an identity owns, with those that rest because it left them.
    pub(super) fn names_and_rests(&self, identity: Identity) -> usize {
        self.owners.names_of(identity).map(|name| 1 + self.resting.count_of(&name.folded())).sum()
    }

    /// Gives a user the other name. The part of the user that others keep comes with them: their list of ignored users, and
    /// their place in the lists of others, who are told.
    pub(in crate::server::broker) fn rename(
        &mut self,
        (now, time): (Now, Timestamp),
        new_name: NewName,
        peers: &Peers,
        out: &mut Outbox,
    ) {
        let NewName { from, to, source } = new_name;
        let (old, old_name) = (from.name.folded(), from.name.clone());
        let after = Owner { name: to.clone(), ..from.clone() };
        self.owners.put(Owner { proofs: Vec::new(), ..from.clone() });
        self.owners.put(after.clone());
        out.rename(from, after);
        self.comings.bind(source, now.steady);
        // They are in the hands of people who know the user under the other name.
        self.void_codes(&old_name, out);
        let mut changes: Vec<FactChange> = self.resting.end(&to.folded()).into_iter().collect();
        self.resting.follow(&old, Some(&to), &mut changes);
        self.resting.begin(old_name.clone(), Some(to.clone()), time, &mut changes);
        changes.into_iter().for_each(|change| out.change(change));
        let owners = &self.owners;
        for user in self.ignored.rename(&old, &to, |user| owners.has(user), out) {
            for conn in peers.sessions(&user) {
                if let Some(name) = peers.get(conn).and_then(Peer::name) {
                    out.send(conn, &self.ignored.of(name).into());
                }
            }
        }
        self.renaming.insert(old, to.folded());
    }

    /// The other name of a user is stored: what is not kept in the store follows.
    pub(in crate::server::broker) fn renamed(&mut self, from: &Name, to: &Name) {
        self.known.rename(from, to);
        self.usage.forget(&from.folded());
        self.renaming.remove(&from.folded());
    }

    /// The other name of a user could not be stored.
    pub(in crate::server::broker) fn not_renamed(&mut self, from: &Name) {
        self.renaming.remove(&from.folded());
    }

    /// Takes back that an owner took another name.
    pub(in crate::server::broker) fn take_back_rename(&mut self, before: Owner, after: Owner) {
        self.owners.put(Owner { proofs: Vec::new(), ..after });
        self.owners.put(before);
    }

    /// Frees the name of a user who owns it and leaves for good; it rests.
    pub(in crate::server::broker) fn leave_for_good(
        &mut self,
        time: Timestamp,
        (caller, peers): (&Caller, &Peers),
        out: &mut Outbox,
    ) -> Result<Ownership, Denial> {
        let name = self.owner(peers, caller)?.0.name.clone();
        let ownership = self.free(&name, out).ok_or_else(|| Denial::new(Code::NotVerified, ""))?;
        let mut changes = Vec::new();
        self.resting.begin(name, None, time, &mut changes);
        changes.into_iter().for_each(|change| out.change(change));
        Ok(ownership)
    }

    /// Takes a name from its owner, with the codes that they made. Names that they had before rest on, and nobody has them
    /// now.
    pub(in crate::server::broker) fn free(&mut self, name: &Name, out: &mut Outbox) -> Option<Ownership> {
        let ownership = self.owners.free(name)?;
        self.void_codes(name, out);
        self.forget_former_names(name, out);
        Some(ownership)
    }

    /// A name has another owner: what its former owner was called before is not theirs.
    pub(in crate::server::broker) fn forget_former_names(&mut self, name: &Name, out: &mut Outbox) {
        let mut changes = Vec::new();
        self.resting.follow(&name.folded(), None, &mut changes);
        changes.into_iter().for_each(|change| out.change(change));
    }

    /// The user of a name that is free now is not known any more: no message waits for them.
    pub(in crate::server::broker) fn forget_known(&mut self, name: &Name) {
        self.known.forget(name);
        self.usage.forget(&name.folded());
    }

    /// Ends the rest of a name; whether it rested.
    pub(in crate::server::broker) fn wake(&mut self, name: &Name, out: &mut Outbox) -> bool {
        let change = self.resting.end(&name.folded());
        change.map(|change| out.change(change)).is_some()
    }

    /// The name that is owned or rests, as its user spelled it.
    pub(in crate::server::broker) fn taken_name(&self, written: &str) -> Option<Name> {
        let name = Name::restored(written).ok()?;
        let resting = || self.resting.get(&name.folded()).map(|resting| resting.name.clone());
        self.owners.get(&name).map(|owner| owner.name.clone()).or_else(resting)
    }

    /// Refuses a name that rests, or looks like one, to everybody whose own login it is not.
    pub(super) fn is_awake(
        &self,
        key: &NameKey,
        time: Timestamp,
        (identity, own): (Option<Identity>, bool),
    ) -> Result<(), Denial> {
        let Some(resting) = self.resting.clash(key, time) else { return Ok(()) };
        let theirs = identity.is_some_and(|identity| self.is_now(resting, identity));
        if own && !theirs {
            return Ok(());
        }
        Err(match identity {
            Some(identity) => self.rests(resting, time, identity, true),
            None => resting.refuse(time),
        })
    }

    fn is_now(&self, resting: &RestingName, identity: Identity) -> bool {
        let owner = resting.now.as_ref().and_then(|now| self.owners.get(now));
        owner.is_some_and(|owner| owner.is(identity))
    }

    fn rests(&self, resting: &RestingName, time: Timestamp, identity: Identity, joins: bool) -> Denial {
        match resting.now.as_ref().filter(|_| joins && self.is_now(resting, identity)) {
            Some(now) => Denial::new(Code::NameBound, format!("{} is now {now}: join as {now}.", resting.name)),
            None => resting.refuse(time),
        }
    }

    /// The names that rest whose time is over are free.
    pub(in crate::server::broker) fn wake_names(&mut self, time: Timestamp, out: &mut Outbox) {
        self.resting.expire(time).into_iter().for_each(|change| out.change(change));
    }

    /// Restores a name that rests; `false` if the entry cannot be read.
    pub(in crate::server::broker) fn restore_resting(&mut self, value: &str) -> bool {
        self.resting.restore(value)
    }

    /// Takes back a change of a name that rests: this held before.
    pub(in crate::server::broker) fn take_back_resting(&mut self, key: &str, value: Option<&str>) {
        self.resting.take_back(key, value);
    }

    /// The folded name by which the rooms know a connection's user, who may just be taking another name.
    pub(in crate::server::broker) fn name_in_rooms(&self, name: &Name) -> crate::model::FoldedName {
        let user = name.folded();
        self.renaming.get(&user).cloned().unwrap_or(user)
    }

    /// Refuses a name that somebody is just taking or leaving.
    pub(super) fn is_not_changing(&self, key: &NameKey) -> Result<(), Denial> {
        let same = |(from, to): (&crate::model::FoldedName, &crate::model::FoldedName)| {
            *from == key.folded || *to == key.folded
        };
        if self.renaming.iter().any(same) {
            return Err(Denial::new(Code::Busy, "That name is just changing hands; try again in a moment."));
        }
        Ok(())
    }

    /// What is told of a name that no user has: who it was, if it rests.
    pub(in crate::server::broker) fn no_such_user(&self, written: &str) -> Denial {
        let resting = Name::restored(written).ok().and_then(|name| self.resting.get(&name.folded()));
        match resting.map(|resting| (&resting.name, &resting.now)) {
            Some((name, Some(now))) => Denial::new(Code::NameBound, format!("{name} is now {now}; write to {now}.")),
            Some((name, None)) => Denial::new(Code::NameBound, format!("{name} has left the server for good.")),
            None => super::no_such_user(written),
        }
    }
}

impl RestingName {
    /// The refusal of this name, and of those that look like it, to others than its user.
    fn refuse(&self, time: Timestamp) -> Denial {
        let Self { name, now, until } = self;
        let free = period::shown(until.since(time));
        let text = match now {
            Some(now) => format!("{name} is now {now}; nobody else gets that name for {free}. Choose another name."),
            None => format!("The user of {name} has left; nobody gets that name for {free}. Choose another name."),
        };
        Denial::new(Code::NameBound, text)
    }
}

/// The connections whose names stand in the way of a name that a user wants to take.
pub(in crate::server::broker) fn in_the_way(
    peers: &Peers,
    user: &Name,
    identity: Option<Identity>,
    key: &NameKey,
) -> bool {
    let is_other = |conn: &ConnId| peers.get(*conn).and_then(Peer::name) != Some(user);
    let same = |conn: &ConnId| identity.is_some() && peers.get(*conn).and_then(Peer::identity) == identity;
    peers.clashing(key).iter().any(is_other) || peers.near(key).iter().any(|conn| is_other(conn) && !same(conn))
}
