//! The reactions to one message in memory.
//!
//! Must not know: who may react, or how many reactions other messages have.

use std::collections::BTreeMap;

use crate::model::{MessageId, Reaction};
use crate::protocol::Tally;
use crate::server::store::limits::{MAX_REACTIONS, MAX_REACTIONS_IN_ALL, MAX_REACTIONS_OF_ONE};

/// The users who put each reaction there, and with which change.
#[derive(Debug, Default)]
pub(super) struct Reactions(BTreeMap<Reaction, BTreeMap<i64, MessageId>>);

impl Reactions {
    /// How many there are in all.
    pub(super) fn len(&self) -> usize {
        self.0.values().map(BTreeMap::len).sum()
    }

    /// How many users a reaction is from.
    pub(super) fn count(&self, reaction: &Reaction) -> usize {
        self.0.get(reaction).map_or(0, BTreeMap::len)
    }

    /// The users whom a reaction is from.
    pub(super) fn holders(&self, reaction: &Reaction) -> Vec<i64> {
        self.0.get(reaction).map_or_else(Vec::new, |users| users.keys().copied().collect())
    }

    /// Whether a reaction is from a user.
    pub(super) fn has(&self, reaction: &Reaction, user: i64) -> bool {
        self.0.get(reaction).is_some_and(|users| users.contains_key(&user))
    }

    /// Adds a reaction that the user has not put there yet; `false` if there are too many.
    pub(super) fn put(&mut self, reaction: &Reaction, user: i64, number: MessageId) -> bool {
        let own = self.0.values().filter(|users| users.contains_key(&user)).count();
        let new = !self.0.contains_key(reaction);
        let full = self.len() >= MAX_REACTIONS_IN_ALL || own >= MAX_REACTIONS_OF_ONE;
        if full || new && self.0.len() >= MAX_REACTIONS {
            return false;
        }
        self.0.entry(reaction.clone()).or_default().insert(user, number);
        true
    }

    /// Takes a reaction away; `false` if it is not there.
    pub(super) fn take(&mut self, reaction: &Reaction, user: i64) -> bool {
        let Some(users) = self.0.get_mut(reaction) else { return false };
        let there = users.remove(&user).is_some();
        if users.is_empty() {
            self.0.remove(reaction);
        }
        there
    }

    /// How many there are of each, the earliest first, for this user.
    pub(super) fn tally(&self, user: Option<i64>) -> Vec<Tally> {
        let first = |users: &BTreeMap<i64, MessageId>| users.values().min().copied();
        let mut all: Vec<_> = self.0.iter().collect();
        all.sort_by_key(|(_, users)| first(users));
        let tally = |(reaction, users): (&Reaction, &BTreeMap<i64, MessageId>)| Tally {
            reaction: reaction.clone(),
            count: users.len(),
            mine: user.is_some_and(|user| users.contains_key(&user)),
        };
        all.into_iter().map(tally).collect()
    }
}
