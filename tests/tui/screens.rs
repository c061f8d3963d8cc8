//! Whole screens as text.

use expect_test::{Expect, expect};
use tr2::client::tui::look::Look;
use tr2::client::view::{ListRow, Scope, StyledLine, View};

use crate::views::{chat, chooser, dialog, said, scrolled};
use crate::{ASCII, Bench, COLOURS};

fn check(cols: u16, rows: u16, look: Look, view: fn(u16, u16) -> View, expected: Expect) {
    let mut bench = Bench::new(cols, rows, look);
    bench.draw(view(cols, rows));
    expected.assert_eq(&bench.seen());
}

#[test]
fn chat_at_80x24() {
    check(
        80,
        24,
        COLOURS,
        chat,
        expect![[r#"
             1 everyone     │ everyone                                             3 people
             2 bob       @2 │
             3 a-very-… 117 │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
             1 Echo         │ ── Sunday 22 November ───────────────────────────────────────
             2 List clients │ 12:01       bob  good morning
             3 Private mes… │ 12:02       you  did the backup run?
             4 Broadcast    │                  second line of the same
             5 Exit         │ ── 3 new ────────────────────────────────────────────────────
             6 Close server │ 12:04       bob  yes, see #ops
             7 Search       │▌12:05     carol  alice: 日本語のテキスト and 😀 too
             8 Rooms        │ 12:06       you  thanks ◌
             9 Moderate     │ > see you at
             ● alice  2 bob @2                                           Ctrl-K go  F1 keys
            cursor: column 30, row 22
        "#]],
    );
}

#[test]
fn chat_at_40x10() {
    check(
        40,
        10,
        COLOURS,
        chat,
        expect![[r#"
             ── Sunday 22 November ────────────────
             12:01       bob  good morning
             12:02       you  did the backup run?
                              second line of the sam
             ── 3 new ─────────────────────────────
             12:04       bob  yes, see #ops
            ▌12:05     carol  alice: 日本語のテキス
             12:06       you  thanks ◌
             > see you at
             ● alice  2 bob @2   Ctrl-K go  F1 keys
            cursor: column 13, row 8
        "#]],
    );
}

#[test]
fn chat_at_20x5() {
    check(
        20,
        5,
        COLOURS,
        chat,
        expect![[r#"
            12:04       bob  yes
            12:05     carol  ali
            12:06       you  tha
             > see you at
             ● alice  2 bob @2
            cursor: column 13, row 3
        "#]],
    );
}

#[test]
fn scrolled_at_80x24() {
    check(
        80,
        24,
        COLOURS,
        scrolled,
        expect![[r#"
             1 everyone    ↑│ everyone                                             3 people
             2 bob       @2 │
             3 a-very-… 117 │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                           ↓│
             1 Echo         │ ── Sunday 22 November ───────────────────────────────────────
             2 List clients │ 12:01       bob  good morning
             3 Private mes… │ 12:02       you  did the backup run?
             4 Broadcast    │                  second line of the same
             5 Exit         │ ── 3 new ────────────────────────────────────────────────────
             6 Close server │ 12:04       bob  yes, see #ops
             7 Search       │▌12:05     carol  alice: 日本語のテキスト and 😀 too
             8 Rooms        │ 12:06       you  thanks ◌
             9 Moderate     │ > see you at
             ● alice  2 bob @2                                           Ctrl-K go  F1 keys
            cursor: hidden
        "#]],
    );
}

#[test]
fn dialog_at_80x24_without_drawing_characters() {
    check(
        80,
        24,
        ASCII,
        dialog,
        expect![[r#"
             1 everyone     | everyone                                             3 people
             2 bob       @2 |
             3 a-very-~ 117 |
                            |
                            |
                            |
                             + Broadcast ---------------------------------+
                             | Everyone who is online reads this.         |
                             |                                            |
                             | Message the server restarts at             |
                             | Subject                                    |
                             |                                            |
                             | (*) everyone but me                        |
                             | ( ) me too                                 |
             1 Echo          | The server did not accept it: too fast.    | ---------------
             2 List clients  |            [ Send ]  [ Cancel ]            |
             3 Private mes~  +--------------------------------------------+
             4 Broadcast    |                  second line of the same
             5 Exit         | -- 3 new ----------------------------------------------------
             6 Close server | 12:04       bob  yes, see #ops
             7 Search       |>12:05     carol  alice: ???????????????? and ?? too
             8 Rooms        | 12:06       you  thanks o
             9 Moderate     | > see you at
             * alice  2 bob @2                                           Ctrl-K go  F1 keys
            cursor: column 49, row 9
        "#]],
    );
}

#[test]
fn dialog_at_40x10() {
    check(
        40,
        10,
        COLOURS,
        dialog,
        expect![[r#"
            ┌ Broadcast ───────────────────────────┐
            │ Everyone who is online reads this.   │
            │ Message the server restarts at       │
            │ Subject                              │
            │                                      │
            │ (•) everyone but me                  │
            │ ( ) me too                           │
            │The server did not accept it: too fast│
            │         [ Send ]  [ Cancel ]         │
            └──────────────────────────────────────┘
            cursor: column 32, row 2
        "#]],
    );
}

#[test]
fn chooser_at_80x24() {
    check(
        80,
        24,
        COLOURS,
        chooser,
        expect![[r#"
             1 everyone     │ everyone                                             3 people
             2 bob       @2 │
             3 a-very-… 117 │
                            │
                            │
                            │
                            │
                            │      ┌ Online ────────────────────────┐
                            │      │ Who do you want to write to?   │
                            │      │   alice                    you │
                            │      │   bob                moderator │
                            │      │   carol                        │
                            │      │                                │
                            │      │      [ Write ]  [ Close ]      │
             1 Echo         │ ── S │                                │ ─────────────────────
             2 List clients │ 12:0 └────────────────────────────────┘
             3 Private mes… │ 12:02       you  did the backup run?
             4 Broadcast    │                  second line of the same
             5 Exit         │ ── 3 new ────────────────────────────────────────────────────
             6 Close server │ 12:04       bob  yes, see #ops
             7 Search       │▌12:05     carol  alice: 日本語のテキスト and 😀 too
             8 Rooms        │ 12:06       you  thanks ◌
             9 Moderate     │ > see you at
             ● alice  2 bob @2                                           Ctrl-K go  F1 keys
            cursor: hidden
        "#]],
    );
}

#[test]
fn focus_is_visible_without_colours() {
    let mut bench = Bench::new(80, 24, ASCII);
    bench.draw(scrolled(80, 24));
    let cell = |row, column| bench.terminal.screen().cell(row, column).unwrap();
    assert!(cell(1, 1).inverse() && cell(1, 14).inverse(), "the cursor's row is reversed");
    assert!(cell(0, 3).bold() && !cell(2, 3).bold(), "the current conversation is bold");
    assert!(cell(0, 16).dim() && cell(0, 16).contents() == "|", "a hairline is dim");
    assert!(cell(20, 16 + 1).contents() == ">" && cell(20, 17).bold(), "a mention has its sign in the gutter");
}

#[test]
fn what_is_cut_shows_it_without_drawing_characters_too() {
    let mut view = chat(80, 24);
    let name = |text: &str| StyledLine::of(Scope::Text, text);
    view.conversations.rows = [name("1 a.very.long.na…"), name("2 longn…bcdA"), name("3 too-wide-for-it")]
        .map(|left| ListRow { left, ..ListRow::default() })
        .into();
    view.messages.title = StyledLine::of(Scope::Heading, "#a-room-with-a-very-long-na…");
    view.messages.lines = vec![said("12:01", 0, "bob", "well…")];
    view.composer.prompt = "a-very-lo…> ".to_owned();
    view.status.left = StyledLine::of(Scope::Error, "○ reconnecting…").and(Scope::Focus, "  #a-lon…");
    let seen = |look| {
        let mut bench = Bench::new(80, 24, look);
        bench.draw(view.clone());
        bench.seen()
    };
    let (ascii, unicode) = (seen(ASCII), seen(COLOURS));
    for text in [
        "1 a.very.long~ |",
        "2 longn~bcdA",
        "3 too-wide-fo~ |",
        "#a-room-with-a-very-long-na~",
        "bob  well.",
        "a-very-lo~>",
        "o reconnecting.  #a-lon~",
    ] {
        assert!(ascii.contains(text), "{text}: {ascii}");
    }
    assert!(!unicode.contains('~') && unicode.contains("2 longn…bcdA") && unicode.contains("#a-lon…"), "{unicode}");
}
