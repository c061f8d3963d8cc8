//! Everything that goes out to the server: requests with their labels, the awaited answers, and the send queue.
//!
//! Keeps true: no label is used twice, and a message has one label however often it is sent.
//!
//! Must not know: who wrote a message where, or how it is shown; terminals, sockets.

pub(in crate::client::session) mod awaited;
mod named;
pub(in crate::client::session) mod queue;

use std::collections::BTreeMap;
use std::time::Duration;

use self::awaited::{Awaited, Inquiry, Outgoing};
use self::named::Named;
use self::queue::{Queued, SendQueue};
use crate::client::msg::{Effect, Unsent};
use crate::client::session::effects::Effects;
use crate::client::text::json::Order;
use crate::client::text::print;
use crate::model::{Target, Text, Timestamp};
use crate::protocol::{Code, Command, Dialect, Request};

/// The most messages that may await acceptance, including those still queued.
pub const MAX_PENDING: usize = 1000;
/// How often a message that came too fast is resent automatically.
pub const MAX_TRIES: u32 = 5;
/// The most messages on their way at once: fewer than the server allows in one burst.
pub const WINDOW: usize = 16;

#[derive(Clone, Debug)]
pub(in crate::client::session) struct Outbound {
    /// Sets this session's labels apart from those of others.
    prefix: u64,
    counter: u64,
    awaited: BTreeMap<String, Awaited>,
    /// Whom and what the requests under these labels name.
    named: BTreeMap<String, Named>,
    queue: SendQueue,
    /// What was not sent last time, until it is given back.
    last_time: Vec<Unsent>,
}

/// The consequence of a refused message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum AfterRefusal {
    /// It came too fast and is resent; whether it is the first of a run.
    Again(bool),
    /// It is given up; whether to tell the person, which happens once for a run.
    GivenUp(bool),
}

impl Outbound {
    /// `seed` sets this session's labels apart from those of others; `last_time` was not sent last time.
    pub(in crate::client::session) fn new(seed: u64, last_time: Vec<Unsent>) -> Self {
        Self {
            prefix: seed,
            counter: 0,
            awaited: BTreeMap::new(),
            named: BTreeMap::new(),
            queue: SendQueue::default(),
            last_time,
        }
    }

    /// Removes and returns what was not sent last time.
    pub(in crate::client::session) fn take_last_time(&mut self) -> Vec<Unsent> {
        std::mem::take(&mut self.last_time)
    }

    /// A unique token for a ping.
    pub(in crate::client::session) fn token(&mut self) -> String {
        self.counter += 1;
        format!("{:x}", self.counter)
    }

    /// A unique label.
    pub(in crate::client::session) fn next_label(&mut self) -> String {
        self.counter += 1;
        self.label_of(self.counter)
    }

    fn label_of(&self, number: u64) -> String {
        format!("{:x}-{number:04x}", self.prefix)
    }

    /// Sends a request; returns its label.
    pub(in crate::client::session) fn ask(&mut self, command: Command, out: &mut Effects) -> String {
        let label = self.next_label();
        out.emit(Effect::Send(Request { reference: Some(label.clone()), command }));
        label
    }

    /// Sends a request whose answer is awaited; returns its label.
    pub(in crate::client::session) fn ask_for(
        &mut self,
        awaited: Awaited,
        command: Command,
        out: &mut Effects,
    ) -> String {
        let named = Named::of(&command);
        let label = self.ask(command, out);
        self.awaited.insert(label.clone(), awaited);
        self.note_named(&label, named);
        label
    }

    /// Whether such an answer is awaited.
    pub(in crate::client::session) fn awaits(&self, awaited: &Awaited) -> bool {
        self.awaited.values().any(|other| other == awaited)
    }

    /// Whether nothing is queued and no answer is awaited.
    pub(in crate::client::session) fn is_done(&self) -> bool {
        self.queue.is_empty() && self.awaited.is_empty()
    }

    /// The answer that is awaited under a label.
    pub(in crate::client::session) fn awaited(&self, label: &str) -> Option<&Awaited> {
        self.awaited.get(label)
    }

    /// Removes and returns the answer that is awaited under a label.
    pub(in crate::client::session) fn take(&mut self, label: &str) -> Option<Awaited> {
        self.awaited.remove(label)
    }

    /// Removes an awaited answer: by its label, or in a dialect without labels the first that is equal.
    pub(in crate::client::session) fn answered(&mut self, reference: Option<&str>, awaited: &Awaited) {
        let label = match reference {
            Some(reference) => Some(reference.to_owned()),
            None => self.awaited.iter().find(|(_, other)| *other == awaited).map(|(label, _)| label.clone()),
        };
        if let Some(label) = label {
            self.awaited.remove(&label);
        }
    }

    /// Stops waiting for such answers.
    pub(in crate::client::session) fn forget(&mut self, awaited: &Awaited) {
        self.awaited.retain(|_, other| other != awaited);
    }

    /// The inquiry under a label, whose answer continues.
    pub(in crate::client::session) fn inquiry(&self, label: &str) -> Option<&Inquiry> {
        if let Awaited::Inquiry(inquiry) = self.awaited.get(label)? { Some(inquiry) } else { None }
    }

    /// Removes and returns the inquiry under a label.
    pub(in crate::client::session) fn take_inquiry(&mut self, label: &str) -> Option<Inquiry> {
        self.inquiry(label)?;
        if let Awaited::Inquiry(inquiry) = self.awaited.remove(label)? { Some(inquiry) } else { None }
    }

    /// Removes and returns the message on its way under a label.
    pub(in crate::client::session) fn take_message(&mut self, label: &str) -> Option<Outgoing> {
        let Awaited::Message(_) = self.awaited.get(label)? else { return None };
        if let Awaited::Message(message) = self.awaited.remove(label)? { Some(message) } else { None }
    }

    /// The number of messages that await acceptance.
    fn in_flight(&self) -> usize {
        self.awaited.values().filter(|awaited| matches!(awaited, Awaited::Message(_))).count()
    }

    /// Whether the acceptance of a message is awaited.
    pub(in crate::client::session) fn awaits_acceptance(&self) -> bool {
        self.in_flight() > 0
    }

    /// The line that is carried out next, if it is one.
    pub(in crate::client::session) fn next_line(&self) -> Option<&str> {
        self.queue.next_line()
    }

    /// The number of messages and lines that are not accepted yet, including those still queued.
    pub(in crate::client::session) fn pending(&self) -> usize {
        self.in_flight() + self.queue.len()
    }

    /// Whether the queue has room for another line.
    pub(in crate::client::session) fn has_room(&self) -> bool {
        self.queue.has_room()
    }

    /// Whether nothing is queued.
    pub(in crate::client::session) fn is_idle(&self) -> bool {
        self.queue.is_empty()
    }

    /// Queues a line of plain mode.
    pub(in crate::client::session) fn queue_line(&mut self, line: String) {
        self.queue.push(Queued::Line(line));
    }

    /// Queues the rest of the previous line.
    pub(in crate::client::session) fn queue_rest(&mut self, text: String) {
        self.queue.push(Queued::Rest(text));
    }

    /// Queues a message of the screen; returns its label.
    pub(in crate::client::session) fn queue_message(&mut self, mut message: Outgoing) -> String {
        let label = self.label(&mut message);
        self.queue.push(Queued::Message(message));
        label
    }

    /// Whether the message with this label waits, and no server can have received it.
    pub(in crate::client::session) fn is_unsent(&self, label: &str) -> bool {
        self.queue.is_unsent(label)
    }

    /// Gives such a message another text; it keeps its place and its label. `false` if there is none.
    pub(in crate::client::session) fn rewrite(&mut self, label: &str, text: Text) -> bool {
        self.queue.rewrite(label, text)
    }

    /// Removes and returns such a message, which is not sent then.
    pub(in crate::client::session) fn withdraw(&mut self, label: &str) -> Option<Outgoing> {
        self.queue.withdraw(label)
    }

    /// Queues a message before everything else, split into parts that fit a frame.
    /// Returns their number.
    pub(in crate::client::session) fn queue_parts_first(&mut self, message: &Outgoing) -> usize {
        let parts = print::split(message.text().as_str());
        let count = parts.len();
        for part in parts.into_iter().rev() {
            self.queue.push_front(message.with_text(Text::block(&part)));
        }
        count
    }

    /// Queues a message of a program before everything else.
    pub(in crate::client::session) fn queue_first(&mut self, message: Outgoing) {
        self.queue.push_front(message);
    }

    /// Queues a request of a program.
    pub(in crate::client::session) fn queue_order(&mut self, order: Order) {
        self.queue.push(Queued::Order(order));
    }

    /// The number of requests so far.
    pub(in crate::client::session) fn count(&self) -> u64 {
        self.counter
    }

    /// The labels of the requests after the first `count` whose answers are awaited.
    pub(in crate::client::session) fn awaited_since(&self, count: u64) -> Vec<String> {
        let labels = (count + 1..=self.counter).map(|number| self.label_of(number));
        labels.filter(|label| self.awaited.contains_key(label)).collect()
    }

    /// Labels a message, unless it has a label.
    fn label(&mut self, message: &mut Outgoing) -> String {
        let label = message.label.take().unwrap_or_else(|| self.next_label());
        if message.order == 0 {
            message.order = self.counter;
        }
        message.label = Some(label.clone());
        label
    }

    /// The next thing to send, as far as the server allows. In plain mode there is none while an answer is awaited that
    /// decides what the next lines mean.
    pub(in crate::client::session) fn next(&mut self, plain: bool) -> Option<Queued> {
        let waits = self.queue.is_paused() || self.in_flight() >= WINDOW;
        if waits || plain && self.awaited.values().any(Awaited::decides) {
            return None;
        }
        self.queue.pop()
    }

    /// Sends a message. TR2.23 does not acknowledge it, so a message that was shown as pending is returned.
    pub(in crate::client::session) fn hand_over(
        &mut self,
        mut message: Outgoing,
        dialect: Dialect,
        out: &mut Effects,
    ) -> Option<Outgoing> {
        let waited = message.label.is_some();
        let label = self.label(&mut message);
        message.sent = true;
        out.emit(Effect::Send(Request { reference: Some(label.clone()), command: message.command() }));
        match dialect {
            Dialect::Tr226 => {
                self.awaited.insert(label, Awaited::Message(message));
                None
            }
            Dialect::Tr223 => waited.then_some(message),
        }
    }

    /// Handles the refusal of a message.
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

    /// The connection is lost, and with it all awaited answers. If the server recognizes messages that are sent again,
    /// those that were not accepted are queued for the next connection; otherwise they may have arrived, and are
    /// returned.
    pub(in crate::client::session) fn cut_off(&mut self, knows_again: bool) -> Vec<Outgoing> {
        let message = |awaited| if let Awaited::Message(message) = awaited { Some(message) } else { None };
        let mut messages: Vec<Outgoing> = std::mem::take(&mut self.awaited).into_values().filter_map(message).collect();
        messages.sort_by_key(|message| message.order);
        if knows_again {
            self.queue.put_back(std::mem::take(&mut messages));
        }
        messages
    }

    /// Removes and returns the queued messages that a server may have received.
    pub(in crate::client::session) fn take_sent(&mut self) -> Vec<Outgoing> {
        self.queue.take_sent()
    }

    /// Removes and returns everything that is not accepted, in order. Lines of plain mode go to `aim`; commands are
    /// dropped.
    pub(in crate::client::session) fn take_unsent(&mut self, aim: Option<&Target>) -> Vec<Unsent> {
        self.cut_off(true);
        let unsent = |to: &Target, text: Text, unsure| Unsent { to: to.clone(), text, unsure, draft: false };
        let mut all = Vec::new();
        while let Some(queued) = self.queue.pop() {
            match queued {
                Queued::Message(message) => all.push(unsent(message.target(), message.text().clone(), message.sent)),
                Queued::Line(line) => {
                    let text = if line.starts_with('/') {
                        line.strip_prefix("//").map(|rest| format!("/{rest}"))
                    } else {
                        Some(line)
                    };
                    let to = aim.unwrap_or(&Target::Everyone);
                    all.extend(text.map(|text| unsent(to, Text::block(&text), false)));
                }
                Queued::Rest(rest) => {
                    let to = aim.unwrap_or(&Target::Everyone);
                    all.push(unsent(to, Text::block(&rest), false));
                }
                Queued::Order(_) => {}
            }
        }
        all.retain(|unsent| !unsent.text.is_blank());
        all
    }

    /// Ends the pause if it is over by `now`.
    pub(in crate::client::session) fn resume(&mut self, now: Timestamp) {
        self.queue.resume(now);
    }

    /// Ends the run of messages that came too fast, once nothing is pending.
    pub(in crate::client::session) fn end_run_if_idle(&mut self) {
        if self.pending() == 0 {
            self.queue.end_run();
        }
    }

    pub(in crate::client::session) fn deadline(&self) -> Option<Timestamp> {
        self.queue.deadline()
    }
}
