//! The time by which bans and mutes end: a wall clock that is ahead does not end them, and one that was set right does not
//! prolong them.
//!
//! Must not know: which time is to be trusted (`model::trusted_clock`).

use std::time::Duration;

use super::bans::Ban;
use super::{Moderation, facts};
use crate::model::trusted_clock::CLOCK_STEP;
use crate::model::{Now, Text, Timestamp, period};
use crate::protocol::Event;
use crate::server::broker::outbox::Outbox;
use crate::server::broker::peers::Peers;
use crate::server::ids::ConnId;
use crate::server::telemetry::events::Note;

/// What is known of the wall clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClockNews {
    /// How far the wall clock is ahead of the trusted time, if that is not believed.
    pub ahead: Option<Duration>,
    /// The milliseconds by which the trusted time was moved since the last news, beside going on.
    pub moved: i64,
}

/// What becomes of times that were taken from a clock that turned out to be wrong.
#[derive(Clone, Copy, Debug)]
pub(in crate::server::broker) struct ClockShift {
    time: Timestamp,
    doubted_since: Option<Timestamp>,
    moved: i64,
}

impl ClockShift {
    /// By how many milliseconds what was made then is to be moved, if at all.
    pub(in crate::server::broker) fn of(&self, made: Timestamp) -> Option<i64> {
        if made > self.time.after(CLOCK_STEP) {
            Some(self.time.0.saturating_sub(made.0))
        } else if self.doubted_since.is_some_and(|since| made > since) && self.moved > 0 {
            Some(self.moved)
        } else {
            None
        }
    }
}

impl Moderation {
    /// The trusted time.
    pub(in crate::server::broker) fn time(&self, now: Now) -> Timestamp {
        let ahead = self.ahead.map_or(0, |ahead| i64::try_from(ahead.as_millis()).unwrap_or(i64::MAX));
        Timestamp(now.wall.0.saturating_sub(ahead))
    }

    /// Takes in what is known of the wall clock. Moderators are told when it is not believed. Returns what becomes of other
    /// times that were taken from it.
    pub(in crate::server::broker) fn take_clock(
        &mut self,
        now: Now,
        peers: &Peers,
        news: ClockNews,
        out: &mut Outbox,
    ) -> ClockShift {
        match (self.ahead, news.ahead) {
            (None, Some(ahead)) => {
                peers.tell_moderators(&clock_notice(ahead), out);
                out.notes.push(Note::ClockDoubted { seconds: ahead.as_secs() });
            }
            (Some(_), None) => {
                peers.tell_moderators("The clock of the server's machine is believed again.", out);
                out.notes.push(Note::ClockBelieved);
            }
            _ if news.moved < 0 => out.notes.push(Note::ClockWentBack { seconds: news.moved.unsigned_abs() / 1000 }),
            _ => {}
        }
        self.set_right(now, news, out)
    }

    /// Tells a new moderator of a clock that is not believed, as the others were.
    pub(in crate::server::broker) fn tell_clock(&self, conn: ConnId, out: &mut Outbox) {
        if let Some(ahead) = self.ahead {
            out.send(conn, &Event::Notice(Text::line(&clock_notice(ahead))).into());
        }
    }

    /// Bans that were made by a time that turned out to be wrong last as long as they were to last.
    fn set_right(&mut self, now: Now, news: ClockNews, out: &mut Outbox) -> ClockShift {
        self.ahead = news.ahead;
        let time = self.time(now);
        let shift = ClockShift { time, doubted_since: self.doubted_since, moved: news.moved };
        self.doubted_since = news.ahead.and(self.doubted_since.or(Some(time)));
        let changes: Vec<(u64, i64)> =
            self.made.iter().filter_map(|(number, made)| Some((*number, shift.of(*made)?))).collect();
        for (number, by) in changes {
            let Some(ban) = self.bans.remove(number) else { continue };
            let later = |time: Timestamp| Timestamp(time.0.saturating_add(by));
            let ban = Ban { until: ban.until.map(later), ..ban };
            let made = self.made.get(&number).copied().map(later);
            self.made.extend(made.map(|made| (number, made)));
            out.keep(facts::ban(number, &ban, made));
            self.bans.insert(number, ban);
        }
        shift
    }
}

fn clock_notice(ahead: Duration) -> String {
    let ahead = period::shown(ahead);
    format!(
        "The clock of the server's machine is {ahead} ahead of the time that the server knows, so it is not believed: no ban, \
         mute or message ends because of it. Set the clock right, or, if it is right, confirm it: see --trust-clock in \
         tr2-serve(1)."
    )
}
