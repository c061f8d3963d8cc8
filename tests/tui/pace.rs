//! The pace of a slow line: what may be on its way to the terminal, on times made by hand.

use std::time::{Duration, Instant};

use tr2::client::tui::pace::{AHEAD, AHEAD_OF_KEYS, ASK, PATIENCE, Pace, UNANSWERED_PICTURES};

/// A pace of a terminal that answers, and a time.
fn trusted() -> (Pace, Instant) {
    let mut pace = Pace::default();
    pace.trust();
    (pace, Instant::now())
}

#[test]
fn a_terminal_that_never_answered_is_neither_asked_nor_waited_for() {
    let (mut pace, now) = (Pace::default(), Instant::now());
    for _ in 0..10 {
        assert!(!pace.wrote(100_000, now));
        assert_eq!(pace.wait(false, now), Duration::ZERO);
    }
}

#[test]
fn one_question_is_on_its_way_at_a_time_and_little_is_never_asked_about() {
    let (mut pace, now) = trusted();
    assert!(!pace.wrote(ASK - 1, now));
    assert!(pace.wrote(1, now));
    assert!(!pace.wrote(ASK, now), "a question is on its way");
    pace.answered();
    assert!(!pace.is_asking());
    assert!(pace.wrote(1, now), "what was written after the question is not confirmed");
}

#[test]
fn frames_wait_once_enough_is_on_its_way_and_those_of_keys_later() {
    let (mut pace, now) = trusted();
    assert!(pace.wrote(ASK, now));
    assert!(!pace.wrote(AHEAD - ASK - 1, now));
    assert_eq!(pace.wait(false, now), Duration::ZERO);
    assert!(!pace.wrote(1, now));
    assert_eq!((pace.wait(false, now), pace.wait(true, now)), (PATIENCE, Duration::ZERO));
    assert!(!pace.wrote(AHEAD_OF_KEYS - AHEAD, now));
    assert_eq!(pace.wait(true, now), PATIENCE);
    pace.answered();
    assert_eq!(pace.wait(true, now), Duration::ZERO);
}

#[test]
fn one_large_frame_is_asked_about_and_its_answer_frees_the_line() {
    let (mut pace, now) = trusted();
    assert!(pace.wrote(60_000, now));
    assert_eq!(pace.wait(true, now), PATIENCE);
    pace.answered();
    assert_eq!(pace.wait(false, now), Duration::ZERO);
    assert!(pace.wrote(60_000, now));
}

#[test]
fn a_terminal_that_falls_silent_is_waited_for_only_so_long_and_not_asked_again() {
    let (mut pace, now) = trusted();
    assert!(pace.wrote(AHEAD, now));
    let later = now + PATIENCE;
    assert_eq!(pace.wait(false, later - Duration::from_secs(1)), Duration::from_secs(1));
    assert_eq!(pace.wait(false, later), Duration::ZERO);
    assert!(!pace.wrote(AHEAD, later));
    assert_eq!(pace.wait(false, later), Duration::ZERO);
    pace.answered();
    assert!(pace.wrote(1, later), "it is asked again about the rest");
}

#[test]
fn answers_that_nobody_asked_for_mean_nothing() {
    let (mut pace, now) = trusted();
    assert!(!pace.wrote(ASK - 1, now));
    pace.answered();
    assert!(pace.wrote(1, now));
    pace.forget();
    pace.answered();
    assert!(!pace.wrote(ASK - 1, now));
}

#[test]
fn pictures_wait_for_the_one_before_and_text_does_not_wait_for_pictures() {
    let (mut pace, now) = trusted();
    assert_eq!(pace.wait_for_pictures(now), Duration::ZERO);
    assert!(pace.wrote_pictures(AHEAD, now), "the terminal is asked after each");
    assert_eq!(pace.wait_for_pictures(now), PATIENCE);
    assert_eq!((pace.wait(false, now), pace.wait(true, now)), (Duration::ZERO, Duration::ZERO));
    // Text has its own measure, and is confirmed by its own question.
    assert!(!pace.wrote(AHEAD, now), "a question is on its way");
    assert_eq!((pace.wait(false, now), pace.wait(true, now)), (PATIENCE, Duration::ZERO));
    pace.answered();
    assert!(!pace.is_asking());
    assert_eq!(pace.wait_for_pictures(now), Duration::ZERO, "nothing is asked that could be waited for");
    assert!(pace.wrote(1, now));
    assert_eq!(pace.wait_for_pictures(now), PATIENCE, "as much text is on its way");
    pace.answered();
    assert_eq!(pace.wait_for_pictures(now), Duration::ZERO);
    // Small ones may follow each other, as long as little is on its way.
    assert!(pace.wrote_pictures(AHEAD / 2, now) && pace.wait_for_pictures(now).is_zero());
    assert!(pace.wrote_pictures(AHEAD / 2, now));
    assert_eq!(pace.wait_for_pictures(now), PATIENCE);
    pace.answered();
    assert_eq!(pace.wait_for_pictures(now), Duration::ZERO, "the first has come");
}

#[test]
fn who_does_not_answer_gets_few_pictures_and_few_questions() {
    let (mut pace, now) = (Pace::default(), Instant::now());
    assert!(!pace.wrote_pictures(50_000, now) && !pace.is_asking());
    assert_eq!(pace.wait_for_pictures(now), UNANSWERED_PICTURES);
    assert_eq!(pace.wait_for_pictures(now + UNANSWERED_PICTURES), Duration::ZERO);
    let (mut pace, now) = trusted();
    assert!(pace.wrote_pictures(50_000, now));
    assert_eq!(pace.wait_for_pictures(now + PATIENCE - Duration::from_secs(1)), Duration::from_secs(1));
    let mut asked = 1;
    for n in 0..100 {
        let later = now + PATIENCE + n * UNANSWERED_PICTURES;
        assert_eq!(pace.wait_for_pictures(later), Duration::ZERO);
        asked += usize::from(pace.wrote_pictures(50_000, later));
        assert_eq!(pace.wait_for_pictures(later), UNANSWERED_PICTURES);
        assert_eq!(pace.wait(false, later), Duration::ZERO, "text goes on");
    }
    assert!(asked <= 4, "{asked} questions");
    (0..asked).for_each(|_| pace.answered());
    assert_eq!(pace.wait_for_pictures(now + 2 * PATIENCE * 3), Duration::ZERO);
}
