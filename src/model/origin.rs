//! Where a connection comes from, as the kernel says.
//!
//! Must not know: who is let in, or under which name.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

/// Where a connection comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// From this address, in the clear.
    Tcp(SocketAddr),
    /// From this address, over TLS.
    Tls(SocketAddr),
    /// From the user of this machine with this number, over a socket file.
    Unix(u32),
}

impl Origin {
    /// Whether it is this machine.
    #[must_use]
    pub fn is_local(self) -> bool {
        self.ip().is_none_or(|ip| ip.is_loopback())
    }

    /// Whether nobody in between can read or change what is sent.
    #[must_use]
    pub fn is_private(self) -> bool {
        matches!(self, Self::Tls(_)) || self.is_local()
    }

    /// The address, if it has one; an IPv4 address in IPv6 dress is taken for what it is.
    #[must_use]
    pub fn ip(self) -> Option<IpAddr> {
        match self {
            Self::Tcp(address) | Self::Tls(address) => Some(address.ip().to_canonical()),
            Self::Unix(_) => None,
        }
    }

    /// As the original writes an address in Python: `('127.0.0.1', 46352)`.
    #[must_use]
    pub fn as_original(self) -> String {
        match (self, self.ip()) {
            (Self::Tcp(address) | Self::Tls(address), Some(ip)) => format!("('{ip}', {})", address.port()),
            _ => "('localhost', 0)".to_owned(),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "tcp://{address}"),
            Self::Tls(address) => write!(f, "tls://{address}"),
            Self::Unix(uid) => write!(f, "uid:{uid}"),
        }
    }
}
