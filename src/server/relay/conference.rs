//! A conference: which packet of a member goes to which others. A picture goes to all who show its sender in its size, and
//! voice to all who hear; what one member has for another goes to that one. Pictures and voice are sealed by their senders:
//! only their heads are read here.
//!
//! A viewer that takes little gets less: first no upper layers, then no pictures, and at last no voice. Nobody else gets less
//! for it.
//!
//! Must not know: sockets, clocks, who the members are, or what packets hold.

use std::collections::BTreeMap;

use super::hearing::{MemberHearing, Speakers};
use super::{LEAST, Leg};
use crate::model::Timestamp;
use crate::protocol::conference::{MAX_CONFERENCE, MemberNumber};
use crate::protocol::conference_packet::{Audience, ConferencePacket, PictureHead, Want, WantedFaces, is_later};
use crate::server::bucket::Bucket;
use crate::server::limits::Rate;

/// What a member may send, in bytes: enough for three sizes of pictures, and for the channels to all others when it joins.
pub const MEMBER_RATE: Rate = Rate { burst: 128 * 1024, per_second: 64 * 1024 };
/// What a member may be sent, in bytes: more than twelve faces take.
pub const VIEWER_RATE: Rate = Rate { burst: 128 * 1024, per_second: 96 * 1024 };
/// From so many bytes that wait for a viewer's stream on, it gets no upper layers.
pub const SLOW_STREAM: usize = 8 * 1024;
/// From so many on, it gets no pictures at all.
pub const STUCK_STREAM: usize = 32 * 1024;

/// From so many on, it gets no voice either: what it would hear is old.
pub const DEAF_STREAM: usize = 64 * 1024;
/// Voice is sent to a viewer beyond its share, up to so many bytes that have to come back before it gets pictures again.
pub const VOICE_DEBT: i64 = 32 * 1024;
/// What a member may send as voice, in bytes: more than the largest packets take that carry those before.
pub const VOICE_RATE: Rate = Rate { burst: 16 * 1024, per_second: 8 * 1024 };

/// A member.
#[derive(Debug)]
pub(super) struct RelayedMember {
    pub(super) leg: Leg,
    /// What it shows.
    wants: Vec<Want>,
    /// The count of its newest request.
    count: u8,
    /// How often it was told what others show of it.
    serial: u8,
    /// What it was told that others show of it.
    audience: Audience,
    hearing: MemberHearing,
    /// What it may still send as voice.
    voice: Bucket,
    /// What it may still be sent.
    viewing: Bucket,
    /// How many bytes wait for its stream.
    pub(super) waiting: usize,
}

/// What becomes of a packet.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Forwarding {
    /// It goes to these members, as it is or with another head.
    To(Vec<MemberNumber>, Vec<u8>),
    /// These members are to be told something.
    Tell(Vec<(MemberNumber, Vec<u8>)>),
    /// It waits until the leg of the member that it is for is bound; so many others had to go for it.
    Kept(u64),
    /// It is more than its sender may send of its kind.
    OverRate,
    /// It is none, or for nobody.
    Nowhere,
}

/// A conference.
#[derive(Debug, Default)]
pub(super) struct RelayedConference {
    members: BTreeMap<MemberNumber, RelayedMember>,
    speakers: Speakers,
}

impl RelayedConference {
    /// Lets a member in; `false` if the number is in use, or there are [`MAX_CONFERENCE`] members.
    pub(super) fn admit(&mut self, number: MemberNumber, leg: Leg, now: Timestamp) -> bool {
        if self.members.len() >= MAX_CONFERENCE || self.members.contains_key(&number) {
            return false;
        }
        let member = RelayedMember {
            leg,
            wants: Vec::new(),
            count: 0,
            serial: 0,
            audience: Audience::default(),
            hearing: MemberHearing::default(),
            voice: Bucket::full(VOICE_RATE, now),
            viewing: Bucket::full(VIEWER_RATE, now),
            waiting: 0,
        };
        self.members.insert(number, member);
        true
    }

    /// A member is gone; what the others are to be told.
    pub(super) fn dismiss(&mut self, number: MemberNumber) -> (Option<Leg>, Vec<(MemberNumber, Vec<u8>)>) {
        let leg = self.members.remove(&number).map(|member| member.leg);
        self.speakers.forget(number);
        let mut told = self.tell_changes(None);
        told.extend(self.tell_listeners(None));
        (leg, told)
    }

    pub(super) fn member(&mut self, number: MemberNumber) -> Option<&mut RelayedMember> {
        self.members.get_mut(&number)
    }

    pub(super) fn legs_mut(&mut self) -> impl Iterator<Item = &mut Leg> {
        self.members.values_mut().map(|member| &mut member.leg)
    }

    pub(super) fn into_legs(self) -> impl Iterator<Item = Leg> {
        self.members.into_values().map(|member| member.leg)
    }

    pub(super) fn legs(&self) -> impl Iterator<Item = (MemberNumber, &Leg)> {
        self.members.iter().map(|(number, member)| (*number, &member.leg))
    }

    /// Takes a packet of a member.
    pub(super) fn take(&mut self, from: MemberNumber, packet: &[u8], now: Timestamp) -> Forwarding {
        match ConferencePacket::read(packet) {
            Some(ConferencePacket::Pair(to, inner)) => {
                let Some(member) = self.members.get_mut(&to).filter(|_| to != from) else { return Forwarding::Nowhere };
                // What pairs say is little, and pictures are worth nothing without it: it only takes from their share.
                member.viewing.take_anyway(VIEWER_RATE, now, packet.len());
                let packet = ConferencePacket::Pair(from, inner).write();
                if member.leg.end.is_none() {
                    return Forwarding::Kept(member.leg.early.keep(from.0.into(), packet, now));
                }
                Forwarding::To(vec![to], packet)
            }
            // The head says whose it is, and is sealed with the picture: nobody sends under another's number.
            Some(ConferencePacket::Picture(head, _)) if head.from == from => {
                let viewers = self.members.iter_mut().filter(|(number, _)| **number != from);
                let to =
                    viewers.filter_map(|(number, viewer)| viewer.takes(&head, packet.len(), now).then_some(*number));
                Forwarding::To(to.collect(), packet.to_vec())
            }
            Some(ConferencePacket::Wants(count, wants)) => {
                // One that was overtaken by a later one says nothing any more.
                let member = self.members.get_mut(&from).filter(|member| !is_later(member.count, count));
                let Some(member) = member else { return Forwarding::Nowhere };
                (member.count, member.wants) = (count, wants);
                Forwarding::Tell(self.tell_changes(Some(from)))
            }
            Some(ConferencePacket::Voice(of, _)) if of == from => self.take_voice(from, packet, now),
            Some(ConferencePacket::Hears(count, hears)) => {
                let member = self.members.get_mut(&from);
                if !member.is_some_and(|member| member.hearing.take(count, hears)) {
                    return Forwarding::Nowhere;
                }
                Forwarding::Tell(self.tell_listeners(Some(from)))
            }
            Some(
                ConferencePacket::Picture(..)
                | ConferencePacket::Wanted(..)
                | ConferencePacket::Voice(..)
                | ConferencePacket::Heard(..),
            )
            | None => Forwarding::Nowhere,
        }
    }

    /// Takes voice of a member.
    fn take_voice(&mut self, from: MemberNumber, packet: &[u8], now: Timestamp) -> Forwarding {
        let Some(member) = self.members.get_mut(&from) else { return Forwarding::Nowhere };
        if !member.voice.has_any(VOICE_RATE, now) {
            return Forwarding::OverRate;
        }
        member.voice.take_anyway(VOICE_RATE, now, packet.len().max(LEAST));
        if !self.speakers.admit(from, now) {
            return Forwarding::Nowhere;
        }
        let others = self.members.iter_mut().filter(|(number, _)| **number != from);
        let to = others.filter_map(|(number, other)| other.takes_voice(packet.len(), now).then_some(*number));
        Forwarding::To(to.collect(), packet.to_vec())
    }

    /// Tells those for whom it has changed, and one in any case, whether anybody else hears.
    fn tell_listeners(&mut self, in_any_case: Option<MemberNumber>) -> Vec<(MemberNumber, Vec<u8>)> {
        let hears = |(_, member): &(&MemberNumber, &RelayedMember)| member.hearing.hears();
        let hearers: Vec<MemberNumber> = self.members.iter().filter(hears).map(|(number, _)| *number).collect();
        let tell = |(number, member): (&MemberNumber, &mut RelayedMember)| {
            let any = hearers.iter().any(|hearer| hearer != number);
            let told = member.hearing.tell(any, in_any_case == Some(*number))?;
            Some((*number, ConferencePacket::Heard(told).write()))
        };
        self.members.iter_mut().filter_map(tell).collect()
    }

    /// Tells those of whom others show something else than before, and one in any case.
    fn tell_changes(&mut self, in_any_case: Option<MemberNumber>) -> Vec<(MemberNumber, Vec<u8>)> {
        let mut audiences: BTreeMap<MemberNumber, Audience> = BTreeMap::new();
        for (viewer, member) in &self.members {
            for want in member.wants.iter().filter(|want| want.of != *viewer) {
                audiences.entry(want.of).or_default().add(want.size, want.lower_only);
            }
        }
        let mut told = Vec::new();
        for (number, member) in &mut self.members {
            let audience = audiences.get(number).copied().unwrap_or_default();
            if std::mem::replace(&mut member.audience, audience) != audience || in_any_case == Some(*number) {
                member.serial = member.serial.wrapping_add(1);
                let wanted = WantedFaces { count: member.count, serial: member.serial, audience };
                told.push((*number, ConferencePacket::Wanted(wanted).write()));
            }
        }
        told
    }
}

impl RelayedMember {
    /// Whether a picture is to be sent to this viewer; it is counted then.
    fn takes(&mut self, head: &PictureHead, size: usize, now: Timestamp) -> bool {
        let shows = |want: &&Want| want.of == head.from && want.size == head.size && !(head.upper && want.lower_only);
        if self.leg.end.is_none() || self.wants.iter().find(shows).is_none() {
            return false;
        }
        self.viewing.fill(VIEWER_RATE, now);
        let is_slow = self.waiting >= SLOW_STREAM || !self.viewing.is_half_full(VIEWER_RATE);
        let is_stuck = self.waiting >= STUCK_STREAM || self.viewing.tokens() <= 0;
        let takes = !(is_stuck || is_slow && head.upper);
        if takes {
            self.viewing.take_anyway(VIEWER_RATE, now, size);
        }
        takes
    }

    /// Whether voice is to be sent to this member; it is counted then.
    fn takes_voice(&mut self, size: usize, now: Timestamp) -> bool {
        if self.leg.end.is_none() || !self.hearing.hears() {
            return false;
        }
        self.viewing.fill(VIEWER_RATE, now);
        let takes = self.waiting < DEAF_STREAM && self.viewing.tokens() > -VOICE_DEBT;
        if takes {
            self.viewing.take_anyway(VIEWER_RATE, now, size);
        }
        takes
    }
}
