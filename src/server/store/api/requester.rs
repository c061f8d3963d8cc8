//! Where an answer is to go.
//!
//! Must not know: what the number stands for (`broker`).
use serde::{Deserialize, Serialize};

/// The broker's number for whoever made a request. The store gives it back with the answer, and reads nothing into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requester(pub u64);
