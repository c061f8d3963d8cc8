//! What was read of the log and is not handed out, since it is not sure that the other nodes have the same.
//!
//! Must not know: when something is sure.

use std::collections::VecDeque;

use super::entry::MAX_URL;
use super::step::LogStep;
use crate::model::time::Timestamp;

/// The most that may be held, in bytes.
pub const MAX_HELD: usize = 64 * 1024 * 1024;
/// What a step takes beside the bytes of its entry, at most: itself, and its state,
const STEP: usize = 2048;
/// with this for each node that the log knows.
const NODE: usize = MAX_URL + 256;

/// A step; if this node said its entry, with the moment when.
type HeldStep = (LogStep, Option<Timestamp>);

/// The steps that are held, in their order.
#[derive(Debug, Default)]
pub(super) struct HeldSteps {
    steps: VecDeque<(HeldStep, usize)>,
    bytes: usize,
}

impl HeldSteps {
    /// What they take.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Adds a step whose entry has this many bytes.
    pub(super) fn push(&mut self, step: LogStep, said_at: Option<Timestamp>, entry: usize) {
        let bytes = entry + STEP + NODE * step.state.roll.all().count();
        self.bytes += bytes;
        self.steps.push_back(((step, said_at), bytes));
    }

    /// Takes the next step, if it is at this position or before.
    pub(super) fn pop_up_to(&mut self, position: u64) -> Option<HeldStep> {
        self.steps.front().filter(|((step, _), _)| step.position <= position)?;
        let (held, bytes) = self.steps.pop_front()?;
        self.bytes -= bytes;
        Some(held)
    }

    /// Takes down that nobody is left to whom this node could answer.
    pub(super) fn answers_nobody(&mut self) {
        self.steps.iter_mut().for_each(|((_, said_at), _)| *said_at = None);
    }
}
