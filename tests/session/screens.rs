//! Stories of one person at two screens: each shows what is said, read, joined and answered at the other.

use std::time::Duration;

use expect_test::{Expect, expect};
use tr2::client::key::Key;

use crate::story::Story;

#[track_caller]
fn shows(rows: &[String], expected: Expect) {
    expected.assert_eq(&rows.iter().map(|row| format!("{row}\n")).collect::<String>());
}

/// Ann is at two screens, and bob at one.
fn ann_twice() -> Story {
    let mut story = Story::new();
    for screen in ["bob", "ann", "ann 2"] {
        story.opens_verified(screen, 24);
        story.calm_down();
    }
    story
}

#[test]
fn what_is_said_at_one_screen_is_on_the_other_as_ones_own() {
    let mut story = ann_twice();
    story.types("ann", "from the desk");
    story.types("ann 2", "/echo only here");
    story.types("bob", "hello");
    story.calm_down();
    story.types("ann 2", "from the lap");
    story.types("ann 2", "/msg bob for you alone");
    story.calm_down();
    story.presses("ann 2", Key::Alt('1'));
    shows(
        &story.sees("ann"),
        expect![[r#"
        ────────────────────── the beginning of this conversation ──
        ────────────────────────────────────── Sunday 22 November ──
        12:04       you  from the desk
                    bob  hello
        12:05       you  from the lap
        ● ann@localhost 0 ms
    "#]],
    );
    shows(
        &story.sees("ann 2"),
        expect![[r#"
        ────────────────────── the beginning of this conversation ──
        ────────────────────────────────────── Sunday 22 November ──
        12:04       you  from the desk
                    bob  hello
        12:05       you  from the lap
        ● ann@localhost 0 ms
    "#]],
    );
    story.presses("ann", Key::Alt('2'));
    shows(
        &story.sees("ann"),
        expect![[r#"
        ────────────────────────────────────── Sunday 22 November ──
        12:05       you  for you alone
        ● ann@localhost 0 ms  bob
    "#]],
    );
    shows(
        &story.sees("bob"),
        expect![[r#"
        ────────────────────── the beginning of this conversation ──
        ────────────────────────────────────── Sunday 22 November ──
                         ann joined
        12:04       ann  from the desk
                    you  hello
        12:05       ann  from the lap
        ● bob@localhost 0 ms   2 ann @1
    "#]],
    );
}

#[test]
fn what_is_read_at_one_screen_is_read_at_the_other() {
    let mut story = ann_twice();
    story.types("bob", "/msg ann one");
    story.types("bob", "/msg ann two");
    story.calm_down();
    shows(
        &story.conversations("ann"),
        expect![[r#"
        1 everyone
        2 bob@2
    "#]],
    );
    shows(
        &story.conversations("ann 2"),
        expect![[r#"
        1 everyone
        2 bob@2
    "#]],
    );
    story.presses("ann", Key::Alt('2'));
    story.calm_down();
    shows(
        &story.conversations("ann"),
        expect![[r#"
        1 everyone
        2 bob
    "#]],
    );
    shows(
        &story.conversations("ann 2"),
        expect![[r#"
        1 everyone
        2 bob
    "#]],
    );
    // The other way round.
    story.presses("ann", Key::Alt('1'));
    story.types("bob", "three");
    story.calm_down();
    shows(
        &story.conversations("ann"),
        expect![[r#"
        1 everyone
        2 bob@1
    "#]],
    );
    story.presses("ann 2", Key::Alt('2'));
    story.calm_down();
    shows(
        &story.conversations("ann"),
        expect![[r#"
        1 everyone
        2 bob
    "#]],
    );
    shows(
        &story.conversations("ann 2"),
        expect![[r#"
        1 everyone
        2 bob
    "#]],
    );
}

#[test]
fn no_line_stands_above_what_was_read_and_answered_at_the_other_screen() {
    let mut story = ann_twice();
    story.types("bob", "/msg ann are you there?");
    story.calm_down();
    story.presses("ann", Key::Alt('2'));
    story.types("ann", "I am");
    story.calm_down();
    story.presses("ann 2", Key::Alt('2'));
    shows(
        &story.sees("ann 2"),
        expect![[r#"
        ────────────────────────────────────── Sunday 22 November ──
        12:04       bob  are you there?
        12:05       you  I am
        ● ann@localhost 0 ms  bob
    "#]],
    );
    // Of what comes later, that is new which nobody has read.
    story.presses("ann 2", Key::Alt('1'));
    story.presses("ann", Key::Alt('1'));
    story.types("bob", "good");
    story.calm_down();
    story.presses("ann", Key::Alt('2'));
    story.calm_down();
    story.presses("ann", Key::Alt('1'));
    story.types("bob", "better");
    story.calm_down();
    story.presses("ann 2", Key::Alt('2'));
    shows(
        &story.sees("ann 2"),
        expect![[r#"
        ────────────────────── the beginning of this conversation ──
        ────────────────────────────────────── Sunday 22 November ──
        12:04       bob  are you there?
        12:05       you  I am
        12:06       bob  good
        ── 1 new ───────────────────────────────────────────────────
        12:09       bob  better
        ● ann@localhost 0 ms  bob
    "#]],
    );
}

#[test]
fn a_room_that_is_joined_or_left_at_one_screen_is_so_at_the_other() {
    let mut story = ann_twice();
    story.types("bob", "/join #ops");
    story.calm_down();
    story.types("ann", "/join #ops");
    story.calm_down();
    story.types("bob", "welcome");
    story.calm_down();
    shows(
        &story.conversations("ann"),
        expect![[r#"
        1 everyone
        2 #ops
    "#]],
    );
    shows(
        &story.conversations("ann 2"),
        expect![[r#"
        1 everyone
        2 #ops
    "#]],
    );
    story.presses("ann 2", Key::Alt('2'));
    story.types("ann 2", "thanks");
    story.calm_down();
    shows(
        &story.sees("ann 2"),
        expect![[r#"
        ────────────────────── the beginning of this conversation ──
        ────────────────────────────────────── Sunday 22 November ──
        12:06       bob  welcome
        12:08       you  thanks
        ● ann@localhost 0 ms  #ops
    "#]],
    );
    shows(
        &story.sees("ann"),
        expect![[r#"
        ────────────────────── the beginning of this conversation ──
        ────────────────────────────────────── Sunday 22 November ──
        12:06       bob  welcome
        12:08       you  thanks
        ● ann@localhost 0 ms  #ops
    "#]],
    );
    story.types("ann 2", "/leave");
    story.calm_down();
    shows(
        &story.conversations("ann"),
        expect![[r#"
        1 everyone
    "#]],
    );
    shows(
        &story.conversations("ann 2"),
        expect![[r#"
        1 everyone
    "#]],
    );
    shows(
        &story.sees("ann"),
        expect![[r#"
        You are in everyone: all who are online read what you write
        here.
        Type and press Enter · F1 keys (or /help) · F2 menu
        ● ann@localhost 0 ms
    "#]],
    );
    shows(
        &story.sees("bob"),
        expect![[r#"
        ────────────────────── the beginning of this conversation ──
        ────────────────────────────────────── Sunday 22 November ──
                         ann joined
        12:06       you  welcome
        12:08       ann  thanks
                         ann left
        ● bob@localhost 0 ms  #ops
    "#]],
    );
}

#[test]
fn a_call_rings_at_both_screens_until_it_is_answered_at_one() {
    let mut story = ann_twice();
    story.types("bob", "/direct ann");
    story.settle();
    let rings = story.dialog("ann");
    shows(
        &rings,
        expect![[r#"
        bob calls to talk directly.
        bob is verified by the server.
        First time: you have not spoken directly with bob
        before. Key
        SHA256:Ym9iAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.
        Answer Decline
    "#]],
    );
    assert_eq!(story.dialog("ann 2"), rings);
    story.wait(Duration::from_secs(2));
    story.presses("ann 2", Key::Right);
    story.presses("ann 2", Key::Enter);
    story.settle();
    assert_eq!(story.dialog("ann"), Vec::<String>::new());
    story.types("ann 2", "only for you");
    story.settle();
    story.presses("ann", Key::Alt('2'));
    shows(
        &story.sees("ann"),
        expect![[r#"
        ────────────────────────────────────── Sunday 22 November ──
        12:04         *  You answered the call of bob in another
                         session.
        ● ann@localhost 0 ms  You answered the call of bob in another session.
    "#]],
    );
    shows(
        &story.sees("ann 2"),
        expect![[r#"
        ────────────────────── the beginning of this conversation ──
        ────────────────────────────────────── Sunday 22 November ──
        12:04         *  You answered bob. Connecting…
                      *  The channel to bob is open: only the two of
                         you read what is said here, and nothing of
                         it is kept. You have not spoken directly
                         with bob before; key
                         SHA256:Ym9iAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
                         AAAAAAA. /verify compares words.
                    you  only for you
        ● ann@localhost 0 ms  ⇄ bob by the server
    "#]],
    );
    shows(
        &story.sees("bob"),
        expect![[r#"
        ────────────────────── the beginning of this conversation ──
        ────────────────────────────────────── Sunday 22 November ──
        12:04         *  Calling ann…
                      *  It rings at ann's.
                      *  ann has answered. Connecting…
                      *  The channel to ann is open: only the two of
                         you read what is said here, and nothing of
                         it is kept. You have not spoken directly
                         with ann before; key
                         SHA256:YW5uAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
                         AAAAAAA. /verify compares words.
                    ann  only for you
        ● bob@localhost 0 ms  ⇄ ann by the server
    "#]],
    );
}

/// What the three see after ann's second screen was cut off, and has returned.
fn after_cut(cut: impl FnOnce(&mut Story) -> bool) -> Story {
    let mut story = ann_twice();
    story.types("ann", "before");
    story.calm_down();
    assert!(cut(&mut story));
    story.down = true;
    story.settle();
    story.types("ann", "to whom it concerns");
    // Cut off, she writes on; it goes out when the line is back.
    story.types("ann 2", "from afar");
    story.settle();
    assert!(story.sees("ann 2").iter().any(|row| row.ends_with("from afar queued")), "{:#?}", story.sees("ann 2"));
    story.down = false;
    story.calm_down();
    story.types("ann 2", "back again");
    story.calm_down();
    story
}

#[test]
fn a_screen_that_is_cut_off_and_returns_leaves_the_other_alone() {
    let story = after_cut(|story| story.cut("ann 2"));
    shows(
        &story.sees("ann"),
        expect![[r#"
        ────────────────────── the beginning of this conversation ──
        ────────────────────────────────────── Sunday 22 November ──
        12:04       you  before
        12:05            to whom it concerns
                         from afar
        12:06            back again
        ● ann@localhost 0 ms
    "#]],
    );
    shows(
        &story.sees("ann 2"),
        expect![[r#"
        ────────────────────── the beginning of this conversation ──
        ────────────────────────────────────── Sunday 22 November ──
        12:04       you  before
        12:05            to whom it concerns
                         from afar
        12:06            back again
        ● ann@localhost 0 ms
    "#]],
    );
    // Nobody hears of it.
    shows(
        &story.sees("bob"),
        expect![[r#"
        ────────────────────── the beginning of this conversation ──
        ────────────────────────────────────── Sunday 22 November ──
                         ann joined
        12:04       ann  before
        12:05            to whom it concerns
                         from afar
        12:06            back again
        ● bob@localhost 0 ms
    "#]],
    );
    // To the server, the line that she has lost may be there still: she comes back in place of that session.
    let other = after_cut(|story| story.cut_unnoticed("ann 2"));
    for screen in ["ann", "ann 2", "bob"] {
        assert_eq!(other.sees(screen), story.sees(screen));
    }
}

#[test]
fn the_sessions_are_listed_on_the_screen_and_the_keys() {
    let mut story = ann_twice();
    story.types("ann", "/sessions");
    story.settle();
    shows(
        &story.sees("ann"),
        expect![[r#"
        You are in everyone: all who are online read what you write
        here.
        Type and press Enter · F1 keys (or /help) · F2 menu
        Session 1: since 2026-11-22 12:01, from 127.0.0.1, key
        SHA256:YW5uAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA (this
        one)
        Session 2: since 2026-11-22 12:02, from 127.0.0.1, key
        SHA256:YW5uAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        ● ann@localhost 0 ms
    "#]],
    );
    // The session that was cut off is not the one that has come back.
    assert!(story.cut_unnoticed("ann 2"));
    story.calm_down();
    story.types("ann", "/sessions");
    story.settle();
    shows(
        &story.sees("ann"),
        expect![[r#"
        You are in everyone: all who are online read what you write
        here.
        Type and press Enter · F1 keys (or /help) · F2 menu
        Session 1: since 2026-11-22 12:01, from 127.0.0.1, key
        SHA256:YW5uAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA (this
        one)
        Session 3: since 2026-11-22 12:04, from 127.0.0.1, key
        SHA256:YW5uAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        ● ann@localhost 0 ms
    "#]],
    );
    story.types("ann", "/keys");
    story.settle();
    shows(
        &story.sees("ann"),
        expect![[r#"
        You are in everyone: all who are online read what you write
        here.
        Type and press Enter · F1 keys (or /help) · F2 menu
        key SHA256:YW5uAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA,
        since 2026-11-22 12:01, this session's
        ● ann@localhost 0 ms
    "#]],
    );
}
