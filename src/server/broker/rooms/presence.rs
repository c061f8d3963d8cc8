//! Arrivals and departures: announced at once in a small room, as long as they are few, and collected otherwise, so that a
//! join costs each other member O(1).
//!
//! Must not know: who hears of it, or how.

use std::collections::BTreeMap;

use crate::model::Name;
use crate::server::limits::{LOST_SECONDS, PRESENCE_AT_ONCE, SMALL_ROOM};
use serde::{Deserialize, Serialize};

/// Arrivals and departures that were not announced yet; a user who came and went in between is in neither.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Presence {
    /// Each user with whether they are verified.
    joined: BTreeMap<Name, bool>,
    left: BTreeMap<Name, bool>,
    /// Verified users whose server was lost, with the seconds after which they count as gone.
    lost: BTreeMap<Name, u8>,
    /// How many were announced at once since the last [`Presence::take`].
    told: usize,
}

impl Presence {
    /// Notes an arrival in a room that now holds `present` users; `true` if it is to be announced at once.
    pub fn join(&mut self, name: &Name, verified: bool, present: usize) -> bool {
        if self.lost.remove(name).is_some() {
            if verified {
                return false;
            }
            // This may be somebody else.
            self.left.insert(name.clone(), true);
        }
        if self.is_told_at_once(present) {
            return true;
        }
        // A return with a different verified state is announced.
        if self.left.get(name) == Some(&verified) {
            self.left.remove(name);
        } else {
            self.joined.insert(name.clone(), verified);
        }
        false
    }

    /// Notes a departure from a room that held `present` users; `true` if it is to be announced at once.
    pub fn leave(&mut self, name: &Name, verified: bool, present: usize) -> bool {
        if self.is_told_at_once(present) {
            return true;
        }
        if self.joined.remove(name).is_none() {
            self.left.insert(name.clone(), verified);
        }
        false
    }

    /// Notes the departure of a verified user whose server was lost, or has sent its users elsewhere: it is announced if they do
    /// not come back soon.
    pub fn lose(&mut self, name: &Name) {
        if self.joined.remove(name).is_none() {
            self.lost.insert(name.clone(), LOST_SECONDS);
        }
    }

    /// A second has gone by: those who have not come back for long enough have left.
    pub fn wait(&mut self) {
        for left in self.lost.values_mut() {
            *left = left.saturating_sub(1);
        }
        let gone = self.lost.extract_if(.., |_, left| *left == 0);
        self.left.extend(gone.map(|(name, _)| (name, true)));
    }

    /// Drops what was noted of a user: it was taken back.
    pub fn forget(&mut self, name: &Name) {
        self.joined.remove(name);
        self.left.remove(name);
        self.lost.remove(name);
    }

    /// Drops everything: nobody is there to be told.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    fn is_told_at_once(&mut self, present: usize) -> bool {
        let at_once = self.is_empty() && present <= SMALL_ROOM && self.told < PRESENCE_AT_ONCE;
        // Whoever is alone is announced to nobody.
        self.told += usize::from(at_once && present > 1);
        at_once
    }

    /// Whether nothing is to be announced, and nothing was announced at once.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.is_empty() && self.told == 0
    }

    /// Whether nothing is to be announced.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.joined.is_empty() && self.left.is_empty()
    }

    /// Takes the collected departures and arrivals.
    pub fn take(&mut self) -> (BTreeMap<Name, bool>, BTreeMap<Name, bool>) {
        self.told = 0;
        (std::mem::take(&mut self.left), std::mem::take(&mut self.joined))
    }
}
