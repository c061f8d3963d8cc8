//! Where a server is: `tcp://HOST:PORT`.
//!
//! Must not know: how a host is looked up, or whether anybody answers there.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// The port of the original, where none is given.
pub const DEFAULT_PORT: u16 = 1234;

/// The longest host name (RFC 1035, section 2.3.4).
const MAX_HOST: usize = 253;

/// A server's address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Url {
    /// A name or an IP address, the latter without brackets.
    pub host: String,
    /// The TCP port; 0 lets the system choose one to listen on.
    pub port: u16,
}

/// Why an address is none. Its `Display` is a sentence for the person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Not a scheme that this program speaks.
    #[error("'{0}' is no address that tr2 knows; write tcp://HOST:PORT.")]
    Scheme(String),
    /// No host, or one that cannot be.
    #[error("'{0}' has no host; write tcp://HOST:PORT.")]
    Host(String),
    /// A port that is not a number from 0 to 65535.
    #[error("'{0}' is no port; a port is a number from 1 to 65535.")]
    Port(String),
}

impl Url {
    /// Whether the host is an address or name of this machine alone.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
    }
}

impl FromStr for Url {
    type Err = UrlError;

    /// Takes `tcp://HOST:PORT`, `tcp://HOST`, and the same without `tcp://`.
    fn from_str(text: &str) -> Result<Self, UrlError> {
        let shown = || super::Text::line(text.get(..text.floor_char_boundary(80)).unwrap_or_default()).to_string();
        let text = text.trim();
        let rest = text.strip_prefix("tcp://").unwrap_or(text);
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains('/') {
            return Err(UrlError::Scheme(shown()));
        }
        let (host, port) = split_port(rest).ok_or_else(|| UrlError::Host(shown()))?;
        let legal = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_' | ':' | '%');
        if host.is_empty() || host.len() > MAX_HOST || !host.chars().all(legal) {
            return Err(UrlError::Host(shown()));
        }
        let port = match port {
            None => DEFAULT_PORT,
            Some(port) if port.starts_with('+') => return Err(UrlError::Port(super::Text::line(port).to_string())),
            Some(port) => port.parse().map_err(|_| UrlError::Port(super::Text::line(port).to_string()))?,
        };
        Ok(Self { host: host.to_owned(), port })
    }
}

/// Splits at the colon of the port, leaving those of an IPv6 address alone.
fn split_port(rest: &str) -> Option<(&str, Option<&str>)> {
    if let Some(bracketed) = rest.strip_prefix('[') {
        let (host, tail) = bracketed.split_once(']')?;
        return match tail.strip_prefix(':') {
            Some(port) => Some((host, Some(port))),
            None => tail.is_empty().then_some((host, None)),
        };
    }
    match rest.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') => Some((host, Some(port))),
        _ => Some((rest, None)),
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port } = self;
        if host.contains(':') { write!(f, "tcp://[{host}]:{port}") } else { write!(f, "tcp://{host}:{port}") }
    }
}
