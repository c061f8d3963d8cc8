//! How long a camera or sound has run, and the sign for its threads to stop.
//!
//! Must not know: what the threads do.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::sys::clock::Clock;

/// The sign to stop, and the time since this was made.
#[derive(Debug)]
pub(super) struct StopSign {
    is_given: Mutex<bool>,
    given: Condvar,
    clock: Clock,
}

impl StopSign {
    pub(super) fn new() -> Self {
        Self { is_given: Mutex::new(false), given: Condvar::new(), clock: Clock::start() }
    }

    fn sign(&self) -> MutexGuard<'_, bool> {
        self.is_given.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The time since this was made.
    pub(super) fn elapsed(&self) -> Duration {
        self.clock.elapsed()
    }

    /// Gives the sign, and wakes all who wait.
    pub(super) fn stop(&self) {
        *self.sign() = true;
        self.given.notify_all();
    }

    /// Whether the sign was given.
    pub(super) fn is_stopped(&self) -> bool {
        *self.sign()
    }

    /// Waits until [`Self::elapsed`] reaches `due`, or the sign is given; returns whether it was given.
    pub(super) fn wait_until(&self, due: Duration) -> bool {
        let rest = due.saturating_sub(self.elapsed());
        let wait = self.given.wait_timeout_while(self.sign(), rest, |is_given| !*is_given);
        *wait.unwrap_or_else(PoisonError::into_inner).0
    }
}
