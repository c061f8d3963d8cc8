//! The bytes of the last minute, second by second.

use tr2::client::traffic::LastMinute;
use tr2::model::Timestamp;

use crate::chance::Chance;

fn second(number: i64) -> Timestamp {
    Timestamp(number * 1000 + 500)
}

#[test]
fn what_is_a_minute_old_is_forgotten_and_nothing_before() {
    let mut bytes = LastMinute::default();
    bytes.add(second(0), 100);
    bytes.add(second(0), 1);
    bytes.add(second(59), 20);
    assert_eq!(bytes.total(second(59)), 121);
    assert_eq!(bytes.total(second(60)), 20);
    bytes.add(second(61), 3);
    assert_eq!([bytes.total(second(118)), bytes.total(second(119)), bytes.total(second(121))], [23, 3, 0]);
    // A machine that slept, a time that goes back, and more than can be counted.
    bytes.add(second(1_000_000), 5);
    bytes.add(second(3), 2);
    assert_eq!(bytes.total(second(1_000_000)), 7);
    bytes.add(second(1_000_001), usize::MAX);
    bytes.add(second(1_000_002), usize::MAX);
    assert_eq!(bytes.total(second(1_000_002)), u64::MAX);
}

#[test]
fn the_ring_counts_as_a_list_of_everything_would() {
    let mut chance = Chance(7);
    let (mut ring, mut list, mut now) = (LastMinute::default(), Vec::new(), 0);
    for _ in 0..3000 {
        let most = if chance.below(50) == 0 { 100 } else { 4 };
        now += i64::try_from(chance.below(most)).unwrap();
        let count = chance.below(1000);
        ring.add(second(now), count);
        list.push((now, count));
        let whole: usize = list.iter().filter(|(at, _)| now - at < 60).map(|(_, count)| count).sum();
        assert_eq!(ring.total(second(now)), u64::try_from(whole).unwrap());
    }
}
