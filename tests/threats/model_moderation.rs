//! Moderation in the model: what each act requires, and its effect.

use tr2::model::{Rank, RoomRole};

use super::model::Model;
use super::model_sessions::Asker;

/// A user carries out an act in a place.
pub fn act(
    model: &mut Model,
    asker: Asker<'_>,
    (verb, place): (&str, Option<&str>),
    whom: &str,
    seconds: u64,
) -> Result<(), &'static str> {
    let (by, room) = (asker.who, model.place(place)?);
    let rank = model.rank(by, room);
    let floor = if room.is_some() { Rank::RoomModerator } else { Rank::Moderator };
    let names_moderators = matches!(verb, "grant" | "revoke");
    let least = match room {
        Some(_) if names_moderators => Rank::Maker,
        None if names_moderators => Rank::Keeper,
        _ => floor,
    };
    let resigns = verb == "revoke" && whom == by;
    // Whether the act may have any target at all is checked before this target.
    if rank < if verb == "revoke" { floor } else { least } {
        return Err("not_moderator");
    }
    model.may_be_heard(by, room)?;
    let member = |model: &Model| place.and_then(|name| model.rooms[name].members.get(whom).copied());
    if verb == "kick" {
        match room {
            Some(_) if member(model).is_none() => return Err("not_in_room"),
            None if !model.here.contains_key(whom) => return Err("no_such_user"),
            _ => {}
        }
    }
    let about_somebody = !matches!(verb, "slow_mode" | "read_only" | "allow_calls" | "announce");
    if verb == "allow_calls" && room.is_none() {
        return Err("bad_room");
    }
    if about_somebody && !resigns {
        if rank < least {
            return Err("not_moderator");
        }
        if whom == by || model.rank(whom, room) >= rank {
            return Err("not_allowed");
        }
    }
    let time = if seconds > 0 { seconds.to_string() } else { "-".to_owned() };
    let data = match verb {
        "ban" | "mute" => format!("{verb} {whom} {time} off"),
        "slow_mode" => format!("slow_mode - {time} {}", if seconds > 0 { "on" } else { "off" }),
        "read_only" | "allow_calls" => format!("{verb} - - {}", if seconds > 0 { "on" } else { "off" }),
        "announce" => "announce - - off".to_owned(),
        _ => format!("{verb} {whom} - off"),
    };
    match (verb, room) {
        ("kick", Some(_)) => model.take_out(room, whom, true),
        ("kick", None) => model.expels(whom, "kicked"),
        ("ban", _) => {
            model.set_ban(room, false, whom, seconds);
            match room {
                Some(_) if member(model).is_some() => model.take_out(room, whom, true),
                None if model.here.contains_key(whom) => model.expels(whom, "banned"),
                _ => {}
            }
        }
        ("unban" | "unmute", _) if !model.lift(room, verb == "unmute", whom) => return Err("no_such_ban"),
        ("mute", _) => model.set_ban(room, true, whom, seconds),
        ("slow_mode", _) => model.slows(room, seconds),
        ("read_only", _) => model.modes(room).read_only = seconds > 0,
        ("grant", Some(_)) => {
            member(model).ok_or("not_in_room")?;
            model.modes(room).members.insert(whom.to_owned(), RoomRole::Moderator);
        }
        ("grant", None) => drop(model.moderators.insert(whom.to_owned())),
        ("revoke", Some(_)) => {
            member(model).filter(|role| *role != RoomRole::Member).ok_or("not_allowed")?;
            model.modes(room).members.insert(whom.to_owned(), RoomRole::Member);
        }
        ("revoke", None) if !model.moderators.remove(whom) => return Err("not_allowed"),
        _ => {}
    }
    model.acted(asker, room, place.unwrap_or("all clients"), &data);
    Ok(())
}
