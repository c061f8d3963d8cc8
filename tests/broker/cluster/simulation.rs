//! Simulated worlds by the thousand. One that fails is played again, with all that happens in it, by
//! `TR2_SEED=17 cargo test --test broker simulation -- --nocapture`; `TR2_LONG=1` plays a hundred times as many.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use crate::cluster::node::Sabotage;
use crate::cluster::sim::{Lie, Outcome, Plan, play};

/// Plays worlds of consecutive seeds on all processors; what they have in sum, or the first one that failed.
fn all(worlds: u64, plan: Plan) -> Result<Outcome, String> {
    if let Some(seed) = std::env::var("TR2_SEED").ok().and_then(|seed| seed.parse().ok()) {
        return play(Plan { seed, tells: true, ..plan });
    }
    let next = AtomicU64::new(0);
    let work = || -> Result<Outcome, String> {
        let mut sum = Outcome::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= worlds {
                return Ok(sum);
            }
            let outcome = play(Plan { seed, ..plan }).inspect_err(|_| next.store(worlds, Ordering::Relaxed))?;
            sum.add(&outcome);
        }
    };
    thread::scope(|scope| {
        let threads = thread::available_parallelism().map_or(2, usize::from);
        let parts: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        parts.into_iter().try_fold(Outcome::default(), |mut sum, part| {
            sum.add(&part.join().unwrap()?);
            Ok(sum)
        })
    })
}

impl Outcome {
    fn add(&mut self, other: &Self) {
        self.events += other.events;
        self.entries += other.entries;
        self.accepted += other.accepted;
        self.troubles += other.troubles;
        self.stopped += other.stopped;
    }
}

fn honest() -> Plan {
    Plan { seed: 0, lie: None, sabotage: None, is_chat: false, tells: false }
}

fn worlds(few: u64) -> u64 {
    if std::env::var_os("TR2_LONG").is_some() { few * 100 } else { few }
}

/// Plays worlds that must all be right.
fn right(few: u64, plan: Plan) -> Outcome {
    match all(worlds(few), plan) {
        Ok(outcome) => {
            println!("{plan:?}: {outcome:?}");
            outcome
        }
        Err(violation) => panic!("{violation}\nTR2_SEED shows what happened; see the head of {}", file!()),
    }
}

#[test]
fn nothing_goes_wrong_whatever_happens() {
    let outcome = right(1000, honest());
    if std::env::var_os("TR2_SEED").is_none() {
        assert!(outcome.accepted > 10_000 && outcome.troubles > 5000, "something happens: {outcome:?}");
    }
}

#[test]
fn the_real_broker_decides_the_same_on_every_node() {
    let outcome = right(100, Plan { is_chat: true, ..honest() });
    if std::env::var_os("TR2_SEED").is_none() {
        assert!(outcome.accepted > 1000 && outcome.troubles > 500, "something happens: {outcome:?}");
    }
}

#[test]
fn the_real_broker_shows_nothing_that_a_lying_log_has_lost() {
    for lie in [Lie::LosesTail, Lie::GoesBack, Lie::Flips] {
        right(10, Plan { is_chat: true, lie: Some(lie), ..honest() });
    }
}

/// Plays worlds in which something lies, and returns how many nodes had to start from a copy of another's history.
fn stopped(lie: Lie) -> usize {
    let stopped = right(100, Plan { lie: Some(lie), ..honest() }).stopped;
    if std::env::var_os("TR2_SEED").is_some() { usize::MAX } else { stopped }
}

#[test]
fn a_log_that_loses_its_tail_stops_everybody_and_is_founded_anew() {
    assert!(stopped(Lie::LosesTail) > 150, "it is noticed");
}

#[test]
fn a_log_that_is_put_back_stops_everybody_and_is_founded_anew() {
    assert!(stopped(Lie::GoesBack) >= 200, "it is noticed");
}

#[test]
fn a_flipped_bit_stops_the_node_that_has_it_and_shows_nothing() {
    assert!(stopped(Lie::Flips) >= 100, "it is noticed");
}

#[test]
fn a_node_that_decides_otherwise_stops_and_the_others_go_on() {
    assert!(stopped(Lie::OneDecidesOtherwise) >= 100, "it is noticed");
}

/// The simulation notices what is wrong around the core. What is wrong in it is shown by `tests/threats/mutants`.
#[test]
fn what_is_wrong_on_purpose_is_noticed() {
    for sabotage in [Sabotage::AcceptsEarly, Sabotage::TicksByOwnClock, Sabotage::EndsByOwnClock] {
        let noticed = all(20, Plan { sabotage: Some(sabotage), ..honest() });
        println!("{sabotage:?}: {noticed:?}");
        assert!(noticed.is_err(), "{sabotage:?} goes unnoticed");
    }
}
