//! The trusted time of this machine, shared by all threads of a server.
//!
//! Must not know: how much of the clock is believed (`model::trusted_clock`), or what the time is for.

use std::sync::{Arc, Mutex, PoisonError};

use rustix::time::{ClockId, clock_gettime};

use super::clock;
use crate::model::trusted_clock::{ClockState, TrustedClock};
use crate::model::{Now, Timestamp};

/// The trusted time.
#[derive(Clone, Debug)]
pub struct TrustedTime(Arc<Mutex<ClockUse>>);

#[derive(Debug)]
enum ClockUse {
    /// The wall clock is believed, whatever it shows.
    Believed,
    /// It is watched.
    Watched(TrustedClock),
}

impl TrustedTime {
    /// A clock that is believed.
    #[must_use]
    pub fn believed() -> Self {
        Self(Arc::new(Mutex::new(ClockUse::Believed)))
    }

    /// A clock that is watched from now on.
    #[must_use]
    pub fn watched() -> Self {
        Self(Arc::new(Mutex::new(ClockUse::Watched(TrustedClock::start(now(), None)))))
    }

    /// Starts again from the last time that was known to be right, unless the clock is believed.
    pub(crate) fn start_from(&self, known: Option<Timestamp>) {
        self.with(|clock, now| *clock = TrustedClock::start(now, known));
    }

    /// Looks at the clocks.
    #[must_use]
    pub fn look(&self) -> ClockState {
        self.with(TrustedClock::look).unwrap_or_else(|| TrustedClock::start(now(), None).look(now()))
    }

    /// The last time that is known to be right; `None` if the clock is believed.
    #[must_use]
    pub(crate) fn known(&self) -> Option<Timestamp> {
        self.with(|clock, now| clock.known(now))
    }

    /// Believes what the wall clock shows now, and watches it from here on.
    pub fn believe(&self) {
        self.with(TrustedClock::believe);
    }

    fn with<T>(&self, work: impl FnOnce(&mut TrustedClock, Now) -> T) -> Option<T> {
        match &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            ClockUse::Believed => None,
            ClockUse::Watched(clock) => Some(work(clock, now())),
        }
    }
}

/// The wall clock, and a steady clock that goes on while the machine sleeps.
fn now() -> Now {
    #[cfg(target_os = "linux")]
    let steady = ClockId::Boottime;
    #[cfg(not(target_os = "linux"))]
    let steady = ClockId::Monotonic;
    let since_boot = std::time::Duration::try_from(clock_gettime(steady)).unwrap_or_default();
    Now { wall: clock::wall(), steady: Timestamp::default().after(since_boot) }
}
