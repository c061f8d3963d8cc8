//! Files that go directly from one client to another.
//!
//! Must not know: how they go.

use std::fmt::Display;

use super::{helping, sentences};

/// A number of bytes for people: `1.2 MB`.
#[must_use]
pub(crate) fn amount(count: u64) -> String {
    let tenths = |unit: u64| format!("{}.{}", count / unit, count % unit * 10 / unit);
    match count {
        0..1000 => helping::bytes(count),
        1000..1_000_000 => format!("{} kB", tenths(1000)),
        1_000_000..1_000_000_000 => format!("{} MB", tenths(1_000_000)),
        _ => format!("{} GB", tenths(1_000_000_000)),
    }
}

sentences! {
    rate(amount: impl Display) { en: "{amount}/s", pt: "{amount}/s" }
    time_left(period: impl Display) { en: "{period} left", pt: "faltam {period}" }
    part_of(percent: impl Display, size: impl Display) { en: "{percent} % of {size}", pt: "{percent} % de {size}" }
    to_whom(file: impl Display, name: impl Display) { en: "{file} to {name}", pt: "{file} para {name}" }
    from_whom(file: impl Display, name: impl Display) { en: "{file} from {name}", pt: "{file} de {name}" }
    reading(file: impl Display, percent: impl Display) {
        en: "{file}: reading it before it is offered, {percent} %",
        pt: "{file}: lendo antes de oferecer, {percent} %",
    }
    checking(file: impl Display, percent: impl Display) {
        en: "{file}: checking what has arrived, {percent} %",
        pt: "{file}: conferindo o que chegou, {percent} %",
    }
    waits_for(file: impl Display, name: impl Display) {
        en: "{file}: offered to {name}, who has not answered",
        pt: "{file}: oferecido a {name}, que ainda não respondeu",
    }
    begins(file: impl Display) { en: "{file}: accepted; it begins to arrive", pt: "{file}: aceito; começa a chegar" }
    offers(name: impl Display, file: impl Display, size: impl Display) {
        en: "{name} offers a file: {file}, {size}.",
        pt: "{name} oferece um arquivo: {file}, {size}.",
    }
    asks_in_chat(name: impl Display, file: impl Display, size: impl Display) {
        en: "{name} offers {file}, {size}: /accept or /decline",
        pt: "{name} oferece {file}, {size}: /accept ou /decline",
    }
    offers_in_line(name: impl Display, file: impl Display, size: impl Display, digest: impl Display) {
        en: "{name} offers {file}, {size}, SHA-256 {digest}…: /accept or /decline",
        pt: "{name} oferece {file}, {size}, SHA-256 {digest}…: /accept ou /decline",
    }
    digest(digits: impl Display) {
        en: "Its SHA-256 digest begins with {digits}; it is checked once all has arrived.",
        pt: "O SHA-256 dele começa com {digits}; será conferido quando tudo tiver chegado.",
    }
    here_already(amount: impl Display) {
        en: "{amount} of it are here from an earlier try; it goes on from there.",
        pt: "{amount} dele já estão aqui, de uma tentativa anterior; continua daí.",
    }
    so_far(file: impl Display, percent: impl Display) { en: "{file}: {percent} %", pt: "{file}: {percent} %" }
    sent(file: impl Display, name: impl Display) {
        en: "{name} has all of {file}, checked.",
        pt: "{name} tem {file} inteiro, conferido.",
    }
    saved(file: impl Display, size: impl Display, path: impl Display) {
        en: "{file}, {size}, has arrived and is right. It is in {path}",
        pt: "{file}, {size}, chegou e está certo. Está em {path}",
    }
    declined(name: impl Display, file: impl Display) {
        en: "{name} does not want {file}.",
        pt: "{name} não quer {file}.",
    }
    you_declined(file: impl Display) { en: "You did not take {file}.", pt: "Você não aceitou {file}." }
    withdrawn(name: impl Display, file: impl Display) {
        en: "{name} no longer sends {file}.",
        pt: "{name} desistiu de enviar {file}.",
    }
    you_withdrew(file: impl Display) { en: "You stopped sending {file}.", pt: "Você parou de enviar {file}." }
    wrong(file: impl Display) {
        en: "What arrived of {file} is not what was offered: its digest differs. It was thrown away.",
        pt: "O que chegou de {file} não é o que foi oferecido: o SHA-256 não confere. Foi descartado.",
    }
    failed(file: impl Display, why: impl Display) { en: "{file}: {why}", pt: "{file}: {why}" }
    cut_sending(file: impl Display, name: impl Display) {
        en: "{file} was cut off. /send {name} again goes on where it stopped.",
        pt: "O envio de {file} foi interrompido. /send {name} de novo continua de onde parou.",
    }
    cut_receiving(file: impl Display, name: impl Display) {
        en: "{file} was cut off. If {name} sends it again, it goes on where it stopped.",
        pt: "{file} foi interrompido. Se {name} enviar de novo, continua de onde parou.",
    }
    not_sent(file: impl Display) { en: "{file} was not sent.", pt: "{file} não foi enviado." }
    on_its_way(file: impl Display) { en: "{file} is on its way already.", pt: "{file} já está a caminho." }
    too_many_wait(name: impl Display) {
        en: "Too many files wait for {name}, or this one already does.",
        pt: "Há arquivos demais esperando por {name}, ou este já espera.",
    }
    no_offer { en: "No file is offered to you.", pt: "Nenhum arquivo é oferecido a você." }
    no_files { en: "No file is on its way.", pt: "Nenhum arquivo está a caminho." }
    which_offer {
        en: "Several people offer files: /accept NAME or /decline NAME.",
        pt: "Várias pessoas oferecem arquivos: /accept NOME ou /decline NOME.",
    }
}
