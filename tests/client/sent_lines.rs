//! What was sent, as a file: it comes back as it was, and a damaged file says where.

use proptest::prelude::*;
use tr2::client::msg::SentText;
use tr2::client::text::sent_lines::{HEAD, line, name_of, read};

fn sent(place: &str, text: &str) -> SentText {
    SentText { place: place.to_owned(), text: text.to_owned() }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]
    #[test]
    fn every_text_comes_back(texts in prop::collection::vec(("\\PC{0,9}", "(\\PC|[\\\\\n\t\r]){0,30}"), 0..9)) {
        let texts: Vec<SentText> = texts.iter().map(|(place, text)| sent(place, text)).collect();
        let file: String = std::iter::once(format!("{HEAD}\n")).chain(texts.iter().map(line)).collect();
        prop_assert_eq!(read(&file), Ok(texts));
    }

    #[test]
    fn any_file_is_read_or_refused(file in "(\\PC|[\\\\\n\t]){0,60}") {
        let _ = read(&file);
        let _ = read(&format!("{HEAD}\n{file}"));
    }
}

#[test]
fn a_damaged_file_says_where() {
    let cases = [
        ("", Err(1)),
        ("something else\n", Err(1)),
        ("tr2 sent 1\n", Ok(0)),
        ("tr2 sent 1\n\thello\n", Ok(1)),
        ("tr2 sent 1\n\thello", Ok(1)),
        ("tr2 sent 1\n\thello\nno tab\n", Err(3)),
        ("tr2 sent 1\n\ta\tb\n", Err(2)),
        ("tr2 sent 1\n\tend\\\n", Err(2)),
        ("tr2 sent 1\n\t\\x\n", Err(2)),
        ("tr2 sent 1\n\n", Err(2)),
    ];
    for (file, expected) in cases {
        assert_eq!(read(file).map(|sent| sent.len()), expected, "{file:?}");
    }
}

#[test]
fn the_name_of_a_file_leads_nowhere_else() {
    let long = "x".repeat(500);
    for (name, server) in [
        ("alice", "tcp://localhost:1234"),
        ("../../etc/passwd", "unix:/../x"),
        ("..", "."),
        ("é\0\n", "ssh://a@b"),
        (&long, "tcp://h:1"),
    ] {
        let file = name_of(name, server);
        assert!(file.bytes().all(|b| b.is_ascii_alphanumeric() || b"%-".contains(&b)), "{file}");
        assert!(file.len() < 200, "{file}");
    }
    assert_eq!(name_of("alice", "tcp://h:1"), "alice%40tcp%3A%2F%2Fh%3A1");
    assert_ne!(name_of(&long, "tcp://h:1"), name_of(&long, "tcp://h:2"));
    assert_ne!(name_of("a", "b@c"), name_of("a@b", "c-"));
}
