//! The owners of names: the proved identities that alone may use each.
//!
//! Must not know: who is connected, or how an identity was proved.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;

use crate::model::{FoldedName, Identity, Name, NameKey, Timestamp};
use crate::server::in_order;
use crate::server::limits::{MAX_NAMES_OF_ONE, MAX_OWNERS, MAX_PROOFS};
use crate::server::store::api::{Owner, Proof, changes_hands};
use serde::{Deserialize, Serialize};

/// The ownership of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owned<'a> {
    /// Nobody owns it, nor a name that looks like it.
    Free,
    /// It has this owner.
    By(&'a Owner),
    /// It looks like a name that has this owner.
    LooksLike(&'a Owner),
}

/// Why a name cannot be bound to an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unbound {
    /// The identity has [`MAX_NAMES_OF_ONE`] names already.
    TooManyNames,
    /// There are [`MAX_OWNERS`] owned names already.
    Full,
    /// The name has [`MAX_PROOFS`] identities already.
    TooManyProofs,
}

/// Whose a name is from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ownership {
    /// The owner as it is to be kept.
    pub owner: Owner,
    /// The owner as it was before; without proofs if nobody owned the name.
    pub before: Owner,
    /// Whether the name changes hands: the past of its former holder is not this owner's
    /// ([`changes_hands`]).
    pub changes_hands: bool,
}

/// The owned names.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Owners {
    by_folded: BTreeMap<FoldedName, Owner>,
    /// From what is left of a name without separators to the keys above. Most often that is one; logins and names from
    /// before this was looked at may be several.
    #[serde(serialize_with = "in_order::map")]
    by_near: HashMap<String, BTreeSet<FoldedName>>,
    #[serde(serialize_with = "in_order::map")]
    names_of: HashMap<Identity, BTreeSet<FoldedName>>,
}

impl Owners {
    /// The owners that were known when the server started.
    pub fn of(owners: impl IntoIterator<Item = Owner>) -> Self {
        let mut all = Self::default();
        for owner in owners {
            all.put(owner);
        }
        all
    }

    /// The ownership of a name.
    #[must_use]
    pub fn find(&self, key: &NameKey) -> Owned<'_> {
        if let Some(owner) = self.by_folded.get(&key.folded) {
            return Owned::By(owner);
        }
        let alike = self.near(key).into_iter().find(|owner| owner.name.key().skeleton == key.skeleton);
        alike.map_or(Owned::Free, Owned::LooksLike)
    }

    /// The owners of other names that differ from this one by separators at most, or look like it.
    #[must_use]
    pub fn near(&self, key: &NameKey) -> Vec<&Owner> {
        let near = key.near();
        let names: BTreeSet<&FoldedName> = near.iter().filter_map(|near| self.by_near.get(near)).flatten().collect();
        let others = names.into_iter().filter(|folded| **folded != key.folded);
        others.filter_map(|folded| self.by_folded.get(folded)).collect()
    }

    /// The owner of exactly this name.
    #[must_use]
    pub fn get(&self, name: &Name) -> Option<&Owner> {
        self.by_folded.get(&name.folded())
    }

    /// The names of an identity.
    pub fn names_of(&self, identity: Identity) -> impl Iterator<Item = &Name> {
        let keys = self.names_of.get(&identity).into_iter().flatten();
        keys.filter_map(|folded| Some(&self.by_folded.get(folded)?.name))
    }

    /// Whether a name has an owner.
    #[must_use]
    pub fn has(&self, user: &FoldedName) -> bool {
        self.by_folded.contains_key(user)
    }

    /// An owned name, as its owner spells it.
    #[must_use]
    pub fn named(&self, user: &FoldedName) -> Option<&Name> {
        self.by_folded.get(user).map(|owner| &owner.name)
    }

    /// The owned names, in order.
    pub fn users(&self) -> impl Iterator<Item = &FoldedName> {
        self.by_folded.keys()
    }

    /// Takes a name from its owner.
    pub fn free(&mut self, name: &Name) -> Option<Ownership> {
        let freed = Owner { proofs: Vec::new(), ..self.get(name)?.clone() };
        Some(self.replace(freed))
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

    /// Adds an identity to a name's owner, with the login of a local user.
    pub fn bind(&mut self, name: &Name, (identity, login): (Identity, Option<String>), now: Timestamp) -> Ownership {
        let mut owner =
            self.get(name).cloned().unwrap_or_else(|| Owner { name: name.clone(), since: now, proofs: Vec::new() });
        if !owner.is(identity) {
            owner.proofs.push(Proof { identity, login, since: now });
        }
        self.replace(owner)
    }

    /// Makes an identity the only owner of a name, with the login of a local user.
    pub fn reclaim(&mut self, name: &Name, (identity, login): (Identity, Option<String>), now: Timestamp) -> Ownership {
        let owner = Owner { name: name.clone(), since: now, proofs: vec![Proof { identity, login, since: now }] };
        self.replace(owner)
    }

    /// A local user's login is known. The system gives the number of a former user to another, so what the number owned
    /// under another login is not theirs. Where no login was known, it is this one from now on. Returns what has changed.
    pub fn know_login(&mut self, identity: Identity, login: &str) -> Vec<Ownership> {
        let is_other = |proof: &Proof| proof.identity == identity && proof.login.as_deref() != Some(login);
        let names: Vec<FoldedName> = self.names_of.get(&identity).into_iter().flatten().cloned().collect();
        let owners = names.iter().filter_map(|name| self.by_folded.get(name)).cloned();
        let changed: Vec<Owner> = owners.filter(|owner| owner.proofs.iter().any(is_other)).collect();
        let now_theirs = |mut owner: Owner| {
            owner.proofs.retain(|proof| !is_other(proof) || proof.login.is_none());
            for proof in owner.proofs.iter_mut().filter(|proof| proof.identity == identity) {
                proof.login = Some(login.to_owned());
            }
            self.replace(owner)
        };
        changed.into_iter().map(now_theirs).collect()
    }

    /// Removes an identity from a name; `None` if the name did not have it. A name without identities is free.
    pub fn release(&mut self, name: &Name, identity: Identity) -> Option<Ownership> {
        let mut owner = self.get(name).filter(|owner| owner.is(identity))?.clone();
        owner.proofs.retain(|proof| proof.identity != identity);
        Some(self.replace(owner))
    }

    /// Frees the owned name that looks like this login. A name that a local user owns stays: it may be a login too.
    pub fn evict_look_alike(&mut self, key: &NameKey) -> Option<Ownership> {
        let Owned::LooksLike(owner) = self.find(key) else { return None };
        let is_key = |proof: &Proof| matches!(proof.identity, Identity::Key(_));
        let freed = owner.proofs.iter().all(is_key).then(|| Owner { proofs: Vec::new(), ..owner.clone() })?;
        Some(self.replace(freed))
    }

    /// Puts an owner in the place of the one before. Every change of an owner comes here.
    fn replace(&mut self, owner: Owner) -> Ownership {
        let before = self.get(&owner.name).cloned();
        let before = before.unwrap_or_else(|| Owner { proofs: Vec::new(), ..owner.clone() });
        let changes_hands = changes_hands(&before.proofs, &owner.proofs);
        self.put(owner.clone());
        Ownership { owner, before, changes_hands }
    }

    /// Replaces what is known of a name's owner; without proofs the name is free.
    pub fn put(&mut self, owner: Owner) {
        let key = owner.name.key();
        if let Some(before) = self.by_folded.remove(&key.folded) {
            for near in before.name.key().near() {
                remove(&mut self.by_near, &near, &key.folded);
            }
            for proof in before.proofs {
                remove(&mut self.names_of, &proof.identity, &key.folded);
            }
        }
        if owner.proofs.is_empty() {
            return;
        }
        for proof in &owner.proofs {
            self.names_of.entry(proof.identity).or_default().insert(key.folded.clone());
        }
        for near in key.near() {
            self.by_near.entry(near).or_default().insert(key.folded.clone());
        }
        self.by_folded.insert(key.folded, owner);
    }
}

/// Removes a name from those under a key, and the key with the last of them.
fn remove<K: Eq + Hash>(index: &mut HashMap<K, BTreeSet<FoldedName>>, key: &K, name: &FoldedName) {
    if let Some(names) = index.get_mut(key) {
        names.remove(name);
        if names.is_empty() {
            index.remove(key);
        }
    }
}
