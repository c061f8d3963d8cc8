//! What a node says, and what it makes of what comes back, as transcripts. Lines with `>` are what happens to node `a`:
//!
//! ```text
//! > come in | leave
//! > say 4 hi            connection 4 asks for something
//! > back                what was appended last comes back, at the next position of the log
//! > b.1 1 at 10 says    an entry of another node, or of another run of this one: see `script`
//! > connects            it has another connection to the log
//! > after 2000          milliseconds pass, on both clocks
//! > clock -5000         the wall clock jumps
//! ```
//! Below stands what follows: what is appended, what is carried out, and what of it is the node's own.

use std::fmt::Write as _;

use bytes::Bytes;
use expect_test::{Expect, expect};
use tr2::model::time::{Now, Timestamp};
use tr2::server::cluster::chain::ChainValue;
use tr2::server::cluster::entry::{Hello, LogEntry, MAX_COMMAND, Purpose, Versions};
use tr2::server::cluster::fault::Fault;
use tr2::server::cluster::follower::{Follower, FollowerNews};
use tr2::server::cluster::lane::OwnNode;
use tr2::server::cluster::step::TurnState;
use tr2::server::cluster::waiting::{LaneError, MAX_WAITING};

use crate::cluster::script::{self, key, node, settings};

pub struct Lab {
    pub follower: Follower,
    pub now: Now,
    pub position: u64,
    appended: Option<Bytes>,
    /// The chain's values, from position 0 on.
    pub chain: Vec<ChainValue>,
}

pub fn check(transcript: Expect) {
    let mut lab = Lab::new();
    let mut out = String::new();
    for line in transcript.data().lines() {
        let line = line.trim();
        let Some(event) = line.strip_prefix("> ") else {
            if line.starts_with('#') {
                out += &format!("{line}\n");
            }
            continue;
        };
        writeln!(out, "> {event}").unwrap();
        lab.play(event, &mut out);
    }
    transcript.assert_eq(&out);
}

impl Lab {
    /// A node at second 100 of the wall clock, of which a run has the random number 9.
    pub fn new() -> Self {
        let hello = Hello {
            life: 9,
            versions: Versions { lowest: 1, highest: 1 },
            settings: settings("x"),
            url: "tls://a".to_owned(),
        };
        let own = OwnNode { node: node("a"), hello };
        Self {
            follower: Follower::resumed(own, TurnState::founded("chat"), key()),
            now: Now { wall: Timestamp(100_000), steady: Timestamp(0) },
            position: 0,
            appended: None,
            chain: vec![TurnState::founded("chat").chain],
        }
    }

    pub fn play(&mut self, event: &str, out: &mut String) {
        let words: Vec<&str> = event.split(' ').collect();
        match words[..] {
            ["come", "in"] => self.follower.come_in(),
            ["leave"] => self.follower.leave(),
            ["say", conn, text] => {
                if let Err(error) = self.follower.say(conn.parse().unwrap(), text.to_owned().into()) {
                    writeln!(out, "  {error}").unwrap();
                }
            }
            ["settings", text] => {
                self.follower.say_settings(settings(text), 1, text.to_owned().into()).unwrap();
            }
            ["back"] => {
                let bytes = self.appended.clone().unwrap();
                self.take(&bytes, out);
            }
            ["after", time] => {
                let time: i64 = time.parse().unwrap();
                self.now.wall.0 += time;
                self.now.steady.0 += time;
            }
            ["clock", time] => self.now.wall.0 += time.parse::<i64>().unwrap(),
            ["words"] => {
                let told = self.follower.last_words(self.now).map(|bytes| LogEntry::read(&bytes, &key()).unwrap());
                let told = told.map(|entry| format!("{:?} having read {}", entry.purpose, entry.applied.position));
                writeln!(out, "  last words: {told:?}").unwrap();
            }
            ["ends", "at", newest] => {
                let told = self.follower.ends_at(self.position, newest.parse().unwrap());
                writeln!(out, "  {}", told.map_or_else(|fault| stopped(&fault), |()| "fine".to_owned())).unwrap();
            }
            ["connects"] => self.follower.reconnected(self.position, None).unwrap(),
            ["state"] => {
                let (lane, freshness) = (self.follower.lane(), self.follower.freshness(self.now));
                let open: Vec<usize> = (4..6).map(|conn| lane.under_way_of(conn)).collect();
                writeln!(out, "  serves: {}, {freshness:?}, undecided of 4 and 5: {open:?}", self.follower.serves())
                    .unwrap();
            }
            ["junk"] => self.take(&Bytes::from_static(b"junk"), out),
            [who, n, "at", stamp, ref rest @ ..] => {
                let known = |position: u64| self.chain.get(usize::try_from(position).unwrap()).copied();
                let last = self.follower.turn().state().position;
                let entry = script::entry(&known, last, [who, n, stamp], rest);
                self.take(&entry.write(&key()).unwrap(), out);
            }
            _ => panic!("what is {event:?}?"),
        }
        while let Some(bytes) = self.follower.due(self.now) {
            let entry = LogEntry::read(&bytes, &key()).unwrap();
            let again =
                if self.appended.as_ref().is_some_and(|last| same_number(last, &entry)) { "again " } else { "" };
            write!(out, "  appends {again}{} {} at {}", entry.epoch, entry.n, entry.stamp.0 / 1000).unwrap();
            match &entry.purpose {
                Purpose::Commands if entry.commands.is_empty() => *out += " nothing",
                Purpose::Commands => {}
                Purpose::Hello(_) => *out += " hello",
                Purpose::Farewell => *out += " farewell",
                Purpose::Alarm => *out += " alarm",
                Purpose::Settings(hash) => write!(out, " settings {}", char::from(hash[0])).unwrap(),
            }
            for command in &entry.commands {
                write!(out, " {}:{}", command.conn, String::from_utf8_lossy(&command.bytes)).unwrap();
            }
            *out += "\n";
            self.appended = Some(bytes);
        }
    }

    fn take(&mut self, bytes: &Bytes, out: &mut String) {
        self.position += 1;
        self.chain.extend(self.chain.last().map(|value| value.next(self.position, bytes)));
        match self.follower.take(self.now, self.position, bytes) {
            Err(fault) => writeln!(out, "  {}", stopped(&fault)).unwrap(),
            Ok(news) => {
                for news in news {
                    match news {
                        FollowerNews::Lost => *out += "  ALL CONNECTIONS END\n",
                        FollowerNews::Apply { step, own } => {
                            let told = script::told(&step);
                            *out += &told;
                            if own {
                                out.insert_str(out.len() - 1, " <- own");
                            }
                        }
                    }
                }
            }
        }
    }
}

fn same_number(last: &Bytes, entry: &LogEntry) -> bool {
    LogEntry::read(last, &key()).is_ok_and(|last| (last.epoch, last.n) == (entry.epoch, entry.n))
}

fn stopped(fault: &Fault) -> String {
    format!("STOPS: {fault}")
}

#[test]
fn one_entry_is_under_way_and_the_next_one_gathers() {
    check(expect![[r#"
        > say 4 early
          this node is not in the cluster at the moment
        > come in
          appends 100000 0 at 100 hello
        > say 4 early
          this node is not in the cluster at the moment
        > back
          1: 100.0 tick, a.100000 0 comes in, seat 0 <- own
        > say 4 one
          appends 100000 1 at 100 4:one
        > say 4 two
        > say 5 three
        > state
          serves: true, Fresh, undecided of 4 and 5: [2, 1]
        > back
          2: 100.0, a.100000 1 counts 4:one <- own
          appends 100000 2 at 100 4:two 5:three
        > state
          serves: true, Fresh, undecided of 4 and 5: [1, 1]
        > back
          3: 100.0, a.100000 2 counts 4:two 5:three <- own
        > state
          serves: true, Fresh, undecided of 4 and 5: [0, 0]
        # A heartbeat, each second.
        > after 900
        > after 100
          appends 100000 3 at 101 nothing
        > back
          4: 101.0 tick, a.100000 3 counts <- own
        > after 1000
          appends 100000 4 at 102 nothing
    "#]]);
}

#[test]
fn what_does_not_come_back_is_said_again() {
    check(expect![[r#"
        > come in
          appends 100000 0 at 100 hello
        > back
          1: 100.0 tick, a.100000 0 comes in, seat 0 <- own
        > say 4 one
          appends 100000 1 at 100 4:one
        > after 1999
        > after 1
          appends again 100000 1 at 102 4:one
        > say 4 two
        > after 2000
          appends again 100000 1 at 104 4:one
        # All three copies arrive.
        > back
          2: 104.0 tick, a.100000 1 counts 4:one <- own
          appends 100000 2 at 104 4:two
        > state
          serves: true, Notice, undecided of 4 and 5: [1, 0]
        > a.100000 1 at 100 says 4:one
          3: 104.0, a.100000 1 does not count: Again
        > back
          4: 104.0, a.100000 2 counts 4:two <- own
        > back
          5: 104.0, a.100000 2 does not count: Again
    "#]]);
}

#[test]
fn a_node_that_finds_its_own_end_begins_anew() {
    check(expect![[r#"
        > come in
          appends 100000 0 at 100 hello
        > back
          1: 100.0 tick, a.100000 0 comes in, seat 0 <- own
        > b.1 0 at 100 hello
          2: 100.0, b.1 0 comes in, seat 1
        > say 4 one
          appends 100000 1 at 100 4:one
        > say 4 two
        # It was stopped for long; the others have gone on.
        > b.1 1 at 101 says
          3: 101.0 tick, b.1 1 counts
        > b.1 2 at 102 says
          4: 102.0 tick, b.1 2 counts
        > b.1 3 at 103 says
          5: 103.0 tick, b.1 3 counts
        > b.1 4 at 104 says
          6: 104.0 tick, b.1 4 counts
        > b.1 5 at 105 says
          7: 105.0 tick, b.1 5 counts
        > b.1 6 at 106 says
          8: 105.0, b.1 6 counts
        > b.1 7 at 107 says
          9: 105.0, b.1 7 counts
        > b.1 8 at 108 says
          ALL CONNECTIONS END
          10: 108.0 tick, a.100000 ends: Silent, b.1 8 counts
          appends 100001 0 at 100 hello
        > b.1 9 at 109 says
          11: 109.0 tick, b.1 9 counts
        > state
          serves: false, Elsewhere, undecided of 4 and 5: [0, 0]
        > say 4 three
          this node is not in the cluster at the moment
        # What it had said comes late, and does not count.
        > a.100000 1 at 100 says 4:one
          12: 109.0, a.100000 1 does not count: Void
        > back
          13: 109.0, a.100001 0 comes in, seat 0 <- own
        > state
          serves: true, Fresh, undecided of 4 and 5: [0, 0]
        > say 6 four
          appends 100001 1 at 100 6:four
    "#]]);
}

#[test]
fn an_epoch_is_higher_than_all_that_the_log_knows() {
    check(expect![[r#"
        # An earlier run of this node, when the clock was a day ahead.
        > a.86500000 0 at 86500 hello life=3
          1: 86500.0 tick, a.86500000 0 comes in, seat 0
        > come in
          appends 86500001 0 at 100 hello
        > back
          2: 86500.0, a.86500000 ends: Replaced, a.86500001 0 comes in, seat 0 <- own
        > say 4 one
          appends 86500001 1 at 100 4:one
    "#]]);
    check(expect![[r#"
        # That run's hello comes while this one's is under way.
        > come in
          appends 100000 0 at 100 hello
        > a.86500000 0 at 86500 hello life=3
          1: 86500.0 tick, a.86500000 0 comes in, seat 0
          appends 86500001 0 at 100 hello
        > back
          2: 86500.0, a.86500000 ends: Replaced, a.86500001 0 comes in, seat 0 <- own
        > state
          serves: true, Fresh, undecided of 4 and 5: [0, 0]
    "#]]);
}

#[test]
fn a_hello_of_an_earlier_run_with_the_same_epoch_is_not_this_run_s() {
    check(expect![[r#"
        > come in
          appends 100000 0 at 100 hello
        > a.100000 0 at 99 hello life=3
          1: 99.0 tick, a.100000 0 comes in, seat 0
          appends 100001 0 at 100 hello
        > state
          serves: false, Elsewhere, undecided of 4 and 5: [0, 0]
        > back
          2: 100.0 tick, a.100000 ends: Replaced, a.100001 0 comes in, seat 0 <- own
        > state
          serves: true, Fresh, undecided of 4 and 5: [0, 0]
    "#]]);
}

#[test]
fn two_programs_of_one_name_do_not_go_on_for_ever() {
    check(expect![[r#"
        > come in
          appends 100000 0 at 100 hello
        > back
          1: 100.0 tick, a.100000 0 comes in, seat 0 <- own
        > a.200000 0 at 100 hello life=3
          ALL CONNECTIONS END
          2: 100.0, a.100000 ends: Replaced, a.200000 0 comes in, seat 0
          appends 200001 0 at 100 hello
        > back
          3: 100.0, a.200000 ends: Replaced, a.200001 0 comes in, seat 0 <- own
        > a.300000 0 at 100 hello life=3
          ALL CONNECTIONS END
          4: 100.0, a.200001 ends: Replaced, a.300000 0 comes in, seat 0
          appends 300001 0 at 100 hello
        > back
          5: 100.0, a.300000 ends: Replaced, a.300001 0 comes in, seat 0 <- own
        > a.400000 0 at 100 hello life=3
          STOPS: another tr2 serve runs as node a of this cluster; stop one of them, or give it another name with --node
        > words
          last words: Some("Farewell having read 6")
    "#]]);
}

#[test]
fn a_node_that_is_not_let_in_knocks_and_then_gives_up() {
    check(expect![[r#"
        > b.1 0 at 100 hello settings=y
          1: 100.0 tick, b.1 0 comes in, seat 0
        > come in
          appends 100000 0 at 100 hello
        > back
          2: 100.0, a.100000 0 turned away: Settings
        > after 500
        > after 500
          appends 101000 0 at 101 hello
        > back
          3: 100.0, a.101000 0 turned away: Settings
        > after 10000
          appends 111000 0 at 111 hello
        > b.1 1 at 111 says
          4: 111.0 tick, b.1 1 counts
        > back
          5: 111.0, a.111000 0 turned away: Settings
        > after 1000
          appends 112000 0 at 112 hello
        > back
          STOPS: this node cannot come in: its settings differ from those of the nodes that run, in what all must share; make tr2.conf the same on all
    "#]]);
}

#[test]
fn a_planned_leave_says_all_that_waits_first() {
    check(expect![[r#"
        > come in
          appends 100000 0 at 100 hello
        > back
          1: 100.0 tick, a.100000 0 comes in, seat 0 <- own
        > say 4 one
          appends 100000 1 at 100 4:one
        > say 4 two
        > leave
        > say 4 three
          this node is not in the cluster at the moment
        > back
          2: 100.0, a.100000 1 counts 4:one <- own
          appends 100000 2 at 100 4:two
        > back
          3: 100.0, a.100000 2 counts 4:two <- own
          appends 100000 3 at 100 farewell
        > back
          4: 100.0, a.100000 ends: Left, a.100000 3 leaves <- own
        > after 5000
        > state
          serves: false, Elsewhere, undecided of 4 and 5: [0, 0]
    "#]]);
}

#[test]
fn new_settings_have_an_entry_of_their_own() {
    check(expect![[r#"
        > come in
          appends 100000 0 at 100 hello
        > back
          1: 100.0 tick, a.100000 0 comes in, seat 0 <- own
        > after 1000
          appends 100000 1 at 101 nothing
        > say 4 one
        > settings y
        > say 4 two
        > back
          2: 101.0 tick, a.100000 1 counts <- own
          appends 100000 2 at 101 4:one
        > back
          3: 101.0, a.100000 2 counts 4:one <- own
          appends 100000 3 at 101 settings y 1:y
        > back
          4: 101.0, a.100000 3 counts 1:y <- own
          appends 100000 4 at 101 4:two
    "#]]);
}

#[test]
fn a_node_knows_how_old_its_picture_is() {
    check(expect![[r#"
        > state
          serves: false, Elsewhere, undecided of 4 and 5: [0, 0]
        > come in
          appends 100000 0 at 100 hello
        > back
          1: 100.0 tick, a.100000 0 comes in, seat 0 <- own
        > state
          serves: true, Fresh, undecided of 4 and 5: [0, 0]
        > after 2900
          appends 100000 1 at 102 nothing
        > state
          serves: true, Fresh, undecided of 4 and 5: [0, 0]
        > after 100
        > state
          serves: true, Notice, undecided of 4 and 5: [0, 0]
        # Others are heard, but not this node: it is as old as what it said last and heard itself.
        > b.1 0 at 103 hello
          2: 103.0 tick, b.1 0 comes in, seat 1
        > after 6900
          appends again 100000 1 at 109 nothing
        > state
          serves: true, Notice, undecided of 4 and 5: [0, 0]
        > after 100
        > state
          serves: true, Elsewhere, undecided of 4 and 5: [0, 0]
        > back
          3: 108.0 tick, a.100000 1 counts <- own
        > state
          serves: true, Notice, undecided of 4 and 5: [0, 0]
        > back
          4: 108.0, a.100000 1 does not count: Again
        > state
          serves: true, Notice, undecided of 4 and 5: [0, 0]
    "#]]);
}

#[test]
fn what_is_doubtful_waits_and_the_node_says_at_once_what_it_has_read() {
    check(expect![[r#"
        > come in
          appends 100000 0 at 100 hello
        > back
          1: 100.0 tick, a.100000 0 comes in, seat 0 <- own
        > b.1 0 at 100 hello
          2: 100.0, b.1 0 comes in, seat 1
        > after 200
        > junk
          appends 100000 1 at 100 nothing
        > b.1 1 at 100 says 7:seven claims=2
        > back
        > state
          serves: true, Fresh, undecided of 4 and 5: [0, 0]
        > b.1 2 at 100 says 7:eight claims=4
          3: 100.0, - does not count: Unreadable(NotOurs)
          4: 100.0, b.1 1 counts 7:seven
          5: 100.2, a.100000 1 counts <- own
          6: 100.2, b.1 2 counts 7:eight
        > state
          serves: true, Fresh, undecided of 4 and 5: [0, 0]
    "#]]);
}

#[test]
fn what_another_connection_gives_waits_until_others_are_heard() {
    check(expect![[r#"
        > come in
          appends 100000 0 at 100 hello
        > back
          1: 100.0 tick, a.100000 0 comes in, seat 0 <- own
        > b.1 0 at 100 hello
          2: 100.0, b.1 0 comes in, seat 1
        > connects
        > b.1 1 at 100 says 7:seven claims=1
        > b.1 2 at 100 says 7:eight claims=3
          3: 100.0, b.1 1 counts 7:seven
          4: 100.0, b.1 2 counts 7:eight
    "#]]);
}

#[test]
fn rubbish_without_end_holds_nothing_up_for_ever() {
    check(expect![[r#"
        > come in
          appends 100000 0 at 100 hello
        > back
          1: 100.0 tick, a.100000 0 comes in, seat 0 <- own
        > b.1 0 at 100 hello
          2: 100.0, b.1 0 comes in, seat 1
        > after 200
        > junk
          appends 100000 1 at 100 nothing
        > b.1 1 at 100 says 7:seven claims=2
        > junk
        > b.1 2 at 100 says claims=4
          3: 100.0, - does not count: Unreadable(NotOurs)
          4: 100.0, b.1 1 counts 7:seven
        > junk
        > b.1 3 at 100 says claims=6
          5: 100.0, - does not count: Unreadable(NotOurs)
          6: 100.0, b.1 2 counts
        > junk
        > b.1 4 at 100 says claims=9
          7: 100.0, - does not count: Unreadable(NotOurs)
          8: 100.0, b.1 3 counts
          9: 100.0, - does not count: Unreadable(NotOurs)
          10: 100.0, b.1 4 counts
    "#]]);
}

#[test]
fn a_node_whose_log_lies_says_what_it_had_read() {
    check(expect![[r#"
        > come in
          appends 100000 0 at 100 hello
        > back
          1: 100.0 tick, a.100000 0 comes in, seat 0 <- own
        > say 4 one
          appends 100000 1 at 100 4:one
        > back
          2: 100.0, a.100000 1 counts 4:one <- own
        > ends at 1
          STOPS: the log ends at position 1, and this node has applied it up to 2: the log has lost what it had accepted; stop all nodes, and found the log anew with --found on the node that has applied most
        > words
          last words: Some("Alarm having read 2")
        > after 5000
        > say 4 two
          this node is not in the cluster at the moment
        > state
          serves: false, Elsewhere, undecided of 4 and 5: [0, 0]
    "#]]);
}

#[test]
fn what_waits_is_bounded() {
    let mut lab = Lab::new();
    let mut out = String::new();
    lab.play("come in", &mut out);
    lab.play("back", &mut out);
    assert_eq!(lab.follower.say(1, vec![0; MAX_COMMAND].into()), Err(LaneError::TooLong));
    let long = Bytes::from(vec![0; MAX_COMMAND - 12]);
    let mut said = 0;
    while !lab.follower.lane().is_full() {
        lab.follower.say(1, long.clone()).unwrap();
        said += 1;
    }
    // Whoever does not heed it gets an error before twice as much waits.
    while lab.follower.say(1, long.clone()).is_ok() {
        said += 1;
    }
    assert_eq!(said, MAX_WAITING / MAX_COMMAND);
    assert_eq!(lab.follower.say(1, long), Err(LaneError::Full));
    assert_eq!(lab.follower.say(1, Bytes::from_static(b"xx")), Ok(()), "that a connection has ended always fits");
    assert_eq!(lab.follower.lane().under_way_of(1), said + 1);
    for _ in 0..=said {
        let bytes = lab.follower.due(lab.now).unwrap();
        lab.take(&bytes, &mut out);
    }
    assert_eq!(lab.follower.lane().under_way_of(1), 0, "each had an entry of its own");
}
