//! The store in an SQLite file: one writer thread, one reader thread.
//!
//! Must not know: the broker, connections.

pub(in crate::server::store) mod append;
pub(in crate::server::store) mod backup;
pub(in crate::server::store) mod checksum;
pub(in crate::server::store) mod delete;
pub(in crate::server::store) mod facts;
pub(in crate::server::store) mod file;
pub(in crate::server::store) mod inspect;
pub(in crate::server::store) mod intern;
pub(in crate::server::store) mod lookup;
pub(in crate::server::store) mod modlog;
pub(in crate::server::store) mod owners;
pub(in crate::server::store) mod page;
pub(in crate::server::store) mod prune;
pub(in crate::server::store) mod query;
pub(in crate::server::store) mod queue;
pub(in crate::server::store) mod reader;
pub(in crate::server::store) mod retry;
pub(in crate::server::store) mod row;
pub(in crate::server::store) mod schema;
pub(in crate::server::store) mod search;
pub(in crate::server::store) mod search_index;
pub(in crate::server::store) mod summaries;
pub(in crate::server::store) mod transaction;
pub(in crate::server::store) mod writer;
