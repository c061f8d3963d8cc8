//! Names that rest: their users took another name or left for good, and for a while nobody else gets them, nor a name that
//! looks like them.
//!
//! Keeps true: a name rests once, in all four orders.
//!
//! Must not know: who owns a name, or why a user gave theirs up.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::model::{FoldedName, Name, NameKey, Timestamp};
use crate::server::broker::facts::{self, kind};
use crate::server::broker::outbox::FactChange;
use crate::server::in_order;
use crate::server::limits::{EXPIRED_AT_ONCE, MAX_RESTING, NAME_REST};
use crate::server::store::api::Fact;

/// A name that rests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RestingName {
    /// The name, as its user spelled it.
    pub(super) name: Name,
    /// The name that its user has now; `None` if they left for good, or if another user has it.
    pub(super) now: Option<Name>,
    /// Until when it rests, on the trusted clock.
    pub(super) until: Timestamp,
}

/// The names that rest.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Resting {
    of: BTreeMap<FoldedName, RestingName>,
    /// From what is left of a name without separators to the keys above.
    #[serde(serialize_with = "in_order::map")]
    by_near: HashMap<String, BTreeSet<FoldedName>>,
    /// By the name that their users have now.
    #[serde(serialize_with = "in_order::map")]
    by_now: HashMap<FoldedName, BTreeSet<FoldedName>>,
    by_end: BTreeSet<(Timestamp, FoldedName)>,
}

#[derive(Serialize, Deserialize)]
struct RestingText {
    name: String,
    now: Option<String>,
    until: i64,
}

impl Resting {
    /// The name that rests and is this one, or else one that looks like it or differs from it by separators at most.
    pub(super) fn clash(&self, key: &NameKey, time: Timestamp) -> Option<&RestingName> {
        if self.of.is_empty() {
            return None;
        }
        let near = key.near();
        let others = near.iter().filter_map(|near| self.by_near.get(near)).flatten();
        let mut all = [&key.folded].into_iter().chain(others).filter_map(|name| self.of.get(name));
        all.find(|resting| resting.until > time)
    }

    /// A name that rests.
    pub(super) fn get(&self, name: &FoldedName) -> Option<&RestingName> {
        self.of.get(name)
    }

    /// How many names rest that the user of this one had before.
    pub(super) fn count_of(&self, now: &FoldedName) -> usize {
        self.by_now.get(now).map_or(0, BTreeSet::len)
    }

    /// A name rests from now on. Where there are too many, the one that would rest shortest goes.
    pub(super) fn begin(&mut self, name: Name, now: Option<Name>, time: Timestamp, changes: &mut Vec<FactChange>) {
        let oldest = self.by_end.first().filter(|_| self.of.len() >= MAX_RESTING);
        if let Some((_, oldest)) = oldest.cloned() {
            changes.extend(self.end(&oldest));
        }
        let before = self.take(&name.folded()).map(|before| fact(&before));
        let resting = RestingName { name, now, until: time.after(NAME_REST) };
        changes.push(FactChange { now: fact(&resting), before });
        self.put(resting);
    }

    /// A name rests no longer.
    pub(super) fn end(&mut self, name: &FoldedName) -> Option<FactChange> {
        let before = self.take(name)?;
        Some(FactChange::of(fact(&before), facts::ends(kind::RESTING, name.clone().into())))
    }

    /// The user of a name has another one, or none: the names that they had before are told of so.
    pub(super) fn follow(&mut self, user: &FoldedName, now: Option<&Name>, changes: &mut Vec<FactChange>) {
        for name in self.by_now.get(user).cloned().unwrap_or_default() {
            let Some(before) = self.take(&name) else { continue };
            let resting = RestingName { now: now.cloned(), ..before.clone() };
            changes.push(FactChange::of(fact(&before), fact(&resting)));
            self.put(resting);
        }
    }

    /// Ends the rest of names whose time is over, [`EXPIRED_AT_ONCE`] at a time.
    pub(super) fn expire(&mut self, time: Timestamp) -> Vec<FactChange> {
        let over = self.by_end.iter().take_while(|(until, _)| *until <= time).take(EXPIRED_AT_ONCE);
        let over: Vec<FoldedName> = over.map(|(_, name)| name.clone()).collect();
        over.iter().filter_map(|name| self.end(name)).collect()
    }

    /// Takes back a change: this held before, or nothing did.
    pub(super) fn take_back(&mut self, key: &str, value: Option<&str>) {
        self.take(&FoldedName::restored(key));
        if let Some(value) = value {
            self.restore(value);
        }
    }

    /// Restores a name that rests; `false` if the entry cannot be read.
    pub(super) fn restore(&mut self, value: &str) -> bool {
        let read = || {
            let RestingText { name, now, until } = facts::read(value)?;
            let now = now.map(|now| Name::restored(&now).ok());
            let (name, now) = (Name::restored(&name).ok()?, now.map_or(Some(None), |now| now.map(Some))?);
            Some(RestingName { name, now, until: Timestamp(until) })
        };
        read().map(|resting| self.put(resting)).is_some()
    }

    fn put(&mut self, resting: RestingName) {
        let key = resting.name.key();
        self.take(&key.folded);
        for near in key.near() {
            self.by_near.entry(near).or_default().insert(key.folded.clone());
        }
        if let Some(now) = &resting.now {
            self.by_now.entry(now.folded()).or_default().insert(key.folded.clone());
        }
        self.by_end.insert((resting.until, key.folded.clone()));
        self.of.insert(key.folded, resting);
    }

    fn take(&mut self, name: &FoldedName) -> Option<RestingName> {
        let resting = self.of.remove(name)?;
        self.by_end.remove(&(resting.until, name.clone()));
        for near in resting.name.key().near() {
            remove(&mut self.by_near, &near, name);
        }
        if let Some(now) = &resting.now {
            remove(&mut self.by_now, &now.folded(), name);
        }
        Some(resting)
    }
}

/// Removes a name from those under a key, and the key with the last of them.
fn remove<K: Eq + std::hash::Hash>(index: &mut HashMap<K, BTreeSet<FoldedName>>, key: &K, name: &FoldedName) {
    if let Some(names) = index.get_mut(key) {
        names.remove(name);
        if names.is_empty() {
            index.remove(key);
        }
    }
}

fn fact(resting: &RestingName) -> Fact {
    let RestingName { name, now, until } = resting;
    let text = RestingText { name: name.to_string(), now: now.as_ref().map(Name::to_string), until: until.0 };
    facts::holds(kind::RESTING, name.folded().into(), &text)
}
