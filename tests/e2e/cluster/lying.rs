//! NATS servers that have lost what they confirmed: their folders are put back to an older state, as after a power cut on
//! disks that lie, or a wrong restore. Every node has a copy of its own, notices, and stops; the chat is founded anew from
//! one of them.

use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use super::checker::Story;
use super::people::Person;
use super::reading;
use super::world::World;
use crate::cluster_nodes::{Node, seed, until};
use crate::nats_servers::stream_leader_over;
use crate::serving::{Folder, PATIENCE};

/// How long nodes and people may take to notice: an election, and connections anew.
pub(super) const NOTICED: Duration = Duration::from_secs(60);
/// How long a node may take to answer that does not know yet whether it may.
pub(super) const ANSWERS: Duration = Duration::from_millis(500);
/// How many messages each of two people says before the copy, and after it.
pub(super) const SAID: usize = 30;

/// Copies a folder with all that it holds, in place of what is there.
fn copy(from: &Path, to: &Path) {
    let copied = Command::new("sh").args(["-ec", r#"rm -rf "$1"; cp -a "$0" "$1""#]).args([from, to]).status();
    assert!(copied.unwrap().success());
}

/// Two people at different nodes say something, and all of it is accepted.
pub(super) fn talk(people: &[Person]) {
    for person in people {
        (0..SAID).for_each(|_| person.says_next());
    }
    for person in people {
        person.settles(NOTICED);
    }
}

/// Kills all NATS servers, has something done, and starts them again: those first for which `first` holds.
pub(super) fn without_engines(world: &mut World, act: impl FnOnce(&World), first: impl Fn(usize) -> bool) {
    world.cluster.engines.iter_mut().for_each(|engine| engine.kill());
    act(world);
    for (at, engine) in world.cluster.engines.iter_mut().enumerate() {
        if first(at) {
            engine.starts();
        }
    }
    until("a leader of the stream", NOTICED, || {
        stream_leader_over(&world.cluster.engines, |monitor| world.ground.connect(monitor)).is_some()
    });
    for (at, engine) in world.cluster.engines.iter_mut().enumerate() {
        if !first(at) {
            engine.starts();
        }
    }
}

/// Some of the NATS servers are put back to an older state.
fn put_back(which: &[usize]) {
    let Some(mut world) = World::make() else { return };
    let people = [0, 1].map(|at| world.person(&format!("writer{at}"), at));
    talk(&people);
    let older: Vec<Folder> = (0..3).map(|_| Folder::new()).collect();
    let kept = |at: usize| older[at].path().join("data");
    let keep = |world: &World| (0..3).for_each(|at| copy(&world.cluster.engines[at].data(), &kept(at)));
    without_engines(&mut world, keep, |_| true);
    talk(&people);
    let position = world.agrees();
    let mut story = Story::default();
    for person in &people {
        story.said.insert(person.name.clone(), person.record().said.clone());
    }
    drop(people);
    let put = |world: &World| which.iter().for_each(|at| copy(&kept(*at), &world.cluster.engines[*at].data()));
    without_engines(&mut world, put, |at| which.contains(&at));
    // Whoever asks meanwhile is told all of it, or nothing.
    let begun = Instant::now();
    while world.cluster.nodes.iter_mut().any(|node| !node.has_ended()) {
        assert!(begun.elapsed() < NOTICED, "not all nodes have stopped: {:#?}", world.last_words());
        thread::sleep(ANSWERS);
        for at in 0..3 {
            let stream = world.ground.connect(world.cluster.nodes[at].address()).ok();
            let name = world.cluster.nodes[at].site.name;
            let read = stream.and_then(|stream| reading::tries(stream, ANSWERS));
            story.histories.extend(read.map(|read| (format!("{name} meanwhile"), read)));
        }
    }
    println!("all nodes have stopped after {:.1?}, at {position}", begun.elapsed());
    for node in &mut world.cluster.nodes {
        assert_eq!(node.ends(), Some(1), "{:#?}", node.last(20));
        println!("{}", node.last(1).concat());
        assert!(node.said().contains("--found"), "{} says what is to be done: {:#?}", node.site.name, node.last(20));
    }
    world.cluster.nodes[2].founds(&["--yes"]);
    seed(&world.cluster.nodes, 2);
    world.cluster.nodes.iter_mut().for_each(Node::starts);
    world.cluster.nodes.iter().for_each(Node::serves);
    for node in &world.cluster.nodes {
        let stream = world.ground.connect(node.address()).unwrap();
        story.histories.push((format!("{} anew", node.site.name), reading::over(stream)));
    }
    assert_eq!(story.faults(), [""; 0], "{:#?}", world.last_words());
    let later = world.person("later", 1);
    later.says_next();
    later.settles(PATIENCE);
    assert_eq!(later.record().accepted, 1);
}

#[test]
fn nodes_stop_when_their_log_has_lost_what_it_confirmed_and_nothing_is_lost_when_it_is_founded_anew() {
    put_back(&[0, 1, 2]);
}

#[test]
fn two_lying_servers_of_three_are_noticed_too() {
    if !super::is_long() {
        return println!("skipped: TR2_LONG=1 plays it");
    }
    put_back(&[0, 2]);
}
