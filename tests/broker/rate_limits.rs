//! Rate limits: how a rate is written, and how a flood is slowed, refused and forgiven.

use std::time::Duration;

use tr2::model::{Now, Origin, Timestamp};
use tr2::protocol::{Code, Refusal};
use tr2::server::broker::outbox::Outbox;
use tr2::server::broker::rules::{Beginning, Rules};
use tr2::server::broker::{Broker, Input};
use tr2::server::ids::ConnId;
use tr2::server::limits::{FLOOD_PATIENCE, Rate, RateError};
use tr2::server::telemetry::events::Note;
use tr2::server::transport::rate_limit::{Bucket, Flood, FloodDecision, SharedRate};

#[test]
fn rates_are_parsed() {
    for (text, rate) in [
        ("20/5", Ok(Some(Rate { burst: 20, per_second: 5 }))),
        ("1 / 1000000", Ok(Some(Rate { burst: 1, per_second: 1_000_000 }))),
        ("off", Ok(None)),
        ("", Err(RateError)),
        ("20", Err(RateError)),
        ("0/5", Err(RateError)),
        ("20/0", Err(RateError)),
        ("20/1000001", Err(RateError)),
        ("-1/5", Err(RateError)),
        ("OFF", Err(RateError)),
    ] {
        assert_eq!(Rate::parse(text), rate, "{text:?}");
    }
}

#[test]
fn a_bucket_holds_a_burst_and_refills_over_time() {
    let rate = Rate { burst: 3, per_second: 2 };
    let mut bucket = Bucket::full(rate, Timestamp(0));
    let mut taken = |at: i64| (bucket.take(rate, Timestamp(at)), bucket.wait(rate).as_millis(), bucket.is_full(rate));
    assert_eq!([taken(0), taken(0), taken(0)].map(|(taken, ..)| taken), [true; 3]);
    assert_eq!(taken(0), (false, 500, false));
    assert_eq!(taken(499), (false, 1, false));
    assert_eq!(taken(500), (true, 500, false));
    // After any pause the bucket holds one burst; a clock that jumps back takes nothing away.
    assert!(taken(1_000_000).0);
    assert_eq!([taken(1_000_000).0, taken(0).0, taken(0).0], [true, true, false]);
}

/// Sends frames as fast as allowed from `from` on for `span`; returns how many are taken and how many refused.
fn flood(limit: &mut Flood, from: i64, span: Duration) -> (u32, u32) {
    let (mut now, mut taken, mut refused) = (Timestamp(from), 0, 0);
    while now.since(Timestamp(from)) <= span {
        match limit.judge(now) {
            FloodDecision::Take => taken += 1,
            FloodDecision::Refuse => refused += 1,
            FloodDecision::Wait(pause) => now = now.after(pause),
        }
    }
    (taken, refused)
}

#[test]
fn a_flood_is_slowed_then_refused_and_forgiven() {
    for (burst, per_second) in [(20, 5), (2, 5), (1, 5), (1, 1), (100, 1000)] {
        let mut limit = Flood::new(Rate { burst, per_second }, Timestamp(0));
        let seconds = u32::try_from(FLOOD_PATIENCE.as_secs()).unwrap();
        let (taken, refused) = flood(&mut limit, 0, FLOOD_PATIENCE);
        assert_eq!((taken, refused), (burst + seconds * per_second, 0), "{burst}/{per_second}: only slowed");
        assert!(limit.is_slowing());
        let (taken, refused) = flood(&mut limit, 10_001, Duration::from_secs(5));
        assert!(taken == 0 && refused >= 4, "{burst}/{per_second}: {taken} taken, {refused} refused");
        // A pause long enough for half a burst and two frames ends the slowing.
        let pause = i64::from((burst / 2 + 3) * 1000 / per_second);
        limit.judge(Timestamp(16_000 + pause));
        assert_eq!(limit.judge(Timestamp(18_000 + 2 * pause)), FloodDecision::Take, "{burst}/{per_second}");
        assert!(!limit.is_slowing(), "{burst}/{per_second}");
    }
}

#[test]
fn a_changed_rate_keeps_what_was_used_up() {
    let (slow, quick) = (Rate { burst: 1, per_second: 1 }, Rate { burst: 10, per_second: 100 });
    let shared = SharedRate::new(Some(slow));
    assert_eq!(shared.get(), Some(slow));
    let mut flood = Flood::changed(None, shared.get(), Timestamp(0)).unwrap();
    assert_eq!(flood.judge(Timestamp(0)), FloodDecision::Take);
    assert!(matches!(flood.judge(Timestamp(0)), FloodDecision::Wait(_)));
    let mut flood = Flood::changed(Some(flood), Some(quick), Timestamp(0)).unwrap();
    assert_eq!(
        flood.judge(Timestamp(0)),
        FloodDecision::Wait(Duration::from_millis(10)),
        "no burst is given for nothing"
    );
    assert_eq!(flood.judge(Timestamp(10)), FloodDecision::Take);
    assert!(Flood::changed(Some(flood), None, Timestamp(0)).is_none());
    for rate in [None, Some(quick), Some(Rate { burst: 1_000_000, per_second: 1_000_000 })] {
        shared.set(rate);
        assert_eq!(shared.clone().get(), rate);
    }
}

#[test]
fn who_sends_too_much_or_too_soon_is_not_logged_as_who_sends_what_is_no_frame() {
    let (mut broker, mut outbox) = (Broker::new(Rules::default(), Beginning::default()), Outbox::default());
    let conn = ConnId(1);
    let origin = Origin::Tcp(([203, 0, 113, 5], 1).into());
    broker.handle(Now::default(), Input::Connected(conn, origin), &mut outbox);
    let mut is_logged = |code| {
        outbox.notes.clear();
        let refused = Input::Received(conn, Err(Refusal::new(None, code, "no")));
        broker.handle(Now::default(), refused, &mut outbox);
        outbox.notes.iter().any(|note| matches!(note, Note::BadFrame { .. }))
    };
    assert!(![Code::RateLimited, Code::Busy].map(&mut is_logged).contains(&true));
    // The first one of a connection is.
    assert_eq!([Code::BadFrame, Code::TooLong].map(&mut is_logged), [true, false]);
}
