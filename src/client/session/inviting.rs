//! What the server says about identities, and codes as they are shown to the person: the line that joins with them.
//!
//! Must not know: how a code is made, or how anything is drawn.

use std::time::Duration;

use super::Session;
use super::link::identity;
use super::notice::Notice;
use super::outbound::awaited::Awaited;
use super::ui::sheet::Sheet;
use crate::client::text::join_line::{CodeReach, join_line};
use crate::language::{inviting as say, times};
use crate::model::{Name, Text};
use crate::protocol::{IdentityEvent, InvitationMade};

impl Session {
    /// The server says something about an identity, or about codes.
    pub(super) fn hear_identity(&mut self, label: &str, about: IdentityEvent) {
        if self.outbound.awaited(label) != Some(&Awaited::About) {
            return;
        }
        let goes_on = identity::goes_on(&about);
        if !goes_on {
            self.outbound.take(label);
        }
        match about {
            IdentityEvent::Invited { seconds, code, made } => self.show_code(seconds, &code, made),
            IdentityEvent::Invitation(line) => self.moderating.add_invitation(line),
            IdentityEvent::InvitationsEnd { more } => {
                let words = self.moderating.take_invitations_sentence(more, &self.out);
                self.tell(Notice::News(words));
            }
            about => {
                let words = identity::sentence(about, &self.out);
                if goes_on {
                    words.iter().for_each(|words| self.chat.news_of_list(words, &mut self.out));
                } else {
                    self.out.end_list();
                    self.tell(words.map(Notice::News));
                }
            }
        }
    }

    /// Shows a new code, in the line that joins with it.
    fn show_code(&mut self, seconds: u64, code: &Text, made: Option<InvitationMade>) {
        let name = self.link.me().name().map(Name::as_str).filter(|_| made.is_none());
        let line = join_line(name, self.link.server(), self.link.server_key(), code.as_str());
        let before = match &made {
            Some(made) => say::newcomers_code(made.people, times::period(Duration::from_secs(seconds))),
            None => say::key_code(seconds.div_ceil(60)),
        };
        let server = self.link.server();
        let reach = CodeReach::of(server);
        // Another device could make nothing of an address of this one.
        let scans = reach == CodeReach::Anywhere;
        let address = match reach {
            CodeReach::Anywhere => None,
            CodeReach::ThisMachine => Some(say::from_this_machine(server)),
            CodeReach::Nowhere => Some(say::code_needs_keys(server)),
        };
        let after = made.map(|made| say::code_shown_once(&made.id));
        let after: Vec<String> = address.into_iter().chain(after).collect();
        if self.out.is_screen() {
            return self.ui.show_sheet(Sheet::new(before, line, after, scans));
        }
        let words: Vec<String> = [before, line].into_iter().chain(after).collect();
        self.tell(Notice::News(words.join("\n")));
    }
}
