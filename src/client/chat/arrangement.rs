//! The numbers of conversations: the order in which the person knows them, also of those that are not there yet.
//!
//! Must not know: conversations, or where the order is kept.

use super::lookup_keys::{folded, room_key};
use crate::client::text::arrangement_lines::MAX_NUMBERED;
use crate::model::Target;

/// Places in their order, each once; "everyone" always comes first and is not among them. Beyond [`MAX_NUMBERED`], the
/// first place that has no conversation is dropped.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arrangement {
    places: Vec<ArrangedPlace>,
    /// Whether it has changed since it was last taken.
    changed: bool,
}

#[derive(Clone, Debug)]
struct ArrangedPlace {
    key: String,
    target: Target,
    /// Whether it has a conversation.
    is_listed: bool,
}

/// The look-up key of a place; `None` for everyone.
#[must_use]
pub(crate) fn key_of(target: &Target) -> Option<String> {
    match target {
        Target::Everyone => None,
        Target::User(name) => Some(folded(name)),
        Target::Room(room) => Some(room_key(room)),
    }
}

impl Arrangement {
    /// Takes over an order from before; places that have a conversation and are not in it follow in the order that
    /// they have.
    pub(crate) fn restore(&mut self, targets: Vec<Target>) {
        let before = std::mem::take(&mut self.places);
        for target in targets {
            self.push(target, false);
        }
        self.changed = false;
        for ArrangedPlace { key, target, .. } in before.into_iter().filter(|place| place.is_listed) {
            match self.places.iter_mut().find(|place| place.key == key) {
                Some(place) => place.is_listed = true,
                None => {
                    self.push(target, true);
                    self.changed = true;
                }
            }
        }
    }

    /// Adds a place at the end, unless it is there or there is no room.
    fn push(&mut self, target: Target, is_listed: bool) {
        let Some(key) = key_of(&target) else { return };
        if self.places.iter().any(|place| place.key == key) {
            return;
        }
        if self.places.len() >= MAX_NUMBERED {
            let Some(idle) = self.places.iter().position(|place| !place.is_listed) else { return };
            self.places.remove(idle);
        }
        self.places.push(ArrangedPlace { key, target, is_listed });
    }

    /// A conversation begins; returns its index among those that there are.
    pub(crate) fn enter(&mut self, target: &Target) -> usize {
        let key = key_of(target);
        match self.places.iter_mut().find(|place| Some(&place.key) == key.as_ref()) {
            Some(place) => place.is_listed = true,
            None => {
                self.push(target.clone(), true);
                self.changed = true;
            }
        }
        let before = self.places.iter().take_while(|place| Some(&place.key) != key.as_ref());
        before.filter(|place| place.is_listed).count()
    }

    /// The rank of a place in the order; those without one come last.
    #[must_use]
    pub(crate) fn rank(&self, key: Option<&str>) -> usize {
        self.places.iter().position(|place| Some(place.key.as_str()) == key).unwrap_or(usize::MAX)
    }

    /// A conversation ends: it has no number any more.
    pub(crate) fn leave(&mut self, key: Option<&str>) {
        let before = self.places.len();
        self.places.retain(|place| Some(place.key.as_str()) != key);
        self.changed |= self.places.len() != before;
    }

    /// A conversation goes directly behind another one, which has been after it; or before it, if it has been before.
    pub(crate) fn move_past(&mut self, key: Option<&str>, other: Option<&str>) {
        let (from, to) = (self.rank(key), self.rank(other));
        if from < self.places.len() && to < self.places.len() {
            let moved = self.places.remove(from);
            self.places.insert(to, moved);
            self.changed = true;
        }
    }

    /// Forgets the places that have no conversation.
    pub(crate) fn forget_idle(&mut self) {
        let before = self.places.len();
        self.places.retain(|place| place.is_listed);
        self.changed |= self.places.len() != before;
    }

    /// The order, if it changed since it was last taken.
    pub(crate) fn take_changed(&mut self) -> Option<Vec<Target>> {
        std::mem::take(&mut self.changed).then(|| self.places.iter().map(|place| place.target.clone()).collect())
    }

    /// Whether it has changed since it was last taken.
    #[must_use]
    pub(crate) fn is_changed(&self) -> bool {
        self.changed
    }
}
