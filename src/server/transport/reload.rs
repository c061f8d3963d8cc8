//! Reloading: on SIGHUP, or when asked through the control socket (`control`), everything is read again and put in force, all of it
//! or nothing. Whoever asks is told the outcome.
//!
//! Must not know: what is read, or what follows from it.

use async_signal::Signals;
use async_std::channel::{Receiver, Sender, bounded};
use async_std::task;
use futures_lite::future::poll_once;
use futures_lite::{FutureExt as _, StreamExt as _};

use super::inbox::Arrival;
use crate::server::broker::tuning::Change;
use crate::sys::sd_notify::ServiceManager;
use crate::sys::terminal::StartTerminal;

/// Whoever asked for a reload, and gets its outcome: why it was refused, if it was.
pub(in crate::server) type ReloadRequest = Sender<Result<(), String>>;

/// On each signal and each request, reads all settings again and puts them in force: all of them, or none. The signal
/// is also what the kernel sends when the terminal is closed; that closes the server.
pub(in crate::server) async fn watch(
    mut signals: Signals,
    requests: Receiver<ReloadRequest>,
    inbox: Sender<Arrival>,
    service_manager: ServiceManager,
    terminal: StartTerminal,
    mut reload: impl FnMut() -> Result<Change, String> + Send + 'static,
) {
    loop {
        let signal = async { signals.next().await.map(|_| None) };
        let request = async { requests.recv().await.ok().map(Some) };
        let Some(asked) = signal.or(request).await else { return };
        if asked.is_none() && terminal.is_gone() {
            // Nobody sees the server any more, and whoever closed its window means to end it.
            log::warn!("terminal_closed");
            let _ = inbox.send(Arrival::Signal).await;
            continue;
        }
        // What was asked for before the reading begins is answered by it too.
        while poll_once(signals.next()).await.flatten().is_some() {}
        let mut waiting: Vec<ReloadRequest> = asked.into_iter().collect();
        while let Ok(another) = requests.try_recv() {
            waiting.push(another);
        }
        service_manager.reloading();
        let change;
        (reload, change) = task::spawn_blocking(move || {
            let change = reload();
            (reload, change)
        })
        .await;
        let outcome = put_in_force(change, &inbox).await;
        service_manager.ready(match outcome {
            Ok(()) => "settings reloaded",
            Err(_) => "the last reload was refused; the log says why",
        });
        // A broker that is gone no longer counts anything.
        let _ = inbox.send(Arrival::Reloaded(outcome.is_ok())).await;
        for asker in waiting {
            // An asker that is gone no longer wants it.
            let _ = asker.try_send(outcome.clone());
        }
    }
}

async fn put_in_force(change: Result<Change, String>, inbox: &Sender<Arrival>) -> Result<(), String> {
    let Change { tuning, rest } = change?;
    let (done, taken) = bounded(1);
    let sent = inbox.send(Arrival::Tune(Box::new(tuning), done)).await;
    if sent.is_ok() && taken.recv().await.is_ok() {
        rest();
        return Ok(());
    }
    const CLOSING: &str = "the server is closing";
    log::warn!(reason = CLOSING; "reload_failed");
    Err(CLOSING.to_owned())
}
