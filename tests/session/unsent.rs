//! Ends without notice: what was not sent is kept, and given back at the next start.

use expect_test::expect;

use crate::check;

#[test]
fn what_waits_is_kept_when_the_terminal_goes() {
    check(
        "
        start name=alice
        size 80x24
        back bob
        say accepted
        server @ref=5-0006;id=9 server | alice | accepted
        say on its way
        lost The network is gone.
        say queued
        say /msg bob private
        type a draft for bob
        key Alt-1
        type a draft for all
        hangup
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            say accepted
                send @ref=5-0006 alice | all clients | broadcast_not_me | accepted
            server @ref=5-0006;id=9 server | alice | accepted
            say on its way
                send @ref=5-0007 alice | all clients | broadcast_not_me | on its way
            lost The network is gone.
            say queued
                Dial(tcp://localhost:1234)
            say /msg bob private
            key Alt-1
            hangup
                Keep([Unsent { to: Everyone, text: "on its way", unsure: true, draft: false }, Unsent { to: Everyone, text: "queued", unsure: false, draft: false }, Unsent { to: User("bob"), text: "private", unsure: false, draft: false }, Unsent { to: Everyone, text: "a draft for all", unsure: false, draft: true }, Unsent { to: User("bob"), text: "a draft for bob", unsure: false, draft: true }])
                Disconnect
                Leave(Failed("3 messages were not sent."))
        "#]],
    );
    check(
        "
        start name=alice
        size 80x24
        online bob
        say refused
        server @ref=5-0004 server | alice | refused | muted You are muted.
        hangup
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            say refused
                send @ref=5-0004 alice | all clients | broadcast_not_me | refused
            server @ref=5-0004 server | alice | refused | muted You are muted.
            hangup
                Keep([Unsent { to: Everyone, text: "refused", unsure: false, draft: false }])
                send alice | server | exit | no data
                Disconnect
                Leave(Failed("1 message was not sent."))
        "#]],
    );
    check(
        "
        start name=alice
        size 80x24
        online bob
        type only a draft
        hangup
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            hangup
                Keep([Unsent { to: Everyone, text: "only a draft", unsure: false, draft: true }])
                send alice | server | exit | no data
                Disconnect
                Leave(Done)
        "#]],
    );
    check(
        "
        start name=alice
        size 80x24
        online bob
        hangup
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            hangup
                send alice | server | exit | no data
                Disconnect
                Leave(Done)
        "#]],
    );
}

#[test]
fn what_plain_mode_has_read_is_kept() {
    check(
        "
        start plain name=cron text to=#ops
        line /var is full
        line and so is /tmp
        hangup
        ",
        expect![[r##"
            start plain name=cron text to=#ops
                Dial(tcp://localhost:1234)
            line /var is full
            line and so is /tmp
            hangup
                Keep([Unsent { to: Room("#ops"), text: "/var is full", unsure: false, draft: false }, Unsent { to: Room("#ops"), text: "and so is /tmp", unsure: false, draft: false }])
                Disconnect
                Leave(Failed("2 messages were not sent."))
        "##]],
    );
    check(
        "
        start plain name=alice
        line hello
        line /list
        line //slash
        hangup
        ",
        expect![[r#"
            start plain name=alice
                Dial(tcp://localhost:1234)
            line hello
            line /list
            line //slash
            hangup
                Keep([Unsent { to: Everyone, text: "hello", unsure: false, draft: false }, Unsent { to: Everyone, text: "/slash", unsure: false, draft: false }])
                Disconnect
                Leave(Failed("2 messages were not sent."))
        "#]],
    );
    check(
        r#"
        start plain json name=bot
        line {"op":"say","text":"x"}
        online
        hangup
        "#,
        expect![[r#"
            start plain json name=bot
                Dial(tcp://localhost:1234)
            line {"op":"say","text":"x"}
            hangup
                send bot | server | exit | no data
                Disconnect
                Leave(Failed("1 message was not sent."))
        "#]],
    );
}

#[test]
fn what_was_not_sent_comes_back_as_drafts() {
    check(
        "
        start name=alice unsent=?everyone:one unsent=everyone:two unsent=bob:three unsent=+bob:four
        size 60x14
        screen
        online bob
        key Alt-2
        screen
        ",
        expect![[r#"
            start name=alice unsent=?everyone:one unsent=everyone:two unsent=bob:three unsent=+bob:four
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x14
            *1 everyone     │ everyone
             2 bob          │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │─────────────────────────────── Esc closes
             6 Close server │ 3 messages were not sent last time; some
             7 Search       │ may have arrived. See the draft in
             8 Rooms        │ everyone, bob.
             9 Moderate     │ > one                             2 lines
             0 Call         │   two_
             ○ alice  connecting…       Ctrl-K go  Ctrl-F find  F1 keys
            key Alt-2
             1 everyone     │ bob
            *2 bob          │
                            │
             1 Echo         │ Only bob and you read what you write
             2 List clients │ here.
             3 Private mes… │ Type and press Enter · F1 keys (or /help)
             4 Broadcast    │ · F2 menu
             5 Exit         │─────────────────────────────── Esc closes
             6 Close server │ 3 messages were not sent last time; some
             7 Search       │ may have arrived. See the draft in
             8 Rooms        │ everyone, bob.
             9 Moderate     │ > three                           2 lines
             0 Call         │   four_
             ● alice  bob               Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
    check(
        "start name=alice unsent=+everyone:a draft\nsize 60x8\nscreen",
        expect![[r#"
            start name=alice unsent=+everyone:a draft
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x8






             > a draft_
             ○ alice  connecting…       Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
    check(
        "
        start plain name=alice unsent=?everyone:one unsent=#ops:two unsent=+bob:a draft
        ",
        expect![[r#"
            start plain name=alice unsent=?everyone:one unsent=#ops:two unsent=+bob:a draft
                stderr tr2: 2 messages were not sent last time; some may have arrived.
                stderr tr2: Not sent to everyone: one
                stderr tr2: Not sent to #ops: two
                stderr tr2: A draft for bob: a draft
                Dial(tcp://localhost:1234)
        "#]],
    );
}
