//! Acts of moderators as they are written or filled in, and their translation into requests.
//!
//! Must not know: dialogs, where the moderator is, or who may do what.

use std::time::Duration;

use crate::model::period;
use crate::model::{BanTarget, MessageId, Reaction, Text};
use crate::protocol::limits::MAX_REASON;
use crate::protocol::{Act, Verb};

/// The flag that applies an act to the whole server from within a room.
pub const EVERYWHERE: &str = "-all";
/// The flag that asks only whom a ban would hit.
pub const DRY_RUN: &str = "--dry-run";
/// Stands in the place of a name: everybody's reaction is to be removed.
pub const EVERYBODY: &str = "-";
/// How a time is written.
const TIME: &str = "Give a time such as 10m, 2h or 7d, or no time (permanent); a reason begins with a letter.";

/// An act as it was written; parts may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActOrder {
    /// Whether the act applies to the whole server.
    pub everywhere: bool,
    /// Whether to ask only whom the ban would hit.
    pub dry_run: bool,
    /// The subject: a user, the subject of a ban, seconds, `on` or `off`, or the number of a message.
    pub subject: String,
    /// The reaction to be removed from a message.
    pub reaction: String,
    /// The user whose reaction it is; blank or [`EVERYBODY`] means everybody.
    pub whose: String,
    /// The duration; blank means permanent.
    pub time: String,
    /// The reason, or the text of an announcement.
    pub reason: String,
}

/// Why an act cannot be carried out, as a sentence for the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// The subject is missing or invalid.
    Subject(String),
    /// The duration is invalid.
    Time(String),
    /// The reason is missing or too long.
    Reason(String),
}

impl Lack {
    /// The sentence.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Self::Subject(words) | Self::Time(words) | Self::Reason(words) => words,
        }
    }
}

/// Whether an act has a subject; the others apply to the place.
#[must_use]
pub fn has_subject(verb: Verb) -> bool {
    verb != Verb::Announce
}

/// Whether an act may have a duration.
#[must_use]
pub fn has_time(verb: Verb) -> bool {
    matches!(verb, Verb::Ban | Verb::Mute)
}

impl ActOrder {
    /// Parses the argument of a command: `[-all] [--dry-run] SUBJECT [for=TIME|TIME] REASON`.
    #[must_use]
    pub fn read(verb: Verb, written: &str) -> Self {
        let mut order = Self::default();
        let mut rest = order.flags(verb, written.trim());
        if has_subject(verb) {
            let subject;
            (subject, rest) = first_word(rest);
            subject.clone_into(&mut order.subject);
            rest = order.flags(verb, rest);
        }
        if verb == Verb::RemoveReaction {
            let (reaction, after) = first_word(rest);
            let (whose, after) = first_word(after);
            (order.reaction, order.whose) = (reaction.to_owned(), whose.to_owned());
            rest = order.flags(verb, after);
        }
        if has_time(verb) {
            let (word, after) = first_word(rest);
            // An invalid duration must not become the first word of the reason for something permanent.
            let time = word.starts_with(|c: char| c.is_ascii_digit()).then_some(word);
            if let Some(time) = word.strip_prefix("for=").or(time) {
                time.clone_into(&mut order.time);
                rest = order.flags(verb, after);
            }
        }
        rest.clone_into(&mut order.reason);
        order
    }

    /// Takes flags off the front.
    fn flags<'a>(&mut self, verb: Verb, mut rest: &'a str) -> &'a str {
        loop {
            let (word, after) = first_word(rest);
            match word {
                EVERYWHERE => self.everywhere = true,
                DRY_RUN if verb == Verb::Ban => self.dry_run = true,
                _ => return rest,
            }
            rest = after;
        }
    }

    /// The request and its reason.
    ///
    /// # Errors
    /// Something is missing or invalid.
    pub fn act(&self, verb: Verb) -> Result<(Act, Text), Lack> {
        let act = self.bare(verb)?;
        let reason = if verb == Verb::Announce { Text::block(&self.reason) } else { Text::line(self.reason.trim()) };
        if reason.is_blank() && !self.dry_run {
            let words = if verb == Verb::Announce { "Say what." } else { "Say why: everyone here can read it." };
            return Err(Lack::Reason(words.to_owned()));
        }
        if verb != Verb::Announce && reason.as_str().len() > MAX_REASON {
            return Err(Lack::Reason(format!("A reason has at most {MAX_REASON} bytes.")));
        }
        Ok((act, if self.dry_run { Text::default() } else { reason }))
    }

    fn bare(&self, verb: Verb) -> Result<Act, Lack> {
        let subject = self.subject.trim();
        let lack = |words: &str| Lack::Subject(words.to_owned());
        if subject.is_empty() && has_subject(verb) {
            return Err(lack(match verb {
                Verb::SlowMode => "Say how many seconds between two messages, or off.",
                Verb::ReadOnly | Verb::LockTopic => "Say on or off.",
                Verb::Delete => "Say which message.",
                Verb::RemoveReaction => "Say which reaction.",
                Verb::Kick
                | Verb::Ban
                | Verb::Unban
                | Verb::Mute
                | Verb::Unmute
                | Verb::Announce
                | Verb::Grant
                | Verb::Revoke => "Say whom.",
            }));
        }
        // On the wire a name is one word.
        if subject.contains(char::is_whitespace) {
            return Err(lack("A name has no spaces."));
        }
        let user = || Text::line(subject).to_string();
        let whom = || subject.parse::<BanTarget>().map_err(|error| Lack::Subject(error.to_string()));
        let message = || {
            let id = subject.parse().map(MessageId);
            id.map_err(|_| lack("Say which message, by its place: 1 is the newest."))
        };
        let on = || match subject {
            "on" => Ok(true),
            "off" => Ok(false),
            _ => Err(lack("Say on or off.")),
        };
        Ok(match verb {
            Verb::Kick => Act::Kick(user()),
            Verb::Ban => Act::Ban { whom: whom()?, time: self.time()?, dry_run: self.dry_run },
            Verb::Unban => Act::Unban(whom()?),
            Verb::Mute => Act::Mute { user: user(), time: self.time()? },
            Verb::Unmute => Act::Unmute(user()),
            Verb::SlowMode => Act::SlowMode(pause(subject).ok_or_else(|| lack("Say how many seconds, or off."))?),
            Verb::ReadOnly => Act::ReadOnly(on()?),
            Verb::LockTopic => Act::LockTopic(on()?),
            Verb::Delete => Act::Delete(message()?),
            Verb::RemoveReaction => {
                let reaction = Reaction::parse(&self.reaction);
                let reaction = reaction.map_err(|error| Lack::Subject(error.to_string()))?;
                let whose = self.whose.trim();
                if whose.contains(char::is_whitespace) {
                    return Err(lack("A name has no spaces."));
                }
                let everybody = whose.is_empty() || whose == EVERYBODY;
                let of = (!everybody).then(|| Text::line(whose).to_string());
                Act::RemoveReaction { id: message()?, reaction, of }
            }
            Verb::Announce => Act::Announce,
            Verb::Grant => Act::Grant(user()),
            Verb::Revoke => Act::Revoke(user()),
        })
    }

    fn time(&self) -> Result<Option<Duration>, Lack> {
        match self.time.trim() {
            "" => Ok(None),
            time => period::parse(time).map(Some).ok_or_else(|| Lack::Time(TIME.to_owned())),
        }
    }
}

/// Parses a number of seconds, a duration, or `off`.
fn pause(word: &str) -> Option<Duration> {
    let seconds = || word.parse().ok().map(Duration::from_secs).filter(|pause| *pause <= period::MAX_PERIOD);
    if word == "off" { Some(Duration::ZERO) } else { seconds().or_else(|| period::parse(word)) }
}

/// The first word, and the text after it.
#[must_use]
pub fn first_word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim_start())
}

/// Parses an announced closing: `in TIME because TEXT`, where both small words may be left out. `None` unless it begins with
/// `in` or with a digit.
///
/// # Errors
/// The time or the reason is missing or invalid.
pub fn closing(written: &str) -> Option<Result<(Duration, Text), Lack>> {
    let (first, after) = first_word(written);
    let rest = match first.split_once('=') {
        _ if first.eq_ignore_ascii_case("in") => after,
        _ if first.starts_with(|c: char| c.is_ascii_digit()) => written,
        Some((word, _)) if word.eq_ignore_ascii_case("in") => written.split_once('=')?.1,
        _ => return None,
    };
    let (time, rest) = first_word(rest);
    let (word, after) = first_word(rest);
    let reason = if word.eq_ignore_ascii_case("because") { after } else { rest }.trim();
    Some(match (period::parse(time), Text::line(reason)) {
        (None, _) => Err(Lack::Time("Say when as in: in 5m because TEXT.".to_owned())),
        (_, reason) if reason.is_blank() => {
            Err(Lack::Reason("Say why the server is to close: in 5m because TEXT.".to_owned()))
        }
        (_, reason) if reason.as_str().len() > MAX_REASON => {
            Err(Lack::Reason(format!("A reason has at most {MAX_REASON} bytes.")))
        }
        (Some(time), reason) => Ok((time, reason)),
    })
}
