//! The send queue: lines of plain mode, and messages.
//!
//! Must not know: where lines come from, or how a message is shown.

use std::collections::VecDeque;
use std::time::Duration;

use super::awaited::Outgoing;
use crate::client::text::json::Order;
use crate::model::{Text, Timestamp};

/// The most queued lines; [`Session::takes_lines`](crate::client::session::Session::takes_lines) says when to stop
/// reading.
pub const MAX_LINES: usize = 1000;

/// An entry of the send queue.
#[derive(Clone, Debug)]
pub(in crate::client::session) enum Queued {
    /// A line of plain mode, to be read as a message or a command.
    Line(String),
    /// The rest of the previous line; it goes where that line went.
    Rest(String),
    /// A request of a program.
    Order(Order),
    /// A message.
    Message(Outgoing),
}

/// The queue, and the pause that the server has caused.
#[derive(Clone, Debug, Default)]
pub(in crate::client::session::outbound) struct SendQueue {
    waiting: VecDeque<Queued>,
    /// The end of the pause, because messages came too fast.
    paused_until: Option<Timestamp>,
    told_slow: bool,
    gave_up: bool,
}

impl SendQueue {
    pub(super) fn has_room(&self) -> bool {
        self.waiting.len() < MAX_LINES
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    pub(super) fn is_paused(&self) -> bool {
        self.paused_until.is_some()
    }

    pub(super) fn push(&mut self, queued: Queued) {
        self.waiting.push_back(queued);
    }

    pub(super) fn push_front(&mut self, message: Outgoing) {
        self.waiting.push_front(Queued::Message(message));
    }

    /// The first entry, if it is a line.
    pub(super) fn next_line(&self) -> Option<&str> {
        if let Some(Queued::Line(line)) = self.waiting.front() { Some(line) } else { None }
    }

    pub(super) fn pop(&mut self) -> Option<Queued> {
        self.waiting.pop_front()
    }

    /// Queues a message that came too fast: after others of that kind, before everything that was never sent. `true` if
    /// it is the first of a run.
    pub(super) fn put_back_slow(&mut self, message: Outgoing, now: Timestamp, wait: Duration) -> bool {
        let slow = |waiting: &Queued| matches!(waiting, Queued::Message(message) if message.tries > 0);
        let at = self.waiting.iter().take_while(|waiting| slow(waiting)).count();
        self.waiting.insert(at, Queued::Message(message));
        let until = now.after(wait);
        self.paused_until = Some(self.paused_until.map_or(until, |paused| paused.max(until)));
        !std::mem::replace(&mut self.told_slow, true)
    }

    /// Gives up a message that came too fast; `true` if it is the first of a run.
    pub(super) fn give_up(&mut self) -> bool {
        !std::mem::replace(&mut self.gave_up, true)
    }

    /// Ends the run of messages that came too fast.
    pub(super) fn end_run(&mut self) {
        (self.told_slow, self.gave_up) = (false, false);
    }

    /// Ends the pause if it is over by `now`.
    pub(super) fn resume(&mut self, now: Timestamp) {
        self.paused_until = self.paused_until.filter(|until| *until > now);
    }

    pub(super) fn deadline(&self) -> Option<Timestamp> {
        self.paused_until
    }

    /// Queues messages that were on their way when the connection was lost, first and in their order.
    pub(super) fn put_back(&mut self, messages: Vec<Outgoing>) {
        self.paused_until = None;
        for message in messages.into_iter().rev() {
            self.push_front(message);
        }
        let order = |waiting: &Queued| match waiting {
            Queued::Message(message) if message.sent => message.order,
            Queued::Line(_) | Queued::Rest(_) | Queued::Order(_) | Queued::Message(_) => u64::MAX,
        };
        self.waiting.make_contiguous().sort_by_key(order);
    }

    /// The index of the message with this label, if it waits and no server can have received it.
    fn unsent(&self, label: &str) -> Option<usize> {
        let unsent =
            |waiting: &Queued| matches!(waiting, Queued::Message(message) if !message.sent && message.label() == label);
        self.waiting.iter().position(unsent)
    }

    /// Whether the message with this label waits, and no server can have received it.
    pub(super) fn is_unsent(&self, label: &str) -> bool {
        self.unsent(label).is_some()
    }

    /// Gives such a message another text; it keeps its place and its label. `false` if there is none.
    pub(super) fn rewrite(&mut self, label: &str, text: Text) -> bool {
        let found = self.unsent(label).and_then(|at| self.waiting.get_mut(at));
        let Some(Queued::Message(message)) = found else { return false };
        *message = message.with_text(text);
        true
    }

    /// Removes and returns such a message.
    pub(super) fn withdraw(&mut self, label: &str) -> Option<Outgoing> {
        match self.waiting.remove(self.unsent(label)?)? {
            Queued::Message(message) => Some(message),
            Queued::Line(_) | Queued::Rest(_) | Queued::Order(_) => None,
        }
    }

    /// Removes and returns the messages that a server may have received.
    pub(super) fn take_sent(&mut self) -> Vec<Outgoing> {
        self.paused_until = None;
        let (sent, waiting) = std::mem::take(&mut self.waiting)
            .into_iter()
            .partition::<VecDeque<_>, _>(|waiting| matches!(waiting, Queued::Message(message) if message.sent));
        self.waiting = waiting;
        let message = |waiting| if let Queued::Message(message) = waiting { Some(message) } else { None };
        sent.into_iter().filter_map(message).collect()
    }
}
