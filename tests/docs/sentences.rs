//! What the client says stands in the catalogue of sentences, and nowhere else. The test reads the sources as text.

use crate::sources::{Source, assert_none, sources};

/// Literals that look like sentences and are none for people, or not in the catalogue for a reason.
const EXCEPTIONS: [(&str, &str, &str); 17] = [
    ("client/action/", "NAME TEXT", "arguments, translated by `language::arguments`"),
    ("client/action/", "NAME FILE", "arguments, as above"),
    ("client/action/", "REASON", "arguments, translated by `language::arguments`"),
    ("client/action/", "[PASSPHRASE | in TIME because TEXT | off]", "arguments, as above"),
    ("client/action/writing.rs", "Up, Down", "names of keys"),
    ("client/action/writing.rs", "Esc Esc", "names of keys"),
    ("client/action/mod.rs", "the table says what each does", "the reason of a lint"),
    ("client/dialogs/filled.rs", "each is what the dialog of its name asks for", "the reason of a lint"),
    ("client/dialogs/open.rs", "the functions that make the dialogs say what each is", "the reason of a lint"),
    ("client/key.rs", "each is the key it is named after", "the reason of a lint"),
    ("client/link/keyring.rs", "There is a list of known servers.", "in a file"),
    ("client/link/people_list.rs", "There is a list of known people.", "in a file"),
    ("client/direct/talk.rs", "", "faults of another program, which nothing shows to people yet"),
    ("client/text/json.rs", "", "for programs, the same in all languages"),
    ("client/tui/look.rs", "windows terminal", "the name of a program"),
    ("client/tui/external_editor.rs", "the edited text cannot be removed: {error}", "in the log"),
    ("client/tui/output.rs", "the terminal cannot be written: {error}", "in the log"),
];

/// An abbreviation ends with a full stop that is none of a sentence.
const ABBREVIATED: &str = "Fechar serv.";

/// The string literals of a source, without comments and its tests, each with its line.
fn literals(source: &Source) -> Vec<(usize, String)> {
    let text = source.text.split("#[cfg(test)]").next().unwrap();
    let mut found = Vec::new();
    let mut rest = text.char_indices().peekable();
    let line = |at: usize| text[..at].matches('\n').count() + 1;
    while let Some((at, c)) = rest.next() {
        match c {
            '/' if text[at..].starts_with("//") => while rest.next_if(|(_, c)| *c != '\n').is_some() {},
            // A character, and no lifetime.
            '\'' => {
                let mut ahead = text[at + 1..].chars();
                let length = match (ahead.next(), ahead.next()) {
                    (Some('\\'), _) => text[at + 3..].find('\'').map(|end| text[at..at + 4 + end].chars().count()),
                    (Some(_), Some('\'')) => Some(3),
                    _ => None,
                };
                for _ in 1..length.unwrap_or(1) {
                    rest.next();
                }
            }
            '"' => {
                let mut literal = String::new();
                while let Some((_, c)) = rest.next() {
                    match c {
                        '"' => break,
                        '\\' => match rest.next() {
                            // The literal goes on in the next line.
                            Some((_, '\n')) => while rest.next_if(|(_, c)| c.is_whitespace()).is_some() {},
                            Some((_, escaped)) => literal.extend(['\\', escaped]),
                            None => {}
                        },
                        c => literal.push(c),
                    }
                }
                found.push((line(at), literal));
            }
            _ => {}
        }
    }
    found
}

/// Whether two words follow each other.
fn is_sentence(literal: &str) -> bool {
    let mut outside = String::new();
    let mut depth = 0;
    for c in literal.chars() {
        depth += usize::from(c == '{');
        outside.extend((depth == 0).then_some(c));
        depth -= usize::from(c == '}' && depth > 0);
    }
    let is_word = |word: &str| {
        let word = word.trim_matches(|c: char| ",.;:?!()'\"\\".contains(c));
        word.len() > 1 && word.chars().all(|c| c.is_ascii_alphabetic() || "'|".contains(c))
    };
    let words: Vec<&str> = outside.split(' ').collect();
    words.windows(2).any(|pair| pair.iter().all(|word| is_word(word)))
}

#[test]
fn literals_are_found_and_told_apart() {
    let text = "//! Not this \"one here\".\nlet a = 'x'; let b = '\"'; f(\"two words\", '\\'', \"one\\\n     line\"); // \"nor that\"\n";
    let source = Source { path: String::new(), text: text.to_owned(), code: String::new() };
    assert_eq!(literals(&source), [(2, "two words".to_owned()), (2, "oneline".to_owned())]);
    let sentences = ["two words", "You are {name}, are you.", "closes in {} days at most"];
    assert!(sentences.iter().all(|text| is_sentence(text)));
    let none = ["one", "{a} {b}", "/join {room}", "{count} ms", "a b", "-F none", "xterm-256color"];
    assert_eq!(none.iter().filter(|text| is_sentence(text)).count(), 0);
}

#[test]
fn the_sentences_of_the_client_stand_in_the_catalogue() {
    let all = sources();
    let client: Vec<&Source> = all.iter().filter(|source| source.path.starts_with("client/")).collect();
    let mut used = [false; EXCEPTIONS.len()];
    let mut outside = Vec::new();
    for source in client {
        for (line, literal) in literals(source).into_iter().filter(|(_, literal)| is_sentence(literal)) {
            let excepted =
                EXCEPTIONS.iter().position(|(place, text, _)| source.path.starts_with(place) && literal.contains(text));
            match excepted {
                Some(at) => used[at] = true,
                None => outside.push(format!("src/{}:{line}: {literal}", source.path)),
            }
        }
    }
    assert_none("a sentence stands in src/language, with both of its languages", outside.into_iter());
    let useless =
        EXCEPTIONS.iter().zip(used).filter(|(_, used)| !used).map(|((place, text, _), _)| format!("{place} {text}"));
    assert_none("an exception excepts something", useless);
}

#[test]
fn words_on_the_screen_come_from_the_catalogue() {
    let all = sources();
    let mut outside = Vec::new();
    for source in all.iter().filter(|source| source.path.starts_with("client/")) {
        for (number, line) in source.code.lines().enumerate() {
            for (at, _) in line.match_indices("Scope::") {
                let after = line[at..].split_once(", ").map_or("", |(_, after)| after);
                let literal = after.strip_prefix('"').or_else(|| after.strip_prefix("format!(\"")).unwrap_or_default();
                let literal = literal.split('"').next().unwrap_or_default();
                let said = literal.split('{').map(|part| part.rsplit('}').next().unwrap_or_default());
                if said.flat_map(str::chars).filter(|c| c.is_alphabetic()).count() > 2 {
                    outside.push(format!("src/{}:{}: {literal}", source.path, number + 1));
                }
            }
        }
    }
    assert_none("a word on the screen stands in src/language", outside.into_iter());
}

#[test]
fn both_languages_of_a_sentence_are_punctuated_alike() {
    let all = sources();
    let mut broken = Vec::new();
    let mut count = 0;
    for source in all.iter().filter(|source| source.path.starts_with("language/")) {
        let Some((_, entries)) = source.text.split_once("sentences! {\n") else { continue };
        for entry in entries.split(" en: ").skip(1) {
            let Some((english, portuguese)) = entry.split_once(" pt: ") else { continue };
            let texts = |part: &str| {
                let source = Source { path: String::new(), text: part.to_owned(), code: String::new() };
                literals(&source).into_iter().map(|(_, literal)| literal).collect::<Vec<_>>()
            };
            let english = texts(english);
            let portuguese: Vec<String> = texts(portuguese).into_iter().take(english.len()).collect();
            let ends = |text: &String| {
                let last = text.chars().next_back().filter(|c| ".:;,?… ".contains(*c) && text != ABBREVIATED);
                (text.is_empty(), text.starts_with(' '), last)
            };
            count += 1;
            if english.is_empty() || english.iter().map(ends).ne(portuguese.iter().map(ends)) {
                broken.push(format!("src/{}: {english:?} {portuguese:?}", source.path));
            }
        }
    }
    assert!(count > 500, "{count} sentences were found");
    assert_none("a sentence ends alike in both languages", broken.into_iter());
}
