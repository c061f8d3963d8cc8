//! Connects to a server.
//!
//! Must not know: what is said once connected.

use std::io;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::os::fd::OwnedFd;
use std::time::Duration;

use async_io::Async;
use async_std::task;

use super::socket::Socket;
use crate::model::Url;

/// How long one address is given to answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long looking up a name may take.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(5);

/// Connects to the first address of the server that answers.
///
/// # Errors
/// Why the last address did not answer.
pub async fn dial(url: &Url) -> io::Result<Socket> {
    let (host, port) = (url.host.clone(), url.port);
    let lookup = task::spawn_blocking(move || Ok((host.as_str(), port).to_socket_addrs()?.collect::<Vec<_>>()));
    let addresses: Vec<SocketAddr> = async_std::io::timeout(LOOKUP_TIMEOUT, lookup).await.map_err(no_host)?;
    let mut failure = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in addresses {
        match async_std::io::timeout(CONNECT_TIMEOUT, Async::<TcpStream>::connect(address)).await {
            Ok(stream) => {
                let socket = Socket::new(OwnedFd::from(stream.into_inner()?))?;
                socket.tune(None);
                return Ok(socket);
            }
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

/// A lookup fails in words of the system's own, and with a kind of its own.
fn no_host(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::TimedOut { error } else { io::Error::new(io::ErrorKind::NotFound, error) }
}

/// Why nobody could be reached, as people say it.
#[must_use]
pub fn explain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "nobody is serving there".to_owned(),
        io::ErrorKind::TimedOut => "it does not answer".to_owned(),
        io::ErrorKind::NotFound => "there is no such host".to_owned(),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => "it cannot be reached".to_owned(),
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => "the connection broke".to_owned(),
        _ => error.to_string(),
    }
}
