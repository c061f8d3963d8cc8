//! The bytes that one connection receives in a round: the shared bytes, and the edits where it differs from them.
//!
//! Must not know: who sends what, or sockets.

use std::ops::Range;
use std::sync::Arc;

use crate::model::Name;
use crate::protocol::Dialect;

/// The capacity for edits that a plan retains between rounds.
const KEPT_EDITS: usize = 2;

/// What one connection receives in this round.
#[derive(Debug)]
pub struct DeliveryPlan {
    pub(in crate::server) dialect: Dialect,
    /// Whether its client knows replies, edits and reactions.
    pub(in crate::server) understands: bool,
    /// The user's name, or the requested name while there is none.
    pub(in crate::server) name: Option<Name>,
    /// The offset in the shared bytes from which it receives them; `None` if it receives no broadcasts.
    pub(in crate::server) hears_from: Option<usize>,
    edits: Vec<Edit>,
    pub(in crate::server) packets: Vec<Arc<[u8]>>,
    /// Whether packets were written in earlier rounds.
    pub(in crate::server) has_had_packets: bool,
    /// The length of its private bytes in this round.
    pub(in crate::server) bytes: usize,
    pub(in crate::server) closing: bool,
    pub(in crate::server) touched: bool,
    /// Whether it receives anything besides `accepted` replies.
    pub(in crate::server) prompt: bool,
}

/// A place where a connection differs from the shared bytes.
#[derive(Debug)]
struct Edit {
    at: usize,
    what: Splice,
}

#[derive(Debug)]
enum Splice {
    /// Inserts this range of the private bytes.
    Insert(Range<usize>),
    /// Skips this many shared bytes.
    Skip(usize),
}

impl Default for DeliveryPlan {
    fn default() -> Self {
        Self {
            dialect: Dialect::Tr226,
            understands: false,
            name: None,
            hears_from: None,
            edits: Vec::new(),
            packets: Vec::new(),
            has_had_packets: false,
            bytes: 0,
            closing: false,
            touched: false,
            prompt: false,
        }
    }
}

impl DeliveryPlan {
    /// Whether it receives packets instead of lines.
    #[must_use]
    pub fn is_original(&self) -> bool {
        self.dialect == Dialect::Tr223
    }

    /// Whether this round alone has more bytes for it than may wait for it (`most`); the rest was left out.
    #[must_use]
    pub fn is_over(&self, most: usize) -> bool {
        self.bytes > most
    }

    /// Whether this round must reach it at once: it has more than `accepted` replies, which may be coalesced.
    #[must_use]
    pub fn is_prompt(&self) -> bool {
        self.prompt
    }

    /// Whether the connection ends after this round.
    #[must_use]
    pub fn is_closing(&self) -> bool {
        self.closing
    }

    /// The packets of a TR2.23 connection, to be written with pauses between them.
    #[must_use]
    pub fn packets(&self) -> &[Arc<[u8]>] {
        &self.packets
    }

    /// Inserts a range of the private bytes at offset `at` of the shared bytes.
    pub(in crate::server) fn insert(&mut self, at: usize, range: Range<usize>) {
        self.bytes += range.len();
        match self.edits.last_mut() {
            Some(Edit { at: last, what: Splice::Insert(before) }) if *last == at && before.end == range.start => {
                before.end = range.end;
            }
            _ => self.edits.push(Edit { at, what: Splice::Insert(range) }),
        }
    }

    /// Skips this many of the shared bytes from offset `at`.
    pub(in crate::server) fn skip(&mut self, at: usize, length: usize) {
        self.edits.push(Edit { at, what: Splice::Skip(length) });
    }

    /// Receives lines instead of packets from offset `at` of the shared bytes on; returns the packets of this round.
    pub(in crate::server) fn begin_lines(&mut self, at: usize) -> Vec<Arc<[u8]>> {
        self.hears_from = self.hears_from.and(Some(at));
        // What it skipped of the shared bytes before, it does not receive anyway.
        self.edits.retain(|edit| matches!(edit.what, Splice::Insert(_)));
        self.prompt = true;
        std::mem::take(&mut self.packets)
    }

    /// Its slices of the shared and the private bytes, in order.
    pub(in crate::server) fn stretches<'a>(
        &'a self,
        shared: &'a [u8],
        private: &'a [u8],
        mut say: impl FnMut(Stretch<'a>),
    ) {
        // A TR2.23 user receives packets; only bytes from before its dialect was known are here.
        let hears = self.hears_from.is_some() && self.dialect == Dialect::Tr226;
        let mut at = self.hears_from.unwrap_or(0);
        for edit in &self.edits {
            if hears && edit.at > at {
                say(Stretch::Shared(shared, at..edit.at.min(shared.len())));
            }
            at = at.max(edit.at);
            match &edit.what {
                Splice::Insert(range) => say(Stretch::Own(private.get(range.clone()).unwrap_or_default())),
                Splice::Skip(length) => at = at.saturating_add(*length),
            }
        }
        if hears && at < shared.len() {
            say(Stretch::Shared(shared, at..shared.len()));
        }
    }

    /// Resets the plan after its round was written.
    pub(in crate::server) fn end_round(&mut self) {
        // A closing connection receives nothing more.
        self.hears_from = self.hears_from.filter(|_| !self.closing).and(Some(0));
        self.edits.clear();
        // Most connections receive few private bytes for a long time.
        self.edits.shrink_to(KEPT_EDITS);
        self.has_had_packets |= !std::mem::take(&mut self.packets).is_empty();
        self.bytes = 0;
        (self.touched, self.prompt) = (false, false);
    }
}

/// A slice of bytes for one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stretch<'a> {
    /// From the shared bytes.
    Shared(&'a [u8], Range<usize>),
    /// From its private bytes.
    Own(&'a [u8]),
}

impl<'a> Stretch<'a> {
    /// The bytes themselves.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        match self {
            Self::Shared(shared, range) => shared.get(range.clone()).unwrap_or_default(),
            Self::Own(own) => own,
        }
    }
}
