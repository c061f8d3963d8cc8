//! Messages that change after they were said: edits and reactions, and edits that the server has not accepted yet.
//!
//! Must not know: who may change what, or how a change is asked for.

use super::Conversation;
use crate::client::chat::entry::{ChatEntry, EntryExtra, EntryKind};
use crate::client::view::MessageRef;
use crate::model::{MessageId, Name, Reaction, Text, Timestamp};
use crate::protocol::limits::MAX_FOUND;
use crate::protocol::{Quote, ReplyTo, Tally};

/// The most reactions that are shown of one message, whatever a server says.
const MAX_SHOWN: usize = MAX_FOUND;

impl Conversation {
    /// A loaded message by its number.
    #[must_use]
    pub fn message(&self, id: MessageId) -> Option<&ChatEntry> {
        self.entries.iter().rev().find(|entry| entry.id == Some(id))
    }

    /// The newest message of the person, also one that waits or was not sent.
    #[must_use]
    pub(crate) fn last_own(&self) -> Option<MessageRef> {
        let own = |entry: &&ChatEntry| matches!(entry.kind, EntryKind::Message { own: true, .. });
        self.entries.iter().rev().filter(own).find_map(ChatEntry::reference)
    }

    /// The newest visible message of somebody else, or of this user.
    #[must_use]
    pub fn last_of(&self, whom: Option<&Name>) -> Option<&ChatEntry> {
        self.newest_messages().find(|entry| match (&entry.kind, whom) {
            (EntryKind::Message { from, .. }, Some(whom)) => from.key() == whom.key(),
            (EntryKind::Message { own, .. }, None) => !own,
            _ => false,
        })
    }

    /// What an answer to a message quotes.
    #[must_use]
    pub(crate) fn reply_to(&self, id: MessageId) -> ReplyTo {
        let quote = self.message(id).and_then(|entry| match &entry.kind {
            EntryKind::Message { from, text, .. } => Some(Quote::of(from, text)),
            _ => None,
        });
        ReplyTo { id, quote }
    }

    /// What an answer quotes that was begun when the message said `reply`: what it says now, if it is still loaded.
    #[must_use]
    pub(crate) fn still_quoted(&self, reply: &ReplyTo) -> ReplyTo {
        self.message(reply.id).map_or_else(|| reply.clone(), |_| self.reply_to(reply.id))
    }

    /// A message has another text; does nothing if it is not loaded, or if the change is known already.
    pub(crate) fn edit(&mut self, id: MessageId, change: Option<MessageId>, text: &Text, time: Timestamp) {
        self.alter(id, change, |entry| {
            if let Some(shown) = entry.kind.text_mut() {
                shown.clone_from(text);
                let extra = extra(entry);
                (extra.edited, extra.before_edit) = (Some(time), None);
            }
        });
        self.quote_again(id);
    }

    /// There is one reaction more or less to a message; `mine` if it is the person's.
    pub(crate) fn react(
        &mut self,
        id: MessageId,
        change: Option<MessageId>,
        (reaction, on, mine): (&Reaction, bool, bool),
        count: usize,
    ) {
        self.alter(id, change, |entry| {
            if entry.kind.text_mut().is_none() {
                return;
            }
            let reactions = &mut extra(entry).reactions;
            let room = reactions.len() < MAX_SHOWN;
            match reactions.iter_mut().find(|tally| tally.reaction == *reaction) {
                Some(tally) => {
                    tally.count = count;
                    tally.mine = if mine { on } else { tally.mine };
                }
                None if room => {
                    reactions.push(Tally { reaction: reaction.clone(), count, mine: mine && on });
                }
                None => {}
            }
            reactions.retain(|tally| tally.count > 0);
        });
    }

    /// A message is as the server says now, unless a later change is known.
    pub(crate) fn replace(&mut self, now: ChatEntry) {
        let Some(id) = now.id else { return };
        let change = now.extra.as_ref().and_then(|extra| extra.changed);
        self.alter(id, change, |entry| {
            if !matches!(entry.kind, EntryKind::Deleted { .. }) {
                (entry.kind, entry.extra) = (now.kind, now.extra);
            }
        });
        self.quote_again(id);
    }

    /// Shows an edit that the server has not accepted yet. `false` if the message is not loaded.
    pub(crate) fn begin_edit(&mut self, id: MessageId, text: Text) -> bool {
        self.alter(id, None, |entry| {
            let Some(shown) = entry.kind.text_mut() else { return };
            let before = std::mem::replace(shown, text);
            // Of two edits under way, what holds is what was there before both.
            extra(entry).before_edit.get_or_insert(before);
        })
    }

    /// An edit was not accepted: the text is as it was before.
    pub(crate) fn undo_edit(&mut self, id: MessageId) {
        self.alter(id, None, |entry| {
            let before = entry.extra.as_mut().and_then(|extra| extra.before_edit.take());
            if let (Some(shown), Some(before)) = (entry.kind.text_mut(), before) {
                *shown = before;
            }
        });
    }

    /// No edit that is under way is known to be accepted.
    pub(crate) fn undo_edits(&mut self) {
        let pending: Vec<MessageId> =
            self.entries.iter().filter(|entry| entry.is_edit_pending()).filter_map(|entry| entry.id).collect();
        pending.into_iter().for_each(|id| self.undo_edit(id));
    }

    /// Changes a loaded message, unless it is known as it is after this change. `false` if it is not loaded.
    fn alter(&mut self, id: MessageId, change: Option<MessageId>, how: impl FnOnce(&mut ChatEntry)) -> bool {
        let Some(entry) = self.entries.iter_mut().rev().find(|entry| entry.id == Some(id)) else { return false };
        let known = entry.extra.as_ref().and_then(|extra| extra.changed);
        if change.is_some() && known >= change {
            return true;
        }
        self.bytes -= entry.bytes();
        how(entry);
        if let Some(change) = change
            && entry.kind.text_mut().is_some()
        {
            extra(entry).changed = Some(change);
        }
        self.bytes += entry.bytes();
        true
    }

    /// The answers to a message quote what it says now.
    pub(super) fn quote_again(&mut self, id: MessageId) {
        let now = self.reply_to(id);
        for entry in self.entries.iter_mut().filter(|entry| entry.reply_to().is_some_and(|reply| reply.id == id)) {
            self.bytes -= entry.bytes();
            extra(entry).reply_to = Some(now.clone());
            self.bytes += entry.bytes();
        }
    }
}

fn extra(entry: &mut ChatEntry) -> &mut EntryExtra {
    entry.extra.get_or_insert_default()
}
