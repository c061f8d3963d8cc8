//! Who is to decide on a server, before it works: a broker with its store, or a node with what it goes on from.
//!
//! Must not know: who listens, or what is decided.

use std::path::PathBuf;

use super::broker::Broker;
use super::broker::rules::{Beginning, Rules};
use super::cluster_start::ClusterStart;
use super::node_start::{NodeData, NodeStartError};
use super::store::{Decisions, Opening, Options, Report, Store, StoreError};
use super::transport::node::NodeBeginning;

/// Who is to decide.
#[derive(Debug)]
pub(crate) enum Mind {
    /// A server that stands alone.
    Alone(Box<Broker>, Store),
    /// A node.
    Node(Box<NodeBeginning>),
}

/// What whoever decides is given.
pub(crate) struct Ground {
    /// The data folder.
    pub(crate) data: PathBuf,
    /// How the history is kept.
    pub(crate) options: Options,
    /// What the administrator has decided about data that cannot be used as it is.
    pub(crate) decisions: Decisions,
    /// Whether the administrator has confirmed that the clock is right.
    pub(crate) trust_clock: bool,
    /// The rules.
    pub(crate) rules: Rules,
    /// Random bytes that nobody else knows.
    pub(crate) secret: [u8; 32],
}

/// Why the data cannot be used. Its `Display` says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DataError {
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A node cannot go on from them.
    #[error(transparent)]
    Node(#[from] NodeStartError),
}

impl Mind {
    /// Opens the store of a server that stands alone, or of a node if it is given what makes it one; `report` is called with
    /// what the store reports.
    ///
    /// # Errors
    /// Why the data cannot be used.
    pub(crate) fn on(
        ground: Ground,
        cluster: Option<ClusterStart>,
        report: impl Fn(Report) + Clone + Send + 'static,
    ) -> Result<Self, DataError> {
        match cluster {
            Some(start) => Self::node(ground, start, report),
            None => Self::alone(ground, report),
        }
    }

    /// The broker.
    pub(crate) fn broker(&self) -> &Broker {
        match self {
            Self::Alone(broker, _) => broker,
            Self::Node(node) => &node.broker,
        }
    }

    /// The broker of a server that stands alone, and its store.
    fn alone(ground: Ground, report: impl Fn(Report) + Clone + Send + 'static) -> Result<Self, DataError> {
        let Ground { data, options, decisions, trust_clock, rules, secret } = ground;
        let (store, opening) = Store::open_watched(&data, options, decisions, report)?;
        if trust_clock {
            store.time().believe();
        }
        let Opening { last_id, last_room, users, owners, facts, mut lost } = opening;
        let broker = Broker::new(rules, Beginning { last_id, last_room, users, owners, facts, secret });
        lost.extend_from_slice(broker.facts_lost());
        if !lost.is_empty() {
            if !decisions.without_damaged {
                return Err(StoreError::records(&data, &lost).into());
            }
            log::error!(count = lost.len(), records = StoreError::some(&lost); "damaged_records_deleted");
        }
        Ok(Self::Alone(Box::new(broker), store))
    }

    /// What a node goes on from.
    fn node(ground: Ground, start: ClusterStart, report: impl Fn(Report) + Send + 'static) -> Result<Self, DataError> {
        let Ground { data, options, decisions, rules, .. } = ground;
        let rules = NodeData::rules(&rules, start.shared_logins);
        let data = NodeData { folder: data, options, decisions, rules, secret: start.secret };
        Ok(Self::Node(Box::new(data.go_on(start, report)?)))
    }
}
