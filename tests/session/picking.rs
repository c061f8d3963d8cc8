//! What people do with a message that they have picked, and what becomes of the pick when its message goes.

use expect_test::expect;

use crate::check;

/// Everyone's conversation with messages of bob, of alice, and an answer.
const TALK: &str = r"
    start name=alice
    size 80x14
    rooms bob
    server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | see (https://x.org/a)
    say mine
    server @ref=5-0004;id=2;time=2026-11-22T12:00:01Z server | alice | accepted
    server @id=3;time=2026-11-22T12:00:02Z;verified=yes;reply=1;quote=bob\ssee\s(https://x.org/a) carol | all clients | broadcast_not_me | looks good
";

#[test]
fn a_picked_message_is_answered_and_the_draft_goes_with_the_answer() {
    check(
        &format!(
            "{TALK} type well
             key Ctrl-Up
             status
             key r
             screen
             key Esc
             status
             key Ctrl-Up\n key Up\n key Up\n key r
             say , sure
             screen"
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x14
            server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | see (https://x.org/a)
            say mine
                send @ref=5-0004 alice | all clients | broadcast_not_me | mine
            server @ref=5-0004;id=2;time=2026-11-22T12:00:01Z server | alice | accepted
            server @id=3;time=2026-11-22T12:00:02Z;verified=yes;reply=1;quote=bob\ssee\s(https://x.org/a) carol | all clients | broadcast_not_me | looks good
            key Ctrl-Up
              [● alice|r reply  + react  c copy  Enter quoted  Esc]
            key r
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │ ─────────────────────────────────────── Sunday 22 November ──
             4 Broadcast    │ 12:00       bob  see (https://x.org/a)
             5 Exit         │             you  mine
             6 Close server │           carol  › bob: see (https://x.org/a)
             7 Search       │                  looks good
             8 Rooms        │ reply to carol: looks good · Esc leaves it
             9 Moderate     │ > well_
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key Esc
              [● alice|Ctrl-K go  Ctrl-F find  F1 keys]
            key Ctrl-Up
            key Up
            key Up
            key r
            say , sure
                send @ref=5-0005;reply=1 alice | all clients | broadcast_not_me | well, sure
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
             1 Echo         │
             2 List clients │ ─────────────────────────────────────── Sunday 22 November ──
             3 Private mes… │ 12:00       bob  see (https://x.org/a)
             4 Broadcast    │             you  mine
             5 Exit         │           carol  › bob: see (https://x.org/a)
             6 Close server │                  looks good
             7 Search       │             you  › bob: see (https://x.org/a)
             8 Rooms        │                  well, sure ◌
             9 Moderate     │ > _
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn an_own_message_is_edited_in_the_composer_and_the_draft_comes_back() {
    check(
        &format!(
            "{TALK} type a draft
             key Ctrl-Up\n key Up
             key e
             screen
             say , but better
             server @ref=5-0005;id=2;time=2026-11-22T12:00:03Z;change=9 alice | all clients | edited | mine, but better
             screen
             key Ctrl-Up\n key Up\n key e
             type , no
             key Esc
             screen
             key Ctrl-Y\n key Ctrl-Up\n key Up\n key e\n key Enter
             status"
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x14
            server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | see (https://x.org/a)
            say mine
                send @ref=5-0004 alice | all clients | broadcast_not_me | mine
            server @ref=5-0004;id=2;time=2026-11-22T12:00:01Z server | alice | accepted
            server @id=3;time=2026-11-22T12:00:02Z;verified=yes;reply=1;quote=bob\ssee\s(https://x.org/a) carol | all clients | broadcast_not_me | looks good
            key Ctrl-Up
            key Up
            key e
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │ ─────────────────────────────────────── Sunday 22 November ──
             4 Broadcast    │ 12:00       bob  see (https://x.org/a)
             5 Exit         │             you  mine
             6 Close server │           carol  › bob: see (https://x.org/a)
             7 Search       │                  looks good
             8 Rooms        │ editing your message · Esc leaves it
             9 Moderate     │ > mine_
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            say , but better
                send @ref=5-0005 alice | all clients | edit | 2 mine, but better
            server @ref=5-0005;id=2;time=2026-11-22T12:00:03Z;change=9 alice | all clients | edited | mine, but better
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │ ─────────────────────────────────────── Sunday 22 November ──
             5 Exit         │ 12:00       bob  see (https://x.org/a)
             6 Close server │             you  mine, but better edited
             7 Search       │           carol  › bob: see (https://x.org/a)
             8 Rooms        │                  looks good
             9 Moderate     │ > a draft_
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key Ctrl-Up
            key Up
            key e
            key Esc
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │ ─────────────────────────────────────── Sunday 22 November ──
             5 Exit         │ 12:00       bob  see (https://x.org/a)
             6 Close server │             you  mine, but better edited
             7 Search       │           carol  › bob: see (https://x.org/a)
             8 Rooms        │                  looks good
             9 Moderate     │ > a draft_
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key Ctrl-Y
            key Ctrl-Up
            key Up
            key e
            key Enter
              [● alice  Nothing was changed.|]
        "#]],
    );
}

#[test]
fn a_deletion_asks_first() {
    check(
        &format!(
            "{TALK} key Ctrl-Up\n key Up\n key d
             screen
             key Enter
             key d\n key Left
             key Enter
             server @ref=5-0005;id=2;time=2026-11-22T12:00:03Z;change=9 alice | all clients | deleted | alice
             status
             key Ctrl-Up\n key d
             status"
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x14
            server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | see (https://x.org/a)
            say mine
                send @ref=5-0004 alice | all clients | broadcast_not_me | mine
            server @ref=5-0004;id=2;time=2026-11-22T12:00:01Z server | alice | accepted
            server @id=3;time=2026-11-22T12:00:02Z;verified=yes;reply=1;quote=bob\ssee\s(https://x.org/a) carol | all clients | broadcast_not_me | looks good
            key Ctrl-Up
            key Up
            key d
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │ ┌ Delete ──────────────────────────────────────────────────┐
             1 Echo         │ │ Delete your message? A marker stays.                     │
             2 List clients │ │ › mine                                                   │
             3 Private mes… │ │ [Delete] <Keep>                                          │
             4 Broadcast    │ └──────────────────────────────────────────────────────────┘─
             5 Exit         │ 12:00       bob  see (https://x.org/a)
             6 Close server │>            you  mine
             7 Search       │           carol  › bob: see (https://x.org/a)
             8 Rooms        │                  looks good
             9 Moderate     │ >
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key Enter
            key d
            key Left
            key Enter
                send @ref=5-0005 alice | all clients | retract | 2
            server @ref=5-0005;id=2;time=2026-11-22T12:00:03Z;change=9 alice | all clients | deleted | alice
              [● alice|Ctrl-K go  Ctrl-F find  F1 keys]
            key Ctrl-Up
            key d
              [● alice  Only its sender and moderators can delete a message.|]
        "#]],
    );
}

#[test]
fn a_moderator_deletes_with_a_reason() {
    check(
        &format!(
            "{TALK} server @ref=5-0009 server | alice | moderator | You are a moderator now.
             key Esc
             key Ctrl-Up
             status
             key d
             screen
             type spam
             key Enter"
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x14
            server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | see (https://x.org/a)
            say mine
                send @ref=5-0004 alice | all clients | broadcast_not_me | mine
            server @ref=5-0004;id=2;time=2026-11-22T12:00:01Z server | alice | accepted
            server @id=3;time=2026-11-22T12:00:02Z;verified=yes;reply=1;quote=bob\ssee\s(https://x.org/a) carol | all clients | broadcast_not_me | looks good
            server @ref=5-0009 server | alice | moderator | You are a moderator now.
            key Esc
            key Ctrl-Up
              [● alice  You are a moderator now.|]
            key d
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │ ┌ Delete message · the server ─────────────────────────────┐
             1 Echo         │ │ Why: _                                                   │
             2 List clients │ │ 1 message · type to filter                               │
             3 Private mes… │ │  12:00 carol: looks good                                 │
             4 Broadcast    │ │ [Delete message] [Cancel]                                │─
             5 Exit         │ └──────────────────────────────────────────────────────────┘
             6 Close server │             you  mine
             7 Search       │>          carol  › bob: see (https://x.org/a)
             8 Rooms        │>                 looks good
             9 Moderate     │ >
             ● alice  You are a moderator now.
            key Enter
                send @ref=5-0005 alice | all clients | delete | 3 spam
        "#]],
    );
}

#[test]
fn a_reaction_is_asked_for_and_taken_back() {
    check(
        &format!(
            "{TALK} key Ctrl-Up\n key +
             screen
             type :thu
             key Tab
             screen
             key Enter
             server @ref=5-0005;id=3;time=2026-11-22T12:00:03Z;change=9 alice | all clients | reacted | on 1 👍 carol
             key +
             screen
             key Down
             key Enter
             key +\n key Enter\n type two words\n key Enter
             status"
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x14
            server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | see (https://x.org/a)
            say mine
                send @ref=5-0004 alice | all clients | broadcast_not_me | mine
            server @ref=5-0004;id=2;time=2026-11-22T12:00:01Z server | alice | accepted
            server @id=3;time=2026-11-22T12:00:02Z;verified=yes;reply=1;quote=bob\ssee\s(https://x.org/a) carol | all clients | broadcast_not_me | looks good
            key Ctrl-Up
            key +
            *1 everyone     │ ┌ Reaction ────────────────────────────────────────────────┐e
                            │ │ Sign: _                                                  │
                            │ │ A short word, a sign, or an emoji by name as in :smile   │
                            │ │ 237 signs · type to filter                               │
             1 Echo         │ │  :+1:                                                 👍 │
             2 List clients │ │  :-1:                                                 👎 │
             3 Private mes… │ │  :100:                                                💯 │
             4 Broadcast    │ │  :airplane:                                            ✈ │─
             5 Exit         │ │  :alarm:                                              🚨 │
             6 Close server │ │  :alien:                                              👽 │
             7 Search       │>│  :angry:                                              😠 │
             8 Rooms        │>│  :apple:                                              🍎 │
             9 Moderate     │ │ [React] [Cancel]                                         │
             ● alice          └──────────────────────────────────────────────────────────┘s
            key Tab
            *1 everyone     │ everyone                                             2 people
                            │
                            │ ┌ Reaction ────────────────────────────────────────────────┐
                            │ │ Sign: 👎_                                                │
             1 Echo         │ │ A short word, a sign, or an emoji by name as in :smile   │
             2 List clients │ │ 2 with ":thu"                                            │
             3 Private mes… │ │  :thumbsdown:                                         👎 │
             4 Broadcast    │ │  :thumbsup:                                           👍 │─
             5 Exit         │ │ [React] [Cancel]                                         │
             6 Close server │ └──────────────────────────────────────────────────────────┘
             7 Search       │>          carol  › bob: see (https://x.org/a)
             8 Rooms        │>                 looks good
             9 Moderate     │ >
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key Enter
                send @ref=5-0005 alice | all clients | react | 3 👎
            server @ref=5-0005;id=3;time=2026-11-22T12:00:03Z;change=9 alice | all clients | reacted | on 1 👍 carol
            key +
            *1 everyone     │ ┌ Reaction ────────────────────────────────────────────────┐e
                            │ │ Sign: _                                                  │
                            │ │ A short word, a sign, or an emoji by name as in :smile   │
                            │ │ 238 signs · type to filter                               │
             1 Echo         │ │  👍                           yours; again takes it back │
             2 List clients │ │  :+1:                                                 👍 │
             3 Private mes… │ │  :-1:                                                 👎 │─
             4 Broadcast    │ │  :100:                                                💯 │
             5 Exit         │ │  :airplane:                                            ✈ │
             6 Close server │>│  :alarm:                                              🚨 │
             7 Search       │>│  :alien:                                              👽 │
             8 Rooms        │>│  :angry:                                              😠 │
             9 Moderate     │ │ [React] [Cancel]                                         │
             ● alice          └──────────────────────────────────────────────────────────┘s
            key Down
            key Enter
                send @ref=5-0006 alice | all clients | unreact | 3 👍
            key +
            key Enter
            key Enter
              [● alice|Ctrl-K go  Ctrl-F find  F1 keys]
        "#]],
    );
}

#[test]
fn text_and_links_are_copied() {
    check(
        &format!(
            "{TALK} key Ctrl-Up\n key c
             status
             key o
             status
             key Up\n key Up\n key o
             status
             server @id=5;time=2026-11-22T12:00:04Z bob | all clients | broadcast_not_me | /me looks\\nat https://a.org, https://b.org/é.
             key Esc\n key Ctrl-Up\n key c
             status
             key o
             screen
             key Down
             key Enter
             status
             start name=alice opens-links
             size 80x14
             rooms bob
             server @id=1;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | https://en.wikipedia.org/wiki/A_(b)?
             key Ctrl-Up\n key o
             status"
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x14
            server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | see (https://x.org/a)
            say mine
                send @ref=5-0004 alice | all clients | broadcast_not_me | mine
            server @ref=5-0004;id=2;time=2026-11-22T12:00:01Z server | alice | accepted
            server @id=3;time=2026-11-22T12:00:02Z;verified=yes;reply=1;quote=bob\ssee\s(https://x.org/a) carol | all clients | broadcast_not_me | looks good
            key Ctrl-Up
            key c
                Copy("looks good")
              [● alice  Copied: 10 characters.|]
            key o
              [● alice  There is no link in this message.|]
            key Up
            key Up
            key o
                Copy("https://x.org/a")
              [● alice  Copied the link https://x.org/a|]
            server @id=5;time=2026-11-22T12:00:04Z bob | all clients | broadcast_not_me | /me looks\nat https://a.org, https://b.org/é.
            key Esc
            key Ctrl-Up
            key c
                Copy("bob looks\nat https://a.org, https://b.org/é.")
              [● alice  Copied: 44 characters in 2 lines.|]
            key o
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │ ┌ Copy a link ─────────────────────────────────────────────┐
             1 Echo         │ │ 2 links · type to filter                                 │
             2 List clients │ │ >https://a.org                                           │─
             3 Private mes… │ │  https://b.org/%C3%A9                                    │
             4 Broadcast    │ │ [Copy] [Cancel]                                          │
             5 Exit         │ └──────────────────────────────────────────────────────────┘
             6 Close server │                  looks good
             7 Search       │>           ~bob  bob looks
             8 Rooms        │>                 at https://a.org, https://b.org/é.
             9 Moderate     │ >
             ● alice  Copied: 44 characters in 2 lines.
            key Down
            key Enter
                Copy("https://b.org/%C3%A9")
              [● alice  Copied the link https://b.org/%C3%A9|]
            start name=alice opens-links
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x14
            server @id=1;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | https://en.wikipedia.org/wiki/A_(b)?
            key Ctrl-Up
            key o
                OpenLink("https://en.wikipedia.org/wiki/A_(b)")
              [● alice  Opening https://en.wikipedia.org/wiki/A_(b)|]
        "#]],
    );
}

#[test]
fn enter_goes_to_what_a_message_answers() {
    check(
        &format!(
            "{TALK} key Ctrl-Up
             key Enter
             screen
             key Enter
             status"
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x14
            server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | see (https://x.org/a)
            say mine
                send @ref=5-0004 alice | all clients | broadcast_not_me | mine
            server @ref=5-0004;id=2;time=2026-11-22T12:00:01Z server | alice | accepted
            server @id=3;time=2026-11-22T12:00:02Z;verified=yes;reply=1;quote=bob\ssee\s(https://x.org/a) carol | all clients | broadcast_not_me | looks good
            key Ctrl-Up
            key Enter
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │ ─────────────────────────────────────── Sunday 22 November ──
             5 Exit         │>12:00       bob  see (https://x.org/a)
             6 Close server │             you  mine
             7 Search       │           carol  › bob: see (https://x.org/a)
             8 Rooms        │                  looks good
             9 Moderate     │ >
             ● alice                                  r reply  + react  c copy  o open  Esc
            key Enter
              [● alice  This message answers no other.|]
        "#]],
    );
}

#[test]
fn any_other_character_goes_into_the_draft() {
    check(
        &format!(
            "{TALK} key Ctrl-Up
             key x\n key r
             screen
             key Ctrl-Up\n paste pasted
             status"
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x14
            server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | see (https://x.org/a)
            say mine
                send @ref=5-0004 alice | all clients | broadcast_not_me | mine
            server @ref=5-0004;id=2;time=2026-11-22T12:00:01Z server | alice | accepted
            server @id=3;time=2026-11-22T12:00:02Z;verified=yes;reply=1;quote=bob\ssee\s(https://x.org/a) carol | all clients | broadcast_not_me | looks good
            key Ctrl-Up
            key x
            key r
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │ ─────────────────────────────────────── Sunday 22 November ──
             5 Exit         │ 12:00       bob  see (https://x.org/a)
             6 Close server │             you  mine
             7 Search       │           carol  › bob: see (https://x.org/a)
             8 Rooms        │                  looks good
             9 Moderate     │ > xr_
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key Ctrl-Up
            paste pasted
              [● alice|Ctrl-K go  Ctrl-F find  F1 keys]
        "#]],
    );
}

#[test]
fn the_pick_stays_where_it_is_while_others_talk_and_ends_with_its_message() {
    check(
        &format!(
            "{TALK} type draft\n key Ctrl-Up
             many 3
             server @id=11;time=2026-11-22T12:00:05Z bob | all clients | broadcast_not_me | one
             server @id=12;time=2026-11-22T12:00:05Z bob | all clients | broadcast_not_me | two
             server @id=13;time=2026-11-22T12:00:05Z bob | all clients | broadcast_not_me | three
             server @id=14;time=2026-11-22T12:00:05Z bob | all clients | broadcast_not_me | four
             screen
             server @id=3;time=2026-11-22T12:00:06Z;change=15 carol | all clients | deleted | carol
             status
             key Enter
             status
             +2s
             key Enter"
        ),
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x14
            server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | see (https://x.org/a)
            say mine
                send @ref=5-0004 alice | all clients | broadcast_not_me | mine
            server @ref=5-0004;id=2;time=2026-11-22T12:00:01Z server | alice | accepted
            server @id=3;time=2026-11-22T12:00:02Z;verified=yes;reply=1;quote=bob\ssee\s(https://x.org/a) carol | all clients | broadcast_not_me | looks good
            key Ctrl-Up
            server @id=11;time=2026-11-22T12:00:05Z bob | all clients | broadcast_not_me | one
            server @id=12;time=2026-11-22T12:00:05Z bob | all clients | broadcast_not_me | two
            server @id=13;time=2026-11-22T12:00:05Z bob | all clients | broadcast_not_me | three
            server @id=14;time=2026-11-22T12:00:05Z bob | all clients | broadcast_not_me | four
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │ ─────────────────────────────────────── Sunday 22 November ──
             1 Echo         │ 12:00       bob  see (https://x.org/a)
             2 List clients │             you  mine
             3 Private mes… │>          carol  › bob: see (https://x.org/a)
             4 Broadcast    │>                 looks good
             5 Exit         │            ~bob  one
             6 Close server │                  two
             7 Search       │                  three
             8 Rooms        │                  four
             9 Moderate     │ > draft
             ● alice                            r reply  + react  c copy  Enter quoted  Esc
            server @id=3;time=2026-11-22T12:00:06Z;change=15 carol | all clients | deleted | carol
              [● alice  carol deleted the message that you had picked.|]
            key Enter
              [● alice  carol deleted the message that you had picked.|]
            +2s
            key Enter
                send @ref=5-0005 alice | all clients | broadcast_not_me | draft
        "#]],
    );
}
