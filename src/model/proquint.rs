//! Numbers as words that can be read out in any language: proquints (Wilkerson, "A Proposal for Proquints",
//! arXiv:0901.4016), such as `lusab-babad-gutih-tugad`.
//!
//! Must not know: what the numbers mean.

const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
const VOWELS: &[u8; 4] = b"aiou";
/// Letters in a word: consonants, with vowels between them.
const WORD_LETTERS: usize = 5;

/// The bytes as words of 16 bits each, joined by hyphens; an odd byte at the end is left out.
#[must_use]
pub fn proquints(bytes: &[u8]) -> String {
    let pairs = bytes.chunks_exact(2);
    let words: Vec<String> =
        pairs.map(|pair| proquint(pair.iter().fold(0, |word, &byte| word << 8 | u16::from(byte)))).collect();
    words.join("-")
}

/// Whether a text is this many such words, however they are joined and whatever their case.
#[must_use]
pub fn are_proquints(text: &str, words: usize) -> bool {
    let letters: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let kind = |(at, letter): (usize, &char)| {
        let letters: &[u8] = if (at % WORD_LETTERS).is_multiple_of(2) { CONSONANTS } else { VOWELS };
        u8::try_from(letter.to_ascii_lowercase()).is_ok_and(|letter| letters.contains(&letter))
    };
    letters.len() == words * WORD_LETTERS && letters.iter().enumerate().all(kind)
}

fn proquint(word: u16) -> String {
    let letter = |letters: &[u8], shift: u16| {
        let index = usize::from(word >> shift) % letters.len();
        letters.get(index).copied().map(char::from)
    };
    [letter(CONSONANTS, 12), letter(VOWELS, 10), letter(CONSONANTS, 6), letter(VOWELS, 4), letter(CONSONANTS, 0)]
        .into_iter()
        .flatten()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_however_they_are_typed() {
        let words = proquints(&[0, 1, 127, 255, 12, 34, 200, 100, 77, 78]);
        assert!(are_proquints(&words, 5), "{words}");
        for same in [words.to_uppercase(), words.replace('-', " "), words.replace('-', ""), format!(" {words}.")] {
            assert!(are_proquints(&same, 5), "{same}");
        }
        let short = words.get(1..).unwrap_or_default();
        for other in
            ["", "alice", "lusab-babad-gutih-tugad", short, &words.replace('-', "x"), "éusab-babad-gutih-tugad-mupov"]
        {
            assert!(!are_proquints(other, 5), "{other}");
        }
    }
}
