//! Faults, and a plan of them that is the same for the same seed.

use std::time::Duration;

use rustix::process::Signal;

use super::world::World;
use crate::chance::Chance;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A NATS server is killed, and started again with its files.
    EngineKilled,
    /// A NATS server stops for a while.
    EngineStopped,
    /// A node is killed, and started again.
    NodeKilled,
    /// A node stops for a while.
    NodeStopped,
    /// A machine's line is cut.
    CutOff,
    /// What a machine sends does not arrive, and it hears the others.
    Mute,
    /// A machine hears nothing, and the others hear it.
    Deaf,
    /// Two machines do not reach one another, and clients reach both.
    Apart,
    /// A fifth of what a machine sends is lost.
    Lossy,
    /// What a machine sends arrives a fifth of a second later.
    Late,
    /// A machine's NATS server and node are killed together.
    MachineKilled,
    /// All NATS servers are killed together.
    EnginesKilled,
}

/// Those of which each plan has one of each, before any comes again.
const FIRST: [Kind; 8] = [
    Kind::EngineKilled,
    Kind::EngineStopped,
    Kind::NodeKilled,
    Kind::NodeStopped,
    Kind::CutOff,
    Kind::Mute,
    Kind::Apart,
    Kind::MachineKilled,
];
/// Those that longer plans have as well.
const MORE: [Kind; 4] = [Kind::Deaf, Kind::Lossy, Kind::Late, Kind::EnginesKilled];

/// One fault of a plan.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault {
    pub(crate) kind: Kind,
    /// Whether it meets the machine whose NATS server leads the stream when it comes, or another one.
    pub(crate) meets_leader: bool,
    /// How long it lasts.
    pub(crate) lasts: Duration,
}

/// So many faults, which a world can have.
pub(crate) fn plan(seed: u64, count: usize, world: &World, longest: Duration) -> Vec<Fault> {
    let mut chance = Chance(seed);
    let mut kinds: Vec<Kind> = Vec::new();
    while kinds.len() < count {
        let mut round = FIRST.to_vec();
        if !kinds.is_empty() {
            round.extend(MORE);
        }
        round.retain(|kind| world.can(*kind));
        while !round.is_empty() {
            kinds.push(round.swap_remove(chance.below(round.len())));
        }
    }
    kinds.truncate(count);
    let shortest = Duration::from_secs(2);
    let more = usize::try_from((longest - shortest).as_millis()).unwrap();
    let fault = |kind| Fault {
        kind,
        meets_leader: chance.below(2) == 0,
        lasts: shortest + Duration::from_millis(chance.below(more) as u64),
    };
    kinds.into_iter().map(fault).collect()
}

/// Rules under which packets are lost on their way out of a machine, or into it.
fn losing(hook: &str, what: &str) -> String {
    format!("table inet cut {{ chain {hook} {{ type filter hook {hook} priority 0;\n{what} drop\n}}\n}}")
}

/// Rules under which a machine and another one lose what they send each other.
fn apart(at: usize, world: &World) -> String {
    let ip = world.cluster.nodes[at].site.ip;
    format!(
        "table inet cut {{
           chain input {{ type filter hook input priority 0; 
             ip saddr {ip} drop
           }}
           chain output {{ type filter hook output priority 0; 
             ip daddr {ip} drop
           }}
         }}"
    )
}

impl World {
    /// Whether there can be such a fault here.
    pub(crate) fn can(&self, kind: Kind) -> bool {
        let Some((machine, _)) = self.ground.line(0) else {
            return !matches!(kind, Kind::CutOff | Kind::Mute | Kind::Deaf | Kind::Apart | Kind::Lossy | Kind::Late);
        };
        match kind {
            Kind::Mute | Kind::Deaf | Kind::Apart | Kind::Lossy => machine.tries("nft list ruleset >/dev/null", ""),
            Kind::Late => {
                let tries = "tc qdisc add dev lo root netem delay 1ms 2>/dev/null && tc qdisc del dev lo root";
                machine.tries(tries, "")
            }
            _ => true,
        }
    }

    /// Something goes wrong with a machine.
    pub(crate) fn strikes(&mut self, kind: Kind, at: usize) {
        let hub_end = format!("lan{at}");
        let rules = |world: &Self, rules: &str| {
            let (machine, _) = world.ground.line(at).unwrap();
            assert!(machine.tries("nft -f -", rules), "{rules}");
        };
        match kind {
            Kind::EngineKilled => self.cluster.engines[at].kill(),
            Kind::EngineStopped => self.cluster.engines[at].signal(Signal::STOP),
            Kind::NodeKilled => self.cluster.nodes[at].kill(),
            Kind::NodeStopped => self.cluster.nodes[at].signal(Signal::STOP),
            Kind::CutOff => self.ground.line(at).unwrap().1.runs(&format!("ip link set {hub_end} down")),
            Kind::Mute => rules(self, &losing("output", "oifname lan")),
            Kind::Deaf => rules(self, &losing("input", "iifname lan")),
            Kind::Apart => rules(self, &apart((at + 1) % 3, self)),
            Kind::Lossy => rules(self, &losing("output", "oifname lan numgen random mod 5 == 0")),
            Kind::Late => self.ground.line(at).unwrap().0.runs("tc qdisc add dev lan root netem delay 200ms"),
            Kind::MachineKilled => {
                self.cluster.engines[at].kill();
                self.cluster.nodes[at].kill();
            }
            Kind::EnginesKilled => self.cluster.engines.iter_mut().for_each(|engine| engine.kill()),
        }
    }

    /// What went wrong is put right.
    pub(crate) fn heals(&mut self, kind: Kind, at: usize) {
        let hub_end = format!("lan{at}");
        match kind {
            Kind::EngineKilled => self.cluster.engines[at].starts(),
            Kind::EngineStopped => self.cluster.engines[at].signal(Signal::CONT),
            Kind::NodeKilled => self.cluster.nodes[at].starts(),
            Kind::NodeStopped => self.cluster.nodes[at].signal(Signal::CONT),
            Kind::CutOff => self.ground.line(at).unwrap().1.runs(&format!("ip link set {hub_end} up")),
            Kind::Mute | Kind::Deaf | Kind::Apart | Kind::Lossy => {
                self.ground.line(at).unwrap().0.runs("nft delete table inet cut");
            }
            Kind::Late => self.ground.line(at).unwrap().0.runs("tc qdisc del dev lan root"),
            Kind::MachineKilled => {
                self.cluster.engines[at].starts();
                self.cluster.nodes[at].starts();
            }
            Kind::EnginesKilled => self.cluster.engines.iter_mut().for_each(|engine| engine.starts()),
        }
    }
}
