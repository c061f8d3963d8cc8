//! Which sound is used: the one that is named, or the first programs that work. Programs may start and still find no sound
//! card, because it is another family that knows the one of this machine.
//!
//! Must not know: who speaks, or what the programs are.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::sync::Arc;
use std::time::Duration;

use super::Sound;
use super::source::{SOUND_PROGRAMS, SoundPrograms, SoundSource};
use crate::language::sound as say;
use crate::sys::clock::Clock;

/// Programs that end so soon after sound has begun do not work.
const AT_ONCE: Duration = Duration::from_secs(2);

/// The sound that is used, and what else there is.
#[derive(Debug)]
pub struct SoundChoice {
    source: SoundSource,
    /// The programs that were not tried.
    left: VecDeque<&'static SoundPrograms>,
    /// Those that run, if it was not said which are to.
    found: Option<&'static SoundPrograms>,
    /// What was wrong with the first that are installed.
    fault: Option<String>,
    /// Runs since sound began.
    began: Option<Clock>,
}

impl SoundChoice {
    /// A choice of what a name stands for.
    #[must_use]
    pub fn new(source: SoundSource) -> Self {
        let left = if source == SoundSource::Auto { SOUND_PROGRAMS.iter().collect() } else { VecDeque::new() };
        Self { source, left, found: None, fault: None, began: None }
    }

    /// Starts the sound that was named, or the next programs that can be started. `wake` and `path` are as for
    /// [`Sound::start`].
    ///
    /// # Errors
    /// There is none; the sentence says why.
    pub fn start(&mut self, path: Option<&OsStr>, wake: impl Fn() + Send + Sync + 'static) -> Result<Sound, String> {
        self.began = None;
        if self.source != SoundSource::Auto {
            return Sound::start(&self.source, path, wake);
        }
        let wake = Arc::new(wake);
        while let Some(programs) = self.left.pop_front() {
            let wake = Arc::clone(&wake);
            match Sound::of_programs(programs, path, move || wake()) {
                Ok(Some(sound)) => {
                    self.found = Some(programs);
                    return Ok(sound);
                }
                Ok(None) => {}
                Err(why) => _ = self.fault.get_or_insert(why),
            }
        }
        Err(self.fault.take().unwrap_or_else(|| say::no_program().to_owned()))
    }

    /// Sound has begun. Returns what is to be said, if others than the first that are installed are used.
    pub fn begins(&mut self) -> Option<String> {
        self.began.get_or_insert_with(Clock::start);
        let (found, fault) = (self.found?, self.fault.as_ref()?);
        Some(match (found.microphone.name, found.loudspeaker.name) {
            (one, other) if one == other => say::used_instead(fault, one),
            (one, other) => say::both_used_instead(fault, one, other),
        })
    }

    /// Sound has ended, as the sentence says. Returns what is to be said, or `None` if others are to be started.
    pub fn ended(&mut self, why: String) -> Option<String> {
        let works = self.began.as_ref().is_some_and(|began| began.elapsed() >= AT_ONCE);
        if works || self.source != SoundSource::Auto {
            return Some(why);
        }
        self.fault.get_or_insert(why);
        None
    }
}
