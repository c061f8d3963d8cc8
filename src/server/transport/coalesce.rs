//! Coalesces answers that need not go out at once: while many connections are answered, each answer waits a moment for
//! anything else for the same connection, so that both are one write.
//!
//! Must not know: sockets, or what the answers say.

use std::collections::VecDeque;
use std::time::Duration;

use crate::server::ids::{ByConn, ConnId};

/// The delayed bytes of each connection, in their order.
#[derive(Debug, Default)]
pub struct Coalescer {
    delayed: ByConn<Delayed>,
    /// When each connection's bytes are due, earliest first; entries of bytes that went out earlier stay here.
    due: VecDeque<(Duration, ConnId)>,
}

#[derive(Debug)]
struct Delayed {
    bytes: Vec<u8>,
    due: Duration,
}

impl Coalescer {
    /// Delays bytes of a connection until `due`, or until earlier bytes of it are due. Later bytes are never due before
    /// these.
    pub fn defer(&mut self, conn: ConnId, bytes: Vec<u8>, due: Duration) {
        if let Some(delayed) = self.delayed.get_mut(&conn) {
            delayed.bytes.extend(bytes);
            return;
        }
        self.delayed.insert(conn, Delayed { bytes, due });
        self.due.push_back((due, conn));
    }

    /// The delayed bytes of a connection that is about to be written to.
    pub fn take(&mut self, conn: ConnId) -> Option<Vec<u8>> {
        if self.delayed.is_empty() {
            return None;
        }
        Some(self.delayed.remove(&conn)?.bytes)
    }

    /// The next delayed bytes that are due by now.
    pub fn take_due(&mut self, now: Duration) -> Option<(ConnId, Vec<u8>)> {
        while let Some(&(due, conn)) = self.due.front().filter(|(due, _)| *due <= now) {
            self.due.pop_front();
            if self.delayed.get(&conn).is_some_and(|delayed| delayed.due == due) {
                return Some((conn, self.take(conn)?));
            }
        }
        None
    }

    /// When the next bytes are due.
    #[must_use]
    pub fn due(&self) -> Option<Duration> {
        if self.delayed.is_empty() {
            return None;
        }
        self.due.front().map(|&(due, _)| due)
    }
}
