//! Rooms and moderation as the session shows them, on an emulated terminal of three sizes.

use expect_test::{Expect, expect};

use crate::script::Play;
use crate::{Bench, COLOURS};

/// In a room with two others, one of them away, while a closing of the server is announced.
const ROOM: &str = "
    rooms bob carol
    server server | #ops | room | private members=4 you=maker slow=30 topic=the new disks
    server server | #den | room | open members=2 you=member topic=
    server bob | all clients | away | lunch
    say /query #ops
    server @ref=5-0004 server | #ops | members | maker online alice
    server @ref=5-0004 server | #ops | members | member online bob carol
    server @ref=5-0004 server | #ops | members | member offline dave
    server @ref=5-0004 server | #ops | members_end
    server @id=1;time=2026-11-22T12:01:00Z bob | #ops | broadcast_not_me | the backup runs
    server @id=2;time=2026-11-22T12:02:00Z carol | #ops | broadcast_not_me | an insult
    server @id=2 carol | #ops | deleted | alice
    server alice | #ops | act | mute carol 600 on insults
    server @id=3;time=2026-11-22T12:03:00Z carol | #den | broadcast_not_me | alice?
    server bob | #ops | act | announce - - on lunch is ready
    server bob | all clients | closing | 300 power
";
const ROOMS: &str = "
    key Ctrl-O
    server @ref=5-0005;batch=b server | #ops | room | private members=4 you=maker slow=30 topic=the new disks
    server @ref=5-0005;batch=b server | #den | room | open members=2 you=member topic=
    server @ref=5-0005;batch=b server | #lunch | room | open members=12 you=outside topic=soup today, and what else there is
    server @ref=5-0005;batch=b server | #plans | room | private members=3 you=invited topic=
    server @ref=5-0005 server | alice | rooms_end
";
const MODERATE: &str = "
    key F2
    key 9
    key Down
";
const BAN: &str = "
    say /ban bob 2h
    server @ref=5-0005 server | alice | would_ban | 0
";
const LOG: &str = "
    say /modlog
    server @ref=5-0005;batch=b;id=8;time=2026-11-22T11:58:00Z bob | #ops | act | kick eve - on spam
    server @ref=5-0005;batch=b;id=9;time=2026-11-22T11:59:00Z bob | #ops | act | mute dave 600 on loud
    server @ref=5-0005 server | alice | modlog_end | more
";

/// Compares the screen after a script, at one size.
fn check(size: &str, script: &str, expected: Expect) {
    let mut play = Play::new("start name=alice");
    let steps = format!("start name=alice\nsize {size}\n{ROOM}{script}");
    steps.lines().map(str::trim).filter(|step| !step.is_empty()).for_each(|step| play.step(step));
    let (cols, rows) = size.split_once('x').unwrap();
    let mut bench = Bench::new(cols.parse().unwrap(), rows.parse().unwrap(), COLOURS);
    bench.draw(play.session.view());
    expected.assert_eq(&bench.seen());
}

#[test]
fn a_room_at_80x24() {
    check(
        "80x24",
        "",
        expect![[r#"
             1 everyone     │ #ops  the new disks            slow 30 s · private · 4 people
             2 #ops         │
             3 #den      @1 │
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
             4 Broadcast    │ ─────────────────────────────────────── Sunday 22 November ──
             5 Exit         │ 12:01      ~bob  the backup runs
             6 Close server │ 12:02    ~carol  [deleted by you]
             7 Search       │ 12:00         *  alice muted carol for 10 minutes: insults
             8 Rooms        │               *  bob announces: lunch is ready
             9 Moderate     │               *  bob closes the server in 5 minutes: power
             0 Call         │ >
             ● alice  closes in 5:00 · power  #ops   3 #den @1           Ctrl-K go  F1 keys
            cursor: column 20, row 22
        "#]],
    );
}

#[test]
fn a_room_at_40x10() {
    check(
        "40x10",
        "",
        expect![[r#"
             ──────────────── Sunday 22 November ──
             12:01 ~bob the backup runs
             12:02 ~carol [deleted by you]
             12:00 * alice muted carol for 10
               minutes: insults
                   * bob announces: lunch is ready
                   * bob closes the server in 5
               minutes: power
             #ops>
            ● alice  closes in 5:00 · power  #ops +1
            cursor: column 7, row 8
        "#]],
    );
}

#[test]
fn a_room_at_20x5() {
    check(
        "20x5",
        "",
        expect![[r#"
            * bob closes the
              server in 5
              minutes: power
             #ops>
            ● alice  closes in …
            cursor: column 7, row 3
        "#]],
    );
}

#[test]
fn the_list_of_rooms_at_80x24() {
    check(
        "80x24",
        ROOMS,
        expect![[r#"
             1 everyone     │ #ops  the new disks            slow 30 s · private · 4 people
             2 #ops         │
             3 #den      @1 │
                            │
                            │
                            │
                            │
                            │ ┌ Rooms · Esc closes ──────────────────────────────────────┐
                            │ │ 4 rooms · type to filter                                 │
                            │ │   #ops      4  the new disks                private · in │
                            │ │   #den      2                                         in │
                            │ │   #plans    3                          private · invited │
                            │ │   #lunch   12  soup today, and what else there is        │
             1 Echo         │ │   [ Join ]  [ Make ]  [ Leave ]  [ Topic ]  [ Invite ]   │
             2 List clients │ └──────────────────────────────────────────────────────────┘
             3 Private mes… │
             4 Broadcast    │ ─────────────────────────────────────── Sunday 22 November ──
             5 Exit         │ 12:01      ~bob  the backup runs
             6 Close server │ 12:02    ~carol  [deleted by you]
             7 Search       │ 12:00         *  alice muted carol for 10 minutes: insults
             8 Rooms        │               *  bob announces: lunch is ready
             9 Moderate     │               *  bob closes the server in 5 minutes: power
             0 Call         │ >
             ● alice  closes in 5:00 · power  #ops   3 #den @1           Ctrl-K go  F1 keys
            cursor: hidden
        "#]],
    );
}

#[test]
fn the_list_of_rooms_at_40x10() {
    check(
        "40x10",
        ROOMS,
        expect![[r#"
            ┌ Rooms · Esc closes ──────────────────┐
            │ 4 rooms · type to filter             │
            │   #ops      4  the new… private · in │
            │   #den      2                     in │
            │   #plans    3      private · invited │
            │   #lunch   12  soup today, and what… │
            │    [ Join ]  [ Make ]  [ Leave ]     │
            │        [ Topic ]  [ Invite ]         │
            └──────────────────────────────────────┘
            ● alice  closes in 5:00 · power  #ops +1
            cursor: hidden
        "#]],
    );
}

#[test]
fn the_list_of_rooms_at_20x5() {
    check(
        "20x5",
        ROOMS,
        expect![[r#"
            ┌ Rooms · Esc clo… ┐
            │ 4 rooms · type … │
            │   #ops… private… │
            │     [ Join ]     │
            └──────────────────┘
            cursor: hidden
        "#]],
    );
}

#[test]
fn the_moderation_menu_at_80x24() {
    check(
        "80x24",
        MODERATE,
        expect![[r#"
             1 everyone     │ #ops  the new disks            slow 30 s · private · 4 people
             2 #ops         │
             3 #den      @1 │
                            │
                            │ ┌ Moderate #ops ───────────────────────────────────────────┐
                            │ │ 18 actions · type to filter                              │
                            │ │   Kick              Disconnects a user; they may rejoin. │
                            │ │   Ban               Bans a user, permanently or for a t… │
                            │ │   Unban             Lifts a ban.                         │
                            │ │   Mute              Mutes a user, permanently or for a … │
                            │ │   Unmute            Lifts a mute.                        │
                            │ │   Slow mode         Limits how often each user may writ… │
                            │ │   Read-only         Lets only moderators write.          │
             1 Echo         │ │   Lock topic        Lets only moderators set the topic.  │
             2 List clients │ │   Calls             Switches a room's calls on or off.   │
             3 Private mes… │ │   Delete message    Deletes a message; a marker stays.   │
             4 Broadcast    │ │                  [ Choose ]  [ Close ]                   │
             5 Exit         │ └──────────────────────────────────────────────────────────┘
             6 Close server │ 12:02    ~carol  [deleted by you]
             7 Search       │ 12:00         *  alice muted carol for 10 minutes: insults
             8 Rooms        │               *  bob announces: lunch is ready
             9 Moderate     │               *  bob closes the server in 5 minutes: power
             0 Call         │ >
             ● alice  closes in 5:00 · power  #ops   3 #den @1           Ctrl-K go  F1 keys
            cursor: hidden
        "#]],
    );
}

#[test]
fn the_moderation_menu_at_40x10() {
    check(
        "40x10",
        MODERATE,
        expect![[r#"
            ┌ Moderate #ops ───────────────────────┐
            │ 18 actions · type to filter          │
            │   Kick              Disconnects a u… │
            │   Ban               Bans a user, pe… │
            │   Unban             Lifts a ban.     │
            │   Mute              Mutes a user, p… │
            │   Unmute            Lifts a mute.    │
            │   Slow mode         Limits how ofte… │
            │        [ Choose ]  [ Close ]         │
            └──────────────────────────────────────┘
            cursor: hidden
        "#]],
    );
}

#[test]
fn the_moderation_menu_at_20x5() {
    check(
        "20x5",
        MODERATE,
        expect![[r#"
            ┌ Moderate #ops ───┐
            │ 18 actions · ty… │
            │   Ban          … │
            │    [ Choose ]    │
            └──────────────────┘
            cursor: hidden
        "#]],
    );
}

#[test]
fn the_ban_dialog_at_80x24() {
    check(
        "80x24",
        BAN,
        expect![[r#"
             1 everyone     │ #ops  the new disks            slow 30 s · private · 4 people
             2 #ops         │
             3 #den      @1 │
                            │ ┌ Ban · #ops ──────────────────────────────────────────────┐
                            │ │ (•) in #ops                                              │
                            │ │ ( ) on the whole server                                  │
                            │ │ Whom: bob                                                │
                            │ │ A name, SHA256:KEY, uid:N, an address or a network.      │
                            │ │ Time: 2h                                                 │
                            │ │ Such as 10m, 2h or 7d; empty means permanently.          │
                            │ │ Why:                                                     │
                            │ │ 3 to choose from · type to filter                        │
                            │ │ › ~bob                                       away: lunch │
             1 Echo         │ │   ~carol                                                 │
             2 List clients │ │   ~dave                                          offline │
             3 Private mes… │ │ Say why: everyone here can read it.                      │
             4 Broadcast    │ │             [ Ban ]  [ Preview ]  [ Cancel ]             │
             5 Exit         │ └──────────────────────────────────────────────────────────┘
             6 Close server │ 12:02    ~carol  [deleted by you]
             7 Search       │ 12:00         *  alice muted carol for 10 minutes: insults
             8 Rooms        │               *  bob announces: lunch is ready
             9 Moderate     │               *  bob closes the server in 5 minutes: power
             0 Call         │ >
             ● alice  closes in 5:00 · power  #ops   3 #den @1           Ctrl-K go  F1 keys
            cursor: column 26, row 10
        "#]],
    );
}

#[test]
fn the_ban_dialog_at_40x10() {
    check(
        "40x10",
        BAN,
        expect![[r#"
            ┌ Ban · #ops ──────────────────────────┐
            │ A name, SHA256:KEY, uid:N, an        │
            │ address or a network.                │
            │ Time: 2h                             │
            │ Such as 10m, 2h or 7d; empty means   │
            │ permanently.                         │
            │ Why:                                 │
            │ Say why: everyone here can read it.  │
            │   [ Ban ]  [ Preview ]  [ Cancel ]   │
            └──────────────────────────────────────┘
            cursor: column 8, row 6
        "#]],
    );
}

#[test]
fn the_ban_dialog_at_20x5() {
    check(
        "20x5",
        BAN,
        expect![[r#"
            ┌ Ban · #ops ──────┐
            │ means            │
            │ permanently.     │
            │ Why:             │
            └──────────────────┘
            cursor: column 7, row 3
        "#]],
    );
}

#[test]
fn the_moderation_log_at_80x24() {
    check(
        "80x24",
        LOG,
        expect![[r#"
             1 everyone     │ #ops  the new disks            slow 30 s · private · 4 people
             2 #ops         │
             3 #den      @1 │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ Moderation log · #ops ───────────────────────────────────┐
                            │ │ 2026-11-22 11:59      bob muted dave for 10 minutes:     │
                            │ │                       loud                               │
                            │ │ 2026-11-22 11:58      bob kicked eve: spam               │
                            │ │                   [ Older ]  [ Close ]                   │
             1 Echo         │ └──────────────────────────────────────────────────────────┘
             2 List clients │
             3 Private mes… │
             4 Broadcast    │ ─────────────────────────────────────── Sunday 22 November ──
             5 Exit         │ 12:01      ~bob  the backup runs
             6 Close server │ 12:02    ~carol  [deleted by you]
             7 Search       │ 12:00         *  alice muted carol for 10 minutes: insults
             8 Rooms        │               *  bob announces: lunch is ready
             9 Moderate     │               *  bob closes the server in 5 minutes: power
             0 Call         │ >
             ● alice  closes in 5:00 · power  #ops   3 #den @1           Ctrl-K go  F1 keys
            cursor: hidden
        "#]],
    );
}

#[test]
fn the_moderation_log_at_40x10() {
    check(
        "40x10",
        LOG,
        expect![[r#"
            ┌ Moderation log · #ops ───────────────┐
            │ 2026-11-22 11:59                     │
            │   bob muted dave for 10 minutes:     │
            │   loud                               │
            │ 2026-11-22 11:58                     │
            │   bob kicked eve: spam               │
            │         [ Older ]  [ Close ]         │
            └──────────────────────────────────────┘
             #ops>
            ● alice  closes in 5:00 · power  #ops +1
            cursor: hidden
        "#]],
    );
}

#[test]
fn the_moderation_log_at_20x5() {
    check(
        "20x5",
        LOG,
        expect![[r#"
            ┌ Moderation log … ┐
            │ 2026-11-22 11:59 │
            │   bob muted dave │
            │    [ Older ]     │
            └──────────────────┘
            cursor: hidden
        "#]],
    );
}
