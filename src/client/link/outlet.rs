//! The way of news into the session's inbox, from any task.
//!
//! Must not know: what the news are.

use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError};

use crate::client::msg::Msg;

/// A way into the inbox.
#[derive(Clone)]
pub struct Outlet {
    inbox: SyncSender<Msg>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl Outlet {
    /// A way into this inbox; `wake` is called after a message was put into it.
    pub fn new(inbox: SyncSender<Msg>, wake: impl Fn() + Send + Sync + 'static) -> Self {
        Self { inbox, wake: Arc::new(wake) }
    }

    /// Puts a message into the inbox. Where nobody reads it any more, it is dropped.
    ///
    /// # Errors
    /// The inbox is full; gives the message back.
    pub fn try_tell(&self, msg: Msg) -> Result<(), Box<Msg>> {
        match self.inbox.try_send(msg) {
            Ok(()) => {
                (self.wake)();
                Ok(())
            }
            Err(TrySendError::Disconnected(_)) => Ok(()),
            Err(TrySendError::Full(back)) => {
                (self.wake)();
                Err(Box::new(back))
            }
        }
    }
}

impl fmt::Debug for Outlet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outlet").finish_non_exhaustive()
    }
}
