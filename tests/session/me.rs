//! What people say that they do: `/me waves` is `* alice waves` wherever a message is shown or quoted.

use expect_test::expect;

use tr2::client::text::wrap::line_cells;

use crate::check;
use crate::script::Play;

#[test]
fn on_the_screen_it_stands_alone_with_a_star_and_the_name() {
    check(
        "start name=alice
         size 80x20
         rooms bob
         server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | hello
         server @id=2;time=2026-11-22T12:00:01Z;verified=yes bob | all clients | broadcast_not_me | /me waves\\nat https://a.org
         server @id=3;time=2026-11-22T12:00:02Z;verified=yes bob | all clients | broadcast_not_me | and again
         server @id=4;time=2026-11-22T12:00:03Z carol | all clients | broadcast_not_me | /me asks alice
         server @id=5;time=2026-11-22T12:00:04Z;reply=2;quote=bob\\s/me\\swaves carol | all clients | broadcast_not_me | why?
         say /me shrugs
         server @ref=5-0004;id=6;time=2026-11-22T12:00:05Z;verified=yes server | alice | accepted
         server @id=7;time=2026-11-22T12:00:06Z;verified=yes bob | all clients | broadcast_not_me | /me
         screen
         size 30x12
         screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x20
            server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | hello
            server @id=2;time=2026-11-22T12:00:01Z;verified=yes bob | all clients | broadcast_not_me | /me waves\nat https://a.org
            server @id=3;time=2026-11-22T12:00:02Z;verified=yes bob | all clients | broadcast_not_me | and again
            server @id=4;time=2026-11-22T12:00:03Z carol | all clients | broadcast_not_me | /me asks alice
                Bell
                Notify { title: "~carol in everyone", body: "* ~carol asks alice" }
            server @id=5;time=2026-11-22T12:00:04Z;reply=2;quote=bob\s/me\swaves carol | all clients | broadcast_not_me | why?
            say /me shrugs
                send @ref=5-0004 alice | all clients | broadcast_not_me | /me shrugs
            server @ref=5-0004;id=6;time=2026-11-22T12:00:05Z;verified=yes server | alice | accepted
            server @id=7;time=2026-11-22T12:00:06Z;verified=yes bob | all clients | broadcast_not_me | /me
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
                            │
                            │
                            │
                            │
                            │ ─────────────────────────────────────── Sunday 22 November ──
             1 Echo         │ 12:00       bob  hello
             2 List clients │               *  bob waves
             3 Private mes… │                  at https://a.org
             4 Broadcast    │             bob  and again
             5 Exit         │▌              *  ~carol asks alice
             6 Close server │          ~carol  › * bob waves
             7 Search       │                  why?
             8 Rooms        │               *  ~alice shrugs
             9 Moderate     │             bob  /me
             0 Call         │ > _
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            size 30x12
             everyone            2 people
             12:00 bob hello
                   * bob waves
               at https://a.org
                   bob and again
            ▌      * ~carol asks alice
                   ~carol › * bob waves
                   why?
                   * ~alice shrugs
                   bob /me
             > _
             ● alice   Ctrl-K go  F1 keys
        "#]],
    );
}

#[test]
fn replies_dialogs_and_the_clipboard_have_it_too() {
    check(
        "start name=alice
         size 80x16
         rooms bob
         server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | /me waves
         say /me shrugs
         server @ref=5-0004;id=2;time=2026-11-22T12:00:05Z;verified=yes server | alice | accepted
         key Ctrl-Up
         key d
         screen
         key Esc
         key Up
         key c
         key r
         screen
         key Esc
         server server | alice | moderator | You are a moderator now.
         say /delete 2
         screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x16
            server @id=1;time=2026-11-22T12:00:00Z;verified=yes bob | all clients | broadcast_not_me | /me waves
            say /me shrugs
                send @ref=5-0004 alice | all clients | broadcast_not_me | /me shrugs
            server @ref=5-0004;id=2;time=2026-11-22T12:00:05Z;verified=yes server | alice | accepted
            key Ctrl-Up
            key d
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │
                            │ ┌ Delete ──────────────────────────────────────────────────┐
             1 Echo         │ │ Delete your message? A marker stays.                     │
             2 List clients │ │ › * alice shrugs                                         │
             3 Private mes… │ │ [Delete] <Keep>                                          │
             4 Broadcast    │ └──────────────────────────────────────────────────────────┘
             5 Exit         │
             6 Close server │
             7 Search       │ ─────────────────────────────────────── Sunday 22 November ──
             8 Rooms        │ 12:00         *  bob waves
             9 Moderate     │>              *  ~alice shrugs
             0 Call         │ >
             ● alice                                        Ctrl-K go  Ctrl-F find  F1 keys
            key Esc
            key Up
            key c
                Copy("* bob waves")
            key r
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
             6 Close server │ ─────────────────────────────────────── Sunday 22 November ──
             7 Search       │ 12:00         *  bob waves
             8 Rooms        │               *  ~alice shrugs
             9 Moderate     │ reply to * bob waves · Esc cancels
             0 Call         │ > _
             ● alice  Copied: 11 characters.
            key Esc
            server server | alice | moderator | You are a moderator now.
            say /delete 2
            *1 everyone     │ everyone                                             2 people
                            │
                            │
                            │ ┌ Delete message · the server ─────────────────────────────┐
                            │ │ Why: _                                                   │
             1 Echo         │ │ 2 messages, the newest first · type to filter            │
             2 List clients │ │  12:00 * alice shrugs                                    │
             3 Private mes… │ │  12:00 * bob waves                                       │
             4 Broadcast    │ │ Say why: everyone here can read it.                      │
             5 Exit         │ │ [Delete message] [Cancel]                                │
             6 Close server │ └──────────────────────────────────────────────────────────┘
             7 Search       │ ─────────────────────────────────────── Sunday 22 November ──
             8 Rooms        │ 12:00         *  bob waves
             9 Moderate     │               *  ~alice shrugs
             0 Call         │ >
             ● alice  You are a moderator now.
        "#]],
    );
}

#[test]
fn notifications_and_the_search_have_it_too() {
    check(
        "start name=alice
         size 80x16
         back bob
         server @id=1;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | /me waves at alice
         server @id=2;time=2026-11-22T12:00:00Z;verified=yes carol | alice | private_message | /me whispers
         key Ctrl-F
         type waves
         key Enter
         server @ref=5-0006;id=1;time=2026-11-22T12:00:00Z;batch=s bob | all clients | broadcast | /me waves at alice
         server @ref=5-0006;batch=s server | alice | search_end
         screen",
        expect![[r#"
            start name=alice
                Dial(tcp://localhost:1234)
                Title("tr2")
            size 80x16
            server @id=1;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | /me waves at alice
                Bell
                Notify { title: "~bob in everyone", body: "* ~bob waves at alice" }
            server @id=2;time=2026-11-22T12:00:00Z;verified=yes carol | alice | private_message | /me whispers
                Notify { title: "carol", body: "* carol whispers" }
                Title("tr2 (1)")
            key Ctrl-F
            key Enter
                send @ref=5-0006 alice | server | search | waves
            server @ref=5-0006;id=1;time=2026-11-22T12:00:00Z;batch=s bob | all clients | broadcast | /me waves at alice
            server @ref=5-0006;batch=s server | alice | search_end
            *1 everyone     │ everyone                                             2 people
             2 carol     @1 │
            ┌ Search ──────────────────────────────────────────────────────────────────────┐
            │ Find waves                                                                   │
            │ from:NAME  in:NAME  before:2026-11-22  after:…  "in a row"  begin*           │
            │                                                                              │
            │ 1 message, Enter goes there.                                                 │
            │ >2026-11-22 12:00 everyone   ~bob       * ~bob [waves] at alice              │
            │                                                                              │
            │ * ~bob waves at alice                                                        │
            └──────────────────────────────────────────────────────────────────────────────┘
             7 Search       │
             8 Rooms        │ ─────────────────────────────────────── Sunday 22 November ──
             9 Moderate     │▌12:00         *  ~bob waves at alice
             0 Call         │ >
             ● alice   2 carol @1                           Ctrl-K go  Ctrl-F find  F1 keys
        "#]],
    );
}

const PLAIN: &str = "rooms bob
    server server | #ops | room | open members=2 you=member topic=
    server @id=1;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | /me waves
    server @id=2;time=2026-11-22T12:00:00Z;verified=yes bob | #ops | broadcast_not_me | /me runs
    server @id=3;time=2026-11-22T12:00:00Z;verified=yes bob | alice | private_message | /me whispers\\nsoftly
    server @id=4;time=2026-11-22T12:00:00Z;verified=yes;reply=1;quote=bob\\s/me\\swaves carol | all clients | broadcast_not_me | why?
    server @id=5;time=2026-11-22T12:00:00Z;verified=yes;reply=4;quote=carol\\swhy? bob | all clients | broadcast_not_me | /me shrugs
    server @id=5;time=2026-11-22T12:00:01Z;change=9;verified=yes bob | all clients | edited | /me shrugs, alice
    server @id=5;time=2026-11-22T12:00:01Z;change=10;verified=yes carol | all clients | reacted | on 1 +1 bob";

#[test]
fn plain_mode_prints_it_and_json_has_the_text_as_it_was_sent() {
    check(
        &format!("start plain name=alice\n{PLAIN}"),
        expect![[r#"
        start plain name=alice
            Dial(tcp://localhost:1234)
        server server | #ops | room | open members=2 you=member topic=
        server @id=1;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | /me waves
            stdout 12:00 * ~bob waves
        server @id=2;time=2026-11-22T12:00:00Z;verified=yes bob | #ops | broadcast_not_me | /me runs
            stdout 12:00 [#ops] * bob runs
        server @id=3;time=2026-11-22T12:00:00Z;verified=yes bob | alice | private_message | /me whispers\nsoftly
            stdout 12:00 * bob -> you whispers
            softly
        server @id=4;time=2026-11-22T12:00:00Z;verified=yes;reply=1;quote=bob\s/me\swaves carol | all clients | broadcast_not_me | why?
            stdout 12:00 carol: [* bob waves] why?
        server @id=5;time=2026-11-22T12:00:00Z;verified=yes;reply=4;quote=carol\swhy? bob | all clients | broadcast_not_me | /me shrugs
            stdout 12:00 [carol: why?] * bob shrugs
        server @id=5;time=2026-11-22T12:00:01Z;change=9;verified=yes bob | all clients | edited | /me shrugs, alice
            stdout 12:00 bob: edited: * bob shrugs, alice
        server @id=5;time=2026-11-22T12:00:01Z;change=10;verified=yes carol | all clients | reacted | on 1 +1 bob
            stdout 12:00 carol reacted +1 to: "* bob shrugs, alice"
    "#]],
    );
    check(
        &format!("start plain json name=alice\n{PLAIN}"),
        expect![[r##"
        start plain json name=alice
            Dial(tcp://localhost:1234)
        server server | #ops | room | open members=2 you=member topic=
        server @id=1;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | /me waves
            {"event":"message","from":"bob","id":1,"in":"everyone","mention":false,"old":false,"private":false,"text":"/me waves","time":"2026-11-22T12:00:00.000Z","verified":false}
        server @id=2;time=2026-11-22T12:00:00Z;verified=yes bob | #ops | broadcast_not_me | /me runs
            {"event":"message","from":"bob","id":2,"in":"#ops","mention":false,"old":false,"private":false,"text":"/me runs","time":"2026-11-22T12:00:00.000Z","verified":true}
        server @id=3;time=2026-11-22T12:00:00Z;verified=yes bob | alice | private_message | /me whispers\nsoftly
            {"event":"message","from":"bob","id":3,"in":"bob","mention":false,"old":false,"private":true,"text":"/me whispers\nsoftly","time":"2026-11-22T12:00:00.000Z","verified":true}
        server @id=4;time=2026-11-22T12:00:00Z;verified=yes;reply=1;quote=bob\s/me\swaves carol | all clients | broadcast_not_me | why?
            {"event":"message","from":"carol","id":4,"in":"everyone","mention":false,"old":false,"private":false,"reply_to":{"from":"bob","id":1,"text":"/me waves"},"text":"why?","time":"2026-11-22T12:00:00.000Z","verified":true}
        server @id=5;time=2026-11-22T12:00:00Z;verified=yes;reply=4;quote=carol\swhy? bob | all clients | broadcast_not_me | /me shrugs
            {"event":"message","from":"bob","id":5,"in":"everyone","mention":false,"old":false,"private":false,"reply_to":{"from":"carol","id":4,"text":"why?"},"text":"/me shrugs","time":"2026-11-22T12:00:00.000Z","verified":true}
        server @id=5;time=2026-11-22T12:00:01Z;change=9;verified=yes bob | all clients | edited | /me shrugs, alice
            {"event":"edited","from":"bob","id":5,"in":"everyone","text":"/me shrugs, alice","time":"2026-11-22T12:00:01.000Z","verified":true}
        server @id=5;time=2026-11-22T12:00:01Z;change=10;verified=yes carol | all clients | reacted | on 1 +1 bob
            {"author":"bob","count":1,"event":"reacted","from":"carol","id":5,"in":"everyone","reaction":"+1","time":"2026-11-22T12:00:01.000Z","verified":true}
    "##]],
    );
}

#[test]
fn it_fits_a_screen_of_any_width() {
    let script = "start name=alice
        rooms bob
        server @id=1;time=2026-11-22T12:00:00Z bob | all clients | broadcast_not_me | /me waves
        say /me shrugs";
    let mut play = Play::new("start name=alice");
    script.lines().for_each(|step| play.step(step.trim()));
    for width in 0..100 {
        play.step(&format!("size {width}x12"));
        let rows = play.session.view().messages.lines;
        assert!(rows.iter().all(|row| line_cells(&row.line) <= width), "{width}: {rows:?}");
    }
}
