//! The workers: tasks that wait for signals, passphrases and logins, so that the broker waits for nothing.
//!
//! Must not know: what follows from the results.

use std::io;
use std::sync::{Arc, PoisonError, RwLock};

use async_signal::{Signal, Signals};
use async_std::channel::{Receiver, Sender, bounded};
use async_std::task;
use futures_lite::{FutureExt as _, StreamExt as _, future};

use super::executor::Executor;
use super::inbox::Arrival;
use super::logins::Logins;
use crate::logging;
use crate::model::Name;
use crate::server::ids::ConnId;
use crate::server::limits;
use crate::server::secrets::passphrase;
use crate::sys::trusted_time::TrustedTime;

/// A connection, and the passphrase to check for it.
pub(super) type PassphraseCheck = (ConnId, String);

/// Signals that would end the process by default, and that somebody may send out of habit, as logrotate's users do. They
/// do nothing for as long as this lives.
///
/// # Errors
/// What the system says.
pub(crate) fn ignore_signals() -> io::Result<Signals> {
    Signals::new([Signal::Usr1, Signal::Usr2, Signal::Alarm, Signal::Vtalarm, Signal::Prof, Signal::Io])
}

/// The first signal closes the server as a moderator would; the second ends the process at once, whatever the broker or
/// the reader of the log does.
pub(in crate::server) async fn watch_signals(mut signals: Signals, inbox: Sender<Arrival>) {
    let first = signals.next().await.is_some();
    let told = async {
        if first {
            let _ = inbox.send(Arrival::Signal).await;
        }
        // Only another signal goes on from here.
        future::pending::<Option<()>>().await
    };
    let again = async { signals.next().await.map(|_| ()) };
    if told.or(again).await.is_some() {
        log::warn!("ended_at_once");
        logging::finish_within(limits::LAST_WORD);
        std::process::exit(1);
    }
}

/// On each signal, believes what the wall clock shows: the administrator has confirmed it.
pub(in crate::server) async fn watch_confirmations(mut signals: Signals, time: TrustedTime) {
    while signals.next().await.is_some() {
        // First, or the broker's task may log that the clock is believed before it was confirmed.
        log::info!("clock_confirmed");
        time.believe();
    }
}

/// Starts the tasks that look up logins; they take them from the channel.
pub(in crate::server) fn start_lookups(
    logins: &Logins,
    inbox: &Sender<Arrival>,
    executor: Executor,
) -> Sender<LoginLookup> {
    let (lookups, waiting) = bounded(limits::MAX_LOOKUPS);
    for _ in 0..limits::LOOKUPS {
        executor.spawn(look_up_all(waiting.clone(), inbox.clone(), logins.clone()));
    }
    lookups
}

/// A connection, the user who asks if the kernel knows who it is, and the name to look up as a login.
pub(super) type LoginLookup = (ConnId, Option<u32>, Name);

/// The hash of the moderator passphrase, which may be another while the server runs.
#[derive(Clone, Debug)]
pub(in crate::server) struct SharedHash(Arc<RwLock<Arc<str>>>);

impl SharedHash {
    pub(in crate::server) fn new(hash: &str) -> Self {
        Self(Arc::new(RwLock::new(hash.into())))
    }

    /// The hash of the passphrase that is right now.
    fn get(&self) -> Arc<str> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on another passphrase is right.
    pub(in crate::server) fn set(&self, hash: &str) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = hash.into();
    }
}

/// Starts the tasks that check passphrases; they take them from the channel.
pub(in crate::server) fn start_checkers(hash: &SharedHash, inbox: &Sender<Arrival>) -> Sender<PassphraseCheck> {
    let (checks, waiting) = bounded(limits::MAX_CHECKS);
    for _ in 0..limits::CHECKERS {
        let checker = check_passphrases(waiting.clone(), hash.clone(), inbox.clone());
        // Each has a permanent thread of its own: the memory that one check needs is used again by the next.
        task::spawn_blocking(move || future::block_on(checker));
    }
    checks
}

/// Checks one passphrase after the other: each check costs memory and time.
pub(super) async fn check_passphrases(waiting: Receiver<PassphraseCheck>, hash: SharedHash, inbox: Sender<Arrival>) {
    let mut memory = passphrase::HashMemory::default();
    while let Ok((conn, passphrase)) = waiting.recv().await {
        let right = passphrase::verify(&passphrase, &hash.get(), &mut memory);
        if inbox.send(Arrival::Checked(conn, right)).await.is_err() {
            return;
        }
    }
}

/// Looks up one login after the other.
async fn look_up_all(waiting: Receiver<LoginLookup>, inbox: Sender<Arrival>, logins: Logins) {
    while let Ok((conn, uid, name)) = waiting.recv().await {
        let (own, login) = logins.identify(uid, name).await;
        if let Some(own) = own
            && inbox.send(Arrival::LoginOf(conn, own)).await.is_err()
        {
            return;
        }
        if inbox.send(Arrival::LookedUp(conn, login)).await.is_err() {
            return;
        }
    }
}
