//! Counts users, connections and waiting messages: a snapshot for the metrics.
//!
//! Must not know: who asks for it.

use crate::server::broker::access::Access;
use crate::server::broker::messages::Messages;
use crate::server::broker::peers::Peers;
use crate::server::telemetry::metrics::{ByWord, Census, dialect, proof, transport};

/// Counts the users, the connections, and the messages that wait for the store.
pub(in crate::server::broker) fn census(peers: &Peers, access: &Access, messages: &Messages) -> Census {
    let transports: ByWord = ["tcp", "tls", "unix"].map(|transport| (transport, 0)).into();
    let (pending, pending_bytes) = messages.pending();
    let mut census = Census { open: transports, pending, pending_bytes, ..Census::default() };
    for dialect in ["TR2.23", "TR2.26"] {
        for proof in ["none", "key", "uid"] {
            census.sessions.insert((dialect, proof), 0);
        }
    }
    for origin in access.open() {
        *census.open.entry(transport(origin)).or_default() += 1;
    }
    for (_, peer) in peers.iter() {
        match peer.name() {
            Some(_) => *census.sessions.entry((dialect(peer.dialect()), proof(peer.identity()))).or_default() += 1,
            None => census.unnamed += 1,
        }
    }
    census
}
