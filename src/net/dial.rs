//! Connects to a server as its address says.
//!
//! Must not know: what is sent once connected, or which servers are known.

use std::io;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::Duration;

use async_io::Async;
use async_std::task;

use super::certificate::Credential;
use super::reach::{CONNECT_TIMEOUT, ReachOrder, reach};
use super::socket::Socket;
use super::ssh::{Prompts, Tunnel};
use super::tls_config::{Judge, connect};
use crate::model::Url;
use crate::model::url::Host;

/// How long to wait for the TLS handshake.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// A connection, and the tunnel that carries it, if there is one.
#[derive(Debug)]
pub(crate) struct Dialed {
    /// The connection.
    pub socket: Socket,
    /// The ssh(1) that carries it; the connection ends when this is dropped.
    pub tunnel: Option<Tunnel>,
    /// The server's address, if it was reached over the network by us.
    pub address: Option<SocketAddr>,
}

impl Dialed {
    /// The connection that a tunnel carries.
    ///
    /// # Errors
    /// An error of the system.
    pub(crate) fn through(mut tunnel: Tunnel) -> io::Result<Self> {
        Ok(Self { socket: tunnel.take_socket()?, tunnel: Some(tunnel), address: None })
    }
}

/// What a client needs for TLS.
#[derive(Clone)]
pub(crate) struct Security {
    /// What the client proves to the server.
    pub credential: Credential,
    /// What checks the server's key.
    pub judge: Arc<dyn Judge>,
}

/// Connects to a server. For `tls://`, `security` is called.
///
/// # Errors
/// Why the last address that was tried did not answer.
pub(crate) async fn dial(
    url: &Url,
    order: ReachOrder,
    security: impl FnOnce(&Host) -> io::Result<Security>,
) -> io::Result<Dialed> {
    let mut address = None;
    let socket = match url {
        Url::Tcp(host) => {
            let (fd, reached) = reach(host, order).await?;
            address = Some(reached);
            Socket::new(fd)?
        }
        Url::Tls(host) => {
            let Security { credential, judge } = security(host)?;
            let tls = connect(&host.name, &credential, judge).map_err(io::Error::other)?;
            let (fd, reached) = reach(host, order).await?;
            address = Some(reached);
            let socket = Socket::secure(fd, tls)?;
            async_std::io::timeout(HANDSHAKE_TIMEOUT, socket.handshake()).await?;
            socket
        }
        Url::Unix(path) => {
            let stream = async_std::io::timeout(CONNECT_TIMEOUT, Async::<UnixStream>::connect(path)).await?;
            Socket::new(OwnedFd::from(stream.into_inner()?))?
        }
        Url::Ssh(login) => {
            let login = login.clone();
            let tunnel = task::spawn_blocking(move || Tunnel::open(&login, Prompts::Never)).await?;
            return Dialed::through(tunnel);
        }
    };
    socket.tune(None);
    Ok(Dialed { socket, tunnel: None, address })
}

/// Whether an impostor answered: it presented a certificate whose key it does not have.
#[must_use]
pub(crate) fn is_impostor(error: &io::Error) -> bool {
    let tls = error.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>());
    matches!(tls, Some(rustls::Error::InvalidCertificate(rustls::CertificateError::BadSignature)))
}
