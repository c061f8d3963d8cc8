//! The server: pure code decides, shells carry it out.
//!
//! ```text
//! ids, limits, bucket, host_order  <-  secrets | telemetry | store | relay | log  <-  broker  <-  cluster  <-  cluster_start | founding  <-  transport  <-  node_start  <-  mind  <-  run
//!                                                                                      imports only go to the left
//! ```
//!
//! - [`broker`] decides. It takes a [`broker::Input`] and writes what follows into a [`broker::outbox::Outbox`].
//! - [`store`] keeps messages, and everything else that must survive a restart.
//! - [`transport`] connects sockets to the broker and back.
//! - [`relay`]: which packets go where between two clients that have a channel through the server.
//! - [`cluster`]: what the entries of a log mean that several nodes have in common. [`cluster_start`]: what a server is given
//!   to be one of them. `founding`: the beginning of that log. `node_start`: the data of a node.
//! - [`telemetry`]: log events and metrics. [`secrets`]: the data folder, the passphrase, the certificate.
//! - [`log`]: one order of entries that several nodes share.
//! - `mind`: a broker with its store, or a node. `run` puts everything together. [`limits`] names every bound, [`bucket`] limits a rate; [`ids`] are the numbers that the
//!   server gives; [`host_order`] is what whoever keeps the machine can order.
//!
//! Must not know: the client.

pub mod broker;
pub mod bucket;
pub mod cluster;
pub mod cluster_start;
pub(crate) mod founding;
pub mod host_order;
pub mod ids;
pub(crate) mod in_order;
pub mod limits;
pub mod log;
pub(crate) mod mind;
pub(crate) mod node_start;
pub mod relay;
pub(crate) mod run;
pub mod secrets;
pub mod store;
pub mod telemetry;
pub mod transport;
