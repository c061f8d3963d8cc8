//! Calls: packets a second from one client to the other through the server, and what one costs it; of two, and of twelve
//! who see one another; and whether others wait beside ten such calls.
//!
//! `cargo bench --bench calls`; words after `--` choose, as in `-- UDP`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]
#![allow(clippy::string_slice)]

mod kit;

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use kit::machine::{self, Core, or_quick};
use kit::secure::Talk;
use kit::serving::{Folder, PATIENCE, Server, TR2};
use kit::table::Table;
use tr2::model::Timestamp;
use tr2::protocol::conference::MemberNumber;
use tr2::protocol::conference_packet::{ConferencePacket, FaceSize, PictureHead, Want};
use tr2::protocol::leg::{LegPacket, LegStream, LegToken, write_on_stream};
use tr2::server::limits::Rate;
use tr2::server::relay::{Relay, RelayId, RelayRates, RelaySend, StreamId};

/// Calls at once, each with packets in both directions.
const CALLS: usize = 8;
/// The size of a packet that holds a picture.
const SIZE: usize = 600;
/// Packets of a leg that are under way at once, at full speed.
const UNDER_WAY: u64 = 16;
/// Packets a second of twelve people who see each other, fifteen pictures a second.
const CONFERENCE: u32 = 2000;
/// Those twelve, their pictures, and the size of each.
const PEOPLE: usize = 12;
const PICTURES: u32 = 15;
const FACE: usize = 150;
/// Of a core, what they may cost the server.
const MOST_SHARE: f64 = 0.01;
/// Calls of twelve at once, beside which others talk; in how many turns, every other of them without pictures; and how
/// much longer others may wait.
const ROOMS: usize = 10;
const TURNS: usize = 8;
const MOST_SLOWER: f64 = 1.05;
/// What a packet may cost the server, in microseconds.
const MOST: f64 = 4.0;

fn main() {
    let mut table = Table::new("calls");
    if machine::wanted("forwarder") {
        let each = forwarding(Duration::from_millis(or_quick(1000, 50)));
        let share = each * f64::from(PICTURES) * (PEOPLE * (PEOPLE - 1)) as f64 / 1e6;
        let note = format!("without sockets; {:.2} % of a core for {PEOPLE} people at {PICTURES}/s", share * 100.0);
        table.row("a forwarded packet", "forwarder", &format!("{each:.2} us"), None, &note);
        table.at_most(
            &format!("forwarding a packet to each of {} costs at most {MOST} us", PEOPLE - 1),
            Some(each),
            MOST,
        );
    }
    for (over, word) in [(Over::Udp, "UDP"), (Over::Stream, "TCP")] {
        if !machine::wanted(word) {
            continue;
        }
        let mut load = Load::start(over);
        let duration = Duration::from_millis(or_quick(3000, 100));
        let full = load.run(duration, None);
        let note = format!(
            "{CALLS} calls, {SIZE} B; {:.2} us of the server each, {:.0} % of its core; {} of {} lost",
            full.cost(),
            full.share() * 100.0,
            full.lost,
            full.received + full.lost,
        );
        table.row("packets, at full speed", word, &format!("{:.0} k/s", full.rate() / 1e3), None, &note);
        let paced = load.run(duration, Some(CONFERENCE));
        let (p50, p99) = (paced.delay_ms(0.5), paced.delay_ms(0.99));
        let (cost, lost) = (paced.cost(), paced.lost);
        let note = format!("of its core; {cost:.2} us each, {lost} lost; p50 {p50:.2}, p99 {p99:.2} ms");
        table.row(
            &format!("{CONFERENCE} packets a second"),
            word,
            &format!("{:.1} %", paced.share() * 100.0),
            None,
            &note,
        );
        let what = format!("a packet from {word} to {word} costs the server at most {MOST} us at full speed");
        table.at_most(&what, Some(full.cost()), MOST);
        drop(load);
        let mut room = Load::conference(over);
        let seen = room.show_faces(duration);
        let people = format!("{PEOPLE} people, {PICTURES} pictures a second");
        let note = format!("of its core; {:.2} us a packet, {} lost", seen.cost(), seen.lost);
        table.row(&people, word, &format!("{:.2} %", seen.share() * 100.0), None, &note);
        table.at_most(&format!("{people} over {word}, share of a core at most"), Some(seen.share()), MOST_SHARE);
    }
    if machine::wanted("beside") {
        beside_conferences(&mut table);
    }
    table.end();
}

/// Whether words of others wait beside ten calls of rooms: the round trip of a line of one to another, in turns with and
/// without the pictures of all the calls.
fn beside_conferences(table: &mut Table) {
    let server = server();
    let rooms: Vec<Room> = (0..or_quick(ROOMS, 2)).map(|number| Room::filled(&server, Over::Udp, number)).collect();
    let is_on = AtomicBool::new(false);
    let is_over = AtomicBool::new(false);
    let [mut quiet, mut busy] = [Vec::new(), Vec::new()];
    let seen = thread::scope(|scope| {
        let faces = scope.spawn(|| show_rooms(rooms, &is_on, &is_over));
        // Whatever happens, the pictures end.
        let over = PicturesEnd(&is_over);
        let [mut speaker, mut hearer] = ["speaker", "hearer"].map(|name| Talk::tcp(server.address).join(name));
        for turn in 0..or_quick(TURNS, 2) {
            is_on.store(turn % 2 == 1, Ordering::Relaxed);
            // Neither counts the change.
            thread::sleep(Duration::from_millis(200));
            let (began, delays) = (Instant::now(), if turn % 2 == 1 { &mut busy } else { &mut quiet });
            for number in 0..or_quick(400, 4) {
                let said = Instant::now();
                let words = format!("line{turn}n{number}.");
                speaker.send(format!("speaker | hearer | private_message | {words}\n").as_bytes(), true);
                hearer.until(&words);
                delays.push(said.elapsed());
                // A hundred a second.
                thread::sleep((Duration::from_millis(10) * (number + 1)).saturating_sub(began.elapsed()));
            }
        }
        drop(over);
        faces.join().unwrap()
    });
    let ms = |delays: &mut Vec<Duration>, share: f64| {
        delays.sort();
        delays[((delays.len() as f64 * share) as usize).min(delays.len() - 1)].as_secs_f64() * 1e3
    };
    let [before, beside] = [&mut quiet, &mut busy].map(|delays| (ms(delays, 0.5), ms(delays, 0.99)));
    let what = format!("a line, beside {ROOMS} calls of {PEOPLE}");
    let note =
        format!("p50 {:.2}, without them p50 {:.2}, p99 {:.2} ms; {seen:.0} packets/s", beside.0, before.0, before.1);
    table.row(&what, "TCP", &format!("p99 {:.2} ms", beside.1), None, &note);
    let ratio = beside.1 / before.1;
    table.at_most(&format!("{what}: its p99 as a share of that without them, at most"), Some(ratio), MOST_SLOWER);
}

/// Ends the pictures when it is dropped.
struct PicturesEnd<'a>(&'a AtomicBool);

impl Drop for PicturesEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The people in a room's call, and their legs.
struct Room {
    legs: Vec<Leg>,
    _talks: Vec<Talk>,
}

impl Room {
    /// A room's call, in which all show all.
    fn filled(server: &Server, over: Over, number: usize) -> Self {
        let (mut legs, mut talks) = (Vec::new(), Vec::new());
        for person in 0..PEOPLE {
            let mut talk = Talk::tcp(server.address).join(&format!("person{number}x{person}"));
            let (key, id) = (format!("SHA256:{}", "A".repeat(43)), number * PEOPLE + person);
            talk.ask(&format!("x | #room{number} | join_room | no data"), "| room |");
            let call = format!("x | #room{number} | call | id={id:032x} what=video key={key}");
            legs.push(leg(over, server.address, &talk.ask(&call, "| relay |")));
            talks.push(talk);
        }
        for (person, leg) in legs.iter_mut().enumerate() {
            leg.send(&shows_all(person));
        }
        thread::sleep(Duration::from_millis(100));
        assert!(legs.iter_mut().map(Leg::receive).sum::<u64>() >= PEOPLE as u64, "each is answered");
        Self { legs, _talks: talks }
    }
}

/// Everybody sends their pictures to all in their room, in its turns; returns how many arrived in a second of them.
fn show_rooms(mut rooms: Vec<Room>, is_on: &AtomicBool, is_over: &AtomicBool) -> f64 {
    let pause = Duration::from_secs(1) / PICTURES / PEOPLE as u32;
    let (mut received, mut time) = (0, Duration::ZERO);
    while !is_over.load(Ordering::Relaxed) {
        let (began, mut sent) = (Instant::now(), 0_u32);
        while is_on.load(Ordering::Relaxed) && !is_over.load(Ordering::Relaxed) {
            let person = sent as usize % PEOPLE;
            rooms.iter_mut().for_each(|room| room.legs[person].send(&picture(person)));
            sent += 1;
            thread::sleep((pause * sent).saturating_sub(began.elapsed()));
            received += rooms.iter_mut().flat_map(|room| &mut room.legs).map(Leg::receive).sum::<u64>();
        }
        time += if sent > 0 { began.elapsed() } else { Duration::ZERO };
        thread::sleep(Duration::from_millis(5));
    }
    received as f64 / time.as_secs_f64()
}

/// What it costs to decide where a picture goes and to copy it for each viewer, in microseconds a viewer.
fn forwarding(duration: Duration) -> f64 {
    let rate = Rate { burst: 1 << 30, per_second: 1 << 30 };
    let (start, call) = (Timestamp(0), RelayId(1));
    let mut relay = Relay::new(RelayRates { leg: rate, all: rate }, [7; 32], start);
    assert!(relay.open_conference(call));
    let stream = |person: usize| StreamId(person as u64);
    for person in 0..PEOPLE {
        let (number, token) = (MemberNumber(person as u8), LegToken([person as u8; 16]));
        assert!(relay.admit(call, number, token, start) && relay.bind_stream(stream(person), token, start).is_some());
        relay.from_stream(stream(person), &shows_all(person), start);
    }
    let pictures: Vec<Vec<u8>> = (0..PEOPLE).map(picture).collect();
    let (mut forwarded, began) = (0, Instant::now());
    let cpu = machine::cpu(std::process::id());
    for turn in 0.. {
        // All send at once, ten times a second.
        let now = Timestamp(turn * 100);
        for (person, picture) in pictures.iter().enumerate() {
            let Some(RelaySend::Several(sends)) = relay.from_stream(stream(person), picture, now) else {
                panic!("not forwarded")
            };
            forwarded += sends.len();
        }
        if began.elapsed() >= duration {
            break;
        }
    }
    machine::cpu(std::process::id()).saturating_sub(cpu).as_secs_f64() * 1e6 / forwarded as f64
}

/// The request of one who shows all others.
fn shows_all(person: usize) -> Vec<u8> {
    let others = (0..PEOPLE).filter(|other| *other != person);
    let want = |of| Want { of: MemberNumber(of as u8), size: FaceSize::Small, lower_only: false };
    ConferencePacket::Wants(1, others.map(want).collect()).write()
}

/// A picture of one.
fn picture(person: usize) -> Vec<u8> {
    let head = PictureHead { from: MemberNumber(person as u8), size: FaceSize::Small, upper: false };
    ConferencePacket::Picture(head, &[7; FACE]).write()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Over {
    Udp,
    Stream,
}

/// What came of a load.
struct Outcome {
    received: u64,
    lost: u64,
    took: Duration,
    cpu: Duration,
    /// How long a packet took, of those that came at a rate; the load looks for them every 200 us.
    delays: Vec<Duration>,
}

impl Outcome {
    fn rate(&self) -> f64 {
        self.received as f64 / self.took.as_secs_f64()
    }

    fn cost(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / self.received as f64
    }

    fn delay_ms(&self, share: f64) -> f64 {
        let at = (self.delays.len() as f64 * share) as usize;
        self.delays.get(at).map_or(f64::NAN, |delay| delay.as_secs_f64() * 1e3)
    }

    fn share(&self) -> f64 {
        self.cpu.as_secs_f64() / self.took.as_secs_f64()
    }
}

enum Leg {
    Udp(UdpSocket),
    Stream(TcpStream, LegStream),
}

impl Leg {
    fn send(&mut self, packet: &[u8]) {
        match self {
            Self::Udp(socket) => drop(socket.send(packet)),
            Self::Stream(stream, _) => {
                let mut bytes = Vec::new();
                write_on_stream(packet, &mut bytes);
                // What is under way fits the kernel's buffers.
                stream.write_all(&bytes).unwrap();
            }
        }
    }

    /// The packets that have come.
    fn receive(&mut self) -> u64 {
        self.receive_each(|_| ())
    }

    fn receive_each(&mut self, mut each: impl FnMut(&[u8])) -> u64 {
        let mut bytes = [0; 32 * 1024];
        let mut received = 0;
        loop {
            let read = match self {
                Self::Udp(socket) => socket.recv(&mut bytes),
                Self::Stream(stream, _) => stream.read(&mut bytes),
            };
            match (read, &mut *self) {
                (Ok(read), Self::Udp(_)) => {
                    each(&bytes[..read]);
                    received += 1;
                }
                (Ok(read), Self::Stream(_, cutter)) => {
                    cutter.feed(&bytes[..read]);
                    while let Some(packet) = cutter.packet().unwrap() {
                        each(&packet);
                        received += 1;
                    }
                }
                (Err(error), _) if error.kind() == ErrorKind::WouldBlock => return received,
                (Err(error), _) => panic!("{error}"),
            }
        }
    }
}

struct Load {
    server: Server,
    /// The two legs of each call, next to each other.
    legs: Vec<Leg>,
    /// The sessions of those who call each other.
    _talks: Vec<Talk>,
}

impl Load {
    fn start(over: Over) -> Self {
        let server = server();
        let (mut legs, mut talks) = (Vec::new(), Vec::new());
        for call in 0..CALLS {
            let names = [format!("caller{call}"), format!("callee{call}")];
            let [mut caller, mut callee] = names.clone().map(|name| Talk::tcp(server.address).join(&name));
            let (id, key) = (format!("{call:032x}"), format!("SHA256:{}", "A".repeat(43)));
            callee.send(b"x | server | capabilities | reply edit react calls\n", true);
            callee.ask("x | x | echo | said", "said");
            caller.ask(&format!("x | {} | call | id={id} what=chat key={key}", names[1]), "| ringing |");
            callee.until(" | call | ");
            let granted = callee.ask(&format!("x | {} | answer | id={id} yes key={key}", names[0]), "| relay |");
            for grant in [caller.until("| relay |"), granted] {
                legs.push(leg(over, server.address, &grant));
            }
            talks.extend([caller, callee]);
        }
        Self { server, legs, _talks: talks }
    }

    /// A room's call, in which all show all.
    fn conference(over: Over) -> Self {
        let server = server();
        let Room { legs, _talks } = Room::filled(&server, over, 0);
        Self { server, legs, _talks }
    }

    /// Everybody sends their pictures to all for so long.
    fn show_faces(&mut self, duration: Duration) -> Outcome {
        let id = self.server.pid().as_raw_nonzero().get().unsigned_abs();
        let (start, before) = (Instant::now(), machine::cpu(id));
        let (mut received, mut sent) = (0, 0_u64);
        let pause = Duration::from_secs(1) / (PICTURES * PEOPLE as u32);
        while start.elapsed() < duration {
            let person = (sent % PEOPLE as u64) as usize;
            self.legs[person].send(&picture(person));
            sent += 1;
            thread::sleep((pause * u32::try_from(sent).unwrap()).saturating_sub(start.elapsed()));
            received += self.legs.iter_mut().map(Leg::receive).sum::<u64>();
        }
        let (took, cpu) = (start.elapsed(), machine::cpu(id).saturating_sub(before));
        thread::sleep(Duration::from_millis(50));
        received += self.legs.iter_mut().map(Leg::receive).sum::<u64>();
        let lost = (sent * (PEOPLE as u64 - 1)).saturating_sub(received);
        Outcome { received, lost, took, cpu, delays: Vec::new() }
    }

    /// Sends packets in both directions of each call for so long: as many as go through, or so many a second together.
    fn run(&mut self, duration: Duration, rate: Option<u32>) -> Outcome {
        let mut packet = [0x40; SIZE];
        let mut delays = Vec::new();
        let id = self.server.pid().as_raw_nonzero().get().unsigned_abs();
        let (start, before) = (Instant::now(), machine::cpu(id));
        let mut under_way = vec![0; self.legs.len()];
        let (mut received, mut sent, mut heard) = (0, 0_u64, Instant::now());
        while start.elapsed() < duration {
            for (leg, under_way) in self.legs.iter_mut().zip(&mut under_way) {
                let may_send = match rate {
                    None => *under_way < UNDER_WAY,
                    Some(rate) => u128::from(sent) * 1_000_000 < start.elapsed().as_micros() * u128::from(rate),
                };
                for _ in 0..if may_send && rate.is_none() { UNDER_WAY / 2 } else { u64::from(may_send) } {
                    packet[8..16].copy_from_slice(&(start.elapsed().as_nanos() as u64).to_be_bytes());
                    leg.send(&packet);
                    *under_way += 1;
                    sent += 1;
                }
            }
            let before = received;
            for at in 0..self.legs.len() {
                let came = self.legs[at].receive_each(|packet| {
                    let sent = Duration::from_nanos(u64::from_be_bytes(packet[8..16].try_into().unwrap()));
                    delays.push(start.elapsed().saturating_sub(sent));
                });
                // They are those of the other leg of the call.
                under_way[at ^ 1] -= came.min(under_way[at ^ 1]);
                received += came;
            }
            if received > before {
                heard = Instant::now();
            } else if heard.elapsed() > Duration::from_millis(200) && rate.is_none() {
                // What has not come by now was dropped.
                under_way.fill(0);
                heard = Instant::now();
            }
            if rate.is_some() {
                thread::sleep(Duration::from_micros(200));
            }
        }
        let (took, cpu) = (start.elapsed(), machine::cpu(id).saturating_sub(before));
        thread::sleep(Duration::from_millis(200));
        let late = self.legs.iter_mut().map(Leg::receive).sum::<u64>();
        let lost = sent.saturating_sub(received + late);
        delays.sort_unstable();
        Outcome { received, lost, took, cpu, delays }
    }
}

fn server() -> Server {
    machine::pin(Core::Server);
    let mut command = Command::new(TR2);
    command.arg("serve");
    let rates = ["--relay-rate", "1073741824", "--relay-total", "1073741824"];
    let options = ["--flood", "off", "--log", "warn", "--durability", "memory"];
    let server = Server::run(command, Folder::below(&machine::disk()), &[&rates[..], &options].concat());
    machine::pin(Core::Load);
    server
}

/// The leg that a frame grants.
fn leg(over: Over, server: SocketAddr, grant: &str) -> Leg {
    let word = |key: &str| grant.split(' ').find_map(|word| word.trim().strip_prefix(key)).unwrap().to_owned();
    let (token, port) = (word("leg=").parse().unwrap(), word("port=").parse().unwrap());
    if over == Over::Udp { udp(server, port, token) } else { stream(server, token) }
}

fn udp(server: SocketAddr, port: u16, token: LegToken) -> Leg {
    let socket = UdpSocket::bind((server.ip(), 0)).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket.connect((server.ip(), port)).unwrap();
    let (mut bytes, start) = ([0; 2048], Instant::now());
    // The port is opened at the first call, a moment after it is told: until then it refuses.
    let length = loop {
        let bound = socket.send(&LegPacket::Bind(token).write()).and_then(|_| socket.recv(&mut bytes));
        match bound {
            Err(error) if error.kind() == ErrorKind::ConnectionRefused && start.elapsed() < PATIENCE => {}
            bound => break bound.unwrap(),
        }
    };
    let Some(LegPacket::Challenge(challenge)) = LegPacket::read(&bytes[..length]) else { panic!("no challenge") };
    socket.send(&LegPacket::Answer(token, challenge).write()).unwrap();
    socket.recv(&mut bytes).unwrap();
    socket.set_nonblocking(true).unwrap();
    Leg::Udp(socket)
}

fn stream(server: SocketAddr, token: LegToken) -> Leg {
    let mut stream = TcpStream::connect(server).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_nodelay(true).unwrap();
    stream.write_all(format!("x | server | relay | leg={token}\n").as_bytes()).unwrap();
    // The greeting, and that the leg is ready.
    let (mut lines, mut byte) = (0, [0]);
    while lines < 2 {
        stream.read_exact(&mut byte).unwrap();
        lines += usize::from(byte == *b"\n");
    }
    stream.set_nonblocking(true).unwrap();
    Leg::Stream(stream, LegStream::default())
}
