//! Faults on demand: code that fails as a mistake in it would, to show what becomes of the rest. In builds for tests alone.
//!
//! Must not know: what the code around it does.

use std::sync::atomic::{AtomicBool, Ordering};

static ARMED: AtomicBool = AtomicBool::new(false);

/// From now on it fails where it is asked to. In a release nothing ever does.
#[doc(hidden)]
pub fn arm() {
    ARMED.store(true, Ordering::Relaxed);
}

/// Fails if what came asks for it by this word.
#[allow(clippy::panic, reason = "it is what was asked for")]
pub(in crate::server) fn strike(word: &[u8], bytes: &[u8]) {
    if cfg!(debug_assertions) && ARMED.load(Ordering::Relaxed) && bytes.windows(word.len()).any(|window| window == word)
    {
        #[allow(clippy::panic, reason = "it is what this is for")]
        std::panic::panic_any("a fault that was asked for");
    }
}
