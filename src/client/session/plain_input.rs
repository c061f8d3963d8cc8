//! Works off what is to be sent: the lines of plain mode and the requests of programs; and ends plain mode once its
//! input has ended and everything is settled.
//!
//! Must not know: where lines come from, or how a message is sent.

use super::Session;
use super::calls::call::UserCall;
use super::chat::messages::MAX_NOTED;
use super::commands::actions;
use super::commands::decision::Declined;
use super::history::wish::Wish;
use super::notice::Notice;
use super::outbound::awaited::{Awaited, Inquiry, Outgoing};
use super::outbound::queue::Queued;
use super::plain::{is_about_calls, is_at_once};
use crate::client::action::reading::{self, Reading};
use crate::client::action::{self, Action};
use crate::client::msg::{Farewell, OrderOutcome, Printed};
use crate::client::text::json::{self, Op, Order};
use crate::language::sending as say;
use crate::model::{Target, Text};
use crate::protocol::addressing::destination;
use crate::protocol::escape::escaped_len;
use crate::protocol::limits::MAX_DATA;
use crate::protocol::{ActRequest, Code, Command, MessageChange, ModerationCommand, Verb};

/// Why a request of a program is not sent: a code and a sentence.
type WhyNot = (String, String);

/// Lines and requests, as they come in.
impl Session {
    /// A line of plain mode; some commands do not wait for the lines before them.
    pub(super) fn take_line(&mut self, line: String) {
        if self.out.is_json() {
            return self.take_json(&line);
        }
        let line = self.plain.as_written(line);
        if self.awaits_channel() && is_about_calls(&line) {
            self.enter(&line);
            return;
        }
        // What goes directly to somebody needs no server.
        let direct = !line.starts_with('/') || is_about_calls(&line);
        if direct && self.goes_on_directly() && self.outbound.is_idle() {
            self.enter(&line);
            return;
        }
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
            if self.awaits_channel() {
                self.plain.progress(now);
                break;
            }
            if self.out.is_plain() && self.waits_for_notes() {
                break;
            }
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

    /// Whether lines wait for the channel to the user to whom they go directly.
    fn awaits_channel(&self) -> bool {
        let call = self.plain.direct_aim().and_then(|name| self.calls.with(name));
        call.is_some_and(|call| !call.is_open())
    }

    /// Whether there is no server, and lines go directly to a user all the same.
    fn goes_on_directly(&self) -> bool {
        let call = self.plain.direct_aim().and_then(|name| self.calls.with(name));
        !self.link.is_online() && call.is_some_and(UserCall::is_open)
    }

    /// Whether the next line is about what was said before, and that is not known yet: own messages that are not accepted,
    /// or the history.
    fn waits_for_notes(&mut self) -> bool {
        let aim = self.plain.aim().cloned();
        let Some((place, own)) = self.outbound.next_line().and_then(|line| place_looked_up(line, aim)) else {
            return false;
        };
        if own && self.outbound.awaits_acceptance() {
            return true;
        }
        if !self.link.abilities().history || self.chat.has_notes(&place) {
            return false;
        }
        self.history.want(Wish::Notes(place, MAX_NOTED));
        true
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
            let server = self.link.at().clone();
            self.out.tell_program(Printed::Online { name, again, server });
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
            Op::Say { reply: Some(_), .. } if !self.link.abilities().reply => {
                self.refuse(label, "not_done", say::cannot_do_that())
            }
            Op::Say { to, text, me_too, reply } => {
                let message = self.message_to(to.as_deref(), &text, me_too);
                match message {
                    Ok(message) => self.outbound.queue_first(message.answering(reply).tagged(label)),
                    Err((code, words)) => self.refuse(label, &code, &words),
                }
            }
            Op::Change { to, id, how } => {
                let before = self.outbound.count();
                match self.recipient(to.as_deref()).and_then(|target| sound(&how).map(|()| target)) {
                    Ok(target) if self.changing().request(&target, id, how) => self.await_since(before, label),
                    Ok(_) => self.refuse(label, "not_done", say::cannot_do_that()),
                    Err((code, words)) => self.refuse(label, &code, &words),
                }
            }
            Op::Act { to, act, reason } => {
                let before = self.outbound.count();
                match self.recipient(to.as_deref()) {
                    Ok(target) if self.link.abilities().moderation => {
                        let place = destination(&target).to_owned();
                        let command = ModerationCommand::Act(ActRequest { place, act, reason });
                        let awaited = Awaited::Inquiry(Inquiry::Act);
                        self.outbound.ask_for(awaited, Command::Moderation(command), &mut self.out);
                        self.await_since(before, label);
                    }
                    Ok(_) => self.refuse(label, "not_done", say::cannot_do_that()),
                    Err((code, words)) => self.refuse(label, &code, &words),
                }
            }
            Op::SayDirect { to, text } => match self.here().user_named(&to) {
                Ok(name) => match self.calling().try_say(&name, &text) {
                    Ok(()) => {
                        let accepted = OrderOutcome::Accepted { id: None, time: None, offline: false };
                        self.out.outcome(label, accepted);
                    }
                    Err(why) => self.refuse(label, "not_said", &why),
                },
                Err(declined) => self.refuse(label, "bad_recipient", &words_of(declined)),
            },
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
                self.await_since(before, label);
            }
            Op::Exit => self.plain.end(self.out.steady()),
        }
    }

    /// The last request after the first `before` is what a program asked for: its answer becomes the outcome.
    fn await_since(&mut self, before: u64, label: Option<String>) {
        let awaited = self.outbound.awaited_since(before);
        match awaited.into_iter().next_back() {
            Some(wire) => self.plain.asked(wire, label),
            None => self.out.outcome(label, OrderOutcome::Accepted { id: None, time: None, offline: false }),
        }
    }

    /// A message as a program has written it.
    fn message_to(&self, to: Option<&str>, text: &str, me_too: bool) -> Result<Outgoing, WhyNot> {
        let target = self.recipient(to)?;
        let text = Text::block(text.trim_matches('\n'));
        fits(&text)?;
        Ok(Outgoing::new(target, me_too, text))
    }

    /// A conversation as a program has written it.
    fn recipient(&self, to: Option<&str>) -> Result<Target, WhyNot> {
        match to {
            None => Ok(self.plain.aim().cloned().unwrap_or(Target::Everyone)),
            Some("everyone") => Ok(Target::Everyone),
            Some(name) => {
                let named = self.here().target_named(name);
                named.map_err(|declined| ("bad_recipient".to_owned(), words_of(declined)))
            }
        }
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
        let Some(asked) = self.plain.take_asked(label) else { return false };
        self.refuse(asked, code.as_str(), text.as_str());
        // The outcome says all that there is to say of a change.
        let change = matches!(self.outbound.awaited(label), Some(Awaited::Change(..)));
        if change {
            self.outbound.take(label);
        }
        change
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

/// Whether a change can be asked for.
fn sound(how: &MessageChange) -> Result<(), WhyNot> {
    match how {
        MessageChange::Edit(text) => fits(text),
        MessageChange::Retract | MessageChange::React(_) | MessageChange::Unreact(_) => Ok(()),
    }
}

/// Whether a text can be a message.
fn fits(text: &Text) -> Result<(), WhyNot> {
    if text.is_blank() {
        return Err(("empty".to_owned(), say::text_is_empty().to_owned()));
    }
    let over = escaped_len(text.as_str()).saturating_sub(MAX_DATA);
    if over > 0 {
        let words = say::text_too_long(over, MAX_DATA);
        return Err((Code::TooLong.as_str().to_owned(), words));
    }
    Ok(())
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

/// The conversation in which a line looks for a message, if it does, and whether that may be one of the person's own; `aim`
/// is where lines go.
fn place_looked_up(line: &str, aim: Option<Target>) -> Option<(Target, bool)> {
    let Reading::Command(word, _) = reading::read(line) else { return None };
    match action::of_command(word)? {
        Action::Reply | Action::React => Some((aim?, false)),
        Action::Edit => Some((aim?, true)),
        // A moderator deletes in a room, or else on the server.
        Action::Act(Verb::Delete | Verb::RemoveReaction) => {
            let place = aim.filter(|aim| !matches!(aim, Target::User(_)));
            Some((place.unwrap_or(Target::Everyone), true))
        }
        _ => None,
    }
}
