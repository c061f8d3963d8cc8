//! A running relay, as those who use it have it.
//!
//! Must not know: how packets are relayed, or who may have a leg.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use async_std::channel::{Sender, bounded};
use async_std::task;
use futures_lite::{FutureExt as _, future};

use super::shared::{RelayReport, RelaySetup, RelayShared};
use super::shown_leg::ShownLeg;
use super::work::RelayTask;
use crate::server::limits::{CLOSE_GRACE, MAX_RELAY_ORDERS, MAX_SHOWN_LEGS};
use crate::server::relay::RelayRates;
use crate::server::relay::orders::{RelayNews, RelayOrder};
use crate::server::transport::executor::Executor;

/// A running relay, for those who use it; nothing here waits. The relay ends once the last of these is gone.
#[derive(Clone, Debug)]
pub struct RelayHandle {
    orders: Sender<RelayOrder>,
    legs: Sender<ShownLeg>,
    shared: Arc<RelayShared>,
}

impl RelayHandle {
    /// Starts a relay on a thread of its own; it sends its news to `news`.
    #[must_use]
    pub fn start(setup: RelaySetup, news: Sender<RelayNews>) -> Self {
        let ((orders, ordered), (legs, shown)) = (bounded(MAX_RELAY_ORDERS), bounded(MAX_SHOWN_LEGS));
        let shared = Arc::new(RelayShared::new(setup.rates));
        let handle = Self { orders, legs, shared: Arc::clone(&shared) };
        // Tasks of the blocking pool may take as long as they like.
        task::spawn_blocking(move || {
            let executor = Executor::start();
            let relay = RelayTask::new(setup, executor, news, shared);
            future::block_on(async {
                let ended = AssertUnwindSafe(executor.run(relay.work(ordered, shown))).catch_unwind().await;
                if ended.is_err() {
                    // Its streams see that it is gone, and close.
                    executor.run(task::sleep(CLOSE_GRACE)).await;
                }
            });
        });
        handle
    }

    /// Gives an order.
    ///
    /// # Errors
    /// The order, if too many wait or the relay has ended.
    pub fn order(&self, order: RelayOrder) -> Result<(), RelayOrder> {
        self.orders.try_send(order).map_err(|error| error.into_inner())
    }

    /// Hands over a connection that has shown a leg's token.
    ///
    /// # Errors
    /// The connection, if too many wait or the relay has ended.
    pub fn show(&self, leg: ShownLeg) -> Result<(), ShownLeg> {
        self.legs.try_send(leg).map_err(|error| error.into_inner())
    }

    /// Changes how much may be relayed; it is in force within a second.
    pub fn set_rates(&self, rates: RelayRates) {
        self.shared.set_rates(rates);
    }

    /// What the relay did so far.
    #[must_use]
    pub fn report(&self) -> RelayReport {
        self.shared.report()
    }

    /// Whether the relay has ended, which happens only if it fails.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.orders.is_closed()
    }
}
