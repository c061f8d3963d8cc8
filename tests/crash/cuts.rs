//! Connections cut at any byte: the real session over real sockets, through a proxy that cuts them. Every user is here in
//! three sessions, each of which loses its connections for itself and comes back with its token.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tr2::client::key::Key;
use tr2::client::msg::{Effect, Msg, Net};
use tr2::client::session::{Mode, PlainOptions, Session, Start};
use tr2::client::settings::Settings;
use tr2::model::{Name, Now, Timestamp};
use tr2::net::dial_failure::{DialFailure, DialFault};
use tr2::protocol::lines;
use tr2::protocol::{Command, Dialect, Envelope, Event, Lines, MessageCommand, SessionToken};

use super::serving::{Folder, PATIENCE, Server};
use crate::chance::Chance;

/// As many names as one login may own, but one.
const USERS: usize = 7;
/// Sessions of each user.
const SESSIONS: usize = 3;
const CLIENTS: usize = USERS * SESSIONS;
const CUTS: usize = 200;
/// Messages of each client.
const MESSAGES: usize = 15;
/// How much faster the clients' clock goes; no more, so that a busy machine answers in time all the same.
const HASTE: u32 = 5;

/// A proxy to the socket file of a server, which verifies everyone by it, that cuts each connection after a random number
/// of bytes.
fn proxy(server: PathBuf) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let cuts = Arc::new(AtomicUsize::new(CUTS));
    let left = Arc::clone(&cuts);
    let chance = Arc::new(Mutex::new(Chance(200)));
    std::thread::spawn(move || {
        for near in listener.incoming().map_while(Result::ok) {
            let Ok(far) = UnixStream::connect(&server) else { continue };
            let line = Arc::new((near, far));
            for up in [true, false] {
                let (line, left, chance) = (Arc::clone(&line), Arc::clone(&left), Arc::clone(&chance));
                std::thread::spawn(move || {
                    let (near, far) = &*line;
                    if up {
                        carry(near, far, &left, &chance)
                    } else {
                        carry(far, near, &left, &chance)
                    }
                    // The other direction may have done this already.
                    let _ = near.shutdown(Shutdown::Both);
                    let _ = far.shutdown(Shutdown::Both);
                });
            }
        }
    });
    (address, cuts)
}

fn carry(mut from: impl Read, mut to: impl Write, left: &AtomicUsize, chance: &Mutex<Chance>) {
    // The first connection of each client lasts until it has joined: a client that never joined opens a dialog.
    let mut room = 700 + chance.lock().unwrap().below(3000);
    let mut bytes = [0; 4096];
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        let cut =
            read > room && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        let carried = if cut { room } else { read };
        room = room.saturating_sub(carried);
        if to.write_all(&bytes[..carried]).is_err() || cut {
            break;
        }
    }
}

/// What a client is left with in the end.
struct Outcome {
    /// The messages on its screen.
    sees: Vec<String>,
    /// How often a message went out under each label.
    sent: BTreeMap<String, usize>,
    /// How often `accepted` came for each label.
    accepted: BTreeMap<String, usize>,
}

struct Client {
    session: Session,
    address: SocketAddr,
    stream: Option<TcpStream>,
    lines: Lines,
    begun: Instant,
    /// The time skipped while disconnected, so that the test need not wait for back-off.
    skipped: Duration,
    sent: BTreeMap<String, usize>,
    accepted: BTreeMap<String, usize>,
}

impl Client {
    fn new(address: SocketAddr, number: usize) -> Self {
        let user = number / SESSIONS;
        let session = Session::new(Start {
            server_named: true,
            take_over: false,
            code: None,
            name: Name::parse(&format!("user{user}")).ok(),
            login: String::new(),
            server: "tcp://localhost".parse().unwrap(),
            others: Vec::new(),
            key_given: false,
            zone: tr2::model::Zone::default(),
            plain: PlainOptions::default(),
            opens_links: false,
            confined: false,
            unsent: Vec::new(),
            own_key: None,
            known_people: Vec::new(),
            // The sessions of a user have the same labels: what tells them apart is the token.
            seed: 1000 + user as u64,
            token: SessionToken([number as u8; 16]),
            mode: Mode::Screen,
            backlog: true,
            sent: Vec::new(),
            settings: Settings::default(),
        });
        Self {
            session,
            address,
            stream: None,
            lines: Lines::new(),
            begun: Instant::now(),
            skipped: Duration::ZERO,
            sent: BTreeMap::new(),
            accepted: BTreeMap::new(),
        }
    }

    fn now(&self) -> Now {
        let steady = Timestamp(5000).after(self.begun.elapsed() * HASTE + self.skipped);
        Now { wall: Timestamp(1_795_000_000_000), steady }
    }

    fn tell(&mut self, msg: Msg) {
        let effects = self.session.update(self.now(), msg);
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Dial(_) => match TcpStream::connect(self.address) {
                    Ok(stream) => {
                        stream.set_nodelay(true).unwrap();
                        stream.set_read_timeout(Some(Duration::from_millis(2))).unwrap();
                        (self.stream, self.lines) = (Some(stream), Lines::new());
                        self.tell(Msg::Net(Net::Connected(Dialect::Tr226)));
                    }
                    Err(error) => {
                        self.tell(Msg::Net(Net::Failed(DialFailure::new(DialFault::Other, error.to_string()))))
                    }
                },
                Effect::Send(request) => {
                    if let (Command::Message(MessageCommand::Broadcast { .. }), Some(label)) =
                        (&request.command, &request.reference)
                    {
                        *self.sent.entry(label.clone()).or_default() += 1;
                    }
                    let mut frame = Vec::new();
                    request.write(&mut frame, "x");
                    // The reading side notices a broken connection.
                    let _ = self.stream.as_mut().map(|stream| stream.write_all(&frame));
                }
                Effect::Disconnect => self.stream = None,
                _ => {}
            }
        }
    }

    /// Reads what has arrived and handles due deadlines.
    fn turn(&mut self) {
        let mut bytes = [0; 8192];
        let read = self.stream.as_mut().map(|stream| stream.read(&mut bytes));
        match read {
            None => {
                // The back-off, shortened. The server needs a moment to notice a broken connection and free the name.
                std::thread::sleep(Duration::from_millis(1));
                self.skipped += Duration::from_millis(100);
            }
            Some(Ok(read @ 1..)) => {
                let mut whole = Vec::new();
                self.lines.push(&bytes[..read], &mut whole);
                for line in lines::each(&whole) {
                    let said = Envelope::parse(line).expect("a whole frame");
                    if let (Event::Accepted { .. }, Some(label)) = (&said.event, &said.reference) {
                        *self.accepted.entry(label.clone()).or_default() += 1;
                    }
                    self.tell(Msg::Net(Net::Said(said)));
                }
            }
            Some(Err(error)) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Some(_) => {
                self.stream = None;
                self.tell(Msg::Net(Net::Lost("The line broke.".to_owned())));
            }
        }
        if self.session.deadline().is_some_and(|deadline| deadline <= self.now().steady) {
            self.tell(Msg::Tick);
        }
    }

    fn says(&mut self, text: &str) {
        self.tell(Msg::Paste(text.to_owned()));
        self.tell(Msg::Key(Key::Enter));
    }

    /// The messages on the screen.
    fn sees(&self) -> Vec<String> {
        let rows = self.session.view().messages.lines;
        rows.iter()
            .map(|row| row.line.text())
            .filter_map(|row| Some(row[row.find("said ")?..].trim_end().to_owned()))
            .collect()
    }

    fn works(mut self, number: usize, cuts: &AtomicUsize) -> Outcome {
        let effects = self.session.start(self.now());
        self.carry_out(effects);
        self.tell(Msg::Resize { cols: 100, rows: 20_000 });
        let mut said = 0;
        let mut checked = Instant::now();
        while self.begun.elapsed() < 3 * PATIENCE {
            self.turn();
            if said < MESSAGES && self.begun.elapsed() > Duration::from_millis(60 * said as u64) {
                self.says(&format!("said {said} by {number}"));
                said += 1;
            }
            // Keeps the connections busy until all cuts are made.
            let cutting = cuts.load(Ordering::SeqCst) > 0;
            if said == MESSAGES && cutting && checked.elapsed() > Duration::from_millis(20) {
                let more = "on and on ".repeat(20);
                self.says(&format!("/echo {more}"));
                checked = Instant::now();
            } else if said == MESSAGES && !cutting && checked.elapsed() > Duration::from_millis(300) {
                checked = Instant::now();
                let sees = self.sees();
                if sees.len() >= CLIENTS * MESSAGES && sees.iter().all(|text| !text.ends_with(']')) {
                    return Outcome { sees, sent: self.sent, accepted: self.accepted };
                }
            }
        }
        let view = self.session.view();
        let (sees, left) = (self.sees().len(), cuts.load(Ordering::SeqCst));
        let status = view.status.left.text();
        panic!("client{number} is not done: it sees {sees}, {left} cuts are left; {status} {:?}", view.dialog);
    }
}

#[test]
fn connections_cut_at_any_byte_leave_every_session_with_the_same_messages() {
    let folder = Folder::new();
    let socket = folder.path().join("s");
    let listen = format!("unix:{}", socket.display());
    let server = Server::start(&["--listen", &listen, "--flood", "off", "--log", "error"]);
    let (address, cuts) = proxy(socket);
    let outcomes: Vec<Outcome> = std::thread::scope(|scope| {
        let cuts = &cuts;
        let clients: Vec<_> =
            (0..CLIENTS).map(|number| scope.spawn(move || Client::new(address, number).works(number, cuts))).collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    assert_eq!(cuts.load(Ordering::SeqCst), 0, "every cut was made");
    let kept = super::kill::page(server.address, 0);
    for user in 0..USERS {
        let own = kept.iter().filter(|kept| kept.sender == format!("user{user}")).count();
        assert_eq!(own, SESSIONS * MESSAGES, "what user {user} said in all sessions is stored, once");
    }
    let history: Vec<String> = kept.into_iter().map(|kept| kept.text).collect();
    let mut again = 0;
    for (number, outcome) in outcomes.iter().enumerate() {
        assert_eq!(outcome.sees, history, "what client {number} sees");
        assert_eq!(outcome.sent.len(), MESSAGES, "client {number}");
        let once: BTreeMap<String, usize> = outcome.sent.keys().map(|label| (label.clone(), 1)).collect();
        assert_eq!(outcome.accepted, once, "client {number} is told once that each of its own messages is accepted");
        again += outcome.sent.values().filter(|times| **times > 1).count();
    }
    println!("{again} messages were on their way when a connection was cut, and went out again under their label");
    assert!(again > 0);
}
