//! The drafts before the last changes, for Ctrl-_.
//!
//! Must not know: which key changed a draft.

use std::collections::VecDeque;

use super::editor::Editor;

/// The most changes that can be undone; beyond that, the oldest is dropped.
pub const MAX_UNDO: usize = 200;
/// The bytes that the kept drafts may take; beyond that, the oldest are dropped.
pub const MAX_UNDO_BYTES: usize = 1024 * 1024;

/// The earlier drafts, the newest last.
#[derive(Clone, Debug, Default)]
pub struct UndoStack {
    drafts: VecDeque<Editor>,
    bytes: usize,
    /// Whether the last change typed a letter: letters of one word are undone together.
    typing: bool,
}

impl UndoStack {
    /// Notes a change: the draft before it, and whether it typed a letter within a word.
    pub fn changed(&mut self, before: Editor, typed: bool) {
        if typed && self.typing {
            return;
        }
        self.typing = typed;
        self.bytes += before.len();
        self.drafts.push_back(before);
        while self.drafts.len() > MAX_UNDO || self.bytes > MAX_UNDO_BYTES && self.drafts.len() > 1 {
            self.bytes -= self.drafts.pop_front().map_or(0, |dropped| dropped.len());
        }
    }

    /// The cursor was moved: letters typed now are undone by themselves.
    pub fn rest(&mut self) {
        self.typing = false;
    }

    /// Takes the draft before the last change.
    pub fn undo(&mut self) -> Option<Editor> {
        self.typing = false;
        let draft = self.drafts.pop_back()?;
        self.bytes -= draft.len();
        Some(draft)
    }

    /// Forgets all changes: another draft is being written.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}
