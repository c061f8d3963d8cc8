//! Where it is decided what follows from what arrives: in the broker of a server that stands alone, with its store behind it,
//! or in a node of a chat, between the log and its store.
//!
//! Must not know: what is decided, or how rounds are written.

use super::node::NodeDesk;
use crate::model::Now;
use crate::server::broker::outbox::Outbox;
use crate::server::broker::{Broker, Input};
use crate::server::store::Store;
use crate::server::telemetry::events::Note;
use crate::sys::clock::Clock;

/// Who decides.
pub(in crate::server) enum DecisionMaker {
    /// A server that stands alone.
    Alone(Box<Broker>, Store),
    /// A node.
    Node(Box<NodeDesk>),
}

impl DecisionMaker {
    /// The broker.
    pub(super) fn broker(&self) -> &Broker {
        match self {
            Self::Alone(broker, _) => broker,
            Self::Node(desk) => desk.broker(),
        }
    }

    /// The node, if it is one.
    pub(super) fn node(&mut self) -> Option<&mut NodeDesk> {
        match self {
            Self::Alone(..) => None,
            Self::Node(desk) => Some(desk),
        }
    }

    /// Takes what happens.
    pub(super) fn take(&mut self, now: Now, input: Input, outbox: &mut Outbox) {
        match self {
            Self::Alone(broker, _) => broker.handle(now, input, outbox),
            Self::Node(desk) => desk.take(now, input, outbox),
        }
    }

    /// Gives the store the jobs of a round; `false` if it has ended.
    pub(super) fn submit(&mut self, outbox: &mut Outbox) -> bool {
        let mut jobs = outbox.take_jobs();
        match self {
            Self::Alone(_, store) => jobs.all(|job| store.submit(job)),
            Self::Node(desk) => {
                desk.keep(jobs);
                true
            }
        }
    }

    /// Whether this server logs and counts something: a node does what happens to its own connections.
    pub(super) fn concerns(&self, note: &Note) -> bool {
        match self {
            Self::Alone(..) => true,
            Self::Node(desk) => note.conn().is_none_or(|conn| desk.has(conn)),
        }
    }

    /// Lets a store without threads go on; says whether there is more to do at once.
    pub(super) fn has_more(&self) -> bool {
        match self {
            Self::Alone(broker, store) => store.tend() || broker.has_more(),
            Self::Node(_) => false,
        }
    }

    /// Whether so much is under way that nothing more should be taken for a while.
    pub(super) fn is_full(&self) -> bool {
        match self {
            Self::Alone(broker, _) => broker.is_full(),
            Self::Node(desk) => desk.is_full(),
        }
    }

    /// Whether nobody is here and nothing is planned. A node is never idle: it says that it is alive.
    pub(super) fn is_idle(&self) -> bool {
        match self {
            Self::Alone(broker, _) => broker.is_idle(),
            Self::Node(_) => false,
        }
    }

    /// Ends a server that was asked to.
    pub(super) fn end(&mut self, now: Now, outbox: &mut Outbox) {
        match self {
            Self::Alone(broker, _) => broker.handle(now, Input::Shutdown, outbox),
            Self::Node(desk) => desk.leave(now, outbox),
        }
    }

    /// Whether everything is done: the process ends once everyone was told.
    pub(super) fn is_done(&self, clock: Clock) -> bool {
        match self {
            Self::Alone(broker, _) => broker.is_closed(),
            Self::Node(desk) => desk.has_left(clock.now()),
        }
    }

    /// How many transactions were committed, how many failed, and whether nothing can be kept.
    pub(super) fn transactions(&self) -> ((u64, u64), bool) {
        match self {
            Self::Alone(_, store) => (store.transactions(), store.is_sick()),
            Self::Node(desk) => (desk.transactions(), false),
        }
    }
}
