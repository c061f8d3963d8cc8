//! What arrives for the broker, in two queues: of what runs on the broker's own thread, and of what runs on others.
//!
//! Others go on while the broker works, and would fill one queue before those here had their turn.
//!
//! Must not know: what arrives.

use crate::model::Fingerprint;
use crate::model::Origin;
use crate::net::socket::Socket;
use crate::protocol::Dialect;
use crate::server::broker::access::policy::Login;
use crate::server::broker::tuning::Tuning;
use crate::server::ids::ConnId;
use crate::server::telemetry::metrics::Snapshot;
use async_std::channel::{Receiver, RecvError, Sender, bounded};
use futures_lite::FutureExt as _;

use crate::server::limits::INBOX;

/// The ends into which arrivals are put.
#[derive(Clone, Debug)]
pub(in crate::server) struct Inbox {
    /// For tasks on the broker's thread, and for those who say little.
    pub(in crate::server) near: Sender<Arrival>,
    /// For connections whose tasks run elsewhere.
    pub(in crate::server) far: Sender<Arrival>,
}

/// The end from which the broker takes them.
#[derive(Debug)]
pub(in crate::server) struct Arrivals {
    near: Receiver<Arrival>,
    far: Receiver<Arrival>,
    /// Which queue is looked at first; the other one next time.
    far_first: bool,
}

/// Both ends.
pub(in crate::server) fn inbox() -> (Inbox, Arrivals) {
    let ((near, nearby), (far, afar)) = (bounded(INBOX), bounded(INBOX));
    (Inbox { near, far }, Arrivals { near: nearby, far: afar, far_first: false })
}

impl Arrivals {
    /// What arrives next.
    ///
    /// # Errors
    /// If nobody is left from whom anything could arrive.
    pub(in crate::server) async fn recv(&mut self) -> Result<Arrival, RecvError> {
        self.far_first = !self.far_first;
        if self.far_first {
            self.far.recv().or(self.near.recv()).await
        } else {
            self.near.recv().or(self.far.recv()).await
        }
    }

    /// What has arrived, if anything has.
    pub(in crate::server) fn try_recv(&mut self) -> Option<Arrival> {
        self.far_first = !self.far_first;
        let (first, second) = if self.far_first { (&self.far, &self.near) } else { (&self.near, &self.far) };
        first.try_recv().or_else(|_| second.try_recv()).ok()
    }

    /// How much waits.
    pub(in crate::server) fn len(&self) -> usize {
        self.near.len() + self.far.len()
    }
}

/// What reaches the broker's task.
#[derive(Debug)]
pub enum Arrival {
    /// A connection was made.
    Accepted(ConnId, Origin, Socket),
    /// It has proved to have this key.
    Proved(ConnId, Fingerprint),
    /// Its first bytes told its dialect.
    Speaks(ConnId, Dialect),
    /// Whole TR2.26 lines.
    Lines(ConnId, Vec<u8>),
    /// A TR2.23 packet.
    Packet(ConnId, Vec<u8>),
    /// A frame over the flood limit, with its label.
    Flooding(ConnId, Option<String>),
    /// The connection is gone.
    Ended(ConnId, &'static str),
    /// A passphrase was checked.
    Checked(ConnId, bool),
    /// A login was looked up.
    LookedUp(ConnId, Login),
    /// Other settings are to hold from now on; the sender is dropped once they do, or said so to.
    Tune(Box<Tuning>, Sender<()>),
    /// Somebody wants to know the numbers.
    Measure(Sender<Snapshot>),
    /// The process is asked to end.
    Signal,
}
