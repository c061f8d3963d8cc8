//! The voices of calls, of two and of rooms: whether there is sound, and who speaks.
//!
//! Must not know: microphones, how voice is coded, or how any of it is said.

use super::OwnCalls;
use super::call::UserCall;
use super::call_voices::CallVoices;
use super::conference::RoomCalls;
use super::talk_key::TalkKey;
use crate::model::Timestamp;
use crate::protocol::CallId;

/// What is to be done for voices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum VoiceStep {
    /// Start the sound of this name, or stop it.
    Sound(Option<String>),
    /// The person speaks, or no longer: whatever is heard of the others is then quieter.
    Duck(bool),
    /// The others in this call are heard, or no longer.
    Hear(CallId, bool),
    /// The person speaks in this call, or no longer.
    Talk(CallId, bool),
}

/// Our own sound.
#[derive(Clone, Debug, Default)]
pub(super) struct OwnSound {
    /// Its name in the person's settings; empty for what is found.
    pub(super) name: String,
    is_asked: bool,
    runs: bool,
    talks: bool,
    key: TalkKey,
}

/// The voices of all calls, with their numbers; those of a room's call come last.
fn all<'a>(calls: &'a mut [UserCall], rooms: &'a mut RoomCalls) -> impl Iterator<Item = (CallId, &'a mut CallVoices)> {
    calls.iter_mut().map(|call| (call.id, &mut call.voices)).chain(rooms.voices_mut())
}

/// The same of calls that are open.
fn open<'a>(calls: &'a mut [UserCall], rooms: &'a mut RoomCalls) -> impl Iterator<Item = (CallId, &'a mut CallVoices)> {
    let of_two = calls.iter_mut().filter(|call| call.is_open()).map(|call| (call.id, &mut call.voices));
    of_two.chain(rooms.open_voices_mut())
}

impl OwnCalls {
    pub(in crate::client::session) fn voices_mut(&mut self, id: CallId) -> Option<&mut CallVoices> {
        all(&mut self.calls, &mut self.rooms).find(|(call, _)| *call == id).map(|(_, voices)| voices)
    }

    /// Whether the person's voice is sent to somebody.
    pub(in crate::client::session) fn is_talking(&self) -> bool {
        self.sound.talks
    }

    /// The key to speak was pressed, or comes again because it is held.
    pub(in crate::client::session) fn press_talk(&mut self, id: CallId, now: Timestamp) {
        let Some(talks) = self.voices_mut(id).map(|voices| voices.wants_talk()) else { return };
        let talks = self.sound.key.press(talks, now);
        self.speak(id, talks);
    }

    /// Turns the person's microphone in a call on or off. Whoever speaks also hears the others.
    pub(in crate::client::session) fn speak(&mut self, id: CallId, talks: bool) {
        if let Some(voices) = self.voices_mut(id) {
            voices.speak(talks);
        }
    }

    /// When a held key counts as let go.
    pub(super) fn voice_deadline(&self) -> Option<Timestamp> {
        self.sound.key.deadline()
    }

    /// The time has come: the key was let go.
    pub(in crate::client::session) fn release_talk(&mut self, now: Timestamp) {
        if self.sound.key.is_let_go(now) {
            all(&mut self.calls, &mut self.rooms).for_each(|(_, voices)| voices.speak(false));
        }
    }

    /// Whether sound runs.
    pub(in crate::client::session) fn is_sound_running(&self) -> bool {
        self.sound.runs
    }

    /// Sound runs.
    pub(in crate::client::session) fn sound_runs(&mut self) {
        self.sound.runs = self.sound.is_asked;
    }

    /// Notes that sound has ended. Returns whether the person had asked for it or had spoken.
    pub(in crate::client::session) fn sound_ended(&mut self) -> bool {
        let asked_for = all(&mut self.calls, &mut self.rooms).any(|(_, voices)| voices.is_asked_for());
        (self.sound.is_asked, self.sound.runs) = (false, false);
        all(&mut self.calls, &mut self.rooms).for_each(|(_, voices)| voices.want(false));
        asked_for
    }

    /// What is to be done, so that there is sound while an open call wants it, and the person is heard where they speak.
    pub(in crate::client::session) fn voice_steps(&mut self) -> Vec<VoiceStep> {
        let mut steps = Vec::new();
        let wanted = open(&mut self.calls, &mut self.rooms).any(|(_, voices)| voices.wanted());
        if std::mem::replace(&mut self.sound.is_asked, wanted) != wanted {
            self.sound.runs = false;
            steps.push(VoiceStep::Sound(wanted.then(|| self.sound.name.clone())));
        }
        let runs = self.sound.runs;
        for (id, voices) in open(&mut self.calls, &mut self.rooms) {
            let (hears, talks) = voices.due(runs);
            steps.extend(hears.map(|hears| VoiceStep::Hear(id, hears)));
            steps.extend(talks.map(|talks| VoiceStep::Talk(id, talks)));
        }
        let talks = runs && open(&mut self.calls, &mut self.rooms).any(|(_, voices)| voices.wants_talk());
        if std::mem::replace(&mut self.sound.talks, talks) != talks {
            steps.push(VoiceStep::Duck(talks));
        }
        steps
    }
}
