//! How long the client waits before it connects again.

use std::time::Duration;

use tr2::client::link::backoff::{Backoff, DIAL_PATIENCE, FIRST_WAIT, LONGEST_WAIT};

#[test]
fn waits_double_up_to_the_longest() {
    let mut reconnect = Backoff::new(7);
    let mut full = FIRST_WAIT;
    for _ in 0..20 {
        let wait = reconnect.next_wait();
        assert!(wait <= full && wait > full.mul_f64(0.74), "{wait:?} of {full:?}");
        full = (full * 2).min(LONGEST_WAIT);
    }
    reconnect.succeed();
    assert!(reconnect.next_wait() <= Duration::from_millis(500));
    assert_ne!(Backoff::new(1).next_wait(), Backoff::new(2).next_wait());
}

#[test]
fn a_crowd_spreads_over_the_addresses_that_are_left_and_is_more_patient_after_each_round() {
    let mut counts = [0; 3];
    for seed in 0..300 {
        counts[Backoff::new(seed).choose(3)] += 1;
    }
    assert!(counts.iter().all(|count| (70..130).contains(count)), "{counts:?}");
    assert_eq!(Backoff::new(1).choose(0), 0);
    let mut backoff = Backoff::new(1);
    let mut patience = Vec::new();
    for _ in 0..6 {
        patience.push(backoff.patience().as_secs());
        backoff.next_wait();
    }
    assert_eq!(patience, [1, 2, 4, 8, 15, 15]);
    backoff.succeed();
    assert_eq!(backoff.patience(), DIAL_PATIENCE);
}
