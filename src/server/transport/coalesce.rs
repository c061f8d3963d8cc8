//! Answers that need not go out at once: while many are answered, each waits a moment for whatever else is for the same
//! connection, so that both are one write.
//!
//! Must not know: sockets, or what the answers say.

use std::collections::VecDeque;
use std::time::Duration;

use crate::server::ids::{ByConn, ConnId};

/// What is held back, for each connection in the order in which it was said.
#[derive(Debug, Default)]
pub struct Held {
    lines: ByConn<Line>,
    /// By when which is to go; those that went with something else still stand here.
    due: VecDeque<(Duration, ConnId)>,
}

#[derive(Debug)]
struct Line {
    bytes: Vec<u8>,
    due: Duration,
}

impl Held {
    /// Holds bytes of a connection back until `due` at most, or those before them are due. Later ones are not due earlier.
    pub fn hold(&mut self, conn: ConnId, bytes: Vec<u8>, due: Duration) {
        if let Some(line) = self.lines.get_mut(&conn) {
            line.bytes.extend(bytes);
            return;
        }
        self.lines.insert(conn, Line { bytes, due });
        self.due.push_back((due, conn));
    }

    /// What is held back of a connection, which is about to be written to.
    pub fn take(&mut self, conn: ConnId) -> Option<Vec<u8>> {
        if self.lines.is_empty() {
            return None;
        }
        Some(self.lines.remove(&conn)?.bytes)
    }

    /// The next that is to go by now.
    pub fn take_due(&mut self, now: Duration) -> Option<(ConnId, Vec<u8>)> {
        while let Some(&(due, conn)) = self.due.front().filter(|(due, _)| *due <= now) {
            self.due.pop_front();
            if self.lines.get(&conn).is_some_and(|line| line.due == due) {
                return Some((conn, self.take(conn)?));
            }
        }
        None
    }

    /// By when something is to go.
    #[must_use]
    pub fn due(&self) -> Option<Duration> {
        if self.lines.is_empty() {
            return None;
        }
        self.due.front().map(|&(due, _)| due)
    }
}
