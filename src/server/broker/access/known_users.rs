//! Who was ever here: the users that a message can wait for.
//!
//! Must not know: who is online (`names`), or what waits for whom.

use std::collections::HashMap;

use crate::model::Name;
use crate::server::limits::MAX_KNOWN;

/// Users by their names, in any case.
#[derive(Debug, Default)]
pub struct Known {
    names: HashMap<String, Name>,
}

impl Known {
    /// Those who were known when the server started, as spelled last.
    pub fn of(names: impl IntoIterator<Item = Name>) -> Self {
        Self { names: names.into_iter().map(|name| (name.key().folded, name)).collect() }
    }

    /// Someone is here. `true` if that is the first time; beyond [`MAX_KNOWN`] newcomers are not remembered.
    pub fn meet(&mut self, name: &Name) -> bool {
        let folded = name.key().folded;
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
        let key = Name::parse(written).ok()?.key();
        self.names.get(&key.folded)
    }
}
