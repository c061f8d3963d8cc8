//! Whether the other nodes read the same log as this one, and decide the same. Each entry says what its node had applied;
//! here that is compared with what this node knows itself.
//!
//! Nothing of it has a part in what an entry means: two nodes may know different things here, since one of them started
//! later. A node of which the others' claims differ stops as soon as it has no majority, and shows nothing that it is not
//! sure of meanwhile: see [`Witness::sure_up_to`].
//!
//! # What nobody can see
//! A log that has lost its end is noticed by the nodes that had read it, and by the others from what those say. If all of them
//! are gone before they can say it, say in the same power cut, the rest goes on after eight counted seconds, as it does when
//! nodes have just died: from here the two look alike, and a chat that then stands still would stand still each time a
//! machine fails. The first of them that is started again finds out, and its alarm stops everybody; what either side has
//! accepted and the other has not is in its own histories alone, and founding the log anew keeps one of them. A log that syncs
//! each entry to its disk loses nothing in a power cut.
//!
//! Must not know: what is in an entry beside that claim.

use std::collections::{BTreeMap, VecDeque};

use super::chain::{Chain, ChainValue};
use super::entry::{Applied, Digest, NodeId};
use super::fault::Fault;
use super::roll::Roll;

/// How many sums over own decisions are remembered.
const MAX_DIGESTS: usize = 256;

/// What another node's newest entry says of the log.
#[derive(Clone, Copy, Debug)]
struct Testimony {
    epoch: u64,
    /// Up to where it has the same log.
    agrees: Option<u64>,
    /// Where it has another one.
    other_log: Option<u64>,
    /// Where it decided otherwise.
    other_decisions: Option<u64>,
    /// A sum of its decisions to which this node has not come yet.
    ahead: Option<Digest>,
}

/// What this node knows of the log by itself, and what others say of it.
#[derive(Debug)]
pub(super) struct Witness {
    me: NodeId,
    chain: Chain,
    digests: VecDeque<Digest>,
    said: BTreeMap<NodeId, Testimony>,
    /// What a majority must be heard on.
    doubt: Option<Disagreement>,
    /// What all nodes that are in must be heard on.
    unheard: Option<Disagreement>,
}

/// Positions that may be others than those of the majority.
#[derive(Clone, Copy, Debug)]
struct Disagreement {
    /// From here on, nothing is sure.
    from: u64,
    /// Whoever has the same log up to here has none of this doubt.
    last: u64,
}

impl Disagreement {
    fn widened(before: Option<Self>, from: u64, last: u64) -> Self {
        let before = before.unwrap_or(Self { from, last });
        Self { from: before.from.min(from), last: before.last.max(last) }
    }
}

impl Witness {
    /// A witness that has read up to a position in an earlier run, and does not know what became of the log since.
    pub(super) fn resumed(me: NodeId, position: u64, value: ChainValue) -> Self {
        let chain = Chain::resumed(position, value);
        Self {
            me,
            chain,
            digests: VecDeque::new(),
            said: BTreeMap::new(),
            doubt: Some(Disagreement { from: position, last: position }),
            unheard: None,
        }
    }

    /// Takes down that the log has come to a position.
    pub(super) fn reached(&mut self, value: ChainValue) {
        self.chain.push(value);
    }

    /// Takes down a sum over own decisions, and compares it with what others have said of theirs before.
    pub(super) fn decided(&mut self, digest: Digest) {
        self.digests.push_back(digest);
        if self.digests.len() > MAX_DIGESTS {
            self.digests.pop_front();
        }
        for said in self.said.values_mut() {
            if said.ahead.take_if(|ahead| ahead.position == digest.position).is_some_and(|said| said.sum != digest.sum)
            {
                said.other_decisions = Some(digest.position);
            }
        }
    }

    /// Whether a claim is one of another log than this node has read.
    pub(super) fn contradicts(&self, applied: &Applied) -> bool {
        self.chain.at(applied.position).is_some_and(|value| value != applied.chain)
    }

    /// Takes down that something is wrong at a position, perhaps for this node alone.
    pub(super) fn doubts(&mut self, position: u64) {
        self.doubt = Some(Disagreement::widened(self.doubt, position, position));
    }

    /// Takes down that nothing is sure from a position on, until all nodes have shown to have the same log up to another: one of
    /// them may be the only one that has seen what the log has lost.
    pub(super) fn waits_for_all(&mut self, from: u64, last: u64) {
        self.unheard = Some(Disagreement::widened(self.unheard, from, last));
    }

    /// Up to where it is known that others have the same log. What is applied beyond that must not be shown.
    pub(super) fn sure_up_to(&self) -> u64 {
        let doubts = self.doubt.iter().chain(&self.unheard);
        doubts.map(|doubt| doubt.from.saturating_sub(1)).min().unwrap_or(u64::MAX)
    }

    /// The position on which others must be heard for all doubt to end.
    pub(super) fn doubt(&self) -> Option<u64> {
        self.doubt.iter().chain(&self.unheard).map(|doubt| doubt.last).max()
    }

    /// Compares what a node that is in says of the log with what is known here.
    pub(super) fn compare(&mut self, node: &NodeId, epoch: u64, applied: &Applied, at: u64) {
        let before = self.said.get(node).filter(|before| before.epoch == epoch).copied();
        let mut now =
            before.unwrap_or(Testimony { epoch, agrees: None, other_log: None, other_decisions: None, ahead: None });
        match self.chain.at(applied.position) {
            Some(value) if value == applied.chain => now.agrees = now.agrees.max(Some(applied.position)),
            Some(_) => {
                now.other_log = Some(applied.position);
                self.doubts(at);
            }
            // It lags, or this node has just started.
            None => {}
        }
        if let Some(said) = applied.digest {
            let own = self.digests.iter().rev().find(|own| own.position == said.position);
            match own {
                Some(own) if own.sum == said.sum => {}
                Some(_) => {
                    now.other_decisions = Some(said.position);
                    self.doubts(at);
                }
                None => now.ahead = Some(said),
            }
        }
        self.said.insert(node.clone(), now);
    }

    /// Counts who has the same log and who has not, among the nodes that are in.
    ///
    /// # Errors
    /// Half of the nodes or more have another one, or decided otherwise.
    pub(super) fn judge(&mut self, roll: &Roll) -> Result<(), Fault> {
        self.said.retain(|node, said| roll.living(node, said.epoch).is_some());
        let others = roll.alive().filter(|(node, _)| **node != self.me).count();
        let all = others + 1;
        let split = |place: fn(&Testimony) -> Option<u64>| {
            let against: Vec<(&NodeId, u64)> =
                self.said.iter().filter_map(|(node, said)| Some((node, place(said)?))).collect();
            let first = against.iter().map(|(_, position)| *position).min()?;
            let names: Vec<&str> = against.iter().map(|(node, _)| node.as_str()).collect();
            (against.len() * 2 >= all).then(|| (names.join(" and "), first))
        };
        if let Some((others, position)) = split(|said| said.other_log) {
            return Err(Fault::OtherLog { others, position });
        }
        if let Some((others, position)) = split(|said| said.other_decisions) {
            return Err(Fault::OtherDecisions { others, position });
        }
        if self.doubt().is_some() {
            self.hear(all);
        }
        Ok(())
    }

    /// Ends the doubt in which all nodes that are in must be heard, as far as they have been.
    pub(super) fn settle_for_less(&mut self, roll: &Roll) {
        let others = roll.alive().filter(|(node, _)| **node != self.me).count();
        let heard = self.agreed_by(others);
        if let (Some(doubt), Some(heard)) = (&mut self.unheard, heard) {
            doubt.from = doubt.from.max(heard.saturating_add(1));
        }
    }

    /// Up to where this many others have the same log, if they have shown it.
    fn agreed_by(&self, others: usize) -> Option<u64> {
        let Some(last) = others.checked_sub(1) else { return Some(u64::MAX) };
        let agreed = |(node, said): (&NodeId, &Testimony)| {
            said.agrees.filter(|_| *node != self.me && said.other_log.is_none() && said.other_decisions.is_none())
        };
        let mut agreed: Vec<u64> = self.said.iter().filter_map(agreed).collect();
        agreed.sort_unstable_by(|a, b| b.cmp(a));
        agreed.get(last).copied()
    }

    /// Ends doubts, as far as enough of `all` nodes, with this one, have the same log.
    fn hear(&mut self, all: usize) {
        // With this node, these are more than half.
        let majority = self.agreed_by(all / 2);
        let everybody = self.agreed_by(all - 1);
        if let Some(doubt) = &mut self.doubt {
            match majority {
                Some(agreed) if agreed >= doubt.last => self.doubt = None,
                Some(agreed) => doubt.from = doubt.from.max(agreed + 1),
                None => {}
            }
        }
        if self.unheard.is_some_and(|doubt| everybody.is_some_and(|agreed| agreed >= doubt.last)) {
            self.unheard = None;
        }
    }
}
