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
        ┌ Menu ─────────────┬ #ops · the new dis… · slow 30 s · private ┬ Members · 4 ─┐
        │ 1 Echo            │                                           │ @alice   you │
        │ 2 List clients    │                                           │ bob     away │
        │ 3 Private message │                                           │ carol        │
        │ 4 Broadcast       │                                           │ dave     off │
        │ 5 Exit            │                                           │              │
        │ 6 Close server    │                                           │              │
        │ 7 Search          │                                           │              │
        │ 8 Rooms           │                                           │              │
        │ 9 Moderate        │                                           │              │
        ├ Conversations ────┤                                           │              │
        │ everyone          │                                           │              │
        │ #den       (1 @1) │ ──────── Sunday 22 November 2026 ──────── │              │
        │▌#ops              │ 12:01 bob     the backup runs             │              │
        │                   │ 12:02 carol   [deleted by alice]          │              │
        │                   │ 12:00 * alice muted carol for 10 minutes: │              │
        │                   │         insults                           │              │
        │                   │ 12:00 * bob announces: lunch is ready     │              │
        │                   │ 12:00 * bob closes the server in 5        │              │
        │                   │         minutes: power                    │              │
        │                   ├───────────────────────────────────────────┤              │
        │                   │ >                                         │              │
        └───────────────────┴───────────────────────────────────────────┴──────────────┘
          closes in 5:00 · power · alice@localhost · online · 0 ms    F1 help  F2 menu
        cursor: column 24, row 21
    "#]],
    );
}

#[test]
fn a_room_at_40x10() {
    check(
        "40x10",
        "",
        expect![[r#"
            ─────── Sunday 22 November 2026 ────────
            12:01 bob     the backup runs
            12:02 carol   [deleted by alice]
            12:00 * alice muted carol for 10
              minutes: insults
            12:00 * bob announces: lunch is ready
            12:00 * bob closes the server in 5
              minutes: power
            #ops>
              closes in 5:00 · 1 @1 · alice · online
            cursor: column 6, row 8
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
         closes in 5:00 · 1…
        cursor: column 6, row 3
    "#]],
    );
}

#[test]
fn the_list_of_rooms_at_80x24() {
    check(
        "80x24",
        ROOMS,
        expect![[r#"
            ┌ Menu ─────────────┬ #ops · the new dis… · slow 30 s · private ┬ Members · 4 ─┐
            │ 1 Echo            │                                           │ @alice   you │
            │ 2 List clients    │                                           │ bob     away │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │ dave     off │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            │ 8 Roo ┌ Rooms · Esc closes ──────────────────────────────────────────┐       │
            │ 9 Mod │ 4 rooms · type to filter                                     │       │
            ├ Conve │   #ops      4  the new disks                    private · in │       │
            │ every │   #den      2                                             in │       │
            │ #den  │   #plans    3                              private · invited │       │
            │▌#ops  │   #lunch   12  soup today, and what else there is            │       │
            │       │     [ Join ]  [ Make ]  [ Leave ]  [ Topic ]  [ Invite ]     │       │
            │       └──────────────────────────────────────────────────────────────┘       │
            │                   │         insults                           │              │
            │                   │ 12:00 * bob announces: lunch is ready     │              │
            │                   │ 12:00 * bob closes the server in 5        │              │
            │                   │         minutes: power                    │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
              closes in 5:00 · power · alice@localhost · online · 0 ms    F1 help  F2 menu
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
              closes in 5:00 · 1 @1 · alice · online
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
        "#]],
    );
}

#[test]
fn the_moderation_menu_at_80x24() {
    check(
        "80x24",
        MODERATE,
        expect![[r#"
            ┌ Menu ─────────────┬ #ops · the new dis… · slow 30 s · private ┬ Members · 4 ─┐
            │ 1 Echo            │                                           │ @alice   you │
            │ 2 List clients    │                                           │ bob     away │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │ dave     off │
            │ 5 Exi ┌ Moderate #ops ───────────────────────────────────────────────┐       │
            │ 6 Clo │ 15 acts · type to filter                                     │       │
            │ 7 Sea │   Kick              Disconnects a user; they may rejoin.     │       │
            │ 8 Roo │   Ban               Bans a user, permanently or for a time.  │       │
            │ 9 Mod │   Unban             Lifts a ban.                             │       │
            ├ Conve │   Mute              Mutes a user, permanently or for a time. │       │
            │ every │   Unmute            Lifts a mute.                            │       │
            │ #den  │   Slow mode         Limits how often each user may write.    │       │
            │▌#ops  │   Read-only         Lets only moderators write.              │       │
            │       │   Lock topic        Lets only moderators set the topic.      │       │
            │       │   Delete message    Deletes a message; a marker stays.       │       │
            │       │   Announce          Sends an announcement to everyone.       │       │
            │       │                    [ Choose ]  [ Close ]                     │       │
            │       └──────────────────────────────────────────────────────────────┘       │
            │                   │         minutes: power                    │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
              closes in 5:00 · power · alice@localhost · online · 0 ms    F1 help  F2 menu
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
            │ 15 acts · type to filter             │
            │   Kick              Disconnects a u… │
            │   Ban               Bans a user, pe… │
            │   Unban             Lifts a ban.     │
            │   Mute              Mutes a user, p… │
            │   Unmute            Lifts a mute.    │
            │   Slow mode         Limits how ofte… │
            │        [ Choose ]  [ Close ]         │
            └──────────────────────────────────────┘
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
            │ 15 acts · type … │
            │   Ban          … │
            │    [ Choose ]    │
            └──────────────────┘
        "#]],
    );
}

#[test]
fn the_ban_dialog_at_80x24() {
    check(
        "80x24",
        BAN,
        expect![[r#"
            ┌ Menu ─────────────┬ #ops · the new dis… · slow 30 s · private ┬ Members · 4 ─┐
            │ 1 Echo            │                                           │ @alice   you │
            │ 2 List clients    │                                           │ bob     away │
            │ 3 Private message │                                           │ carol        │
            │ 4 Bro ┌ Ban · #ops ──────────────────────────────────────────────────┐   off │
            │ 5 Exi │ (•) in #ops                                                  │       │
            │ 6 Clo │ ( ) on the whole server                                      │       │
            │ 7 Sea │ Whom: bob                                                    │       │
            │ 8 Roo │ A name, SHA256:KEY, uid:N, an address or a network.          │       │
            │ 9 Mod │ Time: 2h                                                     │       │
            ├ Conve │ Such as 10m, 2h or 7d; empty means permanently.              │       │
            │ every │ Why:                                                         │       │
            │ #den  │ 3 to choose from · type to filter                            │       │
            │▌#ops  │ › bob                                            away: lunch │       │
            │       │   carol                                                      │       │
            │       │   dave                                               offline │       │
            │       │ Say why: everyone here can read it.                          │       │
            │       │               [ Ban ]  [ Preview ]  [ Cancel ]               │       │
            │       └──────────────────────────────────────────────────────────────┘       │
            │                   │         minutes: power                    │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
              closes in 5:00 · power · alice@localhost · online · 0 ms    F1 help  F2 menu
            cursor: column 16, row 11
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
            ┌ Menu ─────────────┬ #ops · the new dis… · slow 30 s · private ┬ Members · 4 ─┐
            │ 1 Echo            │                                           │ @alice   you │
            │ 2 List clients    │                                           │ bob     away │
            │ 3 Private message │                                           │ carol        │
            │ 4 Broadcast       │                                           │ dave     off │
            │ 5 Exit            │                                           │              │
            │ 6 Close server    │                                           │              │
            │ 7 Search          │                                           │              │
            │ 8 Rooms           │                                           │              │
            │ 9 Mod ┌ Moderation log · #ops ───────────────────────────────────────┐       │
            ├ Conve │ 2026-11-22 11:59      bob muted dave for 10 minutes: loud    │       │
            │ every │ 2026-11-22 11:58      bob kicked eve: spam                   │       │
            │ #den  │                     [ Older ]  [ Close ]                     │       │
            │▌#ops  └──────────────────────────────────────────────────────────────┘       │
            │                   │ 12:02 carol   [deleted by alice]          │              │
            │                   │ 12:00 * alice muted carol for 10 minutes: │              │
            │                   │         insults                           │              │
            │                   │ 12:00 * bob announces: lunch is ready     │              │
            │                   │ 12:00 * bob closes the server in 5        │              │
            │                   │         minutes: power                    │              │
            │                   ├───────────────────────────────────────────┤              │
            │                   │ >                                         │              │
            └───────────────────┴───────────────────────────────────────────┴──────────────┘
              closes in 5:00 · power · alice@localhost · online · 0 ms    F1 help  F2 menu
        "#]],
    );
}

#[test]
fn the_moderation_log_at_40x10() {
    check(
        "40x10",
        LOG,
        expect![[r#"
            ─────── Sunday 22 November 2026 ────────
            ┌ Moderation log · #ops ───────────────┐
            │ 2026-11-22 11:59                     │
            │   bob muted dave for 10 minutes:     │
            │   loud                               │
            │ 2026-11-22 11:58                     │
            │   bob kicked eve: spam               │
            │         [ Older ]  [ Close ]         │
            └──────────────────────────────────────┘
              closes in 5:00 · 1 @1 · alice · online
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
        "#]],
    );
}
