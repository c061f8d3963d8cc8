//! What waits is bounded: entries whose reader is slow, entries that come early, appends.

use bytes::Bytes;
use tr2::server::log::LogPosition;
use tr2::server::log::nats::follow::{BATCH, Fetch, FetchEnd, Follow, MAX_EARLY, MAX_READY};

use std::time::Duration;

const NOW: Duration = Duration::from_secs(1);

fn entry(kilobytes: usize) -> Bytes {
    Bytes::from(vec![b'x'; kilobytes * 1024])
}

/// What waits for the reader, in bytes.
fn read_all(follow: &mut Follow) -> usize {
    std::iter::from_fn(|| follow.pop()).map(|(_, bytes)| bytes.len()).sum()
}

#[test]
fn a_reader_that_is_slow_has_no_more_waiting_than_the_limit() {
    let mut follow = Follow::after(LogPosition::START);
    follow.looked(NOW, LogPosition::START, ("A", 1, 0));
    for place in 1..=1000 {
        follow.live(place, entry(64));
    }
    // Nothing more is asked for until there is room.
    assert_eq!(follow.take_fetch(NOW + Duration::from_secs(9)), None);
    let waiting = read_all(&mut follow);
    assert!((MAX_READY..=MAX_READY + 64 * 1024).contains(&waiting), "{waiting}");
    // What came meanwhile and was early is there, then the rest is asked for.
    let mut now = NOW + Duration::from_secs(10);
    while follow.tailed() < LogPosition(1000) {
        now += Duration::from_secs(1);
        let before = follow.tailed();
        if let Some(Fetch::From(from)) = follow.take_fetch(now) {
            assert_eq!(from, follow.tailed().next().0);
            for place in from..from + 16 {
                follow.fetched(now, place, entry(64));
            }
            follow.fetched_all(now, FetchEnd::Done);
        }
        let waiting = read_all(&mut follow);
        assert!(waiting <= MAX_READY + 64 * 1024, "{waiting}");
        assert!(follow.tailed() > before, "it stands still at {before}");
    }
}

#[test]
fn what_comes_early_is_kept_up_to_the_limit() {
    let mut follow = Follow::after(LogPosition::START);
    follow.looked(NOW, LogPosition::START, ("A", 1, 0));
    // The first was missed.
    for place in 2..=1000 {
        follow.live(place, entry(64));
    }
    assert_eq!(read_all(&mut follow), 0);
    assert_eq!(follow.take_fetch(NOW), Some(Fetch::From(1)));
    follow.fetched(NOW, 1, entry(64));
    follow.fetched_all(NOW, FetchEnd::Done);
    let mut kept = read_all(&mut follow);
    follow.take_fetch(NOW);
    kept += read_all(&mut follow);
    assert_eq!(kept, 64 * 1024 + MAX_EARLY);
}

#[test]
fn a_replica_that_sends_more_than_was_asked_for_fills_no_memory() {
    let mut follow = Follow::after(LogPosition::START);
    follow.looked(NOW, LogPosition::START, ("A", 1, 100_000));
    assert_eq!(follow.take_fetch(NOW), Some(Fetch::From(1)));
    for place in 1..=10 * u64::try_from(BATCH).unwrap() {
        follow.fetched(NOW, place, entry(64));
    }
    let waiting = read_all(&mut follow);
    assert!(waiting <= MAX_READY + 64 * 1024, "{waiting}");
}
