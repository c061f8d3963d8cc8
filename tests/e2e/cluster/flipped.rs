//! A bit that flips in the files of NATS servers, as on a disk that fails: whoever reads it later is served the right words
//! or none. Each node goes on, or stops and says what is to be done.

use std::fs;
use std::path::Path;

use super::checker::{Seen, Story};
use super::lying::{ANSWERS, NOTICED, SAID, talk, without_engines};
use super::reading;
use super::world::World;
use crate::cluster_nodes::{Node, seed, until};
use crate::serving::PATIENCE;

/// Flips the last bit of a text wherever it stands in a folder; how often it stood there.
fn flip(folder: &Path, text: &[u8]) -> usize {
    let mut flipped = 0;
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            flipped += flip(&entry.path(), text);
            continue;
        }
        let mut bytes = fs::read(entry.path()).unwrap();
        let found: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(text)).collect();
        for at in &found {
            bytes[at + text.len() - 1] ^= 1;
        }
        if !found.is_empty() {
            fs::write(entry.path(), bytes).unwrap();
        }
        flipped += found.len();
    }
    flipped
}

/// What somebody reads whom a node lets in, if it is so many messages.
fn reads_all(world: &World, at: usize, count: usize) -> Option<Vec<Seen>> {
    let stream = world.ground.connect(world.cluster.nodes[at].address()).ok()?;
    reading::tries(stream, ANSWERS).filter(|read| read.len() >= count)
}

/// A bit flips on some of the NATS servers, in an entry that one node has yet to read.
fn bit_flips(which: &[usize]) {
    let Some(mut world) = World::make() else { return };
    let people = [0, 1].map(|at| world.person(&format!("writer{at}"), at));
    talk(&people);
    world.agrees();
    world.cluster.nodes[2].kill();
    talk(&people);
    let text = people[0].record().said[SAID + SAID / 2].text.clone();
    let mut story = Story::default();
    for person in &people {
        story.said.insert(person.name.clone(), person.record().said.clone());
    }
    without_engines(
        &mut world,
        |world| {
            for at in which {
                let flipped = flip(&world.cluster.engines[*at].data(), text.as_bytes());
                assert!(flipped > 0, "{text:?} does not stand in the files of server {at}");
            }
        },
        |_| true,
    );
    world.cluster.nodes[2].starts();
    drop(people);
    let (mut standing, mut read) = (Vec::new(), Vec::new());
    until("each node goes on, or stops", NOTICED, || {
        let nodes = world.cluster.nodes.iter_mut().enumerate();
        standing = nodes.filter_map(|(at, node)| (!node.has_ended()).then_some(at)).collect();
        read = standing.iter().filter_map(|at| reads_all(&world, *at, 4 * SAID)).collect();
        read.len() == standing.len()
    });
    println!("of the servers {which:?}: nodes {standing:?} go on");
    for at in (0..3).filter(|at| !standing.contains(at)) {
        let node = &mut world.cluster.nodes[at];
        assert_eq!(node.ends(), Some(1), "{:#?}", node.last(20));
        println!("{}", node.last(1).concat());
        assert!(node.said().contains("--found") || node.said().contains("seed"), "{:#?}", node.last(20));
    }
    if standing.is_empty() {
        world.cluster.nodes[0].founds(&["--yes"]);
        seed(&world.cluster.nodes, 0);
        world.cluster.nodes.iter_mut().for_each(Node::starts);
        world.cluster.nodes.iter().for_each(Node::serves);
        standing.extend(0..3);
        let connect = |at: &usize| world.ground.connect(world.cluster.nodes[*at].address()).unwrap();
        read.extend(standing.iter().map(|at| reading::over(connect(at))));
    }
    let names = standing.iter().map(|at| world.cluster.nodes[*at].site.name.to_owned());
    story.histories.extend(names.zip(read));
    assert_eq!(story.faults(), [""; 0], "{:#?}", world.last_words());
    let later = world.person("later", standing[0]);
    later.says_next();
    later.settles(PATIENCE);
    assert_eq!(later.record().accepted, 1);
}

#[test]
fn a_bit_that_flips_on_one_server_alters_nothing_that_anybody_is_shown() {
    bit_flips(&[0]);
}

#[test]
fn a_bit_that_flips_on_more_servers_alters_nothing_either() {
    if !super::is_long() {
        return println!("skipped: TR2_LONG=1 plays it");
    }
    bit_flips(&[1]);
    bit_flips(&[0, 2]);
    bit_flips(&[0, 1, 2]);
}
