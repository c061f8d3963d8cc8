//! The users that the server has seen: a message can wait for each of them.
//!
//! Must not know: who is online (`names`), or what waits for whom.

use std::collections::{BTreeMap, HashMap};

use crate::model::{FoldedName, Name};
use crate::server::in_order;
use crate::server::limits::MAX_KNOWN;
use serde::{Deserialize, Serialize};

/// How many of the users who were here least recently are looked at for one who may be forgotten.
const LOOKED_AT: usize = 1000;

/// Users by folded name, as spelled last.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct KnownUsers {
    #[serde(serialize_with = "in_order::map")]
    names: HashMap<FoldedName, (Name, u64)>,
    /// The users in the order in which they were here last.
    order: BTreeMap<u64, FoldedName>,
    next: u64,
}

impl KnownUsers {
    /// The users who were known when the server started, at most [`MAX_KNOWN`]: those who came last.
    pub fn of(names: impl IntoIterator<Item = Name>) -> Self {
        let mut known = Self::default();
        for name in names {
            known.put(&name);
            if known.names.len() > MAX_KNOWN
                && let Some((_, oldest)) = known.order.pop_first()
            {
                known.names.remove(&oldest);
            }
        }
        known
    }

    /// Notes that a user is here; `true` if for the first time. At [`MAX_KNOWN`] the user who was here least recently of
    /// those who `may_go` is forgotten; if there is none, newcomers are not remembered.
    pub fn meet(&mut self, name: &Name, may_go: impl Fn(&FoldedName) -> bool) -> bool {
        let is_new = !self.names.contains_key(&name.folded());
        if is_new && self.names.len() >= MAX_KNOWN {
            let mut oldest = self.order.iter().take(LOOKED_AT);
            let Some((&number, folded)) = oldest.find(|(_, folded)| may_go(folded)) else { return false };
            self.names.remove(folded);
            self.order.remove(&number);
        }
        self.put(name);
        is_new
    }

    /// The user whose name this is, in any case; a name that only looks like it does not count.
    #[must_use]
    pub fn find(&self, written: &str) -> Option<&Name> {
        self.names.get(&Name::restored(written).ok()?.folded()).map(|(name, _)| name)
    }

    /// A user has another name; whoever had that before is forgotten.
    pub fn rename(&mut self, from: &Name, to: &Name) {
        if self.names.contains_key(&from.folded()) {
            self.forget(from);
            self.put(to);
        }
    }

    /// Forgets a user.
    pub fn forget(&mut self, name: &Name) {
        if let Some((_, number)) = self.names.remove(&name.folded()) {
            self.order.remove(&number);
        }
    }

    fn put(&mut self, name: &Name) {
        let (folded, number) = (name.folded(), self.next);
        self.next += 1;
        if let Some((_, before)) = self.names.insert(folded.clone(), (name.clone(), number)) {
            self.order.remove(&before);
        }
        self.order.insert(number, folded);
    }
}
