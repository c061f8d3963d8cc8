//! The keys of the configuration file: their kinds, and whether a running server can apply a change.
//!
//! Must not know: what a value means (`value`).

/// A key of the configuration file. An option of `tr2 serve` that is also a key has the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// The name.
    pub name: &'static str,
    /// The kind of its value.
    pub kind: Kind,
    /// Whether a running server applies a change on SIGHUP.
    pub live: bool,
    /// An example of a value, as written in the file.
    pub sample: &'static str,
}

/// The kind of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A string.
    Text,
    /// A list of strings.
    Texts,
    /// A boolean.
    Switch,
    /// A whole number.
    Number,
}

impl Kind {
    /// The kind, for error messages.
    #[must_use]
    pub fn expected(self) -> &'static str {
        match self {
            Self::Text => "a text in quotes",
            Self::Texts => "a list of texts",
            Self::Switch => "true or false",
            Self::Number => "a whole number",
        }
    }
}

/// All keys.
pub const KEYS: [Key; 25] = [
    fixed("listen", Kind::Texts, "[\"tcp://127.0.0.1:1234\"]"),
    fixed("socket-mode", Kind::Text, "\"660\""),
    fixed("socket-group", Kind::Text, "\"staff\""),
    fixed("insecure-plaintext", Kind::Switch, "false"),
    live("cert", Kind::Text, "\"/etc/tr2/cert.pem\""),
    live("key", Kind::Text, "\"/etc/tr2/key.pem\""),
    live("registration", Kind::Text, "\"open\""),
    live("moderator", Kind::Texts, "[\"alice\"]"),
    live("trust-names", Kind::Switch, "false"),
    live("passphrase-tries", Kind::Number, "3"),
    live("welcome", Kind::Text, "\"Questions about this machine: ask alice.\""),
    fixed("data", Kind::Text, "\"/var/lib/tr2\""),
    fixed("durability", Kind::Text, "\"full\""),
    live("keep-days", Kind::Number, "365"),
    live("keep-messages", Kind::Number, "100000"),
    live("max-connections", Kind::Number, "2000"),
    live("max-per-address", Kind::Number, "32"),
    live("flood", Kind::Text, "\"20/5\""),
    live("slow-consumer", Kind::Number, "262144"),
    live("name-deadline", Kind::Number, "10"),
    live("ping-after", Kind::Number, "60"),
    live("cut-after", Kind::Number, "90"),
    live("log", Kind::Text, "\"info\""),
    live("log-format", Kind::Text, "\"text\""),
    fixed("metrics", Kind::Text, "\"tcp://127.0.0.1:9110\""),
];

const fn live(name: &'static str, kind: Kind, sample: &'static str) -> Key {
    Key { name, kind, live: true, sample }
}

const fn fixed(name: &'static str, kind: Kind, sample: &'static str) -> Key {
    Key { name, kind, live: false, sample }
}

/// Finds a key by name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}
