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
const RETRY: Duration = Duration::from_millis(5);

/// A sender to the session's inbox, which wakes whoever reads it.
#[derive(Clone)]
pub(crate) struct Outlet {
    news: SyncSender<Msg>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl Outlet {
    /// A sender; `wake` is called after each message.
    pub(crate) fn new(news: SyncSender<Msg>, wake: impl Fn() + Send + Sync + 'static) -> Self {
        Self { news, wake: Arc::new(wake) }
    }

    /// Waits until the inbox takes a message; `false` if the session is gone, and nobody needs it.
    pub(crate) async fn deliver(&self, mut msg: Msg) -> bool {
        loop {
            match self.news.try_send(msg) {
                Ok(()) => {
                    (self.wake)();
                    return true;
                }
                Err(TrySendError::Disconnected(_)) => return false,
                Err(TrySendError::Full(back)) => {
                    (self.wake)();
                    msg = back;
                    task::sleep(RETRY).await;
                }
            }
        }
    }
}

impl fmt::Debug for Outlet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Outlet")
    }
}
