//! One person in several sessions, as one of them sees it.

use expect_test::expect;

use crate::check;

/// A server on which a person may have several sessions, up to the person's name.
const GREETED: &str = "connected 2.26
    server server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions
    server @verified=yes server | alice | connection_confirmation | hi";

fn play_greeted(start: &str, steps: &str, expected: expect_test::Expect) {
    let steps: String =
        format!("{start}\n{GREETED}\n{steps}").lines().map(|line| format!("{}\n", line.trim())).collect();
    check(&steps, expected);
}

#[test]
fn what_is_said_in_another_session_is_ones_own_here() {
    play_greeted(
        "start plain name=alice",
        "server @id=7;time=2026-11-22T12:00:00.000Z;verified=yes alice | bob | private_message | from the laptop
        server @id=8;time=2026-11-22T12:00:00.000Z;verified=yes alice | all clients | broadcast_not_me | to everyone
        server @id=9;time=2026-11-22T12:00:00.000Z;verified=yes alice | alice | private_message | a note",
        expect![[r#"
            start plain name=alice
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions
                send alice | server | capabilities | reply edit react
                send alice | server | session | 07070707070707070707070707070707
                send @ref=5-0001 alice | server | name | alice
            server @verified=yes server | alice | connection_confirmation | hi
                send @ref=5-0002 alice | server | list_clients | no data
                send alice | server | ping | 3
                send @ref=5-0004 alice | server | conversations | no data
            server @id=7;time=2026-11-22T12:00:00.000Z;verified=yes alice | bob | private_message | from the laptop
                stdout 12:00 alice -> bob: from the laptop
            server @id=8;time=2026-11-22T12:00:00.000Z;verified=yes alice | all clients | broadcast_not_me | to everyone
                stdout 12:00 alice: to everyone
            server @id=9;time=2026-11-22T12:00:00.000Z;verified=yes alice | alice | private_message | a note
        "#]],
    );
}

#[test]
fn being_away_is_said_of_this_session_and_of_what_others_see() {
    play_greeted(
        "start plain name=alice",
        "line /away lunch
        server @ref=5-0004 alice | all clients | away | lunch
        server alice | all clients | away
        line /back
        server @ref=5-0005 alice | all clients | away
        line /dnd
        server @ref=5-0006 server | alice | undisturbed | do not disturb
        server alice | all clients | away | do not disturb
        line /back
        server @ref=5-0007 server | alice | undisturbed
        server server | alice | undisturbed | asleep
        server server | alice | undisturbed | asleep
        server server | alice | undisturbed",
        expect![[r#"
            start plain name=alice
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions
                send alice | server | capabilities | reply edit react
                send alice | server | session | 07070707070707070707070707070707
                send @ref=5-0001 alice | server | name | alice
            server @verified=yes server | alice | connection_confirmation | hi
                send @ref=5-0002 alice | server | list_clients | no data
                send alice | server | ping | 3
                send @ref=5-0004 alice | server | conversations | no data
            line /away lunch
                send @ref=5-0005 alice | server | away | lunch
            server @ref=5-0004 alice | all clients | away | lunch
            server alice | all clients | away
                stdout 12:00 * In another session you are not away, so others see you as present.
            line /back
                send @ref=5-0006 alice | server | away
            server @ref=5-0005 alice | all clients | away
                stdout 12:00 * You are shown as back.
            line /dnd
                send @ref=5-0007 alice | server | undisturbed | do not disturb
            server @ref=5-0006 server | alice | undisturbed | do not disturb
                stdout 12:00 * You are shown as away: do not disturb. The bell is silenced. /back ends it.
            server alice | all clients | away | do not disturb
            line /back
                send @ref=5-0008 alice | server | undisturbed
            server @ref=5-0007 server | alice | undisturbed
                stdout 12:00 * You are shown as back.
            server server | alice | undisturbed | asleep
                stdout 12:00 * You are shown as away: asleep. The bell is silenced. /back ends it.
            server server | alice | undisturbed | asleep
            server server | alice | undisturbed
                stdout 12:00 * You are shown as back.
        "#]],
    );
}

#[test]
fn sessions_are_listed_and_ended() {
    play_greeted(
        "start plain name=alice",
        "line /sessions
        server @ref=5-0004 server | alice | session | number=1 since=2026-11-22T12:00:00.000Z from=tls://10.0.0.9:5 proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE here
        server @ref=5-0004 server | alice | session | number=2 since=2026-11-22T12:00:00.000Z from=uid:1000 proof=uid:1000
        server @ref=5-0004 server | alice | sessions_end
        line /sessions 2
        server @ref=5-0005 server | alice | end_session | 2
        line /sessions 3
        server @ref=5-0006 server | alice | refused | no_such_session You have no session 3; /sessions lists them.
        line /sessions all
        server server | alice | refused | taken_over You ended this session from another one.",
        expect![[r#"
            start plain name=alice
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions
                send alice | server | capabilities | reply edit react
                send alice | server | session | 07070707070707070707070707070707
                send @ref=5-0001 alice | server | name | alice
            server @verified=yes server | alice | connection_confirmation | hi
                send @ref=5-0002 alice | server | list_clients | no data
                send alice | server | ping | 3
                send @ref=5-0004 alice | server | conversations | no data
            line /sessions
                send @ref=5-0005 alice | server | sessions | no data
            server @ref=5-0004 server | alice | session | number=1 since=2026-11-22T12:00:00.000Z from=tls://10.0.0.9:5 proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE here
                stdout 12:00 * Session 1: since 2026-11-22 12:00, from 10.0.0.9, key SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE (this one)
            server @ref=5-0004 server | alice | session | number=2 since=2026-11-22T12:00:00.000Z from=uid:1000 proof=uid:1000
                stdout 12:00 * Session 2: since 2026-11-22 12:00, from this machine, Unix user 1000
            server @ref=5-0004 server | alice | sessions_end
            line /sessions 2
                send @ref=5-0006 alice | server | end_session | 2
            server @ref=5-0005 server | alice | end_session | 2
                stdout 12:00 * Session 2 has ended.
            line /sessions 3
                send @ref=5-0007 alice | server | end_session | 3
            server @ref=5-0006 server | alice | refused | no_such_session You have no session 3; /sessions lists them.
                stderr tr2: You have no session 3; /sessions lists them.
            line /sessions all
                stderr tr2: Write /sessions [NUMBER]. Lists your sessions on this server, or ends the one with a number.
            server server | alice | refused | taken_over You ended this session from another one.
                Disconnect
                Leave(Refused("You ended this session from another one."))
        "#]],
    );
}

#[test]
fn a_session_that_was_lost_comes_back_by_its_token_and_takes_over_none() {
    play_greeted(
        "start plain name=alice",
        "lost the line
        tick
        connected 2.26
        server server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms sessions",
        expect![[r#"
            start plain name=alice
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions
                send alice | server | capabilities | reply edit react
                send alice | server | session | 07070707070707070707070707070707
                send @ref=5-0001 alice | server | name | alice
            server @verified=yes server | alice | connection_confirmation | hi
                send @ref=5-0002 alice | server | list_clients | no data
                send alice | server | ping | 3
                send @ref=5-0004 alice | server | conversations | no data
            lost the line
                stderr tr2: Connection lost. Reconnecting… the line.
            tick at 382ms
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms sessions
                send alice | server | session | 07070707070707070707070707070707
                send @ref=5-0005 alice | server | name | alice
        "#]],
    );
}

#[test]
fn a_session_ended_from_another_asks_before_it_comes_back() {
    play_greeted(
        "start name=alice",
        "size 60x12
        server server | alice | refused | taken_over You ended this session from another one.
        screen
        +3s
        key Left
        key Enter
        connected 2.26
        server server | client | name | TR2.26 accepted presence ping identity rooms sessions",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions
                send alice | server | capabilities | reply edit react
                send alice | server | session | 07070707070707070707070707070707
                send @ref=5-0001 alice | server | name | alice
            server @verified=yes server | alice | connection_confirmation | hi
                send @ref=5-0002 alice | server | list_clients | no data
                send alice | server | ping | 3
                send @ref=5-0004 alice | server | conversations | no data
                send @ref=5-0005 alice | all clients | history | limit=100
            size 60x12
            server server | alice | refused | taken_over You ended this session from another one.
                Disconnect
            *1 everyone     │ everyone
                            │
                            │
            ┌ Session ended ───────────────────────────────────────────┐
            │ You ended this session from another one.                 │
            │ [Join again] <Quit>                                      │
            └──────────────────────────────────────────────────────────┘
                            │
                            │
                            │
             menu F2        │ >
             ○ alice  offline · /reconnect tries again          F1 keys
            +3s
            key Left
            key Enter
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping identity rooms sessions
                send alice | server | session | 07070707070707070707070707070707
                send @ref=5-0006 alice | server | name | alice
        "#]],
    );
}

#[test]
fn what_was_read_in_another_session_is_read_here() {
    play_greeted(
        "start name=alice",
        "size 60x12
        server @id=7;time=2026-11-22T12:00:00.000Z;verified=yes bob | alice | private_message | one
        server @id=8;time=2026-11-22T12:00:00.000Z;verified=yes bob | alice | private_message | two
        status
        server server | alice | read | 7 bob
        status
        server server | alice | read | 8 bob
        status",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions
                send alice | server | capabilities | reply edit react
                send alice | server | session | 07070707070707070707070707070707
                send @ref=5-0001 alice | server | name | alice
            server @verified=yes server | alice | connection_confirmation | hi
                send @ref=5-0002 alice | server | list_clients | no data
                send alice | server | ping | 3
                send @ref=5-0004 alice | server | conversations | no data
                send @ref=5-0005 alice | all clients | history | limit=100
            size 60x12
            server @id=7;time=2026-11-22T12:00:00.000Z;verified=yes bob | alice | private_message | one
                Bell
                Notify { title: "bob", body: "one" }
                Title("tr2 (1)")
            server @id=8;time=2026-11-22T12:00:00.000Z;verified=yes bob | alice | private_message | two
                Title("tr2 (2)")
              [● alice   2 bob @2|Ctrl-K go  Ctrl-F find  F1 keys]
            server server | alice | read | 7 bob
                Title("tr2 (1)")
              [● alice   2 bob @1|Ctrl-K go  Ctrl-F find  F1 keys]
            server server | alice | read | 8 bob
                Title("tr2")
              [● alice|Ctrl-K go  Ctrl-F find  F1 keys]
        "#]],
    );
}
