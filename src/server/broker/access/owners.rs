//! Whose a name is: the verified identities that may use it, and nobody else.
//!
//! Must not know: who is connected, or how an identity was proved.

use crate::server::store::api::{Owner, Proof};
use std::collections::{BTreeSet, HashMap};

use crate::model::{Identity, Name, NameKey, Timestamp};
use crate::server::limits::{MAX_NAMES_OF_ONE, MAX_OWNERS, MAX_PROOFS};

/// What is known of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owned<'a> {
    /// It belongs to nobody, and looks like no name that does.
    Free,
    /// It belongs to somebody.
    By(&'a Owner),
    /// It looks like a name that belongs to somebody.
    LooksLike(&'a Owner),
}

/// Why a name cannot be bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unbound {
    /// The identity has [`MAX_NAMES_OF_ONE`] names.
    TooManyNames,
    /// There are [`MAX_OWNERS`] names.
    Full,
    /// The name has [`MAX_PROOFS`] identities.
    TooManyProofs,
}

/// The names that belong to somebody.
#[derive(Debug, Default)]
pub struct Owners {
    by_folded: HashMap<String, Owner>,
    /// From what a name looks like to its key above.
    by_skeleton: HashMap<String, String>,
    names_of: HashMap<Identity, BTreeSet<String>>,
}

impl Owners {
    /// Those that were known when the server started.
    pub fn of(owners: impl IntoIterator<Item = Owner>) -> Self {
        let mut all = Self::default();
        for owner in owners {
            all.put(owner);
        }
        all
    }

    /// Whose a name is.
    #[must_use]
    pub fn find(&self, key: &NameKey) -> Owned<'_> {
        if let Some(owner) = self.by_folded.get(&key.folded) {
            return Owned::By(owner);
        }
        let alike = self.by_skeleton.get(&key.skeleton).and_then(|folded| self.by_folded.get(folded));
        alike.map_or(Owned::Free, Owned::LooksLike)
    }

    /// The owner of exactly this name.
    #[must_use]
    pub fn get(&self, name: &Name) -> Option<&Owner> {
        self.by_folded.get(&name.key().folded)
    }

    /// The names of an identity.
    pub fn names_of(&self, identity: Identity) -> impl Iterator<Item = &Name> {
        let keys = self.names_of.get(&identity).into_iter().flatten();
        keys.filter_map(|folded| Some(&self.by_folded.get(folded)?.name))
    }

    /// Whether a name could be bound to an identity.
    ///
    /// # Errors
    /// Why not.
    pub fn has_room(&self, name: &Name, identity: Identity) -> Result<(), Unbound> {
        match self.get(name) {
            Some(owner) if owner.is(identity) => Ok(()),
            Some(owner) if owner.proofs.len() >= MAX_PROOFS => Err(Unbound::TooManyProofs),
            None if self.by_folded.len() >= MAX_OWNERS => Err(Unbound::Full),
            _ if self.names_of(identity).count() >= MAX_NAMES_OF_ONE => Err(Unbound::TooManyNames),
            _ => Ok(()),
        }
    }

    /// Makes a name an identity's, beside those it has; gives what is to be kept.
    pub fn bind(&mut self, name: &Name, identity: Identity, now: Timestamp) -> Owner {
        let mut owner =
            self.get(name).cloned().unwrap_or_else(|| Owner { name: name.clone(), since: now, proofs: Vec::new() });
        if !owner.is(identity) {
            owner.proofs.push(Proof { identity, since: now });
        }
        self.put(owner.clone());
        owner
    }

    /// Makes a name an identity's alone, whoever had it.
    pub fn reclaim(&mut self, name: &Name, identity: Identity, now: Timestamp) -> Owner {
        let owner = Owner { name: name.clone(), since: now, proofs: vec![Proof { identity, since: now }] };
        self.put(owner.clone());
        owner
    }

    /// Takes an identity from a name; `None` if it had it not. With its last one, a name is free.
    pub fn release(&mut self, name: &Name, identity: Identity) -> Option<Owner> {
        let mut owner = self.get(name).filter(|owner| owner.is(identity))?.clone();
        owner.proofs.retain(|proof| proof.identity != identity);
        self.put(owner.clone());
        Some(owner)
    }

    /// Frees the name that looks like this one, which is the login of somebody else; gives what is to be kept. A name of
    /// a user of this machine stays: it may be a login too.
    pub fn evict_look_alike(&mut self, key: &NameKey) -> Option<Owner> {
        let Owned::LooksLike(owner) = self.find(key) else { return None };
        let is_key = |proof: &Proof| matches!(proof.identity, Identity::Key(_));
        let freed = owner.proofs.iter().all(is_key).then(|| Owner { proofs: Vec::new(), ..owner.clone() })?;
        self.put(freed.clone());
        Some(freed)
    }

    fn put(&mut self, owner: Owner) {
        let key = owner.name.key();
        if let Some(before) = self.by_folded.remove(&key.folded) {
            let skeleton = before.name.key().skeleton;
            // Two logins may look alike; what is found by the look is the other one then.
            if self.by_skeleton.get(&skeleton) == Some(&key.folded) {
                self.by_skeleton.remove(&skeleton);
            }
            for proof in before.proofs {
                if let Some(names) = self.names_of.get_mut(&proof.identity) {
                    names.remove(&key.folded);
                    if names.is_empty() {
                        self.names_of.remove(&proof.identity);
                    }
                }
            }
        }
        if owner.proofs.is_empty() {
            return;
        }
        for proof in &owner.proofs {
            self.names_of.entry(proof.identity).or_default().insert(key.folded.clone());
        }
        self.by_skeleton.insert(key.skeleton, key.folded.clone());
        self.by_folded.insert(key.folded, owner);
    }
}
