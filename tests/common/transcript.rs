//! Plays a transcript to a broker on a virtual clock, through real bytes, and writes down everything that is heard.
//!
//! Each line is a round; steps of one round are four spaces apart:
//!
//! ```text
//! alice> connects                 also: connects TR2.23, connects silent, connects from 10.0.0.1:5, connects uid 1000 (over
//!                                 a socket file), connects unmapped (over one, by a user whom the kernel cannot tell),
//!                                 connects key a (over TLS, from 10.0.0.1 if it does not say)
//! alice> joins                    short for both of these, and what is heard of it is not written down; also: joins TR2.23
//! alice> name alice               short for: alice | server | name | alice
//! alice> bob | bob | echo | hi    any frame; \x1b and the like stand for bytes
//! alice> calls bob 1              short for a call with the id 0101…01 and the key that alice has after `connects key a`;
//!                                 also: answers alice 1 yes, answers alice 1 no busy, hangs up on bob 1 done
//! alice! right                    the passphrase was checked (or: wrong)
//! alice> leaves                   the connection is gone
//! 200 users                       u0, u1 … connect, each under its name; what is heard of it is not written down
//! +61s                            time goes by, with a tick a second; +5ms goes by without
//! wall -1h                        the wall clock is set
//! tick / shutdown / log           as the words say; log writes down the log from here on
//! store waits / store answers     nothing is stored or looked up until it answers again
//! store fails / store works       what is to be stored is not, until it works again
//! logins alice=1000 bob=1001      the users of the machine
//! directory hangs / answers       nobody knows whose login a name is, until it answers again
//! moderators are alice bob        the rules are others from now on
//! edits for 24h                   likewise
//! calls off / calls on            likewise
//! the nodes are tls://a tls://b   likewise
//! withdraws: TEXT / returns       this node sends its clients elsewhere, or serves them again
//! the host orders free alice      whoever keeps the machine orders something, as on the control socket; what becomes of it
//!                                 stands below as `host: …`
//! the relay has port 7            the relay has news; also: the relay gives up 1, the relay gives up member 0 of 1, the
//!                                 relay is full for 1
//! wall -1h                        the wall clock jumps back; wall +1h: ahead
//! the clock is right              a person confirms it
//! restart, wall +1h               the server starts anew, on a machine whose clock has jumped meanwhile
//! restart                         the server starts anew on what is stored; nobody is connected
//! ```
//!
//! Numbers of messages are written as the time in milliseconds (`numbers`). What is heard stands below: `bob< a line`, `bob<< a packet`, `bob.` at the end of a connection, `relay: open 1` what the relay is to do, `u*99< a line` that 99
//! of the many users hear. A transcript is written by giving its steps alone to `UPDATE_EXPECT=1 cargo test`, and read
//! before it is believed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::Duration;

use tr2::model::trusted_clock::{ClockState, TrustedClock};
use tr2::model::{Fingerprint, Name, Now, Origin, Timestamp};
use tr2::protocol::conference::MemberNumber;
use tr2::protocol::limits::{MAX_FRAME, MAX_PACKET};
use tr2::protocol::lines;
use tr2::protocol::packet;
use tr2::protocol::{CallId, Dialect, Envelope, Request};
use tr2::server::broker::access::name_policy::Login;
use tr2::server::broker::moderation::clock::ClockNews;
use tr2::server::broker::outbox::Outbox;
use tr2::server::broker::rules::Rules;
use tr2::server::broker::{Broker, Input};
use tr2::server::cluster::front::Front;
use tr2::server::host_order::HostOrder;
use tr2::server::ids::ConnId;
use tr2::server::relay::RelayId;
use tr2::server::relay::orders::{RelayNews, RelayOrder};

use crate::numbers::Numbers;
use crate::servers::{self, Server};

/// When every transcript begins.
const START: &str = "2026-11-22T12:00:00.000Z";

struct Stage {
    rules: Rules,
    /// One server, or several that serve the same chat; a connection is one to the server of its number modulo theirs.
    servers: Vec<Server>,
    store_waits: bool,
    numbers: Numbers,
    now: Now,
    conns: BTreeMap<String, (ConnId, Dialect)>,
    names: BTreeMap<ConnId, String>,
    closed: BTreeSet<ConnId>,
    log: bool,
    logins: BTreeMap<String, u32>,
    directory_hangs: bool,
    heard: String,
    clock: TrustedClock,
    clock_told: ClockState,
}

/// Rules as they are without options.
pub(crate) fn rules() -> Rules {
    Rules { max_connections: 1000, own_uid: 42, ..Rules::default() }
}

/// Plays the steps of a transcript, and returns it with all that was heard.
pub(crate) fn play(rules: Rules, transcript: &str) -> String {
    play_on(1, rules, transcript)
}

/// As [`play`], on so many servers that serve the same chat: each gives its store the same jobs. The log stays out of it:
/// each server writes about its own connections.
pub(crate) fn play_on(servers: usize, rules: Rules, transcript: &str) -> String {
    let now = Now { wall: Timestamp::parse(START).unwrap(), steady: Timestamp(0) };
    let mut clock = TrustedClock::start(now, None);
    let mut stage = Stage {
        clock_told: clock.look(now),
        clock,
        servers: (0..servers).map(|number| Server::new(&rules, (number, servers))).collect(),
        rules,
        store_waits: false,
        numbers: Numbers::default(),
        now,
        conns: BTreeMap::new(),
        names: BTreeMap::new(),
        closed: BTreeSet::new(),
        log: false,
        logins: BTreeMap::new(),
        directory_hangs: false,
        heard: String::new(),
    };
    for round in transcript.lines().map(str::trim).filter(|line| is_round(line)) {
        writeln!(stage.heard, "{round}").unwrap();
        let steps = || round.split("    ").map(str::trim).filter(|step| !step.is_empty());
        steps().for_each(|step| stage.step(step));
        stage.end_round(!steps().all(|step| step.contains("> joins")));
        servers::start_anew(&mut stage.servers, &stage.rules);
    }
    stage.heard
}

/// Whether a line holds steps, not what was heard of them.
fn is_round(line: &str) -> bool {
    let first = line.split(' ').next().unwrap_or_default();
    let heard = first.ends_with('<') || first.ends_with('.') || matches!(first, "log:" | "check:" | "relay:" | "host:");
    !line.is_empty() && !heard
}

impl Stage {
    fn step(&mut self, step: &str) {
        if let Some(span) = step.strip_prefix('+') {
            self.wait(span);
        } else if let Some(span) = step.strip_prefix("wall -") {
            self.now.wall.0 -= i64::try_from(duration(span).as_millis()).unwrap();
            self.look_at_clock();
        } else if let Some(span) = step.strip_prefix("wall +") {
            self.now.wall = self.now.wall.after(duration(span));
            self.look_at_clock();
        } else if let Some(span) = step.strip_prefix("restart, wall +") {
            self.now.wall = self.now.wall.after(duration(span));
            self.step("restart");
        } else if let Some(span) = step.strip_prefix("restart, wall -") {
            self.now.wall.0 -= i64::try_from(duration(span).as_millis()).unwrap();
            self.step("restart");
        } else if let Some((who, right)) = step.split_once("! ") {
            self.handle(Input::Checked(self.conns[who].0, right == "right"));
        } else if let Some((who, said)) = step.split_once("> ") {
            self.say(who, said);
        } else if let Some(names) = step.strip_prefix("moderators are") {
            let moderators = names.split_whitespace().map(|name| Name::parse(name).unwrap()).collect();
            self.rules = Rules { moderators, ..self.rules.clone() };
            self.handle(Input::Rules(Box::new(self.rules.clone())));
        } else if let Some(span) = step.strip_prefix("edits for ") {
            self.rules = Rules { edit_time: duration(span), ..self.rules.clone() };
            self.handle(Input::Rules(Box::new(self.rules.clone())));
        } else if let Some(on) = step.strip_prefix("calls ") {
            self.rules.calls = on == "on";
            self.handle(Input::Rules(Box::new(self.rules.clone())));
        } else if let Some(nodes) = step.strip_prefix("the nodes are") {
            self.rules.nodes = nodes.split_whitespace().map(|node| node.parse().unwrap()).collect();
            self.handle(Input::Rules(Box::new(self.rules.clone())));
        } else if let Some(text) = step.strip_prefix("withdraws: ") {
            self.handle(Input::Withdraw(text.to_owned()));
        } else if let Some(news) = step.strip_prefix("the relay ") {
            self.handle(Input::Relay(relay_news(news)));
        } else if let Some(line) = step.strip_prefix("the host orders ") {
            let order = HostOrder::parse(line).unwrap();
            assert_eq!(order.line(), line);
            self.handle(Input::Ordered(ConnId(1_000_000), order));
        } else if let Some(logins) = step.strip_prefix("logins ") {
            let pairs = logins.split(' ').filter_map(|login| login.split_once('='));
            self.logins = pairs.map(|(name, uid)| (name.to_owned(), uid.parse().unwrap())).collect();
        } else if let Some(count) = step.strip_suffix(" users") {
            for number in 0..count.parse::<usize>().unwrap() {
                self.say(&format!("u{number}"), "connects");
                self.say(&format!("u{number}"), &format!("name u{number}"));
                self.end_round(false);
            }
        } else {
            match step {
                "the clock is right" => {
                    self.clock.believe(self.now);
                    self.look_at_clock();
                }
                "tick" => self.handle(Input::Tick),
                "shutdown" => self.handle(Input::Shutdown),
                "returns" => self.handle(Input::Return),
                "log" => self.log = true,
                "store waits" => self.store_waits = true,
                "store answers" => self.store_waits = false,
                "store fails" => self.servers.iter_mut().for_each(|server| server.store.fails = true),
                "directory hangs" => self.directory_hangs = true,
                "directory answers" => self.directory_hangs = false,
                "store works" => self.servers.iter_mut().for_each(|server| server.store.fails = false),
                "restart" => {
                    for server in &mut self.servers {
                        let beginning = server.store.beginning();
                        self.numbers.restart(beginning.last_id.0);
                        server.broker = Broker::new(self.rules.clone(), beginning);
                        server.outbox = Outbox::default();
                        server.front = Front::default();
                    }
                    self.closed.extend(self.names.keys());
                    self.clock = TrustedClock::start(self.now, Some(self.clock.known(self.now)));
                    self.clock_told = self.clock.look(self.now);
                    let ahead = self.clock_told.ahead;
                    self.handle(Input::Clock(ClockNews { ahead, moved: 0 }));
                }
                other => panic!("no such step: {other}"),
            }
        }
    }

    /// Tells the broker of the wall clock, as the server does.
    fn look_at_clock(&mut self) {
        let state = self.clock.look(self.now);
        if state.differs(&self.clock_told) {
            let moved = state.line - self.clock_told.line;
            self.clock_told = state;
            self.handle(Input::Clock(ClockNews { ahead: state.ahead, moved }));
        }
    }

    fn wait(&mut self, span: &str) {
        let mut left = duration(span);
        while left > Duration::ZERO {
            let pause = left.min(Duration::from_secs(1));
            left -= pause;
            self.now = Now { wall: self.now.wall.after(pause), steady: self.now.steady.after(pause) };
            if pause == Duration::from_secs(1) {
                self.handle(Input::Tick);
                self.end_round(true);
            }
        }
    }

    fn say(&mut self, who: &str, said: &str) {
        if let Some(how) = said.strip_prefix("connects") {
            return self.connect(who, how.trim());
        }
        if let Some(how) = said.strip_prefix("joins") {
            self.connect(who, how.trim());
            return self.say(who, &format!("name {who}"));
        }
        let (conn, dialect) = self.conns[who];
        if said == "leaves" {
            self.closed.insert(conn);
            return self.handle(Input::Disconnected(conn, "connection closed"));
        }
        let said = match said.strip_prefix("name ") {
            Some(name) => format!("{name} | server | name | {name}").into_bytes(),
            None => match of_call(who, said) {
                Some(frame) => frame.into_bytes(),
                None => bytes(&self.numbers.said_as(said)),
            },
        };
        let requests = match dialect {
            Dialect::Tr226 => vec![Request::parse(&said)],
            Dialect::Tr223 => packet::cut(&said).into_iter().map(packet::read_request).collect::<Vec<_>>(),
        };
        for request in requests {
            self.handle(Input::Received(conn, request));
        }
    }

    fn connect(&mut self, who: &str, how: &str) {
        let conn = ConnId(u64::try_from(self.names.len()).unwrap() + 1);
        let (how, from) = how.split_once("from ").unwrap_or((how, ""));
        let local = || SocketAddr::from(([127, 0, 0, 1], 40_000 + u16::try_from(conn.0).unwrap()));
        let from = from.parse().unwrap_or_else(|_| local());
        let dialect = if how.trim() == "TR2.23" { Dialect::Tr223 } else { Dialect::Tr226 };
        self.conns.insert(who.to_owned(), (conn, dialect));
        self.names.insert(conn, who.to_owned());
        let words: Vec<&str> = how.split_whitespace().collect();
        match words[..] {
            ["unmapped"] => self.handle(Input::Connected(conn, Origin::Unmapped)),
            ["uid", uid] => self.handle(Input::Connected(conn, Origin::Unix(uid.parse().unwrap()))),
            ["key", key] => {
                let address = if from == local() { ([10, 0, 0, 1], from.port()).into() } else { from };
                self.handle(Input::Connected(conn, Origin::Tls(address)));
                self.handle(Input::Proved(conn, Fingerprint([key.as_bytes()[0]; 32])));
            }
            ["tls"] => self.handle(Input::Connected(conn, Origin::Tls(from))),
            _ => self.handle(Input::Connected(conn, Origin::Tcp(from))),
        }
        if how.trim() != "silent" {
            self.handle(Input::Speaks(conn, dialect));
        }
    }

    fn handle(&mut self, input: Input) {
        match &mut self.servers[..] {
            [server] => server.broker.handle(self.now, input, &mut server.outbox),
            servers => servers::share(servers, self.now, input),
        }
        self.numbers.learn(&self.servers[0].outbox.jobs);
    }

    /// Has the store do its jobs until none is left.
    fn store(&mut self) {
        for server in &mut self.servers {
            server.waiting.append(&mut server.outbox.jobs);
        }
        while !self.store_waits && self.servers.iter().any(|server| !server.waiting.is_empty()) {
            servers::do_the_same(&self.servers);
            let alone = self.servers.len() == 1;
            for at in 0..self.servers.len() {
                for job in std::mem::take(&mut self.servers[at].waiting) {
                    let server = &mut self.servers[at];
                    match server.store.does(job) {
                        Some(answer) if alone => server.broker.handle(self.now, answer, &mut server.outbox),
                        Some(answer) => server.report(self.now, answer),
                        None => {}
                    }
                    if at == 0 {
                        self.numbers.learn(&self.servers[0].outbox.jobs);
                    }
                }
                let server = &mut self.servers[at];
                server.waiting.append(&mut server.outbox.jobs);
            }
        }
    }

    /// Delivers what the round said, as the server does, and writes it down.
    fn end_round(&mut self, write_down: bool) {
        for (conn, uid, name) in self.servers.iter_mut().flat_map(Server::take_lookups).collect::<Vec<_>>() {
            let own = self.logins.iter().find(|(_, owner)| Some(**owner) == uid).map(|(own, _)| own.clone());
            if let Some(own) = own.filter(|_| !self.directory_hangs) {
                self.handle(Input::LoginOf(conn, own));
            }
            let login = match self.logins.get(name.as_str()) {
                _ if self.directory_hangs => Login::Unknown,
                None => Login::Nobodys,
                Some(&owner) if Some(owner) == uid => Login::Own,
                Some(_) => Login::Others,
            };
            self.handle(Input::LookedUp(conn, login));
        }
        self.store();
        let mut heard = BTreeMap::new();
        for server in &mut self.servers {
            let shared = server.outbox.take_shared();
            for (conn, plan) in server.outbox.deliveries(&shared) {
                let mut said = Vec::new();
                server.outbox.stretches(plan, &shared, |stretch| said.extend_from_slice(stretch.bytes()));
                heard.insert(conn, (said, plan.packets().to_vec(), plan.is_closing()));
            }
            server.outbox.end_round(shared);
        }
        let mut crowd: BTreeMap<String, usize> = BTreeMap::new();
        for (conn, (said, packets, closing)) in heard {
            let who = &self.names[&conn];
            let quiet = self.closed.contains(&conn);
            assert!(!quiet || said.is_empty() && packets.is_empty(), "{who} hears something after its end");
            let mut written = self.numbers.as_written(&lines_heard(who, &said)) + &packets_heard(who, &packets);
            if closing && self.closed.insert(conn) {
                writeln!(written, "{who}.").unwrap();
            }
            if who.strip_prefix('u').is_some_and(|number| number.parse::<usize>().is_ok()) {
                for line in written.lines().filter_map(|line| Some(line.split_once('<')?.1)) {
                    *crowd.entry(line.to_owned()).or_default() += 1;
                }
            } else if write_down {
                self.heard += &written;
            }
        }
        for (line, count) in crowd.iter().filter(|_| write_down) {
            writeln!(self.heard, "u*{count}<{line}").unwrap();
        }
        let checks = self.servers.iter_mut().flat_map(|server| std::mem::take(&mut server.outbox.checks));
        for (conn, passphrase) in checks.collect::<BTreeMap<_, _>>() {
            writeln!(self.heard, "check: {passphrase} (of {})", self.names[&conn]).unwrap();
        }
        for order in servers::take_same(&mut self.servers, |server| std::mem::take(&mut server.outbox.relay)) {
            let order = match order {
                RelayOrder::Open(RelayId(number), [one, other]) => format!("open {number} {one} {other}"),
                RelayOrder::Admit(RelayId(number), MemberNumber(member), token) => {
                    format!("admit {number} {member} {token}")
                }
                RelayOrder::Dismiss(RelayId(number), MemberNumber(member)) => format!("dismiss {number} {member}"),
                RelayOrder::Close(RelayId(number)) => format!("close {number}"),
            };
            writeln!(self.heard, "relay: {order}").unwrap();
        }
        for (_, outcome) in servers::take_same(&mut self.servers, |server| std::mem::take(&mut server.outbox.outcomes))
        {
            let told = match outcome {
                Ok(text) => text,
                Err(why) => format!("refused: {why}"),
            };
            writeln!(self.heard, "host: {told}").unwrap();
        }
        let notes: Vec<_> = self.servers.iter_mut().map(|server| std::mem::take(&mut server.outbox.notes)).collect();
        for note in notes.into_iter().next().unwrap_or_default().into_iter().filter(|_| self.log) {
            writeln!(self.heard, "log: {}", self.numbers.as_written(&note.to_string())).unwrap();
        }
    }
}

/// The frame that a short form about a call stands for.
fn of_call(who: &str, said: &str) -> Option<String> {
    let words: Vec<&str> = said.split(' ').collect();
    let (to, id, operation, rest) = match words[..] {
        ["calls", to, id] => (to, id, "call", ["what=chat,video"].as_slice()),
        ["answers", to, id, ref rest @ ..] => (to, id, "answer", rest),
        ["hangs", "up", "on", to, id, ref rest @ ..] => (to, id, "hang_up", rest),
        _ => return None,
    };
    let (id, rest, key) = (CallId([id.parse().unwrap(); 16]), rest.join(" "), Fingerprint([who.as_bytes()[0]; 32]));
    let shows_key = operation == "call" || rest == "yes";
    let key = if shows_key { format!(" key={key}") } else { String::new() };
    Some(format!("{who} | {to} | {operation} | id={id} {rest}{key}"))
}

fn relay_news(news: &str) -> RelayNews {
    let number = news.rsplit(' ').next().unwrap();
    let relay = || RelayId(number.parse().unwrap());
    match news.trim_end_matches(number) {
        "has port " => RelayNews::Port(number.parse().unwrap()),
        "gives up " => RelayNews::GaveUp(relay()),
        "is full for " => RelayNews::Full(relay()),
        "gives up member 0 of " => RelayNews::GaveUpMember(relay(), MemberNumber(0)),
        other => panic!("no such news: {other}"),
    }
}

fn lines_heard(who: &str, said: &[u8]) -> String {
    let mut heard = String::new();
    assert!(said.is_empty() || said.ends_with(b"\n"), "{who} hears half a line");
    for line in lines::each(said) {
        assert!(line.len() < MAX_FRAME, "{who} hears a frame of {} bytes", line.len());
        Envelope::parse(line).unwrap();
        let shown = std::str::from_utf8(line).unwrap();
        let cut =
            if shown.len() > 400 { format!("{}… ({} bytes)", &shown[..160], shown.len()) } else { shown.to_owned() };
        writeln!(heard, "{who}< {cut}").unwrap();
    }
    heard
}

fn packets_heard(who: &str, packets: &[std::sync::Arc<[u8]>]) -> String {
    let mut heard = String::new();
    for packet in packets {
        assert!(packet.len() <= MAX_PACKET && !packet.contains(&b'\n'), "{who} hears a bad packet");
        writeln!(heard, "{who}<< {}", std::str::from_utf8(packet).unwrap()).unwrap();
    }
    heard
}

fn duration(span: &str) -> Duration {
    let unit = span.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = span[..span.len() - unit.len()].parse().unwrap();
    match unit {
        "ms" => Duration::from_millis(number),
        "s" => Duration::from_secs(number),
        "h" => Duration::from_secs(3600 * number),
        other => panic!("no such unit: {other}"),
    }
}

/// Bytes as a script writes them: `\x1b` is one byte, everything else stands for itself.
fn bytes(said: &str) -> Vec<u8> {
    let mut parts = said.split("\\x");
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    bytes
}
