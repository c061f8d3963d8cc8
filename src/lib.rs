//! tr2: chat for people who share a machine or a network.

pub mod client;
pub mod model;
pub mod protocol;
