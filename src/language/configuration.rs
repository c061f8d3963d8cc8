//! Configuration files, and the check of the client's.
//!
//! Must not know: which keys a file has.

use std::fmt::Display;

use super::sentences;

sentences! {
    unreadable(error: impl Display) {
        en: "the configuration cannot be read: {error}",
        pt: "não foi possível ler a configuração: {error}",
    }
    not_utf8 { en: "this is not UTF-8 text", pt: "isto não é texto UTF-8" }
    changing {
        en: "it changed while it was being read; try again once it is written",
        pt: "ele mudou enquanto era lido; tente de novo quando estiver gravado",
    }
    not_a_file { en: "it is not a regular file", pt: "não é um arquivo comum" }
    too_large(max_file: impl Display) {
        en: "it has more than {max_file} bytes",
        pt: "tem mais de {max_file} bytes",
    }
    not_toml(why: impl Display) { en: "not valid TOML: {why}", pt: "TOML inválido: {why}" }
    no_line_feed {
        en: "the file does not end with a line feed; it may be incomplete",
        pt: "o arquivo não termina com fim de linha; pode estar incompleto",
    }
    must_be_table(table: impl Display) {
        en: "must be a table, as in [{table}]",
        pt: "deve ser uma tabela, como em [{table}]",
    }
    must_be_as_in(what: impl Display, name: impl Display, sample: impl Display) {
        en: "must be {what}, as in {name} = {sample}",
        pt: "deve ser {what}, como em {name} = {sample}",
    }
    smaller_number { en: "a smaller number", pt: "um número menor" }
    unknown_key_near(shown: impl Display, near: impl Display) {
        en: "unknown key '{shown}'; did you mean '{near}'?",
        pt: "chave desconhecida '{shown}'; você quis dizer '{near}'?",
    }
    unknown_key(shown: impl Display, manual: impl Display) {
        en: "unknown key '{shown}'; {manual} lists the keys",
        pt: "chave desconhecida '{shown}'; {manual} lista as chaves",
    }
    a_text { en: "a text in quotes", pt: "um texto entre aspas" }
    a_list { en: "a list of texts", pt: "uma lista de textos" }
    a_switch { en: "true or false", pt: "true ou false" }
    a_number { en: "a whole number", pt: "um número inteiro" }
    a_text_or_list {
        en: "a text in quotes or a list of texts",
        pt: "um texto entre aspas ou uma lista de textos",
    }
    file_unreadable(path: impl Display, error: impl Display) {
        en: "{path} cannot be read: {error}",
        pt: "não foi possível ler {path}: {error}",
    }
    folder_unmakeable(folder: impl Display, error: impl Display) {
        en: "{folder} cannot be made: {error}",
        pt: "não foi possível criar {folder}: {error}",
    }
    file_unwritable(path: impl Display, error: impl Display) {
        en: "{path} cannot be written: {error}",
        pt: "não foi possível gravar {path}: {error}",
    }
    set_by_hand(path: impl Display, key: impl Display, value: impl Display) {
        en: "{path} is written in a way that cannot be changed safely; set {key} to {value} by hand",
        pt: "{path} está escrito de um modo que não dá para mudar com segurança; ponha {key} em {value} à mão",
    }
    remove_by_hand(path: impl Display, key: impl Display) {
        en: "{path} is written in a way that cannot be changed safely; remove {key} by hand",
        pt: "{path} está escrito de um modo que não dá para mudar com segurança; remova {key} à mão",
    }
    no_file { en: "no configuration file", pt: "nenhum arquivo de configuração" }
    known_servers { en: "the list of known servers", pt: "a lista de servidores conhecidos" }
    your_key { en: "your key", pt: "a sua chave" }
    cannot_print(error: impl Display) {
        en: "cannot write to standard output: {error}",
        pt: "não foi possível escrever na saída padrão: {error}",
    }
    fine(checked: impl Display) { en: "{checked}: fine.", pt: "{checked}: tudo certo." }
    fine_with_server(checked: impl Display, server: impl Display) {
        en: "{checked}: fine; the server is {server}.",
        pt: "{checked}: tudo certo; o servidor é {server}.",
    }
}
