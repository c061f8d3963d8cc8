//! A worker for long work: does one thing at a time, in a thread, and keeps what it works with.
//!
//! Must not know: what the work is.

use std::future::{Future, pending};
use std::pin::Pin;

use async_std::task;

/// A worker.
pub(super) struct Worker<T, R> {
    /// What it works with; `None` while it works.
    tool: Option<T>,
    work: Option<Work<T, R>>,
}

/// Gives back what it works with, and what came of it.
type Work<T, R> = Pin<Box<dyn Future<Output = (T, R)> + Send>>;

impl<T: Default, R> Default for Worker<T, R> {
    fn default() -> Self {
        Self { tool: Some(T::default()), work: None }
    }
}

impl<T: Send + 'static, R: Send + 'static> Worker<T, R> {
    /// Whether it can begin something.
    pub(super) fn is_free(&self) -> bool {
        self.tool.is_some()
    }

    /// Begins something, if it is free.
    pub(super) fn begin(&mut self, run: impl FnOnce(&mut T) -> R + Send + 'static) {
        if let Some(mut tool) = self.tool.take() {
            self.work = Some(Box::pin(task::spawn_blocking(move || {
                let result = run(&mut tool);
                (tool, result)
            })));
        }
    }

    /// Waits until the job is done. Cancelling the wait loses nothing.
    pub(super) async fn done(&mut self) -> R {
        let Some(work) = &mut self.work else { return pending().await };
        let (tool, result) = work.await;
        (self.tool, self.work) = (Some(tool), None);
        result
    }
}
