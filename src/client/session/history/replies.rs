//! How the answers about the past come in. Every message has its number, so that none is shown twice.
//!
//! Must not know: when something is asked (`past`), or how entries are kept in order (`conversation`).

use super::requests::Wish;
use crate::client::chat::entry::{Entry, Kind};
use crate::client::chat::keys::folded;
use crate::client::chat::keys::room_key;
use crate::client::chat::reach::Older;
use crate::client::msg::{Effect, Printed};
use crate::client::session::inbound::Frame;
use crate::client::session::{Mode, Session};
use crate::model::{MessageId, Target};
use crate::protocol::limits::MAX_PAGE;
use crate::protocol::{Event, Standing};

/// Pages of what was missed; if there is more, the reader goes on from the newest instead.
pub const MAX_MISSED: usize = 10;
/// How many messages of a place plain mode keeps, to be deleted by their place.
pub(in crate::client::session) const MAX_NOTED: usize = 50;
/// Conversations that a server may tell of at once.
const MAX_STANDINGS: usize = 500;

impl Session {
    /// A message that is part of an answer, or what stands in its place. What nobody asked for is left out.
    pub(in crate::client::session) fn remembered(&mut self, frame: Frame, target: Target, kind: Kind) {
        let Frame { reference, id, time, .. } = frame;
        let kind = kind.hidden(&|name| self.ignored.has(name));
        if self.search.awaits(reference.as_deref()) {
            return self.found(id, time, target, kind);
        }
        let Some(asked) = reference.and_then(|label| self.past.asked.get_mut(&label)) else { return };
        let Some(wanted) = asked.wish.target().filter(|_| !asked.abandoned) else { return };
        if asked.entries.len() >= MAX_PAGE || id.is_none() || !same(wanted, &target) {
            return;
        }
        asked.entries.push(Entry { time: time.unwrap_or(self.now.wall), id, kind });
    }

    /// Where we stand in a conversation.
    pub(in crate::client::session) fn standing(&mut self, reference: Option<&str>, standing: Standing) {
        let asked = reference.and_then(|label| self.past.asked.get_mut(label));
        let Some(asked) = asked.filter(|asked| asked.wish == Wish::Standings) else { return };
        asked.standings += 1;
        if asked.standings > MAX_STANDINGS {
            return;
        }
        let Standing { with, last, read, unread } = standing;
        let unwanted = match &with {
            Target::Everyone => false,
            Target::Room(room) => !self.rooms.is_inside(room),
            Target::User(name) => self.ignored.has(name) && self.conversations.position(&with).is_none(),
        };
        if unwanted {
            return;
        }
        let first_time = !self.caught_up;
        let plain = self.mode == Mode::Plain;
        let conversation = self.conversations.with(&with);
        let reach = &mut conversation.reach;
        reach.told = read;
        reach.read = reach.read.max(read);
        if last > reach.read {
            reach.new_after = Some(reach.read);
        }
        conversation.unread = if last > conversation.reach.read { unread } else { 0 };
        let wanted = match (plain, self.backlog && first_time) {
            (false, _) => conversation.reach.older == Older::Unknown,
            (true, true) => with == Target::Everyone || unread > 0,
            (true, false) => false,
        };
        let noted = conversation.reach.older != Older::Unknown || conversation.reach.hole.is_some();
        let began = plain && !first_time && !noted;
        if plain && !wanted && !noted {
            // What was said before we came is not printed; all of what somebody began while we were away is.
            conversation.reach.saw(Some(last).filter(|_| first_time));
            conversation.reach.hole = began.then_some(MessageId(0));
            conversation.reach.older = Older::Beginning;
        }
        conversation.draw_new_line();
        let wish = if began { Wish::Missed(with, 0) } else { Wish::Older(with) };
        if (wanted || began) && !self.past.wants(&wish) {
            self.past.wishes.push_back(wish);
        }
        let at = self.conversations.index();
        if let Some(current) = self.conversations.iter_mut().nth(at).filter(|_| !plain) {
            current.enter();
        }
    }

    /// An answer is whole.
    pub(in crate::client::session) fn answer_ends(&mut self, reference: Option<&str>, event: &Event) {
        let Some(asked) = reference.and_then(|label| self.past.asked.remove(label)) else { return };
        if asked.abandoned {
            return;
        }
        match (asked.wish, event) {
            (Wish::Standings, Event::ConversationsEnd) => {
                self.past.standing = true;
                self.caught_up = true;
                // Unread ones first, each group with the most recent first, as the server tells them.
                let unread = |wish: &Wish| match wish {
                    Wish::Older(target) => self.conversations.find(target).is_some_and(|one| one.unread > 0),
                    _ => true,
                };
                let (mut first, rest): (Vec<_>, Vec<_>) = self.past.wishes.drain(..).partition(unread);
                first.extend(rest);
                self.past.wishes = first.into();
            }
            (Wish::Older(target), &Event::HistoryEnd { more, damaged }) => {
                self.damaged(&target, damaged);
                self.older(&target, asked.entries, more);
            }
            (Wish::UpTo(target, id), &Event::HistoryEnd { more, damaged }) => {
                self.damaged(&target, damaged);
                self.older(&target, asked.entries, more);
                self.arrive_at(target, id);
            }
            (Wish::Newer(target), &Event::HistoryEnd { more, damaged }) => {
                self.damaged(&target, damaged);
                self.newer(&target, asked.entries, more);
            }
            (Wish::Missed(target, pages), &Event::HistoryEnd { more, damaged }) => {
                self.damaged(&target, damaged);
                self.missed_page(target, asked.entries, more, pages);
            }
            _ => {}
        }
    }

    fn older(&mut self, target: &Target, mut entries: Vec<Entry>, more: bool) {
        let (zone, plain) = (self.zone, self.mode == Mode::Plain);
        entries.sort_by_key(|entry| entry.id);
        let conversation = self.conversations.with(target);
        // A server that has more and shows nothing of it would be asked for ever.
        let older = if more && !entries.is_empty() { Older::More } else { Older::Beginning };
        if let Some(first) = entries.first() {
            conversation.reach.floor = first.id;
        }
        if !plain {
            conversation.take_older(entries, zone);
            conversation.reach.older = older;
            conversation.draw_new_line();
            return self.count_again(target);
        }
        let new_after = conversation.reach.new_after.take();
        let newest = conversation.reach.newest;
        conversation.reach.saw(entries.last().and_then(|entry| entry.id));
        let read = |entry: &Entry| new_after.is_none_or(|read| entry.id <= Some(read));
        let mut drawn = false;
        for entry in entries.into_iter().filter(|entry| newest == MessageId(0) || entry.id < Some(newest)) {
            if matches!(target, Target::User(_)) && read(&entry) {
                continue;
            }
            let other = !matches!(entry.kind, Kind::Message { own: true, .. });
            if other && !read(&entry) && !std::mem::replace(&mut drawn, true) {
                self.emit(Effect::Print(Printed::New));
            }
            self.print(target, entry);
        }
    }

    fn missed_page(&mut self, target: Target, mut entries: Vec<Entry>, more: bool, pages: usize) {
        entries.sort_by_key(|entry| entry.id);
        let plain = self.mode == Mode::Plain;
        let conversation = self.conversations.with(&target);
        let Some(hole) = conversation.reach.hole else { return };
        entries.retain(|entry| entry.id > Some(hole));
        let last = entries.last().and_then(|entry| entry.id);
        conversation.reach.saw(last);
        let again = std::mem::take(&mut conversation.reach.again);
        let goes_on = more && last.is_some() || again;
        conversation.reach.hole = goes_on.then_some(last.unwrap_or(hole));
        if plain {
            for entry in entries {
                if !matches!(entry.kind, Kind::Message { own: true, .. }) {
                    self.print(&target, entry);
                }
            }
        } else {
            conversation.take_newer(entries);
            conversation.draw_new_line();
            self.count_again(&target);
        }
        if !goes_on {
            return;
        }
        if pages + 1 < MAX_MISSED {
            return self.past.wishes.push_front(Wish::Missed(target, pages + 1));
        }
        let conversation = self.conversations.with(&target);
        if let Some(hole) = conversation.reach.hole.take().filter(|_| !plain) {
            conversation.forget_up_to(hole);
        }
        self.complain(format!("More was said to {target} than is shown at once; scroll up for what is missing."));
    }

    /// How much is unread that can be seen, and how much of it calls us, as far as it is loaded.
    fn count_again(&mut self, target: &Target) {
        let Some(at) = self.conversations.position(target) else { return };
        let mine = |entry: &Entry| self.mentions_me(entry);
        let counted = self.conversations.iter().nth(at).map(|one| one.counted(mine));
        if let (Some((unread, mentions)), Some(one)) = (counted, self.conversations.iter_mut().nth(at)) {
            (one.unread, one.mentions) = (unread, mentions);
        }
    }

    pub(in crate::client::session) fn print(&mut self, target: &Target, entry: Entry) {
        if matches!(target, Target::Room(_) | Target::Everyone) {
            self.talk(target).note(entry.clone(), MAX_NOTED);
        }
        if let Kind::Message { from, verified, text, .. } = entry.kind {
            let to = target.clone();
            self.emit(Effect::Print(Printed::Message { time: entry.time, from, verified, to, text }));
        }
    }

    fn damaged(&mut self, target: &Target, count: usize) {
        let are = match count {
            0 => return,
            1 => "1 message here is damaged on the server's disk and cannot be shown.".to_owned(),
            count => format!("{count} messages here are damaged on the server's disk and cannot be shown."),
        };
        match self.mode {
            Mode::Plain => self.complain(are),
            Mode::Screen => self.remark(target, &are),
        }
    }
}

fn same(one: &Target, other: &Target) -> bool {
    match (one, other) {
        (Target::User(one), Target::User(other)) => folded(one) == folded(other),
        (Target::Room(one), Target::Room(other)) => room_key(one) == room_key(other),
        _ => one == other,
    }
}
