//! The hash chain over the log: one value for each position, which stands for everything up to there.
//!
//! It covers every entry as it came, also those that do not count or cannot be read. Two nodes with the same value at a
//! position have read the same log up to there, byte for byte.
//!
//! Must not know: what an entry means.

use std::collections::VecDeque;
use std::fmt;

use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};

/// The positions of which a [`Chain`] remembers the values, to compare them with what other nodes say.
pub const REMEMBERED: usize = 16_384;

/// The value of the chain at a position.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChainValue(pub [u8; 32]);

impl ChainValue {
    /// The value before the first entry, from the name of the chat: the logs of two chats have nothing in common.
    #[must_use]
    pub fn founded(chat: &str) -> Self {
        let mut context = Context::new(&SHA256);
        context.update(b"tr2 log ");
        context.update(chat.as_bytes());
        Self::finished(context)
    }

    /// The value at `position`, whose entry is `bytes`: SHA-256 of this value, the position in eight bytes, and the entry.
    #[must_use]
    pub fn next(&self, position: u64, bytes: &[u8]) -> Self {
        let mut context = Context::new(&SHA256);
        context.update(&self.0);
        context.update(&position.to_be_bytes());
        context.update(bytes);
        Self::finished(context)
    }

    fn finished(context: Context) -> Self {
        let mut value = [0; 32];
        value.iter_mut().zip(context.finish().as_ref()).for_each(|(to, from)| *to = *from);
        Self(value)
    }
}

impl fmt::Display for ChainValue {
    /// The first eight bytes in hexadecimal: enough to tell two values apart by eye.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().take(8).try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ChainValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The newest values of the chain.
#[derive(Clone, Debug)]
pub struct Chain {
    /// The position of the last value.
    position: u64,
    values: VecDeque<ChainValue>,
}

impl Chain {
    /// A chain that goes on from a position.
    #[must_use]
    pub fn resumed(position: u64, value: ChainValue) -> Self {
        Self { position, values: VecDeque::from([value]) }
    }

    /// Adds the value of the next position.
    pub fn push(&mut self, value: ChainValue) {
        self.position += 1;
        self.values.push_back(value);
        if self.values.len() > REMEMBERED {
            self.values.pop_front();
        }
    }

    /// The value at a position, if it is remembered.
    #[must_use]
    pub fn at(&self, position: u64) -> Option<ChainValue> {
        let back = usize::try_from(self.position.checked_sub(position)?).ok()?;
        self.values.get(self.values.len().checked_sub(back + 1)?).copied()
    }
}
