//! Counts users, connections, waiting messages and calls: a snapshot for the metrics.
//!
//! Must not know: who asks for it.

use crate::server::broker::access::Access;
use crate::server::broker::calls::Calls;
use crate::server::broker::messages::Messages;
use crate::server::broker::peers::Peers;
use crate::server::telemetry::metrics::{ByWord, Census, dialect, proof, transport};

/// Counts the users, the connections, the messages that wait for the store, and the calls.
pub(in crate::server::broker) fn census(peers: &Peers, access: &Access, messages: &Messages, calls: &Calls) -> Census {
    let transports: ByWord = ["tcp", "tls", "unix"].map(|transport| (transport, 0)).into();
    let (pending, pending_bytes) = messages.pending();
    let (ringing, relayed) = calls.counts();
    let calls = ByWord::from([("ringing", ringing as u64), ("established", relayed as u64)]);
    let mut census = Census { open: transports, pending, pending_bytes, calls, ..Census::default() };
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
