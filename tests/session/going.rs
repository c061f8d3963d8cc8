//! Getting around: the quick switch, the order of conversations, picked messages, mentions, the bare view.

use expect_test::{Expect, expect};

use crate::script::{Play, play};

fn check(script: &str, expected: Expect) {
    expected.assert_eq(&play(script));
}

/// At 80x24, with bob and carol, and some messages.
const TALK: &str = "start name=alice
    size 60x14
    online bob carol
    server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | good morning
    server @id=2;time=2026-11-22T12:01:00Z;verified=yes carol | all clients | broadcast_not_me | alice: the backup?
    server @id=3;time=2026-11-22T12:02:00Z;verified=yes bob | all clients | broadcast_not_me | all green
    server @id=4;time=2026-11-22T12:03:00Z;verified=yes bob | alice | private_message | psst
";

#[test]
fn the_quick_switch_goes_anywhere_by_a_few_letters() {
    check(
        &format!(
            "{TALK} key Ctrl-K\n screen\n type bo\n key Enter\n screen\n key Ctrl-K\n type cr\n screen\n key Enter\n status"
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x14
            server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | good morning
            server @id=2;time=2026-11-22T12:01:00Z;verified=yes carol | all clients | broadcast_not_me | alice: the backup?
                Bell
                Notify { title: "carol in everyone", body: "alice: the backup?" }
            server @id=3;time=2026-11-22T12:02:00Z;verified=yes bob | all clients | broadcast_not_me | all green
            server @id=4;time=2026-11-22T12:03:00Z;verified=yes bob | alice | private_message | psst
                Notify { title: "bob", body: "psst" }
                Title("tr2 (1)")
            key Ctrl-K
            ┌ Go to ───────────────────────────────────────────────────┐
            │ 76 places and actions · type to filter                   │
            │ >everyone                                                │
            │  bob                                            1 unread │
            │  ~carol                                                  │
            │  Echo                                         /echo TEXT │
            │  List clients                                      /list │
            │  Private message                          /msg NAME TEXT │
            │  Broadcast                               /broadcast TEXT │
            │  Exit                                      /exit  Ctrl-C │
            │  Close server               /close-server [PASSPHRASE |… │
            │  Search                            /search WORDS  Ctrl-F │
            │ [Go] [Cancel]                                            │
            └──────────────────────────────────────────────────────────┘
            key Enter
                Title("tr2")
             1 everyone     │ bob
            *2 bob          │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │ ─────────────────── Sunday 22 November ──
             8 Rooms        │ ── 1 new ────────────────────────────────
             9 Moderate     │ 12:03 bob psst
             0 Call         │ > _
             ● alice  bob               Ctrl-K go  Ctrl-F find  F1 keys
            key Ctrl-K
            ┌ Go to ───────────────────────────────────────────────────┐
            │ 13 with "cr"                                             │
            │ >~carol                                                  │
            │  Close server               /close-server [PASSPHRASE |… │
            │  Become a moderator              /moderator [PASSPHRASE] │
            │  Camera                      /camera [NAME] [on|off]  F7 │
            │  Large picture                             /large  Alt-Z │
            │  Compare words              /verify [NAME] [match|diffe… │
            │  Next conversation                                Ctrl-N │
            │  Previous conversation                            Ctrl-P │
            │  Move conversation up                       Alt-Shift-Up │
            │  Move conversation down                   Alt-Shift-Down │
            │ [Go] [Cancel]                                            │
            └──────────────────────────────────────────────────────────┘
            key Enter
              [● alice  carol|Ctrl-K go  Ctrl-F find  F1 keys]
        "#]],
    );
}

#[test]
fn the_quick_switch_runs_an_action_and_cutting_still_cuts() {
    check(
        &format!(
            "{TALK} key Ctrl-K\n type whos\n key Enter\n type one two\n key Home\n key Ctrl-K\n key Ctrl-Y\n screen"
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x14
            server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | good morning
            server @id=2;time=2026-11-22T12:01:00Z;verified=yes carol | all clients | broadcast_not_me | alice: the backup?
                Bell
                Notify { title: "carol in everyone", body: "alice: the backup?" }
            server @id=3;time=2026-11-22T12:02:00Z;verified=yes bob | all clients | broadcast_not_me | all green
            server @id=4;time=2026-11-22T12:03:00Z;verified=yes bob | alice | private_message | psst
                Notify { title: "bob", body: "psst" }
                Title("tr2 (1)")
            key Ctrl-K
            key Enter
            key Home
            key Ctrl-K
            key Ctrl-Y
            *1 everyone     │ everyone                         3 people
             2 bob       @1 │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │ ─────────────────── Sunday 22 November ──
             4 Broadcast    │ 12:00 bob good morning
             5 Exit         │▌12:01 carol alice: the backup?
             6 Close server │ 12:02 bob all green
             7 Search       │─────────────────────────────── Esc closes
             8 Rooms        │ That needs a connection to a server that
             9 Moderate     │ verifies users.
             0 Call         │ > one two_
             ● alice   2 bob @1         Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn a_conversation_keeps_its_place_until_it_is_moved() {
    check(
        &format!(
            "{TALK} server @id=5 carol | alice | private_message | me too
             key Alt-3\n key Alt-Shift-Up\n screen
             server @id=6 bob | alice | private_message | again
             key Alt-Shift-Up\n key Alt-Shift-Down\n key Alt-Shift-Down\n screen"
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x14
            server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | good morning
            server @id=2;time=2026-11-22T12:01:00Z;verified=yes carol | all clients | broadcast_not_me | alice: the backup?
                Bell
                Notify { title: "carol in everyone", body: "alice: the backup?" }
            server @id=3;time=2026-11-22T12:02:00Z;verified=yes bob | all clients | broadcast_not_me | all green
            server @id=4;time=2026-11-22T12:03:00Z;verified=yes bob | alice | private_message | psst
                Notify { title: "bob", body: "psst" }
                Title("tr2 (1)")
            server @id=5 carol | alice | private_message | me too
                Notify { title: "~carol", body: "me too" }
                Title("tr2 (2)")
            key Alt-3
                Title("tr2 (1)")
            key Alt-Shift-Up
             1 everyone     │ carol
            *2 carol        │
             3 bob       @1 │
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ─────────────────── Sunday 22 November ──
                            │ ── 1 new ────────────────────────────────
                            │ 12:00 ~carol me too
             menu F2        │ > _
             ● alice  carol   3 bob @1  Ctrl-K go  Ctrl-F find  F1 keys
            server @id=6 bob | alice | private_message | again
                Title("tr2 (2)")
            key Alt-Shift-Up
            key Alt-Shift-Down
            key Alt-Shift-Down
             1 everyone     │ carol
             2 bob       @2 │
            *3 carol        │
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ─────────────────── Sunday 22 November ──
                            │ ── 1 new ────────────────────────────────
                            │ 12:00 ~carol me too
             menu F2        │ > _
             ● alice  carol   2 bob @2  Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn messages_are_picked_from_the_newest_on_and_mentions_found() {
    check(
        &format!(
            "{TALK} key Ctrl-Up\n key Ctrl-Up\n screen
             key Ctrl-Down\n key Ctrl-Down\n screen
             key Alt-P\n screen\n key Alt-P\n status\n key Esc\n screen"
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x14
            server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | good morning
            server @id=2;time=2026-11-22T12:01:00Z;verified=yes carol | all clients | broadcast_not_me | alice: the backup?
                Bell
                Notify { title: "carol in everyone", body: "alice: the backup?" }
            server @id=3;time=2026-11-22T12:02:00Z;verified=yes bob | all clients | broadcast_not_me | all green
            server @id=4;time=2026-11-22T12:03:00Z;verified=yes bob | alice | private_message | psst
                Notify { title: "bob", body: "psst" }
                Title("tr2 (1)")
            key Ctrl-Up
            key Ctrl-Up
            *1 everyone     │ everyone                         3 people
             2 bob       @1 │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │ ─────────────────── Sunday 22 November ──
             7 Search       │ 12:00 bob good morning
             8 Rooms        │>12:01 carol alice: the backup?
             9 Moderate     │ 12:02 bob all green
             0 Call         │ >
             ● alice   2 bob @1                             c copy  Esc
            key Ctrl-Down
            key Ctrl-Down
            *1 everyone     │ everyone                         3 people
             2 bob       @1 │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │ ─────────────────── Sunday 22 November ──
             7 Search       │ 12:00 bob good morning
             8 Rooms        │▌12:01 carol alice: the backup?
             9 Moderate     │ 12:02 bob all green
             0 Call         │ > _
             ● alice   2 bob @1         Ctrl-K go  Ctrl-F find  F1 keys
            key Alt-P
            *1 everyone     │ everyone                         3 people
             2 bob       @1 │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │ ─────────────────── Sunday 22 November ──
             7 Search       │ 12:00 bob good morning
             8 Rooms        │>12:01 carol alice: the backup?
             9 Moderate     │ 12:02 bob all green
             0 Call         │ >
             ● alice   2 bob @1                             c copy  Esc
            key Alt-P
              [● alice   2 bob @1|c copy  Esc]
            key Esc
            *1 everyone     │ everyone                         3 people
             2 bob       @1 │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │ ─────────────────── Sunday 22 November ──
             7 Search       │ 12:00 bob good morning
             8 Rooms        │>12:01 carol alice: the backup?
             9 Moderate     │ 12:02 bob all green
             0 Call         │ >
             ● alice   2 bob @1                             c copy  Esc
        "#]],
    );
}

#[test]
fn the_bare_view_shows_only_messages() {
    check(
        &format!("{TALK} size 100x12\n key Alt-L\n screen\n key Alt-L\n screen"),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x14
            server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | good morning
            server @id=2;time=2026-11-22T12:01:00Z;verified=yes carol | all clients | broadcast_not_me | alice: the backup?
                Bell
                Notify { title: "carol in everyone", body: "alice: the backup?" }
            server @id=3;time=2026-11-22T12:02:00Z;verified=yes bob | all clients | broadcast_not_me | all green
            server @id=4;time=2026-11-22T12:03:00Z;verified=yes bob | alice | private_message | psst
                Notify { title: "bob", body: "psst" }
                Title("tr2 (1)")
            size 100x12
            key Alt-L
             everyone                                                                                  3 people





            ────────────────────────────────────────────────────────────────────────────── Sunday 22 November ──
            12:00       bob  good morning
            12:01     carol  alice: the backup?
            12:02       bob  all green
             > _
             ● alice@localhost 0 ms   2 bob @1                                  Ctrl-K go  Ctrl-F find  F1 keys
            key Alt-L
            *1 everyone         │ everyone                                                     │ 3 online
             2 bob           @1 │                                                              │ ~alice     you
                                │                                                              │ ~bob
                                │                                                              │ ~carol
                                │                                                              │
                                │                                                              │
                                │ ────────────────────────────────────── Sunday 22 November ── │
                                │ 12:00       bob  good morning                                │
                                │▌12:01     carol  alice: the backup?                          │
                                │ 12:02       bob  all green                                   │
             menu F2            │ > _                                                          │
             ● alice@localhost 0 ms   2 bob @1                                  Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn what_the_client_says_is_short_in_the_status_bar_and_long_in_a_panel() {
    check(
        &format!(
            "{TALK} say /query nobody-here\n key Alt-1\n say /ignored\n status\n tick\n status
             say /kick\n screen\n key Esc\n screen"
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x14
            server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | good morning
            server @id=2;time=2026-11-22T12:01:00Z;verified=yes carol | all clients | broadcast_not_me | alice: the backup?
                Bell
                Notify { title: "carol in everyone", body: "alice: the backup?" }
            server @id=3;time=2026-11-22T12:02:00Z;verified=yes bob | all clients | broadcast_not_me | all green
            server @id=4;time=2026-11-22T12:03:00Z;verified=yes bob | alice | private_message | psst
                Notify { title: "bob", body: "psst" }
                Title("tr2 (1)")
            say /query nobody-here
            key Alt-1
            say /ignored
              [● alice  You are ignoring nobody.|]
            tick at 5s
              [● alice   2 bob @1|Ctrl-K go  Ctrl-F find  F1 keys]
            say /kick
            *1 everyone     │ everyone                         3 people
             2 bob       @1 │
             3 nobody-here  │
                            │
                            │
                            │ ─────────────────── Sunday 22 November ──
                            │ 12:00 bob good morning
                            │▌12:01 carol alice: the backup?
                            │ 12:02 bob all green
                            │─────────────────────────────── Esc closes
                            │ This server has no moderators except
                            │ those who may close it.
             menu F2        │ > _
             ● alice   2 bob @1         Ctrl-K go  Ctrl-F find  F1 keys
            key Esc
            *1 everyone     │ everyone                         3 people
             2 bob       @1 │
             3 nobody-here  │
                            │
                            │
                            │
                            │
                            │
                            │ ─────────────────── Sunday 22 November ──
                            │ 12:00 bob good morning
                            │▌12:01 carol alice: the backup?
                            │ 12:02 bob all green
             menu F2        │ > _
             ● alice   2 bob @1         Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

/// With #r01 to #r11 in the list, which is then twelve long.
fn many_rooms() -> String {
    let mut script = "start name=alice\nsize 60x20\nrooms bob\n".to_owned();
    for number in 1..=11 {
        script += &format!("server server | #r{number:02} | room | open members=1 you=member topic=\n");
    }
    script
}

#[test]
fn two_digits_behind_alt_j_go_to_a_conversation_and_are_never_typed() {
    check(
        &format!(
            "{} type draft \n key Alt-J\n screen\n type 1\n screen\n type 2\n screen\n key Alt-J\n type 05\n status",
            many_rooms()
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x20
            server server | #r01 | room | open members=1 you=member topic=
            server server | #r02 | room | open members=1 you=member topic=
            server server | #r03 | room | open members=1 you=member topic=
            server server | #r04 | room | open members=1 you=member topic=
            server server | #r05 | room | open members=1 you=member topic=
            server server | #r06 | room | open members=1 you=member topic=
            server server | #r07 | room | open members=1 you=member topic=
            server server | #r08 | room | open members=1 you=member topic=
            server server | #r09 | room | open members=1 you=member topic=
            server server | #r10 | room | open members=1 you=member topic=
            server server | #r11 | room | open members=1 you=member topic=
            key Alt-J
            * 1 everyone    │ everyone                         2 people
              2 #r01        │
              3 #r02        │
              4 #r03        │
              5 #r04        │
              6 #r05        │
              7 #r06        │
              8 #r07        │
              9 #r08        │
             10 #r09        │
             11 #r10        │
             12 #r11        │
                            │
                            │
                            │ You are in everyone: all who are online
                            │ read what you write here.
                            │ Type and press Enter · F1 keys (or /help)
                            │ · F2 menu
             menu F2        │ go to number> draft_
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
            * 1 everyone    │ everyone                         2 people
              2 #r01        │
              3 #r02        │
              4 #r03        │
              5 #r04        │
              6 #r05        │
              7 #r06        │
              8 #r07        │
              9 #r08        │
             10 #r09        │
             11 #r10        │
             12 #r11        │
                            │
                            │
                            │ You are in everyone: all who are online
                            │ read what you write here.
                            │ Type and press Enter · F1 keys (or /help)
                            │ · F2 menu
             menu F2        │ go to 1> draft_
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
              1 everyone    │ #r11                             1 person
              2 #r01        │
              3 #r02        │
              4 #r03        │
              5 #r04        │
              6 #r05        │
              7 #r06        │
              8 #r07        │
              9 #r08        │
             10 #r09        │
             11 #r10        │
            *12 #r11        │
                            │
                            │
                            │ You are in #r11. Its members read what
                            │ you write here.
                            │ Type and press Enter · F1 keys (or /help)
                            │ · F2 menu
             menu F2        │ > _
             ● alice  #r11              Ctrl-K go  Ctrl-F find  F1 keys
            key Alt-J
              [● alice  #r04|Ctrl-K go  Ctrl-F find  F1 keys]
        "#]],
    );
}

#[test]
fn one_digit_goes_with_enter_or_after_a_pause_and_esc_gives_up() {
    check(
        &format!(
            "{} key Alt-J\n type 3\n key Enter\n status\n key Alt-J\n type 4\n +250ms\n status\n tick\n status
            key Alt-J\n type 5\n key Esc\n +2s\n status\n key Alt-J\n key Esc\n type 6\n screen\n key Backspace
            key Alt-J\n type 9x\n screen\n key Backspace\n key Alt-J\n key Enter\n key Alt-J\n type 99\n status\n say /jump 12\n status\n say /window 7\n status\n say /jump 13\n status\n say /jump\n type 2\n key Enter\n status",
            many_rooms()
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x20
            server server | #r01 | room | open members=1 you=member topic=
            server server | #r02 | room | open members=1 you=member topic=
            server server | #r03 | room | open members=1 you=member topic=
            server server | #r04 | room | open members=1 you=member topic=
            server server | #r05 | room | open members=1 you=member topic=
            server server | #r06 | room | open members=1 you=member topic=
            server server | #r07 | room | open members=1 you=member topic=
            server server | #r08 | room | open members=1 you=member topic=
            server server | #r09 | room | open members=1 you=member topic=
            server server | #r10 | room | open members=1 you=member topic=
            server server | #r11 | room | open members=1 you=member topic=
            key Alt-J
            key Enter
                send @ref=5-0004 alice | #r02 | members | no data
              [● alice  #r02|Ctrl-K go  Ctrl-F find  F1 keys]
            key Alt-J
            +250ms
              [● alice  #r02|Ctrl-K go  Ctrl-F find  F1 keys]
            tick at 1s
                send @ref=5-0005 alice | #r03 | members | no data
              [● alice  #r03|Ctrl-K go  Ctrl-F find  F1 keys]
            key Alt-J
            key Esc
            +2s
              [● alice  #r03|Ctrl-K go  Ctrl-F find  F1 keys]
            key Alt-J
            key Esc
              1 everyone    │ #r03                             1 person
              2 #r01        │
              3 #r02        │
            * 4 #r03        │
              5 #r04        │
              6 #r05        │
              7 #r06        │
              8 #r07        │
              9 #r08        │
             10 #r09        │
             11 #r10        │
             12 #r11        │
                            │
                            │
                            │ You are in #r03. Its members read what
                            │ you write here.
                            │ Type and press Enter · F1 keys (or /help)
                            │ · F2 menu
             menu F2        │ > 6_
             ● alice  #r03              Ctrl-K go  Ctrl-F find  F1 keys
            key Backspace
            key Alt-J
              1 everyone    │ #r03                             1 person
              2 #r01        │
              3 #r02        │
            * 4 #r03        │
              5 #r04        │
              6 #r05        │
              7 #r06        │
              8 #r07        │
              9 #r08        │
             10 #r09        │
             11 #r10        │
             12 #r11        │
                            │
                            │
                            │ You are in #r03. Its members read what
                            │ you write here.
                            │ Type and press Enter · F1 keys (or /help)
                            │ · F2 menu
             menu F2        │ > x_
             ● alice  #r03              Ctrl-K go  Ctrl-F find  F1 keys
            key Backspace
            key Alt-J
            key Enter
            key Alt-J
              [● alice  There is no conversation 99; the last is 12.|]
            say /jump 12
                send @ref=5-0006 alice | #r11 | members | no data
              [● alice  There is no conversation 99; the last is 12.|]
            say /window 7
                send @ref=5-0007 alice | #r06 | members | no data
              [● alice  There is no conversation 99; the last is 12.|]
            say /jump 13
              [● alice  There is no conversation 13; the last is 12.|]
            say /jump
            key Enter
                send @ref=5-0008 alice | #r01 | members | no data
              [● alice  #r01|Ctrl-K go  Ctrl-F find  F1 keys]
        "#]],
    );
}

#[test]
fn alt_and_zero_is_the_tenth_and_a_number_that_is_not_there_says_so() {
    let mut play = Play::new("start name=alice");
    many_rooms().lines().for_each(|step| play.step(step));
    let told = |play: &Play| play.session.view().status.left.text();
    play.step("key Alt-0");
    assert!(told(&play).ends_with("#r09"), "{}", told(&play));
    play.step("start name=alice");
    ["size 80x20", "online bob", "key Alt-7"].into_iter().for_each(|step| play.step(step));
    assert!(told(&play).ends_with("There is no conversation 7; the last is 1."), "{}", told(&play));
}

#[test]
fn names_begin_in_one_column_and_what_waits_leaves_room_for_the_keys() {
    let mut script = "start name=alice\nsize 80x30\nrooms bob\n".to_owned();
    for number in 1..=8 {
        script += &format!("server server | #r{number:02} | room | open members=1 you=member topic=\n");
    }
    let nine = play(&format!("{script}screen"));
    assert!(nine.contains(" 9 #r08"), "{nine}");
    script += "server server | #r09 | room | open members=1 you=member topic=\n";
    for name in ["bob", "carol", "dave", "erin"] {
        script += &format!("server {name} | alice | private_message | psst\n");
    }
    let mut play = Play::new("start name=alice");
    script.lines().for_each(|step| play.step(step));
    play.written.clear();
    for step in ["screen", "size 60x30", "status", "size 40x12", "status", "size 39x12", "status"] {
        play.step(step);
    }
    expect![[r#"
        * 1 everyone    │ everyone                                             2 people
          2 #r01        │
          3 #r02        │
          4 #r03        │
          5 #r04        │
          6 #r05        │
          7 #r06        │
          8 #r07        │
          9 #r08        │
         10 #r09        │
         11 bob      @1 │
         12 carol    @1 │
         13 dave     @1 │
         14 erin     @1 │
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
         ● alice   11 bob @1   12 carol @1   13 dave @1 +1           Ctrl-K go  F1 keys
        size 60x30
          [● alice   11 bob @1   12 carol @1 +2|Ctrl-K go  F1 keys]
        size 40x12
          [● alice   11 bob @1 +3|F1 keys]
        size 39x12
          [● alice   11 bob @1   12 carol @1 +2|]
    "#]]
    .assert_eq(&play.written);
}
