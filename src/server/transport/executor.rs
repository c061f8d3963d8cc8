//! Where tasks run. Tasks that compute little run on the broker's own thread, so that what they read wakes no other thread
//! and what arrives during a round is taken together. Tasks that compute much, such as TLS for many connections, run on other
//! threads.
//!
//! The broker has to give the tasks on its thread their turn: it yields after each round, even if more has arrived.
//!
//! Must not know: what the tasks do.

use async_executor::LocalExecutor;
use async_std::task;

use crate::net::socket::Socket;

/// Runs tasks on the broker's thread. They live until the process ends.
#[derive(Clone, Copy, Debug)]
pub struct Executor(&'static LocalExecutor<'static>);

impl Executor {
    /// An executor without tasks.
    #[must_use]
    pub fn start() -> Self {
        Self(Box::leak(Box::default()))
    }

    /// Runs `work` on this thread, and the tasks meanwhile.
    pub async fn run<T>(self, work: impl Future<Output = T>) -> T {
        self.0.run(work).await
    }

    /// Runs a task on this thread.
    pub fn spawn(self, task: impl Future<Output = ()> + 'static) {
        self.0.spawn(task).detach();
    }

    /// Runs the task of a connection where it does not hold up the broker.
    pub fn spawn_for(self, socket: &Socket, task: impl Future<Output = ()> + Send + 'static) {
        if socket.is_secure() { spawn_elsewhere(task) } else { self.spawn(task) }
    }
}

/// Runs a task on other threads, whatever this one does.
pub fn spawn_elsewhere(task: impl Future<Output = ()> + Send + 'static) {
    task::spawn(task);
}
