//! What a sender learns of its packets by the reports: how many are lost, and which it has not heard of.
//!
//! Must not know: what is done about it.

use std::collections::VecDeque;
use std::time::Instant;

use crate::media::codec::packet::is_after;
use crate::media::codec::receipts::ReceivedPictures;
use crate::media::loss_cause::LossSight;

/// Loss is counted over so many packets.
const WINDOW: usize = 100;
/// Of the newest that came, so many before may still come: some overtake others.
const MAY_COME: u16 = 2;
/// So many packets after the rate was changed may still be lost because of the rate before.
const SETTLES: u16 = 8;

/// The packets that were sent last.
#[derive(Debug, Default)]
pub(in crate::client::direct) struct LossWatch {
    /// Number, time, and whether it came; the oldest first.
    sent: VecDeque<(u16, Instant, Option<bool>)>,
    newest: Option<u16>,
    /// The first packet that counts for [`Self::since_change`].
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
        self.sent.iter().filter(|(_, _, came)| *came == Some(false)).count()
    }

    /// What became of those that were sent since the rate was changed last.
    pub(in crate::client::direct) fn since_change(&self) -> LossSight {
        let newer = self.sent.iter().rev().take_while(|(number, ..)| !is_after(self.from, *number));
        let mut sight = LossSight::default();
        for came in newer.filter_map(|(_, _, came)| *came) {
            sight.known += 1;
            sight.lost += u32::from(!came);
        }
        sight
    }

    /// The rate was changed: soon after this number, packets say how the line takes it.
    pub(in crate::client::direct) fn rate_changed(&mut self, next: u16) {
        self.from = next.wrapping_add(SETTLES);
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
