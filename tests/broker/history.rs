//! Transcripts of history: stored messages, pages, unread counts, and a store that is slow or fails.

use expect_test::{Expect, expect};

use crate::check;
use crate::transcript::rules;

/// Plays a transcript under the default rules.
fn told(transcript: Expect) {
    check(rules(), transcript);
}

#[test]
fn nobody_hears_a_message_before_it_is_stored() {
    told(expect![[r#"
        alice> joins    bob> joins
        store waits
        alice> @ref=1 alice | all clients | broadcast | one
        bob> @ref=1 bob | alice | private_message | two
        alice> @ref=2 alice | alice | echo | not stored, and not held up
        alice< @ref=2 alice | alice | echo | not stored, and not held up
        store answers
        alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | one
        alice< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
        alice< @id=1795348800001;time=2026-11-22T12:00:00.000Z bob | alice | private_message | two
        bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | one
        bob< @ref=1;id=1795348800001;time=2026-11-22T12:00:00.000Z server | bob | accepted
    "#]]);
}

#[test]
fn a_resent_message_gets_its_first_answer_and_is_heard_once() {
    told(expect![[r#"
        alice> joins    bob> joins
        alice> @ref=1 alice | all clients | broadcast_not_me | once
        alice< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
        bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast_not_me | once
        alice> leaves
        bob< @why=connection\sclosed server | all clients | left | alice
        +5s
        alice> connects    alice> name alice
        bob< server | all clients | joined | alice
        alice< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        alice< @time=2026-11-22T12:00:05.000Z server | alice | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40003)
        alice> @ref=1 alice | all clients | broadcast_not_me | once
        alice< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
        bob> @ref=1 bob | all clients | broadcast_not_me | a ref is its sender's own
        bob< @ref=1;id=1795348805001;time=2026-11-22T12:00:05.000Z server | bob | accepted
        alice< @id=1795348805001;time=2026-11-22T12:00:05.000Z bob | all clients | broadcast_not_me | a ref is its sender's own
        restart
        ALICE> connects    ALICE> name Alice
        ALICE< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        ALICE< @time=2026-11-22T12:00:05.000Z server | Alice | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40004)
        ALICE> @ref=1 x | all clients | broadcast_not_me | once
        ALICE< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | Alice | accepted
        ALICE> @ref=1 x | all clients | broadcast_not_me | something else
        ALICE< @ref=1 server | Alice | refused | ref_used This ref was already used for another message; use a new one for each message.
        ALICE> @ref=1 x | all clients | broadcast | once
        ALICE< @ref=1 server | Alice | refused | ref_used This ref was already used for another message; use a new one for each message.
        ALICE> x | all clients | broadcast_not_me | without a ref
        ALICE< @id=1795348805005;time=2026-11-22T12:00:05.000Z server | Alice | accepted
        ALICE> x | all clients | broadcast_not_me | without a ref
        ALICE< @id=1795348805006;time=2026-11-22T12:00:05.000Z server | Alice | accepted
    "#]]);
}

#[test]
fn message_ids_grow_across_restarts_and_clock_jumps() {
    told(expect![[r#"
        alice> joins
        alice> @ref=1 alice | all clients | broadcast_not_me | one
        alice< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
        restart
        wall -1h
        alice> joins
        alice> @ref=2 alice | all clients | broadcast_not_me | two
        alice< @ref=2;id=1795348800001;time=2026-11-22T11:00:00.000Z server | alice | accepted
    "#]]);
}

#[test]
fn a_message_waits_for_a_known_user_and_is_refused_for_an_unknown_one() {
    told(expect![[r#"
        alice> joins    bob> joins    old> joins TR2.23
        bob> leaves
        alice< @why=connection\sclosed server | all clients | left | bob
        alice> @ref=1 alice | BOB | private_message | for later
        alice< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted | offline
        old> old | bob | private_message | from the original
        old> old | zed | private_message | to nobody
        old<< server | old | private_message | Destination client (zed) not found!
        alice> @ref=2 alice | zed | private_message | to nobody
        alice< @ref=2 server | alice | refused | no_such_user No user "zed"; /list shows who is online.
        restart
        bob> joins
        bob> @ref=c bob | server | conversations | no data
        bob< @ref=c;batch=conversations-1 server | bob | conversation | last=0 read=0 unread=0 all clients
        bob< @ref=c;batch=conversations-1 server | bob | conversation | last=1795348800001 read=0 unread=1 old
        bob< @ref=c;batch=conversations-1 server | bob | conversation | last=1795348800000 read=0 unread=1 alice
        bob< @ref=c;batch=conversations-1 server | bob | conversations_end
        bob> @ref=h bob | alice | history | limit=10
        bob< @ref=h;id=1795348800000;time=2026-11-22T12:00:00.000Z;batch=history-2 alice | bob | private_message | for later
        bob< @ref=h;batch=history-2 server | bob | history_end
        bob> @ref=r bob | alice | read | 1795348805000
        bob< @ref=r server | bob | read | 1795348805000 alice
        bob> @ref=r bob | alice | read | 99999999999999999
        bob< @ref=r server | bob | read | 99999999999999999 alice
        bob> @ref=c bob | server | conversations | no data
        bob< @ref=c;batch=conversations-3 server | bob | conversation | last=0 read=0 unread=0 all clients
        bob< @ref=c;batch=conversations-3 server | bob | conversation | last=1795348800001 read=0 unread=1 old
        bob< @ref=c;batch=conversations-3 server | bob | conversation | last=1795348800000 read=1795348800000 unread=0 alice
        bob< @ref=c;batch=conversations-3 server | bob | conversations_end
        bob> @ref=z bob | zed | read | 1
        bob< @ref=z server | bob | refused | no_such_user No user "zed"; /list shows who is online.
    "#]]);
}

#[test]
fn history_comes_in_pages() {
    told(expect![[r#"
        alice> joins    bob> joins    carol> joins
        alice> alice | all clients | broadcast_not_me | 1
        alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
        bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast_not_me | 1
        carol< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast_not_me | 1
        alice> alice | all clients | broadcast | 2
        alice< @id=1795348800001;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | 2
        alice< @id=1795348800001;time=2026-11-22T12:00:00.000Z server | alice | accepted
        bob< @id=1795348800001;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | 2
        carol< @id=1795348800001;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | 2
        bob> bob | all clients | broadcast_not_me | 3
        alice< @id=1795348800002;time=2026-11-22T12:00:00.000Z bob | all clients | broadcast_not_me | 3
        bob< @id=1795348800002;time=2026-11-22T12:00:00.000Z server | bob | accepted
        carol< @id=1795348800002;time=2026-11-22T12:00:00.000Z bob | all clients | broadcast_not_me | 3
        alice> alice | bob | private_message | between two
        alice< @id=1795348800003;time=2026-11-22T12:00:00.000Z server | alice | accepted
        bob< @id=1795348800003;time=2026-11-22T12:00:00.000Z alice | bob | private_message | between two
        carol> @ref=1 carol | all clients | history | limit=2
        carol< @ref=1;id=1795348800001;time=2026-11-22T12:00:00.000Z;batch=history-1 alice | all clients | broadcast | 2
        carol< @ref=1;id=1795348800002;time=2026-11-22T12:00:00.000Z;batch=history-1 bob | all clients | broadcast_not_me | 3
        carol< @ref=1;batch=history-1 server | carol | history_end | more
        carol> @ref=2 carol | all clients | history | limit=2 before=1795348800001
        carol< @ref=2;id=1795348800000;time=2026-11-22T12:00:00.000Z;batch=history-2 alice | all clients | broadcast_not_me | 1
        carol< @ref=2;batch=history-2 server | carol | history_end
        carol> @ref=3 carol | all clients | history | since=1795348800000 limit=1 unheard=of
        carol< @ref=3;id=1795348800001;time=2026-11-22T12:00:00.000Z;batch=history-3 alice | all clients | broadcast | 2
        carol< @ref=3;batch=history-3 server | carol | history_end | more
        carol> @ref=4 carol | bob | history
        carol< @ref=4;batch=history-4 server | carol | history_end
        carol> @ref=5 carol | zed | history | limit=1
        carol< @ref=5 server | carol | refused | no_such_user No user "zed"; /list shows who is online.
        carol> @ref=6 carol | bob | history | limit=many
        carol< @ref=6 server | carol | refused | bad_frame limit=N needs a number.
        bob> @ref=7 bob | alice | history | limit=0
        bob< @ref=7;id=1795348800003;time=2026-11-22T12:00:00.000Z;batch=history-1 alice | bob | private_message | between two
        bob< @ref=7;batch=history-1 server | bob | history_end
        carol> @ref=8 carol | server | search | two
        carol< @ref=8;batch=search-5 server | carol | search_end
        bob> @ref=9 bob | server | search | two
        bob< @ref=9;id=1795348800003;time=2026-11-22T12:00:00.000Z;batch=search-2 alice | bob | private_message | between two
        bob< @ref=9;batch=search-2 server | bob | search_end
        bob> @ref=10 bob | server | search | before:yesterday
        bob< @ref=10 server | bob | refused | bad_query Not a date: yesterday. Use YYYY-MM-DD.
        silent> connects
        silent< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        silent> @ref=11 x | all clients | history | limit=1
        silent< @ref=11 server | client | refused | no_name Give a name first: NAME | server | name | NAME
    "#]]);
}

#[test]
fn queries_of_one_connection_are_bounded_and_answered() {
    told(expect![[r#"
        alice> joins
        store waits
        alice> @ref=1 alice | all clients | history    alice> @ref=2 alice | all clients | history
        alice> @ref=3 alice | all clients | history
        alice< @ref=3 server | alice | refused | busy Too many history requests are in progress; try again in a moment.
        store fails
        store answers
        alice< @ref=1 server | alice | refused | store_unavailable The server cannot read its history at the moment; try again later.
        alice< @ref=2 server | alice | refused | store_unavailable The server cannot read its history at the moment; try again later.
        alice> @ref=4 alice | server | conversations | no data
        alice< @ref=4 server | alice | refused | store_unavailable The server cannot read its history at the moment; try again later.
    "#]]);
}

#[test]
fn a_failing_disk_refuses_messages_and_recovers_by_itself() {
    told(expect![[r#"
        root> joins    root> @ref=p root | server | moderator | right
        root< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        root< @time=2026-11-22T12:00:00.000Z server | root | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40001)
        check: right (of root)
        root! right
        root< @ref=p server | root | moderator | You are now a moderator.
        alice> joins    old> joins TR2.23
        log
        store fails
        alice> @ref=1 alice | all clients | broadcast | one
        root< server | root | private_message | Messages cannot be stored and are refused until this is fixed: no space left on device
        alice< @ref=1 server | alice | refused | store_unavailable The server cannot store messages at the moment, so this one was not delivered; try again later.
        log: event=store_fails reason="no space left on device"
        old> old | all clients | broadcast | two
        old<< server | old | private_message | The server cannot store messages at the moment, so this one was not delivered; try again later.
        zoe> joins    zoe> @ref=p x | server | moderator | right
        root< server | all clients | joined | zoe
        alice< server | all clients | joined | zoe
        zoe< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        zoe< @time=2026-11-22T12:00:00.000Z server | zoe | connection_confirmation | You are now connected to the server in ('127.0.0.1', 40004)
        check: right (of zoe)
        log: event=connected conn=4 from=tcp://127.0.0.1:40004
        log: event=joined conn=4 from=tcp://127.0.0.1:40004 name=zoe dialect=TR2.26 proof=-
        zoe! right
        zoe< @ref=p server | zoe | moderator | You are now a moderator.
        zoe< server | zoe | private_message | Messages cannot be stored and are refused until this is fixed: no space left on device
        log: event=moderator conn=4 from=tcp://127.0.0.1:40004 name=zoe trusted=false
        store works
        alice> @ref=1 alice | all clients | broadcast | one
        root< @id=1795348800002;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | one
        root< server | root | private_message | Messages can be stored again.
        alice< @id=1795348800002;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | one
        alice< @ref=1;id=1795348800002;time=2026-11-22T12:00:00.000Z server | alice | accepted
        old<< alice | all clients | broadcast | one
        zoe< @id=1795348800002;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast | one
        zoe< server | zoe | private_message | Messages can be stored again.
        log: event=store_works
    "#]]);
}

#[test]
fn a_departure_is_announced_after_the_users_last_message() {
    told(expect![[r#"
        alice> joins    bob> joins    carol> joins
        store waits
        alice> @ref=1 alice | all clients | broadcast_not_me | my last word
        alice> @ref=2 alice | server | exit | no data
        alice> @ref=3 alice | alice | echo | too late
        carol> carol | all clients | broadcast_not_me | mine too
        carol> leaves
        carola> connects    carola> name carol
        carola< server | client | name | TR2.26 accepted presence ping moderator history read search identity rooms moderation away reply edit react sessions calls relay
        carola< server | client | refused | name_taken The name carol, or one that looks like it, is taken; choose another name.
        carola.
        store answers
        alice< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
        alice< @ref=2 server | alice | exit | client disconnected
        alice.
        bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast_not_me | my last word
        bob< @why=exit server | all clients | left | alice
        bob< @id=1795348800001;time=2026-11-22T12:00:00.000Z carol | all clients | broadcast_not_me | mine too
        bob< @why=connection\sclosed server | all clients | left | carol
        carol> joins
    "#]]);
}

#[test]
fn closing_waits_for_earlier_messages() {
    told(expect![[r#"
        alice> joins    bob> joins
        store waits
        alice> @ref=1 alice | all clients | broadcast_not_me | in time
        shutdown
        alice> @ref=2 alice | all clients | broadcast_not_me | too late
        alice< @ref=2 server | alice | refused | busy The server is closing; this message was not accepted.
        store answers
        alice< @ref=1;id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
        alice< server | all clients | broadcast | server closed
        alice.
        bob< @id=1795348800000;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast_not_me | in time
        bob< server | all clients | broadcast | server closed
        bob.
    "#]]);
}

#[test]
fn closing_does_not_wait_for_a_disk_that_hangs() {
    told(expect![[r#"
        alice> joins    bob> joins
        store waits
        alice> @ref=1 alice | all clients | broadcast_not_me | in time
        shutdown
        +5s
        alice< server | all clients | broadcast | server closed
        alice.
        bob< server | all clients | broadcast | server closed
        bob.
    "#]]);
}

#[test]
fn unread_messages_are_counted_for_each_user() {
    told(expect![[r#"
        alice> joins
        alice> alice | all clients | broadcast_not_me | before anyone came
        alice< @id=1795348800000;time=2026-11-22T12:00:00.000Z server | alice | accepted
        bob> joins    old> joins TR2.23
        alice> alice | all clients | broadcast_not_me | seen by old, not read by bob
        alice< @id=1795348800001;time=2026-11-22T12:00:00.000Z server | alice | accepted
        bob< @id=1795348800001;time=2026-11-22T12:00:00.000Z alice | all clients | broadcast_not_me | seen by old, not read by bob
        old<< alice | all clients | broadcast_not_me | seen by old, not read by bob
        alice> alice | old | private_message | seen as well
        alice< @id=1795348800002;time=2026-11-22T12:00:00.000Z server | alice | accepted
        old<< alice | old | private_message | seen as well
        bob> leaves    old> leaves
        alice< @why=connection\sclosed server | all clients | left | bob
        alice< @why=connection\sclosed server | all clients | left | old
        alice> alice | all clients | broadcast_not_me | while they were away
        alice< @id=1795348800003;time=2026-11-22T12:00:00.000Z server | alice | accepted
        +1s
        bob> joins    old> joins
        bob> @ref=b bob | server | conversations | no data
        bob< @ref=b;batch=conversations-1 server | bob | conversation | last=1795348800003 read=1795348800000 unread=2 all clients
        bob< @ref=b;batch=conversations-1 server | bob | conversations_end
        old> @ref=o old | server | conversations | no data
        old< @ref=o;batch=conversations-1 server | old | conversation | last=1795348800003 read=1795348800002 unread=1 all clients
        old< @ref=o;batch=conversations-1 server | old | conversation | last=1795348800002 read=1795348800002 unread=0 alice
        old< @ref=o;batch=conversations-1 server | old | conversations_end
    "#]]);
}
