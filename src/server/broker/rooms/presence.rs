//! Arrivals and departures: announced at once in a small room and collected in a large one, so that a join costs each other
//! member O(1).
//!
//! Must not know: who hears of it, or how.

use std::collections::BTreeMap;

use crate::model::Name;
use crate::server::limits::SMALL_ROOM;

/// Arrivals and departures that were not announced yet; a user who came and went in between is in neither.
#[derive(Debug, Default)]
pub struct Presence {
    /// Each user with whether they are verified.
    joined: BTreeMap<Name, bool>,
    left: BTreeMap<Name, bool>,
}

impl Presence {
    /// Notes an arrival in a room that now holds `present` users; `true` if it is to be announced at once.
    pub fn join(&mut self, name: &Name, verified: bool, present: usize) -> bool {
        if self.is_empty() && present <= SMALL_ROOM {
            return true;
        }
        // A return with a different verified state is announced.
        if self.left.get(name) == Some(&verified) {
            self.left.remove(name);
        } else {
            self.joined.insert(name.clone(), verified);
        }
        false
    }

    /// Notes a departure from a room that held `present` users; `true` if it is to be announced at once.
    pub fn leave(&mut self, name: &Name, verified: bool, present: usize) -> bool {
        if self.is_empty() && present <= SMALL_ROOM {
            return true;
        }
        if self.joined.remove(name).is_none() {
            self.left.insert(name.clone(), verified);
        }
        false
    }

    /// Drops what was noted of a user: it was taken back.
    pub fn forget(&mut self, name: &Name) {
        self.joined.remove(name);
        self.left.remove(name);
    }

    /// Whether nothing is to be announced.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.joined.is_empty() && self.left.is_empty()
    }

    /// Takes the collected departures and arrivals.
    pub fn take(&mut self) -> (BTreeMap<Name, bool>, BTreeMap<Name, bool>) {
        (std::mem::take(&mut self.left), std::mem::take(&mut self.joined))
    }
}
