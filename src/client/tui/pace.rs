//! The pace of a slow line: how many bytes may be on their way to the terminal.
//!
//! SSH takes bytes long before the terminal shows them, and whatever is on its way delays the answer to the next key. So
//! after every so many bytes the terminal is asked for its status; until it answers, only so many more are written. What
//! changes meanwhile is drawn in one frame later.
//!
//! Pictures are much larger than text. The terminal is asked after each; the next waits until hardly anything is on its way,
//! and text does not wait for pictures: what is said and typed comes right behind the one that is on its way.
//!
//! Must not know: what the bytes are, or how they are written.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// After this many bytes the terminal is asked, in bytes.
pub const ASK: usize = 1024;
/// With this many bytes on their way, the next frame waits. A frame on its own may be larger.
pub const AHEAD: usize = 2048;
/// With this many on their way, even the frame that shows a key waits.
pub const AHEAD_OF_KEYS: usize = 2 * AHEAD;
/// A terminal that has not answered for this long is not waited for any more, until it answers.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// A terminal that does not answer gets pictures no more often than this.
pub const UNANSWERED_PICTURES: Duration = Duration::from_millis(250);
/// The most questions on their way, for a terminal that falls silent.
const MOST_QUESTIONS: usize = 4;
/// The question: the device status report.
pub const QUESTION: &[u8] = b"\x1b[5n";

/// How many bytes are on their way.
#[derive(Debug, Default)]
pub struct Pace {
    /// Whether the terminal answers questions.
    answers: bool,
    /// The bytes that no answer has confirmed.
    unconfirmed: Written,
    /// The questions on their way, the oldest first: about text one at a time, and one after each picture.
    asked: VecDeque<Asked>,
    /// When the last picture was written.
    pictured: Option<Instant>,
}

/// Bytes of text and of pictures.
#[derive(Clone, Copy, Debug, Default)]
struct Written {
    text: usize,
    pictures: usize,
}

/// A question that is on its way.
#[derive(Clone, Copy, Debug)]
struct Asked {
    /// When it was written.
    at: Instant,
    /// The bytes that its answer confirms, beside those of the questions before.
    confirms: Written,
}

impl Pace {
    /// The terminal answers questions: it has answered one.
    pub fn trust(&mut self) {
        self.answers = true;
    }

    /// This many bytes of text were written; whether [`QUESTION`] is to be written after them.
    #[must_use]
    pub fn wrote(&mut self, bytes: usize, now: Instant) -> bool {
        if !self.answers {
            return false;
        }
        self.unconfirmed.text = self.unconfirmed.text.saturating_add(bytes);
        let ask = self.asked.is_empty() && self.unconfirmed.text >= ASK;
        if ask {
            self.ask(now);
        }
        ask
    }

    /// This many bytes of pictures were written, after the text; whether [`QUESTION`] is to be written after them.
    #[must_use]
    pub fn wrote_pictures(&mut self, bytes: usize, now: Instant) -> bool {
        self.pictured = Some(now);
        if !self.answers {
            return false;
        }
        self.unconfirmed.pictures = self.unconfirmed.pictures.saturating_add(bytes);
        let ask = self.asked.len() < MOST_QUESTIONS;
        if ask {
            self.ask(now);
        }
        ask
    }

    fn ask(&mut self, now: Instant) {
        let mut confirms = self.unconfirmed;
        for earlier in &self.asked {
            confirms.text = confirms.text.saturating_sub(earlier.confirms.text);
            confirms.pictures = confirms.pictures.saturating_sub(earlier.confirms.pictures);
        }
        self.asked.push_back(Asked { at: now, confirms });
    }

    fn all(&self) -> usize {
        self.unconfirmed.text.saturating_add(self.unconfirmed.pictures)
    }

    /// The terminal has answered the question.
    pub fn answered(&mut self) {
        if let Some(asked) = self.asked.pop_front() {
            let Written { text, pictures } = &mut self.unconfirmed;
            *text = text.saturating_sub(asked.confirms.text);
            *pictures = pictures.saturating_sub(asked.confirms.pictures);
            self.answers = true;
        }
    }

    /// Whether an answer is to come.
    #[must_use]
    pub fn is_asking(&self) -> bool {
        !self.asked.is_empty()
    }

    /// How long the next frame of text has to wait if no answer comes; zero if it need not. `key` if it shows what the
    /// person has just done.
    #[must_use]
    pub fn wait(&self, key: bool, now: Instant) -> Duration {
        let most = if key { AHEAD_OF_KEYS } else { AHEAD };
        if self.unconfirmed.text >= most {
            self.rest_of_patience(now).unwrap_or(Duration::ZERO)
        } else {
            Duration::ZERO
        }
    }

    /// How long the next pictures have to wait if no answer comes, likewise.
    #[must_use]
    pub fn wait_for_pictures(&self, now: Instant) -> Duration {
        match self.rest_of_patience(now) {
            Some(rest) if !rest.is_zero() => {
                if self.all() >= AHEAD {
                    rest
                } else {
                    Duration::ZERO
                }
            }
            None if self.answers => Duration::ZERO,
            _ => {
                let since = self.pictured.map(|at| now.saturating_duration_since(at));
                since.map_or(Duration::ZERO, |since| UNANSWERED_PICTURES.saturating_sub(since))
            }
        }
    }

    /// How long the terminal may still take for an answer, if one is to come.
    fn rest_of_patience(&self, now: Instant) -> Option<Duration> {
        let asked = self.asked.front().filter(|_| self.answers)?;
        Some(PATIENCE.saturating_sub(now.saturating_duration_since(asked.at)))
    }

    /// Whatever was on its way is lost or belongs to somebody else: begins anew.
    pub fn forget(&mut self) {
        self.unconfirmed = Written::default();
        self.asked.clear();
    }
}
