//! What is wrong with a command line.
//!
//! Must not know: which options there are.

use std::fmt::Display;

use super::sentences;

sentences! {
    type_code { en: "Invitation code:", pt: "Código de convite:" }
    no_code {
        en: "no code given: --code - reads it from the first line of standard input.",
        pt: "falta o código: --code - lê a primeira linha da entrada padrão.",
    }
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
    timeout_alone {
        en: "--timeout is for --wait and --tail",
        pt: "--timeout só vale com --wait ou --tail",
    }
    wrong_fingerprint(why: impl Display) { en: "--fingerprint: {why}", pt: "--fingerprint: {why}" }
    fingerprint_is_for_tls(server: impl Display) {
        en: "--fingerprint is for tls://; {server} has no key",
        pt: "--fingerprint é para tls://; {server} não tem chave",
    }
    servers_of_two_kinds(one: impl Display, other: impl Display) {
        en: "the servers of a chat are of one kind, all tls:// for instance, and not {one} and {other}",
        pt: "os servidores de um chat são de um só tipo, todos tls:// por exemplo, e não {one} e {other}",
    }
    too_many_servers(most: usize) {
        en: "at most {most} servers can be named",
        pt: "podem ser indicados no máximo {most} servidores",
    }
    no_home_for_keys {
        en: "there is no home folder for your keys; set HOME",
        pt: "não há pasta pessoal para as suas chaves; defina HOME",
    }
    wrong_option(option: impl Display, why: impl Display) { en: "{option}: {why}", pt: "{option}: {why}" }
    wrong_place(place: impl Display, why: impl Display) {
        en: "--to {place}: {why}",
        pt: "--to {place}: {why}",
    }
    needs_number(option: impl Display, most: impl Display, text: impl Display) {
        en: "{option} needs a number from 1 to {most}, and not '{text}'",
        pt: "{option} precisa de um número de 1 a {most}, e não '{text}'",
    }
}
