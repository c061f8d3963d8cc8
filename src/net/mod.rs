//! Asynchronous input and output: sockets, and frames over them.
//!
//! Must not know: what the frames mean, or who the server or the client is.

pub mod certificate;
pub mod dial;
pub mod listen;
pub mod socket;
pub mod socket_activation;
pub mod ssh;
mod tls;
pub mod tls_config;
pub mod unix;
