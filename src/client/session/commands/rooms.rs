//! Commands about rooms: join, leave, members, topic, invite.
//!
//! Must not know: what the server says about rooms.

use super::decision::{CommandStep, Decision, Declined, ListStep, ViewStep};
use super::situation::Situation;
use crate::client::action::Action;
use crate::client::dialogs;
use crate::client::dialogs::order::first_word;
use crate::client::session::notice::Notice;
use crate::client::session::outbound::awaited::Inquiry;
use crate::language::commands as say;
use crate::model::{RoomName, Target, Text};
use crate::protocol::addressing::destination;
use crate::protocol::limits::MAX_TOPIC;
use crate::protocol::{Command, RoomCommand};

/// The argument that removes a topic.
const NO_TOPIC: &str = "-";
/// The argument that makes a room private.
const PRIVATE: &str = "private";

/// `/rooms`.
pub(in crate::client::session) fn list(here: &Situation<'_>) -> Decision {
    here.needs_rooms()?;
    Ok(vec![CommandStep::List(ListStep::Rooms)])
}

/// `/join [#ROOM [private]]`.
pub(in crate::client::session) fn join(argument: &str, here: &Situation<'_>) -> Decision {
    here.needs_rooms()?;
    let (name, rest) = first_word(argument);
    if name.is_empty() && !here.is_plain() {
        return Ok(vec![CommandStep::List(ListStep::Rooms)]);
    }
    if name.is_empty() || !matches!(rest, "" | PRIVATE) {
        return Err(Declined::explain(Action::Join));
    }
    Ok(enter(here.room_named(name)?, rest == PRIVATE, here))
}

/// Joins or makes a room; shows it if the person is in it already.
pub(in crate::client::session) fn enter(room: RoomName, private: bool, here: &Situation<'_>) -> Vec<CommandStep> {
    if here.chat().rooms().is_inside(&room) {
        let target = Target::Room(room);
        return vec![if here.is_plain() {
            CommandStep::Aim(Some(target))
        } else {
            CommandStep::View(ViewStep::Show(target))
        }];
    }
    let command = Command::Room(RoomCommand::Join { room: room.to_string(), private });
    vec![CommandStep::inquire(command, Inquiry::Join(room))]
}

/// The named room, or else the one in view; the person has to be in it.
fn meant(argument: &str, action: Action, here: &Situation<'_>) -> Result<RoomName, Declined> {
    let room = if argument.is_empty() {
        here.room().ok_or_else(|| Declined::explain(action))?
    } else {
        here.room_named(argument)?
    };
    if here.chat().rooms().is_inside(&room) { Ok(room) } else { Err(Declined::NotInside(room)) }
}

/// `/leave [#ROOM]`.
pub(in crate::client::session) fn leave(argument: &str, here: &Situation<'_>) -> Decision {
    here.needs_rooms()?;
    Ok(leave_room(meant(argument, Action::Leave, here)?))
}

/// Leaves a room for good.
pub(in crate::client::session) fn leave_room(room: RoomName) -> Vec<CommandStep> {
    vec![CommandStep::inquire(Command::Room(RoomCommand::Leave(room.to_string())), Inquiry::Leave(room))]
}

/// `/members [#ROOM]`.
pub(in crate::client::session) fn members(argument: &str, here: &Situation<'_>) -> Decision {
    here.needs_rooms()?;
    Ok(vec![CommandStep::List(ListStep::Members(meant(argument, Action::Members, here)?))])
}

/// `/topic [TEXT]`.
pub(in crate::client::session) fn topic(argument: &str, here: &Situation<'_>) -> Decision {
    here.needs_rooms()?;
    let place = here.place();
    if !argument.is_empty() {
        return set_topic(&place, if argument == NO_TOPIC { "" } else { argument });
    }
    let topic = here.chat().rooms().get(&place).map(|room| room.topic.clone()).unwrap_or_default();
    Ok(vec![if here.is_plain() {
        let none = topic.is_blank();
        let words = if none { say::no_topic().to_owned() } else { say::topic_is(&topic) };
        CommandStep::Tell(Notice::Event(place, words))
    } else {
        CommandStep::open(dialogs::rooms::topic(&place, topic.as_str()))
    }])
}

/// Sets the topic of a place; a blank one removes it.
pub(in crate::client::session) fn set_topic(place: &Target, text: &str) -> Decision {
    let text = Text::line(text.trim());
    if text.as_str().len() > MAX_TOPIC {
        return Err(Declined::because(say::topic_too_long(MAX_TOPIC)));
    }
    let command = Command::Room(RoomCommand::Topic { place: destination(place).to_owned(), text });
    Ok(vec![CommandStep::inquire(command, Inquiry::Topic)])
}

/// `/invite NAME [#ROOM]`.
pub(in crate::client::session) fn invite(argument: &str, here: &Situation<'_>) -> Decision {
    here.needs_rooms()?;
    let (user, room) = first_word(argument);
    invite_into(meant(room, Action::Invite, here)?, user, here)
}

/// Invites a user by name.
pub(in crate::client::session) fn invite_into(room: RoomName, user: &str, here: &Situation<'_>) -> Decision {
    let name = here.user_named(user)?;
    let command = Command::Room(RoomCommand::Invite { room: room.to_string(), user: name.to_string() });
    Ok(vec![CommandStep::inquire(command, Inquiry::Invite(room, name.to_string()))])
}
