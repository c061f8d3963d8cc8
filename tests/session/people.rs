//! People: away users and ignored users.

use expect_test::expect;

use crate::check;
use crate::script::{Play, server};

#[test]
fn an_away_user_is_marked_and_their_text_is_shown_once() {
    check(
        "
        start name=alice
        size 80x16
        connected 2.26
        server server | client | name | TR2.26 accepted presence rooms moderation away reply edit react
        server server | alice | connection_confirmation | hi
        server @ref=5-0002;batch=b server | alice | list_clients | clients connected: alice ,bob ,carol
        server @ref=5-0002;batch=b bob | all clients | away | lunch until one
        server @ref=5-0002;batch=b server | alice | list_end
        say /msg bob are you there?
        say hello?
        screen
        server bob | all clients | away
        server carol | all clients | away | away
        say /msg bob now?
        say /msg carol you?
        screen
        key F2
        key 2
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x16
            connected 2.26
            server server | client | name | TR2.26 accepted presence rooms moderation away reply edit react
                send alice | server | capabilities | reply edit react
                send @ref=5-0001 alice | server | name | alice
            server server | alice | connection_confirmation | hi
                send @ref=5-0002 alice | server | list_clients | no data
                send alice | server | ping | 3
            server @ref=5-0002;batch=b server | alice | list_clients | clients connected: alice ,bob ,carol
            server @ref=5-0002;batch=b bob | all clients | away | lunch until one
            server @ref=5-0002;batch=b server | alice | list_end
            say /msg bob are you there?
                send @ref=5-0004 alice | bob | private_message | are you there?
            say hello?
                send @ref=5-0005 alice | bob | private_message | hello?
             1 everyone     │ bob  away: lunch until one
            *2 bob          │
                            │
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │ ─────────────────────────────────────── Sunday 22 November ──
             8 Rooms        │ 12:00       you  are you there? ◌
             9 Moderate     │                  hello? ◌
             0 Call         │ > _
             ● alice  bob is away: lunch until one
            server bob | all clients | away
            server carol | all clients | away | away
            say /msg bob now?
                send @ref=5-0006 alice | bob | private_message | now?
            say /msg carol you?
                send @ref=5-0007 alice | carol | private_message | you?
             1 everyone     │ carol  away
             2 bob          │
            *3 carol        │
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │
             8 Rooms        │ ─────────────────────────────────────── Sunday 22 November ──
             9 Moderate     │ 12:00       you  you? ◌
             0 Call         │ > _
             ● alice  carol is away
            key F2
            key 2
                send @ref=5-0008 alice | server | list_clients | no data
             1 everyone     │ carol  away
             2 bob          │
            *3 carol        │
                            │
                            │ ┌ Online · /rooms lists rooms ─────────────────────────────┐
             1 Echo         │ │ 2 online · type to filter                                │
             2 List clients │ │ >~bob                                                    │
             3 Private mes… │ │  ~carol                                             away │
             4 Broadcast    │ │ [Write] [Who is] [Ignore] [Away] [Close]                 │
             5 Exit         │ └──────────────────────────────────────────────────────────┘
             6 Close server │
             7 Search       │
             8 Rooms        │ ─────────────────────────────────────── Sunday 22 November ──
             9 Moderate     │ 12:00       you  you? ◌
             0 Call         │ >
             ● alice  carol is away
        "#]],
    );
}

#[test]
fn away_back_and_do_not_disturb_work() {
    check(
        "
        start name=alice
        size 80x16
        rooms bob
        say /dnd writing
        server @ref=5-0004 alice | all clients | away | writing
        server @id=1;time=2026-11-22T12:01:00Z bob | alice | private_message | no bell
        status
        say /back
        server @ref=5-0005 alice | all clients | away
        server @id=2;time=2026-11-22T12:02:00Z bob | alice | private_message | bell
        key F2
        key 2
        key Tab
        key Right
        key Right
        key Right
        key Enter
        screen
        key Enter
        server @ref=5-0007 alice | all clients | away | away
        lost It broke.
        tick
        connected 2.26
        server server | client | name | TR2.26 accepted presence ping moderator rooms moderation away reply edit react
        server server | alice | connection_confirmation | hi
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x16
            say /dnd writing
                send @ref=5-0004 alice | server | away | writing
            server @ref=5-0004 alice | all clients | away | writing
            server @id=1;time=2026-11-22T12:01:00Z bob | alice | private_message | no bell
                Title("tr2 (1)")
              [● alice away   2 bob @1|Ctrl-K go  Ctrl-F find  F1 keys]
            say /back
                send @ref=5-0005 alice | server | away
            server @ref=5-0005 alice | all clients | away
            server @id=2;time=2026-11-22T12:02:00Z bob | alice | private_message | bell
                Bell
                Notify { title: "~bob", body: "bell" }
                Title("tr2 (2)")
            key F2
            key 2
                send @ref=5-0006 alice | server | list_clients | no data
            key Tab
            key Right
            key Right
            key Right
            key Enter
            *1 everyone     │ everyone                                             2 people
             2 bob       @2 │
                            │
                            │ ┌ Away ────────────────────────────────────────────────────┐
                            │ │ Text: away_                                              │
             1 Echo         │ │  (•)away                                                 │
             2 List clients │ │  ( )away, and no bell                                    │
             3 Private mes… │ │  ( )back                                                 │
             4 Broadcast    │ │ [Set] [Cancel]                                           │
             5 Exit         │ └──────────────────────────────────────────────────────────┘
             6 Close server │ Type and press Enter · F1 keys (or /help) · F2 menu
             7 Search       │─────────────────────────────────────────────────── Esc closes
             8 Rooms        │ You are shown as away: writing. The bell is silenced. /back
             9 Moderate     │ ends it.
             0 Call         │ >
             ● alice  You are shown as back.
            key Enter
                send @ref=5-0007 alice | server | away | away
            server @ref=5-0007 alice | all clients | away | away
            lost It broke.
            tick at 382ms
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping moderator rooms moderation away reply edit react
                send alice | server | capabilities | reply edit react
                send @ref=5-0008 alice | server | name | alice
            server server | alice | connection_confirmation | hi
                send @ref=5-0009 alice | server | list_clients | no data
                send @ref=5-000a alice | server | away | away
                send alice | server | ping | b
                send @ref=5-000c alice | bob | changes | since=2 limit=1000
            *1 everyone     │ everyone                                             0 people
             2 bob       @2 │
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
             8 Rooms        │ You are shown as away: writing. The bell is silenced. /back
             9 Moderate     │ ends it.
             0 Call         │ > _
             ● alice away  Online again.
        "#]],
    );
}

#[test]
fn an_ignored_user_is_seen_nowhere() {
    check(
        "
        start name=alice
        size 80x16
        back bob carol
        server @id=1;time=2026-11-22T12:01:00Z bob | all clients | broadcast_not_me | seen at first
        say /ignore bob
        server @id=2;time=2026-11-22T12:02:00Z bob | all clients | broadcast_not_me | alice! not seen
        server @id=3;time=2026-11-22T12:02:00Z bob | alice | private_message | nor this
        server server | all clients | left | bob
        server server | all clients | joined | bob
        server @id=4;time=2026-11-22T12:03:00Z carol | all clients | broadcast_not_me | seen
        screen
        say /search seen
        server @ref=5-0006;batch=b;id=1;time=2026-11-22T12:01:00Z bob | all clients | broadcast | seen at first
        server @ref=5-0006;batch=b;id=4;time=2026-11-22T12:03:00Z carol | all clients | broadcast | seen
        server @ref=5-0006 server | alice | search_end
        key Esc
        say /unignore bob
        say /ignored
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x16
            server @id=1;time=2026-11-22T12:01:00Z bob | all clients | broadcast_not_me | seen at first
            say /ignore bob
            server @id=2;time=2026-11-22T12:02:00Z bob | all clients | broadcast_not_me | alice! not seen
            server @id=3;time=2026-11-22T12:02:00Z bob | alice | private_message | nor this
            server server | all clients | left | bob
            server server | all clients | joined | bob
            server @id=4;time=2026-11-22T12:03:00Z carol | all clients | broadcast_not_me | seen
            *1 everyone     │ everyone                                             3 people
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
             7 Search       │
             8 Rooms        │ ─────────────────────────────────────── Sunday 22 November ──
             9 Moderate     │ 12:03    ~carol  seen
             0 Call         │ > _
             ● alice  Ignoring bob. Undo: /unignore bob
            say /search seen
                send @ref=5-0006 alice | server | search | seen
            server @ref=5-0006;batch=b;id=1;time=2026-11-22T12:01:00Z bob | all clients | broadcast | seen at first
            server @ref=5-0006;batch=b;id=4;time=2026-11-22T12:03:00Z carol | all clients | broadcast | seen
            server @ref=5-0006 server | alice | search_end
            key Esc
            say /unignore bob
            say /ignored
            *1 everyone     │ everyone                                             3 people
                            │
                            │
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │ ─────────────────────────────────────── Sunday 22 November ──
             7 Search       │ 12:01      ~bob  seen at first
             8 Rooms        │▌12:02            alice! not seen
             9 Moderate     │ 12:03    ~carol  seen
             0 Call         │ > _
             ● alice  You are ignoring nobody.
        "#]],
    );
}

#[test]
fn the_server_remembers_ignored_users_where_it_can() {
    check(
        "
        start name=alice
        size 80x16
        rooms bob
        server server | alice | ignored | bob
        server @id=1;time=2026-11-22T12:01:00Z bob | alice | private_message | not seen
        screen
        key F2
        key 2
        key Tab
        key Right
        key Right
        key Enter
        server @ref=5-0005 server | alice | ignored
        say /ignore alice
        key Ctrl-U
        say /ignore
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x16
            server server | alice | ignored | bob
            server @id=1;time=2026-11-22T12:01:00Z bob | alice | private_message | not seen
            *1 everyone     │ everyone                                             2 people
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
             7 Search       │ You are in everyone: all who are online read what you write
             8 Rooms        │ here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ > _
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key F2
            key 2
                send @ref=5-0004 alice | server | list_clients | no data
            key Tab
            key Right
            key Right
            key Enter
                send @ref=5-0005 alice | server | unignore | bob
            server @ref=5-0005 server | alice | ignored
            say /ignore alice
            key Ctrl-U
            say /ignore
            *1 everyone     │ everyone                                             2 people
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
             7 Search       │ You are in everyone: all who are online read what you write
             8 Rooms        │ here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ > _
             ● alice  Write /ignore NAME. Hides a user's messages from you.
        "#]],
    );
}

#[test]
fn names_that_are_too_long_stay_distinct_in_every_list() {
    check(
        "
        start name=alice
        size 100x12
        rooms longname-for-bcdA longname-for-bcdB somebody-else-there
        server server | #a-room-of-ours-A | room | open members=2 you=member topic=
        server server | #a-room-of-ours-B | room | open members=2 you=member topic=with a topic
        server @id=1;time=2026-11-22T12:00:00Z longname-for-bcdA | alice | private_message | one
        server @id=2;time=2026-11-22T12:00:00Z longname-for-bcdB | alice | private_message | two
        screen
        size 40x10
        key Ctrl-O
        screen
        key Esc
        say /list
        screen
        key Esc
        say /query longname-for-bcdA
        size 20x5
        screen
        key Ctrl-N
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 100x12
            server server | #a-room-of-ours-A | room | open members=2 you=member topic=
            server server | #a-room-of-ours-B | room | open members=2 you=member topic=with a topic
            server @id=1;time=2026-11-22T12:00:00Z longname-for-bcdA | alice | private_message | one
                Bell
                Notify { title: "~longname-for-bcdA", body: "one" }
                Title("tr2 (1)")
            server @id=2;time=2026-11-22T12:00:00Z longname-for-bcdB | alice | private_message | two
                Notify { title: "~longname-for-bcdB", body: "two" }
                Title("tr2 (2)")
            *1 everyone         │ everyone                                                     │ 4 online
             2 #a-room-…-ours-A │                                                              │ ~alice     you
             3 #a-room-…-ours-B │                                                              │ ~longna…r-bcdA
             4 longna…r-bcdA @1 │                                                              │ ~longna…r-bcdB
             5 longna…r-bcdB @1 │                                                              │ ~somebody-els…
                                │                                                              │
                                │                                                              │
                                │ You are in everyone: all who are online read what you write  │
                                │ here.                                                        │
                                │ Type and press Enter · F1 keys (or /help) · F2 menu          │
             menu F2            │ > _                                                          │
             ● alice@localhost 0 ms   4 longname-for-bcdA @1   5 longname-for-bcdB @1        Ctrl-K go  F1 keys
            size 40x10
            key Ctrl-O
                send @ref=5-0004 alice | server | rooms | no data
            ┌ Rooms · Esc closes ──────────────────┐
            │ 2 rooms · type to filter             │
            │ >#a-room-…-ours-A    2            in │
            │  #a-room-…-ours-B    2  with a …  in │
            │ [Join] [Make] [Leave]                │
            │ [Topic] [Invite]                     │
            └──────────────────────────────────────┘
             /help) · F2 menu
             >
             ● alice +2          Ctrl-K go  F1 keys
            key Esc
            say /list
                send @ref=5-0005 alice | server | list_clients | no data
            ┌ Online · /rooms lists rooms ─────────┐
            │ 3 online · type to filter            │
            │ >~longname-for-bcdA                  │
            │  ~longname-for-bcdB                  │
            │  ~somebody-else-there                │
            │ [Write] [Who is] [Ignore]            │
            │ [Away] [Close]                       │
            └──────────────────────────────────────┘
             >
             ● alice +2          Ctrl-K go  F1 keys
            key Esc
            say /query longname-for-bcdA
                Title("tr2 (1)")
            size 20x5
            ── 1 new ───────────
            ~longname-for-bcdA
              one
             lo…dA> _
            ● alice  longname-f…
            key Ctrl-N
                Title("tr2")
            ── 1 new ───────────
            ~longname-for-bcdB
              two
             lo…dB> _
            ● alice  longname-f…
        "#]],
    );
}

#[test]
fn a_list_that_is_older_than_what_was_told_before_it_undoes_nothing() {
    check(
        "start name=alice
        size 120x12
        rooms carol dave
        say /list
        key Esc
        server server | all clients | joined | bob
        server server | all clients | left | carol
        server @ref=5-0004 server | alice | list_clients | clients connected: alice ,carol ,dave
        server server | all clients | left | dave
        server @ref=5-0004 server | alice | list_end
        screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 120x12
            say /list
                send @ref=5-0004 alice | server | list_clients | no data
            key Esc
            server server | all clients | joined | bob
            server server | all clients | left | carol
            server @ref=5-0004 server | alice | list_clients | clients connected: alice ,carol ,dave
            server server | all clients | left | dave
            server @ref=5-0004 server | alice | list_end
            *1 everyone         │ everyone                                                                         │ 2 online
                                │                                                                                  │ ~alice     you
                                │                                                                                  │ ~bob
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │                                                                                  │
                                │ ────────────────────────────────────────────────────────── Sunday 22 November ── │
                                │                  bob joined · carol, dave left                                   │
             menu F2            │ > _                                                                              │
             ● alice@localhost 0 ms                                                                 Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn who_comes_and_goes_is_named_once_and_the_minute_is_not_shown_again() {
    check(
        "start name=alice
         size 80x14
         online bob
         server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | one
         server server | all clients | joined | carol
         server server | all clients | left | carol
         server server | all clients | joined | carol dave
         server server | all clients | joined | Carol
         server server | all clients | left | dave
         server @id=2;time=2026-11-22T12:00:30Z;verified=yes bob | all clients | broadcast_not_me | two
         server server | all clients | left | carol
         server @id=3;time=2026-11-22T12:01:00Z;verified=yes bob | all clients | broadcast_not_me | three
         server server | all clients | joined | carol
         server @id=4;time=2026-11-23T12:01:00Z;verified=yes bob | all clients | broadcast_not_me | four
         screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x14
            server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | one
            server server | all clients | joined | carol
            server server | all clients | left | carol
            server server | all clients | joined | carol dave
            server server | all clients | joined | Carol
            server server | all clients | left | dave
            server @id=2;time=2026-11-22T12:00:30Z;verified=yes bob | all clients | broadcast_not_me | two
            server server | all clients | left | carol
            server @id=3;time=2026-11-22T12:01:00Z;verified=yes bob | all clients | broadcast_not_me | three
            server server | all clients | joined | carol
            server @id=4;time=2026-11-23T12:01:00Z;verified=yes bob | all clients | broadcast_not_me | four
            *1 everyone     │ everyone                                             3 people
                            │
                            │
             1 Echo         │ ─────────────────────────────────────── Sunday 22 November ──
             2 List clients │ 12:00       bob  one
             3 Private mes… │                  carol joined · dave left
             4 Broadcast    │             bob  two
             5 Exit         │                  carol left
             6 Close server │ 12:01       bob  three
             7 Search       │                  carol joined
             8 Rooms        │ ─────────────────────────────────────── Monday 23 November ──
             9 Moderate     │ 12:01       bob  four
             0 Call         │ > _
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn many_who_come_are_counted_once() {
    let names = |range: std::ops::Range<usize>| range.map(|number| format!("u{number}")).collect::<Vec<_>>().join(" ");
    let row = |count: usize| {
        let mut play = Play::new("start name=alice");
        for step in ["start name=alice", "size 80x14", "online bob"] {
            play.step(step);
        }
        for _ in 0..3 {
            play.update(server(&format!("server | all clients | joined | {}", names(0..count))));
        }
        let lines = play.session.view().messages.lines;
        lines.iter().map(|line| line.line.text().trim().to_owned()).collect::<Vec<_>>().join(" ")
    };
    assert!(row(12).ends_with("u11 joined"), "{}", row(12));
    assert!(row(13).contains("u11 and 1 more joined"), "{}", row(13));
    assert!(row(100).contains("u11 and 88 more joined"), "{}", row(100));
}
