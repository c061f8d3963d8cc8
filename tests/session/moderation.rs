//! Moderation: what moderators do, and what the users concerned see.

use expect_test::expect;

use crate::check;

#[test]
fn moderation_commands_act_in_the_current_conversation() {
    check(
        "
        start name=alice
        size 60x20
        rooms bob
        server server | #ops | room | open members=2 you=maker topic=
        say /kick bob spam and more
        say /ban bob for=1h spam
        say /query #ops
        say /ban -all 2001:db8::/64 7d from there
        say /ban -all --dry-run 192.0.2.7
        server @ref=5-0008 server | alice | would_ban | 2 bob carol
        say /unban uid:1000 he is sorry
        say /mute bob 10m flooding
        server @ref=5-000a alice | #ops | act | mute bob 600 on flooding
        say /unmute bob it is good
        say /slow 30 quiet please
        say /slow off enough
        say /read-only on the speech begins
        say /lock-topic off all may
        say /announce two words: lunch time
        server @ref=5-0010 alice | #ops | act | announce - - on two words: lunch time
        say /grant bob he knows
        say /revoke bob he does not
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x20
            server server | #ops | room | open members=2 you=maker topic=
            say /kick bob spam and more
                send @ref=5-0004 alice | all clients | kick | bob spam and more
            say /ban bob for=1h spam
                send @ref=5-0005 alice | all clients | ban | bob for=3600s spam
            say /query #ops
                send @ref=5-0006 alice | #ops | members | no data
            say /ban -all 2001:db8::/64 7d from there
                send @ref=5-0007 alice | all clients | ban | 2001:db8::/64 for=604800s from there
            say /ban -all --dry-run 192.0.2.7
                send @ref=5-0008 alice | all clients | ban | 192.0.2.7 dry-run
            server @ref=5-0008 server | alice | would_ban | 2 bob carol
            say /unban uid:1000 he is sorry
                send @ref=5-0009 alice | #ops | unban | uid:1000 he is sorry
            say /mute bob 10m flooding
                send @ref=5-000a alice | #ops | mute | bob for=600s flooding
            server @ref=5-000a alice | #ops | act | mute bob 600 on flooding
            say /unmute bob it is good
                send @ref=5-000b alice | #ops | unmute | bob it is good
            say /slow 30 quiet please
                send @ref=5-000c alice | #ops | slow_mode | 30 quiet please
            say /slow off enough
                send @ref=5-000d alice | #ops | slow_mode | 0 enough
            say /read-only on the speech begins
                send @ref=5-000e alice | #ops | read_only | on the speech begins
            say /lock-topic off all may
                send @ref=5-000f alice | #ops | lock_topic | off all may
            say /announce two words: lunch time
                send @ref=5-0010 alice | #ops | announce | two words: lunch time
            server @ref=5-0010 alice | #ops | act | announce - - on two words: lunch time
            say /grant bob he knows
                send @ref=5-0011 alice | #ops | grant | bob he knows
            say /revoke bob he does not
                send @ref=5-0012 alice | #ops | revoke | bob he does not
             1 everyone     │ #ops                             2 people
            *2 #ops         │
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
             6 Close server │ 12:00 * alice muted bob for 10 minutes:
             7 Search       │   flooding
             8 Rooms        │       * alice announces: two words: lunch
             9 Moderate     │   time
             0 Call         │ > _
             ● alice  Would ban 2 users: bob, carol.
        "#]],
    );
}

#[test]
fn missing_arguments_open_a_dialog() {
    check(
        "
        start name=alice
        size 80x24
        rooms bob carol
        server server | #ops | room | open members=2 you=maker topic=
        say /query #ops
        say /kick bob
        screen
        key Enter
        type flooding
        key Enter
        say /ban nobody/33 x
        screen
        key Esc
        say /slow much why
        screen
        key Esc
        say /mute
        key Esc
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            server server | #ops | room | open members=2 you=maker topic=
            say /query #ops
                send @ref=5-0004 alice | #ops | members | no data
            say /kick bob
             1 everyone     │ #ops                                                 2 people
            *2 #ops         │
                            │
                            │
                            │
                            │ ┌ Kick · #ops ─────────────────────────────────────────────┐
                            │ │  (•)in #ops                                              │
                            │ │  ( )on the whole server                                  │
                            │ │ Whom: bob                                                │
                            │ │ Why: _                                                   │
                            │ │ 2 to choose from · type to filter                        │
                            │ │  ~bob                                                    │
                            │ │  ~carol                                                  │
             1 Echo         │ │ Say why: everyone here can read it.                      │
             2 List clients │ │ [Kick] [Cancel]                                          │
             3 Private mes… │ └──────────────────────────────────────────────────────────┘
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │
             8 Rooms        │ You are in #ops. Its members read what you write here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ >
             ● alice  #ops                                  Ctrl-K go  Ctrl-F find  F1 keys
            key Enter
            key Enter
                send @ref=5-0005 alice | #ops | kick | bob flooding
            say /ban nobody/33 x
             1 everyone     │ #ops                                                 2 people
            *2 #ops         │
                            │
                            │ ┌ Ban · #ops ──────────────────────────────────────────────┐
                            │ │  (•)in #ops                                              │
                            │ │  ( )on the whole server                                  │
                            │ │ Whom: nobody/33_                                         │
                            │ │ A name, SHA256:KEY, uid:N, an address or a network.      │
                            │ │ Time:                                                    │
                            │ │ Such as 10m, 2h or 7d; empty means permanently.          │
                            │ │ Why: x                                                   │
                            │ │ 2 to choose from · type to filter                        │
                            │ │  ~bob                                                    │
             1 Echo         │ │  ~carol                                                  │
             2 List clients │ │ 'nobody/33' cannot be banned; give a name, SHA256:…,     │
             3 Private mes… │ │ uid:NUMBER, an address such as 192.0.2.7, or a network   │
             4 Broadcast    │ │ such as 2001:db8::/64.                                   │
             5 Exit         │ │ [Ban] [Preview] [Cancel]                                 │
             6 Close server │ └──────────────────────────────────────────────────────────┘
             7 Search       │
             8 Rooms        │ You are in #ops. Its members read what you write here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ >
             ● alice  #ops                                  Ctrl-K go  Ctrl-F find  F1 keys
            key Esc
            say /slow much why
             1 everyone     │ #ops                                                 2 people
            *2 #ops         │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ Slow mode · #ops ────────────────────────────────────────┐
                            │ │  (•)in #ops                                              │
                            │ │  ( )on the whole server                                  │
                            │ │ Seconds: much_                                           │
                            │ │ Why: why                                                 │
                            │ │ Say how many seconds, or off.                            │
             1 Echo         │ │ [Slow mode] [Cancel]                                     │
             2 List clients │ └──────────────────────────────────────────────────────────┘
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │
             8 Rooms        │ You are in #ops. Its members read what you write here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ >
             ● alice  #ops                                  Ctrl-K go  Ctrl-F find  F1 keys
            key Esc
            say /mute
            key Esc
        "#]],
    );
}

#[test]
fn moderation_needs_only_arrows_enter_tab_and_esc() {
    check(
        "
        start name=alice
        size 80x24
        rooms bob carol
        key F2
        key 9
        screen
        key Down
        key Enter
        screen
        key Tab
        key Tab
        key Tab
        key Down
        key Enter
        type spam
        key Tab
        key Tab
        key Right
        key Enter
        server @ref=5-0004 server | alice | would_ban | 1 carol
        screen
        key Left
        key Enter
        server @ref=5-0005 alice | all clients | act | ban carol 3600 on spam
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            key F2
            key 9
            *1 everyone     │ everyone                                             3 people
                            │
                            │
                            │
                            │ ┌ Moderate the server ─────────────────────────────────────┐
                            │ │ 18 actions · type to filter                              │
                            │ │ >Kick              Disconnects a user; they may rejoin.  │
                            │ │  Ban               Bans a user, permanently or for a t…  │
                            │ │  Unban             Lifts a ban.                          │
                            │ │  Mute              Mutes a user, permanently or for a …  │
                            │ │  Unmute            Lifts a mute.                         │
                            │ │  Slow mode         Limits how often each user may writ…  │
                            │ │  Read-only         Lets only moderators write.           │
             1 Echo         │ │  Lock topic        Lets only moderators set the topic.   │
             2 List clients │ │  Calls             Switches a room's calls on or off.    │
             3 Private mes… │ │  Delete message    Deletes a message; a marker stays.    │
             4 Broadcast    │ │ [Choose] [Close]                                         │
             5 Exit         │ └──────────────────────────────────────────────────────────┘
             6 Close server │
             7 Search       │ You are in everyone: all who are online read what you write
             8 Rooms        │ here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ >
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key Down
            key Enter
            *1 everyone     │ everyone                                             3 people
                            │
                            │
                            │
                            │
                            │ ┌ Ban · the server ────────────────────────────────────────┐
                            │ │ For moderators only, and you are not one.                │
                            │ │ Whom: _                                                  │
                            │ │ A name, SHA256:KEY, uid:N, an address or a network.      │
                            │ │ Time: 1h                                                 │
                            │ │ Such as 10m, 2h or 7d; empty means permanently.          │
                            │ │ Why:                                                     │
                            │ │ 2 to choose from · type to filter                        │
             1 Echo         │ │  ~bob                                                    │
             2 List clients │ │  ~carol                                                  │
             3 Private mes… │ │ [Ban] [Preview] [Cancel]                                 │
             4 Broadcast    │ └──────────────────────────────────────────────────────────┘
             5 Exit         │
             6 Close server │
             7 Search       │ You are in everyone: all who are online read what you write
             8 Rooms        │ here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ >
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key Tab
            key Tab
            key Tab
            key Down
            key Enter
            key Tab
            key Tab
            key Right
            key Enter
                send @ref=5-0004 alice | all clients | ban | carol for=3600s dry-run
            server @ref=5-0004 server | alice | would_ban | 1 carol
            *1 everyone     │ everyone                                             3 people
                            │
                            │
                            │
                            │ ┌ Ban · the server ────────────────────────────────────────┐
                            │ │ For moderators only, and you are not one.                │
                            │ │ Whom: carol                                              │
                            │ │ A name, SHA256:KEY, uid:N, an address or a network.      │
                            │ │ Time: 1h                                                 │
                            │ │ Such as 10m, 2h or 7d; empty means permanently.          │
                            │ │ Why: spam                                                │
                            │ │ 2 to choose from · type to filter                        │
                            │ │  ~bob                                                    │
             1 Echo         │ │  ~carol                                                  │
             2 List clients │ │ Would ban 1 user: carol.                                 │
             3 Private mes… │ │ [Ban] <Preview> [Cancel]                                 │
             4 Broadcast    │ └──────────────────────────────────────────────────────────┘
             5 Exit         │
             6 Close server │
             7 Search       │ You are in everyone: all who are online read what you write
             8 Rooms        │ here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ >
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key Left
            key Enter
                send @ref=5-0005 alice | all clients | ban | carol for=3600s spam
            server @ref=5-0005 alice | all clients | act | ban carol 3600 on spam
            *1 everyone     │ everyone                                             3 people
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
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │
             8 Rooms        │ ─────────────────────────────────────── Sunday 22 November ──
             9 Moderate     │ 12:00         *  alice banned carol for 1 hour: spam
             0 Call         │ > _
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn every_action_has_a_form() {
    check(
        "
        start name=alice
        size 80x24
        rooms bob carol
        server @id=4;time=2026-11-22T12:01:00Z bob | all clients | broadcast_not_me | good\\nmorning
        server @id=5;time=2026-11-22T12:02:00Z carol | all clients | broadcast_not_me | an insult
        say /delete
        screen
        key Down
        key Tab
        key Tab
        type it insults
        key Enter
        server @ref=5-0004 server | alice | refused | not_moderator Only a moderator may delete.
        key Esc
        say /delete 1 it insults
        server @id=5;ref=5-0005 carol | all clients | deleted | alice
        server @ref=5-0005 alice | all clients | act | delete carol - on it insults
        say /delete 9 x
        key Ctrl-U
        say /unban
        server @ref=5-0006 server | all clients | banned | ban eve bob - spam
        server @ref=5-0006 server | all clients | banned | mute dave bob 2026-11-23T10:00:00Z loud
        server @ref=5-0006 server | alice | bans_end
        screen
        key Down
        key Down
        key Enter
        type she is sorry
        key Enter
        say /read-only
        screen
        key Down
        key Down
        type speech
        key Enter
        say /announce
        type lunch
        key Enter
        say /slow
        key Enter
        type busy
        key Enter
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            server @id=4;time=2026-11-22T12:01:00Z bob | all clients | broadcast_not_me | good\nmorning
            server @id=5;time=2026-11-22T12:02:00Z carol | all clients | broadcast_not_me | an insult
            say /delete
            *1 everyone     │ everyone                                             3 people
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ Delete message · the server ─────────────────────────────┐
                            │ │ For moderators only, and you are not one.                │
                            │ │ Why:                                                     │
                            │ │ 2 messages, the newest first · type to filter            │
                            │ │ >12:02 carol: an insult                                  │
                            │ │  12:01 bob: good morning                                 │
             1 Echo         │ │ [Delete message] [Cancel]                                │
             2 List clients │ └──────────────────────────────────────────────────────────┘
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │ ─────────────────────────────────────── Sunday 22 November ──
             7 Search       │ 12:01      ~bob  good
             8 Rooms        │                  morning
             9 Moderate     │ 12:02    ~carol  an insult
             0 Call         │ >
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key Down
            key Tab
            key Tab
            key Enter
                send @ref=5-0004 alice | all clients | delete | 4 it insults
            server @ref=5-0004 server | alice | refused | not_moderator Only a moderator may delete.
            key Esc
            say /delete 1 it insults
                send @ref=5-0005 alice | all clients | delete | 5 it insults
            server @id=5;ref=5-0005 carol | all clients | deleted | alice
            server @ref=5-0005 alice | all clients | act | delete carol - on it insults
            say /delete 9 x
            key Ctrl-U
            say /unban
                send @ref=5-0006 alice | all clients | bans | no data
            server @ref=5-0006 server | all clients | banned | ban eve bob - spam
            server @ref=5-0006 server | all clients | banned | mute dave bob 2026-11-23T10:00:00Z loud
            server @ref=5-0006 server | alice | bans_end
            *1 everyone     │ everyone                                             3 people
                            │
                            │
                            │
                            │
                            │
                            │ ┌ Unban · the server ──────────────────────────────────────┐
                            │ │ For moderators only, and you are not one.                │
                            │ │ Whom: _                                                  │
                            │ │ A name, SHA256:KEY, uid:N, an address or a network.      │
                            │ │ Why:                                                     │
                            │ │ 1 in force · type to filter                              │
                            │ │  eve banned permanently by bob: spam                 ban │
             1 Echo         │ │ [Unban] [Cancel]                                         │
             2 List clients │ └──────────────────────────────────────────────────────────┘
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │ ─────────────────────────────────────── Sunday 22 November ──
             6 Close server │ 12:01      ~bob  good
             7 Search       │                  morning
             8 Rooms        │ 12:02    ~carol  [deleted by you]
             9 Moderate     │ 12:00         *  alice deleted a message by carol: it insults
             0 Call         │ >
             ● alice  There is no message number 9 here; 1 is the newest.
            key Down
            key Down
            key Enter
            key Enter
                send @ref=5-0007 alice | all clients | unban | eve she is sorry
            say /read-only
            *1 everyone     │ everyone                                             3 people
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ┌ Read-only · the server ──────────────────────────────────┐
                            │ │ For moderators only, and you are not one.                │
                            │ │ >(•)on                                                   │
                            │ │  ( )off                                                  │
                            │ │ Why:                                                     │
                            │ │ [Read-only] [Cancel]                                     │
             1 Echo         │ └──────────────────────────────────────────────────────────┘
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │ ─────────────────────────────────────── Sunday 22 November ──
             6 Close server │ 12:01      ~bob  good
             7 Search       │                  morning
             8 Rooms        │ 12:02    ~carol  [deleted by you]
             9 Moderate     │ 12:00         *  alice deleted a message by carol: it insults
             0 Call         │ >
             ● alice  There is no message number 9 here; 1 is the newest.
            key Down
            key Down
            key Enter
                send @ref=5-0008 alice | all clients | read_only | off speech
            say /announce
            key Enter
                send @ref=5-0009 alice | all clients | announce | lunch
            say /slow
            key Enter
            key Enter
                send @ref=5-000a alice | all clients | slow_mode | 30 busy
            *1 everyone     │ everyone                                             3 people
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
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │ ─────────────────────────────────────── Sunday 22 November ──
             6 Close server │ 12:01      ~bob  good
             7 Search       │                  morning
             8 Rooms        │ 12:02    ~carol  [deleted by you]
             9 Moderate     │ 12:00         *  alice deleted a message by carol: it insults
             0 Call         │ > _
             ● alice  There is no message number 9 here; 1 is the newest.
        "#]],
    );
}

#[test]
fn the_whole_reason_of_a_ban_can_be_read() {
    check(
        "
        start name=alice
        size 80x24
        rooms bob
        say /bans
        server @ref=5-0004 server | all clients | banned | ban 192.0.2.0/24 bob 2026-12-24T10:00:00Z sold pills in every room and in private, three times, after two kicks and one ban of an hour
        server @ref=5-0004 server | all clients | banned | mute dave bob 2026-11-23T10:00:00Z loud
        server @ref=5-0004 server | alice | bans_end
        screen
        key Down
        screen
        click 20 12
        size 40x10
        key Up
        screen
        size 20x5
        screen
        size 80x24
        key Enter
        key Tab
        server @ref=5-0005 server | all clients | banned | ban 192.0.2.0/24 bob 2026-12-24T10:00:00Z sold pills in every room and in private, three times, after two kicks and one ban of an hour
        server @ref=5-0005 server | alice | bans_end
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            say /bans
                send @ref=5-0004 alice | all clients | bans | no data
            server @ref=5-0004 server | all clients | banned | ban 192.0.2.0/24 bob 2026-12-24T10:00:00Z sold pills in every room and in private, three times, after two kicks and one ban of an hour
            server @ref=5-0004 server | all clients | banned | mute dave bob 2026-11-23T10:00:00Z loud
            server @ref=5-0004 server | alice | bans_end
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
                            │
                            │
                            │ ┌ Bans and mutes · the server ─────────────────────────────┐
                            │ │ 2 in force · type to filter                              │
                            │ │ >192.0.2.0/24 banned until 2026-12-24 10:00 by bob…  ban │
                            │ │  dave muted until 2026-11-23 10:00 by bob: loud     mute │
                            │ │   192.0.2.0/24 banned until 2026-12-24 10:00 by bob:     │
                            │ │   sold pills in every room and in private, three times,  │
                            │ │   after two kicks and one ban of an hour                 │
             1 Echo         │ │ [Lift] [Close]                                           │
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
            key Down
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
                            │
                            │
                            │ ┌ Bans and mutes · the server ─────────────────────────────┐
                            │ │ 2 in force · type to filter                              │
                            │ │  192.0.2.0/24 banned until 2026-12-24 10:00 by bob…  ban │
                            │ │ >dave muted until 2026-11-23 10:00 by bob: loud     mute │
                            │ │                                                          │
                            │ │                                                          │
                            │ │                                                          │
             1 Echo         │ │ [Lift] [Close]                                           │
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
            click 20 12
            size 40x10
            key Up
            ┌ Bans and mutes · the server ─────────┐
            │ 2 in force · type to filter          │
            │ >192.0.2.0/24 banned until 202…  ban │
            │  dave muted until 2026-11-23 …  mute │
            │   192.0.2.0/24 banned until          │
            │   2026-12-24 10:00 by bob: sold      │
            │   pills in every room and in         │
            │   private, three times, after two…   │
            │ [Lift] [Close]                       │
            └──────────────────────────────────────┘
            size 20x5
            ┌──────────────────┐
            │ 2 in force · ty… │
            │ >192.0.2.0…  ban │
            │ [Lift]           │
            └──────────────────┘
            size 80x24
            key Enter
                send @ref=5-0005 alice | all clients | bans | no data
            key Tab
            server @ref=5-0005 server | all clients | banned | ban 192.0.2.0/24 bob 2026-12-24T10:00:00Z sold pills in every room and in private, three times, after two kicks and one ban of an hour
            server @ref=5-0005 server | alice | bans_end
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
                            │ ┌ Unban · the server ──────────────────────────────────────┐
                            │ │ For moderators only, and you are not one.                │
                            │ │ Whom: 192.0.2.0/24                                       │
                            │ │ A name, SHA256:KEY, uid:N, an address or a network.      │
                            │ │ Why:                                                     │
                            │ │ 1 in force · type to filter                              │
                            │ │ >192.0.2.0/24 banned until 2026-12-24 10:00 by bob…  ban │
                            │ │   192.0.2.0/24 banned until 2026-12-24 10:00 by bob:     │
                            │ │   sold pills in every room and in private, three times,  │
             1 Echo         │ │   after two kicks and one ban of an hour                 │
             2 List clients │ │ Say why: everyone here can read it.                      │
             3 Private mes… │ │ [Unban] [Cancel]                                         │
             4 Broadcast    │ └──────────────────────────────────────────────────────────┘
             5 Exit         │
             6 Close server │
             7 Search       │ You are in everyone: all who are online read what you write
             8 Rooms        │ here.
             9 Moderate     │ Type and press Enter · F1 keys (or /help) · F2 menu
             0 Call         │ >
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn bans_and_the_moderation_log_are_shown() {
    check(
        "
        start name=alice
        size 60x14
        rooms bob
        say /bans
        server @ref=5-0004 server | all clients | banned | ban 192.0.2.7 bob - spam
        server @ref=5-0004 server | all clients | banned | mute dave bob 2026-11-23T10:00:00Z loud
        server @ref=5-0004 server | alice | bans_end
        screen
        key Down
        key Enter
        screen
        key Esc
        say /modlog 2
        server @ref=5-0006;batch=b;id=8;time=2026-11-22T11:58:00Z bob | all clients | act | kick eve - on spam
        server @ref=5-0006;batch=b;id=9;time=2026-11-22T11:59:00Z bob | #ops | act | mute dave 600 on loud
        server @ref=5-0006 server | alice | modlog_end | more
        screen
        key Enter
        server @ref=5-0007;batch=b;id=6;time=2026-11-21T11:56:00Z server | all clients | act | delete carol - off everything that this user said was erased
        server @ref=5-0007;batch=b;id=7;time=2026-11-21T11:57:00Z alice | all clients | act | grant bob - on he knows
        server @ref=5-0007 server | alice | modlog_end
        screen
        key Enter
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x14
            say /bans
                send @ref=5-0004 alice | all clients | bans | no data
            server @ref=5-0004 server | all clients | banned | ban 192.0.2.7 bob - spam
            server @ref=5-0004 server | all clients | banned | mute dave bob 2026-11-23T10:00:00Z loud
            server @ref=5-0004 server | alice | bans_end
            *1 everyone     │ everyone                         2 people
                            │
                            │
            ┌ Bans and mutes · the server ─────────────────────────────┐
            │ 2 in force · type to filter                              │
            │ >192.0.2.7 banned permanently by bob: spam           ban │
            │  dave muted until 2026-11-23 10:00 by bob: loud     mute │
            │ [Lift] [Close]                                           │
            └──────────────────────────────────────────────────────────┘
             7 Search       │ read what you write here.
             8 Rooms        │ Type and press Enter · F1 keys (or /help)
             9 Moderate     │ · F2 menu
             0 Call         │ >
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
            key Down
            key Enter
                send @ref=5-0005 alice | all clients | bans | no data
            *1 everyone     │ everyone                         2 people
                            │
            ┌ Unmute · the server ─────────────────────────────────────┐
            │ For moderators only, and you are not one.                │
            │ Whom: dave                                               │
            │ Why: _                                                   │
            │ No bans or mutes on the server.                          │
            │ Say why: everyone here can read it.                      │
            │ [Unmute] [Cancel]                                        │
            └──────────────────────────────────────────────────────────┘
             8 Rooms        │ Type and press Enter · F1 keys (or /help)
             9 Moderate     │ · F2 menu
             0 Call         │ >
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
            key Esc
            say /modlog 2
                send @ref=5-0006 alice | all clients | modlog | limit=2
            server @ref=5-0006;batch=b;id=8;time=2026-11-22T11:58:00Z bob | all clients | act | kick eve - on spam
            server @ref=5-0006;batch=b;id=9;time=2026-11-22T11:59:00Z bob | #ops | act | mute dave 600 on loud
            server @ref=5-0006 server | alice | modlog_end | more
            *1 everyone     │ everyone                         2 people
                            │
                            │
            ┌ Moderation log · the server ─────────────────────────────┐
            │ 2026-11-22 11:59      [#ops] bob muted dave for 10       │
            │                       minutes: loud                      │
            │ 2026-11-22 11:58      bob kicked eve: spam               │
            │ <Older> [Close]                                          │
            └──────────────────────────────────────────────────────────┘
             7 Search       │ read what you write here.
             8 Rooms        │ Type and press Enter · F1 keys (or /help)
             9 Moderate     │ · F2 menu
             0 Call         │ >
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
            key Enter
                send @ref=5-0007 alice | all clients | modlog | before=8 limit=50
            server @ref=5-0007;batch=b;id=6;time=2026-11-21T11:56:00Z server | all clients | act | delete carol - off everything that this user said was erased
            server @ref=5-0007;batch=b;id=7;time=2026-11-21T11:57:00Z alice | all clients | act | grant bob - on he knows
            server @ref=5-0007 server | alice | modlog_end
            *1 everyone     │ everyone                         2 people
            ┌ Moderation log · the server ─────────────────────────────┐
            │ 2026-11-22 11:59      [#ops] bob muted dave for 10       │
            │                       minutes: loud                      │
            │ 2026-11-22 11:58      bob kicked eve: spam               │
            │ 2026-11-21 11:57      alice made bob a moderator: he     │
            │                       knows                              │
            │ 2026-11-21 11:56      server erased everything that      │
            │                       carol said                         │
            │ <Close>                                                  │
            └──────────────────────────────────────────────────────────┘
             9 Moderate     │ · F2 menu
             0 Call         │ >
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
            key Enter
        "#]],
    );
}

#[test]
fn an_action_is_shown_where_it_happened_and_to_whom_it_happened() {
    check(
        "
        start name=alice
        size 80x24
        rooms bob carol
        server server | #ops | room | open members=3 you=member topic=
        say /query #ops
        server @ref=5-0004 server | #ops | members | maker online bob
        server @ref=5-0004 server | #ops | members | member online alice carol
        server @ref=5-0004 server | #ops | members_end
        server @id=1;time=2026-11-22T12:01:00Z carol | #ops | broadcast_not_me | an insult
        server @id=1 carol | #ops | deleted | bob
        server bob | #ops | act | delete carol - on it insults
        server bob | #ops | act | mute carol 600 on flooding
        server bob | #ops | act | grant alice - on she knows
        server server | #ops | room | open members=3 you=moderator slow=10 topic=
        server bob | #ops | act | slow_mode - 10 on too fast
        server bob | all clients | act | announce - - on lunch is ready
        server server | #den | room | open members=3 you=member topic=
        server bob | #den | act | announce - - on and tea in the den
        server bob | all clients | act | kick dave - on spam
        server server | alice | moderator | You are now a moderator.
        server server | alice | demoted | You are a moderator no more.
        screen
        key Alt-1
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            server server | #ops | room | open members=3 you=member topic=
            say /query #ops
                send @ref=5-0004 alice | #ops | members | no data
            server @ref=5-0004 server | #ops | members | maker online bob
            server @ref=5-0004 server | #ops | members | member online alice carol
            server @ref=5-0004 server | #ops | members_end
            server @id=1;time=2026-11-22T12:01:00Z carol | #ops | broadcast_not_me | an insult
            server @id=1 carol | #ops | deleted | bob
            server bob | #ops | act | delete carol - on it insults
            server bob | #ops | act | mute carol 600 on flooding
            server bob | #ops | act | grant alice - on she knows
                Bell
                Notify { title: "tr2", body: "[#ops] bob made alice a moderator: she knows" }
            server server | #ops | room | open members=3 you=moderator slow=10 topic=
            server bob | #ops | act | slow_mode - 10 on too fast
            server bob | all clients | act | announce - - on lunch is ready
                Notify { title: "tr2", body: "bob announces: lunch is ready" }
                Title("tr2 (1 @1)")
            server server | #den | room | open members=3 you=member topic=
            server bob | #den | act | announce - - on and tea in the den
                Notify { title: "tr2", body: "[#den] bob announces: and tea in the den" }
                Title("tr2 (2 @2)")
            server bob | all clients | act | kick dave - on spam
            server server | alice | moderator | You are now a moderator.
            server server | alice | demoted | You are a moderator no more.
             1 everyone  @1 │ #ops                                     slow 10 s · 3 people
            *2 #ops         │
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
                            │ ─────────────────────────────────────── Sunday 22 November ──
             1 Echo         │ 12:01    ~carol  [deleted by bob]
             2 List clients │ 12:00         *  bob deleted a message by carol: it insults
             3 Private mes… │               *  bob muted carol for 10 minutes: flooding
             4 Broadcast    │               *  bob made alice a moderator: she knows
             5 Exit         │               *  bob turned slow mode on (10 seconds between
             6 Close server │                  two messages): too fast
             7 Search       │               *  bob announces: lunch is ready
             8 Rooms        │               *  [#den] bob announces: and tea in the den
             9 Moderate     │               *  You are a moderator no more.
             0 Call         │ > _
             ● alice  You are now a moderator.
            key Alt-1
                Title("tr2 (1 @1)")
            *1 everyone     │ everyone                                             3 people
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
             4 Broadcast    │
             5 Exit         │
             6 Close server │ ─────────────────────────────────────── Sunday 22 November ──
             7 Search       │ 12:00         *  bob announces: lunch is ready
             8 Rooms        │               *  bob kicked dave: spam
             9 Moderate     │               *  You are a moderator no more.
             0 Call         │ > _
             ● alice  You are now a moderator.
        "#]],
    );
}

#[test]
fn a_kicked_or_banned_client_does_not_reconnect_by_itself() {
    check(
        "
        start name=alice
        size 60x14
        rooms bob
        server server | alice | refused | kicked bob made you leave: spam
        lost It ended.
        screen
        +1s
        key Enter
        screen
        key F5
        connected 2.26
        server server | client | name | TR2.26 accepted presence ping moderator rooms moderation away reply edit react
        server @ref=5-0004 server | client | refused | banned You are banned for 1 hour: spam
        screen
        start plain name=alice
        rooms bob
        server server | alice | refused | banned You are banned for 1 hour: spam
        start plain name=alice
        connected 2.26
        server server | client | name | TR2.26 accepted presence ping moderator rooms moderation away reply edit react
        server @ref=5-0001 server | client | refused | banned You are banned: spam
        start name=alice
        size 60x14
        connected 2.26
        server server | client | name | TR2.26 accepted presence ping moderator rooms moderation away reply edit react
        server @ref=5-0001 server | client | refused | banned You are banned: spam
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x14
            server server | alice | refused | kicked bob made you leave: spam
                Disconnect
            lost It ended.
            *1 everyone     │ everyone
                            │
                            │
            ┌ Removed ─────────────────────────────────────────────────┐
            │ bob made you leave: spam                                 │
            │ F5 tries to come back.                                   │
            │ [Try again] <Stay offline>                               │
            └──────────────────────────────────────────────────────────┘
             6 Close server │
             7 Search       │
             8 Rooms        │
             9 Moderate     │
             0 Call         │ >
             ○ alice  offline · /reconnect tries again          F1 keys
            +1s
            key Enter
            *1 everyone     │ everyone
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │
             6 Close server │
             7 Search       │─────────────────────────────── Esc closes
             8 Rooms        │ You are not online. F5 tries to come
             9 Moderate     │ back, Ctrl-C leaves.
             0 Call         │ > _
             ○ alice  offline · /reconnect tries again          F1 keys
            key F5
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping moderator rooms moderation away reply edit react
                send alice | server | capabilities | reply edit react
                send @ref=5-0004 alice | server | name | alice
            server @ref=5-0004 server | client | refused | banned You are banned for 1 hour: spam
                Disconnect
            *1 everyone     │ everyone
                            │
                            │
            ┌ Banned ──────────────────────────────────────────────────┐
            │ You are banned for 1 hour: spam                          │
            │ F5 tries to come back.                                   │
            │ [Try again] <Stay offline>                               │
            └──────────────────────────────────────────────────────────┘
             6 Close server │
             7 Search       │─────────────────────────────── Esc closes
             8 Rooms        │ You are not online. F5 tries to come
             9 Moderate     │ back, Ctrl-C leaves.
             0 Call         │ >
             ○ alice  offline · /reconnect tries again          F1 keys
            start plain name=alice
                Dial(tcp://localhost:1234)
            server server | alice | refused | banned You are banned for 1 hour: spam
                Disconnect
                Leave(Refused("You are banned for 1 hour: spam"))
            start plain name=alice
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping moderator rooms moderation away reply edit react
                send alice | server | capabilities | reply edit react
                send @ref=5-0001 alice | server | name | alice
            server @ref=5-0001 server | client | refused | banned You are banned: spam
                Disconnect
                Leave(Refused("You are banned: spam"))
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x14
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping moderator rooms moderation away reply edit react
                send alice | server | capabilities | reply edit react
                send @ref=5-0001 alice | server | name | alice
            server @ref=5-0001 server | client | refused | banned You are banned: spam
                Disconnect
            *1 everyone     │ everyone
                            │
                            │
            ┌ Banned ──────────────────────────────────────────────────┐
            │ You are banned: spam                                     │
            │ Server: tcp://localhost:1234                             │
            │ <Try again> [Quit]                                       │
            └──────────────────────────────────────────────────────────┘
             6 Close server │
             7 Search       │
             8 Rooms        │
             9 Moderate     │
             0 Call         │ >
             ○ alice  offline · /reconnect tries again          F1 keys
        "#]],
    );
}

#[test]
fn closing_is_announced_counted_down_and_cancelled() {
    check(
        "
        start name=alice
        size 80x24
        rooms bob
        say /close-server in 5m because new disks
        server @ref=5-0004 alice | all clients | closing | 300 new disks
        status
        tick
        status
        size 20x5
        status
        size 40x10
        status
        size 80x24
        say /close-server off
        server @ref=5-0005 alice | all clients | closing_off
        status
        server server | all clients | closing | 7200 power
        +50s
        status
        server server | alice | pong | 3
        server server | all clients | closing | 60 power
        status
        say /close-server in never because x
        key Ctrl-U
        say /close-server in 5m
        key Ctrl-U
        say /moderator
        type secret
        key Enter
        server @ref=5-0007 server | alice | moderator | You are now a moderator.
        say /close-server
        screen
        key Right
        key Enter
        say /close-server
        key Tab
        key Down
        key Down
        key Tab
        key Tab
        key Enter
        screen
        type new disks
        key Enter
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x24
            say /close-server in 5m because new disks
                send @ref=5-0004 alice | server | close_server | in=300s new disks
            server @ref=5-0004 alice | all clients | closing | 300 new disks
              [● alice  closes in 5:00  alice closes the server in 5 minutes: new disks|]
            tick at 1s
              [● alice  closes in 4:59  alice closes the server in 5 minutes: new disks|]
            size 20x5
              [● alice  alice clos…|]
            size 40x10
              [● alice  alice closes the server in 5 m…|]
            size 80x24
            say /close-server off
                send @ref=5-0005 alice | server | close_server | off
            server @ref=5-0005 alice | all clients | closing_off
              [● alice  alice closes the server in 5 minutes: new disks|]
            server server | all clients | closing | 7200 power
                Bell
                Notify { title: "tr2", body: "The server closes in 2 hours: power" }
            +50s
                send alice | server | ping | 6
              [● alice  closes in 1 h 59 min · power|Ctrl-K go  Ctrl-F find  F1 keys]
            server server | alice | pong | 3
            server server | all clients | closing | 60 power
              [● alice  closes in 1:00 · power|Ctrl-K go  Ctrl-F find  F1 keys]
            say /close-server in never because x
            key Ctrl-U
            say /close-server in 5m
            key Ctrl-U
            say /moderator
            key Enter
                send @ref=5-0007 alice | server | moderator | secret
            server @ref=5-0007 server | alice | moderator | You are now a moderator.
            say /close-server
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
                            │
                            │ ┌ Close server ────────────────────────────────────────────┐
                            │ │ Close tcp://localhost:1234 for everyone? One other user  │
                            │ │ is online.                                               │
                            │ │  (•)now                                                  │
                            │ │  ( )in 1 minute                                          │
                            │ │  ( )in 5 minutes                                         │
                            │ │  ( )in 10 minutes                                        │
                            │ │  ( )in 1 hour                                            │
             1 Echo         │ │ Why:                                                     │
             2 List clients │ │ It closes in 1:00: power                                 │
             3 Private mes… │ │ [Close the server] <Cancel> [Call it off]                │
             4 Broadcast    │ └──────────────────────────────────────────────────────────┘
             5 Exit         │
             6 Close server │
             7 Search       │ ─────────────────────────────────────── Sunday 22 November ──
             8 Rooms        │ 12:00         *  alice called it off: the server goes on
             9 Moderate     │               *  The server closes in 2 hours: power
             0 Call         │ >
             ● alice  closes in 1:00  You are now a moderator.
            key Right
            key Enter
                send @ref=5-0008 alice | server | close_server | off
            say /close-server
            key Tab
            key Down
            key Down
            key Tab
            key Tab
            key Enter
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
                            │ ┌ Close server ────────────────────────────────────────────┐
                            │ │ Close tcp://localhost:1234 for everyone? One other user  │
                            │ │ is online.                                               │
                            │ │  ( )now                                                  │
                            │ │  ( )in 1 minute                                          │
                            │ │  (•)in 5 minutes                                         │
                            │ │  ( )in 10 minutes                                        │
                            │ │  ( )in 1 hour                                            │
                            │ │ Why: _                                                   │
             1 Echo         │ │ It closes in 1:00: power                                 │
             2 List clients │ │ Say why, in 256 bytes at most: everyone can read it.     │
             3 Private mes… │ │ [Close the server] [Cancel] [Call it off]                │
             4 Broadcast    │ └──────────────────────────────────────────────────────────┘
             5 Exit         │
             6 Close server │
             7 Search       │ ─────────────────────────────────────── Sunday 22 November ──
             8 Rooms        │ 12:00         *  alice called it off: the server goes on
             9 Moderate     │               *  The server closes in 2 hours: power
             0 Call         │ >
             ● alice  closes in 1:00  You are now a moderator.
            key Enter
                send @ref=5-0009 alice | server | close_server | in=300s new disks
        "#]],
    );
}

#[test]
fn line_mode_moderates_and_explains_itself() {
    check(
        "
        start plain name=alice
        rooms bob
        server server | #ops | room | open members=2 you=maker topic=
        server @id=1;time=2026-11-22T12:01:00Z bob | all clients | broadcast_not_me | first
        line mine
        server @ref=5-0004;id=2;time=2026-11-22T12:02:00Z server | alice | accepted
        line /delete
        line /delete 2 it insults
        server @id=1;ref=5-0005 bob | all clients | deleted | alice
        server @ref=5-0005 alice | all clients | act | delete bob - on it insults
        line /kick bob
        line /kick
        line /mute bob 10x flooding
        line /query #ops
        line /mute bob 10m flooding
        server @ref=5-0007 alice | #ops | act | mute bob 600 on flooding
        line /ban --dry-run bob
        server @ref=5-0008 server | alice | would_ban | 0
        line /bans
        server @ref=5-0009 server | #ops | banned | mute bob alice 2026-11-22T12:10:00Z flooding
        server @ref=5-0009 server | alice | bans_end
        line /modlog -all
        server @ref=5-000a;batch=b;id=9;time=2026-11-22T11:59:00Z bob | #ops | act | mute dave 600 on loud
        server @ref=5-000a server | alice | modlog_end | more
        server bob | all clients | act | announce - - on lunch
        server bob | alice | invited_to_room | #den
        server bob | all clients | closing | 300 new disks
        server bob | all clients | closing | 60 new disks
        server bob | all clients | closing_off
        eof
        ",
        expect![[r#"
            start plain name=alice
                Dial(tcp://localhost:1234)
            server server | #ops | room | open members=2 you=maker topic=
            server @id=1;time=2026-11-22T12:01:00Z bob | all clients | broadcast_not_me | first
                stdout 12:01 ~bob: first
            line mine
                send @ref=5-0004 alice | all clients | broadcast_not_me | mine
            server @ref=5-0004;id=2;time=2026-11-22T12:02:00Z server | alice | accepted
            line /delete
                stdout 12:00 * The newest first; /delete N REASON deletes one.
                1  12:02 alice: mine
                2  12:01 bob: first
            line /delete 2 it insults
                send @ref=5-0005 alice | all clients | delete | 1 it insults
            server @id=1;ref=5-0005 bob | all clients | deleted | alice
            server @ref=5-0005 alice | all clients | act | delete bob - on it insults
                stdout 12:00 * alice deleted a message by bob: it insults
            line /kick bob
                stderr tr2: Say why: everyone here can read it. Write /kick NAME REASON.
            line /kick
                stderr tr2: Say whom. Write /kick NAME REASON.
            line /mute bob 10x flooding
                stderr tr2: Give a time such as 10m, 2h or 7d, or no time (permanent); a reason begins with a letter. Write /mute NAME [TIME] REASON.
            line /query #ops
                stdout 12:00 * What you write goes to #ops now; /everyone goes back to all.
            line /mute bob 10m flooding
                send @ref=5-0006 alice | #ops | mute | bob for=600s flooding
            server @ref=5-0007 alice | #ops | act | mute bob 600 on flooding
                stdout 12:00 * [#ops] alice muted bob for 10 minutes: flooding
            line /ban --dry-run bob
                send @ref=5-0007 alice | #ops | ban | bob dry-run
            server @ref=5-0008 server | alice | would_ban | 0
            line /bans
                send @ref=5-0008 alice | #ops | bans | no data
            server @ref=5-0009 server | #ops | banned | mute bob alice 2026-11-22T12:10:00Z flooding
            server @ref=5-0009 server | alice | bans_end
            line /modlog -all
                send @ref=5-0009 alice | all clients | modlog | limit=50
            server @ref=5-000a;batch=b;id=9;time=2026-11-22T11:59:00Z bob | #ops | act | mute dave 600 on loud
            server @ref=5-000a server | alice | modlog_end | more
            server bob | all clients | act | announce - - on lunch
                stdout 12:00 * bob announces: lunch
            server bob | alice | invited_to_room | #den
                stdout 12:00 * bob invited you: /join #den
            server bob | all clients | closing | 300 new disks
                stdout 12:00 * bob closes the server in 5 minutes: new disks
            server bob | all clients | closing | 60 new disks
                stdout 12:00 * bob closes the server in 1 minute: new disks
            server bob | all clients | closing_off
                stdout 12:00 * bob called it off: the server goes on
            eof
        "#]],
    );
}

#[test]
fn a_typo_after_close_server_opens_nothing() {
    check(
        "
        start name=alice
        size 60x12
        rooms bob
        server server | alice | moderator | You are a moderator.
        say /close-server tomorrow
        screen
        key Ctrl-U
        say /close-server 5m because new disks
        say /close-server Off
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x12
            server server | alice | moderator | You are a moderator.
            say /close-server tomorrow
            *1 everyone     │ everyone                         2 people
                            │ You are in everyone: all who are online
                            │ read what you write here.
                            │ Type and press Enter · F1 keys (or /help)
                            │ · F2 menu
                            │─────────────────────────────── Esc closes
                            │ That closes nothing. Write /close-server
                            │ in 5m because TEXT, /close-server off to
                            │ call it off, or /close-server alone to
                            │ close it now.
             menu F2        │ > _
             ● alice                    Ctrl-K go  Ctrl-F find  F1 keys
            key Ctrl-U
            say /close-server 5m because new disks
                send @ref=5-0004 alice | server | close_server | in=300s new disks
            say /close-server Off
                send @ref=5-0005 alice | server | close_server | off
        "#]],
    );
}

#[test]
fn a_form_that_is_too_tall_keeps_its_error_and_buttons_visible() {
    check(
        "
        start name=alice
        size 40x10
        rooms bob
        say /ban bob
        screen
        key Enter
        screen
        key Shift-Tab
        key Shift-Tab
        screen
        key Esc
        key Ctrl-U
        say /ban
        screen
        key Tab
        key Tab
        key Tab
        key Tab
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 40x10
            say /ban bob
            ┌ Ban · the server ────────────────────┐
            │ A name, SHA256:KEY, uid:N, an        │
            │ address or a network.                │
            │ Time: 1h                             │
            │ Such as 10m, 2h or 7d; empty means   │
            │ permanently.                         │
            │ Why: _                               │
            │ Say why: everyone here can read it.  │
            │ [Ban] [Preview] [Cancel]             │
            └──────────────────────────────────────┘
            key Enter
            ┌ Ban · the server ────────────────────┐
            │ A name, SHA256:KEY, uid:N, an        │
            │ address or a network.                │
            │ Time: 1h                             │
            │ Such as 10m, 2h or 7d; empty means   │
            │ permanently.                         │
            │ Why: _                               │
            │ Say why: everyone here can read it.  │
            │ [Ban] [Preview] [Cancel]             │
            └──────────────────────────────────────┘
            key Shift-Tab
            key Shift-Tab
            ┌ Ban · the server ────────────────────┐
            │ For moderators only, and you are not │
            │ one.                                 │
            │ Whom: bob_                           │
            │ A name, SHA256:KEY, uid:N, an        │
            │ address or a network.                │
            │ Time: 1h                             │
            │ Say why: everyone here can read it.  │
            │ [Ban] [Preview] [Cancel]             │
            └──────────────────────────────────────┘
            key Esc
            key Ctrl-U
            say /ban
            ┌ Ban · the server ────────────────────┐
            │ For moderators only, and you are not │
            │ one.                                 │
            │ Whom: _                              │
            │ A name, SHA256:KEY, uid:N, an        │
            │ address or a network.                │
            │ Time: 1h                             │
            │ Such as 10m, 2h or 7d; empty means   │
            │ [Ban] [Preview] [Cancel]             │
            └──────────────────────────────────────┘
            key Tab
            key Tab
            key Tab
            key Tab
            ┌ Ban · the server ────────────────────┐
            │ address or a network.                │
            │ Time: 1h                             │
            │ Such as 10m, 2h or 7d; empty means   │
            │ permanently.                         │
            │ Why:                                 │
            │ 1 to choose from · type to filter    │
            │  ~bob                                │
            │ <Ban> [Preview] [Cancel]             │
            └──────────────────────────────────────┘
        "#]],
    );
}
