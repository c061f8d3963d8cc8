//! Which picture the next one refers to: one that the receiver has, or will have as far as is known. So no picture is lost but
//! those whose packets are, and nobody has to ask for a key picture.
//!
//! Source: back channels of ITU-T H.263, 1998, annex N.
//!
//! Must not know: samples, packets, or times.

use std::collections::VecDeque;

use super::packet::{FARTHEST_REFERENCE, PacketHead, is_after};

/// How many sent pictures are remembered.
const REMEMBERED: usize = 64;
/// What a receiver reports: the newest picture of which a packet came, and which of the last 32 it decoded. Of a picture that
/// came but refers to one that is lost, the report says that it was not decoded: so the sender learns of the loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceivedPictures {
    /// The newest that came.
    pub newest: u16,
    /// Bit n is set if `newest - n` was decoded.
    pub decoded: u32,
}

impl ReceivedPictures {
    /// The report as bytes: the number, then the bits, each with the highest byte first.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 6] {
        let ([high, low], [a, b, c, d]) = (self.newest.to_be_bytes(), self.decoded.to_be_bytes());
        [high, low, a, b, c, d]
    }

    /// The report in bytes.
    #[must_use]
    pub fn from_bytes([high, low, a, b, c, d]: [u8; 6]) -> Self {
        Self { newest: u16::from_be_bytes([high, low]), decoded: u32::from_be_bytes([a, b, c, d]) }
    }

    /// Whether a picture was decoded; nothing if the report does not tell.
    #[must_use]
    pub fn has(&self, number: u16) -> Option<bool> {
        let back = u32::from(self.newest.wrapping_sub(number));
        self.decoded.checked_shr(back).map(|bits| bits & 1 == 1)
    }
}

/// The receiver's side: counts what came.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReceivedCount {
    report: Option<ReceivedPictures>,
}

impl ReceivedCount {
    /// Notes a picture that came, and whether it was decoded.
    pub fn came(&mut self, number: u16, is_decoded: bool) {
        let report = self.report.get_or_insert(ReceivedPictures { newest: number, decoded: 0 });
        if is_after(number, report.newest) {
            let steps = u32::from(number.wrapping_sub(report.newest));
            *report = ReceivedPictures { newest: number, decoded: report.decoded.checked_shl(steps).unwrap_or(0) };
        }
        let back = u32::from(report.newest.wrapping_sub(number));
        report.decoded |= u32::from(is_decoded).checked_shl(back).unwrap_or(0);
    }

    /// What to report; nothing before the first picture.
    #[must_use]
    pub fn report(&self) -> Option<ReceivedPictures> {
        self.report
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Unknown,
    Received,
    Lost,
}

#[derive(Clone, Copy, Debug)]
struct SentPicture {
    number: u16,
    reference: Option<u16>,
    is_leaf: bool,
    fate: Fate,
}

/// The sender's side: chooses references.
#[derive(Clone, Debug, Default)]
pub struct ReferenceChooser {
    /// Oldest first.
    sent: VecDeque<SentPicture>,
}

impl ReferenceChooser {
    /// Notes a picture that was sent.
    pub fn sent(&mut self, head: &PacketHead) {
        let PacketHead { number, reference, is_leaf, .. } = *head;
        self.sent.push_back(SentPicture { number, reference, is_leaf, fate: Fate::Unknown });
        if self.sent.len() > REMEMBERED {
            self.sent.pop_front();
        }
    }

    /// Takes a report. One that is older than another changes nothing for the worse.
    pub fn received(&mut self, report: ReceivedPictures) {
        for picture in &mut self.sent {
            match report.has(picture.number) {
                Some(true) => picture.fate = Fate::Received,
                Some(false) if picture.fate == Fate::Unknown => picture.fate = Fate::Lost,
                Some(false) | None => {}
            }
        }
    }

    /// Forgets what was sent: the next picture is a key picture, as for somebody who joins.
    pub fn begin_anew(&mut self) {
        self.sent.clear();
    }

    /// What the picture of a number is to refer to: the newest that the receiver has or may yet get. None: a key picture.
    #[must_use]
    pub fn choose(&self, number: u16) -> Option<u16> {
        let within_reach = |picture: &&SentPicture| {
            (1..=FARTHEST_REFERENCE).contains(&number.wrapping_sub(picture.number)) && !picture.is_leaf
        };
        let mut candidates = self.sent.iter().rev().filter(within_reach);
        candidates.find(|picture| self.arrives(picture)).map(|picture| picture.number)
    }

    /// Whether a picture was decoded, or will be if its packets and those of the pictures it needs arrive.
    fn arrives(&self, picture: &SentPicture) -> bool {
        let mut picture = *picture;
        // Each step goes back to an older picture.
        for _ in 0..self.sent.len() {
            match (picture.fate, picture.reference) {
                (Fate::Received, _) | (Fate::Unknown, None) => return true,
                (Fate::Lost, _) => return false,
                (Fate::Unknown, Some(reference)) => {
                    let Some(older) = self.sent.iter().rev().find(|older| older.number == reference) else {
                        // Too old to be remembered: it was good when it was referred to.
                        return true;
                    };
                    picture = *older;
                }
            }
        }
        true
    }
}
