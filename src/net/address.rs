//! The address of a listening socket.
//!
//! Must not know: how a socket listens there.

use std::fmt;
use std::net::SocketAddr;

/// The address of a listening socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListenAddress {
    /// In plain text.
    Tcp(SocketAddr),
    /// With TLS.
    Tls(SocketAddr),
    /// On a socket file.
    Unix(String),
}

impl ListenAddress {
    /// The address on the network, if it has one.
    #[must_use]
    pub fn on_network(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(address) | Self::Tls(address) => Some(*address),
            Self::Unix(_) => None,
        }
    }
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "tcp://{address}"),
            Self::Tls(address) => write!(f, "tls://{address}"),
            Self::Unix(path) => write!(f, "unix:{path}"),
        }
    }
}
