//! Refusals: a stable code for programs and a sentence for people.
//!
//! Must not know: in which dialect a refusal is sent.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The code of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each is the word that `as_str` gives; tr2-protocol(7) says what it means")]
pub enum Code {
    BadFrame,
    BadName,
    BadQuery,
    BadReaction,
    BadRoom,
    Banned,
    Busy,
    CallFull,
    CallsOff,
    CodeUsedUp,
    Elsewhere,
    InvitationNeeded,
    Kicked,
    Maintenance,
    Muted,
    NameBound,
    NameInUse,
    NameKept,
    NameTaken,
    NamedAlready,
    NoName,
    NoSuchBan,
    NoSuchCall,
    NoSuchInvitation,
    NoSuchKey,
    NoSuchMessage,
    NoSuchReaction,
    NoSuchRoom,
    NoSuchSession,
    NoSuchUser,
    NotAllowed,
    NotHere,
    NotInRoom,
    NotInvited,
    NotModerator,
    NotPrivate,
    NotVerified,
    NotYours,
    RateLimited,
    ReadOnly,
    ReasonNeeded,
    RefUsed,
    RegistrationClosed,
    RoomTaken,
    ServerFull,
    SlowConsumer,
    SlowMode,
    StoreUnavailable,
    TakenOver,
    TooLate,
    TooLong,
    TooManyBans,
    TooManyCalls,
    TooManyConnections,
    TooManyInvitations,
    TooManyMembers,
    TooManyNames,
    TooManyReactions,
    TooManyRooms,
    TooManyTries,
    TooSlow,
    WrongCode,
    WrongPassphrase,
    /// A code that this program does not know.
    Other,
}

impl Code {
    /// All codes that this server sends.
    pub const ALL: [Self; 63] = [
        Self::BadFrame,
        Self::BadName,
        Self::BadQuery,
        Self::BadReaction,
        Self::BadRoom,
        Self::Banned,
        Self::Busy,
        Self::CallFull,
        Self::CallsOff,
        Self::CodeUsedUp,
        Self::Elsewhere,
        Self::InvitationNeeded,
        Self::Kicked,
        Self::Maintenance,
        Self::Muted,
        Self::NameBound,
        Self::NameInUse,
        Self::NameKept,
        Self::NameTaken,
        Self::NamedAlready,
        Self::NoName,
        Self::NoSuchBan,
        Self::NoSuchCall,
        Self::NoSuchInvitation,
        Self::NoSuchKey,
        Self::NoSuchMessage,
        Self::NoSuchReaction,
        Self::NoSuchRoom,
        Self::NoSuchSession,
        Self::NoSuchUser,
        Self::NotAllowed,
        Self::NotHere,
        Self::NotInRoom,
        Self::NotInvited,
        Self::NotModerator,
        Self::NotPrivate,
        Self::NotVerified,
        Self::NotYours,
        Self::RateLimited,
        Self::ReadOnly,
        Self::ReasonNeeded,
        Self::RefUsed,
        Self::RegistrationClosed,
        Self::RoomTaken,
        Self::ServerFull,
        Self::SlowConsumer,
        Self::SlowMode,
        Self::StoreUnavailable,
        Self::TakenOver,
        Self::TooLate,
        Self::TooLong,
        Self::TooManyBans,
        Self::TooManyCalls,
        Self::TooManyConnections,
        Self::TooManyInvitations,
        Self::TooManyMembers,
        Self::TooManyNames,
        Self::TooManyReactions,
        Self::TooManyRooms,
        Self::TooManyTries,
        Self::TooSlow,
        Self::WrongCode,
        Self::WrongPassphrase,
    ];

    /// The code on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadFrame => "bad_frame",
            Self::BadName => "bad_name",
            Self::BadQuery => "bad_query",
            Self::BadReaction => "bad_reaction",
            Self::BadRoom => "bad_room",
            Self::Banned => "banned",
            Self::Busy => "busy",
            Self::CallFull => "call_full",
            Self::CallsOff => "calls_off",
            Self::CodeUsedUp => "code_used_up",
            Self::Elsewhere => "elsewhere",
            Self::InvitationNeeded => "invitation_needed",
            Self::Kicked => "kicked",
            Self::Maintenance => "maintenance",
            Self::Muted => "muted",
            Self::NameBound => "name_bound",
            Self::NameInUse => "name_in_use",
            Self::NameKept => "name_kept",
            Self::NameTaken => "name_taken",
            Self::NamedAlready => "named_already",
            Self::NoName => "no_name",
            Self::NoSuchBan => "no_such_ban",
            Self::NoSuchCall => "no_such_call",
            Self::NoSuchInvitation => "no_such_invitation",
            Self::NoSuchKey => "no_such_key",
            Self::NoSuchMessage => "no_such_message",
            Self::NoSuchReaction => "no_such_reaction",
            Self::NoSuchRoom => "no_such_room",
            Self::NoSuchSession => "no_such_session",
            Self::NoSuchUser => "no_such_user",
            Self::NotAllowed => "not_allowed",
            Self::NotHere => "not_here",
            Self::NotInRoom => "not_in_room",
            Self::NotInvited => "not_invited",
            Self::NotModerator => "not_moderator",
            Self::NotPrivate => "not_private",
            Self::NotVerified => "not_verified",
            Self::NotYours => "not_yours",
            Self::RateLimited => "rate_limited",
            Self::ReadOnly => "read_only",
            Self::ReasonNeeded => "reason_needed",
            Self::RefUsed => "ref_used",
            Self::RegistrationClosed => "registration_closed",
            Self::RoomTaken => "room_taken",
            Self::ServerFull => "server_full",
            Self::SlowConsumer => "slow_consumer",
            Self::SlowMode => "slow_mode",
            Self::StoreUnavailable => "store_unavailable",
            Self::TakenOver => "taken_over",
            Self::TooLate => "too_late",
            Self::TooLong => "too_long",
            Self::TooManyBans => "too_many_bans",
            Self::TooManyCalls => "too_many_calls",
            Self::TooManyConnections => "too_many_connections",
            Self::TooManyInvitations => "too_many_invitations",
            Self::TooManyMembers => "too_many_members",
            Self::TooManyNames => "too_many_names",
            Self::TooManyReactions => "too_many_reactions",
            Self::TooManyRooms => "too_many_rooms",
            Self::TooManyTries => "too_many_tries",
            Self::TooSlow => "too_slow",
            Self::WrongCode => "wrong_code",
            Self::WrongPassphrase => "wrong_passphrase",
            Self::Other => "other",
        }
    }

    /// Reads a code; an unknown one is [`Code::Other`].
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

/// A refusal, in place of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The label of the refused request.
    pub reference: Option<String>,
    /// The code: a stable word for programs.
    pub code: Code,
    /// The sentence for people: what happened, and what to do.
    pub text: String,
}

impl Refusal {
    /// A refusal of the frame labelled `reference`.
    pub fn new(reference: Option<String>, code: Code, text: impl Into<String>) -> Self {
        Self { reference, code, text: text.into() }
    }
}
