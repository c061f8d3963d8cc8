//! The last words of a node that stops because something is wrong: the others need not wait for its end, and if the log has
//! lost something, they learn it.
//!
//! Must not know: what is wrong.

use std::time::Duration;

use async_std::future::timeout;

use super::{NodeDesk, follow};
use crate::server::limits::LAST_WORDS;
use crate::server::log::{Log as _, LogPosition, Tailed};
use crate::sys::clock::Clock;

/// The last words are said again after this long.
const AGAIN: Duration = Duration::from_millis(500);

impl NodeDesk {
    /// Says the last words until the log has taken them, for some seconds at most. What was not committed is undone.
    pub(in crate::server::transport) async fn say_last_words(self, clock: Clock) {
        let Self { mut replica, steps, options, log, .. } = self;
        let known = log.newest().unwrap_or(LogPosition::START);
        if let Some(steps) = steps {
            steps.close();
        }
        // The tail that was read may have ended with what is wrong; another one begins at what there is.
        drop(log);
        let (log, tail) = follow(&options, known);
        let said = async {
            loop {
                if let Some(words) = replica.follower_mut().last_words(clock.now()) {
                    // What is not taken is said again.
                    let _ = log.append(words);
                } else {
                    return;
                }
                let taken = async {
                    while let Ok(tailed) = tail.recv().await {
                        match tailed {
                            Tailed::Taken { .. } => return true,
                            Tailed::Ended(_) => return false,
                            _ => {}
                        }
                    }
                    false
                };
                if timeout(AGAIN, taken).await == Ok(true) {
                    return;
                }
            }
        };
        // Whoever does not hear them notices after eight seconds that nothing more comes.
        let _ = timeout(LAST_WORDS, said).await;
    }
}
