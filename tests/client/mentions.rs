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
        ("https://x.org/c", "c", false),
        ("see www.alice.org", "alice", false),
        ("www.alice.org", "alice", false),
        ("alice.org is down", "alice", false),
        ("mail bob@alice.org", "alice", false),
        ("alice@example.org", "alice", false),
        ("/home/alice/x", "alice", false),
        ("~/alice", "alice", false),
        ("C:\\alice", "alice", false),
        ("c:\\windows and c:/windows", "c", false),
        ("b/c", "c", false),
        ("b/c", "b", false),
        ("(c) 2026", "c", false),
        ("[x] done", "x", false),
        ("(alice)", "alice", true),
        ("g'night", "g", false),
        ("g’night", "g", false),
        ("d'alice", "alice", false),
        ("alice's turn", "alice", true),
        ("alice’s turn", "alice", true),
        ("'alice'", "alice", true),
        ("c++ and c#", "c", false),
        ("std::c", "c", false),
        ("x=alice", "alice", false),
        ("#alice", "alice", false),
        ("@alice look", "alice", true),
        ("(@alice)", "alice", true),
        ("~alice", "alice", true),
        ("*alice*", "alice", true),
        ("alice:", "alice", true),
        ("alice:https://x.org", "alice", true),
        ("https://x.org/alice alice", "alice", true),
        ("well, alice.", "alice", true),
        ("...alice", "alice", true),
        ("a.b.alice", "alice", false),
    ];
    for (text, name, expected) in cases {
        assert_eq!(notify::mentions(text, name), expected, "{text}");
    }
}

#[test]
fn times_are_shown_as_the_reader_wants_them_in_columns_of_one_width() {
    use tr2::client::settings::Times;
    let cases = [
        ("00:05", "12:05am"),
        ("01:00", " 1:00am"),
        ("11:59", "11:59am"),
        ("12:00", "12:00pm"),
        ("13:07", " 1:07pm"),
        ("23:59", "11:59pm"),
    ];
    for (clock, half) in cases {
        assert_eq!(Times::HalfDay.shown(clock), half);
        assert_eq!(Times::Day.shown(clock), clock);
        assert_eq!(Times::Off.shown(clock), "");
        for times in [Times::Day, Times::HalfDay, Times::Off] {
            assert_eq!(times.shown(clock).len(), times.width());
        }
    }
}
