//! People and a server in memory: real sessions, the real broker, the simple store, and connections between them that
//! carry real bytes, in any order that a network allows.
//!
//! A story advances one step at a time: a frame reaches the server or a client, or the store does a job.
//!
//! Screens have the names of their users. Somebody whose key is verified may be at several: `ann`, `ann 2` and so on.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use tr2::client::direct::orders::{ChannelNews, ChannelOrder};
use tr2::client::direct::talk::DirectEnd;
use tr2::client::key::Key;
use tr2::client::msg::{Effect, Msg, Net};
use tr2::client::session::{Mode, PlainOptions, Session, Start};
use tr2::client::settings::Settings;
use tr2::client::view::{DialogRow, StyledLine};
use tr2::model::{Fingerprint, Origin};
use tr2::model::{Name, Now, Timestamp};
use tr2::net::dial_failure::{DialFailure, DialFault};
use tr2::net::peer::events::ChannelEnd;
use tr2::protocol::lines;
use tr2::protocol::{CallId, Dialect, Envelope, Request, SessionToken};
use tr2::server::broker::outbox::Outbox;
use tr2::server::broker::rules::Rules;
use tr2::server::broker::{Broker, Input};
use tr2::server::ids::ConnId;
use tr2::server::store::api::Job;

use crate::simple_store::SimpleStore;

/// The server and everyone who uses it.
pub(crate) struct Story {
    pub(crate) people: BTreeMap<String, Person>,
    pub(crate) simple_store: SimpleStore,
    broker: Broker,
    outbox: Outbox,
    jobs: VecDeque<Job>,
    now: Now,
    conns: u64,
    /// Whether the server is unreachable.
    pub(crate) down: bool,
    /// The ends of channels between clients that were made, each with the key that it expects of the other.
    ends: Vec<(String, CallId, Fingerprint)>,
}

/// Someone at a screen.
pub(crate) struct Person {
    session: Session,
    /// Whether their key is proved to the server.
    proves: bool,
    conn: Option<ConnId>,
    to_server: VecDeque<Request>,
    to_client: VecDeque<Net>,
    pub(crate) left: bool,
}

/// One thing that can happen next.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    ToServer(String),
    ToClient(String),
    Store,
}

impl Person {
    /// The end of a connection, for a client that may not have seen its beginning.
    fn end(&self, why: &str) -> Net {
        let begun = !self.to_client.iter().any(|net| matches!(net, Net::Connected(_)));
        if begun { Net::Lost(why.to_owned()) } else { Net::Failed(DialFailure::new(DialFault::Other, why)) }
    }
}

impl Story {
    pub(crate) fn new() -> Self {
        Self {
            people: BTreeMap::new(),
            simple_store: SimpleStore::default(),
            broker: broker(&SimpleStore::default()),
            outbox: Outbox::default(),
            jobs: VecDeque::new(),
            now: Now { wall: Timestamp::parse("2026-11-22T12:00:00Z").unwrap(), steady: Timestamp(5000) },
            conns: 0,
            down: false,
            ends: Vec::new(),
        }
    }

    /// Someone opens the chat, on a screen of so many rows.
    pub(crate) fn opens(&mut self, name: &str, rows: u16) {
        self.opens_as(name, rows, false);
    }

    /// Someone opens the chat with a key that the server verifies, perhaps on another screen.
    pub(crate) fn opens_verified(&mut self, screen: &str, rows: u16) {
        self.opens_as(screen, rows, true);
    }

    fn opens_as(&mut self, name: &str, rows: u16, proves: bool) {
        let mut session = Session::new(Start {
            server_named: true,
            take_over: false,
            code: None,
            name: Name::parse(user_of(name)).ok(),
            login: user_of(name).to_owned(),
            server: "tcp://localhost".parse().unwrap(),
            others: Vec::new(),
            key_given: false,
            zone: tr2::model::Zone::default(),
            plain: PlainOptions::default(),
            opens_links: false,
            confined: false,
            unsent: Vec::new(),
            own_key: Some(key_of(name)),
            known_people: Vec::new(),
            seed: 77 + self.conns,
            token: SessionToken(std::array::from_fn(|at| name.as_bytes().get(at).copied().unwrap_or(0))),
            mode: Mode::Screen,
            backlog: true,
            sent: Vec::new(),
            settings: Settings::default(),
        });
        let effects = session.start(self.now);
        let (to_server, to_client) = Default::default();
        let person = Person { session, proves, conn: None, to_server, to_client, left: false };
        self.people.insert(name.to_owned(), person);
        self.carry_out(name, effects);
        self.tell(name, Msg::Resize { cols: 100, rows });
    }

    /// Someone closes it.
    pub(crate) fn closes(&mut self, name: &str) {
        self.tell(name, Msg::Hangup);
        self.settle();
        self.people.remove(name);
    }

    pub(crate) fn types(&mut self, name: &str, text: &str) {
        text.chars().for_each(|c| self.tell(name, Msg::Key(Key::Char(c))));
        self.tell(name, Msg::Key(Key::Enter));
    }

    pub(crate) fn presses(&mut self, name: &str, key: Key) {
        self.tell(name, Msg::Key(key));
    }

    pub(crate) fn tell(&mut self, name: &str, msg: Msg) {
        let Some(person) = self.people.get_mut(name).filter(|person| !person.left) else { return };
        let effects = person.session.update(self.now, msg);
        self.carry_out(name, effects);
    }

    fn carry_out(&mut self, name: &str, effects: Vec<Effect>) {
        for effect in effects {
            let Some(person) = self.people.get_mut(name) else { return };
            match effect {
                Effect::Dial(_) => {
                    self.hang_up(name);
                    self.connect(name);
                }
                Effect::Send(request) => person.to_server.push_back(request),
                Effect::Disconnect => {
                    // Queued requests go first.
                    while self.deliver_to_server(name) {}
                    self.hang_up(name);
                }
                Effect::Leave(_) => person.left = true,
                Effect::Channel(order) => self.channel(name, order),
                _ => {}
            }
        }
    }

    /// Carries out an order on a channel. A channel is there once both ends are made, each with the key of the other; what is
    /// said on it reaches the other end at once.
    fn channel(&mut self, name: &str, order: ChannelOrder) {
        let tell = |story: &mut Self, who: &str, news| story.tell(who, Msg::Channel(news));
        let other = |ends: &[(String, CallId, Fingerprint)], id| {
            ends.iter()
                .find(|(whose, made, _)| whose != name && *made == id)
                .map(|(whose, _, key)| (whose.clone(), *key))
        };
        match order {
            ChannelOrder::Open { id, theirs, .. } => {
                let first = other(&self.ends, id);
                self.ends.push((name.to_owned(), id, theirs));
                let Some((other, expected)) = first else { return };
                assert_eq!((expected, theirs), (key_of(name), key_of(&other)));
                for who in [name, &other] {
                    tell(self, who, ChannelNews::Ready(id, "lusab-babad-gutih-tugad".to_owned()));
                }
            }
            ChannelOrder::Say(id, text) => {
                if let Some((other, _)) = other(&self.ends, id) {
                    tell(self, &other, ChannelNews::Said(id, text));
                }
            }
            ChannelOrder::Bypass(id, wanted) => {
                if let Some((other, _)) = other(&self.ends, id) {
                    tell(self, &other, ChannelNews::WantsBypass(id, wanted));
                }
            }
            ChannelOrder::Camera(id, on) => {
                if let Some((other, _)) = other(&self.ends, id) {
                    tell(self, &other, ChannelNews::Camera(id, on));
                }
            }
            ChannelOrder::Watch(id, width) => {
                if let Some((other, _)) = other(&self.ends, id) {
                    tell(self, &other, ChannelNews::Watched(id, width > 0));
                }
            }
            ChannelOrder::Hear(id, on) => {
                if let Some((other, _)) = other(&self.ends, id) {
                    tell(self, &other, ChannelNews::Hears(id, on));
                }
            }
            ChannelOrder::Talk(id, on) => {
                if let Some((other, _)) = other(&self.ends, id) {
                    tell(self, &other, ChannelNews::Speaks(id, on));
                }
            }
            ChannelOrder::Close(id) => {
                let other = other(&self.ends, id);
                self.ends.retain(|(_, made, _)| *made != id);
                tell(self, name, ChannelNews::Ended(id, DirectEnd::Channel(ChannelEnd::Closed)));
                if let Some((other, _)) = other {
                    tell(self, &other, ChannelNews::Ended(id, DirectEnd::Channel(ChannelEnd::ClosedByPeer)));
                }
            }
            ChannelOrder::Offer(..)
            | ChannelOrder::Accept(..)
            | ChannelOrder::Decline(..)
            | ChannelOrder::Withdraw(..) => panic!("no story has files"),
        }
    }

    fn connect(&mut self, name: &str) {
        if self.down {
            self.people
                .get_mut(name)
                .unwrap()
                .to_client
                .push_back(Net::Failed(DialFailure::new(DialFault::Other, "Nobody is there.")));
            return;
        }
        self.conns += 1;
        let conn = ConnId(self.conns);
        let person = self.people.get_mut(name).unwrap();
        person.conn = Some(conn);
        person.to_client.push_back(Net::Connected(Dialect::Tr226));
        let port = 40_000 + u16::try_from(self.conns).unwrap();
        let address = ([127, 0, 0, 1], port).into();
        if self.people[name].proves {
            self.input(Input::Connected(conn, Origin::Tls(address)));
            self.input(Input::Proved(conn, key_of(name)));
        } else {
            self.input(Input::Connected(conn, Origin::Tcp(address)));
        }
        self.input(Input::Speaks(conn, Dialect::Tr226));
    }

    fn hang_up(&mut self, name: &str) {
        let person = self.people.get_mut(name).unwrap();
        person.to_client.clear();
        person.to_server.clear();
        if let Some(conn) = person.conn.take() {
            self.input(Input::Disconnected(conn, "connection closed"));
        }
    }

    /// Cuts somebody's connection: everything in transit is lost in both directions, half a frame included. Returns
    /// whether there was a connection.
    pub(crate) fn cut(&mut self, name: &str) -> bool {
        let there = self.people[name].conn.is_some();
        if there {
            let news = self.people[name].end("The line broke.");
            self.hang_up(name);
            self.people.get_mut(name).unwrap().to_client.push_back(news);
        }
        there
    }

    /// The same, but the server does not notice: to it, the session goes on.
    pub(crate) fn cut_unnoticed(&mut self, name: &str) -> bool {
        let person = self.people.get_mut(name).unwrap();
        let there = person.conn.take().is_some();
        if there {
            let news = person.end("The line broke.");
            person.to_server.clear();
            person.to_client = VecDeque::from([news]);
        }
        there
    }

    /// Kills the server; stored messages survive. Jobs that the store had not finished may be done or not.
    pub(crate) fn crash(&mut self, done: usize) {
        for job in self.jobs.drain(..).take(done) {
            self.simple_store.does(job);
        }
        self.broker = broker(&self.simple_store);
        self.outbox = Outbox::default();
        self.jobs.clear();
        let names: Vec<String> = self.people.keys().cloned().collect();
        for name in names {
            let person = self.people.get_mut(&name).unwrap();
            if person.conn.take().is_some() {
                let news = person.end("The server died.");
                person.to_client = VecDeque::from([news]);
                person.to_server.clear();
            }
        }
    }

    fn input(&mut self, input: Input) {
        self.broker.handle(self.now, input, &mut self.outbox);
        self.end_round();
    }

    fn end_round(&mut self) {
        self.jobs.extend(self.outbox.jobs.drain(..));
        self.outbox.notes.clear();
        self.outbox.relay.clear();
        let shared = self.outbox.take_shared();
        let mut heard = BTreeMap::new();
        for (conn, plan) in self.outbox.deliveries(&shared) {
            let mut said = Vec::new();
            self.outbox.stretches(plan, &shared, |stretch| said.extend_from_slice(stretch.bytes()));
            heard.insert(conn, (said, plan.is_closing()));
        }
        self.outbox.end_round(shared);
        for person in self.people.values_mut() {
            let Some((said, closing)) = person.conn.and_then(|conn| heard.get(&conn)) else { continue };
            let frames = lines::each(said).map(|line| Net::Said(Envelope::parse(line).unwrap()));
            person.to_client.extend(frames);
            if *closing {
                person.to_client.push_back(Net::Lost("The server ended it.".to_owned()));
            }
        }
    }

    /// What can happen next.
    pub(crate) fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        for (name, person) in &self.people {
            if !person.to_server.is_empty() && person.conn.is_some() {
                steps.push(Step::ToServer(name.clone()));
            }
            if !person.to_client.is_empty() {
                steps.push(Step::ToClient(name.clone()));
            }
        }
        if !self.jobs.is_empty() {
            steps.push(Step::Store);
        }
        steps
    }

    pub(crate) fn step(&mut self, step: Step) {
        match step {
            Step::ToServer(name) => drop(self.deliver_to_server(&name)),
            Step::ToClient(name) => {
                if let Some(net) = self.people.get_mut(&name).unwrap().to_client.pop_front() {
                    if matches!(net, Net::Lost(_) | Net::Failed(_)) {
                        self.hang_up(&name);
                    }
                    self.tell(&name, Msg::Net(net));
                }
            }
            Step::Store => {
                let job = self.jobs.pop_front().unwrap();
                if let Some(answer) = self.simple_store.does(job) {
                    self.input(answer);
                }
            }
        }
    }

    fn deliver_to_server(&mut self, name: &str) -> bool {
        let person = self.people.get_mut(name).unwrap();
        let (Some(conn), Some(request)) = (person.conn, person.to_server.pop_front()) else { return false };
        let mut line = Vec::new();
        request.write(&mut line, user_of(name));
        line.pop();
        self.input(Input::Received(conn, Request::parse(&line)));
        true
    }

    /// Time goes by.
    pub(crate) fn wait(&mut self, span: Duration) {
        self.now = Now { wall: self.now.wall.after(span), steady: self.now.steady.after(span) };
        self.input(Input::Tick);
        let names: Vec<String> = self.people.keys().cloned().collect();
        names.iter().for_each(|name| self.tell(name, Msg::Tick));
    }

    /// Takes every step that is possible now, in order.
    pub(crate) fn settle(&mut self) {
        for _ in 0..100_000 {
            match self.steps().into_iter().next() {
                Some(step) => self.step(step),
                None => return,
            }
        }
        panic!("it never ends");
    }

    /// Takes every step and lets enough time pass for everyone to be connected again.
    pub(crate) fn calm_down(&mut self) {
        for _ in 0..40 {
            self.settle();
            self.wait(Duration::from_secs(2));
        }
        self.settle();
    }

    /// The rows of the messages on somebody's screen, and what the client says to them.
    pub(crate) fn sees(&self, name: &str) -> Vec<String> {
        let view = self.people[name].session.view();
        let panel = view.panel.map(|panel| panel.rows).unwrap_or_default();
        let rows = view.messages.lines.iter().map(|row| row.line.text()).chain(panel.iter().map(StyledLine::text));
        rows.chain([view.status.left.text()]).map(|row| row.trim_end().to_owned()).collect()
    }

    /// The rows of the dialog on somebody's screen.
    pub(crate) fn dialog(&self, name: &str) -> Vec<String> {
        let rows = self.people[name].session.view().dialog.map(|dialog| dialog.rows).unwrap_or_default();
        let shown = |row: DialogRow| match row {
            DialogRow::Text(line) => line.text(),
            DialogRow::Field { label, text, cursor } => {
                format!("{label} {text}{}", if cursor.is_some() { "_" } else { "" })
            }
            DialogRow::Choice { row, selected, .. } => {
                format!("{} {}", if selected { ">" } else { " " }, row.left.text())
            }
            DialogRow::Buttons(labels, _) => labels.join(" "),
        };
        rows.into_iter().map(shown).collect()
    }

    /// The rows of the list of conversations.
    pub(crate) fn conversations(&self, name: &str) -> Vec<String> {
        let view = self.people[name].session.view();
        view.conversations.rows.iter().map(|row| row.left.text() + &row.right.text()).collect()
    }
}

/// Whose screen it is.
fn user_of(screen: &str) -> &str {
    screen.split(' ').next().unwrap_or_default()
}

/// The key of somebody, from the letters of the name.
fn key_of(screen: &str) -> Fingerprint {
    let mut key = [0; 32];
    key.iter_mut().zip(user_of(screen).bytes()).for_each(|(to, from)| *to = from);
    Fingerprint(key)
}

fn broker(simple_store: &SimpleStore) -> Broker {
    let rules = Rules { max_connections: 1000, ..Rules::default() };
    Broker::new(rules, simple_store.beginning())
}
