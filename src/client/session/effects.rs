//! The effects of one update, in order, with the mode and the time of the update.
//!
//! Must not know: what any effect is for.

use std::time::Duration;

use super::start::Mode;
use crate::client::chat::search::Hit;
use crate::client::msg::{Effect, Farewell, OrderOutcome, Printed};
use crate::client::settings::Times;
use crate::model::{Now, Text, Timestamp, Zone};
use crate::protocol::{CallId, Command, Request};

/// A wall clock that goes on for this much longer than the steady one has gone on while the machine slept, or was set.
const SLEPT: Duration = Duration::from_secs(10);

/// Collects effects until the session leaves; nothing follows the farewell.
#[derive(Clone, Debug)]
pub(in crate::client::session) struct Effects {
    mode: Mode,
    /// Whether plain mode speaks JSON.
    json: bool,
    zone: Zone,
    times: Times,
    /// Whether the shell around the session can open a link.
    opens_links: bool,
    /// Whether nothing leads out of the chat.
    confined: bool,
    now: Now,
    /// How far the server's clock is ahead of the person's, in milliseconds.
    ahead: i64,
    effects: Vec<Effect>,
    /// What is to be said to the person on the screen.
    remarks: Vec<Remark>,
    /// The lines of a list that has not ended yet.
    listed: Vec<Remark>,
    left: bool,
}

impl Effects {
    pub(in crate::client::session) fn new(mode: Mode, json: bool, zone: Zone) -> Self {
        Self {
            mode,
            json,
            zone,
            times: Times::default(),
            opens_links: false,
            confined: false,
            now: Now::default(),
            ahead: 0,
            effects: Vec::new(),
            remarks: Vec::new(),
            listed: Vec::new(),
            left: false,
        }
    }

    /// The same, for a shell that can open a link, or cannot.
    pub(in crate::client::session) fn with_opener(self, opens_links: bool) -> Self {
        Self { opens_links, ..self }
    }

    /// Whether the shell around the session can open a link.
    pub(in crate::client::session) fn opens_links(&self) -> bool {
        self.opens_links
    }

    /// The same, with or without ways out of the chat.
    pub(in crate::client::session) fn with_confinement(self, confined: bool) -> Self {
        Self { confined, ..self }
    }

    /// Whether nothing leads out of the chat: no other program, no file, no other server.
    pub(in crate::client::session) fn is_confined(&self) -> bool {
        self.confined
    }

    /// Begins another update. Returns whether the machine has slept since the last one: the wall clock has gone on and
    /// the steady one has not.
    pub(in crate::client::session) fn begin(&mut self, now: Now) -> bool {
        let before = std::mem::replace(&mut self.now, now);
        let asleep = now.wall.since(before.wall).saturating_sub(now.steady.since(before.steady));
        before != Now::default() && asleep >= SLEPT
    }

    /// Takes the effects so far.
    pub(in crate::client::session) fn take(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// Says something to the person on the screen.
    pub(in crate::client::session) fn tell(&mut self, text: Text, trouble: bool) {
        self.remarks.push(Remark { text, trouble, rings: None });
    }

    /// Says that a call rings, while it does.
    pub(in crate::client::session) fn tell_of_call(&mut self, text: Text, rings: CallId) {
        self.remarks.push(Remark { text, trouble: false, rings: Some(rings) });
    }

    /// Says a line of a list to the person on the screen, together with all of it: a panel shows what one update brought,
    /// and the lines of an answer come in several.
    pub(in crate::client::session) fn tell_listed(&mut self, text: Text) {
        self.listed.push(Remark { text, trouble: false, rings: None });
    }

    /// The list is complete.
    pub(in crate::client::session) fn end_list(&mut self) {
        self.remarks.append(&mut self.listed);
    }

    /// The list will not be completed.
    pub(in crate::client::session) fn forget_list(&mut self) {
        self.listed.clear();
    }

    /// Takes what is to be said.
    pub(in crate::client::session) fn take_remarks(&mut self) -> Vec<Remark> {
        std::mem::take(&mut self.remarks)
    }

    pub(in crate::client::session) fn is_plain(&self) -> bool {
        self.mode == Mode::Plain
    }

    pub(in crate::client::session) fn is_screen(&self) -> bool {
        self.mode == Mode::Screen
    }

    pub(in crate::client::session) fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The person's time zone is another one now.
    pub(in crate::client::session) fn set_zone(&mut self, zone: Zone) {
        self.zone = zone;
    }

    /// How the person wants times written.
    pub(in crate::client::session) fn times(&self) -> Times {
        self.times
    }

    /// The person wants times written in another way.
    pub(in crate::client::session) fn set_times(&mut self, times: Times) {
        self.times = times;
    }

    /// The time on the steady clock, for deadlines.
    pub(in crate::client::session) fn steady(&self) -> Timestamp {
        self.now.steady
    }

    /// The server that the person has joined says what time it is there; it may say nothing.
    pub(in crate::client::session) fn set_server_time(&mut self, time: Option<Timestamp>) {
        self.ahead = time.map_or(0, |time| time.0.saturating_sub(self.now.wall.0));
    }

    /// The time on the server's wall clock, for what is shown: what happens here stands among messages, which have their
    /// time from the server.
    pub(in crate::client::session) fn wall(&self) -> Timestamp {
        Timestamp(self.now.wall.0.saturating_add(self.ahead))
    }

    /// Formats a time for a sentence.
    pub(in crate::client::session) fn day_and_time(&self, time: Timestamp) -> String {
        format!("{} {}", time.day(&self.zone).format("%Y-%m-%d"), self.times.clock(time, &self.zone))
    }

    pub(in crate::client::session) fn has_left(&self) -> bool {
        self.left
    }

    pub(in crate::client::session) fn emit(&mut self, effect: Effect) {
        if !self.left {
            self.effects.push(effect);
        }
    }

    /// Sends a request whose answer is not awaited.
    pub(in crate::client::session) fn send(&mut self, command: Command) {
        self.emit(Effect::Send(Request::bare(command)));
    }

    /// Whether a program reads what is printed.
    pub(in crate::client::session) fn is_json(&self) -> bool {
        self.is_plain() && self.json
    }

    /// The lines to print so far.
    pub(in crate::client::session) fn printed(&self) -> impl Iterator<Item = &Printed> {
        self.effects.iter().filter_map(|effect| match effect {
            Effect::Print(printed) => Some(printed),
            _ => None,
        })
    }

    /// Tells a program what became of its request.
    pub(in crate::client::session) fn outcome(&mut self, label: Option<String>, outcome: OrderOutcome) {
        self.tell_program(Printed::Outcome(label, outcome));
    }

    /// Prints something that only programs are told.
    pub(in crate::client::session) fn tell_program(&mut self, printed: Printed) {
        if self.is_json() {
            self.emit(Effect::Print(printed));
        }
    }

    /// Prints a notice.
    pub(in crate::client::session) fn print_notice(&mut self, text: Text) {
        self.emit(Effect::Print(Printed::Notice(self.now.wall, text)));
    }

    /// Prints a search result.
    pub(in crate::client::session) fn print_hit(&mut self, hit: &Hit) {
        let Hit { time, target, from, verified, text, .. } = hit.clone();
        self.emit(Effect::Print(Printed::Found { time, from, verified, to: target, text }));
    }

    /// Leaves the program.
    pub(in crate::client::session) fn leave(&mut self, farewell: Farewell) {
        self.emit(Effect::Leave(farewell));
        self.left = true;
    }
}

/// Something that the client says to the person on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) struct Remark {
    pub(in crate::client::session) text: Text,
    /// Whether something went wrong.
    pub(in crate::client::session) trouble: bool,
    /// The call that rings, of which it is said; with that, it goes.
    pub(in crate::client::session) rings: Option<CallId>,
}
