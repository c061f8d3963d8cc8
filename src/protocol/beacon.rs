//! The beacon of a server: what it says of itself to the networks that it is in, now and then, so that clients find it.
//! Nobody vouches for it: a client that goes there checks the server's key as always.
//!
//! Must not know: sockets, or how often it is said.

use std::net::IpAddr;

use super::ending::word;
use super::words::VERSION;
use crate::model::url::Host;
use crate::model::{Fingerprint, Text, Url};

/// The UDP port to which beacons go.
pub const BEACON_PORT: u16 = 7226;
/// The most bytes of a beacon.
pub const MAX_BEACON: usize = 512;
/// The most bytes of a server's name in it.
pub const MAX_SERVER_NAME: usize = 64;
/// The word after the version.
const BEACON: &str = "beacon";

/// What a server says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beacon {
    /// Its name, for people: at most [`MAX_SERVER_NAME`] bytes, perhaps none.
    pub name: Text,
    /// The port with TLS, at the address that the beacon comes from.
    pub tls: Option<u16>,
    /// The port in plain text.
    pub tcp: Option<u16>,
    /// Its key, if it has one.
    pub key: Option<Fingerprint>,
}

/// A server whose beacon was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearbyServer {
    /// Its name, for people.
    pub name: Text,
    /// Where it is.
    pub url: Url,
    /// The key that it says to have.
    pub key: Option<Fingerprint>,
}

impl Beacon {
    /// The beacon as a packet: `TR2.26 beacon tls=PORT tcp=PORT key=KEY name=NAME`. What there is not is left out.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let Self { name, tls, tcp, key } = self;
        let mut packet = format!("{VERSION} {BEACON}");
        let ports = [("tls", tls), ("tcp", tcp)];
        for (word, port) in ports.into_iter().filter_map(|(word, port)| Some((word, (*port)?))) {
            packet.push_str(&format!(" {word}={port}"));
        }
        if let Some(key) = key {
            packet.push_str(&format!(" key={key}"));
        }
        packet.push_str(&format!(" name={name}"));
        packet.into_bytes()
    }

    /// Reads a packet; `None` if it is no beacon, or one of a server at no port. Words that this program does not know are
    /// passed over; the name is the rest after its word.
    #[must_use]
    pub fn read(packet: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(packet).ok().filter(|text| text.len() <= MAX_BEACON)?;
        let rest = text.strip_prefix(VERSION)?.strip_prefix(' ')?.strip_prefix(BEACON)?.strip_prefix(' ')?;
        let (words, name) = rest.split_once("name=")?;
        let port = |key| word(words, key).and_then(|port| port.parse().ok()).filter(|port: &u16| *port != 0);
        let beacon = Self {
            name: server_name(name),
            tls: port("tls"),
            tcp: port("tcp"),
            key: word(words, "key").and_then(|key| key.parse().ok()),
        };
        (beacon.tls.is_some() || beacon.tcp.is_some()).then_some(beacon)
    }

    /// The server that it is about, as it came from this address: with TLS if it can be had.
    #[must_use]
    pub fn server(self, from: IpAddr) -> Option<NearbyServer> {
        let Self { name, tls, tcp, key } = self;
        let host = |port| Host { name: from.to_string(), port };
        let url = tls.map(|port| Url::Tls(host(port))).or_else(|| tcp.map(|port| Url::Tcp(host(port))))?;
        Some(NearbyServer { name, key: key.filter(|_| tls.is_some()), url })
    }
}

/// The longest beginning of a name that fits into a beacon, on one line.
#[must_use]
pub fn server_name(name: &str) -> Text {
    let mut end = name.len().min(MAX_SERVER_NAME);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    Text::line(name.get(..end).unwrap_or_default().trim())
}
