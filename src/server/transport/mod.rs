//! The shells around the broker: sockets to the broker and back.
//!
//! - Inward: `listener` accepts, `proxies` reads what a proxy says of a connection, `reader` reads one connection within its [`rate_limit`], and `inbox` queues what
//!   arrives.
//! - `broker_task` has the broker decide, round by round, and carries out what it decided; by `decider` it is that of a server
//!   alone or of a `node` of a chat; `turns` makes those who ask for
//!   much wait.
//! - Outward: [`sender`] writes a round to the sockets, [`coalesce`] delays what need not go out at once, [`backlog`]
//!   writes what a socket did not take.
//! - [`relay_task`] carries packets of calls, on a thread of its own; [`relay_control`] is the broker task's hold on it.
//! - Also: `workers` wait for signals, passphrases and [`logins`]; `reload` has settings read again; `control`
//!   takes orders from the server's own machine; `metrics_endpoint` serves the metrics over [`http`]; [`executor`] says where tasks run; [`fault`] makes them fail in tests.
//!
//! Must not know: what the broker decides by.

pub mod backlog;
pub(crate) mod broker_task;
pub mod coalesce;
pub(crate) mod control;
pub(crate) mod decider;
pub mod executor;
pub mod fault;
pub mod http;
pub(crate) mod inbox;
pub(crate) mod listener;
pub mod logins;
pub(crate) mod metrics_endpoint;
pub(crate) mod node;
pub(crate) mod proxies;
pub mod rate_limit;
pub mod reader;
pub mod relay_control;
pub mod relay_task;
pub(crate) mod reload;
pub mod sender;
mod turns;
pub(crate) mod workers;
