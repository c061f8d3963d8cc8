//! Codes that add another key to one's own name: each is valid once, for minutes, and not after a restart.
//!
//! Must not know: who may make a code, or how it is drawn (`codes`).

use std::collections::BTreeMap;

use super::codes::CodeHash;
use crate::model::{FoldedName, Name, Timestamp};
use crate::server::limits::{KEY_CODE_LIFE, MAX_KEY_CODES, MAX_KEY_CODES_OF_ONE};
use serde::{Deserialize, Serialize};

/// The codes that can still be used.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct KeyCodes {
    live: Vec<KeyCode>,
}

/// A code; its fields are nobody else's matter.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct KeyCode {
    hash: CodeHash,
    /// The name that it adds a key to, whose owner has made it.
    of: Name,
    until: Timestamp,
}

/// This user has [`MAX_KEY_CODES_OF_ONE`] codes, or there are [`MAX_KEY_CODES`] in all and nobody has more than this user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooManyKeyCodes;

impl KeyCodes {
    /// Adds a code of a name's owner, which is valid for [`KEY_CODE_LIFE`].
    pub(super) fn add(&mut self, of: &Name, hash: CodeHash, now: Timestamp) -> Result<(), TooManyKeyCodes> {
        self.live.retain(|code| code.until > now);
        let own = self.live.iter().filter(|code| code.of.folded() == of.folded()).count();
        if own >= MAX_KEY_CODES_OF_ONE {
            return Err(TooManyKeyCodes);
        }
        if self.live.len() >= MAX_KEY_CODES {
            self.make_room(own)?;
        }
        self.live.push(KeyCode { hash, of: of.clone(), until: now.after(KEY_CODE_LIFE) });
        Ok(())
    }

    /// Where there are too many, the oldest of the user who has most is void, unless they have no more than who asks.
    fn make_room(&mut self, own: usize) -> Result<(), TooManyKeyCodes> {
        let mut counts: BTreeMap<FoldedName, usize> = BTreeMap::new();
        self.live.iter().for_each(|code| *counts.entry(code.of.folded()).or_default() += 1);
        let most = counts.into_iter().max_by_key(|(_, count)| *count).filter(|(_, count)| *count > own);
        let (of, _) = most.ok_or(TooManyKeyCodes)?;
        let oldest = self.live.iter().position(|code| code.of.folded() == of);
        oldest.map(|oldest| self.live.remove(oldest)).map(drop).ok_or(TooManyKeyCodes)
    }

    /// The name that a code adds a key to, if it can still be used. Every one is compared, so that the time taken tells
    /// nothing.
    pub(super) fn find(&self, given: &CodeHash, now: Timestamp) -> Option<&Name> {
        let live = self.live.iter().filter(|code| code.until > now);
        live.fold(None, |found, code| if code.hash.is(given) { Some(&code.of) } else { found })
    }

    /// Uses a code up.
    pub(super) fn take(&mut self, given: &CodeHash) -> Option<KeyCode> {
        let at = self.live.iter().position(|code| code.hash.is(given))?;
        Some(self.live.remove(at))
    }

    /// Lets a code that was used up be used again.
    pub(super) fn give_back(&mut self, code: KeyCode) {
        self.live.push(code);
    }

    /// Voids the codes of a name.
    pub(super) fn forget(&mut self, of: &Name) {
        let of = of.folded();
        self.live.retain(|code| code.of.folded() != of);
    }
}
