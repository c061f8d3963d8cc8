//! The connection: dialing, the handshake, losing it and coming back.
//!
//! Must not know: what is said once the name is taken up (`events`).

use std::time::Duration;

use crate::client::chat::conversation::Conversation;
use crate::client::dialogs::{self, Dialog};
use crate::client::link::state::{Abilities, Connection, HANDSHAKE_WAIT, Handshake, Online, STEADY, Step};
use crate::client::msg::{Effect, Farewell, Net};
use crate::client::session::{Awaited, Mode, Session};
use crate::model::name::lenient;
use crate::model::{Role, Text};
use crate::protocol::{About, Code, Command, Dialect, Envelope, Event, Request, SessionCommand};

/// For so long a name that was ours may be taken, by what the server still thinks is us.
pub const GHOST_PATIENCE: Duration = Duration::from_secs(90);
/// While that lasts, the longest wait between two tries.
const GHOST_WAIT: Duration = Duration::from_secs(5);

impl Session {
    pub(in crate::client::session) fn dial(&mut self) {
        self.connection = Connection::Dialing;
        self.emit(Effect::Dial(self.server.clone()));
    }

    pub(in crate::client::session) fn net(&mut self, net: Net) {
        match (&mut self.connection, net) {
            (Connection::Dialing, Net::Connected(dialect)) => {
                let until = self.now.steady.after(HANDSHAKE_WAIT);
                self.connection = Connection::Handshaking(Handshake { dialect, step: Step::Greeting, until });
            }
            (Connection::Dialing, Net::Failed(why)) => self.failed(&why),
            (Connection::Dialing, Net::Met(words)) => self.tell(words),
            // Nothing is asked here: whoever only presses Enter must not be led astray.
            (Connection::Dialing, Net::Distrusted(why)) => self.leave(Farewell::Refused(why)),
            (Connection::Handshaking(_) | Connection::Online(_), Net::Lost(why) | Net::Failed(why)) => self.lost(&why),
            (Connection::Handshaking(handshake), Net::Said(envelope)) => {
                let handshake = handshake.clone();
                self.handshake(&handshake, envelope);
            }
            (Connection::Online(online), Net::Said(envelope)) => {
                online.heard = self.now.steady;
                self.heard(envelope);
            }
            // News of a connection that was given up.
            _ => {}
        }
    }

    fn handshake(&mut self, handshake: &Handshake, envelope: Envelope) {
        match (handshake.step, envelope.event) {
            // Given for this one time: who answers at the same address later need not be the same server.
            (Step::Greeting, Event::Greeting(words)) => {
                self.abilities = Abilities::of(&words);
                match self.passphrase.take() {
                    Some(passphrase) if handshake.dialect == Dialect::Tr226 => {
                        self.step(Step::Moderator);
                        self.ask(Command::Session(SessionCommand::Moderator(passphrase)), None);
                    }
                    _ => self.prove_and_name(),
                }
            }
            (Step::Code, Event::About(About::CodeTaken(_))) => self.give_name(),
            (Step::Moderator, Event::Moderator(_)) => {
                self.role = Role::Moderator;
                self.prove_and_name();
            }
            (Step::Moderator, Event::Refused(_, text)) => {
                if self.keeps_name {
                    self.name_refused(Some(Code::NameKept), &text);
                } else {
                    self.prove_and_name();
                }
            }
            (Step::Name, Event::Welcome(_)) => {
                self.verified = envelope.verified;
                self.welcome(handshake.dialect);
            }
            (_, Event::NameRefused(text)) => self.name_refused(None, &text),
            (_, Event::Refused(code, text)) => self.name_refused(Some(code), &text),
            (_, Event::Ping(token)) => {
                self.emit(Effect::Send(Request::bare(Command::Session(SessionCommand::Pong(token)))))
            }
            (_, Event::Notice(text)) => self.tell(text),
            (_, Event::Closed) => {
                self.emit(Effect::Disconnect);
                self.lost("The server was closed.");
            }
            _ => {}
        }
    }

    pub(in crate::client::session) fn step(&mut self, next: Step) {
        if let Connection::Handshaking(handshake) = &mut self.connection {
            handshake.step = next;
        }
    }

    pub(in crate::client::session) fn give_name(&mut self) {
        self.step(Step::Name);
        let command = self.name_command();
        self.ask(command, None);
    }

    fn welcome(&mut self, dialect: Dialect) {
        let again = std::mem::replace(&mut self.been_online, true);
        self.ghost_since = None;
        let before = self.my_key.clone();
        self.set_me(lenient(&self.wanted));
        if !self.abilities.history || again && before != self.my_key {
            self.give_up_handed();
        }
        self.connection = Connection::Online(Online::new(dialect, self.now.steady));
        self.rooms.begin_anew();
        if dialect == Dialect::Tr226 {
            self.ask_list();
        }
        self.stay_away();
        self.look_back();
        if again {
            self.tell("Online again.");
        }
        let not_sent: usize = self.conversations.iter().map(Conversation::not_sent).sum();
        if not_sent > 0 {
            let words = if not_sent == 1 { "1 message was" } else { &format!("{not_sent} messages were") };
            self.tell(format!(
                "{words} not sent, or not confirmed. Alt-R or /resend sends what is marked in a conversation."
            ));
        }
    }

    /// No connection came about.
    fn failed(&mut self, why: &str) {
        if self.been_online {
            return self.wait();
        }
        self.connection = Connection::Idle;
        let server = self.server.to_string();
        let headline = format!("No answer from {server}: {}", sentence(Text::line(why).as_str()));
        match self.mode {
            Mode::Plain => self.leave(Farewell::Failed(format!("{headline} Start a server with: tr2 serve"))),
            Mode::Screen => self.open(Dialog::Nobody, dialogs::nobody(&headline, "", &server)),
        }
    }

    /// The connection that was there is gone.
    pub(in crate::client::session) fn lost(&mut self, why: &str) {
        let was_online = self.connection.online().cloned();
        if was_online.as_ref().is_some_and(|online| self.now.steady.since(online.since) >= STEADY) {
            self.reconnect.succeed();
        }
        self.role = Role::User;
        self.closing = false;
        self.people = Default::default();
        self.ending = None;
        self.listing = None;
        self.print_list = false;
        let asked_for = self.awaited.values().any(|awaited| *awaited == Awaited::Close);
        let unsure = self.keep_or_fail();
        self.cut_off();
        if !self.been_online {
            return self.not_let_in(Text::line(why).as_str());
        }
        if was_online.is_some() && self.is_done() {
            // What the person asked for is no fault.
            let words = sentence(why);
            if asked_for { self.tell(words) } else { self.complain(words) }
        } else if was_online.is_some() {
            self.complain(format!("The connection is gone: {} Trying again by itself.", sentence(why)));
            if unsure > 0 && self.mode == Mode::Screen {
                self.tell("What is marked as not confirmed may have arrived: the server did not get to say so.");
            }
        }
        self.wait();
    }

    pub(in crate::client::session) fn wait(&mut self) {
        let until = self.now.steady.after(self.reconnect.next_wait());
        self.connection = Connection::Waiting { until };
    }

    /// The server does not take up the name; the connection ends.
    fn name_refused(&mut self, code: Option<Code>, text: &Text) {
        self.emit(Effect::Disconnect);
        self.role = Role::User;
        match code {
            Some(Code::NameInUse) => return self.name_in_use(text),
            Some(Code::Banned | Code::Kicked) if self.been_online => return self.kept_out(text),
            _ => {}
        }
        let about_name = Self::is_about_name(code);
        let ghost = self.been_online && matches!(code, None | Some(Code::NameTaken));
        let since = *self.ghost_since.get_or_insert(self.now.steady);
        if ghost && self.now.steady.since(since) < GHOST_PATIENCE {
            let until = self.now.steady.after(self.reconnect.next_wait().min(GHOST_WAIT));
            self.connection = Connection::Waiting { until };
            return;
        }
        self.ghost_since = None;
        if !about_name && self.been_online {
            self.complain(text);
            return self.wait();
        }
        if !about_name {
            return self.not_let_in(text.as_str());
        }
        self.connection = Connection::Idle;
        if self.mode == Mode::Plain {
            return self.leave(Farewell::Refused(text.to_string()));
        }
        if code == Some(Code::NameKept) {
            self.keeps_name = true;
            self.open(Dialog::NameKept, dialogs::name_kept(text.as_str(), &self.wanted));
        } else {
            let code = self.abilities.identity.then_some("");
            let form = dialogs::name_refused(text.as_str(), &self.wanted, &self.server.to_string(), code);
            self.open(Dialog::NameRefused, form);
        }
    }

    /// The very first time, the server was there, but did not let us in.
    fn not_let_in(&mut self, why: &str) {
        self.connection = Connection::Idle;
        match self.mode {
            Mode::Plain => self.leave(Farewell::Refused(format!("{} did not let us in: {why}", self.server))),
            Mode::Screen => {
                let headline = format!("{} did not let us in.", self.server);
                self.open(Dialog::Nobody, dialogs::nobody(&headline, why, &self.server.to_string()));
            }
        }
    }

    /// Goes to the server at once, whatever we are waiting for.
    pub(in crate::client::session) fn reconnect_now(&mut self) {
        match self.connection {
            Connection::Online(_) => self.tell("You are online."),
            Connection::Handshaking(_) | Connection::Dialing => {}
            Connection::Idle | Connection::Waiting { .. } => self.dial(),
        }
    }
}

/// A reason with a full stop, so that another sentence may follow.
fn sentence(why: &str) -> String {
    let why = why.trim();
    if why.ends_with(['.', '!', '?']) { why.to_owned() } else { format!("{why}.") }
}
