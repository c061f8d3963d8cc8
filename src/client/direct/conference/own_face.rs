//! One's own face: in which sizes it is coded, which pictures refer to which, and what is sent of them. A size that nobody
//! shows is not made.
//!
//! Two layers in time: every other picture is one to which no other refers, and which a slow viewer does without. The others
//! refer to one another, and after a loss to one that the viewer has who missed something.
//!
//! Must not know: how pictures are coded, who shows them, or how they are sealed.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::media::codec::encoder::CodingRequest;
use crate::media::codec::packet::{FARTHEST_REFERENCE, PacketHead, is_after};
use crate::media::codec::rate::RateControl;
use crate::media::picture::Picture;
use crate::protocol::conference_packet::{Audience, FaceSize};

/// Pictures a second, both layers together.
pub const PICTURES_A_SECOND: u32 = 10;
/// A key picture is made at most so often.
const KEY_INTERVAL: Duration = Duration::from_millis(250);
/// A picture of the camera that waited for so long is worth nothing.
const STALE: Duration = Duration::from_millis(250);
/// With so many refreshes within so long, packets of the lower layer are sent twice, so long apart.
const LOSSY: usize = 3;
const LOSSY_TIME: Duration = Duration::from_secs(5);
const SPACING: Duration = Duration::from_millis(30);

/// Bytes a second.
fn rate(size: FaceSize) -> u32 {
    match size {
        FaceSize::Small => 800,
        FaceSize::Medium => 2_200,
        FaceSize::Large => 5_000,
    }
}

/// A coded picture on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OwnPicture {
    pub(super) size: FaceSize,
    pub(super) upper: bool,
    pub(super) number: u16,
    pub(super) packet: Vec<u8>,
}

/// A picture to be coded.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OwnJob {
    pub(super) size: FaceSize,
    pub(super) number: u16,
    pub(super) picture: Arc<Picture>,
    pub(super) request: CodingRequest,
}

/// One's own face in one size.
#[derive(Debug)]
pub(super) struct OwnFace {
    size: FaceSize,
    /// Whether somebody shows it, and its upper layer.
    shown: (bool, bool),
    rate: RateControl,
    number: u16,
    /// The pictures that were sent and may be referred to, the newest at the end.
    bases: VecDeque<u16>,
    key_due: bool,
    last_key: Option<Instant>,
    /// Whether the next picture may be of the upper layer.
    upper_next: bool,
    due: Instant,
    is_coding: bool,
    latest: Option<(Arc<Picture>, Instant)>,
    refreshes: VecDeque<Instant>,
    /// What is sent once more, and when.
    again: Option<(Instant, OwnPicture)>,
}

impl OwnFace {
    pub(super) fn new(size: FaceSize, now: Instant) -> Self {
        Self {
            size,
            shown: (false, false),
            rate: RateControl::new(rate(size), PICTURES_A_SECOND),
            number: 0,
            bases: VecDeque::new(),
            key_due: true,
            last_key: None,
            upper_next: false,
            due: now,
            is_coding: false,
            latest: None,
            refreshes: VecDeque::new(),
            again: None,
        }
    }

    pub(super) fn size(&self) -> FaceSize {
        self.size
    }

    /// Takes what others show.
    pub(super) fn set_audience(&mut self, audience: Audience) {
        let before = std::mem::replace(&mut self.shown, audience.of(self.size));
        if !self.shown.0 {
            self.stop();
        } else if !before.0 {
            self.key_due = true;
        }
    }

    /// The camera is off, or nobody looks: what was not sent never is.
    pub(super) fn stop(&mut self) {
        (self.latest, self.again, self.key_due) = (None, None, true);
        self.refreshes.clear();
    }

    /// Takes the camera's newest picture.
    pub(super) fn take(&mut self, picture: &Arc<Picture>, now: Instant) {
        if self.shown.0 {
            self.latest = Some((Arc::clone(picture), now));
        }
    }

    /// A viewer cannot decode what comes; it has this picture.
    pub(super) fn refresh(&mut self, has: Option<u16>, now: Instant) {
        self.refreshes.push_back(now);
        if self.refreshes.len() > LOSSY {
            self.refreshes.pop_front();
        }
        // Whoever asks shows it: the server's word of that may be lost, and comes again.
        self.shown.0 = true;
        match has {
            // Only those to which it can be decoded are referred to; the others have them, too.
            Some(has) => self.bases.retain(|base| !is_after(*base, has)),
            None => self.key_due = true,
        }
    }

    /// The next picture to be coded, if it is time for one.
    pub(super) fn job(&mut self, now: Instant) -> Option<OwnJob> {
        let interval = Duration::from_secs(1) / PICTURES_A_SECOND;
        // Cameras are not punctual: one of the same rate is not to lose every other picture.
        if self.is_coding || !self.shown.0 || now + interval / 4 < self.due {
            return None;
        }
        let (picture, _) = self.latest.take().filter(|(_, came)| now.saturating_duration_since(*came) <= STALE)?;
        let is_key =
            self.key_due && self.last_key.is_none_or(|last| now.saturating_duration_since(last) >= KEY_INTERVAL);
        let within_reach = |base: &&u16| (1..=FARTHEST_REFERENCE).contains(&self.number.wrapping_sub(**base));
        let reference = self.bases.iter().next_back().filter(within_reach).copied().filter(|_| !is_key);
        let is_leaf = self.upper_next && self.shown.1 && reference.is_some();
        let steps = if self.shown.1 { 1 } else { 2 };
        self.due = self.due.max(now.checked_sub(interval).unwrap_or(now)) + interval * steps;
        self.upper_next = !is_leaf;
        self.is_coding = true;
        let most_bytes = usize::try_from(rate(self.size)).unwrap_or(usize::MAX);
        let request = CodingRequest { reference, is_leaf, quantiser: self.rate.quantiser(), most_bytes };
        Some(OwnJob { size: self.size, number: self.number, picture, request })
    }

    /// Takes what came of it; what is to be sent.
    pub(super) fn coded(&mut self, coded: Option<(PacketHead, Vec<u8>)>, now: Instant) -> Option<OwnPicture> {
        self.is_coding = false;
        let (head, packet) = coded?;
        self.number = head.number.wrapping_add(1);
        let is_key = head.reference.is_none();
        self.rate.coded(packet.len(), is_key);
        if is_key {
            (self.key_due, self.last_key) = (false, Some(now));
            self.bases.clear();
        }
        if !head.is_leaf {
            self.bases.push_back(head.number);
            if self.bases.len() > usize::from(FARTHEST_REFERENCE) {
                self.bases.pop_front();
            }
        }
        // Nobody looks any more.
        if !self.shown.0 {
            self.key_due = true;
            return None;
        }
        let picture = OwnPicture { size: self.size, upper: head.is_leaf, number: head.number, packet };
        if !head.is_leaf && self.is_lossy(now) {
            self.again = Some((now + SPACING, picture.clone()));
        }
        Some(picture)
    }

    /// A picture that is to be sent once more now.
    pub(super) fn again(&mut self, now: Instant) -> Option<OwnPicture> {
        self.again.take_if(|(at, _)| *at <= now).map(|(_, picture)| picture)
    }

    /// When something is to be done.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let due = self.latest.as_ref().filter(|_| !self.is_coding).map(|_| self.due);
        due.into_iter().chain(self.again.as_ref().map(|(at, _)| *at)).min()
    }

    fn is_lossy(&self, now: Instant) -> bool {
        let first = self.refreshes.front().filter(|_| self.refreshes.len() >= LOSSY);
        first.is_some_and(|first| now.saturating_duration_since(*first) <= LOSSY_TIME)
    }
}
