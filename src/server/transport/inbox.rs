//! What arrives for the broker, in two queues: one for tasks on the broker's own thread, one for tasks on other
//! threads.
//!
//! Other threads go on while the broker works, and would fill a common queue before the tasks on its thread had their
//! turn.
//!
//! Must not know: what follows from an arrival.

use crate::model::Fingerprint;
use crate::model::Origin;
use crate::net::socket::Socket;
use crate::protocol::Dialect;
use crate::server::broker::access::name_policy::Login;
use crate::server::broker::tuning::Tuning;
use crate::server::host_order::HostOrder;
use crate::server::ids::ConnId;
use crate::server::relay::orders::RelayNews;
use crate::server::telemetry::metrics::Snapshot;
use async_std::channel::{Receiver, RecvError, Sender, bounded};
use futures_lite::FutureExt as _;

use super::relay_task::shown_leg::ShownLeg;
use crate::server::limits::INBOX;

/// The sending ends.
#[derive(Clone, Debug)]
pub(in crate::server) struct Inbox {
    /// For tasks on the broker's thread, and for workers, which send little.
    pub(in crate::server) near: Sender<Arrival>,
    /// For connections whose tasks run on other threads.
    pub(in crate::server) far: Sender<Arrival>,
}

/// The receiving end of both queues.
#[derive(Debug)]
pub(in crate::server) struct Arrivals {
    near: Receiver<Arrival>,
    far: Receiver<Arrival>,
    /// Which queue is looked at first; they take turns.
    far_first: bool,
}

/// Makes both ends.
pub(in crate::server) fn inbox() -> (Inbox, Arrivals) {
    let ((near, nearby), (far, afar)) = (bounded(INBOX), bounded(INBOX));
    (Inbox { near, far }, Arrivals { near: nearby, far: afar, far_first: false })
}

impl Arrivals {
    /// The next arrival.
    ///
    /// # Errors
    /// Every sending end is gone.
    pub(in crate::server) async fn recv(&mut self) -> Result<Arrival, RecvError> {
        self.far_first = !self.far_first;
        if self.far_first {
            self.far.recv().or(self.near.recv()).await
        } else {
            self.near.recv().or(self.far.recv()).await
        }
    }

    /// An arrival, if there is one.
    pub(in crate::server) fn try_recv(&mut self) -> Option<Arrival> {
        self.far_first = !self.far_first;
        let (first, second) = if self.far_first { (&self.far, &self.near) } else { (&self.near, &self.far) };
        first.try_recv().or_else(|_| second.try_recv()).ok()
    }

    /// How many arrivals wait.
    pub(in crate::server) fn len(&self) -> usize {
        self.near.len() + self.far.len()
    }
}

/// An event for the broker's task.
#[derive(Debug)]
pub(in crate::server) enum Arrival {
    /// A connection was made.
    Accepted(ConnId, Origin, Socket),
    /// The connection has proved that it holds this key.
    Proved(ConnId, Fingerprint),
    /// The connection's first bytes showed its dialect.
    Speaks(ConnId, Dialect),
    /// Complete TR2.26 lines.
    Lines(ConnId, Vec<u8>),
    /// A TR2.23 packet.
    Packet(ConnId, Vec<u8>),
    /// A frame over the flood limit, with its label.
    Flooding(ConnId, Option<String>),
    /// A connection whose first frame shows a leg's token; the sender is told whether it carries the leg from now on.
    Leg(Box<ShownLeg>, Sender<bool>),
    /// News of the relay.
    Relay(RelayNews),
    /// The connection ended, for this reason.
    Ended(ConnId, &'static str),
    /// A passphrase was checked; whether it is right.
    Checked(ConnId, bool),
    /// The login of the connection's local user; it comes before the login that the user asks for.
    LoginOf(ConnId, String),
    /// A login was looked up.
    LookedUp(ConnId, Login),
    /// New settings; replies on the sender once they are in force, and drops it if they never will be.
    Tune(Box<Tuning>, Sender<()>),
    /// An order of whoever keeps the machine, under a number that no connection has; what became of it goes to the sender.
    Order(ConnId, HostOrder, Sender<Result<String, String>>),
    /// A request for the metrics.
    Measure(Sender<Snapshot>),
    /// A reload ended; whether the new settings are in force.
    Reloaded(bool),
    /// The process was asked to end.
    Signal,
}
