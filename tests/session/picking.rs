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
              [● alice|r reply  + react  c copy  Enter quote  Esc]
            key r
            *1 everyone     │ everyone                                             2 people
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
             9 Moderate     │ reply to carol: looks good · Esc cancels
             0 Call         │ > well_
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
             1 Echo         │
             2 List clients │
             3 Private mes… │ ─────────────────────────────────────── Sunday 22 November ──
             4 Broadcast    │ 12:00       bob  see (https://x.org/a)
             5 Exit         │             you  mine
             6 Close server │           carol  › bob: see (https://x.org/a)
             7 Search       │                  looks good
             8 Rooms        │             you  › bob: see (https://x.org/a)
             9 Moderate     │                  well, sure ◌
             0 Call         │ > _
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
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │ ─────────────────────────────────────── Sunday 22 November ──
             5 Exit         │ 12:00       bob  see (https://x.org/a)
             6 Close server │             you  mine
             7 Search       │           carol  › bob: see (https://x.org/a)
             8 Rooms        │                  looks good
             9 Moderate     │ editing your message · Esc cancels
             0 Call         │ > mine_
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            say , but better
                send @ref=5-0005 alice | all clients | edit | 2 mine, but better
            server @ref=5-0005;id=2;time=2026-11-22T12:00:03Z;change=9 alice | all clients | edited | mine, but better
            *1 everyone     │ everyone                                             2 people
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │ ─────────────────────────────────────── Sunday 22 November ──
             6 Close server │ 12:00       bob  see (https://x.org/a)
             7 Search       │             you  mine, but better edited
             8 Rooms        │           carol  › bob: see (https://x.org/a)
             9 Moderate     │                  looks good
             0 Call         │ > a draft_
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key Ctrl-Up
            key Up
            key e
            key Esc
            *1 everyone     │ everyone                                             2 people
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │ ─────────────────────────────────────── Sunday 22 November ──
             6 Close server │ 12:00       bob  see (https://x.org/a)
             7 Search       │             you  mine, but better edited
             8 Rooms        │           carol  › bob: see (https://x.org/a)
             9 Moderate     │                  looks good
             0 Call         │ > a draft_
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
             1 Echo         │ ┌ Delete ──────────────────────────────────────────────────┐
             2 List clients │ │ Delete your message? A marker stays.                     │
             3 Private mes… │ │ › mine                                                   │
             4 Broadcast    │ │ [Delete] <Keep>                                          │
             5 Exit         │ └──────────────────────────────────────────────────────────┘─
             6 Close server │ 12:00       bob  see (https://x.org/a)
             7 Search       │>            you  mine
             8 Rooms        │           carol  › bob: see (https://x.org/a)
             9 Moderate     │                  looks good
             0 Call         │ >
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
              [● alice|r reply  d delete  + react  c copy  Enter quote  Esc]
            key d
            *1 everyone     │ everyone                                             2 people
                            │
                            │
             1 Echo         │ ┌ Delete message · the server ─────────────────────────────┐
             2 List clients │ │ Why: _                                                   │
             3 Private mes… │ │ 1 message · type to filter                               │
             4 Broadcast    │ │  12:00 carol: looks good                                 │
             5 Exit         │ │ [Delete message] [Cancel]                                │─
             6 Close server │ └──────────────────────────────────────────────────────────┘
             7 Search       │             you  mine
             8 Rooms        │>          carol  › bob: see (https://x.org/a)
             9 Moderate     │>                 looks good
             0 Call         │ >
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
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
             1 Echo         │ │ 237 signs · type to filter                               │
             2 List clients │ │  :+1:                                                 👍 │
             3 Private mes… │ │  :heart:                                               ❤ │
             4 Broadcast    │ │  :joy:                                                😂 │
             5 Exit         │ │  :tada:                                               🎉 │─
             6 Close server │ │  :eyes:                                               👀 │
             7 Search       │ │  :check:                                              ✅ │
             8 Rooms        │>│  :rocket:                                             🚀 │
             9 Moderate     │>│  :-1:                                                 👎 │
             0 Call         │ │ [React] [Cancel]                                         │
             ● alice          └──────────────────────────────────────────────────────────┘s
            key Tab
            *1 everyone     │ everyone                                             2 people
                            │
                            │ ┌ Reaction ────────────────────────────────────────────────┐
             1 Echo         │ │ Sign: 👍_                                                │
             2 List clients │ │ A short word, a sign, or an emoji by name as in :smile   │
             3 Private mes… │ │ 2 with ":thu"                                            │
             4 Broadcast    │ │  :thumbsup:                                           👍 │
             5 Exit         │ │  :thumbsdown:                                         👎 │─
             6 Close server │ │ [React] [Cancel]                                         │
             7 Search       │ └──────────────────────────────────────────────────────────┘
             8 Rooms        │>          carol  › bob: see (https://x.org/a)
             9 Moderate     │>                 looks good
             0 Call         │ >
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key Enter
                send @ref=5-0005 alice | all clients | react | 3 👍
            server @ref=5-0005;id=3;time=2026-11-22T12:00:03Z;change=9 alice | all clients | reacted | on 1 👍 carol
            key +
            *1 everyone     │ ┌ Reaction ────────────────────────────────────────────────┐e
                            │ │ Sign: _                                                  │
                            │ │ A short word, a sign, or an emoji by name as in :smile   │
             1 Echo         │ │ 238 signs · type to filter                               │
             2 List clients │ │  👍                           yours; again takes it back │
             3 Private mes… │ │  :+1:                                                 👍 │
             4 Broadcast    │ │  :heart:                                               ❤ │─
             5 Exit         │ │  :joy:                                                😂 │
             6 Close server │ │  :tada:                                               🎉 │
             7 Search       │>│  :eyes:                                               👀 │
             8 Rooms        │>│  :check:                                              ✅ │
             9 Moderate     │>│  :rocket:                                             🚀 │
             0 Call         │ │ [React] [Cancel]                                         │
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
                Copy("* bob looks\nat https://a.org, https://b.org/é.")
              [● alice  Copied: 46 characters in 2 lines.|]
            key o
            *1 everyone     │ everyone                                             2 people
                            │
                            │
             1 Echo         │ ┌ Copy a link ─────────────────────────────────────────────┐
             2 List clients │ │ 2 links · type to filter                                 │
             3 Private mes… │ │ >https://a.org                                           │─
             4 Broadcast    │ │  https://b.org/%C3%A9                                    │
             5 Exit         │ │ [Copy] [Cancel]                                          │
             6 Close server │ └──────────────────────────────────────────────────────────┘
             7 Search       │                  looks good
             8 Rooms        │>              *  ~bob looks
             9 Moderate     │>                 at https://a.org, https://b.org/é.
             0 Call         │ >
             ● alice  Copied: 46 characters in 2 lines.
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
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │ ─────────────────────────────────────── Sunday 22 November ──
             6 Close server │>12:00       bob  see (https://x.org/a)
             7 Search       │             you  mine
             8 Rooms        │           carol  › bob: see (https://x.org/a)
             9 Moderate     │                  looks good
             0 Call         │ >
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
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │ ─────────────────────────────────────── Sunday 22 November ──
             6 Close server │ 12:00       bob  see (https://x.org/a)
             7 Search       │             you  mine
             8 Rooms        │           carol  › bob: see (https://x.org/a)
             9 Moderate     │                  looks good
             0 Call         │ > xr_
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
             1 Echo         │ ─────────────────────────────────────── Sunday 22 November ──
             2 List clients │ 12:00       bob  see (https://x.org/a)
             3 Private mes… │             you  mine
             4 Broadcast    │>          carol  › bob: see (https://x.org/a)
             5 Exit         │>                 looks good
             6 Close server │            ~bob  one
             7 Search       │                  two
             8 Rooms        │                  three
             9 Moderate     │                  four
             0 Call         │ > draft
             ● alice                             r reply  + react  c copy  Enter quote  Esc
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

#[test]
fn offline_an_answer_is_queued_and_other_changes_say_why_not() {
    check(
        &format!(
            "{TALK} lost gone
             key Esc\n key Ctrl-Up\n key Up
             status
             key e
             status
             key d
             key +
             key r
             say later
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
            lost gone
            key Esc
            key Ctrl-Up
            key Up
              [○ alice  reconnecting in 1 s · /reconnect at once|r reply  c copy  Esc]
            key e
              [○ alice  You are not online; try again once you are.|]
            key d
            key +
            key r
            say later
                Dial(tcp://localhost:1234)
            *1 everyone     │ everyone
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │ ─────────────────────────────────────── Sunday 22 November ──
             4 Broadcast    │ 12:00       bob  see (https://x.org/a)
             5 Exit         │             you  mine
             6 Close server │           carol  › bob: see (https://x.org/a)
             7 Search       │                  looks good
             8 Rooms        │             you  › alice: mine
             9 Moderate     │                  later queued
             0 Call         │ > _
             ○ alice  reconnecting…  You are not online; try again once you are.
        "#]],
    );
}

#[test]
fn a_server_of_tr2_23_numbers_nothing_that_could_be_picked() {
    check(
        "
        start name=alice
        size 80x12
        connected 2.23
        server server | client | name | no data
        server server | alice | connection_confirmation | You are now connected
        server server | alice | list_clients | clients connected: bob ,alice
        server bob | all clients | broadcast_not_me | hi
        key Ctrl-Up
        screen
        key r
        status
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x12
            connected 2.23
            server server | client | name | no data
                send @ref=5-0001 alice | server | name | alice
            server server | alice | connection_confirmation | You are now connected
                send @ref=5-0002 alice | server | list_clients | no data
            server server | alice | list_clients | clients connected: bob ,alice
            server bob | all clients | broadcast_not_me | hi
            key Ctrl-Up
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ─────────────────────────────────────── Sunday 22 November ──
                            │ 12:00       bob  hi
             menu F2        │ > _
            ● alice TR2.23  A TR2.23 server does not number messages, so none can be picked.
            key r
              [● alice TR2.23  A TR2.23 server does not number messages, so none can be picked.|]
        "#]],
    );
}

#[test]
fn a_pick_ends_with_its_conversation_and_when_its_sender_is_ignored() {
    check(
        "
        start name=alice
        size 60x12
        rooms bob
        server server | #ops | room | open members=2 you=member topic=
        server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | #ops | broadcast_not_me | in a room
        server @id=2;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | buy this
        say /query #ops
        key Ctrl-Up
        status
        server server | #ops | left | alice
        key Esc
        status
        key Ctrl-Up
        server @ref=x server | alice | ignored | bob
        status
        key r
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x12
            server server | #ops | room | open members=2 you=member topic=
            server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | #ops | broadcast_not_me | in a room
                Title("tr2 (1)")
            server @id=2;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | buy this
            say /query #ops
                send @ref=5-0004 alice | #ops | members | no data
                Title("tr2")
            key Ctrl-Up
              [● alice  #ops|r reply  + react  c copy  Esc]
            server server | #ops | left | alice
            key Esc
              [● alice  You left #ops.|]
            key Ctrl-Up
            server @ref=x server | alice | ignored | bob
              [● alice  The message that you had picked is gone.|]
            key r
        "#]],
    );
}

#[test]
fn a_pick_stays_in_view_on_a_smaller_screen_and_under_a_dialog_that_comes() {
    check(
        &format!(
            "{TALK} many 1
             server @id=21;time=2026-11-22T12:00:07Z;verified=yes bob | all clients | broadcast_not_me | one\\ntwo\\nthree\\nfour\\nfive
             key Ctrl-Up\n key Up
             size 60x6
             screen
             size 20x5
             screen
             size 80x14
             server server | alice | refused | kicked carol made you leave: spam
             key r
             key Enter
             +1s
             key Esc
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
            server @id=21;time=2026-11-22T12:00:07Z;verified=yes bob | all clients | broadcast_not_me | one\ntwo\nthree\nfour\nfive
            key Ctrl-Up
            key Up
            size 60x6
             ──────────────────────────────────── Sunday 22 November ──
             12:00       bob  see (https://x.org/a)
                         you  mine
            >          carol  › bob: see (https://x.org/a)
             >
             ● alice         r reply  + react  c copy  Enter quote  Esc
            size 20x5
            you mine
            carol › bob: see (h…
              looks good
             >
             …  r + c Enter Esc
            size 80x14
            server server | alice | refused | kicked carol made you leave: spam
                Disconnect
            key r
            key Enter
            +1s
            key Esc
              [○ alice  You are not online. F5 tries to come back, Ctrl-C leaves.|]
        "#]],
    );
}

#[test]
fn an_edit_that_is_too_late_comes_back_with_up() {
    check(
        &format!(
            "{TALK} key Ctrl-Up\n key Up\n key e
             say !
             server @ref=5-0005 server | alice | refused | too_late This message is too old to be edited or deleted.
             key Esc\n key Up
             screen
             key Ctrl-U\n type a draft\n key Ctrl-Up\n key Up\n key e\n type ?
             server @id=2;time=2026-11-22T12:00:06Z;change=15 alice | all clients | deleted | bob
             screen
             key Enter
             key Esc
             status
             key Esc
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
            key Up
            key e
            say !
                send @ref=5-0005 alice | all clients | edit | 2 mine!
            server @ref=5-0005 server | alice | refused | too_late This message is too old to be edited or deleted.
            key Esc
            key Up
            *1 everyone     │ everyone                                             2 people
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │ ─────────────────────────────────────── Sunday 22 November ──
             6 Close server │ 12:00       bob  see (https://x.org/a)
             7 Search       │             you  mine
             8 Rooms        │           carol  › bob: see (https://x.org/a)
             9 Moderate     │                  looks good
             0 Call         │ > mine!_
             ● alice  This message is too old to be edited or deleted.
            key Ctrl-U
            key Ctrl-Up
            key Up
            key e
            server @id=2;time=2026-11-22T12:00:06Z;change=15 alice | all clients | deleted | bob
            *1 everyone     │ everyone                                             2 people
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │ ─────────────────────────────────────── Sunday 22 November ──
             5 Exit         │ 12:00       bob  see (https://x.org/a)
             6 Close server │             you  [deleted by bob]
             7 Search       │           carol  › bob: see (https://x.org/a)
             8 Rooms        │                  looks good
             9 Moderate     │ editing a message that is gone · Esc cancels
             0 Call         │ > mine?_
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key Enter
            key Esc
              [● alice  This message is gone.|]
            key Esc
            *1 everyone     │ everyone                                             2 people
                            │
                            │
             1 Echo         │
             2 List clients │
             3 Private mes… │
             4 Broadcast    │
             5 Exit         │ ─────────────────────────────────────── Sunday 22 November ──
             6 Close server │ 12:00       bob  see (https://x.org/a)
             7 Search       │             you  [deleted by bob]
             8 Rooms        │           carol  › bob: see (https://x.org/a)
             9 Moderate     │                  looks good
             0 Call         │ > a draft_
             ● alice  This message is gone.
        "#]],
    );
}

#[test]
fn an_edit_that_is_being_written_leaves_both_texts_as_drafts_at_a_hangup() {
    check(
        &format!("{TALK} type a draft\n key Ctrl-Up\n key Up\n key e\n type , or not\n hangup"),
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
        hangup
            Keep([Unsent { to: Everyone, text: "a draft\nmine, or not", unsure: false, draft: true }])
            send alice | server | exit | no data
            Disconnect
            Leave(Done)
    "#]],
    );
}

#[test]
fn what_an_answer_refers_to_is_fetched_if_it_is_far_away() {
    check(
        "
        start name=alice
        size 60x12
        back bob
        server @ref=5-0004;batch=c server | alice | conversation | last=90 read=90 unread=0 all clients
        server @ref=5-0004;batch=c server | alice | conversations_end
        server @ref=5-0005;batch=h;id=90;time=2026-11-22T12:00:00Z;verified=yes;reply=5;quote=carol\\slong\\sago bob | all clients | broadcast | see there
        server @ref=5-0005;batch=h server | alice | history_end | more
        key Ctrl-Up
        status
        key Enter
        server @ref=5-0007;batch=h;id=4;time=2026-11-20T12:00:00Z;verified=yes bob | all clients | broadcast | before
        server @ref=5-0007;batch=h;id=5;time=2026-11-20T12:00:00Z;verified=yes carol | all clients | broadcast | long ago
        server @ref=5-0007;batch=h server | alice | history_end | more
        screen
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 60x12
            server @ref=5-0004;batch=c server | alice | conversation | last=90 read=90 unread=0 all clients
            server @ref=5-0004;batch=c server | alice | conversations_end
            server @ref=5-0005;batch=h;id=90;time=2026-11-22T12:00:00Z;verified=yes;reply=5;quote=carol\slong\sago bob | all clients | broadcast | see there
            server @ref=5-0005;batch=h server | alice | history_end | more
                send @ref=5-0006 alice | all clients | history | before=90 limit=200
            key Ctrl-Up
              [● alice|c copy  Enter quote  Esc]
            key Enter
                send @ref=5-0007 alice | all clients | history | before=6 limit=100
            server @ref=5-0007;batch=h;id=4;time=2026-11-20T12:00:00Z;verified=yes bob | all clients | broadcast | before
            server @ref=5-0007;batch=h;id=5;time=2026-11-20T12:00:00Z;verified=yes carol | all clients | broadcast | long ago
            server @ref=5-0007;batch=h server | alice | history_end | more
                send @ref=5-0008 alice | all clients | history | before=4 limit=200
            *1 everyone     │ everyone                         2 people
                            │
                            │
                            │
                            │
                            │ ────────────── loading older messages… ──
                            │ ─────────────────── Friday 20 November ──
                            │ 12:00 bob before
                            │ ── found ────────────────────────────────
                            │ 12:00 carol long ago
             menu F2        │ > _
             ● alice  newer below       Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

#[test]
fn where_nobody_edits_it_is_not_offered_but_changes_are_known() {
    check(
        "
        start name=alice
        size 80x14
        unedited-rooms bob
        server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | hello
        say mine
        server @ref=5-0004;id=2;time=2026-11-22T12:00:01Z server | alice | accepted
        key Ctrl-Up
        status
        key e
        status
        key d
        key Esc
        say /edit other
        status
        server server | alice | moderator | You are now a moderator.
        +6s
        key Ctrl-Up
        status
        key d
        screen
        key Esc
        key Esc
        lost gone
        +20s
        connected 2.26
        server server | client | name | TR2.26 accepted presence ping moderator rooms away reply react
        server server | alice | connection_confirmation | hi
        server @ref=5-0006 server | alice | list_clients | clients connected: alice
        server @ref=5-0006 server | alice | list_end
        ",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x14
            server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | hello
            say mine
                send @ref=5-0004 alice | all clients | broadcast_not_me | mine
            server @ref=5-0004;id=2;time=2026-11-22T12:00:01Z server | alice | accepted
            key Ctrl-Up
              [● alice|r reply  + react  c copy  Esc]
            key e
              [● alice  Edits and deletions are off here.|]
            key d
            key Esc
            say /edit other
              [● alice  Edits and deletions are off here.|]
            server server | alice | moderator | You are now a moderator.
            +6s
            key Ctrl-Up
              [● alice|r reply  d delete  + react  c copy  Esc]
            key d
            *1 everyone     │ everyone                                             2 people
                            │
                            │
             1 Echo         │ ┌ Delete message · the server ─────────────────────────────┐
             2 List clients │ │ Why: _                                                   │
             3 Private mes… │ │ 1 message · type to filter                               │
             4 Broadcast    │ │  12:00 alice: mine                                       │
             5 Exit         │ │ [Delete message] [Cancel]                                │
             6 Close server │ └──────────────────────────────────────────────────────────┘
             7 Search       │ ─────────────────────────────────────── Sunday 22 November ──
             8 Rooms        │ 12:00       bob  hello
             9 Moderate     │>            you  mine
             0 Call         │ >
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key Esc
            key Esc
            lost gone
            +20s
                Dial(tcp://localhost:1234)
            connected 2.26
            server server | client | name | TR2.26 accepted presence ping moderator rooms away reply react
                send alice | server | capabilities | reply edit react
                send @ref=5-0005 alice | server | name | alice
            server server | alice | connection_confirmation | hi
                send @ref=5-0006 alice | server | list_clients | no data
                send alice | server | ping | 7
                send @ref=5-0008 alice | all clients | changes | since=2 limit=1000
            server @ref=5-0006 server | alice | list_clients | clients connected: alice
            server @ref=5-0006 server | alice | list_end
        "#]],
    );
    // A server that tells no changes at all is told nothing of what the client knows.
    let greeting = |words: &str| {
        let mut play = crate::script::Play::new("start name=alice");
        for step in ["start name=alice", "size 80x14", "connected 2.26"] {
            play.step(step);
        }
        let frame = format!("server | client | name | TR2.26 accepted {words}");
        let effects = play.update(crate::script::server(&frame));
        format!("{effects:?}").contains("reply edit react")
    };
    let told = ["", "rooms", "reply react", "react", "edit", "reply edit react"].map(greeting);
    assert_eq!(told, [false, false, true, true, true, true]);
}
