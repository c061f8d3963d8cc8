//! The names in use and the connections that have them: unique, look-alikes included. A name is one user's, who may have
//! several sessions.
//!
//! Must not know: what a name may look like (`model::name`), or why one is given or freed.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::model::{Name, NameKey, Text};
use crate::server::broker::user_conns::UserConns;
use crate::server::ids::ConnId;
use crate::server::in_order;
use serde::{Deserialize, Serialize};

/// The names in use.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Names {
    #[serde(serialize_with = "in_order::map")]
    by_spelling: HashMap<Name, NameInUse>,
    #[serde(serialize_with = "in_order::map")]
    by_folded: HashMap<Arc<str>, Name>,
    #[serde(serialize_with = "in_order::map")]
    by_skeleton: HashMap<Arc<str>, Name>,
    /// The names by what is left of them without separators; almost always one.
    #[serde(serialize_with = "in_order::map")]
    by_near: HashMap<Arc<str>, Vec<Name>>,
    /// The verified users by arrival number, and the others.
    verified: BTreeMap<u64, Name>,
    claimed: BTreeMap<u64, Name>,
    next_arrival: u64,
    /// The arrival numbers of the users who are away.
    away: BTreeSet<u64>,
}

/// One name in use.
#[derive(Debug, Serialize, Deserialize)]
struct NameInUse {
    conns: UserConns,
    /// How many sessions its user has begun since the name came into use.
    begun: u32,
    verified: bool,
    arrival: u64,
    /// The away message that others see; blank while the user is present.
    away: Text,
    /// The away message of a user who is not to be disturbed.
    undisturbed: Option<Box<Text>>,
}

impl Names {
    /// Gives `name` to `conn` unless it, or one that looks like it, is in use; returns whether it was given. `verified`
    /// says whether its user is verified.
    pub fn give(&mut self, name: &Name, conn: ConnId, verified: bool) -> bool {
        let key = name.key();
        let near = key.near();
        let NameKey { folded, skeleton } = key;
        if self.by_folded.contains_key(&*folded) || self.by_skeleton.contains_key(&*skeleton) {
            return false;
        }
        let folded: Arc<str> = Arc::from(&*folded);
        let skeleton = if *skeleton == *folded { Arc::clone(&folded) } else { skeleton.into() };
        for near in near {
            let near = if near == *folded { Arc::clone(&folded) } else { near.into() };
            self.by_near.entry(near).or_default().push(name.clone());
        }
        let arrival = self.next_arrival;
        self.next_arrival += 1;
        let arrivals = if verified { &mut self.verified } else { &mut self.claimed };
        arrivals.insert(arrival, name.clone());
        self.by_folded.insert(folded, name.clone());
        self.by_skeleton.insert(skeleton, name.clone());
        let conns = UserConns::one(conn);
        let entry = NameInUse { conns, begun: 1, verified, arrival, away: Text::default(), undisturbed: None };
        self.by_spelling.insert(name.clone(), entry);
        true
    }

    /// Adds a session of the user of a name that is in use; returns its number among the user's sessions.
    pub fn join(&mut self, name: &Name, conn: ConnId) -> Option<u32> {
        let entry = self.by_spelling.get_mut(name)?;
        entry.conns.add(conn);
        entry.begun = entry.begun.saturating_add(1);
        Some(entry.begun)
    }

    /// Ends a session of the user of a name. The last one frees the name: then it says whether the user was verified.
    pub fn leave(&mut self, name: &Name, conn: ConnId) -> Option<bool> {
        let entry = self.by_spelling.get_mut(name)?;
        if let Some(conns) = entry.conns.clone().without(conn) {
            entry.conns = conns;
            return None;
        }
        let verified = entry.verified;
        self.free(name);
        Some(verified)
    }

    /// Frees a name.
    pub fn free(&mut self, name: &Name) {
        if let Some(entry) = self.by_spelling.remove(name) {
            self.verified.remove(&entry.arrival);
            self.claimed.remove(&entry.arrival);
            self.away.remove(&entry.arrival);
            let key = name.key();
            self.by_folded.remove(&*key.folded);
            self.by_skeleton.remove(&*key.skeleton);
            for near in key.near() {
                if let Some(names) = self.by_near.get_mut(&*near) {
                    names.retain(|other| other != name);
                    if names.is_empty() {
                        self.by_near.remove(&*near);
                    }
                }
            }
        }
    }

    /// The connections of the user whose name this is, in any case; a name that only looks like it does not count.
    #[must_use]
    pub fn find(&self, written: &str) -> Option<&UserConns> {
        if let Some(entry) = self.by_spelling.get(written) {
            return Some(&entry.conns);
        }
        Some(&self.by_spelling.get(self.by_folded.get(&*Name::restored(written).ok()?.folded())?)?.conns)
    }

    /// Notes what others see of the user of a name: an away message, blank if the user is present. Returns whether that is
    /// new.
    pub fn mark_away(&mut self, name: &Name, text: &Text) -> bool {
        let Some(entry) = self.by_spelling.get_mut(name).filter(|entry| entry.away != *text) else { return false };
        entry.away = text.clone();
        if text.is_blank() {
            self.away.remove(&entry.arrival)
        } else {
            self.away.insert(entry.arrival)
        };
        true
    }

    /// The away message that others see of the user of a name; blank while the user is present.
    #[must_use]
    pub fn away_of(&self, name: &Name) -> Text {
        self.by_spelling.get(name).map(|entry| entry.away.clone()).unwrap_or_default()
    }

    /// Notes that the user of a name is not to be disturbed, and is away with this message; a blank one ends that.
    pub fn mark_undisturbed(&mut self, name: &Name, text: Text) {
        if let Some(entry) = self.by_spelling.get_mut(name) {
            entry.undisturbed = (!text.is_blank()).then(|| Box::new(text));
        }
    }

    /// The away message of the user of a name who is not to be disturbed.
    #[must_use]
    pub fn undisturbed(&self, name: &Name) -> Option<&Text> {
        self.by_spelling.get(name)?.undisturbed.as_deref()
    }

    /// The users who are away, in order of arrival, with their messages.
    pub fn away(&self) -> impl Iterator<Item = (&Name, &Text)> {
        let names =
            self.away.iter().filter_map(|arrival| self.verified.get(arrival).or_else(|| self.claimed.get(arrival)));
        names.filter_map(|name| Some((name, &self.by_spelling.get(name)?.away)))
    }

    /// The connections whose names clash with this one: those of at most two users.
    #[must_use]
    pub fn clashing(&self, key: &NameKey) -> Vec<ConnId> {
        let folded = self.by_folded.get(&*key.folded);
        let alike = self.by_skeleton.get(&*key.skeleton).filter(|alike| Some(*alike) != folded);
        self.connections(folded.into_iter().chain(alike)).collect()
    }

    fn connections<'a>(&'a self, names: impl Iterator<Item = &'a Name>) -> impl Iterator<Item = ConnId> {
        names.filter_map(|name| self.by_spelling.get(name)).flat_map(|entry| entry.conns.iter())
    }

    /// The connections whose names do not clash with this one, but differ from it by separators at most.
    #[must_use]
    pub fn near(&self, key: &NameKey) -> Vec<ConnId> {
        let clashing = self.clashing(key);
        let near = key.near();
        let names = near.iter().filter_map(|near| self.by_near.get(&**near)).flatten();
        let conns: BTreeSet<ConnId> = self.connections(names).collect();
        conns.into_iter().filter(|conn| !clashing.contains(conn)).collect()
    }

    /// Every user in order of arrival, and whether they are verified.
    pub fn in_order(&self) -> impl Iterator<Item = (&Name, bool)> {
        let (mut verified, mut claimed) = (self.verified.iter().peekable(), self.claimed.iter().peekable());
        std::iter::from_fn(move || {
            let is_next = match (verified.peek(), claimed.peek()) {
                (Some((first, _)), Some((second, _))) => first < second,
                (first, _) => first.is_some(),
            };
            let (_, name) = if is_next { verified.next() } else { claimed.next() }?;
            Some((name, is_next))
        })
    }

    /// The users who are verified, or those who are not, in order of arrival.
    pub fn of_proof(&self, verified: bool) -> impl Iterator<Item = &Name> {
        if verified { self.verified.values() } else { self.claimed.values() }
    }

    /// The number of names in use.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_spelling.len()
    }

    /// Whether no name is in use.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_spelling.is_empty()
    }
}
