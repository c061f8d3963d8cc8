//! Who is online.
//!
//! Must not know: how it is learnt, or how it is shown.

use std::collections::BTreeMap;

use crate::model::Name;

/// How many users are kept; a bigger crowd is shown in part.
pub const MAX_USERS: usize = 10_000;

/// Users by their name with its case folded, which is also the order they are shown in.
#[derive(Clone, Debug, Default)]
pub struct People(BTreeMap<String, Name>);

/// What a name is looked up by: the same for all spellings of one name.
#[must_use]
pub fn folded(name: &Name) -> String {
    name.key().folded
}

impl People {
    /// Adds one; `false` if they were there, or there is no room.
    pub fn add(&mut self, name: Name) -> bool {
        let key = folded(&name);
        if self.0.len() >= MAX_USERS && !self.0.contains_key(&key) {
            return false;
        }
        self.0.insert(key, name).is_none()
    }

    /// Takes one away; `false` if they were not there.
    pub fn remove(&mut self, name: &Name) -> bool {
        self.0.remove(&folded(name)).is_some()
    }

    /// Whether they are there.
    #[must_use]
    pub fn has(&self, name: &Name) -> bool {
        self.0.contains_key(&folded(name))
    }

    /// The one known under what a person typed.
    #[must_use]
    pub fn find(&self, typed: &str) -> Option<&Name> {
        let key = Name::parse(typed).map_or_else(|_| typed.to_lowercase(), |name| folded(&name));
        self.0.get(&key)
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Name> {
        self.0.values()
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Name> for People {
    fn from_iter<I: IntoIterator<Item = Name>>(names: I) -> Self {
        let mut people = Self::default();
        for name in names {
            people.add(name);
        }
        people
    }
}
