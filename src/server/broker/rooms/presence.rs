//! Who came and went, told at once in a small room and gathered in a large one, so that a join costs each other O(1).
//!
//! Must not know: who is told, or how.

use std::collections::BTreeMap;

use crate::model::Name;
use crate::server::limits::SMALL_ROOM;

/// Comings and goings that were not told yet; someone who came and went between two tellings is in neither.
#[derive(Debug, Default)]
pub struct Presence {
    /// With whether they have proved who they are.
    joined: BTreeMap<Name, bool>,
    left: BTreeMap<Name, bool>,
}

impl Presence {
    /// Someone came into a room that now holds `present`. `true` if it is to be told at once.
    pub fn join(&mut self, name: &Name, verified: bool, present: usize) -> bool {
        if self.is_empty() && present <= SMALL_ROOM {
            return true;
        }
        // Who comes back another is told of.
        if self.left.get(name) == Some(&verified) {
            self.left.remove(name);
        } else {
            self.joined.insert(name.clone(), verified);
        }
        false
    }

    /// Someone went from a room that held `present`. `true` if it is to be told at once.
    pub fn leave(&mut self, name: &Name, verified: bool, present: usize) -> bool {
        if self.is_empty() && present <= SMALL_ROOM {
            return true;
        }
        if self.joined.remove(name).is_none() {
            self.left.insert(name.clone(), verified);
        }
        false
    }

    /// Whether there is nothing to tell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.joined.is_empty() && self.left.is_empty()
    }

    /// What was gathered: who left, and who joined.
    pub fn take(&mut self) -> (BTreeMap<Name, bool>, BTreeMap<Name, bool>) {
        (std::mem::take(&mut self.left), std::mem::take(&mut self.joined))
    }
}
