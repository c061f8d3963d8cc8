//! The client's small parts, each by a table: actions, waits, mentions, plain lines, wrapping.
//!
//! Must not know: the session.

use std::collections::HashSet;
use std::time::Duration;

use chrono::FixedOffset;
use proptest::prelude::*;
use tr2::client::action;
use tr2::client::chat::notify;
use tr2::client::link::backoff::{FIRST_WAIT, LONGEST_WAIT, Reconnect};
use tr2::client::msg::{Msg, Printed};
use tr2::client::plain::line_reader::{LineReader, MAX_LINE};
use tr2::client::plain::print as plain;
use tr2::client::text::wrap;
use tr2::model::{Name, Target, Text, Timestamp};
use tr2::protocol::escape::escaped_len;
use tr2::protocol::limits::MAX_DATA;
use unicode_segmentation::UnicodeSegmentation as _;

#[test]
fn the_menu_is_the_original_s() {
    let menu: Vec<String> = action::menu().map(|row| format!("{} {}", row.digit.unwrap(), row.name)).collect();
    assert_eq!(
        menu,
        [
            "1 Echo",
            "2 List clients",
            "3 Private message",
            "4 Broadcast",
            "5 Exit",
            "6 Close server",
            "7 Search",
            "8 Rooms",
            "9 Moderate"
        ]
    );
}

#[test]
fn no_key_and_no_command_means_two_things() {
    let (mut keys, mut commands) = (HashSet::new(), HashSet::new());
    for row in action::table() {
        row.keys.iter().for_each(|key| assert!(keys.insert(*key), "{key}"));
        let names = row.aliases.iter().chain([&row.command]).filter(|name| !name.is_empty());
        names.for_each(|name| assert!(commands.insert(*name), "{name}"));
        assert!(row.help.ends_with('.') && !row.name.is_empty(), "{row:?}");
    }
}

#[test]
fn a_mistyped_command_finds_its_nearest() {
    let cases =
        [("brodcast", Some("/broadcast")), ("hlep", Some("/help")), ("xyzzyxyzzy", None), ("MSG", Some("/msg"))];
    for (typed, expected) in cases {
        assert_eq!(action::nearest_command(typed).as_deref(), expected, "{typed}");
    }
}

#[test]
fn waits_double_and_never_go_over_the_longest() {
    let mut reconnect = Reconnect::new(7);
    let mut full = FIRST_WAIT;
    for _ in 0..20 {
        let wait = reconnect.next_wait();
        assert!(wait <= full && wait > full.mul_f64(0.74), "{wait:?} of {full:?}");
        full = (full * 2).min(LONGEST_WAIT);
    }
    reconnect.succeed();
    assert!(reconnect.next_wait() <= Duration::from_millis(500));
    assert_ne!(Reconnect::new(1).next_wait(), Reconnect::new(2).next_wait());
}

#[test]
fn a_mention_is_a_whole_word() {
    let cases = [
        ("alice: hi", "alice", true),
        ("thanks, ALICE!", "alice", true),
        ("malice", "alice", false),
        ("alice-2", "alice", false),
        ("alice-2 and alice", "alice", true),
        ("Álice!", "alice", true),
        ("über_alice", "alice", false),
        ("say it to alice", "alice", true),
        ("malice and alice", "alice", true),
        ("anything", "", false),
    ];
    for (text, name, expected) in cases {
        assert_eq!(notify::mentions(text, name), expected, "{text}");
    }
}

#[test]
fn plain_lines_cannot_pass_for_others() {
    let bob = Name::parse("bob").unwrap();
    let text = Text::block("hi\n12:00 alice: not me");
    let time = Timestamp::parse("2026-11-22T12:01:00Z").unwrap();
    let message = |to| Printed::Message { time, from: bob.clone(), verified: false, to, text: text.clone() };
    let cases = [
        (message(Target::Everyone), "13:01 bob: hi\n    12:00 alice: not me"),
        (message(Target::User(bob.clone())), "13:01 bob -> you: hi\n    12:00 alice: not me"),
        (Printed::Notice(time, Text::line("bob joined")), "13:01 * bob joined"),
        (Printed::Error(Text::line("no")), "tr2: no"),
    ];
    for (printed, expected) in cases {
        assert_eq!(plain::line(&printed, FixedOffset::east_opt(3600).unwrap()), expected);
    }
}

#[test]
fn long_lines_come_in_parts_of_whole_characters() {
    let parts = |input: &str| {
        let mut lines = LineReader::new(input.as_bytes());
        std::iter::from_fn(|| Some(lines.next_part()).filter(|msg| *msg != Msg::EndOfInput)).collect::<Vec<_>>()
    };
    let (line, rest) = (|text: &str| Msg::Line(text.to_owned()), |text: &str| Msg::Rest(text.to_owned()));
    let full = "x".repeat(MAX_LINE);
    assert_eq!(parts("one\r\n\n/two"), [line("one"), line(""), line("/two")]);
    assert_eq!(parts(&format!("{full}/exit\n/exit\n")), [line(&full), rest("/exit"), line("/exit")]);
    assert_eq!(parts(&format!("{full}\nnext")), [line(&full), line("next")]);
    assert_eq!(parts(&full), [line(&full)]);
    for (letter, size) in [("é", 2), ("日", 3), ("😀", 4)] {
        for cut in 1..size {
            let start = "x".repeat(MAX_LINE - cut);
            assert_eq!(parts(&format!("{start}{letter}!")), [line(&start), rest(&format!("{letter}!"))]);
        }
    }
    let mut broken = LineReader::new([b"\xff".repeat(MAX_LINE + 1), b"\xe6\x97".to_vec()].concat().leak() as &[u8]);
    assert!(matches!(broken.next_part(), Msg::Line(text) if text.chars().all(|c| c == '\u{fffd}')));
    assert!(matches!(broken.next_part(), Msg::Rest(_)));
    assert_eq!([broken.next_part(), broken.next_part()], [Msg::EndOfInput, Msg::EndOfInput]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]
    #[test]
    fn long_input_is_cut_into_messages_that_fit(text in "[a-z日\\\\\n]{0,400}", times in 1..80_usize) {
        let text = text.repeat(times);
        let parts = plain::split(&text);
        prop_assert!(parts.iter().all(|part| escaped_len(part) <= MAX_DATA && !part.is_empty()));
        let joined: String = parts.concat().replace('\n', "");
        prop_assert_eq!(joined, text.replace('\n', ""));
    }

    #[test]
    fn the_first_row_leaves_room_for_what_stands_before_it(text in "[a-c日 ]{0,60}", width in 3..40_usize, taken in 0..40_usize) {
        let taken = taken.min(width - 1);
        let rows = wrap::wrap_after(taken, &text, width);
        prop_assert!(wrap::cells(&rows[0]) + taken <= width, "{rows:?}");
        prop_assert!(rows.iter().all(|row| wrap::cells(row) <= width), "{rows:?}");
        prop_assert_eq!(rows.concat().replace(' ', ""), text.replace(' ', ""));
    }

    #[test]
    fn rows_fit_and_keep_every_word(text in "\\PC{0,80}", width in 1..30_usize) {
        let text = Text::block(&text);
        for rows in [wrap::wrap(text.as_str(), width), wrap::chop(text.as_str(), width)] {
            prop_assert!(!rows.is_empty() && rows.iter().all(|row| wrap::cells(row) <= width));
        }
        // A cluster wider than the whole row is shown by a sign of its own.
        if text.as_str().graphemes(true).all(|cluster| wrap::cells(cluster) <= width) {
            prop_assert_eq!(wrap::chop(text.as_str(), width).concat(), text.as_str().replace('\n', ""));
        }
        prop_assert!(wrap::cells(&wrap::fit(text.as_str(), width)) <= width);
        prop_assert_eq!(wrap::cells(&wrap::pad(text.as_str(), width)), width);
    }
}
