//! Servers in the networks of this machine, for whoever reaches no other.

use expect_test::expect;

use crate::script::play;

#[test]
fn the_dialog_lists_what_is_heard_and_joins_it() {
    let told = play(
        "
        start name=alice
        size 80x24
        failed no server is listening there
        nearby lab tls://192.168.1.5:1235
        nearby lab tls://192.168.1.5:1235
        nearby kitchen tcp://192.168.1.9:1234
        screen
        key Up
        key Enter
        key Enter
        ",
    );
    expect![[r#"
        start name=alice
            Dial(tcp://localhost:1234)
            Title("tr2")
        size 80x24
        failed no server is listening there
            LookAround
        nearby lab tls://192.168.1.5:1235
        nearby lab tls://192.168.1.5:1235
        nearby kitchen tcp://192.168.1.9:1234
        *1 everyone     │ everyone
                        │
                        │
                        │
                        │
                        │
                        │ ┌ No server ───────────────────────────────────────────────┐
                        │ │ No answer from tcp://localhost:1234: no server is        │
                        │ │ listening there.                                         │
                        │ │ Start a server with: tr2 serve                           │
                        │ │ Server: tcp://localhost:1234                             │
                        │ │ 2 servers on this network · type to filter               │
                        │ │  lab  tls://192.168.1.5:1235                             │
         1 Echo         │ │  kitchen  tcp://192.168.1.9:1234                         │
         2 List clients │ │ <Try again> [Quit]                                       │
         3 Private mes… │ └──────────────────────────────────────────────────────────┘
         4 Broadcast    │
         5 Exit         │
         6 Close server │
         7 Search       │
         8 Rooms        │
         9 Moderate     │
         0 Call         │ >
         ○ alice  offline · /reconnect tries again      Ctrl-K go  Ctrl-F find  F1 keys
        key Up
        key Enter
            Dial(tls://192.168.1.5:1235)
        key Enter
    "#]]
    .assert_eq(&told);
}

#[test]
fn plain_mode_listens_before_it_leaves_if_no_server_was_named() {
    let told = play(
        "
        start name=alice plain server-found
        failed no server is listening there
        nearby lab tls://192.168.1.5:1235
        tick
        ",
    );
    assert!(told.contains("Listening for 5 seconds"), "{told}");
    assert!(told.contains("tick at 5s"), "{told}");
    assert!(told.contains("  lab: tr2 join --server tls://192.168.1.5:1235"), "{told}");
    let told = play("start name=alice plain\nfailed no server is listening there");
    assert!(
        !told.contains("LookAround") && told.contains("Leave"),
        "a script that names its server is not held up: {told}"
    );
}
