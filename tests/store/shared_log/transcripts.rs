//! One handle of a stream, from its first connection on; see `player`.

use expect_test::expect;

use crate::shared_log::player::plays;

#[test]
fn an_entry_is_appended_and_comes_back() {
    plays(
        0,
        expect![[r#"
        connected
            > connect
            > subscribe _INBOX.me.*
            > subscribe tr2.x.live
            > ping
        append one
        pong
            > look
        stream A 0..0
            > append 1 one
            tail: heard
        live 1 one
            tail: entry 1 one
        taken 1 at 1
            tail: taken 1 at 1
        append two
            > append 2 two
        taken 2 at 2
            tail: taken 2 at 2
        live 2 two
            tail: entry 2 two
        live 2 two
        ping
            > pong
    "#]],
    );
}

#[test]
fn the_past_is_asked_for_and_what_comes_meanwhile_waits_for_it() {
    plays(
        3,
        expect![[r#"
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            live 7 seven
            stream A 1..7
                > fetch {"batch":256,"max_bytes":1048576,"seq":4}
                tail: heard
            +0.03s
            entry 4 four
                tail: entry 4 four
            live 8 eight
            entry 5 five
                tail: entry 5 five
            entry 5 five
            entry 4 four
            entry 6 six
                tail: entry 6 six
                tail: entry 7 seven
                tail: entry 8 eight
            entry 7 seven
            end
            live 9 nine
                tail: entry 9 nine
        "#]],
    );
}

#[test]
fn what_was_missed_live_is_asked_for_until_a_replica_has_it() {
    plays(
        0,
        expect![[r#"
        connected
            > connect
            > subscribe _INBOX.me.*
            > subscribe tr2.x.live
            > ping
        pong
            > look
        stream A 0..0
            tail: heard
        live 1 one
            tail: entry 1 one
        live 3 three
            > fetch {"batch":256,"max_bytes":1048576,"seq":2}
        end
        +0.05s
            > fetch {"batch":256,"max_bytes":1048576,"seq":2}
        end
        +0.1s
            > fetch {"batch":256,"max_bytes":1048576,"seq":2}
        entry 2 two
            tail: entry 2 two
            tail: entry 3 three
        end
    "#]],
    );
}

#[test]
fn the_last_entry_that_was_missed_is_found_by_looking() {
    plays(
        0,
        expect![[r#"
        connected
            > connect
            > subscribe _INBOX.me.*
            > subscribe tr2.x.live
            > ping
        pong
            > look
        stream A 0..0
            tail: heard
        live 1 one
            tail: entry 1 one
        +1s
            > ping
            > look
        pong
        stream A 1..2
        +0.03s
            > fetch {"batch":256,"max_bytes":1048576,"seq":2}
        entry 2 two
            tail: entry 2 two
        end
    "#]],
    );
}

#[test]
fn a_look_that_began_before_the_last_entries_came_says_nothing_against_them() {
    plays(
        0,
        expect![[r#"
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 0..0
                tail: heard
            live 1 one
                tail: entry 1 one
            +1s
                > ping
                > look
            pong
            live 2 two
                tail: entry 2 two
            stream A 1..1
            append three
                > append 1 three
            live 3 three
                tail: entry 3 three
        "#]],
    );
}

#[test]
fn an_append_whose_answer_is_lost_is_not_known_to_be_taken() {
    plays(
        0,
        expect![[r#"
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 0..0
                tail: heard
            append one
                > append 1 one
            lost the connection is lost
                tail: not taken 1: the connection is lost
            append two
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 0..1
                > append 2 two
                > fetch {"batch":256,"max_bytes":1048576,"seq":1}
            +0.03s
            entry 1 one
                tail: entry 1 one
            end
            live 2 two
                tail: entry 2 two
            taken 1 at 1
            taken 2 at 2
                tail: taken 2 at 2
        "#]],
    );
}

#[test]
fn an_append_that_nobody_answers_is_given_up() {
    plays(
        0,
        expect![[r#"
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 0..0
                tail: heard
            append one
                > append 1 one
            +0.5s
            append two
                > append 2 two
            +1s
                > ping
                > look
            live 1 two
                tail: entry 1 two
            +0.5s
                tail: not taken 1: no answer came in time
            +0.6s
                > ping
                tail: not taken 2: no answer came in time
            live 2 one
                tail: entry 2 one
            taken 1 at 2
        "#]],
    );
}

#[test]
fn a_refusal_is_told_after_a_moment_so_that_nobody_appends_without_pause() {
    plays(
        0,
        expect![[r#"
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 0..0
                tail: heard
            append one
                > append 1 one
            refused 1 maximum bytes exceeded
            +0.2s
                tail: not taken 1: NATS refuses: maximum bytes exceeded
            append two
                > append 2 two
            unheard 2
            +0.2s
                tail: not taken 2: no NATS server answers for the stream: it has no leader, or JetStream is off
        "#]],
    );
}

#[test]
fn an_append_waits_for_a_connection_but_not_for_ever() {
    plays(
        0,
        expect![[r#"
            append one
            +1s
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            append two
            pong
                > look
            stream A 0..0
                > append 1 one
                > append 2 two
                tail: heard
            append three
                > append 3 three
            lost it ends
                tail: not taken 1: it ends
                tail: not taken 2: it ends
                tail: not taken 3: it ends
            append four
            +2s
                tail: not taken 4: it could not be sent in time
        "#]],
    );
}

#[test]
fn a_server_that_says_nothing_is_pinged_then_given_up() {
    plays(
        0,
        expect![[r#"
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 0..0
                tail: heard
            +1s
                > ping
                > look
            pong
            stream A 0..0
            +2.5s
                > ping
                > look
                gives up: the NATS server does not answer any more
            +2s
                tail: silent: the NATS server does not answer any more
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 0..0
                tail: heard
        "#]],
    );
}

#[test]
fn a_server_that_does_not_let_in_is_given_up() {
    plays(
        0,
        expect![[r#"
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            +2s
                gives up: the NATS server does not answer
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            error Authorization Violation
                gives up: the NATS server says: Authorization Violation
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            error Permissions Violation for Publish to "$JS.API.STREAM.INFO.tr2-x"
            +1s
                > ping
                tail: silent: the NATS server says: Permissions Violation for Publish to "$JS.API.STREAM.INFO.tr2-x"
            pong
            +1s
                > ping
                > look
            pong
            +1s
                > ping
            pong
        "#]],
    );
}

#[test]
fn a_server_that_hears_nothing_of_the_log_is_left_for_another() {
    plays(
        0,
        expect![[r#"
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 0..0
                tail: heard
            +1s
                > ping
                > look
            pong
            +1s
                > ping
            pong
            +1s
                > ping
                > look
                tail: silent: the stream does not answer
            pong
            +1s
                > ping
            pong
            +1s
                gives up: the stream does not answer
            pong
        "#]],
    );
}

#[test]
fn a_server_that_is_about_to_end_is_left() {
    plays(
        0,
        expect![[r#"
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 0..0
                tail: heard
            append one
                > append 1 one
            leaving
                gives up: the NATS server is about to end
                tail: not taken 1: the NATS server is about to end
            +0.1s
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
        "#]],
    );
}

#[test]
fn a_stream_that_is_not_there_is_said_to_be_missing() {
    plays(
        0,
        expect![[r#"
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            no stream
            +1s
                > ping
                > look
            pong
            no stream
            +2s
                > ping
                > look
                tail: silent: the stream does not exist; one node has to make it with --found
            pong
            no stream
                > look
            +0.5s
            pong
            stream A 0..0
                tail: heard
        "#]],
    );
}

#[test]
fn a_stream_that_was_made_anew_ends_the_tail() {
    plays(
        0,
        expect![[r#"
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 0..0
                tail: heard
            live 1 one
                tail: entry 1 one
            lost the connection is lost
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            live 2 not ours
            stream B 1..2
                tail: ended: the log after 1 is not the one that this node has followed: it was deleted or made anew. Restart the node to follow the new log, if that is meant; otherwise found the log anew from this node
            append two
        "#]],
    );
}

#[test]
fn a_stream_that_is_shorter_ends_the_tail_once_no_leader_can_be_stale() {
    plays(
        0,
        expect![[r#"
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 0..0
                tail: heard
            live 1 one
                tail: entry 1 one
            live 2 two
                tail: entry 2 two
            lost it ends
            +7s
                tail: silent: it ends
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 1..1
            append three
            lost it ends
            +7s
                tail: not taken 1: it could not be sent in time
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 1..1
                tail: silent: a NATS server says that the log ends at 1, and this node has had entry 2; it may be behind the others, and is asked again
            lost it ends
            +7s
                tail: silent: it ends
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 1..1
            +1s
                > ping
                > look
            pong
            stream A 1..1
                tail: ended: the log ends at 1, and this node has had entry 2 of it: the engine has lost confirmed entries. Stop all nodes, and found the log anew from the node that has the most
        "#]],
    );
}

#[test]
fn a_leader_that_was_stale_is_forgiven() {
    plays(
        0,
        expect![[r#"
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 0..0
                tail: heard
            live 1 one
                tail: entry 1 one
            live 2 two
                tail: entry 2 two
            lost the connection is lost
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 1..1
            live 3 three
            +1s
                > ping
                > look
            pong
            stream A 1..1
            +1s
                > ping
                > look
            pong
            stream A 1..1
            +1s
                > ping
                > look
                tail: silent: a NATS server says that the log ends at 1, and this node has had entry 2; it may be behind the others, and is asked again
            pong
            stream A 1..1
            +1s
                > ping
                > look
            pong
            stream A 1..3
                > fetch {"batch":256,"max_bytes":1048576,"seq":2}
                tail: heard
            entry 2 two
                tail: entry 3 three
            end
        "#]],
    );
}

#[test]
fn a_confirmed_append_before_what_was_read_ends_the_tail_at_once() {
    plays(
        0,
        expect![[r#"
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 0..0
                tail: heard
            live 1 one
                tail: entry 1 one
            live 2 two
                tail: entry 2 two
            append three
                > append 1 three
            taken 1 at 2
                tail: taken 1 at 2
                tail: ended: the log ends at 2, and this node has had entry 2 of it: the engine has lost confirmed entries. Stop all nodes, and found the log anew from the node that has the most
        "#]],
    );
}

#[test]
fn a_confirmation_that_is_late_is_no_reason_to_end() {
    plays(
        0,
        expect![[r#"
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 0..0
                tail: heard
            append one
                > append 1 one
            live 1 one
                tail: entry 1 one
            live 2 of another
                tail: entry 2 of another
            taken 1 at 1
                tail: taken 1 at 1
        "#]],
    );
}

#[test]
fn an_entry_that_was_altered_ends_the_tail() {
    plays(
        0,
        expect![[r#"
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 0..0
                tail: heard
            live 1 one
                tail: entry 1 one
            live 2 two
                tail: entry 2 two
            lost the connection is lost
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 1..5
            +0.03s
                > fetch {"batch":256,"max_bytes":1048576,"seq":2}
            entry 2 other
                tail: ended: entry 2 of the log is not what it was: the engine was restored to an older state and has gone on from there. Stop all nodes, and found the log anew from the node that has the most
            end
        "#]],
    );
}

#[test]
fn a_stream_that_went_back_while_the_connection_stood_is_noticed() {
    plays(
        0,
        expect![[r#"
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 0..0
                tail: heard
            live 1 one
                tail: entry 1 one
            live 2 two
                tail: entry 2 two
            live 3 three
                tail: entry 3 three
            live 2 two
            live 2 other
                > look
                > fetch {"batch":256,"max_bytes":1048576,"seq":3}
            stream A 1..3
            entry 3 other three
                tail: ended: entry 3 of the log is not what it was: the engine was restored to an older state and has gone on from there. Stop all nodes, and found the log anew from the node that has the most
        "#]],
    );
}

#[test]
fn entries_that_are_deleted_end_the_tail() {
    plays(
        5,
        expect![[r#"
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 8..20
                tail: ended: the log has no entry 6 any more, and goes on at 8: this node is too far behind. Give it a backup of another node, and start it again
        "#]],
    );
}

#[test]
fn a_stream_that_has_deleted_everything_that_was_read_goes_on() {
    plays(
        5,
        expect![[r#"
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 6..5
                tail: heard
            live 6 six
                tail: entry 6 six
            lost the connection is lost
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 7..6
            live 7 seven
                tail: entry 7 seven
        "#]],
    );
}

#[test]
fn what_a_replica_lacks_comes_from_the_leader() {
    plays(
        1,
        expect![[r#"
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 1..3
                tail: heard
            +0.03s
                > fetch {"batch":256,"max_bytes":1048576,"seq":2}
            entry 3 three
            end
                > ask the leader {"seq":2}
            leader 2 two
                > fetch {"batch":256,"max_bytes":1048576,"seq":3}
                tail: entry 2 two
            entry 3 three
                tail: entry 3 three
            end
        "#]],
    );
}

#[test]
fn what_the_leader_lacks_too_ends_the_tail_after_some_time() {
    plays(
        1,
        expect![[r#"
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 1..3
                tail: heard
            +0.03s
                > fetch {"batch":256,"max_bytes":1048576,"seq":2}
            entry 3 three
            end
                > ask the leader {"seq":2}
            leader has none
            lost it ends
            +7s
                tail: silent: it ends
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 1..3
                > fetch {"batch":256,"max_bytes":1048576,"seq":2}
            entry 3 three
            end
                > ask the leader {"seq":2}
            leader has none
            lost it ends
            +7s
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 1..3
                > fetch {"batch":256,"max_bytes":1048576,"seq":2}
                tail: silent: a NATS server says that the log has no entry 2, and goes on at 3; it may be behind the others, and is asked again
            entry 3 three
            end
                > ask the leader {"seq":2}
            leader has none
            +1s
                > ping
                > look
                > fetch {"batch":256,"max_bytes":1048576,"seq":2}
            pong
            stream A 1..3
            entry 3 three
            end
                > ask the leader {"seq":2}
            leader has none
                tail: ended: the log has no entry 2 any more, and goes on at 3: this node is too far behind. Give it a backup of another node, and start it again
        "#]],
    );
}

#[test]
fn what_other_streams_publish_is_ignored() {
    plays(
        0,
        expect![[r#"
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 0..0
                tail: heard
            foreign 1 one
            +0.5s
        "#]],
    );
}

#[test]
fn what_nobody_needs_is_deleted() {
    plays(
        0,
        expect![[r#"
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 1..0
                tail: heard
            keep 5
                > purge {"seq":5}
            keep 3
                > purge {"seq":3}
        "#]],
    );
}

#[test]
fn an_answer_that_stops_halfway_is_asked_for_again() {
    plays(
        0,
        expect![[r#"
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 1..3
                > fetch {"batch":256,"max_bytes":1048576,"seq":1}
                tail: heard
            entry 1 one
                tail: entry 1 one
            +2s
                > ping
                > look
                > fetch {"batch":256,"max_bytes":1048576,"seq":2}
            pong
            stream A 1..3
            entry 2 two
                tail: entry 2 two
            entry 3 three
                tail: entry 3 three
            end
        "#]],
    );
}

#[test]
fn an_answer_long_after_another_confirms_nothing() {
    plays(
        0,
        expect![[r#"
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 0..0
                tail: heard
            live 1 one
                tail: entry 1 one
            live 2 two
                tail: entry 2 two
            lost it ends
            +7s
                tail: silent: it ends
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 1..1
            lost it ends
            +15s
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 1..1
                tail: silent: a NATS server says that the log ends at 1, and this node has had entry 2; it may be behind the others, and is asked again
            live 3 three
            stream A 1..3
                > fetch {"batch":256,"max_bytes":1048576,"seq":2}
                tail: heard
            entry 2 two
                tail: entry 3 three
        "#]],
    );
}

#[test]
fn what_the_leader_lacked_for_a_moment_is_taken() {
    plays(
        1,
        expect![[r#"
            connected
                > connect
                > subscribe _INBOX.me.*
                > subscribe tr2.x.live
                > ping
            pong
                > look
            stream A 1..3
                tail: heard
            +0.03s
                > fetch {"batch":256,"max_bytes":1048576,"seq":2}
            entry 3 three
            end
                > ask the leader {"seq":2}
            leader has none
            +1s
                > look
                > ping
                > fetch {"batch":256,"max_bytes":1048576,"seq":2}
            entry 2 two
                tail: entry 2 two
            entry 3 three
                tail: entry 3 three
            end
            pong
            stream A 1..3
        "#]],
    );
}
