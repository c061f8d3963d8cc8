//! Connects to a server, the way its address says.
//!
//! Must not know: what is said once connected, or which servers are known.

use std::io;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::Duration;

use async_io::Async;
use async_std::task;

use super::certificate::Credential;
use super::socket::Socket;
use super::ssh::{Prompts, Tunnel};
use super::tls_config::{Judge, connect};
use crate::model::Url;
use crate::model::url::Host;

/// How long one address is given to answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long looking up a name may take.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the handshake may take.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// A connection, and what carries it, if that is more than a socket.
#[derive(Debug)]
pub struct Dialed {
    /// The connection.
    pub socket: Socket,
    /// The ssh(1) that carries it; it ends when this is dropped.
    pub tunnel: Option<Tunnel>,
}

/// What TLS needs of whoever dials.
#[derive(Clone)]
pub struct Security {
    /// What is proved to the server.
    pub credential: Credential,
    /// What judges the server's key.
    pub judge: Arc<dyn Judge>,
}

/// Connects to a server; for `tls://` with `security`, which is asked for when it is needed.
///
/// # Errors
/// Why the last address did not answer.
pub async fn dial(url: &Url, security: impl FnOnce(&Host) -> io::Result<Security>) -> io::Result<Dialed> {
    let socket = match url {
        Url::Tcp(host) => Socket::new(reach(host).await?)?,
        Url::Tls(host) => {
            let Security { credential, judge } = security(host)?;
            let tls = connect(&host.name, &credential, judge).map_err(io::Error::other)?;
            let socket = Socket::secure(reach(host).await?, tls)?;
            async_std::io::timeout(HANDSHAKE_TIMEOUT, socket.shake_hands()).await?;
            socket
        }
        Url::Unix(path) => {
            let stream = async_std::io::timeout(CONNECT_TIMEOUT, Async::<UnixStream>::connect(path)).await?;
            Socket::new(OwnedFd::from(stream.into_inner()?))?
        }
        Url::Ssh(login) => {
            let login = login.clone();
            let tunnel = task::spawn_blocking(move || Tunnel::open(&login, Prompts::Never)).await?;
            return tunnel.into_dialed();
        }
    };
    socket.tune(None);
    Ok(Dialed { socket, tunnel: None })
}

/// The first address of a host that answers.
async fn reach(host: &Host) -> io::Result<OwnedFd> {
    let (name, port) = (host.name.clone(), host.port);
    let lookup = task::spawn_blocking(move || Ok((name.as_str(), port).to_socket_addrs()?.collect::<Vec<_>>()));
    let addresses: Vec<SocketAddr> = async_std::io::timeout(LOOKUP_TIMEOUT, lookup).await.map_err(no_host)?;
    let mut failure = io::Error::new(io::ErrorKind::NotFound, "there is no such host");
    for address in addresses {
        match async_std::io::timeout(CONNECT_TIMEOUT, Async::<TcpStream>::connect(address)).await {
            Ok(stream) => return Ok(OwnedFd::from(stream.into_inner()?)),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

/// A lookup fails in words of the system's own.
fn no_host(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::TimedOut {
        error
    } else {
        io::Error::new(io::ErrorKind::NotFound, "there is no such host")
    }
}

/// Why nobody could be reached, as people say it.
#[must_use]
pub fn explain(error: &io::Error) -> String {
    if let Some(tls) = error.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>()) {
        return explain_tls(tls);
    }
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "nobody is serving there".to_owned(),
        io::ErrorKind::TimedOut => "it does not answer".to_owned(),
        // What the system says of a socket file that is not there.
        io::ErrorKind::NotFound if error.raw_os_error().is_some() => "there is no such socket".to_owned(),
        io::ErrorKind::PermissionDenied => "it is closed to you".to_owned(),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => "it cannot be reached".to_owned(),
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => "the connection broke".to_owned(),
        io::ErrorKind::UnexpectedEof => "it hung up during the handshake".to_owned(),
        _ => error.to_string(),
    }
}

/// Whether somebody stands in for the server: they show a certificate whose key they do not have.
#[must_use]
pub fn is_impostor(error: &io::Error) -> bool {
    let tls = error.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>());
    matches!(tls, Some(rustls::Error::InvalidCertificate(rustls::CertificateError::BadSignature)))
}

fn explain_tls(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidMessage(_) => "it does not speak TLS there; nothing was sent in the clear".to_owned(),
        rustls::Error::PeerIncompatible(_) => "it does not speak TLS 1.3; nothing was sent in the clear".to_owned(),
        error => format!("TLS failed: {error}"),
    }
}
