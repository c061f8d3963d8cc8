//! Users who take another name, in memory: their messages are told of under it.
//!
//! Must not know: who may take which name, or questions.

use super::history::{KeptMessage, MemoryHistory};
use crate::server::store::api::{Owner, Recipient, Record};
use crate::server::store::members::MemberSet;

impl MemoryHistory {
    /// An owner takes another name; nothing happens if nobody owns the one before.
    pub(super) fn rename(&mut self, from: &Owner, to: Owner) {
        if self.owners.remove(&from.name.folded()).is_some() {
            self.users.rename(&from.name, &to.name);
            self.owners.insert(to.name.folded(), to.proofs);
        }
    }

    /// A message as it is told of: users who have taken another name go by that one.
    pub(super) fn told(&self, kept: &KeptMessage) -> Record {
        let KeptMessage { author, members, .. } = kept;
        let mut record = kept.record.clone();
        let by_sender = record.deleted.as_ref().is_some_and(|by| by.folded() == record.from.folded());
        record.from = self.users.now(*author, &record.from).clone();
        if by_sender {
            record.deleted = record.deleted.map(|by| self.users.now(*author, &by).clone());
        }
        if let (Recipient::User(to), MemberSet::Two(low, high)) = (&mut record.to, members) {
            *to = self.users.now(low + high - author, to).clone();
        }
        record
    }
}
