//! Addresses of servers: `tcp://HOST:PORT`, `tls://HOST:PORT`, `unix:PATH` or `ssh://[USER@]HOST[:PORT]`.
//!
//! Must not know: how a host name is looked up, or whether a server answers there.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use super::Text;

/// The port of the original: the default of `tcp://`.
pub const DEFAULT_PORT: u16 = 1234;
/// The default port of `tls://`.
pub const DEFAULT_TLS_PORT: u16 = 1235;

/// The longest host name (RFC 1035, section 2.3.4).
const MAX_HOST: usize = 253;
/// The longest path of a Unix socket, in bytes (`sun_path` of unix(7), without its NUL).
pub(crate) const MAX_PATH: usize = 107;
/// The longest user name on another host.
const MAX_USER: usize = 64;

/// A server's address.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Url {
    /// In plain text.
    Tcp(Host),
    /// Encrypted; the server proves its identity.
    Tls(Host),
    /// The socket file of a server on this machine.
    Unix(String),
    /// The socket file of a server on another machine, through ssh(1).
    Ssh(SshLogin),
}

/// A host and a port.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Host {
    /// A name or an IP address, the latter without brackets.
    pub name: String,
    /// The TCP port; 0 lets the system choose one to listen on.
    pub port: u16,
}

/// A user account on another host.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SshLogin {
    /// The user name; `None` leaves the choice to ssh(1).
    pub user: Option<String>,
    /// The host, by a name that ssh(1) knows.
    pub host: String,
    /// The port of its sshd; `None` leaves the choice to ssh(1).
    pub port: Option<u16>,
    /// The path of the socket file; `None` for the one that a server there makes by default.
    pub path: Option<String>,
}

/// Why an address was refused. Its `Display` is a sentence for the user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Its scheme is not one that this program speaks.
    #[error("'{0}' is not a server address; write tcp://HOST:PORT, tls://HOST:PORT, unix:PATH or ssh://HOST.")]
    Scheme(String),
    /// It has no host, or an impossible one.
    #[error("'{0}' has no host; write tcp://HOST:PORT, tls://HOST:PORT or ssh://USER@HOST.")]
    Host(String),
    /// Its port is not a number from 0 to 65535.
    #[error("'{0}' is not a port; a port is a number from 1 to 65535.")]
    Port(String),
    /// Its path is missing, relative or too long.
    #[error("'{0}' is not the path of a socket; write unix: and an absolute path of at most {MAX_PATH} bytes.")]
    Path(String),
}

impl Url {
    /// Whether only the two ends can read or change what is said.
    #[must_use]
    pub fn is_private(&self) -> bool {
        match self {
            Self::Tcp(host) => host.is_loopback(),
            Self::Tls(_) | Self::Unix(_) | Self::Ssh(_) => true,
        }
    }

    /// The server's host, as short as possible, for where there is little room.
    #[must_use]
    pub fn short_host(&self) -> String {
        let with = |host: &Host, default| {
            if host.port == default { host.name.clone() } else { format!("{}:{}", host.name, host.port) }
        };
        match self {
            Self::Tcp(host) => with(host, DEFAULT_PORT),
            Self::Tls(host) => with(host, DEFAULT_TLS_PORT),
            Self::Unix(_) => "localhost".to_owned(),
            Self::Ssh(login) => login.host.clone(),
        }
    }
}

impl Host {
    /// Whether it is an address or name of this machine alone.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.name == "localhost" || self.name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
    }

    fn parse(rest: &str, default: u16, shown: &impl Fn() -> String) -> Result<Self, UrlError> {
        let (name, port) = host_and_port(rest, shown)?;
        Ok(Self { name, port: port.unwrap_or(default) })
    }
}

impl SshLogin {
    fn parse(rest: &str, shown: &impl Fn() -> String) -> Result<Self, UrlError> {
        let (place, path) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        let (user, host) = match place.rsplit_once('@') {
            Some((user, host)) => (Some(user), host),
            None => (None, place),
        };
        // Neither may be taken for an option of ssh(1).
        let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '+' | '\\' | '@');
        let wrong = |word: &str| word.is_empty() || word.len() > MAX_USER || word.starts_with('-');
        if user.is_some_and(|user| wrong(user) || !user.chars().all(legal)) || host.starts_with('-') {
            return Err(UrlError::Host(shown()));
        }
        let (host, port) = host_and_port(host, shown)?;
        let path = match path {
            "" | "/" => None,
            path => Some(socket_path(path, shown)?),
        };
        Ok(Self { user: user.map(str::to_owned), host, port, path })
    }
}

impl FromStr for Url {
    type Err = UrlError;

    /// Takes an address of any of the four kinds; a bare `HOST:PORT` or `HOST` is one of `tcp://`.
    fn from_str(text: &str) -> Result<Self, UrlError> {
        let shown = || Text::line(text.get(..text.floor_char_boundary(80)).unwrap_or_default()).to_string();
        let text = text.trim();
        if let Some(path) = text.strip_prefix("unix:") {
            return socket_path(path.strip_prefix("//").unwrap_or(path), &shown).map(Self::Unix);
        }
        if let Some(rest) = text.strip_prefix("ssh://") {
            return SshLogin::parse(rest, &shown).map(Self::Ssh);
        }
        let (rest, tls) = match text.strip_prefix("tls://") {
            Some(rest) => (rest, true),
            None => (text.strip_prefix("tcp://").unwrap_or(text), false),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains('/') {
            return Err(UrlError::Scheme(shown()));
        }
        if tls {
            Host::parse(rest, DEFAULT_TLS_PORT, &shown).map(Self::Tls)
        } else {
            Host::parse(rest, DEFAULT_PORT, &shown).map(Self::Tcp)
        }
    }
}

fn host_and_port(rest: &str, shown: &impl Fn() -> String) -> Result<(String, Option<u16>), UrlError> {
    let (host, port) = split_port(rest).ok_or_else(|| UrlError::Host(shown()))?;
    let legal = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_' | ':' | '%');
    if host.is_empty() || host.len() > MAX_HOST || !host.chars().all(legal) {
        return Err(UrlError::Host(shown()));
    }
    let wrong = |port: &str| UrlError::Port(Text::line(port).to_string());
    let port = match port {
        None => None,
        Some(port) if port.starts_with('+') => return Err(wrong(port)),
        Some(port) => Some(port.parse().map_err(|_| wrong(port))?),
    };
    Ok((host.to_owned(), port))
}

/// Splits host and port at the last colon, but not at those of an IPv6 address.
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

fn socket_path(path: &str, shown: &impl Fn() -> String) -> Result<String, UrlError> {
    let fine = path.starts_with('/') && !path.ends_with('/') && path.len() <= MAX_PATH;
    // A path that would be shown differently from what it is is refused.
    let fine = fine && Text::line(path).as_str() == path;
    if fine { Ok(path.to_owned()) } else { Err(UrlError::Path(shown())) }
}

/// Writes a host; an IPv6 address goes in brackets.
fn write_host(f: &mut fmt::Formatter<'_>, host: &str) -> fmt::Result {
    if host.contains(':') { write!(f, "[{host}]") } else { f.write_str(host) }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(host) => write!(f, "tcp://{host}"),
            Self::Tls(host) => write!(f, "tls://{host}"),
            Self::Unix(path) => write!(f, "unix:{path}"),
            Self::Ssh(login) => write!(f, "ssh://{login}"),
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_host(f, &self.name)?;
        write!(f, ":{}", self.port)
    }
}

impl fmt::Display for SshLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(user) = &self.user {
            write!(f, "{user}@")?;
        }
        write_host(f, &self.host)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        f.write_str(self.path.as_deref().unwrap_or_default())
    }
}

/// As `Display`: an address is one word for its reader.
impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for SshLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
