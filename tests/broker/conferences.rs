//! Transcripts of the calls of rooms: who joins and leaves, who is told, and who is put out.

use expect_test::expect;

use crate::transcript::{play, rules};
use crate::{check, with_root};

#[test]
fn the_first_who_joins_begins_the_call_and_the_last_who_leaves_ends_it() {
    check(
        rules(),
        expect![[r#"
            the relay has port 7223
            alice> joins key a    bob> joins key b    carol> joins    old> joins
            alice> x | server | capabilities | calls    bob> x | server | capabilities | calls    carol> x | server | capabilities | calls
            alice> x | #ops | join_room | no data
            alice< server | #ops | room | open members=1 you=maker topic=
            bob> x | #ops | join_room | no data
            alice< @verified=yes server | #ops | joined | bob
            bob< server | #ops | room | open members=2 you=member topic=
            carol> x | #ops | join_room | no data
            alice< server | #ops | joined | carol
            bob< server | #ops | joined | carol
            carol< server | #ops | room | open members=3 you=member topic=
            old> x | #ops | join_room | no data
            alice< server | #ops | joined | old
            bob< server | #ops | joined | old
            carol< server | #ops | joined | old
            old< server | #ops | room | open members=4 you=member topic=
            log    alice> calls #ops 1
            alice< server | alice | relay | id=01010101010101010101010101010101 leg=c298f46dc0982d5bdcfd9e74d88b5c1f port=7223 rate=65536
            alice< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified
            bob< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified
            carol< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified
            relay: admit 1 0 c298f46dc0982d5bdcfd9e74d88b5c1f
            log: event=conference_joined conn=1 name=alice room=#ops
            bob> calls #ops 2
            alice< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified 1,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob,verified
            bob< server | bob | relay | id=01010101010101010101010101010101 leg=a3061790b2fe460f7b81589754f48878 port=7223 rate=65536
            bob< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified 1,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob,verified
            carol< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified 1,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob,verified
            relay: admit 1 1 a3061790b2fe460f7b81589754f48878
            log: event=conference_joined conn=2 name=bob room=#ops
            alice> calls #ops 1
            alice< server | alice | refused | not_allowed You are in the call of #ops already.
            bob> x | #ops | leave_call | no data
            alice< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified
            bob< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified
            carol< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified
            relay: dismiss 1 1
            log: event=conference_left conn=2 name=bob room=#ops outcome=done
            bob> x | #ops | leave_call | no data
            bob< server | bob | refused | no_such_call You are not in the call of this room.
            bob> calls #ops 3
            alice< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified 2,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob,verified
            bob< server | bob | relay | id=01010101010101010101010101010101 leg=3b70de16623b5f15f3e0151709694fb6 port=7223 rate=65536
            bob< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified 2,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob,verified
            carol< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified 2,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob,verified
            relay: admit 1 2 3b70de16623b5f15f3e0151709694fb6
            log: event=conference_joined conn=2 name=bob room=#ops
            alice> @ref=7 x | #ops | leave_call | no data
            alice< @ref=7 server | #ops | in_call | id=01010101010101010101010101010101 2,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob,verified
            bob< server | #ops | in_call | id=01010101010101010101010101010101 2,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob,verified
            carol< server | #ops | in_call | id=01010101010101010101010101010101 2,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob,verified
            relay: dismiss 1 0
            log: event=conference_left conn=1 name=alice room=#ops outcome=done
            bob> leaves
            alice< server | #ops | in_call | no data
            alice< @why=connection\sclosed server | all clients | left | bob
            carol< server | #ops | in_call | no data
            carol< @why=connection\sclosed server | all clients | left | bob
            old< @why=connection\sclosed server | all clients | left | bob
            relay: close 1
            log: event=conference_left conn=2 name=bob room=#ops outcome=gone
            log: event=left conn=2 from=tls://10.0.0.1:40002 name=bob why="connection closed"
            carol> calls #ops 4
            alice< server | #ops | in_call | id=04040404040404040404040404040404 0,SHA256:Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M,carol
            carol< server | carol | relay | id=04040404040404040404040404040404 leg=486cb61a3d97822545b9723e37a490c4 port=7223 rate=65536
            carol< server | #ops | in_call | id=04040404040404040404040404040404 0,SHA256:Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M,carol
            relay: admit 2 0 486cb61a3d97822545b9723e37a490c4
            log: event=conference_joined conn=3 name=carol room=#ops
        "#]],
    );
}

#[test]
fn whoever_joins_others_starts_no_call() {
    check(
        rules(),
        expect![[r#"
            alice> joins key a    bob> joins key b
            alice> x | server | capabilities | calls    bob> x | server | capabilities | calls
            alice> x | #ops | join_room | no data    bob> x | #ops | join_room | no data
            alice< server | #ops | room | open members=1 you=maker topic=
            alice< @verified=yes server | #ops | joined | bob
            bob< server | #ops | room | open members=2 you=member topic=
            alice> calls #ops 1
            alice< server | alice | relay | id=01010101010101010101010101010101 leg=c298f46dc0982d5bdcfd9e74d88b5c1f port=0 rate=65536
            alice< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified
            bob< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified
            relay: admit 1 0 c298f46dc0982d5bdcfd9e74d88b5c1f
            bob> calls #ops 2    bob> x | #ops | leave_call | no data
            alice< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified 1,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob,verified
            alice< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified
            bob< server | bob | relay | id=01010101010101010101010101010101 leg=a3061790b2fe460f7b81589754f48878 port=0 rate=65536
            bob< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified 1,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob,verified
            bob< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified
            relay: admit 1 1 a3061790b2fe460f7b81589754f48878
            relay: dismiss 1 1
            bob> calls #ops 2    bob> x | #ops | leave_call | no data
            alice< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified 2,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob,verified
            alice< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified
            bob< server | bob | relay | id=01010101010101010101010101010101 leg=3b70de16623b5f15f3e0151709694fb6 port=0 rate=65536
            bob< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified 2,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob,verified
            bob< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified
            relay: admit 1 2 3b70de16623b5f15f3e0151709694fb6
            relay: dismiss 1 2
            bob> calls #ops 2    bob> x | #ops | leave_call | no data
            alice< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified 3,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob,verified
            alice< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified
            bob< server | bob | relay | id=01010101010101010101010101010101 leg=83490baa8b4c96a085c5b983413ff54b port=0 rate=65536
            bob< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified 3,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob,verified
            bob< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified
            relay: admit 1 3 83490baa8b4c96a085c5b983413ff54b
            relay: dismiss 1 3
            bob> calls #ops 2
            alice< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified 4,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob,verified
            bob< server | bob | relay | id=01010101010101010101010101010101 leg=4032d978b2d55f675423d975be112973 port=0 rate=65536
            bob< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified 4,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob,verified
            relay: admit 1 4 4032d978b2d55f675423d975be112973
            bob> calls alice 3
            alice< @time=2026-11-22T12:00:00.000Z;verified=yes bob | alice | call | id=03030303030303030303030303030303 what=chat,video key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            bob< server | bob | ringing | id=03030303030303030303030303030303
        "#]],
    );
}

#[test]
fn a_call_of_a_room_is_refused_with_its_reason() {
    check(
        rules(),
        expect![[r#"
            alice> joins key a    bob> joins
            alice> calls #ops 1
            alice< server | alice | refused | no_such_room There is no room #ops; join it to create it.
            alice> x | #ops | join_room | no data
            alice< server | #ops | room | open members=1 you=maker topic=
            calls off
            alice> calls #ops 1
            alice< server | alice | refused | calls_off Calls are switched off on this server.
            calls on
            bob> calls #ops 1    bob> x | #ops | leave_call | no data
            bob< server | bob | refused | not_in_room You are not in #ops; join it first.
            bob< server | bob | refused | not_in_room You are not in #ops; join it first.
            alice> x | #ops | leave_call | no data    alice> calls #x:y 1    alice> x | #ops | call | id=01
            alice< server | alice | refused | no_such_call You are not in the call of this room.
            alice< server | alice | refused | bad_room A room's name is made of letters, digits, '-', '_' and '.'.
            alice< server | alice | refused | bad_frame The data must be: id=HEX32 what=WORDS key=KEY.
            alice> x | #ops | call | id=01010101010101010101010101010101 what=chat key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            alice< server | alice | refused | not_allowed The key of the call must be the key of this session.
            alice> calls #ops 1    alice> x | #ops | leave_call | no data
            alice< server | alice | relay | id=01010101010101010101010101010101 leg=c298f46dc0982d5bdcfd9e74d88b5c1f port=0 rate=65536
            alice< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified
            alice< server | #ops | in_call | no data
            relay: admit 1 0 c298f46dc0982d5bdcfd9e74d88b5c1f
            relay: close 1
            alice> calls #ops 1    alice> x | #ops | leave_call | no data
            alice< server | alice | relay | id=01010101010101010101010101010101 leg=57efb4dc79d941e1b9e169be8c722008 port=0 rate=65536
            alice< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified
            alice< server | #ops | in_call | no data
            relay: admit 2 0 57efb4dc79d941e1b9e169be8c722008
            relay: close 2
            alice> calls #ops 1    alice> x | #ops | leave_call | no data
            alice< server | alice | relay | id=01010101010101010101010101010101 leg=06a40d99c2e248bd2eba8a018a3f85ef port=0 rate=65536
            alice< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified
            alice< server | #ops | in_call | no data
            relay: admit 3 0 06a40d99c2e248bd2eba8a018a3f85ef
            relay: close 3
            alice> calls #ops 1
            alice< server | alice | refused | too_many_calls You have started 3 calls within a minute; try again in 1 minute.
            +61s
            alice< server | alice | ping | 60000
            bob< server | bob | ping | 60000
            alice> calls #ops 1
            alice< server | alice | relay | id=01010101010101010101010101010101 leg=2e4dcbbff05f0e2740058d6c82b5ed32 port=0 rate=65536
            alice< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified
            relay: admit 4 0 2e4dcbbff05f0e2740058d6c82b5ed32
        "#]],
    );
}

#[test]
fn whoever_comes_into_the_room_is_told_who_is_in_its_call() {
    check(
        rules(),
        expect![[r#"
            alice> joins key a    alice> x | server | capabilities | calls    alice> x | #ops | join_room | no data    alice> calls #ops 1
            alice< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            alice< @time=2026-11-22T12:00:00.000Z;verified=yes server | alice | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40001)
            alice< server | #ops | room | open members=1 you=maker topic=
            alice< server | alice | relay | id=01010101010101010101010101010101 leg=c298f46dc0982d5bdcfd9e74d88b5c1f port=0 rate=65536
            alice< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified
            relay: admit 1 0 c298f46dc0982d5bdcfd9e74d88b5c1f
            bob> joins    bob> x | server | capabilities | calls
            alice< server | all clients | joined | bob
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bob< @time=2026-11-22T12:00:00.000Z server | bob | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40002)
            bob> x | #ops | join_room | no data
            alice< server | #ops | joined | bob
            bob< server | #ops | room | open members=2 you=member topic=
            bob< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified
            carol> joins key c    carol> x | #ops | join_room | no data
            alice< @verified=yes server | all clients | joined | carol
            alice< @verified=yes server | #ops | joined | carol
            bob< @verified=yes server | all clients | joined | carol
            bob< @verified=yes server | #ops | joined | carol
            carol< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            carol< @time=2026-11-22T12:00:00.000Z;verified=yes server | carol | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
            carol< server | #ops | room | open members=3 you=member topic=
            carol> x | server | capabilities | calls
            carol< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified
            carol> leaves
            alice< @why=connection\sclosed server | all clients | left | carol
            bob< @why=connection\sclosed server | all clients | left | carol
            carol> connects key c    carol> x | server | capabilities | calls
            carol< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            carol> name carol
            alice< @verified=yes server | all clients | joined | carol
            bob< @verified=yes server | all clients | joined | carol
            carol< @time=2026-11-22T12:00:00.000Z;verified=yes server | carol | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            carol< server | #ops | room | open members=3 you=member topic=
            carol< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified
        "#]],
    );
}

#[test]
fn whoever_is_out_of_the_room_or_muted_is_out_of_its_call() {
    check(
        with_root(true),
        expect![[r#"
            root> joins    alice> joins    bob> joins    carol> joins    dave> joins
            root> x | server | capabilities | calls
            root> x | #ops | join_room | no data    alice> x | #ops | join_room | no data    bob> x | #ops | join_room | no data    carol> x | #ops | join_room | no data    dave> x | #ops | join_room | no data
            root< server | #ops | room | open members=1 you=maker topic=
            root< server | #ops | joined | alice
            root< server | #ops | joined | bob
            root< server | #ops | joined | carol
            root< server | #ops | joined | dave
            alice< server | #ops | room | open members=2 you=member topic=
            alice< server | #ops | joined | bob
            alice< server | #ops | joined | carol
            alice< server | #ops | joined | dave
            bob< server | #ops | room | open members=3 you=member topic=
            bob< server | #ops | joined | carol
            bob< server | #ops | joined | dave
            carol< server | #ops | room | open members=4 you=member topic=
            carol< server | #ops | joined | dave
            dave< server | #ops | room | open members=5 you=member topic=
            alice> calls #ops 1    bob> calls #ops 1    carol> calls #ops 1    dave> calls #ops 1    root> calls #ops 1
            root< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice
            root< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice 1,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob
            root< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice 1,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob 2,SHA256:Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M,carol
            root< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice 1,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob 2,SHA256:Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M,carol 3,SHA256:ZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGQ,dave
            root< server | root | relay | id=01010101010101010101010101010101 leg=4032d978b2d55f675423d975be112973 port=0 rate=65536
            root< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice 1,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob 2,SHA256:Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M,carol 3,SHA256:ZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGQ,dave 4,SHA256:cnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnI,root
            alice< server | alice | relay | id=01010101010101010101010101010101 leg=c298f46dc0982d5bdcfd9e74d88b5c1f port=0 rate=65536
            alice< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice
            bob< server | bob | relay | id=01010101010101010101010101010101 leg=a3061790b2fe460f7b81589754f48878 port=0 rate=65536
            bob< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice 1,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob
            carol< server | carol | relay | id=01010101010101010101010101010101 leg=3b70de16623b5f15f3e0151709694fb6 port=0 rate=65536
            carol< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice 1,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob 2,SHA256:Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M,carol
            dave< server | dave | relay | id=01010101010101010101010101010101 leg=83490baa8b4c96a085c5b983413ff54b port=0 rate=65536
            dave< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice 1,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob 2,SHA256:Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M,carol 3,SHA256:ZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGQ,dave
            relay: admit 1 0 c298f46dc0982d5bdcfd9e74d88b5c1f
            relay: admit 1 1 a3061790b2fe460f7b81589754f48878
            relay: admit 1 2 3b70de16623b5f15f3e0151709694fb6
            relay: admit 1 3 83490baa8b4c96a085c5b983413ff54b
            relay: admit 1 4 4032d978b2d55f675423d975be112973
            alice> x | #ops | leave_room | no data
            root< server | #ops | in_call | id=01010101010101010101010101010101 1,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob 2,SHA256:Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M,carol 3,SHA256:ZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGQ,dave 4,SHA256:cnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnI,root
            root< server | #ops | left | alice
            alice< server | alice | hang_up | id=01010101010101010101010101010101 done
            alice< server | #ops | left | alice
            bob< server | #ops | left | alice
            carol< server | #ops | left | alice
            dave< server | #ops | left | alice
            relay: dismiss 1 0
            root> x | #ops | kick | bob loud
            root< server | #ops | in_call | id=01010101010101010101010101010101 2,SHA256:Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M,carol 3,SHA256:ZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGQ,dave 4,SHA256:cnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnI,root
            root< @why=kicked\sby\sroot:\sloud server | #ops | left | bob
            root< root | #ops | act | kick bob - off loud
            bob< server | bob | hang_up | id=01010101010101010101010101010101 done
            bob< @why=kicked\sby\sroot:\sloud server | #ops | left | bob
            carol< @why=kicked\sby\sroot:\sloud server | #ops | left | bob
            carol< root | #ops | act | kick bob - off loud
            dave< @why=kicked\sby\sroot:\sloud server | #ops | left | bob
            dave< root | #ops | act | kick bob - off loud
            relay: dismiss 1 1
            root> x | #ops | mute | carol 1h loud
            root< server | #ops | in_call | id=01010101010101010101010101010101 3,SHA256:ZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGQ,dave 4,SHA256:cnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnI,root
            root< root | #ops | act | mute carol - off 1h loud
            carol< server | carol | hang_up | id=01010101010101010101010101010101 muted
            carol< root | #ops | act | mute carol - off 1h loud
            dave< root | #ops | act | mute carol - off 1h loud
            relay: dismiss 1 2
            carol> calls #ops 1
            carol< server | carol | refused | muted root has muted you in #ops until a moderator lifts it: 1h loud
            root> x | all clients | mute | dave 1h loud
            root< server | #ops | in_call | id=01010101010101010101010101010101 4,SHA256:cnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnI,root
            root< root | all clients | act | mute dave - off 1h loud
            alice< root | all clients | act | mute dave - off 1h loud
            bob< root | all clients | act | mute dave - off 1h loud
            carol< root | all clients | act | mute dave - off 1h loud
            dave< server | dave | hang_up | id=01010101010101010101010101010101 muted
            dave< root | all clients | act | mute dave - off 1h loud
            relay: dismiss 1 3
            root> x | #ops | mute | root 1h loud
            root< server | root | refused | not_allowed You cannot do that to yourself.
        "#]],
    );
}

#[test]
fn a_member_whose_leg_is_idle_is_out_and_all_are_where_the_relay_is_full_or_calls_are_off() {
    check(
        rules(),
        expect![[r#"
            alice> joins    bob> joins
            alice> x | server | capabilities | calls
            alice> x | #ops | join_room | no data    bob> x | #ops | join_room | no data    alice> x | #two | join_room | no data
            alice< server | #ops | room | open members=1 you=maker topic=
            alice< server | #ops | joined | bob
            alice< server | #two | room | open members=1 you=maker topic=
            bob< server | #ops | room | open members=2 you=member topic=
            alice> calls #ops 1    bob> calls #ops 1
            alice< server | alice | relay | id=01010101010101010101010101010101 leg=c298f46dc0982d5bdcfd9e74d88b5c1f port=0 rate=65536
            alice< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice
            alice< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice 1,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob
            bob< server | bob | relay | id=01010101010101010101010101010101 leg=a3061790b2fe460f7b81589754f48878 port=0 rate=65536
            bob< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice 1,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob
            relay: admit 1 0 c298f46dc0982d5bdcfd9e74d88b5c1f
            relay: admit 1 1 a3061790b2fe460f7b81589754f48878
            the relay gives up member 0 of 1
            alice< server | alice | hang_up | id=01010101010101010101010101010101 idle
            alice< server | #ops | in_call | id=01010101010101010101010101010101 1,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob
            relay: dismiss 1 0
            the relay gives up member 0 of 1
            the relay is full for 1
            alice< server | #ops | in_call | no data
            bob< server | bob | hang_up | id=01010101010101010101010101010101 failed
            relay: close 1
            alice> calls #ops 1    bob> calls #ops 1    alice> calls #two 2
            alice< server | alice | relay | id=01010101010101010101010101010101 leg=57efb4dc79d941e1b9e169be8c722008 port=0 rate=65536
            alice< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice
            alice< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice 1,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob
            alice< server | alice | relay | id=02020202020202020202020202020202 leg=8ecab52d67f399ea2c2cd9341d488d45 port=0 rate=65536
            alice< server | #two | in_call | id=02020202020202020202020202020202 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice
            bob< server | bob | relay | id=01010101010101010101010101010101 leg=326a7b0606569b2f751e732b5adff3e3 port=0 rate=65536
            bob< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice 1,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob
            relay: admit 2 0 57efb4dc79d941e1b9e169be8c722008
            relay: admit 2 1 326a7b0606569b2f751e732b5adff3e3
            relay: admit 3 0 8ecab52d67f399ea2c2cd9341d488d45
            calls off
            alice< server | alice | hang_up | id=01010101010101010101010101010101 off
            alice< server | #ops | in_call | id=01010101010101010101010101010101 1,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob
            alice< server | #ops | in_call | no data
            alice< server | alice | hang_up | id=02020202020202020202020202020202 off
            alice< server | #two | in_call | no data
            bob< server | bob | hang_up | id=01010101010101010101010101010101 off
            relay: dismiss 2 0
            relay: close 2
            relay: close 3
        "#]],
    );
}

#[test]
fn twelve_are_in_the_call_of_a_room_and_one_is_in_two_calls() {
    let people: Vec<String> = ('a'..='m').map(|letter| format!("{letter}user")).collect();
    let mut steps = String::new();
    for person in &people {
        steps += &format!("{person}> joins\n{person}> x | #ops | join_room | no data\n{person}> calls #ops 1\n");
    }
    let heard = play(rules(), &steps);
    let refused = "muser< server | muser | refused | call_full There are 12 in the call of #ops, which is the most.";
    assert_eq!((heard.matches("relay: admit 1 ").count(), heard.matches(" refused ").count()), (12, 1));
    assert!(heard.contains(refused), "{heard}");
    // One leaves, and there is room.
    steps += "auser> x | #ops | leave_call | no data\nmuser> calls #ops 1\n";
    assert!(play(rules(), &steps).contains("relay: admit 1 12 "));
    let rooms = ["#one", "#two", "#three"]
        .map(|room| format!("alice> x | {room} | join_room | no data\nalice> calls {room} 1\n"));
    let heard = play(rules(), &format!("alice> joins\n{}", rooms.concat()));
    assert!(heard.contains("too_many_calls You are in 2 calls already; hang up one of them first."), "{heard}");
}

#[test]
fn a_moderator_switches_the_calls_of_a_room_off_and_on() {
    check(
        with_root(true),
        expect![[r#"
            root> joins    alice> joins key a    bob> joins key b    carol> joins
            alice> x | server | capabilities | calls    bob> x | server | capabilities | calls
            alice> x | #ops | join_room | no data    bob> x | #ops | join_room | no data    root> x | #ops | join_room | no data
            root< server | #ops | room | open members=3 you=member topic=
            alice< server | #ops | room | open members=1 you=maker topic=
            alice< @verified=yes server | #ops | joined | bob
            alice< server | #ops | joined | root
            bob< server | #ops | room | open members=2 you=member topic=
            bob< server | #ops | joined | root
            bob> calls #ops 1    alice> calls #ops 1
            alice< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob,verified
            alice< server | alice | relay | id=01010101010101010101010101010101 leg=a3061790b2fe460f7b81589754f48878 port=0 rate=65536
            alice< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob,verified 1,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified
            bob< server | bob | relay | id=01010101010101010101010101010101 leg=c298f46dc0982d5bdcfd9e74d88b5c1f port=0 rate=65536
            bob< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob,verified
            bob< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob,verified 1,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified
            relay: admit 1 0 c298f46dc0982d5bdcfd9e74d88b5c1f
            relay: admit 1 1 a3061790b2fe460f7b81589754f48878
            log    bob> @ref=1 x | #ops | allow_calls | off exam
            bob< @ref=1 server | bob | refused | not_moderator Only a moderator of #ops may do that.
            log: event=act_refused conn=3 from=tls://10.0.0.1:40003 name=bob place=#ops act=allow_calls code=not_moderator
            carol> x | #ops | allow_calls | off exam
            carol< server | carol | refused | not_moderator Only a moderator of #ops may do that.
            log: event=act_refused conn=4 from=tcp://127.0.0.1:40004 name=carol place=#ops act=allow_calls code=not_moderator
            alice> @ref=2 x | #ops | allow_calls | perhaps exam    alice> @ref=3 x | #ops | allow_calls | off
            alice< @ref=2 server | alice | refused | bad_frame Give on or off.
            alice< @ref=3 server | alice | refused | reason_needed Give a reason: allow_calls needs one.
            log: event=bad_frame conn=2 from=tls://10.0.0.1:40002 name=alice reason="bad_frame: Give on or off."
            alice> @ref=4 x | #ops | allow_calls | off exam
            root< server | #ops | room | open members=3 no_calls topic=
            root< alice | #ops | act | allow_calls - - off exam
            alice< server | #ops | in_call | id=01010101010101010101010101010101 1,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified
            alice< server | alice | hang_up | id=01010101010101010101010101010101 off
            alice< server | #ops | in_call | no data
            alice< server | #ops | room | open members=3 no_calls topic=
            alice< @ref=4 alice | #ops | act | allow_calls - - off exam
            bob< server | bob | hang_up | id=01010101010101010101010101010101 off
            bob< server | #ops | in_call | id=01010101010101010101010101010101 1,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,alice,verified
            bob< server | #ops | in_call | no data
            bob< server | #ops | room | open members=3 no_calls topic=
            bob< alice | #ops | act | allow_calls - - off exam
            relay: dismiss 1 0
            relay: close 1
            log: event=conference_left conn=3 name=bob room=#ops outcome=off
            log: event=conference_left conn=2 name=alice room=#ops outcome=off
            log: event=act conn=2 name=alice place=#ops act=allow_calls subject=- seconds=- on=false reason=exam
            bob> calls #ops 1    alice> calls #ops 1    root> calls #ops 1
            root< server | root | refused | calls_off A moderator has switched calls off in #ops.
            alice< server | alice | refused | calls_off A moderator has switched calls off in #ops.
            bob< server | bob | refused | calls_off A moderator has switched calls off in #ops.
            carol> x | #ops | join_room | no data
            root< server | #ops | joined | carol
            alice< server | #ops | joined | carol
            bob< server | #ops | joined | carol
            carol< server | #ops | room | open members=4 you=member no_calls topic=
            root> x | all clients | allow_calls | off exam
            root< server | root | refused | bad_room Only a room has a call of its own; name the room whose calls are meant.
            log: event=act_refused conn=1 from=tcp://127.0.0.1:40001 name=root place="all clients" act=allow_calls code=bad_room
            restart
            alice> joins key a    bob> joins key b
            log: event=connected conn=5 from=tls://10.0.0.1:40005
            log: event=proved conn=5 proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            log: event=joined conn=5 from=tls://10.0.0.1:40005 name=alice dialect=TR2.26 proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            log: event=connected conn=6 from=tls://10.0.0.1:40006
            log: event=proved conn=6 proof=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            log: event=joined conn=6 from=tls://10.0.0.1:40006 name=bob dialect=TR2.26 proof=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            bob> x | server | capabilities | calls    bob> calls #ops 2
            bob< server | bob | refused | calls_off A moderator has switched calls off in #ops.
            alice> x | server | rooms | no data
            alice< @batch=rooms-5 server | #ops | room | open members=4 you=maker no_calls topic=
            alice< @batch=rooms-5 server | alice | rooms_end
            alice> x | #ops | allow_calls | on over
            alice< server | #ops | room | open members=4 topic=
            alice< alice | #ops | act | allow_calls - - on over
            bob< server | #ops | room | open members=4 topic=
            bob< alice | #ops | act | allow_calls - - on over
            log: event=act conn=5 name=alice place=#ops act=allow_calls subject=- seconds=- on=true reason=over
            bob> calls #ops 2
            bob< server | bob | relay | id=02020202020202020202020202020202 leg=e9dfe971b898e69d3c0e355773a34eb7 port=0 rate=65536
            bob< server | #ops | in_call | id=02020202020202020202020202020202 0,SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI,bob,verified
            relay: admit 1 0 e9dfe971b898e69d3c0e355773a34eb7
            log: event=conference_joined conn=6 name=bob room=#ops
            alice> x | #ops | modlog | limit=5
            alice< @id=1;time=2026-11-22T12:00:00.000Z;batch=modlog-1 alice | #ops | act | allow_calls - - off exam
            alice< @id=2;time=2026-11-22T12:00:00.000Z;batch=modlog-1 alice | #ops | act | allow_calls - - on over
            alice< @batch=modlog-1 server | alice | modlog_end
        "#]],
    );
}
