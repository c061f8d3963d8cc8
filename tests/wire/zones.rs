//! Time zones: every time is shown by the offset of its own day, and days begin where the clocks say so.

use std::cell::Cell;
use std::time::Duration;

use chrono::NaiveDateTime;
use tr2::model::{Now, Timestamp, Zone};
use tr2::protocol::Query;
use tr2::sys::clock::LocalZone;

/// A zone from its changes: the moment in UTC, and the offset from then on in minutes.
fn zone(first: i32, changes: &'static [(&'static str, i32)]) -> Zone {
    let changes: Vec<(Timestamp, i32)> = changes.iter().map(|(from, offset)| (at(from), *offset)).collect();
    Zone::find(move |time| {
        let past = changes.iter().rev().find(|(from, _)| *from <= time);
        past.map_or(first, |(_, offset)| *offset) * 60
    })
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn berlin() -> Zone {
    let changes = &[
        ("2026-03-29T01:00:00Z", 120),
        ("2026-10-25T01:00:00Z", 60),
        ("2027-03-28T01:00:00Z", 120),
        ("2027-10-31T01:00:00Z", 60),
    ];
    zone(60, changes)
}

/// Until 2019; the clocks skipped midnight.
fn sao_paulo() -> Zone {
    zone(-180, &[("2018-11-04T03:00:00Z", -120), ("2019-02-17T02:00:00Z", -180)])
}

/// Half an hour of summer time.
fn lord_howe() -> Zone {
    zone(660, &[("2026-04-04T15:00:00Z", 630), ("2026-10-03T15:30:00Z", 660)])
}

/// An hour back for the month of Ramadan.
fn casablanca() -> Zone {
    zone(60, &[("2026-02-15T02:00:00Z", 0), ("2026-03-22T02:00:00Z", 60)])
}

/// Where midnight comes twice.
fn havana() -> Zone {
    zone(-300, &[("2026-03-08T05:00:00Z", -240), ("2026-11-01T05:00:00Z", -300)])
}

#[test]
fn times_are_shown_by_the_offset_of_their_own_day() {
    let cases = [
        (berlin(), "2026-07-15T21:58:00Z", "2026-07-15 23:58"),
        (berlin(), "2026-07-15T22:30:00Z", "2026-07-16 00:30"),
        (berlin(), "2026-11-28T22:30:00Z", "2026-11-28 23:30"),
        (berlin(), "2026-03-29T00:59:59Z", "2026-03-29 01:59"),
        (berlin(), "2026-03-29T01:00:00Z", "2026-03-29 03:00"),
        (berlin(), "2026-10-25T00:59:59Z", "2026-10-25 02:59"),
        (berlin(), "2026-10-25T01:00:00Z", "2026-10-25 02:00"),
        (sao_paulo(), "2018-11-04T02:59:59Z", "2018-11-03 23:59"),
        (sao_paulo(), "2018-11-04T03:00:00Z", "2018-11-04 01:00"),
        (sao_paulo(), "2019-02-17T01:59:59Z", "2019-02-16 23:59"),
        (sao_paulo(), "2019-02-17T02:00:00Z", "2019-02-16 23:00"),
        (zone(330, &[]), "2026-11-28T18:29:59Z", "2026-11-28 23:59"),
        (zone(330, &[]), "2026-11-28T18:30:00Z", "2026-11-29 00:00"),
        (lord_howe(), "2026-04-04T14:59:59Z", "2026-04-05 01:59"),
        (lord_howe(), "2026-04-04T15:00:00Z", "2026-04-05 01:30"),
        (lord_howe(), "2026-10-03T15:29:59Z", "2026-10-04 01:59"),
        (lord_howe(), "2026-10-03T15:30:00Z", "2026-10-04 02:30"),
        (casablanca(), "2026-03-01T12:00:00Z", "2026-03-01 12:00"),
        (casablanca(), "2026-02-15T01:59:59Z", "2026-02-15 02:59"),
        (casablanca(), "2026-03-22T02:00:00Z", "2026-03-22 03:00"),
        // Before the first year and after the last one that are looked at, the nearest offset holds.
        (berlin(), "1970-01-01T00:00:00Z", "1970-01-01 01:00"),
        (berlin(), "2400-07-01T00:00:00Z", "2400-07-01 01:00"),
    ];
    for (zone, utc, expected) in cases {
        let time = at(utc);
        assert_eq!(format!("{} {}", time.day(&zone), time.clock(&zone)), expected, "{utc}");
    }
    assert_eq!(Timestamp(i64::MAX).clock(&berlin()), "01:00", "a time that is none is the first one");
}

#[test]
fn a_searched_day_begins_when_the_clocks_of_that_day_say_so() {
    let cases = [
        (berlin(), "2026-07-16", "2026-07-15T22:00:00.000Z"),
        (berlin(), "2026-11-22", "2026-11-21T23:00:00.000Z"),
        (berlin(), "2026-03-30", "2026-03-29T22:00:00.000Z"),
        (sao_paulo(), "2018-11-04", "2018-11-04T03:00:00.000Z"),
        (sao_paulo(), "2019-02-17", "2019-02-17T03:00:00.000Z"),
        (zone(330, &[]), "2026-11-29", "2026-11-28T18:30:00.000Z"),
        (lord_howe(), "2026-04-05", "2026-04-04T13:00:00.000Z"),
        (lord_howe(), "2026-04-06", "2026-04-05T13:30:00.000Z"),
        (casablanca(), "2026-03-01", "2026-03-01T00:00:00.000Z"),
        (casablanca(), "2026-03-23", "2026-03-22T23:00:00.000Z"),
        (havana(), "2026-11-01", "2026-11-01T04:00:00.000Z"),
        (havana(), "2026-11-02", "2026-11-02T05:00:00.000Z"),
    ];
    for (zone, day, expected) in cases {
        let query = Query::parse(&format!("since:{day}"), &zone).unwrap();
        assert_eq!(query.after, Some(at(expected)), "{day}");
    }
}

#[test]
fn a_skipped_time_is_the_next_moment_and_a_doubled_one_the_first() {
    let moment =
        |zone: &Zone, text: &str| zone.moment(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()).rfc3339();
    assert_eq!(moment(&berlin(), "2026-03-29 02:30"), "2026-03-29T01:00:00.000Z");
    assert_eq!(moment(&berlin(), "2026-10-25 02:30"), "2026-10-25T00:30:00.000Z");
    assert_eq!(moment(&berlin(), "2026-10-25 03:00"), "2026-10-25T02:00:00.000Z");
    assert_eq!(moment(&lord_howe(), "2026-10-04 02:15"), "2026-10-03T15:30:00.000Z");
    assert_eq!(moment(&lord_howe(), "2026-04-05 01:45"), "2026-04-04T14:45:00.000Z");
    assert_eq!(moment(&havana(), "2026-11-01 00:30"), "2026-11-01T04:30:00.000Z");
}

thread_local! {
    /// The offset of the machine's zone in minutes, and how often it was read.
    static MACHINE: Cell<(i32, usize)> = const { Cell::new((60, 0)) };
}

#[test]
fn the_zone_is_read_anew_once_a_minute_has_gone_by_on_either_clock() {
    fn find() -> Zone {
        let (offset, reads) = MACHINE.get();
        MACHINE.set((offset, reads + 1));
        zone(offset, &[])
    }
    let now = |wall: u64, steady: u64| Now {
        wall: Timestamp(1_000_000_000_000).after(Duration::from_secs(wall)),
        steady: Timestamp::default().after(Duration::from_secs(steady)),
    };
    let mut local = LocalZone::found_by(find, now(1000, 0));
    // Whoever travels: the zone is another one, and nobody has looked yet.
    MACHINE.set((-300, 1));
    assert_eq!(local.renewed(now(1059, 59)), None);
    assert_eq!(local.renewed(now(1060, 60)), Some(&zone(-300, &[])));
    assert_eq!(local.renewed(now(1120, 120)), None, "it is the same zone");
    assert_eq!(MACHINE.get().1, 3, "and was read");
    // The machine slept, and the steady clock with it; or its clock was set back.
    for (wall, offset) in [(9000, 0), (100, 120)] {
        MACHINE.set((offset, 3));
        assert_eq!(local.renewed(now(wall, 121)), Some(&zone(offset, &[])));
    }
    assert_eq!(*local.zone(), zone(120, &[]));
}
