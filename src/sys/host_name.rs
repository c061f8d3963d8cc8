//! The name of this machine.
//!
//! Must not know: who is told it.

use nix::unistd::gethostname;

/// The name, as the system has it; empty if it has none.
#[must_use]
pub(crate) fn host_name() -> String {
    gethostname().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
