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
//! - [`calls`]: which calls ring, and which are relayed.
//! - [`moderation`]: who may do what to whom; bans, mutes, the moderation log.
//! - [`messages`]: messages, history requests and read marks.
//! - [`lifecycle`]: the rules in force, and how the server closes.
//! - [`findings`]: what is found out of connections, and concerns others.
//! - [`promises`]: what is said and done once the store has kept what a request changes.
//!
//! How they hang together is written in sixteen files, and nowhere else: here what happens with time, in `connections`
//! what happens to connections, in `dispatch` what a request leads to, in `speaking` what users say and change of what was said, in `sessions` how users join and leave, in `proving` how they show codes and the passphrase, in `own_sessions` what one user's sessions have in common, in `nodes` how they are sent to other nodes of the chat, in `renaming` how
//! they take another name or leave for good, in `handover` what follows when a name
//! changes hands or a room ends, in `acts` what moderators do, in `roles` who is one, in `calling` how users call one another, in `keeping` how a change becomes an
//! answer, in `hosting` what whoever keeps the machine orders, in [`shared_rules`] what nodes of one chat decide by, in `shared_state` how all parts are written and read together. [`outbox`] gathers what a round has to say; [`roster`] reads what is stored for lists.
//!
//! Must not know: sockets, tasks, clocks, bytes.

pub mod access;
pub(crate) mod acts;
mod caller;
pub(crate) mod calling;
mod calls;
pub(crate) mod conferring;
mod connections;
pub(crate) mod dispatch;
mod facts;
mod findings;
pub(crate) mod handover;
mod hosting;
mod input;
mod keeping;
mod lifecycle;
pub(crate) mod messages;
pub mod moderation;
mod nodes;
pub mod outbox;
mod own_sessions;
pub mod paging;
pub mod peers;
pub(crate) mod promises;
mod proving;
mod renaming;
mod roles;
pub mod rooms;
pub mod roster;
pub mod rules;
pub(crate) mod sessions;
pub mod shared_rules;
mod shared_state;
pub mod shares;
mod speaking;
mod sweep;
pub mod tuning;
pub mod user_conns;

use crate::model::{Identity, Now};
use crate::protocol::Event;
use crate::server::ids::ConnId;
use crate::server::store::api::{Answer, Outcome, Receipt, Update};
use crate::server::telemetry::events::Note;
use crate::server::telemetry::metrics::Census;

use self::access::Access;
use self::calls::Calls;
use self::facts::kind;
use self::findings::Findings;
pub use self::input::Input;
use self::lifecycle::{Lifecycle, census};
use self::messages::{Health, Messages, Settled};
use self::moderation::{Moderation, Ranks};
use self::outbox::Outbox;
use self::peers::Peers;
pub use self::peers::{CutReason, Introduction};
use self::promises::Promises;
use self::rooms::{Restored, Rooms, facts as room_facts};
use self::rules::{Beginning, Rules};
pub use self::shared_state::StateError;
use self::sweep::Sweeps;

/// Everything that connections share.
#[derive(Debug)]
pub struct Broker {
    peers: Peers,
    access: Access,
    rooms: Rooms,
    moderation: Moderation,
    messages: Messages,
    calls: Calls,
    lifecycle: Lifecycle,
    promises: Promises,
    sweeps: Sweeps,
    findings: Findings,
}

impl Broker {
    /// A broker without connections.
    #[must_use]
    pub fn new(rules: Rules, beginning: Beginning) -> Self {
        let Beginning { last_id, last_room, users, owners, facts, secret } = beginning;
        let mut broker = Self {
            peers: Peers::default(),
            messages: Messages::new(last_id, &secret),
            calls: Calls::new(&secret),
            access: Access::new(&rules, owners, users, secret),
            rooms: Rooms::default(),
            moderation: Moderation::default(),
            lifecycle: Lifecycle::new(rules),
            promises: Promises::default(),
            sweeps: Sweeps::default(),
            findings: Findings::default(),
        };
        broker.rooms.skip(last_room);
        broker.restore(facts);
        broker
    }

    /// Gives each part its stored facts, as kind, key and value. Those that no longer hold are to be deleted.
    fn restore(&mut self, facts: Vec<(String, String, String)>) {
        let (mut of_rooms, mut lost, mut forgotten) = (Vec::new(), Vec::new(), Vec::new());
        for (kind, key, value) in facts {
            let read = match kind.as_str() {
                kind::BAN => self.moderation.restore_ban(&key, &value),
                kind::MODERATOR => self.moderation.restore_moderator(&value),
                kind::SEEN => self.access.restore_use(&key, &value),
                kind::IGNORED => self.access.restore_ignored(&key, &value),
                kind::INVITATION => self.access.restore_invitation(&key, &value),
                kind::MAINTENANCE => self.lifecycle.restore_maintenance(&value),
                kind::RESTING => self.access.restore_resting(&value),
                kind => room_facts::read(kind, &key, &value).map(|fact| of_rooms.push(fact)).is_some(),
            };
            if !read {
                lost.push(format!("{kind} {key}"));
                forgotten.extend(kind::known(&kind).map(|kind| facts::ends(kind, key)));
            }
        }
        let Restored { ended, facts } = self.rooms.restore(of_rooms);
        let rooms = &self.rooms;
        forgotten.extend(
            self.moderation.forget_other_rooms(|room| rooms.get(room).is_some()).into_iter().map(|change| change.now),
        );
        forgotten
            .extend(ended.iter().flat_map(|ended| ended.facts.iter().map(|change| change.now.clone())).chain(facts));
        // What was said in a room goes even if the server ends before its facts are gone.
        let ended = ended.iter().map(|ended| Update::EndRoom(ended.room));
        self.lifecycle.restored(ended.chain(forgotten.into_iter().map(Update::Fact)).collect(), lost);
    }

    /// The stored facts that could not be read, in a few words each; they are ignored, and deleted with the first tick.
    #[must_use]
    pub fn facts_lost(&self) -> &[String] {
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
        self.messages.are_full() || self.promises.are_many()
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
        census(&self.peers, &self.access, &self.messages, &self.calls)
    }

    /// Decides what follows, on a server of its own.
    pub fn handle(&mut self, now: Now, input: Input, out: &mut Outbox) {
        let ticks = matches!(input, Input::Tick);
        self.take(now, input, out);
        if ticks {
            self.take(now, Input::Watch, out);
        }
        while let Some(next) = self.findings.next() {
            self.take(now, next, out);
        }
    }

    /// Decides what follows, on one of several nodes of a chat. Returns what was found out of connections to this
    /// server and concerns the others: each server is to be told of it, in the same order.
    pub fn handle_among(&mut self, now: Now, input: Input, out: &mut Outbox) -> Vec<Input> {
        self.take(now, input, out);
        self.findings.take()
    }

    /// A connection to this node as the others are to learn of it.
    #[must_use]
    pub fn introduction(&self, conn: ConnId) -> Option<Introduction> {
        self.peers.introduction(conn)
    }

    /// Whether a connection waits for a check, so that its next requests have to wait.
    #[must_use]
    pub fn is_held(&self, conn: ConnId) -> bool {
        self.peers.is_held(conn)
    }

    fn take(&mut self, now: Now, input: Input, out: &mut Outbox) {
        match input {
            Input::Connected(conn, origin) => self.connect(now, conn, origin, out),
            Input::Proved(conn, key) => {
                if self.peers.prove(conn, key) {
                    out.notes.push(Note::Proved { conn, proof: Identity::Key(key) });
                }
            }
            Input::Speaks(conn, dialect) => self.speak(now, conn, dialect, out),
            Input::Received(conn, request) => {
                if self.peers.heard(conn, now.steady) {
                    match request {
                        Ok(request) => self.request(now, conn, request, out),
                        Err(refusal) => self.refuse_frame(conn, refusal, out),
                    }
                }
            }
            Input::Introduced(conn, known) => self.introduce(now, conn, known),
            Input::Disconnected(conn, why) => {
                out.drop_plan(conn);
                self.gone(conn, why, out);
            }
            Input::Unplugged(conn) => {
                out.drop_plan(conn);
                self.access.unplug(conn);
            }
            Input::Gone(conn, why) => self.gone(conn, why, out),
            Input::NodeGone(seat) => self.lose_node(seat, out),
            Input::NodeCame => self.lifecycle.open_again(),
            Input::Cut(conn, reason) => self.cut(conn, reason, out),
            Input::Shown(conn, reference, code) => self.take_code(now, (conn, reference), code, out),
            Input::Checked(conn, right) => self.checked(now, conn, right),
            Input::Judged(conn, reference, right) => self.judge(now, (conn, reference), right, out),
            Input::LoginOf(conn, login) => self.know_login(conn, login, out),
            Input::LookedUp(conn, login) => self.looked_up(now, conn, login, out),
            Input::Stored(receipt) => self.stored(receipt, out),
            Input::Promised(kept) => self.promised(now, kept, out),
            Input::Deleted(deletion) => moderation::deleted(&self.peers, &self.rooms, deletion, out),
            Input::Changed(change) => self.message_changed(change, out),
            Input::Erased(erasure) => self.erased(now, *erasure, out),
            Input::Ordered(conn, order) => self.order(now, conn, order, out),
            Input::Answered(answer) => self.answered(answer, out),
            Input::Relay(news) => self.hear_of_relay(news, out),
            Input::Rules(rules) => self.take_rules(*rules, out),
            Input::Agreed(shared) => self.agree(*shared, out),
            Input::Withdraw(text) => self.withdraw(&text, out),
            Input::Return => self.give_back(out),
            Input::Behind(behind) => self.tell_of_lag(behind, out),
            Input::GoOn => self.sweep(out),
            Input::StoodStill(gap) => self.peers.forgive(gap, now.steady),
            Input::Clock(news) => {
                let shift = self.moderation.take_clock(now, &self.peers, news, out);
                self.access.set_invitations_right(|made| shift.of(made), out);
            }
            Input::Tick => self.tick(now, out),
            Input::Watch => self.watch(now, out),
            Input::Shutdown => self.close(now, None, out),
        }
        self.follow_departures(out);
    }

    /// The parts that determine what a user may do.
    fn ranks(&self) -> Ranks<'_> {
        Ranks::new(self.lifecycle.rules(), &self.peers, &self.access, &self.rooms, &self.moderation)
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
        self.close_if_settled(out);
    }

    /// The store has answered a question.
    fn answered(&mut self, answer: Answer, out: &mut Outbox) {
        self.peers.end_question(ConnId(answer.requester.0));
        self.messages.answered(&self.peers, answer, out);
    }

    // --- the clock and the end

    /// Tells a new moderator what the others were told.
    fn brief(&self, conn: ConnId, out: &mut Outbox) {
        self.messages.tell_trouble(conn, out);
        self.moderation.tell_clock(conn, out);
    }

    fn tick(&mut self, now: Now, out: &mut Outbox) {
        self.refuse_the_hasty(now, out);
        self.access.tick(now.steady, self.moderation.time(now), out);
        self.access.wake_names(self.moderation.time(now), out);
        let ended = self.rooms.tick(now.steady, out);
        self.end_rooms(ended, out);
        self.rooms.announce(out);
        self.end_old_calls(now, out);
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
    }

    fn watch(&mut self, now: Now, out: &mut Outbox) {
        for (conn, reason) in self.peers.watch(now.steady, self.lifecycle.rules(), out) {
            self.findings.add(Input::Cut(conn, reason));
        }
    }

    /// Closes the server once earlier messages are settled.
    fn close(&mut self, now: Now, by: Option<crate::model::Name>, out: &mut Outbox) {
        self.lifecycle.begin_closing(now.steady, by, out);
        self.close_if_settled(out);
    }

    /// Closes the server if it is closing and nothing waits for the store any more.
    fn close_if_settled(&mut self, out: &mut Outbox) {
        if self.lifecycle.is_closing() && self.messages.are_settled() && self.promises.is_empty() {
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
