//! The labels of changes in memory: what was asked for under each, so that nothing is done twice.
//!
//! Keeps true: a label is kept once, in all three orders.
//!
//! Must not know: what becomes of a request under a label that is known (`api`).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::MessageId;
use crate::server::store::api::ChangeLabel;
use crate::server::store::limits::{MAX_CHANGE_LABELS, MAX_CHANGE_LABELS_IN_MEMORY};

/// All labels of changes.
#[derive(Debug, Default)]
pub(super) struct ChangeLabels {
    /// By the numbers of the changes, each with the user and the label.
    all: BTreeMap<MessageId, (i64, String, ChangeLabel)>,
    /// For each user, the change that has each label.
    labels: HashMap<i64, HashMap<String, MessageId>>,
    /// The changes of each message.
    of_messages: HashMap<MessageId, BTreeSet<MessageId>>,
}

impl ChangeLabels {
    /// What a user asked for under a label.
    pub(super) fn find(&self, user: i64, label: &str) -> Option<&ChangeLabel> {
        let number = self.labels.get(&user)?.get(label)?;
        self.all.get(number).map(|(_, _, kept)| kept)
    }

    /// Keeps what a user asked for under a new label. Of one message, and in all, only the latest are kept.
    pub(super) fn put(&mut self, user: i64, label: &str, kept: ChangeLabel) {
        let (number, message) = (kept.number, kept.message);
        self.labels.entry(user).or_default().insert(label.to_owned(), number);
        self.of_messages.entry(message).or_default().insert(number);
        self.all.insert(number, (user, label.to_owned(), kept));
        let excess = self.of_messages.get(&message).filter(|numbers| numbers.len() > MAX_CHANGE_LABELS);
        if let Some(oldest) = excess.and_then(BTreeSet::first).copied() {
            self.forget(oldest);
        }
        if self.all.len() > MAX_CHANGE_LABELS_IN_MEMORY
            && let Some((&oldest, _)) = self.all.first_key_value()
        {
            self.forget(oldest);
        }
    }

    /// Forgets all changes of a message that is gone.
    pub(super) fn clear(&mut self, message: MessageId) {
        for number in self.of_messages.get(&message).cloned().unwrap_or_default() {
            self.forget(number);
        }
    }

    /// Erases a reaction, or all of them, from what was asked for.
    pub(super) fn erase(&mut self, message: MessageId, reaction: Option<&str>) {
        for number in self.of_messages.get(&message).into_iter().flatten() {
            if let Some((_, _, kept)) = self.all.get_mut(number) {
                kept.reaction.take_if(|kept| reaction.is_none_or(|reaction| reaction == kept));
            }
        }
    }

    fn forget(&mut self, number: MessageId) {
        let Some((user, label, kept)) = self.all.remove(&number) else { return };
        if let Some(labels) = self.labels.get_mut(&user) {
            labels.remove(&label);
            if labels.is_empty() {
                self.labels.remove(&user);
            }
        }
        if let Some(numbers) = self.of_messages.get_mut(&kept.message) {
            numbers.remove(&number);
            if numbers.is_empty() {
                self.of_messages.remove(&kept.message);
            }
        }
    }
}
