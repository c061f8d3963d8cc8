//! The users that each user ignores. Hiding is the client's work; the server stores the list, so that it holds
//! wherever they join from.
//!
//! Must not know: what is hidden, or who is connected.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::{FoldedName, Name, Text};
use crate::protocol::{Code, Event};
use crate::server::broker::caller::{Caller, Denial};
use crate::server::broker::facts::{self, kind};
use crate::server::broker::outbox::{FactChange, Outbox};
use crate::server::in_order;
use crate::server::limits::{LIST_BYTES, MAX_IGNORED, MAX_IGNORED_IN_ALL};
use crate::server::store::api::Fact;
use serde::{Deserialize, Serialize};

/// The ignored users of each user.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Ignored {
    #[serde(serialize_with = "in_order::map")]
    of: HashMap<FoldedName, BTreeMap<FoldedName, Name>>,
    /// The users who ignore each user.
    #[serde(serialize_with = "in_order::map")]
    by: HashMap<FoldedName, BTreeSet<FoldedName>>,
    /// The number of pairs.
    in_all: usize,
    /// The users by the length of their lists.
    by_length: BTreeSet<(usize, FoldedName)>,
}

impl Ignored {
    /// A user ignores another.
    pub(super) fn hide(&mut self, caller: &Caller, whom: &Name, out: &mut Outbox) -> Result<(), Denial> {
        let (user, other) = (caller.user.folded(), whom.folded());
        if user == other {
            return Err(Denial::new(Code::NotAllowed, "You cannot ignore yourself."));
        }
        let nobody = BTreeMap::new();
        let hidden = self.of.get(&user).unwrap_or(&nobody);
        // The whole list is sent in one frame.
        let bytes: usize = hidden.values().map(|name| name.as_str().len() + 1).sum();
        let full = hidden.len() >= MAX_IGNORED || bytes + whom.as_str().len() >= LIST_BYTES;
        if !hidden.contains_key(&other) {
            let text = "You ignore too many users already; /unignore one first.";
            let too_many = || Denial::new(Code::NotAllowed, text);
            if full {
                return Err(too_many());
            }
            if self.in_all >= MAX_IGNORED_IN_ALL {
                self.make_room(&user, out).ok_or_else(too_many)?;
            }
        }
        let is_new = self.add(&user, whom.clone());
        if is_new && caller.proved {
            out.keep(fact(&user, whom, true));
        }
        self.tell(caller, out);
        Ok(())
    }

    /// Where all lists together are full, the user with the longest one loses an entry, unless that is who asks.
    fn make_room(&mut self, asker: &FoldedName, out: &mut Outbox) -> Option<()> {
        let own = self.of.get(asker).map_or(0, BTreeMap::len);
        let (_, longest) = self.by_length.last().filter(|(length, _)| *length > own).cloned()?;
        let last = self.of.get(&longest)?.last_key_value()?.0.clone();
        let name = self.remove(&longest, &last)?;
        out.change(FactChange::of(fact(&longest, &name, true), fact(&longest, &name, false)));
        Some(())
    }

    /// Adds to a user's list; `true` if it is new there.
    fn add(&mut self, user: &FoldedName, other: Name) -> bool {
        let hidden = other.folded();
        self.by.entry(hidden.clone()).or_default().insert(user.clone());
        let mut is_new = false;
        self.change(user, |all| is_new = all.insert(hidden, other).is_none());
        is_new
    }

    /// Takes from a user's list.
    fn remove(&mut self, user: &FoldedName, other: &FoldedName) -> Option<Name> {
        let mut gone = None;
        self.change(user, |hidden| gone = hidden.remove(other));
        if let Some(users) = self.by.get_mut(other) {
            users.remove(user);
            if users.is_empty() {
                self.by.remove(other);
            }
        }
        gone
    }

    /// Changes a user's list, and what is counted of it.
    fn change(&mut self, user: &FoldedName, change: impl FnOnce(&mut BTreeMap<FoldedName, Name>)) {
        let hidden = self.of.entry(user.clone()).or_default();
        let before = hidden.len();
        change(hidden);
        let after = hidden.len();
        if after == 0 {
            self.of.remove(user);
        }
        self.in_all = (self.in_all + after).saturating_sub(before);
        self.by_length.remove(&(before, user.clone()));
        if after > 0 {
            self.by_length.insert((after, user.clone()));
        }
    }

    /// A user no longer ignores another.
    pub(super) fn show(&mut self, caller: &Caller, written: &str, out: &mut Outbox) -> Result<(), Denial> {
        let user = caller.user.folded();
        let other = Name::restored(written).map(|name| name.folded()).unwrap_or_default();
        let Some(seen) = self.remove(&user, &other) else {
            return Err(Denial::new(Code::NotAllowed, format!("You are not ignoring {}.", Text::line(written))));
        };
        out.change(FactChange::of(fact(&user, &seen, true), fact(&user, &seen, false)));
        self.tell(caller, out);
        Ok(())
    }

    /// Sends a user the list of users they ignore.
    pub(super) fn tell(&self, caller: &Caller, out: &mut Outbox) {
        caller.answer(self.of(&caller.user), out);
    }

    /// The users that a user ignores.
    pub(super) fn of(&self, user: &Name) -> Event {
        let hidden = self.of.get(&user.folded());
        Event::Ignored(hidden.into_iter().flat_map(BTreeMap::values).cloned().collect())
    }

    /// Forgets the users that a user ignores: their name is another's from now on, or may be.
    pub(super) fn forget(&mut self, user: &FoldedName, out: &mut Outbox) {
        for other in self.list_of(user) {
            self.remove(user, &other.folded());
            out.change(FactChange::of(fact(user, &other, true), fact(user, &other, false)));
        }
    }

    fn list_of(&self, user: &FoldedName) -> Vec<Name> {
        self.of.get(user).into_iter().flat_map(BTreeMap::values).cloned().collect()
    }

    /// How many users ignore this one.
    pub(super) fn count_of(&self, user: &FoldedName) -> usize {
        self.by.get(user).map_or(0, BTreeSet::len)
    }

    /// A user takes another name: their list is theirs still, and whoever ignores them does so under that name. Lists are
    /// stored of those users who own their names. Returns the users whose lists have changed.
    pub(super) fn rename(
        &mut self,
        from: &FoldedName,
        to: &Name,
        is_owned: impl Fn(&FoldedName) -> bool,
        out: &mut Outbox,
    ) -> Vec<FoldedName> {
        let user = to.folded();
        for other in self.list_of(from) {
            self.remove(from, &other.folded());
            out.change(FactChange::of(fact(from, &other, true), fact(from, &other, false)));
            // Whoever had the name before is not the user, who ignores everybody else still.
            if other.folded() != user {
                out.keep(fact(&user, &other, true));
                self.add(&user, other);
            }
        }
        let users: Vec<FoldedName> = self.by.get(from).into_iter().flatten().cloned().collect();
        for user in &users {
            let Some(other) = self.remove(user, from) else { continue };
            let is_new = self.add(user, to.clone());
            if is_owned(user) {
                out.change(FactChange::of(fact(user, &other, true), fact(user, &other, false)));
                if is_new {
                    out.keep(fact(user, to, true));
                }
            }
        }
        users
    }

    /// Whether a user ignores any other.
    pub(super) fn any(&self, user: &Name) -> bool {
        !self.of.is_empty() && self.of.contains_key(&user.folded())
    }

    /// Whether a user ignores another.
    pub(super) fn hides(&self, user: &Name, other: &Name) -> bool {
        self.of.get(&user.folded()).is_some_and(|hidden| hidden.contains_key(&other.folded()))
    }

    /// Takes back a change of a pair: this held before.
    pub(super) fn take_back(&mut self, key: &str, value: Option<&str>) {
        let Some((user, other)) = key.split_once(' ') else { return };
        let (user, other) = (FoldedName::restored(user), FoldedName::restored(other));
        self.remove(&user, &other);
        if let Some(value) = value {
            self.restore(key, value);
        }
    }

    /// Restores a stored pair; `false` if it cannot be read.
    pub(super) fn restore(&mut self, key: &str, value: &str) -> bool {
        let pair = key.split_once(' ').zip(facts::name(value));
        let Some(((user, _), other)) = pair else { return false };
        let user = FoldedName::restored(user);
        let count = self.of.get(&user).map_or(0, BTreeMap::len);
        if count < MAX_IGNORED && self.in_all < MAX_IGNORED_IN_ALL {
            self.add(&user, other);
        }
        true
    }
}

/// A user ignores another, or no longer does.
fn fact(user: &FoldedName, other: &Name, hides: bool) -> Fact {
    let key = format!("{user} {}", other.folded());
    if hides { facts::holds(kind::IGNORED, key, &other.as_str()) } else { facts::ends(kind::IGNORED, key) }
}
