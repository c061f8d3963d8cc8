//! The keys of a sender, one after the other: a new one whenever those who may read have changed. Whoever has left reads
//! nothing that is sealed after that, and whoever comes nothing that was sealed before.
//!
//! Must not know: who may read, or how they get the key.

use super::frame_key::{BaseKey, FrameKey, NoRandomness};

/// With one key no more packets are sealed: far below what AES-GCM bears, and years of pictures.
pub const MAX_SEALED: u64 = 1 << 32;

/// A sender's newest key.
#[derive(Debug)]
pub struct SenderKey {
    base: BaseKey,
    key: FrameKey,
    counter: u64,
}

impl SenderKey {
    /// The first key of a sender.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn first() -> Result<Self, NoRandomness> {
        Self::with_id(0)
    }

    /// Takes a new key in place of the one before, which is forgotten.
    ///
    /// # Errors
    /// [`NoRandomness`]; the key before stays, and must not be used any more.
    pub fn renew(&mut self) -> Result<(), NoRandomness> {
        *self = Self::with_id(self.key.id() + 1)?;
        Ok(())
    }

    fn with_id(id: u64) -> Result<Self, NoRandomness> {
        let base = BaseKey::random()?;
        let key = FrameKey::new(id, &base).ok_or(NoRandomness)?;
        Ok(Self { base, key, counter: 0 })
    }

    /// What those who may read are given: its ID and the secret.
    #[must_use]
    pub fn shared(&self) -> (u64, BaseKey) {
        (self.key.id(), self.base)
    }

    /// Seals a packet with these metadata; `None` after [`MAX_SEALED`] of them: a new key is needed.
    pub fn seal(&mut self, metadata: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
        let counter = Some(self.counter).filter(|counter| *counter < MAX_SEALED)?;
        self.counter += 1;
        self.key.seal(counter, metadata, plain)
    }
}
