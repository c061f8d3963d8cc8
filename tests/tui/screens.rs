//! Whole screens as text.

use expect_test::{Expect, expect};
use tr2::client::tui::look::Look;
use tr2::client::view::View;

use crate::views::{chat, chooser, dialog, scrolled};
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
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            ├ Conversations ────┤                                           │              │
            │▌everyone          │                                           │              │
            │ bob           (2) │ ──────── Sunday 22 November 2026 ──────── │              │
            │ a-very-lon… (117) │ 12:01 bob     good morning                │              │
            │                   │ 12:02 alice   did the backup run?         │              │
            │                   │               second line of the same     │              │
            │                   │ ────────────────── new ────────────────── │              │
            │                   │ 12:04 bob     yes, see #ops               │              │
            │                   │ 12:05 carol   日本語のテキスト and 😀 too │              │
            │                   │ 12:06 alice   thanks …                    │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ > see you at                              │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online · 1 ms                F1 help  F2 menu  Tab next pane
            cursor: column 34, row 21
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
            ───── Sunday 22 November 2026 ──────
            12:01 bob     good morning
            12:02 alice   did the backup run?
                          second line of the same
            ─────────────── new ────────────────
            12:04 bob     yes, see #ops
            12:05 carol   日本語のテキスト and 😀 to
            12:06 alice   thanks …
            > see you at
             alice@localhost · online · 1 ms
            cursor: column 12, row 8
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
        12:04 bob     yes, s
        12:05 carol   日本語
        12:06 alice   thanks
        > see you at
        alice@localhost · on
        cursor: column 12, row 3
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
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            ├ Conversations ──↑─┤                                           │              │
            │▌everyone          │                                           │              │
            │ bob           (2) │ ──────── Sunday 22 November 2026 ──────── │              │
            │ a-very-lon… (117) │ 12:01 bob     good morning                │              │
            │                   │ 12:02 alice   did the backup run?         │              │
            │                   │               second line of the same     │              │
            │                   │ ────────────────── new ────────────────── │              │
            │                   │ 12:04 bob     yes, see #ops               │              │
            │                   │ 12:05 carol   日本語のテキスト and 😀 too │              │
            │                   │ 12:06 alice   thanks …                    │              │
            │                   ├──────────────────────────────── 12 newer ─┤              │
            │                   │ > see you at                              │              │
            └─────────────────↓─┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online · 1 ms                F1 help  F2 menu  Tab next pane
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
            + Menu -------------+ everyone ---------------------------------+ Online - 3 --+
            | 1 Echo            |                                           | alice    you |
            | 2 List clients    |                                           | bob          |
            | 3 Private message |                                           | carol        |
            | 4 Broadcast       |                                           |              |
            | 5 Exit            |                                           |              |
            | 6 Close server + Broadcast ---------------------------------+ |              |
            |                | Everyone who is online reads this.         | |              |
            |                |                                            | |              |
            |                | Message the server restarts at             | |              |
            + Conversations  | Subject                                    | |              |
            |>everyone       |                                            | |              |
            | bob            | (*) everyone but me                        | |              |
            | a-very-lon. (1 | ( ) me too                                 | |              |
            |                | The server did not accept it: too fast.    | |              |
            |                |            [ Send ]  [ Cancel ]            | |              |
            |                +--------------------------------------------+ |              |
            |                   | 12:04 bob     yes, see #ops               |              |
            |                   | 12:05 carol   ???????????????? and ?? too |              |
            |                   | 12:06 alice   thanks .                    |              |
            |                   +-------------------------------------------+              |
            |                   | > see you at                              |              |
            +-------------------+-------------------------------------------+--------------+
             alice@localhost - online - 1 ms                F1 help  F2 menu  Tab next pane
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
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │                   │  ┌ Online ────────────────────────┐       │              │
            │                   │  │ Who do you want to write to?   │       │              │
            │                   │  │   alice                    you │       │              │
            ├ Conversations ────┤  │   bob                moderator │       │              │
            │▌everyone          │  │   carol                        │       │              │
            │ bob           (2) │  │                                │ ───── │              │
            │ a-very-lon… (117) │  │      [ Write ]  [ Close ]      │       │              │
            │                   │  │                                │       │              │
            │                   │  └────────────────────────────────┘ e     │              │
            │                   │ ────────────────── new ────────────────── │              │
            │                   │ 12:04 bob     yes, see #ops               │              │
            │                   │ 12:05 carol   日本語のテキスト and 😀 too │              │
            │                   │ 12:06 alice   thanks …                    │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ > see you at                              │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online · 1 ms                F1 help  F2 menu  Tab next pane
        "#]],
    );
}

#[test]
fn focus_is_visible_without_colours() {
    let mut bench = Bench::new(80, 24, ASCII);
    bench.draw(scrolled(80, 24));
    let cell = |row, column| bench.terminal.screen().cell(row, column).unwrap();
    assert!(cell(10, 0).bold() && cell(10, 2).bold(), "the focused border and title are bold");
    assert!(cell(0, 0).dim() && !cell(0, 2).bold(), "the others are dim");
    assert!(cell(12, 1).inverse(), "the cursor's row is reversed");
    assert!(cell(11, 2).bold() && cell(11, 1).contents() == ">", "the current conversation is bold and marked");
}
