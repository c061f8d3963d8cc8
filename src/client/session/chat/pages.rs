//! Pages of the history as they are put into conversations. Every message has its number, so that none is shown twice.
//!
//! Must not know: when a page is asked for, or how entries are kept in order.

use super::Chat;
use super::messages::mentions;
use super::told::{Lacking, Missed};
use crate::client::chat::conversation::Anchor;
use crate::client::chat::entry::{ChatEntry, EntryKind};
use crate::client::chat::reach::Older;
use crate::client::msg::{Effect, Printed};
use crate::client::session::effects::Effects;
use crate::client::session::link::Me;
use crate::model::{MessageId, Target};
use crate::protocol::Standing;

/// How near to an end of what is loaded, in entries, the reader may come before more is asked for.
const NEAR: usize = 40;

impl Chat {
    /// The server tells where the person stands in a conversation; says what is to be asked of it. `first_time` before
    /// anything of the kind was known, `backlog` if plain mode prints what was said before.
    pub(in crate::client::session) fn stand(
        &mut self,
        standing: Standing,
        first_time: bool,
        backlog: bool,
        out: &Effects,
    ) -> Lacking {
        let Standing { with, last, read, unread } = standing;
        let unwanted = match &with {
            Target::Everyone => false,
            Target::Room(room) => !self.rooms.is_inside(room),
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
            // What was said before the person came is not printed; all of what somebody began while they were away is.
            conversation.reach.saw(Some(last).filter(|_| first_time));
            conversation.reach.hole = began.then_some(MessageId(0));
            conversation.reach.older = Older::Beginning;
        }
        conversation.draw_new_line();
        if !plain {
            self.conversations.current_mut().enter();
        }
        match (began, wanted) {
            (true, _) => Lacking::Missed,
            (false, true) => Lacking::Older,
            (false, false) => Lacking::Nothing,
        }
    }

    /// The conversation in view if the reader is where older messages are needed.
    pub(in crate::client::session) fn older_wanted(&mut self, rows: usize) -> Option<Target> {
        let conversation = self.conversations.current_mut();
        let wanted = match (conversation.reach.older, conversation.anchor) {
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
        Some(conversation.target.clone())
    }

    /// The conversation in view if the reader comes to the end of what is loaded, and more is not on its way.
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
        Some(conversation.target.clone())
    }

    /// The page before the oldest known message.
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
        // A server that has more and shows nothing of it would be asked for ever.
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
            self.print(target, entry, out);
        }
    }

    /// Messages after the newest one loaded. `top` is the first visible row; gives the entry to look at, if the reader
    /// was led to one.
    pub(in crate::client::session) fn take_newer(
        &mut self,
        target: &Target,
        mut entries: Vec<ChatEntry>,
        more: bool,
        top: Anchor,
    ) -> Option<usize> {
        entries.sort_by_key(|entry| entry.id);
        let in_view = self.current().target == *target;
        let conversation = self.conversations.with(target);
        conversation.reach.newer = false;
        if !conversation.reach.detached {
            return None;
        }
        let after = conversation.newest();
        entries.retain(|entry| entry.id > after);
        let nothing = entries.is_empty();
        // Who stands at the end stays there, and goes on reading.
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

    /// A page of what was missed since the connection was cut; `None` if nothing is missing.
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
                    self.print(target, entry, out);
                }
            }
        } else {
            conversation.take_newer(entries);
            conversation.draw_new_line();
            self.count_again(target, me);
        }
        Some(if goes_on { Missed::GoesOn } else { Missed::Whole })
    }

    /// More was missed than is asked for: the reader goes on from the newest instead.
    pub(in crate::client::session) fn skip_missed(&mut self, target: &Target, out: &mut Effects) {
        let screen = out.is_screen();
        let conversation = self.conversations.with(target);
        if let Some(hole) = conversation.reach.hole.take().filter(|_| screen) {
            conversation.forget_up_to(hole);
        }
        self.trouble(format!("More was said to {target} than is shown at once; scroll up for what is missing."), out);
    }

    /// How much is unread that can be seen, and how much of it calls the person, as far as it is loaded.
    fn count_again(&mut self, target: &Target, me: &Me) {
        if let Some(conversation) = self.known(target) {
            (conversation.unread, conversation.mentions) = conversation.counted(|entry| mentions(entry, me));
        }
    }

    /// Goes to a message that was found, in the conversation in view. Gives the entry to look at, or `None` if what lies
    /// around the message has to be loaded first.
    pub(in crate::client::session) fn go_to_found(&mut self, id: MessageId) -> Option<usize> {
        let conversation = self.conversations.current_mut();
        conversation.reach.found = Some(id);
        let loaded = conversation.loaded(id);
        if loaded.is_none() {
            conversation.detach();
        }
        loaded
    }

    /// What was found is loaded, if it is still there, and what came before it; what comes after it is asked for next.
    /// Gives the entry to look at.
    pub(in crate::client::session) fn arrive_at(
        &mut self,
        target: &Target,
        id: MessageId,
        out: &Effects,
    ) -> Option<usize> {
        let conversation = self.conversations.with(target);
        let in_place = conversation.newest() == Some(id);
        if !in_place {
            conversation.reach.found = None;
            self.remark(target, "The message that was found is no longer there.", out);
        }
        let conversation = self.conversations.with(target);
        conversation.reach.arriving = in_place;
        conversation.reach.newer = true;
        let current = self.current();
        if current.target == *target { current.loaded(id) } else { None }
    }

    /// Says how many messages of an answer cannot be shown.
    pub(in crate::client::session) fn tell_damaged(&mut self, target: &Target, count: usize, out: &mut Effects) {
        let are = match count {
            0 => return,
            1 => "1 message here is damaged on the server's disk and cannot be shown.".to_owned(),
            count => format!("{count} messages here are damaged on the server's disk and cannot be shown."),
        };
        if out.is_plain() { self.trouble(are, out) } else { self.remark(target, &are, out) }
    }

    /// The server has no page around this conversation's loaded messages: the reader goes back to the newest.
    pub(in crate::client::session) fn no_newer(&mut self, target: &Target) {
        self.conversations.with(target).attach();
    }

    /// The server has no older page.
    pub(in crate::client::session) fn no_older(&mut self, target: &Target) {
        self.conversations.with(target).reach.older = Older::Beginning;
    }

    /// The server does not tell what was missed.
    pub(in crate::client::session) fn no_missed(&mut self, target: &Target) {
        self.conversations.with(target).reach.hole = None;
    }

    /// The connection is gone: what comes after what is known now has to be asked for.
    pub(in crate::client::session) fn cut_history(&mut self) {
        for conversation in self.conversations.iter_mut() {
            if conversation.reach.detached {
                conversation.attach();
            }
            conversation.reach.cut();
        }
    }

    /// The conversations in which something may be missing since a cut, the one in view first.
    pub(in crate::client::session) fn with_holes(&self) -> Vec<Target> {
        let holes = self.conversations.iter().filter(|conversation| conversation.reach.hole.is_some());
        let mut targets: Vec<Target> = holes.map(|conversation| conversation.target.clone()).collect();
        let in_view = &self.current().target;
        targets.sort_by_key(|target| target != in_view);
        targets
    }
}
