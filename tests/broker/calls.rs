//! Transcripts of calls: who rings whom, who has a leg of the relay, and how calls end.

use expect_test::expect;

use crate::check;
use crate::transcript::rules;

#[test]
fn a_call_rings_is_answered_and_has_two_legs() {
    check(
        rules(),
        expect![[r#"
            the relay has port 7223
            alice> joins key a    bob> joins key b    carol> joins
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
