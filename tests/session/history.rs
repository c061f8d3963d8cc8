//! History in line mode, and answers that a hostile server sends unrequested.

use expect_test::expect;

use crate::check;
use crate::script::Play;

#[test]
fn line_mode_on_a_terminal_prints_recent_history() {
    check(
        "start plain backlog name=alice
         connected 2.26
         server server | client | name | TR2.26 accepted history read search
         server server | alice | connection_confirmation | hi
         server @ref=5-0004;batch=c server | alice | conversation | last=12 read=11 unread=1 all clients
         server @ref=5-0004;batch=c server | alice | conversation | last=9 read=9 unread=0 carol
         server @ref=5-0004;batch=c server | alice | conversation | last=13 read=3 unread=1 bob
         server @ref=5-0004;batch=c server | alice | conversations_end
         server @ref=5-0005;id=11;time=2026-11-22T11:00:00Z;batch=h bob | all clients | broadcast | read before
         server @ref=5-0005;id=12;time=2026-11-22T11:30:00Z;batch=h bob | all clients | broadcast | new
         server @ref=5-0005;batch=h server | alice | history_end
         server @ref=5-0006;id=3;time=2026-11-21T11:30:00Z;batch=h bob | alice | private_message | read
         server @ref=5-0006;id=13;time=2026-11-22T11:30:00Z;batch=h bob | alice | private_message | psst
         server @ref=5-0006;batch=h server | alice | history_end | damaged=2
         server @id=14;time=2026-11-22T12:00:00Z bob | all clients | broadcast | live",
        expect![[r#"
            start plain backlog name=alice
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted history read search
                send @ref=5-0001 alice | server | name | alice
            server server | alice | connection_confirmation | hi
                send @ref=5-0002 alice | server | list_clients | no data
                send alice | server | ping | 3
                send @ref=5-0004 alice | server | conversations | no data
            server @ref=5-0004;batch=c server | alice | conversation | last=12 read=11 unread=1 all clients
                send @ref=5-0005 alice | all clients | history | limit=100
            server @ref=5-0004;batch=c server | alice | conversation | last=9 read=9 unread=0 carol
            server @ref=5-0004;batch=c server | alice | conversation | last=13 read=3 unread=1 bob
            server @ref=5-0004;batch=c server | alice | conversations_end
                send @ref=5-0006 alice | bob | history | limit=100
            server @ref=5-0005;id=11;time=2026-11-22T11:00:00Z;batch=h bob | all clients | broadcast | read before
            server @ref=5-0005;id=12;time=2026-11-22T11:30:00Z;batch=h bob | all clients | broadcast | new
            server @ref=5-0005;batch=h server | alice | history_end
                stdout 11:00 ~bob: read before
                stdout --- new ---
                stdout 11:30 ~bob: new
            server @ref=5-0006;id=3;time=2026-11-21T11:30:00Z;batch=h bob | alice | private_message | read
            server @ref=5-0006;id=13;time=2026-11-22T11:30:00Z;batch=h bob | alice | private_message | psst
            server @ref=5-0006;batch=h server | alice | history_end | damaged=2
                stderr tr2: 2 messages here are damaged on the server's disk and cannot be shown.
                stdout --- new ---
                stdout 11:30 ~bob -> you: psst
            server @id=14;time=2026-11-22T12:00:00Z bob | all clients | broadcast | live
                stdout 12:00 ~bob: live
        "#]],
    );
}

#[test]
fn line_mode_on_a_pipe_prints_only_missed_messages() {
    check(
        "start plain name=cron
         connected 2.26
         server server | client | name | TR2.26 accepted history read search
         server server | cron | connection_confirmation | hi
         server @ref=5-0004;batch=c server | cron | conversation | last=12 read=11 unread=1 all clients
         server @ref=5-0004;batch=c server | cron | conversations_end
         server @id=13;time=2026-11-22T12:00:00Z bob | all clients | broadcast | live
         lost It broke.
         tick
         connected 2.26
         server server | client | name | TR2.26 accepted history read search
         server server | cron | connection_confirmation | hi
         server @id=16;time=2026-11-22T12:00:02Z bob | all clients | broadcast | comes before its time
         server @ref=5-0009;id=14;time=2026-11-22T12:00:00Z;batch=h bob | all clients | broadcast | missed
         server @ref=5-0009;id=15;time=2026-11-22T12:00:01Z;batch=h cron | all clients | broadcast | our own
         server @ref=5-0009;batch=h server | cron | history_end
         server @ref=5-0008;batch=c server | cron | conversation | last=16 read=11 unread=1 all clients
         server @ref=5-0008;batch=c server | cron | conversation | last=15 read=0 unread=1 carol
         server @ref=5-0008;batch=c server | cron | conversations_end
         server @ref=5-000a;id=15;time=2026-11-22T12:00:01Z;batch=h carol | cron | private_message | while you were away
         server @ref=5-000a;batch=h server | cron | history_end
         server @id=17;time=2026-11-22T12:00:03Z bob | all clients | broadcast | live again",
        expect![[r#"
            start plain name=cron
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted history read search
                send @ref=5-0001 cron | server | name | cron
            server server | cron | connection_confirmation | hi
                send @ref=5-0002 cron | server | list_clients | no data
                send cron | server | ping | 3
                send @ref=5-0004 cron | server | conversations | no data
            server @ref=5-0004;batch=c server | cron | conversation | last=12 read=11 unread=1 all clients
            server @ref=5-0004;batch=c server | cron | conversations_end
            server @id=13;time=2026-11-22T12:00:00Z bob | all clients | broadcast | live
                stdout 12:00 ~bob: live
            lost It broke.
                stderr tr2: Connection lost. Reconnecting… It broke.
            tick at 382ms
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted history read search
                send @ref=5-0005 cron | server | name | cron
            server server | cron | connection_confirmation | hi
                send @ref=5-0006 cron | server | list_clients | no data
                stdout 12:00 * Online again.
                send cron | server | ping | 7
                send @ref=5-0008 cron | server | conversations | no data
                send @ref=5-0009 cron | all clients | history | since=13 limit=1000
            server @id=16;time=2026-11-22T12:00:02Z bob | all clients | broadcast | comes before its time
            server @ref=5-0009;id=14;time=2026-11-22T12:00:00Z;batch=h bob | all clients | broadcast | missed
            server @ref=5-0009;id=15;time=2026-11-22T12:00:01Z;batch=h cron | all clients | broadcast | our own
            server @ref=5-0009;batch=h server | cron | history_end
                stdout 12:00 ~bob: missed
                stdout 12:00 ~bob: comes before its time
            server @ref=5-0008;batch=c server | cron | conversation | last=16 read=11 unread=1 all clients
            server @ref=5-0008;batch=c server | cron | conversation | last=15 read=0 unread=1 carol
                send @ref=5-000a cron | carol | history | since=0 limit=1000
            server @ref=5-0008;batch=c server | cron | conversations_end
            server @ref=5-000a;id=15;time=2026-11-22T12:00:01Z;batch=h carol | cron | private_message | while you were away
            server @ref=5-000a;batch=h server | cron | history_end
                stdout 12:00 ~carol -> you: while you were away
            server @id=17;time=2026-11-22T12:00:03Z bob | all clients | broadcast | live again
                stdout 12:00 ~bob: live again
        "#]],
    );
}

#[test]
fn unrequested_answers_are_ignored() {
    check(
        "start name=alice
         size 60x12
         connected 2.26
         server server | client | name | TR2.26 accepted history read search
         server server | alice | connection_confirmation | hi
         server @ref=5-0005;id=7;time=2026-11-22T11:00:00Z;batch=h bob | alice | private_message | in another conversation
         server @ref=nothing;id=8;time=2026-11-22T11:00:00Z;batch=h bob | all clients | broadcast | unasked
         server @id=9;time=2026-11-22T11:00:00Z;batch=h bob | all clients | broadcast | without a label
         server @ref=5-0005;time=2026-11-22T11:00:00Z;batch=h bob | all clients | broadcast | without a number
         server @ref=5-0005;id=18446744073709551615;time=2026-11-22T11:00:00Z;batch=h bob | all clients | broadcast | the last one
         server @ref=5-0005;id=2;time=2026-11-22T11:00:00Z;batch=h bob | all clients | broadcast | out of order
         server @ref=5-0005;id=2;time=2026-11-22T11:00:00Z;batch=h bob | all clients | broadcast | twice
         server @ref=5-0005;batch=h server | alice | history_end | more
         server @ref=5-0005;batch=h server | alice | history_end | more
         server @ref=x;batch=c server | alice | conversation | last=9 read=1 unread=5 mallory
         server @ref=x;batch=s server | alice | search_end | more
         screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x12
            connected 2.26
            server server | client | name | TR2.26 accepted history read search
                send @ref=5-0001 alice | server | name | alice
            server server | alice | connection_confirmation | hi
                send @ref=5-0002 alice | server | list_clients | no data
                send alice | server | ping | 3
                send @ref=5-0004 alice | server | conversations | no data
                send @ref=5-0005 alice | all clients | history | limit=100
            server @ref=5-0005;id=7;time=2026-11-22T11:00:00Z;batch=h bob | alice | private_message | in another conversation
            server @ref=nothing;id=8;time=2026-11-22T11:00:00Z;batch=h bob | all clients | broadcast | unasked
            server @id=9;time=2026-11-22T11:00:00Z;batch=h bob | all clients | broadcast | without a label
            server @ref=5-0005;time=2026-11-22T11:00:00Z;batch=h bob | all clients | broadcast | without a number
            server @ref=5-0005;id=18446744073709551615;time=2026-11-22T11:00:00Z;batch=h bob | all clients | broadcast | the last one
            server @ref=5-0005;id=2;time=2026-11-22T11:00:00Z;batch=h bob | all clients | broadcast | out of order
            server @ref=5-0005;id=2;time=2026-11-22T11:00:00Z;batch=h bob | all clients | broadcast | twice
            server @ref=5-0005;batch=h server | alice | history_end | more
                send @ref=5-0006 alice | all clients | history | before=2 limit=200
            server @ref=5-0005;batch=h server | alice | history_end | more
            server @ref=x;batch=c server | alice | conversation | last=9 read=1 unread=5 mallory
            server @ref=x;batch=s server | alice | search_end | more
            *1 everyone     │ everyone                         0 people
                            │
                            │
                            │
                            │
                            │
                            │ ────────────── loading older messages… ──
                            │ ─────────────────── Sunday 22 November ──
                            │ 11:00 ~bob twice
                            │       the last one
             menu F2        │ > _
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn what_came_since_the_reader_scrolled_back_is_counted_apart_from_what_was_there() {
    let mut play = Play::new("start name=alice");
    for step in ["start name=alice", "size 80x12", "online bob", "many 30", "key PageUp", "key PageUp"] {
        play.step(step);
    }
    // It stands in the status bar, after the name.
    let below = |play: &Play| play.session.view().status.left.text().split("  ").nth(1).unwrap_or_default().to_owned();
    assert_eq!(below(&play), "16 newer below");
    for text in ["one", "two"] {
        play.step(&format!("server bob | all clients | broadcast_not_me | {text}"));
    }
    assert_eq!(below(&play), "2 new below");
    // Read, and scrolled back again.
    play.step("key Ctrl-End");
    assert_eq!(below(&play), "");
    play.step("key PageUp");
    assert!(below(&play).ends_with("newer below"), "{}", below(&play));
}

#[test]
fn what_is_typed_takes_the_place_of_the_words_of_the_search_before() {
    check(
        "start name=alice
        size 60x14
        server server | client | name | TR2.26 accepted history read search
        server server | alice | connection_confirmation | connection accepted
        key Ctrl-F
        type backup
        key Enter
        key Esc
        key Ctrl-F
        screen
        type web
        screen
        key Esc
        key Ctrl-F
        key End
        type 3
        screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x14
            server server | client | name | TR2.26 accepted history read search
            server server | alice | connection_confirmation | connection accepted
            key Ctrl-F
            key Enter
            key Esc
            key Ctrl-F
            *1 everyone     │ everyone
                            │
                            │
            ┌ Search ──────────────────────────────────────────────────┐
            │ Find backup_                                             │
            │ from:NAME  in:NAME  before:2026-11-22  after:…  "in a r… │
            │                                                          │
            │ You are not online; search again once you are.           │
            └──────────────────────────────────────────────────────────┘
             7 Search       │
             8 Rooms        │
             9 Moderate     │
             0 Call         │ >
             ○ alice  connecting…       Ctrl-K go  Ctrl-F find  F1 keys
            *1 everyone     │ everyone
                            │
                            │
            ┌ Search ──────────────────────────────────────────────────┐
            │ Find web_                                                │
            │ from:NAME  in:NAME  before:2026-11-22  after:…  "in a r… │
            │                                                          │
            │ You are not online; search again once you are.           │
            └──────────────────────────────────────────────────────────┘
             7 Search       │
             8 Rooms        │
             9 Moderate     │
             0 Call         │ >
             ○ alice  connecting…       Ctrl-K go  Ctrl-F find  F1 keys
            key Esc
            key Ctrl-F
            key End
            *1 everyone     │ everyone
                            │
                            │
            ┌ Search ──────────────────────────────────────────────────┐
            │ Find web3_                                               │
            │ from:NAME  in:NAME  before:2026-11-22  after:…  "in a r… │
            │                                                          │
            │ You are not online; search again once you are.           │
            └──────────────────────────────────────────────────────────┘
             7 Search       │
             8 Rooms        │
             9 Moderate     │
             0 Call         │ >
             ○ alice  connecting…       Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}
