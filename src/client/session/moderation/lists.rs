//! The bans and mutes in force and the log, as they come in and as they are shown.
//!
//! Must not know: how either is asked for, or which dialog shows it.

use super::{LogLine, Moderating};
use crate::client::dialogs::form::{Item, Pick};
use crate::client::session::effects::Effects;
use crate::client::session::outbound::awaited::Inquiry;
use crate::client::text::print;
use crate::client::view::{Scope, StyledLine};
use crate::model::{MessageId, Target, Text, Timestamp};
use crate::protocol::act::BanLine;
use crate::protocol::limits::MAX_PAGE;
use crate::protocol::{Span, Verb};

/// How many bans and mutes are listed at most.
pub const MAX_BANS: usize = 1000;
/// How many acts of the log are read back to at most.
pub const MAX_LOG: usize = 1000;
/// Acts of a page of the log.
pub(in crate::client::session) const LOG_PAGE: usize = 50;

impl Moderating {
    /// The bans and mutes in force are asked for.
    pub(in crate::client::session) fn expect_bans(&mut self) {
        self.bans.clear();
    }

    /// A ban or a mute of those that were asked for.
    pub(in crate::client::session) fn add_ban(&mut self, line: BanLine) {
        if self.bans.len() < MAX_BANS {
            self.bans.push(line);
        }
    }

    /// All bans and mutes have come: as plain mode prints them; `more` if there are others.
    pub(in crate::client::session) fn take_bans_sentence(&mut self, more: bool, out: &Effects) -> String {
        let mut lines: Vec<String> = std::mem::take(&mut self.bans).iter().map(|line| ban_words(line, out)).collect();
        lines.extend(more.then(|| "There are more.".to_owned()));
        if lines.is_empty() { "Nothing is in force here.".to_owned() } else { lines.join("\n") }
    }

    /// All bans and mutes have come: as rows; only those that this act could end, if there is one.
    pub(in crate::client::session) fn take_ban_rows(&mut self, ending: Option<Verb>, out: &Effects) -> Vec<Item> {
        let mute = ending.map(|verb| verb == Verb::Unmute);
        let bans = std::mem::take(&mut self.bans);
        let listed = bans.iter().filter(|line| mute.is_none_or(|mute| line.mute == mute));
        let row = |line: &BanLine| Item {
            value: Pick::Ban { whom: line.whom.to_string(), mute: line.mute },
            left: StyledLine::of(Scope::Text, ban_words(line, out)),
            right: StyledLine::of(Scope::Dim, if line.mute { "mute" } else { "ban" }),
        };
        listed.map(row).collect()
    }

    /// The log is read from its end.
    pub(in crate::client::session) fn forget_log(&mut self) {
        self.log.clear();
    }

    /// A page of the log is asked for: the one before the oldest act that is known.
    pub(in crate::client::session) fn expect_log(&mut self, limit: usize) -> Span {
        self.page.clear();
        Span { before: self.log.first().map(|line| line.id), ..Span::newest(limit) }
    }

    /// An act of the page of the log that was asked for.
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
        // Where all of it was done in one place, that goes without saying.
        let place = if asked == place { String::new() } else { print::room_prefix(place) };
        let words = Text::line(&(place + words)).to_string();
        self.page.push(LogLine { id, time: time.unwrap_or(out.wall()), words });
    }

    /// The acts of the page that came before those that are known, the oldest first.
    fn take_page(&mut self) -> Vec<LogLine> {
        let mut page = std::mem::take(&mut self.page);
        page.sort_by_key(|line| line.id);
        let before = self.log.first().map(|line| line.id);
        page.retain(|line| before.is_none_or(|before| line.id < before));
        page
    }

    /// The page of the log is whole: as plain mode prints it; `more` if there is more of it.
    pub(in crate::client::session) fn take_log_sentence(&mut self, more: bool, out: &Effects) -> String {
        let page = self.take_page();
        let mut lines: Vec<String> =
            page.iter().map(|line| format!("{} {}", out.day_and_time(line.time), line.words)).collect();
        lines.extend(more.then(|| "There is more; /modlog COUNT shows so much.".to_owned()));
        if lines.is_empty() { "Nothing was done here.".to_owned() } else { lines.join("\n") }
    }

    /// The page of the log is whole: all that is known of the log, the newest act first, each with its time; and whether
    /// more of it can be asked for.
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
    let did = if line.mute { "muted" } else { "banned" };
    let until = match line.until {
        Some(until) => format!("until {}", out.day_and_time(until)),
        None => "for good".to_owned(),
    };
    format!("{} {did} {until} by {}: {}", line.whom, line.by, line.reason)
}
