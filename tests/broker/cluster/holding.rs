//! What a node does not hand out because it is not sure that the others have the same log: how much that may be, and for how
//! long it waits.

use bytes::Bytes;
use expect_test::expect;
use tr2::model::time::Timestamp;
use tr2::server::cluster::entry::{Applied, LogCommand, LogEntry, MAX_COMMAND, Purpose};
use tr2::server::cluster::fault::Fault;
use tr2::server::cluster::follower::FollowerNews;
use tr2::server::cluster::held::MAX_HELD;

use crate::cluster::lanes::{Lab, check};
use crate::cluster::script::{key, node};

/// The next entry of a node that has been in since its hello: as large as can be, after having read the log up to a position.
fn large(lab: &Lab, name: &str, n: u64, read: u64) -> Bytes {
    let chain = lab.chain[usize::try_from(read).unwrap()];
    let bytes = Bytes::from(vec![0; MAX_COMMAND - 12]);
    let entry = LogEntry {
        founding: 1,
        node: node(name),
        epoch: 1,
        n,
        // The same second all the time: nobody is silent for long.
        stamp: Timestamp(100_000),
        applied: Applied { position: read, chain, digest: None },
        purpose: Purpose::Commands,
        commands: vec![LogCommand { conn: 7, bytes }],
    };
    entry.write(&key()).unwrap()
}

/// A node that starts where the log has this many entries, and two others are in.
fn begun(newest: u64) -> Lab {
    let mut lab = Lab::new();
    lab.follower.reconnected(newest, None).unwrap();
    let mut out = String::new();
    for name in ["b", "c"] {
        lab.play(&format!("{name}.1 0 at 100 hello"), &mut out);
    }
    assert_eq!(out.matches("comes in").count(), 0, "nothing is handed out yet: {out}");
    lab
}

/// The positions that come out when an entry is read.
fn read(lab: &mut Lab, bytes: &Bytes) -> Result<Vec<u64>, Fault> {
    lab.position += 1;
    lab.chain.extend(lab.chain.last().map(|value| value.next(lab.position, bytes)));
    let news = lab.follower.take(lab.now, lab.position, bytes)?;
    let position = |news: FollowerNews| match news {
        FollowerNews::Apply { step, .. } => step.position,
        FollowerNews::Lost => panic!("it is not in"),
    };
    Ok(news.into_iter().map(position).collect())
}

#[test]
fn a_node_that_was_away_for_long_does_not_hold_all_that_it_missed() {
    const MISSED: u64 = 400;
    let mut lab = begun(MISSED);
    let (mut out, mut times) = (Vec::new(), 0);
    for n in 1..MISSED {
        let (name, number) = if n % 2 == 0 { ("b", n / 2) } else { ("c", n / 2 + 1) };
        // Each had read what the other one said before, and c lags a bit.
        let had_read = if name == "b" { lab.position } else { lab.position.saturating_sub(3) };
        let bytes = large(&lab, name, number, had_read);
        let handed = read(&mut lab, &bytes).unwrap();
        assert!(lab.follower.held_bytes() <= MAX_HELD);
        times += usize::from(!handed.is_empty());
        out.extend(handed);
        if lab.position < MISSED {
            assert!(out.last().is_none_or(|last| *last <= lab.position - 3), "c was not heard on it: {out:?}");
        }
    }
    assert!(times > 2, "it comes out bit by bit");
    // From the position on that was the newest one, both are heard as ever.
    for n in [200, 201] {
        let bytes = large(&lab, if n == 200 { "b" } else { "c" }, n, lab.position);
        out.extend(read(&mut lab, &bytes).unwrap());
    }
    assert_eq!(out, (1..=lab.position).collect::<Vec<_>>());
    assert_eq!(lab.follower.held_bytes(), 0);
}

#[test]
fn a_node_stops_where_more_is_unsure_than_it_may_hold() {
    let mut lab = begun(1_000_000);
    // c is in, and does not say that it reads on.
    let mut stopped = Ok(Vec::new());
    for n in 1..1000 {
        let bytes = large(&lab, "b", n, lab.position);
        stopped = read(&mut lab, &bytes);
        match &stopped {
            Ok(handed) => assert_eq!(*handed, [0; 0]),
            Err(_) => break,
        }
        assert!(lab.follower.held_bytes() <= MAX_HELD);
    }
    assert_eq!(stopped, Err(Fault::Unheard { position: 1 }), "that is what its hello said");
    assert_eq!(
        stopped.unwrap_err().to_string(),
        "more than 64 MB of the log came after position 1, and not all nodes that are in say that they have read the same: at \
         least one of them lags behind; start this node again once all of them keep up"
    );
    assert_eq!(lab.follower.held_bytes(), 0);
    let words = LogEntry::read(&lab.follower.last_words(lab.now).unwrap(), &key()).unwrap();
    assert_eq!(words.purpose, Purpose::Farewell, "the log is not at fault");
}

/// What nobody can see: the head of `witness` says why this is so.
#[test]
fn who_alone_has_not_read_what_the_log_lost_goes_on_without_the_others_until_one_of_them_is_back() {
    check(expect![[r#"
        > come in
          appends 100000 0 at 100 hello
        > back
          1: 100.0 tick, a.100000 0 comes in, seat 0 <- own
        > b.1 0 at 100 hello
          2: 100.0, b.1 0 comes in, seat 1
        > c.1 0 at 100 hello
          3: 100.0, c.1 0 comes in, seat 2
        # This node is cut off. b and c read a fourth entry, which the log loses, and die before they can say so.
        > connects
        > say 4 one
          appends 100000 1 at 100 4:one
        > back
        > after 1000
          appends 100000 2 at 101 nothing
        > back
        > after 1000
          appends 100000 3 at 102 nothing
        > back
        > after 1000
          appends 100000 4 at 103 nothing
        > back
        > state
          serves: true, Notice, undecided of 4 and 5: [1, 0]
        > after 1000
          appends 100000 5 at 104 nothing
        > back
        > after 1000
          appends 100000 6 at 105 nothing
        > back
        > after 1000
          appends 100000 7 at 106 nothing
        > back
        > after 1000
          appends 100000 8 at 107 nothing
        > back
        > after 1000
          appends 100000 9 at 108 nothing
        > back
          4: 100.0, a.100000 1 counts 4:one <- own
          5: 101.0 tick, a.100000 2 counts <- own
          6: 102.0 tick, a.100000 3 counts <- own
          7: 103.0 tick, a.100000 4 counts <- own
          8: 104.0 tick, a.100000 5 counts <- own
          9: 105.0 tick, a.100000 6 counts <- own
          10: 105.0, a.100000 7 counts <- own
          11: 105.0, a.100000 8 counts <- own
          12: 108.0 tick, b.1 ends: Silent, c.1 ends: Silent, a.100000 9 counts <- own
        > after 1000
          appends 100000 10 at 109 nothing
        > back
          13: 109.0 tick, a.100000 10 counts <- own
        > after 1000
          appends 100000 11 at 110 nothing
        > back
          14: 110.0 tick, a.100000 11 counts <- own
        > state
          serves: true, Fresh, undecided of 4 and 5: [0, 0]
        # One of the two starts again, and finds another entry than it had read.
        > b.1 1 at 112 alarm claims=4!
          STOPS: node b has read another entry at position 4 than the log has there now: the log has lost what it had accepted; stop all nodes, and found the log anew with --found on the node that has applied most
        > words
          last words: Some("Farewell having read 14")
    "#]]);
}
