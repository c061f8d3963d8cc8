//! Where tasks run: those that compute little on the broker's own thread, so that what they have read wakes no other thread
//! and what came during a round is taken together; those that compute much, as TLS does, elsewhere.
//!
//! The broker has to give them their turn: it pauses after each round, even if more has arrived.
//!
//! Must not know: what they do.

use async_executor::LocalExecutor;
use async_std::task;

use crate::net::socket::Socket;

/// The tasks of the broker's thread. They are there until the process ends.
#[derive(Clone, Copy, Debug)]
pub struct Crew(&'static LocalExecutor<'static>);

impl Crew {
    /// One that has nothing to do yet.
    #[must_use]
    pub fn gather() -> Self {
        Self(Box::leak(Box::default()))
    }

    /// Does the work of this thread, and runs its tasks meanwhile.
    pub async fn run<T>(self, work: impl Future<Output = T>) -> T {
        self.0.run(work).await
    }

    /// Runs a task on this thread.
    pub fn here(self, task: impl Future<Output = ()> + 'static) {
        self.0.spawn(task).detach();
    }

    /// Runs the task of a connection where it does not hold up the broker.
    pub fn serving(self, socket: &Socket, task: impl Future<Output = ()> + Send + 'static) {
        if socket.is_secure() { elsewhere(task) } else { self.here(task) }
    }
}

/// Runs a task on other threads, whatever this one does.
pub fn elsewhere(task: impl Future<Output = ()> + Send + 'static) {
    task::spawn(task);
}
