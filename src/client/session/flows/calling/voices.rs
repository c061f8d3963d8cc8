//! The voices of calls: sound is started while a call wants it, and the person is heard where they speak.
//!
//! Must not know: how voice is coded, or which programs know the sound card.

use super::Calling;
use crate::client::direct::lines::{CallNotice, CallState};
use crate::client::direct::orders::ChannelOrder;
use crate::client::msg::Effect;
use crate::client::session::calls::voices::VoiceStep;
use crate::language::voices as say;
use crate::protocol::CallId;

impl Calling<'_> {
    /// There is to be sound in a call, or none.
    pub(super) fn turn_sound(&mut self, id: CallId, on: bool) {
        let Some(name) = self.calls.get(id).map(|call| call.name().clone()) else { return };
        if let Some(voices) = self.calls.voices_mut(id) {
            voices.want(on);
        }
        let words = if on { say::sound_is_on(&name) } else { say::sound_is_off(&name) };
        self.note(CallNotice::new(name, CallState::Sound(on), words));
    }

    /// The key to speak was pressed, or is held.
    pub(super) fn press_talk(&mut self, id: CallId) {
        let before = self.talks(id);
        self.calls.press_talk(id, self.out.steady());
        self.begun_to_talk(id, before);
    }

    /// The person is to speak in a call, or no longer.
    pub(super) fn talk(&mut self, id: CallId, on: bool) {
        let before = self.talks(id);
        self.calls.speak(id, on);
        self.begun_to_talk(id, before);
    }

    fn talks(&self, id: CallId) -> bool {
        self.calls.get(id).is_some_and(|call| call.voices().wants_talk())
    }

    /// Says what one should know who begins to speak.
    fn begun_to_talk(&mut self, id: CallId, before: bool) {
        let Some(call) = self.calls.get(id).filter(|call| !before && call.voices().wants_talk()) else { return };
        if call.is_open() && !call.voices().heard() {
            let words = say::does_not_hear_you(call.name());
            self.chat.news(words, self.out);
        }
    }

    /// The other one begins or ceases to speak.
    pub(super) fn they_speak(&mut self, id: CallId, speaks: bool) {
        if let Some(voices) = self.calls.voices_mut(id) {
            voices.they_speak(speaks);
        }
    }

    /// The other one hears us, or no longer.
    pub(super) fn they_hear(&mut self, id: CallId, heard: bool) {
        if let Some(voices) = self.calls.voices_mut(id) {
            voices.they_hear(heard);
        }
    }

    /// What the person says arrives no more, or does again.
    pub(super) fn voice_arrives(&mut self, id: CallId, arrives: bool) {
        if let Some(call) = self.calls.get(id).filter(|_| !arrives) {
            let words = say::does_not_arrive(call.name());
            self.chat.news(words, self.out);
        }
    }

    /// Sound has begun, or there is none any more, as the sentence says.
    pub(in crate::client::session) fn take_sound(&mut self, outcome: Result<(), String>) {
        match outcome {
            Ok(()) => self.calls.sound_runs(),
            // Whoever did not ask for sound is not bothered with a machine that has none.
            Err(why) => match (self.calls.is_sound_running(), self.calls.sound_ended()) {
                (_, true) => self.chat.trouble(&why, self.out),
                (true, false) => self.chat.news(why, self.out),
                (false, false) => {}
            },
        }
    }

    /// Has sound run while an open call wants it.
    pub(in crate::client::session) fn arrange_voices(&mut self) {
        for step in self.calls.voice_steps() {
            self.out.emit(match step {
                VoiceStep::Sound(name) => Effect::Sound(name),
                VoiceStep::Duck(on) => Effect::Talk(on),
                VoiceStep::Hear(id, on) => Effect::Channel(ChannelOrder::Hear(id, on)),
                VoiceStep::Talk(id, on) => Effect::Channel(ChannelOrder::Talk(id, on)),
            });
        }
    }
}
