//! Voice in a conference: who hears, who is told that somebody does, and whose voice goes out.
//!
//! Only so many are passed on at once, those who began first: whoever hears gets no more than that, however many speak.
//!
//! Must not know: legs, sockets, clocks, or what packets hold.

use std::time::Duration;

use crate::model::Timestamp;
use crate::protocol::conference::{MAX_SPEAKERS, MemberNumber};
use crate::protocol::conference_packet::{Listeners, is_later};

/// A speaker of whom nothing came for so long has ceased, and another has the place.
pub const SPEAKS: Duration = Duration::from_millis(500);

/// Whether a member hears, and what it was told of the others.
#[derive(Debug, Default)]
pub(super) struct MemberHearing {
    hears: bool,
    /// The count of its newest request.
    count: u8,
    /// How often it was told whether others hear.
    serial: u8,
    /// What it was told.
    heard: bool,
}

impl MemberHearing {
    pub(super) fn hears(&self) -> bool {
        self.hears
    }

    /// Takes a request; `false` if a later one has overtaken it.
    pub(super) fn take(&mut self, count: u8, hears: bool) -> bool {
        let is_new = !is_later(self.count, count);
        if is_new {
            (self.count, self.hears) = (count, hears);
        }
        is_new
    }

    /// What the member is to be told where others hear it, or none does: if that is new, or in any case.
    pub(super) fn tell(&mut self, any: bool, in_any_case: bool) -> Option<Listeners> {
        let is_news = std::mem::replace(&mut self.heard, any) != any;
        if !is_news && !in_any_case {
            return None;
        }
        self.serial = self.serial.wrapping_add(1);
        Some(Listeners { count: self.count, serial: self.serial, any })
    }
}

/// Who speaks, with when their voice came last.
#[derive(Debug, Default)]
pub(super) struct Speakers(Vec<(MemberNumber, Timestamp)>);

impl Speakers {
    /// Whether the voice of a member is passed on now.
    pub(super) fn admit(&mut self, from: MemberNumber, now: Timestamp) -> bool {
        self.0.retain(|(_, last)| now.since(*last) < SPEAKS);
        if let Some((_, last)) = self.0.iter_mut().find(|(speaker, _)| *speaker == from) {
            *last = now;
            return true;
        }
        let has_room = self.0.len() < MAX_SPEAKERS;
        if has_room {
            self.0.push((from, now));
        }
        has_room
    }

    /// A member is gone.
    pub(super) fn forget(&mut self, member: MemberNumber) {
        self.0.retain(|(speaker, _)| *speaker != member);
    }
}
