//! From flags, file and environment to what the server and the client are given.
//!
//! Must not know: sockets or screens; it reads one file and resolves names, and judges values.

mod file;
pub mod given;
mod join;
pub mod keys;
mod serve;
mod value;

pub use self::join::JoinConfig;
pub use self::serve::{ServeConfig, Sources};

/// Where a server listens if nothing else is said: the original's address.
const DEFAULT_LISTEN: &str = "tcp://127.0.0.1:1234";
/// The variable with the folder of the session's sockets.
const RUNTIME_VARIABLE: &str = "XDG_RUNTIME_DIR";
