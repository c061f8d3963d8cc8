//! The one table of settings: it feeds the file, `/set` and the man page.
//!
//! Must not know: the values in force.

use crate::language::{Say, settings as say};

/// A setting of its own, outside the tables of keys and conversations.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The name.
    pub name: &'static str,
    /// The kind of its value.
    pub kind: SettingKind,
    /// Whether a running client applies a change.
    pub live: bool,
    /// An example of a value, as written in the file.
    pub sample: &'static str,
    /// Says what it is.
    help: Say,
}

impl Setting {
    /// What it is: one sentence.
    #[must_use]
    pub fn help(&self) -> &'static str {
        (self.help)()
    }
}

/// Names are unique.
impl PartialEq for Setting {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Setting {}

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
pub const SETTINGS: [Setting; 17] = [
    Setting {
        live: false,
        kind: SettingKind::WordOrWords,
        ..word("server", "\"tls://chat.example.org\"", say::help_server)
    },
    Setting { live: false, ..word("name", "\"alice\"", say::help_name) },
    word("theme", "\"dark\"", say::help_theme),
    word("times", "\"12h\"", say::help_times),
    Setting { kind: SettingKind::Words, ..word("words", "[\"web3\", \"oncall\"]", say::help_words) },
    word("notify", "\"mentions\"", say::help_notify),
    switch("notify_content", say::help_notify_content),
    switch("mouse", say::help_mouse),
    switch("join_notices", say::help_join_notices),
    switch("change_notices", say::help_change_notices),
    switch("bell", say::help_bell),
    Setting { live: false, ..word("downloads", "\"~/incoming\"", say::help_downloads) },
    word("camera", "\"/dev/video0\"", say::help_camera),
    word("sound", "\"pulse\"", say::help_sound),
    word("direct", "\"known\"", say::help_direct),
    word("video", "\"256\"", say::help_video),
    Setting { live: false, ..word("lang", "\"en\"", say::help_lang) },
];

/// What is chosen by a setting that leads out of the chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WayOut {
    /// Another program, a device or a folder.
    Machine,
    /// A server.
    Server,
}

impl Setting {
    /// Where it leads, if that is out of the chat: it cannot be set on an account that is for the chat alone.
    #[must_use]
    pub fn leads_out(&self) -> Option<WayOut> {
        match self.name {
            "camera" | "sound" | "downloads" => Some(WayOut::Machine),
            "server" => Some(WayOut::Server),
            _ => None,
        }
    }
}

/// The table of keys, by action.
pub const KEYS_TABLE: &str = "keys";
/// The table of conversations with a rule of their own.
pub const CONVERSATIONS_TABLE: &str = "conversations";
/// A sample of a key's value.
pub const KEYS_SAMPLE: &str = "\"Ctrl-K\"";
/// A sample of a conversation's rule.
pub const RULE_SAMPLE: &str = "\"all\"";

const fn word(name: &'static str, sample: &'static str, help: Say) -> Setting {
    Setting { name, kind: SettingKind::Word, live: true, sample, help }
}

const fn switch(name: &'static str, help: Say) -> Setting {
    Setting { name, kind: SettingKind::Switch, live: true, sample: "true", help }
}

/// Finds a setting by name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}
