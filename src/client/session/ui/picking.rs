//! The picked message: the keys that it takes, what can be done with it, and what becomes of the pick when the message
//! goes.
//!
//! Must not know: how any of it is carried out.

use super::Ui;
use super::dialog_stack::GRACE;
use super::intent::{Focus, Intent};
use super::view_source::ViewSource;
use crate::client::action::{Action, PICKED, PickedAct};
use crate::client::chat::entry::{ChatEntry, EntryKind, Mark};
use crate::client::key::Key;
use crate::client::session::chat::Chat;
use crate::client::session::link::Link;
use crate::client::session::outbound::Outbound;
use crate::client::text::links;
use crate::client::view::MessageRef;
use crate::language::picking as say;
use crate::language::sending::no_editing;
use crate::model::{MessageId, RoomRole, Target, Timestamp};
use crate::protocol::Relation;

/// The pick, and whether its message has just gone.
#[derive(Clone, Debug, Default)]
pub(super) struct Picking {
    picked: Option<MessageRef>,
    /// Where it stood among the entries when it was last looked for.
    at: usize,
    /// When the picked message was lost.
    lost: Option<Timestamp>,
}

impl Ui {
    /// The message that the person has picked.
    pub(in crate::client::session) fn picked(&self) -> Option<&MessageRef> {
        self.picking.picked.as_ref()
    }

    /// Picks a message, which then has the keys; or none.
    pub(in crate::client::session) fn pick(&mut self, message: Option<MessageRef>) {
        if message.is_some() {
            self.focus = Focus::Composer;
            self.notes.give_way();
        }
        self.picking = Picking { picked: message, ..Picking::default() };
    }

    /// The message with this label is accepted, and has a number where the server numbers messages: it stays picked, and an
    /// edit of it goes on.
    pub(in crate::client::session) fn accepted(&mut self, label: &str, id: Option<MessageId>) {
        let Some(id) = id.filter(|_| !label.is_empty()) else { return };
        if self.picked() == Some(&MessageRef::Label(label.to_owned())) {
            self.picking.picked = Some(MessageRef::Number(id));
        }
        self.edits_accepted(label, id);
    }

    /// Whether the picked message takes the keys.
    pub(super) fn is_picking(&self) -> bool {
        self.picked().is_some() && matches!(self.focus, Focus::Composer | Focus::Messages)
    }

    /// Forgets the pick if its message is gone: deleted, hidden or no longer loaded. Returns a sentence about that,
    /// unless the person did it.
    pub(in crate::client::session) fn check_pick(&mut self, chat: &Chat, now: Timestamp) -> Option<String> {
        let conversation = chat.current();
        let at = conversation.index_near(self.picked()?, self.picking.at);
        self.picking.at = at.unwrap_or_default();
        let entry = at.and_then(|at| conversation.entries().get(at));
        let words = match entry.map(|entry| &entry.kind) {
            Some(EntryKind::Message { .. }) => return None,
            Some(EntryKind::Deleted { by_own: true, .. }) => None,
            Some(EntryKind::Deleted { by, .. }) => Some(say::deleted_picked(by)),
            // It has no number, and does not wait any more: it is withdrawn, or sent again.
            _ if matches!(self.picked(), Some(MessageRef::Label(_))) => None,
            _ => Some(say::picked_gone().to_owned()),
        };
        self.picking = Picking { lost: words.as_ref().map(|_| now), ..Picking::default() };
        words
    }

    /// A key while a message is picked, or was until a moment ago; `None` if it is to be handled as usual.
    pub(super) fn picked_key(&mut self, key: Key, now: Timestamp) -> Option<Intent> {
        let row = PICKED.iter().find(|row| row.key == key);
        if !self.is_picking() {
            // Who wanted to do something with the message must not send the draft instead.
            let late = self.picking.lost.take().is_some_and(|lost| now.since(lost) < GRACE);
            return (late && row.is_some()).then_some(Intent::Nothing);
        }
        match (row.map(|row| row.act), key) {
            (Some(PickedAct::LetGo), _) => {
                self.pick(None);
                Some(Intent::Nothing)
            }
            (Some(act), _) => Some(Intent::Picked(act)),
            (None, Key::Up) => Some(Intent::Run(Action::PickUp)),
            (None, Key::Down) => Some(Intent::Run(Action::PickDown)),
            (None, _) => {
                self.pick(None);
                None
            }
        }
    }
}

impl ViewSource<'_> {
    /// The keys that would do something with the picked message, each with its word.
    pub(super) fn picked_hints(&self) -> Option<Vec<(Key, &'static str)>> {
        let free = self.ui.is_picking() && !self.ui.has_dialog() && !self.search.open;
        let entry = self.chat.current().entry(self.ui.picked().filter(|_| free)?)?;
        let possible = |act| hindrance(act, entry, self.chat, (self.link, self.outbound)).is_none();
        Some(
            PICKED
                .iter()
                .filter(|row| possible(row.act))
                .map(|row| (row.key, row.word.map_or("", |word| word())))
                .collect(),
        )
    }
}

/// Why something cannot be done with a message of the conversation in view, as far as it is known here; `None` if it
/// can.
pub(in crate::client::session) fn hindrance(
    act: PickedAct,
    entry: &ChatEntry,
    chat: &Chat,
    (link, outbound): (&Link, &Outbound),
) -> Option<&'static str> {
    let (offline, unable) = (say::try_once_online(), say::cannot_do_that());
    let able = link.abilities();
    let own = is_own(entry);
    match (act, entry.mark()) {
        (PickedAct::Edit | PickedAct::Delete, Some(Mark::Sending(label))) => {
            return (!outbound.is_unsent(label)).then(say::once_accepted);
        }
        (PickedAct::Reply | PickedAct::React, Some(Mark::Sending(_))) => return Some(say::once_accepted()),
        (PickedAct::SendAgain | PickedAct::Edit | PickedAct::Delete, Some(Mark::NotSent { .. })) => return None,
        (PickedAct::Reply | PickedAct::React, Some(Mark::NotSent { .. })) => return Some(say::once_sent()),
        _ => {}
    }
    match act {
        PickedAct::Reply => (link.is_online() && !able.reply).then_some(unable),
        PickedAct::SendAgain => Some(say::only_not_sent()),
        PickedAct::Edit if !own => Some(say::only_sender_edits()),
        PickedAct::Delete if !own && matches!(chat.current().target(), Some(Target::User(_))) => {
            Some(say::only_sender_deletes())
        }
        PickedAct::Delete if !own && !moderates(chat, link) => Some(say::only_sender_or_moderators()),
        PickedAct::Edit | PickedAct::Delete | PickedAct::React if !link.is_online() => Some(offline),
        PickedAct::Delete if !own => (!able.moderation).then_some(unable),
        PickedAct::Delete if deletes_as_moderator(entry, chat, link) => None,
        PickedAct::Edit | PickedAct::Delete => (!able.edit).then(no_editing),
        PickedAct::React => (!able.react).then_some(unable),
        PickedAct::Open => links::all(text(entry)).is_empty().then(say::no_link),
        PickedAct::Jump => match entry.reply_to() {
            None => Some(say::answers_none()),
            Some(reply) => reply.quote.is_none().then(say::answered_gone),
        },
        PickedAct::Copy | PickedAct::LetGo => None,
    }
}

/// The text of a message; empty for anything else.
pub(in crate::client::session) fn text(entry: &ChatEntry) -> &str {
    match &entry.kind {
        EntryKind::Message { text, .. } => text.as_str(),
        EntryKind::Notice(_)
        | EntryKind::Loud(_)
        | EntryKind::Deleted { .. }
        | EntryKind::Hidden(_)
        | EntryKind::File { .. }
        | EntryKind::Presence { .. } => "",
    }
}

/// Whether it is a message of the person.
pub(in crate::client::session) fn is_own(entry: &ChatEntry) -> bool {
    matches!(entry.kind, EntryKind::Message { own: true, .. })
}

/// Whether a message that can be deleted is deleted by the person as a moderator: one of somebody else, or their own
/// where nobody may delete those.
pub(in crate::client::session) fn deletes_as_moderator(entry: &ChatEntry, chat: &Chat, link: &Link) -> bool {
    let able = link.abilities();
    let here = !matches!(chat.current().target(), Some(Target::User(_))) && moderates(chat, link);
    !is_own(entry) || !able.edit && able.moderation && here
}

/// Whether the person is a moderator of the conversation in view, as far as is known.
fn moderates(chat: &Chat, link: &Link) -> bool {
    let room = chat.current().target().and_then(|target| chat.rooms().get(target));
    let here = room.is_some_and(|room| matches!(room.you, Relation::Inside(role) if role > RoomRole::Member));
    here || link.is_moderator()
}
