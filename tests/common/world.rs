//! The real broker in memory, one input per round: the jobs it gives out, and the bytes that each connection hears.

use std::net::SocketAddr;

use tr2::model::{Fingerprint, Identity, MessageId, Name, Now, Origin, Rank, Timestamp};
use tr2::protocol::lines;
use tr2::protocol::{Dialect, Request};
use tr2::server::broker::access::name_policy::Login;
use tr2::server::broker::outbox::Outbox;
use tr2::server::broker::rules::{Beginning, Rules};
use tr2::server::broker::{Broker, Input};
use tr2::server::ids::ConnId;
use tr2::server::relay::orders::RelayOrder;
use tr2::server::store::api::{Answer, ChangeDone, Changed, Deleted, Deletion, Job, Outcome, Receipt, Revision};
use tr2::server::store::api::{Owner, Proof};
use tr2::server::telemetry::events::Note;

/// A store: what becomes of a job.
pub trait Keeper {
    fn does(&mut self, job: &Job) -> Option<Input>;
}

impl Keeper for crate::simple_store::SimpleStore {
    fn does(&mut self, job: &Job) -> Option<Input> {
        Self::does(self, job.clone())
    }
}

/// A store that keeps nothing and reports success.
pub struct Willing;

impl Keeper for Willing {
    fn does(&mut self, job: &Job) -> Option<Input> {
        match job {
            Job::Append(records) => {
                let outcomes = records.iter().map(|_| Outcome::Kept).collect();
                Some(Input::Stored(Receipt { outcomes, trouble: None }))
            }
            Job::Promise(_) => Some(Input::Promised(Ok(()))),
            Job::Delete(deletion) => {
                let outcome = Some(Deleted::Done(name("somebody")));
                Some(Input::Deleted(Deletion { outcome, ..deletion.clone() }))
            }
            Job::Change(change) => {
                let (from, verified) = (change.by.clone(), true);
                let done = ChangeDone { from, verified, fresh: true, present: true, count: 1, removed: None };
                Some(Input::Changed(Revision { outcome: Some(Changed::Done(done)), ..change.clone() }))
            }
            Job::Ask(question) => Some(Input::Answered(Answer {
                requester: question.requester,
                reference: question.reference.clone(),
                lines: Ok(Vec::new()),
                damaged: Vec::new(),
            })),
            _ => None,
        }
    }
}

/// A store that hangs: it never answers.
pub struct Hanging;

impl Keeper for Hanging {
    fn does(&mut self, _: &Job) -> Option<Input> {
        None
    }
}

pub struct World<K> {
    pub broker: Broker,
    pub outbox: Outbox,
    pub keeper: K,
    pub now: Now,
    pub rules: Rules,
    /// The number of the next connection.
    pub next: u64,
}

/// What a round led to.
#[derive(Default)]
pub struct Round {
    /// The jobs for the store, in order.
    pub jobs: Vec<Job>,
    pub notes: Vec<Note>,
    /// What the relay is to do, in order.
    pub relay: Vec<RelayOrder>,
    /// What each connection hears, and whether it ends; a TR2.23 connection hears packets, here with an LF after each.
    pub heard: Vec<(ConnId, Vec<u8>, bool)>,
}

impl Round {
    pub fn of(&self, conn: ConnId) -> impl Iterator<Item = &str> {
        let bytes =
            self.heard.iter().filter(move |(who, ..)| *who == conn).flat_map(|(_, bytes, _)| lines::each(bytes));
        bytes.map(|line| std::str::from_utf8(line).unwrap())
    }

    pub fn ends(&self, conn: ConnId) -> bool {
        self.heard.iter().any(|(who, _, closing)| *who == conn && *closing)
    }

    /// The code of the refusal that a connection hears.
    pub fn refused(&self, conn: ConnId) -> Option<&str> {
        self.of(conn).find_map(|line| line.split_once(" | refused | ")?.1.split(' ').next())
    }
}

pub fn name(written: &str) -> Name {
    Name::parse(written).unwrap()
}

/// The key of a user: the first 32 bytes of the name.
pub fn key_of(who: &str) -> Fingerprint {
    let mut key = [0; 32];
    for (at, byte) in who.bytes().take(32).enumerate() {
        key[at] = byte;
    }
    Fingerprint(key)
}

impl<K: Keeper> World<K> {
    pub fn new(rules: Rules, beginning: Beginning, keeper: K) -> Self {
        let now = Now { wall: Timestamp::parse("2026-11-22T12:00:00Z").unwrap(), steady: Timestamp(0) };
        Self { broker: Broker::new(rules.clone(), beginning), outbox: Outbox::default(), keeper, now, rules, next: 1 }
    }

    /// Restarts the server on stored data.
    pub fn restart(&mut self, beginning: Beginning) {
        self.broker = Broker::new(self.rules.clone(), beginning);
        self.outbox = Outbox::default();
    }

    /// Handles one input and everything that follows from it.
    pub fn round(&mut self, input: Input) -> Round {
        self.broker.handle(self.now, input, &mut self.outbox);
        while self.broker.has_more() {
            self.broker.handle(self.now, Input::GoOn, &mut self.outbox);
        }
        let mut round = Round::default();
        self.settle(&mut round);
        round
    }

    /// Does all jobs, lookups and checks, and delivers what is said.
    pub fn settle(&mut self, round: &mut Round) {
        loop {
            let jobs = std::mem::take(&mut self.outbox.jobs);
            let lookups = std::mem::take(&mut self.outbox.lookups);
            let checks = std::mem::take(&mut self.outbox.checks);
            if jobs.is_empty() && lookups.is_empty() && checks.is_empty() {
                break;
            }
            for job in jobs {
                if let Some(answer) = self.keeper.does(&job) {
                    self.broker.handle(self.now, answer, &mut self.outbox);
                }
                round.jobs.push(job);
            }
            for (conn, ..) in lookups {
                self.broker.handle(self.now, Input::LookedUp(conn, Login::Nobodys), &mut self.outbox);
            }
            for (conn, passphrase) in checks {
                let right = Input::Checked(conn, passphrase == "right");
                self.broker.handle(self.now, right, &mut self.outbox);
            }
        }
        self.hand_out(round);
    }

    /// Delivers what is said, and leaves jobs, lookups and checks in the outbox.
    pub fn hand_out(&mut self, round: &mut Round) {
        round.notes.append(&mut self.outbox.notes);
        round.relay.append(&mut self.outbox.relay);
        let shared = self.outbox.take_shared();
        for (conn, plan) in self.outbox.deliveries(&shared) {
            let mut said = Vec::new();
            self.outbox.stretches(plan, &shared, |stretch| said.extend_from_slice(stretch.bytes()));
            for packet in plan.packets() {
                said.extend_from_slice(packet);
                said.push(b'\n');
            }
            if !said.is_empty() || plan.is_closing() {
                round.heard.push((conn, said, plan.is_closing()));
            }
        }
        self.outbox.end_round(shared);
    }

    /// Connects, with a key if one is given.
    pub fn connect(&mut self, origin: Origin, key: Option<Fingerprint>, dialect: Dialect) -> ConnId {
        let conn = ConnId(self.next);
        self.next += 1;
        self.round(Input::Connected(conn, origin));
        if let Some(key) = key {
            self.round(Input::Proved(conn, key));
        }
        self.round(Input::Speaks(conn, dialect));
        conn
    }

    /// Connects over TLS with the user's own key and takes a name.
    pub fn join(&mut self, who: &str) -> ConnId {
        let conn = self.connect(Origin::Tls(address(self.next)), Some(key_of(who)), Dialect::Tr226);
        let round = self.say(conn, &format!("x | server | name | {who}"));
        assert!(round.of(conn).any(|line| line.contains("| connection_confirmation |")), "{who} is not let in");
        conn
    }

    pub fn say(&mut self, conn: ConnId, line: &str) -> Round {
        self.round(Input::Received(conn, Request::parse(line.as_bytes())))
    }
}

/// An address for each number.
pub fn address(number: u64) -> SocketAddr {
    let [.., a, b] = number.to_be_bytes();
    SocketAddr::from(([10, 1, a, b], 4000))
}

/// Two users of each rank (`keeperp1`, `keeperp2`, `moderatorp1` and so on), all verified and in #ops.
pub fn cast() -> (Rules, Beginning) {
    let rules = Rules {
        max_connections: 1000,
        own_uid: 42,
        moderators: vec![name("keeperp1"), name("keeperp2")],
        ..Rules::default()
    };
    let mut facts = vec![fact(
        "room",
        "1",
        r##"{"name":"#ops","private":false,"topic":"","slow":0,"read_only":false,"locked":false}"##,
    )];
    let (mut owners, mut users) = (Vec::new(), Vec::new());
    for (rank, who) in people() {
        let role = match rank {
            Rank::RoomModerator => "moderator",
            Rank::Maker => "maker",
            _ => "member",
        };
        facts.push(fact(
            "member",
            &format!("1 {who}"),
            &format!(r#"{{"name":"{who}","role":"{role}","proved":true}}"#),
        ));
        if rank == Rank::Moderator {
            facts.push(fact("moderator", &who, &format!("\"{who}\"")));
        }
        owners.push(owner(&who));
        users.push(name(&who));
    }
    (rules, Beginning { last_id: MessageId(1), users, owners, facts, ..Beginning::default() })
}

pub const RANKS: [(Rank, &str); 5] = [
    (Rank::User, "user"),
    (Rank::RoomModerator, "helper"),
    (Rank::Maker, "maker"),
    (Rank::Moderator, "moderator"),
    (Rank::Keeper, "keeper"),
];

/// All users of [`cast`], with their rank in #ops.
pub fn people() -> impl Iterator<Item = (Rank, String)> {
    let of = |rank: Rank| RANKS.iter().find(|(other, _)| *other == rank).unwrap().1;
    RANKS.into_iter().flat_map(move |(rank, _)| [1, 2].map(|number| (rank, format!("{}p{number}", of(rank)))))
}

pub fn fact(kind: &str, key: &str, value: &str) -> (String, String, String) {
    (kind.to_owned(), key.to_owned(), value.to_owned())
}

/// An owned name, with [`key_of`] as its key.
pub fn owner(who: &str) -> Owner {
    let proofs = vec![Proof { identity: Identity::Key(key_of(who)), login: None, since: Timestamp(0) }];
    Owner { name: name(who), since: Timestamp(0), proofs }
}
