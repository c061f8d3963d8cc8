//! Whom and which room a request names, as the person wrote them: what a refusal may be about.
//!
//! Must not know: who or what there is.

use super::Outbound;
use super::awaited::Awaited;
use crate::model::Target;
use crate::model::room::ROOM_SIGN;
use crate::protocol::conference::ConferenceCommand;
use crate::protocol::{Act, CallCommand, Code, Command, ModerationCommand, RoomCommand, UserCommand};

/// The most requests whose names are kept although their answers may have come.
const MAX_NAMED: usize = 64;

/// The user and the room that a request names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::client::session) struct Named {
    pub(in crate::client::session) user: Option<String>,
    pub(in crate::client::session) room: Option<String>,
}

impl Named {
    /// What a command names; messages are known by their recipient.
    pub(super) fn of(command: &Command) -> Self {
        let user = |name: &str| Self { user: Some(name.to_owned()), room: None };
        let room = |name: &str| Self { user: None, room: Some(name.to_owned()).filter(|name| is_room(name)) };
        match command {
            Command::Room(RoomCommand::Join { room: name, .. } | RoomCommand::Topic { place: name, .. })
            | Command::Room(RoomCommand::Leave(name) | RoomCommand::Members(name))
            | Command::Conference(ConferenceCommand::Join { room: name, .. } | ConferenceCommand::Leave(name))
            | Command::Moderation(ModerationCommand::Bans(name)) => room(name),
            Command::Room(RoomCommand::Invite { room: name, user: whom }) => {
                Self { room: room(name).room, ..user(whom) }
            }
            Command::Moderation(ModerationCommand::Act(request)) => {
                let subject = subject(&request.act);
                Self { user: subject, ..room(&request.place) }
            }
            Command::Call(
                CallCommand::Ring { to: name, .. }
                | CallCommand::Answer { to: name, .. }
                | CallCommand::HangUp { to: name, .. },
            )
            | Command::User(UserCommand::Whois(name) | UserCommand::Ignore(name) | UserCommand::Unignore(name)) => {
                user(name)
            }
            Command::User(
                UserCommand::List
                | UserCommand::Away(_)
                | UserCommand::Ignored
                | UserCommand::Undisturbed(_)
                | UserCommand::Sessions
                | UserCommand::EndSession(_)
                | UserCommand::Rename(_)
                | UserCommand::LeaveServer,
            )
            | Command::Room(RoomCommand::List)
            | Command::Session(_)
            | Command::Message(_)
            | Command::History(_)
            | Command::Key(_)
            | Command::Call(CallCommand::Leg(_))
            | Command::Closing(_)
            | Command::Unknown(_) => Self::default(),
        }
    }
}

impl Outbound {
    /// Keeps what the request under a label names.
    pub(super) fn note_named(&mut self, label: &str, named: Named) {
        if self.named.len() >= MAX_NAMED {
            let awaited = &self.awaited;
            self.named.retain(|label, _| awaited.contains_key(label));
        }
        if named != Named::default() {
            self.named.insert(label.to_owned(), named);
        }
    }

    /// What a refused request or message named: the user if the refusal is about one, or else the room.
    pub(in crate::client::session) fn take_named(&mut self, label: &str, code: Code) -> Option<String> {
        let named = match self.awaited.get(label) {
            Some(Awaited::Message(message)) => match message.target() {
                Target::User(name) => Named { user: Some(name.to_string()), room: None },
                Target::Room(room) => Named { user: None, room: Some(room.to_string()) },
                Target::Everyone => Named::default(),
            },
            Some(_) | None => self.named.remove(label)?,
        };
        match code {
            Code::NoSuchUser => named.user,
            Code::NoSuchRoom => named.room,
            _ => None,
        }
    }
}

fn is_room(name: &str) -> bool {
    name.starts_with(ROOM_SIGN)
}

/// The user that an act is about.
fn subject(act: &Act) -> Option<String> {
    match act {
        Act::Kick(user) | Act::Mute { user, .. } | Act::Unmute(user) | Act::Grant(user) | Act::Revoke(user) => {
            Some(user.clone())
        }
        Act::RemoveReaction { of, .. } => of.clone(),
        Act::Ban { whom, .. } | Act::Unban(whom) => Some(whom.to_string()),
        Act::SlowMode(_)
        | Act::ReadOnly(_)
        | Act::LockTopic(_)
        | Act::AllowCalls(_)
        | Act::Delete(_)
        | Act::Announce
        // What is refused is the name, not a user.
        | Act::Free(_) => None,
    }
}
