//! The arguments of commands as the help shows them: words in capitals, which stand for what is written there.
//!
//! Must not know: which command takes which.

use std::borrow::Cow;

use super::{Language, current};

/// The words, in English and in Portuguese.
pub const WORDS: [(&str, &str); 20] = [
    ("ACTION", "AÇÃO"),
    ("COUNT", "QUANTAS"),
    ("FILE", "ARQUIVO"),
    ("ID", "ID"),
    ("KEY", "CHAVE"),
    ("N", "N"),
    ("NAME", "NOME"),
    ("NUMBER", "NÚMERO"),
    ("PASSPHRASE", "SENHA"),
    ("REACTION", "REAÇÃO"),
    ("REASON", "MOTIVO"),
    ("ROOM", "SALA"),
    ("SECONDS", "SEGUNDOS"),
    ("SIGN", "SINAL"),
    ("TEXT", "TEXTO"),
    ("TIME", "TEMPO"),
    ("VALUE", "VALOR"),
    ("WHOM", "QUEM"),
    ("WORD", "PALAVRA"),
    ("WORDS", "PALAVRAS"),
];

/// Arguments in the language of the process. What is not in capitals is written as it stands.
pub(crate) fn said(arguments: &'static str) -> Cow<'static, str> {
    if current() == Language::English {
        return Cow::Borrowed(arguments);
    }
    let word = |word: &str| WORDS.iter().find(|(english, _)| *english == word).map(|(_, portuguese)| *portuguese);
    let mut said = String::with_capacity(arguments.len());
    for part in arguments.split_inclusive(|c: char| !c.is_ascii_uppercase()) {
        let end = part.trim_end_matches(|c: char| !c.is_ascii_uppercase()).len();
        let (capitals, rest) = part.split_at(end);
        said.push_str(word(capitals).unwrap_or(capitals));
        said.push_str(rest);
    }
    Cow::Owned(if current() == Language::PlainPortuguese { super::accents::without(&said) } else { said })
}
