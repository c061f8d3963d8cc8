//! Admits connections and lets them go. A connection counts against the limits of this server until its line is gone.
//!
//! Must not know: who they are, or what they may do.

use std::collections::BTreeSet;

use super::Access;
use crate::model::Origin;
use crate::protocol::Code;
use crate::server::broker::caller::Denial;
use crate::server::ids::{ConnId, NodeSeat};

impl Access {
    /// Admits a connection, unless there are too many.
    pub(in crate::server::broker) fn admit(&mut self, conn: ConnId, origin: Origin) -> Result<(), Denial> {
        self.admission.enter(origin).map_err(|code| {
            let text = match code {
                Code::ServerFull => "The server is full; try again later.",
                _ => "There are too many connections from your address; close one first.",
            };
            Denial::new(code, text)
        })?;
        self.open.add(conn, origin);
        Ok(())
    }

    /// A connection asks for something that concerns other nodes of the chat: it is one to another node, or the
    /// others know of it from now on.
    pub(in crate::server::broker) fn introduce(&mut self, conn: ConnId, origin: Origin) {
        self.open.introduce(conn, origin);
    }

    /// The open connections to a node, in the order of their numbers.
    pub(in crate::server::broker) fn connections_to(&self, seat: NodeSeat) -> BTreeSet<ConnId> {
        self.open.to(seat)
    }

    /// The line of a connection is gone, whatever the other nodes know of it.
    pub(in crate::server::broker) fn unplug(&mut self, conn: ConnId) {
        if let Some(origin) = self.open.unplug(conn) {
            self.admission.leave(origin);
        }
    }

    /// A connection is closed.
    pub(in crate::server::broker) fn close(&mut self, conn: ConnId) {
        self.inviting.close(conn);
        self.logins.remove(&conn);
        if let Some(origin) = self.open.remove(conn) {
            self.admission.leave(origin);
        }
    }

    /// Where the connections come from that count against the limits of this server.
    pub(in crate::server::broker) fn open(&self) -> impl Iterator<Item = Origin> {
        self.open.counted()
    }
}
