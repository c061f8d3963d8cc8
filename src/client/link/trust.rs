//! Which servers are trusted: compares the key that a server presents with the one that is known.
//!
//! A server is trusted when it is met first, and from then on only with the same key. A server that a certificate
//! authority vouches for needs no known key, but needs the authority from then on.
//!
//! Must not know: where the list is stored, or how a key is proved.

use std::fmt::Write as _;
use std::str::FromStr as _;

use crate::client::destination::Proved;
use crate::language::connecting as say;
use crate::model::url::Host;
use crate::model::{Fingerprint, Text, Url};

/// How a server is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownServer {
    /// By its key.
    Key(Fingerprint),
    /// By an authority that vouches for it.
    Authority,
}

/// What one server of a chat is held to because of the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expected {
    /// Nothing: no other is known.
    #[default]
    Nothing,
    /// This key.
    Key(Fingerprint),
    /// An authority vouches for it, or it has this key, if one is known.
    Vouched(Option<Fingerprint>),
}

impl Expected {
    /// What the server at an address is held to: one that was told, to the same key in any case; one that the person gave,
    /// to what the others have proved, or else to what is remembered of them.
    #[must_use]
    pub fn of(proved: Option<Proved>, is_told: bool, remembered: Option<KnownServer>) -> Self {
        match (proved, remembered) {
            (Some(Proved { key, vouched: true }), _) if !is_told => Self::Vouched(Some(key)),
            (Some(Proved { key, .. }), _) => Self::Key(key),
            (None, Some(KnownServer::Key(key))) => Self::Key(key),
            (None, Some(KnownServer::Authority)) => Self::Vouched(None),
            (None, None) => Self::Nothing,
        }
    }

    /// As whom a server with this key should have been known; `None` if it is as it should be.
    fn instead_of(self, shown: Fingerprint, vouched: impl Fn() -> bool) -> Option<KnownServer> {
        match self {
            Self::Nothing => None,
            Self::Key(key) => (key != shown).then_some(KnownServer::Key(key)),
            Self::Vouched(key) => (key != Some(shown) && !vouched()).then_some(KnownServer::Authority),
        }
    }
}

/// What to do about the key that a server presents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyCheck {
    /// It is the known key, or the one that the user gave.
    Same,
    /// The server was not known before.
    First(KnownServer),
    /// It is not the server that the other addresses of the chat lead to.
    Stranger {
        /// What was expected.
        known: KnownServer,
        /// The key that was presented.
        shown: Fingerprint,
    },
    /// It differs from the known key, or from the one that the user gave.
    Changed {
        /// What was known.
        known: KnownServer,
        /// The key that was presented.
        shown: Fingerprint,
    },
}

/// Compares the presented key, as [`check`], after the server was held to what others of the same chat have proved.
#[must_use]
pub fn check_node(
    expected: Expected,
    (pin, known): (Option<Fingerprint>, Option<KnownServer>),
    shown: Fingerprint,
    vouched: impl Fn() -> bool,
) -> KeyCheck {
    match (expected.instead_of(shown, &vouched), known) {
        (Some(expected), _) => KeyCheck::Stranger { known: expected, shown },
        // The same key is proof enough, even if no authority vouches for this address.
        (None, None) if pin.is_none() && expected == Expected::Vouched(Some(shown)) && !vouched() => KeyCheck::Same,
        (None, known) => check(pin, known, shown, vouched),
    }
}

/// Compares the presented key; `pin` is the one that the user gave, `vouched` tells whether an authority vouches for
/// it.
#[must_use]
pub fn check(
    pin: Option<Fingerprint>,
    known: Option<KnownServer>,
    shown: Fingerprint,
    vouched: impl Fn() -> bool,
) -> KeyCheck {
    match (pin.map(KnownServer::Key).or(known), known) {
        (Some(KnownServer::Key(key)), before) if key == shown => {
            // The key that the user gave replaces the known one.
            if before == Some(KnownServer::Key(key)) { KeyCheck::Same } else { KeyCheck::First(KnownServer::Key(key)) }
        }
        (Some(KnownServer::Authority), _) if vouched() => KeyCheck::Same,
        (Some(known), _) => KeyCheck::Changed { known, shown },
        (None, _) if vouched() => KeyCheck::First(KnownServer::Authority),
        (None, _) => KeyCheck::First(KnownServer::Key(shown)),
    }
}

/// The word for an authority in the list.
const AUTHORITY: &str = "authority";

/// Finds a server in the text of the list, which has lines `HOST:PORT SHA256:…` and `HOST:PORT authority`.
#[must_use]
pub fn find(list: &str, host: &Host) -> Option<KnownServer> {
    let name = host.to_string().to_lowercase();
    list.lines().filter_map(entry).find(|(listed, _)| *listed == name).map(|(_, known)| known)
}

/// The number of the first line, from 1 on, that is neither an entry, nor a comment, nor empty.
#[must_use]
pub fn unreadable_line(list: &str) -> Option<usize> {
    let is_known = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#') || is_entry(line);
    list.lines().position(|line| !is_known(line)).map(|at| at + 1)
}

/// Whether a line is an entry, with the address of a server.
fn is_entry(line: &str) -> bool {
    let named = |host: &str| Url::from_str(&format!("tls://{host}")).is_ok();
    entry(line).is_some_and(|(host, _)| {
        named(&host) && host.rsplit(':').next().is_some_and(|port| port.parse::<u16>().is_ok())
    })
}

/// The list with the new entry of a server. All its other lines stay, whatever they are.
#[must_use]
pub fn with(list: &str, host: &Host, known: KnownServer) -> String {
    let name = host.to_string().to_lowercase();
    let others = list.lines().filter(|line| entry(line).is_none_or(|(listed, _)| listed != name));
    let mut text: String = others.flat_map(|line| [line, "\n"]).collect();
    let _ = match known {
        KnownServer::Key(key) => writeln!(text, "{name} {key}"),
        KnownServer::Authority => writeln!(text, "{name} {AUTHORITY}"),
    };
    text
}

fn entry(line: &str) -> Option<(String, KnownServer)> {
    let (host, known) = line.trim().split_once(' ')?;
    let known = match known.trim() {
        AUTHORITY => KnownServer::Authority,
        key => KnownServer::Key(key.parse().ok()?),
    };
    Some((host.to_lowercase(), known))
}

/// What to tell the user about a new server.
#[must_use]
pub(crate) fn first_sentence(host: &Host, known: KnownServer) -> String {
    match known {
        KnownServer::Key(key) => say::first_connection(host, key),
        KnownServer::Authority => say::first_connection_vouched(host),
    }
}

/// What to tell the user about a server that cannot prove its key.
#[must_use]
pub(crate) fn impostor_sentence(host: &Host) -> String {
    say::impostor(host)
}

/// What to tell the user about a server that is not the one of the chat's other addresses.
#[must_use]
pub(crate) fn stranger_sentence(host: &Host, known: KnownServer, shown: Fingerprint) -> String {
    say::other_server(host, expected_words(known), shown)
}

/// What to tell the user about a server with another key, and what to do. `list` is the path of the list.
#[must_use]
pub(crate) fn changed_sentence(host: &Host, known: KnownServer, shown: Fingerprint, list: &str) -> String {
    let list = Text::line(list);
    say::key_changed(host, expected_words(known), shown, &list)
}

fn expected_words(known: KnownServer) -> String {
    match known {
        KnownServer::Key(key) => say::expected_key(key),
        KnownServer::Authority => say::expected_vouched().to_owned(),
    }
}
