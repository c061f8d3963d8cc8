//! The sum over everything of a message that is shown or decides who sees it.
//!
//! Must not know: where rows are read or written.

use crc32fast::Hasher;

/// What the sum is over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sealed<'a> {
    pub(super) id: i64,
    pub(super) time: i64,
    /// The sender's key.
    pub(super) author: &'a str,
    /// The sender as spelled.
    pub(super) signed: &'a str,
    /// The recipient as spelled.
    pub(super) dest: Option<&'a str>,
    pub(super) me_too: bool,
    pub(super) verified: bool,
    pub(super) reference: Option<&'a str>,
    pub(super) body: &'a str,
    /// The keys of the two who see it; empty where everyone does.
    pub(super) between: [&'a str; 2],
}

impl Sealed<'_> {
    /// The sum, as it stands in the row.
    pub(super) fn sum(&self) -> i64 {
        let mut sum = Hasher::new();
        sum.update(&self.id.to_le_bytes());
        sum.update(&self.time.to_le_bytes());
        sum.update(&[u8::from(self.me_too) | u8::from(self.verified) << 1]);
        let texts = [Some(self.author), Some(self.signed), self.dest, self.reference, Some(self.body)];
        for text in texts.into_iter().chain(self.between.map(Some)) {
            // With its length before it, so that no two rows of texts are the same bytes.
            sum.update(&text.map_or(u64::MAX, |text| text.len() as u64).to_le_bytes());
            sum.update(text.unwrap_or_default().as_bytes());
        }
        i64::from(sum.finalize())
    }
}
