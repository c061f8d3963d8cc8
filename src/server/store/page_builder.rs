//! Builds one page of something that is numbered: the oldest entries after `since`, or else the newest. A page is
//! always written in ascending order.
//!
//! Must not know: what the entries are, or where they come from.

use super::limits::{MAX_DAMAGED, PAGE_BYTES};
use super::reply::Reply;
use crate::protocol::Span;

/// The lines of a page, in the order in which they are found: ascending with `since`, otherwise descending.
#[derive(Debug)]
pub(super) struct PageBuilder<'a> {
    span: &'a Span,
    lines: Vec<Vec<u8>>,
    bytes: usize,
    left_out: usize,
    more: bool,
}

impl<'a> PageBuilder<'a> {
    /// An empty page.
    pub(super) fn new(span: &'a Span) -> Self {
        Self { span, lines: Vec::new(), bytes: 0, left_out: 0, more: false }
    }

    /// Whether the page has no room for one more entry.
    pub(super) fn is_full(&mut self) -> bool {
        self.more |= self.lines.len() >= self.span.limit || self.left_out >= MAX_DAMAGED;
        self.more
    }

    /// Adds the next line; `false` if it does not fit.
    pub(super) fn add(&mut self, line: Vec<u8>) -> bool {
        self.bytes += line.len();
        self.more = self.bytes > PAGE_BYTES && !self.lines.is_empty();
        if !self.more {
            self.lines.push(line);
        }
        !self.more
    }

    /// Adds entries, in order, for as long as there is room.
    pub(super) fn fill<T>(&mut self, entries: impl Iterator<Item = T>, line: impl Fn(T) -> Vec<u8>) {
        for entry in entries {
            if self.is_full() || !self.add(line(entry)) {
                return;
            }
        }
    }

    /// Counts an entry that is left out.
    pub(super) fn leave_out(&mut self) {
        self.left_out += 1;
    }

    /// Writes the page into a reply. Says whether there are more entries.
    pub(super) fn finish(self, reply: &mut Reply<'_>) -> bool {
        if self.span.since.is_some() {
            reply.add_lines(self.lines.iter());
        } else {
            reply.add_lines(self.lines.iter().rev());
        }
        self.more
    }
}
