//! The connections over which one user is here, one for each of the user's sessions.
//!
//! Must not know: who the user is, or what the connections are told.

use crate::server::ids::ConnId;
use serde::{Deserialize, Serialize};

/// The connections of one user in the order in which the sessions began; at least one, and almost always no more, which
/// takes no memory of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserConns {
    first: ConnId,
    later: Vec<ConnId>,
}

impl UserConns {
    /// Of a user with one session.
    #[must_use]
    pub fn one(conn: ConnId) -> Self {
        Self { first: conn, later: Vec::new() }
    }

    /// Adds a connection; one that is there already stays where it is.
    pub fn add(&mut self, conn: ConnId) {
        if !self.contains(conn) {
            self.later.push(conn);
        }
    }

    /// The same without a connection; `None` if none is left.
    #[must_use]
    pub fn without(mut self, conn: ConnId) -> Option<Self> {
        if self.first != conn {
            self.later.retain(|later| *later != conn);
            return Some(self);
        }
        if self.later.is_empty() {
            return None;
        }
        self.first = self.later.remove(0);
        Some(self)
    }

    /// The connection of the oldest session.
    #[must_use]
    pub fn first(&self) -> ConnId {
        self.first
    }

    /// All of them, oldest session first.
    pub fn iter(&self) -> impl Iterator<Item = ConnId> + '_ {
        [self.first].into_iter().chain(self.later.iter().copied())
    }

    /// How many there are.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "there is always one")]
    pub fn len(&self) -> usize {
        1 + self.later.len()
    }

    /// Whether a connection is one of them.
    #[must_use]
    pub fn contains(&self, conn: ConnId) -> bool {
        self.first == conn || self.later.contains(&conn)
    }
}
