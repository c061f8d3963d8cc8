//! The broker: decides what follows from what the connections say.
//!
//! Takes an [`Input`] and writes what is to be said into the [`Outbox`]. Identity and authority come from the
//! connection: the sender in a frame is never looked at.
//!
//! Must not know: sockets, tasks, clocks, bytes.

pub mod access;
pub(in crate::server) mod dispatch;
pub mod lifecycle;
pub mod messages;
pub mod moderation;
pub mod outbox;
pub mod peer;
pub mod rooms;
pub mod rules;
pub mod tuning;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use super::ids::{ByConn, ConnId};
use super::limits::{CLOSE_PATIENCE, LIST_BYTES};
use crate::model::{Fingerprint, Identity, MessageId, Name, Now, Origin, Text, Timestamp};
use crate::protocol::words::CAPABILITIES;
use crate::protocol::{Code, Dialect, Envelope, Event, Refusal, Request};
use crate::server::broker::access::connection_limits::Admission;
use crate::server::broker::access::invitations::Invitations;
use crate::server::broker::access::known_users::Known;
use crate::server::broker::access::names::{Names, groups};
use crate::server::broker::access::owners::Owners;
use crate::server::broker::access::policy::Login;
use crate::server::broker::lifecycle::countdown::Countdown;
use crate::server::broker::messages::post::Pending;
use crate::server::broker::moderation::bans::Bans;
use crate::server::broker::outbox::Outbox;
use crate::server::broker::peer::{Leaving, Peer};
use crate::server::broker::rooms::presence::Presence;
use crate::server::broker::rooms::{Modes, Rooms};
use crate::server::broker::rules::{Beginning, Rules};
use crate::server::secrets::passphrase::Tries;
use crate::server::store::api::{Answer, Conversation, Deletion, Fact, Job, Receipt};
use crate::server::telemetry::events::Note;

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Input {
    /// A connection was made.
    Connected(ConnId, Origin),
    /// It has proved to have this key.
    Proved(ConnId, Fingerprint),
    /// Its first bytes told its dialect.
    Speaks(ConnId, Dialect),
    /// It asked for something, or sent something that is no request.
    Received(ConnId, Result<Request, Refusal>),
    /// It is gone.
    Disconnected(ConnId, &'static str),
    /// The passphrase it gave was checked.
    Checked(ConnId, bool),
    /// Whose login the name is that it wants.
    LookedUp(ConnId, Login),
    /// The store tells what became of messages.
    Stored(Receipt),
    /// The store tells what became of a message that was to be deleted.
    Deleted(Deletion),
    /// The store has an answer.
    Answered(Answer),
    /// The rules are others from now on.
    Rules(Box<Rules>),
    /// About a second went by.
    Tick,
    /// The process is asked to end.
    Shutdown,
}

/// Everything that connections share.
#[derive(Debug)]
pub struct Broker {
    pub(super) rules: Rules,
    pub(super) peers: ByConn<Box<Peer>>,
    pub(super) names: Names,
    pub(super) tries: Tries,
    pub(super) checks: usize,
    pub(super) lookups: usize,
    pub(super) owners: Owners,
    pub(super) invitations: Invitations,
    pub(super) admission: Admission,
    /// Where each open connection comes from, also those that only wait to be closed.
    pub(super) open: ByConn<Origin>,
    presence: Presence,
    pub(super) known: Known,
    pub(super) last_id: MessageId,
    /// What the store has not answered for yet, in order.
    pub(super) pending: VecDeque<Pending>,
    pub(super) pending_bytes: usize,
    /// Why the store failed when it was last used.
    pub(super) sick: Option<String>,
    pub(super) questions: usize,
    /// How many questions there were.
    pub(super) asked: u64,
    /// What was read and is to be stored.
    pub(super) marks: BTreeMap<(Name, Conversation), MessageId>,
    /// Damaged messages that were told of.
    pub(super) damaged: BTreeSet<MessageId>,
    pub(super) rooms: Rooms,
    /// How the room is that everyone is in.
    pub(super) everyone: Modes,
    pub(super) bans: Bans,
    /// Who was made a moderator of the server, by name with its case folded.
    pub(super) moderators: BTreeMap<String, Name>,
    /// Whom users hide, both by name with its case folded.
    pub(super) ignored: HashMap<String, BTreeMap<String, Name>>,
    pub(super) ignored_in_all: usize,
    pub(super) countdown: Option<Countdown>,
    /// What does not hold any more since the start, and is to be forgotten.
    pub(super) forgotten: Vec<Fact>,
    /// What was kept and makes no sense any more.
    pub(super) facts_lost: usize,
    /// When the server ends whatever is pending, if it is to end.
    pub(super) closing: Option<Timestamp>,
    closed: bool,
}

impl Broker {
    /// A server with nobody on it.
    #[must_use]
    pub fn new(rules: Rules, beginning: Beginning) -> Self {
        let admission = Admission::new(rules.max_connections, rules.max_per_address, rules.own_uid);
        let Beginning { last_id, users, owners, facts, secret } = beginning;
        let mut tries = Tries::default();
        tries.allow(rules.passphrase_tries);
        let mut broker = Self {
            rules,
            peers: ByConn::default(),
            names: Names::default(),
            tries,
            checks: 0,
            lookups: 0,
            owners: Owners::of(owners),
            invitations: Invitations::new(secret),
            admission,
            open: ByConn::default(),
            presence: Presence::default(),
            known: Known::of(users),
            last_id,
            pending: VecDeque::new(),
            pending_bytes: 0,
            sick: None,
            questions: 0,
            asked: 0,
            marks: BTreeMap::new(),
            damaged: BTreeSet::new(),
            rooms: Rooms::default(),
            everyone: Modes::default(),
            bans: Bans::default(),
            moderators: BTreeMap::new(),
            ignored: HashMap::new(),
            ignored_in_all: 0,
            countdown: None,
            forgotten: Vec::new(),
            facts_lost: 0,
            closing: None,
            closed: false,
        };
        broker.remember(facts);
        broker
    }

    /// How much of what was kept makes no sense any more, and does not hold.
    #[must_use]
    pub fn facts_lost(&self) -> usize {
        self.facts_lost
    }

    /// Whether the server is to end, once everyone has heard so.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Whether nobody is connected and nothing is to happen later, so that no time needs to be watched.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.peers.is_empty() && self.countdown.is_none()
    }

    /// Decides what follows.
    pub fn handle(&mut self, now: Now, input: Input, out: &mut Outbox) {
        match input {
            Input::Connected(conn, origin) => self.connect(now.steady, conn, origin, out),
            Input::Proved(conn, key) => {
                if let Some(peer) = self.peers.get_mut(&conn) {
                    peer.identity = Some(Identity::Key(key));
                    out.notes.push(Note::Proved { conn, proof: Identity::Key(key) });
                }
            }
            Input::Speaks(conn, dialect) => {
                if let Some(peer) = self.peers.get_mut(&conn) {
                    peer.dialect = Some(dialect);
                    out.speak(conn, dialect);
                }
            }
            Input::Received(conn, request) => {
                if let Some(peer) = self.peers.get_mut(&conn).filter(|peer| peer.leaving.is_none()) {
                    peer.heard = now.steady;
                    peer.pinged = false;
                    match request {
                        Ok(request) => self.request(now, conn, request, out),
                        Err(refusal) => self.refuse_frame(conn, refusal, out),
                    }
                }
            }
            Input::Disconnected(conn, why) => {
                out.drop_lane(conn);
                self.leave_after(conn, Leaving::Gone(why), out);
                if let Some(origin) = self.open.remove(&conn) {
                    self.admission.leave(origin);
                }
            }
            Input::Checked(conn, right) => self.checked(now, conn, right, out),
            Input::LookedUp(conn, login) => self.looked_up(now, conn, login, out),
            Input::Stored(receipt) => self.stored(receipt, out),
            Input::Deleted(deletion) => self.deleted(now, deletion, out),
            Input::Answered(answer) => self.answered(answer, out),
            Input::Rules(rules) => self.change_rules(*rules, out),
            Input::Tick => self.tick(now, out),
            Input::Shutdown => self.close(now.steady, None, out),
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
        self.peers.insert(conn, Box::new(Peer::new(origin, now)));
        out.notes.push(Note::Connected { conn, from: origin });
        out.send(conn, &Event::Greeting(CAPABILITIES.map(str::to_owned).to_vec()).into());
    }

    /// Tells that a user came.
    pub(super) fn arrive(&mut self, conn: ConnId, name: &Name, verified: bool, out: &mut Outbox) {
        if self.presence.join(name, verified, self.names.len()) {
            let joined = Event::Joined(vec![name.clone()]);
            out.broadcast(Some(conn), &Envelope { verified, ..joined.into() });
        }
    }

    /// Frees a name, and tells that its user went, unless there is nothing to tell.
    pub(super) fn depart(&mut self, name: &Name, why: Option<&'static str>, conn: ConnId, out: &mut Outbox) {
        let (present, verified) = (self.names.len(), self.names.is_verified(name));
        self.go_away(conn, &name.folded(), out);
        self.names.free(name);
        let Some(why) = why else { return };
        if self.presence.leave(name, verified, present) {
            let left = Event::Left(vec![name.clone()], Some(Text::line(why)));
            out.broadcast(Some(conn), &left.into());
        }
    }

    /// Forgets a connection; does nothing if that was done before.
    pub(super) fn leave(&mut self, conn: ConnId, why: &'static str, out: &mut Outbox) {
        let Some(peer) = self.peers.remove(&conn) else { return };
        if let Some(name) = &peer.name {
            if peer.is_original() {
                // It saw what came as it came.
                self.marks.insert((name.clone(), Conversation::Everyone), self.last_id);
            }
            self.depart(name, Some(why), conn, out);
            if self.names.is_empty() {
                // Nobody is left to tell, and who comes next need not know.
                self.presence.take();
                self.flush_marks(out);
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

    /// Closes the server once what was said before is settled.
    pub(super) fn close(&mut self, now: Timestamp, by: Option<Name>, out: &mut Outbox) {
        if self.closing.is_none() {
            out.notes.push(Note::Closing { by });
            self.closing = Some(now.after(CLOSE_PATIENCE));
        }
        if self.pending.is_empty() {
            self.close_now(out);
        }
    }

    pub(super) fn close_now(&mut self, out: &mut Outbox) {
        if std::mem::replace(&mut self.closed, true) {
            return;
        }
        self.flush_marks(out);
        out.broadcast(None, &Event::Closed.into());
        for (&conn, peer) in &self.peers {
            if peer.name.is_none() {
                out.send(conn, &Event::Closed.into());
            }
            out.close(conn);
        }
    }

    fn tick(&mut self, now: Now, out: &mut Outbox) {
        self.tell_presence(out);
        self.tell_room_presence(out);
        self.flush_marks(out);
        self.forget_bans(now, out);
        out.jobs.extend(std::mem::take(&mut self.forgotten).into_iter().map(Job::Keep));
        let now = now.steady;
        self.forget_who_spoke(now);
        self.count_down(now, out);
        if self.closing.is_some_and(|until| now >= until) {
            self.close_now(out);
        }
        let mut late = Vec::new();
        for (&conn, peer) in &mut self.peers {
            let silent = now.since(peer.heard);
            if peer.leaving.is_some() {
                // It goes as soon as the store has answered.
            } else if peer.name.is_none() {
                if now.since(peer.since) >= self.rules.name_deadline && peer.hold.is_none() {
                    late.push((conn, "no name given"));
                }
            } else if peer.is_original() {
                // It cannot answer a ping; the kernel's keep-alive watches it.
            } else if silent >= self.rules.cut_after {
                late.push((conn, "no answer to a ping"));
            } else if silent >= self.rules.ping_after && !peer.pinged {
                peer.pinged = true;
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
        for group in groups(left.keys(), LIST_BYTES).into_iter().filter(|group| !group.is_empty()) {
            out.broadcast(None, &Event::Left(group, None).into());
        }
        for verified in [true, false] {
            let names = joined.iter().filter(|(_, proved)| **proved == verified).map(|(name, _)| name);
            for group in groups(names, LIST_BYTES).into_iter().filter(|group| !group.is_empty()) {
                out.broadcast(None, &Envelope { verified, ..Event::Joined(group).into() });
            }
        }
    }
}

/// Tells a connection that something was not done.
pub(super) fn say_refusal(conn: ConnId, refusal: Refusal, out: &mut Outbox) {
    let event = Event::Refused(refusal.code, Text::line(&refusal.text));
    out.send(conn, &Envelope::answer(refusal.reference, event));
}
