//! What one connection hears in a round: the bytes that everyone hears, and where its view of them differs.
//!
//! Must not know: who says what, or sockets.

use std::ops::Range;
use std::sync::Arc;

use crate::model::Name;
use crate::protocol::Dialect;

/// Room for edits that a plan keeps between rounds.
const KEPT_EDITS: usize = 2;

/// What one connection hears in this round.
#[derive(Debug)]
pub struct DeliveryPlan {
    pub(in crate::server) dialect: Dialect,
    /// The user's name, or the one that was asked for.
    pub(in crate::server) name: Option<Name>,
    /// From where in the shared bytes it hears everything; `None` if it hears no broadcasts.
    pub(in crate::server) hears_from: Option<usize>,
    edits: Vec<Edit>,
    pub(in crate::server) packets: Vec<Arc<[u8]>>,
    /// Bytes of its own in this round.
    pub(in crate::server) bytes: usize,
    pub(in crate::server) closing: bool,
    pub(in crate::server) touched: bool,
    /// Whether it hears more than that its messages were accepted.
    pub(in crate::server) prompt: bool,
}

/// Where a connection's view differs from the shared bytes.
#[derive(Debug)]
struct Edit {
    at: usize,
    what: Splice,
}

#[derive(Debug)]
enum Splice {
    /// These bytes of its own come in between.
    Insert(Range<usize>),
    /// So many shared bytes are not for it.
    Skip(usize),
}

impl Default for DeliveryPlan {
    fn default() -> Self {
        Self {
            dialect: Dialect::Tr226,
            name: None,
            hears_from: None,
            edits: Vec::new(),
            packets: Vec::new(),
            bytes: 0,
            closing: false,
            touched: false,
            prompt: false,
        }
    }
}

impl DeliveryPlan {
    /// Whether it hears packets, not lines.
    #[must_use]
    pub fn is_original(&self) -> bool {
        self.dialect == Dialect::Tr223
    }

    /// Whether more is for it in this one round than may wait for it at all, `most`; the rest was left out.
    #[must_use]
    pub fn is_over(&self, most: usize) -> bool {
        self.bytes > most
    }

    /// Whether it is to hear this round at once: it is told more than that its messages were accepted.
    #[must_use]
    pub fn is_prompt(&self) -> bool {
        self.prompt
    }

    /// Whether the connection ends after this round.
    #[must_use]
    pub fn is_closing(&self) -> bool {
        self.closing
    }

    /// The packets of a TR2.23 connection, to be written apart from one another.
    #[must_use]
    pub fn packets(&self) -> &[Arc<[u8]>] {
        &self.packets
    }

    /// Has a range of the private bytes come in at `at`.
    pub(in crate::server) fn insert(&mut self, at: usize, range: Range<usize>) {
        self.bytes += range.len();
        match self.edits.last_mut() {
            Some(Edit { at: last, what: Splice::Insert(before) }) if *last == at && before.end == range.start => {
                before.end = range.end;
            }
            _ => self.edits.push(Edit { at, what: Splice::Insert(range) }),
        }
    }

    /// So many of the shared bytes from `at` on are not for it.
    pub(in crate::server) fn skip(&mut self, at: usize, length: usize) {
        self.edits.push(Edit { at, what: Splice::Skip(length) });
    }

    /// Its stretches of the shared and the private bytes, in order.
    pub(in crate::server) fn stretches<'a>(
        &'a self,
        shared: &'a [u8],
        private: &'a [u8],
        mut say: impl FnMut(Stretch<'a>),
    ) {
        // A TR2.23 user hears everything in packets; only what was said before its dialect was known stands here.
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

    /// Has heard all of it.
    pub(in crate::server) fn end_round(&mut self) {
        // One that is closing has heard its last.
        self.hears_from = self.hears_from.filter(|_| !self.closing).and(Some(0));
        self.edits.clear();
        // Most connections hear little of their own for a long time.
        self.edits.shrink_to(KEPT_EDITS);
        self.packets = Vec::new();
        self.bytes = 0;
        (self.touched, self.prompt) = (false, false);
    }
}

/// A stretch of bytes for one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stretch<'a> {
    /// A part of the shared bytes.
    Shared(&'a [u8], Range<usize>),
    /// Bytes of its own.
    Own(&'a [u8]),
}

impl<'a> Stretch<'a> {
    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        match self {
            Self::Shared(shared, range) => shared.get(range.clone()).unwrap_or_default(),
            Self::Own(own) => own,
        }
    }
}
