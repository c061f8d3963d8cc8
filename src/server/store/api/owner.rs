//! Whose a name is, and what proves it.
//!
//! Must not know: who may own what (`broker`).

use crate::model::{Identity, Name, Timestamp};

/// A name that belongs to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The name, as its owner spelled it first.
    pub name: Name,
    /// Since when it belongs to that owner, on the wall clock.
    pub since: Timestamp,
    /// The identities that prove the owner; without any, the name is free.
    pub proofs: Vec<Proof>,
}

/// One of the identities of an owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The identity.
    pub identity: Identity,
    /// When it was added, on the wall clock.
    pub since: Timestamp,
}

impl Owner {
    /// Whether this identity is the owner's.
    #[must_use]
    pub fn is(&self, identity: Identity) -> bool {
        self.proofs.iter().any(|proof| proof.identity == identity)
    }
}
