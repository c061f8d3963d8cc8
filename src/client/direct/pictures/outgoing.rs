//! One's own pictures: which are coded, how, and in which datagrams they leave.
//!
//! Must not know: how they are coded, the other side's pictures, or the channel.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::media::codec::encoder::CodingRequest;
use crate::media::codec::packet::PacketHead;
use crate::media::codec::rate::RateControl;
use crate::media::codec::receipts::ReferenceChooser;
use crate::media::ladder::{Ladder, LineSight, Rung};
use crate::media::parts::cut;
use crate::media::picture::Picture;

use super::codec::EncodeJob;
use super::datagram::{DATAGRAM_HEAD, LineReport, MOST_PACKETS, PACKET_LENGTH, PictureDatagram, SendStamp};
use super::loss_watch::LossWatch;

/// The most bytes of a coded picture: its parts wait for the line together, and the channel keeps few bytes of datagrams.
const MOST_BYTES: usize = 3_000;
/// What even the thinnest line gets in one picture.
const LEAST_BYTES: usize = 400;
/// A picture of the camera that waited for so long is worth nothing.
const STALE: Duration = Duration::from_millis(150);
/// Where one of the last hundred packets was lost, each is sent again with the next; where so many were, with the next two.
const LOSS_THRICE: usize = 5;
/// So long a line counts as one that loses, after it did.
const STAYS_LOSSY: Duration = Duration::from_secs(30);
/// With such a queue nothing is sent twice: the line loses because it is full.
const QUEUE_ONCE: Duration = Duration::from_millis(60);
/// A picture that was not reported for so long waits in a queue.
const SILENCE: Duration = Duration::from_secs(2);

/// One side's own pictures.
#[derive(Debug)]
pub(super) struct OutgoingPictures {
    began: Instant,
    is_on: bool,
    /// The width that the other side wants; zero: it shows none.
    wanted: u16,
    /// The camera's newest picture, and when it came.
    latest: Option<(Arc<Picture>, Instant)>,
    /// When the next picture may be coded.
    due: Instant,
    ladder: Ladder,
    rung: Rung,
    rate: RateControl,
    chooser: ReferenceChooser,
    /// The number of the next picture.
    number: u16,
    is_coding: bool,
    /// A coded picture that has not been sent.
    ready: Option<(PacketHead, Vec<u8>)>,
    /// The packets that were sent last, the newest at the end.
    earlier: VecDeque<Vec<u8>>,
    loss: LossWatch,
    /// When packets were lost last.
    lossy: Option<Instant>,
    /// The queue that was reported last.
    queue: Duration,
    way: u8,
    /// Bytes of datagrams that the channel has not sent yet.
    waiting: usize,
}

impl OutgoingPictures {
    pub(super) fn new(now: Instant) -> Self {
        let ladder = Ladder::new(0);
        let rung = ladder.rung();
        Self {
            began: now,
            is_on: false,
            wanted: 0,
            latest: None,
            due: now,
            ladder,
            rung,
            rate: RateControl::new(rung.bytes_a_second, rung.pictures_a_second),
            chooser: ReferenceChooser::default(),
            number: 0,
            is_coding: false,
            ready: None,
            earlier: VecDeque::new(),
            loss: LossWatch::default(),
            lossy: None,
            queue: Duration::ZERO,
            way: 0,
            waiting: 0,
        }
    }

    /// Turns the camera on or off. What was not sent before it was turned off never is.
    pub(super) fn turn(&mut self, on: bool) {
        self.is_on = on;
        if !on {
            self.latest = None;
            self.forget_packets();
        }
    }

    pub(super) fn is_on(&self) -> bool {
        self.is_on
    }

    /// Takes the camera's newest picture, if it is time for one. It does not wait until it is: the next is newer.
    pub(super) fn take(&mut self, picture: Arc<Picture>, now: Instant) {
        // Cameras are not punctual: one of the same rate is not to lose every other picture.
        if self.is_on && now + self.interval() / 4 >= self.due {
            self.latest = Some((picture, now));
        }
    }

    /// The time between two pictures.
    fn interval(&self) -> Duration {
        Duration::from_secs(1) / self.rung.pictures_a_second.max(1)
    }

    /// The other side wants pictures up to a width; returns whether it began or ceased to show any.
    pub(super) fn limit(&mut self, width: u16) -> bool {
        let was = std::mem::replace(&mut self.wanted, width);
        if was == 0 && width > 0 {
            // The line may be another one by now.
            self.ladder = Ladder::new(width.into());
            self.loss.begin_anew();
        } else {
            self.ladder.limit(width.into());
        }
        if width == 0 {
            self.forget_packets();
        }
        self.step_to(self.ladder.rung());
        (was == 0) != (width == 0)
    }

    fn forget_packets(&mut self) {
        self.ready = None;
        self.earlier.clear();
        self.loss.begin_anew();
    }

    /// The packets go another way.
    pub(super) fn way_changed(&mut self) {
        self.way = self.way.wrapping_add(1) & 15;
    }

    /// So many bytes of datagrams wait in the channel.
    pub(super) fn note_waiting(&mut self, bytes: usize) {
        self.waiting = bytes;
    }

    /// Makes room on the line while the same person speaks.
    pub(super) fn make_room(&mut self, is_spoken: bool) {
        if self.ladder.make_room(is_spoken) {
            self.step_to(self.ladder.rung());
        }
    }

    /// Takes a report of the other side.
    pub(super) fn reported(&mut self, report: LineReport, now: Instant) {
        self.chooser.received(report.pictures);
        self.loss.reported(report.packets);
        if self.loss.loss() > 0 {
            self.lossy = Some(now);
        }
        self.queue = Duration::from_millis(report.queue.into());
        self.see(self.queue, now);
    }

    fn see(&mut self, queue: Duration, now: Instant) {
        let sight = LineSight { queue, loss: self.loss.since_change() };
        if self.ladder.see(now.saturating_duration_since(self.began), sight) {
            self.step_to(self.ladder.rung());
        }
    }

    fn step_to(&mut self, rung: Rung) {
        if rung.stream == self.rung.stream {
            self.rate.set_rate(rung.bytes_a_second, rung.pictures_a_second);
        } else {
            // Pictures of another size begin with a key picture.
            self.rate = RateControl::new(rung.bytes_a_second, rung.pictures_a_second);
            self.chooser.begin_anew();
            self.earlier.clear();
        }
        self.loss.rate_changed(self.number);
        self.rung = rung;
    }

    /// What is sent now.
    pub(super) fn sent(&self) -> Option<Rung> {
        (self.is_on && self.wanted > 0).then_some(self.rung)
    }

    /// The next picture to be coded, if the codec and the line have taken those before.
    pub(super) fn job(&mut self, now: Instant) -> Option<EncodeJob> {
        let is_free = !self.is_coding && self.ready.is_none() && self.waiting == 0;
        if self.sent().is_none() || !is_free {
            return None;
        }
        let (picture, _) = self.latest.take().filter(|(_, came)| now.saturating_duration_since(*came) <= STALE)?;
        let behind = self.loss.oldest_unreported().map_or(Duration::ZERO, |sent| now.saturating_duration_since(sent));
        if behind >= SILENCE {
            self.see(behind, now);
        }
        let interval = self.interval();
        self.due = self.due.max(now.checked_sub(interval).unwrap_or(now)) + interval;
        self.is_coding = true;
        let most = usize::try_from(self.rung.bytes_a_second).unwrap_or(MOST_BYTES);
        let request = CodingRequest {
            reference: self.chooser.choose(self.number),
            is_leaf: false,
            quantiser: self.rate.quantiser(),
            most_bytes: most.clamp(LEAST_BYTES, MOST_BYTES),
        };
        Some(EncodeJob { picture, stream: self.rung.stream, number: self.number, request })
    }

    /// Takes what came of it.
    pub(super) fn coded(&mut self, coded: Option<(PacketHead, Vec<u8>)>) {
        self.is_coding = false;
        let Some((head, packet)) = coded else { return };
        self.number = head.number.wrapping_add(1);
        // The camera was turned off, or the pictures have another size by now.
        if self.sent().is_some_and(|rung| rung.stream == head.stream) {
            self.rate.coded(packet.len(), head.reference.is_none());
            self.chooser.sent(&head);
            self.ready = Some((head, packet));
        }
    }

    /// The datagrams that are to be sent, none longer than a limit.
    pub(super) fn send(&mut self, limit: usize, now: Instant) -> Vec<Vec<u8>> {
        let Some((head, packet)) = self.ready.take() else { return Vec::new() };
        let milliseconds = now.saturating_duration_since(self.began).as_millis() & 0xFFFF;
        let stamp = SendStamp { way: self.way, time: u16::try_from(milliseconds).unwrap_or(0) };
        self.loss.sent(head.number, now);
        let again = self.again(packet.len(), limit, now);
        let datagrams: Vec<Vec<u8>> = if again == 0 {
            let parts = cut(&packet, head.number, limit.saturating_sub(DATAGRAM_HEAD));
            parts.into_iter().map(|part| PictureDatagram::Part { stamp, part }.write()).collect()
        } else {
            let before = self.earlier.iter().skip(self.earlier.len() - again).cloned();
            let packets = before.chain([packet.clone()]).collect();
            vec![PictureDatagram::Packets { stamp, packets }.write()]
        };
        self.earlier.push_back(packet);
        if self.earlier.len() >= MOST_PACKETS {
            self.earlier.pop_front();
        }
        datagrams
    }

    /// How many of the packets before go again with one of a length: as many as the loss asks for and a datagram has room for.
    fn again(&self, length: usize, limit: usize, now: Instant) -> usize {
        let is_lossy = self.lossy.is_some_and(|at| now.saturating_duration_since(at) < STAYS_LOSSY);
        let may_repeat = self.ladder.may_repeat(now.saturating_duration_since(self.began));
        let wanted = match self.loss.loss() {
            _ if self.queue >= QUEUE_ONCE || !is_lossy || !may_repeat => 0,
            LOSS_THRICE.. => 2,
            _ => 1,
        };
        let mut length = DATAGRAM_HEAD + PACKET_LENGTH + length;
        let fits = self.earlier.iter().rev().take(wanted).take_while(|packet| {
            length += PACKET_LENGTH + packet.len();
            length <= limit
        });
        fits.count()
    }
}
