//! Replies, edits, deletions and reactions: what is asked of the server, and what its answers change on the screen.

use expect_test::expect;

use crate::check;

#[test]
fn an_edit_is_shown_until_it_is_accepted_or_refused() {
    check(
        "
        start name=alice
        size 50x9
        rooms bob
        say helo
        server @ref=5-0004;id=7;time=2026-11-22T12:00:00Z server | alice | accepted
        say /edit hello
        screen
        server @ref=5-0005;id=7;time=2026-11-22T12:00:01Z;change=8 alice | all clients | edited | hello
        screen
        say /edit hello again
        server @ref=5-0006 server | alice | refused | too_late This message is too old to be edited or deleted.
        screen
        say /edit hello once more
        lost gone
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 50x9
            say helo
                send @ref=5-0004 alice | all clients | broadcast_not_me | helo
            server @ref=5-0004;id=7;time=2026-11-22T12:00:00Z server | alice | accepted
            say /edit hello
                send @ref=5-0005 alice | all clients | edit | 7 hello





             ────────────────────────── Sunday 22 November ──
             12:00     you  hello ◌
             > _
             ● alice          Ctrl-K go  Ctrl-F find  F1 keys
            server @ref=5-0005;id=7;time=2026-11-22T12:00:01Z;change=8 alice | all clients | edited | hello





             ────────────────────────── Sunday 22 November ──
             12:00     you  hello edited
             > _
             ● alice          Ctrl-K go  Ctrl-F find  F1 keys
            say /edit hello again
                send @ref=5-0006 alice | all clients | edit | 7 hello again
            server @ref=5-0006 server | alice | refused | too_late This message is too old to be edited or deleted.



             ────────────────────────── Sunday 22 November ──
             12:00     you  hello edited
            ────────────────────────────────────── Esc closes
             This message is too old to be edited or deleted.
             > _
             ● alice          Ctrl-K go  Ctrl-F find  F1 keys
            say /edit hello once more
                send @ref=5-0007 alice | all clients | edit | 7 hello once more
            lost gone



             ────────────────────────── Sunday 22 November ──
             12:00     you  hello edited
            ────────────────────────────────────── Esc closes
             Connection lost. Reconnecting… gone.
             > _
             ○ alice  reconnecting in 1 s · /reconnect at once
        "#]],
    );
}

#[test]
fn what_others_change_is_shown_in_whatever_order_it_is_learnt() {
    check(
        "
        start name=alice
        size 60x12
        rooms bob
        server @id=5;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | first
        server @id=6;time=2026-11-22T12:00:00Z;reply=5;quote=bob\\sfirst carol | all clients | broadcast_not_me | indeed
        server @id=5;time=2026-11-22T12:00:01Z;change=9 bob | all clients | edited | third words
        server @id=5;time=2026-11-22T12:00:01Z;change=8 bob | all clients | edited | second words
        server @id=99;time=2026-11-22T12:00:01Z;change=10 bob | all clients | edited | not loaded
        screen
        server @id=6;time=2026-11-22T12:00:02Z;change=11 carol | all clients | deleted | carol
        server @id=6;time=2026-11-22T12:00:02Z;change=12 carol | all clients | edited | back again
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x12
            server @id=5;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | first
            server @id=6;time=2026-11-22T12:00:00Z;reply=5;quote=bob\sfirst carol | all clients | broadcast_not_me | indeed
            server @id=5;time=2026-11-22T12:00:01Z;change=9 bob | all clients | edited | third words
            server @id=5;time=2026-11-22T12:00:01Z;change=8 bob | all clients | edited | second words
            server @id=99;time=2026-11-22T12:00:01Z;change=10 bob | all clients | edited | not loaded
            *1 everyone     │ everyone                         2 people
                            │
                            │
                            │
                            │
                            │
                            │ ─────────────────── Sunday 22 November ──
                            │ 12:00 ~bob third words edited
                            │       ~carol › bob: third words
                            │       indeed
             menu F2        │ > _
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
            server @id=6;time=2026-11-22T12:00:02Z;change=11 carol | all clients | deleted | carol
            server @id=6;time=2026-11-22T12:00:02Z;change=12 carol | all clients | edited | back again
            *1 everyone     │ everyone                         2 people
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ─────────────────── Sunday 22 November ──
                            │ 12:00 ~bob third words edited
                            │       ~carol [deleted by carol]
             menu F2        │ > _
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn commands_name_the_last_message() {
    check(
        "
        start name=alice
        size 50x12
        rooms bob
        say /edit nothing yet
        key Ctrl-U
        say /react +1
        key Ctrl-U
        say /reply hi
        key Ctrl-U
        say /me
        key Ctrl-U
        server @id=5;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | question
        server @id=6;time=2026-11-22T12:00:00Z carol | all clients | broadcast_not_me | remark
        say /reply bob answer
        server @ref=5-0004;id=7;time=2026-11-22T12:00:00Z server | alice | accepted
        say /reply yes, carol
        server @ref=5-0005;id=8;time=2026-11-22T12:00:00Z server | alice | accepted
        say /react +1
        server @ref=5-0006;id=6;time=2026-11-22T12:00:01Z;change=9 alice | all clients | reacted | on 1 +1 carol
        say /react +1
        say /react two words
        key Ctrl-U
        say /me waves
        server @ref=5-0008;id=10;time=2026-11-22T12:00:02Z server | alice | accepted
        say /delete
        server @ref=5-0009;id=10;time=2026-11-22T12:00:02Z;change=11 alice | all clients | deleted | alice
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 50x12
            say /edit nothing yet
            key Ctrl-U
            say /react +1
            key Ctrl-U
            say /reply hi
            key Ctrl-U
            say /me
            key Ctrl-U
            server @id=5;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | question
            server @id=6;time=2026-11-22T12:00:00Z carol | all clients | broadcast_not_me | remark
            say /reply bob answer
                send @ref=5-0004;reply=5 alice | all clients | broadcast_not_me | answer
            server @ref=5-0004;id=7;time=2026-11-22T12:00:00Z server | alice | accepted
            say /reply yes, carol
                send @ref=5-0005;reply=6 alice | all clients | broadcast_not_me | yes, carol
            server @ref=5-0005;id=8;time=2026-11-22T12:00:00Z server | alice | accepted
            say /react +1
                send @ref=5-0006 alice | all clients | react | 6 +1
            server @ref=5-0006;id=6;time=2026-11-22T12:00:01Z;change=9 alice | all clients | reacted | on 1 +1 carol
            say /react +1
                send @ref=5-0007 alice | all clients | unreact | 6 +1
            say /react two words
            key Ctrl-U
            say /me waves
                send @ref=5-0008 alice | all clients | broadcast_not_me | /me waves
            server @ref=5-0008;id=10;time=2026-11-22T12:00:02Z server | alice | accepted
            say /delete
                send @ref=5-0009 alice | all clients | retract | 10
            server @ref=5-0009;id=10;time=2026-11-22T12:00:02Z;change=11 alice | all clients | deleted | alice
             everyone                                2 people
                            [+1 1]
                       you  › bob: question
                            answer
                       you  › carol: remark
                            yes, carol
                       you  [deleted by you]
            ────────────────────────────────────── Esc closes
             A reaction is one word or sign, at most 32 bytes
             long and 16 cells wide.
             > _
             ● alice          Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn changes_between_two_people_are_in_their_conversation() {
    check(
        "
        start name=alice
        size 60x9
        rooms bob
        server @id=5;time=2026-11-22T12:00:00Z bob | alice | private_message | for alice
        server @id=6;time=2026-11-22T12:00:00Z alice | bob | private_message | for bob
        key Alt-2
        server @id=5;time=2026-11-22T12:00:01Z;change=7 bob | alice | edited | for you
        server @id=6;time=2026-11-22T12:00:01Z;change=8 alice | bob | edited | for you too
        server @id=5;time=2026-11-22T12:00:01Z;change=9 bob | alice | reacted | on 1 x bob
        screen
        server @id=5;time=2026-11-22T12:00:02Z;change=10 bob | alice | deleted | bob
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x9
            server @id=5;time=2026-11-22T12:00:00Z bob | alice | private_message | for alice
                Bell
                Notify { title: "~bob", body: "for alice" }
                Title("tr2 (1 @1)")
            server @id=6;time=2026-11-22T12:00:00Z alice | bob | private_message | for bob
            key Alt-2
                Title("tr2")
            server @id=5;time=2026-11-22T12:00:01Z;change=7 bob | alice | edited | for you
            server @id=6;time=2026-11-22T12:00:01Z;change=8 alice | bob | edited | for you too
            server @id=5;time=2026-11-22T12:00:01Z;change=9 bob | alice | reacted | on 1 x bob


             ──────────────────────────────────── Sunday 22 November ──
             ── 1 new ─────────────────────────────────────────────────
             12:00      ~bob  for you edited
                              x 1
                         you  for you too edited
             bob> _
             ● alice  bob               Ctrl-K go  Ctrl-F find  F1 keys
            server @id=5;time=2026-11-22T12:00:02Z;change=10 bob | alice | deleted | bob



             ──────────────────────────────────── Sunday 22 November ──
             ── new ───────────────────────────────────────────────────
             12:00      ~bob  [deleted by bob]
                         you  for you too edited
             bob> _
             ● alice  bob               Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn a_client_that_was_away_asks_what_has_changed() {
    check(
        "
        start name=alice
        size 60x10
        rooms bob
        server @id=5;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | first
        server @id=6;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | second
        server @id=5;time=2026-11-22T12:00:01Z;change=9 bob | all clients | edited | first, edited
        lost gone
        +2s
        connected 2.26
        server server | client | name | TR2.26 accepted presence ping reply edit react
        server server | alice | connection_confirmation | hi
        server @ref=5-0007;batch=c;id=6;time=2026-11-22T12:00:00Z;change=12 bob | all clients | deleted | bob
        server @ref=5-0007;batch=c;id=5;time=2026-11-22T12:00:00Z;change=13;edited=2026-11-22T12:00:05Z bob | all clients | broadcast_not_me | first, edited again
        server @ref=5-0007;batch=c;id=5 server | alice | reactions | 2:+1 1!:x
        server @ref=5-0007;batch=c server | alice | changes_end | more
        server @ref=5-0008;batch=d server | alice | changes_end
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x10
            server @id=5;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | first
            server @id=6;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | second
            server @id=5;time=2026-11-22T12:00:01Z;change=9 bob | all clients | edited | first, edited
            lost gone
            +2s
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping reply edit react
                send alice | server | capabilities | reply edit react
                send @ref=5-0004 alice | server | name | alice
            server server | alice | connection_confirmation | hi
                send @ref=5-0005 alice | server | list_clients | no data
                send alice | server | ping | 6
                send @ref=5-0007 alice | all clients | changes | since=9 limit=1000
            server @ref=5-0007;batch=c;id=6;time=2026-11-22T12:00:00Z;change=12 bob | all clients | deleted | bob
            server @ref=5-0007;batch=c;id=5;time=2026-11-22T12:00:00Z;change=13;edited=2026-11-22T12:00:05Z bob | all clients | broadcast_not_me | first, edited again
            server @ref=5-0007;batch=c;id=5 server | alice | reactions | 2:+1 1!:x
            server @ref=5-0007;batch=c server | alice | changes_end | more
                send @ref=5-0008 alice | all clients | changes | since=13 limit=1000
            server @ref=5-0008;batch=d server | alice | changes_end




             ──────────────────────────────────── Sunday 22 November ──
             12:00      ~bob  first, edited again edited
                              +1 2  [x 1]
                        ~bob  [deleted by bob]
             > _
             ● alice  Online again.
        "#]],
    );
}

#[test]
fn an_older_server_is_asked_for_nothing_of_it() {
    check(
        "
        start name=alice
        size 50x9
        online bob
        server @id=5;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | question
        say /reply answer
        server @ref=5-0004;id=6;time=2026-11-22T12:00:00Z server | alice | accepted
        say /edit other
        say /react x
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 50x9
            server @id=5;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | question
            say /reply answer
                send @ref=5-0004 alice | all clients | broadcast_not_me | answer
            server @ref=5-0004;id=6;time=2026-11-22T12:00:00Z server | alice | accepted
            say /edit other
            say /react x




             ────────────────────────── Sunday 22 November ──
             12:00    ~bob  question
                       you  answer
             > _
             ● alice  This server cannot do that.
        "#]],
    );
}

#[test]
fn line_mode_prints_replies_and_edits() {
    check(
        "
        start name=alice plain
        rooms bob
        server @id=5;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | first
        server @id=6;time=2026-11-22T12:00:00Z;reply=5;quote=bob\\sfirst carol | all clients | broadcast_not_me | indeed
        server @id=5;time=2026-11-22T12:00:01Z;change=9 bob | all clients | edited | first, edited
        server @id=5;time=2026-11-22T12:00:01Z;change=10 carol | all clients | reacted | on 1 +1 bob
        server @id=5;time=2026-11-22T12:00:01Z;change=11;verified=yes carol | all clients | reacted | off 0 +1 bob
        server @id=3;time=2026-11-22T12:00:01Z;change=12 carol | #ops | reacted | on 1 👍 bob
        server @id=4;time=2026-11-22T12:00:01Z;change=13 bob | alice | reacted | on 1 👍 alice
        server @id=5;time=2026-11-22T12:00:01Z;change=14 carol | all clients | reacted | off 0 rude bob dave
        server dave | all clients | act | remove_reaction carol - off it insults
        server @id=6;time=2026-11-22T12:00:01Z;change=15 carol | all clients | deleted | carol
        server @id=4;time=2026-11-22T12:00:01Z;change=16 bob | alice | deleted | bob
        server @id=7;time=2026-11-22T12:00:01Z;change=17 carol | all clients | deleted | dave
        server dave | all clients | act | delete carol - off it insults
        server @id=8;time=2026-11-22T12:00:01Z carol | all clients | broadcast_not_me | again
        line /reply answer
        line /react x
        server @ref=5-0005;id=8;change=18 alice | all clients | reacted | on 1 x carol
        line /me waves
        server @ref=5-0004;id=10;time=2026-11-22T12:00:02Z server | alice | accepted
        line /edit other words
        server @ref=5-0006;id=11;time=2026-11-22T12:00:02Z server | alice | accepted
        server @ref=5-0007;id=11;change=19 alice | all clients | edited | other words
        line /delete
        line /ignore bob
        server @ref=5-0008 server | alice | ignored | bob
        server @id=8;change=20 bob | all clients | reacted | on 1 rude carol
        start name=alice plain change_notices=false
        rooms bob
        server @id=5;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | first
        server @id=5;change=9 bob | all clients | edited | first, edited
        server @id=5;change=10 bob | all clients | reacted | on 1 +1 bob
        server @id=5;change=11 bob | all clients | deleted | bob
        ",
        expect![[r#"
            start name=alice plain
                Dial(tcp://localhost:1234)
            server @id=5;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | first
                stdout 12:00 ~bob: first
            server @id=6;time=2026-11-22T12:00:00Z;reply=5;quote=bob\sfirst carol | all clients | broadcast_not_me | indeed
                stdout 12:00 ~carol: [bob: first] indeed
            server @id=5;time=2026-11-22T12:00:01Z;change=9 bob | all clients | edited | first, edited
                stdout 12:00 ~bob: edited: first, edited
            server @id=5;time=2026-11-22T12:00:01Z;change=10 carol | all clients | reacted | on 1 +1 bob
                stdout 12:00 ~carol reacted +1 to: "first, edited"
            server @id=5;time=2026-11-22T12:00:01Z;change=11;verified=yes carol | all clients | reacted | off 0 +1 bob
                stdout 12:00 carol took back +1 from: "first, edited"
            server @id=3;time=2026-11-22T12:00:01Z;change=12 carol | #ops | reacted | on 1 👍 bob
                stdout 12:00 [#ops] ~carol reacted 👍 to a message by bob
            server @id=4;time=2026-11-22T12:00:01Z;change=13 bob | alice | reacted | on 1 👍 alice
                stdout 12:00 ~bob -> you reacted 👍 to a message by alice
            server @id=5;time=2026-11-22T12:00:01Z;change=14 carol | all clients | reacted | off 0 rude bob dave
            server dave | all clients | act | remove_reaction carol - off it insults
                stdout 12:00 * dave removed a reaction by carol: it insults
            server @id=6;time=2026-11-22T12:00:01Z;change=15 carol | all clients | deleted | carol
                stdout 12:00 ~carol deleted a message
            server @id=4;time=2026-11-22T12:00:01Z;change=16 bob | alice | deleted | bob
                stdout 12:00 ~bob -> you deleted a message
            server @id=7;time=2026-11-22T12:00:01Z;change=17 carol | all clients | deleted | dave
            server dave | all clients | act | delete carol - off it insults
                stdout 12:00 * dave deleted a message by carol: it insults
            server @id=8;time=2026-11-22T12:00:01Z carol | all clients | broadcast_not_me | again
                stdout 12:00 ~carol: again
            line /reply answer
                send @ref=5-0004;reply=8 alice | all clients | broadcast_not_me | answer
            line /react x
                send @ref=5-0005 alice | all clients | react | 8 x
            server @ref=5-0005;id=8;change=18 alice | all clients | reacted | on 1 x carol
            line /me waves
                send @ref=5-0006 alice | all clients | broadcast_not_me | /me waves
            server @ref=5-0004;id=10;time=2026-11-22T12:00:02Z server | alice | accepted
            line /edit other words
            server @ref=5-0006;id=11;time=2026-11-22T12:00:02Z server | alice | accepted
                send @ref=5-0007 alice | all clients | edit | 11 other words
            server @ref=5-0007;id=11;change=19 alice | all clients | edited | other words
            line /delete
                stdout 12:00 * The newest first; /delete N REASON deletes one.
                1  12:00 alice: other words
                2  12:00 alice: answer
                3  12:00 carol: again
                4  12:00 bob: first, edited
            line /ignore bob
                send @ref=5-0008 alice | server | ignore | bob
            server @ref=5-0008 server | alice | ignored | bob
                stdout 12:00 * Ignoring bob. Undo: /unignore bob
            server @id=8;change=20 bob | all clients | reacted | on 1 rude carol
            start name=alice plain change_notices=false
                Dial(tcp://localhost:1234)
            server @id=5;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | first
                stdout 12:00 ~bob: first
            server @id=5;change=9 bob | all clients | edited | first, edited
            server @id=5;change=10 bob | all clients | reacted | on 1 +1 bob
            server @id=5;change=11 bob | all clients | deleted | bob
        "#]],
    );
}

#[test]
fn a_moderator_removes_a_reaction_by_a_form_and_by_a_command() {
    check(
        "
        start name=alice
        size 80x24
        rooms bob carol
        server @id=4;time=2026-11-22T12:01:00Z carol | all clients | broadcast_not_me | deployed
        server @id=5;time=2026-11-22T12:02:00Z carol | all clients | broadcast_not_me | and tested
        server @id=4;time=2026-11-22T12:03:00Z;change=6 bob | all clients | reacted | on 1 rude carol
        server @id=4;time=2026-11-22T12:03:00Z;change=7 carol | all clients | reacted | on 1 +1 carol
        server @id=5;time=2026-11-22T12:03:00Z;change=8 bob | all clients | reacted | on 1 +1 carol
        server server | alice | moderator | You are now a moderator.
        say /remove-reaction
        screen
        key Down
        key Tab
        key Tab
        type bob
        key Tab
        type it insults
        key Enter
        server @id=4;change=9 bob | all clients | reacted | off 0 rude carol alice
        server @ref=5-0004 alice | all clients | act | remove_reaction bob - off it insults
        say /remove-reaction 1 +1 - no counting
        server @id=5;change=10 bob | all clients | reacted | off 0 +1 carol alice
        server @ref=5-0005 alice | all clients | act | remove_reaction bob - off no counting
        say /remove-reaction 2 nothing bob not there
        server @ref=5-0006 server | alice | refused | no_such_reaction There is no such reaction there, or it is already gone.
        say /remove-reaction 2 two
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            server @id=4;time=2026-11-22T12:01:00Z carol | all clients | broadcast_not_me | deployed
            server @id=5;time=2026-11-22T12:02:00Z carol | all clients | broadcast_not_me | and tested
            server @id=4;time=2026-11-22T12:03:00Z;change=6 bob | all clients | reacted | on 1 rude carol
            server @id=4;time=2026-11-22T12:03:00Z;change=7 carol | all clients | reacted | on 1 +1 carol
            server @id=5;time=2026-11-22T12:03:00Z;change=8 bob | all clients | reacted | on 1 +1 carol
            server server | alice | moderator | You are now a moderator.
            say /remove-reaction
            *1 everyone     │ everyone                                             3 people
                            │
                            │
                            │
                            │
                            │
                            │ ┌ Remove reaction · the server ────────────────────────────┐
                            │ │ Whose:                                                   │
                            │ │ A name; empty means everybody's.                         │
                            │ │ Why:                                                     │
                            │ │ 3 reactions, the newest messages first · type to filter  │
                            │ │ >+1 1 · 12:02 carol: and tested                          │
                            │ │  rude 1 · 12:01 carol: deployed                          │
             1 Echo         │ │  +1 1 · 12:01 carol: deployed                            │
             2 List clients │ │ [Remove reaction] [Cancel]                               │
             3 Private mes… │ └──────────────────────────────────────────────────────────┘
             4 Broadcast    │
             5 Exit         │ ─────────────────────────────────────── Sunday 22 November ──
             6 Close server │ 12:01    ~carol  deployed
             7 Search       │                  rude 1  +1 1
             8 Rooms        │ 12:02            and tested
             9 Moderate     │                  +1 1
             0 Call         │ >
             ● alice  You are now a moderator.
            key Down
            key Tab
            key Tab
            key Tab
            key Enter
                send @ref=5-0004 alice | all clients | remove_reaction | 4 rude bob it insults
            server @id=4;change=9 bob | all clients | reacted | off 0 rude carol alice
            server @ref=5-0004 alice | all clients | act | remove_reaction bob - off it insults
            say /remove-reaction 1 +1 - no counting
                send @ref=5-0005 alice | all clients | remove_reaction | 5 +1 - no counting
            server @id=5;change=10 bob | all clients | reacted | off 0 +1 carol alice
            server @ref=5-0005 alice | all clients | act | remove_reaction bob - off no counting
            say /remove-reaction 2 nothing bob not there
                send @ref=5-0006 alice | all clients | remove_reaction | 4 nothing bob not there
            server @ref=5-0006 server | alice | refused | no_such_reaction There is no such reaction there, or it is already gone.
            say /remove-reaction 2 two
            *1 everyone     │ everyone                                             3 people
                            │
                            │
                            │
                            │
                            │
                            │ ┌ Remove reaction · the server ────────────────────────────┐
                            │ │ Whose:                                                   │
                            │ │ A name; empty means everybody's.                         │
                            │ │ Why: _                                                   │
                            │ │ 1 reaction · type to filter                              │
                            │ │  +1 1 · 12:01 carol: deployed                            │
                            │ │ Say why: everyone here can read it.                      │
             1 Echo         │ │ [Remove reaction] [Cancel]                               │
             2 List clients │ └──────────────────────────────────────────────────────────┘
             3 Private mes… │
             4 Broadcast    │ ─────────────────────────────────────── Sunday 22 November ──
             5 Exit         │ 12:01    ~carol  deployed
             6 Close server │                  +1 1
             7 Search       │ 12:02            and tested
             8 Rooms        │ 12:00         *  alice removed a reaction by bob: it insults
             9 Moderate     │               *  alice removed a reaction by bob: no counting
             0 Call         │ >
             ● alice  There is no such reaction there, or it is already gone.
        "#]],
    );
    check(
        "
        start plain name=alice
        rooms bob carol
        server @id=4;time=2026-11-22T12:01:00Z carol | all clients | broadcast_not_me | deployed
        server @id=5;time=2026-11-22T12:02:00Z carol | all clients | broadcast_not_me | and tested
        server @id=4;time=2026-11-22T12:03:00Z;change=6 bob | all clients | reacted | on 1 rude carol
        server server | alice | moderator | You are now a moderator.
        line /remove-reaction
        line /remove-reaction 2 rude
        line /remove-reaction 2 rude bob
        line /remove-reaction 2 rude - it insults
        server @id=4;change=9 bob | all clients | reacted | off 0 rude carol alice
        server @ref=5-0004 alice | all clients | act | remove_reaction bob - off it insults
        ",
        expect![[r#"
            start plain name=alice
                Dial(tcp://localhost:1234)
            server @id=4;time=2026-11-22T12:01:00Z carol | all clients | broadcast_not_me | deployed
                stdout 12:01 ~carol: deployed
            server @id=5;time=2026-11-22T12:02:00Z carol | all clients | broadcast_not_me | and tested
                stdout 12:02 ~carol: and tested
            server @id=4;time=2026-11-22T12:03:00Z;change=6 bob | all clients | reacted | on 1 rude carol
                stdout 12:03 ~bob reacted rude to: "deployed"
            server server | alice | moderator | You are now a moderator.
                stdout 12:00 * You are now a moderator.
            line /remove-reaction
                stdout 12:00 * The newest first; /remove-reaction N REACTION NAME REASON removes one; - in place of a name removes everybody's.
                2  rude 1 · 12:01 carol: deployed
            line /remove-reaction 2 rude
                stderr tr2: Say why: everyone here can read it. Write /remove-reaction N REACTION NAME|- REASON.
            line /remove-reaction 2 rude bob
                stderr tr2: Say why: everyone here can read it. Write /remove-reaction N REACTION NAME|- REASON.
            line /remove-reaction 2 rude - it insults
                send @ref=5-0004 alice | all clients | remove_reaction | 4 rude - it insults
            server @id=4;change=9 bob | all clients | reacted | off 0 rude carol alice
            server @ref=5-0004 alice | all clients | act | remove_reaction bob - off it insults
                stdout 12:00 * alice removed a reaction by bob: it insults
        "#]],
    );
}

#[test]
fn line_mode_prints_what_was_changed_while_the_connection_was_lost() {
    check(
        "
        start name=alice plain
        rooms bob
        server @id=5;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | first
        server @id=6;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | second
        server @id=7;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | third
        server @id=7;time=2026-11-22T12:00:01Z;change=9 bob | all clients | edited | third, edited
        lost gone
        +2s
        connected 2.26
        server server | client | name | TR2.26 accepted presence ping reply edit react
        server server | alice | connection_confirmation | hi
        server @ref=5-0007;batch=c;id=5;time=2026-11-22T12:00:00Z;change=12;edited=2026-11-22T12:00:05Z bob | all clients | broadcast_not_me | first, edited
        server @ref=5-0007;batch=c;id=6;time=2026-11-22T12:00:00Z;change=13 bob | all clients | deleted | bob
        server @ref=5-0007;batch=c;id=7;time=2026-11-22T12:00:00Z;change=14;edited=2026-11-22T12:00:01Z bob | all clients | broadcast_not_me | third, edited
        server @ref=5-0007;batch=c;id=7 server | alice | reactions | 2:+1
        server @ref=5-0007;batch=c;id=3;time=2026-11-22T11:00:00Z;change=15;edited=2026-11-22T12:00:06Z carol | all clients | broadcast_not_me | long ago
        server @ref=5-0007;batch=c server | alice | changes_end
        ",
        expect![[r#"
            start name=alice plain
                Dial(tcp://localhost:1234)
            server @id=5;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | first
                stdout 12:00 ~bob: first
            server @id=6;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | second
                stdout 12:00 bob: second
            server @id=7;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | third
                stdout 12:00 ~bob: third
            server @id=7;time=2026-11-22T12:00:01Z;change=9 bob | all clients | edited | third, edited
                stdout 12:00 ~bob: edited: third, edited
            lost gone
                stderr tr2: Connection lost. Reconnecting… gone.
            +2s
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping reply edit react
                send alice | server | capabilities | reply edit react
                send @ref=5-0004 alice | server | name | alice
            server server | alice | connection_confirmation | hi
                send @ref=5-0005 alice | server | list_clients | no data
                stdout 12:00 * Online again.
                send alice | server | ping | 6
                send @ref=5-0007 alice | all clients | changes | since=9 limit=1000
            server @ref=5-0007;batch=c;id=5;time=2026-11-22T12:00:00Z;change=12;edited=2026-11-22T12:00:05Z bob | all clients | broadcast_not_me | first, edited
            server @ref=5-0007;batch=c;id=6;time=2026-11-22T12:00:00Z;change=13 bob | all clients | deleted | bob
            server @ref=5-0007;batch=c;id=7;time=2026-11-22T12:00:00Z;change=14;edited=2026-11-22T12:00:01Z bob | all clients | broadcast_not_me | third, edited
            server @ref=5-0007;batch=c;id=7 server | alice | reactions | 2:+1
            server @ref=5-0007;batch=c;id=3;time=2026-11-22T11:00:00Z;change=15;edited=2026-11-22T12:00:06Z carol | all clients | broadcast_not_me | long ago
            server @ref=5-0007;batch=c server | alice | changes_end
                stdout 12:00 ~bob: edited: first, edited
                stdout 12:00 bob deleted a message
                stdout 12:00 ~carol: edited: long ago
        "#]],
    );
}

#[test]
fn a_reaction_may_be_an_emoji_by_its_name_and_an_answer_needs_a_text() {
    check(
        "start name=alice
        size 60x8
        rooms bob
        server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | hello
        say /react :heart:
        say /react :tada
        say /react :nothing
        say /reply bob
        status
        say /reply bob yes",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x8
            server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | hello
            say /react :heart:
                send @ref=5-0004 alice | all clients | react | 1 ❤
            say /react :tada
                send @ref=5-0005 alice | all clients | react | 1 🎉
            say /react :nothing
                send @ref=5-0006 alice | all clients | react | 1 :nothing
            say /reply bob
              [● alice|Ctrl-K go  Ctrl-F find  F1 keys]
            say /reply bob yes
                send @ref=5-0007;reply=1 alice | all clients | broadcast_not_me | yes
        "#]],
    );
}

#[test]
fn a_deleted_message_says_whose_it_was_as_before_and_that_the_person_deleted_it() {
    check(
        "
        start name=alice
        size 100x14
        rooms bob carol
        server @id=1;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | one
        server @id=2;time=2026-11-22T12:00:00Z;verified=yes carol | all clients | broadcast_not_me | two
        server @id=3;time=2026-11-22T12:00:00Z alice | all clients | broadcast_not_me | three
        server @id=4;time=2026-11-22T12:00:00Z;verified=yes alice | all clients | broadcast_not_me | four
        server @id=1;change=5;verified=yes bob | all clients | deleted | bob
        server @id=2;change=6 carol | all clients | deleted | alice
        server @id=3;change=7 alice | all clients | deleted | alice
        server @id=4;change=8 alice | all clients | deleted | carol
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 100x14
            server @id=1;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | one
            server @id=2;time=2026-11-22T12:00:00Z;verified=yes carol | all clients | broadcast_not_me | two
            server @id=3;time=2026-11-22T12:00:00Z alice | all clients | broadcast_not_me | three
            server @id=4;time=2026-11-22T12:00:00Z;verified=yes alice | all clients | broadcast_not_me | four
            server @id=1;change=5;verified=yes bob | all clients | deleted | bob
            server @id=2;change=6 carol | all clients | deleted | alice
            server @id=3;change=7 alice | all clients | deleted | alice
            server @id=4;change=8 alice | all clients | deleted | carol
            *1 everyone         │ everyone                                                     │ 3 online
                                │                                                              │ ~alice     you
             Menu               │                                                              │ ~bob
             1 Echo             │                                                              │ ~carol
             2 List clients     │                                                              │
             3 Private message  │                                                              │
             4 Broadcast        │                                                              │
             5 Exit             │ ────────────────────────────────────── Sunday 22 November ── │
             6 Close server     │ 12:00      ~bob  [deleted by bob]                            │
             7 Search           │           carol  [deleted by you]                            │
             8 Rooms            │             you  [deleted by you]                            │
             9 Moderate         │             you  [deleted by carol]                          │
             0 Call             │ > _                                                          │
             ● alice@localhost 0 ms                                             Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}
