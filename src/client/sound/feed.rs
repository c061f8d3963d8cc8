//! Between the threads of sound and its owner: what the microphone heard, what the loudspeaker is to play, and how it
//! ended.
//!
//! Must not know: where sound comes from, or where it goes.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::client::stop_sign::StopSign;
use crate::media::voice::mixer::Mixer;

/// The most samples of the microphone that nobody has taken: half a second. The oldest are dropped.
const MOST_UNTAKEN: usize = 8_000;

/// What sound has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SoundNews {
    /// The microphone gives sound. A program that starts may still find no sound card.
    Began,
    /// What the microphone heard since.
    Heard(Vec<i16>),
    /// There is no more sound; the sentence says why.
    Ended(String),
}

/// The place where the threads and the owner of the sound meet.
pub(super) struct SoundFeed {
    state: Mutex<SoundFeedState>,
    stop: StopSign,
    /// Tells that there is something to take.
    wake: Box<dyn Fn() + Send + Sync>,
}

#[derive(Debug, Default)]
struct SoundFeedState {
    heard: VecDeque<i16>,
    mixer: Mixer,
    /// Whether the microphone has given sound, and whether that is still to be taken.
    has_begun: bool,
    is_begin_new: bool,
    end: Option<String>,
    /// Whether the end was set, taken or not.
    has_ended: bool,
    is_talking: bool,
}

impl SoundFeed {
    pub(super) fn new(wake: Box<dyn Fn() + Send + Sync>) -> Self {
        Self { state: Mutex::default(), stop: StopSign::new(), wake }
    }

    fn state(&self) -> MutexGuard<'_, SoundFeedState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leaves what the microphone heard; it is dropped unless the person speaks.
    pub(super) fn leave(&self, samples: &[i16]) {
        if samples.is_empty() {
            return;
        }
        let mut state = self.state();
        let begins = !std::mem::replace(&mut state.has_begun, true);
        state.is_begin_new |= begins;
        let was_empty = state.is_talking && state.heard.is_empty();
        if state.is_talking {
            state.heard.extend(samples);
            let over = state.heard.len().saturating_sub(MOST_UNTAKEN);
            state.heard.drain(..over);
        }
        drop(state);
        if begins || was_empty {
            (self.wake)();
        }
    }

    /// There is no more sound; the first sentence says why.
    pub(super) fn end(&self, why: String) {
        let mut state = self.state();
        if std::mem::replace(&mut state.has_ended, true) {
            return;
        }
        state.end = Some(why);
        drop(state);
        (self.wake)();
    }

    pub(super) fn take(&self) -> Option<SoundNews> {
        let mut state = self.state();
        if std::mem::take(&mut state.is_begin_new) {
            return Some(SoundNews::Began);
        }
        if !state.heard.is_empty() {
            return Some(SoundNews::Heard(std::mem::take(&mut state.heard).into()));
        }
        state.end.take().map(SoundNews::Ended)
    }

    pub(super) fn talk(&self, is_talking: bool) {
        let mut state = self.state();
        state.is_talking = is_talking;
        state.mixer.talk(is_talking);
        if !is_talking {
            state.heard.clear();
        }
    }

    pub(super) fn play(&self, speaker: u64, samples: &[i16]) {
        self.state().mixer.push(speaker, samples);
    }

    /// The next samples for the loudspeaker.
    pub(super) fn mixed(&self, count: usize) -> Vec<i16> {
        self.state().mixer.take(count)
    }

    /// How long it has run, and the sign to stop.
    pub(super) fn stop(&self) -> &StopSign {
        &self.stop
    }
}
