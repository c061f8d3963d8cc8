//! Several nodes serve one chat: what an entry of their common log is and means, the same on every node, and what this node
//! says in it.
//!
//! ```text
//! freshness
//! entry_bytes | chain  <-  entry  <-  roll | waiting  <-  step  <-  held | weighing  <-  fault  <-  witness  <-  turn  <-  lane  <-  follower
//!                                                            front | command | kept_report  <-  deed  <-  step_store  <-  replica | again
//! ```
//!
//! A log is one order of entries that all nodes read. It keeps what it took at least once: entries may come twice, late, and
//! in another order than they were appended in by different nodes. It may also be at fault.
//!
//! - [`entry`], [`entry_bytes`]: the bytes of an entry. [`chain`]: the hash chain over all of them.
//! - [`turn`]: takes the entries one after the other. [`step`] is what comes out; [`roll`] has the nodes, and `weighing` what
//!   an entry changes. `witness` compares what nodes say of the log with what this one has read, and [`fault`] says why a
//!   node stops.
//! - [`lane`]: what this node says, with what waits in [`waiting`]. [`freshness`]: whether what it has read is new enough.
//! - [`follower`] puts them together for one node; [`held`] has what it does not hand out yet.
//! - [`front`]: what of the connections to this node goes into the log, and what is handled here alone. [`command`]: what is
//!   said of them there, as bytes. [`replica`] puts all of it together with the broker; a [`step_store`] keeps
//!   what follows. A [`deed`] is what a step had the broker do, with [`kept_report`] for what the store reported; [`again`] does
//!   it once more.
//!
//! Must not know: sockets, clocks, the engine that keeps the log, the store; and, but for the last seven, the broker.

pub mod again;
pub mod chain;
pub mod command;
pub mod deed;
pub mod entry;
pub mod entry_bytes;
pub mod fault;
pub mod follower;
pub mod freshness;
pub mod front;
pub mod held;
pub mod kept_report;
pub mod lane;
pub mod replica;
pub mod roll;
pub mod step;
pub mod step_store;
pub mod turn;
pub mod waiting;
mod weighing;
mod witness;
