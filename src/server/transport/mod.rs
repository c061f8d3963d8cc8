//! Sockets to broker and back: the shells around the core.
//!
//! Must not know: what the broker decides by.

pub mod backlog;
pub(in crate::server) mod broker_task;
pub mod coalesce;
pub mod executor;
pub mod fault;
pub mod http;
pub(in crate::server) mod inbox;
pub mod listener;
pub(in crate::server) mod metrics_endpoint;
pub mod rate_limit;
pub mod reader;
pub mod sender;
pub(in crate::server) mod workers;
