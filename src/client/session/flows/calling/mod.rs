//! Calls of users, from the first ring to the end, through all parts: what the person asks for, and what is told of it.
//!
//! `heard` is what the server says of calls, `channel` what happens on their channels, `files` the files on them, `pictures` the
//! pictures, `voices` the voices, and `conferring` the calls of rooms.
//!
//! Must not know: how a channel is made, or how a call is decided on.

mod channel;
mod conferring;
mod files;
mod heard;
mod pictures;
mod voices;

pub(in crate::client::session) use channel::way_words;

use std::path::PathBuf;

use crate::client::chat::venue::Venue;
use crate::client::dialogs;
use crate::client::dialogs::open::Dialog;
use crate::client::direct::known_people::KnownPerson;
use crate::client::direct::lines::{CallNotice, CallState};
use crate::client::direct::orders::ChannelOrder;
use crate::client::msg::{Effect, Printed};
use crate::client::session::calls::call::UserCall;
use crate::client::session::calls::people::PersonCheck;
use crate::client::session::calls::{AskedOfCall, NoCall, OwnCalls};
use crate::client::session::chat::Chat;
use crate::client::session::commands::decision::CallStep;
use crate::client::session::effects::Effects;
use crate::client::session::link::Link;
use crate::client::session::notice::Notice;
use crate::client::session::outbound::Outbound;
use crate::client::session::outbound::awaited::Awaited;
use crate::client::session::plain::Plain;
use crate::client::session::ui::Ui;
use crate::client::settings::DirectRule;
use crate::language::calls as say;
use crate::model::{Fingerprint, Name, Target, Text};
use crate::protocol::{CallAnswer, CallCommand, CallId, CallRefusal, CallWants, Command, HangUp};

/// The parts involved in calls.
#[derive(Debug)]
pub(in crate::client::session) struct Calling<'a> {
    /// Knows the server, and whether it is there.
    link: &'a Link,
    outbound: &'a mut Outbound,
    /// Shows what is said of calls and on their channels.
    chat: &'a mut Chat,
    calls: &'a mut OwnCalls,
    /// Knows where lines go.
    plain: &'a mut Plain,
    /// Shows the dialogs.
    ui: &'a mut Ui,
    out: &'a mut Effects,
}

impl<'a> Calling<'a> {
    pub(in crate::client::session) fn new(
        link: &'a Link,
        outbound: &'a mut Outbound,
        chat: &'a mut Chat,
        calls: &'a mut OwnCalls,
        plain: &'a mut Plain,
        ui: &'a mut Ui,
        out: &'a mut Effects,
    ) -> Self {
        Self { link, outbound, chat, calls, plain, ui, out }
    }

    /// Carries out a step; `false` if it fails.
    pub(in crate::client::session) fn take_step(&mut self, step: CallStep) -> bool {
        match step {
            CallStep::Ring(name, wants) => return self.ring(name, wants, None),
            CallStep::RingForFile(name, file) => self.out.emit(Effect::CheckFile(name, file)),
            CallStep::Answer(id) => return self.answer(id),
            CallStep::Decline(id) => self.decline(id),
            CallStep::HangUp(id) => self.hang_up(id),
            CallStep::Aim(name) => self.aim(name),
            CallStep::Send(id, file) => return self.send_file(id, file),
            CallStep::Accept(id, number) => return self.accept_file(id, number),
            CallStep::DeclineFile(id, number) => self.decline_file(id, number),
            CallStep::StopFiles(id) => self.stop_files(id),
            CallStep::Match(id) => self.words_match(id),
            CallStep::Differ(id) => self.words_differ(id),
            CallStep::Bypass(id, wanted) => self.bypass(id, wanted),
            CallStep::Join(room) => return self.join_conference(room),
            CallStep::LeaveRoomCall => self.leave_conference(),
            CallStep::RoomCamera(on) => self.turn_conference_camera(on),
            CallStep::Sound(id, on) => self.turn_sound(id, on),
            CallStep::PressTalk(id) => self.press_talk(id),
            CallStep::Talk(id, on) => self.talk(id, on),
            CallStep::ExpectPictures(id) => self.expect_pictures(id),
            CallStep::Camera(id, on) => self.turn_camera(id, on),
            CallStep::Forget(name) => self.forget_key(&name),
            CallStep::SetAside(id) => self.set_aside(id),
        }
        true
    }

    /// Calls a user; a file is offered once the channel is open.
    pub(super) fn ring(&mut self, name: Name, wants: CallWants, file: Option<PathBuf>) -> bool {
        let offer = match self.calls.begin(name.clone(), wants, file, self.out.steady()) {
            Ok(offer) => offer,
            Err(NoCall::NoKey) => return self.fail(say::no_own_key()),
            Err(NoCall::TooMany) => return self.fail(say::too_many_calls()),
        };
        let command = Command::Call(CallCommand::Ring { to: name.to_string(), offer });
        let label = self.outbound.ask_for(Awaited::Call(offer.id), command, self.out);
        self.ui.asked(&label);
        self.begin(&name, wants);
        self.note(CallNotice::new(name.clone(), CallState::Calling, say::calling(&name)).about(wants));
        true
    }

    /// What is said directly to a user has a place from now on. In plain mode lines go there, unless it is only about files.
    fn begin(&mut self, name: &Name, wants: CallWants) {
        if self.out.is_screen() {
            self.chat.begin(&Venue::Direct(name.clone()), self.out.wall());
        } else if wants.chat {
            self.aim(name.clone());
        }
    }

    /// The lines of plain mode go directly to a user.
    fn aim(&mut self, name: Name) {
        if self.out.is_plain() && !self.out.is_json() {
            let open = self.calls.with(&name).is_some_and(UserCall::is_open);
            let notice = self.plain.aim_directly(name, open);
            self.chat.notify(notice, self.out);
        }
    }

    /// Answers a call that rings here.
    fn answer(&mut self, id: CallId) -> bool {
        let Some(call) = self.calls.get(id) else { return self.fail(say::call_is_over()) };
        let (name, wants, now) = (call.name().clone(), call.wants(), self.out.steady());
        let Some(key) = self.calls.answer(id, now) else { return self.fail(say::call_is_over()) };
        self.send_answer(&name, id, CallAnswer::Yes(key));
        self.ui.withdraw(&Dialog::Call(id));
        self.ui.rings_no_more(id);
        self.begin(&name, wants);
        self.note(CallNotice::new(name.clone(), CallState::Answered, say::you_answered(&name)));
        true
    }

    /// Declines a call that rings here.
    fn decline(&mut self, id: CallId) {
        let Some(call) = self.end(id) else { return };
        let name = call.name();
        self.send_answer(name, id, CallAnswer::No(CallRefusal::Declined));
        self.chat.news(say::you_declined(name), self.out);
    }

    /// Hangs up.
    fn hang_up(&mut self, id: CallId) {
        let Some(call) = self.end(id) else { return };
        self.send_hang_up(&call, HangUp::Done);
        self.ended(&call, HangUp::Done.as_str(), say::you_hung_up(call.name()));
    }

    /// The dialog of a call was put away: the call still rings.
    fn set_aside(&mut self, id: CallId) {
        if let Some(call) = self.calls.get(id).filter(|call| call.rings_here()) {
            let words = say::calls_you(call.name(), purpose(call.wants()));
            self.chat.news_of_call(id, &words, self.out);
        }
    }

    /// Asks for the call that rings here, with a dialog.
    fn open_dialog(&mut self, id: CallId) {
        let Some(call) = self.calls.get(id) else { return };
        let (name, verified, wants) = (call.name(), call.is_verified(), call.wants());
        let key = call.key().map(|key| (key, self.calls.check(self.link.server(), name, key)));
        let dialog =
            dialogs::calls::incoming(id, (name, verified), (&purpose(wants), wants.video), &key_words(name, key));
        self.ui.open_unasked(dialog);
    }

    /// The person compared the words, and they match.
    fn words_match(&mut self, id: CallId) {
        self.ui.withdraw(&Dialog::Words(id));
        let Some((name, key)) = self.calls.get(id).and_then(|call| Some((call.name().clone(), call.key()?))) else {
            return self.chat.trouble(say::call_is_over(), self.out);
        };
        self.remember(KnownPerson { name: name.clone(), key, verified: true });
        self.tell(CallNotice::new(name.clone(), CallState::Compared, say::words_match(&name)).with_key(key));
        if self.calls.rule() == DirectRule::Known {
            self.bypass(id, true);
        }
    }

    /// The person compared the words, and they differ: somebody stands between the two.
    fn words_differ(&mut self, id: CallId) {
        let Some(call) = self.end(id) else { return };
        let name = call.name();
        self.send_hang_up(&call, HangUp::WordsDiffer);
        if self.calls.forget(name) {
            self.out.emit(Effect::ForgetPerson(name.clone()));
        }
        self.ended(&call, HangUp::WordsDiffer.as_str(), say::words_differ_in_chat(name));
        self.chat.trouble(say::words_differ(name), self.out);
    }

    /// Forgets whose key is known under a name.
    fn forget_key(&mut self, name: &Name) {
        if self.calls.forget(name) {
            self.out.emit(Effect::ForgetPerson(name.clone()));
            self.chat.news(say::key_forgotten(name), self.out);
        } else {
            self.chat.trouble(say::no_key_known(name), self.out);
        }
    }

    /// Knows a person from now on.
    fn remember(&mut self, person: KnownPerson) {
        if self.calls.remember(self.link.server(), &person) {
            self.out.emit(Effect::RememberPerson(person));
        }
    }

    /// Gives up the calls that got no further for too long.
    pub(in crate::client::session) fn tick(&mut self) {
        self.calls.release_talk(self.out.steady());
        self.calls.forget_late_conference(self.out.steady());
        if self.calls.is_conference_late(self.out.steady()) {
            self.give_up_conference();
        }
        for id in self.calls.late(self.out.steady()) {
            if let Some(call) = self.end(id) {
                self.send_hang_up(&call, HangUp::Unanswered);
                self.ended_unanswered(&call);
            }
        }
    }

    /// Nobody has answered in time.
    fn ended_unanswered(&mut self, call: &UserCall) {
        if call.rings_here() {
            return self.missed(call, HangUp::Unanswered);
        }
        self.ended(call, HangUp::Unanswered.as_str(), say::did_not_answer(call.name()));
    }

    /// A call that rang here is over, and the person has not answered: it waits to be read.
    fn missed(&mut self, call: &UserCall, why: HangUp) {
        self.ended(call, why.as_str(), say::missed_call(call.name(), purpose(call.wants())));
        if self.out.is_screen() {
            self.chat.count_missed(call.name());
        }
    }

    /// The connection to the server is lost: only channels that go past it remain.
    pub(in crate::client::session) fn cut_off(&mut self) {
        self.cut_off_conference();
        let ids: Vec<CallId> = self.calls.iter().map(UserCall::id).collect();
        for id in ids {
            let Some(call) = self.calls.get(id) else { continue };
            if call.is_direct() {
                let name = call.name().clone();
                self.tell(CallNotice::new(name.clone(), CallState::Way, say::goes_on_without_server(&name)));
            } else if let Some(call) = self.end(id) {
                self.ended(&call, "connection_lost", say::lost_with_connection(call.name()));
            }
        }
    }

    /// The connection is not made again: nothing of a room's call waits for it.
    pub(in crate::client::session) fn give_up_lost(&mut self) {
        self.calls.take_lost_conference();
    }

    /// The program ends: channels are closed, so that what was said still arrives.
    pub(in crate::client::session) fn leave(&mut self) {
        self.quit();
        for call in self.calls.iter().filter(|call| call.has_channel()) {
            self.out.emit(Effect::Channel(ChannelOrder::Close(call.id())));
        }
    }

    /// Our call, or an answer to one, is refused; `false` if the label is about no call.
    pub(in crate::client::session) fn refused(&mut self, label: &str) -> bool {
        match self.calls.take_asked(label) {
            None => return false,
            Some(AskedOfCall::HangUp) => {}
            Some(AskedOfCall::Answer(id)) => {
                if let Some(call) = self.end(id) {
                    self.ended(&call, HangUp::Done.as_str(), say::is_over_already(call.name()));
                }
            }
        }
        true
    }

    /// Our call is refused by the server, for this reason.
    pub(in crate::client::session) fn ring_refused(&mut self, id: CallId, why: &Text) {
        // It may have given way to a call of the other one, or been given up.
        if let Some(call) = self.end(id) {
            self.plain.count_refused();
            self.ended_loudly(&call, "refused", why.to_string());
        }
    }

    /// A call is over: its dialogs go, its channel is closed, and what was to be said on it has no recipient.
    fn end(&mut self, id: CallId) -> Option<UserCall> {
        let call = self.calls.end(id)?;
        self.outbound.forget(&Awaited::Call(id));
        self.ui.withdraw_if(|dialog| dialog.is_about_call(id));
        self.ui.rings_no_more(id);
        if call.has_channel() {
            self.out.emit(Effect::Channel(ChannelOrder::Close(id)));
        }
        self.cut_files(&call);
        self.plain.missed_directly(call.name());
        Some(call)
    }

    fn send_answer(&mut self, to: &Name, id: CallId, answer: CallAnswer) {
        let command = CallCommand::Answer { to: to.to_string(), id, answer };
        let label = self.outbound.ask(Command::Call(command), self.out);
        self.calls.asked(label, AskedOfCall::Answer(id));
    }

    fn send_hang_up(&mut self, call: &UserCall, why: HangUp) {
        if self.link.is_online() {
            let command = CallCommand::HangUp { to: call.name().to_string(), id: call.id(), why };
            let label = self.outbound.ask(Command::Call(command), self.out);
            self.calls.asked(label, AskedOfCall::HangUp);
        }
    }

    fn fail(&mut self, words: &str) -> bool {
        self.chat.trouble(words, self.out);
        false
    }

    /// Says that a call is over.
    fn ended(&mut self, call: &UserCall, reason: &'static str, words: String) {
        self.tell(CallNotice::new(call.name().clone(), CallState::Ended(reason), words));
    }

    /// The same for what should not pass by.
    fn ended_loudly(&mut self, call: &UserCall, reason: &'static str, words: String) {
        if self.out.is_screen() {
            self.chat.trouble(&words, self.out);
        }
        self.chat.direct_remark(call.name(), &words, self.out);
        self.print(CallNotice::new(call.name().clone(), CallState::Ended(reason), words));
    }

    /// Says something about a call where it belongs, and in the bottom row if that is not in view.
    fn tell(&mut self, line: CallNotice) {
        if self.out.is_screen() && !self.chat.is_directly_in_view(&line.with) {
            self.chat.news(line.text.as_str(), self.out);
        }
        self.note(line);
    }

    /// Says what the person did where it belongs: in the direct conversation, or else in the one with the user.
    fn note(&mut self, line: CallNotice) {
        if self.out.is_screen() && !self.chat.direct_remark(&line.with, line.text.as_str(), self.out) {
            let (place, words) = (Target::User(line.with.clone()), line.text.to_string());
            self.chat.notify(Notice::Event(place, words), self.out);
        }
        self.print(line);
    }

    fn print(&mut self, line: CallNotice) {
        if self.out.is_plain() {
            self.out.emit(Effect::Print(Printed::Call(self.out.wall(), Box::new(line))));
        }
    }
}

/// What is known of a user's key, in sentences.
fn key_words(name: &Name, key: Option<(Fingerprint, PersonCheck)>) -> Vec<String> {
    let Some((key, check)) = key else { return Vec::new() };
    vec![match check {
        PersonCheck::Same { compared: true } => say::compared_key(name),
        PersonCheck::Same { compared: false } => say::known_key(name),
        // Another key does not come this far.
        PersonCheck::First | PersonCheck::Other(_) => say::first_time_asked(name, key),
    }]
}

/// What a call is for, in words.
fn purpose(wants: CallWants) -> String {
    let CallWants { chat, file, video, voice } = wants;
    let words =
        [(video, say::to_see()), (voice && !video, say::to_hear()), (chat, say::to_talk()), (file, say::to_send())];
    let words: Vec<&str> = words.into_iter().filter_map(|(wanted, words)| wanted.then_some(words)).collect();
    if words.is_empty() { say::to_something_unknown().to_owned() } else { words.join(", ") }
}
