//! The task that listens for servers in the networks of this machine, and tells the session of each once.
//!
//! Must not know: what is done about them.

use async_std::task::{self, JoinHandle};

use super::outlet::Outlet;
use crate::client::msg::Msg;
use crate::model::Url;
use crate::net::beacon::BeaconListener;

/// The most servers that are told: whoever makes up more is not listened to.
const MAX_TOLD: usize = 256;

/// Listens until it is dropped.
#[derive(Debug)]
pub(super) struct Listening(Option<JoinHandle<()>>);

impl Listening {
    /// Begins to listen. Where that is impossible, nobody is heard.
    pub(super) fn start(outlet: Outlet) -> Self {
        Self(Some(task::spawn(async move {
            let Ok(listener) = BeaconListener::open() else { return };
            let mut told: Vec<Url> = Vec::new();
            while let Ok(server) = listener.hear().await {
                if told.contains(&server.url) {
                    continue;
                }
                told.push(server.url.clone());
                if !outlet.deliver(Msg::Nearby(server)).await || told.len() >= MAX_TOLD {
                    return;
                }
            }
        })))
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some(task) = self.0.take() {
            // It ends where it waits, and nobody waits for that.
            task::spawn(task.cancel());
        }
    }
}
