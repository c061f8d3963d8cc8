//! The operating system: clocks, files that nobody else may touch, the service manager.
//!
//! Must not know: the protocol, the server, the client.

pub mod clock;
pub mod sd_notify;
pub mod secure_files;
