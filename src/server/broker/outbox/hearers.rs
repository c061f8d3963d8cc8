//! Who hears what is said in a room, as one list that rounds can hold without copying it.
//!
//! Must not know: whose connections they are, or which room it is.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::server::ids::ConnId;

/// Connections in the order of their numbers. A clone is the same list until one of the two changes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Hearers(Arc<Vec<ConnId>>);

impl Hearers {
    /// Adds a connection; one that is there already stays.
    pub fn add(&mut self, conn: ConnId) {
        if let Err(at) = self.0.binary_search(&conn) {
            Arc::make_mut(&mut self.0).insert(at, conn);
        }
    }

    /// Removes a connection.
    pub fn remove(&mut self, conn: ConnId) {
        if let Ok(at) = self.0.binary_search(&conn) {
            Arc::make_mut(&mut self.0).remove(at);
        }
    }

    /// Whether a connection is one of them.
    #[must_use]
    pub fn contains(&self, conn: ConnId) -> bool {
        self.0.binary_search(&conn).is_ok()
    }

    /// All of them, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = ConnId> + '_ {
        self.0.iter().copied()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it is the same list, unchanged since one was cloned from the other.
    #[must_use]
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
