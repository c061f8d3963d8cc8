//! What plain mode was started for, other than its input: the newest messages of a conversation, or a message to wait
//! for.
//!
//! Must not know: how messages are requested or printed.

use std::time::Duration;

use crate::client::msg::Printed;
use crate::client::session::start::PlainOptions;
use crate::model::{Name, Target, Timestamp};

#[derive(Clone, Debug, Default)]
pub(in crate::client::session) struct Watch {
    /// The conversation that it is about; `None` for every one.
    place: Option<Target>,
    /// How many messages to print first, until they are printed.
    tail: Option<usize>,
    /// Whether it is over once they are printed.
    only_tail: bool,
    /// What to wait for, as it was written.
    wait: Option<String>,
    /// The same in small letters.
    folded: String,
    heard: bool,
    timeout: Option<Duration>,
    until: Option<Timestamp>,
}

impl Watch {
    pub(in crate::client::session) fn new(options: &PlainOptions) -> Self {
        Self {
            place: options.to.clone(),
            tail: options.tail,
            only_tail: options.tail.is_some() && options.wait.is_none(),
            folded: options.wait.as_deref().map(str::to_lowercase).unwrap_or_default(),
            wait: options.wait.clone(),
            heard: false,
            timeout: options.timeout,
            until: None,
        }
    }

    /// The time begins to run.
    pub(in crate::client::session) fn begin(&mut self, now: Timestamp) {
        self.until = self.timeout.map(|timeout| now.after(timeout));
    }

    /// The messages to request: the conversation, and how many of the newest.
    pub(in crate::client::session) fn tail(&self) -> Option<(Target, usize)> {
        Some((self.place.clone().unwrap_or(Target::Everyone), self.tail?))
    }

    /// The newest messages are printed.
    pub(in crate::client::session) fn tail_printed(&mut self) {
        self.tail = None;
    }

    /// Whether the input is not read.
    pub(in crate::client::session) fn ignores_input(&self) -> bool {
        self.only_tail
    }

    /// Nothing can be printed any more: only the input matters.
    pub(in crate::client::session) fn give_up(&mut self) {
        (self.tail, self.wait, self.only_tail) = (None, None, false);
    }

    /// Takes note of a printed line.
    pub(in crate::client::session) fn saw(&mut self, printed: &Printed, own: impl Fn(&Name) -> bool) {
        let (Printed::Message { from, to, text, old: false, .. } | Printed::Edited { from, to, text, .. }) = printed
        else {
            return;
        };
        let here = self.place.as_ref().is_none_or(|place| place == to);
        self.heard |= self.wait.is_some() && here && !own(from) && text.as_str().to_lowercase().contains(&self.folded);
    }

    /// Whether what it was started for has come; `None` if it was started for nothing but its input.
    pub(in crate::client::session) fn is_done(&self) -> Option<bool> {
        if self.only_tail {
            return Some(self.tail.is_none());
        }
        self.wait.as_ref().map(|_| self.heard && self.tail.is_none())
    }

    pub(in crate::client::session) fn deadline(&self) -> Option<Timestamp> {
        self.until
    }

    /// What did not come in time, as a sentence.
    pub(in crate::client::session) fn missed(&self, now: Timestamp) -> Option<String> {
        let late = self.until.is_some_and(|until| until <= now) && self.is_done() == Some(false);
        let seconds = self.timeout.unwrap_or_default().as_secs();
        late.then(|| match &self.wait {
            Some(wait) if self.tail.is_none() => format!("Nobody said \"{wait}\" within {seconds} s."),
            _ => format!("The messages did not come within {seconds} s."),
        })
    }
}
