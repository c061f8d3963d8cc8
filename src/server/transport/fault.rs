//! Faults on demand: code that panics or hangs as a mistake in it would, to show what becomes of the rest. Only in builds for
//! tests.
//!
//! Must not know: what the code around it does.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};

static ARMED: AtomicBool = AtomicBool::new(false);

/// Lets [`panic_if_asked`] panic and [`hang_if_asked`] hang from now on. In a release build they never do.
#[doc(hidden)]
pub fn arm() {
    ARMED.store(true, Ordering::Relaxed);
}

/// Panics if these bytes hold the word.
#[allow(clippy::panic, reason = "it is what was asked for")]
pub(super) fn panic_if_asked(word: &[u8], bytes: &[u8]) {
    if is_asked(word, bytes) {
        #[allow(clippy::panic, reason = "it is what this is for")]
        std::panic::panic_any("a fault that was asked for");
    }
}

/// Never returns if these bytes hold the word.
pub(super) fn hang_if_asked(word: &[u8], bytes: &[u8]) {
    if is_asked(word, bytes) {
        // Nobody else comes.
        Barrier::new(2).wait();
    }
}

fn is_asked(word: &[u8], bytes: &[u8]) -> bool {
    cfg!(debug_assertions) && ARMED.load(Ordering::Relaxed) && bytes.windows(word.len()).any(|window| window == word)
}
