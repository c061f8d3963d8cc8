//! The users of a history in memory: a number for each, and how each name is shown.
//!
//! Must not know: what the users say.

use std::collections::HashMap;

use crate::model::{FoldedName, Name};
use crate::server::store::limits::MAX_CACHED;

/// All users; a user's number is the index of the name that is shown.
#[derive(Debug, Default)]
pub(super) struct Users {
    shown: Vec<Name>,
    /// Users by name with its case folded.
    by_key: HashMap<FoldedName, i64>,
    /// A cache of users by spelling.
    by_spelling: HashMap<Name, i64>,
}

impl Users {
    /// How many users there are.
    pub(super) fn len(&self) -> usize {
        self.shown.len()
    }

    /// The number of a user, if the user is known.
    pub(super) fn number(&self, name: &Name) -> Option<i64> {
        self.by_spelling.get(name).or_else(|| self.by_key.get(&name.folded())).copied()
    }

    /// The number of a user, who is added if need be.
    pub(super) fn intern(&mut self, name: &Name) -> i64 {
        if let Some(&user) = self.by_spelling.get(name) {
            return user;
        }
        let next = i64::try_from(self.shown.len()).unwrap_or(i64::MAX);
        let user = *self.by_key.entry(name.folded()).or_insert(next);
        if user == next {
            self.shown.push(name.clone());
        }
        if self.by_spelling.len() >= MAX_CACHED {
            self.by_spelling.clear();
        }
        self.by_spelling.insert(name.clone(), user);
        user
    }

    /// How a user's name is shown.
    pub(super) fn shown(&self, user: i64) -> Option<&Name> {
        self.shown.get(usize::try_from(user).ok()?)
    }

    /// Shows a user's name as it is spelled here.
    pub(super) fn show(&mut self, user: i64, name: &Name) {
        if let Some(shown) = usize::try_from(user).ok().and_then(|user| self.shown.get_mut(user)) {
            shown.clone_from(name);
        }
    }
}
