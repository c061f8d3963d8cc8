//! The numbers of messages as a transcript writes them. What the broker gives out says nothing and cannot be foreseen; a
//! transcript writes the millisecond in which the message was sent, or the next one that is free.

use std::collections::BTreeMap;

use tr2::model::{MessageId, Timestamp};
use tr2::server::store::api::Job;

/// The shortest text of digits that is a number of a message.
const DIGITS: usize = 13;

/// Which number stands for which.
#[derive(Default)]
pub(crate) struct Numbers {
    /// By what is written.
    real: BTreeMap<u64, u64>,
    /// By what the broker says.
    written: BTreeMap<u64, u64>,
    last: u64,
}

impl Numbers {
    /// Looks at what was just sent.
    pub(crate) fn learn(&mut self, jobs: &[Job]) {
        for job in jobs {
            match job {
                Job::Append(records) => records.iter().for_each(|record| self.number(record.id, record.time)),
                Job::Change(change) => self.number(change.number, change.time),
                Job::Delete(deletion) => self.number(deletion.number, deletion.time),
                _ => {}
            }
        }
    }

    fn number(&mut self, id: MessageId, time: Timestamp) {
        if !self.written.contains_key(&id.0) {
            self.last = (self.last + 1).max(u64::try_from(time.0).unwrap());
            self.real.insert(self.last, id.0);
            self.written.insert(id.0, self.last);
        }
    }

    /// The server starts anew, and `last` is the last number that it knows of.
    pub(crate) fn restart(&mut self, last: u64) {
        self.last = self.written.get(&last).copied().unwrap_or_default();
    }

    /// What the broker hears where a transcript writes `text`.
    pub(crate) fn said_as(&mut self, text: &str) -> String {
        let Self { real, written, .. } = self;
        each_number(text, |number| {
            if let Some(real) = real.get(&number) {
                return Some(*real);
            }
            // Between the messages before and after it.
            let (_, before) = real.range(..number).next_back()?;
            written.insert(before + 1, number);
            Some(before + 1)
        })
    }

    /// What a transcript writes where the broker says `text`.
    pub(crate) fn as_written(&self, text: &str) -> String {
        each_number(text, |number| self.written.get(&number).copied())
    }
}

/// Replaces the numbers in a text that may be those of messages.
fn each_number(text: &str, mut other: impl FnMut(u64) -> Option<u64>) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let length = rest[start..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - start);
        let digits = &rest[start..start + length];
        replaced.push_str(&rest[..start]);
        match digits.parse().ok().filter(|_| length >= DIGITS).and_then(&mut other) {
            Some(number) => replaced.push_str(&number.to_string()),
            None => replaced.push_str(digits),
        }
        rest = &rest[start + length..];
    }
    replaced + rest
}
