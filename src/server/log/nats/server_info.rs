//! What a NATS server says of itself.
//!
//! Must not know: sockets, what a client does with it.

use serde_json::Value;

use super::stream::MAX_MESSAGE;

/// What a server's INFO says, as far as it matters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerInfo {
    /// What it is called.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What a client with a key has to sign.
    pub nonce: Option<String>,
    /// The largest message that it takes, headers included, in bytes.
    pub max_payload: u64,
    /// Whether messages have headers.
    pub headers: bool,
    /// Whether it has streams.
    pub jetstream: bool,
    /// Whether a client must go on in TLS.
    pub tls_required: bool,
    /// Whether it can go on in TLS.
    pub tls_available: bool,
    /// Whether it is about to end, and clients should go elsewhere.
    pub leaving: bool,
}

impl ServerInfo {
    /// Reads an INFO; `None` if it is not JSON.
    #[must_use]
    pub fn parse(json: &[u8]) -> Option<Self> {
        let value: Value = serde_json::from_slice(json).ok().filter(Value::is_object)?;
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let flag = |key: &str| value.get(key).and_then(Value::as_bool).unwrap_or_default();
        Some(Self {
            name: text("server_name").unwrap_or_default(),
            version: text("version").unwrap_or_default(),
            nonce: text("nonce"),
            max_payload: value.get("max_payload").and_then(Value::as_u64).unwrap_or_default(),
            headers: flag("headers"),
            jetstream: flag("jetstream"),
            tls_required: flag("tls_required"),
            tls_available: flag("tls_available") || flag("tls_required"),
            leaving: flag("ldm"),
        })
    }

    /// Why no log can be had from it; `None` if one can.
    #[must_use]
    pub fn unfit(&self) -> Option<String> {
        if !self.headers {
            return Some("it is too old: messages have no headers".to_owned());
        }
        let max = self.max_payload;
        (max < MAX_MESSAGE).then(|| {
            format!("it takes messages of at most {max} bytes; set max_payload to {MAX_MESSAGE} or more, as 1MB is by default")
        })
    }

    /// The first two numbers of its version.
    #[must_use]
    pub fn release(&self) -> Option<(u32, u32)> {
        let mut numbers = self.version.trim_start_matches('v').split('.').map(str::parse);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    }
}
