//! The ladder as transcripts, and the rate.

use std::fmt::Write as _;
use std::time::Duration;

use expect_test::expect;
use tr2::media::codec::encoder::{CodingRequest, PictureEncoder};
use tr2::media::codec::packet::LARGEST_PACKET;
use tr2::media::codec::rate::RateControl;
use tr2::media::ladder::{Ladder, LineSight, RUNGS};
use tr2::media::loss_cause::LossSight;
use tr2::media::picture::LARGEST;
use tr2::media::test_source::test_picture;

use super::size;

/// What the ladder does, as `seconds:bytes a second`, when the queue in milliseconds depends on the time and on what is sent.
/// It is told five times a second.
fn transcript(ladder: &mut Ladder, seconds: u64, queue: impl Fn(f64, u32) -> u64) -> String {
    let mut told = String::new();
    for tick in 0..seconds * 5 {
        let now = Duration::from_millis(tick * 200);
        let queue = Duration::from_millis(queue(now.as_secs_f64(), ladder.rung().bytes_a_second));
        if ladder.see(now, LineSight { queue, loss: LossSight::default() }) {
            let _ = write!(told, "{}:{} ", now.as_secs_f64(), ladder.rung().bytes_a_second);
        }
    }
    told
}

#[test]
fn rungs_go_up_in_bytes_and_never_down_in_size() {
    for pair in RUNGS.windows(2) {
        assert!(pair[0].bytes_a_second < pair[1].bytes_a_second);
        assert!(pair[0].size().unwrap().width() <= pair[1].size().unwrap().width());
        assert!(pair[1].size().unwrap().may_be_sent());
    }
}

#[test]
fn a_good_line_takes_it_up_slowly() {
    let mut ladder = Ladder::new(LARGEST.0);
    assert_eq!(transcript(&mut ladder, 60, |_, _| 3), "4:2000 8:3200 12:5000 16:8500 20:16000 ");
    let mut ladder = Ladder::new(80);
    assert_eq!(transcript(&mut ladder, 60, |_, _| 3), "4:2000 8:3200 ", "no larger than is shown");
    ladder.limit(40);
    assert_eq!(ladder.rung().bytes_a_second, 800);
}

#[test]
fn a_queue_takes_it_down_at_once_but_not_twice_before_it_drained() {
    let mut ladder = Ladder::new(LARGEST.0);
    assert_eq!(transcript(&mut ladder, 3, |_, _| 60), "0:800 0.6:450 1.2:250 ");
    let mut ladder = Ladder::new(LARGEST.0);
    assert_eq!(transcript(&mut ladder, 3, |_, _| 240), "0:450 0.6:250 ");
    let mut ladder = Ladder::new(LARGEST.0);
    assert_eq!(transcript(&mut ladder, 20, |_, _| 59), "", "neither good nor bad: it stays");
    assert!(
        ladder.see(
            Duration::from_secs(30),
            LineSight { queue: Duration::ZERO, loss: LossSight { known: 100, lost: 20 } }
        )
    );
}

/// What the ladder does where of a hundred packets so many are lost, by what is sent; fifteen are sent a second, and what
/// was sent less than half a second ago is not known yet. Each step as `seconds:bytes a second`, with `once` where nothing
/// may be sent twice.
fn lossy_transcript(ladder: &mut Ladder, seconds: u32, lost: impl Fn(f64, u32) -> u32) -> String {
    let (mut told, mut sight, mut settled) = (String::new(), Vec::new(), 0);
    for tick in 0..seconds * 15 {
        let now = Duration::from_secs(tick.into()) / 15;
        let share = lost(now.as_secs_f64(), ladder.rung().bytes_a_second);
        // Spread evenly over a hundred.
        if tick >= settled {
            sight.push((tick + 1) * share / 100 > tick * share / 100);
        }
        let last = &sight[sight.len().saturating_sub(100)..];
        let loss = LossSight { known: last.len() as u32, lost: last.iter().filter(|lost| **lost).count() as u32 };
        if ladder.see(now, LineSight { queue: Duration::ZERO, loss }) {
            let once = if ladder.may_repeat(now) { "" } else { " once" };
            let _ = write!(told, "{:.0}:{}{once} ", now.as_secs_f64(), ladder.rung().bytes_a_second);
            (sight, settled) = (Vec::new(), tick + 8);
        }
    }
    told
}

#[test]
fn a_line_that_loses_whatever_is_sent_is_not_full() {
    // Fourteen of a hundred are not looked into; fifteen are, once: less is sent, as many are lost, and it goes up again.
    let mut ladder = Ladder::new(80);
    expect![[r#"4:2000 8:3200 "#]].assert_eq(&lossy_transcript(&mut ladder, 120, |_, _| 14));
    for share in [15, 20, 30, 35] {
        let mut ladder = Ladder::new(80);
        let told = lossy_transcript(&mut ladder, 300, |_, _| share);
        assert!(told.matches("once").count() == 1 && told.ends_with("3200 "), "{share}: {told}");
    }
    // More is too much, whatever the reason.
    for share in [37, 50] {
        let mut ladder = Ladder::new(80);
        lossy_transcript(&mut ladder, 300, |_, _| share);
        assert_eq!(ladder.rung().bytes_a_second, 250, "{share}");
        assert!(ladder.may_repeat(Duration::from_secs(300)), "on the lowest rung, in any case");
    }
}

#[test]
fn a_line_that_loses_because_it_is_full_gets_less_and_nothing_twice() {
    let mut ladder = Ladder::new(80);
    let over = |_, bytes: u32| (bytes.saturating_sub(2_500) / 20).min(60);
    expect![
        "4:2000 8:3200 11:2000 once 26:3200 once 27:2000 once 49:3200 once 50:2000 once 89:3200 once 90:2000 once "
    ]
    .assert_eq(&lossy_transcript(&mut ladder, 150, over));
    // One that loses on its own account and gets full as well.
    let mut ladder = Ladder::new(80);
    let over = |now, bytes: u32| 20 + if now < 60.0 { 0 } else { (bytes.saturating_sub(2_500) / 20).min(60) };
    expect!["4:2000 8:3200 13:2000 once 16:3200 64:2000 once 67:3200 74:2000 once 88:3200 once 92:2000 once 115:3200 once 119:2000 once "].assert_eq(&lossy_transcript(&mut ladder, 150, over));
}

#[test]
fn a_queue_under_a_trial_says_that_the_line_is_full() {
    let mut ladder = Ladder::new(80);
    let sight = |queue, known, lost| LineSight { queue: Duration::from_millis(queue), loss: LossSight { known, lost } };
    let at = Duration::from_secs;
    assert!(!ladder.see(at(1), sight(0, 100, 14)) && ladder.may_repeat(at(1)));
    assert!(ladder.see(at(1), sight(0, 100, 15)) && !ladder.may_repeat(at(1)));
    ladder.see(at(2), sight(60, 0, 0));
    assert!(!ladder.may_repeat(at(121)) && ladder.may_repeat(at(122)), "for two minutes");
}

#[test]
fn on_a_thin_line_it_makes_room_for_voice_and_then_comes_back() {
    let mut ladder = Ladder::new(80);
    transcript(&mut ladder, 10, |_, _| 3);
    assert_eq!(ladder.rung().bytes_a_second, 3_200);
    assert!(ladder.make_room(true) && !ladder.make_room(true));
    assert_eq!(ladder.rung().bytes_a_second, 800);
    assert_eq!(transcript(&mut ladder, 60, |_, _| 3), "", "it does not go up while somebody speaks");
    assert!(ladder.make_room(false) && !ladder.make_room(false));
    assert_eq!(ladder.rung().bytes_a_second, 3_200);
    // Nobody wants so large a picture any more.
    ladder.make_room(true);
    ladder.limit(40);
    ladder.make_room(false);
    assert_eq!(ladder.rung().bytes_a_second, 800);
    // The thinnest has no room to make, and a wide one has enough.
    let mut ladder = Ladder::new(40);
    transcript(&mut ladder, 2, |_, _| 300);
    assert!(!ladder.make_room(true) && ladder.rung() == RUNGS[0]);
    let mut ladder = Ladder::new(LARGEST.0);
    transcript(&mut ladder, 60, |_, _| 3);
    assert!(!ladder.make_room(true) && ladder.rung().bytes_a_second == 16_000);
    assert_eq!(transcript(&mut ladder, 2, |_, _| 70), "0:8500 0.6:5000 1.2:3200 1.8:2000 ", "a queue takes it down");
}

#[test]
fn what_was_too_much_is_tried_less_and_less_often() {
    // A line of 2.5 kB/s.
    let queue = |_, bytes| if bytes > 2500 { 100 } else { 5 };
    let mut ladder = Ladder::new(LARGEST.0);
    assert_eq!(
        transcript(&mut ladder, 150, queue),
        "4:2000 8:3200 8.2:2000 16.4:3200 16.6:2000 32.8:3200 33:2000 65.2:3200 65.4:2000 125.6:3200 125.8:2000 "
    );
}

#[test]
fn a_line_that_gets_better_is_used_again() {
    let queue = |now, bytes| if (10.0..20.0).contains(&now) && bytes > 500 { 300 } else { 5 };
    let mut ladder = Ladder::new(LARGEST.0);
    assert_eq!(
        transcript(&mut ladder, 60, queue),
        "4:2000 8:3200 10:1300 10.6:450 18.8:800 19:250 35.2:450 43.4:800 51.4:1300 59.4:2000 "
    );
}

#[test]
fn pictures_keep_to_the_rate() {
    let small = size(24, 16);
    for (bytes, pictures) in [(350, 5), (600, 10)] {
        let mut encoder = PictureEncoder::new(small, 0, 0).unwrap();
        let mut rate = RateControl::new(bytes, pictures);
        let mut sent = Vec::new();
        for number in 0..40u16 {
            let reference = number.checked_sub(1);
            let request =
                CodingRequest { reference, is_leaf: false, quantiser: rate.quantiser(), most_bytes: LARGEST_PACKET };
            let picture = test_picture(small, u32::from(number) * 15 / pictures);
            let coded = encoder.encode(&picture, request).unwrap();
            rate.coded(coded.packet.len(), coded.head.reference.is_none());
            sent.push(coded.packet.len());
        }
        let mean = sent[20..].iter().sum::<usize>() as f64 / 20.0 * f64::from(pictures);
        assert!((0.75..1.1).contains(&(mean / f64::from(bytes))), "{mean} B/s instead of {bytes}: {sent:?}");
    }
}

#[test]
fn the_quantiser_stays_within_bounds_and_follows_the_rate() {
    let mut rate = RateControl::new(0, 0);
    for _ in 0..100 {
        rate.coded(usize::MAX, false);
    }
    let coarsest = rate.quantiser();
    rate.set_rate(u32::MAX, 1);
    for _ in 0..100 {
        rate.coded(0, false);
    }
    let finest = rate.quantiser();
    assert!(finest >= 10 && finest + 20 < coarsest && coarsest < 63, "{finest}, {coarsest}");
}

/// The delays of the pictures of a minute over a line of so many bytes a second, in milliseconds, from the shortest: 30 on the
/// way, and what waits. Each picture has 58 bytes of heads.
fn delays(line: f64, follows: bool) -> Vec<f64> {
    let mut ladder = Ladder::new(LARGEST.0);
    let (mut now, mut free, mut told) = (0.0, 0.0, 0.0);
    let mut delays = Vec::new();
    while now < 60.0 {
        let rung = ladder.rung();
        let bytes = f64::from(rung.bytes_a_second) / f64::from(rung.pictures_a_second) + 58.0;
        let starts = f64::max(now, free);
        free = starts + bytes / line;
        delays.push((free - now + 0.030) * 1000.0);
        if follows && now - told >= 0.2 {
            told = now;
            let queue = Duration::from_secs_f64(starts - now);
            ladder.see(Duration::from_secs_f64(now), LineSight { queue, loss: LossSight::default() });
        }
        now += 1.0 / f64::from(rung.pictures_a_second);
    }
    delays.sort_by(f64::total_cmp);
    delays
}

#[test]
fn pictures_are_soon_there_on_thin_lines() {
    let of = |line, follows| {
        let delays = delays(line, follows);
        (delays[delays.len() / 2], delays[delays.len() - 1])
    };
    let lines = [(8_000.0, 85.0, 250.0), (4_000.0, 85.0, 200.0), (2_000.0, 120.0, 400.0), (1_000.0, 220.0, 800.0)];
    for (line, most_median, most) in lines {
        let (median, last) = of(line, true);
        assert!(median <= most_median && last <= most, "{line} B/s: {median:.0} ms, at most {last:.0} ms");
    }
    assert!(of(1_000.0, false).0 > 10_000.0, "without the ladder");
}
