//! The chat as it is known: conversations, people, rooms, ignored users, the person's away message, and what attracts
//! the person's attention.
//!
//! Keeps true: nothing from ignored users is shown, and a room stands in the list of conversations as long as the
//! person is in it.
//!
//! Must not know: how anything is asked or sent, the screen's size, terminals, sockets.

mod acts;
pub(in crate::client::session) mod changes;
mod direct;
pub(in crate::client::session) mod messages;
mod notices;
mod pages;
mod people;
mod read_marks;
mod rooms;
mod rows;
mod suggestions;
pub(in crate::client::session) mod told;

use std::collections::BTreeSet;
use std::time::Duration;

use crate::client::chat::conversation::{Anchor, Conversation};
use crate::client::chat::conversations::{Conversations, MAX_CONVERSATIONS};
use crate::client::chat::entry::{ChatEntry, EntryKind};
use crate::client::chat::lookup_keys::folded;
use crate::client::chat::notify::{self, Notifier};
use crate::client::chat::people::People;
use crate::client::chat::rooms::KnownRooms;
use crate::client::chat::venue::Venue;
use crate::client::session::link::Me;
use crate::client::settings::Settings;
use crate::client::text::editor::Editor;
use crate::model::{Name, RoomName, Target, Text, Timestamp};

/// The order of the conversations is kept no more often than this.
const KEEP_PAUSE: Duration = Duration::from_secs(1);
/// How many of the newest entries tell who spoke last.
const MAX_SPOKEN: usize = 500;

#[derive(Clone, Debug, Default)]
pub(in crate::client::session) struct Chat {
    conversations: Conversations,
    /// When the order of the conversations was kept last, or put off, on the steady clock.
    order_kept: Timestamp,
    people: People,
    /// The list of who is online, while it comes in.
    listing: Option<people::Listing>,
    rooms: KnownRooms,
    /// The keys of the conversations with users that the person has closed, and in which nothing was said since.
    closed: BTreeSet<String>,
    /// The keys of the conversations with users whom the server does not know.
    nobodys: BTreeSet<String>,
    /// The users who went offline, as far as there is room for them.
    seen: BTreeSet<String>,
    /// The users whose messages are not shown.
    ignored: People,
    /// The person's own away message; `None` while present.
    away: Option<Text>,
    notifier: Notifier,
    /// Whether it is not shown who joins and leaves.
    no_join_notices: bool,
    /// Whether plain mode does not print reactions, edits and deletions.
    no_change_notices: bool,
    /// Whether the server verifies nobody, so that a mark on everybody would say nothing.
    verifies_nobody: bool,
    /// The last title of the window.
    title: String,
    /// Whether people or rooms changed since the lists on the screen were made.
    changed: bool,
}

impl Chat {
    pub(in crate::client::session) fn conversations(&self) -> &Conversations {
        &self.conversations
    }

    /// The conversation in view.
    pub(in crate::client::session) fn current(&self) -> &Conversation {
        self.conversations.current()
    }

    pub(in crate::client::session) fn people(&self) -> &People {
        &self.people
    }

    pub(in crate::client::session) fn rooms(&self) -> &KnownRooms {
        &self.rooms
    }

    pub(in crate::client::session) fn is_ignored(&self, name: &Name) -> bool {
        self.ignored.has(name)
    }

    /// The ignored users.
    pub(in crate::client::session) fn ignored(&self) -> impl Iterator<Item = &Name> {
        self.ignored.iter()
    }

    /// The person's own away message.
    pub(in crate::client::session) fn away(&self) -> Option<&Text> {
        self.away.as_ref()
    }

    pub(in crate::client::session) fn is_in_view(&self, target: &Target) -> bool {
        self.conversations.position(target) == Some(self.conversations.index())
    }

    /// Takes the person's settings; the words that call the person are in `me`.
    pub(in crate::client::session) fn adopt(&mut self, settings: &Settings, me: &Me) {
        self.notifier.adopt(settings);
        self.no_join_notices = !settings.join_notices;
        self.no_change_notices = !settings.change_notices;
        for conversation in self.conversations.iter_mut() {
            conversation.count_mentions(|entry| messages::mentions(entry, me));
        }
    }

    /// Says whether the server verifies nobody.
    pub(in crate::client::session) fn set_verifies_nobody(&mut self, nobody: bool) {
        self.verifies_nobody = nobody;
    }

    /// The terminal got or lost the focus. While the person looks elsewhere, nothing counts as read.
    pub(in crate::client::session) fn focus(&mut self, focus: bool) {
        if self.notifier.focus(focus) {
            self.conversations.current_mut().enter();
        } else if !focus {
            self.conversations.current_mut().look_away();
        }
    }

    /// The person does something: they look.
    pub(in crate::client::session) fn attend(&mut self) {
        if self.notifier.looks_elsewhere() {
            self.focus(true);
        }
    }

    /// Whether people or rooms changed since the last call.
    pub(in crate::client::session) fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }

    /// The title of the window, if it changed since the last call.
    pub(in crate::client::session) fn take_title(&mut self) -> Option<String> {
        let title = notify::title(self.conversations.unread(), self.conversations.mentions());
        if title == self.title {
            return None;
        }
        self.title.clone_from(&title);
        Some(title)
    }

    /// All other users who are online or have a conversation, for completion.
    pub(in crate::client::session) fn others(&self, me: &Me) -> Vec<Name> {
        let mut others: People = self.people.iter().filter(|name| !me.is(name)).cloned().collect();
        for conversation in self.conversations.iter() {
            if let Venue::Server(Target::User(name)) | Venue::Direct(name) = &conversation.venue {
                others.add(name.clone());
            }
        }
        others.iter().cloned().collect()
    }

    /// All other users who are online.
    pub(in crate::client::session) fn online_others(&self, me: &Me) -> Vec<Name> {
        self.people.iter().filter(|name| !me.is(name)).cloned().collect()
    }

    /// Whether a user was ever seen here: online, in a conversation, or among the members of a room.
    pub(in crate::client::session) fn knows(&self, name: &Name) -> bool {
        self.has_seen(name) || self.conversations.find(&Target::User(name.clone())).is_some()
    }

    /// The same, but a conversation alone is no sign: it may have been begun with nobody.
    fn has_seen(&self, name: &Name) -> bool {
        let key = folded(name);
        let speaks = |entry: &ChatEntry| matches!(&entry.kind, EntryKind::Message { from, .. } if folded(from) == key);
        self.people.has(name)
            || self.seen.contains(&key)
            || self.rooms.has_member(name)
            || self.conversations.iter().any(|one| one.entries().iter().any(speaks))
    }

    /// The names that Tab completes to: users, those who spoke last first, and rooms that the person is in.
    pub(in crate::client::session) fn completions(&self, me: &Me) -> Vec<String> {
        let spoke = self.current().entries().iter().rev().take(MAX_SPOKEN).filter_map(|entry| match &entry.kind {
            EntryKind::Message { from, own: false, .. } => Some(from),
            _ => None,
        });
        let mut seen = BTreeSet::new();
        let others = self.others(me);
        let users = spoke.chain(&others).filter(|name| !me.is(name) && seen.insert(folded(name)));
        users.map(ToString::to_string).chain(self.rooms.inside().map(ToString::to_string)).collect()
    }

    /// Drops old entries if all conversations together take too many bytes.
    pub(in crate::client::session) fn keep_within_bytes(&mut self) {
        self.conversations.keep_within_bytes();
    }

    /// Moves the conversation in view up or down in the list.
    pub(in crate::client::session) fn shift(&mut self, down: bool) {
        self.conversations.shift(down);
    }

    /// Takes over the order in which the person knows the conversations from before.
    pub(in crate::client::session) fn restore_order(&mut self, targets: Vec<Target>) {
        self.conversations.restore_order(targets);
    }

    /// The server is about to list conversations: their order is not kept before [`KEEP_PAUSE`] has gone by.
    pub(in crate::client::session) fn put_off_keeping(&mut self, now: Timestamp) {
        self.order_kept = now;
    }

    /// The order of the conversations, if it changed and may be kept now.
    pub(in crate::client::session) fn order_to_keep(&mut self, now: Timestamp, at_once: bool) -> Option<Vec<Target>> {
        let order = self.conversations.arrangement_mut();
        if !order.is_changed() || !at_once && now < self.order_kept.after(KEEP_PAUSE) {
            return None;
        }
        self.order_kept = now;
        order.take_changed()
    }

    /// The server has listed all conversations that there are: the others have no number any more.
    pub(in crate::client::session) fn forget_idle_numbers(&mut self) {
        self.conversations.arrangement_mut().forget_idle();
    }

    /// The indices at which conversations came in between others, since the last call.
    pub(in crate::client::session) fn take_inserted(&mut self) -> Vec<usize> {
        self.conversations.take_inserted()
    }

    /// The index of the conversation of a venue; if there is none, it is begun as the most recent one.
    pub(in crate::client::session) fn begin(&mut self, venue: &Venue, now: Timestamp) -> usize {
        if let Venue::Server(Target::User(name)) = venue {
            self.closed.remove(&folded(name));
        }
        let begun = self.conversations.position_of(venue).is_some();
        let index = self.conversations.begin(venue);
        if !begun {
            self.conversations.at_venue(venue).active = now;
        }
        index
    }

    /// The same, but begun as the least recent one, because its messages are old.
    pub(in crate::client::session) fn begin_old(&mut self, target: &Target) -> usize {
        self.conversations.begin(&Venue::Server(target.clone()))
    }

    /// Brings another conversation into view. `draft` is the draft of the previous one; returns the draft of the new
    /// one.
    pub(in crate::client::session) fn show(&mut self, index: usize, draft: Editor) -> Editor {
        self.conversations.current_mut().draft = draft;
        self.conversations.show(index);
        std::mem::take(&mut self.conversations.current_mut().draft)
    }

    /// The person is out of a room.
    pub(in crate::client::session) fn left(&mut self, room: &RoomName) {
        self.rooms.left(room);
    }

    /// Keeps a conversation out of the list until something is said in it.
    pub(in crate::client::session) fn close_until_said(&mut self, target: &Target) {
        if let Some(key) = self.conversations.find(target).and_then(Conversation::key)
            && self.closed.len() < MAX_CONVERSATIONS
        {
            self.closed.insert(key.to_owned());
        }
    }

    /// The server does not know the user of a conversation.
    pub(in crate::client::session) fn note_nobody(&mut self, target: &Target) {
        if let Some(key) = self.conversations.find(target).and_then(Conversation::key)
            && self.nobodys.len() < MAX_CONVERSATIONS
        {
            self.nobodys.insert(key.to_owned());
        }
    }

    /// Whether a conversation is with nobody, and has nothing but what could not be sent there.
    pub(in crate::client::session) fn is_with_nobody(&self, target: &Target) -> bool {
        let nothing = |entry: &ChatEntry| matches!(entry.kind, EntryKind::Notice(_)) || entry.is_not_sent();
        self.conversations.find(target).is_some_and(|conversation| {
            let unknown = conversation.key().is_some_and(|key| self.nobodys.contains(key));
            unknown && conversation.draft.is_empty() && conversation.entries().iter().all(nothing)
        })
    }

    /// The user of a conversation is somebody after all.
    fn is_somebody(&mut self, name: &Name) {
        if !self.nobodys.is_empty() {
            self.nobodys.remove(&folded(name));
        }
    }

    /// Whether the conversation with a user is closed.
    fn is_closed(&self, target: &Target) -> bool {
        matches!(target, Target::User(name) if self.closed.contains(&folded(name)))
    }

    /// Removes a conversation from the list; returns its index and its draft.
    pub(in crate::client::session) fn close(&mut self, venue: &Venue) -> (Option<usize>, Editor) {
        let at = self.conversations.position_of(venue);
        let gone = self.conversations.remove(venue);
        if let Some(key) = gone.as_ref().and_then(Conversation::key) {
            self.nobodys.remove(key);
        }
        (at, gone.map(|gone| gone.draft).unwrap_or_default())
    }

    /// Clears the messages in view; scrolling back brings them again.
    pub(in crate::client::session) fn clear(&mut self) {
        self.conversations.current_mut().clear();
    }

    /// The reader scrolls: what was cleared may come back.
    pub(in crate::client::session) fn uncover(&mut self) {
        self.conversations.current_mut().reach.cleared = false;
    }

    /// Scrolls the conversation in view.
    pub(in crate::client::session) fn scroll_to(&mut self, anchor: Anchor) {
        self.conversations.current_mut().scroll_to(anchor);
    }

    /// Returns to the newest messages of the conversation in view.
    pub(in crate::client::session) fn attach(&mut self) {
        self.conversations.current_mut().attach();
    }

    /// The conversation of a place; for a room that the person is not in, the one with everyone.
    fn talk(&mut self, place: &Target) -> &mut Conversation {
        let outside = matches!(place, Target::Room(room) if self.rooms.is_outside(room));
        self.conversations.with(if outside { &Target::Everyone } else { place })
    }

    /// The conversation with `target`, if there is one.
    fn known(&mut self, target: &Target) -> Option<&mut Conversation> {
        let at = self.conversations.position(target)?;
        self.conversations.iter_mut().nth(at)
    }
}
