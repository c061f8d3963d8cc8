//! Which call a command is about: the one that is named, the one in view, or the only one.
//!
//! Must not know: what is done in it.

use super::decision::{CommandStep, Decision, Declined};
use super::situation::Situation;
use crate::client::session::calls::call::UserCall;
use crate::language::calls as say;
use crate::model::room::ROOM_SIGN;
use crate::model::{Name, RoomName, Target};

/// The words behind `/camera`, `/talk`, `/sound` and `/bypass`.
pub(super) const ON: &str = "on";
pub(super) const OFF: &str = "off";

/// A name, and what may stand behind it.
pub(super) fn switched(argument: &str) -> (&str, Option<bool>) {
    let (before, last) = argument.rsplit_once(char::is_whitespace).unwrap_or(("", argument));
    if [ON, OFF].contains(&last) { (before.trim(), Some(last == ON)) } else { (argument, None) }
}

/// The call that a command is about: with the named user, the one in view, or the only one.
pub(super) fn meant<'a>(argument: &str, command: &str, here: &Situation<'a>) -> Result<&'a UserCall, Declined> {
    if !argument.is_empty() {
        let name = here.user_named(argument)?;
        return here.calls().with(&name).ok_or_else(|| Declined::because(say::no_call_with(&name)));
    }
    if let Some(call) = directly_with(here).and_then(|name| here.calls().with(name)) {
        return Ok(call);
    }
    let mut calls = here.calls().iter();
    match (calls.next(), calls.next()) {
        (Some(call), None) if here.calls().conference().is_none() => Ok(call),
        (None, _) => Err(Declined::because(say::no_call())),
        (Some(_), _) => Err(Declined::because(say::which_call(command))),
    }
}

/// Whether a command is about the call of the room that we are in: it is named, or in view, or the only call.
pub(super) fn means_room(argument: &str, here: &Situation<'_>) -> bool {
    let Some(own) = here.calls().conference() else { return false };
    match () {
        () if !argument.is_empty() => here
            .room_named(argument)
            .is_ok_and(|room| argument.starts_with(ROOM_SIGN) && room.folded() == own.room().folded()),
        () if is_in_view(own.room(), here) => true,
        () => here.calls().iter().next().is_none(),
    }
}

/// Whether a command is about the room's call that was lost with the connection: it is named, or there is no other call.
pub(super) fn means_lost(argument: &str, here: &Situation<'_>) -> bool {
    let Some(lost) = here.calls().lost_conference() else { return false };
    match argument {
        "" => here.calls().iter().next().is_none(),
        named => {
            named.starts_with(ROOM_SIGN)
                && RoomName::parse(named).is_ok_and(|room| room.folded() == lost.room().folded())
        }
    }
}

/// Whether a room is in view.
pub(super) fn is_in_view(room: &RoomName, here: &Situation<'_>) -> bool {
    matches!(here.chat().current().target(), Some(Target::Room(shown)) if shown.folded() == room.folded())
}

/// The user whose direct conversation is in view, or to whom lines go directly.
pub(super) fn directly_with<'a>(here: &Situation<'a>) -> Option<&'a Name> {
    if here.is_plain() { here.plain().direct_aim() } else { here.chat().current().venue.direct() }
}

/// Whether the conversation in view has a call that we are in.
pub(super) fn is_call_in_view(here: &Situation<'_>) -> bool {
    let in_room = here.calls().conference().is_some_and(|own| is_in_view(own.room(), here));
    in_room || directly_with(here).is_some_and(|name| here.calls().with(name).is_some())
}

/// What comes of an order without a name while no call is in view: what is on goes off, as these steps do, and nothing goes
/// on.
pub(super) fn out_of_view(
    command: &str,
    wanted: Option<bool>,
    off: Vec<CommandStep>,
    is_off_already: &str,
    here: &Situation<'_>,
) -> Decision {
    if wanted != Some(true) && !off.is_empty() {
        return Ok(off);
    }
    if wanted == Some(false) {
        return Err(Declined::because(is_off_already));
    }
    let room = here.calls().conference().map(|own| own.room().to_string());
    match here.calls().iter().map(|call| call.name().to_string()).chain(room).next() {
        Some(name) => Err(Declined::because(say::call_out_of_view(command, name))),
        None => Err(Declined::because(say::no_call())),
    }
}
