//! The broker: decides what follows from what the connections say.
//!
//! Takes an [`Input`] and writes what is to be said into the [`Outbox`]. Identity and authority come from the
//! connection: the sender in a frame is never looked at.
//!
//! Must not know: sockets, tasks, clocks, bytes.

use std::collections::HashMap;

use super::admission::{Admission, Origin};
use super::auth::Tries;
use super::limits::{CUT_AFTER, LIST_BYTES, MAX_HELD, MAX_TOKEN, NAME_DEADLINE, PING_AFTER};
use super::names::{Names, groups};
use super::note::Note;
use super::outbox::Outbox;
use super::peer::{ConnId, Peer};
use super::presence::Presence;
use crate::model::{MessageId, Name, Now, Text, Timestamp};
use crate::protocol::packet;
use crate::protocol::words::CAPABILITIES;
use crate::protocol::{Code, Command, Dialect, Envelope, Event, Refusal, Request};

/// What the admin decides.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Names kept for moderators.
    pub moderators: Vec<Name>,
    /// Whether whoever joins under such a name from this machine is a moderator, as in the original.
    pub trust_names: bool,
    /// Connections in all.
    pub max_connections: usize,
    /// Connections from one address, if the admin says.
    pub max_per_address: Option<usize>,
    /// Whether each message is noted.
    pub note_messages: bool,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Input {
    /// A connection was made.
    Connected(ConnId, Origin),
    /// Its first bytes told its dialect.
    Speaks(ConnId, Dialect),
    /// It asked for something, or sent something that is no request.
    Received(ConnId, Result<Request, Refusal>),
    /// It is gone.
    Disconnected(ConnId, &'static str),
    /// The passphrase it gave was checked.
    Checked(ConnId, bool),
    /// About a second went by.
    Tick,
    /// The process is asked to end.
    Shutdown,
}

/// Everything that connections share.
#[derive(Debug)]
pub struct Broker {
    pub(super) rules: Rules,
    pub(super) peers: HashMap<ConnId, Peer>,
    pub(super) names: Names,
    pub(super) tries: Tries,
    pub(super) checks: usize,
    admission: Admission,
    /// Where each open connection comes from, also those that only wait to be closed.
    open: HashMap<ConnId, Origin>,
    presence: Presence,
    last_id: u64,
    closed: bool,
}

impl Broker {
    /// A server with nobody on it.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        let admission = Admission::new(rules.max_connections, rules.max_per_address);
        Self {
            rules,
            peers: HashMap::new(),
            names: Names::default(),
            tries: Tries::default(),
            checks: 0,
            admission,
            open: HashMap::new(),
            presence: Presence::default(),
            last_id: 0,
            closed: false,
        }
    }

    /// Whether the server is to end, once everyone has heard so.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Whether nobody is connected, so that no time needs to be watched.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.peers.is_empty()
    }

    /// Decides what follows.
    pub fn handle(&mut self, now: Now, input: Input, out: &mut Outbox) {
        match input {
            Input::Connected(conn, origin) => self.connect(now.steady, conn, origin, out),
            Input::Speaks(conn, dialect) => {
                if let Some(peer) = self.peers.get_mut(&conn) {
                    peer.dialect = Some(dialect);
                    out.speak(conn, dialect);
                }
            }
            Input::Received(conn, request) => {
                if let Some(peer) = self.peers.get_mut(&conn) {
                    peer.heard = now.steady;
                    peer.pinged = None;
                    match request {
                        Ok(request) => self.request(now, conn, request, out),
                        Err(refusal) => self.refuse_frame(conn, refusal, out),
                    }
                }
            }
            Input::Disconnected(conn, why) => {
                self.leave(conn, why, out);
                out.drop_lane(conn);
                if let Some(origin) = self.open.remove(&conn) {
                    self.admission.leave(origin);
                }
            }
            Input::Checked(conn, right) => self.checked(now, conn, right, out),
            Input::Tick => self.tick(now.steady, out),
            Input::Shutdown => self.close(None, out),
        }
    }

    fn connect(&mut self, now: Timestamp, conn: ConnId, origin: Origin, out: &mut Outbox) {
        out.open(conn);
        if let Err(code) = self.admission.enter(origin) {
            out.notes.push(Note::TurnedAway { conn, from: origin, code });
            let text = match code {
                Code::ServerFull => "The server is full; try again later.",
                _ => "There are too many connections from your address; close one first.",
            };
            out.send(conn, &Event::NameRefused(Text::line(text)).into());
            out.close(conn);
            return;
        }
        self.open.insert(conn, origin);
        self.peers.insert(conn, Peer::new(origin, now));
        out.notes.push(Note::Connected { conn, from: origin });
        out.send(conn, &Event::Greeting(CAPABILITIES.map(str::to_owned).to_vec()).into());
    }

    pub(super) fn request(&mut self, now: Now, conn: ConnId, request: Request, out: &mut Outbox) {
        let Some(peer) = self.peers.get_mut(&conn) else { return };
        if let Some(check) = peer.check.as_mut().filter(|_| !request.command.is_keep_alive()) {
            if check.held.len() < MAX_HELD {
                return check.held.push(request);
            }
            let text = "Your passphrase is being checked; wait for the answer.";
            return say_refusal(conn, Refusal::new(request.reference, Code::Busy, text), out);
        }
        match request.command {
            Command::Name(_) => self.join(now, conn, request, out),
            Command::Moderator(passphrase) => self.check(now.steady, conn, request.reference, passphrase, out),
            Command::Ping(token) if token.as_str().len() > MAX_TOKEN => {
                let text = format!("The token of a ping has at most {MAX_TOKEN} bytes.");
                say_refusal(conn, Refusal::new(request.reference, Code::TooLong, text), out);
            }
            Command::Ping(token) => out.send(conn, &Envelope::answer(request.reference, Event::Pong(token))),
            Command::Pong(_) => {}
            Command::Exit => {
                let farewell = Event::Exited(Text::line("client disconnected"));
                out.send(conn, &Envelope::answer(request.reference, farewell));
                out.close(conn);
                self.leave(conn, "exit", out);
            }
            command => match peer.name.clone() {
                Some(from) => self.command(now, (conn, from), request.reference, command, out),
                None => {
                    let text = "Give a name first: NAME | server | name | NAME";
                    say_refusal(conn, Refusal::new(request.reference, Code::NoName, text), out);
                }
            },
        }
    }

    /// What only a user may ask.
    fn command(
        &mut self,
        now: Now,
        (conn, from): (ConnId, Name),
        reference: Option<String>,
        command: Command,
        out: &mut Outbox,
    ) {
        match command {
            Command::Echo(text) => out.send(conn, &Envelope::answer(reference, Event::Echo(text))),
            Command::ListClients => self.list(conn, reference, out),
            Command::Private { to, text } => match self.names.find(&to) {
                Some(target) => {
                    let Some(to) = self.peers.get(&target).and_then(|peer| peer.name.clone()) else { return };
                    let accepted = self.accept(now.wall, &from, &to.to_string(), reference, out);
                    out.send(
                        target,
                        &Envelope { reference: None, event: Event::Private { from, to, text }, ..accepted.clone() },
                    );
                    out.send(conn, &accepted);
                }
                None => self.no_such_user(conn, reference, &to, out),
            },
            Command::Broadcast { me_too, text } => {
                let accepted = self.accept(now.wall, &from, "everyone", reference, out);
                let event = Event::Broadcast { from, me_too, text };
                let except = (!me_too).then_some(conn);
                out.broadcast(except, &Envelope { reference: None, event, ..accepted.clone() });
                out.send(conn, &accepted);
            }
            Command::CloseServer => {
                if self.peers.get(&conn).is_some_and(|peer| peer.role.may_close_server()) {
                    self.close(Some(from), out);
                } else {
                    let text = "Only a moderator may close the server; give the moderator passphrase first.";
                    say_refusal(conn, Refusal::new(reference, Code::NotModerator, text), out);
                }
            }
            Command::Unknown(operation) => {
                let shown: String = operation.as_str().chars().take(MAX_TOKEN).collect();
                let text = Text::line(&format!("The server does not know the operation {shown}."));
                out.send(conn, &Envelope::answer(reference, Event::UnknownOperation(text)));
            }
            Command::Conversations | Command::History { .. } | Command::Read { .. } | Command::Search(_) => {}
            // Dealt with before a name is asked for.
            Command::Name(_) | Command::Moderator(_) | Command::Ping(_) | Command::Pong(_) | Command::Exit => {}
        }
    }

    /// Gives a message its place in the order. Until history is on disk, ids follow the clock, so that they grow
    /// across restarts.
    fn accept(
        &mut self,
        now: Timestamp,
        from: &Name,
        to: &str,
        reference: Option<String>,
        out: &mut Outbox,
    ) -> Envelope {
        self.last_id = self.last_id.saturating_add(1).max(u64::try_from(now.0).unwrap_or(0));
        let id = MessageId(self.last_id);
        if self.rules.note_messages {
            out.notes.push(Note::Accepted { id, from: from.clone(), to: to.to_owned() });
        }
        Envelope { id: Some(id), time: Some(now), ..Envelope::answer(reference, Event::Accepted { offline: false }) }
    }

    fn no_such_user(&self, conn: ConnId, reference: Option<String>, to: &str, out: &mut Outbox) {
        let original = self.peers.get(&conn).is_some_and(Peer::is_original);
        let text = if original {
            packet::not_found(to).to_string()
        } else {
            format!("There is no user {}; the list shows who is online.", Text::line(to))
        };
        say_refusal(conn, Refusal::new(reference, Code::NoSuchUser, text), out);
    }

    /// Tells that a user came.
    pub(super) fn arrive(&mut self, conn: ConnId, name: &Name, out: &mut Outbox) {
        if self.presence.join(name, self.names.len()) {
            out.broadcast(Some(conn), &Event::Joined(vec![name.clone()]).into());
        }
    }

    /// Forgets a connection; does nothing if that was done before.
    pub(super) fn leave(&mut self, conn: ConnId, why: &'static str, out: &mut Outbox) {
        let Some(peer) = self.peers.remove(&conn) else { return };
        if let Some(name) = &peer.name {
            let present = self.names.len();
            self.names.free(name);
            if self.presence.leave(name, present) {
                let left = Event::Left(vec![name.clone()], Some(Text::line(why)));
                out.broadcast(Some(conn), &left.into());
            }
            if self.names.is_empty() {
                // Nobody is left to tell, and who comes next need not know.
                self.presence.take();
            }
        }
        out.notes.push(Note::Left { conn, name: peer.name, why });
    }

    fn refuse_frame(&mut self, conn: ConnId, refusal: Refusal, out: &mut Outbox) {
        let Some(peer) = self.peers.get_mut(&conn) else { return };
        if !std::mem::replace(&mut peer.told_of_bad_frame, true) {
            let reason = format!("{}: {}", refusal.code, refusal.text);
            out.notes.push(Note::BadFrame { conn, name: peer.name.clone(), reason });
        }
        say_refusal(conn, refusal, out);
    }

    fn close(&mut self, by: Option<Name>, out: &mut Outbox) {
        if std::mem::replace(&mut self.closed, true) {
            return;
        }
        out.notes.push(Note::Closing { by });
        out.broadcast(None, &Event::Closed.into());
        for (&conn, peer) in &self.peers {
            if peer.name.is_none() {
                out.send(conn, &Event::Closed.into());
            }
            out.close(conn);
        }
    }

    fn tick(&mut self, now: Timestamp, out: &mut Outbox) {
        self.tell_presence(out);
        let mut late = Vec::new();
        for (&conn, peer) in &mut self.peers {
            let silent = now.since(peer.heard);
            if peer.name.is_none() {
                if now.since(peer.since) >= NAME_DEADLINE && peer.check.is_none() {
                    late.push((conn, "no name given"));
                }
            } else if peer.is_original() {
                // It cannot answer a ping; the kernel's keep-alive watches it.
            } else if silent >= CUT_AFTER {
                late.push((conn, "no answer to a ping"));
            } else if silent >= PING_AFTER && peer.pinged.is_none() {
                peer.pinged = Some(now);
                out.send(conn, &Event::Ping(Text::line(&now.0.to_string())).into());
            }
        }
        late.sort_unstable_by_key(|(conn, _)| *conn);
        for (conn, why) in late {
            if self.peers.get(&conn).is_some_and(|peer| peer.name.is_none()) {
                let text = Text::line("No name was given in time; connect again.");
                out.send(conn, &Event::NameRefused(text).into());
            } else {
                let text = "Nothing was heard of you for too long; connect again.";
                say_refusal(conn, Refusal::new(None, Code::TooSlow, text), out);
            }
            out.close(conn);
            self.leave(conn, why, out);
        }
    }

    fn tell_presence(&mut self, out: &mut Outbox) {
        if self.presence.is_empty() {
            return;
        }
        let (left, joined) = self.presence.take();
        for (names, event) in
            [(left, (|names| Event::Left(names, None)) as fn(Vec<Name>) -> Event), (joined, Event::Joined)]
        {
            for group in groups(names.iter(), LIST_BYTES) {
                if !group.is_empty() {
                    out.broadcast(None, &event(group).into());
                }
            }
        }
    }
}

/// Tells a connection that something was not done.
pub(super) fn say_refusal(conn: ConnId, refusal: Refusal, out: &mut Outbox) {
    let event = Event::Refused(refusal.code, Text::line(&refusal.text));
    out.send(conn, &Envelope::answer(refusal.reference, event));
}
