//! What moderators ask of the server and are shown: lists, the log, the passphrase, and the server's end.
//!
//! Must not know: how an act is decided, or what is said in the chat.

use crate::client::dialogs;
use crate::client::session::chat::Chat;
use crate::client::session::commands::decision::CloseStep;
use crate::client::session::effects::Effects;
use crate::client::session::link::Link;
use crate::client::session::moderation::Moderating;
use crate::client::session::outbound::Outbound;
use crate::client::session::outbound::awaited::{Awaited, Inquiry};
use crate::client::session::ui::Ui;
use crate::model::{Name, Role, Target, Text};
use crate::protocol::place::destination;
use crate::protocol::{Command, Dialect};

/// The parts that have to do with moderators.
#[derive(Debug)]
pub(in crate::client::session) struct Presiding<'a> {
    /// Knows whether the person is a moderator.
    pub(in crate::client::session) link: &'a mut Link,
    pub(in crate::client::session) outbound: &'a mut Outbound,
    /// Tells the person what plain mode prints.
    pub(in crate::client::session) chat: &'a mut Chat,
    pub(in crate::client::session) moderating: &'a mut Moderating,
    /// Shows the dialogs.
    pub(in crate::client::session) ui: &'a mut Ui,
    pub(in crate::client::session) out: &'a mut Effects,
}

impl Presiding<'_> {
    /// Asks for the bans and mutes in force in a place.
    pub(in crate::client::session) fn list_bans(&mut self, place: &Target) {
        self.moderating.expect_bans();
        let command = Command::Bans(destination(place).to_owned());
        self.outbound.ask_for(Awaited::Inquiry(Inquiry::Bans), command, self.out);
    }

    /// Asks for the acts of a place before those that are known, so many of them.
    pub(in crate::client::session) fn read_log(&mut self, place: Target, limit: usize) {
        let span = self.moderating.expect_log(limit);
        let command = Command::Modlog { place: destination(&place).to_owned(), span };
        self.outbound.ask_for(Awaited::Inquiry(Inquiry::Modlog(place)), command, self.out);
    }

    /// All bans and mutes have come; `more` if there are others.
    pub(in crate::client::session) fn bans_ended(&mut self, label: &str, more: bool) {
        if self.outbound.take_inquiry(label) != Some(Inquiry::Bans) {
            return;
        }
        if self.out.is_plain() {
            let words = self.moderating.take_bans_sentence(more, self.out);
            return self.chat.news(words, self.out);
        }
        if let Some(ending) = self.ui.shows_bans() {
            let rows = self.moderating.take_ban_rows(ending, self.out);
            self.ui.show_bans(rows, more);
        }
    }

    /// A page of the log is whole; `more` if there is more of it.
    pub(in crate::client::session) fn log_ended(&mut self, label: &str, more: bool) {
        let Some(Inquiry::Modlog(_)) = self.outbound.take_inquiry(label) else { return };
        if self.out.is_plain() {
            let words = self.moderating.take_log_sentence(more, self.out);
            return self.chat.news(words, self.out);
        }
        let (lines, more) = self.moderating.take_log(more, self.out);
        self.ui.show_log(|place| dialogs::moderation::log(place, lines.into_iter(), more));
    }

    /// The server tells whom a ban would hit.
    pub(in crate::client::session) fn would_ban(&mut self, label: &str, count: usize, names: &[Name]) {
        if self.outbound.take_inquiry(label).is_some() {
            let words = dialogs::moderation::would_hit(count, names);
            if !self.ui.note_ban(&words) {
                self.chat.news(words, self.out);
            }
        }
    }

    /// The person is a moderator of the server from now on.
    pub(in crate::client::session) fn became_moderator(&mut self, reference: Option<&str>, text: &Text) {
        let already = self.link.set_role(Role::Moderator).is_moderator();
        let asked = reference.and_then(|label| self.outbound.awaited(label)) == Some(&Awaited::Moderator);
        self.outbound.answered(reference, &Awaited::Moderator);
        // Only a passphrase that was needed was one: what a moderator wrote in its place was a slip.
        if !asked || !self.moderating.take_wants_close() || already {
            return self.chat.news(text, self.out);
        }
        self.close(if self.out.is_plain() { CloseStep::Now } else { CloseStep::Confirm });
    }

    /// Something that a person has done to be a moderator, or to close the server.
    pub(in crate::client::session) fn close(&mut self, step: CloseStep) {
        match step {
            CloseStep::AskPassphrase { closing, reason } => {
                self.moderating.set_wants_close(closing);
                self.ask_passphrase(reason);
            }
            CloseStep::GivePassphrase { closing, passphrase } => {
                self.moderating.set_wants_close(closing);
                self.outbound.ask_for(Awaited::Moderator, Command::Moderator(passphrase), self.out);
            }
            CloseStep::Forget => self.moderating.set_wants_close(false),
            CloseStep::Confirm => {
                let pending = self.moderating.ending_words(self.out.steady());
                let pending = pending.map(|(when, why)| format!("It {when}: {why}"));
                let others = self.chat.online_others(self.link.me()).len();
                let (server, later) = (self.link.server().to_string(), self.link.abilities().moderation);
                self.ui.open(dialogs::close(&server, others, later, pending.as_deref()));
            }
            CloseStep::Now => {
                let tr226 = self.link.dialect() == Some(Dialect::Tr226);
                if tr226 {
                    self.outbound.ask_for(Awaited::Close, Command::CloseServer, self.out);
                } else {
                    self.outbound.ask(Command::CloseServer, self.out);
                }
            }
        }
    }

    /// Asks for the passphrase; the words say why.
    pub(in crate::client::session) fn ask_passphrase(&mut self, reason: &str) {
        self.ui.open(dialogs::passphrase(self.moderating.wants_close(), reason));
    }
}
