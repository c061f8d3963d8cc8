//! Things under numbers that grow: what comes is last, and what goes is mostly first.
//!
//! Must not know: what the things are.

use std::collections::VecDeque;
use std::ops::{Bound, RangeBounds};

use crate::model::MessageId;

/// Gaps that are kept before the rest moves together.
const GAPS: usize = 64;

/// Things in the order of their numbers.
#[derive(Clone, Debug)]
pub(super) struct Numbered<T> {
    /// What is gone leaves a gap; the first and the last are none.
    all: VecDeque<(MessageId, Option<T>)>,
    there: usize,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { all: VecDeque::new(), there: 0 }
    }
}

impl<T> Numbered<T> {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.there
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.there == 0
    }

    /// Adds one, under a number above all others; a lower one finds its place too.
    pub(super) fn insert(&mut self, id: MessageId, thing: T) {
        // Mostly it is the last.
        if self.last().is_none_or(|last| last < id) {
            self.all.push_back((id, Some(thing)));
            self.there += 1;
            return;
        }
        match self.all.binary_search_by_key(&id, |(id, _)| *id) {
            Ok(at) => {
                let before = self.all.get_mut(at).and_then(|(_, there)| there.replace(thing));
                self.there += usize::from(before.is_none());
            }
            Err(at) => {
                self.all.insert(at, (id, Some(thing)));
                self.there += 1;
            }
        }
    }

    /// The one that has this number.
    pub(super) fn get(&self, id: &MessageId) -> Option<&T> {
        self.all.get(self.position(*id)?).and_then(|(_, there)| there.as_ref())
    }

    /// The same, to be changed.
    pub(super) fn get_mut(&mut self, id: &MessageId) -> Option<&mut T> {
        let at = self.position(*id)?;
        self.all.get_mut(at).and_then(|(_, there)| there.as_mut())
    }

    /// Removes the one that has this number.
    pub(super) fn remove(&mut self, id: &MessageId) -> Option<T> {
        let at = self.position(*id)?;
        let gone = self.all.get_mut(at)?.1.take()?;
        self.there -= 1;
        while self.all.front().is_some_and(|(_, there)| there.is_none()) {
            self.all.pop_front();
        }
        while self.all.back().is_some_and(|(_, there)| there.is_none()) {
            self.all.pop_back();
        }
        if self.all.len() > 2 * self.there + GAPS {
            self.all.retain(|(_, there)| there.is_some());
        }
        Some(gone)
    }

    /// The number of the first.
    pub(super) fn first(&self) -> Option<MessageId> {
        self.all.front().map(|(id, _)| *id)
    }

    /// The number of the last.
    pub(super) fn last(&self) -> Option<MessageId> {
        self.all.back().map(|(id, _)| *id)
    }

    /// All, in order.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (MessageId, &T)> {
        self.range(..)
    }

    /// Those whose numbers lie within bounds, in order.
    pub(super) fn range(
        &self,
        bounds: impl RangeBounds<MessageId>,
    ) -> impl DoubleEndedIterator<Item = (MessageId, &T)> {
        let before = |bound: MessageId| self.all.partition_point(|(id, _)| *id < bound);
        let up_to = |bound: MessageId| self.all.partition_point(|(id, _)| *id <= bound);
        let from = match bounds.start_bound() {
            Bound::Included(id) => before(*id),
            Bound::Excluded(id) => up_to(*id),
            Bound::Unbounded => 0,
        };
        let to = match bounds.end_bound() {
            Bound::Included(id) => up_to(*id),
            Bound::Excluded(id) => before(*id),
            Bound::Unbounded => self.all.len(),
        };
        self.all.range(from..to.max(from)).filter_map(|(id, there)| Some((*id, there.as_ref()?)))
    }

    fn position(&self, id: MessageId) -> Option<usize> {
        // Mostly the first goes.
        if self.first() == Some(id) {
            return Some(0);
        }
        self.all.binary_search_by_key(&id, |(id, _)| *id).ok()
    }
}
