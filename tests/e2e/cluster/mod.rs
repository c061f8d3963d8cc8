//! Several nodes serve one chat over a log in three NATS servers: real processes, on machines of their own where there may
//! be such, with real clients, while everything fails that can.
//!
//! | what is tested, and how                                           | where      |
//! | ----------------------------------------------------------------- | ---------- |
//! | three nodes through a plan of faults                              | here       |
//! | NATS servers that have lost what they confirmed                   | `lying`    |
//! | NATS servers in whose files a bit flips                           | `flipped`  |
//! | helper: machines, or addresses of this one                        | `ground`   |
//! | helper: the cluster, and people who use it while it fails         | `world`    |
//! | helper: faults, and a plan of them                                | `faults`   |
//! | helper: people who write and read, by the real client             | `people`   |
//! | helper: what a node has, by the protocol and from its files       | `reading`  |
//! | helper: what was told against what was seen and what is kept      | `checker`  |
//!
//! `TR2_SEED=7` is another plan, `TR2_LONG=1` has 200 faults, and `TR2_CLUSTER_FAULTS=1000` as many as it says:
//! `cargo test --test e2e cluster -- --nocapture` shows each.

mod checker;
mod faults;
mod flipped;
mod ground;
mod lying;
mod people;
mod reading;
mod world;

use std::io::Write as _;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use faults::plan;
use people::Person;
use world::World;

use crate::chance::Chance;
use crate::cluster_nodes::until;
use crate::serving::{PATIENCE, Peer};

/// A plan of faults, and the people who write and read meanwhile.
struct Extent {
    faults: usize,
    writers: usize,
    readers: usize,
    /// How often each writer says something.
    pace: Duration,
    /// How long a fault lasts at most.
    longest: Duration,
}

/// In the suite, other tests run beside it.
const SHORT: Extent =
    Extent { faults: 8, writers: 4, readers: 2, pace: Duration::from_millis(50), longest: Duration::from_secs(5) };
const LONG: Extent =
    Extent { faults: 200, writers: 8, readers: 4, pace: Duration::from_millis(25), longest: Duration::from_secs(14) };

/// Whether to run more of everything.
fn is_long() -> bool {
    std::env::var_os("TR2_LONG").is_some()
}

/// A number from the environment.
fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap())
}

#[test]
fn nothing_that_three_nodes_have_accepted_is_lost_doubled_or_out_of_order_whatever_fails() {
    let Some(mut world) = World::make() else { return };
    let begun = Instant::now();
    let seed = number("TR2_SEED").unwrap_or(20_261_130);
    let asked = number("TR2_CLUSTER_FAULTS").map(|count| usize::try_from(count).unwrap());
    let extent = if is_long() || asked > Some(SHORT.faults) { LONG } else { SHORT };
    let faults = plan(seed, asked.unwrap_or(extent.faults), &world, extent.longest);
    let person = |kind: &str, at: usize| world.person(&format!("{kind}{at}"), at);
    let mut people: Vec<Person> = (0..extent.writers).map(|at| person("writer", at)).collect();
    people.extend((0..extent.readers).map(|at| person("reader", at)));
    world.goes_through(&faults, &people[..extent.writers], extent.pace, &mut Chance(seed + 1));
    let story = world.story(&people);
    let accepted: usize = people.iter().map(|person| person.record().accepted).sum();
    println!("{accepted} accepted through {} faults in {:.0?} (seed {seed})", faults.len(), begun.elapsed());
    let faults = story.faults();
    if !faults.is_empty() {
        world.keeps_logs(seed);
    }
    assert!(faults.is_empty(), "seed {seed}: {} faults, of which {:#?}", faults.len(), &faults[..faults.len().min(20)]);
}

#[test]
fn a_client_whose_first_try_comes_late_connects_again_and_is_not_turned_out() {
    let Some(world) = World::make() else { return };
    let hello = format!("x | server | session | {:032x}\nx | server | name | ann\n", 7);
    let [_, slow, other] = &world.cluster.nodes;
    slow.signal(Signal::STOP);
    let mut first = world.ground.connect(slow.address()).unwrap();
    first.write_all(hello.as_bytes()).unwrap();
    drop(first);
    let come = || {
        let mut ann = Peer::on(world.ground.connect(other.address()).unwrap());
        ann.send(hello.as_bytes());
        ann.until(" | connection_confirmation | ");
        ann
    };
    let mut ann = come();
    slow.signal(Signal::CONT);
    let refused = ann.until(" | refused | ");
    assert!(refused.contains(" | refused | elsewhere "), "{refused}");
    come().ask("@ref=1 x | all clients | broadcast_not_me | here", " | accepted");
}

#[test]
fn who_comes_to_a_node_that_starts_again_is_not_taken_for_somebody_who_was_there_before() {
    let Some(mut world) = World::make() else { return };
    let connect = |world: &World| world.ground.connect(world.cluster.nodes[1].address());
    let before: Vec<Peer> = (0..5)
        .map(|number| {
            let mut peer = Peer::on(connect(&world).unwrap());
            peer.ask(&format!("x | server | name | before{number}"), " | connection_confirmation | ");
            peer
        })
        .collect();
    world.cluster.nodes[1].kill();
    world.cluster.nodes[1].starts();
    // The others do not know yet that those before are gone.
    let mut comers = Vec::new();
    until("the node is in", PATIENCE, || {
        comers.extend(connect(&world));
        world.stands();
        world.cluster.nodes[1].said().contains("event=in_touch")
    });
    drop((before, comers));
    let agreed = world.agrees();
    until("some more seconds are compared", PATIENCE, || {
        world.stands();
        world.positions().iter().all(|position| *position > Some(agreed + 12.0))
    });
}
