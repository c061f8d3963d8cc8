//! How the parts of the session work together: what each event of the server, and each intent of the person, means for
//! every part.
//!
//! Must not know: the handshake, or how anything is shown.

use super::Session;
use super::chat::messages::says_missing;
use super::chat::told::{Header, RoomTold};
use super::commands::decision::{CommandStep, Decision, Declined};
use super::commands::situation::Situation;
use super::commands::{actions, buttons, going};
use super::history::search::SearchKey;
use super::link::hindrance::sentence;
use super::notice::Notice;
use super::outbound::awaited::{Awaited, Inquiry};
use super::ui::intent::Intent;
use crate::client::chat::entry::{EntryExtra, EntryKind, Mark};
use crate::client::chat::refusal_words::{rank_sentence, refusal_sentence};
use crate::client::msg::{Effect, Farewell};
use crate::language::chat as say;
use crate::model::{Name, Role, RoomName, Target, Text};
use crate::protocol::{
    ChangeEvent, Command, Dialect, Envelope, Event, RoomEvent, RoomInfo, SessionCommand, SessionEvent,
};

/// Events of the server while online.
impl Session {
    /// The first join has to wait. The server answers, so the end of the input does not end the wait.
    pub(super) fn put_off(&mut self, text: &Text, first: bool) {
        self.plain.progress(self.out.steady());
        if first {
            self.tell(Notice::Trouble(say::waiting_to_join(sentence(text.as_str()))));
        }
    }

    pub(super) fn heard(&mut self, envelope: Envelope) {
        let Envelope { reference, id, time, batch, verified, annotations, event } = envelope;
        let extra = EntryExtra::of(annotations);
        let header = Header::new(reference, id, time, batch.is_some()).carrying(extra);
        let now = self.out.steady();
        match event {
            Event::Private { from, to, text } => {
                let target = Target::User(if self.link.me().is(&from) { to } else { from.clone() });
                self.said(&header, (from, verified), target, text);
            }
            Event::Broadcast { from, text, .. } => self.said(&header, (from, verified), Target::Everyone, text),
            Event::Room(event) => self.room_event(&header, verified, event),
            Event::Accepted { offline } => {
                self.sending().accepted(header.label(), (id, time), offline);
                self.ui.accepted(header.label(), id);
            }
            Event::Refused(code, text) => self.refused(header.label(), code, &refusal_sentence(code, text)),
            Event::Echo(text) => {
                self.outbound.answered(header.reference(), &Awaited::Echo);
                self.tell(Notice::News(say::echo(&text)));
            }
            Event::UnknownOperation(text) => {
                self.outbound.answered(header.reference(), &Awaited::Echo);
                self.tell(Notice::Trouble(say::server_cannot(&text)));
            }
            Event::Notice(text) => {
                // In TR2.23 a notice also reports an unknown recipient.
                let mut meant = None;
                if self.link.dialect() == Some(Dialect::Tr223) {
                    let label = self.outbound.next_label();
                    let missing = self.chat.recipient_unknown(&text, label);
                    meant = missing.as_ref().and_then(|name| self.chat.no_user(name.as_str(), self.link.me()));
                    if let Some(name) = missing {
                        self.viewing().found_nobody(&Target::User(name));
                    }
                    self.plain.missed(|target| says_missing(&text, target));
                }
                self.tell(Notice::News(meant.unwrap_or_else(|| text.to_string())));
            }
            Event::Clients(names) => {
                self.chat.people_listed(names, verified);
                if self.link.dialect() == Some(Dialect::Tr223) {
                    self.list_ended(header.reference());
                }
            }
            Event::ListEnd => self.list_ended(header.reference()),
            Event::Joined(names) => self.chat.joined(&names, verified, self.link.me(), &mut self.out),
            Event::Left(names, why) => self.chat.gone(names, why.as_ref(), &mut self.out),
            Event::Moderator(text) => {
                self.presiding().became_moderator(header.reference(), &rank_sentence(true, text));
            }
            Event::Demoted(text) => {
                self.link.set_role(Role::User);
                self.tell(Notice::Alarm(Target::Everyone, rank_sentence(false, text).to_string()));
            }
            Event::Identity(about) => self.hear_identity(header.label(), about),
            Event::Away(name, text) => self.inquiring().turned_away(header.label(), &name, &text),
            Event::Ignored(names) => {
                self.ignore(names);
                if self.outbound.take_inquiry(header.label()).is_some() {
                    self.tell(Notice::News(self.chat.ignored_sentence()));
                }
            }
            Event::Closed => {
                self.out.emit(Effect::Disconnect);
                self.lost(say::server_was_closed());
            }
            Event::Ping(token) => self.out.send(Command::Session(SessionCommand::Pong(token))),
            Event::Pong(token) => self.link.ponged(token.as_str(), now),
            Event::Conversation(summary) => self.viewing().take_summary(header.label(), summary),
            Event::ConversationsEnd | Event::HistoryEnd { .. } | Event::Change(ChangeEvent::End { .. }) => {
                if self.viewing().answer_ended(header.label(), &event) {
                    self.plain.watch_mut().tail_printed();
                }
                if event == Event::ConversationsEnd {
                    self.listed();
                }
            }
            Event::Change(change) => self.changing().changed(&header, verified, change),
            Event::SearchEnd { more, damaged } => self.viewing().search_ended(header.label(), more, damaged),
            Event::Session(SessionEvent::Renamed(name)) => self.renamed(name),
            Event::Session(SessionEvent::LeftForGood) => self.left_for_good(),
            Event::Session(SessionEvent::Nodes(nodes)) => self.link.learn_nodes(&nodes),
            Event::Session(about) => self.inquiring().told_of_sessions(header.label(), about),
            // The label is that of this session's own mark.
            Event::Read { with, id } if header.label().is_empty() => {
                let Self { link, chat, .. } = self;
                chat.read_elsewhere(&with, id, link.me());
            }
            Event::Call(event) => self.calling().heard(header.label(), verified, event),
            Event::InCall(who) => self.calling().in_call(header.label(), who),
            Event::Read { .. }
            | Event::Greeting(_)
            | Event::Welcome(_)
            | Event::NameRefused(_)
            | Event::Exited(_)
            | Event::Unknown(_) => {}
        }
    }

    /// A message, either live or as part of an answer.
    fn said(&mut self, header: &Header, (from, verified): (Name, bool), target: Target, text: Text) {
        let own = self.link.me().is(&from);
        let kind = EntryKind::Message { from, own, verified, text, mark: Mark::Accepted };
        if header.is_in_batch() {
            return self.history.take_entry(header, target, self.chat.hidden(kind), self.out.wall());
        }
        if matches!(&target, Target::Room(room) if !self.chat.rooms().is_inside(room)) {
            return;
        }
        if own && self.out.is_screen() {
            // TR2.23 returns the person's own messages without a label; they are shown already.
            let old = self.link.dialect() == Some(Dialect::Tr223);
            if old || self.sending().came_back(header.label(), header.id(), header.time()) {
                self.ui.accepted(header.label(), header.id());
                return;
            }
        }
        self.chat.incoming(header, target, kind, self.link.me(), &mut self.out);
    }

    fn room_event(&mut self, header: &Header, verified: bool, event: RoomEvent) {
        let label = header.label().to_owned();
        let Self { link, outbound, chat, out, .. } = self;
        match event {
            RoomEvent::Message { from, room, text, .. } => {
                self.said(header, (from, verified), Target::Room(room), text);
            }
            RoomEvent::Told(info) => self.room_told(&label, info),
            RoomEvent::RoomsEnd { more } => self.inquiring().rooms_ended(&label, more),
            RoomEvent::Members { room, role, online, names } => chat.members_told(&room, role, online, names),
            RoomEvent::MembersEnd { room, more } => self.inquiring().members_ended(&label, &room, more),
            RoomEvent::Topic { by, place, text } => self.inquiring().topic_set(&label, &by, &place, &text),
            RoomEvent::Joined { room, names } => chat.entered_room(room, names, out),
            RoomEvent::Left { room, names, why } => {
                outbound.take_inquiry(&label);
                if names.iter().any(|name| link.me().is(name)) {
                    return self.out_of_room(&room, why);
                }
                chat.left_room(room, names, why.as_ref(), out);
            }
            RoomEvent::Invited { by, room } => self.inquiring().invited(&label, &by, &room),
            RoomEvent::Deleted { from, place, by } => {
                if matches!(outbound.awaited(&label), Some(Awaited::Change(..))) {
                    outbound.take(&label);
                }
                self.viewing().deleted(header, from, place, (by, verified));
            }
            RoomEvent::Acted { by, place, done } => self.presiding().take_act(header, &by, &place, &done),
            RoomEvent::ModlogEnd { more } => self.presiding().log_ended(&label, more),
            RoomEvent::Ban { line, .. } => self.presiding().ban_listed(&label, line),
            RoomEvent::BansEnd { more } => self.presiding().bans_ended(&label, more),
            RoomEvent::WouldBan { count, names } => self.presiding().would_ban(&label, count, &names),
            RoomEvent::Closing { by, after, reason } => self.presiding().closing(&label, by, after, &reason),
            RoomEvent::ClosingOff { by } => self.presiding().called_off(&label, &by),
        }
    }

    /// The server describes a room, perhaps one that the person asked to join.
    fn room_told(&mut self, label: &str, info: RoomInfo) {
        match self.chat.room_told(info) {
            RoomTold::Other => {}
            RoomTold::Gone(room) => self.viewing().close_room(&room),
            RoomTold::Inside(room, entered) => {
                if entered {
                    self.calling().tell_call_of(&room);
                }
                if let Some(Inquiry::Join(_)) = self.outbound.inquiry(label) {
                    self.outbound.take(label);
                    let target = Target::Room(room.clone());
                    if self.out.is_plain() {
                        return self.aim_at(Some(target));
                    }
                    self.chat.tell_entered(&room, entered, &mut self.out);
                    self.viewing().show(&target);
                }
            }
        }
    }

    /// The person is out of a room; `why` is set if a moderator removed them.
    fn out_of_room(&mut self, room: &RoomName, why: Option<Text>) {
        if !self.chat.rooms().is_inside(room) {
            return;
        }
        self.viewing().close_room(room);
        let target = Target::Room(room.clone());
        self.plain.missed(|aim| *aim == target);
        self.tell(match why {
            None => Notice::News(say::you_left(room)),
            Some(why) => Notice::Alarm(Target::Everyone, say::no_longer_in_because(room, &why)),
        });
        self.chat.rooms_changed();
    }

    fn aim_at(&mut self, target: Option<Target>) {
        let notice = self.plain.aim_at(target);
        self.tell(notice);
    }
}

/// Intents of the person.
impl Session {
    pub(super) fn here(&self) -> Situation<'_> {
        Situation::new(&self.link, &self.chat, &self.calls, &self.out, &self.plain, &self.preferences)
    }

    pub(super) fn act_on(&mut self, intent: Intent) {
        match intent {
            Intent::Nothing => {}
            Intent::Leave if self.ui.unsent(self.outbound.pending(), &self.chat).is_none() => {
                self.leave(Farewell::Done)
            }
            // Who presses Ctrl-C to get rid of the question stays, and loses nothing.
            Intent::Leave => self.ui.close_dialog(),
            Intent::Read(notice) => self.tell(notice),
            Intent::Copy(text) => self.out.emit(Effect::Copy(text)),
            Intent::AskExit => self.ask_exit(),
            Intent::Picked(act) => self.act_on_picked(act),
            Intent::Run(action) => {
                let decision = actions::action_asked(action, "", &self.here());
                self.carry_out(decision);
            }
            Intent::Enter(written) => {
                // Whoever writes does not want to wait for the next try.
                self.link.hurry(&mut self.out);
                self.enter_draft(written);
            }
            Intent::Show(index) => self.viewing().show_at(index),
            Intent::ShowNumber(number) => self.show_number(number),
            Intent::Converse(name) => self.viewing().show(&Target::User(name)),
            Intent::Pick(id) => self.viewing().pick_shown(id),
            Intent::StepHits(by) => self.history.step_hits(by),
            Intent::WriteSearch => self.history.step_out_of_hits(),
            Intent::Scroll(rows) => self.viewing().scroll(rows),
            Intent::Attach => self.chat.attach(),
            Intent::Search(key) => match self.history.search_key(key) {
                SearchKey::Nothing => {}
                SearchKey::Ask => self.viewing().ask_search(),
                SearchKey::GoTo(hit) => match hit.target {
                    Target::Room(room) if self.chat.rooms().is_outside(&room) => self.sending().not_inside(&room),
                    target => self.viewing().go_to(target, hit.id),
                },
            },
            Intent::Cancel(dialog) => {
                let steps = buttons::cancelled(&dialog, &self.here());
                self.carry_out(Ok(steps));
            }
            Intent::Press(dialog, press) => {
                self.ui.press(Some(dialog.clone()));
                let (decision, again) = buttons::pressed(dialog, press, &self.here());
                if !self.carry_out(decision)
                    && let Some(dialog) = again
                {
                    self.ui.open(dialog);
                }
                self.ui.press(None);
            }
        }
    }

    /// Shows the conversation with this number.
    pub(super) fn show_number(&mut self, number: usize) {
        let decision = going::to_number(number, &self.here());
        self.carry_out(decision);
    }

    /// Carries out a decision; `false` if it fails.
    pub(super) fn carry_out(&mut self, decision: Decision) -> bool {
        match decision {
            Ok(steps) => steps.into_iter().all(|step| self.perform(step)),
            Err(declined) => {
                self.decline(declined);
                false
            }
        }
    }

    fn decline(&mut self, declined: Declined) {
        match declined {
            Declined::Because(notice) => self.tell(notice),
            Declined::NotInside(room) => self.sending().not_inside(&room),
            Declined::Unfilled => {}
            Declined::Ask(dialog) => self.ui.open(*dialog),
            Declined::Astray(declined) => {
                self.decline(*declined);
                if self.out.is_plain() {
                    self.aim_at(None);
                }
            }
        }
    }

    /// Carries out one step; `false` if it fails, and the steps after it are skipped.
    fn perform(&mut self, step: CommandStep) -> bool {
        match step {
            CommandStep::Ask(command, awaited) => {
                let label = self.outbound.ask_for(awaited, command, &mut self.out);
                self.ui.asked(&label);
            }
            CommandStep::Tell(notice) => self.tell(notice),
            CommandStep::Open(dialog) => self.ui.open(*dialog),
            CommandStep::Emit(effect) => self.out.emit(effect),
            CommandStep::Send { target, me_too, text } => return self.sending().send(target, me_too, &text),
            CommandStep::SayDirect { to, text } => return self.calling().say(&to, &text),
            CommandStep::Call(step) => return self.calling().take_step(step),
            CommandStep::Reply { target, reply, text } => return self.sending().reply_to(target, reply, &text),
            CommandStep::Edit { target, message, text } => return self.change_text(&target, &message, &text),
            CommandStep::Delete { target, id } => return self.changing().delete(&target, id),
            CommandStep::Withdraw(label) => return self.withdraw(&label),
            CommandStep::React { target, id, reaction } => return self.changing().react(&target, id, &reaction),
            CommandStep::Resend => self.sending().resend(),
            CommandStep::View(step) => self.viewing().take_step(step),
            CommandStep::List(step) => self.inquiring().list(step),
            CommandStep::SearchMentions => return self.viewing().search_mentions(),
            CommandStep::Search(words) => return self.viewing().search(&words),
            CommandStep::Aim(target) => self.aim_at(target),
            CommandStep::AimAtEveryone => {
                let notice = self.plain.aim_at_everyone();
                self.tell(notice);
            }
            CommandStep::Ignore(names) => {
                self.ignore(names);
                self.tell(Notice::News(self.chat.ignored_sentence()));
            }
            CommandStep::Configure(change) => self.configure(change),
            CommandStep::TurnMouse => self.turn_mouse(),
            CommandStep::Undisturbed(undisturbed) => self.chat.set_undisturbed(undisturbed),
            CommandStep::Preside(step) => {
                self.ui.await_answer();
                self.presiding().take_step(step);
            }
            CommandStep::Link(step) => {
                self.ui.await_answer();
                let notice = self.link.take_step(step, &mut self.out);
                self.tell(notice);
            }
            CommandStep::Write(step) => self.take_write_step(step),
            CommandStep::Follow(link) => self.follow(link),
            CommandStep::Exit => self.exit(),
            CommandStep::Leave => self.leave(Farewell::Done),
        }
        true
    }
}
