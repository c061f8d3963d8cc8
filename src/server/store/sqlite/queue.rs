//! The queue of jobs to the thread that does them.
//!
//! A sender holds no lock while the other thread wakes: on one core that thread takes over at once, and would only find
//! the lock held.
//!
//! Must not know: what the jobs are.

use std::sync::atomic::{Ordering, fence};
use std::sync::{Arc, OnceLock};
use std::thread::{self, Thread};
use std::time::Duration;

use concurrent_queue::{ConcurrentQueue, PopError};

use crate::sys::clock::Clock;

/// The sending end; there may be several.
#[derive(Debug)]
pub(super) struct QueueSender<T>(Arc<Queue<T>>);

/// The receiving end, for one thread. Once it is dropped nothing can be sent any more.
#[derive(Debug)]
pub(super) struct QueueReceiver<T>(Arc<Queue<T>>);

#[derive(Debug)]
struct Queue<T> {
    waiting: ConcurrentQueue<T>,
    /// Known once the receiving thread has waited for the first time.
    receiver: OnceLock<Thread>,
}

/// Both ends of an unbounded queue.
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
    /// Adds an item; `false` if the receiving end is gone.
    pub(super) fn send(&self, one: T) -> bool {
        let sent = self.0.waiting.push(one).is_ok();
        // Either the receiver is seen here, or it sees the new item.
        fence(Ordering::SeqCst);
        if let Some(receiver) = self.0.receiver.get() {
            receiver.unpark();
        }
        sent
    }
}

impl<T> QueueReceiver<T> {
    /// The oldest item, if there is any.
    pub(super) fn try_recv(&self) -> Option<T> {
        self.0.waiting.pop().ok()
    }

    /// The oldest item, waiting up to `patience` for one.
    pub(super) fn recv_timeout(&self, patience: Duration) -> Option<T> {
        // Later senders wake this thread, and earlier items are found here.
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
