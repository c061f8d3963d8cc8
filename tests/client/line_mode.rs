//! Line mode: what is printed and what is read.

use proptest::prelude::*;
use tr2::client::msg::{Msg, Printed};
use tr2::client::plain::line_reader::{LineKind, LineReader, MAX_LINE};
use tr2::client::settings::Times;
use tr2::client::text::print;
use tr2::model::{Name, Target, Text, Timestamp, Zone};
use tr2::protocol::escape::escaped_len;
use tr2::protocol::limits::MAX_DATA;

#[test]
fn a_message_cannot_imitate_the_line_of_another_user() {
    let bob = Name::parse("bob").unwrap();
    let text = Text::block("hi\n12:00 alice: not me");
    let time = Timestamp::parse("2026-11-22T12:01:00Z").unwrap();
    let message = |to, mention| Printed::Message {
        id: None,
        time,
        from: bob.clone(),
        verified: false,
        to,
        text: text.clone(),
        reply: None,
        mention,
        old: false,
    };
    let cases = [
        (message(Target::Everyone, false), "13:01 ~bob: hi\n    12:00 alice: not me"),
        (message(Target::Everyone, true), "13:01 [mention] ~bob: hi\n    12:00 alice: not me"),
        (message(Target::User(bob.clone()), false), "13:01 ~bob -> you: hi\n    12:00 alice: not me"),
        (Printed::Notice(time, Text::line("bob joined")), "13:01 * bob joined"),
        (Printed::Error(Text::line("no")), "tr2: no"),
    ];
    for (printed, expected) in cases {
        assert_eq!(print::line(&printed, &Zone::fixed(3600), Times::Day), expected);
    }
}

#[test]
fn long_lines_are_read_in_parts_of_whole_characters() {
    let parts = |input: &str| {
        let mut lines = LineReader::new(input.as_bytes(), LineKind::Output);
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
    let mut broken = LineReader::new(
        [b"\xff".repeat(MAX_LINE + 1), b"\xe6\x97".to_vec()].concat().leak() as &[u8],
        LineKind::Output,
    );
    assert!(matches!(broken.next_part(), Msg::Line(text) if text.chars().all(|c| c == '\u{fffd}')));
    assert!(matches!(broken.next_part(), Msg::Rest(_)));
    assert_eq!([broken.next_part(), broken.next_part()], [Msg::EndOfInput, Msg::EndOfInput]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]
    #[test]
    fn long_input_is_split_into_messages_that_fit(text in "[a-z日\\\\\n]{0,400}", times in 1..80_usize) {
        let text = text.repeat(times);
        let parts = print::split(&text);
        prop_assert!(parts.iter().all(|part| escaped_len(part) <= MAX_DATA && !part.is_empty()));
        let joined: String = parts.concat().replace('\n', "");
        prop_assert_eq!(joined, text.replace('\n', ""));
    }
}
