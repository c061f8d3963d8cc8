//! Where the connection to the server stands.
//!
//! Must not know: what is said over it, or how it is carried.

use std::time::Duration;

use crate::model::Timestamp;
use crate::protocol::Dialect;

/// How long a server may take from taking up the connection to taking up the name.
pub const HANDSHAKE_WAIT: Duration = Duration::from_secs(10);
/// How often a TR2.26 server is pinged.
pub const PING_EVERY: Duration = Duration::from_secs(20);
/// A TR2.26 server that says nothing for this long, pings or not, is gone.
pub const SILENCE: Duration = Duration::from_secs(60);
/// How often a TR2.23 server, which tells of nobody who comes or goes, is asked for the list.
pub const LIST_EVERY: Duration = Duration::from_secs(30);
/// A connection that held this long was a good one: the next wait begins small.
pub const STEADY: Duration = Duration::from_secs(10);

/// Where the connection stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Connection {
    /// There is none, and none is sought: a dialog asks what to do.
    Idle,
    /// Looking for the server.
    Dialing,
    /// The server is there; the name is not taken up yet.
    Handshaking(Handshake),
    /// The name is taken up.
    Online(Online),
    /// Not there; to be tried again.
    Waiting {
        /// When.
        until: Timestamp,
    },
}

/// What the handshake waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handshake {
    /// The dialect spoken.
    pub dialect: Dialect,
    /// The step.
    pub step: Step,
    /// When it has taken too long.
    pub until: Timestamp,
}

/// The handshake's steps, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The server asks for a name.
    Greeting,
    /// The server takes the moderator passphrase, which a kept name needs.
    Moderator,
    /// The server takes the code that lets one in.
    Code,
    /// The server takes up the name.
    Name,
}

/// What a server can do, as its greeting says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Abilities {
    /// It keeps messages, and knows one that is sent again.
    pub history: bool,
    /// It keeps how far one has read.
    pub read: bool,
    /// It searches.
    pub search: bool,
    /// It knows whose a name is.
    pub identity: bool,
    /// It has rooms.
    pub rooms: bool,
    /// It has moderators who do more than close it.
    pub moderation: bool,
    /// It tells who is away, and keeps whom one ignores.
    pub away: bool,
}

impl Abilities {
    /// From the words of a greeting.
    #[must_use]
    pub fn of(words: &[String]) -> Self {
        let has = |word| words.iter().any(|other| other == word);
        Self {
            history: has("history"),
            read: has("read"),
            search: has("search"),
            identity: has("identity"),
            rooms: has("rooms"),
            moderation: has("moderation"),
            away: has("away"),
        }
    }
}

/// A connection that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Online {
    /// The dialect spoken.
    pub dialect: Dialect,
    /// Since when.
    pub since: Timestamp,
    /// When the server last said something.
    pub heard: Timestamp,
    /// When to ping (TR2.26) or to ask for the list (TR2.23) next.
    pub next_probe: Timestamp,
    /// The ping under way: its token, and when it went.
    pub ping: Option<(String, Timestamp)>,
    /// How long the last ping took.
    pub round_trip: Option<Duration>,
}

impl Online {
    /// A connection whose name was taken up just now.
    #[must_use]
    pub fn new(dialect: Dialect, now: Timestamp) -> Self {
        Self { dialect, since: now, heard: now, next_probe: now, ping: None, round_trip: None }
    }

    /// Whether the server has been silent for so long that it is gone.
    #[must_use]
    pub fn is_silent(&self, now: Timestamp) -> bool {
        self.dialect == Dialect::Tr226 && now.since(self.heard) >= SILENCE
    }
}

impl Connection {
    /// The connection that holds, if it does.
    #[must_use]
    pub fn online(&self) -> Option<&Online> {
        match self {
            Self::Online(online) => Some(online),
            _ => None,
        }
    }

    /// The dialect spoken, once known.
    #[must_use]
    pub fn dialect(&self) -> Option<Dialect> {
        match self {
            Self::Online(online) => Some(online.dialect),
            Self::Handshaking(handshake) => Some(handshake.dialect),
            _ => None,
        }
    }

    /// When something is to be done about it, if nothing happens before.
    #[must_use]
    pub fn deadline(&self) -> Option<Timestamp> {
        match self {
            Self::Idle | Self::Dialing => None,
            Self::Handshaking(handshake) => Some(handshake.until),
            Self::Waiting { until } => Some(*until),
            Self::Online(online) => Some(match online.dialect {
                Dialect::Tr226 => online.next_probe.min(online.heard.after(SILENCE)),
                Dialect::Tr223 => online.next_probe,
            }),
        }
    }
}
