//! What is found out of connections to this node and concerns others: it is decided as if somebody had said it, on every
//! node of the chat.
//!
//! Must not know: what follows from it.

use std::collections::VecDeque;

use super::input::Input;

/// What was found out, in order.
#[derive(Debug, Default)]
pub(in crate::server::broker) struct Findings {
    waiting: VecDeque<Input>,
}

impl Findings {
    /// Adds a finding.
    pub(in crate::server::broker) fn add(&mut self, finding: Input) {
        self.waiting.push_back(finding);
    }

    /// Takes the first.
    pub(in crate::server::broker) fn next(&mut self) -> Option<Input> {
        self.waiting.pop_front()
    }

    /// Takes all.
    pub(in crate::server::broker) fn take(&mut self) -> Vec<Input> {
        self.waiting.drain(..).collect()
    }
}
