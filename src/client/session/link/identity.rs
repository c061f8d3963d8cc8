//! Who one is and who others are: proving it when joining, asking about it, caring for the keys of one's name.
//!
//! Must not know: how anything is proved.

use crate::client::action::Action;
use crate::client::dialogs::{self, Dialog};
use crate::client::link::state::{Connection, Step};
use crate::client::msg::Farewell;
use crate::client::session::outbound::messages::Awaited;
use crate::client::session::{Mode, Session};
use crate::model::{Identity, Text};
use crate::protocol::{About, Code, Command, KeyCommand, SessionCommand, UserCommand, Whois};

impl Session {
    /// Gives the code that lets one in, if there is one and the server knows of such, and then the name.
    pub(in crate::client::session) fn prove_and_name(&mut self) {
        match self.code.take() {
            Some(code) if self.abilities.identity => {
                self.step(Step::Code);
                self.ask(Command::Session(SessionCommand::Code(code)), None);
            }
            _ => self.give_name(),
        }
    }

    /// The request for the name. A session that proved the name was its own may end the one that hangs on after a cut.
    pub(in crate::client::session) fn name_command(&mut self) -> Command {
        let again = self.been_online && self.verified && self.abilities.identity;
        let take_over = std::mem::take(&mut self.take_over) && self.abilities.identity;
        if take_over || again {
            Command::Session(SessionCommand::TakeOver(self.wanted.clone()))
        } else {
            Command::Session(SessionCommand::Name(self.wanted.clone()))
        }
    }

    /// An older session has the name, which is ours.
    pub(in crate::client::session) fn name_in_use(&mut self, text: &Text) {
        self.connection = Connection::Idle;
        match self.mode {
            Mode::Plain => self.leave(Farewell::Refused(format!("{text} Join with --take-over to do so."))),
            Mode::Screen => self.open(Dialog::TakeOver, dialogs::take_over(text.as_str())),
        }
    }

    /// This session was ended for another one: coming back by itself would end that one in turn.
    pub(in crate::client::session) fn taken_over(&mut self, text: &Text) {
        self.end_here();
        match self.mode {
            Mode::Plain => self.leave(Farewell::Refused(text.to_string())),
            Mode::Screen => self.open(Dialog::TakenOver, dialogs::taken_over(text.as_str())),
        }
    }

    /// Comes in in place of the older session.
    pub(in crate::client::session) fn take_over_now(&mut self) {
        self.take_over = true;
        self.dial();
    }

    /// Asks about who somebody is, or about one's keys.
    pub(in crate::client::session) fn ask_identity(&mut self, action: Action, argument: &str) -> bool {
        if !self.abilities.identity || self.connection.online().is_none() {
            self.complain("That needs a connection to a server that knows who people are.");
            return false;
        }
        let command = match action {
            Action::Whois if argument.is_empty() => Command::User(UserCommand::Whois(self.wanted.clone())),
            Action::Whois => Command::User(UserCommand::Whois(argument.to_owned())),
            Action::Keys => Command::Key(KeyCommand::List),
            Action::RevokeKey if argument.is_empty() => return self.explain(action),
            Action::RevokeKey => Command::Key(KeyCommand::Revoke(argument.to_owned())),
            Action::InviteKey => Command::Key(KeyCommand::Invite),
            _ => Command::Key(KeyCommand::InviteNewcomer),
        };
        self.ask(command, Some(Awaited::About));
        true
    }

    /// What the server says of who somebody is.
    pub(in crate::client::session) fn about(&mut self, reference: Option<&str>, about: About) {
        let asked = reference.is_some_and(|label| self.awaited.get(label) == Some(&Awaited::About));
        if !asked {
            return;
        }
        if let (false, Some(label)) = (matches!(about, About::Key { .. }), reference) {
            self.awaited.remove(label);
        }
        match about {
            About::CodeTaken(_) | About::KeysEnd => {}
            About::Whois(whois) => {
                let words = self.whois_sentence(&whois);
                self.tell(words);
            }
            About::Key { proof, since, here } => {
                let here = if here { ", this session's" } else { "" };
                let since = self.day_and_time(since);
                self.tell(format!("{}, since {since}{here}", shown(proof)));
            }
            About::KeyRevoked(proof) => self.tell(format!("Your name does not belong to {} any more.", shown(proof))),
            About::Invited { seconds, code } => {
                let minutes = seconds.div_ceil(60);
                self.tell(format!(
                    "The code, good once and for {minutes} minutes: {code}\nWho has it joins with: tr2 join --name NAME \
                     --server SERVER --code {code}"
                ));
            }
        }
    }

    fn whois_sentence(&self, whois: &Whois) -> String {
        let name = &whois.name;
        let mut words = match (whois.proof, whois.online) {
            (Some(proof), _) => format!("{name} has proved who they are, by {}", shown(proof)),
            (None, Some(_)) => format!("{name} has only said who they are"),
            (None, None) => format!("{name} is not online"),
        };
        if whois.moderator {
            words.push_str(", and is a moderator");
        }
        if let Some(online) = whois.online {
            words.push_str(&format!("; online since {}", self.day_and_time(online)));
        }
        words.push_str(&match whois.bound {
            Some(bound) => format!(". The name belongs to its owner since {}.", self.day_and_time(bound)),
            None => ". The name belongs to nobody: anyone could take it.".to_owned(),
        });
        words
    }

    pub(in crate::client::session) fn day_and_time(&self, time: crate::model::Timestamp) -> String {
        format!("{} {}", time.day(self.zone).format("%Y-%m-%d"), time.clock(self.zone))
    }

    /// Whether a refusal is about the name, so that another name, or a code for this one, is what helps.
    pub(in crate::client::session) fn is_about_name(code: Option<Code>) -> bool {
        matches!(
            code,
            None | Some(
                Code::NameTaken
                    | Code::BadName
                    | Code::NameKept
                    | Code::NameBound
                    | Code::TooManyNames
                    | Code::InvitationNeeded
                    | Code::RegistrationClosed
                    | Code::WrongCode
                    | Code::NotVerified
                    | Code::TooManyTries
            )
        )
    }
}

/// An identity, as people say it.
fn shown(identity: Identity) -> String {
    match identity {
        Identity::Uid(_) => format!("the login {identity} on the server's machine"),
        Identity::Key(key) => format!("the key {key}"),
    }
}
