//! Who has how many of what is everyone's: where a common table is full, whoever has most of it gives way, and not
//! whoever comes next.
//!
//! Must not know: what the table holds.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::FoldedName;
use serde::{Deserialize, Serialize};

/// The entries of a common table by the user whom each counts for. An entry is a number, which grows with time.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Shares {
    of: BTreeMap<FoldedName, BTreeSet<u64>>,
    /// The users by the number of their entries.
    by_size: BTreeSet<(usize, FoldedName)>,
}

impl Shares {
    /// An entry is a user's.
    pub fn add(&mut self, user: FoldedName, entry: u64) {
        self.change(user, |entries| {
            entries.insert(entry);
        });
    }

    /// An entry is gone.
    pub fn remove(&mut self, user: &FoldedName, entry: u64) {
        self.change(user.clone(), |entries| {
            entries.remove(&entry);
        });
    }

    /// The number of a user's entries.
    #[must_use]
    pub fn count(&self, user: &FoldedName) -> usize {
        self.of.get(user).map_or(0, BTreeSet::len)
    }

    /// The oldest entry of the user who has most, if that is more than `asker` has.
    #[must_use]
    pub fn oldest_of_the_largest(&self, asker: &FoldedName) -> Option<u64> {
        let (most, user) = self.by_size.last()?;
        self.of.get(user).filter(|_| *most > self.count(asker))?.first().copied()
    }

    fn change(&mut self, user: FoldedName, change: impl FnOnce(&mut BTreeSet<u64>)) {
        let entries = self.of.entry(user.clone()).or_default();
        let before = entries.len();
        change(entries);
        let after = entries.len();
        if before != after {
            self.by_size.remove(&(before, user.clone()));
        }
        if after == 0 {
            self.of.remove(&user);
        } else if before != after {
            self.by_size.insert((after, user));
        }
    }
}
