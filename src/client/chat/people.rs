//! The users who are online.
//!
//! Must not know: how this is learnt, or how it is shown.

use super::lookup_keys::folded;
use std::collections::{BTreeMap, BTreeSet};

use super::lookup_keys::shortened;
use crate::language::chat as say;
use crate::model::{Name, Text};
use crate::protocol::limits::MAX_AWAY;

/// The most users that are kept; a larger crowd is shown in part.
pub const MAX_USERS: usize = 10_000;

/// The away message of users who give none.
pub const AWAY: &str = "away";

/// Users by their name with its case folded, which is also the order of the list.
#[derive(Clone, Debug, Default)]
pub struct People {
    names: BTreeMap<String, Name>,
    /// The verified ones.
    verified: BTreeSet<String>,
    /// Those who are away, with their away messages.
    away: BTreeMap<String, Text>,
}

impl People {
    /// Adds a user; `false` if they were there already, or there is no room.
    pub fn add(&mut self, name: Name) -> bool {
        let key = folded(&name);
        if self.names.len() >= MAX_USERS && !self.names.contains_key(&key) {
            return false;
        }
        self.names.insert(key, name).is_none()
    }

    /// Removes a user; `false` if they were not there.
    pub fn remove(&mut self, name: &Name) -> bool {
        let key = folded(name);
        self.verified.remove(&key);
        self.away.remove(&key);
        self.names.remove(&key).is_some()
    }

    /// Notes whether a user who is online is verified.
    pub fn verify(&mut self, name: &Name, verified: bool) {
        let key = folded(name);
        if verified && self.names.contains_key(&key) {
            self.verified.insert(key);
        } else {
            self.verified.remove(&key);
        }
    }

    /// Whether a user is online and verified.
    #[must_use]
    pub fn is_verified(&self, name: &Name) -> bool {
        !self.verified.is_empty() && self.verified.contains(&folded(name))
    }

    /// Notes that a user is away, or back if the text is blank.
    pub fn turn_away(&mut self, name: &Name, text: &Text) {
        let key = folded(name);
        if text.is_blank() {
            self.away.remove(&key);
        } else if self.away.len() < MAX_USERS || self.away.contains_key(&key) {
            self.away.insert(key, shortened(text, MAX_AWAY));
        }
    }

    /// A user's away message; `None` while present.
    #[must_use]
    pub fn away(&self, name: &Name) -> Option<&Text> {
        if self.away.is_empty() { None } else { self.away.get(&folded(name)) }
    }

    /// The away message in words for a list or a title: `away`, or `away: lunch`.
    #[must_use]
    pub(crate) fn away_words(&self, name: &Name) -> Option<String> {
        let text = self.away(name)?;
        Some(if text.as_str() == AWAY { say::away().to_owned() } else { say::away_because(text) })
    }

    /// Takes over the away messages of `before`, for those who are still online.
    pub(crate) fn keep_away(&mut self, before: &mut Self) {
        self.away = std::mem::take(&mut before.away);
        self.away.retain(|key, _| self.names.contains_key(key));
    }

    /// Whether a user is online.
    #[must_use]
    pub fn has(&self, name: &Name) -> bool {
        !self.names.is_empty() && self.names.contains_key(&folded(name))
    }

    /// Finds a user by a name as typed.
    #[must_use]
    pub fn find(&self, typed: &str) -> Option<&Name> {
        let key = Name::parse(typed).map_or_else(|_| typed.to_lowercase(), |name| folded(&name));
        self.names.get(&key)
    }

    /// All users, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Name> {
        self.names.values()
    }

    /// The number of users.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
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

/// An away message as it is shown: the default one in the language of the process.
#[must_use]
pub(crate) fn away_message(text: &Text) -> &str {
    if text.as_str() == AWAY { say::away() } else { text.as_str() }
}
