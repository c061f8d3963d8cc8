//! What is kept of a change under its label, so that the same request, sent again, gets the same answer and changes
//! nothing.
//!
//! Must not know: where it is kept (`sqlite`, `memory`).

use super::change::{Alteration, ChangeAgain, ChangeDone, Changed, Revision};
use super::message::Record;
use crate::model::{MessageId, Timestamp};

/// What was kept of a change that was made, or that found its message as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::server::store) struct ChangeLabel {
    /// The message.
    pub(in crate::server::store) message: MessageId,
    pub(in crate::server::store) kind: ChangeKind,
    /// The reaction; `None` also once that is gone for good.
    pub(in crate::server::store) reaction: Option<String>,
    /// The number of the change.
    pub(in crate::server::store) number: MessageId,
    pub(in crate::server::store) time: Timestamp,
    /// Whether anything was changed.
    pub(in crate::server::store) fresh: bool,
    /// From how many users the reaction was then.
    pub(in crate::server::store) count: usize,
}

/// What was done under a label. The numbers stand in the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server::store) enum ChangeKind {
    Edit = 1,
    Retract = 2,
    React = 3,
    Unreact = 4,
}

impl ChangeKind {
    /// The kind of an alteration; `None` for that of a moderator, whose label is not kept.
    fn of(how: &Alteration) -> Option<Self> {
        match how {
            Alteration::Edit(_) => Some(Self::Edit),
            Alteration::Retract => Some(Self::Retract),
            Alteration::React(_) => Some(Self::React),
            Alteration::Unreact(_) => Some(Self::Unreact),
            Alteration::Remove(_) => None,
        }
    }

    /// The kind with this number.
    pub(in crate::server::store) fn numbered(number: i64) -> Option<Self> {
        [Self::Edit, Self::Retract, Self::React, Self::Unreact].into_iter().find(|kind| *kind as i64 == number)
    }
}

impl ChangeLabel {
    /// The label under which a change may have been made before; `None` if none is kept.
    pub(in crate::server::store) fn wanted(change: &Revision) -> Option<&str> {
        change.label.as_deref().filter(|_| !change.is_removal())
    }

    /// What is to be kept of a change that holds.
    pub(in crate::server::store) fn of(change: &Revision, done: &ChangeDone) -> Option<Self> {
        let reaction = match &change.how {
            Alteration::React(reaction) | Alteration::Unreact(reaction) => Some(reaction.to_string()),
            Alteration::Edit(_) | Alteration::Retract | Alteration::Remove(_) => None,
        };
        let Revision { id: message, number, time, .. } = *change;
        let ChangeDone { fresh, count, .. } = *done;
        Some(Self { message, kind: ChangeKind::of(&change.how)?, reaction, number, time, fresh, count })
    }

    /// What becomes of a change under the same label. `record` is the message of this label, if it is in the conversation
    /// that the change names.
    pub(in crate::server::store) fn again(&self, change: &Revision, record: Option<&Record>) -> Changed {
        let same = |record: &&Record| {
            let said = match &change.how {
                // What was replaced since is gone and cannot be compared.
                Alteration::Edit(text) => {
                    let later = record.extra.changed.is_some_and(|changed| changed > self.number);
                    later || record.deleted.is_some() || record.text == *text
                }
                Alteration::React(reaction) | Alteration::Unreact(reaction) => {
                    self.reaction.as_deref().is_none_or(|earlier| earlier == reaction.as_str())
                }
                Alteration::Retract | Alteration::Remove(_) => true,
            };
            said && self.message == change.id && Some(self.kind) == ChangeKind::of(&change.how)
        };
        let Some(record) = record.filter(same) else { return Changed::RefUsed };
        let done = ChangeDone {
            from: record.from.clone(),
            verified: record.verified,
            fresh: self.fresh,
            present: true,
            count: self.count,
            removed: None,
        };
        Changed::Again(Box::new(ChangeAgain { done, number: self.number, time: self.time }))
    }
}
