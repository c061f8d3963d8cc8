//! The real broker as what the simulated nodes agree on, with a simple store in place of the history. What it has kept is its
//! shared state, so that every restart reads that back.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use tr2::model::{Fingerprint, Identity, Now, Origin, Timestamp};
use tr2::protocol::{Dialect, Envelope, Event, Request, lines};
use tr2::server::broker::outbox::Outbox;
use tr2::server::broker::rules::{Beginning, Rules};
use tr2::server::broker::{Broker, Input, Introduction};
use tr2::server::cluster::entry::LogCommand;
use tr2::server::cluster::step::{LogStep, Verdict};
use tr2::server::ids::{ConnId, NodeSeat};
use tr2::server::store::api::{Job, Outcome};

use crate::cluster::machine::{Answer, Done};
use crate::simple_store::SimpleStore;

/// What the nodes that are told apart by their seats have in common: the secret that everything random is drawn from.
const SECRET: [u8; 32] = [7; 32];

/// The chat.
pub struct Chat {
    broker: Broker,
    outbox: Outbox,
    store: SimpleStore,
    /// The connections: whose each is, and how many commands came from it.
    conns: BTreeMap<ConnId, (u64, u64)>,
    /// The last word of each client.
    words: BTreeMap<u64, u64>,
    /// A sum over all jobs of the store.
    jobs: u64,
}

impl Clone for Chat {
    fn clone(&self) -> Self {
        let state = self.broker.shared_state().unwrap();
        Self {
            broker: Broker::from_shared_state(rules(), SECRET, &state).unwrap(),
            outbox: Outbox::default(),
            store: self.store.clone(),
            conns: self.conns.clone(),
            words: self.words.clone(),
            jobs: self.jobs,
        }
    }
}

fn rules() -> Rules {
    Rules { max_connections: 1000, calls: false, ..Rules::default() }
}

/// What a client says as one of its words.
fn label(word: u64) -> String {
    format!("w{word}")
}

fn unlabelled(label: &str) -> u64 {
    label.strip_prefix('w').unwrap().parse().unwrap()
}

impl Chat {
    /// Nobody is here, and nothing was said.
    pub fn new() -> Self {
        let beginning = Beginning { secret: SECRET, ..Beginning::default() };
        Self {
            broker: Broker::new(rules(), beginning),
            outbox: Outbox::default(),
            store: SimpleStore::default(),
            conns: BTreeMap::new(),
            words: BTreeMap::new(),
            jobs: 0,
        }
    }

    /// Carries out a step.
    pub fn carry_out(&mut self, step: &LogStep) -> Result<Done, String> {
        let now = Now { wall: step.time, steady: step.time };
        let mut done = Done::default();
        for ended in &step.ended {
            let seat = NodeSeat(ended.seat);
            self.conns.retain(|conn, _| conn.seat() != seat);
            self.handle(now, Input::NodeGone(seat), &mut done)?;
        }
        if step.tick {
            self.handle(now, Input::Tick, &mut done)?;
        }
        if let Verdict::Counts { seat, commands, .. } = &step.verdict {
            for command in commands {
                self.command(now, ConnId::to(NodeSeat(*seat), command.conn), command, &mut done)?;
            }
        }
        Ok(done)
    }

    /// All nodes are the same in this.
    pub fn sum(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.broker.shared_state().unwrap().hash(&mut hasher);
        self.jobs.hash(&mut hasher);
        hasher.finish()
    }

    /// A node's connections are gone, by its own account.
    pub fn end(&mut self, seat: u16) {
        let now = Now { wall: Timestamp(0), steady: Timestamp(0) };
        let _ = self.handle(now, Input::NodeGone(NodeSeat(seat)), &mut Done::default());
    }

    fn command(&mut self, now: Now, conn: ConnId, command: &LogCommand, done: &mut Done) -> Result<(), String> {
        let text = std::str::from_utf8(&command.bytes).unwrap();
        let words: Vec<&str> = text.split(' ').collect();
        let number = |at: usize| words[at].parse::<u64>().unwrap();
        let (client, count) = self.conns.get(&conn).copied().unwrap_or((u64::MAX, 0));
        if number(1) != count {
            return Err(format!("{conn:?} said {text:?} as its command number {count}"));
        }
        self.conns.insert(conn, (client, count + 1));
        match words[0] {
            "name" if count == 0 => self.join(now, conn, number(3), done),
            "name" => {
                let said = match number(2) {
                    0 => format!("x | server | away | {text}"),
                    1 => "x | #room | join | no data".to_owned(),
                    _ => "x | #room | leave | no data".to_owned(),
                };
                self.say(now, conn, &said, done)
            }
            "word" => {
                let word = number(3);
                self.say(now, conn, &format!("@ref={} x | all clients | broadcast | {word}", label(word)), done)
            }
            "bye" => {
                self.conns.remove(&conn);
                self.handle(now, Input::Gone(conn, "connection closed"), done)
            }
            other => panic!("what is {other:?}?"),
        }
    }

    fn join(&mut self, now: Now, conn: ConnId, client: u64, done: &mut Done) -> Result<(), String> {
        self.conns.insert(conn, (client, 1));
        let number = u8::try_from(client).unwrap();
        self.outbox.open(conn);
        self.outbox.speak(conn, Dialect::Tr226);
        let known = Introduction {
            origin: Origin::Tls(([10, 0, 0, number], 4000).into()),
            dialect: Some(Dialect::Tr226),
            identity: Some(Identity::Key(Fingerprint([number; 32]))),
            token: None,
            callable: false,
        };
        self.handle(now, Input::Introduced(conn, known), done)?;
        self.say(now, conn, &format!("x | server | take_over | user{client}"), done)
    }

    fn say(&mut self, now: Now, conn: ConnId, frame: &str, done: &mut Done) -> Result<(), String> {
        self.handle(now, Input::Received(conn, Request::parse(frame.as_bytes())), done)
    }

    /// Handles an input, has the store do what follows, and hears what is said.
    fn handle(&mut self, now: Now, input: Input, done: &mut Done) -> Result<(), String> {
        let found_out = self.broker.handle_among(now, input, &mut self.outbox);
        assert!(found_out.is_empty());
        while !self.outbox.jobs.is_empty() {
            for job in std::mem::take(&mut self.outbox.jobs) {
                self.jobs = self.jobs.rotate_left(7) ^ hash(&format!("{job:?}"));
                let appended = if let Job::Append(records) = &job { records.clone() } else { Vec::new() };
                let Some(report) = self.store.does(job) else { continue };
                if let Input::Stored(receipt) = &report {
                    for (record, outcome) in appended.iter().zip(&receipt.outcomes) {
                        let client = record.from.as_str().strip_prefix("user").unwrap().parse().unwrap();
                        let word = unlabelled(record.reference.as_deref().unwrap());
                        if *outcome == Outcome::Kept {
                            if word != self.words.get(&client).copied().unwrap_or(0) + 1 {
                                return Err(format!("word {word} of client {client} is kept again, or too early"));
                            }
                            self.words.insert(client, word);
                            done.words.push((client, word));
                        }
                    }
                }
                let found_out = self.broker.handle_among(now, report, &mut self.outbox);
                assert!(found_out.is_empty());
            }
        }
        while self.broker.has_more() {
            self.broker.handle_among(now, Input::GoOn, &mut self.outbox);
        }
        self.outbox.notes.clear();
        self.hear(done)
    }

    fn hear(&mut self, done: &mut Done) -> Result<(), String> {
        let (mut refused, mut closed) = (None, Vec::new());
        let shared = self.outbox.take_shared();
        for (conn, plan) in self.outbox.deliveries(&shared) {
            let mut said = Vec::new();
            self.outbox.stretches(plan, &shared, |stretch| said.extend_from_slice(stretch.bytes()));
            let Some((client, _)) = self.conns.get(&conn).copied() else { continue };
            for line in lines::each(&said) {
                let envelope = Envelope::parse(line).unwrap();
                match envelope.event {
                    Event::Accepted { .. } => {
                        let word = unlabelled(envelope.reference.as_deref().unwrap());
                        done.answers.push((conn.number(), Answer::Accepted { client, word }));
                    }
                    // Others are refused who are in no room that they could leave.
                    Event::Refused(code, text) if envelope.reference.is_some() => {
                        refused = Some(format!("{conn:?} of client {client} is refused its word: {code} {text:?}"));
                    }
                    _ => {}
                }
            }
            if plan.is_closing() {
                closed.push(conn);
            }
        }
        self.outbox.end_round(shared);
        for conn in closed {
            self.outbox.drop_plan(conn);
            done.closed.push((conn.seat().0, conn.number()));
        }
        refused.map_or(Ok(()), Err)
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
