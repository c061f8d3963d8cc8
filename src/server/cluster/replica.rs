//! One node of a chat: what its connections ask for goes into the log or is handled here, and what comes out of the log is
//! decided by the broker, step by step.
//!
//! A step is carried out as a whole, on the log's time: its decisions are stored before the next one begins, so that every
//! node decides on the same past.
//!
//! Must not know: sockets, clocks, the engine that keeps the log, or how anything is stored.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use ring::digest::{SHA256, digest};

use super::command;
use super::deed::Deed;
use super::entry::SettingsHash;
use super::fault::Fault;
use super::follower::{Follower, FollowerNews};
use super::freshness::Freshness;
use super::front::{Forwarded, Front, Returned};
use super::kept_report::KeptReport;
use super::step::LogStep;
use super::step_store::{Hands, StepDone, StepStore, store_all};
use crate::model::{Now, Timestamp};
use crate::protocol::{Code, Refusal};
use crate::server::broker::outbox::Outbox;
use crate::server::broker::rules::Rules;
use crate::server::broker::shared_rules::SharedRules;
use crate::server::broker::{Broker, Input};
use crate::server::ids::{ConnId, NodeSeat};

/// What clients are told whose node is out of the cluster.
const OUT: &str = "This server has lost touch with the others; go on at another one.";

/// Other nodes' sums are of seconds that have just gone by.
const RECENT: Duration = Duration::from_secs(60);
/// Of what was longer ago, a sum is made each time that so many seconds went by.
const SELDOM: i64 = 64;
/// A minute, in milliseconds.
const MINUTE: i64 = 60_000;

/// A node.
#[derive(Debug)]
pub struct Replica {
    follower: Follower,
    front: Front,
    broker: Broker,
    /// Whether clients are let in.
    open: bool,
    /// Whether they were told that this node is behind.
    behind: bool,
    /// The log's time at the last step, and the steady clock then; `None` before the first step of this run.
    time: (Timestamp, Option<Timestamp>),
}

impl Replica {
    /// A node that goes on from what it has kept.
    #[must_use]
    pub fn new(follower: Follower, broker: Broker) -> Self {
        let time = (Timestamp(follower.turn().state().time), None);
        Self { follower, front: Front::default(), broker, open: false, behind: false, time }
    }

    /// Its part in the log.
    #[must_use]
    pub fn follower(&self) -> &Follower {
        &self.follower
    }

    /// The same, to be changed.
    pub fn follower_mut(&mut self) -> &mut Follower {
        &mut self.follower
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
    pub fn take<S: StepStore>(&mut self, now: Now, input: Input, hands: &mut Hands<'_, S>) {
        let forwarded = self.front.take(input, &self.broker);
        self.follow(now, forwarded, hands);
    }

    /// Looks at its connections and at the log, about once a second: connections that take too long are cut, and all are sent
    /// elsewhere while this node does not know what the others know.
    pub fn watch<S: StepStore>(&mut self, now: Now, hands: &mut Hands<'_, S>) {
        let freshness = self.follower.freshness(now);
        let fresh = freshness != Freshness::Elsewhere;
        if fresh && !self.open {
            self.here(now, Input::Return, hands);
        } else if !fresh && self.open {
            self.here(now, Input::Withdraw(OUT.to_owned()), hands);
        }
        self.open = fresh;
        // Whoever is sent elsewhere need not be told more.
        let behind = freshness == Freshness::Notice || self.behind && !fresh;
        if std::mem::replace(&mut self.behind, behind) != behind {
            self.here(now, Input::Behind(behind), hands);
        }
        self.here(now, Input::Watch, hands);
    }

    /// Puts rules in force that differ in nothing by which nodes decide.
    pub fn change_rules<S: StepStore>(&mut self, now: Now, rules: Rules, hands: &mut Hands<'_, S>) {
        self.here(now, Input::Rules(Box::new(rules)), hands);
    }

    /// Gives all nodes new rules, whose sum with the other settings that all share is this. `false` if that cannot be said now.
    pub fn agree(&mut self, settings: SettingsHash, shared: SharedRules) -> bool {
        let command = command::write(&Input::Agreed(Box::new(shared)));
        command.is_some_and(|command| self.follower.say_settings(settings, 0, command).is_ok())
    }

    /// Takes the next entry of the log.
    ///
    /// # Errors
    /// This node must stop.
    pub fn read<S: StepStore>(
        &mut self,
        now: Now,
        position: u64,
        bytes: &Bytes,
        hands: &mut Hands<'_, S>,
    ) -> Result<(), Fault> {
        for news in self.follower.take(now, position, bytes)? {
            match news {
                FollowerNews::Lost => self.lose(now, hands),
                FollowerNews::Apply { step, own } => self.carry_out(now, &step, own, hands)?,
            }
        }
        Ok(())
    }

    /// Its epoch is void: its connections end, and what they have in the log never counts.
    fn lose<S: StepStore>(&mut self, now: Now, hands: &mut Hands<'_, S>) {
        // The broker forgets them in the step that ends the epoch, as every node does.
        self.front.clear();
        self.open = false;
        self.here(now, Input::Withdraw(OUT.to_owned()), hands);
    }

    fn carry_out<S: StepStore>(
        &mut self,
        now: Now,
        step: &LogStep,
        own: bool,
        hands: &mut Hands<'_, S>,
    ) -> Result<(), Fault> {
        let mut deed = Deed::of(step);
        let before = std::mem::replace(&mut self.time, (step.time, Some(now.steady))).0;
        let minute = before.0.div_euclid(MINUTE) != step.time.0.div_euclid(MINUTE);
        for (then, input) in deed.begins() {
            self.decide(then, input, hands, &mut deed.reports);
        }
        for (then, input) in deed.inputs() {
            let returned = own.then(|| Returned::of(&input));
            self.decide(then, input, hands, &mut deed.reports);
            if let Some(returned) = returned {
                let forwarded = self.front.came_back(returned, &self.broker);
                self.follow(now, forwarded, hands);
            }
        }
        // Between two steps nothing is under way.
        if !self.broker.is_settled() {
            return Err(self.follower.stop(Fault::Unfinished { position: step.position }));
        }
        // While much is to be read, sums of each second are compared with nobody's.
        let summed = now.wall.since(step.time) < RECENT || step.time.0.div_euclid(1000).rem_euclid(SELDOM) == 0;
        let chat = if step.tick && summed { self.broker.shared_state().ok() } else { None };
        if let Some(chat) = &chat {
            self.follower.decided(step.position, sum_of(chat));
        }
        let awaited = own && deed.asks();
        let chat = chat.as_deref();
        hands.store.reached(&StepDone { state: &step.state, deed: &deed, minute, chat, awaited });
        Ok(())
    }

    /// Has the broker decide, as on every node, and the store keep what follows; its reports are added to these.
    fn decide<S: StepStore>(
        &mut self,
        then: Now,
        input: Input,
        hands: &mut Hands<'_, S>,
        reports: &mut Vec<KeptReport>,
    ) {
        self.broker.handle_among(then, input, hands.outbox);
        store_all(&mut self.broker, then, hands, reports);
    }

    /// Handles here what concerns this node alone, and says the rest in the log.
    fn follow<S: StepStore>(&mut self, now: Now, forwarded: Vec<Forwarded>, hands: &mut Hands<'_, S>) {
        let mut waiting = VecDeque::from(forwarded);
        let then = self.log_time(now);
        while let Some(next) = waiting.pop_front() {
            match next {
                Forwarded::Everywhere(input) => self.say(input, hands.outbox, &mut waiting),
                Forwarded::Here(input) => {
                    let conn = input.conn();
                    for finding in self.broker.handle_among(then, input, hands.outbox) {
                        waiting.extend(self.front.take(finding, &self.broker));
                    }
                    // What concerns this node alone is never kept: there is nothing to be done again.
                    store_all(&mut self.broker, then, hands, &mut Vec::new());
                    if let Some(conn) = conn {
                        waiting.extend(self.front.handled_here(conn, &self.broker));
                    }
                }
            }
        }
    }

    /// This moment on the log's time, by which connections are watched: what they last said was decided on it.
    fn log_time(&self, now: Now) -> Now {
        let steady = self.time.1.map_or(now.wall, |then| self.time.0.after(now.steady.since(then)));
        Now { wall: now.wall, steady }
    }

    fn here<S: StepStore>(&mut self, now: Now, input: Input, hands: &mut Hands<'_, S>) {
        self.follow(now, vec![Forwarded::Here(input)], hands);
    }

    /// Says something of a connection in the log; what cannot be said is refused, since it never counts.
    fn say(&mut self, input: Input, outbox: &mut Outbox, waiting: &mut VecDeque<Forwarded>) {
        let from = if let Input::Ordered(order, _) = &input { Some(*order) } else { input.conn() };
        let Some((conn, bytes)) = from.zip(command::write(&input)) else { return };
        let Err(error) = self.follower.say(conn.number(), bytes) else { return };
        if let Input::Received(_, Ok(request)) = &input {
            let text = format!("This was not taken: {error}; try again in a moment.");
            let refusal = Refusal::new(request.reference.clone(), Code::Busy, text);
            waiting.push_back(Forwarded::Here(Input::Received(conn, Err(refusal))));
        }
        if let Input::Ordered(order, _) = &input {
            outbox.outcomes.push((*order, Err(format!("this was not done: {error}; try again in a moment"))));
        }
        waiting.extend(self.front.came_back(Returned::of(&input), &self.broker));
    }
}

/// A sum over a state that every version of this program computes alike.
fn sum_of(chat: &[u8]) -> u64 {
    digest(&SHA256, chat).as_ref().iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}
