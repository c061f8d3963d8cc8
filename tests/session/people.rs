//! People: away users and ignored users.

use expect_test::expect;

use crate::check;

#[test]
fn an_away_user_is_marked_and_their_text_is_shown_once() {
    check(
        "
        start name=alice
        size 80x16
        connected 2.26
        server server | client | name | TR2.26 accepted presence rooms moderation away
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
            server server | client | name | TR2.26 accepted presence rooms moderation away
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
            ┌ Menu ─────────────┬ bob · away: lunch until one ──────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob     away │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            │ 8 Rooms           │ ──────── Sunday 22 November 2026 ──────── │              │
            │ 9 Moderate        │ 12:00 alice   are you there? [sending]    │              │
            ├ Conversations ────┤ 12:00 * bob is away: lunch until one      │              │
            │ everyone          │ 12:00 alice   hello? [sending]            │              │
            * bob               ├═══════════════════════════════════════════┤              │
            │                   │ > _                                       │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · online                       F1 help  F2 menu  Tab next pane
            server bob | all clients | away
            server carol | all clients | away | away
            say /msg bob now?
                send @ref=5-0006 alice | bob | private_message | now?
            say /msg carol you?
                send @ref=5-0007 alice | carol | private_message | you?
            ┌ Menu ─────────────┬ carol · away ─────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │ carol   away │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            │ 8 Rooms           │                                           │              │
            │ 9 Moderate        │ ──────── Sunday 22 November 2026 ──────── │              │
            ├ Conversations ────┤ 12:00 alice   you? [sending]              │              │
            │ everyone          │ 12:00 * carol is away                     │              │
            │ bob               ├═══════════════════════════════════════════┤              │
            * carol             │ > _                                       │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · online                       F1 help  F2 menu  Tab next pane
            key F2
            key 2
                send @ref=5-0008 alice | server | list_clients | no data
            ┌ Menu ─────────────┬ carol · away ─────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │ carol   away │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit┌ Online ══════════════════════════════════════════════════════┐       │
            │ 6 Clos│ 2 online · type to filter                                    │       │
            │ 7 Sear│ >bob                                                         │       │
            │ 8 Room│  carol                                                  away │       │
            │ 9 Mode│ [Write] [Who is] [Ignore] [Away] [Close]                     │       │
            ├ Conver└══════════════════════════════════════════════════════════════┘       │
            │ everyone          │ 12:00 * carol is away                     │              │
            │ bob               ├───────────────────────────────────────────┤              │
            * carol             │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online                       F1 help  F2 menu  Tab next pane
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
        server server | client | name | TR2.26 accepted presence ping moderator rooms moderation away
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
              [ alice@localhost · away · online · 0 ms|F1 help  F2 menu  Tab next pane ]
            say /back
                send @ref=5-0005 alice | server | away
            server @ref=5-0005 alice | all clients | away
            server @id=2;time=2026-11-22T12:02:00Z bob | alice | private_message | bell
                Bell
                Title("tr2 (2)")
            key F2
            key 2
                send @ref=5-0006 alice | server | list_clients | no data
            key Tab
            key Right
            key Right
            key Right
            key Enter
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 2 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │              │
            │ 4 Broa┌ Away ════════════════════════════════════════════════════════┐       │
            │ 5 Exit│ Text: away_                                                  │       │
            │ 6 Clos│  (•)away                                                     │       │
            │ 7 Sear│  ( )away, and no bell                                        │       │
            │ 8 Room│  ( )back                                                     │       │
            │ 9 Mode│ [Set] [Cancel]                                               │       │
            ├ Conver└══════════════════════════════════════════════════════════════┘       │
            * everyone          │ 12:00 * You are shown as back.            │              │
            │ bob           (2) ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Enter
                send @ref=5-0007 alice | server | away | away
            server @ref=5-0007 alice | all clients | away | away
            lost It broke.
            tick at 382ms
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping moderator rooms moderation away
                send @ref=5-0008 alice | server | name | alice
            server server | alice | connection_confirmation | hi
                send @ref=5-0009 alice | server | list_clients | no data
                send @ref=5-000a alice | server | away | away
                send alice | server | ping | b
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 0 ──┐
            │ 1 Echo            │                                           │              │
            │ 2 List clients    │ ──────── Sunday 22 November 2026 ──────── │              │
            │ 3 Private message │ 12:00 * You are shown as away: writing.   │              │
            │ 4 Broadcast       │         The bell is silenced. /back ends  │              │
            │ 5 Exit            │         it.                               │              │
            │ 6 Close server    │ 12:00 * You are shown as back.            │              │
            │ 7 Search          │ 12:00 * You are shown as away: away.      │              │
            │ 8 Rooms           │         /back ends it.                    │              │
            │ 9 Moderate        │ 12:00 * Connection lost: It broke.        │              │
            ├ Conversations ────┤         Reconnecting…                     │              │
            * everyone          │ 12:00 * Online again.                     │              │
            │ bob           (2) ├═══════════════════════════════════════════┤              │
            │                   │ > _                                       │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · away · online                F1 help  F2 menu  Tab next pane
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
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob   hidden │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            │ 8 Rooms           │                                           │              │
            │ 9 Moderate        │ ──────── Sunday 22 November 2026 ──────── │              │
            ├ Conversations ────┤ 12:00 * Ignoring bob. Undo: /unignore bob │              │
            * everyone          │ 12:03 carol   seen                        │              │
            │                   ├═══════════════════════════════════════════┤              │
            │                   │ > _                                       │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            say /search seen
                send @ref=5-0006 alice | server | search | seen
            server @ref=5-0006;batch=b;id=1;time=2026-11-22T12:01:00Z bob | all clients | broadcast | seen at first
            server @ref=5-0006;batch=b;id=4;time=2026-11-22T12:03:00Z carol | all clients | broadcast | seen
            server @ref=5-0006 server | alice | search_end
            key Esc
            say /unignore bob
            say /ignored
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │ ──────── Sunday 22 November 2026 ──────── │              │
            │ 6 Close server    │ 12:01 bob     seen at first               │              │
            │ 7 Search          │ 12:00 * Ignoring bob. Undo: /unignore bob │              │
            │ 8 Rooms           │ 12:02 bob     alice! not seen             │              │
            │ 9 Moderate        │ 12:03 carol   seen                        │              │
            ├ Conversations ────┤ 12:00 * You are ignoring nobody.          │              │
            * everyone          │ 12:00 * You are ignoring nobody.          │              │
            │                   ├═══════════════════════════════════════════┤              │
            │                   │ > _                                       │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
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
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 2 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob   hidden │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            │ 8 Rooms           │                                           │              │
            │ 9 Moderate        │                                           │              │
            ├ Conversations ────┤                                           │              │
            * everyone          │                                           │              │
            │                   ├═══════════════════════════════════════════┤              │
            │                   │ > _                                       │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
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
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 2 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │ ──────── Sunday 22 November 2026 ──────── │              │
            │ 8 Rooms           │ 12:00 * You are ignoring nobody.          │              │
            │ 9 Moderate        │ 12:00 * You cannot ignore yourself.       │              │
            ├ Conversations ────┤ 12:00 * Write /ignore NAME. Hides a       │              │
            * everyone          │         user's messages from you.         │              │
            │                   ├═══════════════════════════════════════════┤              │
            │                   │ > _                                       │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
        "#]],
    );
}
