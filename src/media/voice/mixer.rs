//! Several speakers in one loudspeaker: who began first is heard in full, the others more quietly while they speak at the same
//! time, and all of them more quietly while the person speaks: so less of it comes back through the microphone.
//!
//! Must not know: who they are, or where their sound comes from.

use std::collections::{BTreeMap, VecDeque};

use super::RATE;

/// The most speakers at once; sound of more is dropped.
pub const MOST_SPEAKERS: usize = 16;
/// The most samples of a speaker that wait: 400 ms. The oldest are dropped.
pub const MOST_WAITING: usize = 6_400;
/// What is left of those who are quieter, of [`FULL`].
const QUIET: i32 = 256;
const FULL: i32 = 1024;
/// How fast somebody becomes quieter, in [`FULL`]s a sample: within a fiftieth of a second.
const FADE: i32 = (FULL - QUIET) / (RATE.cast_signed() / 50) + 1;
/// So many samples without sound, and somebody no longer speaks.
const PAUSE: usize = 8_000;

/// The speakers.
#[derive(Debug, Default)]
pub struct Mixer {
    speakers: BTreeMap<u64, Speaker>,
    /// Who began first of those who speak.
    first: Option<u64>,
    is_talking: bool,
}

#[derive(Debug)]
struct Speaker {
    waiting: VecDeque<i16>,
    loudness: i32,
    /// How long nothing has come.
    silent: usize,
}

impl Mixer {
    /// Takes sound of a speaker, to be heard after what waits.
    pub fn push(&mut self, speaker: u64, sound: &[i16]) {
        if sound.is_empty() || self.speakers.len() >= MOST_SPEAKERS && !self.speakers.contains_key(&speaker) {
            return;
        }
        // Nobody is too loud at first.
        let loudness = if self.is_talking || self.first.is_some() { QUIET } else { FULL };
        let new = || Speaker { waiting: VecDeque::new(), loudness, silent: 0 };
        let state = self.speakers.entry(speaker).or_insert_with(new);
        state.waiting.extend(sound);
        let over = state.waiting.len().saturating_sub(MOST_WAITING);
        state.waiting.drain(..over);
        state.silent = 0;
        self.first.get_or_insert(speaker);
    }

    /// Whether the person speaks.
    pub fn talk(&mut self, is_talking: bool) {
        self.is_talking = is_talking;
    }

    /// The next samples for the loudspeaker: silence where nobody has any.
    #[must_use]
    pub fn take(&mut self, count: usize) -> Vec<i16> {
        let mut mixed = vec![0_i32; count];
        for (speaker, state) in &mut self.speakers {
            let is_quiet = self.is_talking || self.first != Some(*speaker);
            let (aim, had) = (if is_quiet { QUIET } else { FULL }, state.waiting.len().min(count));
            for (mixed, sample) in mixed.iter_mut().zip(state.waiting.drain(..had)) {
                state.loudness += (aim - state.loudness).clamp(-FADE, FADE);
                *mixed += i32::from(sample) * state.loudness / FULL;
            }
            state.silent += count - had;
        }
        self.speakers.retain(|_, state| state.silent < PAUSE);
        if self.first.is_some_and(|first| !self.speakers.contains_key(&first)) {
            self.first = self.speakers.keys().next().copied();
        }
        let clipped = |sample: i32| i16::try_from(sample.clamp(i16::MIN.into(), i16::MAX.into())).unwrap_or(0);
        mixed.into_iter().map(clipped).collect()
    }
}
