//! Where a code is typed: in the field for it, and in no name.

use expect_test::expect;

use crate::check;

#[test]
fn whoever_needs_a_code_types_it_into_its_field() {
    check(
        "
        start name=alice
        size 60x14
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @ref=5-0001 server | client | refused | invitation_needed By invitation only.
        type lusab-babad-gutih-tugad-mupov
        screen
        key Enter
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @ref=5-0002 server | client | refused | wrong_code This code is wrong.
        server @ref=5-0003 server | client | refused | invitation_needed By invitation only.
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x14
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0001 alice | server | name | alice
            server @ref=5-0001 server | client | refused | invitation_needed By invitation only.
                Disconnect
            *1 everyone     │ everyone
                            │
            ┌ Name ────────────────────────────────────────────────────┐
            │ By invitation only.                                      │
            │ Join under another name, or elsewhere:                   │
            │ Name: alice                                              │
            │ Server: tcp://localhost:1234                             │
            │ Code: lusab-babad-gutih-tugad-mupov_                     │
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
                send @ref=5-0002 alice | server | code | lusab-babad-gutih-tugad-mupov
            server @ref=5-0002 server | client | refused | wrong_code This code is wrong.
                send @ref=5-0003 alice | server | name | alice
            server @ref=5-0003 server | client | refused | invitation_needed By invitation only.
                Disconnect
            *1 everyone     │ everyone
                            │
            ┌ Name ────────────────────────────────────────────────────┐
            │ This code is wrong.                                      │
            │ Join under another name, or elsewhere:                   │
            │ Name: alice                                              │
            │ Server: tcp://localhost:1234                             │
            │ Code: lusab-babad-gutih-tugad-mupov_                     │
            │ [Join] [Quit]                                            │
            └──────────────────────────────────────────────────────────┘
             8 Rooms        │
             9 Moderate     │
             0 Call         │ >
             ○ alice  offline · /reconnect tries again          F1 keys
        "#]],
    );
}

#[test]
fn the_field_for_the_code_stays_where_the_name_is_invalid() {
    check(
        "
        start name=alice
        size 60x14
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @ref=5-0001 server | client | refused | invitation_needed By invitation only.
        key Up
        key Up
        type !
        key Enter
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x14
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0001 alice | server | name | alice
            server @ref=5-0001 server | client | refused | invitation_needed By invitation only.
                Disconnect
            key Up
            key Up
            key Enter
            *1 everyone     │ everyone
                            │
            ┌ Name ────────────────────────────────────────────────────┐
            │ A name is made of letters, digits, '-', '_' and '.'.     │
            │ Join under another name, or elsewhere:                   │
            │ Name: alice!_                                            │
            │ Server: tcp://localhost:1234                             │
            │ Code:                                                    │
            │ [Join] [Quit]                                            │
            └──────────────────────────────────────────────────────────┘
             8 Rooms        │
             9 Moderate     │
             0 Call         │ >
             ○ alice  offline · /reconnect tries again          F1 keys
        "#]],
    );
}

// A name is shown to all and stands in logs.
#[test]
fn a_code_is_never_sent_as_a_name() {
    check(
        "
        start name=alice
        size 60x16
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @ref=5-0001 server | client | refused | name_taken The name alice is taken.
        key Home
        key Ctrl-K
        type lusab-babad-gutih-tugad-mupov
        key Enter
        screen
        key Enter
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        start name=lusab-babad-gutih-tugad-mupov
        size 60x16
        screen
        start plain name=LUSAB-babad-gutih-tugad-mupov
        start plain name=alice
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @verified=yes server | alice | connection_confirmation | hello
        say /rename lusab.babad.gutih.tugad.mupov
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x16
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0001 alice | server | name | alice
            server @ref=5-0001 server | client | refused | name_taken The name alice is taken.
                Disconnect
            key Home
            key Ctrl-K
            key Enter
            *1 everyone     │ everyone
                            │
            ┌ Name ────────────────────────────────────────────────────┐
            │ That has the form of an invitation code, which is no     │
            │ name: it belongs in Code, or behind --code.              │
            │ Join under another name, or elsewhere:                   │
            │ Name: alice                                              │
            │ Server: tcp://localhost:1234                             │
            │ Code: lusab-babad-gutih-tugad-mupov_                     │
            │ [Join] [Quit]                                            │
            └──────────────────────────────────────────────────────────┘
             7 Search       │
             8 Rooms        │
             9 Moderate     │
             0 Call         │ >
             ○ alice  offline · /reconnect tries again          F1 keys
            key Enter
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0002 alice | server | code | lusab-babad-gutih-tugad-mupov
            start name=lusab-babad-gutih-tugad-mupov
                Title("tr2")
            size 60x16
            *1 everyone     │ everyone
                            │
            ┌ Name ────────────────────────────────────────────────────┐
            │ That has the form of an invitation code, which is no     │
            │ name: it belongs in Code, or behind --code.              │
            │ Join under another name, or elsewhere:                   │
            │ Name: _                                                  │
            │ Server: tcp://localhost:1234                             │
            │ Code: lusab-babad-gutih-tugad-mupov                      │
            │ [Join] [Quit]                                            │
            └──────────────────────────────────────────────────────────┘
             7 Search       │
             8 Rooms        │
             9 Moderate     │
             0 Call         │ >
            ○ lusab-babad-gutih-tugad-mupov  offline · /reconnect tries…
            start plain name=LUSAB-babad-gutih-tugad-mupov
                Leave(Refused("That has the form of an invitation code, which is no name: it belongs in Code, or behind --code."))
            start plain name=alice
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0001 alice | server | name | alice
            server @verified=yes server | alice | connection_confirmation | hello
                send @ref=5-0002 alice | server | list_clients | no data
                send alice | server | ping | 3
            say /rename lusab.babad.gutih.tugad.mupov
                stderr tr2: That has the form of an invitation code, which is no name: it belongs in Code, or behind --code.
        "#]],
    );
}
