//! A chat with several addresses: where the client goes when its server is gone, and what it lets a server tell it.

use expect_test::expect;

use crate::check;
use crate::script::play;

const KEY: &str = "SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE";

#[test]
fn a_client_whose_server_is_gone_is_at_the_next_one_at_once_with_all_that_was_not_accepted() {
    check(
        "
        start name=alice server=tls://a.example others=tls://b.example:7123
        size 80x24
        back bob
        say on its way
        lost The server went away.
        status
        say while away
        connected 2.26
        server server | client | name | TR2.26 accepted history read search sessions
        server server | alice | connection_confirmation | hello
        status
        +6s
        status
        size 120x24
        status
        ",
        expect![[r#"
            start name=alice server=tls://a.example others=tls://b.example:7123
                Dial(tls://a.example:1235)
                Title("tr2")
            size 80x24
            say on its way
                send @ref=5-0006 alice | all clients | broadcast_not_me | on its way
            lost The server went away.
                Dial(tls://b.example:7123)
              [○ alice  Connection lost. Reconnecting… The server went away.|]
            say while away
            connected 2.26
            server server | client | name | TR2.26 accepted history read search sessions
                send alice | server | session | 07070707070707070707070707070707
                send @ref=5-0008 alice | server | name | alice
            server server | alice | connection_confirmation | hello
                send @ref=5-0009 alice | server | list_clients | no data
                send alice | server | ping | a
                send @ref=5-0006 alice | all clients | broadcast_not_me | on its way
                send @ref=5-0007 alice | all clients | broadcast_not_me | while away
                send @ref=5-000b alice | server | conversations | no data
                send @ref=5-000c alice | all clients | history | limit=100
              [● alice@b.example:7123  Online again, by b.example:7123.|]
            +6s
                send alice | server | ping | d
              [○ alice@b.example:7123  no answer for 5 s|Ctrl-K go  Ctrl-F find  F1 keys]
            size 120x24
              [○ alice@b.example:7123  no answer for 5 s|Ctrl-K go  Ctrl-F find  F1 keys]
        "#]],
    );
}

#[test]
fn the_addresses_are_tried_in_their_order_at_the_start_and_a_silent_one_costs_three_seconds() {
    check(
        "
        start name=alice server=tls://a.example others=tls://b.example,tls://c.example
        size 60x14
        failed no server is listening there
        tick
        failed timed-out nothing came in time
        screen
        key Enter
        connected 2.26
        lost It went away.
        connected 2.26
        server server | client | name | TR2.26
        server server | client | refused | busy Try again in a minute.
        screen
        ",
        expect![[r#"
            start name=alice server=tls://a.example others=tls://b.example,tls://c.example
                Dial(tls://a.example:1235)
                Title("tr2")
            size 60x14
            failed no server is listening there
                Dial(tls://b.example:1235)
            tick at 3s
                Disconnect
                Dial(tls://c.example:1235)
            failed timed-out nothing came in time
                LookAround
            *1 everyone     │ everyone
                            │
            ┌ No server ───────────────────────────────────────────────┐
            │ No answer from tls://a.example:1235,                     │
            │ tls://b.example:1235, tls://c.example:1235: nothing came │
            │ in time.                                                 │
            │ Check the address; a firewall may be in between.         │
            │ Server: tls://a.example:1235                             │
            │ <Try again> [Quit]                                       │
            └──────────────────────────────────────────────────────────┘
             8 Rooms        │
             9 Moderate     │
             0 Call         │ >
             ○ alice@c.example  offline · /reconnect tries again
            key Enter
                Dial(tls://c.example:1235)
            connected 2.26
            lost It went away.
                Dial(tls://a.example:1235)
            connected 2.26
            server server | client | name | TR2.26
                send @ref=5-0001 alice | server | name | alice
            server server | client | refused | busy Try again in a minute.
                Disconnect
            *1 everyone     │ everyone
                            │
            ┌ No server ───────────────────────────────────────────────┐
            │ Could not join tls://a.example:1235,                     │
            │ tls://b.example:1235, tls://c.example:1235.              │
            │ Try again in a minute.                                   │
            │ Server: tls://a.example:1235                             │
            │ <Try again> [Quit]                                       │
            └──────────────────────────────────────────────────────────┘
             7 Search       │
             8 Rooms        │
             9 Moderate     │
             0 Call         │ >
             ○ alice  offline · /reconnect tries again          F1 keys
        "#]],
    );
}

#[test]
fn once_all_were_tried_the_client_waits_and_is_more_patient_with_each() {
    check(
        "
        start name=alice server=tls://a.example others=tls://b.example
        size 80x24
        online bob
        +20s
        lost The server went away.
        tick
        failed no server is listening there
        status
        tick
        tick
        tick
        status
        tick
        tick
        connected 2.26
        server server | client | name | TR2.26
        server server | alice | connection_confirmation | hello
        lost It went away again.
        connected 2.26
        server server | client | name | TR2.26
        server server | alice | connection_confirmation | hello
        lost It went away again.
        status
        ",
        expect![[r#"
            start name=alice server=tls://a.example others=tls://b.example
                Dial(tls://a.example:1235)
                Title("tr2")
            size 80x24
            +20s
                send alice | server | ping | 4
            lost The server went away.
                Dial(tls://b.example:1235)
            tick at 21s
                Disconnect
            failed no server is listening there
              [○ alice  Connection lost. Reconnecting… The server went away.|]
            tick at 21.382s
                Dial(tls://b.example:1235)
            tick at 23.382s
                Disconnect
                Dial(tls://a.example:1235)
            tick at 25s
              [○ alice  reconnecting…|Ctrl-K go  Ctrl-F find  F1 keys]
            tick at 25.382s
                Disconnect
            tick at 26.288s
                Dial(tls://a.example:1235)
            connected 2.26
            server server | client | name | TR2.26
                send @ref=5-0005 alice | server | name | alice
            server server | alice | connection_confirmation | hello
                send @ref=5-0006 alice | server | list_clients | no data
                send alice | server | ping | 7
            lost It went away again.
                Dial(tls://b.example:1235)
            connected 2.26
            server server | client | name | TR2.26
                send @ref=5-0008 alice | server | name | alice
            server server | alice | connection_confirmation | hello
                send @ref=5-0009 alice | server | list_clients | no data
                send alice | server | ping | a
            lost It went away again.
              [○ alice  Connection lost. Reconnecting… It went away again.|]
        "#]],
    );
}

#[test]
fn a_node_that_serves_nobody_sends_its_clients_on_and_only_all_of_them_make_one_wait() {
    check(
        "
        start name=alice server=tls://a.example others=tls://b.example
        size 80x24
        back bob
        say on its way
        server server | alice | refused | elsewhere This server is out of touch with the others.
        status
        connected 2.26
        server server | client | name | TR2.26 accepted history read search sessions
        server server | client | refused | elsewhere This server drains.
        status
        tick
        connected 2.26
        server server | client | name | TR2.26 accepted history read search sessions
        server server | client | refused | elsewhere This server drains.
        connected 2.26
        server server | client | name | TR2.26 accepted history read search sessions
        server server | alice | connection_confirmation | hello
        ",
        expect![[r#"
            start name=alice server=tls://a.example others=tls://b.example
                Dial(tls://a.example:1235)
                Title("tr2")
            size 80x24
            say on its way
                send @ref=5-0006 alice | all clients | broadcast_not_me | on its way
            server server | alice | refused | elsewhere This server is out of touch with the others.
                Disconnect
                Dial(tls://b.example:1235)
              [○ alice@b.example  reconnecting…|Ctrl-K go  Ctrl-F find  F1 keys]
            connected 2.26
            server server | client | name | TR2.26 accepted history read search sessions
                send alice | server | session | 07070707070707070707070707070707
                send @ref=5-0007 alice | server | name | alice
            server server | client | refused | elsewhere This server drains.
                Disconnect
              [○ alice@b.example  reconnecting in 1 s · /reconnect at once  This server drains.|]
            tick at 382ms
                Dial(tls://b.example:1235)
            connected 2.26
            server server | client | name | TR2.26 accepted history read search sessions
                send alice | server | session | 07070707070707070707070707070707
                send @ref=5-0008 alice | server | name | alice
            server server | client | refused | elsewhere This server drains.
                Disconnect
                Dial(tls://a.example:1235)
            connected 2.26
            server server | client | name | TR2.26 accepted history read search sessions
                send alice | server | session | 07070707070707070707070707070707
                send @ref=5-0009 alice | server | name | alice
            server server | alice | connection_confirmation | hello
                send @ref=5-000a alice | server | list_clients | no data
                send alice | server | ping | b
                send @ref=5-0006 alice | all clients | broadcast_not_me | on its way
                send @ref=5-000c alice | server | conversations | no data
                send @ref=5-000d alice | all clients | history | limit=100
        "#]],
    );
}

#[test]
fn a_script_waits_for_nodes_that_serve_nobody_and_keeps_its_code() {
    check(
        "
        start name=alice plain server=tls://a.example others=tls://b.example code=lusab-babad-gutih-tugad-mupov
        connected 2.26
        server server | client | name | TR2.26 accepted identity
        server server | client | refused | elsewhere This server drains.
        connected 2.26
        server server | client | name | TR2.26 accepted identity
        server server | client | refused | elsewhere This server drains.
        tick
        connected 2.26
        server server | client | name | TR2.26 accepted identity
        ",
        expect![[r#"
            start name=alice plain server=tls://a.example others=tls://b.example code=lusab-babad-gutih-tugad-mupov
                Dial(tls://a.example:1235)
            connected 2.26
            server server | client | name | TR2.26 accepted identity
                send @ref=5-0001 alice | server | code | lusab-babad-gutih-tugad-mupov
            server server | client | refused | elsewhere This server drains.
                Disconnect
                Dial(tls://b.example:1235)
            connected 2.26
            server server | client | name | TR2.26 accepted identity
                send @ref=5-0002 alice | server | code | lusab-babad-gutih-tugad-mupov
            server server | client | refused | elsewhere This server drains.
                Disconnect
                stderr tr2: This server drains. Waiting to join…
            tick at 382ms
                Dial(tls://b.example:1235)
            connected 2.26
            server server | client | name | TR2.26 accepted identity
                send @ref=5-0003 alice | server | code | lusab-babad-gutih-tugad-mupov
        "#]],
    );
}

#[test]
fn what_a_server_tells_is_followed_with_the_same_key_alone() {
    check(
        &format!(
            "
            start name=alice server=tls://a.example
            size 80x24
            server-key {KEY}
            connected 2.26
            server server | client | name | TR2.26 accepted nodes react
            server server | alice | connection_confirmation | hello
            server server | alice | nodes | tls://a.example tls://b.example tcp://c.example unix:/x
            server server | alice | pong | 3
            +20s
            lost The server went away.
            distrusted The server at tls://b.example:1235 is another one.
            status
            failed no server is listening there
            tick
            server-key {KEY}
            connected 2.26
            server server | client | name | TR2.26 accepted nodes react
            server server | alice | connection_confirmation | hello
            server server | alice | nodes | tls://b.example tls://d.example
            lost The server went away.
            distrusted The server at tls://d.example:1235 is another one.
            distrusted The server at tls://a.example:1235 is another one.
            "
        ),
        expect![[r#"
            start name=alice server=tls://a.example
                Dial(tls://a.example:1235)
                Title("tr2")
            size 80x24
            server-key SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            connected 2.26
            server server | client | name | TR2.26 accepted nodes react
                send alice | server | capabilities | reply edit react nodes
                send @ref=5-0001 alice | server | name | alice
            server server | alice | connection_confirmation | hello
                send @ref=5-0002 alice | server | list_clients | no data
                send alice | server | ping | 3
            server server | alice | nodes | tls://a.example tls://b.example tcp://c.example unix:/x
            server server | alice | pong | 3
            +20s
                send alice | server | ping | 4
            lost The server went away.
                Dial(tls://b.example:1235 SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE)
            distrusted The server at tls://b.example:1235 is another one.
                Dial(tls://a.example:1235)
              [○ alice  reconnecting…  The server at tls://b.example:1235 is another one.|]
            failed no server is listening there
            tick at 20.382s
                Dial(tls://a.example:1235)
            server-key SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
            connected 2.26
            server server | client | name | TR2.26 accepted nodes react
                send alice | server | capabilities | reply edit react nodes
                send @ref=5-0005 alice | server | name | alice
            server server | alice | connection_confirmation | hello
                send @ref=5-0006 alice | server | list_clients | no data
                send alice | server | ping | 7
            server server | alice | nodes | tls://b.example tls://d.example
            lost The server went away.
                Dial(tls://d.example:1235 SHA256:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE)
            distrusted The server at tls://d.example:1235 is another one.
                Dial(tls://a.example:1235)
            distrusted The server at tls://a.example:1235 is another one.
                Disconnect
                Leave(Refused("The server at tls://a.example:1235 is another one."))
        "#]],
    );
}

#[test]
fn a_first_server_with_another_key_ends_the_client_although_there_are_others() {
    let told = play(
        "
        start name=alice server=tls://a.example others=tls://b.example
        distrusted The key of tls://a.example:1235 is not the expected one.
        ",
    );
    assert!(told.contains("Leave(Refused(\"The key"), "{told}");
    assert!(!told.contains("Dial(tls://b"), "{told}");
}

#[test]
fn a_server_that_answers_no_ping_is_left_early_where_there_is_another() {
    check(
        "
        start name=alice server=tls://a.example others=tls://b.example
        online bob
        tick
        tick
        tick
        tick
        start name=alice server=tls://a.example
        online bob
        +20s
        +11s
        ",
        expect![[r#"
            start name=alice server=tls://a.example others=tls://b.example
                Dial(tls://a.example:1235)
                Title("tr2")
            tick at 5s
                send alice | server | ping | 4
            tick at 10s
                send alice | server | ping | 5
            tick at 15s
                Disconnect
                Dial(tls://b.example:1235)
            tick at 16s
                Disconnect
            start name=alice server=tls://a.example
                Dial(tls://a.example:1235)
                Title("tr2")
            +20s
                send alice | server | ping | 4
            +11s
        "#]],
    );
}

/// Where a client goes whose first server is lost, after it was told of others.
fn followed(start: &str, key: &str, nodes: &str) -> String {
    let told = play(&format!(
        "
        start {start}
        {key}
        connected 2.26
        server server | client | name | TR2.26 accepted nodes react
        server server | alice | connection_confirmation | hello
        server server | alice | nodes | {nodes}
        lost The server went away.
        failed no server is listening there
        failed no server is listening there
        "
    ));
    let mut dialed: Vec<&str> = told.lines().filter_map(|line| line.trim().strip_prefix("Dial(")).skip(1).collect();
    dialed.sort_unstable();
    dialed.join(" ")
}

#[test]
fn a_hostile_server_leads_nobody_off() {
    let (any, key) = ("name=alice server=tls://a.example", format!("server-key {KEY}"));
    let nodes = "tls://b.example tcp://c.example tcp://127.0.0.1:22 unix:/run/x ssh://root@d.example";
    let shown =
        |list: &[&str]| list.iter().map(|host| format!("tls://{host}:1235 {KEY})")).collect::<Vec<_>>().join(" ");
    assert_eq!(followed(any, &key, nodes), shown(&["b.example"]));
    assert_eq!(followed(any, &key.replace("server", "vouched"), nodes), shown(&["b.example"]));
    // Without a key there is nothing to hold another server to.
    assert_eq!(followed(any, "focus on", nodes), "");
    // An account for the chat alone goes where the key that its keeper gave is proved, and nowhere without one.
    assert_eq!(followed(&format!("{any} confined key-given"), &key, nodes), shown(&["b.example"]));
    assert_eq!(followed(&format!("{any} confined"), &key, nodes), "");
    assert_eq!(followed("name=alice server=tcp://a.example confined", "focus on", nodes), "");
    assert_eq!(followed("name=alice server=unix:/run/tr2.sock", "focus on", nodes), "");
    // What is in the clear leads to what is in the clear; the shell refuses what is nearer than the server itself.
    assert_eq!(
        followed("name=alice server=tcp://a.example", "focus on", nodes),
        "tcp://127.0.0.1:22) tcp://c.example:1234)"
    );
    let many: Vec<String> = (0..300).map(|number| format!("tls://n{number}.example")).collect();
    let told = play(&format!(
        "
        start {any}
        {key}
        connected 2.26
        server server | client | name | TR2.26 accepted nodes react
        server server | alice | connection_confirmation | hello
        server server | alice | nodes | {}
        lost The server went away.
        {}",
        many.join(" "),
        "failed no server is listening there\n".repeat(40)
    ));
    assert_eq!(told.matches("Dial(").count(), 1 + 16, "{told}");
}

#[test]
fn whoever_goes_to_another_server_leaves_the_other_addresses_behind() {
    let told = play(
        "
        start name=alice server=tcp://a.example others=tcp://b.example
        failed no server is listening there
        failed no server is listening there
        key Down
        key Ctrl-U
        type tcp://other.example
        key Enter
        connected 2.26
        server server | client | name | TR2.26
        server server | alice | connection_confirmation | hello
        lost The server went away.
        ",
    );
    assert!(told.contains("Dial(tcp://other.example:1234)"), "{told}");
    assert_eq!(told.matches("Dial(").count(), 3, "{told}");
}

#[test]
fn a_program_is_told_where_it_is() {
    check(
        "
        start name=alice plain json server=tls://a.example others=tls://b.example
        connected 2.26
        server server | client | name | TR2.26 accepted sessions
        server server | alice | connection_confirmation | hello
        lost The server went away.
        connected 2.26
        server server | client | name | TR2.26 accepted sessions
        server server | alice | connection_confirmation | hello
        start name=alice plain server=tls://a.example others=tls://b.example
        connected 2.26
        server server | client | name | TR2.26 accepted sessions
        server server | alice | connection_confirmation | hello
        lost The server went away.
        connected 2.26
        server server | client | name | TR2.26 accepted sessions
        server server | alice | connection_confirmation | hello
        ",
        expect![[r#"
            start name=alice plain json server=tls://a.example others=tls://b.example
                Dial(tls://a.example:1235)
            connected 2.26
            server server | client | name | TR2.26 accepted sessions
                send alice | server | session | 07070707070707070707070707070707
                send @ref=5-0001 alice | server | name | alice
            server server | alice | connection_confirmation | hello
                send @ref=5-0002 alice | server | list_clients | no data
                {"again":false,"event":"online","name":"alice","server":"tls://a.example:1235"}
                send alice | server | ping | 3
            lost The server went away.
                {"event":"offline","text":"The server went away."}
                {"event":"error","text":"Connection lost. Reconnecting… The server went away."}
                Dial(tls://b.example:1235)
            connected 2.26
            server server | client | name | TR2.26 accepted sessions
                send alice | server | session | 07070707070707070707070707070707
                send @ref=5-0004 alice | server | name | alice
            server server | alice | connection_confirmation | hello
                send @ref=5-0005 alice | server | list_clients | no data
                {"again":true,"event":"online","name":"alice","server":"tls://b.example:1235"}
                {"event":"notice","text":"Online again, by b.example.","time":"2026-11-22T12:00:00.000Z"}
                send alice | server | ping | 6
            start name=alice plain server=tls://a.example others=tls://b.example
                Dial(tls://a.example:1235)
            connected 2.26
            server server | client | name | TR2.26 accepted sessions
                send alice | server | session | 07070707070707070707070707070707
                send @ref=5-0001 alice | server | name | alice
            server server | alice | connection_confirmation | hello
                send @ref=5-0002 alice | server | list_clients | no data
                send alice | server | ping | 3
            lost The server went away.
                stderr tr2: Connection lost. Reconnecting… The server went away.
                Dial(tls://b.example:1235)
            connected 2.26
            server server | client | name | TR2.26 accepted sessions
                send alice | server | session | 07070707070707070707070707070707
                send @ref=5-0004 alice | server | name | alice
            server server | alice | connection_confirmation | hello
                send @ref=5-0005 alice | server | list_clients | no data
                stdout 12:00 * Online again, by b.example.
                send alice | server | ping | 6
        "#]],
    );
}
