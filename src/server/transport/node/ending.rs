//! The last words of a node that stops because something is wrong: the others need not wait for its end, and if the log has
//! lost something, they learn it.
//!
//! Must not know: what is wrong.

use std::time::Duration;

use async_std::future::timeout;
use async_std::task;

use super::{NodeDesk, follow};
use crate::server::cluster::replica::Replica;
use crate::server::limits::LAST_WORDS;
use crate::server::log::nats::connection::NatsLog;
use crate::server::log::{Log as _, LogEnd, LogPosition, Tail, Tailed};
use crate::sys::clock::Clock;

/// The last words are said again after this long.
const AGAIN: Duration = Duration::from_millis(500);

impl NodeDesk {
    /// Says the last words until the log has taken them, for some seconds at most. What was not committed is undone.
    pub(in crate::server::transport) async fn say_last_words(self, clock: Clock) {
        let Self { mut replica, steps, options, executor, log, .. } = self;
        // The tail that was read may have ended with what is wrong; another one begins at what there is.
        let mut after = log.newest().unwrap_or(LogPosition::START);
        if let Some(steps) = steps {
            steps.close();
        }
        drop(log);
        let said = async {
            loop {
                let (log, tail) = follow(&options, executor, after);
                match say(&mut replica, &log, &tail, clock).await {
                    LastHeard::Taken => return,
                    // From elsewhere on, it may take them.
                    LastHeard::Ended(LogEnd::Gap { oldest, .. }) => after = LogPosition(oldest.0.saturating_sub(1)),
                    LastHeard::Ended(LogEnd::Shorter { newest, .. }) => after = newest,
                    LastHeard::Ended(_) => {}
                }
                task::sleep(AGAIN).await;
            }
        };
        // Whoever does not hear them notices after eight seconds that nothing more comes.
        let _ = timeout(LAST_WORDS, said).await;
    }
}

/// What became of the last words.
enum LastHeard {
    /// The log has them, or there are none.
    Taken,
    /// The tail has ended.
    Ended(LogEnd),
}

/// Says the last words over one handle of the log, again and again.
async fn say(replica: &mut Replica, log: &NatsLog, tail: &Tail, clock: Clock) -> LastHeard {
    loop {
        let Some(words) = replica.follower().last_words(clock.now()) else { return LastHeard::Taken };
        // What is not taken is said again.
        let _ = log.append(words);
        let heard = async {
            loop {
                match tail.recv().await {
                    Ok(Tailed::Taken { .. }) => return LastHeard::Taken,
                    Ok(Tailed::Ended(end)) => return LastHeard::Ended(end),
                    Ok(_) => {}
                    // Nothing follows an end that was told.
                    Err(_) => std::future::pending().await,
                }
            }
        };
        if let Ok(said) = timeout(AGAIN, heard).await {
            return said;
        }
    }
}
