//! The output of one round of the broker: the bytes for each connection, and the jobs for the store, workers and log.
//!
//! A broadcast is encoded once, however many users receive it: all TR2.26 users share one buffer, and a user has private
//! bytes only where it differs (a private message, its own `accepted`, its own broadcast left out).
//!
//! Must not know: sockets, or who may send what.

pub mod delivery_plan;
pub mod hearers;
mod plain;
mod promise;
mod room_tracks;
mod rooms;
mod several;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::Name;
use crate::protocol::packet;
use crate::protocol::{Dialect, Envelope, Event};
use crate::server::broker::outbox::delivery_plan::{DeliveryPlan, RoundMoment, Stretch};
use crate::server::broker::outbox::room_tracks::{RoomTrack, RoomTracks};
use crate::server::ids::{ByConn, ConnId};
use crate::server::limits::{MANY_ACCEPTED, MANY_HEARING, MAX_QUEUED, ROUND_BYTES, ROUND_WORK};
use crate::server::relay::orders::RelayOrder;
use crate::server::store::api::{Job, Record};
use crate::server::telemetry::events::Note;
use crate::server::telemetry::metrics::Meter;

pub(in crate::server::broker) use self::promise::{FactChange, OpenPromise, Said};

/// The bytes that a message for the store counts for beyond its text: about the length of its reply.
const RECORD_COST: usize = 128;

/// The output of a round, and the connections that it goes to.
#[derive(Debug)]
pub struct Outbox {
    /// The shared bytes: for everyone who receives broadcasts.
    shared: Vec<u8>,
    /// The private bytes; the plans hold ranges of them.
    private: Vec<u8>,
    /// What is said in rooms.
    rooms: RoomTracks,
    /// How many bytes go to several connections beside the shared ones.
    in_rooms: usize,
    plans: ByConn<DeliveryPlan>,
    /// The connections whose plans have changed in this round.
    touched: Vec<ConnId>,
    /// The users who speak TR2.23.
    originals: BTreeSet<ConnId>,
    /// The users who speak TR2.26 and whose clients do not know replies, edits and reactions.
    elders: BTreeSet<ConnId>,
    /// Passphrases for the workers to check.
    pub checks: Vec<(ConnId, String)>,
    /// Logins for the workers to look up: the connection, the local user who asks if the kernel knows who it is, and the
    /// name.
    pub lookups: Vec<(ConnId, Option<u32>, Name)>,
    /// What became of orders of whoever keeps the machine, each under its number: what was done, or why it was not.
    pub outcomes: Vec<(ConnId, Result<String, String>)>,
    /// Orders for the relay.
    pub relay: Vec<RelayOrder>,
    /// Jobs for the store.
    pub jobs: Vec<Job>,
    /// The approximate bytes of the jobs and of their replies: what is stored together is reported together.
    to_store: usize,
    /// Entries for the log.
    pub notes: Vec<Note>,
    /// Counts the events and bytes that were sent.
    pub meter: Meter,
    /// The number of users who receive broadcasts.
    hearing: usize,
    /// The bytes that may wait for one connection.
    most: usize,
    /// The private bytes of the connection that has the most of them.
    fullest: usize,
    /// What a request says and changes, while it is gathered.
    promise: Option<OpenPromise>,
    /// The work of this round beyond what every request costs.
    work: usize,
    /// The part of it that was not charged to anybody yet.
    uncharged: usize,
}

impl Default for Outbox {
    fn default() -> Self {
        Self::new(MAX_QUEUED)
    }
}

impl Outbox {
    /// An outbox without connections; `most` bytes may wait for one connection.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self {
            shared: Vec::new(),
            private: Vec::new(),
            rooms: RoomTracks::default(),
            in_rooms: 0,
            plans: ByConn::default(),
            touched: Vec::new(),
            originals: BTreeSet::new(),
            elders: BTreeSet::new(),
            checks: Vec::new(),
            lookups: Vec::new(),
            outcomes: Vec::new(),
            relay: Vec::new(),
            jobs: Vec::new(),
            to_store: 0,
            notes: Vec::new(),
            meter: Meter::default(),
            hearing: 0,
            most,
            fullest: 0,
            promise: None,
            work: 0,
            uncharged: 0,
        }
    }

    /// Changes how many bytes may wait for one connection.
    pub fn bound(&mut self, most: usize) {
        self.most = most;
    }

    /// Adds a connection. Until it has a name, it receives only private bytes, as lines.
    pub fn open(&mut self, conn: ConnId) {
        self.plans.insert(conn, DeliveryPlan::default());
    }

    /// Sets the dialect of a connection once it is known.
    pub fn speak(&mut self, conn: ConnId, dialect: Dialect) {
        let now = self.moment();
        let Some(plan) = self.plans.get_mut(&conn) else { return };
        let was_original = std::mem::replace(&mut plan.dialect, dialect) == Dialect::Tr223;
        if was_original && dialect == Dialect::Tr226 {
            // What it received as packets are lines from now on, the last one included.
            let start = self.private.len();
            if plan.has_had_packets {
                self.private.push(b'\n');
            }
            for packet in plan.begin_lines(now) {
                self.private.extend_from_slice(&packet);
                self.private.push(b'\n');
            }
            plan.insert(now, start..self.private.len());
            touch(plan, conn, &mut self.touched);
            self.originals.remove(&conn);
            self.count_elder(conn);
        }
    }

    /// Names the connection; from now on it receives broadcasts.
    pub fn enter(&mut self, conn: ConnId, name: &Name) {
        let from = self.shared.len();
        if let Some(plan) = self.plans.get_mut(&conn) {
            plan.name = Some(name.clone());
            self.hearing += usize::from(plan.hears_from.replace(from).is_none());
            plan.prompt = true;
            touch(plan, conn, &mut self.touched);
            if plan.dialect == Dialect::Tr223 {
                self.originals.insert(conn);
            }
        }
        self.count_elder(conn);
    }

    /// Addresses the refusal to the requested name (TR2.23).
    pub fn address(&mut self, conn: ConnId, name: Option<Name>) {
        if let Some(promise) = &mut self.promise {
            return promise.say(Said::Address(conn, name));
        }
        if let Some(plan) = self.plans.get_mut(&conn) {
            plan.name = name;
        }
    }

    /// Sends an event to one connection.
    pub fn send(&mut self, conn: ConnId, envelope: &Envelope) {
        if let Some(promise) = &mut self.promise {
            return promise.say(Said::ToOne(conn, envelope.clone()));
        }
        let (now, most) = (self.moment(), self.most);
        let open = |plan: &&mut DeliveryPlan| !plan.closing && !plan.is_over(most);
        let Some(plan) = self.plans.get_mut(&conn).filter(open) else { return };
        let plain = if plan.understands { Some(Cow::Borrowed(envelope)) } else { plain::plain(envelope) };
        let Some(envelope) = plain.as_deref() else { return };
        if plan.dialect == Dialect::Tr223 {
            let packets = packet::write_event(&envelope.event, plan.name.as_ref());
            let bytes = packets.iter().map(Vec::len).sum::<usize>();
            self.meter.said(&envelope.event, 1, bytes);
            plan.bytes += bytes;
            plan.packets.extend(packets.into_iter().map(Arc::from));
        } else {
            let start = self.private.len();
            envelope.write(&mut self.private, plan.name.as_ref());
            self.meter.said(&envelope.event, 1, self.private.len() - start);
            plan.insert(now, start..self.private.len());
        }
        self.fullest = self.fullest.max(plan.bytes);
        plan.prompt |= plan.dialect == Dialect::Tr223 || !matches!(envelope.event, Event::Accepted { .. });
        touch(plan, conn, &mut self.touched);
    }

    /// Sends complete lines to one TR2.26 connection.
    pub fn send_lines(&mut self, conn: ConnId, lines: &[u8]) {
        if let Some(promise) = &mut self.promise {
            return promise.say(Said::Lines(conn, lines.to_vec()));
        }
        let (now, most) = (self.moment(), self.most);
        let open = |plan: &&mut DeliveryPlan| !plan.closing && !plan.is_over(most);
        let Some(plan) = self.plans.get_mut(&conn).filter(open) else { return };
        let start = self.private.len();
        self.private.extend_from_slice(lines);
        self.meter.bytes += lines.len() as u64;
        plan.insert(now, start..self.private.len());
        self.fullest = self.fullest.max(plan.bytes);
        plan.prompt = true;
        touch(plan, conn, &mut self.touched);
    }

    /// Counts work beyond what every request costs: the rooms, members, names or lines that were looked at.
    pub fn charge(&mut self, items: usize) {
        self.work += items;
        self.uncharged += items;
    }

    /// Takes the work since this was called last; whoever asked for it is charged.
    pub fn take_charge(&mut self) -> usize {
        std::mem::take(&mut self.uncharged)
    }

    /// Has the store append a message, in one transaction with those before it.
    pub fn append(&mut self, record: Record) {
        self.to_store += record.text.as_str().len() + RECORD_COST;
        match self.jobs.last_mut() {
            Some(Job::Append(records)) => records.push(record),
            _ => self.jobs.push(Job::Append(vec![record])),
        }
    }

    /// Takes the jobs for the store.
    pub fn take_jobs(&mut self) -> impl Iterator<Item = Job> {
        self.to_store = 0;
        self.jobs.drain(..)
    }

    /// Sends an event to every user, except one if it is given.
    pub fn broadcast(&mut self, except: Option<ConnId>, envelope: &Envelope) {
        if let Some(promise) = &mut self.promise {
            return promise.say(Said::ToAllBut(except, envelope.clone()));
        }
        let (now, at) = (self.moment(), self.shared.len());
        envelope.write(&mut self.shared, None);
        let length = self.shared.len() - at;
        // TR2.23 packets are about as long.
        self.meter.said(
            &envelope.event,
            self.hearing - usize::from(except.is_some_and(|conn| self.hears(conn))),
            length,
        );
        if let Some((conn, plan)) = except.and_then(|conn| Some((conn, self.plans.get_mut(&conn)?))) {
            plan.skip(now, length);
            touch(plan, conn, &mut self.touched);
        }
        self.replace_for_elders((now, length), except, envelope);
        if self.originals.is_empty() {
            return;
        }
        let packets = plain::packets(envelope);
        for &conn in self.originals.iter().filter(|&&conn| Some(conn) != except) {
            if let Some(plan) = self.plans.get_mut(&conn).filter(|plan| !plan.closing) {
                plan.packets.extend(packets.iter().cloned());
                plan.prompt = true;
                touch(plan, conn, &mut self.touched);
            }
        }
    }

    /// Ends a connection once everything sent to it so far is written.
    pub fn close(&mut self, conn: ConnId) {
        if let Some(promise) = &mut self.promise {
            return promise.say(Said::Close(conn));
        }
        let now = self.moment();
        if let Some(plan) = self.plans.get_mut(&conn).filter(|plan| !plan.closing) {
            self.hearing -= usize::from(plan.hears_from.is_some());
            (plan.closing, plan.prompt) = (true, true);
            // What is said to many from here on does not go to it.
            plan.end(now);
            touch(plan, conn, &mut self.touched);
        }
    }

    /// Removes a connection that has ended.
    pub fn drop_plan(&mut self, conn: ConnId) {
        self.hearing -= usize::from(self.hears(conn));
        self.plans.remove(&conn);
        self.originals.remove(&conn);
        self.elders.remove(&conn);
    }

    /// Whether a connection receives broadcasts and is not closing.
    fn hears(&self, conn: ConnId) -> bool {
        self.plans.get(&conn).is_some_and(|plan| plan.hears_from.is_some() && !plan.closing)
    }

    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shared.is_empty() && self.touched.is_empty() && self.rooms.is_empty()
    }

    /// Whether there is so much to write that the round should end.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.shared.len() + self.in_rooms >= ROUND_BYTES
            || self.private.len() >= 4 * ROUND_BYTES
            || self.to_store >= ROUND_BYTES / 2
            || self.fullest >= self.most / 4
            || self.work >= ROUND_WORK
    }

    /// Whether few bytes go to many connections, so that the writes cost more than the bytes.
    #[must_use]
    pub fn has_room(&self) -> bool {
        let everyone = if self.shared.is_empty() { 0 } else { self.hearing };
        let many =
            everyone >= MANY_HEARING || self.rooms.iter().map(RoomTrack::audience).sum::<usize>() >= MANY_HEARING;
        many && self.shared.len() + self.in_rooms <= ROUND_BYTES / 4
    }

    /// Whether many connections receive only `accepted` replies. What rooms say counts once the round is complete.
    #[must_use]
    pub fn only_accepts_many(&self) -> bool {
        let accepted = |conn: &&ConnId| self.plans.get(conn).is_some_and(|plan| !plan.is_prompt());
        self.shared.is_empty() && self.touched.iter().filter(accepted).count() >= MANY_ACCEPTED
    }

    /// Completes the round, and takes the shared bytes; [`Outbox::end_round`] may give the buffer back.
    pub fn take_shared(&mut self) -> Arc<Vec<u8>> {
        self.hand_out_rooms();
        Arc::new(std::mem::take(&mut self.shared))
    }

    /// The connections that have something to receive, with their plans; `shared` comes from [`Outbox::take_shared`].
    pub fn deliveries(&self, shared: &Arc<Vec<u8>>) -> impl Iterator<Item = (ConnId, &DeliveryPlan)> {
        let everyone = !shared.is_empty();
        let of_all = everyone.then(|| self.plans.iter().map(|(&conn, plan)| (conn, plan))).into_iter().flatten();
        let of_some = (!everyone).then(|| self.touched.iter().filter_map(|conn| Some((*conn, self.plans.get(conn)?))));
        of_all.chain(of_some.into_iter().flatten()).filter(|(_, plan)| plan.touched || plan.hears_from.is_some())
    }

    /// Prepares for the next round; reuses the buffer of the shared bytes if nothing refers to it any more.
    pub fn end_round(&mut self, shared: Arc<Vec<u8>>) {
        if let Ok(mut buffer) = Arc::try_unwrap(shared) {
            buffer.clear();
            buffer.shrink_to(2 * ROUND_BYTES);
            self.shared = buffer;
        }
        self.private.clear();
        self.rooms.clear();
        (self.in_rooms, self.fullest, self.work) = (0, 0, 0);
        self.private.shrink_to(2 * ROUND_BYTES);
        for conn in self.touched.drain(..) {
            if let Some(plan) = self.plans.get_mut(&conn) {
                plan.end_round();
            }
        }
    }

    /// The slices of bytes for a connection, in order.
    pub fn stretches<'a>(&'a self, plan: &'a DeliveryPlan, shared: &'a Arc<Vec<u8>>, say: impl FnMut(Stretch<'a>)) {
        plan.stretches(shared, (&self.rooms, &self.private), say);
    }

    /// How much was said to many so far.
    fn moment(&self) -> RoundMoment {
        RoundMoment { at: self.shared.len(), pieces: self.rooms.said() }
    }
}

fn touch(plan: &mut DeliveryPlan, conn: ConnId, touched: &mut Vec<ConnId>) {
    if !plan.touched {
        plan.touched = true;
        touched.push(conn);
    }
}
