//! When each owned name was used last, to the day: where the server has no place for another name, one that nobody has
//! used for long is free again.
//!
//! Must not know: who owns a name, or which names must stay whatever happens.

use std::collections::{BTreeSet, HashMap};

use crate::model::{FoldedName, Timestamp};
use crate::server::broker::facts::{self, kind};
use crate::server::broker::outbox::Outbox;
use crate::server::in_order;
use crate::server::limits::{EXPIRED_AT_ONCE, NAME_LIFE_DAYS};
use crate::server::store::api::Fact;
use serde::{Deserialize, Serialize};

/// How many of the names that were used least are looked at for one that may go.
const LOOKED_AT: usize = 1000;

/// The day on which each name was last used.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Usage {
    #[serde(serialize_with = "in_order::map")]
    of: HashMap<FoldedName, i64>,
    by_day: BTreeSet<(i64, FoldedName)>,
    /// The day since which use is noted.
    since: Option<i64>,
    /// The names whose day is not stored yet; the blank one stands for the first day of all.
    unsaved: BTreeSet<FoldedName>,
}

/// Stands for the day of a name whose use was never noted: it was used before use was noted at all.
const UNNOTED: i64 = i64::MIN;

/// The number of a day.
fn day(now: Timestamp) -> i64 {
    const MILLIS: i64 = 24 * 60 * 60 * 1000;
    now.0.div_euclid(MILLIS)
}

impl Usage {
    /// Of these owned names nothing is known yet.
    pub(super) fn of(names: impl Iterator<Item = FoldedName>) -> Self {
        let mut usage = Self::default();
        names.for_each(|name| usage.set(name, UNNOTED));
        usage
    }

    /// Restores a stored day; `false` if it cannot be read.
    pub(super) fn restore(&mut self, key: &str, value: &str) -> bool {
        let Some(day) = facts::read(value) else { return false };
        if key.is_empty() {
            self.since = Some(day);
        } else {
            self.set(FoldedName::restored(key), day);
        }
        true
    }

    /// A name is used.
    pub(super) fn note(&mut self, name: &FoldedName, now: Timestamp) {
        let today = day(now);
        self.begin(today);
        if self.of.get(name) != Some(&today) {
            self.set(name.clone(), today);
            self.unsaved.insert(name.clone());
        }
    }

    /// A name has no owner any more.
    pub(super) fn forget(&mut self, name: &FoldedName) {
        if let Some(day) = self.of.remove(name) {
            self.by_day.remove(&(day, name.clone()));
            self.unsaved.insert(name.clone());
        }
    }

    /// Stores what has changed, some at a time.
    pub(super) fn save(&mut self, out: &mut Outbox) {
        for _ in 0..EXPIRED_AT_ONCE {
            let Some(name) = self.unsaved.pop_first() else { return };
            let day = if name.is_empty() { self.since } else { self.of.get(&name).copied() };
            out.keep(fact(name.into(), day));
        }
    }

    /// Of the names that nobody has used for [`NAME_LIFE_DAYS`], the one that was used least recently and may go.
    pub(super) fn stale(&self, now: Timestamp, may_go: impl Fn(&FoldedName) -> bool) -> Option<FoldedName> {
        let today = day(now);
        let since = self.since.unwrap_or(today);
        let is_over = |day: i64| today.saturating_sub(if day == UNNOTED { since } else { day }) >= NAME_LIFE_DAYS;
        let oldest = self.by_day.iter().take(LOOKED_AT);
        oldest.filter(|(day, _)| is_over(*day)).find(|(_, name)| may_go(name)).map(|(_, name)| name.clone())
    }

    fn begin(&mut self, today: i64) {
        if self.since.is_none() {
            self.since = Some(today);
            self.unsaved.insert(FoldedName::default());
        }
    }

    fn set(&mut self, name: FoldedName, day: i64) {
        if let Some(before) = self.of.insert(name.clone(), day) {
            self.by_day.remove(&(before, name.clone()));
        }
        self.by_day.insert((day, name));
    }
}

fn fact(key: String, day: Option<i64>) -> Fact {
    match day {
        Some(day) => facts::holds(kind::SEEN, key, &day),
        None => facts::ends(kind::SEEN, key),
    }
}
