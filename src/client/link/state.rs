//! The state of the connection, as the session sees it.
//!
//! Must not know: what is sent over it, or how.

use std::time::Duration;

use crate::model::Timestamp;
use crate::protocol::Dialect;
use crate::protocol::words::{CALLS, EDITING, SESSIONS};

/// How long a server may take from the connection to the acceptance of the name.
pub(crate) const HANDSHAKE_WAIT: Duration = Duration::from_secs(10);
/// The pause between two pings to a TR2.26 server.
pub(crate) const PING_EVERY: Duration = Duration::from_secs(20);
/// The same where the chat has other addresses.
pub(crate) const PING_OF_SEVERAL_EVERY: Duration = Duration::from_secs(5);
/// Where the chat has other addresses, a server that does not answer a ping for this long is left.
pub(crate) const PATIENCE_OF_SEVERAL: Duration = Duration::from_secs(10);
/// A TR2.26 server that sends nothing for this long, not even a pong, is gone.
pub(crate) const SILENCE: Duration = Duration::from_secs(60);
/// A ping that is not answered for this long is shown.
pub(crate) const SLOW_ANSWER: Duration = Duration::from_secs(5);
/// How long a server may take for its answer after this machine has slept.
pub(crate) const WAKE_WAIT: Duration = Duration::from_secs(10);
/// The pause between two list requests to a TR2.23 server, which does not announce who joins or leaves.
pub(crate) const LIST_EVERY: Duration = Duration::from_secs(30);
/// After a connection that lasted this long, the next wait is the shortest again.
pub(crate) const STEADY: Duration = Duration::from_secs(10);

/// The state of the connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Connection {
    /// No connection, and none wanted: a dialog asks what to do.
    Idle,
    /// Connecting to the server.
    Dialing {
        /// When the next address is tried, if there is one.
        until: Option<Timestamp>,
    },
    /// Connected; the name is not accepted yet.
    Handshaking(Handshake),
    /// The name is accepted.
    Online(Online),
    /// Not connected; the next attempt is planned.
    Waiting {
        /// When to try again.
        until: Timestamp,
    },
}

/// The state of the handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Handshake {
    /// The server's dialect.
    pub dialect: Dialect,
    /// What is awaited.
    pub step: Step,
    /// When the handshake has taken too long.
    pub until: Timestamp,
}

/// The steps of the handshake, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The server asks for a name.
    Greeting,
    /// The server accepts the moderator passphrase, which a reserved name needs.
    Moderator,
    /// The server accepts the invitation code.
    Code,
    /// The server accepts the name.
    Name,
}

/// A server's capabilities, from its greeting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Abilities {
    /// It stores messages, and recognises one that is resent.
    pub history: bool,
    /// It stores read marks.
    pub read: bool,
    /// It searches.
    pub search: bool,
    /// It knows the owners of names.
    pub identity: bool,
    /// It has rooms.
    pub rooms: bool,
    /// It has moderators with more commands than closing the server.
    pub moderation: bool,
    /// It announces who is away, and stores whom a user ignores.
    pub away: bool,
    /// It knows which message another one answers.
    pub reply: bool,
    /// It lets users edit and delete their own messages.
    pub edit: bool,
    /// It stores reactions.
    pub react: bool,
    /// Its users can call one another.
    pub calls: bool,
    /// One user may have several sessions on it.
    pub sessions: bool,
}

impl Abilities {
    /// Whether it tells what has changed: a server where nobody may edit does, too.
    #[must_use]
    pub(crate) fn tells_changes(self) -> bool {
        self.edit || self.react
    }

    /// Reads the words of a greeting.
    #[must_use]
    pub(crate) fn of(words: &[String]) -> Self {
        let has = |word| words.iter().any(|other| other == word);
        Self {
            history: has("history"),
            read: has("read"),
            search: has("search"),
            identity: has("identity"),
            rooms: has("rooms"),
            moderation: has("moderation"),
            away: has("away"),
            reply: has("reply"),
            edit: has(EDITING),
            react: has("react"),
            calls: has(CALLS),
            sessions: has(SESSIONS),
        }
    }
}

/// The state of a complete connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Online {
    /// The server's dialect.
    pub dialect: Dialect,
    /// When the name was accepted.
    pub since: Timestamp,
    /// When the server last sent something.
    pub heard: Timestamp,
    /// When to send the next ping (TR2.26) or list request (TR2.23).
    pub next_probe: Timestamp,
    /// The open ping: its token, and when it was sent.
    pub ping: Option<(String, Timestamp)>,
    /// When the first ping was sent that nothing has followed.
    pub unanswered: Option<Timestamp>,
    /// The round-trip time of the last ping.
    pub round_trip: Option<Duration>,
}

impl Online {
    /// The state just after the name was accepted.
    #[must_use]
    pub(crate) fn new(dialect: Dialect, now: Timestamp) -> Self {
        Self { dialect, since: now, heard: now, next_probe: now, ping: None, unanswered: None, round_trip: None }
    }

    /// How long the server has not answered, in steps of [`SLOW_ANSWER`]; `None` if it is not late.
    #[must_use]
    pub(crate) fn late(&self, now: Timestamp) -> Option<Duration> {
        let step = SLOW_ANSWER.as_secs();
        let waited = now.since(self.unanswered.filter(|asked| *asked >= self.heard)?).as_secs();
        (waited >= step).then(|| Duration::from_secs(waited - waited % step))
    }

    /// When [`Self::late`] becomes longer.
    #[must_use]
    pub(crate) fn late_deadline(&self, now: Timestamp) -> Option<Timestamp> {
        let asked = self.unanswered.filter(|asked| *asked >= self.heard)?;
        Some(asked.after(self.late(now).unwrap_or_default() + SLOW_ANSWER))
    }

    /// This machine has slept: the server is asked at once, and has little time to answer.
    pub(crate) fn wake(&mut self, now: Timestamp) {
        self.next_probe = now;
        if self.dialect == Dialect::Tr226 {
            let slept = Timestamp(now.0.saturating_sub(millis(SILENCE.saturating_sub(WAKE_WAIT))));
            self.heard = self.heard.min(slept);
        }
    }

    /// Whether the server has been silent for so long that it is gone.
    #[must_use]
    pub(crate) fn is_silent(&self, now: Timestamp) -> bool {
        self.dialect == Dialect::Tr226 && now.since(self.heard) >= SILENCE
    }

    /// When a server is left that has not answered a ping, if the chat has other addresses.
    #[must_use]
    pub(crate) fn left_at(&self) -> Option<Timestamp> {
        let asked = self.unanswered.filter(|asked| *asked >= self.heard)?;
        (self.dialect == Dialect::Tr226).then(|| asked.after(PATIENCE_OF_SEVERAL))
    }
}

impl Connection {
    /// The complete connection, if there is one.
    #[must_use]
    pub(crate) fn online(&self) -> Option<&Online> {
        match self {
            Self::Online(online) => Some(online),
            _ => None,
        }
    }

    /// When the session must act next, if nothing happens before.
    #[must_use]
    pub(crate) fn deadline(&self) -> Option<Timestamp> {
        match self {
            Self::Idle => None,
            Self::Dialing { until } => *until,
            Self::Handshaking(handshake) => Some(handshake.until),
            Self::Waiting { until } => Some(*until),
            Self::Online(online) => Some(match online.dialect {
                Dialect::Tr226 => online.next_probe.min(online.heard.after(SILENCE)),
                Dialect::Tr223 => online.next_probe,
            }),
        }
    }
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}
