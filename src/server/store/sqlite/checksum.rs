//! The checksum over everything of a message that is shown or that decides who sees it; and over other rows that are
//! trusted.
//!
//! Must not know: where rows are read or written.

use crate::server::ids::RoomId;

/// What a message's checksum covers.
#[derive(Clone, Copy, Debug)]
pub(super) struct ChecksumInput<'a> {
    pub(super) id: i64,
    pub(super) time: i64,
    /// The sender's folded name.
    pub(super) author: &'a str,
    /// The sender's name as spelled.
    pub(super) signed: &'a str,
    /// The recipient's name as spelled.
    pub(super) dest: Option<&'a str>,
    pub(super) me_too: bool,
    pub(super) verified: bool,
    pub(super) reference: Option<&'a str>,
    pub(super) body: &'a str,
    /// The folded names of the two users who see it; empty if others do.
    pub(super) between: [&'a str; 2],
    /// The room whose members see it.
    pub(super) room: Option<RoomId>,
    /// The name of the user who deleted it, as spelled.
    pub(super) deleted: Option<&'a str>,
    /// The message that it answers.
    pub(super) reply: Option<i64>,
    /// When it was edited.
    pub(super) edited: Option<i64>,
    /// The number of its last change; 0 if there is none.
    pub(super) changed: i64,
}

impl ChecksumInput<'_> {
    /// The checksum as it stands in the row.
    pub(super) fn sum(&self) -> i64 {
        // Laid out first: one checksum of a long run of bytes is faster than many of short ones.
        let mut row = Vec::with_capacity(256 + self.body.len());
        row.extend_from_slice(&self.id.to_le_bytes());
        row.extend_from_slice(&self.time.to_le_bytes());
        row.push(u8::from(self.me_too) | u8::from(self.verified) << 1);
        let texts = [Some(self.author), Some(self.signed), self.dest, self.reference, Some(self.body)];
        texts.into_iter().chain(self.between.map(Some)).for_each(|text| add(&mut row, text));
        // Only if there is something to add: the checksums of rows from before there were rooms stay valid.
        if let Some(RoomId(room)) = self.room {
            row.extend_from_slice(b"room");
            row.extend_from_slice(&room.to_le_bytes());
        }
        if self.deleted.is_some() {
            row.extend_from_slice(b"gone");
            add(&mut row, self.deleted);
        }
        for (what, number) in [(b"repl", self.reply), (b"edit", self.edited)] {
            if let Some(number) = number {
                row.extend_from_slice(what);
                row.extend_from_slice(&number.to_le_bytes());
            }
        }
        if self.changed != 0 {
            row.extend_from_slice(b"chng");
            row.extend_from_slice(&self.changed.to_le_bytes());
        }
        i64::from(crc32fast::hash(&row))
    }
}

/// The checksum of a row that consists of numbers and texts.
pub(super) fn of_row(numbers: &[i64], texts: &[&str]) -> i64 {
    let mut row = Vec::new();
    numbers.iter().for_each(|number| row.extend_from_slice(&number.to_le_bytes()));
    texts.iter().for_each(|text| add(&mut row, Some(text)));
    i64::from(crc32fast::hash(&row))
}

/// The checksum of a row that consists of a number and bytes.
pub(super) fn of_bytes(number: i64, bytes: &[u8]) -> i64 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&number.to_le_bytes());
    hasher.update(bytes);
    i64::from(hasher.finalize())
}

/// Adds a text with its length before it, so that no two lists of texts have the same bytes.
fn add(row: &mut Vec<u8>, text: Option<&str>) {
    row.extend_from_slice(&text.map_or(u64::MAX, |text| text.len() as u64).to_le_bytes());
    row.extend_from_slice(text.unwrap_or_default().as_bytes());
}
