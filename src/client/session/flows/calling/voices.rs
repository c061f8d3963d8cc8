//! The voices of calls: sound is started while a call wants it, and the person is heard where they speak.
//!
//! Must not know: how voice is coded, or which programs know the sound card.

use super::Calling;
use crate::client::direct::conference::orders::ConferenceOrder;
use crate::client::direct::lines::{CallNotice, CallState};
use crate::client::direct::orders::ChannelOrder;
use crate::client::msg::Effect;
use crate::client::session::calls::OwnCalls;
use crate::client::session::calls::voices::VoiceStep;
use crate::language::voices as say;
use crate::model::RoomName;
use crate::protocol::CallId;

impl Calling<'_> {
    /// There is to be sound in a call, or none.
    pub(super) fn turn_sound(&mut self, id: CallId, on: bool) {
        if let Some(voices) = self.calls.voices_mut(id) {
            voices.want(on);
        }
        if let Some(room) = self.room_of(id) {
            return self.remark(&room, if on { say::room_sound_is_on() } else { say::room_sound_is_off() });
        }
        let Some(name) = self.calls.get(id).map(|call| call.name().clone()) else { return };
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

    fn talks(&mut self, id: CallId) -> bool {
        self.calls.voices_mut(id).is_some_and(|voices| voices.wants_talk())
    }

    /// Says what one should know who begins to speak.
    fn begun_to_talk(&mut self, id: CallId, before: bool) {
        let voices = self.calls.voices_mut(id);
        if voices.is_some_and(|voices| !before && voices.wants_talk() && voices.is_unheard()) {
            self.say_unheard(id);
        }
    }

    /// Says to one who speaks that nobody hears it.
    fn say_unheard(&mut self, id: CallId) {
        if let Some(call) = self.calls.get(id).filter(|call| call.is_open()) {
            let words = say::does_not_hear_you(call.name());
            self.chat.news(words, self.out);
        } else if self.calls.conference().is_some_and(|own| own.id() == id && own.is_in()) {
            self.chat.news(say::nobody_hears_you(), self.out);
        }
    }

    /// The room whose call has this number, if we are in it.
    fn room_of(&self, id: CallId) -> Option<RoomName> {
        self.calls.conference().filter(|own| own.id() == id).map(|own| own.room().clone())
    }

    /// The other one begins or ceases to speak.
    pub(super) fn they_speak(&mut self, id: CallId, speaks: bool) {
        if let Some(voices) = self.calls.voices_mut(id) {
            voices.they_speak(speaks);
        }
    }

    /// The other one hears us, or no longer.
    pub(super) fn they_hear(&mut self, id: CallId, heard: bool) {
        let voices = self.calls.voices_mut(id);
        // Who began to speak before that was known is told now.
        if voices.is_some_and(|voices| voices.they_hear(heard) && !heard && voices.wants_talk()) {
            self.say_unheard(id);
        }
    }

    /// What the person says arrives no more, or does again.
    pub(super) fn voice_arrives(&mut self, id: CallId, arrives: bool) {
        if let Some(call) = self.calls.get(id).filter(|_| !arrives) {
            let words = say::does_not_arrive(call.name());
            self.chat.news(words, self.out);
        }
    }

    /// Sound has begun, of which there may be something to say, or there is none any more, as the sentence says.
    pub(in crate::client::session) fn take_sound(&mut self, outcome: Result<Option<String>, String>) {
        match outcome {
            Ok(words) => {
                self.calls.sound_runs();
                words.into_iter().for_each(|words| self.chat.news(words, self.out));
            }
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
            let in_room = |id: CallId, calls: &OwnCalls| calls.conference().is_some_and(|own| own.id() == id);
            self.out.emit(match step {
                VoiceStep::Hear(id, on) if in_room(id, self.calls) => Effect::Conference(ConferenceOrder::Hear(id, on)),
                VoiceStep::Talk(id, on) if in_room(id, self.calls) => Effect::Conference(ConferenceOrder::Talk(id, on)),
                VoiceStep::Sound(name) => Effect::Sound(name),
                VoiceStep::Duck(on) => Effect::Talk(on),
                VoiceStep::Hear(id, on) => Effect::Channel(ChannelOrder::Hear(id, on)),
                VoiceStep::Talk(id, on) => Effect::Channel(ChannelOrder::Talk(id, on)),
            });
        }
    }
}
