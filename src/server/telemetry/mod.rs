//! What the server says of itself: log events, numbers, and their OpenMetrics form.
//!
//! Must not know: the broker, sockets.

pub mod events;
pub mod metrics;
pub mod openmetrics;
