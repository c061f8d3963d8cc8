//! Configuration: from flags, file and environment to what the server and the client get.
//!
//! - [`keys`]: the keys of the file. `file` reads it, `given` holds the words of file and flags, with their problems.
//! - `downloads`: where files that others send are saved. `value`: what each word means, as `checker` asks. `serve`: the server's
//!   configuration, `cluster`: that of one of several nodes, `task`: what `tr2 serve` does instead of serving. `join`: the client's, and `join_settings` its
//!   file, which `edit` changes.
//!
//! Must not know: how sockets or screens work; it reads one file, resolves host names, and checks values.

mod checker;
mod cluster;
mod downloads;
mod edit;
mod file;
pub(crate) mod given;
mod join;
mod join_settings;
pub mod keys;
pub(crate) mod serve;
mod task;
mod value;

pub use self::cluster::ClusterConfig;
pub(crate) use self::edit::save;
pub use self::join::JoinConfig;
pub(crate) use self::join::{OWN_FILE_IN_FOLDER, SERVER_VARIABLE, shown_path};
pub use self::serve::{ServeConfig, Sources};
pub use self::task::{Agreed, ListForm, Listed, Task};

/// The server's default address: the original's.
const DEFAULT_LISTEN: &str = "tcp://127.0.0.1:1234";
/// The environment variable with the folder of the login session's sockets.
const RUNTIME_VARIABLE: &str = "XDG_RUNTIME_DIR";
