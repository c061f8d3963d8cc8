//! What the server says of calls.
//!
//! Must not know: what happens on a channel.

use super::{Calling, purpose};
use crate::client::direct::lines::{CallNotice, CallState};
use crate::client::direct::orders::ChannelOrder;
use crate::client::direct::talk::Side;
use crate::client::msg::Effect;
use crate::client::session::calls::call::{CallPhase, UserCall};
use crate::client::session::calls::people::PersonCheck;
use crate::client::session::outbound::awaited::Awaited;
use crate::language::calls as say;
use crate::model::{Fingerprint, Name, Target};
use crate::protocol::{CallAnswer, CallEvent, CallId, CallOffer, CallRefusal, HangUp, RelayGrant};

impl Calling<'_> {
    /// The server says something about a call. What is about no call of ours, or comes too late, leads to nothing.
    pub(in crate::client::session) fn heard(&mut self, label: &str, verified: bool, event: CallEvent) {
        match event {
            CallEvent::Rings { from, offer, .. } => self.rings(from, verified, &offer),
            CallEvent::Ringing(id) => self.rings_there(label, id),
            CallEvent::Answered { by, id, answer: CallAnswer::Yes(key), .. } => self.accepted(&by, verified, id, key),
            CallEvent::Answered { by, id, answer: CallAnswer::No(why), .. } => self.declined(&by, id, why),
            CallEvent::Relay(grant) if self.outbound.awaited(label) == Some(&Awaited::Conference) => {
                self.granted_conference(grant);
            }
            CallEvent::Relay(grant) => self.granted(grant),
            CallEvent::HungUp { by: None, id, why } if self.put_out(id, why) => {}
            CallEvent::HungUp { by, id, why } => self.hung_up(by.as_ref(), id, why),
            // Only the connection of a leg hears this.
            CallEvent::LegReady => {}
        }
    }

    /// A user calls.
    fn rings(&mut self, from: Name, verified: bool, offer: &CallOffer) {
        // Who is ignored learns nothing, not even that.
        if self.chat.is_ignored(&from) || self.link.me().is(&from) || self.calls.get(offer.id).is_some() {
            return;
        }
        if !self.calls.is_callable() {
            return self.send_answer(&from, offer.id, CallAnswer::No(CallRefusal::Cannot));
        }
        let check = self.calls.check(self.link.server(), &from, offer.key);
        if let PersonCheck::Other(known) = check {
            self.send_answer(&from, offer.id, CallAnswer::No(CallRefusal::Cannot));
            let words = say::caller_has_other_key(&from, known, offer.key);
            return self.tell_other_key(&from, offer.key, words);
        }
        if let Some(ours) = self.calls.with(&from) {
            let id = ours.id();
            // Both have called each other. The server lets one of the two calls ring: theirs, unless it has said that ours
            // does.
            match (ours.side(), ours.stage()) {
                (Side::Caller, CallPhase::Asked) => return self.give_way(id, from, verified, offer),
                (Side::Caller, CallPhase::Ringing | CallPhase::Answered) => return,
                (_, _) => return self.too_busy(&from, offer),
            }
        }
        if self.calls.ringing().is_some() || !self.calls.has_room() {
            return self.too_busy(&from, offer);
        }
        self.calls.rings(from.clone(), verified, offer, self.out.steady());
        // A program that answers has nobody beside it: its microphone stays off until it asks for sound.
        if let Some(voices) = self.calls.voices_mut(offer.id).filter(|_| self.out.is_plain()) {
            voices.want(false);
        }
        let purpose = purpose(offer.wants);
        let words = say::calls_you(&from, &purpose);
        if self.out.is_plain() {
            let line = CallNotice::new(from, CallState::Rings, words).about(offer.wants).with_key(offer.key);
            return self.print(line.verified(verified).known(check.word()));
        }
        if self.chat.is_undisturbed() {
            return self.chat.news_of_call(offer.id, &words, self.out);
        }
        self.open_dialog(offer.id);
        self.chat.call(&Target::User(from.clone()), from.to_string(), words, self.out);
    }

    /// The other one is told that the person is busy, and the person that they were called.
    fn too_busy(&mut self, from: &Name, offer: &CallOffer) {
        self.send_answer(from, offer.id, CallAnswer::No(CallRefusal::Busy));
        let words = say::called_while_busy(from, purpose(offer.wants));
        self.tell(CallNotice::new(from.clone(), CallState::Ended("busy"), words).about(offer.wants));
    }

    /// Our own call to somebody who calls us gives way to theirs, which is answered: both have said that they want it.
    fn give_way(&mut self, ours: CallId, from: Name, verified: bool, offer: &CallOffer) {
        let Some(call) = self.calls.end(ours) else { return };
        self.send_hang_up(&call, HangUp::Done);
        self.calls.rings(from, verified, offer, self.out.steady());
        for file in call.to_offer() {
            self.calls.offer_later(offer.id, file.clone());
        }
        if let Some(pictures) = self.calls.pictures_mut(offer.id) {
            pictures.carry_on(call.pictures());
        }
        // What only the other one wants does not begin here by itself: no microphone is listened to that nobody asked for.
        if let Some(voices) = self.calls.voices_mut(offer.id).filter(|_| !call.wants().voice) {
            voices.want(false);
        }
        self.answer(offer.id);
    }

    /// Our call rings at the other one.
    fn rings_there(&mut self, label: &str, id: CallId) {
        self.outbound.take(label);
        let Some(name) = self.calls.rings_there(id).map(|call| call.name().clone()) else { return };
        self.tell(CallNotice::new(name.clone(), CallState::Ringing, say::rings_there(&name)));
    }

    /// The other one has answered, with this key.
    fn accepted(&mut self, by: &Name, verified: bool, id: CallId, key: Fingerprint) {
        if !self.calls.answered(id, by, verified, key, self.out.steady()) {
            return;
        }
        if let PersonCheck::Other(known) = self.calls.check(self.link.server(), by, key) {
            let Some(call) = self.end(id) else { return };
            self.send_hang_up(&call, HangUp::Failed);
            let words = say::callee_has_other_key(by, known, key);
            return self.tell_other_key(by, key, words);
        }
        self.tell(
            CallNotice::new(by.clone(), CallState::Answered, say::has_answered(by)).verified(verified).with_key(key),
        );
    }

    /// Somebody has another key than the known one: there is no call, and both keys are shown.
    fn tell_other_key(&mut self, name: &Name, key: Fingerprint, words: String) {
        if self.out.is_screen() {
            self.chat.trouble(&words, self.out);
            self.chat.direct_remark(name, say::other_key_in_chat(), self.out);
        }
        self.print(CallNotice::new(name.clone(), CallState::Ended("other_key"), words).with_key(key));
    }

    /// The other one does not take our call.
    fn declined(&mut self, by: &Name, id: CallId, why: CallRefusal) {
        let ours = |call: &&UserCall| call.side() == Side::Caller && call.name().folded() == by.folded();
        if self.calls.get(id).filter(ours).is_none() {
            return;
        }
        let Some(call) = self.end(id) else { return };
        let (reason, words) = match why {
            CallRefusal::Declined => ("declined", say::has_declined(by)),
            CallRefusal::Busy => ("busy", say::is_busy(by)),
            CallRefusal::Cannot => ("cannot", say::cannot_answer(by)),
        };
        self.ended_loudly(&call, reason, words);
    }

    /// The channel of an answered call can be made.
    fn granted(&mut self, grant: RelayGrant) {
        if let Some(order @ ChannelOrder::Open { .. }) = self.calls.make(grant) {
            self.out.emit(Effect::Channel(order));
        }
    }

    /// A call is over: the other one has hung up, or the server ended it.
    fn hung_up(&mut self, by: Option<&Name>, id: CallId, why: HangUp) {
        if let (HangUp::WordsDiffer, Some(by)) = (why, by)
            && self.calls.get(id).is_none_or(UserCall::has_channel)
        {
            return self.words_differ_there(by, id);
        }
        let Some(call) = self.calls.get(id) else { return };
        // A channel that goes past the server does not end with the other one's session there.
        if call.is_direct() && by.is_none() && matches!(why, HangUp::Gone | HangUp::Idle) {
            return;
        }
        let missed = call.rings_here();
        let Some(call) = self.end(id) else { return };
        let name = call.name();
        let words = match why {
            HangUp::Unanswered => return self.ended_unanswered(&call),
            HangUp::Done | HangUp::Gone if missed => return self.missed(&call, why),
            // While it rang, there was nothing to compare.
            HangUp::WordsDiffer if missed => return self.missed(&call, HangUp::Done),
            HangUp::Done | HangUp::WordsDiffer => say::has_hung_up(name),
            HangUp::Gone => say::went_offline(name),
            HangUp::Muted => say::ended_by_mute(name),
            HangUp::Off => say::calls_switched_off(name),
            HangUp::Idle => say::nothing_came_through(name),
            HangUp::Failed => say::channel_failed(name),
            HangUp::Elsewhere => say::answered_elsewhere(name),
        };
        self.ended(&call, why.as_str(), words);
    }

    /// The other one has compared the words of a call, and they differ there. The channel may have been closed before this
    /// comes.
    fn words_differ_there(&mut self, by: &Name, id: CallId) {
        if self.calls.name_of(id).is_none_or(|name| name.folded() != by.folded()) {
            return;
        }
        self.end(id);
        let words = say::words_differ_there(by);
        if self.out.is_screen() {
            self.chat.trouble(&words, self.out);
        }
        self.chat.direct_remark(by, &words, self.out);
        self.print(CallNotice::new(by.clone(), CallState::Ended(HangUp::WordsDiffer.as_str()), words));
    }
}
