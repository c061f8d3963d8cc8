//! What was cut, for Ctrl-Y and Alt-Y: successive cuts gather into one text, and a cut of nothing changes nothing.
//!
//! Must not know: what the text was cut from.

use std::collections::VecDeque;

/// The most bytes that gather in one text; the next cut begins another.
pub const MAX_KILL: usize = 64 * 1024;
/// The most texts that are kept; beyond that, the oldest is dropped.
pub const MAX_KILLS: usize = 16;

/// On which side of the cursor a text was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CutSide {
    /// Before the cursor: the next cut stands in front of it.
    Before,
    /// After the cursor: the next cut stands behind it.
    After,
}

/// The texts that were cut, the newest first.
#[derive(Clone, Debug, Default)]
pub struct KillRing {
    texts: VecDeque<String>,
    /// Whether the last key cut: the next cut is added to the same text.
    gathering: bool,
    /// The length in bytes of the text that the last key pasted, and its index.
    pasted: Option<(usize, usize)>,
}

impl KillRing {
    /// Takes a text that was cut; an empty one is ignored. At most [`MAX_KILL`] bytes gather in one text.
    pub fn cut(&mut self, text: String, side: CutSide) {
        self.pasted = None;
        if text.is_empty() {
            return;
        }
        let gathered = self.texts.front_mut().filter(|front| self.gathering && front.len() + text.len() <= MAX_KILL);
        match (gathered, side) {
            (Some(front), CutSide::Before) => front.insert_str(0, &text),
            (Some(front), CutSide::After) => front.push_str(&text),
            (None, _) => {
                self.texts.push_front(text);
                self.texts.truncate(MAX_KILLS);
            }
        }
        self.gathering = true;
    }

    /// Something else than a cut was done: the next cut begins another text.
    pub fn rest(&mut self) {
        self.gathering = false;
        self.pasted = None;
    }

    /// The text to paste: the one that was cut last. `None` if nothing was cut.
    pub fn paste(&mut self) -> Option<&str> {
        self.gathering = false;
        let newest = self.texts.front()?;
        self.pasted = Some((newest.len(), 0));
        Some(newest)
    }

    /// Directly after a paste: the length in bytes of what was pasted, and the text cut before it, which takes its place.
    pub fn paste_older(&mut self) -> Option<(usize, &str)> {
        let (length, at) = self.pasted?;
        let next = (at + 1) % self.texts.len().max(1);
        let text = self.texts.get(next)?;
        self.pasted = Some((text.len(), next));
        Some((length, text))
    }
}
