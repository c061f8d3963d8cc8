//! Puts pages of the history into conversations. Every message has a number, so that none is shown twice.
//!
//! Must not know: when a page is asked for, or how entries are kept in order.

use super::Chat;
use super::messages::{MAX_NOTED, mentions};
use super::told::{Lacking, Missed};
use crate::client::chat::conversation::Anchor;
use crate::client::chat::entry::{ChatEntry, EntryKind};
use crate::client::chat::reach::Older;
use crate::client::msg::{Effect, Printed};
use crate::client::session::effects::Effects;
use crate::client::session::link::Me;
use crate::language::chat as say;
use crate::language::places::place;
use crate::model::{MessageId, Target};
use crate::protocol::Summary;

/// How close to an end of the loaded entries the reader may come before more are requested.
const NEAR: usize = 40;

impl Chat {
    /// Takes how far the person has read a conversation; returns what to request of its history. `first_time` for the
    /// first connection, `backlog` if plain mode prints earlier messages.
    pub(in crate::client::session) fn take_summary(
        &mut self,
        summary: Summary,
        first_time: bool,
        backlog: bool,
        out: &Effects,
    ) -> Lacking {
        let Summary { with, last, read, unread } = summary;
        let unwanted = match &with {
            Target::Everyone => false,
            Target::Room(room) => !self.rooms.is_inside(room),
            Target::User(_) if self.is_closed(&with) && unread == 0 => true,
            Target::User(name) => self.ignored.has(name) && self.conversations.position(&with).is_none(),
        };
        if unwanted {
            return Lacking::Nothing;
        }
        let plain = out.is_plain();
        let conversation = self.conversations.with(&with);
        let reach = &mut conversation.reach;
        reach.told = read;
        reach.read = reach.read.max(read);
        if last > reach.read {
            reach.new_after = Some(reach.read);
        }
        conversation.unread = if last > conversation.reach.read { unread } else { 0 };
        let wanted = match (plain, backlog && first_time) {
            (false, _) => conversation.reach.older == Older::Unknown,
            (true, true) => with == Target::Everyone || unread > 0,
            (true, false) => false,
        };
        let noted = conversation.reach.older != Older::Unknown || conversation.reach.hole.is_some();
        let began = plain && !first_time && !noted;
        if plain && !wanted && !noted {
            // Messages from before the first connection are not printed; all of a conversation that began while offline
            // is.
            conversation.reach.saw(Some(last).filter(|_| first_time));
            conversation.reach.hole = began.then_some(MessageId(0));
            conversation.reach.older = Older::Beginning;
        }
        conversation.draw_new_line();
        if !plain && !self.notifier.looks_elsewhere() {
            self.conversations.current_mut().enter();
        }
        match (began, wanted) {
            (true, _) => Lacking::Missed,
            (false, true) => Lacking::Older,
            (false, false) => Lacking::Nothing,
        }
    }

    /// The conversation in view, if the reader needs older messages.
    pub(in crate::client::session) fn older_wanted(&mut self, rows: usize) -> Option<Target> {
        let conversation = self.conversations.current_mut();
        let wanted = match (conversation.reach.older, conversation.anchor) {
            (Older::Unknown | Older::More, Anchor::Bottom) if conversation.reach.cleared => false,
            (Older::Unknown, _) => true,
            (Older::More, Anchor::At(entry, _)) => entry < NEAR,
            (Older::More, Anchor::Bottom) => conversation.entries().len() < rows,
            (Older::Loading | Older::Beginning, _) => false,
        };
        if !wanted || !conversation.has_room() {
            return None;
        }
        if conversation.reach.older == Older::More {
            conversation.reach.older = Older::Loading;
        }
        conversation.target().cloned()
    }

    /// The conversation in view, if the reader needs newer messages and they are not on their way.
    pub(in crate::client::session) fn newer_wanted(&mut self, rows: usize) -> Option<Target> {
        let conversation = self.conversations.current_mut();
        let near_end = match conversation.anchor {
            Anchor::Bottom => true,
            Anchor::At(entry, _) => entry + rows + NEAR > conversation.entries().len(),
        };
        let reach = &mut conversation.reach;
        if !reach.detached || !near_end || reach.newer || reach.older == Older::Loading {
            return None;
        }
        reach.newer = true;
        conversation.target().cloned()
    }

    /// A page of older messages.
    pub(in crate::client::session) fn take_older(
        &mut self,
        target: &Target,
        mut entries: Vec<ChatEntry>,
        more: bool,
        me: &Me,
        out: &mut Effects,
    ) {
        entries.sort_by_key(|entry| entry.id);
        let conversation = self.conversations.with(target);
        // A server that claims to have more but sends none would be asked forever.
        let older = if more && !entries.is_empty() { Older::More } else { Older::Beginning };
        if let Some(first) = entries.first() {
            conversation.reach.floor = first.id;
        }
        if out.is_screen() {
            conversation.take_older(entries, out.zone());
            conversation.reach.older = older;
            conversation.draw_new_line();
            return self.count_again(target, me);
        }
        let new_after = conversation.reach.new_after.take();
        let newest = conversation.reach.newest;
        conversation.reach.saw(entries.last().and_then(|entry| entry.id));
        let read = |entry: &ChatEntry| new_after.is_none_or(|read| entry.id <= Some(read));
        let mut drawn = false;
        for entry in entries.into_iter().filter(|entry| newest == MessageId(0) || entry.id < Some(newest)) {
            if matches!(target, Target::User(_)) && read(&entry) {
                continue;
            }
            let other = !matches!(entry.kind, EntryKind::Message { own: true, .. });
            if other && !read(&entry) && !std::mem::replace(&mut drawn, true) {
                out.emit(Effect::Print(Printed::New));
            }
            self.print(target, entry, true, me, out);
        }
    }

    /// Prints the newest messages of a conversation.
    pub(in crate::client::session) fn print_tail(
        &mut self,
        target: &Target,
        mut entries: Vec<ChatEntry>,
        me: &Me,
        out: &mut Effects,
    ) {
        entries.sort_by_key(|entry| entry.id);
        self.conversations.with(target).reach.saw(entries.last().and_then(|entry| entry.id));
        for entry in entries {
            self.print(target, entry, true, me, out);
        }
    }

    /// Takes the newest messages of a conversation, so that plain mode can name them.
    pub(in crate::client::session) fn take_notes(&mut self, target: &Target, mut entries: Vec<ChatEntry>) {
        entries.sort_by_key(|entry| entry.id);
        let conversation = self.conversations.with(target);
        conversation.reach.noted = true;
        for entry in entries {
            conversation.note_old(entry, MAX_NOTED);
        }
    }

    /// Whether plain mode knows the newest messages of a conversation.
    pub(in crate::client::session) fn has_notes(&self, target: &Target) -> bool {
        self.conversations.find(target).is_some_and(|conversation| conversation.reach.noted)
    }

    /// Takes a page of newer messages. `top` is the first visible row. Returns the entry to look at, if a search led
    /// the reader here.
    pub(in crate::client::session) fn take_newer(
        &mut self,
        target: &Target,
        mut entries: Vec<ChatEntry>,
        more: bool,
        top: Anchor,
    ) -> Option<usize> {
        entries.sort_by_key(|entry| entry.id);
        let in_view = self.current().target() == Some(target);
        let conversation = self.conversations.with(target);
        conversation.reach.newer = false;
        if !conversation.reach.detached {
            return None;
        }
        let after = conversation.newest();
        entries.retain(|entry| entry.id > after);
        let nothing = entries.is_empty();
        // A reader at the end keeps their place and reads on.
        if in_view && conversation.anchor == Anchor::Bottom && !nothing {
            conversation.anchor = top;
        }
        conversation.take_newer(entries);
        let again = std::mem::take(&mut conversation.reach.again);
        if !again && (nothing || !more) {
            conversation.reach.detached = false;
        }
        let arriving = std::mem::take(&mut conversation.reach.arriving);
        conversation.reach.found.filter(|_| arriving && in_view).and_then(|id| conversation.loaded(id))
    }

    /// Takes a page of messages missed since the connection was lost; `None` if nothing is missing.
    pub(in crate::client::session) fn take_missed(
        &mut self,
        target: &Target,
        mut entries: Vec<ChatEntry>,
        more: bool,
        me: &Me,
        out: &mut Effects,
    ) -> Option<Missed> {
        entries.sort_by_key(|entry| entry.id);
        let conversation = self.conversations.with(target);
        let hole = conversation.reach.hole?;
        entries.retain(|entry| entry.id > Some(hole));
        let last = entries.last().and_then(|entry| entry.id);
        conversation.reach.saw(last);
        let again = std::mem::take(&mut conversation.reach.again);
        let goes_on = more && last.is_some() || again;
        conversation.reach.hole = goes_on.then_some(last.unwrap_or(hole));
        if out.is_plain() {
            for entry in entries {
                if !matches!(entry.kind, EntryKind::Message { own: true, .. }) {
                    self.print(target, entry, false, me, out);
                }
            }
            if !goes_on {
                self.print_waiting(target, last.unwrap_or(hole), me, out);
            }
        } else {
            conversation.take_newer(entries);
            conversation.draw_new_line();
            self.count_again(target, me);
        }
        Some(if goes_on { Missed::GoesOn } else { Missed::Whole })
    }

    /// Gives up loading missed messages: there are too many, so the reader continues with the newest.
    pub(in crate::client::session) fn skip_missed(&mut self, target: &Target, me: &Me, out: &mut Effects) {
        let screen = out.is_screen();
        let conversation = self.conversations.with(target);
        let hole = conversation.reach.hole.take();
        if let Some(hole) = hole.filter(|_| screen) {
            conversation.forget_up_to(hole);
        }
        self.trouble(say::more_than_fits(place(target)), out);
        self.print_waiting(target, hole.unwrap_or_default(), me, out);
    }

    /// Prints the messages that have waited for those missed before them, the last of which is this one.
    fn print_waiting(&mut self, target: &Target, after: MessageId, me: &Me, out: &mut Effects) {
        for entry in self.conversations.with(target).take_waiting(after) {
            self.conversations.with(target).reach.saw(entry.id);
            self.print(target, entry, false, me, out);
        }
    }

    /// Recounts the unread messages and mentions among those loaded.
    fn count_again(&mut self, target: &Target, me: &Me) {
        if let Some(conversation) = self.known(target) {
            (conversation.unread, conversation.mentions) = conversation.counted(|entry| mentions(entry, me));
        }
    }

    /// Goes to a search result in the conversation in view. Returns the entry to look at, or `None` if the messages
    /// around it have to be loaded first.
    pub(in crate::client::session) fn go_to_hit(&mut self, id: MessageId) -> Option<usize> {
        let conversation = self.conversations.current_mut();
        conversation.reach.found = Some(id);
        let loaded = conversation.loaded(id);
        if loaded.is_none() {
            conversation.detach();
        }
        loaded
    }

    /// The messages up to a search result are loaded; those after it are requested next. Returns the entry to look at.
    pub(in crate::client::session) fn arrive_at(
        &mut self,
        target: &Target,
        id: MessageId,
        out: &mut Effects,
    ) -> Option<usize> {
        let conversation = self.conversations.with(target);
        let in_place = conversation.newest() == Some(id);
        if !in_place {
            conversation.reach.found = None;
            self.news(say::found_is_gone(), out);
        }
        let conversation = self.conversations.with(target);
        conversation.reach.arriving = in_place;
        conversation.reach.newer = true;
        let current = self.current();
        if current.target() == Some(target) { current.loaded(id) } else { None }
    }

    /// Says how many messages of an answer are damaged.
    pub(in crate::client::session) fn tell_damaged(&mut self, target: &Target, count: usize, out: &mut Effects) {
        let are = match count {
            0 => return,
            count => say::damaged_here(count),
        };
        if out.is_plain() { self.trouble(are, out) } else { self.remark(target, &are, out) }
    }

    /// Newer messages cannot be had: the reader returns to the newest.
    pub(in crate::client::session) fn no_newer(&mut self, target: &Target) {
        self.conversations.with(target).attach();
    }

    /// Older messages cannot be had.
    pub(in crate::client::session) fn no_older(&mut self, target: &Target) {
        self.conversations.with(target).reach.older = Older::Beginning;
    }

    /// Missed messages cannot be had.
    pub(in crate::client::session) fn no_missed(&mut self, target: &Target, me: &Me, out: &mut Effects) {
        let hole = self.conversations.with(target).reach.hole.take();
        self.print_waiting(target, hole.unwrap_or_default(), me, out);
    }

    /// The connection is lost: later messages will have to be requested.
    pub(in crate::client::session) fn cut_history(&mut self) {
        for conversation in self.conversations.iter_mut() {
            if conversation.reach.detached {
                conversation.attach();
            }
            conversation.cut();
        }
    }

    /// The conversations that may lack messages since a loss of the connection, the one in view first.
    pub(in crate::client::session) fn with_holes(&self) -> Vec<Target> {
        let holes = self.conversations.iter().filter(|conversation| conversation.reach.hole.is_some());
        let mut targets: Vec<Target> = holes.filter_map(|conversation| conversation.target().cloned()).collect();
        let in_view = self.current().target();
        targets.sort_by_key(|target| Some(target) != in_view);
        targets
    }
}
