//! Transcripts of messages: to one user, to everyone, lists, and frames that are malformed.

use expect_test::expect;

use crate::transcript::rules;
use crate::{check, check_alone, with_root};

#[test]
fn a_new_user_is_greeted_confirmed_and_announced() {
    check(
        rules(),
        expect![[r#"
            alice> connects
            alice< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            alice> @ref=1 alice | server | name | alice
            alice< @ref=1;time=2026-11-22T12:00:00.000Z server | alice | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40001)
            bob> connects
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bob> name bob
            alice< server | all clients | joined | bob
            bob< @time=2026-11-22T12:00:00.000Z server | bob | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40002)
            old> connects TR2.23
            old< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            old> name old
            alice< server | all clients | joined | old
            bob< server | all clients | joined | old
            old<< server | old | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40003)
            bob> leaves
            alice< @why=connection\sclosed server | all clients | left | bob
        "#]],
    );
}

#[test]
fn an_echo_comes_back_to_its_sender_alone() {
    check(
        rules(),
        expect![[r#"
            alice> joins    bob> joins
            alice> @ref=a;id=9;time=never alice | alice | echo | olá | again\nand again
            alice< @ref=a alice | alice | echo | olá | again\nand again
            alice> alice | bob | echo | not for bob
            alice< alice | alice | echo | not for bob
            alice> alice | alice | echo
            alice< alice | alice | echo
        "#]],
    );
}

#[test]
fn the_list_is_in_order_of_arrival() {
    check(
        rules(),
        expect![[r#"
            zoe> joins    adam> joins    old> joins TR2.23
            zoe> @ref=1 zoe | server | list_clients | no data
            zoe< @ref=1;batch=list-1 server | zoe | list_clients | clients connected: zoe ,adam ,old
            zoe< @ref=1;batch=list-1 server | zoe | list_end
            zoe> leaves
            adam< @why=connection\sclosed server | all clients | left | zoe
            zoe> joins
            old> old | server | list_clients | no data
            old<< server | old | list_clients | clients connected: adam ,old ,zoe
        "#]],
    );
}

#[test]
fn a_long_list_comes_in_several_frames() {
    check_alone(
        rules(),
        &expect![[r#"
            1200 users
            u7> @ref=all u7 | server | list_clients | no data
            u*1< @ref=all;batch=list-8 server | u7 | list_clients | clients connected: u0 ,u1 ,u2 ,u3 ,u4 ,u5 ,u6 ,u7 ,u8 ,u9 ,u10 ,u11 ,u12 ,u13 ,u14 ,u15 ,u16 ,u17 ,u18 ,u19 ,… (5958 bytes)
            u*1< @ref=all;batch=list-8 server | u7 | list_end
        "#]],
    );
}

#[test]
fn a_private_message_reaches_its_recipient_and_is_accepted() {
    check(
        rules(),
        expect![[r#"
            alice> joins    Bob> joins    old> joins TR2.23
            alice> @ref=1 alice | Bob | private_message | a | b\n\ c
            alice< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
            Bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | Bob | private_message | a | b\n\\ c
            alice> alice | bob | private_message | in another case
            alice< @id=1795348800001;time=2026-11-22T12:00:00.000Z server | alice | accepted
            Bob< @id=1795348800001;time=2026-11-22T12:00:00.000Z alice | Bob | private_message | in another case
            alice> @ref=2 alice | alice | private_message | to me
            alice< @id=1795348800002;time=2026-11-22T12:00:00.000Z alice | alice | private_message | to me
            alice< @ref=2;id=1795348800002;time=2026-11-22T12:00:00.000Z server | alice | accepted
            old> old | Bob | private_message | olá
            Bob< @id=1795348800003;time=2026-11-22T12:00:00.000Z old | Bob | private_message | olá
            alice> @ref=3 alice | old | private_message | one\ntwo
            alice< @ref=3;id=1795348800004;time=2026-11-22T12:00:00.000Z server | alice | accepted
            old<< alice | old | private_message | one
            old<< alice | old | private_message | two
        "#]],
    );
}

#[test]
fn a_private_message_to_nobody_is_refused() {
    check(
        rules(),
        expect![[r#"
            alice> joins    old> joins TR2.23
            alice> @ref=1 alice | zed | private_message | hi
            alice< @ref=1 server | alice | refused | no_such_user No user "zed"; /list shows who is online.
            alice> @ref=2 alice | alicе | private_message | not the look-alike
            alice< @ref=2 server | alice | refused | no_such_user No user "alicе"; /list shows who is online.
            alice> @ref=3 alice | all clients | private_message | hi
            alice< @ref=3 server | alice | refused | no_such_user No user "all clients"; /list shows who is online.
            old> old | zed | private_message | hi
            old<< server | old | private_message | Destination client (zed) not found!
        "#]],
    );
}

#[test]
fn a_broadcast_reaches_everyone_with_or_without_its_sender() {
    check(
        rules(),
        expect![[r#"
            alice> connects    alice> name alice    bob> connects    bob> name bob    old> connects TR2.23    old> name old    new> connects
            alice< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            alice< @time=2026-11-22T12:00:00.000Z server | alice | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40001)
            alice< server | all clients | joined | bob
            alice< server | all clients | joined | old
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bob< @time=2026-11-22T12:00:00.000Z server | bob | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40002)
            bob< server | all clients | joined | old
            old< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            old<< server | old | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40003)
            new< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            alice> @ref=1 alice | all clients | broadcast | hi
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | hi
            alice< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | hi
            old<< alice | all clients | broadcast | hi
            alice> @ref=2 alice | all clients | broadcast_not_me | psst
            alice< @ref=2;id=1795348800001;time=2026-11-22T12:00:00.000Z server | alice | accepted
            bob< @id=1795348800001;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast_not_me | psst
            old<< alice | all clients | broadcast_not_me | psst
            old> old | all clients | broadcast_not_me | a | b
            alice< @id=1795348800002;time=2026-11-22T12:00:00.000Z old | all clients | broadcast_not_me | a | b
            bob< @id=1795348800002;time=2026-11-22T12:00:00.000Z old | all clients | broadcast_not_me | a | b
            old> old | all clients | broadcast | c
            alice< @id=1795348800003;time=2026-11-22T12:00:00.000Z old | all clients | broadcast | c
            bob< @id=1795348800003;time=2026-11-22T12:00:00.000Z old | all clients | broadcast | c
            old<< old | all clients | broadcast | c
            old> old | all clients | 4 | what the menu sends
            alice< @id=1795348800004;time=2026-11-22T12:00:00.000Z old | all clients | broadcast | what the menu sends
            bob< @id=1795348800004;time=2026-11-22T12:00:00.000Z old | all clients | broadcast | what the menu sends
            old<< old | all clients | broadcast | what the menu sends
            alice> @ref=3 alice | #ops | broadcast | hi
            alice< @ref=3 server | alice | refused | no_such_room There is no room #ops; join it to create it.
            bob> bob | all clients | 4 | a menu entry of the original only
            bob< server | bob | Unknown_operation | The server does not know the operation 4.
        "#]],
    );
}

#[test]
fn messages_of_one_round_are_heard_in_order() {
    check(
        rules(),
        expect![[r#"
            alice> joins    bob> joins
            alice> @ref=1 a | all clients | broadcast | one    bob> @ref=2 b | all clients | broadcast_not_me | two    alice> @ref=3 a | bob | private_message | three    bob> @ref=4 b | all clients | broadcast | four    carol> connects    carol> name carol    alice> @ref=5 a | all clients | broadcast | five
            alice< server | all clients | joined | carol
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | one
            alice< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
            alice< @id=1795348800001;time=2026-11-22T12:00:00.000Z bob | all clients | broadcast_not_me | two
            alice< @ref=3;id=1795348800002;time=2026-11-22T12:00:00.000Z server | alice | accepted
            alice< @id=1795348800003;time=2026-11-22T12:00:00.000Z bob | all clients | broadcast | four
            alice< @id=1795348800004;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | five
            alice< @ref=5;id=1795348800004;time=2026-11-22T12:00:00.000Z server | alice | accepted
            bob< server | all clients | joined | carol
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | one
            bob< @ref=2;id=1795348800001;time=2026-11-22T12:00:00.000Z server | bob | accepted
            bob< @id=1795348800002;time=2026-11-22T12:00:00.000Z alice | bob | private_message | three
            bob< @id=1795348800003;time=2026-11-22T12:00:00.000Z bob | all clients | broadcast | four
            bob< @ref=4;id=1795348800003;time=2026-11-22T12:00:00.000Z server | bob | accepted
            bob< @id=1795348800004;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | five
            carol< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            carol< @time=2026-11-22T12:00:00.000Z server | carol | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40003)
            carol< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | one
            carol< @id=1795348800001;time=2026-11-22T12:00:00.000Z bob | all clients | broadcast_not_me | two
            carol< @id=1795348800003;time=2026-11-22T12:00:00.000Z bob | all clients | broadcast | four
            carol< @id=1795348800004;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | five
            alice> @ref=6 a | all clients | broadcast | six
            alice< @id=1795348800005;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | six
            alice< @ref=6;id=1795348800005;time=2026-11-22T12:00:00.000Z server | alice | accepted
            bob< @id=1795348800005;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | six
            carol< @id=1795348800005;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | six
        "#]],
    );
}

#[test]
fn the_sender_field_of_a_frame_is_ignored() {
    check(
        with_root(true),
        expect![[r#"
            root> joins    eve> joins    old> joins TR2.23
            eve> root | all clients | broadcast | as root
            root< @id=1795348800000;time=2026-11-22T12:00:00.000Z eve | all clients | broadcast | as root
            eve< @id=1795348800000;time=2026-11-22T12:00:00.000Z eve | all clients | broadcast | as root
            eve< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | eve | accepted
            old<< eve | all clients | broadcast | as root
            eve> @ref=1 root | server | close_server | close server
            eve< @ref=1 server | eve | refused | not_moderator Only a moderator may close the server; give the moderator passphrase first.
            eve> server | all clients | broadcast | server closed
            root< @id=1795348800001;time=2026-11-22T12:00:00.000Z eve | all clients | broadcast | server closed
            eve< @id=1795348800001;time=2026-11-22T12:00:00.000Z eve | all clients | broadcast | server closed
            eve< @id=1795348800001;time=2026-11-22T12:00:00.000Z server | eve | accepted
            old<< eve | all clients | broadcast | server closed.
            old> root | eve | private_message | as root
            eve< @id=1795348800002;time=2026-11-22T12:00:00.000Z old | eve | private_message | as root
            old> root | server | close_server | close server
            old<< server | old | private_message | Only a moderator may close the server; give the moderator passphrase first.
            old> server | eve | private_message | as the server
            eve< @id=1795348800003;time=2026-11-22T12:00:00.000Z old | eve | private_message | as the server
        "#]],
    );
}

#[test]
fn an_unknown_operation_is_answered() {
    check(
        rules(),
        expect![[r#"
            alice> joins    old> joins TR2.23
            alice> @ref=1 alice | server | Unknown operation | 9
            alice< @ref=1 server | alice | Unknown_operation | The server does not know the operation Unknown operation.
            alice> @ref=2 alice | server | dance
            alice< @ref=2 server | alice | Unknown_operation | The server does not know the operation dance.
            old> old | server | Unknown operation | 9
            old<< server | old | Unknown_operation | Operation not supported!
            old> old | server | ping | 1
            old<< server | old | Unknown_operation | Operation not supported!
        "#]],
    );
}

#[test]
fn a_malformed_frame_is_refused_and_the_connection_stays_open() {
    check(
        rules(),
        expect![[r#"
            log
            alice> joins    old> joins TR2.23
            log: event=connected conn=1 from=tcp://127.0.0.1:40001
            log: event=joined conn=1 from=tcp://127.0.0.1:40001 name=alice dialect=TR2.26 proof=-
            log: event=connected conn=2 from=tcp://127.0.0.1:40002
            log: event=joined conn=2 from=tcp://127.0.0.1:40002 name=old dialect=TR2.23 proof=-
            alice> @ref=1 nonsense
            alice< @ref=1 server | alice | refused | bad_frame A frame is: SENDER | DESTINATION | OPERATION | DATA
            log: event=bad_frame conn=1 from=tcp://127.0.0.1:40001 name=alice reason="bad_frame: A frame is: SENDER | DESTINATION | OPERATION | DATA"
            alice> @ref=2 alice | bob | echo | \x1b[31m
            alice< @ref=2 server | alice | refused | bad_frame A frame may not contain control characters; write \\n for a line feed.
            alice> @ref=3 alice | bob | echo | \xff
            alice< @ref=3 server | alice | refused | bad_frame A frame must be UTF-8 text.
            alice> alice | alice | echo | still here
            alice< alice | alice | echo | still here
            old> nonsense
            old<< server | old | private_message | A message is: SENDER | DESTINATION | OPERATION | DATA
            log: event=bad_frame conn=2 from=tcp://127.0.0.1:40002 name=old reason="bad_frame: A message is: SENDER | DESTINATION | OPERATION | DATA"
            old> old | old | echo | \xff
            old<< server | old | private_message | A message must be UTF-8 text.
            old> old | old | echo | still here
            old<< old | old | echo | still here
        "#]],
    );
}

#[test]
fn ping_is_answered_before_and_after_a_name() {
    check(
        rules(),
        expect![[r#"
            alice> connects    alice> @ref=1 alice | server | ping | token
            alice< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            alice< @ref=1 server | client | pong | token
            alice> name alice    alice> alice | server | ping
            alice< @time=2026-11-22T12:00:00.000Z server | alice | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40001)
            alice< server | alice | pong
            alice> @ref=2 alice | server | ping | 0123456789012345678901234567890123456789012345678901234567890123
            alice< @ref=2 server | alice | pong | 0123456789012345678901234567890123456789012345678901234567890123
            alice> @ref=3 alice | server | ping | 01234567890123456789012345678901234567890123456789012345678901234
            alice< @ref=3 server | alice | refused | too_long The token of a ping has at most 64 bytes.
        "#]],
    );
}
