//! What a user may do on a server.
//!
//! Must not know: how a role is gained.

/// A user's role, looked up when an act is carried out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Talks.
    #[default]
    User,
    /// Talks, and may close the server.
    Moderator,
}

impl Role {
    /// Whether this role may close the server.
    #[must_use]
    pub fn may_close_server(self) -> bool {
        self == Self::Moderator
    }
}
