//! The other side's voice: packets wait a little, so that those which are late are in time; what is lost is made up; and it is
//! known who speaks.
//!
//! It is decoded no sooner than it is heard: whatever comes costs no more than what can be heard, and little waits.
//!
//! Must not know: how sound is coded, loudspeakers, one's own voice, or the channel.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::client::direct::pictures::line_watch::LineWatch;
use crate::media::codec::packet::is_after;
use crate::media::voice::codec::VoiceDecoder;
use crate::media::voice::stretch::stretched;
use crate::media::voice::{PACKET_SAMPLES, RATE};

use super::datagram::{VoicePackets, VoiceReport};
use super::slack::{SlackWatch, SoundPace};
use super::{HeardSound, SoundOrigin};

/// The most packets that wait: one second.
pub const MOST_WAITING: u16 = 25;
/// Of so many that wait, the oldest are left out: after a line that stood still, what is said is to be heard soon again.
const MOST_BEHIND: usize = 9;
/// So many are kept then.
const KEPT_BEHIND: usize = 3;
/// So many packets in a row are made up; then it is silent.
const MOST_MADE_UP: u32 = 5;
/// So long nothing has come, and nobody speaks any more, though nobody said so.
const GONE: Duration = Duration::from_millis(1_200);
/// Samples by which a packet is made longer or shorter: three in a hundred.
const STRETCH: usize = 20;
/// What was due so long ago is not made up for.
const BEHIND: Duration = Duration::from_millis(200);
/// A report follows after so many packets, at first after fewer, or after so long a time; after one that is missing sooner.
const REPORT_PACKETS: u32 = 25;
const FIRST_REPORT: u32 = 4;
const REPORT_TIME: Duration = Duration::from_secs(1);
const REPORT_SOON: Duration = Duration::from_millis(240);

/// The other side's voice.
#[derive(Debug)]
pub(super) struct IncomingVoice {
    is_hearing: bool,
    decoder: Option<VoiceDecoder>,
    playing: Option<Playing>,
    /// The number after the last that was heard.
    after: Option<u16>,
    slack: SlackWatch,
    watch: LineWatch,
    /// Packets that no report tells of, and whether one is missing; the last report.
    unreported: u32,
    is_missing: bool,
    newest: Option<u16>,
    reported: Option<Instant>,
}

/// What is said now.
#[derive(Debug)]
struct Playing {
    /// The number of the packet that is heard next, and what is there of it and of those after it.
    next: u16,
    waiting: VecDeque<Option<WaitingPacket>>,
    /// The number of the last packet, once it is known.
    last: Option<u16>,
    /// When the next is due.
    due: Instant,
    /// Whether any was heard.
    is_heard: bool,
    /// So many in a row were made up.
    made_up: u32,
    /// When a packet came last.
    came: Instant,
}

#[derive(Debug)]
struct WaitingPacket {
    packet: Vec<u8>,
    /// Whether it needs none before it.
    is_first: bool,
    came: Instant,
}

impl IncomingVoice {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            is_hearing: false,
            decoder: VoiceDecoder::new(),
            playing: None,
            after: None,
            slack: SlackWatch::default(),
            watch: LineWatch::new(now),
            unreported: 0,
            is_missing: false,
            newest: None,
            reported: None,
        }
    }

    /// Whether there is a loudspeaker.
    pub(super) fn hear(&mut self, is_hearing: bool) {
        self.is_hearing = is_hearing;
        if !is_hearing {
            self.end();
        }
    }

    pub(super) fn is_hearing(&self) -> bool {
        self.is_hearing
    }

    /// Whether the other one speaks, as far as it is heard.
    pub(super) fn speaks(&self) -> bool {
        self.playing.is_some()
    }

    /// Takes packets.
    pub(super) fn take(&mut self, packets: VoicePackets, now: Instant) {
        if !self.is_hearing {
            return;
        }
        let VoicePackets { stamp, newest, first, is_last, new, packets } = packets;
        self.watch.timed(stamp, now);
        for back in (0..u16::from(new)).rev() {
            self.count(newest.wrapping_sub(back));
        }
        let oldest = newest.wrapping_sub(u16::try_from(packets.len().saturating_sub(1)).unwrap_or(0));
        for (number, packet) in (0..).map(|step| oldest.wrapping_add(step)).zip(packets) {
            self.put(number, WaitingPacket { packet, is_first: number == first, came: now }, now);
        }
        if let Some(playing) = &mut self.playing {
            playing.came = now;
            let goes_on = playing.last.is_some_and(|last| is_after(newest, last));
            if is_last {
                playing.last = Some(newest);
            } else if goes_on {
                playing.last = None;
            }
        }
    }

    fn count(&mut self, number: u16) {
        self.watch.came(number);
        self.unreported += 1;
        self.is_missing |= self.newest.is_some_and(|newest| number.wrapping_sub(newest) != 1);
        if self.newest.is_none_or(|newest| is_after(number, newest)) {
            self.newest = Some(number);
        }
    }

    /// Has a packet wait until it is due, unless it was heard or is there already.
    fn put(&mut self, number: u16, packet: WaitingPacket, now: Instant) {
        let Some(playing) = &mut self.playing else {
            if self.after.is_none_or(|after| number == after || is_after(number, after)) {
                let due = now + self.slack.first_wait();
                self.begin(number, packet, due);
            }
            return;
        };
        if is_after(playing.next, number) {
            let back = playing.next.wrapping_sub(number);
            let is_old = self.after.is_some_and(|after| is_after(after, number));
            if !playing.is_heard && !is_old && back <= MOST_WAITING.saturating_sub(playing.length()) {
                (1..back).for_each(|_| playing.waiting.push_front(None));
                playing.waiting.push_front(Some(packet));
                playing.next = number;
            } else {
                // Too late. What was made up in its place was due this long ago.
                self.slack.note(now, playing.due.checked_sub(packet_time() * back.into()).unwrap_or(now));
            }
            return;
        }
        let ahead = number.wrapping_sub(playing.next);
        if ahead >= MOST_WAITING {
            // The line stood still for long, or somebody counts as they like.
            let due = playing.due;
            return self.begin(number, packet, due);
        }
        if playing.waiting.len() <= ahead.into() {
            playing.waiting.resize_with(usize::from(ahead) + 1, || None);
        }
        if let Some(place @ None) = playing.waiting.get_mut(usize::from(ahead)) {
            *place = Some(packet);
        }
    }

    /// Begins to hear at a packet.
    fn begin(&mut self, next: u16, packet: WaitingPacket, due: Instant) {
        if !packet.is_first
            && let Some(decoder) = &mut self.decoder
        {
            decoder.begin_anew();
        }
        let came = packet.came;
        let waiting = VecDeque::from([Some(packet)]);
        self.playing = Some(Playing { next, waiting, last: None, due, is_heard: false, made_up: 0, came });
    }

    /// Nobody speaks any more.
    pub(super) fn end(&mut self) {
        if let Some(playing) = self.playing.take() {
            self.after = Some(playing.next);
        }
    }

    /// When [`Self::sound`] has the next.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.playing.as_ref().map(|playing| playing.due)
    }

    /// What is to be heard next, once it is due; then it is to be asked again.
    pub(super) fn sound(&mut self, now: Instant) -> Option<HeardSound> {
        let playing = self.playing.as_mut()?;
        if playing.due > now {
            return None;
        }
        playing.due = playing.due.max(now.checked_sub(BEHIND).unwrap_or(now));
        if playing.length() as usize > MOST_BEHIND {
            let over = playing.waiting.len() - KEPT_BEHIND;
            playing.waiting.drain(..over);
            playing.next = playing.next.wrapping_add(u16::try_from(over).unwrap_or(0));
        }
        let due = playing.due;
        let (sound, origin) = match playing.waiting.front_mut().map(Option::take) {
            Some(Some(packet)) => {
                self.slack.note(packet.came, due);
                let number = playing.next;
                playing.step();
                let decoded = self.decoder.as_mut().and_then(|decoder| {
                    if packet.is_first {
                        decoder.begin_anew();
                    }
                    decoder.decode(&packet.packet).ok()
                });
                match decoded {
                    Some(sound) => {
                        playing.made_up = 0;
                        (Some(sound), SoundOrigin::Packet(number))
                    }
                    None => (self.decoder.as_mut().map(VoiceDecoder::conceal), SoundOrigin::MadeUp),
                }
            }
            Some(None) if playing.waiting.iter().any(Option::is_some) => {
                // Others have come: it is lost.
                playing.step();
                playing.made_up += 1;
                (self.made_up(), SoundOrigin::MadeUp)
            }
            _ if playing.last.is_some_and(|last| !is_after(last, playing.next) && last != playing.next)
                || now.saturating_duration_since(playing.came) >= GONE =>
            {
                self.end();
                return None;
            }
            _ => {
                // It may come yet: all that follows is heard later.
                playing.made_up += 1;
                self.slack.moved(40_000);
                (self.made_up(), SoundOrigin::MadeUp)
            }
        };
        Some(self.heard(&sound.unwrap_or([0; PACKET_SAMPLES]), origin, due))
    }

    /// Sound in place of a packet: silence after many.
    fn made_up(&mut self) -> Option<[i16; PACKET_SAMPLES]> {
        let is_long = self.playing.as_ref().is_none_or(|playing| playing.made_up > MOST_MADE_UP);
        self.decoder.as_mut().filter(|_| !is_long).map(VoiceDecoder::conceal)
    }

    /// Makes sound as long as it is to be, and sets when the next is due.
    fn heard(&mut self, sound: &[i16], origin: SoundOrigin, due: Instant) -> HeardSound {
        let length = match self.slack.pace() {
            SoundPace::Slower => sound.len() + STRETCH,
            SoundPace::Even => sound.len(),
            SoundPace::Faster => sound.len() - STRETCH,
        };
        let difference = length.cast_signed() - sound.len().cast_signed();
        self.slack.moved(difference as i64 * 1_000_000 / i64::from(RATE));
        let samples = stretched(sound, length);
        let took = Duration::from_micros(length as u64 * 1_000_000 / u64::from(RATE));
        if let Some(playing) = &mut self.playing {
            (playing.due, playing.is_heard) = (due + took, true);
        }
        HeardSound { samples, origin, due }
    }

    /// What is to be reported now.
    pub(super) fn report(&mut self, now: Instant) -> Option<VoiceReport> {
        let since = self.reported.map(|at| now.saturating_duration_since(at));
        let is_due = match since {
            None => self.unreported >= FIRST_REPORT,
            Some(since) => {
                self.unreported >= REPORT_PACKETS || since >= REPORT_TIME || self.is_missing && since >= REPORT_SOON
            }
        };
        if !is_due || self.unreported == 0 {
            return None;
        }
        (self.unreported, self.is_missing, self.reported) = (0, false, Some(now));
        Some(VoiceReport { packets: self.watch.packets(), queue: self.watch.queue() })
    }
}

impl Playing {
    fn length(&self) -> u16 {
        u16::try_from(self.waiting.len()).unwrap_or(MOST_WAITING)
    }

    fn step(&mut self) {
        self.waiting.pop_front();
        self.next = self.next.wrapping_add(1);
    }
}

fn packet_time() -> Duration {
    Duration::from_micros(PACKET_SAMPLES as u64 * 1_000_000 / u64::from(RATE))
}
