//! The settings of a new session.
//!
//! Must not know: what the session does with them.

use chrono::FixedOffset;

use crate::client::settings::Settings;
use crate::model::{Name, Url};

/// The settings of a new session.
#[derive(Clone, Debug)]
pub struct Start {
    /// The requested name.
    pub name: Option<Name>,
    /// The login name, used if no name is requested; it may not be a valid name.
    pub login: String,
    /// The address of the server.
    pub server: Url,
    /// The offset of the person's time zone, for times and days.
    pub zone: FixedOffset,
    /// Randomness: sets this session's labels and waits apart from those of others.
    pub seed: u64,
    /// How the session is shown.
    pub mode: Mode,
    /// Whether an older session of the same user is to end.
    pub take_over: bool,
    /// An invitation code.
    pub code: Option<String>,
    /// Whether plain mode prints earlier messages: a person wants them, a program does not.
    pub backlog: bool,
    /// The person's settings.
    pub settings: Settings,
}

/// How a session is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// On the full screen: see [`Session::view`](super::Session::view).
    Screen,
    /// Line by line: see [`Effect::Print`](crate::client::msg::Effect::Print).
    Plain,
}
