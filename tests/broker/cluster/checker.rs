//! What must hold in every simulated world, whatever happens: all nodes do the same at the same position, each word counts
//! once and in its order, and nothing is accepted that does not count.

use std::collections::BTreeMap;

use tr2::server::cluster::chain::ChainValue;
use tr2::server::cluster::step::LogStep;

use crate::cluster::machine::Done;

/// What was seen of all nodes together.
#[derive(Default)]
pub struct Checker {
    /// The chain, the machine's sum and the log's time after each position, as the first node that came there had it.
    positions: BTreeMap<u64, (ChainValue, u64, i64)>,
    /// Where each word counts: client and number.
    words: BTreeMap<(u64, u64), u64>,
    /// Words that were told accepted.
    accepted: BTreeMap<(u64, u64), u64>,
}

impl Checker {
    /// A node has carried out a step.
    pub fn applied(&mut self, node: &str, step: &LogStep, done: &Done, sum: u64) -> Result<(), String> {
        let position = step.position;
        let own = (step.state.chain, sum, step.state.time);
        let first = *self.positions.entry(position).or_insert(own);
        if first.0 != own.0 {
            return Err(format!("{node} shows another log than others at position {position}"));
        }
        if first != own {
            return Err(format!("{node} decided otherwise than others at position {position}: {own:?}, not {first:?}"));
        }
        for word in &done.words {
            let at = *self.words.entry(*word).or_insert(position);
            if at != position {
                return Err(format!("word {word:?} counts at {position} and at {at}"));
            }
        }
        Ok(())
    }

    /// A client was told that its word counts.
    pub fn accepted(&mut self, client: u64, word: u64) -> Result<(), String> {
        let Some(position) = self.words.get(&(client, word)) else {
            return Err(format!("word {word} of client {client} was accepted, and does not count"));
        };
        self.accepted.insert((client, word), *position);
        Ok(())
    }

    /// The log was founded anew after a position: what was after it is gone, and nothing of it may have been accepted.
    pub fn founded_after(&mut self, position: u64) -> Result<(), String> {
        if let Some((word, at)) = self.accepted.iter().find(|(_, at)| **at > position) {
            return Err(format!("word {word:?} was accepted at {at}, and the log was founded anew after {position}"));
        }
        self.positions.retain(|at, _| *at <= position);
        self.words.retain(|_, at| *at <= position);
        Ok(())
    }

    /// How many words were accepted.
    pub fn accepted_count(&self) -> usize {
        self.accepted.len()
    }
}
