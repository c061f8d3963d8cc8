//! Connections by what they have in common, so that nobody has to look at all of them to find a few.
//!
//! Must not know: what is done with those who are found.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use crate::model::ban_target::Network;
use crate::model::{Identity, Origin};
use crate::server::ids::ConnId;
use crate::server::in_order;
use serde::{Deserialize, Serialize};

/// The connections that have a name, by identity and by address; and those of moderators.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct ConnectionIndex {
    #[serde(serialize_with = "in_order::map")]
    by_identity: HashMap<Identity, BTreeSet<ConnId>>,
    by_address: BTreeMap<IpAddr, BTreeSet<ConnId>>,
    moderators: BTreeSet<ConnId>,
}

impl ConnectionIndex {
    /// Adds a connection.
    pub(super) fn open(&mut self, conn: ConnId, origin: Origin, identity: Option<Identity>) {
        if let Some(ip) = origin.ip() {
            self.by_address.entry(ip).or_default().insert(conn);
        }
        self.is(conn, None, identity_of(origin));
        self.is(conn, None, identity);
    }

    /// Removes a connection.
    pub(super) fn close(&mut self, conn: ConnId, origin: Origin, identity: Option<Identity>) {
        if let Some(ip) = origin.ip()
            && let Some(conns) = self.by_address.get_mut(&ip)
        {
            conns.remove(&conn);
            if conns.is_empty() {
                self.by_address.remove(&ip);
            }
        }
        self.is(conn, identity, None);
        self.is(conn, identity_of(origin), None);
    }

    /// Forgets a connection.
    pub(super) fn forget(&mut self, conn: ConnId, origin: Origin, identity: Option<Identity>) {
        self.close(conn, origin, identity);
        self.moderators.remove(&conn);
    }

    /// A connection has another identity from now on.
    pub(super) fn is(&mut self, conn: ConnId, before: Option<Identity>, identity: Option<Identity>) {
        if let Some(before) = before
            && let Some(conns) = self.by_identity.get_mut(&before)
        {
            conns.remove(&conn);
            if conns.is_empty() {
                self.by_identity.remove(&before);
            }
        }
        if let Some(identity) = identity {
            self.by_identity.entry(identity).or_default().insert(conn);
        }
    }

    /// A connection is a moderator's, or no longer.
    pub(super) fn moderates(&mut self, conn: ConnId, does: bool) {
        if does {
            self.moderators.insert(conn)
        } else {
            self.moderators.remove(&conn)
        };
    }

    /// The connections of an identity, proved or known by the kernel's word.
    pub(super) fn of_identity(&self, identity: Identity) -> impl Iterator<Item = ConnId> {
        self.by_identity.get(&identity).into_iter().flatten().copied()
    }

    /// The connections from a network.
    pub(super) fn of_network(&self, network: Network) -> impl Iterator<Item = ConnId> {
        let (first, last) = network.range();
        self.by_address.range(first..=last).flat_map(|(_, conns)| conns).copied()
    }

    /// The connections of moderators of the server.
    pub(super) fn moderators(&self) -> impl Iterator<Item = ConnId> {
        self.moderators.iter().copied()
    }
}

fn identity_of(origin: Origin) -> Option<Identity> {
    if let Origin::Unix(uid) = origin { Some(Identity::Uid(uid)) } else { None }
}
