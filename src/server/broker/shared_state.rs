//! The state that all nodes of a chat share, as bytes: equal on all of them at the same place of the log, and enough
//! for another node to go on from there.
//!
//! Not in it: what is local to a connection, the rules, calls, and what is under way.
//!
//! Must not know: what the parts keep, or where the bytes go.

use serde::{Deserialize, Serialize};

use super::{Access, Broker, Calls, Findings, Lifecycle, Messages, Moderation, Peers, Promises, Rooms, Rules, Sweeps};

/// Why a state cannot be written or read. Its `Display` is a sentence for whoever keeps the machine.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// The store has not answered, users are being removed, or somebody has called somebody.
    #[error("the state of the chat cannot be written while something is under way in it")]
    UnderWay,
    /// The bytes are not a state.
    #[error("the state of the chat cannot be read ({0}); another version wrote it, or it is damaged")]
    Unreadable(String),
}

/// The parts as they are written.
#[derive(Serialize)]
struct SharedParts<'a>(&'a Peers, &'a Access, &'a Rooms, &'a Moderation, &'a Messages, &'a Lifecycle);

/// The parts as they are read.
#[derive(Deserialize)]
struct ReadParts(Peers, Access, Rooms, Moderation, Messages, Lifecycle);

impl Broker {
    /// Whether nothing is under way that the shared state does not have.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        let Self { calls, messages, promises, sweeps, .. } = self;
        promises.is_empty() && messages.are_settled() && sweeps.are_done() && calls.are_unused()
    }

    /// The state that all nodes share.
    ///
    /// # Errors
    /// Something is under way.
    pub fn shared_state(&self) -> Result<Vec<u8>, StateError> {
        if !self.is_settled() {
            return Err(StateError::UnderWay);
        }
        let Self { peers, access, rooms, moderation, messages, lifecycle, .. } = self;
        let parts = SharedParts(peers, access, rooms, moderation, messages, lifecycle);
        postcard::to_allocvec(&parts).map_err(|error| StateError::Unreadable(error.to_string()))
    }

    /// A broker that goes on from a shared state, under these rules; `secret` is the one that the nodes share.
    ///
    /// # Errors
    /// The bytes are not a state.
    pub fn from_shared_state(rules: Rules, secret: [u8; 32], state: &[u8]) -> Result<Self, StateError> {
        let read = postcard::from_bytes(state).map_err(|error| StateError::Unreadable(error.to_string()))?;
        let ReadParts(peers, mut access, rooms, moderation, mut messages, mut lifecycle) = read;
        let rules = lifecycle.beside_shared(rules);
        access.goes_on(&rules, secret);
        messages.goes_on(&secret);
        lifecycle.goes_on(rules);
        Ok(Self {
            peers,
            access,
            rooms,
            moderation,
            messages,
            calls: Calls::new(&secret),
            lifecycle,
            promises: Promises::default(),
            sweeps: Sweeps::default(),
            findings: Findings::default(),
        })
    }
}
