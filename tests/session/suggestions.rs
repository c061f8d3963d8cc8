//! Names that are not known: whom or which room somebody probably meant.

use expect_test::expect;

use crate::check;

/// Online with mallory and others, in #ops.
const THERE: &str = "start name=alice
    size 80x12
    rooms mallory bob paypal
    server server | #ops | room | open members=2 you=member topic=
    server server | #lunch | room | open members=2 you=outside topic=
";

#[test]
fn the_refusal_of_an_unknown_user_says_who_was_probably_meant() {
    check(
        &format!(
            "{THERE}
            say /msg mal hello
            server @ref=5-0004 server | alice | refused | no_such_user No user \"mal\"; /list shows who is online.
            screen
            say /ignore bbo
            server @ref=5-0005 server | alice | refused | no_such_user No user \"bbo\"; /list shows who is online.
            status
            say /invite malory #ops
            server @ref=5-0006 server | alice | refused | no_such_user No user \"malory\"; /list shows who is online.
            status
            say /ignore xyzzy
            server @ref=5-0007 server | alice | refused | no_such_user No user \"xyzzy\"; /list shows who is online.
            status
            say /kick malory spam
            server @ref=5-0008 server | alice | refused | no_such_user No user \"malory\"; /list shows who is online.
            status
            say /kick mallory spam
            server @ref=5-0009 server | alice | refused | no_such_user mallory is not online.
            status"
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x12
            server server | #ops | room | open members=2 you=member topic=
            server server | #lunch | room | open members=2 you=outside topic=
            say /msg mal hello
                send @ref=5-0004 alice | mal | private_message | hello
            server @ref=5-0004 server | alice | refused | no_such_user No user "mal"; /list shows who is online.
            *1 everyone     │ everyone                                             4 people
             2 #ops         │
                            │
                            │
                            │
                            │
                            │
                            │ You are in everyone: all who are online read what you write
                            │ here.
                            │ Type and press Enter · F1 keys (or /help) · F2 menu
             menu F2        │ > _
             ● alice  To mal: not sent. No user "mal". Did you mean mallory?
            say /ignore bbo
                send @ref=5-0005 alice | server | ignore | bbo
            server @ref=5-0005 server | alice | refused | no_such_user No user "bbo"; /list shows who is online.
              [● alice  No user "bbo". Did you mean bob?|]
            say /invite malory #ops
                send @ref=5-0006 alice | #ops | invite_to_room | malory
            server @ref=5-0006 server | alice | refused | no_such_user No user "malory"; /list shows who is online.
              [● alice  No user "malory". Did you mean mallory?|]
            say /ignore xyzzy
                send @ref=5-0007 alice | server | ignore | xyzzy
            server @ref=5-0007 server | alice | refused | no_such_user No user "xyzzy"; /list shows who is online.
              [● alice  No user "xyzzy"; /list shows who is online.|]
            say /kick malory spam
                send @ref=5-0008 alice | all clients | kick | malory spam
            server @ref=5-0008 server | alice | refused | no_such_user No user "malory"; /list shows who is online.
              [● alice  No user "malory". Did you mean mallory?|]
            say /kick mallory spam
                send @ref=5-0009 alice | all clients | kick | mallory spam
            server @ref=5-0009 server | alice | refused | no_such_user mallory is not online.
              [● alice  mallory is not online.|]
        "#]],
    );
}

#[test]
fn a_name_that_only_looks_like_the_one_typed_is_quoted_in_full() {
    check(
        &format!(
            "{THERE}
            say /ignore paypaI
            server @ref=5-0004 server | alice | refused | no_such_user No user \"paypaI\"; /list shows who is online.
            screen"
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x12
            server server | #ops | room | open members=2 you=member topic=
            server server | #lunch | room | open members=2 you=outside topic=
            say /ignore paypaI
                send @ref=5-0004 alice | server | ignore | paypaI
            server @ref=5-0004 server | alice | refused | no_such_user No user "paypaI"; /list shows who is online.
            *1 everyone     │ everyone                                             4 people
             2 #ops         │
                            │
                            │
                            │
                            │
                            │
                            │ You are in everyone: all who are online read what you write
                            │ here.
                            │ Type and press Enter · F1 keys (or /help) · F2 menu
             menu F2        │ > _
             ● alice  No user "paypaI". Did you mean "paypal"? The two look alike.
        "#]],
    );
}

#[test]
fn rooms_that_do_not_exist_suggest_those_that_do() {
    check(
        &format!(
            "{THERE}
            say /leave #opz
            status
            say /query #lunhc
            status
            say /query #lunch
            status
            say /members #quux
            status
            say /join #opz
            server @ref=5-0004 server | #opz | room | open members=1 you=maker topic=
            screen"
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x12
            server server | #ops | room | open members=2 you=member topic=
            server server | #lunch | room | open members=2 you=outside topic=
            say /leave #opz
              [● alice  No room #opz. Did you mean #ops?|]
            say /query #lunhc
              [● alice  No room #lunhc. Did you mean #lunch?|]
            say /query #lunch
              [● alice  You are not in #lunch: /join #lunch|]
            say /members #quux
              [● alice  You are not in #quux: /join #quux|]
            say /join #opz
                send @ref=5-0004 alice | #opz | join_room | no data
            server @ref=5-0004 server | #opz | room | open members=1 you=maker topic=
                send @ref=5-0005 alice | #opz | members | no data
             1 everyone     │ #opz                                                 1 person
             2 #ops         │
            *3 #opz         │
                            │
                            │
                            │ You are in #opz. Its members read what you write here.
                            │ Type and press Enter · F1 keys (or /help) · F2 menu
                            │─────────────────────────────────────────────────── Esc closes
                            │ Created #opz. /invite NAME to invite somebody. Did you mean
                            │ #ops?
             menu F2        │ > _
             ● alice  #opz                                  Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn a_conversation_with_somebody_unknown_opens_with_a_question() {
    check(
        &format!("{THERE} say /query mal\n screen\n say /query @bob:\n status\n say /query dave\n status"),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x12
            server server | #ops | room | open members=2 you=member topic=
            server server | #lunch | room | open members=2 you=outside topic=
            say /query mal
             1 everyone     │ mal  not online
             2 #ops         │
            *3 mal          │
                            │
                            │
                            │
                            │
                            │
                            │ Only mal and you read what you write here.
                            │ Type and press Enter · F1 keys (or /help) · F2 menu
             menu F2        │ > _
             ● alice  No user "mal". Did you mean mallory?
            say /query @bob:
              [● alice  No user "mal". Did you mean mallory?|]
            say /query dave
              [● alice  No user "mal". Did you mean mallory?|]
        "#]],
    );
}

#[test]
fn ending_to_ignore_suggests_whom_one_ignores() {
    check(
        &format!(
            "{THERE}
            server server | alice | ignored | mallory
            say /unignore malory
            status
            say /unignore mallory"
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x12
            server server | #ops | room | open members=2 you=member topic=
            server server | #lunch | room | open members=2 you=outside topic=
            server server | alice | ignored | mallory
            say /unignore malory
              [● alice  You are not ignoring "malory". Did you mean mallory?|]
            say /unignore mallory
                send @ref=5-0004 alice | server | unignore | mallory
        "#]],
    );
}

#[test]
fn plain_mode_and_an_old_server_suggest_too() {
    check(
        "start plain name=alice
        rooms mallory
        line /query mal
        line hello
        server @ref=5-0004 server | alice | refused | no_such_user No user \"mal\"; /list shows who is online.
        line again
        start name=alice
        size 80x12
        connected 2.23
        server server | client | name | no data
        server server | alice | connection_confirmation | You are now connected
        server server | alice | list_clients | clients connected: alice ,mallory
        say /msg malory hi
        server server | alice | private_message | Destination client (malory) not found!
        status",
        expect![[r#"
            start plain name=alice
                Dial(tcp://localhost:1234)
            line /query mal
                stdout 12:00 * What you write goes to mal now; /everyone goes back to all.
                stdout 12:00 * No user "mal". Did you mean mallory?
            line hello
                send @ref=5-0004 alice | mal | private_message | hello
            server @ref=5-0004 server | alice | refused | no_such_user No user "mal"; /list shows who is online.
                stderr tr2: No user "mal". Did you mean mallory? Not sent: hello
            line again
                stderr tr2: Choose a recipient first, with /query NAME or /everyone. Not sent: again
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x12
            connected 2.23
            server server | client | name | no data
                send @ref=5-0001 alice | server | name | alice
            server server | alice | connection_confirmation | You are now connected
                send @ref=5-0002 alice | server | list_clients | no data
            server server | alice | list_clients | clients connected: alice ,mallory
            say /msg malory hi
                send @ref=5-0003 alice | malory | private_message | hi
            server server | alice | private_message | Destination client (malory) not found!
              [● alice TR2.23  No user "malory". Did you mean mallory?|]
        "#]],
    );
}
