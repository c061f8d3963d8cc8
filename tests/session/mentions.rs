//! The list of mentions: the own name and own words, asked for one after another and put together.

use std::time::Duration;

use expect_test::expect;
use tr2::client::chat::mentions::{AGAIN, AT_ONCE, PACE};
use tr2::client::msg::{Effect, Msg};

use crate::check;
use crate::script::{Play, key, server};

#[test]
fn mentions_are_found_by_name_and_by_own_words_and_put_together_by_time() {
    check(
        "start name=alice words=oncall,on_fire
         size 80x16
         back bob
         key F3
         screen
         server @ref=5-0006;id=9;time=2026-11-22T11:30:00Z;batch=s;verified=yes bob | all clients | broadcast | alice: the oncall list
         server @ref=5-0006;id=8;time=2026-11-22T11:20:00Z;batch=s;verified=yes bob | all clients | broadcast | see /home/alice
         server @ref=5-0006;id=7;time=2026-11-22T11:10:00Z;batch=s;verified=yes alice | all clients | broadcast | I am alice
         server @ref=5-0006;id=3;time=2026-11-22T11:00:00Z;batch=s carol | all clients | broadcast | thanks, Alice!
         server @ref=5-0006;batch=s server | alice | search_end
         server @ref=5-0007;id=9;time=2026-11-22T11:30:00Z;batch=s;verified=yes bob | all clients | broadcast | alice: the oncall list
         server @ref=5-0007;id=5;time=2026-11-22T11:05:00Z;batch=s;verified=yes bob | all clients | broadcast | who is oncall?
         server @ref=5-0007;batch=s server | alice | search_end | damaged=1
         server @ref=5-0008;batch=s server | alice | search_end | damaged=1
         screen
         key Up
         key Down
         key Enter",
        expect![[r#"
            start name=alice words=oncall,on_fire
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x16
            key F3
                send @ref=5-0006 alice | server | search | alice
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
                            │
            ┌ Mentions ────────────────────────────────────────────────────────────────────┐
            │ searching…                                                                   │
            └──────────────────────────────────────────────────────────────────────────────┘
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │ You are in everyone: all who are online read what you write
             8 Rooms        │ here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ >
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            server @ref=5-0006;id=9;time=2026-11-22T11:30:00Z;batch=s;verified=yes bob | all clients | broadcast | alice: the oncall list
            server @ref=5-0006;id=8;time=2026-11-22T11:20:00Z;batch=s;verified=yes bob | all clients | broadcast | see /home/alice
            server @ref=5-0006;id=7;time=2026-11-22T11:10:00Z;batch=s;verified=yes alice | all clients | broadcast | I am alice
            server @ref=5-0006;id=3;time=2026-11-22T11:00:00Z;batch=s carol | all clients | broadcast | thanks, Alice!
            server @ref=5-0006;batch=s server | alice | search_end
                send @ref=5-0007 alice | server | search | oncall
            server @ref=5-0007;id=9;time=2026-11-22T11:30:00Z;batch=s;verified=yes bob | all clients | broadcast | alice: the oncall list
            server @ref=5-0007;id=5;time=2026-11-22T11:05:00Z;batch=s;verified=yes bob | all clients | broadcast | who is oncall?
            server @ref=5-0007;batch=s server | alice | search_end | damaged=1
                send @ref=5-0008 alice | server | search | on_fire
            server @ref=5-0008;batch=s server | alice | search_end | damaged=1
            *1 everyone     │ everyone                                             2 people
                            │
                            │
            ┌ Mentions ────────────────────────────────────────────────────────────────────┐
            │ 3 messages, newest first; Enter goes there. 1 more is damaged on the server… │
            │ >2026-11-22 11:30 everyone   bob        [alice]: the oncall list             │
            │  2026-11-22 11:05 everyone   bob        who is [oncall]?                     │
            │  2026-11-22 11:00 everyone   ~carol     thanks, [Alice]!                     │
            │                                                                              │
            │ alice: the oncall list                                                       │
            └──────────────────────────────────────────────────────────────────────────────┘
             7 Search       │ You are in everyone: all who are online read what you write
             8 Rooms        │ here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ >
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key Up
            key Down
            key Enter
        "#]],
    );
}

#[test]
fn nobody_has_mentioned_a_newcomer() {
    check(
        "start name=alice
         size 60x12
         back bob
         key F3
         server @ref=5-0006;batch=s server | alice | search_end
         screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x12
            key F3
                send @ref=5-0006 alice | server | search | alice
            server @ref=5-0006;batch=s server | alice | search_end
            *1 everyone     │ everyone                         2 people
                            │
                            │
            ┌ Mentions ────────────────────────────────────────────────┐
            │ Nobody has mentioned you yet.                            │
            └──────────────────────────────────────────────────────────┘
                            │ You are in everyone: all who are online
                            │ read what you write here.
                            │ Type and press Enter · F1 keys (or /help)
                            │ · F2 menu
             menu F2        │ >
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn who_types_there_searches_for_words_and_the_search_keeps_its_own() {
    check(
        "start name=alice
         size 60x12
         back bob
         key Ctrl-F
         type disk
         key Enter
         server @ref=5-0006;batch=s server | alice | search_end
         key F3
         server @ref=5-0007;id=3;time=2026-11-22T11:00:00Z;batch=s carol | all clients | broadcast | thanks, Alice!
         server @ref=5-0007;batch=s server | alice | search_end
         screen
         key F5
         key Backspace
         key Ctrl-F
         screen
         key F3
         server @ref=5-0008;batch=s server | alice | search_end
         type ne
         screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x12
            key Ctrl-F
            key Enter
                send @ref=5-0006 alice | server | search | disk
            server @ref=5-0006;batch=s server | alice | search_end
            key F3
                send @ref=5-0007 alice | server | search | alice
            server @ref=5-0007;id=3;time=2026-11-22T11:00:00Z;batch=s carol | all clients | broadcast | thanks, Alice!
            server @ref=5-0007;batch=s server | alice | search_end
            *1 everyone     │ everyone                         2 people
                            │
                            │
            ┌ Mentions ────────────────────────────────────────────────┐
            │ 1 message, Enter goes there.                             │
            │ >2026-11-22 11:00 ~carol     thanks, [Alice]!            │
            └──────────────────────────────────────────────────────────┘
                            │ read what you write here.
                            │ Type and press Enter · F1 keys (or /help)
                            │ · F2 menu
             menu F2        │ >
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
            key F5
            key Backspace
            key Ctrl-F
            *1 everyone     │ everyone                         2 people
                            │
            ┌ Search ──────────────────────────────────────────────────┐
            │ Find disk_                                               │
            │ from:NAME  in:NAME  before:2026-11-22  after:…  "in a r… │
            │                                                          │
            │ Enter searches all messages that you can see.            │
            └──────────────────────────────────────────────────────────┘
                            │ Type and press Enter · F1 keys (or /help)
                            │ · F2 menu
             menu F2        │ >
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
            key F3
                send @ref=5-0008 alice | server | search | alice
            server @ref=5-0008;batch=s server | alice | search_end
            *1 everyone     │ everyone                         2 people
                            │
            ┌ Search ──────────────────────────────────────────────────┐
            │ Find ne_                                                 │
            │ from:NAME  in:NAME  before:2026-11-22  after:…  "in a r… │
            │                                                          │
            │ Enter searches all messages that you can see.            │
            └──────────────────────────────────────────────────────────┘
                            │ Type and press Enter · F1 keys (or /help)
                            │ · F2 menu
             menu F2        │ >
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn plain_mode_prints_mentions_or_says_that_there_are_none() {
    check(
        "start plain name=alice words=oncall
         back bob
         line /mentions
         server @ref=5-0005;id=9;time=2026-11-22T11:30:00Z;batch=s bob | all clients | broadcast | alice: hello
         server @ref=5-0005;batch=s server | alice | search_end
         server @ref=5-0006;id=4;time=2026-11-22T10:30:00Z;batch=s bob | all clients | broadcast | who is oncall?
         server @ref=5-0006;batch=s server | alice | search_end
         line /mentions
         server @ref=5-0007;batch=s server | alice | search_end
         server @ref=5-0008;batch=s server | alice | search_end",
        expect![[r#"
            start plain name=alice words=oncall
                Dial(tcp://localhost:1234)
            line /mentions
                send @ref=5-0005 alice | server | search | alice
            server @ref=5-0005;id=9;time=2026-11-22T11:30:00Z;batch=s bob | all clients | broadcast | alice: hello
            server @ref=5-0005;batch=s server | alice | search_end
                send @ref=5-0006 alice | server | search | oncall
            server @ref=5-0006;id=4;time=2026-11-22T10:30:00Z;batch=s bob | all clients | broadcast | who is oncall?
            server @ref=5-0006;batch=s server | alice | search_end
                stdout 2026-11-22 10:30 [everyone] ~bob: who is oncall?
                stdout 2026-11-22 11:30 [everyone] ~bob: alice: hello
            line /mentions
                send @ref=5-0007 alice | server | search | alice
            server @ref=5-0007;batch=s server | alice | search_end
                send @ref=5-0008 alice | server | search | oncall
            server @ref=5-0008;batch=s server | alice | search_end
                stdout 12:00 * Nobody has mentioned you yet.
        "#]],
    );
}

#[test]
fn without_a_connection_or_a_search_it_says_so() {
    check(
        "start name=alice
         size 60x12
         back bob
         key F3
         lost the line broke
         screen
         key Enter
         screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x12
            key F3
                send @ref=5-0006 alice | server | search | alice
            lost the line broke
            *1 everyone     │ everyone
                            │
                            │
            ┌ Mentions ────────────────────────────────────────────────┐
            │ Connection lost; search again once you are back online.  │
            └──────────────────────────────────────────────────────────┘
                            │
                            │─────────────────────────────── Esc closes
                            │ Connection lost. Reconnecting… the line
                            │ broke.
             menu F2        │ >
             ○ alice  reconnecting in 1 s · /reconnect at once  F1 keys
            key Enter
            *1 everyone     │ everyone
                            │
                            │
            ┌ Mentions ────────────────────────────────────────────────┐
            │ You are not online; search again once you are.           │
            └──────────────────────────────────────────────────────────┘
                            │
                            │─────────────────────────────── Esc closes
                            │ Connection lost. Reconnecting… the line
                            │ broke.
             menu F2        │ >
             ○ alice  reconnecting in 1 s · /reconnect at once  F1 keys
        "#]],
    );
    check(
        "start name=alice
         size 60x12
         online bob
         key F3
         screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x12
            key F3
            *1 everyone     │ everyone                         2 people
                            │
                            │
                            │
                            │
                            │
                            │ You are in everyone: all who are online
                            │ read what you write here.
                            │ Type and press Enter · F1 keys (or /help)
                            │ · F2 menu
             menu F2        │ > _
             ● alice  This server cannot search.
        "#]],
    );
}

/// The labels of the searches among the effects.
fn asked(effects: &[Effect]) -> Vec<String> {
    let one = |effect: &Effect| match effect {
        Effect::Send(request) if format!("{request:?}").contains("Search") => request.reference.clone(),
        _ => None,
    };
    effects.iter().filter_map(one).collect()
}

/// A session that has just asked for the first of so many words.
fn asking(words: usize) -> (Play, String) {
    let words: Vec<String> = (1..words).map(|number| format!("word{number}")).collect();
    let start = format!("start name=alice words={}", words.join(","));
    let mut play = Play::new(&start);
    for step in [start.as_str(), "size 80x24", "back bob"] {
        play.step(step);
    }
    let label = asked(&play.update(Msg::Key(key("F3")))).remove(0);
    (play, label)
}

#[test]
fn many_words_are_asked_for_at_a_pace() {
    let (mut play, mut label) = asking(AT_ONCE + 2);
    for number in 1..=AT_ONCE + 2 {
        let next = asked(&play.update(server(&format!("@ref={label};batch=s server | alice | search_end"))));
        match number {
            _ if number == AT_ONCE + 2 => assert!(next.is_empty()),
            _ if number < AT_ONCE => label = next[0].clone(),
            _ => {
                assert!(next.is_empty(), "the one after {number} waits");
                let due = play.session.deadline().unwrap();
                assert!(due.since(play.now.steady) <= PACE);
                play.wait(PACE);
                label = asked(&play.update(Msg::Tick)).remove(0);
            }
        }
    }
    assert!(!format!("{:?}", play.session.view().dialog).contains("searching"));
}

#[test]
fn a_word_for_which_the_server_has_no_time_is_asked_for_again() {
    for code in ["busy", "rate_limited", "store_unavailable"] {
        let (mut play, label) = asking(2);
        assert!(
            asked(&play.update(server(&format!("@ref={label} server | alice | refused | {code} later")))).is_empty()
        );
        assert!(format!("{:?}", play.session.view().dialog).contains("searching"));
        play.wait(AGAIN - Duration::from_millis(1));
        assert!(asked(&play.update(Msg::Tick)).is_empty());
        play.wait(Duration::from_millis(1));
        assert_eq!(asked(&play.update(Msg::Tick)).len(), 1, "{code}");
    }
    let (mut play, label) = asking(2);
    play.update(server(&format!("@ref={label} server | alice | refused | failed the disk is gone")));
    assert!(format!("{:?}", play.session.view().dialog).contains("the disk is gone"));
    play.wait(AGAIN);
    assert!(asked(&play.update(Msg::Tick)).is_empty());
}
