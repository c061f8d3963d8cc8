//! Commands about our own camera, and what goes off before the person leaves to the shell.
//!
//! Must not know: how cameras work, or how a call is shown.

use super::decision::{CallStep, CommandStep, Decision, Declined};
use super::situation::Situation;
use super::which_call::{is_call_in_view, means_room, meant, out_of_view, switched};
use crate::client::msg::Effect;
use crate::client::session::notice::Notice;
use crate::language::{calls as say, pictures};

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

/// What a camera is to be: as wanted, or the other way round.
fn turned(wanted: Option<bool>, is_on: bool) -> Result<bool, Declined> {
    match wanted {
        Some(true) if is_on => Err(Declined::because(pictures::is_on_already())),
        Some(false) if !is_on => Err(Declined::because(pictures::is_off_already())),
        wanted => Ok(wanted.unwrap_or(!is_on)),
    }
}
