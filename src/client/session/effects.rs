//! The effects of one update in their order, with the mode and the time that they are made under.
//!
//! Must not know: what any effect is for.

use chrono::FixedOffset;

use super::start::Mode;
use crate::client::chat::search::Hit;
use crate::client::msg::{Effect, Farewell, Printed};
use crate::model::{Now, Text, Timestamp};
use crate::protocol::{Command, Request};

/// Takes effects until the session has left; nothing comes after the farewell.
#[derive(Clone, Debug)]
pub(in crate::client::session) struct Effects {
    mode: Mode,
    zone: FixedOffset,
    now: Now,
    effects: Vec<Effect>,
    left: bool,
}

impl Effects {
    pub(in crate::client::session) fn new(mode: Mode, zone: FixedOffset) -> Self {
        Self { mode, zone, now: Now::default(), effects: Vec::new(), left: false }
    }

    /// Another update begins.
    pub(in crate::client::session) fn begin(&mut self, now: Now) {
        self.now = now;
    }

    /// The effects so far, which are carried out now.
    pub(in crate::client::session) fn take(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    pub(in crate::client::session) fn is_plain(&self) -> bool {
        self.mode == Mode::Plain
    }

    pub(in crate::client::session) fn is_screen(&self) -> bool {
        self.mode == Mode::Screen
    }

    pub(in crate::client::session) fn zone(&self) -> FixedOffset {
        self.zone
    }

    /// The time on the steady clock, for deadlines.
    pub(in crate::client::session) fn steady(&self) -> Timestamp {
        self.now.steady
    }

    /// The time on the wall clock, for what is shown.
    pub(in crate::client::session) fn wall(&self) -> Timestamp {
        self.now.wall
    }

    /// A time as it is written in sentences.
    pub(in crate::client::session) fn day_and_time(&self, time: Timestamp) -> String {
        format!("{} {}", time.day(self.zone).format("%Y-%m-%d"), time.clock(self.zone))
    }

    pub(in crate::client::session) fn has_left(&self) -> bool {
        self.left
    }

    pub(in crate::client::session) fn emit(&mut self, effect: Effect) {
        if !self.left {
            self.effects.push(effect);
        }
    }

    /// Asks the server something whose answer is not awaited.
    pub(in crate::client::session) fn send(&mut self, command: Command) {
        self.emit(Effect::Send(Request::bare(command)));
    }

    /// Prints something that the person is told.
    pub(in crate::client::session) fn print_notice(&mut self, text: Text) {
        self.emit(Effect::Print(Printed::Notice(self.now.wall, text)));
    }

    /// Prints something that a search has found.
    pub(in crate::client::session) fn print_found(&mut self, hit: &Hit) {
        let Hit { time, target, from, verified, text, .. } = hit.clone();
        self.emit(Effect::Print(Printed::Found { time, from, verified, to: target, text }));
    }

    /// Leaves the program.
    pub(in crate::client::session) fn leave(&mut self, farewell: Farewell) {
        self.emit(Effect::Leave(farewell));
        self.left = true;
    }
}
