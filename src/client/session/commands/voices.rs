//! Commands about voice in calls, of two and of rooms.
//!
//! Must not know: how sound works, or how a call is shown.

use super::decision::{CallStep, CommandStep, Decision, Declined};
use super::situation::Situation;
use super::which_call::{is_call_in_view, means_room, meant, out_of_view, switched};
use crate::client::session::calls::call_voices::CallVoices;
use crate::language::{calls as say, voices};
use crate::protocol::CallId;

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

/// The person no longer speaks anywhere.
fn talking_off(here: &Situation<'_>) -> Vec<CommandStep> {
    let of_two = here.calls().iter().map(|call| (call.id(), call.voices()));
    let of_room = here.calls().conference().map(|own| (own.id(), own.voices()));
    let talking = of_two.chain(of_room).filter(|(_, voices)| voices.wants_talk());
    talking.map(|(id, _)| CommandStep::Call(CallStep::Talk(id, false))).collect()
}

/// `/sound [NAME] [on|off]`: without a word, the other way round.
pub(in crate::client::session) fn sound(argument: &str, here: &Situation<'_>) -> Decision {
    let (name, wanted) = switched(argument);
    let (id, of_call) = voiced(name, "/sound", here)?;
    let is_on = of_call.wanted();
    match wanted {
        Some(true) if is_on => Err(Declined::because(voices::sound_is_on_already())),
        Some(false) if !is_on => Err(Declined::because(voices::sound_is_off_already())),
        wanted => Ok(vec![CommandStep::Call(CallStep::Sound(id, wanted.unwrap_or(!is_on)))]),
    }
}

/// The call that is meant, with its voices: of the room that we are in, or of two.
fn voiced<'a>(name: &str, command: &str, here: &Situation<'a>) -> Result<(CallId, &'a CallVoices), Declined> {
    if let Some(own) = here.calls().conference().filter(|_| means_room(name, here)) {
        return Ok((own.id(), own.voices()));
    }
    let call = meant(name, command, here)?;
    if call.is_open() { Ok((call.id(), call.voices())) } else { Err(Declined::because(say::not_open_yet(call.name()))) }
}
