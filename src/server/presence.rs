//! Who came and went, told at once in a small room and gathered in a large one, so that a join costs each other O(1).
//!
//! Must not know: who is told, or how.

use std::collections::BTreeSet;

use super::limits::SMALL_ROOM;
use crate::model::Name;

/// Comings and goings that were not told yet; someone who came and went between two tellings is in neither.
#[derive(Debug, Default)]
pub struct Presence {
    joined: BTreeSet<Name>,
    left: BTreeSet<Name>,
}

impl Presence {
    /// Someone came into a room that now holds `present`. `true` if it is to be told at once.
    pub fn join(&mut self, name: &Name, present: usize) -> bool {
        if self.is_empty() && present <= SMALL_ROOM {
            return true;
        }
        if !self.left.remove(name) {
            self.joined.insert(name.clone());
        }
        false
    }

    /// Someone went from a room that held `present`. `true` if it is to be told at once.
    pub fn leave(&mut self, name: &Name, present: usize) -> bool {
        if self.is_empty() && present <= SMALL_ROOM {
            return true;
        }
        if !self.joined.remove(name) {
            self.left.insert(name.clone());
        }
        false
    }

    /// Whether there is nothing to tell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.joined.is_empty() && self.left.is_empty()
    }

    /// What was gathered: who left, and who joined.
    pub fn take(&mut self) -> (BTreeSet<Name>, BTreeSet<Name>) {
        (std::mem::take(&mut self.left), std::mem::take(&mut self.joined))
    }
}
