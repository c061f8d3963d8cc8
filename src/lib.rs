//! tr2: chat for people who share a machine or a network.

pub mod cli;
pub mod client;
pub mod commands;
pub mod config;
pub mod error;
pub mod model;
pub mod net;
pub mod protocol;
pub mod server;
