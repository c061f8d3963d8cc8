//! Whose a name is, what proves it, and when it changes hands.
//!
//! # Whose the past of a name is
//!
//! Whoever holds a name holds one *generation* of it. What is said to a name, and what its holder has read, belongs to the
//! generation of that time; a later holder sees nothing of it: no private message, summary, unread count, read mark or
//! search hit, and none of the labels that were used. The users at the other end keep their own side.
//!
//! A name changes hands when nothing that proved its holder before proves its holder after:
//!
//! | what happens | before | after | new generation |
//! | --- | --- | --- | --- |
//! | a name that was only claimed is bound by a key or a login | nobody | X | yes |
//! | a user claims a name that belongs to nobody | nobody | nobody | no: it is anybody's |
//! | an owner adds a key, or takes one away | X | X, Y | no: what proved them still does |
//! | a login takes its name back | X | Y | yes |
//! | a login has a name that looks like it taken away | X | nobody | yes, and again when it is bound |
//! | a login is gone, and its number is another's | X (old login) | X (new login) | yes |
//!
//! An owner who takes another name takes their generation with them ([`super::Update::Rename`]): of the name that they
//! leave, the next holder is another user.
//!
//! The store decides this by the proofs that it has itself, in the transaction that replaces them: no owner is ever kept
//! without it, and what is said before and after is told apart by the order of the jobs.
//!
//! Must not know: who may own what (`broker`).

use crate::model::{Identity, Name, Timestamp};
use serde::{Deserialize, Serialize};

/// A name that belongs to somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The name, as its owner spelled it first.
    pub name: Name,
    /// Since when it belongs to that owner, on the wall clock.
    pub since: Timestamp,
    /// The identities that prove the owner; without any, the name is free.
    pub proofs: Vec<Proof>,
}

/// One of the identities of an owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The identity.
    pub identity: Identity,
    /// The login that a local user had then: the system gives the numbers of former users to others. `None` for a key, and
    /// for a user without a login.
    pub login: Option<String>,
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

impl Proof {
    /// Whether both prove the same person: the same key, or the same number of a local user with the same login, if both
    /// logins are known.
    #[must_use]
    pub fn is_of_same(&self, other: &Self) -> bool {
        let differs = |login: &String| other.login.as_ref().is_some_and(|theirs| theirs != login);
        self.identity == other.identity && !self.login.as_ref().is_some_and(differs)
    }
}

/// Whether a name changes hands when these proofs follow those before.
#[must_use]
pub fn changes_hands(before: &[Proof], after: &[Proof]) -> bool {
    let stays = before.iter().any(|old| after.iter().any(|new| old.is_of_same(new)));
    let nobody = before.is_empty() && after.is_empty();
    !(stays || nobody)
}
