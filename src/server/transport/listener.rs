//! Accepts connections, for as long as the server runs.
//!
//! Must not know: who may connect; the broker turns connections away.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_std::task;

use super::executor::Crew;
use super::inbox::Arrival;
use super::inbox::Inbox;
use super::rate_limit::SharedRate;
use super::reader as connection;
use crate::net::listen::Listener;
use crate::server::ids::ConnId;
use crate::server::limits::{ACCEPT_PAUSE, SEND_BUFFER};
use crate::sys::clock::Clock;

/// What every connection is given.
#[derive(Clone, Debug)]
pub struct Reception {
    /// To the broker.
    pub(in crate::server) inbox: Inbox,
    /// The flood limit.
    pub flood: SharedRate,
    /// The clock.
    pub clock: Clock,
    /// Who serves it.
    pub crew: Crew,
    /// The number of the next connection, shared by all listeners.
    pub next: Arc<AtomicU64>,
}

/// Accepts until the broker is gone. An error to accept, as without free file descriptors, pauses and goes on.
pub async fn accept_all(listener: Listener, reception: Reception) {
    let mut failing = false;
    loop {
        let (socket, origin) = match listener.accept().await {
            Ok(accepted) => accepted,
            // Given up by the peer before it was accepted: nothing is wrong here.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => continue,
            Err(error) => {
                if !std::mem::replace(&mut failing, true) {
                    log::error!(reason:% = error; "accept_failed");
                }
                task::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        if std::mem::replace(&mut failing, false) {
            log::info!("accepting_again");
        }
        socket.tune(Some(SEND_BUFFER));
        let conn = ConnId(reception.next.fetch_add(1, Ordering::Relaxed));
        let Reception { inbox, flood, clock, crew, .. } = reception.clone();
        let inbox = if socket.is_secure() { inbox.far } else { inbox.near };
        if inbox.send(Arrival::Accepted(conn, origin, socket.clone())).await.is_err() {
            return;
        }
        crew.serving(&socket.clone(), connection::serve(conn, socket, inbox, flood, clock));
    }
}
