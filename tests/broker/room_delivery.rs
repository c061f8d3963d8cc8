//! What is said in rooms reaches each connection in the order in which it was said, among all else that it is told: a
//! random story against a plain model of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tr2::model::{MessageId, Name, RoomName, Text};
use tr2::protocol::{Annotations, Dialect, Envelope, Event, PlainForm, Quote, ReplyTo, RoomEvent, packet};
use tr2::server::broker::outbox::Outbox;
use tr2::server::broker::outbox::hearers::Hearers;
use tr2::server::ids::{ConnId, RoomId};

use crate::chance::Chance;

/// Rooms, the connections that are open at a time, and what happens in a story.
const ROOMS: usize = 3;
const CONNECTIONS: usize = 7;
const STEPS: usize = 20_000;

fn name(raw: &str) -> Name {
    Name::parse(raw).unwrap()
}

fn notice(word: &str) -> Envelope {
    Event::Notice(Text::line(word)).into()
}

/// A message that answers another: clients that do not know replies get a quote instead.
fn reply(word: &str) -> Envelope {
    let quote = Quote { from: name("ann"), words: Text::line("hi") };
    let reply = Some(ReplyTo { id: MessageId(7), quote: Some(quote) });
    let annotations = Annotations { reply, ..Annotations::default() }.boxed();
    let room = RoomName::parse("#hall").unwrap();
    let event = Event::Room(RoomEvent::Message { from: name("bob"), room, me_too: true, text: Text::line(word) });
    Envelope { annotations, ..event.into() }
}

/// The last word of a line or packet, marked if a quote stands before it.
fn word(text: &str) -> String {
    let last = text.trim_end().rsplit(' ').next().unwrap();
    if text.contains("[ann: hi]") { format!("quoted-{last}") } else { last.to_owned() }
}

/// What a connection should hear in this round.
#[derive(Debug, Default)]
struct Expected {
    original: bool,
    understands: bool,
    closing: bool,
    lines: Vec<String>,
    packets: Vec<String>,
}

impl Expected {
    fn hear(&mut self, envelope: &Envelope) {
        if self.closing {
            return;
        }
        let plain = match envelope.plain() {
            PlainForm::Same => Some(envelope.clone()),
            PlainForm::Nothing => None,
            PlainForm::Instead(other) => Some(*other),
        };
        if self.original {
            let packets = plain.into_iter().flat_map(|plain| packet::write_event(&plain.event, None));
            self.packets.extend(packets.map(|packet| word(std::str::from_utf8(&packet).unwrap())));
        } else if let Some(envelope) = if self.understands { Some(envelope.clone()) } else { plain } {
            let mut line = Vec::new();
            envelope.write(&mut line, None);
            self.lines.push(word(std::str::from_utf8(&line).unwrap()));
        }
    }
}

struct Story {
    chance: Chance,
    outbox: Outbox,
    rooms: Vec<Hearers>,
    expected: BTreeMap<ConnId, Expected>,
    last: u64,
}

impl Story {
    fn open(&mut self) {
        self.last += 1;
        let conn = ConnId(self.last);
        let (original, understands) = [(true, false), (false, false), (false, true)][self.chance.below(3)];
        self.outbox.open(conn);
        if original {
            self.outbox.speak(conn, Dialect::Tr223);
        }
        if understands {
            self.outbox.understand(conn);
        }
        self.outbox.enter(conn, &name(&format!("user{}", self.last)));
        self.expected.insert(conn, Expected { original, understands, ..Expected::default() });
    }

    fn some_conn(&mut self) -> ConnId {
        let at = self.chance.below(self.expected.len());
        *self.expected.keys().nth(at).unwrap()
    }

    fn step(&mut self, number: usize) {
        if self.expected.len() < CONNECTIONS {
            self.open();
        }
        let (conn, room) = (self.some_conn(), self.chance.below(ROOMS));
        let except = (self.chance.below(2) == 0).then_some(conn);
        let said = format!("w{number}");
        match self.chance.below(40) {
            0..4 => {
                self.outbox.send(conn, &notice(&said));
                self.expected.get_mut(&conn).unwrap().hear(&notice(&said));
            }
            4..8 => {
                self.outbox.broadcast(except, &notice(&said));
                let others = self.expected.iter_mut().filter(|(conn, _)| Some(**conn) != except);
                others.for_each(|(_, expected)| expected.hear(&notice(&said)));
            }
            8..26 => {
                let envelope = if self.chance.below(4) == 0 { reply(&said) } else { notice(&said) };
                self.outbox.send_to_room(RoomId(room as u64), &self.rooms[room], except, &envelope);
                for conn in self.rooms[room].iter().filter(|conn| Some(*conn) != except) {
                    self.expected.get_mut(&conn).into_iter().for_each(|expected| expected.hear(&envelope));
                }
            }
            26..31 => self.rooms[room].add(conn),
            31..34 => self.rooms[room].remove(conn),
            34 => {
                self.outbox.close(conn);
                self.expected.get_mut(&conn).unwrap().closing = true;
            }
            35 => {
                self.outbox.drop_plan(conn);
                self.expected.remove(&conn);
                if self.chance.below(2) == 0 {
                    self.rooms.iter_mut().for_each(|room| room.remove(conn));
                }
            }
            36 => {
                let expected = self.expected.get_mut(&conn).unwrap();
                if std::mem::take(&mut expected.original) {
                    self.outbox.speak(conn, Dialect::Tr226);
                    expected.lines.append(&mut expected.packets);
                }
            }
            _ => self.end_round(),
        }
    }

    fn end_round(&mut self) {
        let shared = self.outbox.take_shared();
        let mut heard: BTreeMap<ConnId, (Vec<String>, Vec<String>)> = BTreeMap::new();
        for (conn, plan) in self.outbox.deliveries(&shared) {
            let mut said = Vec::new();
            self.outbox.stretches(plan, &shared, |stretch| said.extend_from_slice(stretch.bytes()));
            let said = String::from_utf8(said).unwrap();
            let lines: Vec<String> = said.lines().filter(|line| !line.is_empty()).map(word).collect();
            let packets: Vec<String> =
                plan.packets().iter().map(|packet| word(std::str::from_utf8(packet).unwrap())).collect();
            // Whoever hears something goes without delay.
            assert!(plan.is_prompt() || !shared.is_empty() || lines.is_empty() && packets.is_empty());
            if !(lines.is_empty() && packets.is_empty()) {
                heard.insert(conn, (lines, packets));
            }
        }
        self.outbox.end_round(shared);
        let mut expected = BTreeMap::new();
        for (conn, told) in &mut self.expected {
            let (lines, packets) = (std::mem::take(&mut told.lines), std::mem::take(&mut told.packets));
            if !(lines.is_empty() && packets.is_empty()) {
                expected.insert(*conn, (lines, packets));
            }
        }
        assert_eq!(heard, expected);
        assert!(self.outbox.is_empty());
    }
}

#[test]
fn each_connection_hears_its_rooms_in_order_whoever_comes_and_goes() {
    for seed in 0..8 {
        let mut story = Story {
            chance: Chance(seed),
            outbox: Outbox::default(),
            rooms: vec![Hearers::default(); ROOMS],
            expected: BTreeMap::new(),
            last: 0,
        };
        (0..STEPS).for_each(|number| story.step(number));
    }
}

/// An outbox with so many users who understand everything, all of them in a room.
fn hall(people: u64) -> (Outbox, Hearers) {
    let (mut outbox, mut hearers) = (Outbox::default(), Hearers::default());
    for at in 0..people {
        outbox.open(ConnId(at));
        outbox.understand(ConnId(at));
        outbox.enter(ConnId(at), &name(&format!("user{at}")));
        hearers.add(ConnId(at));
    }
    let shared = outbox.take_shared();
    outbox.end_round(shared);
    (outbox, hearers)
}

#[test]
fn what_a_room_hears_in_a_round_is_one_piece_of_memory_for_all_of_them() {
    let (mut outbox, hearers) = hall(50);
    for at in 0..20 {
        outbox.send_to_room(RoomId(1), &hearers, None, &notice(&format!("w{at}")));
        // Answers to one of them do not cut what the others hear.
        outbox.send(ConnId(3), &Envelope::from(Event::Accepted { offline: false }));
    }
    let shared = outbox.take_shared();
    let (mut places, mut pieces) = (BTreeSet::new(), 0);
    for (_, plan) in outbox.deliveries(&shared).filter(|(conn, _)| *conn != ConnId(3)) {
        outbox.stretches(plan, &shared, |stretch| {
            pieces += 1;
            places.insert((stretch.bytes().as_ptr() as usize, stretch.bytes().len()));
        });
    }
    assert_eq!((pieces, places.len()), (49, 1), "one stretch for each, and the same for all");
    // The bytes are not overwritten while a socket still holds them.
    let held: Vec<Arc<Vec<u8>>> = outbox.room_bytes().cloned().collect();
    outbox.end_round(shared);
    outbox.send_to_room(RoomId(1), &hearers, None, &notice("next"));
    assert!(held[0].ends_with(b"w19\n"));
}

#[test]
fn whoever_speaks_alone_in_a_room_hears_nothing_of_it() {
    let (mut outbox, hearers) = hall(3);
    outbox.send_to_room(RoomId(1), &hearers, Some(ConnId(1)), &notice("first"));
    outbox.send_to_room(RoomId(1), &hearers, Some(ConnId(1)), &notice("second"));
    outbox.send(ConnId(1), &Envelope::from(Event::Accepted { offline: false }));
    let shared = outbox.take_shared();
    let prompt = |wanted: ConnId| {
        outbox.deliveries(&shared).filter(|(conn, _)| *conn == wanted).map(|(_, plan)| plan.is_prompt()).next()
    };
    assert_eq!([prompt(ConnId(0)), prompt(ConnId(1)), prompt(ConnId(2))], [Some(true), Some(false), Some(true)]);
}
