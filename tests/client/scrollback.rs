//! The message view: what is visible, and that only visible rows cost anything.

use std::sync::LazyLock;

use expect_test::{Expect, expect};
use proptest::prelude::*;
use tr2::client::chat::conversation::{Anchor, Conversation, MAX_BYTES_OF_ONE, MAX_ENTRIES};
use tr2::client::chat::conversations::{Conversations, MAX_BYTES};
use tr2::client::chat::entry::{ChatEntry, EntryKind, Mark};
use tr2::client::chat::scrollback::{Scrollback, Window};
use tr2::client::chat::venue::Venue;
use tr2::client::settings::Times;
use tr2::client::text::wrap::line_cells;
use tr2::client::view::{LineMark, MessageLine, MessageRef};
use tr2::model::{MessageId, Name, Target, Text, Timestamp, Zone};

fn message(id: u64, text: &str) -> ChatEntry {
    static BOB: LazyLock<Name> = LazyLock::new(|| Name::parse("bob").unwrap());
    let from = BOB.clone();
    let kind = EntryKind::Message { from, own: false, verified: false, text: Text::block(text), mark: Mark::Accepted };
    ChatEntry { time: Timestamp(1_795_000_000_000), id: Some(MessageId(id)), kind, extra: None }
}

fn conversation(count: u64, text: impl Fn(u64) -> String) -> Conversation {
    let mut conversation = Conversation::new(Venue::Server(Target::Everyone));
    for id in 1..=count {
        conversation.add(message(id, &text(id)));
    }
    conversation
}

static UTC: LazyLock<Zone> = LazyLock::new(Zone::default);

fn at(conversation: &Conversation, width: usize, height: usize) -> Scrollback<'_> {
    Scrollback {
        times: Times::Day,
        join_notices: true,
        bare: false,
        conversation,
        width,
        height,
        zone: &UTC,
        online: true,
        called: &[],
        marks_unverified: true,
        picked: None,
    }
}

fn check(window: &Window, expected: Expect) {
    let lines: Vec<String> = window.lines.iter().map(|line| line.line.text()).collect();
    expected.assert_eq(&(lines.join("\n") + "\n"));
}

#[test]
fn text_hangs_beside_the_name_at_every_width() {
    let text = "a text of some words\n  an indented second line and averyveryveryverylongword";
    let conversation = conversation(1, |_| text.to_owned());
    check(
        &at(&conversation, 40, 10).window(),
        expect![[r#"
            ─────────────── Wednesday 18 November ──
            11:06 ~bob a text of some words
                an indented second line and
              averyveryveryverylongword
        "#]],
    );
    check(
        &at(&conversation, 24, 12).window(),
        expect![[r#"
            ───────── 18 Nov 2026 ──
            ~bob a text of some
              words
                an indented second
              line and
              averyveryveryverylongw
              ord
        "#]],
    );
    check(
        &at(&conversation, 10, 12).window(),
        expect![[r#"
            18 Nov 20…
            ~bob 
            a text of
            some words
              an
            indented
            second
            line and
            averyveryv
            eryverylon
            gword
        "#]],
    );
}

#[test]
fn a_hundred_thousand_messages_cost_only_what_is_visible() {
    let mut conversation = conversation(100_000, |id| format!("message {id}"));
    for anchor in [Anchor::Bottom, Anchor::At(50_000, 0), Anchor::At(0, 0)] {
        conversation.anchor = anchor;
        let window = at(&conversation, 60, 20).window();
        assert_eq!(window.lines.len(), 20);
        assert!(window.wrapped <= 20, "{} entries wrapped", window.wrapped);
    }
}

#[test]
fn the_oldest_messages_go_and_the_reader_stays_in_place() {
    let mut conversation = conversation(MAX_ENTRIES as u64, |id| format!("message {id}"));
    conversation.anchor = Anchor::At(10, 0);
    let before = at(&conversation, 60, 3).window().lines;
    assert_eq!(conversation.entries().len(), MAX_ENTRIES);
    conversation.add(message(1_000_000, "one over"));
    assert_eq!(conversation.entries().len(), MAX_ENTRIES);
    assert_eq!(conversation.entries()[0].id, Some(MessageId(2)));
    assert_eq!(at(&conversation, 60, 3).window().lines, before);
}

#[test]
fn the_bytes_of_a_conversation_are_bounded() {
    let text = "x".repeat(7000);
    let bytes = message(1, &text).bytes();
    let most = MAX_BYTES_OF_ONE / bytes;
    let mut conversation = conversation(most as u64, |_| text.clone());
    assert_eq!((conversation.entries().len(), conversation.bytes()), (most, most * bytes));
    assert!(!conversation.has_room(), "no older ones are loaded");
    conversation.anchor = Anchor::At(10, 0);
    let before = at(&conversation, 60, 3).window().lines;
    conversation.add(message(1_000_000, &text));
    assert_eq!((conversation.entries().len(), conversation.bytes()), (most, most * bytes));
    assert_eq!(conversation.entries()[0].id, Some(MessageId(2)), "the oldest goes");
    assert_eq!(at(&conversation, 60, 3).window().lines, before);
    // What is deleted, and what is unloaded, makes room.
    let name = |name: &str| Name::parse(name).unwrap();
    let marker = EntryKind::Deleted { from: name("bob"), verified: true, own: false, by: name("ann"), by_own: false };
    conversation.delete(MessageId(3), marker);
    assert_eq!(conversation.bytes(), most * bytes - text.len());
    conversation.detach();
    assert_eq!((conversation.entries().len(), conversation.bytes()), (0, 0));
}

#[test]
fn the_bytes_of_all_conversations_together_are_bounded() {
    let text = "x".repeat(7000);
    let bytes = message(1, &text).bytes();
    let user = |number: usize| Target::User(Name::parse(&format!("user{number}x")).unwrap());
    let mut all = Conversations::default();
    // Three with as much as one may have, and a small one.
    let most = MAX_BYTES_OF_ONE / bytes;
    all.with(&user(9)).add(message(1, "hello"));
    for number in 0..3 {
        for id in 0..most as u64 {
            all.with(&user(number)).add(message(id + 1, &text));
            all.keep_within_bytes();
        }
    }
    let in_all = |all: &Conversations| all.iter().map(Conversation::bytes).sum::<usize>();
    assert!(in_all(&all) <= MAX_BYTES && in_all(&all) > MAX_BYTES - 2 * bytes, "{}", in_all(&all));
    assert_eq!(all.find(&user(9)).unwrap().entries().len(), 1, "the largest make room");
    // The one in view stays whole while others can make room.
    all.show(all.position(&user(2)).unwrap());
    let before = all.current().entries().len();
    for id in 0..10 {
        all.with(&user(0)).add(message(1_000_000 + id, &text));
        all.keep_within_bytes();
    }
    assert!(in_all(&all) <= MAX_BYTES);
    assert_eq!(all.current().entries().len(), before);
}

#[test]
fn messages_are_in_order_of_their_ids_without_duplicates() {
    let mut conversation = Conversation::new(Venue::Server(Target::Everyone));
    for id in [3, 1, 2, 3, 5, 4, 1] {
        conversation.add(message(id, "x"));
    }
    let ids: Vec<u64> = conversation.entries().iter().filter_map(|entry| entry.id).map(|id| id.0).collect();
    assert_eq!(ids, [1, 2, 3, 4, 5]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]
    #[test]
    fn scrolling_anywhere_fits_the_window(
        count in 0..30_u64,
        width in 0..100_usize,
        height in 0..12_usize,
        steps in prop::collection::vec(-15..15_isize, 0..20),
    ) {
        let mut conversation = conversation(count, |id| "word ".repeat(id as usize % 13) + "\n日本");
        for step in steps {
            let anchor = at(&conversation, width, height).scrolled(step);
            conversation.anchor = anchor;
            let window = at(&conversation, width, height).window();
            prop_assert!(window.lines.len() <= height);
            prop_assert!(window.lines.iter().all(|line| line_cells(&line.line) <= width.max(1)));
        }
    }

    #[test]
    fn scrolling_up_and_down_returns_to_the_same_place(up in 1..40_isize, further in 1..40_isize) {
        let mut conversation = conversation(60, |id| "word ".repeat(id as usize % 13));
        conversation.anchor = at(&conversation, 40, 8).scrolled(-up);
        let before = conversation.anchor;
        conversation.anchor = at(&conversation, 40, 8).scrolled(-further);
        conversation.anchor = at(&conversation, 40, 8).scrolled(further);
        prop_assert_eq!(conversation.anchor, before);
    }
}

#[test]
fn in_a_narrow_window_text_continues_below_the_name() {
    let texts = [
        "short",
        "a text of some words\n  and an indented second line",
        "averyveryveryveryverylongword",
        "日本日本日本日本日本日本日本",
    ];
    let conversation = conversation(4, |id| texts[id as usize - 1].to_owned());
    let narrow = |width, height| at(&conversation, width, height).window();
    check(
        &narrow(34, 20),
        expect![[r#"
            ───────── Wednesday 18 November ──
            11:06 ~bob short
                  a text of some words
                and an indented second line
                  averyveryveryveryverylongwor
              d
                  日本日本日本日本日本日本日本
        "#]],
    );
    check(
        &narrow(18, 20),
        expect![[r#"
            ─── 18 Nov 2026 ──
            ~bob short
            ~bob a text of
              some words
                and an
              indented second
              line
            ~bob 
              averyveryveryver
              yverylongword
            ~bob 
              日本日本日本日本
              日本日本日本
        "#]],
    );
    check(
        &narrow(18, 2),
        expect![[r#"
            ~bob …
              日本日本日本
        "#]],
    );
    check(
        &narrow(9, 20),
        expect![[r#"
            ~bob 
            short
            ~bob 
            a text of
            some
            words
              and an
            indented
            second
            line
            ~bob 
            averyvery
            veryveryv
            erylongwo
            rd
            ~bob 
            日本日本
            日本日本
            日本日本
            日本
        "#]],
    );
}

/// A message of one of the people, so many seconds after the first.
fn by(id: u64, who: &str, verified: bool, seconds: i64, text: &str) -> ChatEntry {
    let own = who == "alice";
    let from = Name::parse(who).unwrap();
    let kind = EntryKind::Message { from, own, verified, text: Text::block(text), mark: Mark::Accepted };
    ChatEntry { time: Timestamp(1_795_000_000_000 + seconds * 1000), id: Some(MessageId(id)), kind, extra: None }
}

fn talk(entries: impl IntoIterator<Item = ChatEntry>) -> Conversation {
    let mut conversation = Conversation::new(Venue::Server(Target::Everyone));
    entries.into_iter().for_each(|entry| assert!(conversation.add(entry)));
    conversation
}

#[test]
fn a_speaker_is_named_once_a_run_and_a_time_shown_once_a_minute() {
    let conversation = talk([
        by(1, "dave", true, 0, "one"),
        by(2, "dave", true, 10, "two"),
        by(3, "alice", true, 12, "mine"),
        by(4, "dave", false, 14, "not proved now"),
        by(5, "dave", false, 80, "another minute"),
        by(6, "dave", false, 80 + 300, "five minutes later goes on"),
        by(7, "dave", false, 80 + 300 + 301, "a second more does not"),
    ]);
    check(
        &at(&conversation, 60, 10).window(),
        expect![[r#"
            ─────────────────────────────────── Wednesday 18 November ──
            11:06      dave  one
                             two
                        you  mine
                      ~dave  not proved now
            11:08            another minute
            11:13            five minutes later goes on
            11:18     ~dave  a second more does not
        "#]],
    );
    let unmarked = Scrollback { marks_unverified: false, ..at(&conversation, 60, 1) }.window();
    check(
        &unmarked,
        expect![[r#"
        11:18      dave  a second more does not
    "#]],
    );
}

#[test]
fn long_names_are_told_apart_at_every_width() {
    let names =
        ["longname-bcdA", "longname-bcdB", "a-name-of-thirty-two-letters-abX", "a-name-of-thirty-two-letters-abY"];
    for width in 15..100 {
        let entries = names.iter().enumerate().map(|(at, name)| by(at as u64 + 1, name, true, 0, "the same text"));
        let conversation = talk(entries);
        let lines = at(&conversation, width, 60).window().lines;
        let shown: Vec<String> = lines.iter().map(|line| line.line.text()).collect();
        for name in names {
            let whole = shown.join("\n").contains(name);
            assert!(whole || width < 33, "{name} at {width}: {shown:#?}");
        }
    }
}

#[test]
fn a_mention_marks_every_row_of_its_message_and_no_other() {
    let words = ["alice".to_owned(), "backup".to_owned()];
    let conversation = talk([
        by(1, "dave", true, 0, "nothing for you"),
        by(2, "dave", true, 1, "alice: a text that\ngoes on below"),
        by(3, "erin", true, 2, "the BACKUP failed"),
        by(4, "alice", true, 3, "alice is my own name"),
    ]);
    let window = Scrollback { called: &words, ..at(&conversation, 60, 20) }.window();
    let marked =
        |mark| window.lines.iter().filter(move |line| line.mark == mark).map(|line| line.line.text().trim().to_owned());
    let mentions: Vec<String> = marked(LineMark::Mention).collect();
    assert_eq!(mentions, ["alice: a text that", "goes on below", "erin  the BACKUP failed"]);
    let picked =
        Scrollback { called: &words, picked: Some(&MessageRef::Number(MessageId(2))), ..at(&conversation, 60, 20) }
            .window();
    assert_eq!(picked.lines.iter().filter(|line| line.mark == LineMark::Picked).count(), 2);
}

#[test]
fn a_link_is_known_in_all_its_rows_and_breaks_only_where_it_must() {
    let text = "see https://x.org/a_(b), and (https://example.org/a/long/path/to/some/page.html?with=words)";
    let conversation = conversation(1, |_| text.to_owned());
    let lines = |width, bare| Scrollback { bare, ..at(&conversation, width, 20) }.window().lines;
    let shown = |width, bare: bool| -> String {
        let row = |line: &MessageLine| {
            let text = line.line.text();
            let linked: Vec<String> = line
                .links
                .iter()
                .map(|link| {
                    let (start, end) = (usize::from(link.start), usize::from(link.start + link.width));
                    format!(" [{} = {}]", &text[start..end], link.url)
                })
                .collect();
            text + &linked.concat() + "\n"
        };
        lines(width, bare).iter().skip(1).map(row).collect()
    };
    expect![[r#"
        11:06      ~bob  see https://x.org/a_(b), and [https://x.org/a_(b) = https://x.org/a_(b)]
                         (https://example.org/a/long/path/to/some/pa [https://example.org/a/long/path/to/some/pa = https://example.org/a/long/path/to/some/page.html?with=words]
                         ge.html?with=words) [ge.html?with=words = https://example.org/a/long/path/to/some/page.html?with=words]
    "#]]
    .assert_eq(&shown(60, false));
    expect![[r#"
        11:06    ~bob  see https://x.org/a_(b), and [https://x.org/a_(b) = https://x.org/a_(b)]
                       (https://example.org/a/long/p [https://example.org/a/long/p = https://example.org/a/long/path/to/some/page.html?with=words]
                       ath/to/some/page.html?with=wo [ath/to/some/page.html?with=wo = https://example.org/a/long/path/to/some/page.html?with=words]
                       rds) [rds = https://example.org/a/long/path/to/some/page.html?with=words]
    "#]]
    .assert_eq(&shown(44, false));
    expect![[r#"
        11:06    ~bob  see https://x.org/a_(b), and [https://x.org/a_(b) = https://x.org/a_(b)]
                       (https://example.org/a/long/p [https://example.org/a/long/p = https://example.org/a/long/path/to/some/page.html?with=words]
        ath/to/some/page.html?with=wo [ath/to/some/page.html?with=wo = https://example.org/a/long/path/to/some/page.html?with=words]
        rds) [rds = https://example.org/a/long/path/to/some/page.html?with=words]
    "#]]
    .assert_eq(&shown(44, true));
}
