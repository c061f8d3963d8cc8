//! The open connections, including those that only wait to be closed, and which of them other nodes know of.
//!
//! Must not know: how many there may be, or who they are.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize, Serializer};

use crate::model::Origin;
use crate::server::ids::{ByConn, ConnId, NodeSeat};
use crate::server::limits::MAX_UNPLUGGED;

/// The open connections.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct OpenConnections {
    #[serde(serialize_with = "introduced_alone")]
    all: ByConn<OpenConnection>,
    /// How many connections to this node have lost their line and are not removed yet.
    #[serde(skip)]
    unplugged: usize,
}

/// A connection that is open.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct OpenConnection {
    origin: Origin,
    /// Whether it was made to this node.
    #[serde(skip)]
    here: bool,
    /// Whether it counts against the limits of this node, as it does until its line is gone.
    #[serde(skip)]
    counts: bool,
    /// Whether the other nodes of the chat know of it. Only such connections are written.
    #[serde(skip, default = "introduced")]
    introduced: bool,
}

impl OpenConnections {
    /// Adds a connection to this node.
    pub(super) fn add(&mut self, conn: ConnId, origin: Origin) {
        self.all.insert(conn, OpenConnection { origin, here: true, counts: true, introduced: false });
    }

    /// Every node of the chat knows of a connection from now on.
    pub(super) fn introduce(&mut self, conn: ConnId, origin: Origin) {
        let elsewhere = OpenConnection { origin, here: false, counts: false, introduced: true };
        self.all.entry(conn).or_insert(elsewhere).introduced = true;
    }

    /// The line of a connection is gone, of which other nodes have yet to learn; returns the origin of one that counted
    /// against the limits of this node. Beyond [`MAX_UNPLUGGED`], one counts until the others have learnt of it.
    pub(super) fn unplug(&mut self, conn: ConnId) -> Option<Origin> {
        let open = self.all.get_mut(&conn).filter(|open| open.counts && self.unplugged < MAX_UNPLUGGED)?;
        open.counts = false;
        self.unplugged += 1;
        Some(open.origin)
    }

    /// Removes a connection; returns the origin of one that counts against the limits of this node.
    pub(super) fn remove(&mut self, conn: ConnId) -> Option<Origin> {
        let open = self.all.remove(&conn)?;
        self.unplugged -= usize::from(open.here && !open.counts);
        open.counts.then_some(open.origin)
    }

    /// Where a connection comes from, while it is open.
    pub(super) fn origin(&self, conn: ConnId) -> Option<Origin> {
        self.all.get(&conn).map(|open| open.origin)
    }

    /// Whether a connection is one to this node.
    pub(super) fn is_here(&self, conn: ConnId) -> bool {
        self.all.get(&conn).is_some_and(|open| open.here)
    }

    /// Where the connections come from that count against the limits of this node.
    pub(super) fn counted(&self) -> impl Iterator<Item = Origin> {
        self.all.values().filter(|open| open.counts).map(|open| open.origin)
    }

    /// The connections to a node, in the order of their numbers.
    pub(super) fn to(&self, seat: NodeSeat) -> BTreeSet<ConnId> {
        self.all.keys().copied().filter(|conn| conn.seat() == seat).collect()
    }
}

fn introduced() -> bool {
    true
}

/// Writes the connections of which others know, in order.
fn introduced_alone<S: Serializer>(all: &ByConn<OpenConnection>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(all.iter().filter(|(_, open)| open.introduced).collect::<BTreeMap<_, _>>())
}
