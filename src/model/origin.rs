//! Where a connection comes from, on the word of the kernel or of a trusted proxy.
//!
//! Must not know: who may join, or under which name.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Where a connection comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Origin {
    /// From this address, in plain text.
    Tcp(SocketAddr),
    /// From this address, over TLS.
    Tls(SocketAddr),
    /// From this address through a proxy, on the proxy's word, over TLS or in plain text. It is never this machine: a
    /// loopback address is one of the proxy's.
    Proxied {
        /// The client's address.
        address: SocketAddr,
        /// Whether it comes over TLS.
        secure: bool,
    },
    /// From the Unix user with this number, over a socket file.
    Unix(u32),
    /// From a local user whom the kernel cannot tell from others, over a socket file: one outside the server's user
    /// namespace.
    Unmapped,
}

impl Origin {
    /// Whether the connection comes from this machine. An unmapped user is on it too, but possibly in another container.
    #[must_use]
    pub fn is_local(self) -> bool {
        match self {
            Self::Tcp(address) | Self::Tls(address) => address.ip().to_canonical().is_loopback(),
            // The loopback address of a proxy is of the proxy's machine.
            Self::Proxied { .. } => false,
            Self::Unix(_) | Self::Unmapped => true,
        }
    }

    /// The same connection, which comes through a proxy from `address`.
    #[must_use]
    pub fn through_proxy(self, address: SocketAddr) -> Self {
        let secure = match self {
            Self::Tls(_) => true,
            Self::Proxied { secure, .. } => secure,
            Self::Tcp(_) | Self::Unix(_) | Self::Unmapped => false,
        };
        Self::Proxied { address, secure }
    }

    /// The address and port that it comes from, if there is one.
    #[must_use]
    pub fn address(self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(address) | Self::Tls(address) | Self::Proxied { address, .. } => Some(address),
            Self::Unix(_) | Self::Unmapped => None,
        }
    }

    /// Whether nobody in between can read or change what is sent.
    #[must_use]
    pub fn is_private(self) -> bool {
        matches!(self, Self::Tls(_) | Self::Proxied { secure: true, .. }) || self.is_local()
    }

    /// The IP address, if there is one; an IPv4-mapped IPv6 address counts as IPv4.
    #[must_use]
    pub fn ip(self) -> Option<IpAddr> {
        self.address().map(|address| address.ip().to_canonical())
    }

    /// Who connects over a socket file: the local user with this number, or one whom the kernel cannot tell. `None` for
    /// an address.
    #[must_use]
    pub fn local_user(self) -> Option<Option<u32>> {
        match self {
            Self::Unix(uid) => Some(Some(uid)),
            Self::Unmapped => Some(None),
            Self::Tcp(_) | Self::Tls(_) | Self::Proxied { .. } => None,
        }
    }

    /// The address as the original server writes it, in Python: `('127.0.0.1', 46352)`.
    #[must_use]
    pub fn as_original(self) -> String {
        match self.address() {
            Some(address) => format!("('{}', {})", address.ip().to_canonical(), address.port()),
            None => "('localhost', 0)".to_owned(),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) | Self::Proxied { address, secure: false } => write!(f, "tcp://{}", canonical(*address)),
            Self::Tls(address) | Self::Proxied { address, secure: true } => write!(f, "tls://{}", canonical(*address)),
            Self::Unix(uid) => write!(f, "uid:{uid}"),
            Self::Unmapped => f.write_str("uid:unmapped"),
        }
    }
}

/// The text is no origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an origin is tcp://ADDRESS:PORT, tls://ADDRESS:PORT, uid:N or uid:unmapped")]
pub struct OriginError;

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let (scheme, rest) = text.split_once(':').ok_or(OriginError)?;
        let address = || rest.strip_prefix("//").and_then(|address| address.parse().ok()).ok_or(OriginError);
        match scheme {
            "tcp" => address().map(Self::Tcp),
            "tls" => address().map(Self::Tls),
            "uid" if rest == "unmapped" => Ok(Self::Unmapped),
            "uid" => rest.parse().map(Self::Unix).map_err(|_| OriginError),
            _ => Err(OriginError),
        }
    }
}

/// The address in its shortest form: an IPv4-mapped IPv6 address as IPv4, as a firewall knows it.
fn canonical(address: SocketAddr) -> SocketAddr {
    match address.ip().to_canonical() {
        IpAddr::V4(ip) => (ip, address.port()).into(),
        // The scope of a link-local address is kept.
        IpAddr::V6(_) => address,
    }
}
