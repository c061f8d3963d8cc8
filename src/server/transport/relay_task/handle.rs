//! A running relay, as those who use it have it.
//!
//! Must not know: how packets are relayed, or who may have a leg.

use std::io;
use std::sync::Arc;

use async_std::channel::{Sender, bounded};
use async_std::task;

use super::shared::{RelayReport, RelaySetup, RelayShared};
use super::shown_leg::ShownLeg;
use super::work::{RelayInbox, RelayTask};
use crate::net::socket_wait::{SocketWait, WakeUp};
use crate::server::limits::{MAX_RELAY_ORDERS, MAX_SHOWN_LEGS};
use crate::server::relay::RelayRates;
use crate::server::relay::orders::{RelayNews, RelayOrder};

/// A running relay, for whoever uses it; nothing here waits. The relay ends with it.
#[derive(Debug)]
pub struct RelayHandle {
    orders: Sender<RelayOrder>,
    legs: Sender<ShownLeg>,
    relay: WakeUp,
    shared: Arc<RelayShared>,
}

impl RelayHandle {
    /// Starts a relay on a thread of its own; it sends its news to `news`.
    ///
    /// # Errors
    /// An error of the system: no free file descriptor.
    pub fn start(setup: RelaySetup, news: Sender<RelayNews>) -> io::Result<Self> {
        let (handle, relay) = Self::prepare(setup, news)?;
        // Tasks of the blocking pool may take as long as they like. One that panics ends alone.
        task::spawn_blocking(move || {
            if let Err(error) = relay.work() {
                log::error!(reason:% = error; "relay_cannot_wait");
            }
        });
        Ok(handle)
    }

    /// A relay that does nothing until somebody lets it [work](RelayTask::work).
    ///
    /// # Errors
    /// An error of the system: no free file descriptor.
    pub fn prepare(setup: RelaySetup, news: Sender<RelayNews>) -> io::Result<(Self, RelayTask)> {
        let ((orders, ordered), (legs, shown)) = (bounded(MAX_RELAY_ORDERS), bounded(MAX_SHOWN_LEGS));
        let shared = Arc::new(RelayShared::new(setup.rates));
        let (wait, relay) = SocketWait::new()?;
        let handle = Self { orders, legs, relay: relay.clone(), shared: Arc::clone(&shared) };
        let inbox = RelayInbox { orders: ordered, shown };
        Ok((handle, RelayTask::new(setup, (wait, relay), inbox, news, shared)))
    }

    /// Gives an order.
    ///
    /// # Errors
    /// The order, if too many wait or the relay has ended.
    pub fn order(&self, order: RelayOrder) -> Result<(), RelayOrder> {
        let given = self.orders.try_send(order).map_err(|error| error.into_inner());
        self.relay.wake();
        given
    }

    /// Hands over a connection that has shown a leg's token.
    ///
    /// # Errors
    /// The connection, if too many wait or the relay has ended.
    pub fn show(&self, leg: ShownLeg) -> Result<(), ShownLeg> {
        let given = self.legs.try_send(leg).map_err(|error| error.into_inner());
        self.relay.wake();
        given
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

impl Drop for RelayHandle {
    fn drop(&mut self) {
        self.orders.close();
        self.relay.wake();
    }
}
