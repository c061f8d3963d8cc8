//! Whole stories: people who chat, some at two screens, connections that break, servers that die. Whatever happens, everyone
//! who reconnects sees every message once, in the same order, on every screen.

use std::time::Duration;

use expect_test::{Expect, expect};
use tr2::client::key::Key;

use crate::story::{Step, Story};

#[track_caller]
fn shows(rows: &[String], expected: Expect) {
    expected.assert_eq(&rows.iter().map(|row| format!("{row}\n")).collect::<String>());
}

#[test]
fn a_returning_user_sees_new_and_earlier_messages() {
    let mut story = Story::new();
    story.opens("alice", 30);
    story.opens("bob", 30);
    story.calm_down();
    story.types("alice", "before");
    story.calm_down();
    story.closes("bob");
    story.types("alice", "while bob was away");
    story.types("alice", "/msg bob for you alone");
    story.calm_down();
    shows(
        &story.sees("alice"),
        expect![[r#"
            ────────────────────── the beginning of this conversation ──
            ────────────────────────────────────── Sunday 22 November ──
            12:02       you  for you alone
            ● alice@localhost 0 ms  bob
        "#]],
    );
    story.opens("bob", 30);
    story.calm_down();
    shows(
        &story.sees("bob"),
        expect![[r#"
            ────────────────────── the beginning of this conversation ──
            ────────────────────────────────────── Sunday 22 November ──
            12:01    ~alice  before
            ── 1 new ───────────────────────────────────────────────────
            12:02    ~alice  while bob was away
            ● bob@localhost 0 ms   2 alice @1
        "#]],
    );
    shows(
        &story.conversations("bob"),
        expect![[r#"
            1 everyone
            2 alice@1
        "#]],
    );
    story.types("alice", "live again");
    story.presses("bob", Key::Alt('2'));
    story.calm_down();
    shows(
        &story.sees("bob"),
        expect![[r#"
            ────────────────────── the beginning of this conversation ──
            ────────────────────────────────────── Sunday 22 November ──
            ── 2 new ───────────────────────────────────────────────────
            12:02    ~alice  for you alone
            12:05            live again
            ● bob@localhost 0 ms  alice
        "#]],
    );
    story.closes("bob");
    story.opens("bob", 30);
    story.calm_down();
    shows(
        &story.conversations("bob"),
        expect![[r#"
            1 everyone
            2 alice
        "#]],
    );
}

#[test]
fn unaccepted_messages_are_resent_once_and_in_order() {
    let mut story = Story::new();
    story.opens("alice", 30);
    story.opens("bob", 30);
    story.calm_down();
    // The server stores the message and dies before it can say so.
    story.types("alice", "one");
    story.types("alice", "two");
    while let Some(step @ Step::ToServer(_)) = story.steps().into_iter().next() {
        story.step(step);
    }
    story.crash(1);
    story.down = true;
    story.settle();
    story.types("alice", "three");
    shows(
        &story.sees("alice"),
        expect![[r#"
            ────────────────────── the beginning of this conversation ──
            ────────────────────────────────────── Sunday 22 November ──
                             bob joined
            12:01       you  one queued
                             two queued
                             three queued
            ○ alice@localhost  reconnecting…  Connection lost. Reconnecting… The server died.
        "#]],
    );
    story.wait(Duration::from_secs(5));
    story.down = false;
    story.calm_down();
    shows(
        &story.sees("alice"),
        expect![[r#"
            ────────────────────── the beginning of this conversation ──
            ────────────────────────────────────── Sunday 22 November ──
                             bob joined
            12:01       you  one
                             two
                             bob joined
                        you  three
            ● alice@localhost 0 ms
        "#]],
    );
    shows(
        &story.sees("bob"),
        expect![[r#"
            ────────────────────── the beginning of this conversation ──
            ────────────────────────────────────── Sunday 22 November ──
            ── 3 new ───────────────────────────────────────────────────
            12:01    ~alice  one
                             two
                             three
            ● bob@localhost 0 ms
        "#]],
    );
}

#[test]
fn older_messages_load_while_scrolling_and_the_view_stays() {
    let mut story = Story::new();
    story.opens("alice", 24);
    story.calm_down();
    for number in 0..450 {
        story.types("alice", &format!("number {number}"));
        story.settle();
    }
    story.opens("bob", 14);
    story.calm_down();
    let mut seen = Vec::new();
    for _ in 0..200 {
        let rows = story.sees("bob");
        let numbers: Vec<usize> = rows.iter().filter_map(|row| row.rsplit("number ").next()?.parse().ok()).collect();
        assert!(numbers.windows(2).all(|pair| pair[0] + 1 == pair[1]), "no gap and no double: {rows:#?}");
        seen.extend(numbers.first().copied());
        story.presses("bob", Key::PageUp);
        story.settle();
    }
    assert!(seen.windows(2).all(|pair| pair[1] < pair[0] && pair[0] - pair[1] <= 10 || pair[1] == 0), "{seen:?}");
    shows(
        &story.sees("bob"),
        expect![[r#"
            ────────────────────── the beginning of this conversation ──
            ────────────────────────────────────── Sunday 22 November ──
            12:01    ~alice  number 0
                             number 1
                             number 2
                             number 3
                             number 4
                             number 5
                             number 6
                             number 7
                             number 8
            ● bob@localhost 0 ms  441 newer below
        "#]],
    );
}

/// The size of a random story.
#[derive(Clone, Copy)]
struct Fate {
    screens: usize,
    messages: usize,
    cuts: usize,
    crashes: usize,
}

/// Plays a random story, and compares what everyone sees in the end with the store.
fn chance(seed: u64, fate: Fate) {
    // SplitMix64: each seed gives a different story.
    let mut state = seed;
    let mut below = |bound: usize| {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        usize::try_from((mixed ^ (mixed >> 31)) >> 33).unwrap() % bound
    };
    // Every third screen is somebody's second one.
    let name = |at: usize| if at % 3 == 2 { format!("user{} 2", at - 1) } else { format!("user{at}") };
    let names: Vec<String> = (0..fate.screens).map(name).collect();
    let turns = 13 * fate.screens;
    let mut story = Story::new();
    names.iter().for_each(|name| story.opens_verified(name, 9000));
    // A client that was never online opens a dialog.
    story.settle();
    let (mut said, mut cuts, mut crashes) = (0, 0, 0);
    while said < fate.messages || cuts < fate.cuts {
        match below(turns) {
            0 if cuts < fate.cuts => {
                let name = &names[below(fate.screens)];
                let noticed = below(2) == 0;
                cuts += usize::from(if noticed { story.cut(name) } else { story.cut_unnoticed(name) });
            }
            1 if crashes < fate.crashes => {
                crashes += 1;
                story.crash(below(4));
            }
            2..6 if said < fate.messages => {
                said += 1;
                story.types(&names[below(fate.screens)], &format!("said {said}"));
            }
            6 => story.wait(Duration::from_millis(700)),
            _ => {
                let steps = story.steps();
                if !steps.is_empty() {
                    story.step(steps[below(steps.len())].clone());
                }
            }
        }
    }
    story.calm_down();
    let stored: Vec<String> = story.simple_store.texts();
    let mut sorted: Vec<usize> = stored.iter().map(|text| text["said ".len()..].parse().unwrap()).collect();
    for name in &names {
        let rows = story.sees(name);
        let seen: Vec<&str> = rows.iter().filter_map(|row| row.find("said ").map(|at| &row[at..])).collect();
        assert_eq!(seen, stored, "what {name} sees of story {seed}: {rows:#?}");
    }
    sorted.sort_unstable();
    assert_eq!(sorted, (1..=said).collect::<Vec<_>>(), "all that was said in story {seed}");
}

#[test]
fn whatever_happens_everyone_sees_the_same_without_gaps_or_duplicates() {
    let stories = if std::env::var_os("TR2_LONG").is_some() { 5000 } else { 150 };
    let fate = Fate { screens: 3, messages: 60, cuts: 12, crashes: 8 };
    (0..stories).for_each(|seed| chance(seed, fate));
}

#[test]
fn after_two_hundred_cuts_twenty_screens_show_the_same() {
    let stories = if std::env::var_os("TR2_LONG").is_some() { 20 } else { 1 };
    let fate = Fate { screens: 20, messages: 300, cuts: 200, crashes: 0 };
    (0..stories).for_each(|seed| chance(seed, fate));
}

#[test]
fn a_search_leads_to_the_message_and_back_to_the_newest() {
    let mut story = Story::new();
    story.opens("alice", 24);
    story.calm_down();
    for number in 0..450 {
        let text = if number == 77 { "the Bäckup ran".to_owned() } else { format!("number {number}") };
        story.types("alice", &text);
        story.settle();
    }
    story.opens("bob", 14);
    story.calm_down();
    story.presses("bob", Key::Ctrl('f'));
    "backup".chars().for_each(|c| story.presses("bob", Key::Char(c)));
    story.presses("bob", Key::Enter);
    story.settle();
    shows(
        &story.dialog("bob"),
        expect![[r#"
            Find backup
            from:NAME  in:NAME  before:2026-11-22  after:…  "in a row"  begin*

            1 message, Enter goes there.
            > 2026-11-22 12:01 everyone   ~alice     the [Bäckup] ran
        "#]],
    );
    story.presses("bob", Key::Enter);
    story.settle();
    shows(
        &story.sees("bob"),
        expect![[r#"
                             number 72
                             number 73
                             number 74
                             number 75
                             number 76
            ── found ───────────────────────────────────────────────────
            12:01    ~alice  the Bäckup ran
                             number 78
                             number 79
                             number 80
                             number 81
            ● bob@localhost 0 ms  newer below
        "#]],
    );
    // Messages that arrive meanwhile are not lost, and nothing is shown twice on the way down.
    story.types("alice", "said meanwhile");
    story.settle();
    let mut numbers = Vec::new();
    for _ in 0..200 {
        let rows = story.sees("bob");
        story.presses("bob", Key::PageDown);
        story.settle();
        numbers.extend(rows.iter().filter_map(|row| row.rsplit("number ").next()?.parse::<usize>().ok()));
        let seen: Vec<usize> = rows.iter().filter_map(|row| row.rsplit("number ").next()?.parse().ok()).collect();
        assert!(
            seen.windows(2).all(|pair| pair[0] + 1 == pair[1] || pair == [76, 78]),
            "no gap and no double: {rows:#?}"
        );
    }
    numbers.sort_unstable();
    numbers.dedup();
    assert!((78..450).all(|number| numbers.contains(&number)), "everything came by");
    assert!(story.sees("bob").iter().any(|row| row.ends_with("said meanwhile")));
    // Jump back from far away.
    story.presses("bob", Key::Ctrl('f'));
    story.presses("bob", Key::Enter);
    story.settle();
    story.presses("bob", Key::Enter);
    story.settle();
    story.types("bob", "back");
    story.calm_down();
    let rows = story.sees("bob");
    // The last row is the status bar.
    let [.., before, last, _] = rows.as_slice() else { panic!("{rows:#?}") };
    assert!(before.ends_with("said meanwhile") && last.ends_with("back"), "{rows:#?}");
}

#[test]
fn rooms_are_the_same_for_all_members_and_return_after_a_cut() {
    let mut story = Story::new();
    for name in ["alice", "bob", "carol"] {
        story.opens(name, 24);
    }
    story.calm_down();
    let mut does = |name: &str, text: &str| {
        story.types(name, text);
        story.calm_down();
    };
    does("alice", "/join #ops");
    does("bob", "/join #ops");
    does("alice", "/topic the new disks");
    does("bob", "alice: you are a fool");
    does("alice", "/delete 1 it insults");
    does("bob", "and so is everyone");
    does("alice", "/mute bob 10m insults");
    does("bob", "may I?");
    does("carol", "/join #den private");
    does("alice", "/join #den");
    does("carol", "/invite alice");
    does("alice", "/join #den");
    does("carol", "/away lunch");
    does("alice", "/msg carol hungry?");
    does("alice", "/query #ops");
    assert!(story.cut("bob") && story.cut("carol"));
    story.types("alice", "while you were away");
    story.wait(Duration::from_secs(5));
    story.calm_down();
    shows(
        &story.sees("alice"),
        expect![[r#"
            ────────────────────── the beginning of this conversation ──
            ────────────────────────────────────── Sunday 22 November ──
                             bob joined
            12:04         *  alice set the topic: the new disks
            12:05      ~bob  [deleted by you]
            12:06         *  alice deleted a message by bob: it insults
            12:08      ~bob  and so is everyone
            12:09         *  alice muted bob for 10 minutes: insults
            12:14         *  carol invited you: /join #den
            12:21       you  while you were away
            ● alice@localhost 0 ms  #ops
        "#]],
    );
    shows(
        &story.sees("bob"),
        expect![[r#"
            ────────────────────── the beginning of this conversation ──
            ────────────────────────────────────── Sunday 22 November ──
            12:04         *  alice set the topic: the new disks
            12:05       you  [deleted by alice]
            12:06         *  alice deleted a message by bob: it insults
            12:08       you  and so is everyone
            12:09         *  alice muted bob for 10 minutes: insults
            12:10       you  may I? not sent
            ── 1 new ───────────────────────────────────────────────────
            12:21    ~alice  while you were away
            Online again.
            1 message was not sent, or not confirmed. Alt-R or /resend
            resends the marked messages of a conversation.
            ● bob@localhost 0 ms  #ops
        "#]],
    );
    // An unverified user loses their place in a private room when disconnected.
    shows(
        &story.sees("carol"),
        expect![[r#"
            You are in everyone: all who are online read what you write
            here.
            Type and press Enter · F1 keys (or /help) · F2 menu
            ● carol@localhost 0 ms away   2 alice @1
        "#]],
    );
    shows(
        &story.conversations("bob"),
        expect![[r#"
            1 everyone
            2 #ops
        "#]],
    );
    story.types("bob", "/leave");
    story.calm_down();
    shows(
        &story.conversations("bob"),
        expect![[r#"
            1 everyone
        "#]],
    );
}

/// Alice and bob are online, and their screens show what the server has kept.
fn two() -> Story {
    let mut story = Story::new();
    story.opens("alice", 30);
    story.opens("bob", 30);
    story.calm_down();
    story
}

/// Alice calls bob, who answers.
fn two_talk() -> Story {
    let mut story = two();
    story.types("alice", "/direct bob");
    story.settle();
    story.wait(Duration::from_secs(2));
    story.presses("bob", Key::Right);
    story.presses("bob", Key::Enter);
    story.settle();
    story
}

#[test]
fn a_call_is_answered_and_what_is_said_then_is_in_no_history() {
    let mut story = two();
    story.types("alice", "/direct bob");
    story.settle();
    shows(
        &story.dialog("bob"),
        expect![[r#"
        alice calls to talk directly.
        ~alice only claims this name: anyone could be calling.
        First time: you have not spoken directly with alice
        before. Key
        SHA256:YWxpY2UAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.
        Answer Decline
    "#]],
    );
    let mut story = two_talk();
    story.types("alice", "only for you");
    story.types("bob", "thanks");
    story.settle();
    shows(
        &story.sees("bob"),
        expect![[r#"
        ────────────────────── the beginning of this conversation ──
        ────────────────────────────────────── Sunday 22 November ──
        12:01         *  You answered alice. Connecting…
                      *  The channel to alice is open: only the two
                         of you read what is said here, and nothing
                         of it is kept. You have not spoken directly
                         with alice before; key
                         SHA256:YWxpY2UAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
                         AAAAAAA. /verify compares words.
                 ~alice  only for you
                    you  thanks
        ● bob@localhost 0 ms  ⇄ alice by the server
    "#]],
    );
    story.types("bob", "/hangup");
    story.settle();
    shows(
        &story.sees("alice"),
        expect![[r#"
        ────────────────────── the beginning of this conversation ──
        ────────────────────────────────────── Sunday 22 November ──
        12:01         *  Calling bob…
                      *  It rings at bob's.
                      *  bob has answered. Connecting…
                      *  The channel to bob is open: only the two of
                         you read what is said here, and nothing of
                         it is kept. You have not spoken directly
                         with bob before; key
                         SHA256:Ym9iAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
                         AAAAAAA. /verify compares words.
                    you  only for you
                   ~bob  thanks
                      *  bob hung up.
        ● alice@localhost 0 ms  ⇄ bob
    "#]],
    );
    story.closes("alice");
    story.opens("alice", 30);
    story.calm_down();
    shows(
        &story.sees("alice"),
        expect![[r#"
        You are in everyone: all who are online read what you write
        here.
        Type and press Enter · F1 keys (or /help) · F2 menu
        ● alice@localhost 0 ms
    "#]],
    );
    shows(
        &story.conversations("alice"),
        expect![[r#"
        1 everyone
    "#]],
    );
}

#[test]
fn a_call_that_nobody_answers_ends_for_both() {
    let mut story = two();
    story.types("alice", "/direct bob");
    story.settle();
    for _ in 0..23 {
        story.wait(Duration::from_secs(2));
        story.settle();
    }
    shows(
        &story.sees("alice"),
        expect![[r#"
        ────────────────────── the beginning of this conversation ──
        ────────────────────────────────────── Sunday 22 November ──
        12:01         *  Calling bob…
                      *  It rings at bob's.
        12:02         *  bob did not answer.
        ● alice@localhost 0 ms  ⇄ bob
    "#]],
    );
    assert_eq!(story.dialog("bob"), Vec::<String>::new());
    story.presses("bob", Key::Alt('2'));
    shows(
        &story.sees("bob"),
        expect![[r#"
            ────────────────────────────────────── Sunday 22 November ──
            ── new ─────────────────────────────────────────────────────
            12:02         *  Missed call from alice (to talk directly).
            ● bob@localhost 0 ms  Missed call from alice (to talk directly).
        "#]],
    );
}

#[test]
fn a_channel_by_the_server_ends_with_the_server_and_can_be_had_again() {
    let mut story = two_talk();
    story.types("alice", "one");
    story.crash(0);
    story.settle();
    shows(
        &story.sees("alice"),
        expect![[r#"
        ────────────────────── the beginning of this conversation ──
        ────────────────────────────────────── Sunday 22 November ──
        12:01         *  Calling bob…
                      *  It rings at bob's.
                      *  bob has answered. Connecting…
                      *  The channel to bob is open: only the two of
                         you read what is said here, and nothing of
                         it is kept. You have not spoken directly
                         with bob before; key
                         SHA256:Ym9iAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
                         AAAAAAA. /verify compares words.
                    you  one
                      *  The connection to the server is lost, and
                         with it the call with bob.
        ○ alice  Connection lost. Reconnecting… The server died.
    "#]],
    );
    story.calm_down();
    story.types("bob", "/direct alice");
    story.settle();
    story.wait(Duration::from_secs(2));
    story.presses("alice", Key::Right);
    story.presses("alice", Key::Enter);
    story.settle();
    story.types("bob", "two");
    shows(
        &story.sees("alice"),
        expect![[r#"
        ────────────────────── the beginning of this conversation ──
        ────────────────────────────────────── Sunday 22 November ──
        12:01         *  Calling bob…
                      *  It rings at bob's.
                      *  bob has answered. Connecting…
                      *  The channel to bob is open: only the two of
                         you read what is said here, and nothing of
                         it is kept. You have not spoken directly
                         with bob before; key
                         SHA256:Ym9iAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
                         AAAAAAA. /verify compares words.
                    you  one
                      *  The connection to the server is lost, and
                         with it the call with bob.
        12:02         *  You answered bob. Connecting…
                      *  The channel to bob is open: only the two of
                         you read what is said here, and nothing of
                         it is kept. You know this key as bob's, but
                         have not compared words.
                   ~bob  two
        ● alice@localhost 0 ms  ⇄ bob by the server
    "#]],
    );
}

#[test]
fn both_call_at_the_same_moment_and_talk() {
    let mut story = two();
    story.types("alice", "/direct bob");
    story.types("bob", "/direct alice");
    story.settle();
    story.wait(Duration::from_secs(2));
    story.types("alice", "and now?");
    story.settle();
    shows(
        &story.sees("bob"),
        expect![[r#"
            ────────────────────── the beginning of this conversation ──
            ────────────────────────────────────── Sunday 22 November ──
            12:01         *  Calling alice…
                          *  You answered alice. Connecting…
                          *  The channel to alice is open: only the two
                             of you read what is said here, and nothing
                             of it is kept. You have not spoken directly
                             with alice before; key
                             SHA256:YWxpY2UAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
                             AAAAAAA. /verify compares words.
                     ~alice  and now?
            ● bob@localhost 0 ms  ⇄ alice by the server
        "#]],
    );
}

#[test]
fn who_is_ignored_or_goes_away_is_not_heard() {
    let mut story = two();
    story.types("bob", "/ignore alice");
    story.settle();
    story.types("alice", "/direct bob");
    story.settle();
    assert_eq!(story.dialog("bob"), Vec::<String>::new());
    shows(
        &story.sees("alice"),
        expect![[r#"
        ────────────────────── the beginning of this conversation ──
        ────────────────────────────────────── Sunday 22 November ──
        12:01         *  Calling bob…
                      *  It rings at bob's.
        ● alice@localhost 0 ms  calling bob  ⇄ bob
    "#]],
    );
    let mut story = two_talk();
    story.closes("bob");
    story.settle();
    shows(
        &story.sees("alice"),
        expect![[r#"
        ────────────────────── the beginning of this conversation ──
        ────────────────────────────────────── Sunday 22 November ──
        12:01         *  Calling bob…
                      *  It rings at bob's.
                      *  bob has answered. Connecting…
                      *  The channel to bob is open: only the two of
                         you read what is said here, and nothing of
                         it is kept. You have not spoken directly
                         with bob before; key
                         SHA256:Ym9iAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
                         AAAAAAA. /verify compares words.
                      *  bob hung up.
        ● alice@localhost 0 ms  ⇄ bob
    "#]],
    );
}
