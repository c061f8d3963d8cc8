//! Sending messages, and what becomes of them.
//!
//! Must not know: dialogs, the history, or what else is asked of the server.

use crate::client::chat::entry::{EntryKind, Mark};
use crate::client::msg::OrderOutcome;
use crate::client::session::chat::Chat;
use crate::client::session::effects::Effects;
use crate::client::session::link::Link;
use crate::client::session::link::hindrance::sentence;
use crate::client::session::notice::Notice;
use crate::client::session::outbound::awaited::Outgoing;
use crate::client::session::outbound::{AfterRefusal, MAX_PENDING, Outbound};
use crate::client::session::plain::Plain;
use crate::client::text::json::Order;
use crate::language::places::place;
use crate::language::sending as say;
use crate::model::{MessageId, RoomName, Target, Text, Timestamp};
use crate::protocol::escape::escaped_len;
use crate::protocol::limits::MAX_DATA;
use crate::protocol::{Code, Dialect, ReplyTo};

/// The parts involved in sending messages.
#[derive(Debug)]
pub(in crate::client::session) struct Sending<'a> {
    /// Knows the sender, and whether there is a server.
    link: &'a Link,
    outbound: &'a mut Outbound,
    /// Shows messages and their marks.
    chat: &'a mut Chat,
    /// Counts the lines that plain mode could not send.
    plain: &'a mut Plain,
    out: &'a mut Effects,
}

impl<'a> Sending<'a> {
    pub(in crate::client::session) fn new(
        link: &'a Link,
        outbound: &'a mut Outbound,
        chat: &'a mut Chat,
        plain: &'a mut Plain,
        out: &'a mut Effects,
    ) -> Self {
        Self { link, outbound, chat, plain, out }
    }

    /// Sends and shows a message. On failure it says why and returns `false`, and the text stays where it was written.
    pub(in crate::client::session) fn send(&mut self, target: Target, me_too: bool, text: &str) -> bool {
        self.send_as(target, (me_too, None), text)
    }

    /// The same with an answer to a message of that conversation.
    pub(in crate::client::session) fn reply_to(&mut self, target: Target, reply: ReplyTo, text: &str) -> bool {
        self.send_as(target, (false, Some(reply)), text)
    }

    fn send_as(&mut self, target: Target, (me_too, reply): (bool, Option<ReplyTo>), text: &str) -> bool {
        let text = Text::block(text.trim_matches('\n'));
        if text.is_blank() {
            return true;
        }
        if let Target::Room(room) = &target
            && self.link.is_online()
            && self.chat.rooms().is_outside(room)
        {
            self.not_inside(room);
            return false;
        }
        let reply = reply.filter(|_| self.link.abilities().reply || !self.link.is_online());
        let message = Outgoing::new(target, me_too, text).answering(reply.as_ref().map(|reply| reply.id));
        let target = message.target().clone();
        if self.out.is_plain() {
            self.plain.went(&target, me_too);
            self.chat.tell_if_away(&target, self.out);
            let parts = self.outbound.queue_parts_first(&message);
            self.plain.count_parts(parts);
            return true;
        }
        if let Err(why) = self.check(&message) {
            self.chat.trouble(why, self.out);
            return false;
        }
        let text = message.text().clone();
        let mark = match self.link.dialect() {
            Some(dialect @ Dialect::Tr223) => {
                self.hand_over(message, dialect);
                Mark::Accepted
            }
            None if self.link.is_idle() => Mark::NotSent { label: self.outbound.next_label(), me_too, unsure: false },
            Some(Dialect::Tr226) | None => Mark::Sending(self.outbound.queue_message(message)),
        };
        self.chat.add_own(&target, (text, reply), mark, self.link.me(), self.out.wall());
        self.chat.tell_if_away(&target, self.out);
        true
    }

    /// Checks whether a message of the screen can be sent.
    fn check(&self, message: &Outgoing) -> Result<(), String> {
        let over = escaped_len(message.text().as_str()).saturating_sub(MAX_DATA);
        if over > 0 {
            return Err(say::send_in_parts(over, MAX_DATA));
        }
        if self.outbound.pending() >= MAX_PENDING {
            return Err(say::too_many_on_way(MAX_PENDING));
        }
        match self.link.me().name() {
            Some(_) => Ok(()),
            None => Err(say::no_name_yet().to_owned()),
        }
    }

    /// Gives a message that waits another text, or sends one that was not sent with that text. On failure it says why and
    /// returns `false`.
    pub(in crate::client::session) fn rewrite(&mut self, target: &Target, label: &str, text: &str) -> bool {
        let text = Text::block(text.trim_matches('\n'));
        let over = escaped_len(text.as_str()).saturating_sub(MAX_DATA);
        let hindrance = match () {
            () if text.is_blank() => say::edit_needs_text().to_owned(),
            () if over > 0 => say::message_too_long(over, MAX_DATA),
            () if self.outbound.rewrite(label, text.clone()) => {
                self.chat.rewrite(target, label, text);
                return true;
            }
            () => match self.send_again(label, Some(&text)) {
                Some(sent) => return sent,
                None => say::waits_no_more().to_owned(),
            },
        };
        self.chat.trouble(hindrance, self.out);
        false
    }

    /// Takes back a message that waits or was not sent; returns its text, or says why that fails.
    pub(in crate::client::session) fn withdraw(&mut self, label: &str) -> Option<Text> {
        let text = if let Some(message) = self.outbound.withdraw(label) {
            self.chat.withdraw(message.target(), label);
            Some(message.text().clone())
        } else {
            self.chat.take_not_sent(label)
        };
        let words = if text.is_some() { say::withdrawn() } else { say::waits_no_more() };
        if text.is_some() {
            self.chat.news(words, self.out)
        } else {
            self.chat.trouble(words, self.out)
        }
        text
    }

    /// Says that the person is not in a room, which is then no recipient of plain mode either.
    pub(in crate::client::session) fn not_inside(&mut self, room: &RoomName) {
        let unknown = self.chat.rooms().get(&Target::Room(room.clone())).is_none();
        let meant = if unknown { self.chat.no_room(room.as_str()) } else { None };
        self.chat.trouble(meant.unwrap_or_else(|| say::not_in_room(room)), self.out);
        if self.out.is_plain() {
            self.plain.count_not_sent();
            self.plain.missed(|aim| matches!(aim, Target::Room(other) if other == room));
        }
    }

    /// Hands a message to the server.
    pub(in crate::client::session) fn hand_over(&mut self, message: Outgoing, dialect: Dialect) {
        let accepted = self.outbound.hand_over(message, dialect, self.out);
        if let Some(message) = accepted.filter(|_| self.out.is_screen()) {
            self.chat.accept_unseen(&message);
        }
    }

    /// The server accepted a message; `offline` if its recipient is.
    pub(in crate::client::session) fn accepted(
        &mut self,
        label: &str,
        (id, time): (Option<MessageId>, Option<Timestamp>),
        offline: bool,
    ) {
        self.plain.progress(self.out.steady());
        if let Some(message) = self.outbound.take_message(label) {
            self.chat.accept(&message, id, time, self.link.me(), self.out);
            self.out.outcome(message.tag(), OrderOutcome::Accepted { id, time, offline });
            self.chat.tell_if_offline(message.target(), offline, self.out);
        }
    }

    /// A message of the person came back. Returns whether it was on its way under this label.
    pub(in crate::client::session) fn came_back(
        &mut self,
        label: &str,
        id: Option<MessageId>,
        time: Option<Timestamp>,
    ) -> bool {
        let Some(message) = self.outbound.take_message(label) else { return false };
        let time = Some(time.unwrap_or(self.out.wall()));
        self.chat.accept(&message, id, time, self.link.me(), self.out);
        true
    }

    /// Handles the refusal of a message.
    pub(in crate::client::session) fn refused(&mut self, message: Outgoing, code: Code, text: &Text) {
        let now = self.out.steady();
        let screen = self.out.is_screen();
        match self.outbound.refused(message.clone(), code, now) {
            AfterRefusal::Again(first) => {
                self.plain.progress(now);
                if first && screen {
                    let words =
                        if code == Code::StoreUnavailable { say::cannot_store_now() } else { say::slow_to_accept() };
                    self.chat.trouble(words, self.out);
                }
            }
            AfterRefusal::GivenUp(tell) => {
                self.not_sent(&message, &code.to_string(), text.as_str(), false);
                if matches!(code, Code::NoSuchUser | Code::NoSuchRoom | Code::NotInRoom) {
                    self.plain.missed(|target| message.target() == target);
                }
                if screen && tell {
                    let text = sentence(text.as_str());
                    let words = if self.chat.is_in_view(message.target()) {
                        say::not_sent_resend(text)
                    } else {
                        say::to_place_not_sent(place(message.target()), text)
                    };
                    self.chat.trouble(words, self.out);
                }
                self.plain.count_refused();
            }
        }
    }

    /// A message was not sent, for a reason with a code for programs: it is marked on the screen, or reported in plain
    /// mode.
    pub(in crate::client::session) fn not_sent(&mut self, message: &Outgoing, code: &str, why: &str, unsure: bool) {
        if self.out.is_plain() {
            self.plain.count_not_sent();
            if self.out.is_json() {
                return self.out.outcome(message.tag(), OrderOutcome::Refused(code.to_owned(), Text::line(why)));
            }
            return self.chat.trouble(say::why_not_sent(why, message.text()), self.out);
        }
        self.chat.mark_not_sent(message, unsure);
    }

    /// Resends the messages marked as not sent in the conversation in view.
    pub(in crate::client::session) fn resend(&mut self) {
        if !self.link.is_online() {
            let words = say::resend_once_online();
            return self.chat.news(words, self.out);
        }
        let marked = self.chat.labels_not_sent();
        if marked.is_empty() {
            return self.chat.news(say::nothing_to_resend(), self.out);
        }
        // What hinders one hinders those after it.
        let _sent = marked.iter().all(|label| self.send_again(label, None) == Some(true));
    }

    /// Resends one message marked as not sent.
    pub(in crate::client::session) fn resend_one(&mut self, label: &str) {
        if !self.link.is_online() {
            return self.chat.news(say::resend_once_online(), self.out);
        }
        self.send_again(label, None);
    }

    /// Sends a message marked as not sent, with this text if there is one; it goes to the end. Returns whether it was sent,
    /// `None` if there is no such message.
    fn send_again(&mut self, label: &str, text: Option<&Text>) -> Option<bool> {
        let (target, entry) = self.chat.not_sent_as(label)?;
        let EntryKind::Message { text: said, mark: Mark::NotSent { me_too, .. }, .. } = &entry.kind else {
            return None;
        };
        let (target, reply, me_too) = (target.clone(), entry.reply_to().cloned(), *me_too);
        let text = text.unwrap_or(said).clone();
        let sent = self.send_as(target, (me_too, reply), text.as_str());
        if sent {
            self.chat.take_not_sent(label);
        }
        Some(sent)
    }

    /// Takes a line of plain mode. Returns it if it is to be carried out at once; otherwise it is queued or skipped.
    pub(in crate::client::session) fn take_line(&mut self, line: String, at_once: bool) -> Option<String> {
        let taken = self.plain.takes_line(self.outbound.has_room());
        if at_once && self.outbound.is_idle() {
            self.begin_line();
            return Some(line);
        }
        if taken {
            self.outbound.queue_line(line);
        } else {
            self.leave_out(say::too_many_lines(), &line);
        }
        None
    }

    /// Takes a request of a program, if there is room.
    pub(in crate::client::session) fn take_order(&mut self, order: Order) {
        if self.outbound.has_room() {
            return self.outbound.queue_order(order);
        }
        self.plain.count_not_sent();
        let words = Text::line(say::too_many_requests());
        self.out.outcome(order.label, OrderOutcome::Refused("busy".to_owned(), words));
    }

    /// Begins to carry out a line; tells if the last one became many messages.
    pub(in crate::client::session) fn begin_line(&mut self) {
        if let Some(notice) = self.plain.begin_line() {
            self.chat.notify(notice, self.out);
        }
    }

    /// Takes the rest of the previous line.
    pub(in crate::client::session) fn take_rest(&mut self, text: String) {
        if self.plain.takes_rest(self.outbound.has_room()) {
            self.outbound.queue_rest(text);
        } else {
            self.leave_out(say::too_many_lines(), &text);
        }
    }

    /// Sends the rest of a line.
    pub(in crate::client::session) fn go_on(&mut self, text: &str) {
        match self.plain.goes_on_to() {
            Some(_) if !self.plain.may_go_on() => self.leave_out(say::line_too_long(), text),
            Some((target, me_too)) => drop(self.send(target, me_too, text)),
            None => self.leave_out(say::line_was_no_message(), text),
        }
    }

    fn leave_out(&mut self, why: &str, text: &str) {
        let notice: Notice = self.plain.leave_out(why, text);
        self.chat.notify(notice, self.out);
    }
}
