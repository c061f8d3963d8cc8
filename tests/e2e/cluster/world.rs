//! Three machines, their cluster, and the people who use it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::checker::Story;
use super::faults::Fault;
use super::ground::Ground;
use super::people::Person;
use super::reading;
use crate::chance::Chance;
use crate::cluster_nodes::{Cluster, metric, metrics_page, until};
use crate::nats_servers::{nats_program, stream_leader_over};
use crate::serving::PATIENCE;

/// How long all may take to go on after a fault is over: the longest pause of a client, and an election.
const GOES_ON: Duration = Duration::from_secs(60);
/// How many messages each writer has accepted before a fault comes, and after it.
const BETWEEN: usize = 5;

/// Three machines and their cluster.
pub(crate) struct World {
    pub(crate) cluster: Cluster,
    pub(crate) ground: Ground,
}

/// Ends what others wait for, however its holder ends.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl World {
    /// Makes it; `None` where there is no NATS server, which is said.
    pub(crate) fn make() -> Option<Self> {
        let program = nats_program()?;
        let ground = Ground::make();
        let cluster = Cluster::found(&program, ground.sites(), &["--log", "info"]);
        Some(Self { cluster, ground })
    }

    /// Somebody who is in the chat, at any of its nodes.
    pub(crate) fn person(&self, name: &str, first: usize) -> Person {
        let mut urls = self.cluster.urls();
        let count = urls.len();
        urls.rotate_left(first % count);
        Person::join(&self.ground.clients(), &urls, name)
    }

    /// The number of a node.
    pub(crate) fn metric(&self, at: usize, name: &str) -> io::Result<Option<f64>> {
        let line = self.ground.connect_on(at, self.cluster.nodes[at].metrics())?;
        Ok(metric(&metrics_page(line)?, name))
    }

    /// How far each node has come in the log.
    pub(crate) fn positions(&self) -> [Option<f64>; 3] {
        [0, 1, 2].map(|at| self.metric(at, "tr2_cluster_position").ok().flatten())
    }

    /// Waits until all nodes are equally far.
    pub(crate) fn agrees(&self) -> f64 {
        let mut agreed = 0.0;
        until("the nodes are equally far", GOES_ON, || {
            let [a, b, c] = self.positions();
            agreed = a.unwrap_or(0.0);
            a.is_some() && a == b && b == c
        });
        agreed
    }

    /// The machine whose NATS server leads the stream, and another one.
    fn leader(&self) -> usize {
        let mut leader = None;
        until("a leader of the stream", GOES_ON, || {
            leader = stream_leader_over(&self.cluster.engines, |monitor| self.ground.connect(monitor));
            leader.is_some()
        });
        leader.unwrap()
    }

    /// What the nodes have printed and logged last.
    pub(crate) fn last_words(&self) -> [Vec<String>; 3] {
        self.cluster.nodes.each_ref().map(|node| node.last(15))
    }

    /// Keeps what the nodes have printed and logged, for whoever looks for the reason of a fault.
    pub(crate) fn keeps_logs(&self, seed: u64) {
        for node in &self.cluster.nodes {
            let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cluster-{seed}-{}.log", node.site.name));
            fs::write(&file, node.last(usize::MAX).join("\n")).unwrap();
            println!("see {}", file.display());
        }
    }

    /// No node has ended by itself.
    #[track_caller]
    pub(crate) fn stands(&mut self) {
        for node in &mut self.cluster.nodes {
            assert!(!node.has_ended(), "{} has ended: {:#?}", node.site.name, node.last(40));
        }
    }

    /// Has people write and read while one fault comes after the other.
    pub(crate) fn goes_through(&mut self, faults: &[Fault], writers: &[Person], pace: Duration, chance: &mut Chance) {
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            for writer in writers {
                scope.spawn(|| writer.writes_on(pace, || !stop.load(Ordering::Relaxed)));
            }
            let _ends = Ends(&stop);
            self.go_on(writers);
            for (number, fault) in faults.iter().enumerate() {
                self.meets(number, *fault, writers, chance);
            }
        });
        for writer in writers {
            writer.settles(GOES_ON);
        }
    }

    fn meets(&mut self, number: usize, fault: Fault, writers: &[Person], chance: &mut Chance) {
        let leader = self.leader();
        let at = if fault.meets_leader { leader } else { (leader + 1 + chance.below(2)) % 3 };
        for writer in writers {
            writer.longest_wait();
        }
        let arrivals = |writers: &[Person]| writers.iter().map(|writer| writer.record().arrivals).sum::<usize>();
        let before = arrivals(writers);
        self.strikes(fault.kind, at);
        // It lasts so long, whatever happens meanwhile.
        thread::sleep(fault.lasts);
        self.heals(fault.kind, at);
        let healed = Instant::now();
        self.go_on(writers);
        let waits: Vec<Duration> = writers.iter().map(Person::longest_wait).collect();
        println!(
            "{number:>3} {:<15} {} {:<9} for {:>5.1?}: longest wait {:>5.1?}, all go on after {:>5.1?}, {} moves",
            format!("{:?}", fault.kind),
            self.cluster.nodes[at].site.name,
            if at == leader { "(leader)" } else { "" },
            fault.lasts,
            waits.iter().max().unwrap(),
            healed.elapsed(),
            arrivals(writers) - before,
        );
    }

    /// Waits until every node and every writer goes on.
    fn go_on(&mut self, writers: &[Person]) {
        self.stands();
        let before = self.positions();
        let wanted: Vec<usize> = writers.iter().map(|writer| writer.record().accepted + BETWEEN).collect();
        for (writer, wanted) in writers.iter().zip(wanted) {
            writer.until("what comes after a fault", GOES_ON, |record| record.accepted >= wanted);
        }
        let most = before.into_iter().flatten().fold(0.0, f64::max);
        let mut now = [None; 3];
        let begun = Instant::now();
        while !now.iter().all(|now| now.is_some_and(|now| now > most)) {
            now = self.positions();
            self.stands();
            assert!(begun.elapsed() < GOES_ON, "not all nodes go on: {now:?} after {before:?}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Collects what everybody knows in the end. The nodes end.
    pub(crate) fn story(&mut self, people: &[Person]) -> Story {
        let mut story = Story::default();
        println!("all nodes have come to {}", self.agrees());
        for node in &self.cluster.nodes {
            let stream = self.ground.connect(node.address()).unwrap();
            story.histories.push((node.site.name.to_owned(), reading::over(stream)));
        }
        // What came last in each place, for whoever did not say it.
        let history = story.histories[0].1.clone();
        for person in people {
            let others = history.iter().filter(|seen| seen.from != person.name);
            let last: BTreeMap<&str, u64> = others.map(|seen| (&*seen.place, seen.id)).collect();
            let seen = |place: &str| person.record().view.iter().rev().find(|seen| seen.place == place).map(|it| it.id);
            for (place, last) in last {
                until(&format!("{} sees the end of {place}", person.name), PATIENCE, || seen(place) >= Some(last));
            }
            let record = person.record();
            story.said.insert(person.name.clone(), record.said.clone());
            story.views.insert(person.name.clone(), record.view.clone());
        }
        for node in &mut self.cluster.nodes {
            node.signal(Signal::TERM);
        }
        for node in &mut self.cluster.nodes {
            let status = node.ends();
            assert_eq!(status, Some(0), "{}: {:#?}", node.site.name, node.last(40));
            let writers = story.said.iter().filter(|(_, said)| !said.is_empty()).map(|(writer, _)| writer.as_str());
            let files = reading::exported(&node.site, &node.data, writers);
            story.histories.push((format!("{}'s files", node.site.name), files));
        }
        story
    }
}
