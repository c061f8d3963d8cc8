//! Connects to a server as its address says.
//!
//! Must not know: what is sent once connected, or which servers are known.

use std::io;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::Duration;

use async_io::Async;
use async_std::task;

use super::certificate::Credential;
use super::dial_failure::{DialFailure, DialFault};
use super::socket::Socket;
use super::ssh::{Prompts, Tunnel};
use super::tls_config::{Judge, connect};
use crate::language::files as say;
use crate::model::Url;
use crate::model::url::Host;

/// How long to wait for one address to answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long to wait for the look-up of a host name.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(5);
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
pub(crate) async fn dial(url: &Url, security: impl FnOnce(&Host) -> io::Result<Security>) -> io::Result<Dialed> {
    let mut address = None;
    let socket = match url {
        Url::Tcp(host) => {
            let (fd, reached) = reach(host).await?;
            address = Some(reached);
            Socket::new(fd)?
        }
        Url::Tls(host) => {
            let Security { credential, judge } = security(host)?;
            let tls = connect(&host.name, &credential, judge).map_err(io::Error::other)?;
            let (fd, reached) = reach(host).await?;
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

/// Connects to the first address of a host that answers; also returns which one that was.
pub(super) async fn reach(host: &Host) -> io::Result<(OwnedFd, SocketAddr)> {
    let (name, port) = (host.name.clone(), host.port);
    let lookup = task::spawn_blocking(move || Ok((name.as_str(), port).to_socket_addrs()?.collect::<Vec<_>>()));
    let addresses: Vec<SocketAddr> =
        async_std::io::timeout(LOOKUP_TIMEOUT, lookup).await.map_err(|error| unresolved(&host.name, &error))?;
    let mut failure = unresolved(&host.name, &io::ErrorKind::NotFound.into());
    for address in addresses {
        match async_std::io::timeout(CONNECT_TIMEOUT, Async::<TcpStream>::connect(address)).await {
            Ok(stream) => return Ok((OwnedFd::from(stream.into_inner()?), address)),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

/// The same words for every failed look-up, whatever the system says.
fn unresolved(name: &str, error: &io::Error) -> io::Error {
    let why =
        if error.kind() == io::ErrorKind::TimedOut { say::name_not_in_time(name) } else { say::name_unresolved(name) };
    DialFailure::new(DialFault::Name, why).into_error()
}

/// Whether an impostor answered: it presented a certificate whose key it does not have.
#[must_use]
pub(crate) fn is_impostor(error: &io::Error) -> bool {
    let tls = error.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>());
    matches!(tls, Some(rustls::Error::InvalidCertificate(rustls::CertificateError::BadSignature)))
}
