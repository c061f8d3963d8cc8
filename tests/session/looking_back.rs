//! Commands of plain mode about what was said before: the messages that they look for are loaded or awaited first.

use expect_test::{Expect, expect};

use crate::script::play;

/// Piped commands, with a server that keeps history.
fn check(start: &str, steps: &str, expected: Expect) {
    let join = "connected 2.26
        server server | client | name | TR2.26 accepted presence ping rooms moderation history read reply edit react
        server server | alice | connection_confirmation | hi
        server server | #ops | room | open members=2 you=member topic=
        server @ref=5-0002 server | you | list_clients | clients connected: alice ,bob
        server @ref=5-0002 server | you | list_end
        server @ref=5-0004;batch=c server | alice | conversation | last=9 read=9 unread=0 all clients
        server @ref=5-0004;batch=c server | alice | conversations_end";
    let whole = play(&format!("start plain {start} name=alice\n{join}\nzone +0\n{steps}"));
    let (_, rest) = whole.split_once("zone +0\n").unwrap();
    expected.assert_eq(rest);
}

#[test]
fn an_answer_to_somebody_waits_for_the_history() {
    check(
        "",
        "line /reply bob well done
         line hello
         line /react +1
         server @ref=5-0005;id=7;time=2026-11-22T11:00:00Z;batch=h bob | all clients | broadcast | the disk is in
         server @ref=5-0005;id=8;time=2026-11-22T11:00:01Z;batch=h carol | all clients | broadcast | thanks
         server @ref=5-0005;batch=h server | alice | history_end
         server @ref=5-0006;id=10;time=2026-11-22T12:00:01Z server | alice | accepted
         server @ref=5-0007;id=11;time=2026-11-22T12:00:01Z server | alice | accepted
         line /reply carol you are welcome",
        expect![[r#"
            line /reply bob well done
                send @ref=5-0005 alice | all clients | history | limit=50
            line hello
            line /react +1
            server @ref=5-0005;id=7;time=2026-11-22T11:00:00Z;batch=h bob | all clients | broadcast | the disk is in
            server @ref=5-0005;id=8;time=2026-11-22T11:00:01Z;batch=h carol | all clients | broadcast | thanks
            server @ref=5-0005;batch=h server | alice | history_end
                send @ref=5-0006;reply=7 alice | all clients | broadcast_not_me | well done
                send @ref=5-0007 alice | all clients | broadcast_not_me | hello
                send @ref=5-0008 alice | all clients | react | 8 +1
            server @ref=5-0006;id=10;time=2026-11-22T12:00:01Z server | alice | accepted
            server @ref=5-0007;id=11;time=2026-11-22T12:00:01Z server | alice | accepted
            line /reply carol you are welcome
                send @ref=5-0009;reply=8 alice | all clients | broadcast_not_me | you are welcome
        "#]],
    );
}

#[test]
fn an_edit_waits_for_the_message_to_be_accepted() {
    check(
        "",
        "line helo
         line /edit hello
         server @ref=5-0005;id=10;time=2026-11-22T12:00:01Z server | alice | accepted
         server @ref=5-0006;batch=h server | alice | history_end
         eof
         server @ref=5-0007;id=10;time=2026-11-22T12:00:02Z;change=12 alice | all clients | edited | hello",
        expect![[r#"
            line helo
                send @ref=5-0005 alice | all clients | broadcast_not_me | helo
            line /edit hello
            server @ref=5-0005;id=10;time=2026-11-22T12:00:01Z server | alice | accepted
                send @ref=5-0006 alice | all clients | history | limit=50
            server @ref=5-0006;batch=h server | alice | history_end
                send @ref=5-0007 alice | all clients | edit | 10 hello
            eof
            server @ref=5-0007;id=10;time=2026-11-22T12:00:02Z;change=12 alice | all clients | edited | hello
                send alice | server | exit | no data
                Disconnect
                Leave(Done)
        "#]],
    );
}

#[test]
fn where_nobody_has_said_anything_that_is_known_before_it_is_said() {
    check(
        "to=#ops",
        "line /reply bob hello
         server @ref=5-0005;batch=h server | alice | history_end
         line /react +1",
        expect![[r#"
            line /reply bob hello
                send @ref=5-0005 alice | #ops | history | limit=50
            server @ref=5-0005;batch=h server | alice | history_end
                stderr tr2: Nobody else has said anything here.
            line /react +1
                stderr tr2: Nobody else has said anything here.
        "#]],
    );
    check(
        "to=carol",
        "line /reply hello
         server @ref=5-0005 server | alice | refused | no_such_user There is no user carol.",
        expect![[r#"
            line /reply hello
                send @ref=5-0005 alice | carol | history | limit=50
            server @ref=5-0005 server | alice | refused | no_such_user There is no user carol.
                stderr tr2: Nobody else has said anything here.
        "#]],
    );
}

#[test]
fn a_private_message_is_answered_and_edited_too() {
    check(
        "to=bob",
        "server @id=12;time=2026-11-22T12:00:00Z bob | alice | private_message | are you there?
         line /reply yes
         server @ref=5-0005;id=7;time=2026-11-22T11:00:00Z;batch=h bob | alice | private_message | hello
         server @ref=5-0005;batch=h server | alice | history_end
         line /edit yes, I am
         server @ref=5-0006;id=13;time=2026-11-22T12:00:01Z server | alice | accepted",
        expect![[r#"
            server @id=12;time=2026-11-22T12:00:00Z bob | alice | private_message | are you there?
                stdout 12:00 ~bob -> you: are you there?
            line /reply yes
                send @ref=5-0005 alice | bob | history | limit=50
            server @ref=5-0005;id=7;time=2026-11-22T11:00:00Z;batch=h bob | alice | private_message | hello
            server @ref=5-0005;batch=h server | alice | history_end
                send @ref=5-0006;reply=12 alice | bob | private_message | yes
            line /edit yes, I am
            server @ref=5-0006;id=13;time=2026-11-22T12:00:01Z server | alice | accepted
                send @ref=5-0007 alice | bob | edit | 13 yes, I am
        "#]],
    );
}

#[test]
fn a_lost_connection_asks_again_and_a_busy_server_is_asked_later() {
    check(
        "",
        "line /reply bob well done
         lost the line broke
         +1s
         connected 2.26
         server server | client | name | TR2.26 accepted presence ping rooms moderation history read reply edit react
         server server | alice | connection_confirmation | hi
         server @ref=5-0009;batch=c server | alice | conversations_end
         server @ref=5-000b server | alice | refused | busy Later.
         +5s
         server @ref=5-000c;id=7;time=2026-11-22T11:00:00Z;batch=h bob | all clients | broadcast | the disk is in
         server @ref=5-000c;batch=h server | alice | history_end",
        expect![[r#"
            line /reply bob well done
                send @ref=5-0005 alice | all clients | history | limit=50
            lost the line broke
                stderr tr2: Connection lost. Reconnecting… the line broke.
            +1s
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping rooms moderation history read reply edit react
                send alice | server | capabilities | reply edit react
                send @ref=5-0006 alice | server | name | alice
            server server | alice | connection_confirmation | hi
                send @ref=5-0007 alice | server | list_clients | no data
                stdout 12:00 * Online again.
                send alice | server | ping | 8
                send @ref=5-0009 alice | server | conversations | no data
                send @ref=5-000a alice | all clients | history | since=9 limit=1000
            server @ref=5-0009;batch=c server | alice | conversations_end
                send @ref=5-000b alice | all clients | changes | since=9 limit=1000
            server @ref=5-000b server | alice | refused | busy Later.
            +5s
                send @ref=5-000c alice | all clients | history | limit=50
            server @ref=5-000c;id=7;time=2026-11-22T11:00:00Z;batch=h bob | all clients | broadcast | the disk is in
            server @ref=5-000c;batch=h server | alice | history_end
                send @ref=5-000d;reply=7 alice | all clients | broadcast_not_me | well done
        "#]],
    );
}

#[test]
fn on_the_screen_what_is_still_loading_is_said() {
    let script = "start name=alice
        size 80x14
        connected 2.26
        server server | client | name | TR2.26 accepted presence ping history read reply edit react
        server server | alice | connection_confirmation | hi
        say /reply well done
        status
        lost the line broke
        key Esc
        say /react +1
        status";
    let whole = play(script);
    let (_, rest) = whole.split_once("say /reply").unwrap();
    expect![[r#"
         well done
          [● alice  The messages here are still loading; try again in a moment.|]
        lost the line broke
        key Esc
        say /react +1
            Dial(tcp://localhost:1234)
          [○ alice  Nothing is loaded here yet; try again once you are online.|]
    "#]]
    .assert_eq(rest);
}
