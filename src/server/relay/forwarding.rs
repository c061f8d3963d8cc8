//! The relay's part for conferences: their members come and go, and what comes in on a member's leg goes out on those of
//! others.
//!
//! Must not know: which packets go to whom (`conference`), sockets or clocks.

use super::conference::{Forwarding, MEMBER_RATE, RelayedConference};
use super::{IDLE_LEG, LEAST, Leg, LegEnd, LegPlace, MAX_RELAYED, Relay, RelayId, RelaySend, StreamId};
use crate::model::Timestamp;
use crate::protocol::conference::MemberNumber;
use crate::protocol::leg::LegToken;

impl Relay {
    /// Relays a conference, which has no members yet; `false` if [`MAX_RELAYED`] calls and conferences are relayed already.
    pub fn open_conference(&mut self, call: RelayId) -> bool {
        if !self.has_room(call) {
            return false;
        }
        self.conferences.insert(call, RelayedConference::default());
        true
    }

    /// Whether a conference is relayed.
    #[must_use]
    pub fn has_conference(&self, call: RelayId) -> bool {
        self.conferences.contains_key(&call)
    }

    /// Lets a member in, with a token for its leg; `false` if there is no such conference, the number is in use, or the
    /// conference is full.
    pub fn admit(&mut self, call: RelayId, number: MemberNumber, token: LegToken, now: Timestamp) -> bool {
        let leg = Leg::new(token, MEMBER_RATE, now);
        let is_in = self.conferences.get_mut(&call).is_some_and(|conference| conference.admit(number, leg, now));
        if is_in {
            self.tokens.insert(token, (call, number.0.into()));
        }
        is_in
    }

    /// A member has left; what is to be sent and closed.
    pub fn dismiss(&mut self, call: RelayId, number: MemberNumber) -> Vec<RelaySend> {
        let Some(conference) = self.conferences.get_mut(&call) else { return Vec::new() };
        let (leg, told) = conference.dismiss(number);
        let mut sends: Vec<RelaySend> = leg.and_then(|leg| self.forget(&leg)).into_iter().collect();
        sends.extend(self.send_to_members(call, told));
        sends
    }

    /// So many bytes wait for a stream to take them: the viewer behind it is slow, or not any more.
    pub fn stream_waits(&mut self, stream: StreamId, bytes: usize) {
        if let Some(&(call, number)) = self.ends.get(&LegEnd::Stream(stream))
            && let Some(conference) = self.conferences.get_mut(&call)
            && let Some(member) = u8::try_from(number).ok().and_then(|number| conference.member(MemberNumber(number)))
        {
            member.waiting = bytes;
        }
    }

    /// Gives up the members whose leg was idle for [`IDLE_LEG`]; returns them, and what is to be sent and closed.
    pub fn give_up_idle_members(&mut self, now: Timestamp) -> (Vec<(RelayId, MemberNumber)>, Vec<RelaySend>) {
        let idle = |leg: &Leg| now.since(leg.heard) >= IDLE_LEG;
        let of = |(call, conference): (&RelayId, &RelayedConference)| {
            let idle: Vec<_> = conference.legs().filter(|(_, leg)| idle(leg)).map(|(number, _)| number).collect();
            let call = *call;
            idle.into_iter().map(move |number| (call, number))
        };
        let mut given_up: Vec<_> = self.conferences.iter().flat_map(of).collect();
        given_up.sort_unstable();
        let sends = given_up.iter().flat_map(|(call, number)| self.dismiss(*call, *number)).collect();
        (given_up, sends)
    }

    /// A packet came in on a member's leg.
    pub(super) fn forward(&mut self, (call, number): LegPlace, packet: &[u8], now: Timestamp) -> Option<RelaySend> {
        let from = MemberNumber(u8::try_from(number).ok()?);
        let conference = self.conferences.get_mut(&call)?;
        let leg = &mut conference.member(from)?.leg;
        leg.heard = now;
        if !leg.rate.has_any(MEMBER_RATE, now) || !self.all.has_any(self.rates.all, now) {
            self.counts.over_rate += 1;
            return None;
        }
        leg.rate.take_anyway(MEMBER_RATE, now, packet.len().max(LEAST));
        let sends: Vec<RelaySend> = match conference.take(from, packet, now) {
            Forwarding::To(members, packet) => {
                let ends = members.into_iter().filter_map(|to| conference.member(to)?.leg.end);
                let sends: Vec<_> = ends.map(|end| end.send(packet.clone())).collect();
                self.all.take_anyway(self.rates.all, now, packet.len().max(LEAST) * sends.len());
                self.counts.relayed(&packet, sends.len());
                sends
            }
            Forwarding::Kept(gone) => {
                self.all.take_anyway(self.rates.all, now, packet.len().max(LEAST));
                self.counts.nowhere += gone;
                Vec::new()
            }
            Forwarding::Tell(told) => self.send_to_members(call, told),
            Forwarding::OverRate => {
                self.counts.over_rate += 1;
                Vec::new()
            }
            Forwarding::Nowhere => {
                self.counts.nowhere += 1;
                Vec::new()
            }
        };
        match <[RelaySend; 1]>::try_from(sends) {
            Ok([send]) => Some(send),
            Err(sends) => (!sends.is_empty()).then_some(RelaySend::Several(sends)),
        }
    }

    /// What the server itself has to say to members.
    fn send_to_members(&mut self, call: RelayId, told: Vec<(MemberNumber, Vec<u8>)>) -> Vec<RelaySend> {
        let Some(conference) = self.conferences.get_mut(&call) else { return Vec::new() };
        let told = told.into_iter();
        told.filter_map(|(number, packet)| Some(conference.member(number)?.leg.end?.send(packet))).collect()
    }

    pub(super) fn has_room(&self, call: RelayId) -> bool {
        let is_new = !self.calls.contains_key(&call) && !self.conferences.contains_key(&call);
        is_new && self.calls() < MAX_RELAYED
    }
}
