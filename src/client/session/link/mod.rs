//! The link to the server: the state of the connection, the abilities of the server, the name of the person, and the
//! waits between tries.
//!
//! Keeps true: there is at most one connection, and a secret given for one server goes to no other.
//!
//! Must not know: what is said over the connection once the name is taken, terminals, sockets.

mod deadlines;
mod dialing;
pub(in crate::client::session) mod handshake;
pub(in crate::client::session) mod hindrance;
pub(in crate::client::session) mod identity;
mod me;
mod nearby;
mod news;
pub(in crate::client::session) mod step;

use crate::client::destination::Proved;
use crate::client::link::addresses::Addresses;
use crate::client::link::backoff::Backoff;
use crate::client::link::state::{Abilities, Connection};
use crate::client::msg::Effect;
use crate::client::session::effects::Effects;
use crate::client::session::start::Start;
use crate::model::name::lenient;
use crate::model::{Fingerprint, Name, Role, Text, Timestamp, Url};
use crate::net::dial_failure::DialFailure;
use crate::protocol::beacon::NearbyServer;
use crate::protocol::invitation::looks_like_code;
use crate::protocol::{Code, Command, Dialect, SessionCommand, SessionToken};

use nearby::Nearby;

pub(in crate::client::session) use me::Me;
pub(in crate::client::session) use nearby::LISTENS;
pub(in crate::client::session) use news::{Due, Hindrance, News};

#[derive(Clone, Debug)]
pub(in crate::client::session) struct Link {
    addresses: Addresses,
    connection: Connection,
    abilities: Abilities,
    backoff: Backoff,
    /// Until when it was waiting when the person had it dial at once: if that fails, the wait goes on.
    cut_short: Option<Timestamp>,
    been_online: bool,
    /// Since when the person's own name has been taken: the server may not have noticed the lost connection.
    ghost_since: Option<Timestamp>,
    /// The requested name as it was written; it may be invalid.
    wanted: String,
    me: Me,
    role: Role,
    /// In memory only, to become a moderator again after a reconnect.
    passphrase: Option<String>,
    /// Why the server refuses the name without the passphrase, if it does.
    reserved: Option<Code>,
    take_over: bool,
    /// Whether the person has just taken another name, under which the client joins again.
    newly_named: bool,
    /// By what the server knows this client when it comes back.
    token: SessionToken,
    /// Whether this client can be called.
    callable: bool,
    /// An invitation code.
    code: Option<String>,
    /// Whether the server has seen it.
    code_shown: bool,
    /// Why the server refused the code, until the name decides.
    code_refusal: Option<(Code, Text)>,
    /// Since when the server has had no room for the first join.
    busy_since: Option<Timestamp>,
    /// The code that the server refused: it stays where it was typed.
    refused_code: Option<String>,
    /// Whether the person has named the server.
    server_named: bool,
    /// Whether the chat goes to this server only.
    confined: bool,
    /// Whether the person has said which key it has.
    key_given: bool,
    nearby: Nearby,
    /// What the server has proved; `None` if it has no key.
    server_key: Option<Proved>,
    /// What the handshake has used up, should the same server be asked once more.
    used: UsedOnce,
}

/// What is sent only once: the code, the passphrase, and whether to take over.
#[derive(Clone, Debug, Default)]
struct UsedOnce {
    take_over: bool,
    code: Option<String>,
    passphrase: Option<String>,
}

impl Link {
    pub(in crate::client::session) fn new(start: &Start) -> Self {
        let wanted = start.name.as_ref().map_or_else(|| start.login.clone(), Name::to_string);
        Self {
            addresses: Addresses::new(start.server.clone(), &start.others),
            connection: Connection::Idle,
            abilities: Abilities::default(),
            backoff: Backoff::new(start.seed),
            cut_short: None,
            been_online: false,
            ghost_since: None,
            me: Me::new(lenient(&wanted)),
            wanted,
            role: Role::User,
            passphrase: None,
            reserved: None,
            take_over: start.take_over,
            newly_named: false,
            token: start.token,
            callable: start.is_callable(),
            code: start.code.clone(),
            code_shown: false,
            code_refusal: None,
            busy_since: None,
            refused_code: None,
            server_named: start.server_named,
            confined: start.confined,
            key_given: start.key_given,
            nearby: Nearby::default(),
            server_key: None,
            used: UsedOnce::default(),
        }
    }

    /// The address that names the chat: what is remembered of it belongs to this one.
    pub(in crate::client::session) fn server(&self) -> &Url {
        self.addresses.home()
    }

    /// The key by which the server is known; `None` if it has none, or an authority vouches for it.
    pub(in crate::client::session) fn server_key(&self) -> Option<Fingerprint> {
        self.server_key.filter(|proved| !proved.vouched).map(|proved| proved.key)
    }

    pub(in crate::client::session) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(in crate::client::session) fn is_online(&self) -> bool {
        self.connection.online().is_some()
    }

    /// Whether there is no connection and none is being made: a dialog asks what to do.
    pub(in crate::client::session) fn is_idle(&self) -> bool {
        self.connection == Connection::Idle
    }

    /// Whether the client waits to redial.
    pub(in crate::client::session) fn is_waiting(&self) -> bool {
        matches!(self.connection, Connection::Waiting { .. })
    }

    /// The dialect of the connection, while online.
    pub(in crate::client::session) fn dialect(&self) -> Option<Dialect> {
        self.connection.online().map(|online| online.dialect)
    }

    pub(in crate::client::session) fn abilities(&self) -> Abilities {
        self.abilities
    }

    pub(in crate::client::session) fn me(&self) -> &Me {
        &self.me
    }

    /// Sets the words of their own that call the person.
    pub(in crate::client::session) fn set_words(&mut self, words: &[String]) {
        self.me.set_words(words);
    }

    /// The requested name as it was written.
    pub(in crate::client::session) fn wanted(&self) -> &str {
        &self.wanted
    }

    /// Whether the name was ever accepted.
    pub(in crate::client::session) fn has_been_online(&self) -> bool {
        self.been_online
    }

    pub(in crate::client::session) fn is_moderator(&self) -> bool {
        self.role.is_moderator()
    }

    /// Changes the role of the person; returns the previous one.
    pub(in crate::client::session) fn set_role(&mut self, role: Role) -> Role {
        std::mem::replace(&mut self.role, role)
    }

    /// Starts dialing, unless the requested name is invalid.
    pub(in crate::client::session) fn start(&mut self, out: &mut Effects) -> News {
        if looks_like_code(&self.wanted) {
            return News::Hindered(Hindrance::CodeAsName);
        }
        match Name::restored(&self.wanted) {
            Ok(_) => self.dial(out),
            Err(error) => return News::Hindered(Hindrance::BadName(error)),
        }
        News::Nothing
    }

    /// Stops dialing and waiting.
    pub(in crate::client::session) fn stop(&mut self) {
        self.connection = Connection::Idle;
    }

    /// The server ended the session. If the person dials again, that counts as one more attempt.
    pub(in crate::client::session) fn give_up(&mut self) {
        self.backoff.next_wait();
        self.connection = Connection::Idle;
    }

    /// Waits before redialing.
    pub(in crate::client::session) fn wait(&mut self, now: Timestamp) {
        let goes_on = self.cut_short.take().filter(|until| *until > now);
        let until = goes_on.unwrap_or_else(|| now.after(self.backoff.next_wait()));
        self.connection = Connection::Waiting { until };
    }

    /// Ends the connection, or the attempt to make one.
    pub(in crate::client::session) fn hang_up(&self, out: &mut Effects) {
        if self.is_online() {
            out.send(Command::Session(SessionCommand::Exit));
        }
        match self.connection {
            Connection::Idle | Connection::Waiting { .. } => {}
            Connection::Dialing { .. } | Connection::Handshaking(_) | Connection::Online(_) => {
                out.emit(Effect::Disconnect)
            }
        }
    }

    /// A server in a network of this machine was heard. Returns all of them, unless this one was heard before or there
    /// are too many.
    pub(in crate::client::session) fn hear_nearby(&mut self, server: NearbyServer) -> Option<&[NearbyServer]> {
        self.nearby.hear(server)
    }

    /// Whether the person may go to another server.
    pub(in crate::client::session) fn may_go_elsewhere(&self) -> bool {
        !self.confined
    }

    /// Whether the person, who has named no server and reached none, is to be told of those nearby before the client
    /// leaves.
    pub(in crate::client::session) fn is_to_look_around(&self) -> bool {
        !self.server_named && !self.been_online && !self.confined
    }

    /// Listens for servers nearby, and leaves with this failure if that was all.
    pub(in crate::client::session) fn look_around(&mut self, failure: DialFailure, now: Timestamp) {
        self.nearby.leave_later(failure, now);
    }

    pub(in crate::client::session) fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// What stands in the field for a code; `None` if the server, as far as is known, takes none.
    pub(in crate::client::session) fn code_field(&self) -> Option<&str> {
        let typed = self.refused_code.as_deref().or(self.code());
        typed.or_else(|| self.abilities.identity.then_some(""))
    }
}
