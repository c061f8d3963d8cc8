//! What goes out to the server: requests with their labels, the answers that are awaited, and the queue of what waits to
//! be sent.
//!
//! Keeps true: no label is used twice, and a message has one label however often it is sent.
//!
//! Must not know: who wrote a message where, or how it is shown; terminals, sockets.

pub(in crate::client::session) mod awaited;
pub(in crate::client::session) mod queue;

use std::collections::BTreeMap;
use std::time::Duration;

use self::awaited::{Awaited, Inquiry, Outgoing};
use self::queue::{Queued, SendQueue};
use crate::client::msg::Effect;
use crate::client::plain::print as plain;
use crate::client::session::effects::Effects;
use crate::model::{Text, Timestamp};
use crate::protocol::{Code, Command, Dialect, Request};

/// How many messages may wait to be accepted, those that are not on their way yet among them.
pub const MAX_PENDING: usize = 1000;
/// How often a message that came too fast is sent again by itself.
pub const MAX_TRIES: u32 = 5;
/// How many messages are on their way at once: fewer than the server lets through in one burst.
pub const WINDOW: usize = 16;

#[derive(Clone, Debug)]
pub(in crate::client::session) struct Outbound {
    /// Tells this session's labels from others'.
    prefix: u64,
    counter: u64,
    awaited: BTreeMap<String, Awaited>,
    queue: SendQueue,
}

/// What becomes of a message that the server refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum AfterRefusal {
    /// It came too fast and is sent again; whether it is the first of a run.
    Again(bool),
    /// It is given up; whether the person is to be told, which a run of them is only once.
    GivenUp(bool),
}

impl Outbound {
    /// `seed` tells this session's labels from others'.
    pub(in crate::client::session) fn new(seed: u64) -> Self {
        Self { prefix: seed, counter: 0, awaited: BTreeMap::new(), queue: SendQueue::default() }
    }

    /// A token that none of this session's pings had before.
    pub(in crate::client::session) fn token(&mut self) -> String {
        self.counter += 1;
        format!("{:x}", self.counter)
    }

    /// A label that none of this session's requests had before.
    fn next_label(&mut self) -> String {
        self.counter += 1;
        format!("{:x}-{:04x}", self.prefix, self.counter)
    }

    /// Asks the server, and gives the label of the request.
    pub(in crate::client::session) fn ask(&mut self, command: Command, out: &mut Effects) -> String {
        let label = self.next_label();
        out.emit(Effect::Send(Request { reference: Some(label.clone()), command }));
        label
    }

    /// Asks the server; `awaited` is what to do with the answer.
    pub(in crate::client::session) fn ask_for(&mut self, awaited: Awaited, command: Command, out: &mut Effects) {
        let label = self.ask(command, out);
        self.awaited.insert(label, awaited);
    }

    /// Whether an answer like this is awaited.
    pub(in crate::client::session) fn awaits(&self, awaited: &Awaited) -> bool {
        self.awaited.values().any(|other| other == awaited)
    }

    /// Whether nothing waits to be sent, and no answer is awaited.
    pub(in crate::client::session) fn is_done(&self) -> bool {
        self.queue.is_empty() && self.awaited.is_empty()
    }

    /// What is awaited under a label.
    pub(in crate::client::session) fn awaited(&self, label: &str) -> Option<&Awaited> {
        self.awaited.get(label)
    }

    /// What is awaited under a label, which is answered now.
    pub(in crate::client::session) fn take(&mut self, label: &str) -> Option<Awaited> {
        self.awaited.remove(label)
    }

    /// Takes an awaited answer off the list: by its label, or in a dialect without labels the first like it.
    pub(in crate::client::session) fn answered(&mut self, reference: Option<&str>, awaited: &Awaited) {
        let label = match reference {
            Some(reference) => Some(reference.to_owned()),
            None => self.awaited.iter().find(|(_, other)| *other == awaited).map(|(label, _)| label.clone()),
        };
        if let Some(label) = label {
            self.awaited.remove(&label);
        }
    }

    /// Answers like this are not waited for any more.
    pub(in crate::client::session) fn forget(&mut self, awaited: &Awaited) {
        self.awaited.retain(|_, other| other != awaited);
    }

    /// What was inquired under a label; the answer goes on.
    pub(in crate::client::session) fn inquiry(&self, label: &str) -> Option<&Inquiry> {
        if let Awaited::Inquiry(inquiry) = self.awaited.get(label)? { Some(inquiry) } else { None }
    }

    /// What was inquired under a label, which is answered now.
    pub(in crate::client::session) fn take_inquiry(&mut self, label: &str) -> Option<Inquiry> {
        self.inquiry(label)?;
        if let Awaited::Inquiry(inquiry) = self.awaited.remove(label)? { Some(inquiry) } else { None }
    }

    /// A message of the person's that is accepted now; `None` if there is none on its way under this label.
    pub(in crate::client::session) fn take_message(&mut self, label: &str) -> Option<Outgoing> {
        let Awaited::Message(_) = self.awaited.get(label)? else { return None };
        if let Awaited::Message(message) = self.awaited.remove(label)? { Some(message) } else { None }
    }

    /// How many messages wait to be accepted.
    fn in_flight(&self) -> usize {
        self.awaited.values().filter(|awaited| matches!(awaited, Awaited::Message(_))).count()
    }

    /// How many messages and lines were taken from the person and are not accepted yet.
    pub(in crate::client::session) fn pending(&self) -> usize {
        self.in_flight() + self.queue.len()
    }

    /// Whether another line may be taken.
    pub(in crate::client::session) fn has_room(&self) -> bool {
        self.queue.has_room()
    }

    /// Whether nothing waits to be sent.
    pub(in crate::client::session) fn is_idle(&self) -> bool {
        self.queue.is_empty()
    }

    /// A line of plain mode, to be sent after what waits.
    pub(in crate::client::session) fn queue_line(&mut self, line: String) {
        self.queue.push(Queued::Line(line));
    }

    /// More of the line before, to be sent after what waits.
    pub(in crate::client::session) fn queue_rest(&mut self, text: String) {
        self.queue.push(Queued::Rest(text));
    }

    /// A message of the screen, to be sent after what waits; gives its label.
    pub(in crate::client::session) fn queue_message(&mut self, mut message: Outgoing) -> String {
        let label = self.label(&mut message);
        self.queue.push(Queued::Message(message));
        label
    }

    /// A message to be sent before anything that waits, cut into as many as it takes.
    pub(in crate::client::session) fn queue_parts_first(&mut self, message: &Outgoing) {
        for part in plain::split(message.text().as_str()).into_iter().rev() {
            self.queue.push_front(message.with_text(Text::block(&part)));
        }
    }

    /// The label of a message, which it has from now on.
    fn label(&mut self, message: &mut Outgoing) -> String {
        let label = message.label.take().unwrap_or_else(|| self.next_label());
        if message.order == 0 {
            message.order = self.counter;
        }
        message.label = Some(label.clone());
        label
    }

    /// What is to be sent next, as far as the server lets us. In plain mode nothing is while an answer is awaited that
    /// decides what the next lines mean.
    pub(in crate::client::session) fn next(&mut self, plain: bool) -> Option<Queued> {
        let waits = self.queue.is_paused() || self.in_flight() >= WINDOW;
        if waits || plain && self.awaited.values().any(Awaited::decides) {
            return None;
        }
        self.queue.pop()
    }

    /// Gives the server a message. In TR2.23 that is all there is to it, and the message is given back if it was shown
    /// as waiting.
    pub(in crate::client::session) fn hand_over(
        &mut self,
        mut message: Outgoing,
        dialect: Dialect,
        out: &mut Effects,
    ) -> Option<Outgoing> {
        let waited = message.label.is_some();
        let label = self.label(&mut message);
        message.handed = true;
        out.emit(Effect::Send(Request { reference: Some(label.clone()), command: message.command() }));
        match dialect {
            Dialect::Tr226 => {
                self.awaited.insert(label, Awaited::Message(message));
                None
            }
            Dialect::Tr223 => waited.then_some(message),
        }
    }

    /// The server refused a message.
    pub(in crate::client::session) fn refused(
        &mut self,
        mut message: Outgoing,
        code: Code,
        now: Timestamp,
    ) -> AfterRefusal {
        let too_fast = matches!(code, Code::RateLimited | Code::Busy | Code::StoreUnavailable);
        if too_fast && message.tries < MAX_TRIES {
            let wait = Duration::from_secs(1 << message.tries);
            message.tries += 1;
            return AfterRefusal::Again(self.queue.put_back_slow(message, now, wait));
        }
        AfterRefusal::GivenUp(!too_fast || self.queue.give_up())
    }

    /// The connection is gone, and with it every answer. Messages that were not accepted wait for the next one if the
    /// server knows what is sent again; else they may have arrived or not, and are given back.
    pub(in crate::client::session) fn cut_off(&mut self, knows_again: bool) -> Vec<Outgoing> {
        let message = |awaited| if let Awaited::Message(message) = awaited { Some(message) } else { None };
        let mut messages: Vec<Outgoing> = std::mem::take(&mut self.awaited).into_values().filter_map(message).collect();
        messages.sort_by_key(|message| message.order);
        if knows_again {
            self.queue.put_back(std::mem::take(&mut messages));
        }
        messages
    }

    /// Takes out the messages that a server may have got before, which are not to be sent by themselves.
    pub(in crate::client::session) fn take_handed(&mut self) -> Vec<Outgoing> {
        self.queue.take_handed()
    }

    /// Ends a pause that is over by `now`.
    pub(in crate::client::session) fn resume(&mut self, now: Timestamp) {
        self.queue.resume(now);
    }

    /// If nothing is pending, the run of messages that came too fast is over.
    pub(in crate::client::session) fn end_run_if_idle(&mut self) {
        if self.pending() == 0 {
            self.queue.end_run();
        }
    }

    pub(in crate::client::session) fn deadline(&self) -> Option<Timestamp> {
        self.queue.deadline()
    }
}
