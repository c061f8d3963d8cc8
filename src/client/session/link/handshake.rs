//! The connection: dialing, the handshake, loss and reconnecting.
//!
//! Must not know: what is said once the name is accepted, or how any of it is shown to the person.

use std::time::Duration;

use super::identity::is_about_name;
use super::news::{Hindrance, News};
use super::{Link, UsedOnce};
use crate::client::chat::refusal_words::refusal_sentence;
use crate::client::link::state::{Abilities, Connection, HANDSHAKE_WAIT, Handshake, Online, STEADY, Step};
use crate::client::msg::{Effect, Net};
use crate::client::session::effects::Effects;
use crate::language::connecting as say;
use crate::model::name::lenient;
use crate::model::{Role, Text, Timestamp};
use crate::net::dial_failure::DialFailure;
use crate::protocol::words::{CALLS, NODES, OF_CLIENTS};
use crate::protocol::{Code, Command, Dialect, Envelope, Event, IdentityEvent, SessionCommand};

/// How long the person's own name may be taken by a session that the server has not yet found dead.
pub const GHOST_PATIENCE: Duration = Duration::from_secs(90);
/// The longest wait between two tries during that time.
const GHOST_WAIT: Duration = Duration::from_secs(5);
/// How long plain mode tries to join a server that is too busy: a place may bind a new name once a minute.
const BUSY_PATIENCE: Duration = Duration::from_secs(90);
/// The longest wait between two tries during that time: most have to wait for a few seconds.
const BUSY_WAIT: Duration = Duration::from_secs(5);

impl Link {
    /// Handles news of the connection. News of an abandoned connection are ignored.
    pub(in crate::client::session) fn receive(&mut self, net: Net, out: &mut Effects) -> News {
        let dialing = matches!(self.connection, Connection::Dialing { .. });
        // What an address that was given up says late is said by the wrong one; then the greeting tells.
        let greets = dialing || matches!(self.connection, Connection::Handshaking(_));
        let now = out.steady();
        match net {
            Net::Connected(dialect) if greets => {
                let until = now.after(HANDSHAKE_WAIT);
                self.connection = Connection::Handshaking(Handshake { dialect, step: Step::Greeting, until });
                News::Nothing
            }
            Net::Failed(why) if dialing => self.failed(why, out),
            Net::Met(words) if dialing => News::Met(words),
            Net::Proved(proved) if dialing => {
                self.server_key = Some(proved);
                self.addresses.prove(proved);
                News::Nothing
            }
            // There is no question here: a person who only presses Enter must not be led astray.
            Net::Distrusted(why) if dialing => News::Distrusted(why),
            Net::Said(envelope) => match &mut self.connection {
                Connection::Handshaking(handshake) => {
                    let handshake = handshake.clone();
                    self.handshake(&handshake, envelope, out)
                }
                Connection::Online(online) => {
                    online.heard = now;
                    News::Heard(Box::new(envelope))
                }
                Connection::Idle | Connection::Dialing { .. } | Connection::Waiting { .. } => News::Nothing,
            },
            Net::Lost(why) | Net::Failed(DialFailure { why, .. }) => match self.connection {
                Connection::Handshaking(_) | Connection::Online(_) => News::Lost(why),
                Connection::Idle | Connection::Dialing { .. } | Connection::Waiting { .. } => News::Nothing,
            },
            Net::Connected(_) | Net::Met(_) | Net::Proved(_) | Net::Distrusted(_) => News::Nothing,
        }
    }

    fn handshake(&mut self, handshake: &Handshake, envelope: Envelope, out: &mut Effects) -> News {
        let step = handshake.step;
        match envelope.event {
            Event::Greeting(words) if step == Step::Greeting => {
                self.abilities = Abilities::of(&words);
                let own = self.own_capabilities(&words);
                if !own.is_empty() {
                    out.send(Command::Session(SessionCommand::Capabilities(Text::line(&own.join(" ")))));
                }
                if self.abilities.sessions {
                    out.send(Command::Session(SessionCommand::Token(self.token)));
                }
                // Used only once: the server at the same address may be another one later.
                match self.passphrase.take() {
                    Some(passphrase) if handshake.dialect == Dialect::Tr226 => {
                        self.used.passphrase = Some(passphrase.clone());
                        self.step(Step::Moderator);
                        News::Ask(Command::Session(SessionCommand::Moderator(passphrase)))
                    }
                    Some(_) | None => self.prove_and_name(),
                }
            }
            // Whatever was asked for: nothing of it was taken.
            Event::Refused(code @ Code::Elsewhere, text) => {
                self.name_refused(Some(code), refusal_sentence(code, text), out)
            }
            Event::Identity(IdentityEvent::CodeTaken(_)) if step == Step::Code => self.give_name(),
            Event::Moderator(_) if step == Step::Moderator => {
                self.role = Role::Moderator;
                self.prove_and_name()
            }
            Event::Refused(code, text) if step == Step::Moderator => {
                if self.reserved.is_some() {
                    self.name_refused(self.reserved, refusal_sentence(code, text), out)
                } else {
                    self.prove_and_name()
                }
            }
            // Whoever has the name already needs no code: whether they get in is decided by the name.
            Event::Refused(code, text) if step == Step::Code => {
                self.code_refusal = Some((code, refusal_sentence(code, text)));
                self.give_name()
            }
            Event::Welcome(_) if step == Step::Name => {
                out.set_server_time(envelope.time);
                self.me.verify(envelope.verified);
                self.joined(handshake.dialect, out.steady())
            }
            Event::NameRefused(text) => self.name_refused(None, text, out),
            Event::Refused(code, text) => self.name_refused(Some(code), refusal_sentence(code, text), out),
            Event::Ping(token) => {
                out.send(Command::Session(SessionCommand::Pong(token)));
                News::Nothing
            }
            Event::Notice(text) => News::Notice(text),
            Event::Closed => {
                out.emit(Effect::Disconnect);
                News::Lost(say::server_was_closed().to_owned())
            }
            // All other events come only once the name is accepted, or out of turn.
            Event::Greeting(_)
            | Event::Identity(_)
            | Event::Moderator(_)
            | Event::Welcome(_)
            | Event::Echo(_)
            | Event::Clients(_)
            | Event::ListEnd
            | Event::Private { .. }
            | Event::Broadcast { .. }
            | Event::Accepted { .. }
            | Event::UnknownOperation(_)
            | Event::Conversation(_)
            | Event::ConversationsEnd
            | Event::HistoryEnd { .. }
            | Event::Read { .. }
            | Event::SearchEnd { .. }
            | Event::Demoted(_)
            | Event::Room(_)
            | Event::Away(..)
            | Event::Ignored(_)
            | Event::Session(_)
            | Event::Change(_)
            | Event::Call(_)
            | Event::InCall(_)
            | Event::Joined(_)
            | Event::Left(..)
            | Event::Exited(_)
            | Event::Pong(_)
            | Event::Unknown(_) => News::Nothing,
        }
    }

    /// What this client can do, as far as it concerns a server with this greeting.
    fn own_capabilities(&self, greeting: &[String]) -> Vec<&'static str> {
        let has = |wanted: &str| greeting.iter().any(|word| word == wanted);
        // A server where nobody may edit still tells of messages that a moderator has deleted.
        let rich = OF_CLIENTS.into_iter().filter(|_| self.abilities.tells_changes());
        let moves = has(NODES).then_some(NODES);
        rich.chain(moves).chain([CALLS].into_iter().filter(|word| self.callable && has(word))).collect()
    }

    fn step(&mut self, next: Step) {
        if let Connection::Handshaking(handshake) = &mut self.connection {
            handshake.step = next;
        }
    }

    /// Sends the invitation code, if there is one and the server supports it, and then the name.
    fn prove_and_name(&mut self) -> News {
        match self.code.take() {
            Some(code) if self.abilities.identity => {
                self.step(Step::Code);
                self.code_shown = true;
                self.used.code = Some(code.clone());
                News::Ask(Command::Session(SessionCommand::Code(code)))
            }
            Some(_) | None => self.give_name(),
        }
    }

    /// Asks for the name. A session that proved its identity may take over from the one left behind by a lost
    /// connection, where the server does not know by its token which one that is.
    fn give_name(&mut self) -> News {
        self.step(Step::Name);
        let by_name = self.abilities.identity && !self.abilities.sessions;
        let again = self.been_online && self.me.is_verified() && by_name;
        self.used.take_over = std::mem::take(&mut self.take_over);
        let take_over = self.used.take_over && self.abilities.identity;
        let name = self.wanted.clone();
        News::Ask(if take_over || again {
            Command::Session(SessionCommand::TakeOver(name))
        } else {
            Command::Session(SessionCommand::Name(name))
        })
    }

    fn joined(&mut self, dialect: Dialect, now: Timestamp) -> News {
        let again = std::mem::replace(&mut self.been_online, true);
        self.ghost_since = None;
        self.busy_since = None;
        self.used = UsedOnce::default();
        (self.refused_code, self.code_refusal) = (None, None);
        let renamed = self.me.rename(lenient(&self.wanted));
        self.connection = Connection::Online(Online::new(dialect, now));
        News::Joined { again, renamed }
    }

    /// Dialing failed.
    fn failed(&mut self, why: DialFailure, out: &mut Effects) -> News {
        if self.been_online {
            self.go_on_or_wait(out);
            return News::Nothing;
        }
        if self.dial_next(out) {
            return News::Nothing;
        }
        self.stop();
        News::Hindered(Hindrance::NoAnswer(why))
    }

    /// The address has not answered in time, and there are others.
    pub(in crate::client::session) fn unanswered(&mut self, out: &mut Effects) {
        out.emit(Effect::Disconnect);
        self.go_on_or_wait(out);
    }

    /// The connection is lost. Returns whether the name had been accepted.
    pub(in crate::client::session) fn lose(&mut self, now: Timestamp) -> bool {
        let online = self.connection.online();
        let was_online = online.is_some();
        if online.is_some_and(|online| now.since(online.since) >= STEADY) {
            self.backoff.succeed();
            self.addresses.begin_round();
            self.cut_short = None;
        }
        self.role = Role::User;
        self.keep_code();
        was_online
    }

    /// The code that was shown is needed once more, with the name that comes next.
    fn keep_code(&mut self) {
        self.code = self.code.take().or_else(|| self.used.code.take());
    }

    /// The server refused the name; the connection ends.
    fn name_refused(&mut self, code: Option<Code>, text: Text, out: &mut Effects) -> News {
        let now = out.steady();
        out.emit(Effect::Disconnect);
        self.role = Role::User;
        // Without a code, the name was not enough: what was wrong with the code is what there is to say.
        let (code, text) = match (self.code_refusal.take(), code) {
            (Some((why, words)), Some(Code::InvitationNeeded | Code::NameBound)) => (Some(why), words),
            (Some(_) | None, code) => (code, text),
        };
        let used = self.used.clone();
        self.keep_code();
        self.used = UsedOnce::default();
        if code == Some(Code::Elsewhere) {
            (self.take_over, self.passphrase) = (used.take_over, self.passphrase.take().or(used.passphrase.clone()));
            if self.dial_next(out) {
                return News::Nothing;
            }
        }
        // A script has nobody who could try again, and what it has to say would be lost.
        if matches!(code, Some(Code::Busy | Code::Elsewhere)) && !self.been_online && out.is_plain() {
            let first = self.busy_since.is_none();
            let since = *self.busy_since.get_or_insert(now);
            if now.since(since) < BUSY_PATIENCE {
                self.take_over = used.take_over;
                let until = now.after(self.backoff.next_wait().min(BUSY_WAIT));
                self.connection = Connection::Waiting { until };
                return News::Busy { text, first };
            }
        }
        if code == Some(Code::NameInUse) {
            self.stop();
            return News::Hindered(Hindrance::NameInUse(text));
        }
        if self.been_online && matches!(code, Some(Code::Banned | Code::Kicked)) {
            return News::Hindered(Hindrance::KeptOut { text, banned: code == Some(Code::Banned) });
        }
        let about_name = is_about_name(code);
        let ghost = self.been_online && matches!(code, None | Some(Code::NameTaken));
        let since = *self.ghost_since.get_or_insert(now);
        if ghost && now.since(since) < GHOST_PATIENCE {
            let until = now.after(self.backoff.next_wait().min(GHOST_WAIT));
            self.connection = Connection::Waiting { until };
            return News::Nothing;
        }
        self.ghost_since = None;
        if !about_name && self.been_online {
            self.wait(now);
            return News::Postponed(text);
        }
        self.stop();
        if code == Some(Code::Banned) {
            return News::Hindered(Hindrance::Banned(text));
        }
        if code == Some(Code::Maintenance) {
            self.reserved = code;
            return News::Hindered(Hindrance::Maintenance(text));
        }
        if !about_name {
            return News::Hindered(Hindrance::NotLetIn(text.to_string()));
        }
        if code == Some(Code::NameKept) {
            self.reserved = code;
            return News::Hindered(Hindrance::NameReserved(text));
        }
        self.refused_code = used.code;
        let about_code = matches!(code, Some(Code::InvitationNeeded | Code::WrongCode | Code::CodeUsedUp));
        News::Hindered(Hindrance::NameRefused { text, about_code })
    }
}
