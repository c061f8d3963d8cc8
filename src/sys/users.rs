//! The users of this machine, as sentences name them.
//!
//! Must not know: what anybody may do.

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
