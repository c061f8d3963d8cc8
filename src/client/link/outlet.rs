//! Where the tasks of the client put their messages for the session.
//!
//! Must not know: what a message says, or who reads it.

use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError};
use std::time::Duration;

use async_std::task;

use crate::client::msg::Msg;

/// How long to wait before trying again to put a message into a full inbox.
pub const RETRY: Duration = Duration::from_millis(5);

/// A sender to the session's inbox, which wakes whoever reads it.
#[derive(Clone)]
pub struct Outlet {
    news: SyncSender<Msg>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl Outlet {
    /// A sender; `wake` is called after each message.
    pub fn new(news: SyncSender<Msg>, wake: impl Fn() + Send + Sync + 'static) -> Self {
        Self { news, wake: Arc::new(wake) }
    }

    /// Waits until the inbox takes a message; `false` if the session is gone, and nobody needs it.
    pub(crate) async fn deliver(&self, mut msg: Msg) -> bool {
        loop {
            match self.try_deliver(msg) {
                Ok(taken) => return taken,
                Err(back) => msg = *back,
            }
            task::sleep(RETRY).await;
        }
    }

    /// Puts a message into the inbox; `false` if the session is gone, and nobody needs it.
    ///
    /// # Errors
    /// The inbox is full; gives the message back.
    pub fn try_deliver(&self, msg: Msg) -> Result<bool, Box<Msg>> {
        let sent = self.news.try_send(msg);
        if !matches!(sent, Err(TrySendError::Disconnected(_))) {
            (self.wake)();
        }
        match sent {
            Ok(()) => Ok(true),
            Err(TrySendError::Disconnected(_)) => Ok(false),
            Err(TrySendError::Full(back)) => Err(Box::new(back)),
        }
    }
}

impl fmt::Debug for Outlet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Outlet")
    }
}
