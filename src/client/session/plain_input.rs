//! Works off what is to be sent: the lines of plain mode and the requests of programs; and ends plain mode once its
//! input has ended and everything is settled.
//!
//! Must not know: where lines come from, or how a message is sent.

use super::Session;
use super::commands::actions;
use super::commands::decision::Declined;
use super::history::wish::Wish;
use super::notice::Notice;
use super::outbound::awaited::Outgoing;
use super::outbound::queue::Queued;
use super::plain::is_at_once;
use crate::client::msg::{Farewell, OrderOutcome, Printed};
use crate::client::text::json::{self, Op, Order};
use crate::language::sending as say;
use crate::model::{Target, Text};
use crate::protocol::Code;
use crate::protocol::escape::escaped_len;
use crate::protocol::limits::MAX_DATA;

/// Lines and requests, as they come in.
impl Session {
    /// A line of plain mode; some commands do not wait for the lines before them.
    pub(super) fn take_line(&mut self, line: String) {
        if self.out.is_json() {
            return self.take_json(&line);
        }
        let line = self.plain.as_written(line);
        let at_once = is_at_once(&line);
        if let Some(line) = self.sending().take_line(line, at_once) {
            self.enter(&line);
        }
    }

    /// The rest of a line of plain mode.
    pub(super) fn take_rest(&mut self, text: String) {
        // Of a program, the line was answered as too long already.
        if !self.out.is_json() {
            self.sending().take_rest(text);
        }
    }

    fn take_json(&mut self, line: &str) {
        match json::order(line) {
            Ok(None) => {}
            Ok(Some(order)) => self.sending().take_order(order),
            Err(wrong) => {
                self.plain.count_refused();
                let outcome = OrderOutcome::Refused(wrong.code.to_owned(), Text::line(&wrong.words));
                self.out.outcome(wrong.label, outcome);
            }
        }
    }

    /// Nobody reads the output any more, or it cannot be written: what was read before is still sent.
    pub(super) fn output_ended(&mut self, why: Option<String>) {
        let now = self.out.steady();
        match why {
            Some(why) => self.plain.fail(why, now),
            None => self.plain.end(now),
        }
        self.plain.watch_mut().give_up();
    }
}

/// Working off.
impl Session {
    /// Sends what is queued, as far as the server allows, and leaves once there is nothing left to do.
    pub(super) fn send_what_waits(&mut self) {
        let now = self.out.steady();
        if self.out.has_left() {
            return;
        }
        self.outbound.resume(now);
        while let Some(dialect) = self.link.dialect().filter(|_| !self.out.has_left()) {
            match self.outbound.next(self.out.is_plain()) {
                Some(Queued::Rest(text)) => self.sending().go_on(&text),
                Some(Queued::Line(line)) => {
                    self.sending().begin_line();
                    if !self.enter(&line) {
                        self.plain.count_not_sent();
                    }
                }
                Some(Queued::Order(order)) => self.carry_out_order(order),
                Some(Queued::Message(message)) => self.sending().hand_over(message, dialect),
                None => break,
            }
            self.plain.progress(now);
        }
        self.outbound.end_run_if_idle();
        if self.out.is_plain() && !self.out.has_left() {
            self.watch();
        }
    }

    /// Looks whether what plain mode was started for has come, and leaves once it is over.
    fn watch(&mut self) {
        let now = self.out.steady();
        let me = self.link.me();
        let over = self.plain.is_over();
        for printed in self.out.printed() {
            self.plain.watch_mut().saw(printed, |name| me.is(name));
        }
        if let Some(why) = self.plain.watch().missed(now) {
            return self.leave(Farewell::Failed(why));
        }
        if self.plain.is_over() {
            if !over {
                self.plain.progress(now);
            }
            self.leave_when_done();
        }
    }

    /// Whether plain mode has nothing left to wait for.
    pub(super) fn is_done(&self) -> bool {
        self.plain.is_over()
            && self.outbound.is_done()
            && !self.preferences.is_saving()
            && !self.history.search().awaits_anything()
    }

    fn leave_when_done(&mut self) {
        let been_online = self.link.has_been_online();
        let settled = self.link.is_online() || been_online && self.link.is_waiting();
        if self.is_done() && settled || self.plain.is_late(self.out.steady()) {
            let notice = self.plain.end_line();
            self.tell(notice);
            let silent = (!been_online).then(|| self.link.server());
            let farewell = self.plain.farewell(self.outbound.pending(), silent);
            self.leave(farewell);
        }
    }
}

/// Programs.
impl Session {
    /// The server accepted the name: tells a program, and requests the newest messages if they are wanted.
    pub(super) fn begin_program(&mut self, again: bool) {
        if let Some(name) = self.link.me().name().cloned() {
            self.out.tell_program(Printed::Online(name, again));
        }
        let Some((target, count)) = self.plain.watch().tail() else { return };
        if !self.link.abilities().history {
            return self.leave(Farewell::Failed(say::keeps_no_messages().to_owned()));
        }
        self.history.want(Wish::Tail(target, count));
    }

    fn carry_out_order(&mut self, order: Order) {
        let Order { label, op } = order;
        match op {
            Op::Say { to, text, me_too } => {
                let message = self.message_to(to.as_deref(), &text, me_too);
                match message {
                    Ok(message) => self.outbound.queue_first(message.tagged(label)),
                    Err((code, words)) => self.refuse(label, &code, &words),
                }
            }
            Op::Command(line) => {
                let before = self.outbound.count();
                match actions::written(&line, &self.here()) {
                    Ok(steps) => {
                        if !self.carry_out(Ok(steps)) {
                            return self.refuse(label, "not_done", say::command_not_done());
                        }
                    }
                    Err(declined) => return self.refuse(label, "not_done", &words_of(declined)),
                }
                let awaited = self.outbound.awaited_since(before);
                match awaited.into_iter().next_back() {
                    Some(wire) => self.plain.asked(wire, label),
                    None => self.out.outcome(label, OrderOutcome::Accepted { id: None, time: None, offline: false }),
                }
            }
            Op::Exit => self.plain.end(self.out.steady()),
        }
    }

    /// A message as a program has written it.
    ///
    /// # Errors
    /// A code and a sentence.
    fn message_to(&self, to: Option<&str>, text: &str, me_too: bool) -> Result<Outgoing, (String, String)> {
        let not_sent = |code: &str, words: String| (code.to_owned(), words);
        let target = match to {
            None => self.plain.aim().cloned().unwrap_or(Target::Everyone),
            Some("everyone") => Target::Everyone,
            Some(name) => {
                let named = self.here().target_named(name);
                named.map_err(|declined| not_sent("bad_recipient", words_of(declined)))?
            }
        };
        let text = Text::block(text.trim_matches('\n'));
        if text.is_blank() {
            return Err(not_sent("empty", say::text_is_empty().to_owned()));
        }
        let over = escaped_len(text.as_str()).saturating_sub(MAX_DATA);
        if over > 0 {
            let words = say::text_too_long(over, MAX_DATA);
            return Err(not_sent(Code::TooLong.as_str(), words));
        }
        Ok(Outgoing::new(target, me_too, text))
    }

    fn refuse(&mut self, label: Option<String>, code: &str, words: &str) {
        self.plain.count_refused();
        self.out.outcome(label, OrderOutcome::Refused(code.to_owned(), Text::line(words)));
    }

    /// The server refused a request of a program; `false` if it was none.
    pub(super) fn refused_to_program(&mut self, label: &str, code: Code, text: &Text) -> bool {
        if self.history.awaits_tail(label) {
            self.leave(Farewell::Refused(text.to_string()));
            return true;
        }
        if let Some(label) = self.plain.take_asked(label) {
            self.refuse(label, code.as_str(), text.as_str());
        }
        false
    }

    /// The connection is lost: the requests of a program that await an answer get none.
    pub(super) fn lose_asked(&mut self) {
        for label in self.plain.take_answered(|_| false) {
            self.refuse(label, "unconfirmed", say::lost_before_answer());
        }
    }

    /// Tells a program about the requests that the server has answered.
    pub(super) fn tell_answered(&mut self) {
        let (plain, outbound) = (&mut self.plain, &self.outbound);
        for label in plain.take_answered(|wire| outbound.awaited(wire).is_some()) {
            self.out.outcome(label, OrderOutcome::Accepted { id: None, time: None, offline: false });
        }
    }
}

/// Why a request was declined, as a sentence.
fn words_of(declined: Declined) -> String {
    match declined {
        Declined::Because(
            Notice::News(words) | Notice::Trouble(words) | Notice::Event(_, words) | Notice::Alarm(_, words),
        ) => words,
        Declined::NotInside(room) => say::not_in_room(&room),
        Declined::Astray(declined) => words_of(*declined),
        Declined::Unfilled => say::something_missing().to_owned(),
        // A program cannot be asked.
        Declined::Ask(_) => say::needs_a_person().to_owned(),
    }
}
