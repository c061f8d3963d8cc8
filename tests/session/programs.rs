//! Plain mode for programs: JSON in both directions, the newest messages, and waiting for a message.

use expect_test::expect;
use tr2::client::msg::{Effect, Farewell, Msg};

use crate::check;
use crate::script::{Play, play};

#[test]
fn a_program_learns_what_became_of_each_request() {
    check(
        r##"
        start plain json name=bot
        line {"op":"say","text":"before the line is up","label":"first"}
        rooms alice
        server server | #ops | room | open members=2 you=member topic=
        server @ref=5-0004;id=7;time=2026-11-22T12:00:01Z server | bot | accepted
        line {"op":"say","to":"alice","text":"psst","label":"a","reply_to":7}
        server @ref=5-0005;id=8 server | bot | accepted | offline
        line {"op":"say","to":"#ops","text":"two\nlines","me_too":true}
        server @ref=5-0006;id=9 server | bot | accepted
        line {"op":"say","to":"zed","text":"hello","label":"c"}
        server @ref=5-0007 server | bot | refused | no_such_user There is no zed.
        line {"op":"say","to":"#lab","text":"hello","label":"d"}
        line {"op":"say","text":"  ","label":"e"}
        line {"op":"join","room":"#lab","label":"f"}
        server @ref=5-0008 server | bot | refused | not_invited You are not invited.
        line {"op":"command","line":"/list","label":"g"}
        line {"op":"command","line":"/nothing","label":"h"}
        line {"op":"exit"}
        server @ref=5-0009 server | bot | list_clients | clients connected: bot
        server @ref=5-0009 server | bot | list_end
        "##,
        expect![[r##"
            start plain json name=bot
                Dial(tcp://localhost:1234)
            line {"op":"say","text":"before the line is up","label":"first"}
            server server | #ops | room | open members=2 you=member topic=
            server @ref=5-0004;id=7;time=2026-11-22T12:00:01Z server | bot | accepted
                {"event":"accepted","id":7,"label":"first","offline":false,"time":"2026-11-22T12:00:01.000Z"}
            line {"op":"say","to":"alice","text":"psst","label":"a","reply_to":7}
                send @ref=5-0005 bot | alice | private_message | psst
            server @ref=5-0005;id=8 server | bot | accepted | offline
                {"event":"accepted","id":8,"label":"a","offline":true,"time":null}
                {"event":"notice","text":"alice is offline and will see this when back.","time":"2026-11-22T12:00:00.000Z"}
            line {"op":"say","to":"#ops","text":"two\nlines","me_too":true}
                send @ref=5-0006 bot | #ops | broadcast | two\nlines
            server @ref=5-0006;id=9 server | bot | accepted
                {"event":"accepted","id":9,"label":null,"offline":false,"time":null}
            line {"op":"say","to":"zed","text":"hello","label":"c"}
                send @ref=5-0007 bot | zed | private_message | hello
            server @ref=5-0007 server | bot | refused | no_such_user There is no zed.
                {"code":"no_such_user","event":"refused","label":"c","text":"There is no zed."}
            line {"op":"say","to":"#lab","text":"hello","label":"d"}
                {"code":"bad_recipient","event":"refused","label":"d","text":"You are not in #lab: /join #lab"}
            line {"op":"say","text":"  ","label":"e"}
                {"code":"empty","event":"refused","label":"e","text":"The text is empty."}
            line {"op":"join","room":"#lab","label":"f"}
                send @ref=5-0008 bot | #lab | join_room | no data
            server @ref=5-0008 server | bot | refused | not_invited You are not invited.
                {"code":"not_invited","event":"refused","label":"f","text":"You are not invited."}
                {"event":"error","text":"You are not invited."}
            line {"op":"command","line":"/list","label":"g"}
                send @ref=5-0009 bot | server | list_clients | no data
            line {"op":"command","line":"/nothing","label":"h"}
                {"code":"not_done","event":"refused","label":"h","text":"There is no command /nothing. /help lists them. //nothing sends it as text."}
            line {"op":"exit"}
            server @ref=5-0009 server | bot | list_clients | clients connected: bot
            server @ref=5-0009 server | bot | list_end
                {"event":"notice","text":"Online: ~bot","time":"2026-11-22T12:00:00.000Z"}
                {"event":"accepted","id":null,"label":"g","offline":false,"time":null}
                send bot | server | exit | no data
                Disconnect
                Leave(Refused("The server refused part of the input."))
        "##]],
    );
}

#[test]
fn a_program_hears_what_happens() {
    check(
        r#"
        start plain json name=bot
        rooms alice
        server server | #ops | room | open members=2 you=member topic=
        server @id=5;time=2026-11-22T12:01:00Z;verified=yes alice | all clients | broadcast_not_me | bot: are you\nthere?
        server @id=6;time=2026-11-22T12:01:01Z alice | #ops | broadcast_not_me | deploy
        server @id=7;time=2026-11-22T12:01:02Z alice | bot | private_message | psst
        server server | all clients | joined | carol
        server @why=timeout server | all clients | left | carol
        server server | #ops | joined | dave
        server alice | #ops | topic | new disks
        lost the network is gone
        tick
        back alice
        eof
        "#,
        expect![[r##"
            start plain json name=bot
                Dial(tcp://localhost:1234)
            server server | #ops | room | open members=2 you=member topic=
            server @id=5;time=2026-11-22T12:01:00Z;verified=yes alice | all clients | broadcast_not_me | bot: are you\nthere?
                {"event":"message","from":"alice","id":5,"in":"everyone","mention":true,"old":false,"private":false,"text":"bot: are you\nthere?","time":"2026-11-22T12:01:00.000Z","verified":true}
            server @id=6;time=2026-11-22T12:01:01Z alice | #ops | broadcast_not_me | deploy
                {"event":"message","from":"alice","id":6,"in":"#ops","mention":false,"old":false,"private":false,"text":"deploy","time":"2026-11-22T12:01:01.000Z","verified":false}
            server @id=7;time=2026-11-22T12:01:02Z alice | bot | private_message | psst
                {"event":"message","from":"alice","id":7,"in":"alice","mention":false,"old":false,"private":true,"text":"psst","time":"2026-11-22T12:01:02.000Z","verified":false}
            server server | all clients | joined | carol
                {"event":"joined","in":"everyone","names":["carol"],"time":"2026-11-22T12:00:00.000Z"}
            server @why=timeout server | all clients | left | carol
                {"event":"left","in":"everyone","names":["carol"],"reason":"timeout","time":"2026-11-22T12:00:00.000Z"}
            server server | #ops | joined | dave
                {"event":"joined","in":"#ops","names":["dave"],"time":"2026-11-22T12:00:00.000Z"}
            server alice | #ops | topic | new disks
                {"event":"notice","text":"[#ops] alice set the topic: new disks","time":"2026-11-22T12:00:00.000Z"}
            lost the network is gone
                {"event":"offline","text":"the network is gone."}
                {"event":"error","text":"Connection lost. Reconnecting… the network is gone."}
            tick at 382ms
                Dial(tcp://localhost:1234)
            eof
                send bot | server | exit | no data
                Disconnect
                Leave(Done)
        "##]],
    );
}

#[test]
fn lines_that_are_no_requests_are_answered() {
    check(
        r##"
        start plain json name=bot
        online alice
        line 
        line hello
        line {"op":"say"}
        line [1]
        line {"op":"say","text":5,"label":"x"}
        line {"op":"fly","label":"y","text":"z"}
        line {"text":"no op","label":"z"}
        line {"op":"say","text":"x","label":7}
        line {"op":"join","room":"#a b","label":"r"}
        line {"op":"command","line":"no slash"}
        eof
        "##,
        expect![[r##"
            start plain json name=bot
                Dial(tcp://localhost:1234)
            line
            line hello
                {"code":"bad_json","event":"refused","label":null,"text":"This is not one JSON object in one line: expected value at line 1 column 1."}
            line {"op":"say"}
                {"code":"bad_request","event":"refused","label":null,"text":"The member \"text\" is missing."}
            line [1]
                {"code":"bad_json","event":"refused","label":null,"text":"This is not a JSON object."}
            line {"op":"say","text":5,"label":"x"}
                {"code":"bad_request","event":"refused","label":"x","text":"invalid type: integer `5`, expected a string."}
            line {"op":"fly","label":"y","text":"z"}
                {"code":"unknown_op","event":"refused","label":"y","text":"There is no op \"fly\"."}
            line {"text":"no op","label":"z"}
                {"code":"bad_request","event":"refused","label":"z","text":"The member \"op\" is missing."}
            line {"op":"say","text":"x","label":7}
                {"code":"bad_request","event":"refused","label":null,"text":"A label is a string of at most 128 bytes."}
            line {"op":"join","room":"#a b","label":"r"}
                {"code":"bad_room","event":"refused","label":"r","text":"A room's name is made of letters, digits, '-', '_' and '.'."}
            line {"op":"command","line":"no slash"}
                {"code":"bad_request","event":"refused","label":null,"text":"A command begins with a slash."}
            eof
                send bot | server | exit | no data
                Disconnect
                Leave(Refused("The server refused part of the input."))
        "##]],
    );
}

#[test]
fn a_label_and_a_text_have_a_greatest_length() {
    let said = |label: usize, text: usize| {
        let request =
            format!("{{\"op\":\"say\",\"text\":\"{}\",\"label\":\"{}\"}}", "x".repeat(text), "l".repeat(label));
        play(&format!("start plain json name=bot\nonline alice\nline {request}\n"))
    };
    assert!(said(128, 7168).contains("send @ref="));
    for (written, code) in [(said(129, 1), "bad_request"), (said(1, 7169), "too_long")] {
        assert!(
            written.contains(&format!("\"code\":\"{code}\"")) && !written.contains("send @ref=5-0004"),
            "{written}"
        );
    }
}

#[test]
fn what_awaits_an_answer_when_the_line_breaks_is_unconfirmed_or_sent_again() {
    check(
        r#"
        start plain json name=bot
        online alice
        line {"op":"say","text":"one","label":"a"}
        line {"op":"command","line":"/echo hi","label":"b"}
        lost gone
        "#,
        expect![[r#"
            start plain json name=bot
                Dial(tcp://localhost:1234)
            line {"op":"say","text":"one","label":"a"}
                send @ref=5-0004 bot | all clients | broadcast_not_me | one
            line {"op":"command","line":"/echo hi","label":"b"}
                send @ref=5-0005 bot | bot | echo | hi
            lost gone
                {"code":"unconfirmed","event":"refused","label":"b","text":"The connection was lost before the server answered."}
                {"code":"unconfirmed","event":"refused","label":"a","text":"The connection was lost before the server had accepted it."}
                {"event":"offline","text":"gone."}
                {"event":"error","text":"Connection lost. Reconnecting… gone."}
        "#]],
    );
    check(
        r#"
        start plain json name=bot
        back alice
        line {"op":"say","text":"one","label":"a"}
        lost gone
        tick
        back alice
        server @ref=5-0005;id=3 server | bot | accepted
        "#,
        expect![[r#"
            start plain json name=bot
                Dial(tcp://localhost:1234)
            line {"op":"say","text":"one","label":"a"}
                send @ref=5-0005 bot | all clients | broadcast_not_me | one
            lost gone
                {"event":"offline","text":"gone."}
                {"event":"error","text":"Connection lost. Reconnecting… gone."}
            tick at 382ms
                Dial(tcp://localhost:1234)
            server @ref=5-0005;id=3 server | bot | accepted
                {"event":"accepted","id":3,"label":"a","offline":false,"time":null}
        "#]],
    );
}

#[test]
fn the_newest_messages_are_printed_and_it_leaves() {
    check(
        "
        start plain name=cron text to=#ops tail=2
        back alice
        server @batch=h;ref=5-0005;id=5;time=2026-11-22T11:59:00Z bob | #ops | broadcast_not_me | two for cron
        server @batch=h;ref=5-0005;id=4;time=2026-11-22T11:58:00Z alice | #ops | broadcast_not_me | one
        server @ref=5-0005;batch=h server | cron | history_end
        ",
        expect![[r#"
            start plain name=cron text to=#ops tail=2
                Dial(tcp://localhost:1234)
            server @batch=h;ref=5-0005;id=5;time=2026-11-22T11:59:00Z bob | #ops | broadcast_not_me | two for cron
            server @batch=h;ref=5-0005;id=4;time=2026-11-22T11:58:00Z alice | #ops | broadcast_not_me | one
            server @ref=5-0005;batch=h server | cron | history_end
                stdout 11:58 [#ops] ~alice: one
                stdout 11:59 [mention] [#ops] ~bob: two for cron
                send cron | server | exit | no data
                Disconnect
                Leave(Done)
        "#]],
    );
    check(
        "
        start plain name=cron text to=#ops tail=2
        back alice
        server @ref=5-0005 server | cron | refused | not_in_room You are not in #ops.
        ",
        expect![[r#"
            start plain name=cron text to=#ops tail=2
                Dial(tcp://localhost:1234)
            server @ref=5-0005 server | cron | refused | not_in_room You are not in #ops.
                send cron | server | exit | no data
                Disconnect
                Leave(Refused("You are not in #ops."))
        "#]],
    );
    let started = Play::new("start plain name=cron text tail=2").session;
    assert!(!started.takes_lines(), "standard input is not read");
}

#[test]
fn a_tail_that_cannot_be_had_is_a_failure() {
    let written = play(
        "start plain name=cron text tail=2\nconnected 2.26\nserver server | client | name | TR2.26 accepted\n\
         server server | cron | connection_confirmation | hi\n",
    );
    assert!(written.ends_with("Leave(Failed(\"This server keeps no messages.\"))\n"), "{written}");
    let mut play = Play::new("start plain name=cron text tail=2 timeout=5");
    play.step("start plain name=cron text tail=2 timeout=5");
    play.step("back alice");
    play.step("+5s");
    assert!(play.written.ends_with("Leave(Failed(\"The messages did not come within 5 s.\"))\n"), "{}", play.written);
}

#[test]
fn who_is_ended_before_what_was_asked_for_came_has_failed() {
    for (asked, fails) in [("tail=2", true), ("wait=hello", true), ("", false)] {
        let start = format!("start plain name=cron text {asked}");
        let mut play = Play::new(start.trim_end());
        play.step(start.trim_end());
        let effects = play.update(Msg::Hangup);
        let failed = |effect: &Effect| matches!(effect, Effect::Leave(Farewell::Failed(_)));
        assert_eq!(effects.iter().any(failed), fails, "{asked}: {effects:?}");
    }
}

#[test]
fn waiting_ends_with_a_message_of_somebody_else() {
    check(
        "
        start plain name=cron text wait=DONE
        online alice
        line is it done?
        eof
        server @ref=5-0004;id=1 server | cron | accepted
        server @id=2 cron | all clients | broadcast | done, I say myself
        server @id=3 alice | all clients | broadcast_not_me | nearly
        +1s
        server @id=4 alice | cron | private_message | Done.
        ",
        expect![[r#"
            start plain name=cron text wait=DONE
                Dial(tcp://localhost:1234)
            line is it done?
                send @ref=5-0004 cron | all clients | broadcast_not_me | is it done?
            eof
            server @ref=5-0004;id=1 server | cron | accepted
            server @id=2 cron | all clients | broadcast | done, I say myself
                stdout 12:00 ~cron: done, I say myself
            server @id=3 alice | all clients | broadcast_not_me | nearly
                stdout 12:00 ~alice: nearly
            +1s
            server @id=4 alice | cron | private_message | Done.
                stdout 12:00 ~alice -> you: Done.
                send cron | server | exit | no data
                Disconnect
                Leave(Done)
        "#]],
    );
    check(
        "
        start plain name=cron text wait=done to=alice timeout=60
        online alice
        eof
        server @id=3 alice | all clients | broadcast_not_me | done for all
        server @id=4 bob | cron | private_message | done by bob
        +59s
        +1s
        ",
        expect![[r#"
            start plain name=cron text wait=done to=alice timeout=60
                Dial(tcp://localhost:1234)
            eof
            server @id=3 alice | all clients | broadcast_not_me | done for all
                stdout 12:00 ~alice: done for all
            server @id=4 bob | cron | private_message | done by bob
                stdout 12:00 ~bob -> you: done by bob
            +59s
                send cron | server | ping | 4
            +1s
                Disconnect
                stderr tr2: Connection lost. Reconnecting… Nothing came from the server for 60 s.
                Leave(Failed("Nobody said \"done\" within 60 s."))
        "#]],
    );
}

#[test]
fn input_or_output_that_fails_ends_it_once_everything_is_sent() {
    check(
        "
        start plain name=cron text
        online alice
        line one
        input-failed Standard input cannot be read: Input/output error.
        +1s
        server @ref=5-0004;id=1 server | cron | accepted
        ",
        expect![[r#"
            start plain name=cron text
                Dial(tcp://localhost:1234)
            line one
                send @ref=5-0004 cron | all clients | broadcast_not_me | one
            input-failed Standard input cannot be read: Input/output error.
            +1s
            server @ref=5-0004;id=1 server | cron | accepted
                send cron | server | exit | no data
                Disconnect
                Leave(Failed("Standard input cannot be read: Input/output error."))
        "#]],
    );
    check(
        "
        start plain name=cron text wait=x
        online alice
        line one
        output-ended
        server @ref=5-0004;id=1 server | cron | accepted
        ",
        expect![[r#"
            start plain name=cron text wait=x
                Dial(tcp://localhost:1234)
            line one
                send @ref=5-0004 cron | all clients | broadcast_not_me | one
            output-ended
            server @ref=5-0004;id=1 server | cron | accepted
                send cron | server | exit | no data
                Disconnect
                Leave(Done)
        "#]],
    );
    check(
        "
        start plain name=cron text
        online alice
        output-ended Standard output cannot be written: No space left on device.
        ",
        expect![[r#"
            start plain name=cron text
                Dial(tcp://localhost:1234)
            output-ended Standard output cannot be written: No space left on device.
                send cron | server | exit | no data
                Disconnect
                Leave(Failed("Standard output cannot be written: No space left on device."))
        "#]],
    );
}

#[test]
fn a_slash_is_text_unless_commands_are_asked_for() {
    check(
        "
        start plain name=cron text
        online alice
        line /etc/passwd changed
        line //server/share
        line /exit
        ",
        expect![[r#"
            start plain name=cron text
                Dial(tcp://localhost:1234)
            line /etc/passwd changed
                send @ref=5-0004 cron | all clients | broadcast_not_me | /etc/passwd changed
            line //server/share
                send @ref=5-0005 cron | all clients | broadcast_not_me | //server/share
            line /exit
                send @ref=5-0006 cron | all clients | broadcast_not_me | /exit
        "#]],
    );
}

#[test]
fn one_line_becomes_at_most_so_many_messages() {
    let part = "x".repeat(7168 * 9);
    let rest = format!("rest {part}\n").repeat(23);
    let mut script = format!("start plain name=cron text\nonline alice\nline {part}\n{rest}eof\n");
    for id in 4..300 {
        script += &format!("server @ref=5-{id:04x};id={id} server | cron | accepted\n");
    }
    let written = play(&script);
    assert_eq!(written.matches("    send @ref=").count(), 207, "the parts of the reads that began in time");
    assert_eq!(written.matches("The line is too long. Not sent: ").count(), 1);
    assert!(written.contains("A long line was sent as 207 messages."));
    assert!(written.contains("Leave(Failed(\"1 line was not sent.\"))"), "{}", &written[written.len() - 500..]);
}

#[test]
fn a_program_answers_edits_deletes_and_reacts() {
    check(
        r##"
        start plain json name=bot
        rooms alice
        server server | #ops | room | open members=2 you=member topic=
        line {"op":"reply","id":7,"text":"done","label":"a"}
        server @ref=5-0004;id=8;time=2026-11-22T12:00:01Z server | bot | accepted
        line {"op":"reply","to":"#ops","id":9,"text":"not there","me_too":true}
        server @ref=5-0005 server | bot | refused | no_such_message There is no such message there to answer, or it is deleted.
        line {"op":"edit","id":8,"text":"done\nand tested","label":"b"}
        server @ref=5-0006;id=8;time=2026-11-22T12:00:02Z;change=10 bot | all clients | edited | done\nand tested
        line {"op":"edit","id":1,"text":"not mine","label":"c"}
        server @ref=5-0007 server | bot | refused | not_yours You can edit and delete only your own messages.
        line {"op":"react","to":"alice","id":5,"reaction":"+1","label":"d"}
        server @ref=5-0008;id=5;change=11 bot | alice | reacted | on 1 +1 alice
        line {"op":"unreact","to":"alice","id":5,"reaction":"+1","label":"e"}
        server @ref=5-0009;id=5;change=12 bot | alice | reacted | off 0 +1 alice
        line {"op":"delete","id":8,"label":"f"}
        server @ref=5-000a;id=8;change=13 bot | all clients | deleted | bot
        line {"op":"delete","to":"#ops","id":4,"reason":"it insults","label":"g"}
        server @id=4;change=14 carol | #ops | deleted | bot
        server @id=4 carol | bot | deleted | server
        server @ref=5-000b bot | #ops | act | delete carol - off it insults
        line {"op":"unreact","to":"#ops","id":5,"reaction":"rude","user":"carol","reason":"it insults","label":"h"}
        server @ref=5-000c server | bot | refused | not_moderator Only a moderator of #ops may do that.
        line {"op":"unreact","to":"#ops","id":5,"reaction":"rude","reason":"it insults","label":"i"}
        line {"op":"edit","text":"which?","label":"j"}
        line {"op":"edit","id":8,"text":" ","label":"k"}
        line {"op":"edit","id":-1,"text":"x","label":"l"}
        line {"op":"react","id":8,"label":"m"}
        line {"op":"react","id":8,"reaction":"two words","label":"n"}
        line {"op":"delete","to":"#lab","id":8,"label":"o"}
        line {"op":"delete","id":8,"reason":" ","label":"p"}
        line {"op":"delete","id":8,"label":"q"}
        lost the network is gone
        "##,
        expect![[r##"
            start plain json name=bot
                Dial(tcp://localhost:1234)
            server server | #ops | room | open members=2 you=member topic=
            line {"op":"reply","id":7,"text":"done","label":"a"}
                send @ref=5-0004;reply=7 bot | all clients | broadcast_not_me | done
            server @ref=5-0004;id=8;time=2026-11-22T12:00:01Z server | bot | accepted
                {"event":"accepted","id":8,"label":"a","offline":false,"time":"2026-11-22T12:00:01.000Z"}
            line {"op":"reply","to":"#ops","id":9,"text":"not there","me_too":true}
                send @ref=5-0005;reply=9 bot | #ops | broadcast | not there
            server @ref=5-0005 server | bot | refused | no_such_message There is no such message there to answer, or it is deleted.
                {"code":"no_such_message","event":"refused","label":null,"text":"There is no such message there to answer, or it is deleted."}
            line {"op":"edit","id":8,"text":"done\nand tested","label":"b"}
                send @ref=5-0006 bot | all clients | edit | 8 done\nand tested
            server @ref=5-0006;id=8;time=2026-11-22T12:00:02Z;change=10 bot | all clients | edited | done\nand tested
                {"event":"accepted","id":null,"label":"b","offline":false,"time":null}
            line {"op":"edit","id":1,"text":"not mine","label":"c"}
                send @ref=5-0007 bot | all clients | edit | 1 not mine
            server @ref=5-0007 server | bot | refused | not_yours You can edit and delete only your own messages.
                {"code":"not_yours","event":"refused","label":"c","text":"You can edit and delete only your own messages."}
            line {"op":"react","to":"alice","id":5,"reaction":"+1","label":"d"}
                send @ref=5-0008 bot | alice | react | 5 +1
            server @ref=5-0008;id=5;change=11 bot | alice | reacted | on 1 +1 alice
                {"event":"accepted","id":null,"label":"d","offline":false,"time":null}
            line {"op":"unreact","to":"alice","id":5,"reaction":"+1","label":"e"}
                send @ref=5-0009 bot | alice | unreact | 5 +1
            server @ref=5-0009;id=5;change=12 bot | alice | reacted | off 0 +1 alice
                {"event":"accepted","id":null,"label":"e","offline":false,"time":null}
            line {"op":"delete","id":8,"label":"f"}
                send @ref=5-000a bot | all clients | retract | 8
            server @ref=5-000a;id=8;change=13 bot | all clients | deleted | bot
                {"event":"accepted","id":null,"label":"f","offline":false,"time":null}
            line {"op":"delete","to":"#ops","id":4,"reason":"it insults","label":"g"}
                send @ref=5-000b bot | #ops | delete | 4 it insults
            server @id=4;change=14 carol | #ops | deleted | bot
                {"by":"bot","event":"deleted","from":"carol","id":4,"in":"#ops","time":"2026-11-22T12:00:00.000Z"}
            server @id=4 carol | bot | deleted | server
                {"by":"server","event":"deleted","from":"carol","id":4,"in":"carol","time":"2026-11-22T12:00:00.000Z"}
            server @ref=5-000b bot | #ops | act | delete carol - off it insults
                {"event":"notice","text":"[#ops] bot deleted a message by carol: it insults","time":"2026-11-22T12:00:00.000Z"}
                {"event":"accepted","id":null,"label":"g","offline":false,"time":null}
            line {"op":"unreact","to":"#ops","id":5,"reaction":"rude","user":"carol","reason":"it insults","label":"h"}
                send @ref=5-000c bot | #ops | remove_reaction | 5 rude carol it insults
            server @ref=5-000c server | bot | refused | not_moderator Only a moderator of #ops may do that.
                {"code":"not_moderator","event":"refused","label":"h","text":"Only a moderator of #ops may do that."}
                {"event":"error","text":"Only a moderator of #ops may do that."}
            line {"op":"unreact","to":"#ops","id":5,"reaction":"rude","reason":"it insults","label":"i"}
                send @ref=5-000d bot | #ops | remove_reaction | 5 rude - it insults
            line {"op":"edit","text":"which?","label":"j"}
                {"code":"bad_request","event":"refused","label":"j","text":"The member \"id\" is missing."}
            line {"op":"edit","id":8,"text":" ","label":"k"}
                {"code":"empty","event":"refused","label":"k","text":"The text is empty."}
            line {"op":"edit","id":-1,"text":"x","label":"l"}
                {"code":"bad_request","event":"refused","label":"l","text":"invalid value: integer `-1`, expected u64."}
            line {"op":"react","id":8,"label":"m"}
                {"code":"bad_request","event":"refused","label":"m","text":"The member \"reaction\" is missing."}
            line {"op":"react","id":8,"reaction":"two words","label":"n"}
                {"code":"bad_reaction","event":"refused","label":"n","text":"A reaction is one word or sign, at most 32 bytes long and 16 cells wide."}
            line {"op":"delete","to":"#lab","id":8,"label":"o"}
                {"code":"bad_recipient","event":"refused","label":"o","text":"You are not in #lab: /join #lab"}
            line {"op":"delete","id":8,"reason":" ","label":"p"}
                {"code":"reason_needed","event":"refused","label":"p","text":"The reason is empty."}
            line {"op":"delete","id":8,"label":"q"}
                send @ref=5-000e bot | all clients | retract | 8
            lost the network is gone
                {"code":"unconfirmed","event":"refused","label":"i","text":"The connection was lost before the server answered."}
                {"code":"unconfirmed","event":"refused","label":"q","text":"The connection was lost before the server answered."}
                {"event":"offline","text":"the network is gone."}
                {"event":"error","text":"Connection lost. Reconnecting… the network is gone."}
        "##]],
    );
    check(
        r#"
        start plain json name=bot
        online alice
        line {"op":"reply","id":7,"text":"done","label":"a"}
        line {"op":"edit","id":8,"text":"done","label":"b"}
        line {"op":"react","id":8,"reaction":"+1","label":"c"}
        line {"op":"delete","id":8,"reason":"rude","label":"d"}
        "#,
        expect![[r#"
            start plain json name=bot
                Dial(tcp://localhost:1234)
            line {"op":"reply","id":7,"text":"done","label":"a"}
                {"code":"not_done","event":"refused","label":"a","text":"This server cannot do that."}
            line {"op":"edit","id":8,"text":"done","label":"b"}
                {"code":"not_done","event":"refused","label":"b","text":"This server cannot do that."}
            line {"op":"react","id":8,"reaction":"+1","label":"c"}
                {"code":"not_done","event":"refused","label":"c","text":"This server cannot do that."}
            line {"op":"delete","id":8,"reason":"rude","label":"d"}
                {"code":"not_done","event":"refused","label":"d","text":"This server cannot do that."}
        "#]],
    );
}

#[test]
fn a_program_hears_of_answers_edits_deletions_and_reactions() {
    check(
        r#"
        start plain json name=bot
        rooms alice
        server @id=5;time=2026-11-22T12:01:00Z;verified=yes alice | all clients | broadcast_not_me | deploy?
        server @id=6;time=2026-11-22T12:01:01Z;reply=5;quote=alice\sdeploy? carol | all clients | broadcast_not_me | yes
        server @id=7;time=2026-11-22T12:01:02Z;reply=3 carol | all clients | broadcast_not_me | and that, too
        server @id=5;time=2026-11-22T12:01:03Z;verified=yes;change=8 alice | all clients | edited | deploy now?
        server @id=5;time=2026-11-22T12:01:04Z;change=9 carol | all clients | reacted | on 1 +1 alice
        server @id=5;time=2026-11-22T12:01:05Z;change=10 carol | all clients | reacted | off 0 +1 alice
        server @id=5;time=2026-11-22T12:01:05Z;change=11 carol | all clients | reacted | off 0 rude alice dave
        server @id=6;time=2026-11-22T12:01:06Z;change=12 carol | all clients | deleted | carol
        server @id=7;time=2026-11-22T12:01:07Z;change=13 carol | all clients | deleted | dave
        server dave | all clients | act | delete carol - off it insults
        server @id=2;time=2026-11-22T12:01:08Z;change=14 alice | bot | reacted | on 1 ok bot
        "#,
        expect![[r#"
            start plain json name=bot
                Dial(tcp://localhost:1234)
            server @id=5;time=2026-11-22T12:01:00Z;verified=yes alice | all clients | broadcast_not_me | deploy?
                {"event":"message","from":"alice","id":5,"in":"everyone","mention":false,"old":false,"private":false,"text":"deploy?","time":"2026-11-22T12:01:00.000Z","verified":true}
            server @id=6;time=2026-11-22T12:01:01Z;reply=5;quote=alice\sdeploy? carol | all clients | broadcast_not_me | yes
                {"event":"message","from":"carol","id":6,"in":"everyone","mention":false,"old":false,"private":false,"reply_to":{"from":"alice","id":5,"text":"deploy?"},"text":"yes","time":"2026-11-22T12:01:01.000Z","verified":false}
            server @id=7;time=2026-11-22T12:01:02Z;reply=3 carol | all clients | broadcast_not_me | and that, too
                {"event":"message","from":"carol","id":7,"in":"everyone","mention":false,"old":false,"private":false,"reply_to":{"from":null,"id":3,"text":null},"text":"and that, too","time":"2026-11-22T12:01:02.000Z","verified":false}
            server @id=5;time=2026-11-22T12:01:03Z;verified=yes;change=8 alice | all clients | edited | deploy now?
                {"event":"edited","from":"alice","id":5,"in":"everyone","text":"deploy now?","time":"2026-11-22T12:01:03.000Z","verified":true}
            server @id=5;time=2026-11-22T12:01:04Z;change=9 carol | all clients | reacted | on 1 +1 alice
                {"author":"alice","count":1,"event":"reacted","from":"carol","id":5,"in":"everyone","reaction":"+1","time":"2026-11-22T12:01:04.000Z","verified":false}
            server @id=5;time=2026-11-22T12:01:05Z;change=10 carol | all clients | reacted | off 0 +1 alice
                {"author":"alice","count":0,"event":"unreacted","from":"carol","id":5,"in":"everyone","reaction":"+1","time":"2026-11-22T12:01:05.000Z","verified":false}
            server @id=5;time=2026-11-22T12:01:05Z;change=11 carol | all clients | reacted | off 0 rude alice dave
                {"author":"alice","count":0,"event":"unreacted","from":"carol","id":5,"in":"everyone","reaction":"rude","removed_by":"dave","time":"2026-11-22T12:01:05.000Z","verified":false}
            server @id=6;time=2026-11-22T12:01:06Z;change=12 carol | all clients | deleted | carol
                {"by":"carol","event":"deleted","from":"carol","id":6,"in":"everyone","time":"2026-11-22T12:01:06.000Z"}
            server @id=7;time=2026-11-22T12:01:07Z;change=13 carol | all clients | deleted | dave
                {"by":"dave","event":"deleted","from":"carol","id":7,"in":"everyone","time":"2026-11-22T12:01:07.000Z"}
            server dave | all clients | act | delete carol - off it insults
                {"event":"notice","text":"dave deleted a message by carol: it insults","time":"2026-11-22T12:00:00.000Z"}
            server @id=2;time=2026-11-22T12:01:08Z;change=14 alice | bot | reacted | on 1 ok bot
                {"author":"bot","count":1,"event":"reacted","from":"alice","id":2,"in":"alice","reaction":"ok","time":"2026-11-22T12:01:08.000Z","verified":false}
        "#]],
    );
}
