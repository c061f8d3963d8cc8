//! How far a wall clock can be trusted: it is compared with the last time that was known to be right, and with a steady
//! clock. What must not happen too early, such as the end of a ban, goes by the time that has certainly come.
//!
//! Must not know: what the time is for, or where the last known time is kept.

use std::time::Duration;

use super::time::{Now, Timestamp};

/// The steps of the wall clock that are believed: clocks are set right by a little all the time.
pub const CLOCK_STEP: Duration = Duration::from_secs(60);
/// How far the wall clock may be ahead of the last known time at a start: nobody kept the time meanwhile.
pub const CLOCK_GAP: Duration = Duration::from_secs(3 * 24 * 60 * 60);
/// For how long a clock that went back may return to where it was.
pub const CLOCK_RETURN: Duration = Duration::from_secs(24 * 60 * 60);

/// A wall clock that is watched. All moments on a line of time have the same distance from the steady clock.
#[derive(Clone, Copy, Debug)]
pub struct TrustedClock {
    /// The trusted line.
    line: i64,
    /// How far the wall clock is ahead of it, if that is not believed.
    ahead: Option<Duration>,
    /// A later line to which the wall clock may return.
    former: Option<FormerLine>,
}

/// The line on which the wall clock was before it went back.
#[derive(Clone, Copy, Debug)]
struct FormerLine {
    line: i64,
    /// How far beyond it the clock may come.
    beyond: i64,
    /// The moment on the steady clock until which this holds.
    until: Timestamp,
}

/// The trusted time of a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockState {
    /// Milliseconds from the steady clock to the trusted time. It changes when the trusted time was moved.
    pub line: i64,
    /// The trusted time.
    pub time: Timestamp,
    /// How far the wall clock is ahead of it, if that is not believed.
    pub ahead: Option<Duration>,
}

impl ClockState {
    /// Whether this is more than a small step away from an earlier state.
    #[must_use]
    pub fn differs(&self, before: &Self) -> bool {
        let ahead = |state: &Self| state.ahead.map_or(0, millis);
        let step = millis(CLOCK_STEP).unsigned_abs();
        self.ahead.is_some() != before.ahead.is_some()
            || self.line.abs_diff(before.line) > step
            || ahead(self).abs_diff(ahead(before)) > step
    }
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

fn line_of(now: Now) -> i64 {
    now.wall.0.saturating_sub(now.steady.0)
}

impl TrustedClock {
    /// A clock at the start; `known` is the last time that was known to be right.
    #[must_use]
    pub fn start(now: Now, known: Option<Timestamp>) -> Self {
        let wall = line_of(now);
        let mut clock = Self { line: wall, ahead: None, former: None };
        let Some(known) = known else { return clock };
        let known = line_of(Now { wall: known, ..now });
        if wall > known.saturating_add(millis(CLOCK_GAP)) {
            clock.line = known;
        } else if wall < known.saturating_sub(millis(CLOCK_STEP)) {
            let until = now.steady.after(CLOCK_RETURN);
            clock.former = Some(FormerLine { line: known, beyond: millis(CLOCK_GAP), until });
        }
        clock.look(now);
        clock
    }

    /// Compares the clocks; returns the trusted time.
    pub fn look(&mut self, now: Now) -> ClockState {
        let (wall, step) = (line_of(now), millis(CLOCK_STEP));
        self.former = self.former.filter(|former| now.steady < former.until);
        if wall < self.line.saturating_sub(step) && self.former.is_none() {
            let until = now.steady.after(CLOCK_RETURN);
            self.former = Some(FormerLine { line: self.line, beyond: step, until });
        }
        let returns = self.former.is_some_and(|former| wall <= former.line.saturating_add(former.beyond));
        if wall <= self.line.saturating_add(step) || returns {
            (self.line, self.ahead) = (wall, None);
        } else {
            self.ahead = Some(Duration::from_millis(wall.saturating_sub(self.line).unsigned_abs()));
        }
        if self.former.is_some_and(|former| former.line <= self.line.saturating_add(step)) {
            self.former = None;
        }
        self.state(now)
    }

    /// Believes the wall clock: the administrator has confirmed it.
    pub fn believe(&mut self, now: Now) {
        *self = Self { line: line_of(now), ahead: None, former: None };
    }

    /// The last time that is known to be right, to be kept for the next start.
    #[must_use]
    pub fn known(&self, now: Now) -> Timestamp {
        let line = self.former.map_or(self.line, |former| former.line.max(self.line));
        Timestamp(line.saturating_add(now.steady.0))
    }

    fn state(&self, now: Now) -> ClockState {
        ClockState { line: self.line, time: Timestamp(self.line.saturating_add(now.steady.0)), ahead: self.ahead }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;
    const DAY: i64 = 24 * HOUR;
    const NOON: i64 = 1_795_000_000_000;

    fn at(wall: i64, steady: i64) -> Now {
        Now { wall: Timestamp(NOON + wall), steady: Timestamp(steady) }
    }

    /// The trusted time after noon, and whether the wall clock is doubted.
    fn state(clock: &mut TrustedClock, wall: i64, steady: i64) -> (i64, bool) {
        let state = clock.look(at(wall, steady));
        (state.time.0 - NOON, state.ahead.is_some())
    }

    #[test]
    fn a_start_is_believed_up_to_a_gap() {
        let start = |wall, known: i64| {
            let mut clock = TrustedClock::start(at(wall, 5), Some(Timestamp(NOON + known)));
            state(&mut clock, wall, 5)
        };
        assert_eq!(start(3 * DAY, 0), (3 * DAY, false));
        assert_eq!(start(3 * DAY + 1, 0), (0, true));
        assert_eq!(start(1460 * DAY, 0), (0, true));
        assert_eq!(start(-1460 * DAY, 0), (-1460 * DAY, false));
        let mut first = TrustedClock::start(at(0, 5), None);
        assert_eq!(state(&mut first, 0, 5), (0, false));
    }

    #[test]
    fn a_jump_ahead_is_doubted_and_time_goes_on_by_the_steady_clock() {
        let mut clock = TrustedClock::start(at(0, 0), None);
        assert_eq!(state(&mut clock, HOUR, HOUR), (HOUR, false));
        // The bound, and one over it.
        assert_eq!(state(&mut clock, HOUR + 60_000, HOUR), (HOUR + 60_000, false));
        assert_eq!(state(&mut clock, HOUR + 120_001, HOUR), (HOUR + 60_000, true));
        assert_eq!(state(&mut clock, 1000 * DAY, 2 * HOUR), (2 * HOUR + 60_000, true));
        assert_eq!(state(&mut clock, 1000 * DAY + HOUR, 3 * HOUR), (3 * HOUR + 60_000, true));
        assert_eq!(clock.known(at(1000 * DAY, 3 * HOUR)).0, NOON + 3 * HOUR + 60_000);
        // Set right again.
        assert_eq!(state(&mut clock, 4 * HOUR, 4 * HOUR), (4 * HOUR, false));
        assert_eq!(state(&mut clock, 5 * HOUR, 5 * HOUR), (5 * HOUR, false));
        state(&mut clock, 9 * DAY, 6 * HOUR);
        clock.believe(at(9 * DAY, 6 * HOUR));
        assert_eq!(state(&mut clock, 9 * DAY + HOUR, 7 * HOUR), (9 * DAY + HOUR, false));
    }

    #[test]
    fn a_clock_that_went_back_may_return_and_go_no_further() {
        for back in [2 * HOUR, 20_000 * DAY] {
            let mut clock = TrustedClock::start(at(0, 0), None);
            assert_eq!(state(&mut clock, HOUR - back, HOUR), (HOUR - back, false));
            assert_eq!(clock.known(at(HOUR - back, HOUR)).0, NOON + HOUR);
            assert_eq!(state(&mut clock, 2 * HOUR, 2 * HOUR), (2 * HOUR, false));
            assert_eq!(state(&mut clock, 3 * HOUR - back, 3 * HOUR), (3 * HOUR - back, false));
            assert_eq!(state(&mut clock, 3 * HOUR + 120_000, 3 * HOUR), (3 * HOUR - back, true));
            // After a day the earlier time is the right one.
            assert_eq!(state(&mut clock, 28 * HOUR, 28 * HOUR), (28 * HOUR - back, true));
            assert_eq!(clock.known(at(28 * HOUR, 28 * HOUR)).0, NOON + 28 * HOUR - back);
        }
    }

    #[test]
    fn a_machine_without_a_clock_finds_the_time_after_its_start() {
        let known = Some(Timestamp(NOON));
        let mut clock = TrustedClock::start(at(-20_000 * DAY, 0), known);
        assert_eq!(state(&mut clock, -20_000 * DAY, 0), (-20_000 * DAY, false));
        assert_eq!(clock.known(at(-20_000 * DAY, 0)).0, NOON);
        assert_eq!(state(&mut clock, 2 * DAY, HOUR), (2 * DAY, false));
        let mut clock = TrustedClock::start(at(-20_000 * DAY, 0), known);
        assert_eq!(state(&mut clock, 4 * DAY, HOUR), (-20_000 * DAY + HOUR, true));
    }
}
