//! One node of a chat: what its connections ask for goes into the log or is handled here, and what comes out of the log is
//! decided by the broker, step by step.
//!
//! A step is carried out as a whole, on the log's time: its decisions are stored before the next one begins, so that every
//! node decides on the same past.
//!
//! Must not know: sockets, clocks, the engine that keeps the log, or how anything is stored.

use std::collections::VecDeque;

use bytes::Bytes;
use ring::digest::{SHA256, digest};

use super::command;
use super::fault::Fault;
use super::follower::{Follower, FollowerNews};
use super::front::{Forwarded, Front};
use super::step::{LogStep, TurnState, Verdict};
use crate::model::Now;
use crate::protocol::{Code, Refusal};
use crate::server::broker::outbox::Outbox;
use crate::server::broker::{Broker, Input};
use crate::server::ids::{ConnId, NodeSeat};
use crate::server::store::api::Job;

/// What clients are told whose node is out of the cluster.
const OUT: &str = "This server has lost touch with the others; go on at another one.";

/// Where a node keeps what its steps lead to.
pub trait StepStore {
    /// Does a job, and reports on it at once; a question is answered later, by an [`Input::Answered`].
    fn does(&mut self, job: Job) -> Option<Input>;

    /// A step is carried out: it is kept as a whole, with the state of the log and of the chat, or not at all.
    fn reached(&mut self, state: &TurnState, chat: &[u8]);
}

/// A node.
#[derive(Debug)]
pub struct Replica {
    follower: Follower,
    front: Front,
    broker: Broker,
    outbox: Outbox,
    /// Whether clients are let in.
    open: bool,
}

impl Replica {
    /// A node that goes on from what it has kept.
    #[must_use]
    pub fn new(follower: Follower, broker: Broker, outbox: Outbox) -> Self {
        Self { follower, front: Front::default(), broker, outbox, open: false }
    }

    /// Its part in the log.
    pub fn follower(&mut self) -> &mut Follower {
        &mut self.follower
    }

    /// What is said to its connections.
    pub fn outbox(&mut self) -> &mut Outbox {
        &mut self.outbox
    }

    /// Its broker.
    #[must_use]
    pub fn broker(&self) -> &Broker {
        &self.broker
    }

    /// The connection of this number to this node; `None` while it has no seat in the cluster.
    #[must_use]
    pub fn connection(&self, number: u64) -> Option<ConnId> {
        self.follower.seat().map(|seat| ConnId::to(NodeSeat(seat), number))
    }

    /// Takes what happens to a connection of this node, or to the node itself.
    pub fn take(&mut self, now: Now, input: Input, store: &mut impl StepStore) {
        let forwarded = self.front.take(input, &self.broker);
        self.follow(now, forwarded, store);
    }

    /// Looks at its connections and at the log, about once a second: connections that take too long are cut, and all are sent
    /// elsewhere while this node does not know what the others know.
    pub fn watch(&mut self, now: Now, store: &mut impl StepStore) {
        let fresh = self.follower.freshness(now) != super::freshness::Freshness::Elsewhere;
        if fresh && !self.open {
            self.here(now, Input::Return, store);
        } else if !fresh && self.open {
            self.here(now, Input::Withdraw(OUT.to_owned()), store);
        }
        self.open = fresh;
        self.here(now, Input::Watch, store);
    }

    /// Takes the next entry of the log.
    ///
    /// # Errors
    /// This node must stop.
    pub fn read(&mut self, now: Now, position: u64, bytes: &Bytes, store: &mut impl StepStore) -> Result<(), Fault> {
        for news in self.follower.take(now, position, bytes)? {
            match news {
                FollowerNews::Lost => self.lose(now, store),
                FollowerNews::Apply { step, own } => self.carry_out(now, &step, own, store)?,
            }
        }
        Ok(())
    }

    /// Its epoch is void: its connections end, and what they have in the log never counts.
    fn lose(&mut self, now: Now, store: &mut impl StepStore) {
        // The broker forgets them in the step that ends the epoch, as every node does.
        self.front.clear();
        self.open = false;
        self.here(now, Input::Withdraw(OUT.to_owned()), store);
    }

    fn carry_out(&mut self, now: Now, step: &LogStep, own: bool, store: &mut impl StepStore) -> Result<(), Fault> {
        let then = Now { wall: step.time, steady: step.time };
        for ended in &step.ended {
            self.decide(then, Input::NodeGone(NodeSeat(ended.seat)), store);
        }
        if step.tick {
            self.decide(then, Input::Tick, store);
        }
        if let Verdict::Counts { seat, commands, .. } = &step.verdict {
            for command in commands {
                let conn = ConnId::to(NodeSeat(*seat), command.conn);
                let Some(input) = command::read(conn, &command.bytes) else { continue };
                self.decide(then, input.clone(), store);
                if own {
                    let forwarded = self.front.came_back(&input, &self.broker);
                    self.follow(now, forwarded, store);
                }
            }
        }
        // Between two steps nothing is under way.
        let Ok(chat) = self.broker.shared_state() else {
            return Err(self.follower.stop(Fault::Unfinished { position: step.position }));
        };
        if step.tick {
            self.follower.decided(step.position, sum_of(&chat));
        }
        store.reached(&step.state, &chat);
        Ok(())
    }

    /// Has the broker decide, as on every node, and the store keep what follows.
    fn decide(&mut self, then: Now, input: Input, store: &mut impl StepStore) {
        self.broker.handle_among(then, input, &mut self.outbox);
        self.store_all(then, store);
    }

    /// Has the store do its jobs, until none follows from what it reports.
    fn store_all(&mut self, now: Now, store: &mut impl StepStore) {
        loop {
            let jobs: Vec<Job> = self.outbox.take_jobs().collect();
            if jobs.is_empty() && !self.broker.has_more() {
                return;
            }
            for report in jobs.into_iter().filter_map(|job| store.does(job)) {
                self.broker.handle_among(now, report, &mut self.outbox);
            }
            if self.broker.has_more() {
                self.broker.handle_among(now, Input::GoOn, &mut self.outbox);
            }
        }
    }

    /// Handles here what concerns this node alone, and says the rest in the log.
    fn follow(&mut self, now: Now, forwarded: Vec<Forwarded>, store: &mut impl StepStore) {
        let mut waiting = VecDeque::from(forwarded);
        while let Some(next) = waiting.pop_front() {
            match next {
                Forwarded::Everywhere(input) => self.say(input, &mut waiting),
                Forwarded::Here(input) => {
                    let conn = input.conn();
                    for finding in self.broker.handle_among(now, input, &mut self.outbox) {
                        waiting.extend(self.front.take(finding, &self.broker));
                    }
                    self.store_all(now, store);
                    if let Some(conn) = conn {
                        waiting.extend(self.front.handled_here(conn, &self.broker));
                    }
                }
            }
        }
    }

    fn here(&mut self, now: Now, input: Input, store: &mut impl StepStore) {
        self.follow(now, vec![Forwarded::Here(input)], store);
    }

    /// Says something of a connection in the log; what cannot be said is refused, since it never counts.
    fn say(&mut self, input: Input, waiting: &mut VecDeque<Forwarded>) {
        let from = if let Input::Ordered(order, _) = &input { Some(*order) } else { input.conn() };
        let Some((conn, bytes)) = from.zip(command::write(&input)) else { return };
        let Err(error) = self.follower.say(conn.number(), bytes) else { return };
        if let Input::Received(_, Ok(request)) = &input {
            let text = format!("This was not taken: {error}; try again in a moment.");
            let refusal = Refusal::new(request.reference.clone(), Code::Busy, text);
            waiting.push_back(Forwarded::Here(Input::Received(conn, Err(refusal))));
        }
        waiting.extend(self.front.came_back(&input, &self.broker));
    }
}

/// A sum over a state that every version of this program computes alike.
fn sum_of(chat: &[u8]) -> u64 {
    digest(&SHA256, chat).as_ref().iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}
