//! The voices of a conference: ours, once for all, and those of the others, each with packets that wait until they are due.
//!
//! Nothing is coded unless the person speaks and somebody hears. At most [`MAX_SPEAKERS`] others are heard at once, those who
//! began first; what others say meanwhile is dropped.
//!
//! Must not know: keys, channels, microphones, or how sound is coded.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use super::events::AttendanceEvent;
use super::hearing::Hearing;
use crate::client::direct::voice::HeardSound;
use crate::client::direct::voice::datagram::VoiceDatagram;
use crate::client::direct::voice::incoming::IncomingVoice;
use crate::client::direct::voice::outgoing::OutgoingVoice;
use crate::protocol::conference::{MAX_SPEAKERS, MemberNumber};
use crate::protocol::conference_packet::Listeners;

/// The most pieces of sound that nobody has taken.
const MOST_UNHEARD: usize = 8 * MAX_SPEAKERS;
/// A speaker is told of lost packets by the last so many, of which the newest few may still come.
const LOOKED_AT: u32 = 28;
const MAY_COME: u32 = 3;

/// The voice of another member.
#[derive(Debug)]
struct MemberVoice {
    incoming: IncomingVoice,
    /// Whether the person was told that the member speaks.
    speaks: bool,
    /// The first packet that came: those before it are not missed.
    first: Option<u16>,
}

/// The voices of a conference.
#[derive(Debug)]
pub(super) struct ConferenceVoices {
    outgoing: OutgoingVoice,
    hearing: Hearing,
    /// Whether anybody hears us, as it was told last.
    heard: Option<bool>,
    hears: bool,
    others: BTreeMap<MemberNumber, MemberVoice>,
    unheard: VecDeque<(MemberNumber, HeardSound)>,
}

impl ConferenceVoices {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            outgoing: OutgoingVoice::new(now),
            hearing: Hearing::new(),
            heard: None,
            hears: false,
            others: BTreeMap::new(),
            unheard: VecDeque::new(),
        }
    }

    // --- ours

    /// The person begins or ceases to speak.
    pub(super) fn talk(&mut self, is_talking: bool, now: Instant) {
        self.outgoing.talk(is_talking, now);
        self.hearing.talk(is_talking, now);
    }

    /// Takes what the microphone heard.
    pub(super) fn take_microphone(&mut self, samples: &[i16], now: Instant) {
        self.outgoing.take(samples, now);
    }

    /// The server says whether anybody hears us; returns it where that is news.
    pub(super) fn answered(&mut self, listeners: Listeners, now: Instant) -> Option<bool> {
        let any = self.hearing.answered(listeners, now)?;
        self.outgoing.hears(any);
        (self.heard.replace(any) != Some(any)).then_some(any)
    }

    /// So many of a hundred packets were lost on the way to one who hears.
    pub(super) fn missed(&mut self, of_hundred: usize, now: Instant) {
        self.outgoing.missed(of_hundred, now);
    }

    /// Our line has such a queue.
    pub(super) fn line_queue(&mut self, queue: Duration, now: Instant) {
        self.outgoing.see_queue(queue, now);
    }

    /// The next packets of ours, to be sealed and sent at once.
    pub(super) fn plain(&mut self, now: Instant) -> Option<Vec<u8>> {
        self.outgoing.datagram(now)
    }

    /// What the server is to be told.
    pub(super) fn word(&mut self, now: Instant) -> Option<Vec<u8>> {
        self.hearing.packet(now)
    }

    // --- the others'

    /// Whether there is a loudspeaker.
    pub(super) fn hear(&mut self, hears: bool, now: Instant) {
        self.hears = hears;
        self.hearing.hear(hears, now);
        self.others.values_mut().for_each(|other| other.incoming.hear(hears));
        if !hears {
            self.unheard.clear();
        }
    }

    /// Takes what a member says, opened.
    pub(super) fn take(&mut self, from: MemberNumber, plain: &[u8], now: Instant) {
        let Some(VoiceDatagram::Packets(packets)) = VoiceDatagram::read(plain).filter(|_| self.hears) else { return };
        let speaking = self.others.iter().filter(|(number, other)| **number != from && other.incoming.speaks()).count();
        if speaking >= MAX_SPEAKERS {
            return;
        }
        let other = self.others.entry(from).or_insert_with(|| {
            let mut incoming = IncomingVoice::new(now);
            incoming.hear(true);
            MemberVoice { incoming, speaks: false, first: None }
        });
        other.first.get_or_insert(packets.newest);
        other.incoming.take(packets, now);
    }

    /// A member is gone: it is not heard any more.
    pub(super) fn forget(&mut self, member: MemberNumber) {
        self.others.remove(&member);
        self.unheard.retain(|(of, _)| *of != member);
    }

    /// Takes what is due, and tells who begins and ceases to speak.
    pub(super) fn settle(&mut self, now: Instant, events: &mut VecDeque<AttendanceEvent>) {
        for (number, other) in &mut self.others {
            // It lasts longer than it takes: this ends.
            while let Some(sound) = other.incoming.sound(now) {
                self.unheard.push_back((*number, sound));
            }
            let speaks = other.incoming.speaks();
            if std::mem::replace(&mut other.speaks, speaks) != speaks {
                events.push_back(AttendanceEvent::Speaks(*number, speaks));
            }
        }
        let over = self.unheard.len().saturating_sub(MOST_UNHEARD);
        self.unheard.drain(..over);
    }

    /// How many of a hundred packets of a member were lost on the way, if it is to be told.
    pub(super) fn loss_of(&mut self, member: MemberNumber, now: Instant) -> Option<u8> {
        let other = self.others.get_mut(&member)?;
        let packets = other.incoming.report(now)?.packets;
        let since = u32::from(packets.newest.wrapping_sub(other.first?));
        let looked_at = MAY_COME..since.min(LOOKED_AT + MAY_COME);
        let lost = looked_at.clone().filter(|back| packets.decoded >> back & 1 == 0).count();
        (lost > 0).then(|| u8::try_from(lost * 100 / looked_at.count()).unwrap_or(100))
    }

    /// The next sound that is to be heard, and of whom.
    pub(super) fn sound(&mut self) -> Option<(MemberNumber, HeardSound)> {
        self.unheard.pop_front()
    }

    /// When sound is due.
    pub(super) fn sound_due(&self) -> Option<Instant> {
        self.others.values().filter_map(|other| other.incoming.deadline()).min()
    }

    /// When something is to be sent.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.outgoing.deadline().into_iter().chain(self.hearing.deadline()).min()
    }
}
