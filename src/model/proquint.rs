//! Numbers as words that can be read out in any language: proquints (Wilkerson, "A Proposal for Proquints",
//! arXiv:0901.4016), such as `lusab-babad-gutih-tugad`.
//!
//! Must not know: what the numbers mean.

/// The bytes as words of 16 bits each, joined by hyphens; an odd byte at the end is left out.
#[must_use]
pub fn proquints(bytes: &[u8]) -> String {
    let pairs = bytes.chunks_exact(2);
    let words: Vec<String> =
        pairs.map(|pair| proquint(pair.iter().fold(0, |word, &byte| word << 8 | u16::from(byte)))).collect();
    words.join("-")
}

fn proquint(word: u16) -> String {
    const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
    const VOWELS: &[u8; 4] = b"aiou";
    let letter = |letters: &[u8], shift: u16| {
        let index = usize::from(word >> shift) % letters.len();
        letters.get(index).copied().map(char::from)
    };
    [letter(CONSONANTS, 12), letter(VOWELS, 10), letter(CONSONANTS, 6), letter(VOWELS, 4), letter(CONSONANTS, 0)]
        .into_iter()
        .flatten()
        .collect()
}
