//! The other side's pictures: packets are put together and decoded in turn, the newest picture is shown, and what came is
//! reported.
//!
//! Must not know: how packets are decoded, one's own pictures, or the channel.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::media::codec::decoder::DecodedPicture;
use crate::media::codec::packet::{PacketError, PacketHead, is_after};
use crate::media::codec::receipts::ReceivedCount;
use crate::media::parts::Assembler;
use crate::media::picture::Picture;

use super::datagram::{LineReport, SendStamp};
use super::line_watch::LineWatch;

/// The most pictures a second that are decoded, and how many at once: whoever sends more is not to cost more.
pub const MOST_A_SECOND: u32 = 30;
const BURST: u32 = 15;
/// The most packets that wait to be decoded.
pub const MOST_UNDECODED: usize = 8;
/// A report follows after so many pictures, or so long a time; after one that is missing, at once.
const REPORT_PICTURES: u32 = 4;
const REPORT_TIME: Duration = Duration::from_millis(250);

/// The other side's pictures.
#[derive(Debug)]
pub(super) struct IncomingPictures {
    /// Whether the other side's camera is on; nothing until it says so.
    is_on: Option<bool>,
    wanted: u16,
    assembler: Assembler,
    undecoded: VecDeque<(u16, Vec<u8>)>,
    decoding: Option<u16>,
    count: ReceivedCount,
    watch: LineWatch,
    /// The number of the newest picture that was shown.
    shown: Option<u16>,
    /// Pictures that no report tells of, and whether one is missing.
    unreported: u32,
    is_missing: bool,
    reported: Instant,
    /// What may still be decoded now, in thousandths of a picture; and since when.
    allowance: u32,
    since: Instant,
}

impl IncomingPictures {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            is_on: None,
            wanted: 0,
            assembler: Assembler::default(),
            undecoded: VecDeque::new(),
            decoding: None,
            count: ReceivedCount::default(),
            watch: LineWatch::new(now),
            shown: None,
            unreported: 0,
            is_missing: false,
            reported: now,
            allowance: 1000 * BURST,
            since: now,
        }
    }

    pub(super) fn want(&mut self, width: u16) {
        self.wanted = width;
    }

    pub(super) fn wanted(&self) -> u16 {
        self.wanted
    }

    /// Notes whether the other side's camera is on. Returns whether that has changed.
    pub(super) fn camera(&mut self, on: bool) -> bool {
        let was = self.is_on.replace(on);
        if !on {
            self.undecoded.clear();
        }
        was.unwrap_or(false) != on
    }

    /// Whether pictures are taken. The first may overtake the word that the camera is on.
    fn is_taking(&self) -> bool {
        self.wanted > 0 && self.is_on != Some(false)
    }

    /// Takes a part of a packet, or all of it.
    pub(super) fn part(&mut self, stamp: SendStamp, part: &[u8], now: Instant) {
        if self.is_taking() {
            self.watch.timed(stamp, now);
            let packet = self.assembler.take(part);
            self.queue(packet.into_iter().collect(), now);
        }
    }

    /// Takes a packet and those before it.
    pub(super) fn packets(&mut self, stamp: SendStamp, packets: Vec<Vec<u8>>, now: Instant) {
        if self.is_taking() {
            self.watch.timed(stamp, now);
            self.queue(packets, now);
        }
    }

    /// Has packets decoded that have not been, the last of which has come for the first time.
    fn queue(&mut self, packets: Vec<Vec<u8>>, now: Instant) {
        let last = packets.len().saturating_sub(1);
        for (at, packet) in packets.into_iter().enumerate() {
            let Ok((PacketHead { number, .. }, _)) = PacketHead::read(&packet) else { continue };
            if at == last {
                self.watch.came(number);
            }
            let is_known = self.count.report().and_then(|report| report.has(number)) == Some(true)
                || self.decoding == Some(number)
                || self.undecoded.iter().any(|(other, _)| *other == number);
            if is_known {
                continue;
            }
            if self.undecoded.len() >= MOST_UNDECODED || !self.may_decode(now) {
                self.missed(number);
                continue;
            }
            self.undecoded.push_back((number, packet));
        }
    }

    fn may_decode(&mut self, now: Instant) -> bool {
        let gone = now.saturating_duration_since(self.since).as_millis();
        let more = u32::try_from(gone).unwrap_or(u32::MAX).saturating_mul(MOST_A_SECOND);
        self.allowance = self.allowance.saturating_add(more).min(1000 * BURST);
        self.since = now;
        let may = self.allowance >= 1000;
        if may {
            self.allowance -= 1000;
        }
        may
    }

    fn missed(&mut self, number: u16) {
        self.count.came(number, false);
        self.unreported += 1;
        self.is_missing = true;
    }

    /// The next packet to be decoded.
    pub(super) fn job(&mut self) -> Option<Vec<u8>> {
        if self.decoding.is_some() {
            return None;
        }
        let (number, packet) = self.undecoded.pop_front()?;
        self.decoding = Some(number);
        Some(packet)
    }

    /// Takes what came of it, and gives the picture that is to be shown.
    pub(super) fn decoded(&mut self, decoded: Result<DecodedPicture, PacketError>) -> Option<Arc<Picture>> {
        let number = self.decoding.take()?;
        let Ok(DecodedPicture { picture, .. }) = decoded else {
            self.missed(number);
            return None;
        };
        let newest = self.count.report().map(|report| report.newest);
        self.count.came(number, true);
        self.unreported += 1;
        let before = self.count.report().and_then(|report| report.has(number.wrapping_sub(1)));
        self.is_missing |= newest.is_some_and(|newest| is_after(number, newest)) && before == Some(false);
        if !self.is_taking() || self.shown.is_some_and(|shown| !is_after(number, shown)) {
            return None;
        }
        self.shown = Some(number);
        Some(Arc::new(picture))
    }

    /// What is to be reported now.
    pub(super) fn report(&mut self, now: Instant) -> Option<LineReport> {
        let is_due = self.is_missing
            || self.unreported >= REPORT_PICTURES
            || self.unreported > 0 && now.saturating_duration_since(self.reported) >= REPORT_TIME;
        // What still waits may be what seems to be missing.
        if !is_due || !self.undecoded.is_empty() || self.decoding.is_some() {
            return None;
        }
        let pictures = self.count.report()?;
        (self.unreported, self.is_missing, self.reported) = (0, false, now);
        Some(LineReport { pictures, packets: self.watch.packets(), queue: self.watch.queue() })
    }
}
