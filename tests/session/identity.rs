//! Identity: joining as a verified user, taking over a session, marks, keys and codes.

use expect_test::expect;

use crate::check;

#[test]
fn a_changed_server_key_ends_the_session_at_once() {
    check(
        "
        start name=alice
        distrusted The key of tls://host is not the one that was expected.
        key Enter
        start name=alice
        met First time at tls://host:1235. Its key is SHA256:abc.
        connected 2.26
        lost It broke.
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            distrusted The key of tls://host is not the one that was expected.
                Disconnect
                Leave(Refused("The key of tls://host is not the one that was expected."))
            key Enter
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            met First time at tls://host:1235. Its key is SHA256:abc.
            connected 2.26
            lost It broke.
        "#]],
    );
}

#[test]
fn verified_users_carry_a_mark() {
    check(
        "
        start name=alice
        size 70x12
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @verified=yes server | alice | connection_confirmation | hello
        server @ref=5-0002;verified=yes server | alice | list_clients | clients connected: alice ,bob
        server @ref=5-0002 server | alice | list_clients | clients connected: eve
        server @ref=5-0002 server | alice | list_end
        server @id=1;time=2026-11-22T12:01:00Z;verified=yes bob | all clients | broadcast | it is me
        server @id=2;time=2026-11-22T12:02:00Z eve | all clients | broadcast | it is me too
        server @verified=yes server | all clients | joined | a-name-that-is-much-too-long
        server @id=3;time=2026-11-22T12:02:00Z;verified=yes a-name-that-is-much-too-long | all clients | broadcast | hi
        say so am I
        screen
        server server | all clients | left | bob
        server server | all clients | joined | bob
        screen
        start plain name=alice
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @verified=yes server | alice | connection_confirmation | hello
        server @id=1;time=2026-11-22T12:01:00Z;verified=yes bob | all clients | broadcast | it is me
        server @id=2;time=2026-11-22T12:02:00Z;verified=yes bob | alice | private_message | psst
        server @id=3;time=2026-11-22T12:02:00Z eve | all clients | broadcast | it is me too
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 70x12
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0001 alice | server | name | alice
            server @verified=yes server | alice | connection_confirmation | hello
                send @ref=5-0002 alice | server | list_clients | no data
                send alice | server | ping | 3
            server @ref=5-0002;verified=yes server | alice | list_clients | clients connected: alice ,bob
            server @ref=5-0002 server | alice | list_clients | clients connected: eve
            server @ref=5-0002 server | alice | list_end
            server @id=1;time=2026-11-22T12:01:00Z;verified=yes bob | all clients | broadcast | it is me
            server @id=2;time=2026-11-22T12:02:00Z eve | all clients | broadcast | it is me too
            server @verified=yes server | all clients | joined | a-name-that-is-much-too-long
            server @id=3;time=2026-11-22T12:02:00Z;verified=yes a-name-that-is-much-too-long | all clients | broadcast | hi
            say so am I
                send @ref=5-0004 alice | all clients | broadcast_not_me | so am I
            *1 everyone     │ everyone                                   4 people
                            │
                            │
                            │
                            │ ───────────────────────────── Sunday 22 November ──
                            │ 12:01     bob  it is me
                            │ 12:02    ~eve  it is me too
                            │                a-name-that-is-much-too-long joined
                            │       a-name-that-is-much-too-long  hi
                            │ 12:00     you  so am I ◌
             menu F2        │ > _
             ● alice                              Ctrl-K go  Ctrl-F find  F1 keys
            server server | all clients | left | bob
            server server | all clients | joined | bob
            *1 everyone     │ everyone                                   4 people
                            │
                            │
                            │ ───────────────────────────── Sunday 22 November ──
                            │ 12:01     bob  it is me
                            │ 12:02    ~eve  it is me too
                            │                a-name-that-is-much-too-long joined
                            │       a-name-that-is-much-too-long  hi
                            │ 12:00     you  so am I ◌
                            │                bob joined
             menu F2        │ > _
             ● alice                              Ctrl-K go  Ctrl-F find  F1 keys
            start plain name=alice
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0001 alice | server | name | alice
            server @verified=yes server | alice | connection_confirmation | hello
                send @ref=5-0002 alice | server | list_clients | no data
                send alice | server | ping | 3
            server @id=1;time=2026-11-22T12:01:00Z;verified=yes bob | all clients | broadcast | it is me
                stdout 12:01 bob: it is me
            server @id=2;time=2026-11-22T12:02:00Z;verified=yes bob | alice | private_message | psst
                stdout 12:02 bob -> you: psst
            server @id=3;time=2026-11-22T12:02:00Z eve | all clients | broadcast | it is me too
                stdout 12:02 ~eve: it is me too
        "#]],
    );
}

#[test]
fn an_older_session_is_taken_over_on_request() {
    check(
        "
        start name=alice
        size 60x12
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @ref=5-0001 server | client | refused | name_in_use You are already online as alice; that session can be taken over.
        screen
        key Enter
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @verified=yes server | alice | connection_confirmation | hello
        lost The line broke.
        tick
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @verified=yes server | alice | connection_confirmation | hello
        server server | alice | refused | taken_over You joined from elsewhere, so this session has ended.
        screen
        +60s
        key Enter
        start plain name=alice
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @ref=5-0001 server | client | refused | name_in_use You are online as alice already.
        start plain name=alice take-over
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @verified=yes server | alice | connection_confirmation | hello
        server server | alice | refused | taken_over You joined from elsewhere, so this session has ended.
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x12
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0001 alice | server | name | alice
            server @ref=5-0001 server | client | refused | name_in_use You are already online as alice; that session can be taken over.
                Disconnect
            *1 everyone     │ everyone
                            │
            ┌ Take over ───────────────────────────────────────────────┐
            │ You are already online as alice; that session can be     │
            │ taken over.                                              │
            │ <Take it over> [Quit]                                    │
            └──────────────────────────────────────────────────────────┘
                            │
                            │
                            │
             menu F2        │ >
             ○ alice  offline · /reconnect tries again          F1 keys
            key Enter
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0002 alice | server | take_over | alice
            server @verified=yes server | alice | connection_confirmation | hello
                send @ref=5-0003 alice | server | list_clients | no data
                send alice | server | ping | 4
            lost The line broke.
            tick at 382ms
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0005 alice | server | take_over | alice
            server @verified=yes server | alice | connection_confirmation | hello
                send @ref=5-0006 alice | server | list_clients | no data
                send alice | server | ping | 7
            server server | alice | refused | taken_over You joined from elsewhere, so this session has ended.
                Disconnect
            *1 everyone     │ everyone
                            │
                            │
            ┌ Taken over ──────────────────────────────────────────────┐
            │ You joined from elsewhere, so this session has ended.    │
            │ [Take it back] <Quit>                                    │
            └──────────────────────────────────────────────────────────┘
                            │─────────────────────────────── Esc closes
                            │ Connection lost. Reconnecting… The line
                            │ broke.
             menu F2        │ >
             ○ alice  offline · /reconnect tries again  Online again.
            +60s
            key Enter
                Leave(Done)
            start plain name=alice
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0001 alice | server | name | alice
            server @ref=5-0001 server | client | refused | name_in_use You are online as alice already.
                Disconnect
                Leave(Refused("You are online as alice already. Join with --take-over to do so."))
            start plain name=alice take-over
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0001 alice | server | take_over | alice
            server @verified=yes server | alice | connection_confirmation | hello
                send @ref=5-0002 alice | server | list_clients | no data
                send alice | server | ping | 3
            server server | alice | refused | taken_over You joined from elsewhere, so this session has ended.
                Disconnect
                Leave(Refused("You joined from elsewhere, so this session has ended."))
        "#]],
    );
}

#[test]
fn an_invitation_code_lets_a_user_join() {
    check(
        "
        start plain name=alice code=lusab-babad
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @ref=5-0001 server | client | code | The code is valid; give your name.
        server @verified=yes server | alice | connection_confirmation | hello
        start plain name=alice code=lusab-babad
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @ref=5-0001 server | client | refused | wrong_code That code cannot be used.
        start plain name=alice code=lusab-babad
        connected 2.26
        server server | client | name | TR2.26 accepted
        start name=alice
        size 60x14
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @ref=5-0001 server | client | refused | name_bound The name alice belongs to somebody.
        screen
        key Tab
        key Tab
        type lusab-babad
        key Enter
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server server | client | code | The code is valid; give your name.
        server @verified=yes server | alice | connection_confirmation | hello
        ",
        expect![[r#"
            start plain name=alice code=lusab-babad
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0001 alice | server | code | lusab-babad
            server @ref=5-0001 server | client | code | The code is valid; give your name.
                send @ref=5-0002 alice | server | name | alice
            server @verified=yes server | alice | connection_confirmation | hello
                send @ref=5-0003 alice | server | list_clients | no data
                send alice | server | ping | 4
            start plain name=alice code=lusab-babad
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0001 alice | server | code | lusab-babad
            server @ref=5-0001 server | client | refused | wrong_code That code cannot be used.
                send @ref=5-0002 alice | server | name | alice
            start plain name=alice code=lusab-babad
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted
                send @ref=5-0001 alice | server | name | alice
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x14
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0001 alice | server | name | alice
            server @ref=5-0001 server | client | refused | name_bound The name alice belongs to somebody.
                Disconnect
            *1 everyone     │ everyone
                            │
            ┌ Name ────────────────────────────────────────────────────┐
            │ The name alice belongs to somebody.                      │
            │ Join under another name, or elsewhere:                   │
            │ Name: alice_                                             │
            │ Server: tcp://localhost:1234                             │
            │ Code:                                                    │
            │ [Join] [Quit]                                            │
            └──────────────────────────────────────────────────────────┘
             8 Rooms        │
             9 Moderate     │
             0 Call         │ >
             ○ alice  offline · /reconnect tries again          F1 keys
            key Tab
            key Tab
            key Enter
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0002 alice | server | code | lusab-babad
            server server | client | code | The code is valid; give your name.
                send @ref=5-0003 alice | server | name | alice
            server @verified=yes server | alice | connection_confirmation | hello
                send @ref=5-0004 alice | server | list_clients | no data
                send alice | server | ping | 5
        "#]],
    );
}

#[test]
fn all_keys_of_a_list_are_on_the_screen_and_a_list_that_is_cut_short_is_forgotten() {
    check(
        "
        start name=alice
        size 60x16
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @verified=yes server | alice | connection_confirmation | hello
        say /keys
        server @ref=5-0004 server | alice | key | proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE since=2026-11-22T10:00:00.000Z
        lost it broke
        +1s
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @verified=yes server | alice | connection_confirmation | hello
        say /keys
        server @ref=5-0008 server | alice | key | proof=uid:1000 since=2026-11-22T11:00:00.000Z here
        server @ref=5-0008 server | alice | key | proof=uid:1001 since=2026-11-22T11:00:00.000Z
        server @ref=5-0008 server | alice | keys_end | no data
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x16
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0001 alice | server | name | alice
            server @verified=yes server | alice | connection_confirmation | hello
                send @ref=5-0002 alice | server | list_clients | no data
                send alice | server | ping | 3
            say /keys
                send @ref=5-0004 alice | server | keys | no data
            server @ref=5-0004 server | alice | key | proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE since=2026-11-22T10:00:00.000Z
            lost it broke
            +1s
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0005 alice | server | take_over | alice
            server @verified=yes server | alice | connection_confirmation | hello
                send @ref=5-0006 alice | server | list_clients | no data
                send alice | server | ping | 7
            say /keys
                send @ref=5-0008 alice | server | keys | no data
            server @ref=5-0008 server | alice | key | proof=uid:1000 since=2026-11-22T11:00:00.000Z here
            server @ref=5-0008 server | alice | key | proof=uid:1001 since=2026-11-22T11:00:00.000Z
            server @ref=5-0008 server | alice | keys_end | no data
            *1 everyone     │ everyone                         0 people
                            │
                            │
                            │
                            │
             1 Echo         │ You are in everyone, alone so far. Others
             2 List clients │ join with: tr2 join --server
             3 Private mes… │ tcp://localhost:1234
             4 Broadcast    │ Type and press Enter · F1 keys (or /help)
             5 Exit         │ · F2 menu
             6 Close server │─────────────────────────────── Esc closes
             7 Search       │ Unix user 1000, since 2026-11-22 11:00,
             8 Rooms        │ this session's
             9 Moderate     │ Unix user 1001, since 2026-11-22 11:00
             0 Call         │ > _
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn whois_and_keys_are_answered() {
    check(
        "
        start plain name=alice
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @verified=yes server | alice | connection_confirmation | hello
        line /whois bob
        server @ref=5-0004 server | alice | whois | proof=uid:1000 bound=2026-11-01T08:00:00.000Z online=2026-11-22T11:00:00.000Z moderator bob
        line /whois
        server @ref=5-0005 server | alice | whois | online=2026-11-22T11:00:00.000Z alice
        line /whois gone
        server @ref=5-0006 server | alice | whois | bound=2026-11-01T08:00:00.000Z gone
        line /whois far
        server @ref=5-0007 server | alice | whois | online=2026-11-22T11:00:00.000Z from=tls://[2001:db8::5]:40001 far
        line /whois nobody
        server @ref=5-0008 server | alice | refused | no_such_user There is no user nobody.
        line /keys
        server @ref=5-0009 server | alice | key | proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE since=2026-11-22T10:00:00.000Z
        server @ref=5-0009 server | alice | key | proof=uid:1000 since=2026-11-22T11:00:00.000Z here
        server @ref=5-0009 server | alice | keys_end | no data
        line /revoke-key
        line /revoke-key SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
        server @ref=5-000a server | alice | revoke_key | SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
        line /invite-key
        server @ref=5-000b server | alice | invited | 600 lusab-babad-gutih-tugad-mupov
        line /invite
        server @ref=5-000c server | alice | refused | not_moderator Only a moderator may invite somebody new.
        server server | alice | whois | proof=uid:0 nobody-asked
        ",
        expect![[r#"
            start plain name=alice
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0001 alice | server | name | alice
            server @verified=yes server | alice | connection_confirmation | hello
                send @ref=5-0002 alice | server | list_clients | no data
                send alice | server | ping | 3
            line /whois bob
                send @ref=5-0004 alice | server | whois | bob
            server @ref=5-0004 server | alice | whois | proof=uid:1000 bound=2026-11-01T08:00:00.000Z online=2026-11-22T11:00:00.000Z moderator bob
                stdout 12:00 * bob is verified (Unix user 1000), and is a moderator; online since 2026-11-22 11:00. The name has had an owner since 2026-11-01 08:00.
            line /whois
                send @ref=5-0005 alice | server | whois | alice
            server @ref=5-0005 server | alice | whois | online=2026-11-22T11:00:00.000Z alice
                stdout 12:00 * alice is unverified; online since 2026-11-22 11:00; anyone could use this name.
            line /whois gone
                send @ref=5-0006 alice | server | whois | gone
            server @ref=5-0006 server | alice | whois | bound=2026-11-01T08:00:00.000Z gone
                stdout 12:00 * gone is not online. The name has had an owner since 2026-11-01 08:00.
            line /whois far
                send @ref=5-0007 alice | server | whois | far
            server @ref=5-0007 server | alice | whois | online=2026-11-22T11:00:00.000Z from=tls://[2001:db8::5]:40001 far
                stdout 12:00 * far is unverified; online since 2026-11-22 11:00, from 2001:db8::5; anyone could use this name.
            line /whois nobody
                send @ref=5-0008 alice | server | whois | nobody
            server @ref=5-0008 server | alice | refused | no_such_user There is no user nobody.
                stderr tr2: There is no user nobody.
            line /keys
                send @ref=5-0009 alice | server | keys | no data
            server @ref=5-0009 server | alice | key | proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE since=2026-11-22T10:00:00.000Z
                stdout 12:00 * key SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE, since 2026-11-22 10:00
            server @ref=5-0009 server | alice | key | proof=uid:1000 since=2026-11-22T11:00:00.000Z here
                stdout 12:00 * Unix user 1000, since 2026-11-22 11:00, this session's
            server @ref=5-0009 server | alice | keys_end | no data
            line /revoke-key
                stderr tr2: Write /revoke-key KEY. Removes a key from your name; /keys lists them.
            line /revoke-key SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
                send @ref=5-000a alice | server | revoke_key | SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            server @ref=5-000a server | alice | revoke_key | SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
                stdout 12:00 * Your name no longer belongs to key SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE.
            line /invite-key
                send @ref=5-000b alice | server | invite_key | no data
            server @ref=5-000b server | alice | invited | 600 lusab-babad-gutih-tugad-mupov
                stdout 12:00 * Adds a key to your name, once, within 10 minutes. On the other device:
                tr2 join --name alice --server tcp://localhost:1234 --code lusab-babad-gutih-tugad-mupov
                A code is of no use over tcp://localhost:1234, which proves nobody: write an address with tls:// or ssh:// in its place.
            line /invite
                send @ref=5-000c alice | server | invite | people=1 for=86400s
            server @ref=5-000c server | alice | refused | not_moderator Only a moderator may invite somebody new.
                stderr tr2: Only a moderator may invite somebody new.
            server server | alice | whois | proof=uid:0 nobody-asked
        "#]],
    );
}

#[test]
fn lists_and_searches_carry_the_verified_mark() {
    check(
        "
        start name=alice
        size 60x12
        connected 2.26
        server server | client | name | TR2.26 accepted presence history read search identity
        server @verified=yes server | alice | connection_confirmation | hello
        server @ref=5-0002;verified=yes server | alice | list_clients | clients connected: alice ,bob
        server @ref=5-0002 server | alice | list_clients | clients connected: eve
        server @ref=5-0002 server | alice | list_end
        type /list
        key Enter
        screen
        key Esc
        say /search me
        server @ref=5-0007;batch=b;id=1;time=2026-11-22T12:01:00Z;verified=yes bob | all clients | broadcast | it is me
        server @ref=5-0007;batch=b;id=2;time=2026-11-22T12:02:00Z eve | all clients | broadcast | it is me too
        server @ref=5-0007 server | alice | search_end
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x12
            connected 2.26
            server server | client | name | TR2.26 accepted presence history read search identity
                send @ref=5-0001 alice | server | name | alice
            server @verified=yes server | alice | connection_confirmation | hello
                send @ref=5-0002 alice | server | list_clients | no data
                send alice | server | ping | 3
                send @ref=5-0004 alice | server | conversations | no data
                send @ref=5-0005 alice | all clients | history | limit=100
            server @ref=5-0002;verified=yes server | alice | list_clients | clients connected: alice ,bob
            server @ref=5-0002 server | alice | list_clients | clients connected: eve
            server @ref=5-0002 server | alice | list_end
            key Enter
                send @ref=5-0006 alice | server | list_clients | no data
            *1 everyone     │ everyone                         3 people
                            │
            ┌ Online ──────────────────────────────────────────────────┐
            │ 2 online · type to filter                                │
            │ >bob                                                     │
            │  ~eve                                                    │
            │ [Write] [Who is] [Ignore] [Away] [Close]                 │
            └──────────────────────────────────────────────────────────┘
                            │ Type and press Enter · F1 keys (or /help)
                            │ · F2 menu
             menu F2        │ >
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
            key Esc
            say /search me
                send @ref=5-0007 alice | server | search | me
            server @ref=5-0007;batch=b;id=1;time=2026-11-22T12:01:00Z;verified=yes bob | all clients | broadcast | it is me
            server @ref=5-0007;batch=b;id=2;time=2026-11-22T12:02:00Z eve | all clients | broadcast | it is me too
            server @ref=5-0007 server | alice | search_end
            *1 everyone     │ everyone                         3 people
            ┌ Search ──────────────────────────────────────────────────┐
            │ Find me                                                  │
            │ from:NAME  in:NAME  before:2026-11-22  after:…  "in a r… │
            │                                                          │
            │ 2 messages, newest first; Enter goes there.              │
            │ >2026-11-22 12:01 bob        it is [me]                  │
            │  2026-11-22 12:02 ~eve       it is [me] too              │
            └──────────────────────────────────────────────────────────┘
                            │ · F2 menu
             menu F2        │ >
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}
