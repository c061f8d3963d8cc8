//! Commands about our own camera and voice, and what goes off before the person leaves to the shell.
//!
//! Must not know: how cameras and microphones work, or how a call is shown.

use super::calls::{directly_with, is_in_view, means_room, meant, switched, voiced};
use super::decision::{CallStep, CommandStep, Decision, Declined};
use super::situation::Situation;
use crate::client::msg::Effect;
use crate::client::session::notice::Notice;
use crate::language::{calls as say, pictures, voices};

/// `/camera [NAME] [on|off]`: without a word, the other way round. Without a name it never goes on in a call that is out of
/// view, and goes off wherever it is on.
pub(in crate::client::session) fn camera(argument: &str, here: &Situation<'_>) -> Decision {
    if here.is_plain() {
        return Err(Declined::because(pictures::need_full_screen()));
    }
    let (name, wanted) = switched(argument);
    if name.is_empty() && !is_call_in_view(here) {
        return out_of_view("/camera", wanted, cameras_off(here), pictures::is_off_already(), here);
    }
    if let Some(room_call) = here.calls().conference().filter(|_| means_room(name, here)) {
        let is_on = room_call.camera();
        return turned(wanted, is_on).map(|on| vec![CommandStep::Call(CallStep::RoomCamera(on))]);
    }
    let call = meant(name, "/camera", here)?;
    if call.rings_here() {
        return Err(Declined::because(say::not_open_yet(call.name())));
    }
    let on = turned(wanted, call.pictures().ours())?;
    Ok(vec![CommandStep::Call(CallStep::Camera(call.id(), on))])
}

/// Turns our camera off wherever it is on.
fn cameras_off(here: &Situation<'_>) -> Vec<CommandStep> {
    let with_camera = here.calls().iter().filter(|call| call.pictures().ours());
    let of_two = with_camera.map(|call| CallStep::Camera(call.id(), false));
    let of_room = here.calls().conference().filter(|own| own.camera()).map(|_| CallStep::RoomCamera(false));
    of_two.chain(of_room).map(CommandStep::Call).collect()
}

/// `/talk [NAME] [on|off]`, and the key to speak. Without a name nobody speaks in a call that is out of view.
pub(in crate::client::session) fn talk(argument: &str, here: &Situation<'_>) -> Decision {
    let (name, wanted) = switched(argument);
    if name.is_empty() && !here.is_plain() && !is_call_in_view(here) {
        return out_of_view("/talk", wanted, talking_off(here), voices::does_not_talk(), here);
    }
    let (id, of_call) = voiced(name, "/talk", here)?;
    let talks = of_call.wants_talk();
    let step = match wanted {
        None => CallStep::PressTalk(id),
        Some(true) if talks => return Err(Declined::because(voices::talks_already())),
        Some(false) if !talks => return Err(Declined::because(voices::does_not_talk())),
        Some(on) => CallStep::Talk(id, on),
    };
    Ok(vec![CommandStep::Call(step)])
}

/// The person speaks nowhere any more.
fn talking_off(here: &Situation<'_>) -> Vec<CommandStep> {
    let of_two = here.calls().iter().map(|call| (call.id(), call.voices()));
    let of_room = here.calls().conference().map(|own| (own.id(), own.voices()));
    let talking = of_two.chain(of_room).filter(|(_, voices)| voices.wants_talk());
    talking.map(|(id, _)| CommandStep::Call(CallStep::Talk(id, false))).collect()
}

/// Leaves to the shell that started this. Our camera and our microphone would run on, so they go off first, and it takes
/// another press.
pub(in crate::client::session) fn suspend(here: &Situation<'_>) -> Vec<CommandStep> {
    let of_two = here.calls().iter().filter(|call| call.is_open()).map(|call| (call.id(), call.voices()));
    let of_room = here.calls().conference().filter(|own| own.is_in()).map(|own| (own.id(), own.voices()));
    let with_sound = of_two.chain(of_room).filter(|(_, voices)| voices.wanted());
    let sound_off = with_sound.map(|(id, _)| CommandStep::Call(CallStep::Sound(id, false)));
    let mut steps: Vec<CommandStep> = cameras_off(here).into_iter().chain(sound_off).collect();
    steps.push(match steps.is_empty() {
        true => CommandStep::Emit(Effect::Suspend),
        false => CommandStep::Tell(Notice::news(say::off_before_suspend())),
    });
    steps
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

/// What a camera is to be: as wanted, or the other way round.
fn turned(wanted: Option<bool>, is_on: bool) -> Result<bool, Declined> {
    match wanted {
        Some(true) if is_on => Err(Declined::because(pictures::is_on_already())),
        Some(false) if !is_on => Err(Declined::because(pictures::is_off_already())),
        wanted => Ok(wanted.unwrap_or(!is_on)),
    }
}
