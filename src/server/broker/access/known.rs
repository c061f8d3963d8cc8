//! The users that the server has seen: a message can wait for each of them.
//!
//! Must not know: who is online (`names`), or what waits for whom.

use std::collections::HashMap;

use crate::model::{FoldedName, Name};
use crate::server::limits::MAX_KNOWN;

/// Users by folded name, as spelled last.
#[derive(Debug, Default)]
pub struct KnownUsers {
    names: HashMap<FoldedName, Name>,
}

impl KnownUsers {
    /// The users who were known when the server started.
    pub fn of(names: impl IntoIterator<Item = Name>) -> Self {
        Self { names: names.into_iter().map(|name| (name.folded(), name)).collect() }
    }

    /// Notes that a user joined; `true` if for the first time. Beyond [`MAX_KNOWN`] newcomers are not remembered.
    pub fn meet(&mut self, name: &Name) -> bool {
        let folded = name.folded();
        if let Some(known) = self.names.get_mut(&folded) {
            known.clone_from(name);
            return false;
        }
        if self.names.len() >= MAX_KNOWN {
            return false;
        }
        self.names.insert(folded, name.clone());
        true
    }

    /// The user whose name this is, in any case; a name that only looks like it does not count.
    #[must_use]
    pub fn find(&self, written: &str) -> Option<&Name> {
        self.names.get(&Name::restored(written).ok()?.folded())
    }
}
