//! Messages that change: edits, deletions and reactions, those of the person included.
//!
//! Must not know: how a change is asked for, or what else is asked of the server.

use super::Chat;
use super::told::Header;
use crate::client::chat::entry::{ChatEntry, EntryKind};
use crate::client::msg::{Effect, Printed};
use crate::client::session::effects::Effects;
use crate::client::session::link::Me;
use crate::model::{MessageId, Name, Reaction, Target, Text};
use crate::protocol::Quote;

/// A reaction that was put on a message, taken back or removed.
#[derive(Clone, Debug)]
pub(in crate::client::session) struct Reacted {
    pub(in crate::client::session) by: Name,
    /// The sender of the message.
    pub(in crate::client::session) author: Name,
    pub(in crate::client::session) reaction: Reaction,
    pub(in crate::client::session) on: bool,
    /// How many users it is from now.
    pub(in crate::client::session) count: usize,
    /// The moderator who removed it.
    pub(in crate::client::session) removed_by: Option<Name>,
}

impl Chat {
    /// Between two users, the conversation is that with the other one: `place` is whom `by` spoke to.
    pub(in crate::client::session) fn conversation_of(by: &Name, place: Target, me: &Me) -> Target {
        match place {
            Target::User(to) if me.is(&to) => Target::User(by.clone()),
            place => place,
        }
    }

    /// A message has another text.
    pub(in crate::client::session) fn edited(
        &mut self,
        header: &Header,
        (from, verified): (&Name, bool),
        place: &Target,
        text: &Text,
        out: &mut Effects,
    ) {
        let time = header.time().unwrap_or(out.wall());
        if let (Some(id), Some(conversation)) = (header.id(), self.known(place)) {
            conversation.edit(id, header.change(), text, time);
            conversation.reach.saw_change(header.change());
        }
        if self.prints_change(header, from, out) {
            let (id, from, to, text) = (header.id(), from.clone(), place.clone(), text.clone());
            out.emit(Effect::Print(Printed::Edited { id, time, from, verified, to, text }));
        }
    }

    /// A message was deleted.
    pub(in crate::client::session) fn deleted(
        &mut self,
        header: &Header,
        (id, from): (MessageId, Name),
        place: &Target,
        (by, verified): (Name, bool),
        me: &Me,
        out: &mut Effects,
    ) {
        self.talk(place).delete(id, deleted_marker((from.clone(), verified), by.clone(), me));
        // What a moderator does is told as an act.
        let acted = by.key() != from.key() && !out.is_json();
        if self.prints_change(header, &by, out) && !acted {
            let (time, to) = (header.time().unwrap_or(out.wall()), place.clone());
            out.emit(Effect::Print(Printed::Deleted { id, time, from, by, verified, to }));
        }
    }

    /// A private message is gone without a mark, which programs are told. Returns whether nothing is left of the
    /// conversation.
    pub(in crate::client::session) fn expunge(
        &mut self,
        header: &Header,
        (id, from): (MessageId, Name),
        place: &Target,
        (by, verified): (Name, bool),
        out: &mut Effects,
    ) -> bool {
        if out.is_json() && self.prints_change(header, &by, out) {
            let (time, to) = (header.time().unwrap_or(out.wall()), place.clone());
            out.emit(Effect::Print(Printed::Deleted { id, time, from, by, verified, to }));
        }
        self.known(place).is_some_and(|conversation| conversation.expunge(id))
    }

    /// Whether plain mode prints a change by this user: it is not the answer to a request, and the person wants to see it.
    fn prints_change(&self, header: &Header, by: &Name, out: &Effects) -> bool {
        out.is_plain() && header.label().is_empty() && !self.ignored.has(by) && !self.no_change_notices
    }

    /// A user has put a reaction on a message, or taken it back; or a moderator has removed it.
    pub(in crate::client::session) fn reacted(
        &mut self,
        header: &Header,
        (place, verified): (Target, bool),
        reacted: Reacted,
        me: &Me,
        out: &mut Effects,
    ) {
        let Reacted { by, author, reaction, on, count, removed_by } = reacted;
        let mut words = None;
        if let (Some(id), Some(conversation)) = (header.id(), self.known(&place)) {
            conversation.react(id, header.change(), (&reaction, on, me.is(&by)), count);
            conversation.reach.saw_change(header.change());
            words = conversation.message(id).and_then(|entry| match &entry.kind {
                EntryKind::Message { from, text, .. } => Some(Quote::of(from, text).words),
                _ => None,
            });
        }
        let acted = removed_by.is_some() && !out.is_json();
        if self.prints_change(header, &by, out) && !acted {
            let (id, time, to) = (header.id(), header.time().unwrap_or(out.wall()), place);
            out.emit(Effect::Print(Printed::Reacted {
                id,
                time,
                by,
                verified,
                to,
                author,
                words,
                reaction,
                on,
                count,
                removed_by,
            }));
        }
    }

    /// The number of a change that was told.
    pub(in crate::client::session) fn saw_change(&mut self, place: &Target, number: Option<MessageId>) {
        if let Some(conversation) = self.known(place) {
            conversation.reach.saw_change(number);
        }
    }

    /// Shows an edit that the server has not accepted yet.
    pub(in crate::client::session) fn begin_edit(&mut self, target: &Target, id: MessageId, text: Text) {
        if let Some(conversation) = self.known(target) {
            conversation.begin_edit(id, text);
        }
    }

    /// An edit was refused.
    pub(in crate::client::session) fn undo_edit(&mut self, target: &Target, id: MessageId) {
        if let Some(conversation) = self.known(target) {
            conversation.undo_edit(id);
        }
    }

    /// The connection is lost: what becomes of edits under way is learnt with the changes.
    pub(in crate::client::session) fn undo_edits(&mut self) {
        self.conversations.iter_mut().for_each(|conversation| conversation.undo_edits());
    }

    /// The conversations in which changes may be missing since a loss of the connection.
    pub(in crate::client::session) fn with_missed_changes(&self) -> Vec<Target> {
        let missed = self.conversations.iter().filter(|one| one.reach.changes_since.is_some());
        missed.filter_map(|conversation| conversation.target().cloned()).collect()
    }

    /// Takes messages that have changed, as they are now; `more` if there are more. Returns whether to go on.
    pub(in crate::client::session) fn take_changes(
        &mut self,
        target: &Target,
        entries: Vec<ChatEntry>,
        more: bool,
        out: &mut Effects,
    ) -> bool {
        let prints = out.is_plain() && !self.no_change_notices;
        let Some(conversation) = self.known(target) else { return false };
        let number = |entry: &ChatEntry| entry.extra.as_ref().and_then(|extra| extra.changed);
        let last = entries.iter().filter_map(number).max();
        for entry in entries {
            let known = entry.id.and_then(|id| conversation.message(id));
            let printed = missed_change(known, &entry, target).filter(|_| prints);
            printed.into_iter().for_each(|printed| out.emit(Effect::Print(printed)));
            match entry.kind {
                EntryKind::Deleted { .. } => {
                    if let Some(id) = entry.id {
                        conversation.delete(id, entry.kind);
                    }
                }
                _ => conversation.replace(entry),
            }
        }
        let goes_on = more && last > conversation.reach.changes_since;
        if goes_on {
            conversation.reach.changes_since = last;
        } else {
            conversation.reach.changes_since = None;
            conversation.reach.saw_change(last);
        }
        goes_on
    }

    /// Too much has changed: what is loaded is loaded again when the reader looks there.
    pub(in crate::client::session) fn skip_changes(&mut self, target: &Target) {
        if let Some(conversation) = self.known(target) {
            conversation.reach.changes_since = None;
            if let Some(newest) = conversation.newest() {
                conversation.forget_up_to(newest);
            }
        }
    }

    /// Changes cannot be had.
    pub(in crate::client::session) fn no_changes(&mut self, target: &Target) {
        if let Some(conversation) = self.known(target) {
            conversation.reach.changes_since = None;
        }
    }
}

/// The marker of a message that was deleted: `verified` if its sender was, as far as that is known.
pub(in crate::client::session) fn deleted_marker((from, verified): (Name, bool), by: Name, me: &Me) -> EntryKind {
    EntryKind::Deleted { own: me.is(&from), by_own: me.is(&by), from, verified, by }
}

/// What plain mode prints of a message that has changed while the person was away. Whose reactions are new is not known.
fn missed_change(known: Option<&ChatEntry>, now: &ChatEntry, to: &Target) -> Option<Printed> {
    let (time, to) = (now.edited().unwrap_or(now.time), to.clone());
    match &now.kind {
        EntryKind::Message { from, verified, text, own: false, .. } => {
            now.edited()?;
            let same =
                |known: &ChatEntry| matches!(&known.kind, EntryKind::Message { text: before, .. } if before == text);
            let (id, from, verified, text) = (now.id, from.clone(), *verified, text.clone());
            (!known.is_some_and(same)).then_some(Printed::Edited { id, time, from, verified, to, text })
        }
        EntryKind::Deleted { from, by, .. } => {
            let gone = |known: &ChatEntry| matches!(known.kind, EntryKind::Deleted { .. });
            let proved = |known: &ChatEntry| matches!(known.kind, EntryKind::Message { verified: true, .. });
            let (from, by, verified) = (from.clone(), by.clone(), known.is_none_or(proved));
            let id = now.id.filter(|_| !known.is_some_and(gone))?;
            Some(Printed::Deleted { id, time, from, by, verified, to })
        }
        EntryKind::Message { .. }
        | EntryKind::Notice(_)
        | EntryKind::Loud(_)
        | EntryKind::Hidden(_)
        | EntryKind::File { .. }
        | EntryKind::Presence { .. } => None,
    }
}
