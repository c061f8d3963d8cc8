//! What a sender learns of its packets by the reports: how many are lost, and which it has not heard of.
//!
//! Must not know: what is done about it.

use std::collections::VecDeque;
use std::time::Instant;

use crate::media::codec::packet::is_after;
use crate::media::codec::receipts::ReceivedPictures;

/// Loss is counted over so many packets.
const WINDOW: usize = 100;
/// Of the newest that came, so many before may still come: some overtake others.
const MAY_COME: u16 = 2;

/// The packets that were sent last.
#[derive(Debug, Default)]
pub(in crate::client::direct) struct LossWatch {
    /// Number, time, and whether it came; the oldest first.
    sent: VecDeque<(u16, Instant, Option<bool>)>,
    newest: Option<u16>,
    /// The first packet that counts for [`Self::heavy_loss`].
    from: u16,
}

impl LossWatch {
    /// Notes a packet that is sent.
    pub(in crate::client::direct) fn sent(&mut self, number: u16, now: Instant) {
        self.sent.push_back((number, now, None));
        if self.sent.len() > WINDOW + usize::from(MAY_COME) {
            self.sent.pop_front();
        }
    }

    /// Takes a report.
    pub(in crate::client::direct) fn reported(&mut self, packets: ReceivedPictures) {
        if self.newest.is_none_or(|newest| is_after(packets.newest, newest)) {
            self.newest = Some(packets.newest);
        }
        for (number, _, came) in &mut self.sent {
            match packets.has(*number) {
                Some(true) => *came = Some(true),
                Some(false) if packets.newest.wrapping_sub(*number) > MAY_COME => _ = came.get_or_insert(false),
                Some(false) | None => {}
            }
        }
    }

    /// Packets lost of the last hundred.
    pub(in crate::client::direct) fn loss(&self) -> usize {
        self.lost(0)
    }

    /// The same of those that were sent since the rate was changed last.
    pub(in crate::client::direct) fn heavy_loss(&self) -> u8 {
        let newer = self.sent.iter().rev().take_while(|(number, ..)| !is_after(self.from, *number)).count();
        u8::try_from(self.lost(self.sent.len() - newer)).unwrap_or(u8::MAX)
    }

    /// The rate was changed: packets from this number on say how the line takes it.
    pub(in crate::client::direct) fn rate_changed(&mut self, next: u16) {
        self.from = next;
    }

    fn lost(&self, skipped: usize) -> usize {
        self.sent.iter().skip(skipped).filter(|(_, _, came)| *came == Some(false)).count()
    }

    /// When the oldest packet was sent that is newer than all that came.
    pub(in crate::client::direct) fn oldest_unreported(&self) -> Option<Instant> {
        let is_open =
            |(number, ..): &&(u16, Instant, Option<bool>)| self.newest.is_none_or(|newest| is_after(*number, newest));
        self.sent.iter().find(is_open).map(|(_, sent, _)| *sent)
    }

    /// What was sent so far says nothing any more.
    pub(in crate::client::direct) fn begin_anew(&mut self) {
        self.sent.clear();
    }
}
