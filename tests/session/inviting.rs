//! Codes as a person meets them: made in a dialog, shown in a line to be copied, used to join.

use expect_test::expect;

use crate::check;

#[test]
fn a_moderator_invites_a_class_and_gets_one_line_for_the_blackboard() {
    check(
        "
        start name=alice server=tls://chat.example.org
        server-key SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
        size 60x12
        calls
        say /invite
        screen
        key Backspace
        type 2000
        key Enter
        screen
        key Backspace
        key Backspace
        key Backspace
        key Backspace
        type 30
        key Tab
        key Backspace
        key Backspace
        type 7d
        key Enter
        server @ref=5-0006 server | alice | invited | 604800 lusab-babad-gutih-tugad-mupov id=a3f9 people=30
        screen
        key c
        key Esc
        say /invite 2 1h
        server @ref=5-0007 server | alice | refused | too_many_invitations There are too many invitations.
        say /invite 0
        say /invite 2 91d
        ",
        expect![[r#"
            start name=alice server=tls://chat.example.org
                Dial(tls://chat.example.org:1235)
                Title("tr2")
            server-key SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
            size 60x12
            say /invite
            *1 everyone     │ everyone                         1 person
            ┌ Invite new people ───────────────────────────────────────┐
            │ How many: 1_                                             │
            │ How long: 1d                                             │
            │ One code for all of them. Time as in 45m, 8h or 7d; 90d  │
            │ at most.                                                 │
            │ [Make code] [Cancel]                                     │
            └──────────────────────────────────────────────────────────┘
                            │ Type and press Enter · F1 keys (or /help)
                            │ · F2 menu
             menu F2        │ >
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
            key Backspace
            key Enter
            *1 everyone     │ everyone                         1 person
            ┌ Invite new people ───────────────────────────────────────┐
            │ How many: 2000_                                          │
            │ How long: 1d                                             │
            │ One code for all of them. Time as in 45m, 8h or 7d; 90d  │
            │ at most.                                                 │
            │ A code is for 1 to 1000 people.                          │
            │ [Make code] [Cancel]                                     │
            └──────────────────────────────────────────────────────────┘
                            │ · F2 menu
             menu F2        │ >
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
            key Backspace
            key Backspace
            key Backspace
            key Backspace
            key Tab
            key Backspace
            key Backspace
            key Enter
                send @ref=5-0006 alice | server | invite | people=30 for=604800s
            server @ref=5-0006 server | alice | invited | 604800 lusab-babad-gutih-tugad-mupov id=a3f9 people=30
            Lets 30 new people in, within 7 days:
            tr2 join --server tls://chat.example.org:1235 --fingerprint
            SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI --code lu
            sab-babad-gutih-tugad-mupov
            The code is not shown again. /invitations lists who came;
            /revoke-invitation a3f9 ends it.





            Esc closes · c copies the line · a QR code needs 53x28
            key c
                Copy("tr2 join --server tls://chat.example.org:1235 --fingerprint SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI --code lusab-babad-gutih-tugad-mupov")
            key Esc
            say /invite 2 1h
                send @ref=5-0007 alice | server | invite | people=2 for=3600s
            server @ref=5-0007 server | alice | refused | too_many_invitations There are too many invitations.
            say /invite 0
            say /invite 2 91d
        "#]],
    );
}

#[test]
fn a_refused_dialog_opens_again_with_what_was_typed() {
    check(
        "
        start name=alice server=tls://chat.example.org
        size 60x12
        calls
        say /invite
        key Backspace
        type 31
        key Enter
        server @ref=5-0006 server | alice | refused | store_unavailable The server cannot store anything.
        screen
        ",
        expect![[r#"
            start name=alice server=tls://chat.example.org
                Dial(tls://chat.example.org:1235)
                Title("tr2")
            size 60x12
            say /invite
            key Backspace
            key Enter
                send @ref=5-0006 alice | server | invite | people=31 for=86400s
            server @ref=5-0006 server | alice | refused | store_unavailable The server cannot store anything.
            *1 everyone     │ everyone                         1 person
            ┌ Invite new people ───────────────────────────────────────┐
            │ How many: 31_                                            │
            │ How long: 1d                                             │
            │ One code for all of them. Time as in 45m, 8h or 7d; 90d  │
            │ at most.                                                 │
            │ The server cannot store anything.                        │
            │ [Make code] [Cancel]                                     │
            └──────────────────────────────────────────────────────────┘
                            │ · F2 menu
             menu F2        │ >
             ● alice  The server cannot store anything.
        "#]],
    );
}

#[test]
fn invitations_are_listed_and_ended() {
    check(
        "
        start plain name=alice
        calls
        line /invitations
        server @ref=5-0005 server | alice | invitation | id=a3f9 people=30 used=3 until=2026-11-29T12:00:00.000Z alice
        server @ref=5-0005 server | alice | invitation | id=00b1 people=1 used=0 until=2026-12-29T12:00:00.000Z bob
        server @ref=5-0005 server | alice | invitations_end | more
        line /revoke-invitation
        line /revoke-invitation a3f9
        server @ref=5-0006 server | alice | revoke_invitation | a3f9
        line /revoke-invitation a3f9
        server @ref=5-0007 server | alice | refused | no_such_invitation There is no invitation a3f9; /invitations lists them.
        line /invitations
        server @ref=5-0008 server | alice | invitations_end | no data
        line /invite 3 2h
        server @ref=5-0009 server | alice | invited | 7200 lusab-babad-gutih-tugad-mupov id=a3f9 people=3
        ",
        expect![[r#"
            start plain name=alice
                Dial(tcp://localhost:1234)
            line /invitations
                send @ref=5-0005 alice | server | invitations | no data
            server @ref=5-0005 server | alice | invitation | id=a3f9 people=30 used=3 until=2026-11-29T12:00:00.000Z alice
            server @ref=5-0005 server | alice | invitation | id=00b1 people=1 used=0 until=2026-12-29T12:00:00.000Z bob
            server @ref=5-0005 server | alice | invitations_end | more
                stdout 12:00 * a3f9: 3 of 30 used, until 2026-11-29 12:00, by alice
                00b1: 0 of 1 used, until 2026-12-29 12:00, by bob
                There are more invitations.
            line /revoke-invitation
                stderr tr2: Write /revoke-invitation ID. Ends an invitation; /invitations lists them.
            line /revoke-invitation a3f9
                send @ref=5-0006 alice | server | revoke_invitation | a3f9
            server @ref=5-0006 server | alice | revoke_invitation | a3f9
                stdout 12:00 * Invitation a3f9 has ended; who came with it stays.
            line /revoke-invitation a3f9
                send @ref=5-0007 alice | server | revoke_invitation | a3f9
            server @ref=5-0007 server | alice | refused | no_such_invitation There is no invitation a3f9; /invitations lists them.
                stderr tr2: There is no invitation a3f9; /invitations lists them.
            line /invitations
                send @ref=5-0008 alice | server | invitations | no data
            server @ref=5-0008 server | alice | invitations_end | no data
                stdout 12:00 * No invitations.
            line /invite 3 2h
                send @ref=5-0009 alice | server | invite | people=3 for=7200s
            server @ref=5-0009 server | alice | invited | 7200 lusab-babad-gutih-tugad-mupov id=a3f9 people=3
                stdout 12:00 * Lets 3 new people in, within 2 hours:
                tr2 join --server tcp://localhost:1234 --code lusab-babad-gutih-tugad-mupov
                A code is of no use over tcp://localhost:1234, which proves nobody: write an address with tls:// or ssh:// in its place.
                The code is not shown again. /invitations lists who came; /revoke-invitation a3f9 ends it.
        "#]],
    );
}

#[test]
fn another_device_needs_one_line() {
    check(
        "
        start name=alice server=tls://chat.example.org
        server-key SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
        size 80x24
        calls
        say /invite-key
        server @ref=5-0006 server | alice | invited | 600 lusab-babad-gutih-tugad-mupov
        screen
        key q
        type x
        screen
        size 80x40
        screen
        key Enter
        screen
        start name=alice server=unix:/run/tr2/tr2.sock
        size 40x10
        calls
        say /invite-key
        server @ref=5-0006 server | alice | invited | 600 lusab-babad-gutih-tugad-mupov
        screen
        ",
        expect![[r#"
            start name=alice server=tls://chat.example.org
                Dial(tls://chat.example.org:1235)
                Title("tr2")
            server-key SHA256:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
            size 80x24
            say /invite-key
                send @ref=5-0006 alice | server | invite_key | no data
            server @ref=5-0006 server | alice | invited | 600 lusab-babad-gutih-tugad-mupov
            Adds a key to your name, once, within 10 minutes. On the other device:
            tr2 join --name alice --server tls://chat.example.org:1235 --fingerprint SHA256:
            AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI --code lusab-babad-gutih-tugad-mupov




















            Esc closes · c copies the line · a QR code needs 57x30
            key q
            Adds a key to your name, once, within 10 minutes. On the other device:
            tr2 join --name alice --server tls://chat.example.org:1235 --fingerprint SHA256:
            AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI --code lusab-babad-gutih-tugad-mupov




















            Esc closes · c copies the line · a QR code needs 57x30
            size 80x40
            Adds a key to your name, once, within 10 minutes. On the other device:
            tr2 join --name alice --server tls://chat.example.org:1235 --fingerprint SHA256:
            AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI --code lusab-babad-gutih-tugad-mupov
            ┌ QR ───────────────────────────────────────────────────┐
            │                                                       │
            │                                                       │
            │                                                       │
            │                                                       │
            │                                                       │
            │                                                       │
            │                                                       │
            │                                                       │
            │                                                       │
            │                                                       │
            │                                                       │
            │                                                       │
            │                                                       │
            │                                                       │
            │                                                       │
            │                                                       │
            │                                                       │
            │                                                       │
            │                                                       │
            │                                                       │
            │                                                       │
            │                                                       │
            │                                                       │
            │                                                       │
            │                                                       │
            │                                                       │
            │                                                       │
            └───────────────────────────────────────────────────────┘







            Esc closes · c copies the line
            key Enter
            *1 everyone     │ everyone                                             1 person
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │ You are in everyone, alone so far. Others join with: tr2 join
             8 Rooms        │ --server tls://chat.example.org:1235
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ > _
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            start name=alice server=unix:/run/tr2/tr2.sock
                Dial(unix:/run/tr2/tr2.sock)
                Title("tr2")
            size 40x10
            say /invite-key
                send @ref=5-0006 alice | server | invite_key | no data
            server @ref=5-0006 server | alice | invited | 600 lusab-babad-gutih-tugad-mupov
            Adds a key to your name, once, within 10
            minutes. On the other device:
            tr2 join --name alice --server unix:/run
            /tr2/tr2.sock --code lusab-babad-gutih-t
            ugad-mupov
            unix:/run/tr2/tr2.sock is for this
            machine only; elsewhere, write the
            server's tls://HOST:PORT.

            Esc closes · c copies the line
        "#]],
    );
}

#[test]
fn whoever_has_the_name_already_gets_in_with_a_code_that_is_used_up() {
    check(
        "
        start plain name=alice code=lusab-babad
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @ref=5-0001 server | client | refused | code_used_up This code was for one person, who has used it.
        server @verified=yes server | alice | connection_confirmation | hello
        ",
        expect![[r#"
            start plain name=alice code=lusab-babad
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0001 alice | server | code | lusab-babad
            server @ref=5-0001 server | client | refused | code_used_up This code was for one person, who has used it.
                send @ref=5-0002 alice | server | name | alice
            server @verified=yes server | alice | connection_confirmation | hello
                send @ref=5-0003 alice | server | list_clients | no data
                send alice | server | ping | 4
        "#]],
    );
}

#[test]
fn a_refused_code_stays_in_its_field_and_a_name_that_is_taken_loses_no_code() {
    check(
        "
        start name=alice code=lusab-babad
        size 60x14
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @ref=5-0001 server | client | refused | wrong_code This code is wrong.
        server @ref=5-0002 server | client | refused | invitation_needed By invitation only.
        screen
        start name=alice code=lusab-babad
        size 60x14
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @ref=5-0001 server | client | code | The code is valid; give your name.
        server @ref=5-0002 server | client | refused | name_taken The name alice is taken; choose another name.
        screen
        key Enter
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        ",
        expect![[r#"
            start name=alice code=lusab-babad
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x14
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0001 alice | server | code | lusab-babad
            server @ref=5-0001 server | client | refused | wrong_code This code is wrong.
                send @ref=5-0002 alice | server | name | alice
            server @ref=5-0002 server | client | refused | invitation_needed By invitation only.
                Disconnect
            *1 everyone     │ everyone
                            │
            ┌ Name ────────────────────────────────────────────────────┐
            │ This code is wrong.                                      │
            │ Join under another name, or elsewhere:                   │
            │ Name: alice                                              │
            │ Server: tcp://localhost:1234                             │
            │ Code: lusab-babad_                                       │
            │ [Join] [Quit]                                            │
            └──────────────────────────────────────────────────────────┘
             8 Rooms        │
             9 Moderate     │
             0 Call         │ >
             ○ alice  offline · /reconnect tries again          F1 keys
            start name=alice code=lusab-babad
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x14
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0001 alice | server | code | lusab-babad
            server @ref=5-0001 server | client | code | The code is valid; give your name.
                send @ref=5-0002 alice | server | name | alice
            server @ref=5-0002 server | client | refused | name_taken The name alice is taken; choose another name.
                Disconnect
            *1 everyone     │ everyone
                            │
            ┌ Name ────────────────────────────────────────────────────┐
            │ The name alice is taken; choose another name.            │
            │ Join under another name, or elsewhere:                   │
            │ Name: alice_                                             │
            │ Server: tcp://localhost:1234                             │
            │ Code: lusab-babad                                        │
            │ [Join] [Quit]                                            │
            └──────────────────────────────────────────────────────────┘
             8 Rooms        │
             9 Moderate     │
             0 Call         │ >
             ○ alice  offline · /reconnect tries again          F1 keys
            key Enter
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0003 alice | server | code | lusab-babad
        "#]],
    );
}

#[test]
fn a_code_outlives_a_lost_line_a_session_elsewhere_and_a_login_that_is_no_name() {
    check(
        "
        start name=alice code=lusab-babad
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @ref=5-0001 server | client | code | The code is valid; give your name.
        lost It broke.
        key Enter
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @ref=5-0003 server | client | code | The code is valid; give your name.
        server @ref=5-0004 server | client | refused | name_in_use You are already online as alice.
        key Enter
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @ref=5-0005 server | client | code | The code is valid; give your name.
        start login=a.b.c-x! code=lusab-babad
        size 60x14
        screen
        key Home
        key Ctrl-K
        type ann
        key Enter
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        ",
        expect![[r#"
            start name=alice code=lusab-babad
                Dial(tcp://localhost:1234)
                Title("tr2")
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0001 alice | server | code | lusab-babad
            server @ref=5-0001 server | client | code | The code is valid; give your name.
                send @ref=5-0002 alice | server | name | alice
            lost It broke.
            key Enter
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0003 alice | server | code | lusab-babad
            server @ref=5-0003 server | client | code | The code is valid; give your name.
                send @ref=5-0004 alice | server | name | alice
            server @ref=5-0004 server | client | refused | name_in_use You are already online as alice.
                Disconnect
            key Enter
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0005 alice | server | code | lusab-babad
            server @ref=5-0005 server | client | code | The code is valid; give your name.
                send @ref=5-0006 alice | server | take_over | alice
            start login=a.b.c-x! code=lusab-babad
                Title("tr2")
            size 60x14
            *1 everyone     │ everyone
            ┌ Name ────────────────────────────────────────────────────┐
            │ 'a.b.c-x!' cannot be your name here. A name is made of   │
            │ letters, digits, '-', '_' and '.'.                       │
            │ Join under another name, or elsewhere:                   │
            │ Name: a.b.c-x!_                                          │
            │ Server: tcp://localhost:1234                             │
            │ Code: lusab-babad                                        │
            │ [Join] [Quit]                                            │
            └──────────────────────────────────────────────────────────┘
             8 Rooms        │
             9 Moderate     │
             0 Call         │ >
             ○ a.b.c-x!  offline · /reconnect tries again       F1 keys
            key Home
            key Ctrl-K
            key Enter
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0001 a.b.c-x! | server | code | lusab-babad
        "#]],
    );
}

#[test]
fn a_code_that_one_server_has_seen_does_not_go_to_another() {
    check(
        "
        start name=alice code=lusab-babad
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @ref=5-0001 server | client | code | The code is valid; give your name.
        lost It broke.
        key Shift-Tab
        key Home
        key Ctrl-K
        type tcp://elsewhere
        key Enter
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        start name=alice code=lusab-babad
        failed not-listening nobody answers
        key Shift-Tab
        key Home
        key Ctrl-K
        type tcp://elsewhere
        key Enter
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        ",
        expect![[r#"
            start name=alice code=lusab-babad
                Dial(tcp://localhost:1234)
                Title("tr2")
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0001 alice | server | code | lusab-babad
            server @ref=5-0001 server | client | code | The code is valid; give your name.
                send @ref=5-0002 alice | server | name | alice
            lost It broke.
            key Shift-Tab
            key Home
            key Ctrl-K
            key Enter
                Dial(tcp://elsewhere:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0003 alice | server | name | alice
            start name=alice code=lusab-babad
                Dial(tcp://localhost:1234)
                Title("tr2")
            failed not-listening nobody answers
                LookAround
            key Shift-Tab
            key Home
            key Ctrl-K
            key Enter
                Dial(tcp://elsewhere:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0001 alice | server | code | lusab-babad
        "#]],
    );
}
