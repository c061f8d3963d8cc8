//! The nodes of the cluster as the log knows them: who is in, in which epoch, what its next entry is, and how long nothing
//! counted from it.
//!
//! Silence is measured in **counted seconds**, which pass in the log and nowhere else: one passes when a node says something
//! in another second of its own clock than before, and has done so already since the last one passed. Each node says
//! something every second, so one passes each second, however many nodes there are and however wrong their clocks. A jump
//! of a clock, or a log that stood still for a minute, counts as one.
//!
//! Must not know: who reads this, and what time it is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::entry::{Hello, NodeId, Versions};
use crate::model::time::Timestamp;

/// A node from which nothing counted for this many counted seconds is gone.
pub const GONE_AFTER: u8 = 8;
/// How many nodes a log may ever know. Nothing is forgotten of a node that left: its epochs must go on rising.
pub const MAX_NODES: usize = 64;

/// What the log knows of one node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeRecord {
    /// Its number in the log, in the order of the first appearances, from 0 on. It is never another node's.
    pub seat: u16,
    /// Its newest epoch.
    pub epoch: u64,
    /// Whether that epoch is alive.
    pub alive: bool,
    /// Where that epoch ended, if it is not alive.
    pub ended_at: u64,
    /// The random number that this epoch's hello had.
    pub life: u64,
    /// Where clients reach it.
    pub url: String,
    /// The versions of the rules that it can apply.
    pub versions: Versions,
    /// The number of its next entry.
    pub next: u64,
    /// The stamp of its last entry that counted, in milliseconds since 1970.
    pub stamp: i64,
    /// Counted seconds since something counted from it.
    pub silent: u8,
    /// Whether it has said something in another second since the last counted second.
    beaten: bool,
}

/// All nodes, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Roll(BTreeMap<NodeId, NodeRecord>);

impl Roll {
    /// What is known of a node.
    #[must_use]
    pub fn get(&self, node: &NodeId) -> Option<&NodeRecord> {
        self.0.get(node)
    }

    /// The nodes that are in.
    pub fn alive(&self) -> impl Iterator<Item = (&NodeId, &NodeRecord)> {
        self.0.iter().filter(|(_, record)| record.alive)
    }

    /// All nodes that were ever known.
    pub fn all(&self) -> impl Iterator<Item = (&NodeId, &NodeRecord)> {
        self.0.iter()
    }

    /// The record of a node, if this is its epoch and that is alive.
    #[must_use]
    pub fn living(&self, node: &NodeId, epoch: u64) -> Option<&NodeRecord> {
        self.get(node).filter(|record| record.alive && record.epoch == epoch)
    }

    /// The highest version that all nodes that are in can apply; `None` if none is in.
    #[must_use]
    pub fn common_version(&self) -> Option<u16> {
        self.alive().map(|(_, record)| record.versions.highest).min()
    }

    /// The newest stamp of the node in the middle: half of those that are in, or more, have a clock that is as far or
    /// farther. With an even number it is the lower one of the two.
    #[must_use]
    pub fn middle_stamp(&self) -> Option<Timestamp> {
        let mut stamps: Vec<i64> = self.alive().map(|(_, record)| record.stamp).collect();
        stamps.sort_unstable();
        let middle = stamps.len().checked_sub(1)? / 2;
        stamps.get(middle).copied().map(Timestamp)
    }

    /// Ends the epoch of a node, if it has one that is alive, and says which.
    pub(super) fn end(&mut self, node: &NodeId, position: u64) -> Option<u64> {
        let record = self.0.get_mut(node).filter(|record| record.alive)?;
        (record.alive, record.ended_at) = (false, position);
        Some(record.epoch)
    }

    /// Whether there is room for a node.
    pub(super) fn has_room(&self, node: &NodeId) -> bool {
        self.0.len() < MAX_NODES || self.0.contains_key(node)
    }

    /// Takes a node's new epoch down, as alive or as one that does not come in, and returns the node's seat.
    pub(super) fn write_down(
        &mut self,
        node: &NodeId,
        (epoch, position): (u64, u64),
        hello: &Hello,
        comes_in: bool,
    ) -> u16 {
        let seat = u16::try_from(self.0.len()).unwrap_or(u16::MAX);
        let record = self.0.entry(node.clone()).or_insert_with(|| NodeRecord {
            seat,
            epoch,
            alive: false,
            ended_at: 0,
            life: 0,
            url: String::new(),
            versions: hello.versions,
            next: 0,
            stamp: i64::MIN,
            silent: 0,
            beaten: false,
        });
        record.epoch = epoch;
        (record.alive, record.ended_at) = (comes_in, position);
        record.life = hello.life;
        record.url.clone_from(&hello.url);
        record.versions = hello.versions;
        record.next = 1;
        record.silent = 0;
        record.seat
    }

    /// Counts the next entry of a node that is in.
    pub(super) fn count(&mut self, node: &NodeId) {
        if let Some(record) = self.0.get_mut(node) {
            record.next += 1;
            record.silent = 0;
        }
    }

    /// Takes a node's stamp down, and returns the nodes that are silent for too long now.
    pub(super) fn beat(&mut self, node: &NodeId, stamp: Timestamp) -> Vec<NodeId> {
        let Some(record) = self.0.get_mut(node) else { return Vec::new() };
        let same_second = record.stamp.div_euclid(1000) == stamp.0.div_euclid(1000);
        record.stamp = stamp.0;
        if same_second || !std::mem::replace(&mut record.beaten, true) {
            return Vec::new();
        }
        let mut silent = Vec::new();
        for (other, record) in self.0.iter_mut().filter(|(other, _)| *other != node) {
            record.beaten = false;
            record.silent = record.silent.saturating_add(1);
            if record.alive && record.silent >= GONE_AFTER {
                silent.push(other.clone());
            }
        }
        silent
    }
}
