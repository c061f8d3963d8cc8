//! A conference on a clock of its own: members with a line each to a relay, and what each of them saw and heard.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tr2::client::direct::conference::Attendance;
use tr2::client::direct::conference::codec::FaceCodec;
use tr2::client::direct::conference::events::AttendanceEvent;
use tr2::client::direct::voice::{HeardSound, SoundOrigin};
use tr2::media::picture::{Picture, PictureSize};
use tr2::media::test_source::test_picture;
use tr2::media::voice::test_sound::test_sound;
use tr2::model::{Name, Timestamp};
use tr2::net::certificate::Credential;
use tr2::protocol::conference::{ConferenceMember, MemberNumber};
use tr2::protocol::conference_packet::FaceSize;
use tr2::protocol::leg::LegToken;
use tr2::server::limits::Rate;
use tr2::server::relay::{Relay, RelayId, RelayRates, RelaySend, StreamId};

use crate::chance::Chance;
use crate::fake_codec::{FakeCodec, TestCodec};
use crate::virtual_line::{Carried, Conditions};

const ROOM: RelayId = RelayId(1);
/// A megabyte a second from each leg, and eight from all.
const RATES: RelayRates = RelayRates {
    leg: Rate { burst: 1_000_000, per_second: 1_000_000 },
    all: Rate { burst: 8_000_000, per_second: 8_000_000 },
};
/// The headers of UDP and IPv4.
const HEADERS: u64 = 28;

/// What a microphone gives at once, and how many samples that is.
const MICROPHONE: Duration = Duration::from_millis(20);
const PIECE: u64 = 320;

/// One member, and what it saw and heard.
pub struct NodeSeat {
    pub credential: Arc<Credential>,
    pub attendance: Attendance,
    codec: TestCodec,
    /// Whether something happened to it that it has not dealt with.
    is_touched: bool,
    /// When it is to be woken.
    due: Option<Instant>,
    /// When its camera gives the next picture, which is of this number.
    camera: Option<(Instant, usize)>,
    /// When its microphone gives the next sound, which begins at this sample.
    microphone: Option<(Instant, u64)>,
    /// Whether it is in the conference. One who has left goes on listening to whatever reaches it.
    pub is_in: bool,
    /// When it saw a picture of whom, since the beginning.
    pub seen: BTreeMap<u8, Vec<Duration>>,
    /// The newest picture of each.
    pub newest: BTreeMap<u8, Arc<Picture>>,
    /// What it heard of whom, with when it was due since the beginning.
    pub heard: BTreeMap<u8, Vec<(Duration, SoundOrigin)>>,
    pub events: Vec<AttendanceEvent>,
    /// Its line: to the relay, and from it.
    pub lines: [Conditions; 2],
    /// When each direction is free.
    free: [Instant; 2],
    /// What was sent up and what came down, lost packets included.
    pub carried: [Carried; 2],
}

enum Delivery {
    Up(usize, Vec<u8>),
    Down(usize, Vec<u8>),
    Members(usize, Vec<ConferenceMember>),
}

pub struct Star {
    pub seats: Vec<NodeSeat>,
    relay: Relay,
    began: Instant,
    now: Instant,
    /// By when they arrive, and the order in which they were sent.
    flying: BTreeMap<(Instant, u64), Delivery>,
    sent: u64,
    chance: Chance,
    pictures: Vec<Arc<Picture>>,
    /// Whether pictures are coded.
    real: bool,
    /// Who hears every packet that the relay is sent, as the server itself could.
    pub listener: Option<usize>,
    /// Every packet that the relay was sent.
    pub recording: Option<Vec<Vec<u8>>>,
}

impl Star {
    /// A conference of nobody. Unless it is to be `real`, or the whole numbers are asked for, pictures are not coded.
    pub fn new(seed: u64, real: bool) -> Self {
        let real = real || std::env::var_os("TR2_LONG").is_some();
        let now = Instant::now();
        let mut relay = Relay::new(RATES, [9; 32], Timestamp(0));
        assert!(relay.open_conference(ROOM));
        let size = PictureSize::new(80, 48).unwrap();
        let pictures = (0..20).map(|number| Arc::new(test_picture(size, number * 3))).collect();
        Self {
            seats: Vec::new(),
            relay,
            began: now,
            now,
            flying: BTreeMap::new(),
            sent: 0,
            chance: Chance(seed),
            pictures,
            real,
            listener: None,
            recording: None,
        }
    }

    pub fn elapsed(&self) -> Duration {
        self.now - self.began
    }

    pub fn now(&self) -> Instant {
        self.now
    }

    /// Somebody joins; its number is that of its seat.
    pub fn join(&mut self, credential: &Arc<Credential>, line: Conditions) -> usize {
        let seat = self.seats.len();
        let number = MemberNumber(seat as u8);
        self.seats.push(NodeSeat {
            credential: Arc::clone(credential),
            attendance: Attendance::new(Arc::clone(credential), number, self.now).unwrap(),
            codec: if self.real {
                TestCodec::Real(FaceCodec::default())
            } else {
                TestCodec::Fake(FakeCodec::default())
            },
            is_touched: true,
            due: None,
            camera: None,
            microphone: None,
            is_in: true,
            seen: BTreeMap::new(),
            newest: BTreeMap::new(),
            heard: BTreeMap::new(),
            events: Vec::new(),
            lines: [line; 2],
            free: [self.now; 2],
            carried: [Carried::default(); 2],
        });
        let time = self.time();
        assert!(self.relay.admit(ROOM, number, LegToken([seat as u8; 16]), time));
        self.relay.bind_stream(StreamId(seat as u64), LegToken([seat as u8; 16]), time).unwrap();
        self.announce();
        seat
    }

    pub fn leave(&mut self, seat: usize) {
        self.seats[seat].is_in = false;
        let sends = self.relay.dismiss(ROOM, MemberNumber(seat as u8));
        sends.into_iter().for_each(|send| self.carry_out(send));
        self.announce();
    }

    /// Who is in the conference.
    pub fn members(&self) -> Vec<ConferenceMember> {
        let inside = self.seats.iter().enumerate().filter(|(_, seat)| seat.is_in);
        let member = |(number, seat): (usize, &NodeSeat)| ConferenceMember {
            number: MemberNumber(number as u8),
            key: seat.credential.fingerprint,
            name: Name::parse(&format!("member{number}")).unwrap(),
            verified: true,
        };
        inside.map(member).collect()
    }

    fn announce(&mut self) {
        let members = self.members();
        for seat in 0..self.seats.len() {
            self.announce_to(seat, members.clone());
        }
    }

    /// Tells one member who is there, as the server does: nothing is lost.
    pub fn announce_to(&mut self, seat: usize, members: Vec<ConferenceMember>) {
        if self.seats[seat].is_in {
            let at = self.now + self.seats[seat].lines[1].delay;
            self.fly(at, Delivery::Members(seat, members));
        }
    }

    /// Turns a camera on.
    pub fn turn_on(&mut self, seat: usize) {
        let now = self.now;
        self.seat(seat).turn_camera(true, now);
        // They are not in step.
        let first = now + Duration::from_millis(seat as u64 * 7);
        self.seats[seat].camera = Some((first, seat));
    }

    pub fn turn_off(&mut self, seat: usize) {
        let now = self.now;
        self.seat(seat).turn_camera(false, now);
    }

    /// One has a loudspeaker, or none any more.
    pub fn hear(&mut self, seat: usize, hears: bool) {
        let now = self.now;
        self.seat(seat).hear(hears, now);
    }

    /// One speaks, or no longer. Its microphone runs all the time from the first time on.
    pub fn talk(&mut self, seat: usize, talks: bool) {
        let now = self.now;
        self.seat(seat).talk(talks, now);
        self.seats[seat].microphone.get_or_insert((now + MICROPHONE, 0));
    }

    /// One shows others in a size.
    pub fn show(&mut self, seat: usize, shown: &[(usize, FaceSize)]) {
        let shown: Vec<_> = shown.iter().map(|&(of, size)| (MemberNumber(of as u8), size)).collect();
        let now = self.now;
        self.seat(seat).show(&shown, now);
    }

    /// One shows all others that are there, in the smallest size.
    pub fn show_all(&mut self, seat: usize) {
        let shown: Vec<_> = (0..self.seats.len())
            .filter(|&other| other != seat && self.seats[other].is_in)
            .map(|other| (other, FaceSize::Small))
            .collect();
        self.show(seat, &shown);
    }

    /// Lets so much time pass.
    pub fn run(&mut self, time: Duration) {
        let until = self.now + time;
        loop {
            for seat in 0..self.seats.len() {
                if std::mem::take(&mut self.seats[seat].is_touched) {
                    self.work(seat);
                    self.seats[seat].due = self.seats[seat].attendance.deadline();
                }
            }
            let microphones = self.seats.iter().filter_map(|seat| seat.microphone.map(|(at, _)| at)).min();
            let cameras = self.seats.iter().filter_map(|seat| seat.camera.map(|(at, _)| at)).min();
            let flying = self.flying.keys().next().map(|(at, _)| *at);
            let due = self.seats.iter().filter_map(|seat| seat.due).min();
            let next = [microphones, cameras, flying, due].into_iter().flatten().min();
            let Some(next) = next.filter(|next| *next <= until) else {
                self.now = until;
                return;
            };
            self.now = self.now.max(next);
            let now = self.now;
            while let Some(entry) = self.flying.first_entry().filter(|entry| entry.key().0 <= self.now) {
                match entry.remove() {
                    Delivery::Up(seat, packet) => self.reach_relay(seat, &packet),
                    Delivery::Down(seat, packet) => self.seat(seat).receive(&packet, now),
                    Delivery::Members(seat, members) => self.seat(seat).set_members(&members, now),
                }
            }
            for seat in &mut self.seats {
                if seat.due.is_some_and(|due| due <= now) {
                    seat.attendance.tick(now);
                    seat.is_touched = true;
                }
                if let Some((at, first)) = seat.microphone.filter(|(at, _)| *at <= now) {
                    let sound: Vec<i16> = (first..first + PIECE).map(test_sound).collect();
                    seat.attendance.take_microphone(&sound, now);
                    seat.microphone = Some((at + MICROPHONE, first + PIECE));
                    seat.is_touched = true;
                }
                if let Some((at, number)) = seat.camera.filter(|(at, _)| *at <= self.now) {
                    seat.attendance.take_picture(&self.pictures[number % self.pictures.len()], self.now);
                    seat.camera = Some((at + Duration::from_millis(100), number + 1));
                    seat.is_touched = true;
                }
            }
        }
    }

    /// Jobs are done, news are noted, and packets leave.
    fn work(&mut self, at: usize) {
        let (now, elapsed) = (self.now, self.elapsed());
        let seat = &mut self.seats[at];
        while let Some(job) = seat.attendance.job(now) {
            let result = seat.codec.run(job);
            seat.attendance.done(result, now);
        }
        while let Some(event) = seat.attendance.event() {
            match event {
                AttendanceEvent::Picture(of, picture) => {
                    seat.seen.entry(of.0).or_default().push(elapsed);
                    seat.newest.insert(of.0, picture);
                }
                other => seat.events.push(other),
            }
        }
        while let Some((of, HeardSound { origin, due, .. })) = seat.attendance.sound() {
            seat.heard.entry(of.0).or_default().push((due - self.began, origin));
        }
        while let Some(packet) = self.seats[at].attendance.transmit(now) {
            if let Some(arrives) = self.pass(at, 0, packet.len()) {
                self.fly(arrives, Delivery::Up(at, packet));
            }
        }
    }

    fn reach_relay(&mut self, seat: usize, packet: &[u8]) {
        if let Some(listener) = self.listener.filter(|listener| *listener != seat) {
            let now = self.now;
            self.seat(listener).receive(packet, now);
        }
        if let Some(recording) = &mut self.recording {
            recording.push(packet.to_vec());
        }
        let time = self.time();
        if let Some(send) = self.relay.from_stream(StreamId(seat as u64), packet, time) {
            self.carry_out(send);
        }
    }

    fn carry_out(&mut self, send: RelaySend) {
        match send {
            RelaySend::Several(sends) => sends.into_iter().for_each(|send| self.carry_out(send)),
            RelaySend::Stream(StreamId(seat), packet) => {
                let seat = seat as usize;
                if let Some(arrives) = self.pass(seat, 1, packet.len()) {
                    self.fly(arrives, Delivery::Down(seat, packet));
                }
            }
            RelaySend::Close(_) => {}
            RelaySend::Packet(..) => panic!("nobody is at an address"),
        }
    }

    /// When a packet arrives that takes a line now; `None` if it is lost.
    fn pass(&mut self, seat: usize, direction: usize, size: usize) -> Option<Instant> {
        let seat = &mut self.seats[seat];
        let Conditions { delay, jitter, loss, rate, queue, .. } = seat.lines[direction];
        let size = size as u64 + HEADERS;
        seat.carried[direction].packets += 1;
        seat.carried[direction].bytes += size;
        let start = seat.free[direction].max(self.now);
        if (self.chance.below(1000) as u64) < loss || start - self.now > queue {
            return None;
        }
        let took = rate.map_or(Duration::ZERO, |rate| Duration::from_micros(size * 1_000_000 / rate));
        seat.free[direction] = start + took;
        let jitter = Duration::from_micros(self.chance.below(jitter.as_micros() as usize + 1) as u64);
        Some(start + took + delay + jitter)
    }

    /// A member, to which something happens.
    pub fn seat(&mut self, seat: usize) -> &mut Attendance {
        self.seats[seat].is_touched = true;
        &mut self.seats[seat].attendance
    }

    fn fly(&mut self, arrives: Instant, delivery: Delivery) {
        self.sent += 1;
        self.flying.insert((arrives, self.sent), delivery);
    }

    fn time(&self) -> Timestamp {
        Timestamp(i64::try_from(self.elapsed().as_millis()).unwrap())
    }

    // --- what was seen

    /// How many pictures of another one saw from one time on to another.
    pub fn count(&self, viewer: usize, of: usize, from: Duration, to: Duration) -> usize {
        let seen = self.seats[viewer].seen.get(&(of as u8));
        seen.map_or(0, |seen| seen.iter().filter(|at| (from..to).contains(*at)).count())
    }

    /// The numbers of the packets of another that one heard from one time on to another.
    pub fn numbers(&self, hearer: usize, of: usize, from: Duration, to: Duration) -> Vec<u16> {
        let heard = self.seats[hearer].heard.get(&(of as u8)).into_iter().flatten();
        let number = |(at, origin): &(Duration, SoundOrigin)| match origin {
            SoundOrigin::Packet(number) if (from..to).contains(at) => Some(*number),
            SoundOrigin::Packet(_) | SoundOrigin::MadeUp => None,
        };
        heard.filter_map(number).collect()
    }

    /// The fewest pictures that a viewer saw of any other.
    pub fn fewest(&self, viewer: usize, from: Duration, to: Duration) -> usize {
        let others = (0..self.seats.len()).filter(|&other| other != viewer && self.seats[other].is_in);
        others.map(|other| self.count(viewer, other, from, to)).min().unwrap()
    }
}
