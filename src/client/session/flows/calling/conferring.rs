//! Calls of rooms: joined and left, who comes and goes, and their faces.
//!
//! Must not know: how faces are coded, or where each stands.

use super::{Calling, PersonCheck};
use crate::client::direct::conference::orders::{ConferenceNews, ConferenceOrder};
use crate::client::direct::known_people::KnownPerson;
use crate::client::msg::Effect;
use crate::client::session::calls::conference::{NoConference, OwnConference};
use crate::client::session::outbound::awaited::Awaited;
use crate::language::{calls, conferences as say};
use crate::model::{Name, RoomName, Target, Text};
use crate::net::peer::events::ChannelEnd;
use crate::protocol::conference::{Conference, ConferenceCommand, ConferenceMember, InCall, MemberNumber};
use crate::protocol::{CallId, Command, HangUp, RelayGrant};

impl Calling<'_> {
    /// Joins a room's call, or begins one.
    pub(super) fn join_conference(&mut self, room: RoomName) -> bool {
        let offer = match self.calls.join_conference(room.clone(), self.out.steady()) {
            Ok(offer) => offer,
            Err(NoConference::NoKey) => return self.fail(calls::no_own_key()),
            Err(NoConference::InThis) => return self.fail(&say::in_it_already(&room)),
            Err(NoConference::InOther(other)) => return self.fail(&say::in_another(&other)),
        };
        // Whoever joins one call does not wait for another.
        if let Some(lost) = self.calls.take_lost_conference().filter(|lost| lost.room().folded() == room.folded()) {
            self.calls.carry_on_conference(&lost);
        }
        let command = Command::Conference(ConferenceCommand::Join { room: room.to_string(), offer });
        let label = self.outbound.ask_for(Awaited::Conference, command, self.out);
        self.ui.asked(&label);
        true
    }

    /// Leaves the call of the room.
    pub(super) fn leave_conference(&mut self) {
        let Some(own) = self.quit() else {
            if let Some(lost) = self.calls.take_lost_conference() {
                self.remark(lost.room(), &say::you_left(lost.room()));
            }
            return;
        };
        if self.link.is_online() {
            let leave = Command::Conference(ConferenceCommand::Leave(own.room().to_string()));
            self.outbound.ask(leave, self.out);
        }
        self.remark(own.room(), &say::you_left(own.room()));
    }

    /// We are in a room's call no longer; the shell is told.
    pub(super) fn quit(&mut self) -> Option<OwnConference> {
        let own = self.calls.end_conference()?;
        self.outbound.forget(&Awaited::Conference);
        if own.is_in() {
            self.out.emit(Effect::Conference(ConferenceOrder::Leave(own.id())));
        }
        Some(own)
    }

    /// The server lets us join: this is where our packets go.
    pub(super) fn granted_conference(&mut self, grant: RelayGrant) {
        self.calls.grant_conference(grant);
    }

    /// The server refuses to let us join.
    pub(in crate::client::session) fn conference_refused(&mut self, why: &Text) {
        self.quit();
        self.plain.count_refused();
        self.chat.trouble(why.as_str(), self.out);
    }

    /// Nothing was heard for too long.
    pub(super) fn give_up_conference(&mut self) {
        if let Some(own) = self.quit() {
            self.fail(&say::not_joined(own.room()));
        }
    }

    /// The server says who is in a room's call.
    pub(in crate::client::session) fn in_call(&mut self, label: &str, InCall { room, conference }: InCall) {
        if self.outbound.awaited(label) == Some(&Awaited::Conference) {
            self.outbound.take(label);
        }
        let before = self.calls.note_conference(&room, conference.clone());
        let ours = self.calls.conference().is_some_and(|own| own.room().folded() == room.folded());
        match conference {
            Some(conference) if ours => self.members_changed(&room, &conference),
            Some(conference) if self.is_lost(&room, &conference) => _ = self.join_conference(room),
            Some(_) if before.is_none() && self.chat.rooms().is_inside(&room) => self.tell_call_of(&room),
            None if self.is_lost_in(&room) => {
                self.calls.take_lost_conference();
                self.remark(&room, say::is_over());
            }
            None if before.is_some() && !ours => self.remark(&room, say::is_over()),
            Some(_) | None => {}
        }
    }

    /// Whether the call of this room was lost with the connection.
    fn is_lost_in(&self, room: &RoomName) -> bool {
        self.calls.lost_conference().is_some_and(|lost| lost.room().folded() == room.folded())
    }

    /// Whether it was, and still runs: others are in it.
    fn is_lost(&self, room: &RoomName, conference: &Conference) -> bool {
        self.is_lost_in(room) && conference.members.iter().any(|member| !self.link.me().is(&member.name))
    }

    /// Says that there is a call in a room that we are in, if there is one.
    pub(in crate::client::session) fn tell_call_of(&mut self, room: &RoomName) {
        let members = self.calls.in_call_of(room).iter().filter(|member| !self.chat.is_ignored(&member.name));
        let names: Vec<&str> = members.map(|member| member.name.as_str()).collect();
        if !names.is_empty() {
            self.remark(room, &say::goes_on(names.join(", "), room));
        }
    }

    /// Who is in our call has changed.
    fn members_changed(&mut self, room: &RoomName, conference: &Conference) {
        let Self { calls, link, .. } = self;
        let known: Vec<(MemberNumber, PersonCheck)> = conference
            .members
            .iter()
            .map(|member| (member.number, calls.check(link.server(), &member.name, member.key)))
            .collect();
        let has_other_key = |member: &ConferenceMember| {
            known.iter().any(|(number, check)| *number == member.number && matches!(check, PersonCheck::Other(_)))
        };
        let chat = &self.chat;
        let is_kept_out = |member: &ConferenceMember| has_other_key(member) || chat.is_ignored(&member.name);
        let change = self.calls.set_members(room, conference, |name| link.me().is(name), is_kept_out);
        let Some(change) = change else { return };
        if let Some(order) = self.calls.members_order(change.begins) {
            self.out.emit(Effect::Conference(order));
        }
        let names = |members: &[ConferenceMember]| -> String {
            members.iter().map(|member| member.name.as_str()).collect::<Vec<_>>().join(", ")
        };
        if change.begins {
            let own = self.calls.conference();
            let (is_again, camera) = own.map_or((false, false), |own| (own.is_again(), own.camera()));
            let words = match change.come.as_slice() {
                others if is_again && camera => say::you_are_back_with_camera(room, names(others)),
                others if is_again => say::you_are_back(room, names(others)),
                [] => say::you_began(room),
                others => say::you_joined(room, names(others)),
            };
            self.remark(room, &words);
        } else {
            for member in &change.come {
                self.say_in_call(room, &say::came(&member.name));
            }
        }
        for member in &change.gone {
            self.say_in_call(room, &say::went(&member.name));
        }
        for member in change.come.iter().filter(|member| has_other_key(member)) {
            if let PersonCheck::Other(key) = self.calls.check(self.link.server(), &member.name, member.key) {
                let words = say::member_has_other_key(&member.name, key, member.key);
                self.chat.trouble(&words, self.out);
            }
        }
    }

    /// The server has put us out of the call with this number; `false` if we are in none of that number.
    pub(super) fn put_out(&mut self, id: CallId, why: HangUp) -> bool {
        if self.calls.conference().is_none_or(|own| own.id() != id) {
            return false;
        }
        let Some(own) = self.quit() else { return false };
        let room = own.room();
        let words = match why {
            HangUp::Muted => say::put_out_muted(room),
            HangUp::Off => say::put_out_off(room),
            HangUp::Idle | HangUp::Failed => say::put_out_silent(room),
            HangUp::Elsewhere => say::goes_on_elsewhere(room),
            HangUp::Done | HangUp::Gone | HangUp::Unanswered | HangUp::WordsDiffer => say::put_out(room),
        };
        self.remark(room, &words);
        self.chat.trouble(&words, self.out);
        true
    }

    /// The connection to the server is lost, and with it the call of the room.
    pub(super) fn cut_off_conference(&mut self) {
        self.calls.forget_rooms();
        let is_lost = self.calls.lose_conference(self.out.steady());
        if let Some(own) = self.quit() {
            let room = own.room();
            self.remark(room, &if is_lost { say::lost_with_connection(room) } else { say::not_joined(room) });
        }
    }

    /// Turns our camera on or off in the call of the room.
    pub(super) fn turn_conference_camera(&mut self, on: bool) {
        self.calls.turn_conference_camera(on);
    }

    /// Tells the others, and the person, that our camera is on or off in the call of the room.
    pub(super) fn tell_conference_of_camera(&mut self, on: bool) {
        let Some((id, room)) = self.calls.conference().map(|own| (own.id(), own.room().clone())) else { return };
        self.out.emit(Effect::Conference(ConferenceOrder::Camera(id, on)));
        self.remark(&room, if on { say::camera_is_on() } else { say::camera_is_off() });
    }

    /// Something happened in the call of the room.
    pub(in crate::client::session) fn take_conference_news(&mut self, news: ConferenceNews) {
        match news {
            ConferenceNews::Reached(id, number) => self.reached(id, number),
            ConferenceNews::Lost(id, number, end) => {
                let lost = self.calls.reach_member(id, number, false).map(|other| other.name().clone());
                if let Some(name) = lost.filter(|_| end == ChannelEnd::WrongKey) {
                    self.chat.trouble(calls::wrong_key(name), self.out);
                }
            }
            ConferenceNews::Camera(id, number, on) => self.calls.member_turns_camera(id, number, on),
            ConferenceNews::Watched(id, watched) => self.calls.conference_watched(id, watched),
            ConferenceNews::Picture(id, number, picture) => self.calls.take_face(id, number, picture),
            ConferenceNews::Speaks(id, number, speaks) => self.calls.member_speaks(id, number, speaks),
            ConferenceNews::Heard(id, heard) => self.they_hear(id, heard),
            ConferenceNews::Unsealed(id) => {
                self.turn_conference_camera(false);
                self.calls.speak(id, false);
                self.fail(crate::language::channels::no_randomness());
            }
            ConferenceNews::Ended(id, why) => {
                if self.calls.conference().is_some_and(|own| own.id() == id) {
                    self.leave_conference();
                    self.chat.trouble(say::no_way(Text::line(&why)), self.out);
                }
            }
        }
    }

    /// A member has proved its key. One who was not known is from now on.
    fn reached(&mut self, id: CallId, number: MemberNumber) {
        let Some(other) = self.calls.reach_member(id, number, true) else { return };
        let (name, key): (Name, _) = (other.name().clone(), other.key());
        if self.calls.check(self.link.server(), &name, key) == PersonCheck::First {
            if let Some(room) = self.calls.conference().map(|own| own.room().clone()) {
                self.remark(&room, &say::first_time(&name, key));
            }
            self.remember(KnownPerson { name, key, verified: false });
        }
    }

    /// Says who comes and goes, also to a person who is seen or speaks there and looks elsewhere.
    fn say_in_call(&mut self, room: &RoomName, words: &str) {
        self.remark(room, words);
        let is_out = |own: &OwnConference| own.camera() || own.voices().wants_talk();
        if self.calls.conference().is_some_and(is_out) && !self.chat.is_in_view(&Target::Room(room.clone())) {
            self.chat.news(say::in_the_call_of(room, words), self.out);
        }
    }

    /// Asks for the faces that are in view.
    pub(super) fn arrange_faces(&mut self) {
        let shown = self.ui.faces_in_view(self.chat, self.calls.conference());
        if let Some(order) = self.calls.show_faces(shown) {
            self.out.emit(Effect::Conference(order));
        }
    }

    pub(super) fn remark(&mut self, room: &RoomName, words: &str) {
        self.chat.event(&Target::Room(room.clone()), words, self.out);
    }
}
