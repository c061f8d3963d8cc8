//! What the server is told of our loudspeaker, until it has answered; and whether anybody hears us, which it tells in answer
//! and at every change. What was lost on the way is told again while we hear or speak.
//!
//! Must not know: loudspeakers, voice, or what the server does with it.

use std::time::{Duration, Instant};

use super::news_count::NewsCount;
use crate::protocol::conference_packet::{ConferencePacket, Listeners};

/// It is told again after so long without an answer, and then after twice as long, up to [`RARELY`]: an older server never
/// answers.
const AGAIN: Duration = Duration::from_millis(250);
const RARELY: Duration = Duration::from_secs(4);
/// And after so long in any case, while we hear or speak.
const EVERY: Duration = Duration::from_secs(1);

/// Whether we hear, and whether we are heard.
#[derive(Debug)]
pub(super) struct Hearing {
    hears: bool,
    is_talking: bool,
    count: u8,
    news: NewsCount,
    /// When it is told next, and how long an answer is awaited then.
    due: Option<Instant>,
    pause: Duration,
}

impl Hearing {
    /// At first we do not hear, which the server knows.
    pub(super) fn new() -> Self {
        Self { hears: false, is_talking: false, count: 0, news: NewsCount::default(), due: None, pause: AGAIN }
    }

    /// Whether there is a loudspeaker.
    pub(super) fn hear(&mut self, hears: bool, now: Instant) {
        if std::mem::replace(&mut self.hears, hears) != hears {
            (self.due, self.pause) = (Some(now), AGAIN);
        }
    }

    /// Whether we speak: then it is to be known whether anybody hears.
    pub(super) fn talk(&mut self, is_talking: bool, now: Instant) {
        if std::mem::replace(&mut self.is_talking, is_talking) != is_talking && is_talking {
            self.due = Some(now);
        }
    }

    /// Takes an answer; whether anybody hears us, unless it was overtaken by a later one.
    pub(super) fn answered(&mut self, listeners: Listeners, now: Instant) -> Option<bool> {
        let Listeners { count, serial, any } = listeners;
        if count == self.count {
            self.pause = AGAIN;
            // One that is due already tells something new.
            if self.due.is_none_or(|due| due > now) {
                self.due = (self.hears || self.is_talking).then(|| now + EVERY);
            }
        }
        self.news.take(serial, count == self.count).then_some(any)
    }

    /// The next packet, if one is due.
    pub(super) fn packet(&mut self, now: Instant) -> Option<Vec<u8>> {
        self.due.filter(|due| *due <= now)?;
        self.count = self.count.wrapping_add(1);
        self.due = Some(now + self.pause);
        self.pause = (self.pause * 2).min(RARELY);
        Some(ConferencePacket::Hears(self.count, self.hears).write())
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.due
    }
}
