//! The one table of settings: it feeds the file, `/set` and the man page.
//!
//! Must not know: the values in force.

/// A setting of its own, outside the tables of keys and conversations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The name.
    pub name: &'static str,
    /// The kind of its value.
    pub kind: SettingKind,
    /// Whether a running client applies a change.
    pub live: bool,
    /// An example of a value, as written in the file.
    pub sample: &'static str,
    /// What it is: one sentence.
    pub help: &'static str,
}

/// The kind of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingKind {
    /// A string.
    Word,
    /// A list of strings.
    Words,
    /// One string or a list of them.
    WordOrWords,
    /// A boolean.
    Switch,
}

/// All of them, in the order of `/set` and of the man page.
pub const SETTINGS: [Setting; 12] = [
    Setting { live: false, ..word("server", "\"tls://chat.example.org\"", "The server to join.") },
    Setting { live: false, ..word("name", "\"alice\"", "Your name in the chat.") },
    word("theme", "\"dark\"", "The colours: auto, dark, light or mono."),
    word("times", "\"12h\"", "How times are written: 24h, 12h or off."),
    Setting {
        kind: SettingKind::Words,
        ..word("words", "[\"web3\", \"oncall\"]", "Words that count as mentions of you, beside your name.")
    },
    word("notify", "\"mentions\"", "Which messages notify you: all, mentions or nothing."),
    switch("notify_content", "Whether notifications show the text of the message."),
    switch("mouse", "Whether the mouse works in the screen."),
    switch("join_notices", "Whether it is shown who joins and leaves."),
    switch("change_notices", "Whether plain lines tell of reactions, edits and deletions."),
    switch("bell", "Whether the bell rings."),
    word("lang", "\"en\"", "The language: auto, en or pt-BR."),
];

/// The table of keys, by action.
pub const KEYS_TABLE: &str = "keys";
/// The table of conversations with a rule of their own.
pub const CONVERSATIONS_TABLE: &str = "conversations";
/// A sample of a key's value.
pub const KEYS_SAMPLE: &str = "\"Ctrl-K\"";
/// A sample of a conversation's rule.
pub const RULE_SAMPLE: &str = "\"all\"";

const fn word(name: &'static str, sample: &'static str, help: &'static str) -> Setting {
    Setting { name, kind: SettingKind::Word, live: true, sample, help }
}

const fn switch(name: &'static str, help: &'static str) -> Setting {
    Setting { name, kind: SettingKind::Switch, live: true, sample: "true", help }
}

/// Finds a setting by name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}
