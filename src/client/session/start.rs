//! What a session begins with.
//!
//! Must not know: what becomes of it.

use chrono::FixedOffset;

use crate::model::{Name, Url};

/// What a session begins with.
#[derive(Clone, Debug)]
pub struct Start {
    /// The name that was asked for.
    pub name: Option<Name>,
    /// The login name, which is the name if none was asked for; it may not do as one.
    pub login: String,
    /// The address of the server.
    pub server: Url,
    /// The offset of the person's time zone, for times and days.
    pub zone: FixedOffset,
    /// Randomness: tells this session's labels and waits from others'.
    pub seed: u64,
    /// How the session is shown.
    pub mode: Mode,
    /// Whether an older session of the same user is to end.
    pub take_over: bool,
    /// An invitation code.
    pub code: Option<String>,
    /// Whether plain mode prints earlier messages: a person wants them, a program does not.
    pub backlog: bool,
}

/// How a session is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// On the full screen: see [`Session::view`](super::Session::view).
    Screen,
    /// Line by line: see [`Effect::Print`](crate::client::msg::Effect::Print).
    Plain,
}
