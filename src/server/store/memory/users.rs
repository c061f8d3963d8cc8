//! The users of a history in memory: a number for each, and how each name is shown.
//!
//! Must not know: what the users say.

use std::collections::{HashMap, HashSet};

use crate::model::{FoldedName, Name};
use crate::server::store::limits::{MAX_CACHED, MAX_HOLDERS};

/// All users; a user's number is the index of the name that is shown.
#[derive(Debug, Default)]
pub(super) struct Users {
    shown: Vec<Name>,
    /// Users by name with its case folded.
    by_key: HashMap<FoldedName, i64>,
    /// A cache of users by spelling.
    by_spelling: HashMap<Name, i64>,
    /// Those who held a name before its present holder, the latest last.
    former: HashMap<FoldedName, Vec<i64>>,
    /// Those who have taken another name.
    renamed: HashSet<i64>,
}

impl Users {
    /// How many names there are.
    pub(super) fn len(&self) -> usize {
        self.by_key.len()
    }

    /// Begins a new generation of a name: its next holder is another user. Returns that user's number, if the name was held
    /// by anybody.
    pub(super) fn renew(&mut self, name: &Name) -> Option<i64> {
        self.retire(name)?;
        Some(self.intern(name))
    }

    /// The present holder of a name becomes a former one.
    fn retire(&mut self, name: &Name) -> Option<i64> {
        let folded = name.folded();
        let before = self.by_key.remove(&folded)?;
        self.by_spelling.retain(|_, user| *user != before);
        self.former.entry(folded).or_default().push(before);
        Some(before)
    }

    /// A user takes another name, and whoever holds that is a former holder of it.
    pub(super) fn rename(&mut self, from: &Name, to: &Name) {
        if from.folded() == to.folded() {
            return;
        }
        self.retire(to);
        let Some(user) = self.by_key.remove(&from.folded()) else { return };
        self.by_spelling.retain(|_, other| *other != user);
        self.by_key.insert(to.folded(), user);
        self.renamed.insert(user);
        self.show(user, to);
    }

    /// The present name of a user who was spelled like this before.
    pub(super) fn now<'a>(&'a self, user: i64, spelled: &'a Name) -> &'a Name {
        if self.renamed.contains(&user) { self.shown(user).unwrap_or(spelled) } else { spelled }
    }

    /// The numbers of everybody who ever held a name, the present holder first and then the latest.
    pub(super) fn holders(&self, name: &Name) -> Vec<i64> {
        let former = if self.former.is_empty() { None } else { self.former.get(&name.folded()) };
        self.number(name).into_iter().chain(former.into_iter().flatten().rev().copied()).take(MAX_HOLDERS).collect()
    }

    /// The number of a user, if the user is known.
    pub(super) fn number(&self, name: &Name) -> Option<i64> {
        self.by_spelling.get(name).or_else(|| self.by_key.get(&name.folded())).copied()
    }

    /// The number of the present holder of a name.
    pub(super) fn holder(&self, folded: &FoldedName) -> Option<i64> {
        self.by_key.get(folded).copied()
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
