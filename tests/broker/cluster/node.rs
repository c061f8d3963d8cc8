//! One simulated node: what a real one is around its follower, with a machine in place of the broker, and what it has kept
//! in place of the store.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use tr2::model::time::{Now, Timestamp};
use tr2::server::cluster::entry::{EntryKey, Hello, LogEntry, NodeId, Purpose, Versions};
use tr2::server::cluster::fault::Fault;
use tr2::server::cluster::follower::{Follower, FollowerNews};
use tr2::server::cluster::lane::OwnNode;
use tr2::server::cluster::step::{LogStep, TurnState, Verdict};
use tr2::server::cluster::turn::Turn;

use crate::cluster::checker::Checker;
use crate::cluster::machine::{Answer, Machine};

/// The true time at the start of a world: 2026, in milliseconds.
const START: i64 = 1_780_000_000_000;

/// What is wrong with a node on purpose, to see whether the checks notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sabotage {
    /// It tells its clients that their words are accepted as soon as it has them.
    AcceptsEarly,
    /// Ticks are due when its own clock's second changes.
    TicksByOwnClock,
    /// It thinks that it has decided otherwise than the others.
    DecidesOtherwise,
    /// Other nodes are gone when it has heard nothing of them for eight of its own seconds.
    EndsByOwnClock,
}

/// What became of a node.
pub enum Stop {
    /// It must stop.
    Fault(Fault),
    /// The checker has seen what must not be.
    Violation(String),
}

/// A running program.
pub struct Running {
    pub follower: Follower,
    machine: Machine,
    /// The last step that was carried out.
    pub applied: u64,
    /// The clients by connection.
    pub clients: BTreeMap<u64, usize>,
    /// Answers that wait until what they answer is kept.
    answers: Vec<(u64, Answer)>,
    /// The state after the last step that was carried out.
    state: Arc<TurnState>,
    /// When the next look at what is due was ordered.
    pub wakes_at: Option<i64>,
    /// The second of its own clock at the last step.
    own_second: i64,
    /// When something was last heard of each node.
    heard: BTreeMap<NodeId, i64>,
}

pub struct SimNode {
    pub name: NodeId,
    pub run: Option<Running>,
    /// What is on its disk.
    kept: (Arc<TurnState>, Machine),
    /// How far its clock is from the true time, in milliseconds.
    pub clock: i64,
    pub is_paused: bool,
    pub hears: bool,
    pub speaks: bool,
    next_conn: u64,
    /// Why it stopped for good.
    pub stopped: Option<Fault>,
    /// Whether it and the one other node that it blames were the only ones that were in.
    pub stopped_in_tie: bool,
    pub sabotage: Option<Sabotage>,
}

/// The key of all simulated nodes.
pub fn key() -> EntryKey {
    thread_local!(static KEY: EntryKey = EntryKey::derived(b"simulated"));
    KEY.with(Clone::clone)
}

/// The true time, `now` milliseconds after the start of the world.
pub fn true_time(now: i64) -> i64 {
    START + now
}

impl SimNode {
    pub fn new(name: &str, sabotage: Option<Sabotage>, is_chat: bool) -> Self {
        Self {
            name: NodeId::parse(name).unwrap(),
            run: None,
            kept: (Arc::new(TurnState::founded("chat")), Machine::new(is_chat)),
            clock: 0,
            is_paused: false,
            hears: true,
            speaks: true,
            next_conn: 0,
            stopped: None,
            stopped_in_tie: false,
            sabotage,
        }
    }

    pub fn now(&self, now: i64) -> Now {
        Now { wall: Timestamp(true_time(now) + self.clock), steady: Timestamp(now) }
    }

    /// The nodes that are in where the next entry is judged: before it if it is a last one, else after it.
    pub fn in_at(&self, position: u64, bytes: &Bytes) -> Vec<NodeId> {
        let Some(run) = &self.run else { return Vec::new() };
        let before = run.follower.turn().state();
        let purpose = LogEntry::read(bytes, &key()).map(|entry| entry.purpose);
        let is_last = matches!(purpose, Ok(Purpose::Farewell | Purpose::Alarm));
        // An onlooker that has heard nothing before blames nobody.
        let versions = Versions { lowest: 1, highest: 1 };
        let mut onlooker = Turn::resumed(self.name.clone(), TurnState::clone(before), key(), versions);
        let after = onlooker.take(position, bytes).map_or_else(|_| Arc::clone(before), |step| step.state);
        let state = if is_last { before } else { &after };
        state.roll.alive().map(|(node, _)| node.clone()).collect()
    }

    /// Starts from what is kept.
    pub fn start(&mut self, life: u64) {
        let hello = Hello { life, versions: Versions { lowest: 1, highest: 1 }, settings: [1; 32], url: String::new() };
        let own = OwnNode { node: self.name.clone(), hello };
        let (state, machine) = self.kept.clone();
        self.run = Some(Running {
            applied: state.position,
            follower: Follower::resumed(own, TurnState::clone(&state), key()),
            machine,
            clients: BTreeMap::new(),
            answers: Vec::new(),
            state,
            wakes_at: None,
            own_second: 0,
            heard: BTreeMap::new(),
        });
    }

    /// The running program, if it can do anything now.
    pub fn awake(&mut self) -> Option<&mut Running> {
        self.run.as_mut().filter(|_| !self.is_paused)
    }

    /// Lets a client connect; the number of the connection.
    pub fn connect(&mut self, client: usize) -> u64 {
        self.next_conn += 1;
        if let Some(run) = &mut self.run {
            run.clients.insert(self.next_conn, client);
        }
        self.next_conn
    }

    /// Reads an entry. The clients in `cut` have lost their connections.
    pub fn read(
        &mut self,
        now: i64,
        position: u64,
        bytes: &Bytes,
        checker: &mut Checker,
        cut: &mut Vec<usize>,
    ) -> Result<(), Stop> {
        let clock = self.now(now);
        let Some(run) = &mut self.run else { return Ok(()) };
        let news = run.follower.take(clock, position, bytes).map_err(Stop::Fault)?;
        for news in news {
            match news {
                FollowerNews::Lost => {
                    cut.extend(std::mem::take(&mut run.clients).into_values());
                    run.answers.clear();
                }
                FollowerNews::Apply { step, own } => {
                    run.carry_out(&self.name, clock, step, own, self.sabotage, checker).map_err(Stop::Violation)?;
                }
            }
        }
        Ok(())
    }

    /// Keeps what was done so far.
    pub fn keep(&mut self) {
        if let Some(run) = self.run.as_ref().filter(|run| run.applied != self.kept.0.position) {
            self.kept = (Arc::clone(&run.state), run.machine.clone());
        }
    }

    /// The position up to which it has kept what was done.
    pub fn kept_up_to(&self) -> u64 {
        self.kept.0.position
    }

    /// Has its history replaced by a copy of another node's, and may start again.
    pub fn copy(&mut self, other: &Self) {
        self.kept = other.kept.clone();
        self.may_start();
    }

    /// Founds the log anew from what it has kept.
    pub fn found_anew(&mut self) {
        self.kept.0 = Arc::new(self.kept.0.founded_anew());
        self.may_start();
    }

    /// May start again.
    pub fn may_start(&mut self) {
        self.stopped = None;
        self.stopped_in_tie = false;
    }

    /// The answers that may be given now, by connection.
    pub fn answers(&mut self) -> Vec<(u64, Answer)> {
        self.run.as_mut().map(|run| std::mem::take(&mut run.answers)).unwrap_or_default()
    }
}

impl Running {
    fn carry_out(
        &mut self,
        name: &NodeId,
        clock: Now,
        mut step: LogStep,
        own: bool,
        sabotage: Option<Sabotage>,
        checker: &mut Checker,
    ) -> Result<(), String> {
        if sabotage == Some(Sabotage::TicksByOwnClock) {
            let second = clock.wall.0.div_euclid(1000);
            step.tick = std::mem::replace(&mut self.own_second, second) != second;
        }
        if sabotage == Some(Sabotage::EndsByOwnClock) {
            self.end_by_own_clock(clock.steady.0, &mut step);
        }
        let done = self.machine.carry_out(&step).map_err(|error| format!("{name} at {}: {error}", step.position))?;
        let sum = self.machine.sum();
        checker.applied(name.as_str(), &step, &done, sum)?;
        self.applied = step.position;
        if step.tick {
            let is_wrong = sabotage == Some(Sabotage::DecidesOtherwise);
            self.follower.decided(step.position, sum ^ u64::from(is_wrong));
        }
        if own {
            self.answers.extend(done.answers);
        }
        self.state = step.state;
        let seat = self.state.roll.get(name).map(|record| record.seat);
        let closed = done.closed.into_iter().filter(|(at, _)| seat == Some(*at));
        self.answers.extend(closed.map(|(_, conn)| (conn, Answer::Closed)));
        Ok(())
    }

    fn end_by_own_clock(&mut self, now: i64, step: &mut LogStep) {
        if let Verdict::Counts { sender, .. } = &step.verdict {
            self.heard.insert(sender.node.clone(), now);
        }
        step.ended.clear();
        for (node, record) in self.state.roll.alive() {
            if self.heard.get(node).is_some_and(|heard| now - heard > 8000) {
                self.machine.end(node, (record.seat, record.epoch));
            }
        }
    }
}
