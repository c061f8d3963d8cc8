//! Acts of moderators as they are written or filled in, and their translation into requests.
//!
//! Must not know: dialogs, where the moderator is, or who may do what.

use std::time::Duration;

use crate::language::moderating as say;
use crate::language::names;
use crate::model::period;
use crate::model::room::ROOM_SIGN;
use crate::model::{BanTarget, MessageId, Reaction, Text};
use crate::protocol::limits::MAX_REASON;
use crate::protocol::{Act, Verb};

/// The flag that applies an act to the whole server from within a room.
pub const EVERYWHERE: &str = "-all";
/// The flag that asks only whom a ban would hit.
pub const DRY_RUN: &str = "--dry-run";
/// Stands in the place of a name: everybody's reaction is to be removed.
pub const EVERYBODY: &str = "-";

/// An act as it was written; parts may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActOrder {
    /// Whether the act applies to the whole server.
    pub everywhere: bool,
    /// The room as it was written, if the act names one: it need not be the one in view.
    pub room: Option<String>,
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
    /// Parses the argument of a command: `[-all] [--dry-run] SUBJECT [for=TIME|TIME] REASON`; the room stands before it
    /// if one may be named.
    #[must_use]
    pub fn read(verb: Verb, written: &str) -> Self {
        let mut order = Self::default();
        let mut rest = order.flags(verb, written.trim());
        if verb == Verb::AllowCalls && rest.starts_with(ROOM_SIGN) {
            let (room, after) = first_word(rest);
            order.room = Some(room.to_owned());
            rest = order.flags(verb, after);
        }
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
            let words = if verb == Verb::Announce { say::say_what() } else { say::say_why() };
            return Err(Lack::Reason(words.to_owned()));
        }
        if verb != Verb::Announce && reason.as_str().len() > MAX_REASON {
            return Err(Lack::Reason(say::reason_too_long(MAX_REASON)));
        }
        Ok((act, if self.dry_run { Text::default() } else { reason }))
    }

    fn bare(&self, verb: Verb) -> Result<Act, Lack> {
        let subject = self.subject.trim();
        let lack = |words: &str| Lack::Subject(words.to_owned());
        if subject.is_empty() && has_subject(verb) {
            return Err(lack(match verb {
                Verb::SlowMode => say::say_seconds_between(),
                Verb::ReadOnly | Verb::LockTopic | Verb::AllowCalls => say::say_on_or_off(),
                Verb::Delete => say::say_which_message(),
                Verb::RemoveReaction => say::say_which_reaction(),
                Verb::Kick
                | Verb::Ban
                | Verb::Unban
                | Verb::Mute
                | Verb::Unmute
                | Verb::Announce
                | Verb::Grant
                | Verb::Revoke
                | Verb::Free => say::say_whom(),
            }));
        }
        // On the wire a name is one word.
        if subject.contains(char::is_whitespace) {
            return Err(lack(say::no_spaces()));
        }
        let user = || Text::line(subject).to_string();
        let whom = || subject.parse::<BanTarget>().map_err(|_| Lack::Subject(names::not_bannable(Text::line(subject))));
        let message = || {
            let id = subject.parse().map(MessageId);
            id.map_err(|_| lack(say::say_message_by_place()))
        };
        let on = || match subject {
            "on" => Ok(true),
            "off" => Ok(false),
            _ => Err(lack(say::say_on_or_off())),
        };
        Ok(match verb {
            Verb::Kick => Act::Kick(user()),
            Verb::Ban => Act::Ban { whom: whom()?, time: self.time()?, dry_run: self.dry_run },
            Verb::Unban => Act::Unban(whom()?),
            Verb::Mute => Act::Mute { user: user(), time: self.time()? },
            Verb::Unmute => Act::Unmute(user()),
            Verb::SlowMode => Act::SlowMode(pause(subject).ok_or_else(|| lack(say::say_seconds()))?),
            Verb::ReadOnly => Act::ReadOnly(on()?),
            Verb::LockTopic => Act::LockTopic(on()?),
            Verb::AllowCalls => Act::AllowCalls(on()?),
            Verb::Delete => Act::Delete(message()?),
            Verb::RemoveReaction => {
                let reaction = Reaction::parse(&self.reaction);
                let reaction = reaction.map_err(|_| Lack::Subject(names::reaction()))?;
                let whose = self.whose.trim();
                if whose.contains(char::is_whitespace) {
                    return Err(lack(say::no_spaces()));
                }
                let everybody = whose.is_empty() || whose == EVERYBODY;
                let of = (!everybody).then(|| Text::line(whose).to_string());
                Act::RemoveReaction { id: message()?, reaction, of }
            }
            Verb::Announce => Act::Announce,
            Verb::Grant => Act::Grant(user()),
            Verb::Revoke => Act::Revoke(user()),
            Verb::Free => Act::Free(user()),
        })
    }

    fn time(&self) -> Result<Option<Duration>, Lack> {
        match self.time.trim() {
            "" => Ok(None),
            time => period::parse(time).map(Some).ok_or_else(|| Lack::Time(say::time_is_wrong().to_owned())),
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
        (None, _) => Err(Lack::Time(say::say_when_closing().to_owned())),
        (_, reason) if reason.is_blank() => Err(Lack::Reason(say::say_why_closing().to_owned())),
        (_, reason) if reason.as_str().len() > MAX_REASON => Err(Lack::Reason(say::reason_too_long(MAX_REASON))),
        (Some(time), reason) => Ok((time, reason)),
    })
}
