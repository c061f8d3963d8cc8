//! The announced closing of the server: its countdown, and whether the person wants to close the server.
//!
//! Must not know: any clock, or who may close the server.

use std::time::Duration;

use super::{Ending, Moderating};
use crate::client::chat::lookup_keys::shortened;
use crate::client::session::effects::Effects;
use crate::client::session::notice::Notice;
use crate::language::{moderating as say, times};
use crate::model::{Name, Target, Text, Timestamp};
use crate::protocol::limits::MAX_REASON;

impl Moderating {
    /// Whether the person wants to close the server once they are a moderator.
    pub(in crate::client::session) fn wants_close(&self) -> bool {
        self.closing
    }

    pub(in crate::client::session) fn set_wants_close(&mut self, closing: bool) {
        self.closing = closing;
    }

    /// The same, and resets it.
    pub(in crate::client::session) fn take_wants_close(&mut self) -> bool {
        std::mem::take(&mut self.closing)
    }

    /// The connection is lost: no closing is announced any more.
    pub(in crate::client::session) fn cut_off(&mut self) {
        self.closing = false;
        self.ending = None;
    }

    /// A closing is announced, or announced again; `mine` if the person asked for it. Returns what to tell the person.
    pub(in crate::client::session) fn announced(
        &mut self,
        mine: bool,
        by: Option<Name>,
        after: Duration,
        reason: &Text,
        out: &Effects,
    ) -> Option<Notice> {
        let reason = shortened(reason, MAX_REASON);
        let again = self.ending.as_ref().is_some_and(|known| known.by == by && known.reason == reason);
        let after_words = times::period(after);
        let words = match &by {
            Some(by) => say::closes_server_in(by, after_words, &reason),
            None => say::server_closes_in(after_words, &reason),
        };
        self.ending = Some(Ending { by, at: out.steady().after(after), reason });
        match (out.is_plain(), again) {
            // The countdown shows it.
            (false, true) => None,
            (true, true) => Some(Notice::News(words)),
            (_, false) if mine => Some(Notice::News(words)),
            (_, false) => Some(Notice::Alarm(Target::Everyone, words)),
        }
    }

    /// The closing is called off.
    pub(in crate::client::session) fn called_off(&mut self) {
        self.ending = None;
    }

    /// The seconds left until the closing, rounded up.
    fn seconds_left(&self, now: Timestamp) -> Option<u64> {
        let left = self.ending.as_ref()?.at.since(now).as_millis().div_ceil(1000);
        Some(u64::try_from(left).unwrap_or(u64::MAX))
    }

    /// The time left and the reason, for the status bar.
    pub(in crate::client::session) fn ending_words(&self, now: Timestamp) -> Option<(String, &str)> {
        let reason = self.ending.as_ref()?.reason.as_str();
        let seconds = self.seconds_left(now)?;
        let words = match seconds / 3600 {
            0 => say::closes_in_clock(format!("{}:{:02}", seconds / 60, seconds % 60)),
            hours @ 1..=47 => say::closes_in_clock(format!("{hours} h {:02} min", seconds / 60 % 60)),
            hours => say::closes_in_days(hours / 24),
        };
        Some((words, reason))
    }

    /// The next time at which the countdown shows something else.
    pub(in crate::client::session) fn deadline(&self, now: Timestamp) -> Option<Timestamp> {
        let ending = self.ending.as_ref()?;
        let left = self.seconds_left(now).filter(|left| *left > 0)?;
        let next = if left > 3600 { left / 60 * 60 - 1 } else { left - 1 };
        Some(Timestamp(ending.at.0 - i64::try_from(next).unwrap_or(0).saturating_mul(1000)))
    }
}
