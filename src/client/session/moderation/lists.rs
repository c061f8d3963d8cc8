//! The bans and mutes in force, the invitations and the log, as they come in and once they are complete.
//!
//! Must not know: how either is requested, or which dialog shows it.

use super::{LogLine, Moderating};
use crate::client::dialogs::form::{Item, Pick};
use crate::client::dialogs::moderation::nothing_in_force;
use crate::client::session::effects::Effects;
use crate::client::session::outbound::awaited::Inquiry;
use crate::client::text::print;
use crate::client::view::{Scope, StyledLine};
use crate::language::{inviting, moderating as say};
use crate::model::{MessageId, Target, Text, Timestamp};
use crate::protocol::limits::MAX_PAGE;
use crate::protocol::{BanLine, InvitationLine, Span, Verb};

/// The most bans and mutes that are listed, and the most invitations.
pub const MAX_BANS: usize = 1000;
/// The most lines of the log that are read.
pub const MAX_LOG: usize = 1000;
/// The number of lines of a page of the log.
pub(in crate::client::session) const LOG_PAGE: usize = 50;

impl Moderating {
    /// A list of bans and mutes is about to come.
    pub(in crate::client::session) fn expect_bans(&mut self) {
        self.bans.clear();
    }

    /// Takes a ban or a mute of the list.
    pub(in crate::client::session) fn add_ban(&mut self, line: BanLine) {
        if self.bans.len() < MAX_BANS {
            self.bans.push(line);
        }
    }

    /// Takes the complete list of bans and mutes of a place, for plain mode; `more` if there are others.
    pub(in crate::client::session) fn take_bans_sentence(
        &mut self,
        place: &Target,
        more: bool,
        out: &Effects,
    ) -> String {
        let mut lines: Vec<String> = std::mem::take(&mut self.bans).iter().map(|line| ban_words(line, out)).collect();
        lines.extend(more.then(|| say::there_are_more().to_owned()));
        if lines.is_empty() { nothing_in_force(place) } else { lines.join("\n") }
    }

    /// Takes the complete list of bans and mutes as rows; with `ending`, only those that this act can lift.
    pub(in crate::client::session) fn take_ban_rows(&mut self, ending: Option<Verb>, out: &Effects) -> Vec<Item> {
        let mute = ending.map(|verb| verb == Verb::Unmute);
        let bans = std::mem::take(&mut self.bans);
        let listed = bans.iter().filter(|line| mute.is_none_or(|mute| line.mute == mute));
        let row = |line: &BanLine| Item {
            value: Pick::Ban { whom: line.whom.to_string(), mute: line.mute },
            left: StyledLine::of(Scope::Text, ban_words(line, out)),
            right: StyledLine::of(Scope::Dim, if line.mute { say::mute() } else { say::ban_noun() }),
            ..Item::default()
        };
        listed.map(row).collect()
    }

    /// Takes an invitation of the list.
    pub(in crate::client::session) fn add_invitation(&mut self, line: InvitationLine) {
        if self.invitations.len() < MAX_BANS {
            self.invitations.push(line);
        }
    }

    /// Takes the complete list of invitations; `more` if there are others.
    pub(in crate::client::session) fn take_invitations_sentence(&mut self, more: bool, out: &Effects) -> String {
        let words = |InvitationLine { id, by, people, used, until }| {
            inviting::invitation(id, used, people, out.day_and_time(until), by)
        };
        let mut lines: Vec<String> = std::mem::take(&mut self.invitations).into_iter().map(words).collect();
        lines.extend(more.then(|| inviting::more_invitations().to_owned()));
        if lines.is_empty() { inviting::no_invitations().to_owned() } else { lines.join("\n") }
    }

    /// Drops the log, to read it from its end.
    pub(in crate::client::session) fn forget_log(&mut self) {
        self.log.clear();
    }

    /// The next older page of the log is about to come; returns its span.
    pub(in crate::client::session) fn expect_log(&mut self, limit: usize) -> Span {
        self.page.clear();
        Span { before: self.log.first().map(|line| line.id), ..Span::newest(limit) }
    }

    /// Takes a line of the page.
    pub(in crate::client::session) fn add_log_line(
        &mut self,
        inquiry: Option<&Inquiry>,
        (id, time): (Option<MessageId>, Option<Timestamp>),
        place: &Target,
        words: &str,
        out: &Effects,
    ) {
        let (Some(Inquiry::Modlog(asked)), Some(id)) = (inquiry, id) else { return };
        if self.page.len() >= MAX_PAGE {
            return;
        }
        // If all lines are about one place, they do not name it.
        let place = if asked == place { String::new() } else { print::room_prefix(place) };
        let words = Text::line(&(place + words)).to_string();
        self.page.push(LogLine { id, time: time.unwrap_or(out.wall()), words });
    }

    /// Takes the page, without lines that are already known, oldest first.
    fn take_page(&mut self) -> Vec<LogLine> {
        let mut page = std::mem::take(&mut self.page);
        page.sort_by_key(|line| line.id);
        let before = self.log.first().map(|line| line.id);
        page.retain(|line| before.is_none_or(|before| line.id < before));
        page
    }

    /// Takes the complete page, for plain mode; `more` if there is more of the log.
    pub(in crate::client::session) fn take_log_sentence(&mut self, more: bool, out: &Effects) -> String {
        let page = self.take_page();
        let mut lines: Vec<String> =
            page.iter().map(|line| format!("{} {}", out.day_and_time(line.time), line.words)).collect();
        lines.extend(more.then(|| say::more_log().to_owned()));
        if lines.is_empty() { say::no_actions_yet().to_owned() } else { lines.join("\n") }
    }

    /// Takes the complete page; returns the whole known log, newest line first, each with its time, and whether an
    /// older page can be requested.
    pub(in crate::client::session) fn take_log(&mut self, more: bool, out: &Effects) -> (Vec<(String, String)>, bool) {
        let mut page = self.take_page();
        let nothing = page.is_empty();
        page.append(&mut self.log);
        self.log = page;
        let more = more && !nothing && self.log.len() < MAX_LOG;
        let line = |line: &LogLine| (out.day_and_time(line.time), line.words.clone());
        (self.log.iter().rev().take(MAX_LOG).map(line).collect(), more)
    }
}

fn ban_words(line: &BanLine, out: &Effects) -> String {
    let BanLine { whom, by, reason, .. } = line;
    match (line.mute, line.until.map(|until| out.day_and_time(until))) {
        (false, Some(until)) => say::banned_until(whom, until, by, reason),
        (false, None) => say::banned_for_good(whom, by, reason),
        (true, Some(until)) => say::muted_until(whom, until, by, reason),
        (true, None) => say::muted_for_good(whom, by, reason),
    }
}
