//! What people from IRC type: it works, or the answer says what to do.

use expect_test::expect;

use crate::check;
use crate::script::Play;

#[test]
fn commands_from_elsewhere_say_what_takes_their_place() {
    check(
        "start plain name=alice
        rooms bob
        line /mode +m
        line /connect irc.example.org
        line /NickServ identify x
        line /ping bob
        line /nick al
        line /header new topic",
        expect![[r#"
            start plain name=alice
                Dial(tcp://localhost:1234)
            line /mode +m
                stderr tr2: There is no command /mode. Modes have commands of their own: /read-only, /slow, /lock-topic, /calls and /grant.
            line /connect irc.example.org
                stderr tr2: There is no command /connect. One client talks to one server. Leave, and join another: tr2 join --server URL.
            line /NickServ identify x
                stderr tr2: There is no command /NickServ. Names need no service: /whois and /keys show who owns yours.
            line /ping bob
                stderr tr2: There is no command /ping. /status shows how the connection is; /list who is online.
            line /nick al
                stdout 12:00 * You are alice. A name is taken when you join. To take another: /quit, then tr2 join --name NAME.
            line /header new topic
                send @ref=5-0004 alice | all clients | topic | new topic
        "#]],
    );
}

#[test]
fn the_first_words_that_people_try_are_all_known() {
    let words = "me nick clear close part query names who users quit op back list dnd reply notify msg join j leave topic \
                 whois invite kick ban mute away help ignore search me tell w shortcuts header status window buffer win \
                 channels lastlog deop oper exit find";
    for word in words.split_whitespace() {
        let mut play = Play::new("start name=alice");
        for step in ["start name=alice", "size 80x24", "rooms bob", "key Enter"] {
            play.step(step);
        }
        play.step(&format!("say /{word}"));
        let status = play.session.view().status.left.text();
        assert!(!status.contains("There is no command"), "/{word}: {status}");
    }
}
