//! Removals of many users at once, which go on in slices: a ban of a network may hit everybody.
//!
//! Must not know: who is removed and why, or how that is done.

use std::collections::VecDeque;

use crate::server::broker::moderation::Hits;
use crate::server::broker::rooms::Place;

/// A removal that is under way.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::server::broker) struct Sweep {
    /// Where they are removed from.
    pub(in crate::server::broker) place: Place,
    /// What each of them is told.
    pub(in crate::server::broker) text: String,
    /// What the others in a room are told.
    pub(in crate::server::broker) words: String,
    /// Those who are still to be removed.
    pub(in crate::server::broker) hits: Hits,
}

impl Sweep {
    /// Takes up to so many of those who are still to be removed.
    pub(in crate::server::broker) fn take(&mut self, most: usize) -> Self {
        // The last ones come first: what is left need not be moved.
        let hits = self.hits.split_off(self.hits.len().saturating_sub(most));
        Self { place: self.place.clone(), text: self.text.clone(), words: self.words.clone(), hits }
    }
}

/// The removals that are under way, in order.
#[derive(Debug, Default)]
pub(in crate::server::broker) struct Sweeps {
    waiting: VecDeque<Sweep>,
}

impl Sweeps {
    /// Adds one.
    pub(in crate::server::broker) fn add(&mut self, sweep: Sweep) {
        self.waiting.push_back(sweep);
    }

    /// Whether there is none.
    pub(in crate::server::broker) fn are_done(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Takes the next slice: up to so many users of the first removal.
    pub(in crate::server::broker) fn next(&mut self, most: usize) -> Option<Sweep> {
        let first = self.waiting.front_mut()?;
        let slice = first.take(most);
        if first.hits.len() == 0 {
            self.waiting.pop_front();
        }
        Some(slice)
    }
}
