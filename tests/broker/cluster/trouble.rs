//! What goes wrong in a simulated world, and how it is put right.

use std::collections::BTreeSet;

use bytes::Bytes;
use tr2::server::cluster::entry::NodeId;
use tr2::server::cluster::fault::Fault;

use crate::cluster::faulty_log::FINE;
use crate::cluster::node::Sabotage;
use crate::cluster::sim::{Event, Lie, NODES, World};

impl World {
    /// One more thing goes wrong.
    pub(super) fn trouble(&mut self) {
        self.outcome.troubles += 1;
        let node = self.chance.below(NODES.len());
        let what = self.chance.below(12);
        if self.plan.tells {
            println!("{:>6} trouble {what} for {}", self.now, NODES[node]);
        }
        match what {
            // kill -9, and started again soon or late.
            0..=2 => {
                self.goes(node);
                let longest = if self.chance.below(2) == 0 { 500 } else { 12_000 };
                let after = self.soon(longest);
                self.order(after, Event::Starts(node));
            }
            // SIGSTOP.
            3 | 4 => {
                self.nodes[node].is_paused = true;
                let after = self.soon(14_000);
                self.order(after, Event::Resumes(node));
            }
            // Cut off, both ways or one way.
            5..=7 => {
                self.nodes[node].hears = what == 6;
                self.nodes[node].speaks = what == 7;
                let after = self.soon(12_000);
                self.order(after, Event::Reconnects(node));
            }
            // An election.
            8 => {
                let until = self.now + self.soon(6000);
                self.stands_still(until);
            }
            // The log is started again: what was on its way is lost.
            9 => {
                let until = self.now + self.soon(2000);
                self.events.retain(|_, event| !matches!(event, Event::Arrives(_)));
                self.starts_anew(until);
            }
            // A clock jumps.
            10 => {
                let by = self.chance.below(7_200_000) as i64 - 3_600_000;
                let small = self.chance.below(3000) as i64 - 1500;
                self.nodes[node].clock = if node == self.wrong_clock { by } else { small };
            }
            // It leaves as planned, and comes back.
            _ => {
                if let Some(run) = self.nodes[node].awake() {
                    run.follower.leave();
                    self.appends(node);
                }
            }
        }
    }

    fn stands_still(&mut self, until: i64) {
        self.log.stand_still(until);
        for node in 0..self.nodes.len() {
            self.order(until - self.now + 1, Event::Reads(node));
        }
    }

    /// The log is started again: it is there again at a moment, over other connections.
    fn starts_anew(&mut self, until: i64) {
        self.log.stand_still(until);
        for node in 0..self.nodes.len() {
            if self.nodes[node].hears && self.nodes[node].speaks {
                self.order(until - self.now + 1, Event::Reconnects(node));
            }
        }
    }

    pub(super) fn lies(&mut self) {
        let newest = self.log.newest();
        let lie = self.plan.lie;
        match lie {
            None => {}
            Some(Lie::OneDecidesOtherwise) => {
                let node = self.chance.below(NODES.len());
                self.nodes[node].sabotage = Some(Sabotage::DecidesOtherwise);
                self.wrong_node = Some(node);
            }
            Some(Lie::Flips) => {
                let (node, after) = (self.chance.below(NODES.len()), self.chance.below(5) as u64);
                let bit = self.chance.below(1 << 20);
                self.log.flip(node, newest + 1 + after, bit);
                self.wrong_node = Some(node);
            }
            Some(Lie::LosesTail | Lie::GoesBack) => {
                let most = if lie == Some(Lie::LosesTail) { 12.min(newest) } else { newest };
                let left = newest - 1 - self.chance.below(usize::try_from(most).unwrap()) as u64;
                let applied = self.nodes.iter().filter_map(|node| Some(node.run.as_ref()?.applied)).max();
                self.must_stop = applied.is_some_and(|applied| applied > left);
                self.log.forget_after(left);
                self.events.retain(|_, event| !matches!(event, Event::Arrives(_)));
                let until = self.now + self.soon(1500);
                self.starts_anew(until);
            }
        }
    }

    /// Whether a node stops at an entry only because nobody but it and the one that is wrong was in: of two, none knows
    /// which is right, and both must stop.
    pub(super) fn is_tie(&self, node: usize, fault: &Fault, position: u64, bytes: &Bytes) -> bool {
        let (Fault::OtherLog { others, .. } | Fault::OtherDecisions { others, .. }) = fault else { return false };
        let Some(wrong) = self.wrong_node.filter(|wrong| *wrong != node) else { return false };
        let two = BTreeSet::from([NODES[node], NODES[wrong]]);
        let are_in = self.nodes[node].in_at(position, bytes);
        others == NODES[wrong] && are_in.iter().map(NodeId::as_str).collect::<BTreeSet<_>>() == two
    }

    /// By now nobody goes on who can know that the log has lied, and nobody else has stopped.
    pub(super) fn everybody_knows(&mut self) -> Result<(), String> {
        for node in &self.nodes {
            let must = self.must_stop || self.wrong_node.is_some_and(|wrong| NODES[wrong] == node.name.as_str());
            let has = node.stopped.is_some();
            if must != has && !(has && node.stopped_in_tie) {
                return Err(format!("{}: must stop: {must}, stopped: {:?}", node.name, node.stopped));
            }
        }
        Ok(())
    }

    /// The log is founded anew from the node that has kept most, and the others start from copies of that; or all that have
    /// stopped start from copies of one that has not, or of the one that was right.
    pub(super) fn is_mended(&mut self) -> Result<(), String> {
        let best = (0..self.nodes.len()).filter(|node| self.wrong_node != Some(*node));
        let rank = |node: &usize| (self.nodes[*node].stopped.is_none(), self.nodes[*node].kept_up_to());
        let best = best.max_by_key(rank).unwrap();
        if self.must_stop {
            let position = self.nodes[best].kept_up_to();
            self.nodes[best].found_anew();
            self.log.found(position);
            self.checker.founded_after(position)?;
            self.must_stop = false;
        }
        self.nodes[best].may_start();
        self.log.mend();
        for node in 0..self.nodes.len() {
            if node != best && (self.nodes[node].stopped.is_some()) {
                let (first, second) = self.nodes.split_at_mut(node.max(best));
                let (low, high) = (&mut first[node.min(best)], &mut second[0]);
                let (to, from) = if node < best { (low, high) } else { (high, low) };
                to.copy(from);
                to.sabotage = None;
                self.outcome.stopped += 1;
            }
            self.order(1, Event::Starts(node));
        }
        Ok(())
    }

    pub(super) fn calm(&mut self) {
        self.is_calm = true;
        self.weather = FINE;
        for node in 0..self.nodes.len() {
            self.nodes[node].is_paused = false;
            self.order(0, Event::Starts(node));
            self.order(1, Event::Resumes(node));
            self.order(2, Event::Reconnects(node));
        }
    }
}
