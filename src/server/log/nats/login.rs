//! Where a NATS server is, and how a client proves who it is.
//!
//! Must not know: sockets, where credentials are kept.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::nkey::UserKey;
use super::server_info::ServerInfo;
use crate::model::Url;
use crate::model::url::Host;

/// The port that NATS servers listen on by default.
const DEFAULT_PORT: &str = "4222";

/// The address of a NATS server: `nats://[USER:PASSWORD@]HOST[:PORT]`, or `tls://…`; one word before the `@` is a token.
#[derive(Clone, PartialEq, Eq)]
pub struct NatsUrl {
    /// Where it is.
    pub host: Host,
    /// Whether everything after the server's first line is encrypted.
    pub tls: bool,
    /// What stands before the `@`.
    userinfo: Option<Userinfo>,
}

#[derive(Clone, PartialEq, Eq)]
enum Userinfo {
    Token(String),
    Password(String, String),
}

/// Why an address of a NATS server was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NatsUrlError {
    /// It begins with neither.
    #[error("an address of a NATS server begins with nats:// or tls://")]
    Scheme,
    /// What follows is wrong.
    #[error("{0}")]
    Host(String),
    /// A percent sign without two digits after it.
    #[error("the user or the password in the address of a NATS server has a % that is not followed by two digits")]
    Escape,
}

impl FromStr for NatsUrl {
    type Err = NatsUrlError;

    fn from_str(text: &str) -> Result<Self, NatsUrlError> {
        let text = text.trim();
        let (rest, tls) = match (text.strip_prefix("nats://"), text.strip_prefix("tls://")) {
            (Some(rest), _) => (rest, false),
            (None, Some(rest)) => (rest, true),
            (None, None) => return Err(NatsUrlError::Scheme),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (userinfo, place) = match rest.rsplit_once('@') {
            None => (None, rest),
            Some((userinfo, place)) => (Some(Userinfo::parse(userinfo)?), place),
        };
        let has_port = place.rsplit_once(':').is_some_and(|(host, _)| !host.contains(':') || host.ends_with(']'));
        let place = if has_port { place.to_owned() } else { format!("{place}:{DEFAULT_PORT}") };
        let url = format!("tcp://{place}").parse::<Url>().map_err(|error| NatsUrlError::Host(error.to_string()))?;
        let Url::Tcp(host) = url else { return Err(NatsUrlError::Scheme) };
        Ok(Self { host, tls, userinfo })
    }
}

impl Userinfo {
    fn parse(text: &str) -> Result<Self, NatsUrlError> {
        Ok(match text.split_once(':') {
            Some((user, password)) => Self::Password(unescape(user)?, unescape(password)?),
            None => Self::Token(unescape(text)?),
        })
    }
}

fn unescape(text: &str) -> Result<String, NatsUrlError> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        let value = digit(rest.next()).zip(digit(rest.next())).map(|(high, low)| high << 4 | low);
        bytes.push(value.and_then(|value| u8::try_from(value).ok()).ok_or(NatsUrlError::Escape)?);
    }
    String::from_utf8(bytes).map_err(|_| NatsUrlError::Escape)
}

/// Without the user and the password.
impl fmt::Display for NatsUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls { "tls" } else { "nats" };
        let Host { name, port } = &self.host;
        if name.contains(':') { write!(f, "{scheme}://[{name}]:{port}") } else { write!(f, "{scheme}://{name}:{port}") }
    }
}

impl fmt::Debug for NatsUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What a credentials file has: a key, and usually a token that says what its owner may do.
#[derive(Clone, Debug)]
pub struct NatsCredentials {
    jwt: Option<String>,
    key: Arc<UserKey>,
}

/// Why a text has no credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NatsCredentialsError {
    /// There is no seed, or it is mistyped.
    #[error("there is no user's seed in it, which is a line that begins with SU")]
    NoSeed,
}

impl NatsCredentials {
    /// Reads a `.creds` file, or a file with a seed alone.
    ///
    /// # Errors
    /// If there is no seed in it.
    pub fn parse(text: &str) -> Result<Self, NatsCredentialsError> {
        let lines = || text.lines().map(str::trim).filter(|line| !line.starts_with("---"));
        let key = lines().filter(|line| line.starts_with("SU")).find_map(UserKey::from_seed);
        let key = Arc::new(key.ok_or(NatsCredentialsError::NoSeed)?);
        let jwt = lines().find(|line| line.starts_with("ey") && line.matches('.').count() == 2).map(str::to_owned);
        Ok(Self { jwt, key })
    }
}

/// The options of CONNECT, as JSON.
#[must_use]
pub fn connect_options(info: &ServerInfo, url: &NatsUrl, credentials: Option<&NatsCredentials>, name: &str) -> String {
    let fixed = json!({
        "verbose": false, "pedantic": false, "echo": true, "headers": true, "no_responders": true, "protocol": 1,
        "lang": "rust", "version": env!("CARGO_PKG_VERSION"), "name": name, "tls_required": url.tls,
    });
    let mut options = match fixed {
        Value::Object(options) => options,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Map::new(),
    };
    let mut put = |key: &str, value: &str| options.insert(key.to_owned(), Value::from(value));
    match &url.userinfo {
        Some(Userinfo::Token(token)) => drop(put("auth_token", token)),
        Some(Userinfo::Password(user, password)) => {
            put("user", user);
            put("pass", password);
        }
        None => {}
    }
    if let Some((NatsCredentials { jwt, key }, nonce)) = credentials.zip(info.nonce.as_ref()) {
        match jwt {
            Some(jwt) => put("jwt", jwt),
            None => put("nkey", &key.public()),
        };
        put("sig", &key.sign(nonce));
    }
    Value::Object(options).to_string()
}
