//! How long the client waits before it connects again.

use std::time::Duration;

use tr2::client::link::backoff::{Backoff, FIRST_WAIT, LONGEST_WAIT};

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
