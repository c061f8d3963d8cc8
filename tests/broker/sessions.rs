//! Transcripts of users with several sessions: one user to all others, and every session sees the same.

use expect_test::expect;

use crate::transcript::rules;
use crate::{check, with_root};

#[test]
fn a_verified_user_is_here_once_and_every_session_hears_everything_once() {
    check(
        rules(),
        expect![[r#"
            bob> joins key b
            desk> connects key a    desk> name ann
            bob< @verified=yes server | all clients | joined | ann
            desk< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            desk< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            lap> connects key a    lap> @ref=n x | server | name | ANN
            lap< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            lap< @ref=n;time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
            bob> x | server | list_clients | no data
            bob< @batch=list-1;verified=yes server | bob | list_clients | clients connected: bob ,ann
            bob< @batch=list-1 server | bob | list_end
            bob> @ref=1 x | ann | private_message | to both
            bob< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | bob | accepted
            desk< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes bob | ann | private_message | to both
            lap< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes bob | ann | private_message | to both
            desk> @ref=1 x | bob | private_message | from the desk
            bob< @id=1795348800001;time=2026-11-22T12:00:00.000Z;verified=yes ann | bob | private_message | from the desk
            desk< @ref=1;id=1795348800001;time=2026-11-22T12:00:00.000Z server | ann | accepted
            lap< @id=1795348800001;time=2026-11-22T12:00:00.000Z;verified=yes ann | bob | private_message | from the desk
            lap> @ref=5 x | all clients | broadcast | with me
            bob< @id=1795348800002;time=2026-11-22T12:00:00.000Z;verified=yes ann | all clients | broadcast | with me
            desk< @id=1795348800002;time=2026-11-22T12:00:00.000Z;verified=yes ann | all clients | broadcast | with me
            lap< @id=1795348800002;time=2026-11-22T12:00:00.000Z;verified=yes ann | all clients | broadcast | with me
            lap< @ref=5;id=1795348800002;time=2026-11-22T12:00:00.000Z server | ann | accepted
            lap> @ref=6 x | all clients | broadcast_not_me | without me
            bob< @id=1795348800003;time=2026-11-22T12:00:00.000Z;verified=yes ann | all clients | broadcast_not_me | without me
            desk< @id=1795348800003;time=2026-11-22T12:00:00.000Z;verified=yes ann | all clients | broadcast_not_me | without me
            lap< @ref=6;id=1795348800003;time=2026-11-22T12:00:00.000Z server | ann | accepted
            desk> @ref=7 x | ann | private_message | a note to myself
            desk< @id=1795348800004;time=2026-11-22T12:00:00.000Z;verified=yes ann | ann | private_message | a note to myself
            desk< @ref=7;id=1795348800004;time=2026-11-22T12:00:00.000Z server | ann | accepted
            lap< @id=1795348800004;time=2026-11-22T12:00:00.000Z;verified=yes ann | ann | private_message | a note to myself
            log
            desk> leaves
            log: event=left conn=2 from=tls://10.0.0.1:40002 name=ann why="connection closed"
            bob> @ref=2 x | ann | private_message | still there?
            bob< @ref=2;id=1795348800005;time=2026-11-22T12:00:00.000Z server | bob | accepted
            lap< @id=1795348800005;time=2026-11-22T12:00:00.000Z;verified=yes bob | ann | private_message | still there?
            lap> @ref=3 x | server | exit | no data
            bob< @why=exit server | all clients | left | ann
            lap< @ref=3 server | ann | exit | client disconnected
            lap.
            log: event=left conn=3 from=tls://10.0.0.1:40003 name=ann why=exit
            bob> @ref=3 x | ann | private_message | and now?
            bob< @ref=3;id=1795348800006;time=2026-11-22T12:00:00.000Z server | bob | accepted | offline
        "#]],
    );
}

#[test]
fn a_claimed_name_has_one_session() {
    check(
        rules(),
        expect![[r#"
            logins joe=1000
            ann> joins
            two> connects    two> name ann
            two< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            two< server | client | refused | name_taken The name ann, or one that looks like it, is taken; choose another name.
            two.
            key> connects key a    key> name ann
            key< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            key< server | client | refused | name_taken The name ann, or one that looks like it, is taken; choose another name.
            key.
            old> connects TR2.23 uid 1000    old> name joe
            ann< server | all clients | joined | joe
            old< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            old< @time=2026-11-22T12:00:00.000Z server | joe | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40004)
            new> connects uid 1000    new> name joe
            ann< @why=name\staken\sover server | all clients | left | joe
            ann< @verified=yes server | all clients | joined | joe
            old< server | joe | refused | taken_over The owner of the name joe has joined; join under another name.
            old.
            new< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            new< @time=2026-11-22T12:00:00.000Z;verified=yes server | joe | connection_confirmation | You are now connected to the server in ('localhost', 0)
            new> connects uid 1000    new> x | server | take_over | joe
            new< server | joe | refused | taken_over You joined from elsewhere, so this session has ended.
            new.
            new< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            new< @time=2026-11-22T12:00:00.000Z;verified=yes server | joe | connection_confirmation | You are now connected to the server in ('localhost', 0)
            old> connects TR2.23 uid 1000    old> name joe
            old< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            old< server | client | refused | name_bound The name joe has an owner. If that is you, connect as you did before, over tls://, ssh:// or the server's socket file: this connection does not verify you. Otherwise choose another name.
            old.
        "#]],
    );
}

#[test]
fn a_room_is_joined_and_left_by_the_user_and_not_by_a_session() {
    check(
        with_root(true),
        expect![[r#"
            bob> joins key b    root> joins
            bob> x | #ops | join_room | no data
            bob< server | #ops | room | open members=1 you=maker topic=
            desk> connects key a    desk> name ann    lap> connects key a    lap> name ann
            bob< @verified=yes server | all clients | joined | ann
            root< @verified=yes server | all clients | joined | ann
            desk< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            desk< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
            lap< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            lap< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            desk> @ref=1 x | #ops | join_room | no data
            bob< @verified=yes server | #ops | joined | ann
            desk< @ref=1 server | #ops | room | open members=2 you=member topic=
            lap< server | #ops | room | open members=2 you=member topic=
            lap> @ref=1 x | #ops | broadcast_not_me | from the lap
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes ann | #ops | broadcast_not_me | from the lap
            desk< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes ann | #ops | broadcast_not_me | from the lap
            lap< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | ann | accepted
            pad> connects key a    pad> name ann
            pad< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            pad< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40005)
            pad< server | #ops | room | open members=2 you=member topic=
            pad> @ref=1 x | #ops | join_room | no data
            pad< @ref=1 server | #ops | room | open members=2 you=member topic=
            pad> leaves
            bob> x | #ops | members | no data
            bob< @batch=members-1;verified=yes server | #ops | members | maker online bob
            bob< @batch=members-1;verified=yes server | #ops | members | member online ann
            bob< @batch=members-1 server | #ops | members_end
            lap> @ref=2 x | #ops | leave_room | no data
            bob< server | #ops | left | ann
            desk< server | #ops | left | ann
            lap< @ref=2 server | #ops | left | ann
            bob> x | #ops | broadcast | alone again
            bob< @id=1795348800001;time=2026-11-22T12:00:00.000Z;verified=yes bob | #ops | broadcast | alone again
            bob< @id=1795348800001;time=2026-11-22T12:00:00.000Z server | bob | accepted
            desk> @ref=2 x | #ops | join_room | no data
            bob< @verified=yes server | #ops | joined | ann
            desk< @ref=2 server | #ops | room | open members=2 you=member topic=
            lap< server | #ops | room | open members=2 you=member topic=
            bob> x | #ops | kick | ann away with you
            bob< @why=kicked\sby\sbob:\saway\swith\syou server | #ops | left | ann
            bob< bob | #ops | act | kick ann - off away with you
            desk< @why=kicked\sby\sbob:\saway\swith\syou server | #ops | left | ann
            lap< @why=kicked\sby\sbob:\saway\swith\syou server | #ops | left | ann
        "#]],
    );
}

#[test]
fn a_user_is_away_once_they_are_in_every_session() {
    check(
        rules(),
        expect![[r#"
            bob> joins key b
            desk> connects key a    desk> name ann    lap> connects key a    lap> name ann
            bob< @verified=yes server | all clients | joined | ann
            desk< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            desk< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            lap< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            lap< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
            desk> @ref=1 x | server | away | lunch
            desk< @ref=1 ann | all clients | away | lunch
            desk< ann | all clients | away
            lap> @ref=1 x | server | away | tea
            bob< ann | all clients | away | tea
            desk< ann | all clients | away | tea
            lap< @ref=1 ann | all clients | away | tea
            bob> x | server | list_clients | no data
            bob< @batch=list-1;verified=yes server | bob | list_clients | clients connected: bob ,ann
            bob< @batch=list-1 ann | all clients | away | tea
            bob< @batch=list-1 server | bob | list_end
            pad> connects key a    pad> name ann
            bob< ann | all clients | away
            desk< ann | all clients | away
            lap< ann | all clients | away
            pad< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            pad< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            pad< ann | all clients | away
            pad> leaves
            bob< ann | all clients | away | tea
            desk< ann | all clients | away | tea
            lap< ann | all clients | away | tea
            desk> @ref=2 x | server | away | no data
            bob< ann | all clients | away
            desk< @ref=2 ann | all clients | away
            lap< ann | all clients | away
            desk> leaves
            bob< ann | all clients | away | tea
            lap< ann | all clients | away | tea
            lap> @ref=2 x | server | away | no data
            bob< ann | all clients | away
            lap< @ref=2 ann | all clients | away
            desk> connects key a    desk> name ann
            desk< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            desk< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40005)
            desk> @ref=3 x | server | undisturbed | asleep
            bob< ann | all clients | away | asleep
            lap< server | ann | undisturbed | asleep
            lap< ann | all clients | away | asleep
            desk< @ref=3 server | ann | undisturbed | asleep
            desk< ann | all clients | away | asleep
            pad> connects key a    pad> name ann
            pad< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            pad< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40006)
            pad< server | ann | undisturbed | asleep
            pad> @ref=1 x | server | undisturbed | no data
            bob< ann | all clients | away
            lap< server | ann | undisturbed
            lap< ann | all clients | away
            desk< server | ann | undisturbed
            desk< ann | all clients | away
            pad< @ref=1 server | ann | undisturbed
            pad< ann | all clients | away
            lap> @ref=3 x | server | undisturbed | asleep
            bob< ann | all clients | away | asleep
            lap< @ref=3 server | ann | undisturbed | asleep
            lap< ann | all clients | away | asleep
            desk< server | ann | undisturbed | asleep
            desk< ann | all clients | away | asleep
            pad< server | ann | undisturbed | asleep
            pad< ann | all clients | away | asleep
            lap> @ref=4 x | server | away | only out
            bob< ann | all clients | away | only out
            lap< @ref=4 ann | all clients | away | only out
            desk< ann | all clients | away | only out
            pad< ann | all clients | away | only out
        "#]],
    );
}

#[test]
fn what_is_read_or_ignored_in_one_session_is_so_in_all() {
    check(
        rules(),
        expect![[r#"
            bob> joins key b
            desk> connects key a    desk> name ann    lap> connects key a    lap> name ann
            bob< @verified=yes server | all clients | joined | ann
            desk< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            desk< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            lap< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            lap< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
            bob> @ref=1 x | ann | private_message | read me
            bob< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | bob | accepted
            desk< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes bob | ann | private_message | read me
            lap< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes bob | ann | private_message | read me
            desk> @ref=1 x | bob | read | 1795348800000
            desk< @ref=1 server | ann | read | 1795348800000 bob
            lap< server | ann | read | 1795348800000 bob
            desk> @ref=2 x | server | conversations | no data
            desk< @ref=2;batch=conversations-1 server | ann | conversation | last=0 read=0 unread=0 all clients
            desk< @ref=2;batch=conversations-1 server | ann | conversation | last=1795348800000 read=1795348800000 unread=0 bob
            desk< @ref=2;batch=conversations-1 server | ann | conversations_end
            lap> @ref=2 x | server | conversations | no data
            lap< @ref=2;batch=conversations-1 server | ann | conversation | last=0 read=0 unread=0 all clients
            lap< @ref=2;batch=conversations-1 server | ann | conversation | last=1795348800000 read=1795348800000 unread=0 bob
            lap< @ref=2;batch=conversations-1 server | ann | conversations_end
            lap> @ref=3 x | server | ignore | bob
            desk< server | ann | ignored | bob
            lap< @ref=3 server | ann | ignored | bob
            desk> @ref=3 x | server | unignore | bob
            desk< @ref=3 server | ann | ignored
            lap< server | ann | ignored
            lap> @ref=4 x | server | unignore | bob
            lap< @ref=4 server | ann | refused | not_allowed You are not ignoring bob.
        "#]],
    );
}

#[test]
fn sessions_are_listed_ended_and_bounded() {
    check(
        rules(),
        expect![[r#"
            bob> joins key b
            desk> connects key a    desk> name ann
            bob< @verified=yes server | all clients | joined | ann
            desk< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            desk< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            +61s
            bob< server | bob | ping | 60000
            desk< server | ann | ping | 60000
            lap> connects key a from 10.0.0.9:5    lap> name ann
            lap< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            lap< @time=2026-11-22T12:01:01.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.9', 5)
            lap> @ref=1 x | server | sessions | no data
            lap< @ref=1 server | ann | session | number=1 since=2026-11-22T12:00:00.000Z from=tls://10.0.0.1:40002 proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            lap< @ref=1 server | ann | session | number=2 since=2026-11-22T12:01:01.000Z from=tls://10.0.0.9:5 proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE here
            lap< @ref=1 server | ann | sessions_end | no data
            lap> @ref=2 x | server | end_session | 2
            lap< @ref=2 server | ann | refused | not_allowed This is the session that you are in; leave it with /exit.
            lap> @ref=3 x | server | end_session | 7
            lap< @ref=3 server | ann | refused | no_such_session You have no session 7; /sessions lists them.
            lap> @ref=4 x | server | end_session | x
            lap< @ref=4 server | ann | refused | bad_frame The data must be the number of a session.
            lap> @ref=5 x | server | end_session | 1
            desk< server | ann | refused | taken_over You ended this session from another one.
            desk.
            lap< @ref=5 server | ann | end_session | 1
            bob> @ref=1 x | server | sessions | no data
            bob< @ref=1 server | bob | session | number=1 since=2026-11-22T12:00:00.000Z from=tls://10.0.0.1:40001 proof=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI here
            bob< @ref=1 server | bob | sessions_end | no data
            s3> connects key a    s3> name ann    s4> connects key a    s4> name ann    s5> connects key a    s5> name ann
            s3< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            s3< @time=2026-11-22T12:01:01.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            s4< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            s4< @time=2026-11-22T12:01:01.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40005)
            s5< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            s5< @time=2026-11-22T12:01:01.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40006)
            s6> connects key a    s6> name ann    s7> connects key a    s7> name ann    s8> connects key a    s8> name ann
            s6< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            s6< @time=2026-11-22T12:01:01.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40007)
            s7< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            s7< @time=2026-11-22T12:01:01.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40008)
            s8< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            s8< @time=2026-11-22T12:01:01.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40009)
            s9> connects key a    s9> name ann
            s9< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            s9< @time=2026-11-22T12:01:01.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40010)
            s0> connects key a    s0> @ref=n x | server | name | ann
            s0< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            s0< @ref=n server | client | refused | name_in_use You are online as ann in 8 sessions already, which can be taken over.
            s0.
            s0> connects key a    s0> @ref=n x | server | take_over | ann
            lap< server | ann | refused | taken_over You joined from elsewhere, so this session has ended.
            lap.
            s3< server | ann | refused | taken_over You joined from elsewhere, so this session has ended.
            s3.
            s4< server | ann | refused | taken_over You joined from elsewhere, so this session has ended.
            s4.
            s5< server | ann | refused | taken_over You joined from elsewhere, so this session has ended.
            s5.
            s6< server | ann | refused | taken_over You joined from elsewhere, so this session has ended.
            s6.
            s7< server | ann | refused | taken_over You joined from elsewhere, so this session has ended.
            s7.
            s8< server | ann | refused | taken_over You joined from elsewhere, so this session has ended.
            s8.
            s9< server | ann | refused | taken_over You joined from elsewhere, so this session has ended.
            s9.
            s0< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            s0< @ref=n;time=2026-11-22T12:01:01.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40012)
            s0> @ref=2 x | server | sessions | no data
            s0< @ref=2 server | ann | session | number=1 since=2026-11-22T12:01:01.000Z from=tls://10.0.0.1:40012 proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE here
            s0< @ref=2 server | ann | sessions_end | no data
        "#]],
    );
}

#[test]
fn a_client_that_comes_back_ends_the_session_that_it_lost_and_no_other() {
    check(
        rules(),
        expect![[r#"
            bob> joins key b
            desk> connects key a    desk> x | server | session | 0123456789abcdef0123456789abcdef    desk> name ann
            bob< @verified=yes server | all clients | joined | ann
            desk< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            desk< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            lap> connects key a    lap> x | server | session | 1123456789abcdef0123456789abcdef    lap> name ann
            lap< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            lap< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
            back> connects key a    back> x | server | session | 0123456789abcdef0123456789abcdef    back> name ann
            desk< server | ann | refused | elsewhere You came back over another connection; connect again.
            desk.
            back< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            back< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            back> @ref=1 x | server | sessions | no data
            back< @ref=1 server | ann | session | number=2 since=2026-11-22T12:00:00.000Z from=tls://10.0.0.1:40003 proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            back< @ref=1 server | ann | session | number=3 since=2026-11-22T12:00:00.000Z from=tls://10.0.0.1:40004 proof=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE here
            back< @ref=1 server | ann | sessions_end | no data
            bad> connects key a    bad> @ref=1 x | server | session | 0123
            bad< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bad< @ref=1 server | client | refused | bad_frame The data must be 32 hexadecimal digits.
            cal> connects    cal> x | server | session | 2123456789abcdef0123456789abcdef    cal> name cal
            bob< server | all clients | joined | cal
            lap< server | all clients | joined | cal
            back< server | all clients | joined | cal
            cal< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            cal< @time=2026-11-22T12:00:00.000Z server | cal | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40006)
            cal2> connects    cal2> x | server | session | 2123456789abcdef0123456789abcdef    cal2> name cal
            cal< server | cal | refused | elsewhere You came back over another connection; connect again.
            cal.
            cal2< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            cal2< @time=2026-11-22T12:00:00.000Z server | cal | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40007)
            cal3> connects    cal3> x | server | session | 3123456789abcdef0123456789abcdef    cal3> name cal
            cal3< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            cal3< server | client | refused | name_taken The name cal, or one that looks like it, is taken; choose another name.
            cal3.
            key> connects key c    key> x | server | session | 2123456789abcdef0123456789abcdef    key> name cal
            key< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            key< server | client | refused | name_taken The name cal, or one that looks like it, is taken; choose another name.
            key.
            key> connects key c    key> x | server | session | 0123456789abcdef0123456789abcdef    key> name ann
            key< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            key< server | client | refused | name_bound The name ann has an owner. If that is you, make a code with /invite-key in a session that owns it, and join with that code. Otherwise choose another name.
            key.
        "#]],
    );
}

#[test]
fn labels_are_those_of_a_client_and_not_of_its_user() {
    check(
        rules(),
        expect![[r#"
            bob> joins key b    bob> x | server | capabilities | reply edit react
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40001)
            desk> connects key a    desk> x | server | session | 0123456789abcdef0123456789abcdef    desk> name ann
            bob< @verified=yes server | all clients | joined | ann
            desk< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            desk< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            lap> connects key a    lap> x | server | session | 1123456789abcdef0123456789abcdef    lap> name ann
            lap< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            lap< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
            desk> @ref=1 x | bob | private_message | the same
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes ann | bob | private_message | the same
            desk< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | ann | accepted
            lap< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes ann | bob | private_message | the same
            lap> @ref=1 x | bob | private_message | the same
            bob< @id=1795348800001;time=2026-11-22T12:00:00.000Z;verified=yes ann | bob | private_message | the same
            desk< @id=1795348800001;time=2026-11-22T12:00:00.000Z;verified=yes ann | bob | private_message | the same
            lap< @ref=1;id=1795348800001;time=2026-11-22T12:00:00.000Z server | ann | accepted
            desk> @ref=1 x | bob | private_message | the same
            desk< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | ann | accepted
            desk> @ref=1 x | bob | private_message | something else
            desk< @ref=1 server | ann | refused | ref_used This ref was already used for another message; use a new one for each message.
            desk> @ref=2 x | bob | edit | 1795348800000 first
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes;change=1795348800004 ann | bob | edited | first
            desk< @ref=2;id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes;change=1795348800004 ann | bob | edited | first
            lap< ann | bob | private_message | edited: first
            lap> @ref=2 x | bob | edit | 1795348800001 second
            bob< @id=1795348800001;time=2026-11-22T12:00:00.000Z;verified=yes;change=1795348800005 ann | bob | edited | second
            desk< ann | bob | private_message | edited: second
            lap< @ref=2;id=1795348800001;time=2026-11-22T12:00:00.000Z;verified=yes;change=1795348800005 ann | bob | edited | second
            desk> leaves
            back> connects key a    back> x | server | session | 0123456789abcdef0123456789abcdef    back> name ann
            back< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            back< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            back> @ref=1 x | bob | private_message | the same
            back< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | ann | accepted
            back> @ref=2 x | bob | edit | 1795348800000 first
            back< @ref=2;id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes;change=1795348800004 ann | bob | edited | first
        "#]],
    );
}

#[test]
fn a_call_rings_in_every_session_and_the_first_answer_takes_it() {
    check(
        rules(),
        expect![[r#"
            bob> joins key b    bob> x | server | capabilities | calls
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40001)
            desk> connects key a    desk> name ann    desk> x | server | capabilities | calls
            bob< @verified=yes server | all clients | joined | ann
            desk< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            desk< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            lap> connects key a    lap> name ann    lap> x | server | capabilities | calls
            lap< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            lap< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
            old> connects key a    old> name ann
            old< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            old< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            bob> calls ann 1
            bob< server | bob | ringing | id=01010101010101010101010101010101
            desk< @time=2026-11-22T12:00:00.000Z;verified=yes bob | ann | call | id=01010101010101010101010101010101 what=chat,video key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            lap< @time=2026-11-22T12:00:00.000Z;verified=yes bob | ann | call | id=01010101010101010101010101010101 what=chat,video key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            lap> @ref=1 x | bob | answer | id=01010101010101010101010101010101 yes key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            bob< @verified=yes ann | bob | answer | id=01010101010101010101010101010101 yes key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            bob< server | bob | relay | id=01010101010101010101010101010101 leg=253cbee7f11108e391d6e1c6441ad7fa port=0 rate=1048576
            desk< ann | ann | hang_up | id=01010101010101010101010101010101 elsewhere
            lap< @ref=1 server | ann | relay | id=01010101010101010101010101010101 leg=0feab418cc29008da0f327dd59d155a5 port=0 rate=1048576
            relay: open 1 253cbee7f11108e391d6e1c6441ad7fa 0feab418cc29008da0f327dd59d155a5
            desk> @ref=1 x | bob | answer | id=01010101010101010101010101010101 yes key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            desk< @ref=1 server | ann | refused | no_such_call There is no such call, or it is over.
            desk> hangs up on bob 1 done
            desk< server | ann | refused | no_such_call There is no such call, or it is over.
            desk> leaves
            lap> hangs up on bob 1 done
            bob< ann | bob | hang_up | id=01010101010101010101010101010101 done
            relay: close 1
            desk> connects key a    desk> name ann    desk> x | server | capabilities | calls
            desk< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            desk< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40005)
            bob> calls ann 2
            bob< server | bob | ringing | id=02020202020202020202020202020202
            lap< @time=2026-11-22T12:00:00.000Z;verified=yes bob | ann | call | id=02020202020202020202020202020202 what=chat,video key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            desk< @time=2026-11-22T12:00:00.000Z;verified=yes bob | ann | call | id=02020202020202020202020202020202 what=chat,video key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            desk> answers bob 2 no busy
            bob< @verified=yes ann | bob | answer | id=02020202020202020202020202020202 no busy
            lap< ann | ann | hang_up | id=02020202020202020202020202020202 elsewhere
            lap> answers bob 2 no busy
            lap< server | ann | refused | no_such_call There is no such call, or it is over.
            bob> calls ann 3
            bob< server | bob | ringing | id=03030303030303030303030303030303
            lap< @time=2026-11-22T12:00:00.000Z;verified=yes bob | ann | call | id=03030303030303030303030303030303 what=chat,video key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            desk< @time=2026-11-22T12:00:00.000Z;verified=yes bob | ann | call | id=03030303030303030303030303030303 what=chat,video key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            desk> leaves
            lap> leaves
            bob< server | bob | hang_up | id=03030303030303030303030303030303 gone
            lap> connects key a    lap> name ann    lap> x | server | capabilities | calls
            lap< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            lap< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40006)
            desk> connects key a    desk> name ann    desk> x | server | capabilities | calls
            desk< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            desk< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40007)
            +60s
            bob< server | bob | ping | 60000
            old< server | ann | ping | 60000
            lap< server | ann | ping | 60000
            desk< server | ann | ping | 60000
            bob> calls ann 4
            bob< server | bob | ringing | id=04040404040404040404040404040404
            lap< @time=2026-11-22T12:01:00.000Z;verified=yes bob | ann | call | id=04040404040404040404040404040404 what=chat,video key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            desk< @time=2026-11-22T12:01:00.000Z;verified=yes bob | ann | call | id=04040404040404040404040404040404 what=chat,video key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            bob> hangs up on ann 4 done
            lap< bob | ann | hang_up | id=04040404040404040404040404040404 done
            desk< bob | ann | hang_up | id=04040404040404040404040404040404 done
            bob> calls ann 5
            bob< server | bob | ringing | id=05050505050505050505050505050505
            lap< @time=2026-11-22T12:01:00.000Z;verified=yes bob | ann | call | id=05050505050505050505050505050505 what=chat,video key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            desk< @time=2026-11-22T12:01:00.000Z;verified=yes bob | ann | call | id=05050505050505050505050505050505 what=chat,video key=SHA256:YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI
            +46s
            bob< server | bob | hang_up | id=05050505050505050505050505050505 gone
            bob< @why=no\sanswer\sto\sa\sping server | all clients | left | ann
            old< server | ann | refused | too_slow Nothing was received from you for too long; connect again.
            old.
            lap< server | ann | refused | too_slow Nothing was received from you for too long; connect again.
            lap.
            desk< server | ann | refused | too_slow Nothing was received from you for too long; connect again.
            desk.
        "#]],
    );
}

#[test]
fn a_rooms_call_goes_on_in_the_session_that_joined_last() {
    check(
        rules(),
        expect![[r#"
            the relay has port 7223
            bob> joins key b    bob> x | server | capabilities | calls    bob> x | #ops | join_room | no data
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40001)
            bob< server | #ops | room | open members=1 you=maker topic=
            desk> connects key a    desk> name ann    desk> x | server | capabilities | calls    desk> x | #ops | join_room | no data
            bob< @verified=yes server | all clients | joined | ann
            bob< @verified=yes server | #ops | joined | ann
            desk< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            desk< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            desk< server | #ops | room | open members=2 you=member topic=
            lap> connects key a    lap> name ann    lap> x | server | capabilities | calls
            lap< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            lap< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
            lap< server | #ops | room | open members=2 you=member topic=
            desk> @ref=1 x | #ops | call | id=01010101010101010101010101010101 what=voice key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            bob< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,ann,verified
            desk< @ref=1 server | ann | relay | id=01010101010101010101010101010101 leg=c298f46dc0982d5bdcfd9e74d88b5c1f port=7223 rate=65536
            desk< @ref=1 server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,ann,verified
            lap< server | #ops | in_call | id=01010101010101010101010101010101 0,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,ann,verified
            relay: admit 1 0 c298f46dc0982d5bdcfd9e74d88b5c1f
            lap> @ref=1 x | #ops | call | id=02020202020202020202020202020202 what=voice key=SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE
            bob< server | #ops | in_call | id=01010101010101010101010101010101 1,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,ann,verified
            desk< server | ann | hang_up | id=01010101010101010101010101010101 elsewhere
            desk< server | #ops | in_call | id=01010101010101010101010101010101 1,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,ann,verified
            lap< @ref=1 server | ann | relay | id=01010101010101010101010101010101 leg=a3061790b2fe460f7b81589754f48878 port=7223 rate=65536
            lap< @ref=1 server | #ops | in_call | id=01010101010101010101010101010101 1,SHA256:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE,ann,verified
            relay: dismiss 1 0
            relay: admit 1 1 a3061790b2fe460f7b81589754f48878
        "#]],
    );
}

#[test]
fn acts_reach_a_user_in_every_session() {
    check(
        with_root(true),
        expect![[r#"
            root> joins    bob> joins key b
            desk> connects key a    desk> name ann    lap> connects key a    lap> name ann
            root< @verified=yes server | all clients | joined | ann
            bob< @verified=yes server | all clients | joined | ann
            desk< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            desk< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
            lap< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            lap< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            root> x | all clients | grant | ann she helps
            root< root | all clients | act | grant ann - off she helps
            bob< root | all clients | act | grant ann - off she helps
            desk< server | ann | moderator | You are now a moderator.
            desk< root | all clients | act | grant ann - off she helps
            lap< server | ann | moderator | You are now a moderator.
            lap< root | all clients | act | grant ann - off she helps
            desk> x | all clients | mute | bob noise    lap> x | all clients | unmute | bob done
            root< ann | all clients | act | mute bob - off noise
            root< ann | all clients | act | unmute bob - off done
            bob< ann | all clients | act | mute bob - off noise
            bob< ann | all clients | act | unmute bob - off done
            desk< ann | all clients | act | mute bob - off noise
            desk< ann | all clients | act | unmute bob - off done
            lap< ann | all clients | act | mute bob - off noise
            lap< ann | all clients | act | unmute bob - off done
            root> x | all clients | revoke | ann she rests
            root< root | all clients | act | revoke ann - off she rests
            bob< root | all clients | act | revoke ann - off she rests
            desk< server | ann | demoted | You are no longer a moderator.
            desk< root | all clients | act | revoke ann - off she rests
            lap< server | ann | demoted | You are no longer a moderator.
            lap< root | all clients | act | revoke ann - off she rests
            lap> x | all clients | mute | bob noise
            lap< server | ann | refused | not_moderator Only a moderator of the server may do that.
            root> x | all clients | kick | ann for a while
            root< @why=kicked server | all clients | left | ann
            root< root | all clients | act | kick ann - off for a while
            bob< @why=kicked server | all clients | left | ann
            bob< root | all clients | act | kick ann - off for a while
            desk< server | ann | refused | kicked You were kicked by root: for a while
            desk.
            lap< server | ann | refused | kicked You were kicked by root: for a while
            lap.
            desk> connects key a    desk> name ann    lap> connects key a    lap> name ann
            root< @verified=yes server | all clients | joined | ann
            bob< @verified=yes server | all clients | joined | ann
            desk< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            desk< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40005)
            lap< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            lap< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40006)
            root> x | all clients | ban | ann 1h for a while
            root< @why=banned server | all clients | left | ann
            root< root | all clients | act | ban ann - off 1h for a while
            bob< @why=banned server | all clients | left | ann
            bob< root | all clients | act | ban ann - off 1h for a while
            desk< server | ann | refused | banned You are banned from this server, by root: 1h for a while
            desk.
            lap< server | ann | refused | banned You are banned from this server, by root: 1h for a while
            lap.
            bob> x | ann | private_message | gone?
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | bob | accepted | offline
        "#]],
    );
}

#[test]
fn a_kick_reaches_a_session_that_began_while_it_was_stored() {
    check(
        with_root(true),
        expect![[r#"
            root> joins    bob> joins key b
            desk> connects key a    desk> name ann
            root< @verified=yes server | all clients | joined | ann
            bob< @verified=yes server | all clients | joined | ann
            desk< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            desk< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
            store waits
            root> x | all clients | kick | ann for a while
            lap> connects key a    lap> name ann
            lap< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            lap< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            store answers
            root< @why=kicked server | all clients | left | ann
            root< root | all clients | act | kick ann - off for a while
            bob< @why=kicked server | all clients | left | ann
            bob< root | all clients | act | kick ann - off for a while
            desk< server | ann | refused | kicked You were kicked by root: for a while
            desk.
            lap< server | ann | refused | kicked You were kicked by root: for a while
            lap.
        "#]],
    );
}

#[test]
fn sessions_of_a_revoked_key_end_and_the_others_go_on() {
    check(
        rules(),
        expect![[r#"
            bob> joins key b
            desk> connects key a    desk> name ann
            bob< @verified=yes server | all clients | joined | ann
            desk< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            desk< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            desk> @ref=1 x | server | invite_key | no data
            desk< @ref=1 server | ann | invited | 600 pifod-dugoj-zozom-zojor-zasaf
            lap> connects key c    lap> x | server | code | pifod-dugoj-zozom-zojor-zasaf    lap> name ann
            lap< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            lap< server | client | code | The code is valid; give your name.
            lap< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
            pad> connects key c    pad> name ann
            pad< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            pad< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40004)
            desk> @ref=2 x | server | revoke_key | SHA256:Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M
            desk< @ref=2 server | ann | revoke_key | SHA256:Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M
            lap< server | ann | refused | taken_over The key of this session was revoked.
            lap.
            pad< server | ann | refused | taken_over The key of this session was revoked.
            pad.
            bob> x | ann | private_message | who is left?
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | bob | accepted
            desk< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes bob | ann | private_message | who is left?
        "#]],
    );
}

#[test]
fn changes_of_ones_own_messages_are_seen_in_every_session() {
    check(
        rules(),
        expect![[r#"
            bob> joins key b    bob> x | server | capabilities | reply edit react
            bob< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            bob< @time=2026-11-22T12:00:00.000Z;verified=yes server | bob | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40001)
            desk> connects key a    desk> name ann    desk> x | server | capabilities | reply edit react
            bob< @verified=yes server | all clients | joined | ann
            desk< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            desk< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            lap> connects key a    lap> name ann    lap> x | server | capabilities | reply edit react
            lap< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            lap< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40003)
            desk> @ref=1 x | bob | private_message | helo
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes ann | bob | private_message | helo
            desk< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | ann | accepted
            lap< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes ann | bob | private_message | helo
            lap> @ref=1 x | bob | edit | 1795348800000 hello
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes;change=1795348800001 ann | bob | edited | hello
            desk< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes;change=1795348800001 ann | bob | edited | hello
            lap< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes;change=1795348800001 ann | bob | edited | hello
            desk> @ref=2 x | bob | react | 1795348800000 +1
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes;change=1795348800002 ann | bob | reacted | on 1 +1 ann
            desk< @ref=2;id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes;change=1795348800002 ann | bob | reacted | on 1 +1 ann
            lap< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes;change=1795348800002 ann | bob | reacted | on 1 +1 ann
            bob> @ref=1 x | ann | react | 1795348800000 +1
            bob< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes;change=1795348800003 bob | ann | reacted | on 2 +1 ann
            desk< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes;change=1795348800003 bob | ann | reacted | on 2 +1 ann
            lap< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes;change=1795348800003 bob | ann | reacted | on 2 +1 ann
            lap> @ref=5 x | bob | retract | 1795348800000
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes;change=1795348800004 ann | bob | deleted | ann
            desk< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes;change=1795348800004 ann | bob | deleted | ann
            lap< @ref=5;id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes;change=1795348800004 ann | bob | deleted | ann
            store fails
            desk> @ref=3 x | bob | private_message | lost
            desk< @ref=3 server | ann | refused | store_unavailable The server cannot store messages at the moment, so this one was not delivered; try again later.
            store works
            store waits
            desk> @ref=4 x | bob | private_message | pending
            desk> leaves
            store answers
            bob< @id=1795348800006;time=2026-11-22T12:00:00.000Z;verified=yes ann | bob | private_message | pending
            lap< @id=1795348800006;time=2026-11-22T12:00:00.000Z;verified=yes ann | bob | private_message | pending
        "#]],
    );
}

#[test]
fn who_gets_a_name_meanwhile_does_not_see_what_its_former_holder_said() {
    check(
        rules(),
        expect![[r#"
            logins ann=1000
            bob> joins key b
            far> connects key a    far> name ann
            bob< @verified=yes server | all clients | joined | ann
            far< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            far< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            store waits
            far> @ref=1 x | bob | private_message | between us
            own> connects uid 1000    own> name ann
            own< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            store answers
            bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z;verified=yes ann | bob | private_message | between us
            bob< @why=name\staken\sover server | all clients | left | ann
            bob< @verified=yes server | all clients | joined | ann
            far< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | ann | accepted
            far< server | ann | refused | taken_over The owner of the name ann has joined; join under another name.
            far.
            own< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('localhost', 0)
            own> @ref=1 x | bob | history | last=10
            own< @ref=1;batch=history-1 server | ann | history_end
        "#]],
    );
}

#[test]
fn the_log_says_whose_session_was_ended_from_another_one() {
    check(
        rules(),
        expect![[r#"
            ann> connects key a    ann> name ann
            ann< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            ann< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40001)
            lap> connects key a    lap> name ann
            lap< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
            lap< @time=2026-11-22T12:00:00.000Z;verified=yes server | ann | connection_confirmation | You are now connected to the server in ('10.0.0.1', 40002)
            log
            lap> @ref=5 x | server | end_session | 1
            ann< server | ann | refused | taken_over You ended this session from another one.
            ann.
            lap< @ref=5 server | ann | end_session | 1
            log: event=session_ended conn=1 from=tls://10.0.0.1:40001 name=ann
            log: event=left conn=1 from=tls://10.0.0.1:40001 name=- why="ended by its user"
        "#]],
    );
}
