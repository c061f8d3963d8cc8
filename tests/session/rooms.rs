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
             1 everyone     │ #ops  the new disks          read-only · slow 30 s · 4 people
            *2 #ops         │
             3 #den         │
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
             7 Search       │ ─────────────────────────────────────── Sunday 22 November ──
             8 Rooms        │ 12:01      ~bob  shall we?
             9 Moderate     │ 12:00       you  let us ◌
             0 Call         │ > _
             ● alice  #ops                                  Ctrl-K go  Ctrl-F find  F1 keys
            server server | all clients | joined | dave
            server server | #ops | joined | carol
            server server | all clients | left | bob
             1 everyone     │ #ops  the new disks          read-only · slow 30 s · 4 people
            *2 #ops         │
             3 #den         │
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
             6 Close server │ ─────────────────────────────────────── Sunday 22 November ──
             7 Search       │ 12:01      ~bob  shall we?
             8 Rooms        │ 12:00       you  let us ◌
             9 Moderate     │                  carol joined
             0 Call         │ > _
             ● alice  #ops                                  Ctrl-K go  Ctrl-F find  F1 keys
            say /leave
                send @ref=5-0006 alice | #ops | leave_room | no data
            server @ref=5-0006 server | #ops | left | alice
            *1 everyone     │ everyone                                             3 people
             2 #den         │
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
             7 Search       │
             8 Rooms        │ ─────────────────────────────────────── Sunday 22 November ──
             9 Moderate     │                  dave joined · bob left
             0 Call         │ > _
             ● alice  You left #ops.
            server @id=8;time=2026-11-22T12:02:00Z bob | #ops | broadcast_not_me | not for alice any more
            *1 everyone     │ everyone                                             3 people
             2 #den         │
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
             7 Search       │
             8 Rooms        │ ─────────────────────────────────────── Sunday 22 November ──
             9 Moderate     │                  dave joined · bob left
             0 Call         │ > _
             ● alice  You left #ops.
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
                Notify { title: "~carol", body: "two" }
                Title("tr2 (2)")
             1 everyone     │ #den                                                 2 people
             2 #ops       1 │
            *3 #den         │
             4 carol     @1 │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │
             8 Rooms        │ You are in #den. Its members read what you write here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ > _
             ● alice  #den   2 #ops 1   4 carol @1          Ctrl-K go  Ctrl-F find  F1 keys
            key F6
            key Tab
            key Down
            server @id=3;time=2026-11-22T12:03:00Z bob | #ops | broadcast_not_me | three
                Title("tr2 (3)")
            »1 everyone     │ #den                                                 2 people
             2 #ops       2 │
            *3 #den         │
            >4 carol     @1 │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │
             8 Rooms        │ You are in #den. Its members read what you write here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ >
             ● alice  #den   2 #ops 2   4 carol @1          Ctrl-K go  Ctrl-F find  F1 keys
            key Esc
             1 everyone     │ #den                                                 2 people
             2 #ops       2 │
            *3 #den         │
             4 carol     @1 │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │
             8 Rooms        │ You are in #den. Its members read what you write here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ > _
             ● alice  #den   2 #ops 2   4 carol @1          Ctrl-K go  Ctrl-F find  F1 keys
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
                Notify { title: "~bob in #ops", body: "Álice: look" }
                Title("tr2 (2 @1)")
            server @id=3;time=2026-11-22T12:02:00Z bob | #ops | broadcast_not_me | at this
                Title("tr2 (3 @1)")
            server @id=4;time=2026-11-22T12:03:00Z bob | #den | broadcast_not_me | and this
                Title("tr2 (4 @1)")
            *1 everyone     │ everyone                                             3 people
             2 #ops      @1 │
             3 #den       2 │
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
             ● alice   2 #ops @1   3 #den 2                 Ctrl-K go  Ctrl-F find  F1 keys
            key Alt-A
                send @ref=5-0004 alice | #ops | members | no data
                Title("tr2 (2)")
             1 everyone     │ #ops                                                 2 people
            *2 #ops         │
             3 #den       2 │
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │ ─────────────────────────────────────── Sunday 22 November ──
             7 Search       │ ── 2 new ────────────────────────────────────────────────────
             8 Rooms        │▌12:01      ~bob  Álice: look
             9 Moderate     │ 12:02            at this
             0 Call         │ > _
             ● alice  #ops   3 #den 2                       Ctrl-K go  Ctrl-F find  F1 keys
            key Alt-A
                send @ref=5-0005 alice | #den | members | no data
                Title("tr2")
            key Alt-A
              [● alice  Nothing is unread.|]
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
            *1 everyone     │ everyone                                             2 people
             2 #ops         │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ Rooms · Esc closes ──────────────────────────────────────┐
                            │ │ 4 rooms · type to filter                                 │
                            │ │ >#ops                3  the new disks tha…  private · in │
                            │ │  #den                2                 private · invited │
                            │ │  #42                40                                   │
                            │ │  #lunch-and-coff…   12  soup                             │
             1 Echo         │ │ [Join] [Make] [Leave] [Topic] [Invite]                   │
             2 List clients │ └──────────────────────────────────────────────────────────┘
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │ You are in everyone: all who are online read what you write
             8 Rooms        │ here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ >
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            *1 everyone     │ everyone                                             2 people
             2 #ops         │
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ Rooms · Esc closes ──────────────────────────────────────┐
                            │ │ 1 with "lun"                                             │
                            │ │ >#lunch-and-coff…   12  soup                             │
                            │ │ [Join] [Make] [Leave] [Topic] [Invite]                   │
                            │ └──────────────────────────────────────────────────────────┘
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │ You are in everyone: all who are online read what you write
             8 Rooms        │ here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ >
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key Enter
                send @ref=5-0005 alice | #lunch-and-coffee-and-tea | join_room | no data
            server @ref=5-0005 server | #lunch-and-coffee-and-tea | room | open members=13 you=member topic=soup
                send @ref=5-0006 alice | #lunch-and-coffee-and-tea | members | no data
              [● alice  Joined #lunch-and-coffee-and-tea. /leave to leave.|]
            key F2
            key 8
                send @ref=5-0007 alice | server | rooms | no data
            key Tab
            key Right
            key Enter
            key Down
            key Down
             1 everyone     │ #lunch-and-coffee-and-tea  soup                     13 people
             2 #ops         │
            *3 #lunch-and-… │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ Make a room ─────────────────────────────────────────────┐
                            │ │ Name: #chess                                             │
                            │ │  ( )open to all                                          │
                            │ │ >(•)private, for those who are invited                   │
                            │ │ [Make] [Cancel]                                          │
             1 Echo         │ └──────────────────────────────────────────────────────────┘
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │ You are in #lunch-and-coffee-and-tea. Its members read what
             8 Rooms        │ you write here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ >
             ● alice  Joined #lunch-and-coffee-and-tea. /leave to leave.
            key Enter
                send @ref=5-0008 alice | #chess | join_room | private
            server @ref=5-0008 server | #chess | room | private members=1 you=maker topic=
                send @ref=5-0009 alice | #chess | members | no data
             1 everyone     │ #chess                                     private · 1 person
             2 #ops         │
             3 #lunch-and-… │
            *4 #chess       │
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
             7 Search       │
             8 Rooms        │ You are in #chess. Its members read what you write here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ > _
             ● alice  Created #chess. /invite NAME to invite somebody.
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
             1 everyone     │ #chess  my move                            private · 1 person
             2 #ops         │
             3 #lunch-and-… │
            *4 #chess       │
                            │
                            │
                            │
                            │
                            │ ┌ Invite into #chess ──────────────────────────────────────┐
                            │ │ Name:                                                    │
                            │ │ 1 online · type to filter                                │
                            │ │ >~bob                                                    │
                            │ │ [Invite] [Cancel]                                        │
             1 Echo         │ └──────────────────────────────────────────────────────────┘
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │
             8 Rooms        │ ─────────────────────────────────────── Sunday 22 November ──
             9 Moderate     │ 12:00         *  alice set the topic: my move
             0 Call         │ >
             ● alice  Created #chess. /invite NAME to invite somebody.
            key Enter
                send @ref=5-000d alice | #chess | invite_to_room | bob
            server @ref=5-000d alice | alice | invited_to_room | #chess
            key Ctrl-O
                send @ref=5-000e alice | server | rooms | no data
            key Tab
            key Right
            key Right
            key Enter
             1 everyone     │ #chess  my move                            private · 1 person
             2 #ops         │
             3 #lunch-and-… │
            *4 #chess       │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ Leave ───────────────────────────────────────────────────┐
                            │ │ Leave #chess? You can rejoin only if invited.            │
                            │ │ <Leave> [Stay]                                           │
                            │ └──────────────────────────────────────────────────────────┘
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │
             8 Rooms        │ ─────────────────────────────────────── Sunday 22 November ──
             9 Moderate     │ 12:00         *  alice set the topic: my move
             0 Call         │ >
             ● alice  bob is invited to #chess.
            key Enter
                send @ref=5-000f alice | #chess | leave_room | no data
            server @ref=5-000f server | #chess | left | alice
            *1 everyone     │ everyone                                             2 people
             2 #ops         │
             3 #lunch-and-… │
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
             7 Search       │ You are in everyone: all who are online read what you write
             8 Rooms        │ here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ > _
             ● alice  You left #chess.
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
            *1 everyone     │ everyone  hello                  0 people
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
             5 Exit         │ ─────────────────── Sunday 22 November ──
             6 Close server │ 12:00 * bob set the topic: hello
             7 Search       │─────────────────────────────── Esc closes
             8 Rooms        │ Write /leave [#ROOM]. Leaves a room;
             9 Moderate     │ going offline does not.
             0 Call         │ > _
             ● alice  You are not in #ops: /join #ops
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
            *1 everyone     │ everyone                         2 people
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
             3 Private mes… │ You are in everyone: all who are online
             4 Broadcast    │ read what you write here.
             5 Exit         │ Type and press Enter · F1 keys (or /help)
             6 Close server │ · F2 menu
             7 Search       │─────────────────────────────── Esc closes
             8 Rooms        │ This server has no moderators except
             9 Moderate     │ those who may close it.
             0 Call         │ > _
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
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
                Notify { title: "tr2", body: "You are no longer in #ops: kicked by bob: flooding" }
            *1 everyone     │ everyone                         2 people
             2 #den         │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │ ─────────────────── Sunday 22 November ──
             8 Rooms        │ 12:00 * You are no longer in #ops: kicked
             9 Moderate     │   by bob: flooding
             0 Call         │ > _
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
            key Ctrl-Y
            *1 everyone     │ everyone                         2 people
             2 #den         │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │ ─────────────────── Sunday 22 November ──
             8 Rooms        │ 12:00 * You are no longer in #ops: kicked
             9 Moderate     │   by bob: flooding
             0 Call         │ > half a thought_
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
            server bob | alice | invited_to_room | #ops
            *1 everyone     │ everyone                         2 people
             2 #den         │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │ ─────────────────── Sunday 22 November ──
             7 Search       │ 12:00 * You are no longer in #ops: kicked
             8 Rooms        │   by bob: flooding
             9 Moderate     │       * bob invited you: /join #ops
             0 Call         │ > half a thought_
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
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
        server server | client | name | TR2.26 accepted presence ping moderator rooms moderation away reply edit react
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
            server server | client | name | TR2.26 accepted presence ping moderator rooms moderation away reply edit react
                send alice | server | capabilities | reply edit react
                send @ref=5-0005 alice | server | name | alice
            server server | alice | connection_confirmation | hi
                send @ref=5-0006 alice | server | list_clients | no data
                send alice | server | ping | 7
            server server | #den | room | open members=2 you=member topic=
            server @ref=5-0006 server | alice | list_clients | clients connected: alice
            server @ref=5-0006 server | alice | list_end
            *1 everyone     │ everyone                         1 person
             2 #den         │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │ You are in everyone, alone so far. Others
             6 Close server │ join with: tr2 join --server
             7 Search       │ tcp://localhost:1234
             8 Rooms        │ Type and press Enter · F1 keys (or /help)
             9 Moderate     │ · F2 menu
             0 Call         │ > _
             ● alice  You are no longer in #ops.
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
                stdout 12:02 [#ops] bob: hi
            server @id=3;time=2026-11-22T12:02:00Z bob | #den | broadcast_not_me | two\nlines
                stdout 12:02 [#den] ~bob: two
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




             You are in everyone: all who are
             online read what you write here.
             Type and press Enter · F1 keys (or
             /help) · F2 menu
             > /query #opera _
             ● alice             Ctrl-K go  F1 keys
            key Tab
            key Enter
                send @ref=5-0004 alice | #ops | members | no data




             You are in #ops. Its members read what
             you write here.
             Type and press Enter · F1 keys (or
             /help) · F2 menu
             #ops> _
             ● alice  #ops       Ctrl-K go  F1 keys
        "#]],
    );
}
