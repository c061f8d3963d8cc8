//! The names in use and the connections that have them: unique, look-alikes included.
//!
//! Must not know: what a name may look like (`model::name`), or why one is given or freed.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::model::{Name, NameKey};
use crate::server::ids::ConnId;

/// The names in use.
#[derive(Debug, Default)]
pub struct Names {
    by_spelling: HashMap<Name, NameInUse>,
    by_folded: HashMap<Arc<str>, ConnId>,
    by_skeleton: HashMap<Arc<str>, ConnId>,
    /// The connections by what is left of their names without separators; almost always one.
    by_near: HashMap<Arc<str>, Vec<ConnId>>,
    /// The verified users by arrival number, and the others.
    verified: BTreeMap<u64, Name>,
    claimed: BTreeMap<u64, Name>,
    next_arrival: u64,
    /// The arrival numbers of the users who are away.
    away: BTreeSet<u64>,
}

/// One name in use.
#[derive(Debug)]
struct NameInUse {
    conn: ConnId,
    verified: bool,
    arrival: u64,
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
            self.by_near.entry(near).or_default().push(conn);
        }
        let arrival = self.next_arrival;
        self.next_arrival += 1;
        let arrivals = if verified { &mut self.verified } else { &mut self.claimed };
        arrivals.insert(arrival, name.clone());
        self.by_folded.insert(folded, conn);
        self.by_skeleton.insert(skeleton, conn);
        self.by_spelling.insert(name.clone(), NameInUse { conn, verified, arrival });
        true
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
                if let Some(conns) = self.by_near.get_mut(&*near) {
                    conns.retain(|conn| *conn != entry.conn);
                    if conns.is_empty() {
                        self.by_near.remove(&*near);
                    }
                }
            }
        }
    }

    /// The connection of the user whose name this is, in any case; a name that only looks like it does not count.
    #[must_use]
    pub fn find(&self, written: &str) -> Option<ConnId> {
        if let Some(entry) = self.by_spelling.get(written) {
            return Some(entry.conn);
        }
        self.by_folded.get(&*Name::restored(written).ok()?.folded()).copied()
    }

    /// Notes that the user of a name is away, or back.
    pub fn mark_away(&mut self, name: &Name, away: bool) {
        if let Some(entry) = self.by_spelling.get(name) {
            if away {
                self.away.insert(entry.arrival)
            } else {
                self.away.remove(&entry.arrival)
            };
        }
    }

    /// The users who are away, in order of arrival.
    pub fn away(&self) -> impl Iterator<Item = &Name> {
        self.away.iter().filter_map(|arrival| self.verified.get(arrival).or_else(|| self.claimed.get(arrival)))
    }

    /// The connections whose names clash with this one: at most two.
    #[must_use]
    pub fn clashing(&self, key: &NameKey) -> Vec<ConnId> {
        let mut conns: Vec<ConnId> =
            self.by_folded.get(&*key.folded).into_iter().chain(self.by_skeleton.get(&*key.skeleton)).copied().collect();
        conns.dedup();
        conns
    }

    /// The connections whose names do not clash with this one, but differ from it by separators at most.
    #[must_use]
    pub fn near(&self, key: &NameKey) -> Vec<ConnId> {
        let clashing = self.clashing(key);
        let near = key.near();
        let conns: BTreeSet<ConnId> =
            near.iter().filter_map(|near| self.by_near.get(&**near)).flatten().copied().collect();
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

    /// Whether the user of a name is verified.
    #[must_use]
    pub fn is_verified(&self, name: &Name) -> bool {
        self.by_spelling.get(name).is_some_and(|entry| entry.verified)
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
