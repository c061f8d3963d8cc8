//! Rooms: joining and leaving, how they are shown, and the list of rooms, on the screen and in line mode.

use expect_test::expect;

use crate::check;

#[test]
fn joined_rooms_return_with_topic_modes_and_members() {
    check(
        "
        start name=alice
        size 80x24
        rooms bob carol
        server server | #ops | room | private members=4 you=moderator slow=30 read_only topic=the new disks
        server server | #den | room | open members=2 you=member topic=
        say /query #ops
        server @ref=5-0004 server | #ops | members | maker online bob
        server @ref=5-0004 server | #ops | members | moderator online alice
        server @ref=5-0004 server | #ops | members | member offline dave
        server @ref=5-0004 server | #ops | members_end
        server @id=7;time=2026-11-22T12:01:00Z bob | #ops | broadcast_not_me | shall we?
        say let us
        screen
        server server | all clients | joined | dave
        server server | #ops | joined | carol
        server server | all clients | left | bob
        screen
        say /leave
        server @ref=5-0006 server | #ops | left | alice
        screen
        server @id=8;time=2026-11-22T12:02:00Z bob | #ops | broadcast_not_me | not for alice any more
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            server server | #ops | room | private members=4 you=moderator slow=30 read_only topic=the new disks
            server server | #den | room | open members=2 you=member topic=
            say /query #ops
                send @ref=5-0004 alice | #ops | members | no data
            server @ref=5-0004 server | #ops | members | maker online bob
            server @ref=5-0004 server | #ops | members | moderator online alice
            server @ref=5-0004 server | #ops | members | member offline dave
            server @ref=5-0004 server | #ops | members_end
            server @id=7;time=2026-11-22T12:01:00Z bob | #ops | broadcast_not_me | shall we?
            say let us
                send @ref=5-0005 alice | #ops | broadcast_not_me | let us
            ┌ Menu ─────────────┬ #ops · the new disks · read-only ─────────┬ Members · 4 ─┐
            │ 1 Echo            │                                           │ @alice   you │
            │ 2 List clients    │                                           │ @bob         │
            │ 3 Private message │                                           │ dave     off │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            │ 8 Rooms           │                                           │              │
            │ 9 Moderate        │                                           │              │
            ├ Conversations ────┤                                           │              │
            │ everyone          │                                           │              │
            * #ops              │                                           │              │
            │ #den              │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │ ──────── Sunday 22 November 2026 ──────── │              │
            │                   │ 12:01 bob     shall we?                   │              │
            │                   │ 12:00 alice   let us [sending]            │              │
            │                   ├═══════════════════════════════════════════┤              │
            │                   │ > _                                       │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            server server | all clients | joined | dave
            server server | #ops | joined | carol
            server server | all clients | left | bob
            ┌ Menu ─────────────┬ #ops · the new disks · read-only ─────────┬ Members · 4 ─┐
            │ 1 Echo            │                                           │ @alice   you │
            │ 2 List clients    │                                           │ carol        │
            │ 3 Private message │                                           │ dave         │
            │ 4 Broadcast       │                                           │ @bob     off │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            │ 8 Rooms           │                                           │              │
            │ 9 Moderate        │                                           │              │
            ├ Conversations ────┤                                           │              │
            │ everyone          │                                           │              │
            * #ops              │                                           │              │
            │ #den              │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │ ──────── Sunday 22 November 2026 ──────── │              │
            │                   │ 12:01 bob     shall we?                   │              │
            │                   │ 12:00 alice   let us [sending]            │              │
            │                   │ 12:00 * carol joined                      │              │
            │                   ├═══════════════════════════════════════════┤              │
            │                   │ > _                                       │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            say /leave
                send @ref=5-0006 alice | #ops | leave_room | no data
            server @ref=5-0006 server | #ops | left | alice
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ carol        │
            │ 3 Private message │                                           │ dave         │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            │ 8 Rooms           │                                           │              │
            │ 9 Moderate        │                                           │              │
            ├ Conversations ────┤                                           │              │
            * everyone          │                                           │              │
            │ #den              │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │ ──────── Sunday 22 November 2026 ──────── │              │
            │                   │ 12:00 * dave joined; bob left             │              │
            │                   │ 12:00 * You left #ops.                    │              │
            │                   ├═══════════════════════════════════════════┤              │
            │                   │ > _                                       │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            server @id=8;time=2026-11-22T12:02:00Z bob | #ops | broadcast_not_me | not for alice any more
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ carol        │
            │ 3 Private message │                                           │ dave         │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            │ 8 Rooms           │                                           │              │
            │ 9 Moderate        │                                           │              │
            ├ Conversations ────┤                                           │              │
            * everyone          │                                           │              │
            │ #den              │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │ ──────── Sunday 22 November 2026 ──────── │              │
            │                   │ 12:00 * dave joined; bob left             │              │
            │                   │ 12:00 * You left #ops.                    │              │
            │                   ├═══════════════════════════════════════════┤              │
            │                   │ > _                                       │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
        "#]],
    );
}

#[test]
fn conversations_are_sorted_by_newest_message_except_under_the_cursor() {
    check(
        "
        start name=alice
        size 80x16
        rooms bob carol
        server server | #ops | room | open members=2 you=member topic=
        server server | #den | room | open members=2 you=member topic=
        say /query #den
        server @id=1;time=2026-11-22T12:01:00Z bob | #ops | broadcast_not_me | one
        server @id=2;time=2026-11-22T12:02:00Z carol | alice | private_message | two
        screen
        key F6
        key Tab
        key Down
        server @id=3;time=2026-11-22T12:03:00Z bob | #ops | broadcast_not_me | three
        screen
        key Esc
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x16
            server server | #ops | room | open members=2 you=member topic=
            server server | #den | room | open members=2 you=member topic=
            say /query #den
                send @ref=5-0004 alice | #den | members | no data
            server @id=1;time=2026-11-22T12:01:00Z bob | #ops | broadcast_not_me | one
                Title("tr2 (1)")
            server @id=2;time=2026-11-22T12:02:00Z carol | alice | private_message | two
                Bell
                Title("tr2 (2)")
            ┌ Menu ─────────────┬ #den ─────────────────────────────────────┬ Members · 2 ─┐
            │ 1 Echo            │                                           │              │
            │ 2 List clients    │                                           │              │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            │ 8 Rooms           │                                           │              │
            │ 9 Moderate        │                                           │              │
            ├ Conversations ────┤                                           │              │
            │ carol         (1) │                                           │              │
            │ #ops          (1) ├═══════════════════════════════════════════┤              │
            * #den              │ > _                                       │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key F6
            key Tab
            key Down
            server @id=3;time=2026-11-22T12:03:00Z bob | #ops | broadcast_not_me | three
                Title("tr2 (3)")
            ┌ Menu ─────────────┬ #den ─────────────────────────────────────┬ Members · 2 ─┐
            │ 1 Echo            │                                           │              │
            │ 2 List clients    │                                           │              │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            │ 8 Rooms           │                                           │              │
            │ 9 Moderate        │                                           │              │
            ├ Conversations ════┤                                           │              │
            │ carol         (1) │                                           │              │
            │ #ops          (2) ├───────────────────────────────────────────┤              │
            > #den              │ >                                         │              │
            └═══════════════════┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Esc
            ┌ Menu ─────────────┬ #den ─────────────────────────────────────┬ Members · 2 ─┐
            │ 1 Echo            │                                           │              │
            │ 2 List clients    │                                           │              │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            │ 8 Rooms           │                                           │              │
            │ 9 Moderate        │                                           │              │
            ├ Conversations ────┤                                           │              │
            │ #ops          (2) │                                           │              │
            │ carol         (1) ├═══════════════════════════════════════════┤              │
            * #den              │ > _                                       │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
        "#]],
    );
}

#[test]
fn mentions_are_counted_separately_ring_and_come_first() {
    check(
        "
        start name=alice
        size 80x16
        rooms bob carol
        server server | #ops | room | open members=2 you=member topic=
        server server | #den | room | open members=2 you=member topic=
        server @id=1;time=2026-11-22T12:01:00Z bob | #den | broadcast_not_me | no mention of malice or alice-2
        server @id=2;time=2026-11-22T12:01:00Z bob | #ops | broadcast_not_me | Álice: look
        server @id=3;time=2026-11-22T12:02:00Z bob | #ops | broadcast_not_me | at this
        server @id=4;time=2026-11-22T12:03:00Z bob | #den | broadcast_not_me | and this
        screen
        key Alt-A
        screen
        key Alt-A
        key Alt-A
        status
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x16
            server server | #ops | room | open members=2 you=member topic=
            server server | #den | room | open members=2 you=member topic=
            server @id=1;time=2026-11-22T12:01:00Z bob | #den | broadcast_not_me | no mention of malice or alice-2
                Title("tr2 (1)")
            server @id=2;time=2026-11-22T12:01:00Z bob | #ops | broadcast_not_me | Álice: look
                Bell
                Title("tr2 (2 @1)")
            server @id=3;time=2026-11-22T12:02:00Z bob | #ops | broadcast_not_me | at this
                Title("tr2 (3 @1)")
            server @id=4;time=2026-11-22T12:03:00Z bob | #den | broadcast_not_me | and this
                Title("tr2 (4 @1)")
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 3 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            │ 8 Rooms           │                                           │              │
            │ 9 Moderate        │                                           │              │
            ├ Conversations ────┤                                           │              │
            * everyone          │                                           │              │
            │ #den          (2) ├═══════════════════════════════════════════┤              │
            │ #ops       (2 @1) │ > _                                       │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Alt-A
                send @ref=5-0004 alice | #ops | members | no data
                Title("tr2 (2)")
            ┌ Menu ─────────────┬ #ops ─────────────────────────────────────┬ Members · 2 ─┐
            │ 1 Echo            │                                           │              │
            │ 2 List clients    │                                           │              │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            │ 8 Rooms           │ ──────── Sunday 22 November 2026 ──────── │              │
            │ 9 Moderate        │ ────────────────── new ────────────────── │              │
            ├ Conversations ────┤ 12:01 bob     Álice: look                 │              │
            │ everyone          │ 12:02 bob     at this                     │              │
            │ #den          (2) ├═══════════════════════════════════════════┤              │
            * #ops              │ > _                                       │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Alt-A
                send @ref=5-0005 alice | #den | members | no data
                Title("tr2")
            key Alt-A
              [ alice@localhost · online · 0 ms|F1 help  F2 menu  Tab next pane ]
        "#]],
    );
}

#[test]
fn the_list_of_rooms_joins_leaves_and_invites() {
    check(
        "
        start name=alice
        size 80x24
        rooms bob
        server server | #ops | room | private members=3 you=maker topic=the new disks that arrive on friday, all of them at once
        key Ctrl-O
        server @ref=5-0004;batch=b server | #ops | room | private members=3 you=maker topic=the new disks that arrive on friday, all of them at once
        server @ref=5-0004;batch=b server | #lunch-and-coffee-and-tea | room | open members=12 you=outside topic=soup
        server @ref=5-0004;batch=b server | #den | room | private members=2 you=invited topic=
        server @ref=5-0004;batch=b server | #42 | room | open members=40 you=outside topic=
        server @ref=5-0004 server | alice | rooms_end
        screen
        type lun
        screen
        key Enter
        server @ref=5-0005 server | #lunch-and-coffee-and-tea | room | open members=13 you=member topic=soup
        status
        key F2
        key 8
        key Tab
        key Right
        key Enter
        type chess
        key Down
        key Down
        screen
        key Enter
        server @ref=5-0008 server | #chess | room | private members=1 you=maker topic=
        screen
        key Ctrl-O
        key Tab
        key Right
        key Right
        key Right
        key Enter
        type my move
        key Enter
        server @ref=5-000b alice | #chess | topic | my move
        key Ctrl-O
        key Tab
        key Right
        key Right
        key Right
        key Right
        key Enter
        key Down
        screen
        key Enter
        server @ref=5-000d alice | alice | invited_to_room | #chess
        key Ctrl-O
        key Tab
        key Right
        key Right
        key Enter
        screen
        key Enter
        server @ref=5-000f server | #chess | left | alice
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            server server | #ops | room | private members=3 you=maker topic=the new disks that arrive on friday, all of them at once
            key Ctrl-O
                send @ref=5-0004 alice | server | rooms | no data
            server @ref=5-0004;batch=b server | #ops | room | private members=3 you=maker topic=the new disks that arrive on friday, all of them at once
            server @ref=5-0004;batch=b server | #lunch-and-coffee-and-tea | room | open members=12 you=outside topic=soup
            server @ref=5-0004;batch=b server | #den | room | private members=2 you=invited topic=
            server @ref=5-0004;batch=b server | #42 | room | open members=40 you=outside topic=
            server @ref=5-0004 server | alice | rooms_end
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 2 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            │ 8 Room┌ Rooms · Esc closes ══════════════════════════════════════════┐       │
            │ 9 Mode│ 4 rooms · type to filter                                     │       │
            ├ Conver│ >#ops                3  the new disks that ar…  private · in │       │
            * everyo│  #den                2                     private · invited │       │
            │ #ops  │  #42                40                                       │       │
            │       │  #lunch-and-coff…   12  soup                                 │       │
            │       │ [Join] [Make] [Leave] [Topic] [Invite]                       │       │
            │       └══════════════════════════════════════════════════════════════┘       │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 2 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            │ 8 Rooms           │                                           │              │
            │ 9 Mode┌ Rooms · Esc closes ══════════════════════════════════════════┐       │
            ├ Conver│ 1 with "lun"                                                 │       │
            * everyo│ >#lunch-and-coff…   12  soup                                 │       │
            │ #ops  │ [Join] [Make] [Leave] [Topic] [Invite]                       │       │
            │       └══════════════════════════════════════════════════════════════┘       │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Enter
                send @ref=5-0005 alice | #lunch-and-coffee-and-tea | join_room | no data
            server @ref=5-0005 server | #lunch-and-coffee-and-tea | room | open members=13 you=member topic=soup
                send @ref=5-0006 alice | #lunch-and-coffee-and-tea | members | no data
              [ alice@localhost · online · 0 ms|F1 help  F2 menu  Tab next pane ]
            key F2
            key 8
                send @ref=5-0007 alice | server | rooms | no data
            key Tab
            key Right
            key Enter
            key Down
            key Down
            ┌ Menu ─────────────┬ #lunch-and-coffee-and-tea · soup ─────────┬──────────────┐
            │ 1 Echo            │                                           │              │
            │ 2 List clients    │                                           │              │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            │ 8 Rooms           │                                           │              │
            │ 9 Mode┌ Make a room ═════════════════════════════════════════════════┐       │
            ├ Conver│ Name: #chess                                                 │       │
            │ everyo│  ( )open to all                                              │       │
            * #lunch│ >(•)private, for those who are invited                       │       │
            │ #ops  │ [Make] [Cancel]                                              │       │
            │       └══════════════════════════════════════════════════════════════┘       │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │ ──────── Sunday 22 November 2026 ──────── │              │
            │                   │ 12:00 * Joined #lunch-and-coffee-and-tea. │              │
            │                   │         /leave to leave.                  │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Enter
                send @ref=5-0008 alice | #chess | join_room | private
            server @ref=5-0008 server | #chess | room | private members=1 you=maker topic=
                send @ref=5-0009 alice | #chess | members | no data
            ┌ Menu ─────────────┬ #chess · private ─────────────────────────┬ Members · 1 ─┐
            │ 1 Echo            │                                           │              │
            │ 2 List clients    │                                           │              │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            │ 8 Rooms           │                                           │              │
            │ 9 Moderate        │                                           │              │
            ├ Conversations ────┤                                           │              │
            │ everyone          │                                           │              │
            │ #lunch-and-coffe… │                                           │              │
            * #chess            │                                           │              │
            │ #ops              │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │ ──────── Sunday 22 November 2026 ──────── │              │
            │                   │ 12:00 * Created #chess. /invite NAME to   │              │
            │                   │         invite somebody.                  │              │
            │                   ├═══════════════════════════════════════════┤              │
            │                   │ > _                                       │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Ctrl-O
                send @ref=5-000a alice | server | rooms | no data
            key Tab
            key Right
            key Right
            key Right
            key Enter
            key Enter
                send @ref=5-000b alice | #chess | topic | my move
            server @ref=5-000b alice | #chess | topic | my move
            key Ctrl-O
                send @ref=5-000c alice | server | rooms | no data
            key Tab
            key Right
            key Right
            key Right
            key Right
            key Enter
            key Down
            ┌ Menu ─────────────┬ #chess · my move · private ───────────────┬ Members · 1 ─┐
            │ 1 Echo            │                                           │              │
            │ 2 List clients    │                                           │              │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            │ 8 Rooms           │                                           │              │
            │ 9 Mode┌ Invite into #chess ══════════════════════════════════════════┐       │
            ├ Conver│ Name:                                                        │       │
            │ everyo│ 1 online · type to filter                                    │       │
            │ #lunch│ >bob                                                         │       │
            * #chess│ [Invite] [Cancel]                                            │       │
            │ #ops  └══════════════════════════════════════════════════════════════┘       │
            │                   │                                           │              │
            │                   │ ──────── Sunday 22 November 2026 ──────── │              │
            │                   │ 12:00 * Created #chess. /invite NAME to   │              │
            │                   │         invite somebody.                  │              │
            │                   │ 12:00 * alice set the topic: my move      │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Enter
                send @ref=5-000d alice | #chess | invite_to_room | bob
            server @ref=5-000d alice | alice | invited_to_room | #chess
            key Ctrl-O
                send @ref=5-000e alice | server | rooms | no data
            key Tab
            key Right
            key Right
            key Enter
            ┌ Menu ─────────────┬ #chess · my move · private ───────────────┬ Members · 1 ─┐
            │ 1 Echo            │                                           │              │
            │ 2 List clients    │                                           │              │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            │ 8 Rooms           │                                           │              │
            │ 9 Moderate        │                                           │              │
            ├ Conver┌ Leave ═══════════════════════════════════════════════════════┐       │
            │ everyo│ Leave #chess? You can rejoin only if invited.                │       │
            │ #lunch│ <Leave> [Stay]                                               │       │
            * #chess└══════════════════════════════════════════════════════════════┘       │
            │ #ops              │                                           │              │
            │                   │ ──────── Sunday 22 November 2026 ──────── │              │
            │                   │ 12:00 * Created #chess. /invite NAME to   │              │
            │                   │         invite somebody.                  │              │
            │                   │ 12:00 * alice set the topic: my move      │              │
            │                   │ 12:00 * bob is invited to #chess.         │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
            key Enter
                send @ref=5-000f alice | #chess | leave_room | no data
            server @ref=5-000f server | #chess | left | alice
            ┌ Menu ─────────────┬ everyone ─────────────────────────────────┬ Online · 2 ──┐
            │ 1 Echo            │                                           │ alice    you │
            │ 2 List clients    │                                           │ bob          │
            │ 3 Private message │                                           │              │
            │ 4 Broadcast       │                                           │              │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            │ 8 Rooms           │                                           │              │
            │ 9 Moderate        │                                           │              │
            ├ Conversations ────┤                                           │              │
            * everyone          │                                           │              │
            │ #lunch-and-coffe… │                                           │              │
            │ #ops              │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │                                           │              │
            │                   │ ──────── Sunday 22 November 2026 ──────── │              │
            │                   │ 12:00 * You left #chess.                  │              │
            │                   ├═══════════════════════════════════════════┤              │
            │                   │ > _                                       │              │
            └───────────────────┴═══════════════════════════════════════════┴──────────────┘
             alice@localhost · online · 0 ms                F1 help  F2 menu  Tab next pane
        "#]],
    );
}

#[test]
fn room_commands_say_what_is_missing() {
    check(
        "
        start name=alice
        size 60x20
        rooms bob
        say /join ops private
        server @ref=5-0004 server | alice | refused | not_invited #ops is private; somebody there can invite you.
        say /join #b|ad
        key Ctrl-U
        say /join #x y
        key Ctrl-U
        say /leave
        key Ctrl-U
        say /leave #ops
        key Ctrl-U
        say /topic hello
        server @ref=5-0005 bob | all clients | topic | hello
        say /topic -
        say /invite bob #ops
        key Ctrl-U
        say /msg #ops hi
        key Ctrl-U
        say /query #ops
        key Ctrl-U
        screen
        start name=alice
        size 60x20
        online bob
        key Ctrl-O
        key F2
        key 9
        say /away
        key Ctrl-U
        say /ban bob 1h spam
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x20
            say /join ops private
                send @ref=5-0004 alice | #ops | join_room | private
            server @ref=5-0004 server | alice | refused | not_invited #ops is private; somebody there can invite you.
            say /join #b|ad
            key Ctrl-U
            say /join #x y
            key Ctrl-U
            say /leave
            key Ctrl-U
            say /leave #ops
            key Ctrl-U
            say /topic hello
                send @ref=5-0005 alice | all clients | topic | hello
            server @ref=5-0005 bob | all clients | topic | hello
            say /topic -
                send @ref=5-0006 alice | all clients | topic
            say /invite bob #ops
            key Ctrl-U
            say /msg #ops hi
            key Ctrl-U
            say /query #ops
            key Ctrl-U
            ┌ Menu ─────────────┬ everyone · hello ────────────────────┐
            │ 1 Echo            │         Joins a room, or makes it:   │
            │ 2 List clients    │         open, or private (by         │
            │ 3 Private message │         invitation).                 │
            │ 4 Broadcast       │ 12:00 * Write /leave [#ROOM]. Leaves │
            │ 5 Exit            │         a room; going offline does   │
            │ 6 Close server    │         not.                         │
            │ 7 Search          │ 12:00 * You are not in #ops: /join   │
            │ 8 Rooms           │         #ops                         │
            │ 9 Moderate        │ 12:00 * bob set the topic: hello     │
            ├ Conversations ────┤ 12:00 * You are not in #ops: /join   │
            * everyone          │         #ops                         │
            │                   │ 12:00 * You are not in #ops: /join   │
            │                   │         #ops                         │
            │                   │ 12:00 * You are not in #ops: /join   │
            │                   │         #ops                         │
            │                   ├══════════════════════════════════════┤
            │                   │ > _                                  │
            └───────────────────┴══════════════════════════════════════┘
             alice@localhost · online · 0 ms           F1 help  F2 menu
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x20
            key Ctrl-O
            key F2
            key 9
            say /away
            key Ctrl-U
            say /ban bob 1h spam
            ┌ Menu ─────────────┬ everyone ────────────────────────────┐
            │ 1 Echo            │                                      │
            │ 2 List clients    │                                      │
            │ 3 Private message │                                      │
            │ 4 Broadcast       │ ───── Sunday 22 November 2026 ────── │
            │ 5 Exit            │ 12:00 * This server has no rooms;    │
            │ 6 Close server    │         all are together in          │
            │ 7 Search          │         "everyone".                  │
            │ 8 Rooms           │ 12:00 * This server has no           │
            │ 9 Moderate        │         moderators except those who  │
            ├ Conversations ────┤         may close it.                │
            * everyone          │ 12:00 * This server does not show    │
            │                   │         who is away.                 │
            │                   │ 12:00 * This server has no           │
            │                   │         moderators except those who  │
            │                   │         may close it.                │
            │                   ├══════════════════════════════════════┤
            │                   │ > _                                  │
            └───────────────────┴══════════════════════════════════════┘
             alice@localhost · online · 0 ms           F1 help  F2 menu
        "#]],
    );
}

#[test]
fn a_removed_user_is_told_why_and_keeps_the_draft() {
    check(
        "
        start name=alice
        size 60x14
        rooms bob
        server server | #ops | room | open members=2 you=member topic=
        server server | #den | room | private members=2 you=member topic=
        say /query #ops
        type half a thought
        server @why=kicked\\sby\\sbob:\\sflooding server | #ops | left | alice
        screen
        key Ctrl-Y
        screen
        server bob | alice | invited_to_room | #ops
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x14
            server server | #ops | room | open members=2 you=member topic=
            server server | #den | room | private members=2 you=member topic=
            say /query #ops
                send @ref=5-0004 alice | #ops | members | no data
            server @why=kicked\sby\sbob:\sflooding server | #ops | left | alice
                Bell
            ┌ everyone ────────────────────────────────────────────────┐
            │                                                          │
            │                                                          │
            │                                                          │
            │                                                          │
            │                                                          │
            │                                                          │
            │ ─────────────── Sunday 22 November 2026 ──────────────── │
            │ 12:00 * You are no longer in #ops: kicked by bob:        │
            │         flooding                                         │
            ├══════════════════════════════════════════════════════════┤
            │ > _                                                      │
            └══════════════════════════════════════════════════════════┘
             alice@localhost · online · 0 ms           F1 help  F2 menu
            key Ctrl-Y
            ┌ everyone ────────────────────────────────────────────────┐
            │                                                          │
            │                                                          │
            │                                                          │
            │                                                          │
            │                                                          │
            │                                                          │
            │ ─────────────── Sunday 22 November 2026 ──────────────── │
            │ 12:00 * You are no longer in #ops: kicked by bob:        │
            │         flooding                                         │
            ├══════════════════════════════════════════════════════════┤
            │ > half a thought_                                        │
            └══════════════════════════════════════════════════════════┘
             alice@localhost · online · 0 ms           F1 help  F2 menu
            server bob | alice | invited_to_room | #ops
            ┌ everyone ────────────────────────────────────────────────┐
            │                                                          │
            │                                                          │
            │                                                          │
            │                                                          │
            │                                                          │
            │ ─────────────── Sunday 22 November 2026 ──────────────── │
            │ 12:00 * You are no longer in #ops: kicked by bob:        │
            │         flooding                                         │
            │ 12:00 * bob invited you: /join #ops                      │
            ├══════════════════════════════════════════════════════════┤
            │ > half a thought_                                        │
            └══════════════════════════════════════════════════════════┘
             alice@localhost · online · 0 ms           F1 help  F2 menu
        "#]],
    );
}

#[test]
fn rooms_gone_after_a_reconnect_are_dropped() {
    check(
        "
        start name=alice
        size 60x14
        rooms bob
        server server | #ops | room | open members=2 you=member topic=
        server server | #den | room | open members=2 you=member topic=
        say /query #ops
        lost It broke.
        tick
        connected 2.26
        server server | client | name | TR2.26 accepted presence ping moderator rooms moderation away
        server server | alice | connection_confirmation | hi
        server server | #den | room | open members=2 you=member topic=
        server @ref=5-0006 server | alice | list_clients | clients connected: alice
        server @ref=5-0006 server | alice | list_end
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x14
            server server | #ops | room | open members=2 you=member topic=
            server server | #den | room | open members=2 you=member topic=
            say /query #ops
                send @ref=5-0004 alice | #ops | members | no data
            lost It broke.
            tick at 382ms
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping moderator rooms moderation away
                send @ref=5-0005 alice | server | name | alice
            server server | alice | connection_confirmation | hi
                send @ref=5-0006 alice | server | list_clients | no data
                send alice | server | ping | 7
            server server | #den | room | open members=2 you=member topic=
            server @ref=5-0006 server | alice | list_clients | clients connected: alice
            server @ref=5-0006 server | alice | list_end
            ┌ everyone ────────────────────────────────────────────────┐
            │                                                          │
            │                                                          │
            │                                                          │
            │                                                          │
            │                                                          │
            │                                                          │
            │                                                          │
            │ ─────────────── Sunday 22 November 2026 ──────────────── │
            │ 12:00 * You are no longer in #ops.                       │
            ├══════════════════════════════════════════════════════════┤
            │ > _                                                      │
            └══════════════════════════════════════════════════════════┘
             alice@localhost · online   F1 help  F2 menu  Tab next pane
        "#]],
    );
}

#[test]
fn line_mode_has_rooms() {
    check(
        "
        start plain name=alice
        rooms bob
        server server | #ops | room | open members=2 you=member topic=disks
        line /join #den
        line for the den
        server @ref=5-0004 server | #den | room | open members=1 you=maker topic=
        server @ref=5-0005;id=1;time=2026-11-22T12:01:00Z server | alice | accepted
        server @id=2;time=2026-11-22T12:02:00Z;verified=yes bob | #ops | broadcast_not_me | hi
        server @id=3;time=2026-11-22T12:02:00Z bob | #den | broadcast_not_me | two\\nlines
        server server | #den | joined | bob
        server server | #den | left | bob
        server @why=kicked\\sby\\salice server | #den | left | bob
        line /query #ops
        line for ops
        server @ref=5-0006;id=4;time=2026-11-22T12:03:00Z server | alice | accepted
        line /topic
        line /rooms
        server @ref=5-0007;batch=b server | #ops | room | private members=2 you=member topic=disks
        server @ref=5-0007;batch=b server | #big | room | open members=200 you=outside topic=all
        server @ref=5-0007 server | alice | rooms_end
        line /members
        server @ref=5-0008 server | #ops | members | maker online bob
        server @ref=5-0008 server | #ops | members | member online alice
        server @ref=5-0008 server | #ops | members | member offline dave
        server @ref=5-0008 server | #ops | members_end
        line /leave
        line nobody shall read this
        server @ref=5-0009 server | #ops | left | alice
        line nor this
        line /join #secret
        line nor that
        server @ref=5-000a server | alice | refused | not_invited #secret is private.
        line /everyone
        line for all
        ",
        expect![[r#"
            start plain name=alice
                Dial(tcp://localhost:1234)
            server server | #ops | room | open members=2 you=member topic=disks
            line /join #den
                send @ref=5-0004 alice | #den | join_room | no data
            line for the den
            server @ref=5-0004 server | #den | room | open members=1 you=maker topic=
                stdout 12:00 * What you write goes to #den now; /everyone goes back to all.
                send @ref=5-0005 alice | #den | broadcast_not_me | for the den
            server @ref=5-0005;id=1;time=2026-11-22T12:01:00Z server | alice | accepted
            server @id=2;time=2026-11-22T12:02:00Z;verified=yes bob | #ops | broadcast_not_me | hi
                stdout 12:02 [#ops] bob✓: hi
            server @id=3;time=2026-11-22T12:02:00Z bob | #den | broadcast_not_me | two\nlines
                stdout 12:02 [#den] bob: two
                lines
            server server | #den | joined | bob
                stdout 12:00 * [#den] bob joined
            server server | #den | left | bob
                stdout 12:00 * [#den] bob left
            server @why=kicked\sby\salice server | #den | left | bob
            line /query #ops
                stdout 12:00 * What you write goes to #ops now; /everyone goes back to all.
            line for ops
                send @ref=5-0006 alice | #ops | broadcast_not_me | for ops
            server @ref=5-0006;id=4;time=2026-11-22T12:03:00Z server | alice | accepted
            line /topic
                stdout 12:00 * [#ops] The topic: disks
            line /rooms
                send @ref=5-0007 alice | server | rooms | no data
            server @ref=5-0007;batch=b server | #ops | room | private members=2 you=member topic=disks
            server @ref=5-0007;batch=b server | #big | room | open members=200 you=outside topic=all
            server @ref=5-0007 server | alice | rooms_end
                stdout 12:00 * #ops  2 (private) (member)  disks
                #den  0 (maker)
                #big  200  all
            line /members
                send @ref=5-0008 alice | #ops | members | no data
            server @ref=5-0008 server | #ops | members | maker online bob
            server @ref=5-0008 server | #ops | members | member online alice
            server @ref=5-0008 server | #ops | members | member offline dave
            server @ref=5-0008 server | #ops | members_end
                stdout 12:00 * Members of #ops: alice, bob (maker), dave (offline)
            line /leave
                send @ref=5-0009 alice | #ops | leave_room | no data
            line nobody shall read this
            server @ref=5-0009 server | #ops | left | alice
                stdout 12:00 * You left #ops.
                stderr tr2: Choose a recipient first, with /query NAME or /everyone. Not sent: nobody shall read this
            line nor this
                stderr tr2: Choose a recipient first, with /query NAME or /everyone. Not sent: nor this
            line /join #secret
                send @ref=5-000a alice | #secret | join_room | no data
            line nor that
            server @ref=5-000a server | alice | refused | not_invited #secret is private.
                stderr tr2: #secret is private.
                stderr tr2: Choose a recipient first, with /query NAME or /everyone. Not sent: nor that
            line /everyone
                stdout 12:00 * What you write goes to everyone now.
            line for all
                send @ref=5-000b alice | all clients | broadcast_not_me | for all
        "#]],
    );
}

#[test]
fn room_names_are_completed() {
    check(
        "
        start name=alice
        size 40x10
        rooms bob
        server server | #ops | room | open members=2 you=member topic=
        server server | #opera | room | open members=2 you=member topic=
        type /query #op
        key Tab
        screen
        key Tab
        key Enter
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 40x10
            server server | #ops | room | open members=2 you=member topic=
            server server | #opera | room | open members=2 you=member topic=
            key Tab








            > /query #opera _
             alice@localhost · online · 0 ms
            key Tab
            key Enter
                send @ref=5-0004 alice | #ops | members | no data








            #ops> _
             alice@localhost · online · 0 ms
        "#]],
    );
}
