//! A part of something that goes on in both directions: with `since` the oldest of it, otherwise the newest; told in
//! ascending order in any case.
//!
//! Must not know: what it is a part of.

use super::limits::{MAX_DAMAGED, PAGE_BYTES};
use crate::protocol::Span;
use crate::server::store::sqlite::query::Lines;
use crate::server::store::sqlite::row::sql_id;

/// The lines of a part as they are found.
#[derive(Debug)]
pub(super) struct Part<'a> {
    span: &'a Span,
    lines: Vec<Vec<u8>>,
    bytes: usize,
    left_out: usize,
    more: bool,
}

impl<'a> Part<'a> {
    pub(super) fn new(span: &'a Span) -> Self {
        Self { span, lines: Vec::new(), bytes: 0, left_out: 0, more: false }
    }

    /// In which order it is to be found.
    pub(super) fn order(&self) -> &'static str {
        if self.span.since.is_some() { "ASC" } else { "DESC" }
    }

    /// The numbers that it lies between.
    pub(super) fn bounds(&self) -> (i64, i64) {
        (self.span.since.map_or(-1, sql_id), self.span.before.map_or(i64::MAX, sql_id))
    }

    /// Whether there is no room for what was found next.
    pub(super) fn is_full(&mut self) -> bool {
        self.more |= self.lines.len() >= self.span.limit || self.left_out >= MAX_DAMAGED;
        self.more
    }

    /// Adds what was found next; `false` if it does not fit in any more.
    pub(super) fn add(&mut self, line: Vec<u8>) -> bool {
        self.bytes += line.len();
        self.more = self.bytes > PAGE_BYTES && !self.lines.is_empty();
        if !self.more {
            self.lines.push(line);
        }
        !self.more
    }

    /// Adds what was found, in order, for as long as there is room.
    pub(super) fn fill<T>(&mut self, found: impl Iterator<Item = T>, line: impl Fn(T) -> Vec<u8>) {
        for one in found {
            if self.is_full() || !self.add(line(one)) {
                return;
            }
        }
    }

    /// Takes note that something is left out.
    pub(super) fn leave_out(&mut self) {
        self.left_out += 1;
    }

    /// Tells it, and says whether there is more.
    pub(super) fn tell(self, lines: &mut Lines<'_>) -> bool {
        if self.span.since.is_some() {
            lines.append(self.lines.iter());
        } else {
            lines.append(self.lines.iter().rev());
        }
        self.more
    }
}
