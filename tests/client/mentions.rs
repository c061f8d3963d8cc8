//! Mentions: which messages speak of their reader.

use tr2::client::chat::notify;

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
