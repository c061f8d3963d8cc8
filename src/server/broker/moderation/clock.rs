//! The time by which bans and mutes end: a wall clock that is ahead does not end them, and one that was set right does not
//! prolong them.
//!
//! Must not know: which time is to be trusted (`model::trusted_clock`), or who is told.

use std::time::Duration;

use super::bans::Ban;
use super::{Moderation, facts};
use crate::model::trusted_clock::CLOCK_STEP;
use crate::model::{Now, Timestamp};
use crate::server::broker::outbox::Outbox;

/// What is known of the wall clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClockNews {
    /// How far the wall clock is ahead of the trusted time, if that is not believed.
    pub ahead: Option<Duration>,
    /// The milliseconds by which the trusted time was moved since the last news, beside going on.
    pub moved: i64,
}

impl Moderation {
    /// The trusted time.
    pub(in crate::server::broker) fn time(&self, now: Now) -> Timestamp {
        let ahead = self.ahead.map_or(0, |ahead| i64::try_from(ahead.as_millis()).unwrap_or(i64::MAX));
        Timestamp(now.wall.0.saturating_sub(ahead))
    }

    /// How far the wall clock is ahead, if that is not believed.
    pub(in crate::server::broker) fn clock_ahead(&self) -> Option<Duration> {
        self.ahead
    }

    /// Takes in what is known of the wall clock. Bans that were made by a time that turned out to be wrong last as long as
    /// they were to last.
    pub(in crate::server::broker) fn take_clock(&mut self, now: Now, news: ClockNews, out: &mut Outbox) {
        self.ahead = news.ahead;
        let time = self.time(now);
        let doubted_since = self.doubted_since;
        self.doubted_since = news.ahead.and(doubted_since.or(Some(time)));
        let moved = |made: Timestamp| {
            if made > time.after(CLOCK_STEP) {
                Some(time.0.saturating_sub(made.0))
            } else if doubted_since.is_some_and(|since| made > since) && news.moved > 0 {
                Some(news.moved)
            } else {
                None
            }
        };
        let changes: Vec<(u64, i64)> =
            self.made.iter().filter_map(|(number, made)| Some((*number, moved(*made)?))).collect();
        for (number, by) in changes {
            let Some(ban) = self.bans.remove(number) else { continue };
            let later = |time: Timestamp| Timestamp(time.0.saturating_add(by));
            let ban = Ban { until: ban.until.map(later), ..ban };
            let made = self.made.get(&number).copied().map(later);
            self.made.extend(made.map(|made| (number, made)));
            out.keep(facts::ban(number, &ban, made));
            self.bans.insert(number, ban);
        }
    }
}
