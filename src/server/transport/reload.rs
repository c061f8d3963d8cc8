//! Reloading: on SIGHUP, or when asked through the control socket, everything is read again and put in force, all of it
//! or nothing. Whoever asks is told the outcome.
//!
//! Must not know: what is read, or what follows from it.

use async_signal::Signals;
use async_std::channel::{Receiver, Sender, bounded};
use async_std::future::timeout;
use async_std::task;
use futures_lite::future::poll_once;
use futures_lite::{FutureExt as _, StreamExt as _};

use super::executor::spawn_elsewhere;
use super::inbox::Arrival;
use super::listener::log_news;
use crate::model::Origin;
use crate::net::control;
use crate::net::listen::{Accepted, Listener};
use crate::net::socket::Socket;
use crate::server::broker::tuning::Change;
use crate::server::limits::{ACCEPT_PAUSE, CONTROL_ASKERS, CONTROL_DEADLINE, RELOAD_PATIENCE};
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
        // A broker that is gone counts nothing any more.
        let _ = inbox.send(Arrival::Reloaded(outcome.is_ok())).await;
        for asker in waiting {
            // An asker that is gone does not want it any more.
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

/// Serves the control socket, to some askers at a time, for as long as the server runs.
pub(in crate::server) async fn serve_control(mut listener: Listener, own_uid: u32, requests: Sender<ReloadRequest>) {
    // It holds one token for each asker that is being served; further ones wait in the kernel.
    let (take, give_back) = bounded(CONTROL_ASKERS);
    loop {
        let (socket, origin) = match listener.accept().await {
            Ok(Accepted::Connection(socket, origin)) => (socket, origin),
            Ok(Accepted::File(path, news)) => {
                log_news(&path, &news);
                continue;
            }
            Err(_) => {
                task::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        // Nobody else can enter the folder; this holds even if somebody opens it.
        if !matches!(origin, Origin::Unix(uid) if uid == own_uid || uid == 0) {
            socket.cut();
            continue;
        }
        if take.send(()).await.is_err() {
            return;
        }
        let (requests, give_back) = (requests.clone(), give_back.clone());
        spawn_elsewhere(async move {
            // An asker that takes too long is cut, and an error concerns nobody else.
            let _ = timeout(RELOAD_PATIENCE, answer(&socket, &requests)).await;
            socket.cut();
            let _ = give_back.try_recv();
        });
    }
}

async fn answer(socket: &Socket, requests: &Sender<ReloadRequest>) -> std::io::Result<()> {
    let mut asked = Vec::new();
    let whole = async {
        while asked.len() <= control::RELOAD.len() {
            let take = |bytes: &[u8]| {
                asked.extend_from_slice(bytes);
                bytes.len()
            };
            if socket.read(control::RELOAD.len() + 1, take).await? == 0 {
                break;
            }
        }
        Ok::<_, std::io::Error>(())
    };
    async_std::io::timeout(CONTROL_DEADLINE, whole).await?;
    let outcome = if asked == control::RELOAD.as_bytes() {
        let (asker, outcome) = bounded(1);
        let _ = requests.send(asker).await;
        outcome.recv().await.unwrap_or_else(|_| Err("the server is closing".to_owned()))
    } else {
        Err("this server knows no such request".to_owned())
    };
    let answer = match outcome {
        Ok(()) => control::DONE.to_owned(),
        Err(why) => format!("{}{why}\n", control::REFUSED),
    };
    socket.write_all(answer.as_bytes(), CONTROL_DEADLINE).await?;
    socket.finish();
    Ok(())
}
