//! Why something was not done: a stable word for programs and a sentence for people.
//!
//! Must not know: which dialect it will be told in.

use std::fmt;

/// The stable words of `refused`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is the word that `as_str` gives; tr2-protocol(7) says what it means")]
pub enum Code {
    BadFrame,
    BadName,
    BadQuery,
    Busy,
    InvitationNeeded,
    NameBound,
    NameInUse,
    NameKept,
    NameTaken,
    NamedAlready,
    NoName,
    NoSuchKey,
    NoSuchRoom,
    NoSuchUser,
    NotModerator,
    NotPrivate,
    NotVerified,
    RateLimited,
    RefUsed,
    RegistrationClosed,
    ServerFull,
    SlowConsumer,
    StoreUnavailable,
    TakenOver,
    TooLong,
    TooManyConnections,
    TooManyInvitations,
    TooManyNames,
    TooManyTries,
    TooSlow,
    WrongCode,
    WrongPassphrase,
    /// A word that this program does not know.
    Other,
}

impl Code {
    /// Every word that this server says.
    pub const ALL: [Self; 32] = [
        Self::BadFrame,
        Self::BadName,
        Self::BadQuery,
        Self::Busy,
        Self::InvitationNeeded,
        Self::NameBound,
        Self::NameInUse,
        Self::NameKept,
        Self::NameTaken,
        Self::NamedAlready,
        Self::NoName,
        Self::NoSuchKey,
        Self::NoSuchRoom,
        Self::NoSuchUser,
        Self::NotModerator,
        Self::NotPrivate,
        Self::NotVerified,
        Self::RateLimited,
        Self::RefUsed,
        Self::RegistrationClosed,
        Self::ServerFull,
        Self::SlowConsumer,
        Self::StoreUnavailable,
        Self::TakenOver,
        Self::TooLong,
        Self::TooManyConnections,
        Self::TooManyInvitations,
        Self::TooManyNames,
        Self::TooManyTries,
        Self::TooSlow,
        Self::WrongCode,
        Self::WrongPassphrase,
    ];

    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadFrame => "bad_frame",
            Self::BadName => "bad_name",
            Self::BadQuery => "bad_query",
            Self::Busy => "busy",
            Self::InvitationNeeded => "invitation_needed",
            Self::NameBound => "name_bound",
            Self::NameInUse => "name_in_use",
            Self::NameKept => "name_kept",
            Self::NameTaken => "name_taken",
            Self::NamedAlready => "named_already",
            Self::NoName => "no_name",
            Self::NoSuchKey => "no_such_key",
            Self::NoSuchRoom => "no_such_room",
            Self::NoSuchUser => "no_such_user",
            Self::NotModerator => "not_moderator",
            Self::NotPrivate => "not_private",
            Self::NotVerified => "not_verified",
            Self::RateLimited => "rate_limited",
            Self::RefUsed => "ref_used",
            Self::RegistrationClosed => "registration_closed",
            Self::ServerFull => "server_full",
            Self::SlowConsumer => "slow_consumer",
            Self::StoreUnavailable => "store_unavailable",
            Self::TakenOver => "taken_over",
            Self::TooLong => "too_long",
            Self::TooManyConnections => "too_many_connections",
            Self::TooManyInvitations => "too_many_invitations",
            Self::TooManyNames => "too_many_names",
            Self::TooManyTries => "too_many_tries",
            Self::TooSlow => "too_slow",
            Self::WrongCode => "wrong_code",
            Self::WrongPassphrase => "wrong_passphrase",
            Self::Other => "other",
        }
    }

    /// Reads a word; one that is not known is [`Code::Other`].
    #[must_use]
    pub fn parse(word: &str) -> Self {
        Self::ALL.into_iter().find(|code| code.as_str() == word).unwrap_or(Self::Other)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An answer in place of the one that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The label of the frame that is refused.
    pub reference: Option<String>,
    /// The stable word.
    pub code: Code,
    /// What happened and what to do, in one sentence.
    pub text: String,
}

impl Refusal {
    /// A refusal of the frame labelled `reference`.
    pub fn new(reference: Option<String>, code: Code, text: impl Into<String>) -> Self {
        Self { reference, code, text: text.into() }
    }
}
