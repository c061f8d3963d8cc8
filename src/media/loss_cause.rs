//! Why a line loses packets: because it is full, or whatever is sent. Not every full line shows it by a queue: some drop
//! at once what is over their rate.
//!
//! It is found out by sending less for a while. A full line loses next to nothing then; one on which as many of a hundred
//! are lost as before is not full, and loses so many on its own account. Until that is known, and while a line counts as
//! full, nothing is sent twice: that would be more, not less.
//!
//! Must not know: clocks (the time comes in), how much is sent, or what is done about it.

use std::time::Duration;

/// With so many lost of a hundred beyond what the line loses on its own account, and a quarter of that for chance, it may
/// be full.
const SUSPECT: u32 = 15;
/// So many suffice on a line that was found to be full: there, nothing is sent twice that would make up for them.
const SUSPECT_FULL: u32 = 4;
/// Not before so many packets were sent under a trial is it said that as many are lost as before.
const LEAST: u32 = 40;
/// So many of them must be lost for that, at least; and half as many of a hundred as before.
const LEAST_LOST: u32 = 4;
/// If it was not said after so many packets, the line is full.
const TRIAL: u32 = 90;
/// With so many lost under a trial, even less is to be sent.
const STILL: u32 = 20;
/// A line that loses more of a hundred counts as full, whatever the reason is: little gets through in any case.
const MOST_OWN: u32 = 35;
/// So long a line counts as full after it was found to be.
const FULL_HOLDS: Duration = Duration::from_secs(120);

/// What became of packets since the rate was changed last, at most a hundred.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LossSight {
    /// Of how many it is known.
    pub known: u32,
    /// How many of these were lost.
    pub lost: u32,
}

/// What a loss says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LossVerdict {
    /// Nothing new.
    Nothing,
    /// The line may be full: less is to be sent, to find out.
    SendLess,
    /// Sending less has changed nothing: as much as before can be sent.
    NotFull,
}

/// What is known of the reason.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LossCause {
    /// So many of a hundred the line loses on its own account.
    own: u32,
    /// Under a trial: how many of a hundred were lost before.
    trial: Option<u32>,
    full_until: Option<Duration>,
}

impl LossCause {
    /// Takes in what was lost.
    pub(super) fn see(&mut self, now: Duration, sight: LossSight) -> LossVerdict {
        let LossSight { known, lost } = sight;
        let share = (lost * 100).checked_div(known).unwrap_or(0);
        let Some(before) = self.trial else {
            if known >= 100 {
                // What it lost once it may not lose any more.
                self.own = self.own.min(2 * lost + 4);
            }
            let suspect = if self.may_repeat(now) { SUSPECT } else { SUSPECT_FULL };
            if lost < self.own + self.own / 4 + suspect {
                return LossVerdict::Nothing;
            }
            self.trial = Some(share);
            return LossVerdict::SendLess;
        };
        if known >= LEAST && lost >= LEAST_LOST && share * 2 >= before && share <= MOST_OWN {
            self.own = self.own.max(u32::midpoint(share, before)).min(MOST_OWN);
            (self.trial, self.full_until) = (None, None);
            return LossVerdict::NotFull;
        }
        if lost >= STILL {
            self.trial = Some(share);
            return LossVerdict::SendLess;
        }
        if known >= TRIAL {
            self.own = self.own.min(share);
            self.is_full(now);
        }
        LossVerdict::Nothing
    }

    /// The line is full, as a queue shows or as the trial has shown.
    pub(super) fn is_full(&mut self, now: Duration) {
        if self.trial.take().is_some() {
            self.full_until = Some(now + FULL_HOLDS);
        }
    }

    /// Whether less is sent to find out the reason.
    pub(super) fn is_tried(&self) -> bool {
        self.trial.is_some()
    }

    /// Whether packets may be sent twice: the line is not known to be full, nor is that being found out.
    pub(super) fn may_repeat(&self, now: Duration) -> bool {
        self.trial.is_none() && self.full_until.is_none_or(|until| now >= until)
    }
}
