//! The part of the broker that counts who is there.
//!
//! Must not know: who asks.

use crate::server::broker::Broker;
use crate::server::telemetry::metrics::{ByWord, Census, dialect, proof, transport};

impl Broker {
    /// How many users are there.
    #[must_use]
    pub fn users(&self) -> usize {
        self.names.len()
    }

    /// Who is there, and what waits.
    #[must_use]
    pub fn census(&self) -> Census {
        let transports: ByWord = ["tcp", "tls", "unix"].map(|transport| (transport, 0)).into();
        let mut census = Census {
            open: transports,
            pending: self.pending.len(),
            pending_bytes: self.pending_bytes,
            ..Census::default()
        };
        for dialect in ["TR2.23", "TR2.26"] {
            for proof in ["none", "key", "uid"] {
                census.sessions.insert((dialect, proof), 0);
            }
        }
        for origin in self.open.values() {
            *census.open.entry(transport(*origin)).or_default() += 1;
        }
        for peer in self.peers.values() {
            match peer.name {
                Some(_) => *census.sessions.entry((dialect(peer.dialect), proof(peer.identity))).or_default() += 1,
                None => census.unnamed += 1,
            }
        }
        census
    }
}
