//! Changes of messages in memory: edits, deletions, reactions.
//!
//! Must not know: who may speak where, or questions.

use super::history::{KeptMessage, MemoryHistory};
use crate::model::{MessageId, Name, Text};
use crate::protocol::Quote;
use crate::server::store::api::{Alteration, ChangeDone, ChangeLabel, Changed, ConversationId, Revision};
use crate::server::store::limits::MAX_REACTIONS_IN_MEMORY;
use crate::server::store::members::MemberSet;

impl MemoryHistory {
    /// Changes a message for a user, unless that was done before under the same label.
    pub(super) fn change(&mut self, change: &Revision) -> Changed {
        let user = self.users.intern(&change.by);
        let members = self.members(user, &change.within);
        let label = ChangeLabel::wanted(change);
        if let Some(earlier) = label.and_then(|label| self.change_labels.find(user, label)) {
            let there = |kept: &&KeptMessage| members.contains(&kept.members);
            let kept = self.messages.get(&earlier.message).filter(there).map(|kept| self.told(kept));
            return earlier.again(change, kept.as_ref());
        }
        let outcome = self.change_now(change, user, &members);
        if let (Some(label), Changed::Done(done)) = (label, &outcome)
            && let Some(kept) = ChangeLabel::of(change, done)
        {
            self.change_labels.put(user, label, kept);
        }
        outcome
    }

    fn change_now(&mut self, change: &Revision, user: i64, members: &[MemberSet]) -> Changed {
        let room = self.reactions < MAX_REACTIONS_IN_MEMORY;
        let present = match &change.within {
            ConversationId::User(other) => self.users.number(other).map(|other| MemberSet::two(user, other)),
            ConversationId::Everyone | ConversationId::Room(..) => None,
        };
        let Some(kept) = self.messages.get_mut(&change.id) else { return Changed::NotThere };
        if !members.contains(&kept.members) || kept.record.deleted.is_some() || change.meddles() {
            return Changed::NotThere;
        }
        if change.erases()
            && let Err(outcome) = change.own.judge(&kept.record, kept.author == user)
        {
            return outcome;
        }
        let private = matches!(change.within, ConversationId::User(_));
        let mut done = ChangeDone {
            from: self.users.now(kept.author, &kept.record.from).clone(),
            verified: kept.record.verified,
            fresh: true,
            present: !private || present == Some(kept.members),
            count: 0,
            removed: None,
        };
        match &change.how {
            Alteration::Edit(text) => {
                done.fresh = *text != kept.record.text;
                if done.fresh {
                    self.bytes = self.bytes - kept.record.text.as_str().len() + text.as_str().len();
                    (kept.record.text, kept.record.extra.edited) = (text.clone(), Some(change.time));
                }
            }
            Alteration::Retract => {
                self.erase(change.id, &change.by, change.number);
                return Changed::Done(done);
            }
            Alteration::React(reaction) => {
                done.fresh = !kept.reactions.has(reaction, user);
                if done.fresh && !(room && kept.reactions.put(reaction, user, change.number)) {
                    return Changed::TooMany;
                }
                self.reactions += usize::from(done.fresh);
                done.count = kept.reactions.count(reaction);
            }
            Alteration::Unreact(reaction) => {
                done.fresh = kept.reactions.take(reaction, user);
                self.reactions -= usize::from(done.fresh);
                done.count = kept.reactions.count(reaction);
            }
            Alteration::Remove(removal) => {
                let of = removal.of.as_ref().map(|of| self.users.number(of));
                let mut holders = kept.reactions.holders(&removal.reaction);
                holders.retain(|holder| of.is_none_or(|of| of == Some(*holder)));
                let Some(first) = holders.first() else { return Changed::NoSuchReaction };
                for spared in &removal.spared {
                    let user = self.users.holder(spared);
                    if let Some(holder) = holders.iter().find(|holder| Some(**holder) == user)
                        && let Some(name) = self.users.shown(*holder)
                    {
                        return Changed::Spared(name.clone());
                    }
                }
                let alone = holders.len() == 1;
                done.removed = removal.of.clone().or_else(|| self.users.shown(*first).filter(|_| alone).cloned());
                for holder in &holders {
                    self.reactions -= usize::from(kept.reactions.take(&removal.reaction, *holder));
                }
                self.change_labels.erase(change.id, Some(removal.reaction.as_str()));
                done.count = kept.reactions.count(&removal.reaction);
            }
        }
        if done.fresh {
            self.note_change(change.id, change.number);
        }
        Changed::Done(done)
    }

    /// Puts a mark in the place of a message.
    pub(super) fn erase(&mut self, id: MessageId, by: &Name, number: MessageId) {
        let Some(kept) = self.messages.get_mut(&id) else { return };
        self.bytes -= kept.record.text.as_str().len();
        self.reactions -= std::mem::take(&mut kept.reactions).len();
        (kept.record.text, kept.record.deleted) = (Text::default(), Some(by.clone()));
        (kept.record.extra.reply, kept.record.extra.edited) = (None, None);
        self.change_labels.erase(id, None);
        self.note_change(id, number);
    }

    fn note_change(&mut self, id: MessageId, number: MessageId) {
        let Some(kept) = self.messages.get_mut(&id) else { return };
        let (members, before) = (kept.members, kept.record.extra.changed.replace(number));
        self.changed_in(members, before, Some(number), id);
    }

    /// The number of the last change of a message is another one.
    pub(super) fn changed_in(
        &mut self,
        members: MemberSet,
        before: Option<MessageId>,
        now: Option<MessageId>,
        id: MessageId,
    ) {
        before.map(|before| self.changes.remove(&(members, before)));
        now.map(|now| self.changes.insert((members, now), id));
    }

    /// How a message of a conversation begins; `None` if it is not there.
    pub(super) fn quote(&self, id: MessageId, members: MemberSet) -> Option<Quote> {
        let kept = self.messages.get(&id).filter(|kept| kept.members == members && kept.record.deleted.is_none())?;
        Some(Quote::of(self.users.now(kept.author, &kept.record.from), &kept.record.text))
    }
}
