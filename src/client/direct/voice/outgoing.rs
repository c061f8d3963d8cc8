//! One's own voice: coded only while the person speaks, in packets that each carry those before where packets are lost.
//!
//! Must not know: how sound is coded, microphones, keys, the other side's voice, or the channel.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::client::direct::pictures::datagram::SendStamp;
use crate::client::direct::pictures::loss_watch::LossWatch;
use crate::media::voice::PACKET_SAMPLES;
use crate::media::voice::codec::VoiceEncoder;

use super::datagram::{MOST_VOICE_PACKETS, VoiceDatagram, VoicePackets, VoiceReport};
use super::ladder::{VoiceLadder, VoiceRung};

/// Where one of the last hundred packets was lost, each is sent again with the next; where so many were, with the next two.
const LOSS_THRICE: usize = 4;
/// So long a line counts as one that loses, after it did.
const STAYS_LOSSY: Duration = Duration::from_secs(30);
/// With such a queue nothing is sent twice: the line loses because it is full.
const QUEUE_ONCE: Duration = Duration::from_millis(200);
/// So many packets without a pause, and the next begins anew: ten minutes.
const LONGEST: u16 = 15_000;
/// The end of what is said goes out so many times more, with this time between.
const ENDS: u8 = 2;
const END_PAUSE: Duration = Duration::from_millis(60);
/// The most datagrams that nobody has taken.
const MOST_UNTAKEN: usize = 8;
/// Packets that nothing was heard of for so long do not arrive.
const SILENCE: Duration = Duration::from_secs(3);

/// One side's own voice.
#[derive(Debug)]
pub(in crate::client::direct) struct OutgoingVoice {
    began: Instant,
    encoder: Option<VoiceEncoder>,
    is_talking: bool,
    /// Since when the person speaks or has spoken.
    since: Instant,
    /// Whether the other side has a loudspeaker.
    is_heard: bool,
    /// Samples that are no packet yet.
    collected: Vec<i16>,
    /// The number of the next packet, and of the first since the last pause.
    number: u16,
    first: u16,
    /// Packets that were not sent, and those that were sent last, the newest at the end.
    new: Vec<Vec<u8>>,
    earlier: VecDeque<Vec<u8>>,
    untaken: VecDeque<Vec<u8>>,
    /// The end of what was said: how often it goes out yet, when next, and what it is.
    end: Option<(u8, Instant, VoicePackets)>,
    loss: LossWatch,
    /// When packets were lost last.
    lossy: Option<Instant>,
    /// Of a hundred packets, the most that one of many who hear has missed since.
    missed: usize,
    /// The queue that was reported last.
    queue: Duration,
    ladder: VoiceLadder,
    way: u8,
}

impl OutgoingVoice {
    pub(in crate::client::direct) fn new(now: Instant) -> Self {
        Self {
            began: now,
            encoder: VoiceEncoder::new(),
            is_talking: false,
            since: now,
            is_heard: false,
            collected: Vec::new(),
            number: 0,
            first: 0,
            new: Vec::new(),
            earlier: VecDeque::new(),
            untaken: VecDeque::new(),
            end: None,
            loss: LossWatch::default(),
            lossy: None,
            missed: 0,
            queue: Duration::ZERO,
            ladder: VoiceLadder::new(),
            way: 0,
        }
    }

    /// The person begins or ceases to speak.
    pub(in crate::client::direct) fn talk(&mut self, is_talking: bool, now: Instant) {
        if std::mem::replace(&mut self.is_talking, is_talking) == is_talking {
            return;
        }
        if is_talking {
            self.since = now;
            self.begin();
        } else {
            self.finish(now);
        }
    }

    pub(in crate::client::direct) fn is_talking(&self) -> bool {
        self.is_talking
    }

    pub(in crate::client::direct) fn is_sending(&self) -> bool {
        self.is_talking && self.is_heard
    }

    /// Notes whether the other side has a loudspeaker. Returns whether that has changed.
    pub(in crate::client::direct) fn hears(&mut self, is_heard: bool) -> bool {
        let was = std::mem::replace(&mut self.is_heard, is_heard);
        if was != is_heard {
            self.begin();
            self.loss.begin_anew();
        }
        was != is_heard
    }

    /// The packets go another way.
    pub(in crate::client::direct) fn way_changed(&mut self) {
        self.way = self.way.wrapping_add(1) & 15;
    }

    /// What is sent while the person speaks.
    pub(in crate::client::direct) fn rung(&self) -> VoiceRung {
        self.ladder.rung()
    }

    /// Begins after a pause: the next packet needs none before it.
    fn begin(&mut self) {
        if let Some(encoder) = &mut self.encoder {
            encoder.begin_anew();
        }
        self.first = self.number;
        (self.end, self.earlier, self.new, self.collected) = (None, VecDeque::new(), Vec::new(), Vec::new());
    }

    /// Takes what the microphone heard.
    pub(in crate::client::direct) fn take(&mut self, sound: &[i16], now: Instant) {
        if !self.is_sending() {
            return;
        }
        let mut sound = sound;
        while !sound.is_empty() {
            let (taken, rest) = sound.split_at(sound.len().min(PACKET_SAMPLES - self.collected.len()));
            self.collected.extend_from_slice(taken);
            sound = rest;
            if self.collected.len() == PACKET_SAMPLES {
                self.code();
                if self.new.len() >= self.ladder.rung().together.into() {
                    self.send(false, now);
                }
            }
        }
    }

    /// Makes a packet of what was collected.
    fn code(&mut self) {
        let mut sound = [0; PACKET_SAMPLES];
        sound.iter_mut().zip(self.collected.drain(..)).for_each(|(to, from)| *to = from);
        if self.number.wrapping_sub(self.first) >= LONGEST {
            self.begin();
        }
        let rung = self.ladder.rung();
        let coded = self.encoder.as_mut().and_then(|encoder| encoder.encode(&sound, rung.bits_a_second));
        if let Some(packet) = coded {
            self.number = self.number.wrapping_add(1);
            self.new.push(packet);
        }
    }

    /// Sends the packets that were not.
    fn send(&mut self, is_last: bool, now: Instant) {
        let again = self.again(now).min(self.earlier.len()).min(MOST_VOICE_PACKETS.saturating_sub(self.new.len()));
        let before = self.earlier.iter().skip(self.earlier.len() - again);
        let count = u8::try_from(self.new.len()).unwrap_or(u8::MAX);
        let packets = VoicePackets {
            stamp: self.stamp(now),
            newest: self.number.wrapping_sub(1),
            first: self.first,
            is_last,
            new: count,
            packets: before.chain(&self.new).cloned().collect(),
        };
        for back in (1..=u16::from(count)).rev() {
            self.loss.sent(self.number.wrapping_sub(back), now);
        }
        self.earlier.extend(self.new.drain(..));
        self.earlier.drain(..self.earlier.len().saturating_sub(2));
        if is_last {
            self.end = Some((ENDS, now + END_PAUSE, VoicePackets { new: 0, ..packets.clone() }));
        }
        self.push(packets);
    }

    fn push(&mut self, packets: VoicePackets) {
        self.untaken.push_back(VoiceDatagram::Packets(packets).write());
        while self.untaken.len() > MOST_UNTAKEN {
            self.untaken.pop_front();
        }
    }

    fn stamp(&self, now: Instant) -> SendStamp {
        let milliseconds = now.saturating_duration_since(self.began).as_millis() & 0xFFFF;
        SendStamp { way: self.way, time: u16::try_from(milliseconds).unwrap_or(0) }
    }

    /// Sends the rest of what was said.
    fn finish(&mut self, now: Instant) {
        if self.is_heard && (self.number != self.first || !self.collected.is_empty()) {
            // Also without a sample left: the last few come out of the coder with those after them.
            self.code();
            self.send(true, now);
        }
        self.collected.clear();
    }

    /// How many of the packets before go again.
    fn again(&self, now: Instant) -> usize {
        match self.loss.loss().max(self.missed) {
            _ if self.queue >= QUEUE_ONCE || !self.is_lossy(now) => 0,
            LOSS_THRICE.. => 2,
            _ => 1,
        }
    }

    /// Takes a report of the other side.
    pub(in crate::client::direct) fn reported(&mut self, report: VoiceReport, now: Instant) {
        self.loss.reported(report.packets);
        if self.loss.loss() > 0 {
            self.lossy = Some(now);
        }
        self.see_queue(Duration::from_millis(report.queue.into()), now);
    }

    /// One of many who hear misses so many of a hundred packets.
    pub(in crate::client::direct) fn missed(&mut self, of_hundred: usize, now: Instant) {
        let is_lossy = self.is_lossy(now);
        self.missed = if is_lossy { self.missed.max(of_hundred) } else { of_hundred };
        self.lossy = Some(now);
    }

    /// The line to the many has such a queue.
    pub(in crate::client::direct) fn see_queue(&mut self, queue: Duration, now: Instant) {
        self.queue = queue;
        self.ladder.see(queue, now);
    }

    fn is_lossy(&self, now: Instant) -> bool {
        self.lossy.is_some_and(|at| now.saturating_duration_since(at) < STAYS_LOSSY)
    }

    /// Whether what is said arrives, as far as is known: nothing is, before a while has passed.
    pub(in crate::client::direct) fn arrives(&self, now: Instant) -> bool {
        let waits = self.loss.oldest_unreported().map_or(Duration::ZERO, |sent| now.saturating_duration_since(sent));
        !self.is_talking || waits.min(now.saturating_duration_since(self.since)) < SILENCE
    }

    /// When something is to be sent though nothing happens.
    pub(in crate::client::direct) fn deadline(&self) -> Option<Instant> {
        self.end.as_ref().map(|(_, due, _)| *due)
    }

    /// The next datagram to be sent.
    pub(in crate::client::direct) fn datagram(&mut self, now: Instant) -> Option<Vec<u8>> {
        if let Some((left, due, mut packets)) = self.end.take() {
            if due > now {
                self.end = Some((left, due, packets));
            } else if left > 0 {
                packets.stamp = self.stamp(now);
                self.push(packets.clone());
                self.end = (left > 1).then_some((left - 1, now + END_PAUSE, packets));
            }
        }
        self.untaken.pop_front()
    }

    /// Nothing more is sent.
    pub(in crate::client::direct) fn stop(&mut self) {
        (self.is_talking, self.is_heard) = (false, false);
        self.begin();
        self.untaken.clear();
    }
}
