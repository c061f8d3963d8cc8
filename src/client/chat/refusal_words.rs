//! Refusals of the server in the language of the process. A server says why in English, and often with particulars: then
//! these follow.
//!
//! Must not know: what was asked, or what follows from a refusal.

use crate::language::{self, Language, names, refusals as say};
use crate::model::Text;
use crate::protocol::Code;

/// What to say of a rank that the server gave or took.
#[must_use]
pub(crate) fn rank_sentence(moderator: bool, text: Text) -> Text {
    match (language::current(), moderator) {
        (Language::English, _) => text,
        (_, true) => Text::line(say::now_moderator()),
        (_, false) => Text::line(say::no_longer_moderator()),
    }
}

/// What to say of a refusal.
#[must_use]
pub(crate) fn refusal_sentence(code: Code, text: Text) -> Text {
    if language::current() == Language::English {
        return text;
    }
    let particular = |refusal: &str| say::in_particular(refusal, &text);
    let words = match code {
        Code::BadName => particular(say::bad_name()),
        Code::BadQuery => particular(say::bad_query()),
        Code::BadReaction => names::reaction(),
        Code::BadRoom => particular(say::bad_room()),
        Code::Banned => particular(say::banned()),
        Code::Busy => particular(say::busy()),
        Code::CallFull => say::call_full().to_owned(),
        Code::CallsOff => particular(say::calls_off()),
        Code::CodeUsedUp => particular(say::code_used_up()),
        Code::Elsewhere => particular(say::elsewhere()),
        Code::InvitationNeeded => particular(say::invitation_needed()),
        Code::Kicked => particular(say::kicked()),
        Code::Maintenance => particular(say::maintenance()),
        Code::Muted => particular(say::is_muted()),
        Code::NameBound => particular(say::name_bound()),
        Code::NameInUse => say::name_in_use().to_owned(),
        Code::NameKept => particular(say::name_kept()),
        Code::NameTaken => particular(say::name_taken()),
        Code::NoName => say::no_name().to_owned(),
        Code::NoSuchBan => say::no_such_ban().to_owned(),
        Code::NoSuchCall => say::no_such_call().to_owned(),
        Code::NoSuchInvitation => say::no_such_invitation().to_owned(),
        Code::NoSuchKey => say::no_such_key().to_owned(),
        Code::NoSuchMessage => say::no_such_message().to_owned(),
        Code::NoSuchReaction => say::no_such_reaction().to_owned(),
        Code::NoSuchRoom => particular(say::no_such_room()),
        Code::NoSuchSession => say::no_such_session().to_owned(),
        Code::NoSuchUser => particular(say::no_such_user()),
        Code::NotAllowed => particular(say::not_allowed()),
        Code::NotHere => particular(say::not_here()),
        Code::NotInRoom => particular(say::not_in_room()),
        Code::NotInvited => particular(say::not_invited()),
        Code::NotModerator => say::not_moderator().to_owned(),
        Code::NotPrivate => particular(say::not_private()),
        Code::NotVerified => particular(say::not_verified()),
        Code::NotYours => say::not_yours().to_owned(),
        Code::RateLimited => particular(say::rate_limited()),
        Code::ReadOnly => particular(say::is_read_only()),
        Code::ReasonNeeded => say::reason_needed().to_owned(),
        Code::RegistrationClosed => particular(say::registration_closed()),
        Code::RoomTaken => particular(say::room_taken()),
        Code::ServerFull => say::server_full().to_owned(),
        Code::SlowConsumer => particular(say::slow_consumer()),
        Code::SlowMode => particular(say::slow_mode()),
        Code::StoreUnavailable => say::store_unavailable().to_owned(),
        Code::TakenOver => particular(say::taken_over()),
        Code::TooLate => say::too_late().to_owned(),
        Code::TooLong => particular(say::too_long()),
        Code::TooManyBans => particular(say::too_many_bans()),
        Code::TooManyCalls => particular(say::too_many_calls()),
        Code::TooManyConnections => say::too_many_connections().to_owned(),
        Code::TooManyInvitations => particular(say::too_many_invitations()),
        Code::TooManyMembers => particular(say::too_many_members()),
        Code::TooManyNames => particular(say::too_many_names()),
        Code::TooManyReactions => say::too_many_reactions().to_owned(),
        Code::TooManyRooms => particular(say::too_many_rooms()),
        Code::TooManyTries => particular(say::too_many_tries()),
        Code::TooSlow => particular(say::too_slow()),
        Code::WrongCode => say::wrong_code().to_owned(),
        Code::WrongPassphrase => say::wrong_passphrase().to_owned(),
        // Only a client with a fault meets the first three.
        Code::BadFrame | Code::NamedAlready | Code::RefUsed | Code::Other => return text,
    };
    Text::block(&words)
}
