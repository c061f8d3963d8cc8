//! The users of this machine, as sentences name them.
//!
//! Must not know: what anybody may do.

use nix::unistd::{Uid, User};

/// The login of a user, or `uid 1234` if there is none.
#[must_use]
pub(crate) fn shown(uid: u32) -> String {
    login(uid).unwrap_or_else(|| format!("uid {uid}"))
}

/// The login of a user; `None` if there is none, or the system does not say.
#[must_use]
pub(crate) fn login(uid: u32) -> Option<String> {
    User::from_uid(Uid::from_raw(uid)).ok().flatten().map(|user| user.name)
}
