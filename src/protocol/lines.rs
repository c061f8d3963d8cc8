//! Cuts a stream of bytes into lines of bounded length.
//!
//! Must not know: what a line means; `frame` checks it.

use memchr::{memchr, memrchr};

use super::limits::MAX_FRAME;

/// The end of a line that was cut. Its space keeps a CR in front from being taken for the end of the line.
const CUT: &[u8] = b" \n";

/// Collects whole lines. Holds no memory between lines, and never more than the length of one frame.
///
/// A line longer than a frame comes out cut, as soon as it passes the limit and at the same byte however it was read,
/// so that the parser finds it too long; the rest of it is dropped.
#[derive(Debug, Default)]
pub struct Lines {
    carry: Vec<u8>,
    skipping: bool,
}

impl Lines {
    /// An empty collector.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes bytes that were read, and appends to `whole` each line that is now complete, with its LF.
    pub fn push(&mut self, mut chunk: &[u8], whole: &mut Vec<u8>) {
        if let Some(last) = memrchr(b'\n', chunk) {
            whole.reserve(self.carry.len() + last + 1);
        }
        while let Some(at) = memchr(b'\n', chunk) {
            let (line, rest) = chunk.split_at(at + 1);
            chunk = rest;
            if !self.skipping {
                self.carry_on(line, whole);
            }
            self.skipping = false;
        }
        if self.skipping || chunk.is_empty() {
            return;
        }
        if self.carry.len() + chunk.len() < MAX_FRAME {
            self.carry.extend_from_slice(chunk);
        } else {
            self.skipping = true;
            self.carry_on(chunk, whole);
        }
    }

    /// The bytes of an incomplete line.
    #[must_use]
    pub fn pending(&self) -> &[u8] {
        &self.carry
    }

    /// Takes the bytes of an incomplete line.
    #[must_use]
    pub(crate) fn take_pending(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.carry)
    }

    /// Appends the carried bytes and `line`, cut if they are too long together.
    fn carry_on(&mut self, line: &[u8], whole: &mut Vec<u8>) {
        let fits = self.carry.len() + line.len() <= MAX_FRAME && line.ends_with(b"\n");
        let room = MAX_FRAME.saturating_sub(self.carry.len());
        whole.append(&mut self.take_pending());
        if fits {
            whole.extend_from_slice(line);
        } else {
            whole.extend_from_slice(line.get(..room).unwrap_or(line));
            whole.extend_from_slice(CUT);
        }
    }
}

/// The lines of `whole`, each without its LF and without a CR in front of it.
pub fn each(whole: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = whole;
    std::iter::from_fn(move || {
        let end = memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
        let (line, more) = rest.split_at_checked(end).filter(|(line, _)| !line.is_empty())?;
        rest = more;
        Some(line)
    })
    .map(|line| line.strip_suffix(b"\n").unwrap_or(line))
    .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}
