//! What the benchmarks are made of: servers to measure, crowds that load them, and the table of what came of it.
//!
//! The server has a core of its own and so has the load, one thread that waits with epoll. Every figure of ours stands
//! beside that of the limit ([`limit`]), measured in turns with it.
//!
//! How far the figures can be trusted stands beside them: how much of its core the load had to do. A server that has all
//! of its own to do, and a load that has not, are what a figure should come from; a figure of a load that had no time to
//! spare is the least that it may be.

#![allow(dead_code, unreachable_pub, reason = "no benchmark needs all of it")]

pub mod crowd;
pub mod dialect;
pub mod limit;
pub mod line;
pub mod load;
pub mod machine;
pub mod peers;
pub mod server;
pub mod slow_line;
pub mod table;
pub mod turns;

#[path = "../../common/secure.rs"]
pub mod secure;
#[path = "../../common/serving.rs"]
pub mod serving;
