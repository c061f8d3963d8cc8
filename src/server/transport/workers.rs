//! The workers: tasks that wait for signals, passphrases and logins, so that the broker waits for nothing.
//!
//! Must not know: what follows from the results.

use std::io;
use std::sync::Arc;

use async_signal::{Signal, Signals};
use async_std::channel::{Receiver, Sender, bounded};
use async_std::task;
use futures_lite::{FutureExt as _, StreamExt as _, future};
use nix::unistd::{Uid, User};

use super::executor::Executor;
use super::inbox::Arrival;
use crate::logging;
use crate::model::Name;
use crate::server::broker::access::name_policy::Login;
use crate::server::ids::ConnId;
use crate::server::limits;
use crate::server::secrets::passphrase;

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

/// Starts the tasks that look up logins; they take them from the channel.
pub(in crate::server) fn start_lookups(inbox: &Sender<Arrival>, executor: Executor) -> Sender<LoginLookup> {
    let (lookups, waiting) = bounded(limits::MAX_LOOKUPS);
    for _ in 0..limits::LOOKUPS {
        executor.spawn(look_up_all(waiting.clone(), inbox.clone()));
    }
    lookups
}

/// A connection, the user who asks, and the name to look up as a login.
pub(super) type LoginLookup = (ConnId, u32, Name);

/// Starts the tasks that check passphrases; they take them from the channel.
pub(in crate::server) fn start_checkers(hash: &str, inbox: &Sender<Arrival>) -> Sender<PassphraseCheck> {
    let (checks, waiting) = bounded(limits::MAX_CHECKS);
    let hash: Arc<str> = hash.into();
    for _ in 0..limits::CHECKERS {
        let checker = check_passphrases(waiting.clone(), Arc::clone(&hash), inbox.clone());
        // Each has a permanent thread of its own: the memory that one check needs is used again by the next.
        task::spawn_blocking(move || future::block_on(checker));
    }
    checks
}

/// Checks one passphrase after the other: each check costs memory and time.
pub(super) async fn check_passphrases(waiting: Receiver<PassphraseCheck>, hash: Arc<str>, inbox: Sender<Arrival>) {
    let mut memory = passphrase::HashMemory::default();
    while let Ok((conn, passphrase)) = waiting.recv().await {
        let right = passphrase::verify(&passphrase, &hash, &mut memory);
        if inbox.send(Arrival::Checked(conn, right)).await.is_err() {
            return;
        }
    }
}

/// Looks up one login after the other.
async fn look_up_all(waiting: Receiver<LoginLookup>, inbox: Sender<Arrival>) {
    while let Ok((conn, uid, name)) = waiting.recv().await {
        let login = task::spawn_blocking(move || look_up(uid, &name)).await;
        if inbox.send(Arrival::LookedUp(conn, login)).await.is_err() {
            return;
        }
    }
}

/// Whose login a name is, as seen by a user. A database that does not answer counts as not having the login.
fn look_up(uid: u32, name: &Name) -> Login {
    let folded = name.key().folded;
    let is_name = |login: &User| Name::parse(&login.name).is_ok_and(|login| login.key().folded == folded);
    if User::from_uid(Uid::from_raw(uid)).ok().flatten().is_some_and(|own| is_name(&own)) {
        return Login::Own;
    }
    let named = [name.as_str(), folded.as_str()].into_iter().find_map(|login| User::from_name(login).ok().flatten());
    match named {
        // One user may have several logins.
        Some(user) if user.uid.as_raw() == uid => Login::Own,
        Some(_) => Login::Others,
        None => Login::Nobodys,
    }
}
