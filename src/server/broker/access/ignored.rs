//! The users that each user ignores. Hiding is the client's work; the server stores the list, so that it holds
//! wherever they join from.
//!
//! Must not know: what is hidden, or who is connected.

use std::collections::{BTreeMap, HashMap};

use crate::model::{FoldedName, Name, Text};
use crate::protocol::{Code, Event};
use crate::server::broker::caller::{Caller, Denial};
use crate::server::broker::facts::{self, kind};
use crate::server::broker::outbox::Outbox;
use crate::server::limits::{LIST_BYTES, MAX_IGNORED, MAX_IGNORED_IN_ALL};
use crate::server::store::api::Fact;

/// The ignored users of each user.
#[derive(Debug, Default)]
pub(super) struct Ignored {
    of: HashMap<FoldedName, BTreeMap<FoldedName, Name>>,
    /// The number of pairs.
    in_all: usize,
}

impl Ignored {
    /// A user ignores another.
    pub(super) fn hide(&mut self, caller: &Caller, whom: &Name, out: &mut Outbox) -> Result<(), Denial> {
        let (user, other) = (caller.user.folded(), whom.folded());
        if user == other {
            return Err(Denial::new(Code::NotAllowed, "You cannot ignore yourself."));
        }
        let nobody = BTreeMap::new();
        let hidden = self.of.get(&user).unwrap_or(&nobody);
        // The whole list is sent in one frame.
        let bytes: usize = hidden.values().map(|name| name.as_str().len() + 1).sum();
        let full = hidden.len() >= MAX_IGNORED || bytes + whom.as_str().len() >= LIST_BYTES;
        if !hidden.contains_key(&other) && (full || self.in_all >= MAX_IGNORED_IN_ALL) {
            let text = "You ignore too many users already; /unignore one first.";
            return Err(Denial::new(Code::NotAllowed, text));
        }
        if self.of.entry(user.clone()).or_default().insert(other, whom.clone()).is_none() {
            self.in_all += 1;
            if caller.proved {
                out.keep(fact(&user, whom, true));
            }
        }
        self.tell(caller, out);
        Ok(())
    }

    /// A user no longer ignores another.
    pub(super) fn show(&mut self, caller: &Caller, written: &str, out: &mut Outbox) -> Result<(), Denial> {
        let user = caller.user.folded();
        let other = Name::restored(written).map(|name| name.folded()).unwrap_or_default();
        let Some(seen) = self.of.get_mut(&user).and_then(|hidden| hidden.remove(&other)) else {
            return Err(Denial::new(Code::NotAllowed, format!("You are not ignoring {}.", Text::line(written))));
        };
        self.in_all = self.in_all.saturating_sub(1);
        if self.of.get(&user).is_some_and(BTreeMap::is_empty) {
            self.of.remove(&user);
        }
        out.keep(fact(&user, &seen, false));
        self.tell(caller, out);
        Ok(())
    }

    /// Sends a user the list of users they ignore.
    pub(super) fn tell(&self, caller: &Caller, out: &mut Outbox) {
        let hidden = self.of.get(&caller.user.folded());
        let names = hidden.into_iter().flat_map(BTreeMap::values).cloned().collect();
        caller.answer(Event::Ignored(names), out);
    }

    /// Forgets the users that a user ignores: their name is another's from now on, or may be.
    pub(super) fn forget(&mut self, user: &FoldedName, out: &mut Outbox) {
        let Some(hidden) = self.of.remove(user) else { return };
        self.in_all = self.in_all.saturating_sub(hidden.len());
        for other in hidden.values() {
            out.keep(fact(user, other, false));
        }
    }

    /// Whether a user ignores any other.
    pub(super) fn any(&self, user: &Name) -> bool {
        !self.of.is_empty() && self.of.contains_key(&user.folded())
    }

    /// Restores a stored pair; `false` if it cannot be read.
    pub(super) fn restore(&mut self, key: &str, value: &str) -> bool {
        let pair = key.split_once(' ').zip(facts::name(value));
        let Some(((user, _), other)) = pair else { return false };
        let user = FoldedName::restored(user);
        let count = self.of.get(&user).map_or(0, BTreeMap::len);
        if count < MAX_IGNORED && self.in_all < MAX_IGNORED_IN_ALL {
            self.of.entry(user).or_default().insert(other.folded(), other);
            self.in_all += 1;
        }
        true
    }
}

/// A user ignores another, or no longer does.
fn fact(user: &FoldedName, other: &Name, hides: bool) -> Fact {
    let key = format!("{user} {}", other.folded());
    if hides { facts::holds(kind::IGNORED, key, &other.as_str()) } else { facts::ends(kind::IGNORED, key) }
}
