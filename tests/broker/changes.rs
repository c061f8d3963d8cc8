//! Transcripts of replies, edits, deletions of one's own and reactions: who is told what, and who may.

use std::time::Duration;

use expect_test::expect;
use tr2::server::broker::rules::Rules;

use crate::transcript::rules;
use crate::{check, with_root};

#[test]
fn a_reply_comes_with_a_quote_and_as_text_to_older_clients() {
    check(
        rules(),
        expect![[r#"
            alice> joins    bob> joins    carol> joins    old> joins TR2.23
            alice> a | server | capabilities | reply edit react
            bob> b | server | capabilities | away react edit reply more
            bob> b | all clients | broadcast_not_me | who has the key?
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z bob | all clients | broadcast_not_me | who has the key?
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | bob | accepted
            carol< @id=1795348800000;time=2026-11-22T12:00:00.000Z bob | all clients | broadcast_not_me | who has the key?
            old<< bob | all clients | broadcast_not_me | who has the key?
            alice> @ref=1;reply=1795348800000;quote=eve\slies a | all clients | broadcast | I have it
            alice< @id=1795348800001;time=2026-11-22T12:00:00.000Z;reply=1795348800000;quote=bob\swho\shas\sthe\skey? alice | all clients | broadcast | I have it
            alice< @ref=1;id=1795348800001;time=2026-11-22T12:00:00.000Z server | alice | accepted
            bob< @id=1795348800001;time=2026-11-22T12:00:00.000Z;reply=1795348800000;quote=bob\swho\shas\sthe\skey? alice | all clients | broadcast | I have it
            carol< @id=1795348800001;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | [bob: who has the key?] I have it
            old<< alice | all clients | broadcast | [bob: who has the key?] I have it
            alice> @ref=2;reply=1795348800001 a | bob | private_message | not there
            alice< @ref=2 server | alice | refused | no_such_message There is no such message there to answer, or it is deleted.
            bob> b | alice | private_message | between us;\\
            alice< @id=1795348800003;time=2026-11-22T12:00:00.000Z bob | alice | private_message | between us;\\
            bob< @id=1795348800003;time=2026-11-22T12:00:00.000Z server | bob | accepted
            alice> @ref=3;reply=1795348800003 a | bob | private_message | indeed
            alice< @ref=3;id=1795348800004;time=2026-11-22T12:00:00.000Z server | alice | accepted
            bob< @id=1795348800004;time=2026-11-22T12:00:00.000Z;reply=1795348800003;quote=bob\sbetween\sus\:\\ alice | bob | private_message | indeed
            alice> @ref=4;reply=1795348800003 a | all clients | broadcast | not here
            alice< @ref=4 server | alice | refused | no_such_message There is no such message there to answer, or it is deleted.
            alice> @ref=5;reply=99 a | all clients | broadcast | nor this
            alice< @ref=5 server | alice | refused | no_such_message There is no such message there to answer, or it is deleted.
            alice> @ref=6;reply=soon a | all clients | broadcast | nor that
            alice< @ref=6 server | alice | refused | bad_frame The tag reply must be the number of a message.
            carol> @ref=7 c | all clients | history | limit=10
            carol< @ref=7;id=1795348800000;time=2026-11-22T12:00:00.000Z;batch=history-1 bob | all clients | broadcast_not_me | who has the key?
            carol< @ref=7;id=1795348800001;time=2026-11-22T12:00:00.000Z;batch=history-1 alice | all clients | broadcast | [bob: who has the key?] I have it
            carol< @ref=7;batch=history-1 server | carol | history_end
            alice> @ref=8 a | all clients | history | limit=10
            alice< @ref=8;id=1795348800000;time=2026-11-22T12:00:00.000Z;batch=history-1 bob | all clients | broadcast_not_me | who has the key?
            alice< @ref=8;id=1795348800001;time=2026-11-22T12:00:00.000Z;batch=history-1;reply=1795348800000;quote=bob\swho\shas\sthe\skey? alice | all clients | broadcast | I have it
            alice< @ref=8;batch=history-1 server | alice | history_end
            alice> @ref=1;reply=1795348800000 a | all clients | broadcast | I have it
            alice< @ref=1;id=1795348800001;time=2026-11-22T12:00:00.000Z server | alice | accepted
            alice> @ref=1 a | all clients | broadcast | I have it
            alice< @ref=1 server | alice | refused | ref_used This ref was already used for another message; use a new one for each message.
        "#]],
    );
}

#[test]
fn an_edit_is_told_to_everybody_who_has_the_message_in_its_place_in_the_order() {
    check(
        rules(),
        expect![[r#"
            alice> joins    bob> joins    carol> joins    old> joins TR2.23
            alice> a | server | capabilities | reply edit react
            bob> b | server | capabilities | reply edit react
            alice> @ref=1 a | all clients | broadcast_not_me | helo
            alice< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast_not_me | helo
            carol< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast_not_me | helo
            old<< alice | all clients | broadcast_not_me | helo
            store waits
            alice> @ref=2 a | all clients | edit | 1795348800000 hello    bob> @ref=3 b | all clients | broadcast_not_me | hi    alice> @ref=4 a | all clients | edit | 1795348800000 hello\nall
            store answers
            alice< @ref=2;id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800001 alice | all clients | edited | hello
            alice< @id=1795348800002;time=2026-11-22T12:00:00.000Z bob | all clients | broadcast_not_me | hi
            alice< @ref=4;id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800003 alice | all clients | edited | hello\nall
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800001 alice | all clients | edited | hello
            bob< @ref=3;id=1795348800002;time=2026-11-22T12:00:00.000Z server | bob | accepted
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800003 alice | all clients | edited | hello\nall
            carol< alice | all clients | broadcast_not_me | edited: hello
            carol< @id=1795348800002;time=2026-11-22T12:00:00.000Z bob | all clients | broadcast_not_me | hi
            carol< alice | all clients | broadcast_not_me | edited: hello\nall
            old<< alice | all clients | broadcast_not_me | edited: hello
            old<< bob | all clients | broadcast_not_me | hi
            old<< alice | all clients | broadcast_not_me | edited: hello
            old<< alice | all clients | broadcast_not_me | all
            alice> @ref=5 a | all clients | edit | 1795348800000 hello\nall
            alice< @ref=5;id=1795348800000;time=2026-11-22T12:00:00.000Z alice | all clients | edited | hello\nall
            bob> @ref=6 b | all clients | history | limit=10
            bob< @ref=6;id=1795348800000;time=2026-11-22T12:00:00.000Z;batch=history-1;change=1795348800003;edited=2026-11-22T12:00:00.000Z alice | all clients | broadcast_not_me | hello\nall
            bob< @ref=6;id=1795348800002;time=2026-11-22T12:00:00.000Z;batch=history-1 bob | all clients | broadcast_not_me | hi
            bob< @ref=6;batch=history-1 server | bob | history_end
            bob> @ref=7 b | all clients | changes | since=1795348800002
            bob< @ref=7;id=1795348800000;time=2026-11-22T12:00:00.000Z;batch=changes-2;change=1795348800003;edited=2026-11-22T12:00:00.000Z alice | all clients | broadcast_not_me | hello\nall
            bob< @ref=7;batch=changes-2 server | bob | changes_end
            bob> @ref=8 b | all clients | changes | since=1795348800003
            bob< @ref=8;batch=changes-3 server | bob | changes_end
            alice> @ref=9 a | bob | private_message | for bob
            alice< @ref=9;id=1795348800005;time=2026-11-22T12:00:00.000Z server | alice | accepted
            bob< @id=1795348800005;time=2026-11-22T12:00:00.000Z alice | bob | private_message | for bob
            alice> @ref=10 a | bob | edit | 1795348800005 for you
            alice< @ref=10;id=1795348800005;time=2026-11-22T12:00:00.000Z;change=1795348800006 alice | bob | edited | for you
            bob< @id=1795348800005;time=2026-11-22T12:00:00.000Z;change=1795348800006 alice | bob | edited | for you
            alice> @ref=11 a | carol | private_message | for carol
            alice< @ref=11;id=1795348800007;time=2026-11-22T12:00:00.000Z server | alice | accepted
            carol< @id=1795348800007;time=2026-11-22T12:00:00.000Z alice | carol | private_message | for carol
            alice> @ref=12 a | carol | edit | 1795348800007 for you
            alice< @ref=12;id=1795348800007;time=2026-11-22T12:00:00.000Z;change=1795348800008 alice | carol | edited | for you
            carol< alice | carol | private_message | edited: for you
            bob> leaves
            alice< @why=connection\sclosed server | all clients | left | bob
            carol< @why=connection\sclosed server | all clients | left | bob
            alice> @ref=13 a | bob | edit | 1795348800005 for you, later
            alice< @ref=13;id=1795348800005;time=2026-11-22T12:00:00.000Z;change=1795348800009 alice | bob | edited | for you, later
        "#]],
    );
}

#[test]
fn only_ones_own_messages_of_the_last_hours_can_be_edited_or_deleted() {
    check(
        Rules { edit_time: Duration::from_secs(60 * 60), ..rules() },
        expect![[r#"
            alice> connects key a    alice> name alice    bob> joins
            alice< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            alice< @time=2026-11-22T12:00:00.000Z;verified=yes server | alice | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40001)
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bob< @time=2026-11-22T12:00:00.000Z server | bob | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40002)
            bob< @verified=yes server | all clients | joined | alice
            alice> a | all clients | broadcast_not_me | first
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes alice | all clients | broadcast_not_me | first
            bob> b | all clients | broadcast_not_me | second
            alice< @id=1795348800001;time=2026-11-22T12:00:00.000Z bob | all clients | broadcast_not_me | second
            bob< @id=1795348800001;time=2026-11-22T12:00:00.000Z server | bob | accepted
            bob> b | alice | private_message | for alice
            alice< @id=1795348800002;time=2026-11-22T12:00:00.000Z bob | alice | private_message | for alice
            bob< @id=1795348800002;time=2026-11-22T12:00:00.000Z server | bob | accepted
            alice> @ref=1 a | all clients | edit | 1795348800001 not mine
            alice< @ref=1 server | alice | refused | not_yours You can edit and delete only your own messages.
            alice> @ref=2 a | all clients | retract | 1795348800001
            alice< @ref=2 server | alice | refused | not_yours You can edit and delete only your own messages.
            alice> @ref=3 a | bob | edit | 1795348800002 not mine
            alice< @ref=3 server | alice | refused | not_yours You can edit and delete only your own messages.
            alice> @ref=4 a | all clients | edit | 1795348800002 not here
            alice< @ref=4 server | alice | refused | no_such_message There is no such message there, or it is already gone.
            alice> @ref=5 a | all clients | edit | 99 no such
            alice< @ref=5 server | alice | refused | no_such_message There is no such message there, or it is already gone.
            alice> @ref=6 a | nobody | edit | 1795348800000 no such
            alice< @ref=6 server | alice | refused | no_such_user No user "nobody"; /list shows who is online.
            alice> @ref=7 a | #ops | edit | 1795348800000 no such
            alice< @ref=7 server | alice | refused | no_such_room There is no room #ops; join it to create it.
            alice> @ref=8 a | all clients | edit | first words
            alice< @ref=8 server | alice | refused | bad_frame The data must begin with the number of a message.
            alice> @ref=9 a | all clients | edit | 1795348800000
            alice< @ref=9 server | alice | refused | bad_frame An edited message needs a text; delete the message instead.
            bob> leaves
            alice< @why=connection\sclosed server | all clients | left | bob
            bob> joins
            bob> @ref=10 b | all clients | edit | 1795348800001 who was bob before?
            bob< @ref=10 server | bob | refused | not_yours You can edit and delete only your own messages.
            alice> leaves
            bob< @why=connection\sclosed server | all clients | left | alice
            alice> connects key a    alice> name alice
            bob< @verified=yes server | all clients | joined | alice
            alice< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            alice< @time=2026-11-22T12:00:00.000Z;verified=yes server | alice | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            wall +1h
            alice> @ref=11 a | all clients | edit | 1795348800000 at the end of the hour
            bob< alice | all clients | broadcast_not_me | edited: at the end of the hour
            alice< @ref=11;id=1795348800000;time=2026-11-22T13:00:00.000Z;verified=yes;change=1795352400000 alice | all clients | edited | at the end of the hour
            wall +1ms
            alice> @ref=12 a | all clients | edit | 1795348800000 too late
            alice< @ref=12 server | alice | refused | too_late This message is too old to be edited or deleted.
            alice> @ref=13 a | all clients | retract | 1795348800000
            alice< @ref=13 server | alice | refused | too_late This message is too old to be edited or deleted.
            alice> @ref=14 a | all clients | react | 1795348800000 +1
            bob< alice | all clients | broadcast_not_me | reacted to alice: +1
            alice< @ref=14;id=1795348800000;time=2026-11-22T13:00:00.001Z;verified=yes;change=1795352400003 alice | all clients | reacted | on 1 +1 alice
        "#]],
    );
}

#[test]
fn what_is_asked_for_again_under_its_label_is_answered_as_the_first_time_and_told_to_nobody() {
    check(
        rules(),
        expect![[r#"
            alice> connects key a    alice> name alice    bob> joins
            alice< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            alice< @time=2026-11-22T12:00:00.000Z;verified=yes server | alice | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40001)
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bob< @time=2026-11-22T12:00:00.000Z server | bob | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40002)
            bob< @verified=yes server | all clients | joined | alice
            bob> b | server | capabilities | reply edit react
            alice> a | server | capabilities | reply edit react
            alice> a | all clients | broadcast_not_me | hello
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes alice | all clients | broadcast_not_me | hello
            alice> @ref=1 a | all clients | edit | 1795348800000 one
            alice< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes;change=1795348800001 alice | all clients | edited | one
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes;change=1795348800001 alice | all clients | edited | one
            alice> @ref=2 a | all clients | react | 1795348800000 +1
            alice< @ref=2;id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes;change=1795348800002 alice | all clients | reacted | on 1 +1 alice
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes;change=1795348800002 alice | all clients | reacted | on 1 +1 alice
            +1s
            alice> @ref=3 a | all clients | edit | 1795348800000 two
            alice< @ref=3;id=1795348800000;time=2026-11-22T12:00:01.000Z;verified=yes;change=1795348801000 alice | all clients | edited | two
            bob< @id=1795348800000;time=2026-11-22T12:00:01.000Z;verified=yes;change=1795348801000 alice | all clients | edited | two
            alice> @ref=4 a | all clients | unreact | 1795348800000 +1
            alice< @ref=4;id=1795348800000;time=2026-11-22T12:00:01.000Z;verified=yes;change=1795348801001 alice | all clients | reacted | off 0 +1 alice
            bob< @id=1795348800000;time=2026-11-22T12:00:01.000Z;verified=yes;change=1795348801001 alice | all clients | reacted | off 0 +1 alice
            alice> leaves
            bob< @why=connection\sclosed server | all clients | left | alice
            anew> connects key a    anew> name alice
            bob< @verified=yes server | all clients | joined | alice
            anew< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            anew< @time=2026-11-22T12:00:01.000Z;verified=yes server | alice | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
            anew> a | server | capabilities | reply edit react
            anew> @ref=1 a | all clients | edit | 1795348800000 one
            anew< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes;change=1795348800001 alice | all clients | edited | one
            anew> @ref=2 a | all clients | react | 1795348800000 +1
            anew< @ref=2;id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes;change=1795348800002 alice | all clients | reacted | on 1 +1 alice
            anew> @ref=1 a | all clients | retract | 1795348800000
            anew< @ref=1 server | alice | refused | ref_used This ref was already used for another change; use a new one for each change.
            anew> @ref=5 a | all clients | retract | 1795348800000
            bob< @id=1795348800000;time=2026-11-22T12:00:01.000Z;verified=yes;change=1795348801005 alice | all clients | deleted | alice
            anew< @ref=5;id=1795348800000;time=2026-11-22T12:00:01.000Z;verified=yes;change=1795348801005 alice | all clients | deleted | alice
            anew> @ref=5 a | all clients | retract | 1795348800000
            anew< @ref=5;id=1795348800000;time=2026-11-22T12:00:01.000Z;verified=yes;change=1795348801005 alice | all clients | deleted | alice
            anew> @ref=1 a | all clients | edit | 1795348800000 one
            anew< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes;change=1795348800001 alice | all clients | edited | one
            anew> @ref=6 a | all clients | edit | 1795348800000 one
            anew< @ref=6 server | alice | refused | no_such_message There is no such message there, or it is already gone.
            store fails
            anew> @ref=5 a | all clients | retract | 1795348800000
            anew< @ref=5 server | alice | refused | store_unavailable The server cannot change its history at the moment; try again later.
            store works
            restart
            later> connects key a    later> name alice
            later< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            later< @time=2026-11-22T12:00:01.000Z;verified=yes server | alice | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            later> @ref=1 a | all clients | edit | 1795348800000 one
            later< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes;change=1795348800001 alice | all clients | edited | one
        "#]],
    );
}

#[test]
fn whether_messages_can_be_edited_is_announced_to_those_who_come_after_a_change_of_it() {
    check(
        rules(),
        expect![[r#"
            alice> joins
            alice> a | all clients | broadcast_not_me | as it is
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
            edits for 0s
            alice> @ref=1 a | all clients | edit | 1795348800000 otherwise
            alice< @ref=1 server | alice | refused | not_allowed Messages cannot be edited or deleted on this server; a moderator can delete them.
            bob> connects    bob> name bob
            alice< server | all clients | joined | bob
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply react sessions calls relay
            bob< @time=2026-11-22T12:00:00.000Z server | bob | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40002)
            bob> b | server | capabilities | reply edit react
            alice> @ref=2 a | all clients | react | 1795348800000 +1
            alice< @ref=2;id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800001 alice | all clients | reacted | on 1 +1 alice
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800001 alice | all clients | reacted | on 1 +1 alice
            edits for 24h
            carol> connects
            carol< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            alice> @ref=3 a | all clients | edit | 1795348800000 otherwise
            alice< @ref=3;id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800002 alice | all clients | edited | otherwise
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800002 alice | all clients | edited | otherwise
        "#]],
    );
}

#[test]
fn without_edits_nobody_edits_or_deletes() {
    check(
        Rules { edit_time: Duration::ZERO, ..rules() },
        expect![[r#"
            alice> joins
            alice> a | all clients | broadcast_not_me | as it is
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
            alice> @ref=1 a | all clients | edit | 1795348800000 otherwise
            alice< @ref=1 server | alice | refused | not_allowed Messages cannot be edited or deleted on this server; a moderator can delete them.
            alice> @ref=2 a | all clients | retract | 1795348800000
            alice< @ref=2 server | alice | refused | not_allowed Messages cannot be edited or deleted on this server; a moderator can delete them.
            alice> @ref=3 a | all clients | react | 1795348800000 +1
            alice< @ref=3;id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800001 alice | all clients | reacted | on 1 +1 alice
        "#]],
    );
}

#[test]
fn a_message_deleted_by_its_sender_leaves_a_marker_and_no_act() {
    check(
        with_root(true),
        expect![[r#"
            root> joins    alice> joins    bob> joins    old> joins TR2.23
            alice> a | server | capabilities | reply edit react
            alice> a | all clients | broadcast_not_me | oh no
            root< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast_not_me | oh no
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast_not_me | oh no
            old<< alice | all clients | broadcast_not_me | oh no
            alice> a | bob | private_message | oh no, bob
            alice< @id=1795348800001;time=2026-11-22T12:00:00.000Z server | alice | accepted
            bob< @id=1795348800001;time=2026-11-22T12:00:00.000Z alice | bob | private_message | oh no, bob
            alice> @ref=1 a | all clients | retract | 1795348800000
            root< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800002 alice | all clients | deleted | alice
            alice< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800002 alice | all clients | deleted | alice
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800002 alice | all clients | deleted | alice
            old<< server | all clients | broadcast | alice deleted one of their messages.
            alice> @ref=2 a | bob | retract | 1795348800001
            alice< @ref=2;id=1795348800001;time=2026-11-22T12:00:00.000Z;change=1795348800003 alice | bob | deleted | alice
            bob< alice | bob | private_message | deleted a message
            alice> @ref=3 a | bob | retract | 1795348800001
            alice< @ref=3 server | alice | refused | no_such_message There is no such message there, or it is already gone.
            alice> @ref=4 a | all clients | edit | 1795348800000 back again
            alice< @ref=4 server | alice | refused | no_such_message There is no such message there, or it is already gone.
            alice> @ref=5 a | bob | history | limit=10
            alice< @ref=5;id=1795348800001;time=2026-11-22T12:00:00.000Z;batch=history-1;change=1795348800003 alice | bob | deleted | alice
            alice< @ref=5;batch=history-1 server | alice | history_end
            bob> @ref=6 b | alice | history | limit=10
            bob< @ref=6;id=1795348800001;time=2026-11-22T12:00:00.000Z;batch=history-1 alice | bob | private_message | deleted a message
            bob< @ref=6;batch=history-1 server | bob | history_end
            root> @ref=7 r | all clients | modlog | limit=10
            root< @ref=7;batch=modlog-1 server | root | modlog_end
        "#]],
    );
}

#[test]
fn reactions_are_counted_and_told() {
    check(
        rules(),
        expect![[r#"
            alice> joins    bob> joins    carol> joins    old> joins TR2.23
            alice> a | server | capabilities | reply edit react
            bob> b | server | capabilities | reply edit react
            alice> a | all clients | broadcast_not_me | it works
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast_not_me | it works
            carol< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast_not_me | it works
            old<< alice | all clients | broadcast_not_me | it works
            bob> @ref=1 b | all clients | react | 1795348800000 👍
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800001 bob | all clients | reacted | on 1 👍 alice
            bob< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800001 bob | all clients | reacted | on 1 👍 alice
            carol< bob | all clients | broadcast_not_me | reacted to alice: 👍
            old<< bob | all clients | broadcast_not_me | reacted to alice: 👍
            alice> @ref=2 a | all clients | react | 1795348800000 👍
            alice< @ref=2;id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800002 alice | all clients | reacted | on 2 👍 alice
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800002 alice | all clients | reacted | on 2 👍 alice
            carol< alice | all clients | broadcast_not_me | reacted to alice: 👍
            old<< alice | all clients | broadcast_not_me | reacted to alice: 👍
            alice> @ref=3 a | all clients | react | 1795348800000 👍
            alice< @ref=3;id=1795348800000;time=2026-11-22T12:00:00.000Z alice | all clients | reacted | on 2 👍 alice
            bob> @ref=4 b | all clients | history | limit=10
            bob< @ref=4;id=1795348800000;time=2026-11-22T12:00:00.000Z;batch=history-1;change=1795348800002 alice | all clients | broadcast_not_me | it works
            bob< @ref=4;id=1795348800000;batch=history-1 server | bob | reactions | 2!:👍
            bob< @ref=4;batch=history-1 server | bob | history_end
            carol> @ref=5 c | all clients | history | limit=10
            carol< @ref=5;id=1795348800000;time=2026-11-22T12:00:00.000Z;batch=history-1;change=1795348800002 alice | all clients | broadcast_not_me | it works
            carol< @ref=5;batch=history-1 server | carol | history_end
            bob> @ref=6 b | all clients | unreact | 1795348800000 👍
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800004 bob | all clients | reacted | off 1 👍 alice
            bob< @ref=6;id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800004 bob | all clients | reacted | off 1 👍 alice
            bob> @ref=7 b | all clients | unreact | 1795348800000 👍
            bob< @ref=7;id=1795348800000;time=2026-11-22T12:00:00.000Z bob | all clients | reacted | off 1 👍 alice
            bob> @ref=8 b | all clients | react | 1795348800000 two words
            bob< @ref=8 server | bob | refused | bad_reaction A reaction is one word or sign, at most 32 bytes long and 16 cells wide.
            bob> @ref=9 b | all clients | react | 1795348800000
            bob< @ref=9 server | bob | refused | bad_reaction A reaction is one word or sign, at most 32 bytes long and 16 cells wide.
            bob> @ref=10 b | all clients | react | 1795348800000 abcdefghijklmnopq
            bob< @ref=10 server | bob | refused | bad_reaction A reaction is one word or sign, at most 32 bytes long and 16 cells wide.
            bob> @ref=11 b | all clients | react | 1795348800000 abcdefghijklmnop
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800006 bob | all clients | reacted | on 1 abcdefghijklmnop alice
            bob< @ref=11;id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800006 bob | all clients | reacted | on 1 abcdefghijklmnop alice
            carol< bob | all clients | broadcast_not_me | reacted to alice: abcdefghijklmnop
            old<< bob | all clients | broadcast_not_me | reacted to alice: abcdefghijklmnop
            bob> @ref=12 b | all clients | react | 99 👍
            bob< @ref=12 server | bob | refused | no_such_message There is no such message there, or it is already gone.
            bob> @ref=13 b | alice | react | 1795348800000 👍
            bob< @ref=13 server | bob | refused | no_such_message There is no such message there, or it is already gone.
            bob> @ref=14 b | all clients | changes | since=0
            bob< @ref=14;id=1795348800000;time=2026-11-22T12:00:00.000Z;batch=changes-2;change=1795348800006 alice | all clients | broadcast_not_me | it works
            bob< @ref=14;id=1795348800000;batch=changes-2 server | bob | reactions | 1:👍 1!:abcdefghijklmnop
            bob< @ref=14;batch=changes-2 server | bob | changes_end
        "#]],
    );
}

#[test]
fn who_may_not_speak_may_not_edit_or_react_but_take_back() {
    check(
        with_root(true),
        expect![[r#"
            root> joins    bob> joins
            bob> b | server | capabilities | reply edit react
            bob> b | all clients | broadcast_not_me | one
            root< @id=1795348800000;time=2026-11-22T12:00:00.000Z bob | all clients | broadcast_not_me | one
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | bob | accepted
            bob> b | all clients | react | 1795348800000 x
            root< bob | all clients | broadcast_not_me | reacted to bob: x
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800001 bob | all clients | reacted | on 1 x bob
            root> r | all clients | mute | bob rude
            root< root | all clients | act | mute bob - off rude
            bob< root | all clients | act | mute bob - off rude
            bob> @ref=1 b | all clients | edit | 1795348800000 rude
            bob< @ref=1 server | bob | refused | muted root has muted you until a moderator lifts it: rude
            bob> @ref=2 b | all clients | react | 1795348800000 rude
            bob< @ref=2 server | bob | refused | muted root has muted you until a moderator lifts it: rude
            bob> @ref=3 b | all clients | unreact | 1795348800000 x
            bob< @ref=3;id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800002 bob | all clients | reacted | off 0 x bob
            bob> @ref=4 b | all clients | retract | 1795348800000
            root< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800003 bob | all clients | deleted | bob
            bob< @ref=4;id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800003 bob | all clients | deleted | bob
            root> r | all clients | unmute | bob sorry
            root< root | all clients | act | unmute bob - off sorry
            bob< root | all clients | act | unmute bob - off sorry
            bob> @ref=5 b | all clients | broadcast_not_me | two
            root< @id=1795348800004;time=2026-11-22T12:00:00.000Z bob | all clients | broadcast_not_me | two
            bob< @ref=5;id=1795348800004;time=2026-11-22T12:00:00.000Z server | bob | accepted
            root> r | all clients | read_only | on quiet
            root< server | all clients | room | open members=2 read_only topic=
            root< root | all clients | act | read_only - - on quiet
            bob< server | all clients | room | open members=2 read_only topic=
            bob< root | all clients | act | read_only - - on quiet
            bob> @ref=6 b | all clients | edit | 1795348800004 three
            bob< @ref=6 server | bob | refused | read_only Only moderators may write to everyone at the moment.
            bob> @ref=7 b | all clients | react | 1795348800004 x
            bob< @ref=7 server | bob | refused | read_only Only moderators may write to everyone at the moment.
            root> r | all clients | read_only | off talk
            root< server | all clients | room | open members=2 topic=
            root< root | all clients | act | read_only - - off talk
            bob< server | all clients | room | open members=2 topic=
            bob< root | all clients | act | read_only - - off talk
            root> r | all clients | slow_mode | 30 slowly
            root< server | all clients | room | open members=2 slow=30 topic=
            root< root | all clients | act | slow_mode - 30 on slowly
            bob< server | all clients | room | open members=2 slow=30 topic=
            bob< root | all clients | act | slow_mode - 30 on slowly
            bob> @ref=8 b | all clients | edit | 1795348800004 four
            root< bob | all clients | broadcast_not_me | edited: four
            bob< @ref=8;id=1795348800004;time=2026-11-22T12:00:00.000Z;change=1795348800005 bob | all clients | edited | four
            bob> @ref=9 b | all clients | edit | 1795348800004 five
            bob< @ref=9 server | bob | refused | slow_mode Slow mode: 30 seconds between two messages to everyone; wait 30 s.
            bob> @ref=10 b | all clients | react | 1795348800004 x
            root< bob | all clients | broadcast_not_me | reacted to bob: x
            bob< @ref=10;id=1795348800004;time=2026-11-22T12:00:00.000Z;change=1795348800006 bob | all clients | reacted | on 1 x bob
        "#]],
    );
}

#[test]
fn only_members_change_and_answer_what_was_said_in_a_room() {
    check(
        rules(),
        expect![[r#"
            alice> joins    bob> joins    eve> joins
            alice> a | server | capabilities | reply edit react
            eve> e | server | capabilities | reply edit react
            alice> a | #ops | join_room    bob> b | #ops | join_room
            alice< server | #ops | room | open members=1 you=maker topic=
            alice< server | #ops | joined | bob
            bob< server | #ops | room | open members=2 you=member topic=
            alice> a | #ops | broadcast_not_me | in ops
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | #ops | broadcast_not_me | in ops
            alice> @ref=1 a | #ops | edit | 1795348800000 in ops, edited
            alice< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800001 alice | #ops | edited | in ops, edited
            bob< alice | #ops | broadcast_not_me | edited: in ops, edited
            eve> @ref=2 e | #ops | react | 1795348800000 x
            eve< @ref=2 server | eve | refused | not_in_room You are not in #ops; join it first.
            eve> @ref=3 e | #ops | changes | since=0
            eve< @ref=3 server | eve | refused | not_in_room You are not in #ops; join it first.
            eve> @ref=4 e | all clients | react | 1795348800000 x
            eve< @ref=4 server | eve | refused | no_such_message There is no such message there, or it is already gone.
            eve> @ref=5;reply=1795348800000 e | all clients | broadcast | what?
            eve< @ref=5 server | eve | refused | no_such_message There is no such message there to answer, or it is deleted.
            bob> b | #ops | react | 1795348800000 x
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800004 bob | #ops | reacted | on 1 x alice
            bob< bob | #ops | broadcast_not_me | reacted to alice: x
            bob> @ref=6;reply=1795348800000 b | #ops | broadcast_not_me | I see
            alice< @id=1795348800005;time=2026-11-22T12:00:00.000Z;reply=1795348800000;quote=alice\sin\sops,\sedited bob | #ops | broadcast_not_me | I see
            bob< @ref=6;id=1795348800005;time=2026-11-22T12:00:00.000Z server | bob | accepted
            alice> @ref=7 a | #ops | retract | 1795348800000
            alice< @ref=7;id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800006 alice | #ops | deleted | alice
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800006 alice | #ops | deleted | alice
        "#]],
    );
}

#[test]
fn what_cannot_be_stored_is_refused_and_nobody_sees_it() {
    check(
        rules(),
        expect![[r#"
            alice> joins    bob> joins
            alice> a | server | capabilities | reply edit react
            bob> b | server | capabilities | reply edit react
            alice> a | all clients | broadcast_not_me | as it was
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast_not_me | as it was
            store fails
            alice> @ref=1 a | all clients | edit | 1795348800000 otherwise    alice> @ref=2 a | all clients | retract | 1795348800000    bob> @ref=3 b | all clients | react | 1795348800000 x
            alice< @ref=1 server | alice | refused | store_unavailable The server cannot change its history at the moment; try again later.
            alice< @ref=2 server | alice | refused | store_unavailable The server cannot change its history at the moment; try again later.
            bob< @ref=3 server | bob | refused | store_unavailable The server cannot change its history at the moment; try again later.
            store works
            bob> @ref=4 b | all clients | history | limit=10
            bob< @ref=4;id=1795348800000;time=2026-11-22T12:00:00.000Z;batch=history-1 alice | all clients | broadcast_not_me | as it was
            bob< @ref=4;batch=history-1 server | bob | history_end
            store waits
            alice> @ref=5 a | all clients | edit | 1795348800000 and out    alice> a | server | exit
            store answers
            alice< @ref=5;id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800004 alice | all clients | edited | and out
            alice< server | alice | exit | client disconnected
            alice.
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800004 alice | all clients | edited | and out
            bob< @why=exit server | all clients | left | alice
        "#]],
    );
}

#[test]
fn a_private_message_of_a_former_holder_of_a_name_is_told_to_nobody() {
    check(
        rules(),
        expect![[r#"
            alice> joins    bob> joins
            alice> a | bob | private_message | for bob
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | bob | private_message | for bob
            bob> leaves
            alice< @why=connection\sclosed server | all clients | left | bob
            bob> connects key b    bob> name bob
            alice< @verified=yes server | all clients | joined | bob
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
            bob> b | server | capabilities | reply edit react
            alice> @ref=1 a | bob | edit | 1795348800000 for bob, as he was
            alice< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800001 alice | bob | edited | for bob, as he was
            bob> @ref=2 b | alice | changes | since=0
            bob< @ref=2;batch=changes-1 server | bob | changes_end
            bob> @ref=3 b | alice | react | 1795348800000 x
            bob< @ref=3 server | bob | refused | no_such_message There is no such message there, or it is already gone.
            bob> @ref=4;reply=1795348800000 b | alice | private_message | what did you say?
            bob< @ref=4 server | bob | refused | no_such_message There is no such message there to answer, or it is deleted.
        "#]],
    );
}

#[test]
fn a_moderator_removes_a_reaction_and_the_log_says_whose_it_was() {
    check(
        with_root(true),
        expect![[r#"
            root> joins    alice> joins    bob> joins    carol> joins    old> joins TR2.23
            root> r | server | capabilities | reply edit react
            alice> a | server | capabilities | reply edit react
            bob> b | server | capabilities | reply edit react
            alice> a | all clients | broadcast | done
            root< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | done
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | done
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | done
            carol< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | done
            old<< alice | all clients | broadcast | done
            alice> @ref=2 a | all clients | react | 1795348800000 rude
            root< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800001 alice | all clients | reacted | on 1 rude alice
            alice< @ref=2;id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800001 alice | all clients | reacted | on 1 rude alice
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800001 alice | all clients | reacted | on 1 rude alice
            carol< alice | all clients | broadcast_not_me | reacted to alice: rude
            old<< alice | all clients | broadcast_not_me | reacted to alice: rude
            bob> b | all clients | react | 1795348800000 rude
            root< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800002 bob | all clients | reacted | on 2 rude alice
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800002 bob | all clients | reacted | on 2 rude alice
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800002 bob | all clients | reacted | on 2 rude alice
            carol< bob | all clients | broadcast_not_me | reacted to alice: rude
            old<< bob | all clients | broadcast_not_me | reacted to alice: rude
            bob> b | all clients | react | 1795348800000 +1
            root< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800003 bob | all clients | reacted | on 1 +1 alice
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800003 bob | all clients | reacted | on 1 +1 alice
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800003 bob | all clients | reacted | on 1 +1 alice
            carol< bob | all clients | broadcast_not_me | reacted to alice: +1
            old<< bob | all clients | broadcast_not_me | reacted to alice: +1
            bob> @ref=5 b | all clients | remove_reaction | 1795348800000 rude alice it insults
            bob< @ref=5 server | bob | refused | not_moderator Only a moderator of the server may do that.
            root> @ref=6 r | all clients | remove_reaction | 1795348800000 rude bob it insults
            root< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800004 bob | all clients | reacted | off 1 rude alice root
            root< @ref=6 root | all clients | act | remove_reaction bob - off it insults
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800004 bob | all clients | reacted | off 1 rude alice root
            alice< root | all clients | act | remove_reaction bob - off it insults
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800004 bob | all clients | reacted | off 1 rude alice root
            bob< root | all clients | act | remove_reaction bob - off it insults
            carol< root | all clients | act | remove_reaction bob - off it insults
            old<< server | all clients | broadcast | root removed a reaction by bob: it insults
            root> @ref=7 r | all clients | remove_reaction | 1795348800000 rude bob it insults
            root< @ref=7 server | root | refused | no_such_reaction There is no such reaction there, or it is already gone.
            root> @ref=8 r | all clients | remove_reaction | 1795348800000 rude nobody it insults
            root< @ref=8 server | root | refused | no_such_user No user "nobody"; /list shows who is online.
            root> @ref=9 r | all clients | remove_reaction | 1795348800000 rude root it insults
            root< @ref=9 server | root | refused | not_allowed You cannot do that to yourself.
            root> @ref=10 r | all clients | remove_reaction | 1795348800000 rude -
            root< @ref=10 server | root | refused | reason_needed Give a reason: remove_reaction needs one.
            root> @ref=11 r | all clients | remove_reaction | 1795348800000 two words - it insults
            root< @ref=11 server | root | refused | no_such_user No user "words"; /list shows who is online.
            root> @ref=12 r | all clients | remove_reaction | 1795348800000 rude - it insults
            root< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800006 alice | all clients | reacted | off 0 rude alice root
            root< @ref=12 root | all clients | act | remove_reaction alice - off it insults
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800006 alice | all clients | reacted | off 0 rude alice root
            alice< root | all clients | act | remove_reaction alice - off it insults
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800006 alice | all clients | reacted | off 0 rude alice root
            bob< root | all clients | act | remove_reaction alice - off it insults
            carol< root | all clients | act | remove_reaction alice - off it insults
            old<< server | all clients | broadcast | root removed a reaction by alice: it insults
            carol> c | all clients | react | 1795348800000 +1
            root< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800007 carol | all clients | reacted | on 2 +1 alice
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800007 carol | all clients | reacted | on 2 +1 alice
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800007 carol | all clients | reacted | on 2 +1 alice
            carol< carol | all clients | broadcast_not_me | reacted to alice: +1
            old<< carol | all clients | broadcast_not_me | reacted to alice: +1
            root> @ref=14 r | all clients | remove_reaction | 1795348800000 +1 - no counting
            root< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800008 root | all clients | reacted | off 0 +1 alice root
            root< @ref=14 root | all clients | act | remove_reaction - - off no counting
            alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800008 root | all clients | reacted | off 0 +1 alice root
            alice< root | all clients | act | remove_reaction - - off no counting
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;change=1795348800008 root | all clients | reacted | off 0 +1 alice root
            bob< root | all clients | act | remove_reaction - - off no counting
            carol< root | all clients | act | remove_reaction - - off no counting
            old<< server | all clients | broadcast | root removed a reaction by several users: no counting
            root> @ref=15 r | all clients | remove_reaction | 17 +1 - it insults
            root< @ref=15 server | root | refused | no_such_message There is no such message there, or it is already gone.
            root> r | all clients | modlog | limit=10
            root< @id=1;time=2026-11-22T12:00:00.000Z;batch=modlog-1 root | all clients | act | remove_reaction bob - off it insults
            root< @id=2;time=2026-11-22T12:00:00.000Z;batch=modlog-1 root | all clients | act | remove_reaction alice - off it insults
            root< @id=3;time=2026-11-22T12:00:00.000Z;batch=modlog-1 root | all clients | act | remove_reaction - - off no counting
            root< @batch=modlog-1 server | root | modlog_end
            bob> b | all clients | history | limit=10
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;batch=history-1;change=1795348800008 alice | all clients | broadcast | done
            bob< @batch=history-1 server | bob | history_end
        "#]],
    );
}
