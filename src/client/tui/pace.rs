//! The pace of a slow line: how many bytes may be on their way to the terminal.
//!
//! SSH takes bytes long before the terminal shows them, and whatever is on its way delays the answer to the next key. So
//! after every so many bytes the terminal is asked for its status; until it answers, only so many more are written. What
//! changes meanwhile is drawn in one frame later.
//!
//! Must not know: what the bytes are, or how they are written.

use std::time::{Duration, Instant};

/// After this many bytes the terminal is asked, in bytes.
pub const ASK: usize = 1024;
/// With this many bytes on their way, the next frame waits. A frame on its own may be larger.
pub const AHEAD: usize = 2048;
/// With this many on their way, even the frame that shows a key waits.
pub const AHEAD_OF_KEYS: usize = 2 * AHEAD;
/// A terminal that has not answered for this long is not waited for any more, until it answers.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// The question: the device status report.
pub const QUESTION: &[u8] = b"\x1b[5n";

/// How many bytes are on their way.
#[derive(Debug, Default)]
pub struct Pace {
    /// Whether the terminal answers questions.
    answers: bool,
    /// The bytes that no answer has confirmed.
    unconfirmed: usize,
    asked: Option<Asked>,
}

/// A question that is on its way.
#[derive(Clone, Copy, Debug)]
struct Asked {
    /// When it was written.
    at: Instant,
    /// The bytes that its answer confirms.
    confirms: usize,
}

impl Pace {
    /// The terminal answers questions: it has answered one.
    pub fn trust(&mut self) {
        self.answers = true;
    }

    /// This many bytes were written; whether [`QUESTION`] is to be written after them.
    #[must_use]
    pub fn wrote(&mut self, bytes: usize, now: Instant) -> bool {
        if !self.answers {
            return false;
        }
        self.unconfirmed = self.unconfirmed.saturating_add(bytes);
        let ask = self.asked.is_none() && self.unconfirmed >= ASK;
        if ask {
            self.asked = Some(Asked { at: now, confirms: self.unconfirmed });
        }
        ask
    }

    /// The terminal has answered the question.
    pub fn answered(&mut self) {
        if let Some(asked) = self.asked.take() {
            self.unconfirmed = self.unconfirmed.saturating_sub(asked.confirms);
            self.answers = true;
        }
    }

    /// Whether an answer is to come.
    #[must_use]
    pub fn is_asking(&self) -> bool {
        self.asked.is_some()
    }

    /// How long the next frame has to wait if no answer comes; zero if it need not. `key` if it shows what the person has
    /// just done.
    #[must_use]
    pub fn wait(&self, key: bool, now: Instant) -> Duration {
        let most = if key { AHEAD_OF_KEYS } else { AHEAD };
        match self.asked {
            Some(asked) if self.answers && self.unconfirmed >= most => {
                PATIENCE.saturating_sub(now.saturating_duration_since(asked.at))
            }
            _ => Duration::ZERO,
        }
    }

    /// Whatever was on its way is lost or belongs to somebody else: begins anew.
    pub fn forget(&mut self) {
        self.unconfirmed = 0;
        self.asked = None;
    }
}
