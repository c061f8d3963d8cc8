//! Accepts connections, for as long as the server runs.
//!
//! Must not know: who may connect; the broker turns connections away.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_std::task;

use super::executor::Executor;
use super::inbox::Arrival;
use super::inbox::Inbox;
use super::proxies::{self, HeaderSlot, TrustedProxies};
use super::rate_limit::SharedRate;
use super::reader::{self, ByteSource};
use crate::model::Origin;
use crate::net::listen::{Accepted, Listener};
use crate::net::read_watch::ReadWatch;
use crate::net::socket::Socket;
use crate::net::socket_file::FileNews;
use crate::server::ids::ConnId;
use crate::server::limits::{ACCEPT_PAUSE, SEND_BUFFER};
use crate::sys::clock::Clock;

/// What every connection needs.
#[derive(Clone, Debug)]
pub(in crate::server) struct ConnectionSetup {
    /// The inbox of the broker.
    pub(in crate::server) inbox: Inbox,
    /// The flood limit of all connections.
    pub(in crate::server) flood: SharedRate,
    /// The proxies that say whose a connection is.
    pub(in crate::server) proxies: TrustedProxies,
    /// The server's clock.
    pub(in crate::server) clock: Clock,
    /// Runs the tasks of connections.
    pub(in crate::server) executor: Executor,
    /// Reports which connections without TLS can be read; `None` if this system cannot do so.
    pub(in crate::server) watch: Option<ReadWatch>,
    /// The number of the next connection, shared by all listeners.
    pub(in crate::server) next: Arc<AtomicU64>,
}

/// The next connection at a listener whose errors concern nobody: after one, it pauses and goes on.
pub(super) async fn next_connection(listener: &mut Listener) -> (Socket, Origin) {
    loop {
        match listener.accept().await {
            Ok(Accepted::Connection(socket, origin)) => return (socket, origin),
            Ok(Accepted::File(path, news)) => log_news(&path, &news),
            Err(_) => task::sleep(ACCEPT_PAUSE).await,
        }
    }
}

/// Accepts until the broker is gone. After an error, such as having no free file descriptor, it pauses and goes on.
pub(in crate::server) async fn accept_all(mut listener: Listener, setup: ConnectionSetup) {
    let (mut failing, mut told_of_unmapped) = (false, false);
    loop {
        let (socket, origin) = match listener.accept().await {
            Ok(Accepted::Connection(socket, origin)) => (socket, origin),
            Ok(Accepted::File(path, news)) => {
                log_news(&path, &news);
                continue;
            }
            // The peer gave up before it was accepted: nothing is wrong here.
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
        if origin == Origin::Unmapped && !std::mem::replace(&mut told_of_unmapped, true) {
            log::warn!(reason = "they are outside the server's user namespace"; "unmapped_users");
        }
        if setup.proxies.speak_at(origin) {
            if let Some(slot) = setup.proxies.slot(origin) {
                setup.executor.spawn(take_from_proxy(setup.clone(), socket, origin, slot));
            }
        } else if !take(&setup, socket, origin).await {
            return;
        }
    }
}

/// Takes a connection in; `false` if the broker is gone.
async fn take(setup: &ConnectionSetup, socket: Socket, origin: Origin) -> bool {
    socket.tune(Some(SEND_BUFFER));
    let conn = ConnId(setup.next.fetch_add(1, Ordering::Relaxed));
    let ConnectionSetup { inbox, flood, clock, executor, .. } = setup.clone();
    let inbox = if socket.is_secure() { inbox.far } else { inbox.near };
    if inbox.send(Arrival::Accepted(conn, origin, socket.clone())).await.is_err() {
        return false;
    }
    let source = ByteSource::of(socket.clone(), setup.watch.as_ref());
    executor.spawn_for(&socket, reader::serve(conn, source, inbox, flood, clock));
    true
}

/// Takes a connection in that comes through a proxy, once the proxy has said whose it is.
async fn take_from_proxy(setup: ConnectionSetup, socket: Socket, proxy: Origin, slot: HeaderSlot) {
    if let Some(origin) = proxies::origin_of(&socket, proxy).await {
        take(&setup, socket, origin).await;
    }
    drop(slot);
}

/// Logs what has become of a socket file.
fn log_news(path: &Path, news: &FileNews) {
    match news {
        FileNews::Made(_) => log::warn!(path:% = path.display(); "socket_file_made_again"),
        FileNews::Lost(reason) => log::error!(path:% = path.display(), reason:% = reason; "socket_file_lost"),
        FileNews::Replaced => log::error!(path:% = path.display(); "socket_file_replaced"),
        FileNews::Back => log::info!(path:% = path.display(); "socket_file_back"),
    }
}
