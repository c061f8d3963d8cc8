//! What is in view, and reading the history there: conversations are shown, pages are requested as the reader scrolls,
//! and search results are visited.
//!
//! Must not know: what else is asked of the server, or how messages are sent.

mod picking;
mod searching;

use crate::client::chat::conversation::Anchor;
use crate::client::chat::venue::Venue;
use crate::client::dialogs;
use crate::client::session::chat::Chat;
use crate::client::session::chat::changes::deleted_marker;
use crate::client::session::chat::told::{Header, Missed};
use crate::client::session::commands::decision::ViewStep;
use crate::client::session::effects::Effects;
use crate::client::session::history::wish::Wish;
use crate::client::session::history::{History, MAX_MISSED, Rejected};
use crate::client::session::link::Link;
use crate::client::session::outbound::Outbound;
use crate::client::session::ui::Ui;
use crate::language::pictures;
use crate::model::{MessageId, Name, RoomName, Target, Text};
use crate::protocol::addressing::destination;
use crate::protocol::words::SERVER;
use crate::protocol::{ChangeEvent, Code, Command, Event, HistoryCommand, Summary};

/// The parts involved in what is in view.
#[derive(Debug)]
pub(in crate::client::session) struct Viewing<'a> {
    /// Knows the person's name, and the abilities of the server.
    link: &'a Link,
    outbound: &'a mut Outbound,
    /// Stores the conversations.
    chat: &'a mut Chat,
    history: &'a mut History,
    /// Holds the draft, and knows how much of a conversation is in view.
    ui: &'a mut Ui,
    out: &'a mut Effects,
}

impl<'a> Viewing<'a> {
    pub(in crate::client::session) fn new(
        link: &'a Link,
        outbound: &'a mut Outbound,
        chat: &'a mut Chat,
        history: &'a mut History,
        ui: &'a mut Ui,
        out: &'a mut Effects,
    ) -> Self {
        Self { link, outbound, chat, history, ui, out }
    }

    /// Requests read marks and missed messages, once online.
    pub(in crate::client::session) fn look_back(&mut self) {
        self.history.cut_off();
        if self.link.abilities().history {
            self.history.look_back(self.chat.with_holes());
        }
        if self.link.abilities().tells_changes() {
            self.history.look_for_changes(self.chat.with_missed_changes());
        }
    }

    /// Requests what is due, and sends the read mark.
    pub(in crate::client::session) fn go_on(&mut self) {
        let (rows, screen) = (self.ui.rows(), self.out.is_screen());
        let able = self.link.abilities().history && screen;
        if let Some(target) = able.then(|| self.chat.older_wanted(rows)).flatten() {
            self.history.want_older(target);
        }
        if let Some(target) = self.chat.newer_wanted(rows) {
            self.history.want_newer(target);
        }
        let now = self.out.steady();
        let in_view = if screen { self.chat.current().target().cloned() } else { None };
        while let Some(wish) = self.history.next(in_view.as_ref(), now) {
            if let Some(command) = wish.command(self.chat) {
                let label = self.outbound.ask(command, self.out);
                self.history.asked(label, wish, now);
            }
        }
        self.ask_mention();
        self.tell_read(false);
    }

    /// Sends the read mark of the conversation in view; `at_once` if it goes out of view.
    pub(in crate::client::session) fn tell_read(&mut self, at_once: bool) {
        let now = self.out.steady();
        if self.history.knows_read_marks() {
            self.chat.read_to_end();
        }
        let told = self.history.tells_read(self.link, self.out);
        if !told || !self.chat.has_read_on() || !self.history.may_tell_read(at_once, now) {
            return;
        }
        self.history.told_read(now);
        let Some((target, id)) = self.chat.take_read_mark() else { return };
        let with = destination(&target).to_owned();
        self.outbound.ask(Command::History(HistoryCommand::Read { with, id }), self.out);
    }

    /// The server tells where the person stands in a conversation.
    pub(in crate::client::session) fn take_summary(&mut self, label: &str, summary: Summary) {
        if self.history.counts_summary(label) {
            let target = summary.with.clone();
            let (first_time, backlog) = (self.history.is_first_time(), self.history.prints_backlog());
            let lacking = self.chat.take_summary(summary, first_time, backlog, self.out);
            self.history.want_lacking(target, lacking);
        }
    }

    /// A message is deleted, either live or in an answer.
    pub(in crate::client::session) fn deleted(
        &mut self,
        header: &Header,
        from: Name,
        place: Target,
        (by, verified): (Name, bool),
    ) {
        let place = Chat::conversation_of(&from, place, self.link.me());
        if header.is_in_batch() {
            let kind = self.chat.hidden(deleted_marker((from, verified), by, self.link.me()));
            self.history.take_entry(header, place, kind, self.out.wall());
        } else if let (Some(id), Target::User(_), SERVER) = (header.id(), &place, by.as_str()) {
            // It was erased: the history has no mark of it either.
            self.history.deleted(id);
            if self.chat.expunge(header, (id, from), &place, (by, verified), self.out) {
                self.close(&Venue::Server(place));
            }
        } else if let Some(id) = header.id() {
            self.chat.deleted(header, (id, from), &place, (by, verified), self.link.me(), self.out);
            self.chat.saw_change(&place, header.change());
            self.history.deleted(id);
        }
    }

    /// An answer is complete. Returns whether it was the newest messages for plain mode, which are printed now.
    pub(in crate::client::session) fn answer_ended(&mut self, label: &str, event: &Event) -> bool {
        let Some((wish, entries)) = self.history.take_answer(label) else { return false };
        let (more, damaged) = match event {
            Event::HistoryEnd { more, damaged } | Event::Change(ChangeEvent::End { more, damaged }) => {
                (*more, *damaged)
            }
            _ => {
                if wish == Wish::Standings {
                    self.history.standings_ended(self.chat);
                }
                return false;
            }
        };
        let me = self.link.me();
        let look_at = match wish {
            Wish::Standings => None,
            Wish::Older(target) => {
                self.chat.tell_damaged(&target, damaged, self.out);
                self.chat.take_older(&target, entries, more, me, self.out);
                None
            }
            Wish::UpTo(target, id) => {
                self.chat.tell_damaged(&target, damaged, self.out);
                self.chat.take_older(&target, entries, more, me, self.out);
                let found = self.chat.arrive_at(&target, id, self.out);
                self.history.want_next(Wish::Newer(target));
                found
            }
            Wish::Tail(target, _) => {
                self.chat.tell_damaged(&target, damaged, self.out);
                self.chat.print_tail(&target, entries, me, self.out);
                return true;
            }
            Wish::Notes(target, _) => {
                self.chat.take_notes(&target, entries);
                None
            }
            Wish::Newer(target) => {
                self.chat.tell_damaged(&target, damaged, self.out);
                let top = self.ui.top(self.chat, self.link, self.out.zone());
                self.chat.take_newer(&target, entries, more, top)
            }
            Wish::Changes(target, pages) => {
                match (self.chat.take_changes(&target, entries, more, self.out), pages + 1 < MAX_MISSED) {
                    (false, _) => {}
                    (true, true) => self.history.want_next(Wish::Changes(target, pages + 1)),
                    (true, false) => self.chat.skip_changes(&target),
                }
                None
            }
            Wish::Missed(target, pages) => {
                self.chat.tell_damaged(&target, damaged, self.out);
                match self.chat.take_missed(&target, entries, more, me, self.out) {
                    None | Some(Missed::Whole) => {}
                    Some(Missed::GoesOn) if pages + 1 < MAX_MISSED => {
                        self.history.want_next(Wish::Missed(target, pages + 1));
                    }
                    Some(Missed::GoesOn) => self.chat.skip_missed(&target, me, self.out),
                }
                None
            }
        };
        if let Some(entry) = look_at {
            self.look_at(entry);
        }
        false
    }

    /// A request is refused; `false` if it was not about the history.
    pub(in crate::client::session) fn refused(&mut self, label: &str, code: Code, why: &Text) -> bool {
        let rejected = self.history.refused(label, code, self.out.steady());
        if let (Rejected::For(wish), Code::NoSuchUser) = (&rejected, code)
            && let Some(target) = wish.target().cloned()
        {
            if self.out.is_screen() && self.chat.is_in_view(&target) {
                self.chat.trouble(self.no_user_words(&target, why), self.out);
            }
            self.found_nobody(&target);
        }
        match rejected {
            Rejected::NotOurs => return false,
            Rejected::Settled | Rejected::For(Wish::Standings | Wish::Tail(..)) => {}
            Rejected::For(Wish::UpTo(target, _) | Wish::Newer(target)) => self.chat.no_newer(&target),
            Rejected::For(Wish::Older(target)) => self.chat.no_older(&target),
            Rejected::For(Wish::Notes(target, _)) => self.chat.take_notes(&target, Vec::new()),
            Rejected::For(Wish::Changes(target, _)) => self.chat.no_changes(&target),
            Rejected::For(Wish::Missed(target, _)) => self.chat.no_missed(&target, self.link.me(), self.out),
        }
        true
    }

    /// A sentence that there is no such user, with who was probably meant; or else the server's.
    fn no_user_words(&self, target: &Target, why: &Text) -> String {
        let meant =
            if let Target::User(name) = target { self.chat.no_user(name.as_str(), self.link.me()) } else { None };
        meant.unwrap_or_else(|| why.to_string())
    }

    /// Brings a conversation into view, with its own draft.
    pub(in crate::client::session) fn show_at(&mut self, index: usize) {
        let conversations = self.chat.conversations();
        if index != conversations.index() && index < conversations.count() {
            self.tell_read(true);
            let left = self.chat.current().target().cloned();
            let draft = self.chat.show(index, self.ui.take_draft());
            self.ui.put_draft(draft);
            self.ui.showed(index);
            if let Some(left) = left {
                self.close_if_nobodys(&left);
            }
        }
    }

    /// The server does not know the user of this conversation. It stays as long as it is in view, lest what is written there
    /// goes to others.
    pub(in crate::client::session) fn found_nobody(&mut self, target: &Target) {
        if self.out.is_screen() && matches!(target, Target::User(_)) {
            self.chat.note_nobody(target);
            self.close_if_nobodys(target);
        }
    }

    /// Closes a conversation out of view that is with nobody. What could not be sent goes where Ctrl-Y finds it.
    fn close_if_nobodys(&mut self, target: &Target) {
        if !self.chat.is_in_view(target) && self.chat.is_with_nobody(target) {
            let texts = self.chat.not_sent_to(target);
            if !texts.is_empty() {
                self.ui.keep_cut(&texts);
            }
            self.close(&Venue::Server(target.clone()));
        }
    }

    /// Brings the conversation with a user or in a room into view, begun if there is none.
    pub(in crate::client::session) fn show(&mut self, target: &Target) {
        self.show_venue(&Venue::Server(target.clone()));
    }

    /// The same for any venue.
    pub(in crate::client::session) fn show_venue(&mut self, venue: &Venue) {
        let index = self.chat.begin(venue, self.out.wall());
        self.show_at(index);
        self.ui.focus_composer();
    }

    /// Removes a room from the list of conversations. Its draft goes where Ctrl-Y finds it.
    pub(in crate::client::session) fn close_room(&mut self, room: &RoomName) {
        self.chat.left(room);
        self.close(&Venue::Server(Target::Room(room.clone())));
    }

    /// Removes the conversation in view, if it is with a user.
    fn close_private(&mut self) {
        let venue = self.chat.current().venue.clone();
        match &venue {
            Venue::Server(Target::Everyone | Target::Room(_)) => {}
            Venue::Server(target @ Target::User(_)) => {
                self.tell_read(true);
                self.chat.close_until_said(target);
                self.close(&venue);
            }
            Venue::Direct(_) => self.close(&venue),
        }
    }

    fn close(&mut self, venue: &Venue) {
        if let Some(target) = venue.target() {
            self.history.forget(target);
        }
        if let Some(conversation) = self.chat.conversations().at(venue) {
            self.ui.forget_mark(conversation);
        }
        if self.chat.current().venue == *venue {
            let draft = self.chat.show(0, self.ui.take_draft());
            self.ui.put_draft(draft);
            self.ui.pick(None);
        }
        let (at, draft) = self.chat.close(venue);
        if !draft.is_empty() {
            self.ui.keep_cut(&draft.text());
        }
        self.ui.conversation_closed(at, self.chat.conversations().count());
    }

    /// Carries out a step.
    pub(in crate::client::session) fn take_step(&mut self, step: ViewStep) {
        match step {
            ViewStep::Show(target) => self.show(&target),
            ViewStep::ShowDirect(name) => self.show_venue(&Venue::Direct(name)),
            ViewStep::ShowAt(index) => self.show_at(index),
            ViewStep::Page(pages) => self.scroll(pages * self.ui.page(self.chat)),
            ViewStep::ScrollTo(anchor) => self.chat.scroll_to(anchor),
            ViewStep::Attach => self.chat.attach(),
            ViewStep::Bare => self.ui.turn_bare(),
            ViewStep::Large => {
                if !self.ui.turn_large() {
                    self.chat.trouble(pictures::no_picture_in_view(), self.out);
                }
            }
            ViewStep::Move { down } => {
                self.chat.shift(down);
                self.ui.showed(self.chat.conversations().index());
            }
            ViewStep::Pick(direction, wanted) => self.pick(direction, wanted),
            ViewStep::Close => self.close_private(),
            ViewStep::Clear => self.chat.clear(),
            ViewStep::AskNumber => self.ui.ask_number(),
            ViewStep::Menu => {
                if !self.ui.focus_menu(self.chat) {
                    self.ui.open(dialogs::menu());
                }
            }
        }
    }

    /// Scrolls the messages by this many rows.
    pub(in crate::client::session) fn scroll(&mut self, rows: isize) {
        self.chat.uncover();
        let anchor = self.ui.scrolled(rows, self.chat, self.link, self.out.zone());
        self.chat.scroll_to(anchor);
    }

    /// Goes to a search result; the messages around it are loaded if necessary.
    pub(in crate::client::session) fn go_to(&mut self, target: Target, id: MessageId) {
        let index = self.chat.begin_old(&target);
        self.show_at(index);
        match self.chat.go_to_hit(id) {
            Some(entry) => self.look_at(entry),
            None => {
                self.history.forget(&target);
                self.history.want_next(Wish::UpTo(target, id));
            }
        }
    }

    /// Scrolls an entry to the middle.
    fn look_at(&mut self, entry: usize) {
        self.chat.scroll_to(Anchor::At(entry, 0));
        self.scroll(-(self.ui.page(self.chat) / 2));
    }
}
