//! What the server says about itself.
//!
//! - [`events`]: the events of the log.
//! - [`metrics`]: what the server counts.
//! - [`openmetrics`]: the metrics as text.
//!
//! Must not know: the broker, the store, sockets.

pub mod events;
pub mod metrics;
pub mod openmetrics;
