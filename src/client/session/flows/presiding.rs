//! What moderators request and are shown: lists, the log, the passphrase, and the closing of the server.
//!
//! Must not know: how an act is decided, or what is said in the chat.

use std::time::Duration;

use crate::client::dialogs;
use crate::client::session::chat::Chat;
use crate::client::session::chat::told::Header;
use crate::client::session::commands::decision::PresideStep;
use crate::client::session::effects::Effects;
use crate::client::session::link::Link;
use crate::client::session::moderation::Moderating;
use crate::client::session::moderation::lists::LOG_PAGE;
use crate::client::session::outbound::Outbound;
use crate::client::session::outbound::awaited::{Awaited, Inquiry};
use crate::client::session::ui::Ui;
use crate::model::{Name, Role, Target, Text};
use crate::protocol::BanLine;
use crate::protocol::addressing::destination;
use crate::protocol::{ClosingCommand, Command, Dialect, Done, HistoryCommand, ModerationCommand, SessionCommand};

/// The parts involved in moderation.
#[derive(Debug)]
pub(in crate::client::session) struct Presiding<'a> {
    /// Knows whether the person is a moderator.
    link: &'a mut Link,
    outbound: &'a mut Outbound,
    /// Shows acts and notices.
    chat: &'a mut Chat,
    moderating: &'a mut Moderating,
    /// Shows the dialogs.
    ui: &'a mut Ui,
    out: &'a mut Effects,
}

impl<'a> Presiding<'a> {
    pub(in crate::client::session) fn new(
        link: &'a mut Link,
        outbound: &'a mut Outbound,
        chat: &'a mut Chat,
        moderating: &'a mut Moderating,
        ui: &'a mut Ui,
        out: &'a mut Effects,
    ) -> Self {
        Self { link, outbound, chat, moderating, ui, out }
    }

    /// Requests this many lines of the log, before those that are known.
    fn read_log(&mut self, place: Target, limit: usize) {
        let span = self.moderating.expect_log(limit);
        let command = Command::History(HistoryCommand::Modlog { place: destination(&place).to_owned(), span });
        self.outbound.ask_for(Awaited::Inquiry(Inquiry::Modlog(place)), command, self.out);
    }

    /// Takes a ban or a mute of the list.
    pub(in crate::client::session) fn ban_listed(&mut self, label: &str, line: BanLine) {
        if let Some(Inquiry::Bans(_)) = self.outbound.inquiry(label) {
            self.moderating.add_ban(line);
        }
    }

    /// The list of bans and mutes is complete, but for `more`.
    pub(in crate::client::session) fn bans_ended(&mut self, label: &str, more: bool) {
        let Some(Inquiry::Bans(place)) = self.outbound.take_inquiry(label) else { return };
        if self.out.is_plain() {
            let words = self.moderating.take_bans_sentence(&place, more, self.out);
            return self.chat.news(words, self.out);
        }
        if let Some(ending) = self.ui.shows_bans() {
            let rows = self.moderating.take_ban_rows(ending, self.out);
            self.ui.show_bans(rows, more);
        }
    }

    /// A page of the log is complete; `more` if there is an older one.
    pub(in crate::client::session) fn log_ended(&mut self, label: &str, more: bool) {
        let Some(Inquiry::Modlog(_)) = self.outbound.take_inquiry(label) else { return };
        if self.out.is_plain() {
            let words = self.moderating.take_log_sentence(more, self.out);
            return self.chat.news(words, self.out);
        }
        let (lines, more) = self.moderating.take_log(more, self.out);
        self.ui.show_log(|place| dialogs::moderation::log(place, lines.into_iter(), more));
    }

    /// An act, either live or as a line of the log.
    pub(in crate::client::session) fn take_act(&mut self, header: &Header, by: &Name, place: &Target, done: &Done) {
        let label = header.label();
        if header.is_in_batch() {
            let (inquiry, words) = (self.outbound.inquiry(label), done.sentence(by.as_str()));
            return self.moderating.add_log_line(inquiry, (header.id(), header.time()), place, &words, self.out);
        }
        let mine = self.outbound.take_inquiry(label).is_some();
        self.chat.take_act(mine, by, place, done, self.link.me(), self.out);
    }

    /// A closing is announced, or announced again.
    pub(in crate::client::session) fn closing(
        &mut self,
        label: &str,
        by: Option<Name>,
        after: Duration,
        reason: &Text,
    ) {
        let mine = self.outbound.take_inquiry(label).is_some();
        if let Some(notice) = self.moderating.announced(mine, by, after, reason, self.out) {
            self.chat.notify(notice, self.out);
        }
    }

    /// The announced closing is called off.
    pub(in crate::client::session) fn called_off(&mut self, label: &str, by: &Name) {
        self.outbound.take_inquiry(label);
        self.moderating.called_off();
        self.chat.tell_called_off(by, self.out);
    }

    /// The server says whom a ban would hit.
    pub(in crate::client::session) fn would_ban(&mut self, label: &str, count: usize, names: &[Name]) {
        if self.outbound.take_inquiry(label).is_some() {
            let words = dialogs::moderation::would_hit(count, names);
            if !self.ui.note_ban(&words) {
                self.chat.news(words, self.out);
            }
        }
    }

    /// The person became a moderator of the server.
    pub(in crate::client::session) fn became_moderator(&mut self, reference: Option<&str>, text: &Text) {
        let already = self.link.set_role(Role::Moderator).is_moderator();
        let asked = reference.and_then(|label| self.outbound.awaited(label)) == Some(&Awaited::Moderator);
        self.outbound.answered(reference, &Awaited::Moderator);
        // What someone who is already a moderator wrote in place of a passphrase was a slip, and closes nothing.
        if !asked || !self.moderating.take_wants_close() || already {
            return self.chat.news(text, self.out);
        }
        self.take_step(if self.out.is_plain() { PresideStep::CloseNow } else { PresideStep::ConfirmClose });
    }

    /// Carries out a step.
    pub(in crate::client::session) fn take_step(&mut self, step: PresideStep) {
        match step {
            PresideStep::ListBans(place) => {
                self.moderating.expect_bans();
                let command = Command::Moderation(ModerationCommand::Bans(destination(&place).to_owned()));
                self.outbound.ask_for(Awaited::Inquiry(Inquiry::Bans(place)), command, self.out);
            }
            PresideStep::ReadLog(place, limit) => {
                self.moderating.forget_log();
                self.read_log(place, limit);
            }
            PresideStep::ReadOlderLog(place) => self.read_log(place, LOG_PAGE),
            PresideStep::AskPassphrase { closing, reason } => {
                self.moderating.set_wants_close(closing);
                self.ask_passphrase(reason);
            }
            PresideStep::GivePassphrase { closing, passphrase } => {
                self.moderating.set_wants_close(closing);
                self.outbound.ask_for(
                    Awaited::Moderator,
                    Command::Session(SessionCommand::Moderator(passphrase)),
                    self.out,
                );
            }
            PresideStep::ForgetClose => self.moderating.set_wants_close(false),
            PresideStep::ConfirmClose => {
                let pending = self.moderating.ending_words(self.out.steady());
                let pending = pending.map(|(when, why)| format!("It {when}: {why}"));
                let others = self.chat.online_others(self.link.me()).len();
                let (server, later) = (self.link.server().to_string(), self.link.abilities().moderation);
                self.ui.open_answer(dialogs::close(&server, others, later, pending.as_deref()));
            }
            PresideStep::CloseNow => {
                let tr226 = self.link.dialect() == Some(Dialect::Tr226);
                if tr226 {
                    self.outbound.ask_for(Awaited::Close, Command::Closing(ClosingCommand::Now), self.out);
                } else {
                    self.outbound.ask(Command::Closing(ClosingCommand::Now), self.out);
                }
            }
        }
    }

    /// Asks for the passphrase; `reason` says why.
    pub(in crate::client::session) fn ask_passphrase(&mut self, reason: &str) {
        self.ui.open_answer(dialogs::passphrase(self.moderating.wants_close(), reason));
    }
}
