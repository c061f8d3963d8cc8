//! The person takes another name, or leaves the server for good.

use expect_test::expect;

use crate::check;

#[test]
fn the_client_joins_again_at_once_under_the_other_name() {
    check(
        "start name=alice
        size 80x18
        connected 2.26
        server server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms away sessions
        server @verified=yes server | alice | connection_confirmation | hi
        say /rename
        say /rename zoe
        say one more
        server @ref=5-0006 server | alice | renamed | zoe
        lost the server closed the connection
        connected 2.26
        server server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms away sessions
        server @verified=yes server | zoe | connection_confirmation | hi
        server @id=7;time=2026-11-22T12:00:00Z;verified=yes zoe | all clients | broadcast_not_me | from elsewhere
        screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x18
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms away sessions
                send alice | server | session | 07070707070707070707070707070707
                send @ref=5-0001 alice | server | name | alice
            server @verified=yes server | alice | connection_confirmation | hi
                send @ref=5-0002 alice | server | list_clients | no data
                send alice | server | ping | 3
                send @ref=5-0004 alice | server | conversations | no data
                send @ref=5-0005 alice | all clients | history | limit=100
            say /rename
            say /rename zoe
                send @ref=5-0006 alice | server | rename | zoe
            say one more
                send @ref=5-0007 alice | all clients | broadcast_not_me | one more
            server @ref=5-0006 server | alice | renamed | zoe
                Disconnect
                Dial(tcp://localhost:1234)
            lost the server closed the connection
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms away sessions
                send alice | server | session | 07070707070707070707070707070707
                send @ref=5-0008 alice | server | name | zoe
            server @verified=yes server | zoe | connection_confirmation | hi
                send @ref=5-0009 alice | server | list_clients | no data
                send alice | server | ping | a
                send @ref=5-0007 alice | all clients | broadcast_not_me | one more
                send @ref=5-000b alice | server | conversations | no data
                send @ref=5-000c alice | all clients | history | limit=100
            server @id=7;time=2026-11-22T12:00:00Z;verified=yes zoe | all clients | broadcast_not_me | from elsewhere
            *1 everyone     │ everyone                                             0 people
                            │
                            │
                            │
                            │
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │ ─────────────────────────────────────── Sunday 22 November ──
             5 Exit         │ 12:00       you  from elsewhere
             6 Close server │             you  one more ◌
             7 Search       │─────────────────────────────────────────────────── Esc closes
             8 Rooms        │ Write /rename NAME. Gives you another name; all that is yours
             9 Moderate     │ comes with you.
             0 Call         │ > _
             ● zoe  You are now zoe. From now on, join with --name zoe.
        "#]],
    );
}

#[test]
fn another_session_of_the_person_follows() {
    check(
        "start plain name=alice
        connected 2.26
        server server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms away sessions
        server @verified=yes server | alice | connection_confirmation | hi
        server server | alice | renamed | zoe
        connected 2.26
        server server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms away sessions
        server server | client | refused | banned You are banned from this server, by root: no",
        expect![[r#"
            start plain name=alice
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms away sessions
                send alice | server | session | 07070707070707070707070707070707
                send @ref=5-0001 alice | server | name | alice
            server @verified=yes server | alice | connection_confirmation | hi
                send @ref=5-0002 alice | server | list_clients | no data
                send alice | server | ping | 3
                send @ref=5-0004 alice | server | conversations | no data
            server server | alice | renamed | zoe
                Disconnect
                stdout 12:00 * You are now zoe. From now on, join with --name zoe.
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms away sessions
                send alice | server | session | 07070707070707070707070707070707
                send @ref=5-0005 alice | server | name | zoe
            server server | client | refused | banned You are banned from this server, by root: no
                Disconnect
                Leave(Refused("You are banned from this server, by root: no"))
        "#]],
    );
}

#[test]
fn a_program_is_told_of_the_other_name() {
    check(
        "start plain json name=alice
        connected 2.26
        server server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms away sessions
        server @verified=yes server | alice | connection_confirmation | hi
        server server | alice | renamed | zoe
        connected 2.26
        server server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms away sessions
        server @verified=yes server | zoe | connection_confirmation | hi",
        expect![[r#"
            start plain json name=alice
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms away sessions
                send alice | server | session | 07070707070707070707070707070707
                send @ref=5-0001 alice | server | name | alice
            server @verified=yes server | alice | connection_confirmation | hi
                send @ref=5-0002 alice | server | list_clients | no data
                {"again":false,"event":"online","name":"alice","server":"tcp://localhost:1234"}
                send alice | server | ping | 3
                send @ref=5-0004 alice | server | conversations | no data
            server server | alice | renamed | zoe
                Disconnect
                {"event":"offline","text":"You are now zoe. From now on, join with --name zoe."}
                {"event":"notice","text":"You are now zoe. From now on, join with --name zoe.","time":"2026-11-22T12:00:00.000Z"}
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms away sessions
                send alice | server | session | 07070707070707070707070707070707
                send @ref=5-0005 alice | server | name | zoe
            server @verified=yes server | zoe | connection_confirmation | hi
                send @ref=5-0006 alice | server | list_clients | no data
                {"again":true,"event":"online","name":"zoe","server":"tcp://localhost:1234"}
                send alice | server | ping | 7
                send @ref=5-0008 alice | server | conversations | no data
        "#]],
    );
}

#[test]
fn only_a_verified_person_has_a_name_to_change() {
    check(
        "start name=alice
        size 80x18
        rooms
        say /rename zoe
        screen
        say /leave-server
        screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x18
            say /rename zoe
            *1 everyone     │ everyone                                             1 person
                            │
                            │
                            │
                            │
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │ You are in everyone, alone so far. Others join with: tr2 join
             5 Exit         │ --server tcp://localhost:1234
             6 Close server │ Type and press Enter · F1 keys (or /help) · F2 menu
             7 Search       │─────────────────────────────────────────────────── Esc closes
             8 Rooms        │ You are alice. A name is taken when you join. To take
             9 Moderate     │ another: /quit, then tr2 join --name NAME.
             0 Call         │ > _
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            say /leave-server
            *1 everyone     │ everyone                                             1 person
                            │
                            │
                            │
                            │
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │ You are in everyone, alone so far. Others join with: tr2 join
             5 Exit         │ --server tcp://localhost:1234
             6 Close server │ Type and press Enter · F1 keys (or /help) · F2 menu
             7 Search       │─────────────────────────────────────────────────── Esc closes
             8 Rooms        │ You are alice. A name is taken when you join. To take
             9 Moderate     │ another: /quit, then tr2 join --name NAME.
             0 Call         │ > _
             ● alice  That needs a connection to a server that verifies users.
        "#]],
    );
}

#[test]
fn a_refused_name_changes_nothing() {
    check(
        "start plain name=alice
        connected 2.26
        server server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms away sessions
        server @verified=yes server | alice | connection_confirmation | hi
        line /nick bob
        server @ref=5-0005 server | alice | refused | name_bound The name bob has an owner; choose another name.
        line still alice",
        expect![[r#"
            start plain name=alice
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms away sessions
                send alice | server | session | 07070707070707070707070707070707
                send @ref=5-0001 alice | server | name | alice
            server @verified=yes server | alice | connection_confirmation | hi
                send @ref=5-0002 alice | server | list_clients | no data
                send alice | server | ping | 3
                send @ref=5-0004 alice | server | conversations | no data
            line /nick bob
                send @ref=5-0005 alice | server | rename | bob
            server @ref=5-0005 server | alice | refused | name_bound The name bob has an owner; choose another name.
                stderr tr2: The name bob has an owner; choose another name.
            line still alice
                send @ref=5-0006 alice | all clients | broadcast_not_me | still alice
        "#]],
    );
}

#[test]
fn leaving_for_good_takes_a_question_and_a_farewell() {
    check(
        "start name=alice
        size 80x18
        connected 2.26
        server server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms away sessions
        server @verified=yes server | alice | connection_confirmation | hi
        say /leave-server
        screen
        key Enter
        say /leave-server
        key Left
        key Enter
        server @ref=5-0006 server | alice | left_server | no data",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x18
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms away sessions
                send alice | server | session | 07070707070707070707070707070707
                send @ref=5-0001 alice | server | name | alice
            server @verified=yes server | alice | connection_confirmation | hi
                send @ref=5-0002 alice | server | list_clients | no data
                send alice | server | ping | 3
                send @ref=5-0004 alice | server | conversations | no data
                send @ref=5-0005 alice | all clients | history | limit=100
            say /leave-server
            *1 everyone     │ everyone                                             0 people
                            │
                            │
                            │
                            │ ┌ Leave for good ──────────────────────────────────────────┐
                            │ │ You leave this server for good. Messages in rooms and to │
                            │ │ everyone stay, under alice; whoever you wrote to keeps   │
             1 Echo         │ │ what you wrote; a keeper can erase more, before you      │
             2 List clients │ │ leave. Your keys, rooms, rights and ignore list go, and  │
             3 Private mes… │ │ nobody gets the name for 30 days.                        │
             4 Broadcast    │ │ [Leave for good] <Stay>                                  │
             5 Exit         │ └──────────────────────────────────────────────────────────┘
             6 Close server │
             7 Search       │ You are in everyone, alone so far. Others join with: tr2 join
             8 Rooms        │ --server tcp://localhost:1234
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ >
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key Enter
            say /leave-server
            key Left
            key Enter
                send @ref=5-0006 alice | server | leave_server | no data
            server @ref=5-0006 server | alice | left_server | no data
                Disconnect
                Leave(Told("You have left the server for good. Nobody gets the name alice for 30 days."))
        "#]],
    );
}

#[test]
fn leaving_for_good_in_lines_takes_the_name() {
    check(
        "start plain name=alice
        connected 2.26
        server server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms away sessions
        server @verified=yes server | alice | connection_confirmation | hi
        line /leave-server
        line /leave-server bob
        line /leave-server alice
        server @ref=5-0005 server | alice | left_server | no data",
        expect![[r#"
            start plain name=alice
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms away sessions
                send alice | server | session | 07070707070707070707070707070707
                send @ref=5-0001 alice | server | name | alice
            server @verified=yes server | alice | connection_confirmation | hi
                send @ref=5-0002 alice | server | list_clients | no data
                send alice | server | ping | 3
                send @ref=5-0004 alice | server | conversations | no data
            line /leave-server
                stdout 12:00 * You leave this server for good. Messages in rooms and to everyone stay, under alice; whoever you wrote to keeps what you wrote; a keeper can erase more, before you leave. Your keys, rooms, rights and ignore list go, and nobody gets the name for 30 days. To do it: /leave-server alice
            line /leave-server bob
                stdout 12:00 * You leave this server for good. Messages in rooms and to everyone stay, under alice; whoever you wrote to keeps what you wrote; a keeper can erase more, before you leave. Your keys, rooms, rights and ignore list go, and nobody gets the name for 30 days. To do it: /leave-server alice
            line /leave-server alice
                send @ref=5-0005 alice | server | leave_server | no data
            server @ref=5-0005 server | alice | left_server | no data
                Disconnect
                Leave(Told("You have left the server for good. Nobody gets the name alice for 30 days."))
        "#]],
    );
}

#[test]
fn a_keeper_frees_a_name_from_within_a_room() {
    check(
        "start name=alice
        size 80x18
        rooms bob
        server server | #ops | room | open members=2 you=member topic=
        server server | alice | moderator | You are now a moderator.
        say /query #ops
        say /free bob lost the key
        say /free
        screen
        server @verified=yes root | all clients | act | free bob - off lost the key",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x18
            server server | #ops | room | open members=2 you=member topic=
            server server | alice | moderator | You are now a moderator.
            say /query #ops
                send @ref=5-0004 alice | #ops | members | no data
            say /free bob lost the key
                send @ref=5-0005 alice | all clients | free | bob lost the key
            say /free
             1 everyone     │ #ops                                                 2 people
            *2 #ops         │
                            │
                            │
                            │
                            │ ┌ Free a name · the server ────────────────────────────────┐
                            │ │ Whom: _                                                  │
             1 Echo         │ │ Why:                                                     │
             2 List clients │ │ [Free a name] [Cancel]                                   │
             3 Private mes… │ └──────────────────────────────────────────────────────────┘
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │
             8 Rooms        │ You are in #ops. Its members read what you write here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ >
             ● alice  You are now a moderator.
            server @verified=yes root | all clients | act | free bob - off lost the key
        "#]],
    );
}

#[test]
fn others_are_told_who_it_is_that_joins() {
    check(
        "start name=alice
        size 80x16
        rooms bob
        server server | #ops | room | open members=2 you=member topic=
        say /query #ops
        server @ref=5-0004 server | #ops | members | maker online bob
        server @ref=5-0004 server | #ops | members | member online alice
        server @ref=5-0004 server | #ops | members_end
        server @id=7;time=2026-11-22T12:00:00Z bob | alice | private_message | psst
        say /query bob
        server @why=is\\snow\\szoe server | all clients | left | bob
        screen
        server @verified=yes server | all clients | joined | zoe
        say /query #ops
        size 110x14
        screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x16
            server server | #ops | room | open members=2 you=member topic=
            say /query #ops
                send @ref=5-0004 alice | #ops | members | no data
            server @ref=5-0004 server | #ops | members | maker online bob
            server @ref=5-0004 server | #ops | members | member online alice
            server @ref=5-0004 server | #ops | members_end
            server @id=7;time=2026-11-22T12:00:00Z bob | alice | private_message | psst
                Bell
                Notify { title: "~bob", body: "psst" }
                Title("tr2 (1)")
            say /query bob
                Title("tr2")
            server @why=is\snow\szoe server | all clients | left | bob
             1 everyone     │ bob  not online
             2 #ops         │
            *3 bob          │
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │ ─────────────────────────────────────── Sunday 22 November ──
             7 Search       │ ── 1 new ────────────────────────────────────────────────────
             8 Rooms        │ 12:00      ~bob  psst
             9 Moderate     │               *  bob is now zoe.
             0 Call         │ > _
             ● alice  bob                                   Ctrl-K go  Ctrl-F find  F1 keys
            server @verified=yes server | all clients | joined | zoe
            say /query #ops
            size 110x14
             1 everyone         │ #ops                                                                   │ 2 people
            *2 #ops             │                                                                        │   ~alice   you
             3 bob              │                                                                        │ ★ zoe
                                │                                                                        │
                                │                                                                        │
                                │                                                                        │
                                │                                                                        │
                                │                                                                        │
                                │                                                                        │
                                │                                                                        │
                                │ You are in #ops. Its members read what you write here.                 │
                                │ Type and press Enter · F1 keys (or /help) · F2 menu                    │
             menu F2            │ > _                                                                    │
             ● alice@localhost 0 ms  #ops                                                 Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn others_in_lines_are_told_once_and_programs_as_the_server_says_it() {
    for start in ["start plain name=alice", "start plain json name=alice"] {
        let played = crate::script::play(&format!(
            "{start}
            online bob
            server @why=is\\snow\\szoe server | all clients | left | bob"
        ));
        let told = played.lines().rfind(|line| line.contains("stdout") || line.contains("left")).unwrap();
        let json = r#"    {"event":"left","in":"everyone","names":["bob"],"reason":"is now zoe","time":"2026-11-22T12:00:00.000Z"}"#;
        let wanted = if start.contains("json") { json } else { "    stdout 12:00 * bob is now zoe." };
        assert_eq!(told, wanted, "{played}");
    }
}
