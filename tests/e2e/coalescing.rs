//! Coalescing: which answers wait a moment to be written together, for how long, and that the order never changes.

use std::io::Read as _;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use async_std::channel::unbounded;
use rustix::process::Signal;
use tr2::model::{MessageId, Name, Text};
use tr2::net::socket::Socket;
use tr2::protocol::{Dialect, Envelope, Event};
use tr2::server::broker::outbox::Outbox;
use tr2::server::ids::ConnId;
use tr2::server::limits::{ACCEPTED_PATIENCE, MANY_ACCEPTED};
use tr2::server::transport::backlog::WriterContext;
use tr2::server::transport::coalesce::Coalescer;
use tr2::server::transport::executor::Executor;
use tr2::server::transport::sender::Senders;

use crate::secure::Talk;
use crate::serving::Server;

const ANN: ConnId = ConnId(1);
const BOB: ConnId = ConnId(2);

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[test]
fn coalesced_bytes_go_when_due_or_with_the_next_bytes() {
    let mut held = Coalescer::default();
    assert_eq!((held.due(), held.take(ANN), held.take_due(ms(1))), (None, None, None));
    held.defer(ANN, b"a1 ".to_vec(), ms(5));
    held.defer(BOB, b"b1 ".to_vec(), ms(6));
    held.defer(ANN, b"a2 ".to_vec(), ms(7));
    assert_eq!((held.due(), held.take_due(ms(4))), (Some(ms(5)), None));
    assert_eq!(held.take_due(ms(5)), Some((ANN, b"a1 a2 ".to_vec())), "the later with the earlier");
    assert_eq!((held.take_due(ms(5)), held.due()), (None, Some(ms(6))));
    assert_eq!(held.take(BOB), Some(b"b1 ".to_vec()));
    assert_eq!(held.due(), None);
    // What went with something else is not due any more, and what comes after it has its own time.
    held.defer(BOB, b"b2 ".to_vec(), ms(8));
    assert_eq!((held.take_due(ms(7)), held.due()), (None, Some(ms(8))));
    assert_eq!((held.take_due(ms(9)), held.take_due(ms(9)), held.due()), (Some((BOB, b"b2 ".to_vec())), None, None));
}

#[test]
fn only_accepted_replies_among_many_are_coalesced() {
    let accepted = || Envelope { id: Some(MessageId(1)), ..Envelope::from(Event::Accepted { offline: false }) };
    let notice = Envelope::from(Event::Notice(Text::line("hear this")));
    let outbox = |others: usize, more: &dyn Fn(&mut Outbox)| {
        let mut outbox = Outbox::default();
        let last = MANY_ACCEPTED as u64;
        for at in 1..=last + 1 {
            outbox.open(ConnId(at));
            outbox.enter(ConnId(at), &Name::parse(&format!("user{at}")).unwrap());
        }
        let shared = outbox.take_shared();
        outbox.end_round(shared);
        (1..=last).take(others).for_each(|at| outbox.send(ConnId(at), &accepted()));
        more(&mut outbox);
        outbox.only_accepts_many()
    };
    assert!(outbox(MANY_ACCEPTED, &|_| ()));
    assert!(!outbox(MANY_ACCEPTED - 1, &|_| ()), "few do not wait");
    assert!(outbox(MANY_ACCEPTED, &|outbox| outbox.send(ConnId(MANY_ACCEPTED as u64 + 1), &notice)));
    type Update<'a> = &'a dyn Fn(&mut Outbox);
    let changes: [(&str, Update<'_>); 5] = [
        ("who is told more", &|outbox| outbox.send(ANN, &notice)),
        ("what a room hears", &|outbox| outbox.send_to_all([ANN].into_iter(), &notice)),
        ("whole lines", &|outbox| outbox.send_lines(ANN, b"server | client | list_end\n")),
        ("who is shown out", &|outbox| outbox.close(ANN)),
        ("what everyone hears", &|outbox| outbox.broadcast(None, &notice)),
    ];
    for (what, change) in changes {
        assert!(!outbox(MANY_ACCEPTED, change), "{what} goes at once");
    }
    let original = |outbox: &mut Outbox| {
        outbox.open(ConnId(100));
        outbox.speak(ConnId(100), Dialect::Tr223);
        outbox.send(ConnId(100), &accepted());
    };
    assert!(!outbox(MANY_ACCEPTED - 1, &original), "packets do not wait");
}

/// Sockets, and their other ends.
fn senders() -> (Senders, Outbox, Vec<UnixStream>) {
    let (held, _) = unbounded();
    let mut senders = Senders::new(WriterContext { alive: held, limit: 1 << 20, executor: Executor::start() });
    let mut outbox = Outbox::default();
    let mut peers = Vec::new();
    for at in 0..MANY_ACCEPTED as u64 + 1 {
        let (ours, theirs) = UnixStream::pair().unwrap();
        theirs.set_nonblocking(true).unwrap();
        senders.open(ConnId(at), Socket::new(ours.into()).unwrap());
        outbox.open(ConnId(at));
        peers.push(theirs);
    }
    (senders, outbox, peers)
}

fn accept_all(outbox: &mut Outbox, id: u64) {
    for at in 0..MANY_ACCEPTED as u64 + 1 {
        let accepted = Envelope::from(Event::Accepted { offline: false });
        outbox.send(ConnId(at), &Envelope { id: Some(MessageId(id)), ..accepted });
    }
}

/// The ids and texts that have arrived, in order.
fn heard(mut peer: &UnixStream) -> String {
    let mut bytes = vec![0; 4096];
    let Ok(count) = peer.read(&mut bytes) else { return String::new() };
    let lines = String::from_utf8(bytes[..count].to_vec()).unwrap();
    let word = |line: &str| match line.strip_prefix("@id=") {
        Some(rest) => rest.split(' ').next().unwrap().to_owned(),
        None => line.rsplit(' ').next().unwrap().to_owned(),
    };
    lines.lines().map(word).collect::<Vec<_>>().join(" ")
}

#[test]
fn coalesced_bytes_are_written_in_order_and_in_time() {
    let (mut senders, mut outbox, peers) = senders();
    let wait = ACCEPTED_PATIENCE;
    accept_all(&mut outbox, 1);
    assert!(senders.flush(&mut outbox, ms(10)).is_empty());
    assert_eq!((heard(&peers[0]), senders.due()), (String::new(), Some(ms(10) + wait)));
    // What else is said takes along what waits, whether it is for one or for everyone; and a goodbye does.
    outbox.send(ConnId(1), &Envelope::from(Event::Notice(Text::line("own"))));
    outbox.send_to_all([ConnId(2), ConnId(3)].into_iter(), &Envelope::from(Event::Notice(Text::line("room"))));
    outbox.close(ConnId(4));
    senders.flush(&mut outbox, ms(11));
    let now: Vec<String> = peers.iter().map(heard).collect();
    assert_eq!(now[..6], ["", "1 own", "1 room", "1 room", "1", ""]);
    outbox.enter(ConnId(5), &Name::parse("eve").unwrap());
    outbox.broadcast(None, &Envelope::from(Event::Notice(Text::line("all"))));
    senders.flush(&mut outbox, ms(11));
    assert_eq!((heard(&peers[5]), heard(&peers[6])), ("1 all".to_owned(), String::new()));
    // More of the same waits too, and all goes when the first is due, even without other traffic.
    accept_all(&mut outbox, 2);
    senders.flush(&mut outbox, ms(11));
    senders.forget(ConnId(7));
    assert_eq!(senders.due(), Some(ms(10) + wait));
    assert!(senders.flush(&mut outbox, ms(10) + wait).is_empty());
    let now: Vec<String> = peers.iter().map(heard).collect();
    assert_eq!(now, ["1 2", "", "", "", "", "", "1 2", "", "1 2"]);
    senders.flush(&mut outbox, ms(11) + wait);
    let now: Vec<String> = peers.iter().map(heard).collect();
    assert_eq!((now, senders.due()), (["", "2", "2", "2", "", "2", "", "", ""].map(String::from).to_vec(), None));
    // Few do not wait.
    outbox.send(ConnId(0), &Envelope { id: Some(MessageId(3)), ..Envelope::from(Event::Accepted { offline: false }) });
    senders.flush(&mut outbox, ms(20));
    assert_eq!((heard(&peers[0]), senders.due()), ("3".to_owned(), None));
}

#[test]
fn many_senders_hear_accepted_even_without_other_traffic() {
    const PEOPLE: usize = 2 * MANY_ACCEPTED;
    let server = Server::start(&["--flood", "off", "--log", "error"]);
    let join = |at: usize| Talk::tcp(server.address).join(&format!("user{at}"));
    let mut talks: Vec<Talk> = (0..2 * PEOPLE).map(join).collect();
    // The server's tick, once a second, would release them too: whoever waits for it first makes the others go with it.
    let mut label = 0;
    let mut next = || {
        label += 1;
        label
    };
    let times = [(); 3].map(|()| {
        // Everything sent while the server is stopped is handled in one round.
        server.signal(Signal::STOP);
        for (at, talk) in talks[..PEOPLE].iter_mut().enumerate() {
            let to = at + PEOPLE;
            talk.send(format!("@ref={} x | user{to} | private_message | hi\n", next()).as_bytes(), true);
        }
        server.signal(Signal::CONT);
        let start = Instant::now();
        talks[..PEOPLE].iter_mut().for_each(|talk| drop(talk.until(" | accepted")));
        start.elapsed()
    });
    assert!(times[1..].iter().min() < Some(&ms(500)), "{times:?}");
}
