//! The terminal, the standard streams, the editor, and the lines of plain mode.
//!
//! Must not know: how a terminal is spoken to.

use std::fmt::Display;

use super::sentences;

sentences! {
    no_clipboard {
        en: "This terminal has no clipboard; nothing was copied.",
        pt: "Este terminal não tem área de transferência; nada foi copiado.",
    }
    too_long_to_copy(most: impl Display) {
        en: "The text is too long for a terminal's clipboard ({most} kB); nothing was copied.",
        pt: "O texto é longo demais para a área de transferência de um terminal ({most} kB); nada foi copiado.",
    }
    editor_no_file(error: impl Display) {
        en: "The text cannot be put into a file: {error}.",
        pt: "Não foi possível pôr o texto em um arquivo: {error}.",
    }
    editor_no_start(name: impl Display, error: impl Display) {
        en: "The editor {name} cannot be started: {error}.",
        pt: "O editor {name} não pôde ser iniciado: {error}.",
    }
    editor_unawaited { en: "nobody waited for it", pt: "ninguém esperou por ele" }
    no_editor(name: impl Display) {
        en: "There is no editor {name}: set VISUAL or EDITOR to the one you use.",
        pt: "O editor {name} não existe: ponha em VISUAL ou EDITOR o que você usa.",
    }
    editor_status(name: impl Display, status: impl Display) {
        en: "The editor {name} ended with status {status}.",
        pt: "O editor {name} terminou com status {status}.",
    }
    editor_killed(name: impl Display) {
        en: "The editor {name} was killed.",
        pt: "O editor {name} foi morto.",
    }
    editor_lost(name: impl Display, error: impl Display) {
        en: "The editor {name} was lost: {error}.",
        pt: "O editor {name} se perdeu: {error}.",
    }
    text_as_it_was(why: impl Display) {
        en: "{why} Your text is as it was.",
        pt: "{why} Seu texto está como antes.",
    }
    edited_unreadable(error: impl Display) {
        en: "The edited text cannot be read: {error}. Your text is as it was.",
        pt: "Não foi possível ler o texto editado: {error}. Seu texto está como antes.",
    }
    edited_too_long(max_edited: impl Display) {
        en: "The edited text is longer than {max_edited} bytes. Your text is as it was.",
        pt: "O texto editado tem mais de {max_edited} bytes. Seu texto está como antes.",
    }
    editor_is_open { en: "Your editor is open already.", pt: "Seu editor já está aberto." }
    terminal_lost(error: impl Display) {
        en: "The terminal is lost: {error}.",
        pt: "O terminal se perdeu: {error}.",
    }
    why_terminal_lost(why: impl Display, error: impl Display) {
        en: "{why} The terminal is lost: {error}.",
        pt: "{why} O terminal se perdeu: {error}.",
    }
    input_unreadable(error: impl Display) {
        en: "Standard input cannot be read: {error}.",
        pt: "Não foi possível ler a entrada padrão: {error}.",
    }
    output_unwritable(error: impl Display) {
        en: "Standard output cannot be written: {error}.",
        pt: "Não foi possível escrever na saída padrão: {error}.",
    }
    cannot_be_reached(server: impl Display, error: impl Display) {
        en: "{server} cannot be reached: {error}",
        pt: "{server} não pode ser alcançado: {error}",
    }
    sent_not_remembered(path: impl Display, error: impl Display) {
        en: "What you send is not remembered for the next time: the file {path} cannot be used: {error}.",
        pt: "O que você envia não fica guardado para a próxima vez: não é possível usar o arquivo {path}: {error}.",
    }
    sent_line_damaged(line: impl Display) {
        en: "line {line} is damaged; remove the file",
        pt: "a linha {line} está danificada; remova o arquivo",
    }
    order_not_kept(path: impl Display, error: impl Display) {
        en: "The order of your conversations is not kept for the next time: the file {path} cannot be used: {error}.",
        pt: "A ordem das suas conversas não fica guardada para a próxima vez: não é possível usar o arquivo {path}: {error}.",
    }
    order_damaged(path: impl Display) {
        en: "The file {path} is damaged: the order of your conversations begins anew.",
        pt: "O arquivo {path} está danificado: a ordem das suas conversas recomeça.",
    }
    mention_mark { en: "[mention] ", pt: "[menção] " }
    to_you { en: " -> you", pt: " -> você" }
    accepted { en: "accepted", pt: "aceita" }
    online_as(name: impl Display) { en: "* online as {name}", pt: "* online como {name}" }
    offline_because(why: impl Display) { en: "* offline: {why}", pt: "* offline: {why}" }
    new_line { en: "--- new ---", pt: "--- novas ---" }
    edited(time: impl Display, who: impl Display, text: impl Display) {
        en: "{time}{who}: edited: {text}",
        pt: "{time}{who}: editada: {text}",
    }
    deleted(time: impl Display, who: impl Display) {
        en: "{time}{who} deleted a message",
        pt: "{time}{who} apagou uma mensagem",
    }
    reacted(time: impl Display, who: impl Display, reaction: impl Display, words: impl Display) {
        en: "{time}{who} reacted {reaction} to: \"{words}\"",
        pt: "{time}{who} reagiu {reaction} a: \"{words}\"",
    }
    reacted_to_one_by(time: impl Display, who: impl Display, reaction: impl Display, author: impl Display) {
        en: "{time}{who} reacted {reaction} to a message by {author}",
        pt: "{time}{who} reagiu {reaction} a uma mensagem de {author}",
    }
    took_back(time: impl Display, who: impl Display, reaction: impl Display, words: impl Display) {
        en: "{time}{who} took back {reaction} from: \"{words}\"",
        pt: "{time}{who} retirou {reaction} de: \"{words}\"",
    }
    took_back_from_one_by(time: impl Display, who: impl Display, reaction: impl Display, author: impl Display) {
        en: "{time}{who} took back {reaction} from a message by {author}",
        pt: "{time}{who} retirou {reaction} de uma mensagem de {author}",
    }
    no_editor_set {
        en: "No editor is set: set VISUAL or EDITOR before you start tr2, as in EDITOR=nano tr2 join.",
        pt: "Nenhum editor definido: defina VISUAL ou EDITOR antes de iniciar o tr2, como em EDITOR=nano tr2 join.",
    }
}
