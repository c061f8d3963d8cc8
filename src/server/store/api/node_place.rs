//! What a node keeps of the log that it shares with others.
//!
//! Must not know: what the bytes mean (`cluster`).

/// From what a node goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodePlace {
    /// The state of the log after the last step.
    pub log: Vec<u8>,
    /// The state of the chat some steps before.
    pub chat: Vec<u8>,
    /// What was done since, step by step.
    pub deeds: Vec<Vec<u8>>,
}
