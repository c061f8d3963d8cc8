//! Who is online.
//!
//! Must not know: how it is learnt, or how it is shown.

use super::keys::folded;
use std::collections::{BTreeMap, BTreeSet};

use super::keys::shortened;
use crate::model::{Name, Text};
use crate::protocol::limits::MAX_AWAY;

/// How many users are kept; a bigger crowd is shown in part.
pub const MAX_USERS: usize = 10_000;

/// What one says who is away and does not say more.
pub const AWAY: &str = "away";

/// Users by their name with its case folded, which is also the order they are shown in.
#[derive(Clone, Debug, Default)]
pub struct People {
    names: BTreeMap<String, Name>,
    /// Those who have proved who they are.
    verified: BTreeSet<String>,
    /// Those who are away, and what they say of it.
    away: BTreeMap<String, Text>,
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
        self.away.remove(&key);
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

    /// Tells that one is away, or with a blank text back.
    pub fn turn_away(&mut self, name: &Name, text: &Text) {
        let key = folded(name);
        if text.is_blank() {
            self.away.remove(&key);
        } else if self.away.len() < MAX_USERS || self.away.contains_key(&key) {
            self.away.insert(key, shortened(text, MAX_AWAY));
        }
    }

    /// What one says who is away; none if they are not.
    #[must_use]
    pub fn away(&self, name: &Name) -> Option<&Text> {
        if self.away.is_empty() { None } else { self.away.get(&folded(name)) }
    }

    /// The same in words for a list or a title: `away`, `away: lunch`.
    #[must_use]
    pub fn away_words(&self, name: &Name) -> Option<String> {
        let text = self.away(name)?;
        Some(if text.as_str() == AWAY { AWAY.to_owned() } else { format!("{AWAY}: {text}") })
    }

    /// The same people, those away among them as `before` has it, where they are still there.
    pub fn keep_away(&mut self, before: &mut Self) {
        self.away = std::mem::take(&mut before.away);
        self.away.retain(|key, _| self.names.contains_key(key));
    }

    /// Whether they are there.
    #[must_use]
    pub fn has(&self, name: &Name) -> bool {
        !self.names.is_empty() && self.names.contains_key(&folded(name))
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
