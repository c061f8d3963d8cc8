//! Transcripts of calls: who rings whom, who has a leg of the relay, and how calls end.

use expect_test::expect;
use tr2::server::broker::rules::Rules;

use crate::transcript::rules;
use crate::{check, with_root};

#[test]
fn a_call_rings_is_answered_and_has_two_legs() {
    check(
        rules(),
        expect![[r#"
            the relay has port 7223
            alice> joins key a    bob> joins key b
            bob> x | server | capabilities | calls reply edit react    log
            alice> @ref=1 x | bob | call | id=01010101010101010101010101010101 what=chat,video key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            alice< @ref=1 server | alice | ringing | id=01010101010101010101010101010101
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes alice | bob | call | id=01010101010101010101010101010101 what=chat,video key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            log: event=call_begun conn=1 name=alice to=bob what=chat,video
            bob> @ref=2 x | alice | answer | id=01010101010101010101010101010101 yes key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            alice< @verified=yes bob | alice | answer | id=01010101010101010101010101010101 yes key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            alice< server | alice | relay | id=01010101010101010101010101010101 leg=253cbee7f11108e391d6e1c6441ad7fa port=7223 rate=1048576
            bob< @ref=2 server | bob | relay | id=01010101010101010101010101010101 leg=0feab418cc29008da0f327dd59d155a5 port=7223 rate=1048576
            relay: open 1 253cbee7f11108e391d6e1c6441ad7fa 0feab418cc29008da0f327dd59d155a5
            log: event=call_answered conn=2 name=bob to=alice
            +46s
            bob> hangs up on alice 1 done
            alice< bob | alice | hang_up | id=01010101010101010101010101010101 done
            relay: close 1
            log: event=call_ended conn=1 name=alice to=bob outcome=done
            alice> hangs up on bob 1 done
            alice< server | alice | refused | no_such_call There is no such call, or it is over.
        "#]],
    );
}

#[test]
fn a_call_is_refused_with_its_reason() {
    check(
        rules(),
        expect![[r#"
            alice> joins key a    bob> joins    old> joins TR2.23    gone> joins    able> joins
            gone> x | server | capabilities | calls    able> x | server | capabilities | calls
            gone> leaves
            alice< @why=connection\sclosed server | all clients | left | gone
            bob< @why=connection\sclosed server | all clients | left | gone
            able< @why=connection\sclosed server | all clients | left | gone
            alice> calls nobody 1    alice> calls gone 1    alice> calls bob 1    alice> calls old 1    alice> calls alice 1    alice> calls #ops 1
            alice< server | alice | refused | no_such_user No user "nobody"; /list shows who is online.
            alice< server | alice | refused | not_here gone is not online.
            alice< server | alice | refused | not_here bob cannot be called: their program has no calls.
            alice< server | alice | refused | not_here old cannot be called: their program has no calls.
            alice< server | alice | refused | not_allowed You cannot call yourself.
            alice< server | alice | refused | no_such_room There is no room #ops; join it to create it.
            alice> x | able | call | id=01010101010101010101010101010101 what=chat key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            alice< server | alice | refused | not_allowed The key of the call must be the key of this session.
            alice> x | all clients | call | id=01010101010101010101010101010101 what=chat key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            alice< server | alice | refused | no_such_user No user "all clients"; /list shows who is online.
            alice> x | able | call | id=0101 what=chat key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            alice< server | alice | refused | bad_frame The data must be: id=HEX32 what=WORDS key=KEY.
            alice> calls able 1    bob> calls able 1    bob> x | able | call | id=02020202020202020202020202020202 what= key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            alice< server | alice | ringing | id=01010101010101010101010101010101
            bob< server | bob | refused | bad_frame There is a call with this id already; choose another id.
            bob< server | bob | ringing | id=02020202020202020202020202020202
            able< @time=2026-11-22T12:00:00.000Z;verified=yes alice | able | call | id=01010101010101010101010101010101 what=chat,video key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            able< @time=2026-11-22T12:00:00.000Z bob | able | call | id=02020202020202020202020202020202 what= key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            alice> @ref=9 x | server | relay | leg=01010101010101010101010101010101
            alice< @ref=9 server | alice | refused | bad_frame A leg needs a connection of its own: relay must be its first frame.
            new> connects    new> @ref=1 x | server | relay | leg=01010101010101010101010101010101    new> @ref=2 x | able | call | id=03030303030303030303030303030303 what=chat key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            new< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            new< @ref=1 server | client | refused | bad_frame A leg needs a connection of its own: relay must be its first frame.
            new< @ref=2 server | client | refused | no_name Give a name first: NAME | server | name | NAME
        "#]],
    );
}

#[test]
fn whether_a_user_can_be_called_can_be_asked() {
    check(
        rules(),
        expect![[r#"
            alice> joins    bob> joins    carol> joins
            bob> x | server | capabilities | reply calls
            alice> x | server | whois | bob    alice> x | server | whois | carol
            alice< server | alice | whois | online=2026-11-22T12:00:00.000Z calls=yes bob
            alice< server | alice | whois | online=2026-11-22T12:00:00.000Z carol
            calls off
            alice> x | server | whois | bob    alice> calls bob 1
            alice< server | alice | whois | online=2026-11-22T12:00:00.000Z bob
            alice< server | alice | refused | calls_off Calls are switched off on this server.
            dan> connects
            dan< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions
            calls on
            alice> x | server | whois | bob    eve> connects
            alice< server | alice | whois | online=2026-11-22T12:00:00.000Z calls=yes bob
            eve< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bob> leaves
            alice< @why=connection\sclosed server | all clients | left | bob
            carol< @why=connection\sclosed server | all clients | left | bob
            alice> x | server | whois | bob
            alice< server | alice | whois | bob
        "#]],
    );
}

#[test]
fn only_the_user_at_whom_it_rings_answers_and_once() {
    check(
        rules(),
        expect![[r#"
            alice> joins    bob> joins key b    carol> joins
            alice> x | server | capabilities | calls    bob> x | server | capabilities | calls    carol> x | server | capabilities | calls    log
            alice> calls bob 1
            alice< server | alice | ringing | id=01010101010101010101010101010101
            bob< @time=2026-11-22T12:00:00.000Z alice | bob | call | id=01010101010101010101010101010101 what=chat,video key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            log: event=call_begun conn=1 name=alice to=bob what=chat,video
            alice> answers bob 1 yes    carol> answers alice 1 yes    bob> answers carol 1 yes    bob> answers nobody 1 yes    bob> answers alice 2 yes
            alice< server | alice | refused | no_such_call There is no such call, or it is over.
            bob< server | bob | refused | no_such_call There is no such call, or it is over.
            bob< server | bob | refused | no_such_call There is no such call, or it is over.
            bob< server | bob | refused | no_such_call There is no such call, or it is over.
            carol< server | carol | refused | no_such_call There is no such call, or it is over.
            bob> x | alice | answer | id=01010101010101010101010101010101 yes key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            bob< server | bob | refused | not_allowed The key of the call must be the key of this session.
            carol> hangs up on alice 1 done    carol> hangs up on bob 1 done    bob> hangs up on carol 1 done
            bob< server | bob | refused | no_such_call There is no such call, or it is over.
            carol< server | carol | refused | no_such_call There is no such call, or it is over.
            carol< server | carol | refused | no_such_call There is no such call, or it is over.
            bob> answers ALICE 1 yes
            alice< @verified=yes bob | alice | answer | id=01010101010101010101010101010101 yes key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            alice< server | alice | relay | id=01010101010101010101010101010101 leg=253cbee7f11108e391d6e1c6441ad7fa port=0 rate=1048576
            bob< server | bob | relay | id=01010101010101010101010101010101 leg=0feab418cc29008da0f327dd59d155a5 port=0 rate=1048576
            relay: open 1 253cbee7f11108e391d6e1c6441ad7fa 0feab418cc29008da0f327dd59d155a5
            log: event=call_answered conn=2 name=bob to=alice
            bob> answers alice 1 yes    bob> answers alice 1 no busy
            bob< server | bob | refused | no_such_call There is no such call, or it is over.
            bob< server | bob | refused | no_such_call There is no such call, or it is over.
            bob> hangs up on alice 1 failed
            alice< bob | alice | hang_up | id=01010101010101010101010101010101 failed
            relay: close 1
            log: event=call_ended conn=1 name=alice to=bob outcome=failed
            bob> calls alice 2    bob> calls carol 3
            alice< @time=2026-11-22T12:00:00.000Z;verified=yes bob | alice | call | id=02020202020202020202020202020202 what=chat,video key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            bob< server | bob | ringing | id=02020202020202020202020202020202
            bob< server | bob | ringing | id=03030303030303030303030303030303
            carol< @time=2026-11-22T12:00:00.000Z;verified=yes bob | carol | call | id=03030303030303030303030303030303 what=chat,video key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            log: event=call_begun conn=2 name=bob to=alice what=chat,video
            log: event=call_begun conn=2 name=bob to=carol what=chat,video
            alice> answers bob 2 no busy    carol> answers bob 3 no cannot
            bob< alice | bob | answer | id=02020202020202020202020202020202 no busy
            bob< carol | bob | answer | id=03030303030303030303030303030303 no cannot
            log: event=call_ended conn=2 name=bob to=alice outcome=busy
            log: event=call_ended conn=2 name=bob to=carol outcome=cannot
            alice> calls bob 4
            alice< server | alice | ringing | id=04040404040404040404040404040404
            bob< @time=2026-11-22T12:00:00.000Z alice | bob | call | id=04040404040404040404040404040404 what=chat,video key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            log: event=call_begun conn=1 name=alice to=bob what=chat,video
            bob> answers alice 4 no declined
            alice< @verified=yes bob | alice | answer | id=04040404040404040404040404040404 no declined
            log: event=call_ended conn=1 name=alice to=bob outcome=declined
            bob> answers alice 4 yes    alice> hangs up on bob 4 done
            alice< server | alice | refused | no_such_call There is no such call, or it is over.
            bob< server | bob | refused | no_such_call There is no such call, or it is over.
        "#]],
    );
}

#[test]
fn either_hangs_up_at_any_stage_and_gives_no_reason_that_is_the_servers() {
    check(
        rules(),
        expect![[r#"
            alice> joins    bob> joins
            alice> x | server | capabilities | calls    bob> x | server | capabilities | calls
            alice> calls bob 1
            alice< server | alice | ringing | id=01010101010101010101010101010101
            bob< @time=2026-11-22T12:00:00.000Z alice | bob | call | id=01010101010101010101010101010101 what=chat,video key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            alice> hangs up on bob 1 muted
            bob< alice | bob | hang_up | id=01010101010101010101010101010101 done
            alice> calls bob 2
            alice< server | alice | ringing | id=02020202020202020202020202020202
            bob< @time=2026-11-22T12:00:00.000Z alice | bob | call | id=02020202020202020202020202020202 what=chat,video key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            bob> hangs up on alice 2 off
            alice< bob | alice | hang_up | id=02020202020202020202020202020202 done
            alice> calls bob 3
            alice< server | alice | ringing | id=03030303030303030303030303030303
            bob< @time=2026-11-22T12:00:00.000Z alice | bob | call | id=03030303030303030303030303030303 what=chat,video key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            bob> answers alice 3 yes
            alice< bob | alice | answer | id=03030303030303030303030303030303 yes key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            alice< server | alice | relay | id=03030303030303030303030303030303 leg=0095adee26a7b4d1a12026c3aaeb929a port=0 rate=1048576
            bob< server | bob | relay | id=03030303030303030303030303030303 leg=b0a2683882d9ad6d2c95c615c08ea503 port=0 rate=1048576
            relay: open 1 0095adee26a7b4d1a12026c3aaeb929a b0a2683882d9ad6d2c95c615c08ea503
            alice> hangs up on bob 3 gone
            bob< alice | bob | hang_up | id=03030303030303030303030303030303 done
            relay: close 1
            bob> calls alice 4
            alice< @time=2026-11-22T12:00:00.000Z bob | alice | call | id=04040404040404040404040404040404 what=chat,video key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            bob< server | bob | ringing | id=04040404040404040404040404040404
            alice> answers bob 4 yes
            alice< server | alice | relay | id=04040404040404040404040404040404 leg=7c69c14dbc1617bf0b7b22bc8ca7a5a2 port=0 rate=1048576
            bob< alice | bob | answer | id=04040404040404040404040404040404 yes key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            bob< server | bob | relay | id=04040404040404040404040404040404 leg=74f80606242d2cfb13a707a51e1fc7d8 port=0 rate=1048576
            relay: open 2 74f80606242d2cfb13a707a51e1fc7d8 7c69c14dbc1617bf0b7b22bc8ca7a5a2
            bob> hangs up on alice 4 unanswered
            alice< bob | alice | hang_up | id=04040404040404040404040404040404 unanswered
            relay: close 2
            alice> hangs up on bob 4 done
            alice< server | alice | refused | no_such_call There is no such call, or it is over.
        "#]],
    );
}

#[test]
fn a_call_that_nobody_answers_ends_for_both() {
    check(
        rules(),
        expect![[r#"
            alice> joins    bob> joins    carol> joins
            bob> x | server | capabilities | calls    carol> x | server | capabilities | calls    log
            alice> calls bob 1
            alice< server | alice | ringing | id=01010101010101010101010101010101
            bob< @time=2026-11-22T12:00:00.000Z alice | bob | call | id=01010101010101010101010101010101 what=chat,video key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            log: event=call_begun conn=1 name=alice to=bob what=chat,video
            +1s
            alice> calls carol 2
            alice< server | alice | ringing | id=02020202020202020202020202020202
            carol< @time=2026-11-22T12:00:01.000Z alice | carol | call | id=02020202020202020202020202020202 what=chat,video key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            log: event=call_begun conn=1 name=alice to=carol what=chat,video
            +43s
            bob> x | server | pong | x
            +1s
            alice< server | alice | hang_up | id=01010101010101010101010101010101 unanswered
            bob< server | bob | hang_up | id=01010101010101010101010101010101 unanswered
            log: event=call_ended conn=1 name=alice to=bob outcome=unanswered
            +1s
            alice< server | alice | hang_up | id=02020202020202020202020202020202 unanswered
            carol< server | carol | hang_up | id=02020202020202020202020202020202 unanswered
            log: event=call_ended conn=1 name=alice to=carol outcome=unanswered
            bob> answers alice 1 yes
            bob< server | bob | refused | no_such_call There is no such call, or it is over.
        "#]],
    );
}

#[test]
fn calls_end_with_the_session_of_either() {
    check(
        with_root(true),
        expect![[r#"
            root> joins    alice> joins key a    bob> joins key b    carol> joins key c
            alice> x | server | capabilities | calls    bob> x | server | capabilities | calls    carol> x | server | capabilities | calls    root> x | server | capabilities | calls
            alice> calls bob 1    carol> calls bob 2
            alice< server | alice | ringing | id=01010101010101010101010101010101
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes alice | bob | call | id=01010101010101010101010101010101 what=chat,video key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes carol | bob | call | id=02020202020202020202020202020202 what=chat,video key=SHA256:Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M
            carol< server | carol | ringing | id=02020202020202020202020202020202
            bob> answers carol 2 yes
            bob< server | bob | relay | id=02020202020202020202020202020202 leg=43f467a76bed2970b2e067d7c5e08835 port=0 rate=1048576
            carol< @verified=yes bob | carol | answer | id=02020202020202020202020202020202 yes key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            carol< server | carol | relay | id=02020202020202020202020202020202 leg=7eda0f6170505e20835f3d936509f67b port=0 rate=1048576
            relay: open 1 7eda0f6170505e20835f3d936509f67b 43f467a76bed2970b2e067d7c5e08835
            bob> leaves
            root< @why=connection\sclosed server | all clients | left | bob
            alice< server | alice | hang_up | id=01010101010101010101010101010101 gone
            alice< @why=connection\sclosed server | all clients | left | bob
            carol< server | carol | hang_up | id=02020202020202020202020202020202 gone
            carol< @why=connection\sclosed server | all clients | left | bob
            relay: close 1
            alice> calls carol 4
            alice< server | alice | ringing | id=04040404040404040404040404040404
            carol< @time=2026-11-22T12:00:00.000Z;verified=yes alice | carol | call | id=04040404040404040404040404040404 what=chat,video key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            carol> answers alice 4 yes
            alice< @verified=yes carol | alice | answer | id=04040404040404040404040404040404 yes key=SHA256:Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M
            alice< server | alice | relay | id=04040404040404040404040404040404 leg=74f80606242d2cfb13a707a51e1fc7d8 port=0 rate=1048576
            carol< server | carol | relay | id=04040404040404040404040404040404 leg=7c69c14dbc1617bf0b7b22bc8ca7a5a2 port=0 rate=1048576
            relay: open 2 74f80606242d2cfb13a707a51e1fc7d8 7c69c14dbc1617bf0b7b22bc8ca7a5a2
            root> x | all clients | kick | carol enough
            root< @why=kicked server | all clients | left | carol
            root< root | all clients | act | kick carol - off enough
            alice< server | alice | hang_up | id=04040404040404040404040404040404 gone
            alice< @why=kicked server | all clients | left | carol
            alice< root | all clients | act | kick carol - off enough
            carol< server | carol | refused | kicked You were kicked by root: enough
            carol.
            relay: close 2
            root> calls alice 5    alice> calls root 6
            root< server | root | ringing | id=05050505050505050505050505050505
            alice< @time=2026-11-22T12:00:00.000Z root | alice | call | id=05050505050505050505050505050505 what=chat,video key=SHA256:cnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnI
            alice< server | alice | refused | too_many_calls A call between you and root rings already.
            alice> answers root 5 yes
            root< @verified=yes alice | root | answer | id=05050505050505050505050505050505 yes key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            root< server | root | relay | id=05050505050505050505050505050505 leg=5932b0fea35555a9d6978ec03b9459d5 port=0 rate=1048576
            alice< server | alice | relay | id=05050505050505050505050505050505 leg=39f9d0f27e9217a8f7d5964608060e8d port=0 rate=1048576
            relay: open 3 5932b0fea35555a9d6978ec03b9459d5 39f9d0f27e9217a8f7d5964608060e8d
            again> connects key a    again> x | server | take_over | alice
            root< server | root | hang_up | id=05050505050505050505050505050505 gone
            alice< server | alice | refused | taken_over You joined from elsewhere, so this session has ended.
            alice.
            again< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            again< @time=2026-11-22T12:00:00.000Z;verified=yes server | alice | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40005)
            relay: close 3
            root> calls alice 7
            root< server | root | refused | not_here alice cannot be called: their program has no calls.
            again> x | server | capabilities | calls
            root> calls alice 8
            root< server | root | ringing | id=08080808080808080808080808080808
            again< @time=2026-11-22T12:00:00.000Z root | alice | call | id=08080808080808080808080808080808 what=chat,video key=SHA256:cnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnI
            again> x | root | answer | id=08080808080808080808080808080808 yes key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE    again> x | server | exit | no data
            root< @verified=yes alice | root | answer | id=08080808080808080808080808080808 yes key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            root< server | root | relay | id=08080808080808080808080808080808 leg=c12fb9375bb83dba096c3f2be28962cc port=0 rate=1048576
            root< server | root | hang_up | id=08080808080808080808080808080808 gone
            root< @why=exit server | all clients | left | alice
            again< server | alice | relay | id=08080808080808080808080808080808 leg=79f3df5f732caa96d66593a314ac8e30 port=0 rate=1048576
            again< server | alice | exit | client disconnected
            again.
            relay: open 4 c12fb9375bb83dba096c3f2be28962cc 79f3df5f732caa96d66593a314ac8e30
            relay: close 4
            dan> joins
            dan> x | server | capabilities | calls
            root> calls dan 9
            root< server | root | ringing | id=09090909090909090909090909090909
            dan< @time=2026-11-22T12:00:00.000Z root | dan | call | id=09090909090909090909090909090909 what=chat,video key=SHA256:cnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnI
            +50s
            root< server | root | hang_up | id=09090909090909090909090909090909 unanswered
            dan< server | dan | hang_up | id=09090909090909090909090909090909 unanswered
            root> x | server | pong | x
            +39s
            dan< server | dan | ping | 60000
            +1s
            root< @why=no\sanswer\sto\sa\sping server | all clients | left | dan
            dan< server | dan | refused | too_slow Nothing was received from you for too long; connect again.
            dan.
        "#]],
    );
}

#[test]
fn a_mute_covers_calls() {
    check(
        with_root(true),
        expect![[r#"
            root> joins    alice> joins key a    bob> joins key b    carol> joins key c    dan> joins key d
            alice> x | server | capabilities | calls    bob> x | server | capabilities | calls    carol> x | server | capabilities | calls    dan> x | server | capabilities | calls    root> x | server | capabilities | calls
            alice> calls bob 1    carol> calls alice 2    alice> calls dan 3
            alice< server | alice | ringing | id=01010101010101010101010101010101
            alice< @time=2026-11-22T12:00:00.000Z;verified=yes carol | alice | call | id=02020202020202020202020202020202 what=chat,video key=SHA256:Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M
            alice< server | alice | ringing | id=03030303030303030303030303030303
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes alice | bob | call | id=01010101010101010101010101010101 what=chat,video key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            carol< server | carol | ringing | id=02020202020202020202020202020202
            dan< @time=2026-11-22T12:00:00.000Z;verified=yes alice | dan | call | id=03030303030303030303030303030303 what=chat,video key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            bob> answers alice 1 yes
            alice< @verified=yes bob | alice | answer | id=01010101010101010101010101010101 yes key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            alice< server | alice | relay | id=01010101010101010101010101010101 leg=253cbee7f11108e391d6e1c6441ad7fa port=0 rate=1048576
            bob< server | bob | relay | id=01010101010101010101010101010101 leg=0feab418cc29008da0f327dd59d155a5 port=0 rate=1048576
            relay: open 1 253cbee7f11108e391d6e1c6441ad7fa 0feab418cc29008da0f327dd59d155a5
            store waits
            root> x | all clients | mute | alice for=60s noise
            alice> hangs up on carol 2 done
            carol< alice | carol | hang_up | id=02020202020202020202020202020202 done
            store answers
            root< root | all clients | act | mute alice 60 off noise
            alice< server | alice | hang_up | id=01010101010101010101010101010101 muted
            alice< server | alice | hang_up | id=03030303030303030303030303030303 muted
            alice< root | all clients | act | mute alice 60 off noise
            bob< server | bob | hang_up | id=01010101010101010101010101010101 muted
            bob< root | all clients | act | mute alice 60 off noise
            carol< root | all clients | act | mute alice 60 off noise
            dan< server | dan | hang_up | id=03030303030303030303030303030303 muted
            dan< root | all clients | act | mute alice 60 off noise
            relay: close 1
            tick
            alice> calls bob 4    carol> calls alice 5
            alice< server | alice | refused | muted root has muted you for 1 minute more: noise
            carol< server | carol | refused | not_here alice cannot be called at the moment.
            carol> calls bob 6
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes carol | bob | call | id=06060606060606060606060606060606 what=chat,video key=SHA256:Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M
            carol< server | carol | ringing | id=06060606060606060606060606060606
            bob> answers carol 6 yes
            bob< server | bob | relay | id=06060606060606060606060606060606 leg=5df858ec97c1146bc8cbc0efa9595343 port=0 rate=1048576
            carol< @verified=yes bob | carol | answer | id=06060606060606060606060606060606 yes key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            carol< server | carol | relay | id=06060606060606060606060606060606 leg=ad516dbc471b194d98bd7743afc9d38a port=0 rate=1048576
            relay: open 2 ad516dbc471b194d98bd7743afc9d38a 5df858ec97c1146bc8cbc0efa9595343
            store fails
            root> x | all clients | mute | carol for=60s noise
            root< server | root | refused | store_unavailable The server cannot store anything at the moment, so nothing was changed; try again later.
            root< server | root | private_message | Messages cannot be stored and are refused until this is fixed: no space left on device
            store works
            +61s
            root< server | root | ping | 60000
            alice< server | alice | ping | 60000
            bob< server | bob | ping | 60000
            carol< server | carol | ping | 60000
            dan< server | dan | ping | 60000
            alice> calls root 7
            root< @time=2026-11-22T12:01:01.000Z;verified=yes alice | root | call | id=07070707070707070707070707070707 what=chat,video key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            alice< server | alice | ringing | id=07070707070707070707070707070707
            root> answers alice 7 yes
            root< server | root | relay | id=07070707070707070707070707070707 leg=91c4302a0b240255ab8f85b49fdfcedd port=0 rate=1048576
            alice< root | alice | answer | id=07070707070707070707070707070707 yes key=SHA256:cnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnI
            alice< server | alice | relay | id=07070707070707070707070707070707 leg=a23fdebcc350f17d0540fdfd98fc830e port=0 rate=1048576
            relay: open 3 a23fdebcc350f17d0540fdfd98fc830e 91c4302a0b240255ab8f85b49fdfcedd
            root> x | #den | join_room | no data    alice> x | #den | join_room | no data
            root< server | #den | room | open members=1 you=maker topic=
            root< server | root | private_message | Messages can be stored again.
            root< @verified=yes server | #den | joined | alice
            alice< server | #den | room | open members=2 you=member topic=
            root> x | #den | mute | alice for=60s noise
            root< root | #den | act | mute alice 60 off noise
            alice< root | #den | act | mute alice 60 off noise
        "#]],
    );
}

#[test]
fn a_user_who_is_muted_meanwhile_does_not_answer() {
    check(
        with_root(true),
        expect![[r#"
            root> joins    alice> joins key a    bob> joins key b
            alice> x | server | capabilities | calls    bob> x | server | capabilities | calls
            alice> calls bob 1
            alice< server | alice | ringing | id=01010101010101010101010101010101
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes alice | bob | call | id=01010101010101010101010101010101 what=chat,video key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            store waits
            root> x | all clients | mute | bob for=60s noise
            bob> answers alice 1 yes
            bob< server | bob | refused | muted root has muted you for 1 minute more: noise
            bob> answers alice 1 no busy
            alice< @verified=yes bob | alice | answer | id=01010101010101010101010101010101 no busy
            store answers
            root< root | all clients | act | mute bob 60 off noise
            alice< root | all clients | act | mute bob 60 off noise
            bob< root | all clients | act | mute bob 60 off noise
            tick
        "#]],
    );
}

#[test]
fn calls_end_when_they_are_switched_off() {
    check(
        rules(),
        expect![[r#"
            alice> joins    bob> joins    carol> joins
            alice> x | server | capabilities | calls    bob> x | server | capabilities | calls    carol> x | server | capabilities | calls
            alice> calls bob 1    carol> calls alice 2
            alice< server | alice | ringing | id=01010101010101010101010101010101
            alice< @time=2026-11-22T12:00:00.000Z carol | alice | call | id=02020202020202020202020202020202 what=chat,video key=SHA256:Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M
            bob< @time=2026-11-22T12:00:00.000Z alice | bob | call | id=01010101010101010101010101010101 what=chat,video key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            carol< server | carol | ringing | id=02020202020202020202020202020202
            bob> answers alice 1 yes
            alice< bob | alice | answer | id=01010101010101010101010101010101 yes key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            alice< server | alice | relay | id=01010101010101010101010101010101 leg=253cbee7f11108e391d6e1c6441ad7fa port=0 rate=1048576
            bob< server | bob | relay | id=01010101010101010101010101010101 leg=0feab418cc29008da0f327dd59d155a5 port=0 rate=1048576
            relay: open 1 253cbee7f11108e391d6e1c6441ad7fa 0feab418cc29008da0f327dd59d155a5
            calls off
            alice< server | alice | hang_up | id=01010101010101010101010101010101 off
            alice< server | alice | hang_up | id=02020202020202020202020202020202 off
            bob< server | bob | hang_up | id=01010101010101010101010101010101 off
            carol< server | carol | hang_up | id=02020202020202020202020202020202 off
            relay: close 1
            bob> calls carol 3    alice> hangs up on bob 1 done
            alice< server | alice | refused | no_such_call There is no such call, or it is over.
            bob< server | bob | refused | calls_off Calls are switched off on this server.
            calls on
            bob> calls carol 3
            bob< server | bob | ringing | id=03030303030303030303030303030303
            carol< @time=2026-11-22T12:00:00.000Z bob | carol | call | id=03030303030303030303030303030303 what=chat,video key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
        "#]],
    );
}

#[test]
fn the_relay_ends_calls_that_nobody_uses() {
    check(
        rules(),
        expect![[r#"
            alice> joins    bob> joins    carol> joins
            alice> x | server | capabilities | calls    bob> x | server | capabilities | calls    carol> x | server | capabilities | calls    log
            alice> calls bob 1    carol> calls alice 2
            alice< server | alice | ringing | id=01010101010101010101010101010101
            alice< @time=2026-11-22T12:00:00.000Z carol | alice | call | id=02020202020202020202020202020202 what=chat,video key=SHA256:Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M
            bob< @time=2026-11-22T12:00:00.000Z alice | bob | call | id=01010101010101010101010101010101 what=chat,video key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            carol< server | carol | ringing | id=02020202020202020202020202020202
            log: event=call_begun conn=1 name=alice to=bob what=chat,video
            log: event=call_begun conn=3 name=carol to=alice what=chat,video
            bob> answers alice 1 yes    alice> answers carol 2 yes
            alice< bob | alice | answer | id=01010101010101010101010101010101 yes key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            alice< server | alice | relay | id=01010101010101010101010101010101 leg=253cbee7f11108e391d6e1c6441ad7fa port=0 rate=1048576
            alice< server | alice | relay | id=02020202020202020202020202020202 leg=6ca46588a4aea9db8add597a3bccd08b port=0 rate=1048576
            bob< server | bob | relay | id=01010101010101010101010101010101 leg=0feab418cc29008da0f327dd59d155a5 port=0 rate=1048576
            carol< alice | carol | answer | id=02020202020202020202020202020202 yes key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            carol< server | carol | relay | id=02020202020202020202020202020202 leg=fe9a87c4e458a2104a2e8e44bb78818d port=0 rate=1048576
            relay: open 1 253cbee7f11108e391d6e1c6441ad7fa 0feab418cc29008da0f327dd59d155a5
            relay: open 2 fe9a87c4e458a2104a2e8e44bb78818d 6ca46588a4aea9db8add597a3bccd08b
            log: event=call_answered conn=2 name=bob to=alice
            log: event=call_answered conn=1 name=alice to=carol
            the relay gives up 1
            alice< server | alice | hang_up | id=01010101010101010101010101010101 idle
            bob< server | bob | hang_up | id=01010101010101010101010101010101 idle
            log: event=call_ended conn=1 name=alice to=bob outcome=idle
            the relay is full for 2
            alice< server | alice | hang_up | id=02020202020202020202020202020202 failed
            carol< server | carol | hang_up | id=02020202020202020202020202020202 failed
            log: event=call_ended conn=3 name=carol to=alice outcome=failed
            the relay gives up 2    the relay gives up 7
            alice> hangs up on bob 1 done
            alice< server | alice | refused | no_such_call There is no such call, or it is over.
        "#]],
    );
}

#[test]
fn an_ignored_user_does_not_ring_and_does_not_find_out() {
    check(
        rules(),
        expect![[r#"
            alice> joins key a    bob> joins key b    carol> joins key c
            alice> x | server | capabilities | calls    bob> x | server | capabilities | calls    carol> x | server | capabilities | calls
            bob> x | server | ignore | alice
            bob< server | bob | ignored | alice
            alice> @ref=1 x | bob | call | id=01010101010101010101010101010101 what=chat key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            alice< @ref=1 server | alice | ringing | id=01010101010101010101010101010101
            bob> answers alice 1 yes    bob> answers alice 1 no busy    bob> hangs up on alice 1 done
            bob< server | bob | refused | no_such_call There is no such call, or it is over.
            bob< server | bob | refused | no_such_call There is no such call, or it is over.
            bob< server | bob | refused | no_such_call There is no such call, or it is over.
            alice> calls bob 2    bob> calls alice 3
            alice< server | alice | refused | too_many_calls A call between you and bob rings already.
            bob< server | bob | refused | too_many_calls A call between you and alice rings already.
            +45s
            alice< server | alice | hang_up | id=01010101010101010101010101010101 unanswered
            alice> calls bob 4
            alice< server | alice | ringing | id=04040404040404040404040404040404
            alice> hangs up on bob 4 done
            alice> calls bob 5
            alice< server | alice | ringing | id=05050505050505050505050505050505
            bob> leaves
            alice< server | alice | hang_up | id=05050505050505050505050505050505 gone
            alice< @why=connection\sclosed server | all clients | left | bob
            carol< @why=connection\sclosed server | all clients | left | bob
        "#]],
    );
}

#[test]
fn one_call_at_a_time_rings_between_two_and_a_user_starts_few_and_is_in_few() {
    check(
        rules(),
        expect![[r#"
            alice> joins    bob> joins    carol> joins    dan> joins    eve> joins
            alice> x | server | capabilities | calls    bob> x | server | capabilities | calls    carol> x | server | capabilities | calls    dan> x | server | capabilities | calls    eve> x | server | capabilities | calls
            alice> calls bob 1
            alice< server | alice | ringing | id=01010101010101010101010101010101
            bob< @time=2026-11-22T12:00:00.000Z alice | bob | call | id=01010101010101010101010101010101 what=chat,video key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            alice> calls bob 2    bob> calls alice 2
            alice< server | alice | refused | too_many_calls A call between you and bob rings already.
            bob< server | bob | refused | too_many_calls A call between you and alice rings already.
            alice> calls carol 2
            alice< server | alice | ringing | id=02020202020202020202020202020202
            carol< @time=2026-11-22T12:00:00.000Z alice | carol | call | id=02020202020202020202020202020202 what=chat,video key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            alice> calls dan 3
            alice< server | alice | refused | too_many_calls You are in 2 calls already; hang up one of them first.
            dan> calls alice 3    eve> calls alice 4
            alice< @time=2026-11-22T12:00:00.000Z dan | alice | call | id=03030303030303030303030303030303 what=chat,video key=SHA256:ZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGQ
            alice< @time=2026-11-22T12:00:00.000Z eve | alice | call | id=04040404040404040404040404040404 what=chat,video key=SHA256:ZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWU
            dan< server | dan | ringing | id=03030303030303030303030303030303
            eve< server | eve | ringing | id=04040404040404040404040404040404
            alice> answers dan 3 yes
            alice< server | alice | refused | too_many_calls You are in 2 calls already; hang up one of them first.
            alice> hangs up on carol 2 done
            carol< alice | carol | hang_up | id=02020202020202020202020202020202 done
            alice> answers dan 3 yes
            alice< server | alice | relay | id=03030303030303030303030303030303 leg=b0a2683882d9ad6d2c95c615c08ea503 port=0 rate=1048576
            dan< alice | dan | answer | id=03030303030303030303030303030303 yes key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            dan< server | dan | relay | id=03030303030303030303030303030303 leg=0095adee26a7b4d1a12026c3aaeb929a port=0 rate=1048576
            relay: open 1 0095adee26a7b4d1a12026c3aaeb929a b0a2683882d9ad6d2c95c615c08ea503
            alice> answers eve 4 yes
            alice< server | alice | refused | too_many_calls You are in 2 calls already; hang up one of them first.
            alice> hangs up on bob 1 done
            bob< alice | bob | hang_up | id=01010101010101010101010101010101 done
            alice> answers eve 4 yes
            alice< server | alice | relay | id=04040404040404040404040404040404 leg=7c69c14dbc1617bf0b7b22bc8ca7a5a2 port=0 rate=1048576
            eve< alice | eve | answer | id=04040404040404040404040404040404 yes key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            eve< server | eve | relay | id=04040404040404040404040404040404 leg=74f80606242d2cfb13a707a51e1fc7d8 port=0 rate=1048576
            relay: open 2 74f80606242d2cfb13a707a51e1fc7d8 7c69c14dbc1617bf0b7b22bc8ca7a5a2
            alice> hangs up on dan 3 done    alice> hangs up on eve 4 done
            dan< alice | dan | hang_up | id=03030303030303030303030303030303 done
            eve< alice | eve | hang_up | id=04040404040404040404040404040404 done
            relay: close 1
            relay: close 2
            alice> calls dan 5
            alice< server | alice | ringing | id=05050505050505050505050505050505
            dan< @time=2026-11-22T12:00:00.000Z alice | dan | call | id=05050505050505050505050505050505 what=chat,video key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            alice> hangs up on dan 5 done
            dan< alice | dan | hang_up | id=05050505050505050505050505050505 done
            alice> calls dan 6
            alice< server | alice | refused | too_many_calls You have started 3 calls within a minute; try again in 1 minute.
            +59s
            alice> calls dan 6
            alice< server | alice | refused | too_many_calls You have started 3 calls within a minute; try again in 1 second.
            +1s
            bob< server | bob | ping | 60000
            carol< server | carol | ping | 60000
            dan< server | dan | ping | 60000
            eve< server | eve | ping | 60000
            alice> calls dan 6
            alice< server | alice | ringing | id=06060606060606060606060606060606
            dan< @time=2026-11-22T12:01:00.000Z alice | dan | call | id=06060606060606060606060606060606 what=chat,video key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
        "#]],
    );
}

#[test]
fn the_key_of_a_local_user_is_their_own_matter() {
    check(
        Rules { own_uid: 1, ..rules() },
        expect![[r#"
            alice> joins uid 1000    bob> joins uid 1001
            bob> x | server | capabilities | calls
            alice> calls bob 1
            alice< server | alice | ringing | id=01010101010101010101010101010101
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes alice | bob | call | id=01010101010101010101010101010101 what=chat,video key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            bob> answers alice 1 yes
            alice< @verified=yes bob | alice | answer | id=01010101010101010101010101010101 yes key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            alice< server | alice | relay | id=01010101010101010101010101010101 leg=253cbee7f11108e391d6e1c6441ad7fa port=0 rate=1048576
            bob< server | bob | relay | id=01010101010101010101010101010101 leg=0feab418cc29008da0f327dd59d155a5 port=0 rate=1048576
            relay: open 1 253cbee7f11108e391d6e1c6441ad7fa 0feab418cc29008da0f327dd59d155a5
        "#]],
    );
}
