//! Asynchronous input and output: sockets, and frames over them.
//!
//! Must not know: what the frames mean, or who the server or the client is.

pub mod certificate;
pub mod clock;
pub mod dial;
pub mod handed;
pub mod listen;
pub mod manager;
pub mod private;
pub mod socket;
pub mod ssh;
mod tls;
pub mod tls_config;
pub mod unix;
