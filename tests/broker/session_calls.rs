//! Transcripts of the calls of users with several sessions: what is bounded, is bounded for the user, and what rings, rings
//! in each session, whenever it begins.

use expect_test::expect;

use crate::check;
use crate::transcript::{play, rules};

#[test]
fn a_session_that_begins_while_a_call_rings_rings_too() {
    check(
        rules(),
        expect![[r#"
            bob> joins key b    bob> x | server | capabilities | calls
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40001)
            a1> connects key a    a1> name ann    a1> x | server | capabilities | calls
            bob< @verified=yes server | all clients | joined | ann
            a1< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            a1< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            bob> calls ann 1
            bob< server | bob | ringing | id=01010101010101010101010101010101
            a1< @time=2026-11-22T12:00:00.000Z;verified=yes bob | ann | call | id=01010101010101010101010101010101 what=chat,video key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            a2> connects key a    a2> name ann    a2> x | server | capabilities | calls
            a2< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            a2< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
            a2< @time=2026-11-22T12:00:00.000Z;verified=yes bob | ann | call | id=01010101010101010101010101010101 what=chat,video key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            a3> connects key a    a3> x | server | capabilities | calls    a3> name ann
            a3< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            a3< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            a3< @time=2026-11-22T12:00:00.000Z;verified=yes bob | ann | call | id=01010101010101010101010101010101 what=chat,video key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            a3> x | server | capabilities | calls
            a4> connects key a    a4> name ann
            a4< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            a4< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40005)
            a2> answers bob 1 yes
            bob< @verified=yes ann | bob | answer | id=01010101010101010101010101010101 yes key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            bob< server | bob | relay | id=01010101010101010101010101010101 leg=253cbee7f11108e391d6e1c6441ad7fa port=0 rate=1048576
            a1< ann | ann | hang_up | id=01010101010101010101010101010101 elsewhere
            a2< server | ann | relay | id=01010101010101010101010101010101 leg=0feab418cc29008da0f327dd59d155a5 port=0 rate=1048576
            a3< ann | ann | hang_up | id=01010101010101010101010101010101 elsewhere
            relay: open 1 253cbee7f11108e391d6e1c6441ad7fa 0feab418cc29008da0f327dd59d155a5
            a5> connects key a    a5> x | server | capabilities | calls    a5> name ann
            a5< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            a5< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40006)
            bob> hangs up on ann 1 done
            a2< bob | ann | hang_up | id=01010101010101010101010101010101 done
            relay: close 1
            bob> calls ann 2
            bob< server | bob | ringing | id=02020202020202020202020202020202
            a1< @time=2026-11-22T12:00:00.000Z;verified=yes bob | ann | call | id=02020202020202020202020202020202 what=chat,video key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            a2< @time=2026-11-22T12:00:00.000Z;verified=yes bob | ann | call | id=02020202020202020202020202020202 what=chat,video key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            a3< @time=2026-11-22T12:00:00.000Z;verified=yes bob | ann | call | id=02020202020202020202020202020202 what=chat,video key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            a5< @time=2026-11-22T12:00:00.000Z;verified=yes bob | ann | call | id=02020202020202020202020202020202 what=chat,video key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            a1> leaves
            a2> leaves
            a3> leaves
            a6> connects key a    a6> name ann    a6> x | server | capabilities | calls
            a6< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            a6< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40007)
            a6< @time=2026-11-22T12:00:00.000Z;verified=yes bob | ann | call | id=02020202020202020202020202020202 what=chat,video key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            a5> leaves
            a6> answers bob 2 no busy
            bob< @verified=yes ann | bob | answer | id=02020202020202020202020202020202 no busy
            bob> calls ann 3
            bob< server | bob | ringing | id=03030303030303030303030303030303
            a6< @time=2026-11-22T12:00:00.000Z;verified=yes bob | ann | call | id=03030303030303030303030303030303 what=chat,video key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            a6> leaves
            bob< server | bob | hang_up | id=03030303030303030303030303030303 gone
        "#]],
    );
}

#[test]
fn nothing_rings_in_a_session_that_begins_for_those_whom_its_user_ignores() {
    check(
        rules(),
        expect![[r#"
            bob> joins key b    bob> x | server | capabilities | calls
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40001)
            a1> connects key a    a1> name ann    a1> x | server | capabilities | calls
            bob< @verified=yes server | all clients | joined | ann
            a1< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            a1< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            a1> x | server | ignore | bob
            a1< server | ann | ignored | bob
            bob> calls ann 1
            bob< server | bob | ringing | id=01010101010101010101010101010101
            a2> connects key a    a2> name ann    a2> x | server | capabilities | calls
            a2< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            a2< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
            a2< server | ann | ignored | bob
            a2> answers bob 1 yes
            a2< server | ann | refused | no_such_call There is no such call, or it is over.
            bob> hangs up on ann 1 done
        "#]],
    );
}

#[test]
fn a_user_is_in_no_more_calls_with_several_sessions_than_with_one() {
    check(
        rules(),
        expect![[r#"
            bob> joins key b    bob> x | server | capabilities | calls
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40001)
            cal> joins key c    cal> x | server | capabilities | calls
            bob< @verified=yes server | all clients | joined | cal
            cal< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            cal< @time=2026-11-22T12:00:00.000Z;verified=yes server | cal | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            dan> joins key d    dan> x | server | capabilities | calls
            bob< @verified=yes server | all clients | joined | dan
            cal< @verified=yes server | all clients | joined | dan
            dan< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            dan< @time=2026-11-22T12:00:00.000Z;verified=yes server | dan | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
            a1> connects key a    a1> name ann    a1> x | server | capabilities | calls
            bob< @verified=yes server | all clients | joined | ann
            cal< @verified=yes server | all clients | joined | ann
            dan< @verified=yes server | all clients | joined | ann
            a1< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            a1< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            a2> connects key a    a2> name ann    a2> x | server | capabilities | calls
            a2< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            a2< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40005)
            a1> calls bob 1
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes ann | bob | call | id=01010101010101010101010101010101 what=chat,video key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            a1< server | ann | ringing | id=01010101010101010101010101010101
            a2> calls bob 2
            a2< server | ann | refused | too_many_calls A call between you and bob rings already.
            bob> calls ann 3
            bob< server | bob | refused | too_many_calls A call between you and ann rings already.
            a2> calls cal 4
            cal< @time=2026-11-22T12:00:00.000Z;verified=yes ann | cal | call | id=04040404040404040404040404040404 what=chat,video key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            a2< server | ann | ringing | id=04040404040404040404040404040404
            a1> calls dan 5
            a1< server | ann | refused | too_many_calls You are in 2 calls already; hang up one of them first.
            a2> calls dan 6
            a2< server | ann | refused | too_many_calls You are in 2 calls already; hang up one of them first.
            dan> calls ann 7
            dan< server | dan | ringing | id=07070707070707070707070707070707
            a1< @time=2026-11-22T12:00:00.000Z;verified=yes dan | ann | call | id=07070707070707070707070707070707 what=chat,video key=SHA256:ZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGQ
            a2< @time=2026-11-22T12:00:00.000Z;verified=yes dan | ann | call | id=07070707070707070707070707070707 what=chat,video key=SHA256:ZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGQ
            a2> answers dan 7 yes
            a2< server | ann | refused | too_many_calls You are in 2 calls already; hang up one of them first.
            a1> x | #ops | join_room | no data
            a1< server | #ops | room | open members=1 you=maker topic=
            a2< server | #ops | room | open members=1 you=maker topic=
            a1> calls #ops 8
            a1< server | ann | refused | too_many_calls You are in 2 calls already; hang up one of them first.
            cal> answers ann 4 no busy
            a2< @verified=yes cal | ann | answer | id=04040404040404040404040404040404 no busy
            a1> calls #ops 8
            a1< server | ann | relay | id=08080808080808080808080808080808 leg=e955c6f05a35a57058fdf038364f366e port=0 rate=65536
            a1< server | #ops | in_call | id=08080808080808080808080808080808 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,ann,verified
            a2< server | #ops | in_call | id=08080808080808080808080808080808 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,ann,verified
            relay: admit 1 0 e955c6f05a35a57058fdf038364f366e
            a2> calls #ops 9
            a1< server | ann | hang_up | id=08080808080808080808080808080808 elsewhere
            a1< server | #ops | in_call | id=08080808080808080808080808080808 1,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,ann,verified
            a2< server | ann | relay | id=08080808080808080808080808080808 leg=bcb30a826b298d010cec34be44f03b8f port=0 rate=65536
            a2< server | #ops | in_call | id=08080808080808080808080808080808 1,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,ann,verified
            relay: dismiss 1 0
            relay: admit 1 1 bcb30a826b298d010cec34be44f03b8f
            a2> answers dan 7 yes
            a2< server | ann | refused | too_many_calls You are in 2 calls already; hang up one of them first.
            bob> answers ann 1 no busy
            a1< @verified=yes bob | ann | answer | id=01010101010101010101010101010101 no busy
            a2> answers dan 7 yes
            dan< @verified=yes ann | dan | answer | id=07070707070707070707070707070707 yes key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            dan< server | dan | relay | id=07070707070707070707070707070707 leg=70016ec4599522bbb363bc9580530308 port=0 rate=1048576
            a1< ann | ann | hang_up | id=07070707070707070707070707070707 elsewhere
            a2< server | ann | relay | id=07070707070707070707070707070707 leg=6e2fc21d70905d8ca2bc23c7566ae796 port=0 rate=1048576
            relay: open 2 70016ec4599522bbb363bc9580530308 6e2fc21d70905d8ca2bc23c7566ae796
        "#]],
    );
}

#[test]
fn a_session_is_told_to_the_server_before_the_name_alone() {
    check(
        rules(),
        expect![[r#"
            bob> joins key b
            a1> connects key a    a1> x | server | session | 0123456789abcdef0123456789abcdef    a1> name ann
            bob< @verified=yes server | all clients | joined | ann
            a1< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            a1< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            a1> @ref=1 x | server | session | 1123456789abcdef0123456789abcdef
            a1< @ref=1 server | ann | refused | not_allowed The session of a client is told to the server before the name.
            a6> connects key a    a6> x | server | session | 1123456789abcdef0123456789abcdef    a6> name ann
            a6< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            a6< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
            a6> leaves
            a6> connects key a    a6> x | server | session | 0123456789abcdef0123456789abcdef    a6> name ann
            a1< server | ann | refused | elsewhere You came back over another connection; connect again.
            a1.
            a6< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            a6< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
        "#]],
    );
}

#[test]
fn a_member_of_a_full_call_goes_on_in_another_session() {
    let mut steps = String::new();
    for letter in 'a'..='l' {
        steps += &format!("{letter}1> joins key {letter}\n{letter}1> x | #ops | join_room | no data\n");
        steps += &format!("{letter}1> calls #ops 1\n");
    }
    steps += "z1> joins key z\nz1> x | #ops | join_room | no data\nz1> calls #ops 1\n";
    steps += "a2> connects key a\na2> name a1\na2> calls #ops 1\n";
    let heard = play(rules(), &steps);
    let refused = "z1< server | z1 | refused | call_full There are 12 in the call of #ops, which is the most.";
    assert_eq!((heard.contains(refused), heard.matches(" refused ").count()), (true, 1), "{heard}");
    // The relay lets nobody in before there is room.
    let orders: Vec<&str> = heard.lines().filter(|line| line.trim().starts_with("relay: ")).map(str::trim).collect();
    let [.., dismiss, admit] = orders.as_slice() else { panic!("{heard}") };
    assert!(dismiss.starts_with("relay: dismiss 1 0") && admit.starts_with("relay: admit 1 12 "), "{orders:?}");
    assert!(heard.contains("a1< server | a1 | hang_up | id=01010101010101010101010101010101 elsewhere"), "{heard}");
}
