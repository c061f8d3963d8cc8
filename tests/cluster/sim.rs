//! A world of three nodes, their clients and one log, in one process and on one virtual clock. Its seed decides everything.
//!
//! For a while nodes die, pause, are cut off and have wrong clocks, and the log delays, doubles, loses and reorders what it is
//! given and stands still. Then all that ceases, and everybody who lives must get everything accepted.

use std::collections::BTreeMap;

use bytes::Bytes;
use tr2::server::cluster::entry::LogEntry;
use tr2::server::cluster::fault::Fault;
use tr2::server::cluster::freshness::Freshness;

use crate::chance::Chance;
use crate::checker::Checker;
use crate::clients::Client;
use crate::faulty_log::{FINE, FaultyLog, Weather};
use crate::machine::Answer;
use crate::node::{Sabotage, SimNode, Stop, key, true_time};

const NODES: [&str; 3] = ["a", "b", "c"];
const CLIENTS: usize = 3;
/// How long things go wrong, and then right, in milliseconds.
const TROUBLE: i64 = 12_000;
const CALM: i64 = 14_000;
/// When a log begins to lie, and by when all who could know must have stopped.
const LIE_AT: i64 = 6_000;
const FOUND_OUT_WITHIN: i64 = 6_000;

/// What a log does that no log may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// The newest entries are gone, as after power cuts without fsync.
    LosesTail,
    /// It is put back to an old copy.
    GoesBack,
    /// One node is told one entry with a flipped bit.
    Flips,
}

/// What a world is like.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub seed: u64,
    pub lie: Option<Lie>,
    pub sabotage: Option<Sabotage>,
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
enum Event {
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
    Reconnects(usize),
    Lies,
    EverybodyKnows,
    Calm,
}

struct World {
    plan: Plan,
    chance: Chance,
    now: i64,
    events: BTreeMap<(i64, u64), Event>,
    number: u64,
    log: FaultyLog,
    weather: Weather,
    nodes: Vec<SimNode>,
    clients: Vec<Client>,
    checker: Checker,
    /// The one node whose clock may be wrong by a lot.
    wrong_clock: usize,
    is_calm: bool,
    /// The last position that a log forgot, if it forgot any that a node had carried out.
    must_stop: bool,
    flipped_for: Option<usize>,
    outcome: Outcome,
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
        nodes: NODES.iter().map(|name| SimNode::new(name, plan.sabotage)).collect(),
        clients: (0..CLIENTS).map(|_| Client::default()).collect(),
        checker: Checker::default(),
        is_calm: false,
        must_stop: false,
        flipped_for: None,
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
        if world.plan.tells && !matches!(event, Event::Reads(_) | Event::Wakes(_) | Event::Polls(_) | Event::Acts(_)) {
            println!("{at:>6} {event:?}");
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
                println!("{:>6} {:>4} {}", self.now, self.log.newest() + 1, said.unwrap_or_default());
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
                if lie != Lie::Flips && self.chance.below(2) == 0 {
                    // One node does not see the newest entries, so that it alone cannot know that they are gone.
                    let (node, for_long) = (self.chance.below(NODES.len()), self.chance.below(2000) as i64);
                    self.nodes[node].hears = false;
                    self.order(LIE_AT + for_long, Event::Reconnects(node));
                }
                self.order(LIE_AT, Event::Lies);
                self.order(LIE_AT + 2000 + FOUND_OUT_WITHIN, Event::EverybodyKnows);
            }
        }
        self.order(TROUBLE, Event::Calm);
    }

    fn order(&mut self, after: i64, event: Event) {
        self.number += 1;
        self.events.insert((self.now + after.max(0), self.number), event);
    }

    fn soon(&mut self, longest: usize) -> i64 {
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
                    self.reads(node)?;
                    self.appends(node);
                }
            }
            Event::Resumes(node) => {
                self.nodes[node].is_paused = false;
                self.reads(node)?;
                self.appends(node);
            }
            Event::Reconnects(node) => {
                self.nodes[node].hears = true;
                self.nodes[node].speaks = true;
                self.asks_for_the_end(node);
                self.reads(node)?;
                self.appends(node);
            }
            Event::Lies => self.lies(),
            Event::EverybodyKnows => self.everybody_knows()?,
            Event::Calm => self.calm(),
        }
        Ok(())
    }

    /// Appends what a node has to say, and orders its next look.
    fn appends(&mut self, node: usize) {
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
                    self.stops(node, fault);
                    return Ok(());
                }
                // Two nodes cannot both be right about a log that lost something.
                Err(Stop::Violation(_)) if self.must_stop => {}
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
            if let (Some(client), Answer::Accepted { word, .. }) = (client, answer) {
                self.hears(client, word)?;
            }
        }
        Ok(())
    }

    fn hears(&mut self, client: usize, word: u64) -> Result<(), String> {
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
    fn holds_its_time(&self, node: usize) -> Result<(), String> {
        let Some(run) = &self.nodes[node].run else { return Ok(()) };
        let state = run.follower.turn().state();
        let before = self.checker.at(state.position.saturating_sub(1)).map_or(0, |(_, _, time)| time);
        // Right clocks are at most 1.5 s off, and the log may be 5 s ahead of them.
        let latest = true_time(self.now) + 1500 + 5000;
        if state.time > before.max(latest) && state.roll.alive().count() > 1 {
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
        if let Some(Err(fault)) = self.nodes[node].awake().map(|run| run.follower.ends_at(newest)) {
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

    /// A node's program is no more.
    fn goes(&mut self, node: usize) {
        if let Some(run) = self.nodes[node].run.take() {
            self.cut(run.clients.into_values().collect());
        }
    }

    fn acts(&mut self, client: usize) -> Result<(), String> {
        match self.clients[client].home {
            Some((node, conn)) => self.acts_on(client, node, conn),
            None => self.looks_for_a_node(client),
        }
    }

    fn acts_on(&mut self, client: usize, node: usize, conn: u64) -> Result<(), String> {
        let clock = self.nodes[node].now(self.now);
        let Some(run) = self.nodes[node].awake() else {
            // It notices after a while that nobody answers.
            if self.chance.below(2) == 0 {
                self.clients[client].home = None;
            }
            return Ok(());
        };
        let freshness = run.follower.freshness(clock);
        if freshness == Freshness::Elsewhere || self.chance.below(30) == 0 {
            run.clients.remove(&conn);
            let bye = self.clients[client].leave();
            self.says(client, node, conn, bye)?;
            return Ok(());
        }
        let applied = self.nodes[node].run.as_ref().map_or(0, |run| run.applied);
        if self.log.time_of(applied + 1).is_some_and(|time| self.now - time > 10_000) && !self.must_stop {
            return Err(format!("{} shows a past of more than ten seconds: {applied}", NODES[node]));
        }
        if !self.is_calm {
            for _ in 0..=self.chance.below(2) {
                if self.clients[client].is_patient() {
                    let word = self.clients[client].speak(client as u64);
                    self.says(client, node, conn, word)?;
                }
            }
            if self.chance.below(6) == 0 {
                let name = self.clients[client].rename(self.chance.below(3) as u64);
                self.says(client, node, conn, name)?;
            }
        }
        self.appends(node);
        Ok(())
    }

    fn looks_for_a_node(&mut self, client: usize) -> Result<(), String> {
        let node = self.chance.below(NODES.len());
        let clock = self.nodes[node].now(self.now);
        let lets_in = |run: &mut crate::node::Running| run.follower.freshness(clock) == Freshness::Fresh;
        if !self.nodes[node].awake().is_some_and(lets_in) {
            return Ok(());
        }
        let conn = self.nodes[node].connect(client);
        let name = self.chance.below(3) as u64;
        for text in self.clients[client].connect(client as u64, node, conn, name) {
            self.says(client, node, conn, text)?;
        }
        self.appends(node);
        Ok(())
    }

    fn says(&mut self, client: usize, node: usize, conn: u64, text: String) -> Result<(), String> {
        let early = self.plan.sabotage == Some(Sabotage::AcceptsEarly) && text.starts_with("word");
        let Some(run) = self.nodes[node].awake() else { return Ok(()) };
        if run.follower.say(conn, text.into()).is_err() {
            run.clients.remove(&conn);
            self.clients[client].home = None;
            return Ok(());
        }
        if early {
            let word = self.clients[client].last();
            self.hears(client, word)?;
        }
        Ok(())
    }

    /// One more thing goes wrong.
    fn trouble(&mut self) {
        self.outcome.troubles += 1;
        let node = self.chance.below(NODES.len());
        let what = self.chance.below(12);
        if self.plan.tells {
            println!("{:>6} trouble {what} for {}", self.now, NODES[node]);
        }
        match what {
            // kill -9, and started again soon or late.
            0..=2 => {
                self.goes(node);
                let longest = if self.chance.below(2) == 0 { 500 } else { 12_000 };
                let after = self.soon(longest);
                self.order(after, Event::Starts(node));
            }
            // SIGSTOP.
            3 | 4 => {
                self.nodes[node].is_paused = true;
                let after = self.soon(14_000);
                self.order(after, Event::Resumes(node));
            }
            // Cut off, both ways or one way.
            5..=7 => {
                self.nodes[node].hears = what == 6;
                self.nodes[node].speaks = what == 7;
                let after = self.soon(12_000);
                self.order(after, Event::Reconnects(node));
            }
            // An election.
            8 => {
                let until = self.now + self.soon(6000);
                self.stands_still(until);
            }
            // The log is started again: what was on its way is lost.
            9 => {
                let until = self.now + self.soon(2000);
                self.events.retain(|_, event| !matches!(event, Event::Arrives(_)));
                self.stands_still(until);
            }
            // A clock jumps.
            10 => {
                let by = self.chance.below(7_200_000) as i64 - 3_600_000;
                let small = self.chance.below(3000) as i64 - 1500;
                self.nodes[node].clock = if node == self.wrong_clock { by } else { small };
            }
            // It leaves as planned, and comes back.
            _ => {
                if let Some(run) = self.nodes[node].awake() {
                    run.follower.leave();
                    self.appends(node);
                }
            }
        }
    }

    fn stands_still(&mut self, until: i64) {
        self.log.stand_still(until);
        for node in 0..self.nodes.len() {
            self.order(until - self.now + 1, Event::Reads(node));
        }
    }

    fn lies(&mut self) {
        let newest = self.log.newest();
        let lie = self.plan.lie;
        match lie {
            None => {}
            Some(Lie::Flips) => {
                let (node, after) = (self.chance.below(NODES.len()), self.chance.below(5) as u64);
                let bit = self.chance.below(1 << 20);
                self.log.flip(node, newest + 1 + after, bit);
                self.flipped_for = Some(node);
            }
            Some(Lie::LosesTail | Lie::GoesBack) => {
                let most = if lie == Some(Lie::LosesTail) { 12.min(newest) } else { newest };
                let left = newest - 1 - self.chance.below(usize::try_from(most).unwrap()) as u64;
                let applied = self.nodes.iter().filter_map(|node| Some(node.run.as_ref()?.applied)).max();
                self.must_stop = applied.is_some_and(|applied| applied > left);
                self.log.forget_after(left);
                let until = self.now + self.soon(1500);
                self.stands_still(until);
            }
        }
    }

    /// By now nobody goes on who can know that the log has lied.
    fn everybody_knows(&mut self) -> Result<(), String> {
        for node in &self.nodes {
            let must = self.must_stop || self.flipped_for.is_some_and(|flipped| NODES[flipped] == node.name.as_str());
            if must != node.stopped.is_some() {
                return Err(format!("{}: must stop: {must}, stopped: {:?}", node.name, node.stopped));
            }
        }
        Ok(())
    }

    fn calm(&mut self) {
        self.is_calm = true;
        self.weather = FINE;
        for node in 0..self.nodes.len() {
            self.nodes[node].is_paused = false;
            self.order(0, Event::Starts(node));
            self.order(1, Event::Resumes(node));
            self.order(2, Event::Reconnects(node));
        }
    }

    fn ends(&mut self) -> Result<(), String> {
        let (newest, stopped) = (self.log.newest(), self.nodes.iter().filter(|node| node.stopped.is_some()).count());
        self.outcome.stopped = stopped;
        if self.plan.lie.is_none() && stopped > 0 {
            let faults: Vec<_> = self.nodes.iter().filter_map(|node| node.stopped.as_ref()).collect();
            return Err(format!("nodes have stopped, and the log was honest: {faults:?}"));
        }
        if stopped == self.nodes.len() {
            return Ok(());
        }
        for node in &self.nodes {
            let Some(run) = &node.run else { continue };
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
