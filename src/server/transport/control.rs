//! Serves the control socket: other processes of the server's user, or of root, ask for a reload or for a new moderator
//! passphrase, or order something of the broker. Whoever asks is told the outcome.
//!
//! Must not know: what a reload reads, or what follows from an order.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_std::channel::{Sender, bounded};
use async_std::future::timeout;
use async_std::task;

use super::executor::spawn_elsewhere;
use super::inbox::Arrival;
use super::listener::next_connection;
use super::reload::ReloadRequest;
use super::workers::SharedHash;
use crate::model::Origin;
use crate::net::control;
use crate::net::listen::Listener;
use crate::net::socket::Socket;
use crate::server::host_order::HostOrder;
use crate::server::ids::ConnId;
use crate::server::limits::{CONTROL_ASKERS, CONTROL_DEADLINE, ORDER_PATIENCE};
use crate::server::secrets::data_folder;

/// Where what is asked for goes.
#[derive(Clone, Debug)]
pub(in crate::server) struct ControlTargets {
    /// To whoever reloads.
    pub(in crate::server) reloads: Sender<ReloadRequest>,
    /// To the broker.
    pub(in crate::server) inbox: Sender<Arrival>,
    /// The next number of a connection, or of an order.
    pub(in crate::server) next: Arc<AtomicU64>,
    /// To the workers that check passphrases.
    pub(in crate::server) hash: SharedHash,
    /// The data folder.
    pub(in crate::server) data: PathBuf,
}

/// What became of something that was asked for: a sentence, or why it was not done.
type HostOutcome = Result<String, String>;

/// Serves the control socket, to some askers at a time, for as long as the server runs.
pub(in crate::server) async fn serve(mut listener: Listener, own_uid: u32, targets: ControlTargets) {
    // It holds one token for each asker that is being served; further ones wait in the kernel.
    let (take, give_back) = bounded(CONTROL_ASKERS);
    loop {
        let (socket, origin) = next_connection(&mut listener).await;
        // Nobody else can enter the folder; this holds even if somebody opens it.
        if !matches!(origin, Origin::Unix(uid) if uid == own_uid || uid == 0) {
            socket.cut();
            continue;
        }
        if take.send(()).await.is_err() {
            return;
        }
        let (targets, give_back) = (targets.clone(), give_back.clone());
        spawn_elsewhere(async move {
            // An asker that takes too long is cut, and an error concerns nobody else.
            let _ = timeout(ORDER_PATIENCE, answer(&socket, &targets)).await;
            socket.cut();
            let _ = give_back.try_recv();
        });
    }
}

async fn answer(socket: &Socket, targets: &ControlTargets) -> io::Result<()> {
    let mut asked = Vec::new();
    let whole = async {
        while asked.len() <= control::MAX_REQUEST {
            let take = |bytes: &[u8]| {
                asked.extend_from_slice(bytes);
                bytes.len()
            };
            if socket.read(control::MAX_REQUEST + 1, take).await? == 0 {
                break;
            }
        }
        Ok::<_, io::Error>(())
    };
    async_std::io::timeout(CONTROL_DEADLINE, whole).await?;
    let answer = match carry_out(&asked, targets).await {
        Ok(text) if text.is_empty() => control::DONE.to_owned(),
        Ok(text) => format!("{}{text}\n", control::DONE),
        Err(why) => format!("{}{why}\n", control::REFUSED),
    };
    socket.write_all(answer.as_bytes(), CONTROL_DEADLINE).await?;
    socket.finish();
    Ok(())
}

async fn carry_out(asked: &[u8], targets: &ControlTargets) -> HostOutcome {
    let closing = || "the server is closing".to_owned();
    let line = std::str::from_utf8(asked).ok().and_then(|asked| asked.strip_suffix('\n')).unwrap_or_default();
    if line == control::RELOAD {
        let (asker, outcome) = bounded(1);
        let _ = targets.reloads.send(asker).await;
        return outcome.recv().await.unwrap_or_else(|_| Err(closing())).map(|()| String::new());
    }
    if line == control::PASSPHRASE {
        return new_passphrase(targets).await;
    }
    let Some(order) = HostOrder::parse(line) else { return Err(control::UNKNOWN.to_owned()) };
    carry_out_order(order, &targets.inbox, &targets.next).await
}

/// Gives the broker an order, and waits for the outcome.
pub(in crate::server) async fn carry_out_order(
    order: HostOrder,
    inbox: &Sender<Arrival>,
    next: &AtomicU64,
) -> HostOutcome {
    let (asker, outcome) = bounded(1);
    let conn = ConnId(next.fetch_add(1, Ordering::Relaxed));
    let _ = inbox.send(Arrival::Order(conn, order, asker)).await;
    outcome.recv().await.unwrap_or_else(|_| {
        Err("the server closed, or lost touch with the other nodes, before it was known whether it is done".to_owned())
    })
}

/// Makes a new moderator passphrase. From here on the former one is wrong, also after a restart.
async fn new_passphrase(targets: &ControlTargets) -> HostOutcome {
    let data = targets.data.clone();
    let made = task::spawn_blocking(move || data_folder::renew_passphrase(&data)).await;
    let (hash, passphrase) = made.map_err(|error| error.to_string())?;
    targets.hash.set(&hash);
    log::warn!("passphrase_rotated");
    // Also of those whose passphrase is just being compared with the former one.
    let ended = carry_out_order(HostOrder::EndPassphraseRights, &targets.inbox, &targets.next).await;
    // The new one is in force, whatever became of this.
    Ok(match ended {
        Ok(_) => passphrase,
        Err(why) => format!("{passphrase}\nWhat the former one gave may still hold ({why}); do this again."),
    })
}
