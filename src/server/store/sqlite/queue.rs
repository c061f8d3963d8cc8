//! The way of jobs to the thread that does them.
//!
//! Whoever gives a job holds no lock while the other thread wakes: on one core that thread takes over at once, and would
//! only find the lock held.
//!
//! Must not know: what the jobs are.

use std::sync::atomic::{Ordering, fence};
use std::sync::{Arc, OnceLock};
use std::thread::{self, Thread};
use std::time::Duration;

use concurrent_queue::{ConcurrentQueue, PopError};

use crate::sys::clock::Clock;

/// One end, for whoever gives; there may be several.
#[derive(Debug)]
pub(super) struct QueueSender<T>(Arc<Queue<T>>);

/// The other end, for the one thread that takes. Once it is dropped nothing can be given any more.
#[derive(Debug)]
pub(super) struct QueueReceiver<T>(Arc<Queue<T>>);

#[derive(Debug)]
struct Queue<T> {
    waiting: ConcurrentQueue<T>,
    /// Known once it has taken for the first time.
    receiver: OnceLock<Thread>,
}

/// Both ends of a queue without a bound.
pub(super) fn queue<T>() -> (QueueSender<T>, QueueReceiver<T>) {
    let queue = Arc::new(Queue { waiting: ConcurrentQueue::unbounded(), receiver: OnceLock::new() });
    (QueueSender(Arc::clone(&queue)), QueueReceiver(queue))
}

impl<T> Clone for QueueSender<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> QueueSender<T> {
    /// Gives something; `false` if nobody will take it.
    pub(super) fn send(&self, one: T) -> bool {
        let sent = self.0.waiting.push(one).is_ok();
        // Either the receiver is seen here, or it sees what was given.
        fence(Ordering::SeqCst);
        if let Some(receiver) = self.0.receiver.get() {
            receiver.unpark();
        }
        sent
    }
}

impl<T> QueueReceiver<T> {
    /// What was given first, if anything is there.
    pub(super) fn try_recv(&self) -> Option<T> {
        self.0.waiting.pop().ok()
    }

    /// The same, waiting for so long; `None` if nothing came.
    pub(super) fn recv_timeout(&self, patience: Duration) -> Option<T> {
        // Whoever gives after this wakes this thread, and what was given before is found here.
        self.0.receiver.get_or_init(thread::current);
        fence(Ordering::SeqCst);
        let clock = Clock::start();
        loop {
            match self.0.waiting.pop() {
                Ok(one) => return Some(one),
                Err(PopError::Closed) => return None,
                Err(PopError::Empty) => {}
            }
            let left = patience.saturating_sub(clock.elapsed());
            if left.is_zero() {
                return None;
            }
            thread::park_timeout(left);
        }
    }
}

impl<T> Drop for QueueReceiver<T> {
    fn drop(&mut self) {
        self.0.waiting.close();
    }
}
