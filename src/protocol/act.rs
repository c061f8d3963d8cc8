//! Moderators' actions: how a moderator requests one, and how the server reports it.
//!
//! The data of a request is `SUBJECT [for=TIME] [dry-run] REASON`; each action leaves out what it does not need.
//!
//! Must not know: who may do what, or whom it affects (`server`).

use std::time::Duration;

use super::limits::MAX_REASON;
use super::refusal::Code;
use super::words::{SERVER, op};
use crate::model::period;
use crate::model::{BanTarget, MessageId, Reaction, Text};

/// Stands in the place of a name: no user, or everybody.
const ANYBODY: &str = "-";

/// A request for an action, with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActRequest {
    /// Where it applies: `all clients`, or a room as written.
    pub place: String,
    /// The action.
    pub act: Act,
    /// The reason: one line, never blank.
    pub reason: Text,
}

/// A moderator's action. Users are named as the moderator wrote them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "tr2-protocol(7) says what each field is")]
pub enum Act {
    /// Disconnects a user, who may rejoin.
    Kick(String),
    /// Disconnects a user, who may not rejoin for a time, or ever.
    Ban { whom: BanTarget, time: Option<Duration>, dry_run: bool },
    /// Lifts a ban.
    Unban(BanTarget),
    /// Stops a user from sending messages for a time, or for ever.
    Mute { user: String, time: Option<Duration> },
    /// Lifts a mute.
    Unmute(String),
    /// Makes every user wait this long between two messages; zero turns slow mode off.
    SlowMode(Duration),
    /// Whether only moderators may send messages.
    ReadOnly(bool),
    /// Whether only moderators may set the topic.
    LockTopic(bool),
    /// Whether calls are allowed in a room.
    AllowCalls(bool),
    /// Replaces a message with a marker.
    Delete(MessageId),
    /// Takes a reaction of a user from a message, or of everybody.
    RemoveReaction { id: MessageId, reaction: Reaction, of: Option<String> },
    /// Sends the reason itself to everybody in the place.
    Announce,
    /// Makes a user a moderator of the place.
    Grant(String),
    /// Takes moderator rights away.
    Revoke(String),
    /// Takes a name from an owner who has lost every key to it.
    Free(String),
}

/// An action that was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Which action.
    pub verb: Verb,
    /// The user, ban or message; `None` if the action is about the place, or if the recipient is not told.
    pub subject: Option<Text>,
    /// For how long; `None` is for ever.
    pub time: Option<Duration>,
    /// On or off, for the actions that are one of the two.
    pub on: bool,
    /// The reason.
    pub reason: Text,
}

/// The kind of an action, without its details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "as in Act")]
pub enum Verb {
    Kick,
    Ban,
    Unban,
    Mute,
    Unmute,
    SlowMode,
    ReadOnly,
    LockTopic,
    AllowCalls,
    Delete,
    RemoveReaction,
    Announce,
    Grant,
    Revoke,
    Free,
}

impl Verb {
    /// All kinds.
    pub const ALL: [Self; 15] = [
        Self::Kick,
        Self::Ban,
        Self::Unban,
        Self::Mute,
        Self::Unmute,
        Self::SlowMode,
        Self::ReadOnly,
        Self::LockTopic,
        Self::AllowCalls,
        Self::Delete,
        Self::RemoveReaction,
        Self::Announce,
        Self::Grant,
        Self::Revoke,
        Self::Free,
    ];

    /// The operation on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kick => op::KICK,
            Self::Ban => op::BAN,
            Self::Unban => op::UNBAN,
            Self::Mute => op::MUTE,
            Self::Unmute => op::UNMUTE,
            Self::SlowMode => op::SLOW_MODE,
            Self::ReadOnly => op::READ_ONLY,
            Self::LockTopic => op::LOCK_TOPIC,
            Self::AllowCalls => op::ALLOW_CALLS,
            Self::Delete => op::DELETE,
            Self::RemoveReaction => op::REMOVE_REACTION,
            Self::Announce => op::ANNOUNCE,
            Self::Grant => op::GRANT,
            Self::Revoke => op::REVOKE,
            Self::Free => op::FREE,
        }
    }

    /// Reads an operation.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.as_str() == word)
    }
}

impl Act {
    /// The kind of this action.
    #[must_use]
    pub fn verb(&self) -> Verb {
        match self {
            Self::Kick(_) => Verb::Kick,
            Self::Ban { .. } => Verb::Ban,
            Self::Unban(_) => Verb::Unban,
            Self::Mute { .. } => Verb::Mute,
            Self::Unmute(_) => Verb::Unmute,
            Self::SlowMode(_) => Verb::SlowMode,
            Self::ReadOnly(_) => Verb::ReadOnly,
            Self::LockTopic(_) => Verb::LockTopic,
            Self::AllowCalls(_) => Verb::AllowCalls,
            Self::Delete(_) => Verb::Delete,
            Self::RemoveReaction { .. } => Verb::RemoveReaction,
            Self::Announce => Verb::Announce,
            Self::Grant(_) => Verb::Grant,
            Self::Revoke(_) => Verb::Revoke,
            Self::Free(_) => Verb::Free,
        }
    }
}

impl ActRequest {
    /// The data of the request.
    #[must_use]
    pub fn data(&self) -> String {
        let on = |on: bool| if on { "on" } else { "off" };
        let timed = |time: Option<Duration>| time.map(|time| format!(" for={}s", time.as_secs())).unwrap_or_default();
        let head = match &self.act {
            Act::Kick(user) | Act::Unmute(user) | Act::Grant(user) | Act::Revoke(user) | Act::Free(user) => {
                user.clone()
            }
            Act::Ban { whom, time, dry_run } => {
                format!("{whom}{}{}", timed(*time), if *dry_run { " dry-run" } else { "" })
            }
            Act::Unban(whom) => whom.to_string(),
            Act::Mute { user, time } => format!("{user}{}", timed(*time)),
            Act::SlowMode(pause) => pause.as_secs().to_string(),
            Act::ReadOnly(state) | Act::LockTopic(state) | Act::AllowCalls(state) => on(*state).to_owned(),
            Act::Delete(id) => id.to_string(),
            Act::RemoveReaction { id, reaction, of } => format!("{id} {reaction} {}", of.as_deref().unwrap_or(ANYBODY)),
            Act::Announce => return self.reason.to_string(),
        };
        format!("{head} {}", self.reason).trim_end().to_owned()
    }

    /// Reads the data of a request.
    ///
    /// # Errors
    /// What is missing or wrong, as a sentence for the peer.
    pub fn read(verb: Verb, place: &str, data: &str) -> Result<Self, (Code, String)> {
        let mut words = Words(data.trim());
        let bad = |text: &str| (Code::BadFrame, text.to_owned());
        let user =
            |words: &mut Words<'_>| words.next().map(str::to_owned).ok_or_else(|| bad("Give the name of a user."));
        let whom = |words: &mut Words<'_>| {
            let word = words.next().ok_or_else(|| bad("Give a name, a key, a uid, an address or a network."))?;
            word.parse::<BanTarget>().map_err(|error| (Code::BadName, error.to_string()))
        };
        let on = |words: &mut Words<'_>| match words.next() {
            Some("on") => Ok(true),
            Some("off") => Ok(false),
            _ => Err(bad("Give on or off.")),
        };
        let message = |words: &mut Words<'_>| {
            let id = words.next().and_then(|word| word.parse().ok()).map(MessageId);
            id.ok_or_else(|| bad("Give the number of a message."))
        };
        let act = match verb {
            Verb::Kick => Act::Kick(user(&mut words)?),
            Verb::Ban => Act::Ban { whom: whom(&mut words)?, time: words.time()?, dry_run: words.flag("dry-run") },
            Verb::Unban => Act::Unban(whom(&mut words)?),
            Verb::Mute => Act::Mute { user: user(&mut words)?, time: words.time()? },
            Verb::Unmute => Act::Unmute(user(&mut words)?),
            Verb::SlowMode => {
                let seconds = words.next().and_then(|word| word.parse().ok());
                let pause = seconds.map(Duration::from_secs).filter(|pause| *pause <= period::MAX_PERIOD);
                Act::SlowMode(pause.ok_or_else(|| bad("Give the seconds between two messages, or 0 for off."))?)
            }
            Verb::ReadOnly => Act::ReadOnly(on(&mut words)?),
            Verb::LockTopic => Act::LockTopic(on(&mut words)?),
            Verb::AllowCalls => Act::AllowCalls(on(&mut words)?),
            Verb::Delete => Act::Delete(message(&mut words)?),
            Verb::RemoveReaction => {
                let id = message(&mut words)?;
                let reaction = words.next().ok_or_else(|| bad("Give the reaction."))?;
                let reaction = Reaction::parse(reaction).map_err(|error| (Code::BadReaction, error.to_string()))?;
                let of = words.next().ok_or_else(|| bad("Give the name of a user, or - for everybody."))?;
                Act::RemoveReaction { id, reaction, of: (of != ANYBODY).then(|| of.to_owned()) }
            }
            Verb::Announce => Act::Announce,
            Verb::Grant => Act::Grant(user(&mut words)?),
            Verb::Revoke => Act::Revoke(user(&mut words)?),
            Verb::Free => Act::Free(user(&mut words)?),
        };
        let dry = matches!(act, Act::Ban { dry_run: true, .. });
        let reason = if verb == Verb::Announce { Text::block(words.0) } else { Text::line(words.0.trim()) };
        if reason.is_blank() && !dry {
            return Err((Code::ReasonNeeded, format!("Give a reason: {} needs one.", verb.as_str())));
        }
        if verb != Verb::Announce && reason.as_str().len() > MAX_REASON {
            return Err((Code::TooLong, format!("A reason has at most {MAX_REASON} bytes.")));
        }
        Ok(Self { place: place.to_owned(), act, reason })
    }
}

impl Done {
    /// The data of the report: `SUBJECT|- SECONDS|- on|off REASON`, behind the verb.
    #[must_use]
    pub fn data(&self) -> String {
        let subject = self.subject.as_ref().map_or(ANYBODY, Text::as_str).replace(' ', "_");
        let time = self.time.map_or_else(|| "-".to_owned(), |time| time.as_secs().to_string());
        let on = if self.on { "on" } else { "off" };
        format!("{} {subject} {time} {on} {}", self.verb.as_str(), self.reason)
    }

    /// Reads the data of a report; `None` if it is malformed.
    #[must_use]
    pub fn read(data: &str) -> Option<Self> {
        let mut words = Words(data);
        let verb = Verb::parse(words.next()?)?;
        let subject = words.next().filter(|word| *word != "-").map(Text::line);
        let time = words.next()?.parse().ok().map(Duration::from_secs);
        let on = words.next()? == "on";
        Some(Self { verb, subject, time, on, reason: Text::block(words.0) })
    }

    /// What `by` did, as one sentence.
    #[must_use]
    pub fn sentence(&self, by: &str) -> String {
        let subject = self.subject.as_ref().map_or("somebody", Text::as_str);
        let time = self.time.map(|time| format!(" for {}", period::shown(time))).unwrap_or_default();
        let reason = &self.reason;
        match self.verb {
            Verb::Kick => format!("{by} kicked {subject}: {reason}"),
            Verb::Ban => format!("{by} banned {subject}{time}: {reason}"),
            Verb::Unban => format!("{by} unbanned {subject}: {reason}"),
            Verb::Mute => format!("{by} muted {subject}{time}: {reason}"),
            Verb::Unmute => format!("{by} unmuted {subject}: {reason}"),
            Verb::SlowMode if self.on => {
                let pause = self.time.map(period::shown).unwrap_or_default();
                format!("{by} turned slow mode on ({pause} between two messages): {reason}")
            }
            Verb::SlowMode => format!("{by} turned slow mode off: {reason}"),
            Verb::ReadOnly if self.on => format!("{by} lets only moderators write: {reason}"),
            Verb::ReadOnly => format!("{by} lets everyone write again: {reason}"),
            Verb::LockTopic if self.on => format!("{by} lets only moderators set the topic: {reason}"),
            Verb::LockTopic => format!("{by} lets everyone set the topic: {reason}"),
            Verb::AllowCalls if self.on => format!("{by} switched calls on: {reason}"),
            Verb::AllowCalls => format!("{by} switched calls off: {reason}"),
            // What the server itself deletes is all that a user said.
            Verb::Delete if by == SERVER => format!("{by} erased everything that {subject} said"),
            Verb::Delete => format!("{by} deleted a message by {subject}: {reason}"),
            Verb::RemoveReaction if self.subject.is_none() => {
                format!("{by} removed a reaction by several users: {reason}")
            }
            Verb::RemoveReaction => format!("{by} removed a reaction by {subject}: {reason}"),
            Verb::Announce => format!("{by} announces: {reason}"),
            Verb::Grant => format!("{by} made {subject} a moderator: {reason}"),
            Verb::Revoke => format!("{by} took moderator rights from {subject}: {reason}"),
            Verb::Free => format!("{by} freed the name {subject}: {reason}"),
        }
    }
}

/// Takes words from the front of a text.
pub(super) struct Words<'a>(pub(super) &'a str);

impl<'a> Words<'a> {
    pub(super) fn next(&mut self) -> Option<&'a str> {
        let (word, rest) = self.0.split_once(' ').unwrap_or((self.0, ""));
        self.0 = rest.trim_start();
        Some(word).filter(|word| !word.is_empty())
    }

    /// Takes the first word if it is `wanted`.
    fn flag(&mut self, wanted: &str) -> bool {
        let (word, rest) = self.0.split_once(' ').unwrap_or((self.0, ""));
        let found = word == wanted;
        if found {
            self.0 = rest.trim_start();
        }
        found
    }

    /// Takes `for=TIME` from the front, if it stands there.
    fn time(&mut self) -> Result<Option<Duration>, (Code, String)> {
        let Some(rest) = self.0.strip_prefix("for=") else { return Ok(None) };
        let (word, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        let time = period::parse(word);
        self.0 = rest.trim_start();
        time.map(Some).ok_or_else(|| {
            (Code::BadFrame, "Give a time such as for=10m: a number and s, m, h or d, at most ten years.".to_owned())
        })
    }
}
