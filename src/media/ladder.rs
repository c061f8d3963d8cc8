//! The ladder: how many bytes and pictures a second, and how large, by what the line takes. Down as soon as a queue builds
//! up, or packets are lost because the line is full; up slowly, and more slowly after a step up that was too much.
//!
//! Must not know: clocks (the time comes in), how a queue is measured, how it is known why packets are lost
//! (`loss_cause`), or how pictures are coded.

use std::time::Duration;

use super::loss_cause::{LossCause, LossSight, LossVerdict};
use super::picture::PictureSize;

/// A queue of this length sends the ladder down.
const QUEUE_DOWN: Duration = Duration::from_millis(60);
/// One of this length sends it down two rungs.
const QUEUE_FAR_DOWN: Duration = Duration::from_millis(240);
/// Only with less than this it goes up.
const QUEUE_UP: Duration = Duration::from_millis(20);
/// With more for so long there is a queue; for a shorter time, that is jitter.
const JITTER: Duration = Duration::from_millis(500);
/// So long a queue gets to drain before the next step down.
const DRAIN: Duration = Duration::from_millis(500);
/// So long the line must be good before a step up, at first and at most.
const PATIENCE: Duration = Duration::from_secs(4);
const MOST_PATIENCE: Duration = Duration::from_secs(60);
/// A step down so soon after a step up shows that it was too much.
const TOO_SOON: Duration = Duration::from_secs(8);

/// The sizes of the four streams of a sender; each has an encoder and decoders of its own.
pub const STREAM_SIZES: [(usize, usize); 4] = [(40, 24), (80, 48), (160, 96), (320, 192)];

/// What is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rung {
    /// Bytes of pictures a second.
    pub bytes_a_second: u32,
    /// Pictures a second.
    pub pictures_a_second: u32,
    /// Which of the [`STREAM_SIZES`].
    pub stream: u8,
}

impl Rung {
    const fn new(bytes_a_second: u32, pictures_a_second: u32, stream: u8) -> Self {
        Self { bytes_a_second, pictures_a_second, stream }
    }

    /// Width and height of the pictures.
    fn sides(self) -> (usize, usize) {
        let [smallest, ..] = STREAM_SIZES;
        STREAM_SIZES.get(usize::from(self.stream)).copied().unwrap_or(smallest)
    }

    /// The size of the pictures.
    #[must_use]
    pub fn size(self) -> Option<PictureSize> {
        let (width, height) = self.sides();
        PictureSize::new(width, height)
    }
}

/// From the thinnest line that shows anything to the largest picture.
pub const RUNGS: [Rung; 9] = [
    Rung::new(250, 1, 0),
    Rung::new(450, 4, 0),
    Rung::new(800, 8, 0),
    Rung::new(1_300, 8, 1),
    Rung::new(2_000, 15, 1),
    Rung::new(3_200, 15, 1),
    Rung::new(5_000, 15, 2),
    Rung::new(8_500, 15, 2),
    Rung::new(16_000, 15, 3),
];
/// The rung at first: what most lines take.
const FIRST: usize = 3;

/// While the same person speaks, a line on which no more than this goes a second is one that has to make room...
const THIN: u32 = 5_000;
/// ...of so many bytes a second: voice with its headers, less what a line has to spare.
const VOICE_ROOM: u32 = 2_000;

/// What was seen of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineSight {
    /// The delay beyond the least that was seen.
    pub queue: Duration,
    /// What was lost.
    pub loss: LossSight,
}

/// Where a sender stands.
#[derive(Clone, Copy, Debug)]
pub struct Ladder {
    at: usize,
    /// The highest rung that is of use.
    top: usize,
    /// Since when the line is good, and when it was seen to be last.
    good: Option<(Duration, Duration)>,
    loss: LossCause,
    last_down: Option<Duration>,
    last_up: Option<Duration>,
    patience: Duration,
    /// While room is made: where it was before.
    before_voice: Option<usize>,
}

impl Ladder {
    /// A ladder up to pictures of a width; larger ones nobody shows.
    #[must_use]
    pub fn new(width: usize) -> Self {
        let mut ladder = Self {
            at: FIRST,
            top: 0,
            good: None,
            loss: LossCause::default(),
            last_down: None,
            last_up: None,
            patience: PATIENCE,
            before_voice: None,
        };
        ladder.limit(width);
        ladder
    }

    /// Changes the width up to which pictures are of use.
    pub fn limit(&mut self, width: usize) {
        let useful = |rung: &Rung| rung.sides().0 <= width;
        self.top = RUNGS.iter().rposition(useful).unwrap_or(0);
        self.at = self.at.min(self.top);
    }

    /// Makes room for voice while there is some, and says whether that changes what is to be sent: on a thin line it goes
    /// down at once, on none up; and then back to where it was.
    pub fn make_room(&mut self, is_spoken: bool) -> bool {
        let before = self.at;
        match (is_spoken, self.before_voice) {
            (true, None) => {
                self.before_voice = Some(self.at);
                let most = self.rung().bytes_a_second.saturating_sub(VOICE_ROOM);
                if self.rung().bytes_a_second <= THIN {
                    self.at = RUNGS.iter().rposition(|rung| rung.bytes_a_second <= most).unwrap_or(0).min(self.at);
                }
            }
            (false, Some(was)) => {
                (self.before_voice, self.good) = (None, None);
                self.at = was.min(self.top);
            }
            (true, Some(_)) | (false, None) => {}
        }
        self.at != before
    }

    /// What is to be sent now.
    #[must_use]
    pub fn rung(&self) -> Rung {
        let [lowest, ..] = RUNGS;
        RUNGS.get(self.at).copied().unwrap_or(lowest)
    }

    /// Takes in what was seen of the line at a time, and says whether that changes what is to be sent.
    pub fn see(&mut self, now: Duration, sight: LineSight) -> bool {
        let before = self.at;
        let mut is_bad = sight.queue >= QUEUE_DOWN;
        if is_bad {
            self.loss.is_full(now);
        } else {
            match self.loss.see(now, sight.loss) {
                LossVerdict::Nothing => {}
                LossVerdict::SendLess => is_bad = true,
                LossVerdict::NotFull => {
                    self.at = (self.at + 1).min(self.top);
                    self.last_down = None;
                }
            }
        }
        if is_bad {
            self.good = None;
            self.down(now, sight);
        } else if self.loss.is_tried() {
            self.good = None;
        } else if sight.queue < QUEUE_UP {
            let (since, _) = *self.good.get_or_insert((now, now));
            self.good = Some((since, now));
            let is_free = self.before_voice.is_none();
            if is_free && now.saturating_sub(since) >= self.patience && self.at < self.top {
                self.at += 1;
                self.last_up = Some(now);
                self.good = Some((now, now));
            }
        } else {
            self.good = self.good.filter(|(_, last)| now.saturating_sub(*last) < JITTER);
        }
        let has_stayed = self.last_up.is_some_and(|up| now.saturating_sub(up) >= TOO_SOON);
        if has_stayed && !is_bad {
            self.patience = PATIENCE.max(self.patience / 2);
            self.last_up = None;
        }
        self.at != before
    }

    /// Whether packets may be sent twice: the line is not known to lose them because it is full, or hardly anything is sent.
    #[must_use]
    pub fn may_repeat(&self, now: Duration) -> bool {
        self.at == 0 || self.loss.may_repeat(now)
    }

    fn down(&mut self, now: Duration, sight: LineSight) {
        if self.last_down.is_some_and(|down| now.saturating_sub(down) < DRAIN) {
            return;
        }
        if self.last_up.take().is_some_and(|up| now.saturating_sub(up) < TOO_SOON) {
            self.patience = (self.patience * 2).min(MOST_PATIENCE);
        }
        self.at = self.at.saturating_sub(if sight.queue >= QUEUE_FAR_DOWN { 2 } else { 1 });
        self.last_down = Some(now);
    }
}
