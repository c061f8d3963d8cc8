//! The settings of a new session.
//!
//! Must not know: what the session does with them.

use std::time::Duration;

use crate::client::direct::known_people::KnownPerson;
use crate::client::msg::{SentText, Unsent};
use crate::client::settings::Settings;
use crate::model::{Fingerprint, Name, Target, Url, Zone};
use crate::protocol::SessionToken;

/// The settings of a new session.
#[derive(Clone, Debug)]
pub struct Start {
    /// The requested name.
    pub name: Option<Name>,
    /// The login name, used if no name is requested; it may not be a valid name.
    pub login: String,
    /// The address of the server.
    pub server: Url,
    /// Other addresses of the same chat.
    pub others: Vec<Url>,
    /// Whether the person has said which key the server has.
    pub key_given: bool,
    /// Whether the person has named the server, on the command line or in a setting.
    pub server_named: bool,
    /// The person's time zone, for times and days.
    pub zone: Zone,
    /// Randomness: sets this session's labels and waits apart from those of others.
    pub seed: u64,
    /// How the session is shown.
    pub mode: Mode,
    /// Whether the other sessions of the same user are to end.
    pub take_over: bool,
    /// By what the server knows this client when it comes back after a lost connection: random, and told nobody else.
    pub token: SessionToken,
    /// An invitation code.
    pub code: Option<String>,
    /// Whether plain mode prints earlier messages: a person wants them, a program does not.
    pub backlog: bool,
    /// The person's settings.
    pub settings: Settings,
    /// What the person sent before, oldest first; it may be anything that stood in a file.
    pub sent: Vec<SentText>,
    /// The options of plain mode.
    pub plain: PlainOptions,
    /// Whether [`Effect::OpenLink`](crate::client::msg::Effect::OpenLink) can be carried out.
    pub opens_links: bool,
    /// Whether nothing leads out of the chat: no other program, no file, no other server.
    pub confined: bool,
    /// What was not sent last time.
    pub unsent: Vec<Unsent>,
    /// The key that the person proves on channels to other clients; `None` if there is none, and then no calls.
    pub own_key: Option<Fingerprint>,
    /// Whose keys are known on this server.
    pub known_people: Vec<KnownPerson>,
}

impl Start {
    /// Whether this client can be called: it has a key to prove, and somebody, or a program, who can answer.
    #[must_use]
    pub(in crate::client::session) fn is_callable(&self) -> bool {
        let answers = self.mode == Mode::Screen || self.plain.commands || self.plain.json;
        self.own_key.is_some() && answers
    }
}

/// The options of plain mode. The default is that of a pipe: lines are text for everyone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlainOptions {
    /// Whether a line that begins with a slash is a command.
    pub commands: bool,
    /// Whether lines are JSON, in both directions.
    pub json: bool,
    /// The first recipient of lines, and the conversation that `tail` and `wait` are about.
    pub to: Option<Target>,
    /// How many of the newest messages to print, and then leave.
    pub tail: Option<usize>,
    /// Leave once somebody else says this.
    pub wait: Option<String>,
    /// The longest time for `tail` and `wait`.
    pub timeout: Option<Duration>,
}

/// How a session is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// On the full screen: see [`Session::view`](super::Session::view).
    Screen,
    /// Line by line: see [`Effect::Print`](crate::client::msg::Effect::Print).
    Plain,
}
