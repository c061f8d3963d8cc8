//! Numbers, texts and bytes of entries, written and read one after the other.
//!
//! Must not know: what they mean.

use bytes::{Buf, Bytes};

/// Why bytes are no entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// It is longer than [`MAX_ENTRY`](super::entry::MAX_ENTRY).
    #[error("an entry of {0} bytes is too long")]
    TooLong(usize),
    /// It was written without the secret, or has changed since.
    #[error("the entry was not written with this cluster's secret, or has changed since")]
    NotOurs,
    /// A node wrote it whose program is newer.
    #[error("the entry has format {0}, which this program does not know")]
    NewerFormat(u8),
    /// A part of it is not as it must be.
    #[error("the entry is malformed: {0}")]
    Malformed(&'static str),
}

const SHORT: EntryError = EntryError::Malformed("it ends too early");

/// Writes the parts of an entry.
pub(super) struct EntryWriter(Vec<u8>);

impl EntryWriter {
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self(Vec::with_capacity(capacity))
    }

    pub(super) fn u8(&mut self, number: u8) -> &mut Self {
        self.bytes(&[number])
    }

    pub(super) fn u16(&mut self, number: u16) -> &mut Self {
        self.bytes(&number.to_be_bytes())
    }

    pub(super) fn u32(&mut self, number: u32) -> &mut Self {
        self.bytes(&number.to_be_bytes())
    }

    pub(super) fn u64(&mut self, number: u64) -> &mut Self {
        self.bytes(&number.to_be_bytes())
    }

    /// Bytes whose number stands in one byte before them; at most 255.
    pub(super) fn short(&mut self, bytes: &[u8]) -> &mut Self {
        self.u8(u8::try_from(bytes.len()).unwrap_or(u8::MAX)).bytes(bytes)
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.0
    }
}

/// Reads the parts of an entry, and never beyond its end.
pub(super) struct EntryReader(Bytes);

impl EntryReader {
    pub(super) fn new(bytes: Bytes) -> Self {
        Self(bytes)
    }

    pub(super) fn u8(&mut self) -> Result<u8, EntryError> {
        self.0.try_get_u8().map_err(|_| SHORT)
    }

    pub(super) fn u16(&mut self) -> Result<u16, EntryError> {
        self.0.try_get_u16().map_err(|_| SHORT)
    }

    pub(super) fn u32(&mut self) -> Result<u32, EntryError> {
        self.0.try_get_u32().map_err(|_| SHORT)
    }

    pub(super) fn u64(&mut self) -> Result<u64, EntryError> {
        self.0.try_get_u64().map_err(|_| SHORT)
    }

    pub(super) fn array(&mut self) -> Result<[u8; 32], EntryError> {
        let mut array = [0; 32];
        self.0.try_copy_to_slice(&mut array).map_err(|_| SHORT)?;
        Ok(array)
    }

    pub(super) fn take(&mut self, length: usize) -> Result<Bytes, EntryError> {
        if length > self.0.len() {
            return Err(SHORT);
        }
        Ok(self.0.split_to(length))
    }

    /// A text whose length stands in one byte before it.
    pub(super) fn short_text(&mut self) -> Result<String, EntryError> {
        let length = self.u8()?;
        self.text(length.into())
    }

    /// A text whose length stands in two bytes before it.
    pub(super) fn long_text(&mut self) -> Result<String, EntryError> {
        let length = self.u16()?;
        self.text(length.into())
    }

    fn text(&mut self, length: usize) -> Result<String, EntryError> {
        String::from_utf8(self.take(length)?.into()).map_err(|_| EntryError::Malformed("a text is not UTF-8"))
    }

    pub(super) fn end(self) -> Result<(), EntryError> {
        if self.0.is_empty() { Ok(()) } else { Err(EntryError::Malformed("there is something after its end")) }
    }
}
