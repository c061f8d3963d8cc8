//! The users of this machine, as sentences name them.
//!
//! Must not know: what anybody may do.

use std::io;

use nix::unistd::{Uid, User};

/// The login of a user, or `uid 1234` if there is none.
#[must_use]
pub(crate) fn shown(uid: u32) -> String {
    login(uid).unwrap_or_else(|| format!("uid {uid}"))
}

/// A user as commands such as chown take them: the login, or the number if there is none.
#[must_use]
pub(crate) fn for_commands(uid: u32) -> String {
    login(uid).unwrap_or_else(|| uid.to_string())
}

/// The login of a user; `None` if there is none, or the system does not say.
#[must_use]
pub(crate) fn login(uid: u32) -> Option<String> {
    User::from_uid(Uid::from_raw(uid)).ok().flatten().map(|user| user.name)
}

/// Becomes another user for good, with this group and no other: only root can. What is written from then on is that user's;
/// reading, and going through folders of others, is allowed as before. To be done before there are other threads.
///
/// # Errors
/// What the system says.
#[cfg(target_os = "linux")]
pub(crate) fn become_user(uid: u32, gid: u32) -> io::Result<()> {
    use nix::unistd::{Gid, setgroups, setresgid, setresuid};
    use rustix::thread::{CapabilitySet, CapabilitySets, capabilities, set_capabilities, set_keep_capabilities};
    let (uid, gid) = (Uid::from_raw(uid), Gid::from_raw(gid));
    // The data of a service may be below a folder that only root can enter, such as /var/lib/private.
    set_keep_capabilities(true)?;
    setgroups(&[gid])?;
    setresgid(gid, gid, gid)?;
    setresuid(uid, uid, uid)?;
    let kept = capabilities(None)?.permitted & CapabilitySet::DAC_READ_SEARCH;
    set_capabilities(None, CapabilitySets { effective: kept, permitted: kept, inheritable: CapabilitySet::empty() })?;
    Ok(())
}

/// Elsewhere, root asks that user to do it.
///
/// # Errors
/// Always.
#[cfg(not(target_os = "linux"))]
pub(crate) fn become_user(_: u32, _: u32) -> io::Result<()> {
    Err(io::Error::other("do this as that user"))
}

#[cfg(test)]
mod tests {
    use super::{for_commands, shown};

    #[test]
    fn commands_know_users_without_a_login_by_their_number() {
        assert_eq!((shown(0), for_commands(0)), ("root".to_owned(), "root".to_owned()));
        let nobody = 3_999_999_999;
        assert_eq!((shown(nobody), for_commands(nobody)), ("uid 3999999999".to_owned(), "3999999999".to_owned()));
    }
}
