//! The voices of calls: whether there is sound, who speaks, and the key that one holds or presses to speak.
//!
//! Must not know: microphones, how voice is coded, or how any of it is said.

use std::time::Duration;

use super::OwnCalls;
use crate::model::Timestamp;
use crate::protocol::CallId;

/// A key that is held comes again within so long after it was pressed: terminals wait at most that before they repeat it.
const FIRST_REPEAT: Duration = Duration::from_millis(700);
/// A held key that did not come again for so long was let go.
const RELEASE: Duration = Duration::from_millis(400);

/// The voices of a call.
#[derive(Clone, Debug, Default)]
pub(in crate::client::session) struct CallVoices {
    /// Whether there is to be sound in this call.
    wanted: bool,
    /// Whether the person asked for it, or spoke.
    is_asked_for: bool,
    /// Whether we are to speak in it.
    talks: bool,
    /// What the shell was told: whether we hear, and whether we speak.
    told: (bool, bool),
    /// Whether the other one hears us, and speaks.
    heard: bool,
    speaks: bool,
}

impl CallVoices {
    pub(super) fn new(wanted: bool) -> Self {
        Self { wanted, ..Self::default() }
    }

    /// Whether there is to be sound in this call.
    pub(in crate::client::session) fn wanted(&self) -> bool {
        self.wanted
    }

    /// Whether we speak.
    pub(in crate::client::session) fn talk(&self) -> bool {
        self.told.1
    }

    /// Whether we are to speak, once there is sound.
    pub(in crate::client::session) fn wants_talk(&self) -> bool {
        self.talks
    }

    /// Whether the other one hears us.
    pub(in crate::client::session) fn heard(&self) -> bool {
        self.heard
    }

    /// Whether the other one speaks.
    pub(in crate::client::session) fn speaks(&self) -> bool {
        self.speaks
    }

    /// The other one hears us, or no longer.
    pub(in crate::client::session) fn they_hear(&mut self, heard: bool) {
        self.heard = heard;
    }

    /// The other one begins or ceases to speak.
    pub(in crate::client::session) fn they_speak(&mut self, speaks: bool) {
        self.speaks = speaks;
    }

    /// There is to be sound in this call, or none. Without any, nobody speaks.
    pub(in crate::client::session) fn want(&mut self, wanted: bool) {
        (self.wanted, self.is_asked_for) = (wanted, wanted);
        self.talks &= wanted;
    }
}

/// What is to be done for voices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum VoiceStep {
    /// Start the sound of this name, or stop it.
    Sound(Option<String>),
    /// The person speaks, or no longer: whatever is heard of the others is then quieter.
    Duck(bool),
    /// The other one in this call is heard, or no longer.
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
    /// When the key was pressed last, while the person speaks by it; and whether it is held.
    pressed: Option<Timestamp>,
    is_held: bool,
}

impl OwnCalls {
    pub(in crate::client::session) fn voices_mut(&mut self, id: CallId) -> Option<&mut CallVoices> {
        self.calls.iter_mut().find(|call| call.id == id).map(|call| &mut call.voices)
    }

    /// Whether the person's voice is sent to somebody.
    pub(in crate::client::session) fn is_talking(&self) -> bool {
        self.sound.talks
    }

    /// The key to speak was pressed, or comes again because it is held.
    pub(in crate::client::session) fn press_talk(&mut self, id: CallId, now: Timestamp) {
        let Some(talks) = self.voices_mut(id).map(|voices| voices.talks) else { return };
        let again = self.sound.pressed.is_some_and(|at| now.since(at) <= FIRST_REPEAT);
        let (talks, pressed, held) = match (talks, again) {
            (false, _) => (true, Some(now), false),
            (true, true) => (true, Some(now), true),
            (true, false) => (false, None, false),
        };
        (self.sound.pressed, self.sound.is_held) = (pressed, held);
        self.speak(id, talks);
    }

    /// The person is to speak in a call, or no longer. Whoever speaks hears.
    pub(in crate::client::session) fn speak(&mut self, id: CallId, talks: bool) {
        if let Some(voices) = self.voices_mut(id) {
            voices.talks = talks;
            voices.wanted |= talks;
            voices.is_asked_for |= talks;
        }
    }

    /// When a held key counts as let go.
    pub(super) fn voice_deadline(&self) -> Option<Timestamp> {
        self.sound.pressed.filter(|_| self.sound.is_held).map(|at| at.after(RELEASE))
    }

    /// The time has come: the key was let go.
    pub(in crate::client::session) fn release_talk(&mut self, now: Timestamp) {
        if self.voice_deadline().is_some_and(|at| at <= now) {
            (self.sound.pressed, self.sound.is_held) = (None, false);
            self.calls.iter_mut().for_each(|call| call.voices.talks = false);
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

    /// There is no sound any more. Returns whether the person had asked for it, or had spoken.
    pub(in crate::client::session) fn sound_ended(&mut self) -> bool {
        let asked_for = self.calls.iter().any(|call| call.voices.is_asked_for);
        (self.sound.is_asked, self.sound.runs) = (false, false);
        self.calls.iter_mut().for_each(|call| call.voices.want(false));
        asked_for
    }

    /// What is to be done, so that there is sound while an open call wants it, and the person is heard where they speak.
    pub(in crate::client::session) fn voice_steps(&mut self) -> Vec<VoiceStep> {
        let mut steps = Vec::new();
        let wanted = self.calls.iter().any(|call| call.is_open() && call.voices.wanted);
        if std::mem::replace(&mut self.sound.is_asked, wanted) != wanted {
            self.sound.runs = false;
            steps.push(VoiceStep::Sound(wanted.then(|| self.sound.name.clone())));
        }
        let runs = self.sound.runs;
        for call in self.calls.iter_mut().filter(|call| call.is_open()) {
            let voices = &mut call.voices;
            let (hears, talks) = (voices.wanted && runs, voices.talks && runs);
            let told = std::mem::replace(&mut voices.told, (hears, talks));
            if told.0 != hears {
                steps.push(VoiceStep::Hear(call.id, hears));
            }
            if told.1 != talks {
                steps.push(VoiceStep::Talk(call.id, talks));
            }
        }
        let talks = runs && self.calls.iter().any(|call| call.is_open() && call.voices.talks);
        if std::mem::replace(&mut self.sound.talks, talks) != talks {
            steps.push(VoiceStep::Duck(talks));
        }
        steps
    }
}
