//! A world of three nodes, their clients and one log, in one process and on one virtual clock. Its seed decides everything.
//!
//! For a while nodes die, pause, are cut off and have wrong clocks, and the log delays, doubles, loses and reorders what it is
//! given and stands still. Then all that ceases, and everybody who lives must get everything accepted.

use std::collections::BTreeMap;

use bytes::Bytes;
use tr2::server::cluster::entry::LogEntry;
use tr2::server::cluster::fault::Fault;

use crate::chance::Chance;
use crate::cluster::checker::Checker;
use crate::cluster::clients::Client;
use crate::cluster::faulty_log::{FaultyLog, Weather};
use crate::cluster::machine::Answer;
use crate::cluster::node::{Running, Sabotage, SimNode, Stop, key, true_time};

pub const NODES: [&str; 3] = ["a", "b", "c"];
const CLIENTS: usize = 3;
/// How long things go wrong, and then right, in milliseconds.
const TROUBLE: i64 = 12_000;
const CALM: i64 = 14_000;
/// When a log begins to lie, and by when all who could know must have stopped.
const LIE_AT: i64 = 6_000;
const FOUND_OUT_WITHIN: i64 = 6_000;

/// What a log does that no log may do, or a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// The newest entries are gone, as after power cuts without fsync.
    LosesTail,
    /// It is put back to an old copy.
    GoesBack,
    /// One node is told one entry with a flipped bit.
    Flips,
    /// The log is right; one node decides otherwise than the others.
    OneDecidesOtherwise,
}

/// What a world is like.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub seed: u64,
    pub lie: Option<Lie>,
    pub sabotage: Option<Sabotage>,
    /// Whether the nodes agree on a real chat.
    pub is_chat: bool,
    /// Whether to print what happens.
    pub tells: bool,
}

/// How a world ended.
#[derive(Debug, Default)]
pub struct Outcome {
    pub events: u64,
    pub entries: u64,
    pub accepted: usize,
    /// How often nodes were killed, paused and so on.
    pub troubles: u64,
    /// Nodes that stopped, and whether all had to.
    pub stopped: usize,
}

#[derive(Debug)]
pub enum Event {
    Arrives(Bytes),
    Reads(usize),
    /// The log pushes an entry at a position that the node has read already: it lies.
    HearsAgain(usize, u64, Bytes),
    Wakes(usize),
    /// A node asks for the log's last position.
    Polls(usize),
    Acts(usize),
    Trouble,
    Starts(usize),
    Resumes(usize),
    IsCutOff(usize),
    Reconnects(usize),
    Lies,
    EverybodyKnows,
    /// Whoever keeps the nodes has read why they stopped, and does what that says.
    IsMended,
    Calm,
}

pub struct World {
    pub(super) plan: Plan,
    pub(super) chance: Chance,
    pub(super) now: i64,
    pub(super) events: BTreeMap<(i64, u64), Event>,
    pub(super) number: u64,
    pub(super) log: FaultyLog,
    pub(super) weather: Weather,
    pub(super) nodes: Vec<SimNode>,
    pub(super) clients: Vec<Client>,
    pub(super) checker: Checker,
    /// The log's time at each position.
    times: BTreeMap<u64, i64>,
    /// The one node whose clock may be wrong by a lot.
    pub(super) wrong_clock: usize,
    pub(super) is_calm: bool,
    /// The last position that a log forgot, if it forgot any that a node had carried out.
    pub(super) must_stop: bool,
    /// The one node that must stop.
    pub(super) wrong_node: Option<usize>,
    pub(super) outcome: Outcome,
}

/// Plays a world to its end.
pub fn play(plan: Plan) -> Result<Outcome, String> {
    let mut chance = Chance(plan.seed);
    let percent = |chance: &mut Chance, most| chance.below(most);
    let weather = match plan.lie {
        Some(_) => Weather { lost: 2, doubled: 5, late: 0 },
        None => {
            Weather { lost: percent(&mut chance, 15), doubled: percent(&mut chance, 20), late: percent(&mut chance, 8) }
        }
    };
    let mut world = World {
        wrong_clock: chance.below(NODES.len()),
        plan,
        chance,
        now: 0,
        events: BTreeMap::new(),
        number: 0,
        log: FaultyLog::default(),
        weather,
        nodes: NODES.iter().map(|name| SimNode::new(name, plan.sabotage, plan.is_chat)).collect(),
        clients: (0..CLIENTS).map(|_| Client::default()).collect(),
        checker: Checker::default(),
        times: BTreeMap::new(),
        is_calm: false,
        must_stop: false,
        wrong_node: None,
        outcome: Outcome::default(),
    };
    world.begin();
    let end = TROUBLE + CALM;
    while let Some(((at, _), event)) = world.events.pop_first() {
        if at > end {
            break;
        }
        world.now = at;
        world.outcome.events += 1;
        if plan.tells {
            world.tell(&event);
        }
        world.happens(event).map_err(|violation| format!("seed {} at {at} ms: {violation}", plan.seed))?;
    }
    world.ends().map_err(|violation| format!("seed {} at the end: {violation}", plan.seed))?;
    world.outcome.entries = world.log.newest();
    world.outcome.accepted = world.checker.accepted_count();
    Ok(world.outcome)
}

impl World {
    /// Prints what happens, for whoever plays a world again.
    fn tell(&self, event: &Event) {
        match event {
            Event::Reads(_) | Event::Wakes(_) | Event::Polls(_) | Event::Acts(_) => {}
            Event::Arrives(bytes) if !self.log.stands(self.now) => {
                let said = LogEntry::read(bytes, &key()).map(|entry| {
                    let texts: Vec<String> = entry
                        .commands
                        .iter()
                        .map(|command| format!("{}: {}", command.conn, String::from_utf8_lossy(&command.bytes)))
                        .collect();
                    let claimed = entry.applied.position;
                    format!(
                        "{}.{} {} having read {claimed}: {:?} {texts:?}",
                        entry.node, entry.epoch, entry.n, entry.purpose
                    )
                });
                println!(
                    "{:>6} {:>4} {}",
                    self.now,
                    self.log.newest() + 1,
                    said.unwrap_or_else(|error| error.to_string())
                );
            }
            other => println!("{:>6}      {other:?}", self.now),
        }
    }

    fn begin(&mut self) {
        for node in 0..self.nodes.len() {
            self.nodes[node].clock = self.chance.below(3000) as i64 - 1500;
            let after = self.chance.below(500) as i64;
            self.order(after, Event::Starts(node));
            self.order(after + 500, Event::Polls(node));
        }
        for client in 0..self.clients.len() {
            self.order(200 + client as i64 * 50, Event::Acts(client));
        }
        match self.plan.lie {
            None => self.order(2000, Event::Trouble),
            Some(lie) => {
                if matches!(lie, Lie::LosesTail | Lie::GoesBack) && self.chance.below(2) == 0 {
                    // One node does not see the newest entries, so that it alone cannot know that they are gone.
                    let (node, before) = (self.chance.below(NODES.len()), self.chance.below(3000) as i64);
                    self.order(LIE_AT - before, Event::IsCutOff(node));
                    let after = self.chance.below(2000) as i64;
                    self.order(LIE_AT + after, Event::Reconnects(node));
                }
                self.order(LIE_AT, Event::Lies);
                self.order(LIE_AT + 2000 + FOUND_OUT_WITHIN, Event::EverybodyKnows);
                self.order(LIE_AT + 2500 + FOUND_OUT_WITHIN, Event::IsMended);
            }
        }
        let longer = if self.plan.lie.is_some() { 5000 } else { 0 };
        self.order(TROUBLE + longer, Event::Calm);
    }

    pub(super) fn order(&mut self, after: i64, event: Event) {
        self.number += 1;
        self.events.insert((self.now + after.max(0), self.number), event);
    }

    pub(super) fn soon(&mut self, longest: usize) -> i64 {
        1 + self.chance.below(longest) as i64
    }

    fn happens(&mut self, event: Event) -> Result<(), String> {
        match event {
            Event::Arrives(bytes) => match self.log.take(self.now, &bytes) {
                Err(until) => self.order(until - self.now + 1, Event::Arrives(bytes)),
                Ok(()) => {
                    for node in 0..self.nodes.len() {
                        if self.has_read(node, self.log.newest()) {
                            self.order(1, Event::HearsAgain(node, self.log.newest(), bytes.clone()));
                        }
                        let longest = if self.chance.below(20) == 0 { 600 } else { 8 };
                        let after = self.soon(longest);
                        self.order(after, Event::Reads(node));
                    }
                }
            },
            Event::Reads(node) => self.reads(node)?,
            Event::HearsAgain(node, position, bytes) => {
                let (checker, mut cut) = (&mut self.checker, Vec::new());
                if self.nodes[node].run.is_some()
                    && let Err(Stop::Fault(fault)) =
                        self.nodes[node].read(self.now, position, &bytes, checker, &mut cut)
                {
                    self.stops(node, fault);
                }
            }
            Event::Wakes(node) => {
                if let Some(run) = &mut self.nodes[node].run {
                    run.wakes_at = None;
                }
                self.answers(node)?;
                self.appends(node);
            }
            Event::Polls(node) => {
                self.asks_for_the_end(node);
                self.order(1000, Event::Polls(node));
            }
            Event::Acts(client) => {
                self.acts(client)?;
                let after = 100 + self.soon(1500);
                self.order(after, Event::Acts(client));
            }
            Event::Trouble => {
                if !self.is_calm {
                    self.trouble();
                    let after = 200 + self.soon(2500);
                    self.order(after, Event::Trouble);
                }
            }
            Event::Starts(node) => {
                if self.nodes[node].run.is_none() && self.nodes[node].stopped.is_none() {
                    let life = self.chance.next();
                    self.nodes[node].start(life);
                    if self.nodes[node].hears {
                        self.connects(node);
                    }
                    self.reads(node)?;
                    self.appends(node);
                }
            }
            Event::Resumes(node) => {
                self.nodes[node].is_paused = false;
                self.reads(node)?;
                self.appends(node);
            }
            Event::IsCutOff(node) => self.nodes[node].hears = false,
            // Nobody is there to be connected to.
            Event::Reconnects(node) if self.log.stands(self.now) => self.order(50, Event::Reconnects(node)),
            Event::Reconnects(node) => {
                self.nodes[node].hears = true;
                self.nodes[node].speaks = true;
                self.connects(node);
                self.reads(node)?;
                self.appends(node);
            }
            Event::Lies => self.lies(),
            Event::EverybodyKnows => self.everybody_knows()?,
            Event::IsMended => self.is_mended()?,
            Event::Calm => self.calm(),
        }
        Ok(())
    }

    /// Appends what a node has to say, and orders its next look.
    pub(super) fn appends(&mut self, node: usize) {
        let now = self.nodes[node].now(self.now);
        while let Some(bytes) = self.nodes[node].awake().and_then(|run| run.follower.due(now)) {
            self.append(node, bytes);
        }
        let Some(run) = self.nodes[node].awake() else { return };
        let Some(due) = run.follower.due_at() else { return };
        let at = due.0.max(self.now + 1);
        if run.wakes_at.is_none_or(|wakes| wakes > at) {
            run.wakes_at = Some(at);
            self.order(at - self.now, Event::Wakes(node));
        }
    }

    fn append(&mut self, node: usize, bytes: Bytes) {
        if self.nodes[node].speaks {
            for at in self.log.arrivals(self.now, self.weather, &mut self.chance) {
                self.order(at - self.now, Event::Arrives(bytes.clone()));
            }
        }
    }

    /// Whether a node that hears the log had read a position before anything was there.
    fn has_read(&mut self, node: usize, position: u64) -> bool {
        let hears = self.nodes[node].hears;
        hears && self.nodes[node].awake().is_some_and(|run| run.follower.turn().state().position >= position)
    }

    /// A node reads what it can.
    fn reads(&mut self, node: usize) -> Result<(), String> {
        if !self.nodes[node].hears || self.log.stands(self.now) {
            return Ok(());
        }
        loop {
            let newest = self.log.newest();
            let Some(run) = self.nodes[node].awake() else { return Ok(()) };
            let next = run.follower.turn().state().position + 1;
            if next > newest {
                run.follower.come_in();
                break;
            }
            let Some(bytes) = self.log.get(node, next) else { break };
            let mut cut = Vec::new();
            let read = self.nodes[node].read(self.now, next, &bytes, &mut self.checker, &mut cut);
            self.cut(cut);
            match read {
                Ok(()) => self.holds_its_time(node)?,
                Err(Stop::Fault(fault)) => {
                    self.nodes[node].stopped_in_tie = self.is_tie(node, &fault, next, &bytes);
                    self.stops(node, fault);
                    return Ok(());
                }
                Err(Stop::Violation(violation)) => return Err(violation),
            }
            self.appends(node);
        }
        // What is kept lags behind what was read.
        if self.chance.below(3) == 0 {
            self.answers(node)?;
        }
        if self.nodes[node].run.as_ref().is_some_and(|run| run.follower.lane().has_left()) {
            self.goes(node);
            let after = self.soon(4000);
            self.order(after, Event::Starts(node));
        }
        self.appends(node);
        Ok(())
    }

    /// Keeps what a node did, and gives the answers to it.
    fn answers(&mut self, node: usize) -> Result<(), String> {
        if self.nodes[node].awake().is_none() {
            return Ok(());
        }
        self.nodes[node].keep();
        for (conn, answer) in self.nodes[node].answers() {
            let client = self.nodes[node].run.as_ref().and_then(|run| run.clients.get(&conn)).copied();
            match (client, answer) {
                (Some(client), Answer::Accepted { word, .. }) => self.hears(client, word)?,
                (Some(client), Answer::Closed) => self.is_closed(client, node, conn)?,
                _ => {}
            }
        }
        Ok(())
    }

    pub(super) fn hears(&mut self, client: usize, word: u64) -> Result<(), String> {
        self.checker.accepted(client as u64, word)?;
        self.clients[client].hear(word);
        Ok(())
    }

    fn cut(&mut self, clients: Vec<usize>) {
        for client in clients {
            self.clients[client].home = None;
        }
    }

    /// The log's time is led by no clock that is wrong, as long as there are others.
    fn holds_its_time(&mut self, node: usize) -> Result<(), String> {
        let Some(run) = &self.nodes[node].run else { return Ok(()) };
        let state = run.follower.turn().state();
        self.times.insert(state.position, state.time);
        let Some(before) = self.times.get(&(state.position - 1)) else { return Ok(()) };
        // Right clocks are at most 1.5 s off, and the log may be 5 s ahead of them.
        let latest = true_time(self.now) + 1500 + 5000;
        if state.time > latest.max(*before) && state.roll.alive().count() > 1 {
            return Err(format!(
                "the log's time is {} ms ahead at {}",
                state.time - true_time(self.now),
                state.position
            ));
        }
        Ok(())
    }

    fn asks_for_the_end(&mut self, node: usize) {
        if !self.nodes[node].hears || self.log.stands(self.now) {
            return;
        }
        let newest = self.log.newest();
        let ends = |run: &mut Running| run.follower.ends_at(run.follower.turn().state().position, newest);
        if let Some(Err(fault)) = self.nodes[node].awake().map(ends) {
            self.stops(node, fault);
        }
    }

    /// A node has another connection to the log.
    fn connects(&mut self, node: usize) {
        if self.log.stands(self.now) {
            return;
        }
        let newest = self.log.newest();
        let read = self.nodes[node].awake().map_or(0, |run| run.follower.turn().state().position);
        let last = self.log.get(node, read);
        if let Some(Err(fault)) = self.nodes[node].awake().map(|run| run.follower.reconnected(newest, last.as_ref())) {
            self.stops(node, fault);
        }
    }

    /// A node has a fault: it says its last words, and ends. Where only a twin was to blame it is started again.
    fn stops(&mut self, node: usize, fault: Fault) {
        if self.plan.tells {
            println!("{:>6} {} stops: {fault}", self.now, NODES[node]);
        }
        let clock = self.nodes[node].now(self.now);
        let words = self.nodes[node].run.as_ref().and_then(|run| run.follower.last_words(clock));
        for bytes in words.into_iter().flat_map(|bytes| [bytes.clone(), bytes.clone(), bytes]) {
            self.append(node, bytes);
        }
        self.goes(node);
        if matches!(fault, Fault::Twin(_)) {
            self.order(1000, Event::Starts(node));
        } else {
            self.nodes[node].stopped = Some(fault);
        }
    }

    /// A node's program has ended.
    pub(super) fn goes(&mut self, node: usize) {
        if let Some(run) = self.nodes[node].run.take() {
            self.cut(run.clients.into_values().collect());
        }
    }

    fn ends(&mut self) -> Result<(), String> {
        let newest = self.log.newest();
        let faults: Vec<_> = self.nodes.iter().filter_map(|node| node.stopped.as_ref()).collect();
        if !faults.is_empty() {
            return Err(format!("nodes have stopped, and nothing is wrong: {faults:?}"));
        }
        for node in &self.nodes {
            let Some(run) = &node.run else { return Err(format!("{} does not run", node.name)) };
            // A heartbeat may be on its way to the node.
            if run.applied + 4 < newest {
                return Err(format!("{} has carried out {} of {newest}", node.name, run.applied));
            }
            if !run.follower.serves() {
                return Err(format!("{} is not in: {:?}", node.name, run.follower.lane()));
            }
        }
        for (number, client) in self.clients.iter().enumerate() {
            if !client.is_content() {
                return Err(format!("client {number} has words that nobody accepts: {client:?}"));
            }
        }
        Ok(())
    }
}
