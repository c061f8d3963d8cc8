//! The tasks beside the broker's: they wait for signals, passphrases and logins, so that the broker waits for nothing.
//!
//! Must not know: what follows from what they find.

use std::sync::Arc;

use async_signal::Signals;
use async_std::channel::{Receiver, Sender, bounded};
use async_std::task;
use futures_lite::future::poll_once;
use futures_lite::{StreamExt as _, future};
use nix::unistd::{Uid, User};

use super::executor::Crew;
use super::inbox::Arrival;
use crate::model::Name;
use crate::server::broker::access::policy::Login;
use crate::server::broker::tuning::Change;
use crate::server::ids::ConnId;
use crate::server::limits;
use crate::server::secrets::passphrase;
use crate::sys::sd_notify::Manager;

/// A passphrase to be checked, and for whom.
pub(in crate::server) type Check = (ConnId, String);

/// The first signal closes the server as a moderator would; the second ends the process at once.
pub(in crate::server) async fn watch_signals(mut signals: Signals, inbox: Sender<Arrival>) {
    if signals.next().await.is_some() {
        let _ = inbox.send(Arrival::Signal).await;
    }
    if signals.next().await.is_some() {
        log::warn!("ended_at_once");
        std::process::exit(1);
    }
}

/// Has everything read anew, and what is good of it taken in: all of it, or nothing.
pub(in crate::server) async fn watch_hangups(
    mut signals: Signals,
    inbox: Sender<Arrival>,
    manager: Manager,
    mut reload: impl FnMut() -> Option<Change> + Send + 'static,
) {
    while signals.next().await.is_some() {
        // What was sent before the reading begins is answered by it too.
        while poll_once(signals.next()).await.flatten().is_some() {}
        manager.reloading();
        let change;
        (reload, change) = task::spawn_blocking(move || {
            let change = reload();
            (reload, change)
        })
        .await;
        let Some(Change { tuning, rest }) = change else {
            manager.ready("the last reload was refused; the log says why");
            continue;
        };
        let (done, taken) = bounded(1);
        let sent = inbox.send(Arrival::Tune(Box::new(tuning), done)).await;
        if sent.is_ok() && taken.recv().await.is_ok() {
            rest();
            manager.ready("settings were read anew");
        } else {
            log::warn!(reason = "the server is closing"; "reload_failed");
        }
    }
}

/// The tasks that look up logins, fed by the channel.
pub(in crate::server) fn start_lookups(inbox: &Sender<Arrival>, crew: Crew) -> Sender<Lookup> {
    let (lookups, waiting) = bounded(limits::MAX_LOOKUPS);
    for _ in 0..limits::LOOKUPS {
        crew.here(look_up_all(waiting.clone(), inbox.clone()));
    }
    lookups
}

/// A login to be looked up: for whom, which user asks, and the name.
pub(in crate::server) type Lookup = (ConnId, u32, Name);

/// The tasks that check passphrases, fed by the channel.
pub(in crate::server) fn start_checkers(hash: &str, inbox: &Sender<Arrival>) -> Sender<Check> {
    let (checks, waiting) = bounded(limits::MAX_CHECKS);
    let hash: Arc<str> = hash.into();
    for _ in 0..limits::CHECKERS {
        let checker = check_passphrases(waiting.clone(), Arc::clone(&hash), inbox.clone());
        // Each in a thread of its own for good: what one check needs of memory, the next one uses again.
        task::spawn_blocking(move || future::block_on(checker));
    }
    checks
}

/// Checks one passphrase after the other, beside the broker: each costs memory and time.
pub(in crate::server) async fn check_passphrases(waiting: Receiver<Check>, hash: Arc<str>, inbox: Sender<Arrival>) {
    let mut memory = passphrase::Memory::default();
    while let Ok((conn, passphrase)) = waiting.recv().await {
        let right = passphrase::verify(&passphrase, &hash, &mut memory);
        if inbox.send(Arrival::Checked(conn, right)).await.is_err() {
            return;
        }
    }
}

/// Looks up one login after the other.
async fn look_up_all(waiting: Receiver<Lookup>, inbox: Sender<Arrival>) {
    while let Ok((conn, uid, name)) = waiting.recv().await {
        let login = task::spawn_blocking(move || look_up(uid, &name)).await;
        if inbox.send(Arrival::LookedUp(conn, login)).await.is_err() {
            return;
        }
    }
}

/// Whose login a name is, seen from a user. A database that does not answer knows nobody.
fn look_up(uid: u32, name: &Name) -> Login {
    let folded = name.key().folded;
    let is_name = |login: &User| Name::parse(&login.name).is_ok_and(|login| login.key().folded == folded);
    if User::from_uid(Uid::from_raw(uid)).ok().flatten().is_some_and(|own| is_name(&own)) {
        return Login::Own;
    }
    let named = [name.as_str(), folded.as_str()].into_iter().find_map(|login| User::from_name(login).ok().flatten());
    match named {
        // A user may have several logins.
        Some(user) if user.uid.as_raw() == uid => Login::Own,
        Some(_) => Login::Others,
        None => Login::Nobodys,
    }
}
