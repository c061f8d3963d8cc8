//! Who is online.
//!
//! Must not know: how it is learnt, or how it is shown.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Name;

/// How many users are kept; a bigger crowd is shown in part.
pub const MAX_USERS: usize = 10_000;

/// Users by their name with its case folded, which is also the order they are shown in.
#[derive(Clone, Debug, Default)]
pub struct People {
    names: BTreeMap<String, Name>,
    /// Those who have proved who they are.
    verified: BTreeSet<String>,
}

/// What a name is looked up by: the same for all spellings of one name.
#[must_use]
pub fn folded(name: &Name) -> String {
    name.key().folded
}

impl People {
    /// Adds one; `false` if they were there, or there is no room.
    pub fn add(&mut self, name: Name) -> bool {
        let key = folded(&name);
        if self.names.len() >= MAX_USERS && !self.names.contains_key(&key) {
            return false;
        }
        self.names.insert(key, name).is_none()
    }

    /// Takes one away; `false` if they were not there.
    pub fn remove(&mut self, name: &Name) -> bool {
        let key = folded(name);
        self.verified.remove(&key);
        self.names.remove(&key).is_some()
    }

    /// Tells whether one who is there has proved who they are.
    pub fn verify(&mut self, name: &Name, verified: bool) {
        let key = folded(name);
        if verified && self.names.contains_key(&key) {
            self.verified.insert(key);
        } else {
            self.verified.remove(&key);
        }
    }

    /// Whether one is there who has proved who they are.
    #[must_use]
    pub fn is_verified(&self, name: &Name) -> bool {
        !self.verified.is_empty() && self.verified.contains(&folded(name))
    }

    /// Whether they are there.
    #[must_use]
    pub fn has(&self, name: &Name) -> bool {
        self.names.contains_key(&folded(name))
    }

    /// The one known under what a person typed.
    #[must_use]
    pub fn find(&self, typed: &str) -> Option<&Name> {
        let key = Name::parse(typed).map_or_else(|_| typed.to_lowercase(), |name| folded(&name));
        self.names.get(&key)
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Name> {
        self.names.values()
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
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
