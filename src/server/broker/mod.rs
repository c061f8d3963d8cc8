//! The broker: decides what follows from the requests of connections.
//!
//! Takes an [`Input`] and writes its output into the [`Outbox`]. Identity and authority come from the connection:
//! the sender in a frame is never looked at.
//!
//! It is made of parts, each of which keeps one kind of thing true and sees only those before it:
//!
//! - [`peers`]: who is connected, and the names in use.
//! - [`access`]: which users may join, and under which name; owners, keys, codes.
//! - [`rooms`]: the rooms, their members and modes.
//! - [`moderation`]: who may do what to whom; bans, mutes, the moderation log.
//! - [`messages`]: messages, history requests and read marks.
//! - [`lifecycle`]: the rules in force, and how the server closes.
//!
//! How they hang together is written in four files, and nowhere else: here what happens to connections and with time, in
//! `dispatch` what a request leads to, in `sessions` how users join and leave, in `acts` what moderators do. [`outbox`]
//! gathers what a round has to say.
//!
//! Must not know: sockets, tasks, clocks, bytes.

pub mod access;
pub(crate) mod acts;
mod caller;
pub(crate) mod dispatch;
mod facts;
mod lifecycle;
pub(crate) mod messages;
pub mod moderation;
pub mod outbox;
pub mod paging;
pub mod peers;
pub mod rooms;
pub mod rules;
pub(crate) mod sessions;
pub mod shares;
mod sweep;
pub mod tuning;

use std::time::Duration;

use crate::model::{Fingerprint, Identity, Now, Origin, Role, Text};
use crate::protocol::words::CAPABILITIES;
use crate::protocol::{Code, Dialect, Event, Refusal, Request};
use crate::server::broker::access::name_policy::Login;
use crate::server::ids::ConnId;
use crate::server::store::api::{Answer, Deletion, Outcome, Receipt};
use crate::server::telemetry::events::Note;
use crate::server::telemetry::metrics::Census;

use self::access::Access;
use self::caller::Denial;
use self::facts::kind;
use self::lifecycle::{Lifecycle, census, changed, role_by_rules};
use self::messages::{Health, Messages, Settled};
use self::moderation::{Moderation, Ranks};
use self::outbox::Outbox;
use self::peers::{Awaits, Hold, Leaving, Peers};
use self::rooms::{Restored, Rooms, facts as room_facts};
use self::rules::{Beginning, Rules};
use self::sweep::Sweeps;

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Input {
    /// A connection was made.
    Connected(ConnId, Origin),
    /// A connection has proved to have this key.
    Proved(ConnId, Fingerprint),
    /// A connection's first bytes told its dialect.
    Speaks(ConnId, Dialect),
    /// A connection sent a request, or a malformed one.
    Received(ConnId, Result<Request, Refusal>),
    /// A connection is gone, for this reason.
    Disconnected(ConnId, &'static str),
    /// A connection's passphrase was checked; whether it is right.
    Checked(ConnId, bool),
    /// The name that a connection asked for was looked up as a login.
    LookedUp(ConnId, Login),
    /// The store reports the outcome of messages.
    Stored(Receipt),
    /// The store reports the outcome of a deletion.
    Deleted(Deletion),
    /// The store has an answer.
    Answered(Answer),
    /// New rules come into force.
    Rules(Box<Rules>),
    /// What is done in slices may go on.
    GoOn,
    /// The server itself stood still for so long, as a process does that is stopped.
    StoodStill(Duration),
    /// About a second went by.
    Tick,
    /// The process is asked to end.
    Shutdown,
}

/// Everything that connections share.
#[derive(Debug)]
pub struct Broker {
    peers: Peers,
    access: Access,
    rooms: Rooms,
    moderation: Moderation,
    messages: Messages,
    lifecycle: Lifecycle,
    sweeps: Sweeps,
}

impl Broker {
    /// A broker without connections.
    #[must_use]
    pub fn new(rules: Rules, beginning: Beginning) -> Self {
        let Beginning { last_id, users, owners, facts, secret } = beginning;
        let mut broker = Self {
            peers: Peers::default(),
            access: Access::new(&rules, owners, users, secret),
            rooms: Rooms::default(),
            moderation: Moderation::default(),
            messages: Messages::new(last_id),
            lifecycle: Lifecycle::new(rules),
            sweeps: Sweeps::default(),
        };
        broker.restore(facts);
        broker
    }

    /// Gives each part its stored facts, as kind, key and value. Those that no longer hold are to be deleted.
    fn restore(&mut self, facts: Vec<(String, String, String)>) {
        let (mut of_rooms, mut lost) = (Vec::new(), 0);
        for (kind, key, value) in facts {
            let read = match kind.as_str() {
                kind::BAN => self.moderation.restore_ban(&key, &value),
                kind::MODERATOR => self.moderation.restore_moderator(&value),
                kind::SEEN => self.access.restore_use(&key, &value),
                kind::IGNORED => self.access.restore_ignored(&key, &value),
                kind => room_facts::read(kind, &key, &value).map(|fact| of_rooms.push(fact)).is_some(),
            };
            lost += usize::from(!read);
        }
        let Restored { ended, facts } = self.rooms.restore(of_rooms);
        let rooms = &self.rooms;
        let mut forgotten = self.moderation.forget_other_rooms(|room| rooms.get(room).is_some());
        forgotten.extend(ended.into_iter().flat_map(|ended| ended.facts).chain(facts));
        self.lifecycle.restored(forgotten, lost);
    }

    /// The number of stored facts that could not be read, and are ignored.
    #[must_use]
    pub fn facts_lost(&self) -> usize {
        self.lifecycle.facts_lost()
    }

    /// Whether the server has closed; the process ends once everyone was told.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.lifecycle.is_closed()
    }

    /// Whether nobody is connected and nothing is planned, so that no ticks are needed.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.peers.is_empty() && !self.lifecycle.has_countdown()
    }

    /// Whether so much waits for the store that nothing more should be taken for a while.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.messages.are_full()
    }

    /// Whether many messages wait for the store.
    #[must_use]
    pub fn awaits_many(&self) -> bool {
        self.messages.are_many()
    }

    /// The number of users.
    #[must_use]
    pub fn users(&self) -> usize {
        self.peers.users()
    }

    /// The counts for the metrics.
    #[must_use]
    pub fn census(&self) -> Census {
        census(&self.peers, &self.access, &self.messages)
    }

    /// Decides what follows.
    pub fn handle(&mut self, now: Now, input: Input, out: &mut Outbox) {
        match input {
            Input::Connected(conn, origin) => self.connect(now, conn, origin, out),
            Input::Proved(conn, key) => {
                if self.peers.prove(conn, key) {
                    out.notes.push(Note::Proved { conn, proof: Identity::Key(key) });
                }
            }
            Input::Speaks(conn, dialect) => {
                if self.peers.speak(conn, dialect) {
                    out.speak(conn, dialect);
                }
            }
            Input::Received(conn, request) => {
                if self.peers.heard(conn, now.steady) {
                    match request {
                        Ok(request) => self.request(now, conn, request, out),
                        Err(refusal) => self.refuse_frame(conn, refusal, out),
                    }
                }
            }
            Input::Disconnected(conn, why) => {
                out.drop_plan(conn);
                self.leave(conn, Leaving::Gone(why), out);
                self.access.close(conn);
            }
            Input::Checked(conn, right) => self.checked(now, conn, right, out),
            Input::LookedUp(conn, login) => self.looked_up(now, conn, login, out),
            Input::Stored(receipt) => self.stored(receipt, out),
            Input::Deleted(deletion) => moderation::deleted(now, &self.peers, &self.rooms, deletion, out),
            Input::Answered(answer) => self.answered(answer, out),
            Input::Rules(rules) => self.change_rules(*rules, out),
            Input::GoOn => self.sweep(out),
            Input::StoodStill(gap) => self.peers.forgive(gap, now.steady),
            Input::Tick => self.tick(now, out),
            Input::Shutdown => self.close(now, None, out),
        }
    }

    /// The parts that determine what a user may do.
    fn ranks(&self) -> Ranks<'_> {
        Ranks::new(self.lifecycle.rules(), &self.peers, &self.access, &self.rooms, &self.moderation)
    }

    // --- connections

    fn connect(&mut self, now: Now, conn: ConnId, origin: Origin, out: &mut Outbox) {
        out.open(conn);
        if let Err(Denial { code, text }) = self.access.admit(conn, origin) {
            out.notes.push(Note::TurnedAway { conn, from: origin, code });
            out.send(conn, &Event::NameRefused(Text::line(&text)).into());
            return out.close(conn);
        }
        self.peers.connect(conn, origin, now.steady);
        out.notes.push(Note::Connected { conn, from: origin });
        out.send(conn, &Event::Greeting(CAPABILITIES.map(str::to_owned).to_vec()).into());
    }

    /// Continues a join once its login was looked up.
    fn looked_up(&mut self, now: Now, conn: ConnId, login: Login, out: &mut Outbox) {
        self.access.end_lookup();
        let is_login = |awaits: &Awaits| matches!(awaits, Awaits::Login(_));
        let Some(Hold { reference, awaits, parked }) = self.peers.release(conn, now.steady, is_login) else { return };
        if let Awaits::Login(wanted) = awaits {
            self.join(now, (conn, reference), &wanted, login, out);
        }
        self.go_on(now, conn, parked, out);
    }

    /// Continues once a connection's passphrase was checked.
    fn checked(&mut self, now: Now, conn: ConnId, right: bool, out: &mut Outbox) {
        self.access.end_check();
        let is_passphrase = |awaits: &Awaits| *awaits == Awaits::Passphrase;
        let hold = self.peers.release(conn, now.steady, is_passphrase);
        let Some((Hold { reference, parked, .. }, peer)) = hold.zip(self.peers.get(conn)) else { return };
        let name = peer.name().cloned();
        if right {
            self.access.forgive_check(peer.origin());
            self.peers.set_role(conn, Role::Keeper);
            self.peers.set_passphrase(conn, true);
            out.notes.push(Note::Moderator { conn, name, trusted: false });
            let event = Event::Moderator(Text::line("You are now a moderator."));
            out.send(conn, &crate::protocol::Envelope::answer(reference, event));
            self.messages.tell_trouble(conn, out);
        } else {
            let denial = Denial::new(Code::WrongPassphrase, "Wrong moderator passphrase.");
            out.notes.push(Note::PassphraseRefused { conn, name, code: denial.code });
            denial.tell(conn, reference, out);
        }
        self.go_on(now, conn, parked, out);
    }

    // --- roles

    /// A user has at least this role from now on, and is told so if that is new.
    fn promote(&mut self, conn: ConnId, role: Role, words: &str, out: &mut Outbox) {
        let Some(peer) = self.peers.get(conn).filter(|peer| peer.role() < role) else { return };
        out.notes.push(Note::Moderator { conn, name: peer.name().cloned(), trusted: !peer.has_proved() });
        if !peer.is_original() {
            out.send(conn, &Event::Moderator(Text::line(words)).into());
        }
        self.peers.set_role(conn, role);
        self.messages.tell_trouble(conn, out);
    }

    /// Puts new rules in force without ending any connection. Users whom they make moderators are so at once, and those
    /// who were moderators only by the old rules are no longer.
    fn change_rules(&mut self, rules: Rules, out: &mut Outbox) {
        self.access.change_rules(&rules);
        let before = self.lifecycle.change_rules(rules);
        for conn in changed(&self.peers, &before, self.lifecycle.rules()) {
            let Some(peer) = self.peers.get(conn) else { continue };
            let Some(name) = peer.name().cloned() else { continue };
            let granted = self.moderation.is_granted(&name.folded());
            let role = role_by_rules(peer, self.lifecycle.rules(), granted);
            if peer.role() < role {
                self.promote(conn, role, "You are now a moderator.", out);
                continue;
            }
            let was_one = peer.role().is_moderator();
            self.peers.set_role(conn, role);
            if was_one && role == Role::User {
                // Codes that they made for others may be in the wrong hands.
                self.access.void_codes(&name);
                self.lifecycle.end_countdown_of(&name, &name, out);
                out.notes.push(Note::ModeratorNoMore { conn, name: Some(name) });
                out.send(conn, &Event::Demoted(Text::line("You are no longer a moderator.")).into());
            }
        }
    }

    // --- the store

    /// Settles the messages that wait longest with the store's answers.
    fn stored(&mut self, receipt: Receipt, out: &mut Outbox) {
        let works = receipt.outcomes.iter().any(|outcome| *outcome != Outcome::Unavailable);
        let log_each = self.lifecycle.rules().note_messages;
        for outcome in receipt.outcomes {
            let settled = self.messages.settle((&self.peers, &self.rooms), outcome, log_each, out);
            let Some(Settled(conn)) = settled else { break };
            if let Some(leaving) = self.peers.settle(conn) {
                self.finish_leaving(conn, leaving, out);
            }
        }
        self.messages.diagnose(&self.peers, Health { trouble: receipt.trouble, works }, out);
        if self.lifecycle.is_closing() && self.messages.are_settled() {
            self.close_now(out);
        }
    }

    /// The store has answered a question.
    fn answered(&mut self, answer: Answer, out: &mut Outbox) {
        self.peers.end_question(ConnId(answer.requester.0));
        self.messages.answered(&self.peers, answer, out);
    }

    // --- the clock and the end

    fn tick(&mut self, now: Now, out: &mut Outbox) {
        self.refuse_the_hasty(now, out);
        self.access.tick(now.steady, out);
        let ended = self.rooms.tick(now.steady, out);
        self.end_rooms(ended, out);
        self.rooms.announce(out);
        self.messages.flush_marks(out);
        self.moderation.expire(now, out);
        self.lifecycle.forget(out);
        self.rooms.forget_speakers(now.steady);
        if let Some(by) = self.lifecycle.count_down(now.steady, out) {
            self.close(now, Some(by), out);
        }
        if self.lifecycle.is_overdue(now.steady) {
            self.close_now(out);
        }
        for late in self.peers.tick(now.steady, self.lifecycle.rules(), out) {
            self.cut(late, out);
        }
    }

    /// Closes the server once earlier messages are settled.
    fn close(&mut self, now: Now, by: Option<crate::model::Name>, out: &mut Outbox) {
        self.lifecycle.begin_closing(now.steady, by, out);
        if self.messages.are_settled() {
            self.close_now(out);
        }
    }

    fn close_now(&mut self, out: &mut Outbox) {
        if !self.lifecycle.close() {
            return;
        }
        self.messages.flush_marks(out);
        out.broadcast(None, &Event::Closed.into());
        for (conn, peer) in self.peers.iter() {
            if peer.name().is_none() {
                out.send(conn, &Event::Closed.into());
            }
            out.close(conn);
        }
    }
}
