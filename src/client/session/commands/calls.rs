//! Commands about calls, direct conversations and the files in them.
//!
//! Must not know: how a call is made or shown.

use std::path::PathBuf;

use super::decision::{CallStep, CommandStep, Decision, Declined, ViewStep};
use super::situation::Situation;
use super::which_call::{OFF, ON, means_lost, means_room, meant};
use crate::client::action::Action;
use crate::client::chat::venue::Venue;
use crate::client::dialogs;
use crate::client::direct::orders::FileKey;
use crate::client::direct::talk::Side;
use crate::client::session::calls::call::UserCall;
use crate::client::session::notice::Notice;
use crate::client::settings::DirectRule;
use crate::language::{calls as say, conferences, pictures, transfers};
use crate::model::room::ROOM_SIGN;
use crate::model::{Name, Target};
use crate::protocol::{CallId, CallWants};

/// The word behind `/verify` for words that are the same, and for words that differ.
const MATCH: &str = "match";
const DIFFER: &str = "differ";

/// `/call [NAME]`.
pub(in crate::client::session) fn call(argument: &str, here: &Situation<'_>) -> Decision {
    match argument {
        _ if here.is_plain() => Err(Declined::because(pictures::need_full_screen())),
        "" => whom(here),
        name => call_to(name, here),
    }
}

/// Joins a room's call, or begins one.
fn confer(typed: &str, here: &Situation<'_>) -> Decision {
    can_call(here)?;
    match here.target_named(typed)? {
        Target::Room(room) => {
            let show = CommandStep::View(ViewStep::Show(Target::Room(room.clone())));
            Ok(vec![CommandStep::Call(CallStep::Join(room)), show])
        }
        Target::User(_) | Target::Everyone => Err(Declined::because(say::no_calls_here())),
    }
}

/// `/direct [NAME]`.
pub(in crate::client::session) fn direct(argument: &str, here: &Situation<'_>) -> Decision {
    match argument {
        "" if here.is_plain() => Err(Declined::explain(Action::Direct)),
        "" => whom(here),
        name => direct_to(name, here),
    }
}

/// Asks whom to call.
fn whom(here: &Situation<'_>) -> Decision {
    can_call(here)?;
    let others = here.chat().online_others(here.link().me());
    let in_view = match &here.chat().current().venue {
        Venue::Server(Target::User(name)) | Venue::Direct(name) => name.as_str(),
        Venue::Server(Target::Room(room)) => room.as_str(),
        Venue::Server(Target::Everyone) => "",
    };
    let rows = here.chat().people_rows(&others);
    Ok(vec![CommandStep::open(dialogs::calls::whom(in_view, rows, others))])
}

/// Calls a user for pictures; on the channel that is open, they get their place.
pub(in crate::client::session) fn call_to(typed: &str, here: &Situation<'_>) -> Decision {
    if typed.trim_start().starts_with(ROOM_SIGN) {
        return confer(typed.trim(), here);
    }
    let name = here.user_named(typed)?;
    match here.calls().with(&name) {
        Some(call) if call.is_open() => Ok(shown(&name, CallStep::ExpectPictures(call.id()))),
        Some(call) if call.rings_here() => Ok(shown(&name, CallStep::Answer(call.id()))),
        Some(_) => Err(Declined::because(say::already_calling(&name))),
        None => ring(name, CallWants { chat: true, video: true, voice: true, ..CallWants::default() }, here),
    }
}

/// The button that answers a call with our camera on.
pub(in crate::client::session) fn answered_with_camera(id: CallId, here: &Situation<'_>) -> Vec<CommandStep> {
    let steps = answered(id, here);
    if here.calls().get(id).is_none() {
        return steps;
    }
    steps.into_iter().chain([CommandStep::Call(CallStep::Camera(id, true))]).collect()
}

/// Talks directly with a user: on the channel that is open, by answering, or by calling.
pub(in crate::client::session) fn direct_to(typed: &str, here: &Situation<'_>) -> Decision {
    if typed.trim_start().starts_with(ROOM_SIGN) {
        return Err(Declined::because(conferences::rooms_are_not_direct()));
    }
    let name = here.user_named(typed)?;
    match here.calls().with(&name) {
        Some(call) if call.is_open() => Ok(shown(&name, CallStep::Aim(name.clone()))),
        Some(call) if call.rings_here() => Ok(shown(&name, CallStep::Answer(call.id()))),
        Some(_) => Err(Declined::because(say::already_calling(&name))),
        None => ring(name, CallWants { chat: true, ..CallWants::default() }, here),
    }
}

/// Calls a user, and shows where what is said directly will stand.
fn ring(name: Name, wants: CallWants, here: &Situation<'_>) -> Decision {
    may_ring(&name, here)?;
    Ok(shown(&name, CallStep::Ring(name.clone(), wants)))
}

/// Requires what a call to a user needs.
fn may_ring(name: &Name, here: &Situation<'_>) -> Result<(), Declined> {
    can_call(here)?;
    if here.link().me().is(name) { Err(Declined::because(say::not_yourself())) } else { Ok(()) }
}

/// Requires what a call needs: a server that has calls, and a key.
fn can_call(here: &Situation<'_>) -> Result<(), Declined> {
    here.needs(|abilities| abilities.calls, say::no_calls_here())?;
    if here.calls().own_key().is_some() { Ok(()) } else { Err(Declined::because(say::no_own_key())) }
}

/// A step, after which the direct conversation with a user is in view.
fn shown(name: &Name, step: CallStep) -> Vec<CommandStep> {
    vec![CommandStep::Call(step), CommandStep::View(ViewStep::ShowDirect(name.clone()))]
}

/// `/answer [NAME]`.
pub(in crate::client::session) fn answer(argument: &str, here: &Situation<'_>) -> Decision {
    let call = ringing(argument, here)?;
    Ok(shown(call.name(), CallStep::Answer(call.id())))
}

/// The button that answers a call.
pub(in crate::client::session) fn answered(id: CallId, here: &Situation<'_>) -> Vec<CommandStep> {
    match here.calls().get(id) {
        Some(call) => shown(call.name(), CallStep::Answer(id)),
        None => vec![CommandStep::Tell(Notice::trouble(say::call_is_over()))],
    }
}

/// The call that rings here, from this user if one is named.
fn ringing<'a>(argument: &str, here: &Situation<'a>) -> Result<&'a UserCall, Declined> {
    let ringing = here.calls().ringing();
    if argument.is_empty() {
        return ringing.ok_or_else(|| Declined::because(say::nobody_calls()));
    }
    let name = here.user_named(argument)?;
    let same = |call: &&UserCall| call.name().folded() == name.folded();
    ringing.filter(same).ok_or_else(|| Declined::because(say::does_not_call(&name)))
}

/// `/decline [NAME]`: the call that rings here, or else the file that is offered.
pub(in crate::client::session) fn decline(argument: &str, here: &Situation<'_>) -> Decision {
    if let Ok(call) = ringing(argument, here) {
        return Ok(vec![CommandStep::Call(CallStep::Decline(call.id()))]);
    }
    let nothing = |_| Declined::because(say::nothing_to_decline());
    let (id, number) = offer(argument, here).map_err(nothing)?;
    Ok(vec![CommandStep::Call(CallStep::DeclineFile(id, number))])
}

/// `/hangup [NAME]`.
pub(in crate::client::session) fn hang_up(argument: &str, here: &Situation<'_>) -> Decision {
    if means_room(argument, here) || means_lost(argument, here) {
        return Ok(vec![CommandStep::Call(CallStep::LeaveRoomCall)]);
    }
    let call = meant(argument, "/hangup", here)?;
    let step = if call.rings_here() { CallStep::Decline(call.id()) } else { CallStep::HangUp(call.id()) };
    Ok(vec![CommandStep::Call(step)])
}

/// `/bypass [NAME] [on|off]`.
pub(in crate::client::session) fn bypass(argument: &str, here: &Situation<'_>) -> Decision {
    let (before, last) = argument.rsplit_once(char::is_whitespace).unwrap_or(("", argument));
    let (name, wanted) = if [ON, OFF].contains(&last) { (before.trim(), last == ON) } else { (argument, true) };
    let call = meant(name, "/bypass", here)?;
    if !call.is_open() {
        return Err(Declined::because(say::not_open_yet(call.name())));
    }
    if wanted && here.calls().rule() == DirectRule::Never {
        return Err(Declined::because(say::bypass_is_off()));
    }
    Ok(vec![CommandStep::Call(CallStep::Bypass(call.id(), wanted))])
}

/// `/verify [NAME] [match|differ]`.
pub(in crate::client::session) fn verify(argument: &str, here: &Situation<'_>) -> Decision {
    let (before, last) = argument.rsplit_once(char::is_whitespace).unwrap_or(("", argument));
    let (name, verdict) = if [MATCH, DIFFER].contains(&last) { (before.trim(), last) } else { (argument, "") };
    let call = meant(name, "/verify", here)?;
    if !call.is_open() {
        return Err(Declined::because(say::no_words_yet(call.name())));
    }
    Ok(vec![match verdict {
        MATCH => CommandStep::Call(CallStep::Match(call.id())),
        DIFFER => CommandStep::Call(CallStep::Differ(call.id())),
        _ if here.is_plain() => CommandStep::Tell(Notice::News(say::words_in_line(call.name(), call.words()))),
        _ => {
            let (head, foot) = (say::read_the_words(call.name()), say::same_words());
            CommandStep::open(dialogs::calls::words(call.id(), call.name(), &head, call.words(), foot))
        }
    }])
}

/// `/forget-key NAME`.
pub(in crate::client::session) fn forget_key(argument: &str, here: &Situation<'_>) -> Decision {
    if argument.is_empty() {
        return Err(Declined::explain(Action::ForgetKey));
    }
    Ok(vec![CommandStep::Call(CallStep::Forget(here.user_named(argument)?))])
}

/// `/send NAME FILE`: on the channel that is open, or after a call.
pub(in crate::client::session) fn send(argument: &str, here: &Situation<'_>) -> Decision {
    let Some((name, file)) = argument.split_once(char::is_whitespace) else {
        return Err(if argument.is_empty() {
            Declined::explain(Action::Send)
        } else {
            Declined::because(say::no_file_named())
        });
    };
    let (name, file) = (here.user_named(name)?, PathBuf::from(file.trim()));
    match here.calls().with(&name) {
        Some(call) if call.rings_here() => {
            let (id, answer) = (call.id(), CallStep::Answer(call.id()));
            let offer = CommandStep::Call(CallStep::Send(id, file));
            Ok([offer].into_iter().chain(shown(&name, answer)).collect())
        }
        Some(call) => {
            let step = CommandStep::Call(CallStep::Send(call.id(), file));
            Ok(vec![step, CommandStep::View(ViewStep::ShowDirect(name))])
        }
        None => {
            may_ring(&name, here)?;
            Ok(vec![CommandStep::Call(CallStep::RingForFile(name, file))])
        }
    }
}

/// `/accept [NAME]`.
pub(in crate::client::session) fn accept(argument: &str, here: &Situation<'_>) -> Decision {
    let (id, number) = offer(argument, here)?;
    Ok(vec![CommandStep::Call(CallStep::Accept(id, number))])
}

/// The file that is offered, by this user if one is named.
fn offer(argument: &str, here: &Situation<'_>) -> Result<(CallId, u32), Declined> {
    let by = if argument.is_empty() { None } else { Some(here.user_named(argument)?) };
    let of_user = |call: &&UserCall| by.as_ref().is_none_or(|name| call.name().folded() == name.folded());
    let number = |key: &FileKey| if let FileKey::Theirs(number) = key { Some(*number) } else { None };
    let offers = here.calls().iter().filter(of_user).flat_map(|call| {
        let asked = call.transfers().iter().filter(|transfer| transfer.is_asked());
        asked.filter_map(move |transfer| Some((call.id(), number(transfer.file())?)))
    });
    let offers: Vec<(CallId, u32)> = offers.collect();
    match offers.as_slice() {
        [] => Err(Declined::because(transfers::no_offer())),
        [one] => Ok(*one),
        [..] => Err(Declined::because(transfers::which_offer())),
    }
}

/// `/stop [NAME]`: the files on their way.
pub(in crate::client::session) fn stop(argument: &str, here: &Situation<'_>) -> Decision {
    let call = meant(argument, "/stop", here)?;
    if call.transfers().is_empty() {
        return Err(Declined::because(transfers::no_files()));
    }
    Ok(vec![CommandStep::Call(CallStep::StopFiles(call.id()))])
}

/// `/close` in a direct conversation: the call with the user ends, too.
pub(in crate::client::session) fn close(name: &Name, here: &Situation<'_>) -> Vec<CommandStep> {
    let call = here.calls().with(name).filter(|call| call.side() == Side::Caller || !call.rings_here());
    let end = call.map(|call| CommandStep::Call(CallStep::HangUp(call.id())));
    end.into_iter().chain([CommandStep::View(ViewStep::Close)]).collect()
}
