//! The keys of the configuration file: their kinds, and whether a running server can apply a change.
//!
//! Must not know: what a value means (`value`).

use crate::language::configuration as say;

/// A key of the configuration file. An option of `tr2 serve` that is also a key has the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConfigKey {
    /// The name.
    pub name: &'static str,
    /// The kind of its value.
    pub kind: ValueKind,
    /// Whether a running server applies a change on SIGHUP.
    pub live: bool,
    /// An example of a value, as written in the file.
    pub sample: &'static str,
}

/// The kind of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// A string.
    Text,
    /// A list of strings.
    Texts,
    /// A boolean.
    Switch,
    /// A whole number.
    Number,
    /// A string, or a list of strings.
    TextOrTexts,
}

impl ValueKind {
    /// The kind, for error messages.
    #[must_use]
    pub fn expected(self) -> &'static str {
        match self {
            Self::Text => say::a_text(),
            Self::Texts => say::a_list(),
            Self::Switch => say::a_switch(),
            Self::Number => say::a_number(),
            Self::TextOrTexts => say::a_text_or_list(),
        }
    }
}

/// All keys.
pub const KEYS: [ConfigKey; 40] = [
    fixed("listen", ValueKind::Texts, "[\"tcp://127.0.0.1:1234\"]"),
    fixed("socket-mode", ValueKind::Text, "\"660\""),
    fixed("socket-group", ValueKind::Text, "\"staff\""),
    fixed("insecure-plaintext", ValueKind::Switch, "false"),
    fixed("proxy-from", ValueKind::Texts, "[\"127.0.0.1\"]"),
    fixed("announce", ValueKind::Switch, "false"),
    live("cert", ValueKind::Text, "\"/etc/tr2/cert.pem\""),
    live("key", ValueKind::Text, "\"/etc/tr2/key.pem\""),
    live("registration", ValueKind::Text, "\"open\""),
    live("moderator", ValueKind::Texts, "[\"alice\"]"),
    live("trust-names", ValueKind::Switch, "false"),
    live("passphrase-tries", ValueKind::Number, "3"),
    live("welcome", ValueKind::Text, "\"Questions about this machine: ask alice.\""),
    fixed("data", ValueKind::Text, "\"/var/lib/tr2\""),
    fixed("durability", ValueKind::Text, "\"full\""),
    live("edit-hours", ValueKind::Number, "24"),
    live("keep-days", ValueKind::Number, "365"),
    live("keep-messages", ValueKind::Number, "100000"),
    live("max-connections", ValueKind::Number, "2000"),
    live("max-per-address", ValueKind::Number, "32"),
    live("flood", ValueKind::Text, "\"20/5\""),
    live("slow-consumer", ValueKind::Number, "262144"),
    live("name-deadline", ValueKind::Number, "10"),
    live("ping-after", ValueKind::Number, "60"),
    live("cut-after", ValueKind::Number, "90"),
    live("calls", ValueKind::Text, "\"on\""),
    live("relay-rate", ValueKind::Number, "1048576"),
    live("relay-total", ValueKind::Number, "8388608"),
    fixed("sandbox", ValueKind::Text, "\"on\""),
    live("log", ValueKind::Text, "\"info\""),
    live("log-format", ValueKind::Text, "\"text\""),
    fixed("metrics", ValueKind::Text, "\"tcp://127.0.0.1:9110\""),
    fixed("cluster", ValueKind::Texts, "[\"tls://nats1:4222\", \"tls://nats2:4222\", \"tls://nats3:4222\"]"),
    fixed("node", ValueKind::Text, "\"a\""),
    fixed("cluster-chat", ValueKind::Text, "\"main\""),
    fixed("cluster-credentials", ValueKind::Text, "\"/etc/tr2/nats.creds\""),
    fixed("cluster-ca", ValueKind::Text, "\"/etc/tr2/nats-ca.pem\""),
    fixed("cluster-monitors", ValueKind::Texts, "[\"http://nats1:8222\"]"),
    fixed("cluster-address", ValueKind::Texts, "[\"tls://chat1.example.org:1235\"]"),
    fixed("cluster-logins", ValueKind::Text, "\"apart\""),
];

const fn live(name: &'static str, kind: ValueKind, sample: &'static str) -> ConfigKey {
    ConfigKey { name, kind, live: true, sample }
}

const fn fixed(name: &'static str, kind: ValueKind, sample: &'static str) -> ConfigKey {
    ConfigKey { name, kind, live: false, sample }
}

/// Finds a key by name.
#[must_use]
pub fn find(name: &str) -> Option<&'static ConfigKey> {
    KEYS.iter().find(|key| key.name == name)
}
