//! What every log promises: an append comes out of the tail at least once, at one position for all; the tail goes on from
//! any position in one order without gaps; what has come out is there after a restart.

use std::thread;

use async_std::task;
use bytes::Bytes;
use tr2::server::log::memory::SharedLog;
use tr2::server::log::nats::check;
use tr2::server::log::single::SingleLog;
use tr2::server::log::{AppendError, Log, LogPosition, MAX_ENTRY, MAX_UNDER_WAY, Tail};

use crate::nats_servers::{NatsServer, nats_program};
use crate::shared_log::reading::Reading;
use crate::shared_log::servers::{opened, options_for};

/// Opens a log after a position.
type Opener = Box<dyn Fn(u64) -> (Box<dyn Log>, Tail)>;

/// A kind of log that can be opened.
struct Kind {
    open: Opener,
    /// Whether several can have it open, and each sees everything.
    shared: bool,
}

/// Appends until everything has come out, as whoever owns a log does.
fn append_all(log: &dyn Log, reading: &mut Reading, texts: &[String]) {
    reading.until_heard();
    let mut waiting: Vec<&String> = texts.iter().rev().collect();
    let mut under_way = std::collections::BTreeMap::new();
    loop {
        while let Some(text) = waiting.last() {
            match log.append(Bytes::copy_from_slice(text.as_bytes())) {
                Ok(append) => drop(under_way.insert(append, waiting.pop().unwrap())),
                Err(AppendError::Busy) => break,
                Err(error) => panic!("{error}"),
            }
        }
        for (append, _) in reading.taken.drain(..) {
            under_way.remove(&append);
        }
        for (append, _) in reading.not_taken.drain(..) {
            waiting.push(under_way.remove(&append).unwrap());
        }
        let out: std::collections::HashSet<&str> = reading.texts().into_iter().collect();
        if waiting.is_empty() && under_way.is_empty() && texts.iter().all(|text| out.contains(&**text)) {
            return;
        }
        assert!(
            reading.next(crate::serving::PATIENCE).is_some(),
            "{} of {} are out",
            out_of(reading, texts),
            texts.len()
        );
    }
}

fn out_of(reading: &Reading, texts: &[String]) -> usize {
    texts.iter().filter(|text| reading.texts().contains(&&***text)).count()
}

fn texts(writer: &str, number: usize) -> Vec<String> {
    (0..number).map(|at| format!("{writer}{at}")).collect()
}

fn conforms(kind: &Kind) {
    let (log, tail) = (kind.open)(0);
    let mut reading = Reading::new(tail);
    // More than can be under way.
    let first = texts("a", MAX_UNDER_WAY + 50);
    append_all(&*log, &mut reading, &first);
    assert_eq!(reading.entries.first().map(|(place, _)| *place), Some(1));
    let newest = reading.entries.last().unwrap().0;
    // An append that was given up may have been taken later, so that there can be more.
    assert!(log.newest() >= Some(LogPosition(newest)));
    assert_eq!(log.append(Bytes::from(vec![0; MAX_ENTRY + 1])), Err(AppendError::TooLarge));
    let large = "x".repeat(MAX_ENTRY);
    append_all(&*log, &mut reading, std::slice::from_ref(&large));
    let all = reading.entries.clone();
    drop((log, reading));

    // It goes on where it ended, also at its end.
    let newest = all.last().unwrap().0;
    let (log, tail) = (kind.open)(newest);
    let mut reading = Reading::new(tail);
    append_all(&*log, &mut reading, &texts("b", 3));
    assert_eq!(reading.entries.first().map(|(place, _)| *place), Some(newest + 1));
    let all: Vec<(u64, String)> = all.into_iter().chain(reading.entries.clone()).collect();
    drop((log, reading));
    if !kind.shared {
        return;
    }

    // From anywhere, the same.
    for after in [0, 1, 77, newest - 1, newest] {
        let (_log, tail) = (kind.open)(after);
        let mut reading = Reading::new(tail);
        let expected: Vec<(u64, String)> = all.iter().filter(|(place, _)| *place > after).cloned().collect();
        reading.until_entries(expected.len());
        assert!(reading.entries.starts_with(&expected), "after {after}");
    }

    // Several who append at once see one order.
    let end = all.last().unwrap().0;
    let writers = ["c", "d", "e"].map(|name| (name, (kind.open)(end)));
    let readers = writers.map(|(name, (log, tail))| {
        thread::spawn(move || {
            let mut reading = Reading::new(tail);
            append_all(&*log, &mut reading, &texts(name, 100));
            (log, reading)
        })
    });
    let mut done: Vec<(Box<dyn Log>, Reading)> = readers.into_iter().map(|reader| reader.join().unwrap()).collect();
    let newest = done.iter().map(|(_, reading)| reading.entries.last().unwrap().0).max().unwrap();
    for (_, reading) in &mut done {
        reading.until_entries(usize::try_from(newest - end).unwrap());
    }
    let number = usize::try_from(newest - end).unwrap();
    let [first, others @ ..] = &done[..] else { unreachable!() };
    assert!(others.iter().all(|(_, other)| other.entries[..number] == first.1.entries[..number]));
}

#[test]
fn the_log_in_memory_conforms() {
    let log = SharedLog::default();
    let open = move |after: u64| {
        let (log, tail) = log.open(LogPosition(after));
        (Box::new(log) as Box<dyn Log>, tail)
    };
    conforms(&Kind { open: Box::new(open), shared: true });
}

#[test]
fn the_log_of_one_node_conforms() {
    let open = |after: u64| {
        let (log, tail) = SingleLog::open(LogPosition(after));
        (Box::new(log) as Box<dyn Log>, tail)
    };
    conforms(&Kind { open: Box::new(open), shared: false });
}

#[test]
fn the_log_in_nats_conforms() {
    let Some(program) = nats_program() else { return };
    let server = NatsServer::alone(&program, "");
    let options = options_for(std::slice::from_ref(&server));
    task::block_on(check::found(&options, 1, LogPosition::START, false)).unwrap();
    let open = move |after: u64| {
        let (log, tail) = opened(&options, after);
        (Box::new(log) as Box<dyn Log>, tail)
    };
    conforms(&Kind { open: Box::new(open), shared: true });
}

#[test]
fn the_log_in_memory_says_what_it_has_lost() {
    use tr2::server::log::LogEnd;
    let log = SharedLog::default();
    let (appender, tail) = log.open(LogPosition::START);
    let mut reading = Reading::new(tail);
    append_all(&appender, &mut reading, &texts("a", 9));
    appender.keep(LogPosition(4));
    let end = |after: u64| {
        let (_log, tail) = log.open(LogPosition(after));
        let mut reading = Reading::new(tail);
        while reading.next(std::time::Duration::ZERO).is_some() {}
        (reading.entries.len(), reading.ended)
    };
    assert_eq!(end(3), (6, None));
    assert_eq!(end(2), (0, Some(LogEnd::Gap { wanted: LogPosition(3), oldest: LogPosition(4) })));
    log.lose_after(LogPosition(7));
    let shorter = LogEnd::Shorter { tailed: LogPosition(9), newest: LogPosition(7) };
    reading.until("its end", |reading| reading.ended == Some(shorter));
    assert_eq!(appender.append(Bytes::new()), Err(AppendError::Closed));
    assert_eq!(end(9), (0, Some(shorter)));
    assert_eq!(end(7), (0, None));
}
