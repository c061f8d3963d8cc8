//! The end of the broker's task: everyone receives the last words, and the store is closed.
//!
//! Must not know: why the server closes.

use async_std::task;
use futures_lite::future::yield_now;

use super::BrokerTask;
use crate::server::limits::{SHUTDOWN_GRACE, STORE_GRACE};
use crate::server::transport::decider::DecisionMaker;
use crate::server::transport::inbox::{Arrival, Arrivals};

impl BrokerTask {
    /// Lets everyone receive the last words, for a limited time.
    pub(super) async fn say_goodbye(mut self, mut arrivals: Arrivals) {
        self.turns.ending().for_each(|conn| self.senders.forget(conn));
        let ends = async {
            while !self.senders.is_empty() {
                match arrivals.recv().await {
                    Ok(Arrival::Ended(conn, _)) => self.senders.forget(conn),
                    Ok(_) => yield_now().await,
                    Err(_) => break,
                }
            }
            // The writers hold the other side: when the last one ends, the channel closes.
            drop(self.senders);
            let _ = self.written.recv().await;
        };
        if async_std::future::timeout(SHUTDOWN_GRACE, ends).await.is_err() {
            log::info!(reason = "some peers did not end their connection"; "closed_early");
        }
        match self.decider {
            DecisionMaker::Alone(_, store) => task::spawn_blocking(move || store.close(STORE_GRACE)).await,
            DecisionMaker::Node(desk) => desk.close().await,
        }
    }
}
