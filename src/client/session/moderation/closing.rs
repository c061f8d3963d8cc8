//! The server's announced end: asking for it, calling it off, and the countdown that everyone sees.
//!
//! Must not know: any clock, or who may close the server.

use std::time::Duration;

use crate::client::chat::keys::shortened;
use crate::client::dialogs::order as acts;
use crate::client::dialogs::{self, Dialog};
use crate::client::session::outbound::messages::Awaited;
use crate::client::session::targets::Asked;
use crate::client::session::{Mode, Session};
use crate::model::period;
use crate::model::{Name, Target, Text, Timestamp};
use crate::protocol::limits::MAX_REASON;
use crate::protocol::{ClosingCommand, Command, Dialect, SessionCommand};

/// What calls it off.
const OFF: &str = "off";
/// What is said to a slip: it must not end anything.
const HOW: &str = "That closes nothing. Write /close-server in 5m because TEXT, /close-server off to call it off, or \
                   /close-server alone to close it now.";
/// Where a passphrase goes that could be a slip.
const ELSEWHERE: &str = "A passphrase with blanks, or with a digit in front, goes behind /moderator.";
/// What is said where nothing can be added.
const ALONE: &str = "That closes nothing: this server knows only /close-server alone, which closes it now.";

/// An end that is announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) struct Ending {
    by: Option<Name>,
    /// When, on the steady clock.
    at: Timestamp,
    reason: Text,
}

impl Session {
    /// `/close-server`, with what stands behind it: the passphrase, when and why, or that it is called off.
    pub(in crate::client::session) fn want_close(&mut self, argument: &str) -> bool {
        if !self.needs_server() {
            return false;
        }
        let tr226 = self.dialect() == Some(Dialect::Tr226);
        let argument = argument.trim();
        if !argument.is_empty() {
            return if tr226 { self.close_with(argument) } else { self.does_not_close(ALONE) };
        }
        if self.mode == Mode::Plain {
            self.close_server();
        } else if tr226 && !self.role.is_moderator() {
            self.closing = true;
            self.ask_passphrase("Only a moderator may close the server.");
        } else {
            self.ask_close();
        }
        true
    }

    /// What stands behind `/close-server`. Whatever it is not sure about closes nothing.
    fn close_with(&mut self, argument: &str) -> bool {
        if argument.eq_ignore_ascii_case(OFF) {
            return self.call_off();
        }
        let moderator = self.role.is_moderator();
        match acts::closing(argument) {
            Some(Ok((after, reason))) => self.close_later(after, reason),
            Some(Err(lack)) if !moderator && argument.starts_with(|c: char| c.is_ascii_digit()) => {
                self.does_not_close(&format!("{} {ELSEWHERE}", lack.words()))
            }
            Some(Err(lack)) => self.does_not_close(lack.words()),
            None if moderator => self.does_not_close(HOW),
            None if argument.contains(char::is_whitespace) => self.does_not_close(&format!("{HOW} {ELSEWHERE}")),
            None => {
                self.closing = true;
                self.prove_moderator(argument);
                true
            }
        }
    }

    fn does_not_close(&mut self, words: &str) -> bool {
        self.complain(words);
        false
    }

    pub(in crate::client::session) fn close_later(&mut self, after: Duration, reason: Text) -> bool {
        if !self.needs_moderation() {
            return false;
        }
        self.ask(Command::Closing(ClosingCommand::Later { after, reason }), Some(Awaited::Asked(Asked::Closing)));
        true
    }

    pub(in crate::client::session) fn call_off(&mut self) -> bool {
        if !self.needs_moderation() {
            return false;
        }
        self.ask(Command::Closing(ClosingCommand::CallOff), Some(Awaited::Asked(Asked::Closing)));
        true
    }

    /// Asks for the passphrase: to close the server, or to be a moderator and no more.
    pub(in crate::client::session) fn ask_passphrase(&mut self, reason: &str) {
        if self.closing {
            self.open(Dialog::Passphrase, dialogs::passphrase("Close server", reason));
        } else {
            self.open(Dialog::Moderator, dialogs::passphrase("Be a moderator", reason));
        }
    }

    /// Asks to be a moderator.
    pub(in crate::client::session) fn prove_moderator(&mut self, passphrase: &str) {
        self.ask(Command::Session(SessionCommand::Moderator(passphrase.to_owned())), Some(Awaited::Moderator));
    }

    /// `/moderator`.
    pub(in crate::client::session) fn be_moderator(&mut self, passphrase: &str) -> bool {
        if !self.needs_server() {
            return false;
        }
        self.closing = false;
        if self.dialect() != Some(Dialect::Tr226) {
            self.complain("This server knows no moderators.");
            return false;
        }
        if passphrase.is_empty() && self.mode == Mode::Screen {
            self.ask_passphrase("With the server's passphrase you are a moderator.");
        } else {
            self.prove_moderator(passphrase);
        }
        true
    }

    pub(in crate::client::session) fn ask_close(&mut self) {
        let pending = self.ending_words().map(|(when, why)| format!("It {when}: {why}"));
        let others = self.online_others().len();
        let form = dialogs::close(&self.server.to_string(), others, self.abilities.moderation, pending.as_deref());
        self.open(Dialog::Close, form);
    }

    pub(in crate::client::session) fn close_server(&mut self) {
        let tr226 = self.dialect() == Some(Dialect::Tr226);
        self.ask(Command::Closing(ClosingCommand::Now), tr226.then_some(Awaited::Close));
    }

    /// The server's end is announced, or announced again.
    pub(in crate::client::session) fn closing_told(
        &mut self,
        label: &str,
        by: Option<Name>,
        after: Duration,
        reason: &Text,
    ) {
        let mine = self.done(label).is_some();
        let reason = shortened(reason, MAX_REASON);
        let again = self.ending.as_ref().is_some_and(|known| known.by == by && known.reason == reason);
        let who = by.as_ref().map_or_else(|| "The server closes".to_owned(), |by| format!("{by} closes the server"));
        let words = format!("{who} in {}: {reason}", period::shown(after));
        self.ending = Some(Ending { by, at: self.now.steady.after(after), reason });
        match (self.mode, again) {
            // The countdown says it.
            (Mode::Screen, true) => {}
            (Mode::Plain, true) => self.tell(words),
            _ if mine => self.tell(words),
            _ => self.proclaim(&Target::Everyone, &words),
        }
    }

    pub(in crate::client::session) fn closing_off(&mut self, label: &str, by: &Name) {
        self.done(label);
        self.ending = None;
        self.happened(&Target::Everyone, &format!("{by} called it off: the server goes on"));
        if self.mode == Mode::Screen && !self.is_in_view(&Target::Everyone) {
            self.tell(format!("{by} called it off: the server goes on"));
        }
    }

    /// How many seconds are left, rounded up, if the end is announced.
    fn seconds_left(&self) -> Option<u64> {
        let left = self.ending.as_ref()?.at.since(self.now.steady).as_millis().div_ceil(1000);
        Some(u64::try_from(left).unwrap_or(u64::MAX))
    }

    /// When the server ends, and why, for the status bar.
    pub(in crate::client::session) fn ending_words(&self) -> Option<(String, &str)> {
        let reason = self.ending.as_ref()?.reason.as_str();
        let seconds = self.seconds_left()?;
        let words = match seconds / 3600 {
            0 => format!("closes in {}:{:02}", seconds / 60, seconds % 60),
            hours @ 1..=47 => format!("closes in {hours} h {:02} min", seconds / 60 % 60),
            hours => format!("closes in {} days", hours / 24),
        };
        Some((words, reason))
    }

    /// The next moment at which the countdown shows something else.
    pub(in crate::client::session) fn ending_deadline(&self) -> Option<Timestamp> {
        let ending = self.ending.as_ref().filter(|_| self.mode == Mode::Screen)?;
        let left = self.seconds_left().filter(|left| *left > 0)?;
        let next = if left > 3600 { left / 60 * 60 - 1 } else { left - 1 };
        Some(Timestamp(ending.at.0 - i64::try_from(next).unwrap_or(0).saturating_mul(1000)))
    }
}
