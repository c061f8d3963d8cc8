//! Whether the server and the log are alive: when to ask, when to give up, and what the owner of the log is told of it.
//!
//! A server that answers pings may know nothing of the stream; so both are watched.
//!
//! Must not know: sockets, what is asked.

use std::time::Duration;

/// How long the server may be silent before it is pinged.
pub const PING_AFTER: Duration = Duration::from_secs(1);
/// How long the server may be silent before its connection is given up.
pub const CUT_AFTER: Duration = Duration::from_millis(2500);
/// How long nothing may be heard of the log before its owner is told.
pub const SILENT_AFTER: Duration = Duration::from_secs(3);
/// How long nothing may be heard of the log before it is asked about.
pub const LOOK_AFTER: Duration = Duration::from_secs(1);
/// How often the log is asked about in any case.
pub const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How long to wait for what is said of the log.
pub const LOOK_DEADLINE: Duration = Duration::from_secs(2);
/// How long a connection may bring nothing of the log before another server is tried: this one may be cut off.
pub const DEAF_AFTER: Duration = Duration::from_secs(5);
/// How often another reason for the silence is told.
const SAY_EVERY: Duration = Duration::from_secs(5);

/// When the server and the log were heard last.
#[derive(Debug)]
pub struct Pulse {
    line_heard: Duration,
    pinged: bool,
    log_heard: Duration,
    connected: Duration,
    looked: Option<Duration>,
    /// Whether an answer to that is awaited.
    is_looking: bool,
    /// Why nothing is heard, as far as is known.
    why: String,
    said: Option<LastWord>,
}

#[derive(Debug)]
enum LastWord {
    Heard,
    Silent(String, Duration),
}

impl Pulse {
    /// Begins to listen.
    #[must_use]
    pub fn start(now: Duration) -> Self {
        Self {
            line_heard: now,
            pinged: false,
            log_heard: now,
            connected: now,
            looked: None,
            is_looking: false,
            why: "no NATS server has answered yet".to_owned(),
            said: None,
        }
    }

    /// A connection begins.
    pub fn connected(&mut self, now: Duration) {
        (self.line_heard, self.connected) = (now, now);
        (self.pinged, self.looked, self.is_looking) = (false, None, false);
    }

    /// Something has come from the server.
    pub fn line_heard(&mut self, now: Duration) {
        (self.line_heard, self.pinged) = (now, false);
    }

    /// Something has come from the log that only one in working order says.
    pub fn log_heard(&mut self, now: Duration) {
        self.log_heard = now;
    }

    /// What is said of the log has come, or will not come.
    pub fn look_ends(&mut self) {
        self.is_looking = false;
    }

    /// Takes it that nothing is heard for this reason, if nothing is heard.
    pub fn explain(&mut self, why: &str) {
        why.clone_into(&mut self.why);
    }

    /// Why nothing is heard, as far as is known.
    #[must_use]
    pub fn why(&self) -> &str {
        &self.why
    }

    /// Whether to ping the server now; it counts as pinged.
    pub fn takes_ping(&mut self, now: Duration) -> bool {
        let pings = !self.pinged && now >= self.line_heard.saturating_add(PING_AFTER);
        self.pinged |= pings;
        pings
    }

    /// Whether the server has been silent for too long.
    #[must_use]
    pub fn is_cut(&self, now: Duration) -> bool {
        now >= self.line_heard.saturating_add(CUT_AFTER)
    }

    /// Whether another server should be tried, since this one brings nothing of the log.
    #[must_use]
    pub fn is_deaf(&self, now: Duration) -> bool {
        now >= self.log_heard.max(self.connected).saturating_add(DEAF_AFTER)
    }

    /// Whether to ask about the log now; it counts as asked.
    pub fn takes_look(&mut self, now: Duration, at_once: bool) -> bool {
        let late = self.looked.is_some_and(|asked| now >= asked.saturating_add(LOOK_DEADLINE));
        let is_due = at_once || now >= self.look_at();
        if self.is_looking && late {
            self.explain("the stream does not answer");
        }
        let asks = is_due && (!self.is_looking || late);
        if asks {
            (self.looked, self.is_looking) = (Some(now), true);
        }
        asks
    }

    fn look_at(&self) -> Duration {
        let Some(asked) = self.looked else { return Duration::ZERO };
        if self.is_looking {
            return asked.saturating_add(LOOK_DEADLINE);
        }
        let quiet = self.log_heard.max(asked).saturating_add(LOOK_AFTER);
        quiet.min(asked.saturating_add(LOOK_EVERY))
    }

    /// When there is something to do on a connection.
    #[must_use]
    pub fn wake_at(&self) -> Duration {
        let line = if self.pinged { CUT_AFTER } else { PING_AFTER };
        self.line_heard.saturating_add(line).min(self.look_at())
    }

    /// When the owner has to be told of silence.
    #[must_use]
    pub fn silent_at(&self) -> Option<Duration> {
        match &self.said {
            Some(LastWord::Silent(why, told)) => (*why != self.why).then(|| told.saturating_add(SAY_EVERY)),
            Some(LastWord::Heard) | None => Some(self.log_heard.saturating_add(SILENT_AFTER)),
        }
    }

    /// What the owner is to be told, if anything: `Ok` if the log is heard (again), `Err` with the reason if not.
    pub fn news(&mut self, now: Duration, works: bool) -> Option<Result<(), String>> {
        let is_silent = now >= self.log_heard.saturating_add(SILENT_AFTER);
        match &self.said {
            None | Some(LastWord::Silent(..)) if works && !is_silent => {
                self.said = Some(LastWord::Heard);
                Some(Ok(()))
            }
            None | Some(LastWord::Heard | LastWord::Silent(..))
                if is_silent && self.silent_at().is_some_and(|at| now >= at) =>
            {
                self.said = Some(LastWord::Silent(self.why.clone(), now));
                Some(Err(self.why.clone()))
            }
            None | Some(LastWord::Heard | LastWord::Silent(..)) => None,
        }
    }
}
