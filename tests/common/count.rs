//! A count that one thread raises and another waits for.

use std::sync::{Condvar, Mutex};

use super::serving::PATIENCE;

#[derive(Default)]
pub struct Count(Mutex<u64>, Condvar);

impl Count {
    pub fn get(&self) -> u64 {
        *self.0.lock().unwrap()
    }

    pub fn set(&self, count: u64) {
        *self.0.lock().unwrap() = count;
        self.1.notify_all();
    }

    pub fn add_one(&self) {
        *self.0.lock().unwrap() += 1;
        self.1.notify_all();
    }

    /// Waits until the count is at least `least`; panics after [`PATIENCE`].
    #[track_caller]
    pub fn wait_for(&self, least: u64) {
        let (count, waited) =
            self.1.wait_timeout_while(self.0.lock().unwrap(), PATIENCE, |count| *count < least).unwrap();
        assert!(!waited.timed_out(), "{} of {least}, and no more come", *count);
    }
}
