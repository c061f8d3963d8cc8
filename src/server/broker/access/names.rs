//! Who is connected under which name: unique, look-alikes included.
//!
//! Must not know: what a name may look like (`model::name`), or why one is given or lost.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::model::{Name, NameKey};
use crate::server::ids::ConnId;
use crate::server::limits::LIST_TOTAL;

/// The names in use.
#[derive(Debug, Default)]
pub struct Names {
    by_spelling: HashMap<Name, Entry>,
    by_folded: HashMap<Arc<str>, ConnId>,
    by_skeleton: HashMap<Arc<str>, ConnId>,
    /// Everyone by when they came, and whether they have proved who they are.
    arrivals: BTreeMap<u64, (Name, bool)>,
    next_arrival: u64,
    /// When those came who are away.
    away: BTreeSet<u64>,
}

#[derive(Debug)]
struct Entry {
    conn: ConnId,
    verified: bool,
    arrival: u64,
}

impl Names {
    /// Gives `name` to `conn`, unless it or one that looks like it is in use. `verified` is whether who has it has proved
    /// who they are.
    pub fn give(&mut self, name: &Name, conn: ConnId, verified: bool) -> bool {
        let NameKey { folded, skeleton } = name.key();
        if self.by_folded.contains_key(&*folded) || self.by_skeleton.contains_key(&*skeleton) {
            return false;
        }
        let folded: Arc<str> = folded.into();
        let skeleton = if *skeleton == *folded { Arc::clone(&folded) } else { skeleton.into() };
        let arrival = self.next_arrival;
        self.next_arrival += 1;
        self.arrivals.insert(arrival, (name.clone(), verified));
        self.by_folded.insert(folded, conn);
        self.by_skeleton.insert(skeleton, conn);
        self.by_spelling.insert(name.clone(), Entry { conn, verified, arrival });
        true
    }

    /// Frees a name.
    pub fn free(&mut self, name: &Name) {
        if let Some(entry) = self.by_spelling.remove(name) {
            self.arrivals.remove(&entry.arrival);
            self.away.remove(&entry.arrival);
            let NameKey { folded, skeleton } = name.key();
            self.by_folded.remove(&*folded);
            self.by_skeleton.remove(&*skeleton);
        }
    }

    /// The connection of the user whose name this is, in any case; a name that only looks like it does not count.
    #[must_use]
    pub fn find(&self, written: &str) -> Option<ConnId> {
        if let Some(entry) = self.by_spelling.get(written) {
            return Some(entry.conn);
        }
        self.by_folded.get(&*Name::parse(written).ok()?.folded()).copied()
    }

    /// Takes note that the user of a name is away, or back.
    pub fn mark_away(&mut self, name: &Name, away: bool) {
        if let Some(entry) = self.by_spelling.get(name) {
            if away {
                self.away.insert(entry.arrival)
            } else {
                self.away.remove(&entry.arrival)
            };
        }
    }

    /// Those who are away, in the order in which they came.
    pub fn away(&self) -> impl Iterator<Item = &Name> {
        self.away.iter().filter_map(|arrival| Some(&self.arrivals.get(arrival)?.0))
    }

    /// The connections whose names stand in the way of one: at most two.
    #[must_use]
    pub fn clashing(&self, key: &NameKey) -> Vec<ConnId> {
        let mut conns: Vec<ConnId> =
            self.by_folded.get(&*key.folded).into_iter().chain(self.by_skeleton.get(&*key.skeleton)).copied().collect();
        conns.dedup();
        conns
    }

    /// Everyone, in the order in which they came, and whether they have proved who they are.
    pub fn in_order(&self) -> impl Iterator<Item = (&Name, bool)> {
        self.arrivals.values().map(|(name, verified)| (name, *verified))
    }

    /// Whether who has a name has proved who they are.
    #[must_use]
    pub fn is_verified(&self, name: &Name) -> bool {
        self.by_spelling.get(name).is_some_and(|entry| entry.verified)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_spelling.len()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_spelling.is_empty()
    }
}

/// How much may still be told in one list.
#[derive(Clone, Copy, Debug)]
pub struct Allowance(usize);

impl Default for Allowance {
    fn default() -> Self {
        Self(LIST_TOTAL)
    }
}

impl Allowance {
    /// Whether so many bytes more may be told; from the first time that they may not, nothing more may.
    pub fn takes(&mut self, bytes: usize) -> bool {
        let left = self.0.checked_sub(bytes);
        self.0 = left.unwrap_or(0);
        left.is_some()
    }
}

/// Cuts names into groups whose joined length stays within `bytes`; at least one group.
pub fn groups<'a>(names: impl Iterator<Item = &'a Name>, bytes: usize) -> Vec<Vec<Name>> {
    let mut groups = Vec::new();
    let mut group: Vec<Name> = Vec::new();
    let mut length = 0;
    for name in names {
        let more = name.as_str().len() + 2;
        if length + more > bytes && !group.is_empty() {
            groups.push(std::mem::take(&mut group));
            length = 0;
        }
        length += more;
        group.push(name.clone());
    }
    groups.push(group);
    groups
}
