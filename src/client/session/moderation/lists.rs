//! What holds and what was done: the bans and mutes in force, and the log of what moderators did.
//!
//! Must not know: how any of it is done (`moderating`), or how the dialogs look.

use crate::client::action::Action;
use crate::client::dialogs::form::Item;
use crate::client::dialogs::order::{EVERYWHERE, first_word};
use crate::client::dialogs::{self, Dialog};
use crate::client::plain::print as plain;
use crate::client::session::outbound::messages::Awaited;
use crate::client::session::targets::Asked;
use crate::client::session::{Mode, Session};
use crate::client::view::{Line, Scope};
use crate::model::{MessageId, Target, Text, Timestamp};
use crate::protocol::act::BanLine;
use crate::protocol::limits::MAX_PAGE;
use crate::protocol::place::destination;
use crate::protocol::{Command, HistoryCommand, ModerationCommand, Span, Verb};

/// How many bans and mutes are listed at most.
pub const MAX_BANS: usize = 1000;
/// How many acts of the log are read back to at most.
pub const MAX_LOG: usize = 1000;
/// Acts of a page of the log.
const LOG_PAGE: usize = 50;
/// An act of the log: its number, when it was done, what it was.
type Logged = (MessageId, Timestamp, String);

/// What was asked of what holds and what was done, as far as it has come.
#[derive(Clone, Debug, Default)]
pub(in crate::client::session) struct Records {
    bans: Vec<BanLine>,
    log: Vec<Logged>,
    page: Vec<Logged>,
}

impl Session {
    /// An act of the page of the log that was asked for.
    pub(in crate::client::session) fn log_line(
        &mut self,
        label: &str,
        (id, time): (Option<MessageId>, Option<Timestamp>),
        place: &Target,
        words: &str,
    ) {
        // Where all of it was done in one place, that goes without saying.
        let there = self.awaits(Some(label), |asked| *asked == Asked::Modlog(place.clone()));
        let asked = there || self.awaits(Some(label), |asked| matches!(asked, Asked::Modlog(_)));
        if let (true, Some(id), true) = (asked, id, self.records.page.len() < MAX_PAGE) {
            let place = if there { String::new() } else { plain::place(place) };
            let line = (id, time.unwrap_or(self.now.wall), Text::line(&(place + words)).to_string());
            self.records.page.push(line);
        }
    }

    /// A ban or a mute of those that were asked for.
    pub(in crate::client::session) fn ban_line(&mut self, label: &str, line: BanLine) {
        let asked = self.awaits(Some(label), |asked| *asked == Asked::Bans);
        if asked && self.records.bans.len() < MAX_BANS {
            self.records.bans.push(line);
        }
    }

    /// `/bans` and `/modlog`.
    pub(in crate::client::session) fn read_up(&mut self, action: Action, argument: &str) -> bool {
        if !self.needs_moderation() {
            return false;
        }
        let (word, rest) = first_word(argument);
        let (place, rest) =
            if word == EVERYWHERE { (Target::Everyone, rest) } else { (self.place_in_view(), argument.trim()) };
        if action == Action::Bans {
            self.send_for_bans(&place);
            if self.mode == Mode::Screen {
                self.open(Dialog::Bans(place.clone()), dialogs::moderation::bans(&place, Vec::new()));
            }
            return true;
        }
        let count = match rest {
            "" => Some(LOG_PAGE),
            count => count.parse().ok().filter(|count| (1..=MAX_PAGE).contains(count)),
        };
        let Some(count) = count else { return self.explain(action) };
        self.records.log.clear();
        if self.mode == Mode::Screen {
            let form = dialogs::moderation::log(&place, std::iter::once((String::new(), "reading…".to_owned())), false);
            self.open(Dialog::Modlog(place.clone()), form);
        }
        self.send_for_log(&place, count);
        true
    }

    pub(in crate::client::session) fn send_for_bans(&mut self, place: &Target) {
        self.records.bans.clear();
        self.ask(
            Command::Moderation(ModerationCommand::Bans(destination(place).to_owned())),
            Some(Awaited::Asked(Asked::Bans)),
        );
    }

    /// The page of the log before the oldest act that is known.
    pub(in crate::client::session) fn send_for_older(&mut self, place: &Target) {
        self.send_for_log(place, LOG_PAGE);
    }

    fn send_for_log(&mut self, place: &Target, limit: usize) {
        self.records.page.clear();
        let before = self.records.log.first().map(|(id, ..)| *id);
        let span = Span { before, ..Span::newest(limit) };
        self.ask(
            Command::History(HistoryCommand::Modlog { place: destination(place).to_owned(), span }),
            Some(Awaited::Asked(Asked::Modlog(place.clone()))),
        );
    }

    pub(in crate::client::session) fn bans_end(&mut self, label: &str, more: bool) {
        if self.done(label) != Some(Asked::Bans) {
            return;
        }
        let bans = std::mem::take(&mut self.records.bans);
        if self.mode == Mode::Plain {
            let mut lines: Vec<String> = bans.iter().map(|line| self.ban_words(line)).collect();
            lines.extend(more.then(|| "There are more.".to_owned()));
            return self.tell(if lines.is_empty() { "Nothing is in force here.".to_owned() } else { lines.join("\n") });
        }
        let only = match &self.dialog {
            Some((Dialog::Bans(_), _)) => None,
            Some((Dialog::Act(Verb::Unban, _), _)) => Some(false),
            Some((Dialog::Act(Verb::Unmute, _), _)) => Some(true),
            _ => return,
        };
        let listed = bans.iter().filter(|line| only.is_none_or(|mute| line.mute == mute));
        let row = |line: &BanLine| Item {
            value: line.whom.to_string(),
            left: Line::of(Scope::Text, self.ban_words(line)),
            right: Line::of(Scope::Dim, if line.mute { "mute" } else { "ban" }),
        };
        let rows = listed.map(row).collect();
        if let Some((_, form)) = &mut self.dialog {
            form.set_list(rows);
            form.list_goes_on(more);
        }
    }

    fn ban_words(&self, line: &BanLine) -> String {
        let did = if line.mute { "muted" } else { "banned" };
        let until = match line.until {
            Some(until) => format!("until {}", self.day_and_time(until)),
            None => "for good".to_owned(),
        };
        format!("{} {did} {until} by {}: {}", line.whom, line.by, line.reason)
    }

    pub(in crate::client::session) fn log_ends(&mut self, label: &str, more: bool) {
        if !matches!(self.done(label), Some(Asked::Modlog(_))) {
            return;
        }
        let mut page = std::mem::take(&mut self.records.page);
        page.sort_by_key(|(id, ..)| *id);
        let before = self.records.log.first().map(|(id, ..)| *id);
        page.retain(|(id, ..)| before.is_none_or(|before| *id < before));
        let nothing = page.is_empty();
        if self.mode == Mode::Plain {
            let line = |(_, time, what): &Logged| (self.day_and_time(*time), what.clone());
            let mut lines: Vec<String> = page.iter().map(line).map(|(when, what)| format!("{when} {what}")).collect();
            lines.extend(more.then(|| "There is more; /modlog COUNT shows so much.".to_owned()));
            return self.tell(if lines.is_empty() { "Nothing was done here.".to_owned() } else { lines.join("\n") });
        }
        page.append(&mut self.records.log);
        self.records.log = page;
        let more = more && !nothing && self.records.log.len() < MAX_LOG;
        let line = |(_, time, what): &Logged| (self.day_and_time(*time), what.clone());
        let lines: Vec<(String, String)> = self.records.log.iter().rev().take(MAX_LOG).map(line).collect();
        if let Some((Dialog::Modlog(place), form)) = &mut self.dialog {
            let scroll = form.scroll;
            *form = dialogs::moderation::log(place, lines.into_iter(), more);
            form.scroll = scroll;
        }
    }
}
