//! What the entries of a log mean, as transcripts: `script` says how to read them.

use expect_test::{Expect, expect};

use crate::cluster::script;

fn check(transcript: Expect) {
    transcript.assert_eq(&script::play(transcript.data()));
}

#[test]
fn an_entry_counts_once_and_in_its_turn() {
    check(expect![[r#"
        > a.7 0 at 10 hello
          1: 10.0 tick, a.7 0 comes in, seat 0
             version 1
             sure
        > b.3 0 at 10 hello
          2: 10.0, b.3 0 comes in, seat 1
        > a.7 1 at 10.2 says 1:one 2:two
          3: 10.2, a.7 1 counts 1:one 2:two
        # The log doubled it.
        > a.7 1 at 10.2 says 1:one 2:two
          4: 10.2, a.7 1 does not count: Again
        # Its node appended it again, later, and the former one was there.
        > a.7 1 at 12 says 1:one 2:two
          5: 10.2, a.7 1 does not count: Again
        # One that overtook another.
        > a.7 3 at 12 says 1:three
          6: 10.2, a.7 3 does not count: TooEarly
        > a.7 2 at 12 says 1:two
          7: 12.0 tick, a.7 2 counts 1:two
        > a.7 3 at 12 says 1:three
          8: 12.0, a.7 3 counts 1:three
        > b.3 1 at 12 says 1:b
          9: 12.0, b.3 1 counts 1:b
    "#]]);
}

#[test]
fn only_the_newest_epoch_of_a_node_counts() {
    check(expect![[r#"
        > a.7 0 at 10 hello
          1: 10.0 tick, a.7 0 comes in, seat 0
             version 1
             sure
        > b.3 0 at 10 hello
          2: 10.0, b.3 0 comes in, seat 1
        > a.7 1 at 10 says 1:one
          3: 10.0, a.7 1 counts 1:one
        # It starts again: what it was is gone at this position.
        > a.9 0 at 11 hello life=2
          4: 11.0 tick, a.7 ends: Replaced, a.9 0 comes in, seat 0
        > a.7 2 at 11 says 1:two
          5: 11.0, a.7 2 does not count: Void
        > a.9 1 at 11 says 1:one
          6: 11.0, a.9 1 counts 1:one
        # A hello that comes late, or again.
        > a.8 0 at 11 hello life=3
          7: 11.0, a.8 0 does not count: Void
        > a.9 0 at 11 hello life=2
          8: 11.0, a.9 0 does not count: Again
        > a.9 0 at 11 hello life=4
          9: 11.0, a.9 0 does not count: Again
        # Nobody speaks before a hello.
        > c.1 1 at 11 says 1:one
          10: 11.0, c.1 1 does not count: NotBegun
        > b.4 1 at 11 says 1:one
          11: 11.0, b.4 1 does not count: NotBegun
    "#]]);
}

#[test]
fn a_silent_node_is_gone_after_eight_counted_seconds() {
    check(expect![[r#"
        > a.1 0 at 10 hello
          1: 10.0 tick, a.1 0 comes in, seat 0
             version 1
             sure
        > b.1 0 at 10 hello
          2: 10.0, b.1 0 comes in, seat 1
        > c.1 0 at 10 hello
          3: 10.0, c.1 0 comes in, seat 2
        > a.1 1 at 11 says
          4: 11.0 tick, a.1 1 counts
        > b.1 1 at 11 says
          5: 11.0, b.1 1 counts
        > a.1 2 at 12 says
          6: 12.0 tick, a.1 2 counts
        > b.1 2 at 12 says
          7: 12.0, b.1 2 counts
        > a.1 3 at 13 says
          8: 13.0 tick, a.1 3 counts
        > a.1 4 at 13.5 says
          9: 13.5, a.1 4 counts
        > b.1 3 at 13 says
          10: 13.5, b.1 3 counts
        > a.1 5 at 14 says
          11: 14.0 tick, a.1 5 counts
        > a.1 6 at 15 says
          12: 15.0 tick, a.1 6 counts
        > a.1 7 at 16 says
          13: 16.0 tick, a.1 7 counts
        # A minute in which the log stood still is one counted second.
        > a.1 8 at 76 says
          14: 18.0 tick, a.1 8 counts
        > b.1 4 at 76 says
          15: 76.0 tick, b.1 4 counts
        > a.1 9 at 77 says
          16: 77.0 tick, c.1 ends: Silent, a.1 9 counts
        > b.1 5 at 77 says
          17: 77.0, b.1 5 counts
        > a.1 10 at 78 says 1:after
          18: 78.0 tick, a.1 10 counts 1:after
        > c.1 1 at 78 says 1:late claims=15
          19: 78.0, c.1 1 does not count: Void
        > c.2 0 at 78 hello
          20: 78.0, c.2 0 comes in, seat 2
    "#]]);
}

#[test]
fn a_node_that_is_alone_counts_the_others_out() {
    check(expect![[r#"
        > a.1 0 at 10 hello
          1: 10.0 tick, a.1 0 comes in, seat 0
             version 1
             sure
        > b.1 0 at 10 hello
          2: 10.0, b.1 0 comes in, seat 1
        # All were stopped for an hour, and one comes back. The clocks in the middle are the old ones, until the dead are out.
        > a.2 0 at 3610 hello
          3: 15.0 tick, a.1 ends: Replaced, a.2 0 comes in, seat 0
        > a.2 1 at 3611 says
          4: 15.0, a.2 1 counts
        > a.2 2 at 3612 says
          5: 15.0, a.2 2 counts
        > a.2 3 at 3613 says
          6: 15.0, a.2 3 counts
        > a.2 4 at 3614 says
          7: 15.0, a.2 4 counts
        > a.2 5 at 3615 says
          8: 15.0, a.2 5 counts
        > a.2 6 at 3616 says
          9: 15.0, a.2 6 counts
        > a.2 7 at 3617 says
          10: 3617.0 tick, b.1 ends: Silent, a.2 7 counts
        > a.2 8 at 3618 says
          11: 3618.0 tick, a.2 8 counts
        > a.2 9 at 3619 says
          12: 3619.0 tick, a.2 9 counts
    "#]]);
}

#[test]
fn one_wrong_clock_moves_the_time_by_five_seconds_at_most() {
    check(expect![[r#"
        > a.1 0 at 10 hello
          1: 10.0 tick, a.1 0 comes in, seat 0
             version 1
             sure
        > b.1 0 at 10 hello
          2: 10.0, b.1 0 comes in, seat 1
        > c.1 0 at 10 hello
          3: 10.0, c.1 0 comes in, seat 2
        # A day ahead, and however often it speaks.
        > a.1 1 at 86400 says
          4: 15.0 tick, a.1 1 counts
        > a.1 2 at 86401 says
          5: 15.0, a.1 2 counts
        > a.1 3 at 86402 says
          6: 15.0, a.1 3 counts
        > b.1 1 at 11 says
          7: 15.0, b.1 1 counts
        > c.1 1 at 11 says
          8: 15.0, c.1 1 counts
        > a.1 4 at 86403 says
          9: 16.0 tick, a.1 4 counts
        # Back again: time never goes back.
        > a.1 5 at 12 says
          10: 16.0, a.1 5 counts
        > b.1 2 at 16.5 says
          11: 16.5, b.1 2 counts
        # A day behind: it has no say.
        > c.1 2 at 16.6 says
          12: 16.6, c.1 2 counts
        > a.1 6 at -86400 says
          13: 16.6, a.1 6 counts
        > b.1 3 at 17.5 says
          14: 17.5 tick, b.1 3 counts
        > a.1 7 at -86399 says
          15: 17.5, a.1 7 counts
        > c.1 3 at 18.5 says
          16: 18.5 tick, c.1 3 counts
    "#]]);
}

#[test]
fn who_does_not_fit_does_not_come_in() {
    check(expect![[r#"
        > a.1 0 at 10 hello settings=x
          1: 10.0 tick, a.1 0 comes in, seat 0
             version 1
             sure
        > b.1 0 at 10 hello settings=y
          2: 10.0, b.1 0 turned away: Settings
        > b.1 1 at 10 says 1:one claims=1
          3: 10.0, b.1 1 does not count: Void
        > b.2 0 at 10 hello settings=x
          4: 10.0, b.2 0 comes in, seat 1
        # New settings for all, with what brings them.
        > a.1 1 at 10 settings y 1:new
          5: 10.0, a.1 1 counts 1:new
        > c.1 0 at 10 hello settings=x
          6: 10.0, c.1 0 turned away: Settings
        > c.2 0 at 10 hello settings=y
          7: 10.0, c.2 0 comes in, seat 2
        # One that is in, and comes again with others, has lost its place.
        > b.3 0 at 10 hello settings=z
          8: 10.0, b.2 ends: Replaced, b.3 0 turned away: Settings
        > b.2 1 at 10 says 1:one claims=7
          9: 10.0, b.2 1 does not count: Void
    "#]]);
}

#[test]
fn settings_can_change_where_all_were_stopped() {
    check(expect![[r#"
        > a.1 0 at 10 hello settings=x
          1: 10.0 tick, a.1 0 comes in, seat 0
             version 1
             sure
        > b.1 0 at 10 hello settings=x
          2: 10.0, b.1 0 comes in, seat 1
        # Both start again with others. b is dead as far as the log knows only after eight seconds; a knocks until then.
        > a.2 0 at 20 hello settings=y
          3: 10.0, a.1 ends: Replaced, a.2 0 turned away: Settings
        > a.3 0 at 21 hello settings=y
          4: 10.0, a.3 0 turned away: Settings
        > a.4 0 at 22 hello settings=y
          5: 10.0, a.4 0 turned away: Settings
        > a.5 0 at 23 hello settings=y
          6: 10.0, a.5 0 turned away: Settings
        > a.6 0 at 24 hello settings=y
          7: 10.0, a.6 0 turned away: Settings
        > a.7 0 at 25 hello settings=y
          8: 10.0, a.7 0 turned away: Settings
        > a.8 0 at 26 hello settings=y
          9: 10.0, a.8 0 turned away: Settings
        > a.9 0 at 27 hello settings=y
          10: 10.0, b.1 ends: Silent, a.9 0 turned away: Settings
        > a.10 0 at 28 hello settings=y
          11: 28.0 tick, a.10 0 comes in, seat 0
        > a.11 0 at 29 hello settings=y
          12: 29.0 tick, a.10 ends: Replaced, a.11 0 comes in, seat 0
        > b.2 0 at 29 hello settings=y
          13: 29.0, b.2 0 comes in, seat 1
    "#]]);
}

#[test]
fn the_version_rises_once_all_can_and_never_falls() {
    check(expect![[r#"
        > a.1 0 at 10 hello versions=1-1
          1: 10.0 tick, a.1 0 comes in, seat 0
             version 1
             sure
        > b.1 0 at 10 hello versions=1-2
          2: 10.0, b.1 0 comes in, seat 1
        > c.1 0 at 10 hello versions=2-3
          3: 10.0, c.1 0 turned away: TooNew { needed: 1 }
        > a.2 0 at 10 hello versions=1-2
          4: 10.0, a.1 ends: Replaced, a.2 0 comes in, seat 0
             version 2
        > c.2 0 at 10 hello versions=2-3
          5: 10.0, c.2 0 comes in, seat 2
        > b.2 0 at 10 hello versions=1-1
          6: 10.0, b.1 ends: Replaced, b.2 0 turned away: TooOld { needed: 2 }
        > a.2 1 at 10 farewell
          7: 10.0, a.2 ends: Left, a.2 1 leaves
             version 3
        > d.1 0 at 10 hello versions=3-4
          8: 10.0, d.1 0 comes in, seat 3
        > c.2 1 at 10 farewell
          STOPS: the log has an entry at position 9 that needs a newer tr2; install the version of the other nodes
        > d.2 0 at 10 hello versions=4-4
          STOPS: the log has an entry at position 9 that needs a newer tr2; install the version of the other nodes
    "#]]);
}

#[test]
fn a_farewell_ends_an_epoch_at_its_position() {
    check(expect![[r#"
        > a.1 0 at 10 hello
          1: 10.0 tick, a.1 0 comes in, seat 0
             version 1
             sure
        > b.1 0 at 10 hello
          2: 10.0, b.1 0 comes in, seat 1
        > b.1 1 at 11 farewell
          3: 11.0 tick, b.1 ends: Left, b.1 1 leaves
        > b.1 2 at 11 says 1:one claims=2
          4: 11.0, b.1 2 does not count: Void
        > b.1 1 at 11 farewell
          5: 11.0, b.1 1 does not count: Void
        > a.1 1 at 11 says 1:one
          6: 11.0, a.1 1 counts 1:one
    "#]]);
}

#[test]
fn a_node_that_knows_the_end_of_its_epoch_and_goes_on_in_it_has_decided_otherwise() {
    check(expect![[r#"
        > a.1 0 at 10 hello
          1: 10.0 tick, a.1 0 comes in, seat 0
             version 1
             sure
        > b.1 0 at 10 hello
          2: 10.0, b.1 0 comes in, seat 1
        > b.1 1 at 11 farewell
          3: 11.0 tick, b.1 ends: Left, b.1 1 leaves
        > b.1 1 at 11 farewell
          4: 11.0, b.1 1 does not count: Void
        > b.1 2 at 11 says 1:one claims=2
          5: 11.0, b.1 2 does not count: Void
        > b.1 2 at 11 says 1:one claims=3
          STOPS: this node decided otherwise than b up to position 3, from the same log; start it with a copy of another node's history, and report this with both nodes' logs
    "#]]);
}

#[test]
fn a_log_of_which_nothing_that_others_say_can_be_read_has_another_secret() {
    let junk = "        > junk\n".repeat(15);
    let heard =
        script::play(&format!("> a.1 0 at 10 hello\n{junk}> b.1 0 at 10 hello\n{junk}> a.1 1 at 10 says 1:one"));
    assert!(!heard.contains("STOPS"), "one that can be read shows that the secret is right: {heard}");
    let stopped = script::play(&format!("> a.1 0 at 10 hello\n{junk}> a.1 1 at 10 says 1:one\n> junk"));
    assert!(
        stopped.contains("STOPS: the entries of the log up to position 18 were written with another secret"),
        "{stopped}"
    );
}

#[test]
fn positions_follow_each_other() {
    check(expect![[r#"
        > a.1 0 at 10 hello
          1: 10.0 tick, a.1 0 comes in, seat 0
             version 1
             sure
        > position 3
        > a.1 1 at 10 says
          STOPS: the log goes on at position 3, and this node needs 2 next: it was away for longer than the log keeps its entries, or the log was founded anew meanwhile; start it with a copy of another node's history, made there with tr2 serve --backup
        > a.1 1 at 10 says
          STOPS: the log goes on at position 3, and this node needs 2 next: it was away for longer than the log keeps its entries, or the log was founded anew meanwhile; start it with a copy of another node's history, made there with tr2 serve --backup
    "#]]);
    check(expect![[r#"
        > a.1 0 at 10 hello
          1: 10.0 tick, a.1 0 comes in, seat 0
             version 1
             sure
        > position 1
        > a.1 1 at 10 says
          STOPS: the log gave position 1 again after 1: it was put back to an earlier state; stop all nodes, and found the log anew with --found on the node that has applied most
    "#]]);
    check(expect![[r#"
        > a.1 0 at 10 hello
          1: 10.0 tick, a.1 0 comes in, seat 0
             version 1
             sure
        > a.1 1 at 10 says
          2: 10.0, a.1 1 counts
        > ends at 2
          fine
        > ends at 1
          STOPS: the log ends at position 1, and this node has applied it up to 2: the log has lost what it had accepted; stop all nodes, and found the log anew with --found on the node that has applied most
        > a.1 2 at 10 says
          STOPS: the log ends at position 1, and this node has applied it up to 2: the log has lost what it had accepted; stop all nodes, and found the log anew with --found on the node that has applied most
    "#]]);
}

#[test]
fn a_node_that_connects_again_knows_the_entry_that_it_read_last() {
    check(expect![[r#"
        > a.1 0 at 10 hello
          1: 10.0 tick, a.1 0 comes in, seat 0
             version 1
             sure
        > b.1 0 at 10 hello
          2: 10.0, b.1 0 comes in, seat 1
        > connects
          fine
        > b.1 1 at 10 says 1:one claims=2
          3: 10.0, b.1 1 counts 1:one
             sure
        > b.1 2 at 10 says 1:two claims=3
          4: 10.0, b.1 2 counts 1:two
        > forget
        > connects
          fine
        > connects junk
          STOPS: the log has another entry at position 4 than this node has read there: it has lost what it had accepted, and has grown again; stop all nodes, and found the log anew with --found on the node that has applied most
    "#]]);
}

#[test]
fn a_log_that_lost_its_tail_stops_all_who_read_what_a_witness_says() {
    check(expect![[r#"
        > a.1 0 at 10 hello
          1: 10.0 tick, a.1 0 comes in, seat 0
             version 1
             sure
        > b.1 0 at 10 hello
          2: 10.0, b.1 0 comes in, seat 1
        > b.1 1 at 10 says claims=3!
          STOPS: node b had applied the log up to position 3 when it wrote the entry that is now at 3: the log has lost what it had accepted; stop all nodes, and found the log anew with --found on the node that has applied most
    "#]]);
    // Also if the log no longer knows the witness itself.
    check(expect![[r#"
        > a.1 0 at 10 hello
          1: 10.0 tick, a.1 0 comes in, seat 0
             version 1
             sure
        > b.1 4 at 10 farewell claims=9!
          STOPS: node b had applied the log up to position 9 when it wrote the entry that is now at 2: the log has lost what it had accepted; stop all nodes, and found the log anew with --found on the node that has applied most
    "#]]);
}

#[test]
fn a_node_that_reads_another_log_stops_and_the_majority_goes_on() {
    // a is right: b is alone with what it says.
    check(expect![[r#"
        > a.1 0 at 10 hello
          1: 10.0 tick, a.1 0 comes in, seat 0
             version 1
             sure
        > b.1 0 at 10 hello
          2: 10.0, b.1 0 comes in, seat 1
        > c.1 0 at 10 hello
          3: 10.0, c.1 0 comes in, seat 2
        > b.1 1 at 10 says claims=3!
          4: 10.0, b.1 1 counts
             in doubt
        > c.1 1 at 10 says claims=3
          5: 10.0, c.1 1 counts
        > a.1 1 at 10 says
          6: 10.0, a.1 1 counts
        > c.1 2 at 10 says claims=4
          7: 10.0, c.1 2 counts
             sure
    "#]]);
    // a is wrong.
    check(expect![[r#"
        > a.1 0 at 10 hello
          1: 10.0 tick, a.1 0 comes in, seat 0
             version 1
             sure
        > b.1 0 at 10 hello
          2: 10.0, b.1 0 comes in, seat 1
        > c.1 0 at 10 hello
          3: 10.0, c.1 0 comes in, seat 2
        > b.1 1 at 10 says claims=3!
          4: 10.0, b.1 1 counts
             in doubt
        > c.1 1 at 10 says claims=3!
          STOPS: this node's log is not that of b and c at position 3: an entry was altered on its way or on a disk, or this history is of another log; start this node with a copy of another node's history, and if the nodes are of two minds, found the log anew with --found on the one that is right
    "#]]);
    // Of two nodes, none knows which is right.
    check(expect![[r#"
        > a.1 0 at 10 hello
          1: 10.0 tick, a.1 0 comes in, seat 0
             version 1
             sure
        > b.1 0 at 10 hello
          2: 10.0, b.1 0 comes in, seat 1
        > b.1 1 at 10 says claims=2!
          STOPS: this node's log is not that of b at position 2: an entry was altered on its way or on a disk, or this history is of another log; start this node with a copy of another node's history, and if the nodes are of two minds, found the log anew with --found on the one that is right
    "#]]);
}

#[test]
fn an_alarm_is_believed_if_its_node_has_read_another_log() {
    check(expect![[r#"
        > a.1 0 at 10 hello
          1: 10.0 tick, a.1 0 comes in, seat 0
             version 1
             sure
        > b.1 0 at 10 hello
          2: 10.0, b.1 0 comes in, seat 1
        > c.1 0 at 10 hello
          3: 10.0, c.1 0 comes in, seat 2
        # It was wrong itself: its server lagged.
        > b.1 1 at 10 alarm claims=3
          4: 10.0, b.1 ends: Left, b.1 1 leaves
        > b.2 0 at 10 hello
          5: 10.0, b.2 0 comes in, seat 1
        > b.2 1 at 10 alarm claims=4!
          STOPS: node b has read another entry at position 4 than the log has there now: the log has lost what it had accepted; stop all nodes, and found the log anew with --found on the node that has applied most
    "#]]);
}

#[test]
fn sums_are_compared_also_where_this_node_comes_to_them_later() {
    check(expect![[r#"
        > a.1 0 at 10 hello
          1: 10.0 tick, a.1 0 comes in, seat 0
             version 1
             sure
        > b.1 0 at 10 hello
          2: 10.0, b.1 0 comes in, seat 1
        > b.1 1 at 10 says claims=2 digest=2:7
          3: 10.0, b.1 1 counts
        > a.1 1 at 10 says
          4: 10.0, a.1 1 counts
        > decided 5
        > b.1 2 at 10 says claims=4 digest=4:7
          STOPS: this node decided otherwise than b up to position 4, from the same log; start it with a copy of another node's history, and report this with both nodes' logs
    "#]]);
    check(expect![[r#"
        > a.1 0 at 10 hello
          1: 10.0 tick, a.1 0 comes in, seat 0
             version 1
             sure
        > b.1 0 at 10 hello
          2: 10.0, b.1 0 comes in, seat 1
        > b.1 1 at 10 says claims=2 digest=2:7
          3: 10.0, b.1 1 counts
        > decided 2 5
        > b.1 2 at 10 says claims=3
          STOPS: this node decided otherwise than b up to position 2, from the same log; start it with a copy of another node's history, and report this with both nodes' logs
    "#]]);
}

#[test]
fn the_claim_of_a_farewell_is_heard() {
    check(expect![[r#"
        > a.1 0 at 10 hello
          1: 10.0 tick, a.1 0 comes in, seat 0
             version 1
             sure
        > b.1 0 at 10 hello
          2: 10.0, b.1 0 comes in, seat 1
        > b.1 1 at 10 farewell claims=2!
          STOPS: this node's log is not that of b at position 2: an entry was altered on its way or on a disk, or this history is of another log; start this node with a copy of another node's history, and if the nodes are of two minds, found the log anew with --found on the one that is right
    "#]]);
}

#[test]
fn a_node_that_decides_otherwise_stops() {
    check(expect![[r#"
        > a.1 0 at 10 hello
          1: 10.0 tick, a.1 0 comes in, seat 0
             version 1
             sure
        > b.1 0 at 10 hello
          2: 10.0, b.1 0 comes in, seat 1
        > c.1 0 at 10 hello
          3: 10.0, c.1 0 comes in, seat 2
        > decided 5
        > b.1 1 at 10 says claims=3 digest=3:5
          4: 10.0, b.1 1 counts
        > c.1 1 at 10 says claims=3 digest=3:6
          5: 10.0, c.1 1 counts
             in doubt
        > b.1 2 at 10 says claims=5 digest=3:5
          6: 10.0, b.1 2 counts
             sure
        > b.1 3 at 10 says claims=6 digest=2:7
          7: 10.0, b.1 3 counts
    "#]]);
    check(expect![[r#"
        > a.1 0 at 10 hello
          1: 10.0 tick, a.1 0 comes in, seat 0
             version 1
             sure
        > b.1 0 at 10 hello
          2: 10.0, b.1 0 comes in, seat 1
        > decided 5
        > b.1 1 at 10 says claims=2 digest=2:6
          STOPS: this node decided otherwise than b up to position 2, from the same log; start it with a copy of another node's history, and report this with both nodes' logs
    "#]]);
}

#[test]
fn what_cannot_be_read_is_shown_to_nobody_before_the_others_have_it_too() {
    check(expect![[r#"
        > a.1 0 at 10 hello
          1: 10.0 tick, a.1 0 comes in, seat 0
             version 1
             sure
        > b.1 0 at 10 hello
          2: 10.0, b.1 0 comes in, seat 1
        > c.1 0 at 10 hello
          3: 10.0, c.1 0 comes in, seat 2
        > junk
          4: 10.0, - does not count: Unreadable(NotOurs)
             in doubt
        > b.1 1 at 10 says 1:one claims=3
          5: 10.0, b.1 1 counts 1:one
        > a.1 1 at 10 says claims=5
          6: 10.0, a.1 1 counts
        > b.1 2 at 10 says claims=5
          7: 10.0, b.1 2 counts
             sure
    "#]]);
}

#[test]
fn a_node_that_starts_again_waits_for_the_others_to_confirm_what_it_kept() {
    check(expect![[r#"
        > a.1 0 at 10 hello
          1: 10.0 tick, a.1 0 comes in, seat 0
             version 1
             sure
        > b.1 0 at 10 hello
          2: 10.0, b.1 0 comes in, seat 1
        > forget
        > b.1 1 at 10 says 1:one claims=1
          3: 10.0, b.1 1 counts 1:one
        > a.2 0 at 10 hello claims=2
          4: 10.0, a.1 ends: Replaced, a.2 0 comes in, seat 0
        > b.1 2 at 10 says 1:two claims=3
          5: 10.0, b.1 2 counts 1:two
             sure
    "#]]);
    // And stops if they have another one.
    check(expect![[r#"
        > a.1 0 at 10 hello
          1: 10.0 tick, a.1 0 comes in, seat 0
             version 1
             sure
        > b.1 0 at 10 hello
          2: 10.0, b.1 0 comes in, seat 1
        > forget
        > b.1 1 at 10 says 1:one claims=2!
          STOPS: this node's log is not that of b at position 2: an entry was altered on its way or on a disk, or this history is of another log; start this node with a copy of another node's history, and if the nodes are of two minds, found the log anew with --found on the one that is right
    "#]]);
}

#[test]
fn a_log_that_was_founded_anew_leaves_out_who_was_not_there() {
    check(expect![[r#"
        > a.1 0 at 10 hello
          1: 10.0 tick, a.1 0 comes in, seat 0
             version 1
             sure
        > b.1 0 at 10 hello
          2: 10.0, b.1 0 comes in, seat 1
        > found anew
        > b.1 1 at 10 says 1:one
          3: 10.0, b.1 1 does not count: OlderFounding
        > b.2 0 at 10 hello
          4: 10.0, b.2 0 does not count: OlderFounding
        > a.2 0 at 10 hello founding=2
          5: 10.0, a.1 ends: Replaced, a.2 0 comes in, seat 0
        > b.3 0 at 10 hello founding=2
          6: 10.0, b.1 ends: Replaced, b.3 0 comes in, seat 1
             sure
        # This node would be the one that was left over.
        > a.3 0 at 10 hello founding=3
          STOPS: the log was founded anew from another node's history; move this node's history away, and start it with a copy of that node's, made there with tr2 serve --backup
    "#]]);
}
