//! Accounts that are for the chat alone: what leads out of it is refused, and no dialog offers it.

use expect_test::expect;

use crate::check;
use crate::script::play;

#[test]
fn no_dialog_offers_another_server() {
    check(
        "
        start name=alice confined server-found
        size 60x14
        failed no server is listening there
        nearby lab tls://192.168.1.5:1235
        screen
        key Enter
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @ref=5-0001 server | client | refused | name_bound The name alice has an owner.
        screen
        key Down
        type lusab-babad-gutih-tugad-mupov
        key Enter
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @ref=5-0002 server | client | code | The code is valid; give your name.
        server @ref=5-0003 server | client | refused | banned You are banned by root for ever: spam.
        screen
        key Enter
        start name=alice confined plain server-found
        failed no server is listening there
        ",
        expect![[r#"
            start name=alice confined server-found
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x14
            failed no server is listening there
            nearby lab tls://192.168.1.5:1235
            *1 everyone     │ everyone
                            │
                            │
            ┌ No server ───────────────────────────────────────────────┐
            │ No answer from tcp://localhost:1234: no server is        │
            │ listening there.                                         │
            │ <Try again> [Quit]                                       │
            └──────────────────────────────────────────────────────────┘
             6 Close server │
             7 Search       │
             8 Rooms        │
             9 Moderate     │
             0 Call         │ >
             ○ alice  offline · /reconnect tries again          F1 keys
            key Enter
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0001 alice | server | name | alice
            server @ref=5-0001 server | client | refused | name_bound The name alice has an owner.
                Disconnect
            *1 everyone     │ everyone
                            │
            ┌ Name ────────────────────────────────────────────────────┐
            │ The name alice has an owner.                             │
            │ Join under another name:                                 │
            │ Name: alice_                                             │
            │ Code:                                                    │
            │ [Join] [Quit]                                            │
            └──────────────────────────────────────────────────────────┘
             7 Search       │
             8 Rooms        │
             9 Moderate     │
             0 Call         │ >
             ○ alice  offline · /reconnect tries again          F1 keys
            key Down
            key Enter
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence identity
                send @ref=5-0002 alice | server | code | lusab-babad-gutih-tugad-mupov
            server @ref=5-0002 server | client | code | The code is valid; give your name.
                send @ref=5-0003 alice | server | name | alice
            server @ref=5-0003 server | client | refused | banned You are banned by root for ever: spam.
                Disconnect
            *1 everyone     │ everyone
                            │
                            │
             1 Echo         │
            ┌ Banned ──────────────────────────────────────────────────┐
            │ You are banned by root for ever: spam.                   │
            │ <Try again> [Quit]                                       │
            └──────────────────────────────────────────────────────────┘
             6 Close server │
             7 Search       │
             8 Rooms        │
             9 Moderate     │
             0 Call         │ >
             ○ alice  offline · /reconnect tries again          F1 keys
            key Enter
                Dial(tcp://localhost:1234)
            start name=alice confined plain server-found
                Dial(tcp://localhost:1234)
            failed no server is listening there
                Leave(Failed("No answer from tcp://localhost:1234: no server is listening there."))
        "#]],
    );
}

#[test]
fn no_setting_leads_out() {
    check(
        "
        start name=alice confined plain
        online bob
        say /set camera /dev/video0
        say /set sound pulse
        say /set downloads /tmp
        say /set server tls://chat.example.org
        say /set camera -
        say /set bell false
        ",
        expect![[r#"
            start name=alice confined plain
                Dial(tcp://localhost:1234)
            say /set camera /dev/video0
                stderr tr2: On this account the chat starts no other programs and opens no files.
            say /set sound pulse
                stderr tr2: On this account the chat starts no other programs and opens no files.
            say /set downloads /tmp
                stderr tr2: On this account the chat starts no other programs and opens no files.
            say /set server tls://chat.example.org
                stderr tr2: On this account the chat goes to one server only.
            say /set camera -
                stderr tr2: On this account the chat starts no other programs and opens no files.
            say /set bell false
                stderr tr2: There is no home folder for a configuration file; the setting holds until you leave.
        "#]],
    );
}

#[test]
fn the_name_that_the_server_let_in_is_told_each_time() {
    let told = play(
        "
        start name=alice confined
        size 60x14
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @ref=5-0001 server | client | refused | name_taken The name alice is taken.
        type x
        key Enter
        key Enter
        connected 2.26
        server server | client | name | TR2.26 accepted presence identity
        server @verified=yes server | alicex | connection_confirmation | hello
        ",
    );
    assert_eq!(told.matches("LetIn(").count(), 1, "{told}");
    assert!(told.contains("LetIn(\"alicex\")"), "{told}");
}
