//! A connection as other nodes of the chat learn of it: what is known of it when it first asks for something that
//! concerns others.
//!
//! Must not know: which node it is connected to, or what it asks for.

use serde::{Deserialize, Serialize};

use super::peer::Peer;
use super::{Peers, scope_of};
use crate::model::{Identity, Origin, Timestamp};
use crate::protocol::{Dialect, SessionToken};
use crate::server::ids::ConnId;

/// What is known of a connection before it asks for anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Introduction {
    /// Where it comes from.
    pub origin: Origin,
    /// Its dialect, if its first bytes have told.
    pub dialect: Option<Dialect>,
    /// The identity that it has proved.
    pub identity: Option<Identity>,
    /// What its client is to be known by when it comes back.
    pub token: Option<SessionToken>,
    /// Whether its client can be called.
    pub callable: bool,
}

impl Peers {
    /// A connection as other nodes are to learn of it.
    pub(in crate::server::broker) fn introduction(&self, conn: ConnId) -> Option<Introduction> {
        let Peer { origin, dialect, identity, token, calls, .. } = self.get(conn)?;
        let (origin, dialect, identity, token) = (*origin, *dialect, *identity, *token);
        Some(Introduction { origin, dialect, identity, token, callable: *calls })
    }

    /// Others know of a connection to this node from now on; `false` if it is none.
    pub(in crate::server::broker) fn mark_introduced(&mut self, conn: ConnId) -> bool {
        self.all.get_mut(&conn).map(|peer| peer.introduced = true).is_some()
    }

    /// Adds a connection to another node.
    pub(in crate::server::broker) fn introduce(&mut self, conn: ConnId, known: Introduction, now: Timestamp) {
        let Introduction { origin, dialect, identity, token, callable } = known;
        let mut peer = Peer::new(origin, now);
        (peer.dialect, peer.identity, peer.calls) = (dialect, identity, callable);
        (peer.token, peer.scope) = (token, token.map(scope_of));
        peer.introduced = true;
        self.all.insert(conn, Box::new(peer));
    }
}

/// Writes the connections of which others know, in order.
pub(super) mod introduced {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Peer;
    use crate::server::ids::{ByConn, ConnId};

    pub(in super::super) fn serialize<S: Serializer>(
        all: &ByConn<Box<Peer>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut introduced: Vec<(ConnId, &Peer)> =
            all.iter().filter(|(_, peer)| peer.introduced).map(|(conn, peer)| (*conn, &**peer)).collect();
        introduced.sort_unstable_by_key(|(conn, _)| *conn);
        serializer.collect_map(introduced)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<ByConn<Box<Peer>>, D::Error> {
        ByConn::deserialize(deserializer)
    }
}
