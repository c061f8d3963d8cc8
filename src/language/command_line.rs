//! What is wrong with a command line.
//!
//! Must not know: which options there are.

use std::fmt::Display;

use super::sentences;

sentences! {
    no_command {
        en: "no command given: 'tr2 serve' runs a server, 'tr2 join' opens the chat.",
        pt: "falta o comando: 'tr2 serve' inicia um servidor, 'tr2 join' abre o chat.",
    }
    did_you_mean(word: impl Display, known: impl Display, help: impl Display) {
        en: "'{word}' is unknown; did you mean '{known}'? See '{help}'.",
        pt: "'{word}' não existe; você quis dizer '{known}'? Veja '{help}'.",
    }
    unknown_word(word: impl Display, help: impl Display) {
        en: "'{word}' is unknown; see '{help}'.",
        pt: "'{word}' não existe; veja '{help}'.",
    }
    explained(problem: impl Display, help: impl Display) {
        en: "{problem} ('{help}' explains.)",
        pt: "{problem} (Veja '{help}'.)",
    }
    needs_value(option: impl Display) {
        en: "No value provided for option '{option}'.",
        pt: "Falta o valor da opção '{option}'.",
    }
    unneeded(word: impl Display) {
        en: "Unrecognized argument: {word}",
        pt: "Argumento desconhecido: {word}",
    }
    given_twice(option: impl Display) {
        en: "Option '{option}' is given twice.",
        pt: "A opção '{option}' foi dada mais de uma vez.",
    }
    wrong_language(language: impl Display) {
        en: "--lang needs en or pt, and not '{language}'",
        pt: "--lang aceita en ou pt, e não '{language}'",
    }
    not_utf8 {
        en: "the command line is not UTF-8 text",
        pt: "a linha de comando não é texto UTF-8",
    }
    cannot_print(error: impl Display) {
        en: "cannot write to standard output: {error}",
        pt: "não foi possível escrever na saída padrão: {error}",
    }
}
