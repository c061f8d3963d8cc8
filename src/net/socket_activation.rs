//! Socket activation: listening sockets that the service manager opened before the program started (sd_listen_fds(3)).
//!
//! The service manager stays their owner: the program does not remove them when it ends, and clients that connect
//! meanwhile wait for the next server.
//!
//! Must not know: who may connect.

use std::env;
use std::fs;
use std::io;
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::net::UnixListener;

use listenfd::ListenFd;
use rustix::net::sockopt;

use super::address::ListenAddress;

/// The most sockets that are accepted.
const MAX_SOCKETS: usize = 64;
/// The name (`FileDescriptorName=`) of sockets that use TLS.
const TLS: &str = "tls";

/// A socket from the service manager.
#[derive(Debug)]
pub(crate) enum ActivatedSocket {
    /// In plain text.
    Tcp(TcpListener),
    /// With TLS.
    Tls(TcpListener),
    /// A socket file.
    Unix(UnixListener),
}

impl ActivatedSocket {
    /// The address that it listens on.
    ///
    /// # Errors
    /// An error of the system.
    pub(crate) fn address(&self) -> io::Result<ListenAddress> {
        Ok(match self {
            Self::Tcp(listener) => ListenAddress::Tcp(listener.local_addr()?),
            Self::Tls(listener) => ListenAddress::Tls(listener.local_addr()?),
            Self::Unix(listener) => {
                let address = listener.local_addr()?;
                ListenAddress::Unix(
                    address.as_pathname().map_or_else(|| "@".to_owned(), |path| path.display().to_string()),
                )
            }
        })
    }
}

/// Whether a socket from the service manager, at its address, is the one that the configuration names too: then it is
/// not bound once more.
#[must_use]
pub(crate) fn is_same(passed: &ListenAddress, named: &ListenAddress) -> bool {
    match (passed, named) {
        (ListenAddress::Tcp(passed), ListenAddress::Tcp(named))
        | (ListenAddress::Tls(passed), ListenAddress::Tls(named)) => {
            // One for all addresses of IPv6 takes IPv4 as well, unless the system says otherwise.
            let all = passed.ip().is_unspecified() && (passed.is_ipv6() || named.is_ipv4());
            passed.port() == named.port() && named.port() != 0 && (passed.ip() == named.ip() || all)
        }
        (ListenAddress::Unix(passed), ListenAddress::Unix(named)) => {
            let file = |path: &str| fs::metadata(path).map(|seen| (seen.dev(), seen.ino())).ok();
            passed == named || file(passed).is_some_and(|passed| Some(passed) == file(named))
        }
        _ => false,
    }
}

/// The sockets from the service manager. To be called once, before anything else is opened.
///
/// # Errors
/// If one of them cannot be used for listening.
pub(crate) fn take() -> io::Result<Vec<ActivatedSocket>> {
    // Sockets for a parent process are not ours.
    if env::var("LISTEN_PID").ok().and_then(|pid| pid.parse().ok()) != Some(std::process::id()) {
        return Ok(Vec::new());
    }
    let names = env::var("LISTEN_FDNAMES").unwrap_or_default();
    let mut names = names.split(':');
    let mut sockets = ListenFd::from_env();
    (0..sockets.len().min(MAX_SOCKETS))
        .map(|number| one(&mut sockets, number, names.next().unwrap_or_default()))
        .collect()
}

fn one(sockets: &mut ListenFd, number: usize, name: &str) -> io::Result<ActivatedSocket> {
    let useless = |why: &str| io::Error::other(format!("socket {number} {why}"));
    let socket = match (sockets.take_tcp_listener(number), name) {
        (Ok(Some(listener)), TLS) => ActivatedSocket::Tls(listener),
        (Ok(Some(listener)), _) => ActivatedSocket::Tcp(listener),
        (_, TLS) => return Err(useless("is named tls but is not a TCP socket")),
        _ => match sockets.take_unix_listener(number) {
            Ok(Some(listener)) => ActivatedSocket::Unix(listener),
            _ => return Err(useless("is neither TCP nor a Unix stream socket")),
        },
    };
    let listens = match &socket {
        ActivatedSocket::Tcp(listener) | ActivatedSocket::Tls(listener) => sockopt::socket_acceptconn(listener),
        ActivatedSocket::Unix(listener) => sockopt::socket_acceptconn(listener),
    };
    if listens? { Ok(socket) } else { Err(useless("does not listen; the unit needs Accept=no")) }
}
