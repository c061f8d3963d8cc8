//! What is wrong with a name, an address, a key or a reaction that somebody wrote.
//!
//! Must not know: what it was written for.

use std::fmt::Display;

use super::sentences;
use crate::model::name::MAX_NAME_CHARS;
use crate::model::reaction::{MAX_REACTION, MAX_REACTION_CELLS};
use crate::model::room::ROOM_SIGN;
use crate::model::url::{MAX_PATH, UrlError};
use crate::model::{NameError, RoomNameError};

sentences! {
    name_empty { en: "A name needs at least one character.", pt: "Um nome precisa de pelo menos um caractere." }
    name_too_long(most: usize) {
        en: "A name has at most {most} characters.",
        pt: "Um nome tem no máximo {most} caracteres.",
    }
    name_characters {
        en: "A name is made of letters, digits, '-', '_' and '.'.",
        pt: "Um nome é feito de letras, dígitos, '-', '_' e '.'.",
    }
    name_scripts {
        en: "A name is written in one script; this one mixes several.",
        pt: "Um nome usa um só alfabeto; este mistura vários.",
    }
    name_letter { en: "A name needs a letter.", pt: "Um nome precisa de uma letra." }
    code_is_no_name {
        en: "That has the form of an invitation code, which is no name: it belongs in Code, or behind --code.",
        pt: "Isso tem a forma de um código de convite, que não é um nome: ele vai em Código, ou depois de --code.",
    }
    reserved { en: "This name is reserved.", pt: "Este nome é reservado." }
    room_sign(sign: char) {
        en: "A room's name begins with {sign}, as in #ops.",
        pt: "O nome de uma sala começa com {sign}, como em #ops.",
    }
    room_empty(sign: char) {
        en: "A room's name needs at least one character after the {sign}.",
        pt: "O nome de uma sala precisa de pelo menos um caractere depois do {sign}.",
    }
    room_too_long(most: usize, sign: char) {
        en: "A room's name has at most {most} characters after the {sign}.",
        pt: "O nome de uma sala tem no máximo {most} caracteres depois do {sign}.",
    }
    room_characters {
        en: "A room's name is made of letters, digits, '-', '_' and '.'.",
        pt: "O nome de uma sala é feito de letras, dígitos, '-', '_' e '.'.",
    }
    room_scripts {
        en: "A room's name is written in one script; this one mixes several.",
        pt: "O nome de uma sala usa um só alfabeto; este mistura vários.",
    }
    not_an_address(written: impl Display) {
        en: "'{written}' is not a server address; write tcp://HOST:PORT, tls://HOST:PORT, unix:PATH or ssh://HOST.",
        pt: "'{written}' não é endereço de servidor; escreva tcp://HOST:PORT, tls://HOST:PORT, unix:PATH ou ssh://HOST.",
    }
    no_host(written: impl Display) {
        en: "'{written}' has no host; write tcp://HOST:PORT, tls://HOST:PORT or ssh://USER@HOST.",
        pt: "'{written}' não tem host; escreva tcp://HOST:PORT, tls://HOST:PORT ou ssh://USER@HOST.",
    }
    not_a_port(written: impl Display) {
        en: "'{written}' is not a port; a port is a number from 1 to 65535.",
        pt: "'{written}' não é uma porta; uma porta é um número de 1 a 65535.",
    }
    not_a_path(written: impl Display, most: usize) {
        en: "'{written}' is not the path of a socket; write unix: and an absolute path of at most {most} bytes.",
        pt: "'{written}' não é o caminho de um socket; escreva unix: e um caminho absoluto de no máximo {most} bytes.",
    }
    not_bannable(written: impl Display) {
        en: "'{written}' cannot be banned; give a name, SHA256:…, uid:NUMBER, an address such as 192.0.2.7, or a network \
             such as 2001:db8::/64.",
        pt: "'{written}' não pode ser banido; dê um nome, SHA256:…, uid:NÚMERO, um endereço como 192.0.2.7 ou uma rede \
             como 2001:db8::/64.",
    }
    not_a_fingerprint {
        en: "Not a fingerprint; one is SHA256: and 43 letters, digits, + or /.",
        pt: "Isso não é uma impressão digital de chave: ela é SHA256: e 43 letras, dígitos, + ou /.",
    }
    not_a_reaction(bytes: usize, cells: usize) {
        en: "A reaction is one word or sign, at most {bytes} bytes long and {cells} cells wide.",
        pt: "Uma reação é uma palavra ou um sinal, com no máximo {bytes} bytes e {cells} colunas.",
    }
}

/// What is wrong with a user's name.
#[must_use]
pub(crate) fn name(error: &NameError) -> String {
    match error {
        NameError::Empty => name_empty().to_owned(),
        NameError::TooLong => name_too_long(MAX_NAME_CHARS),
        NameError::BadCharacter => name_characters().to_owned(),
        NameError::MixedScript => name_scripts().to_owned(),
        NameError::NoLetter => name_letter().to_owned(),
        NameError::Reserved => reserved().to_owned(),
    }
}

/// What is wrong with a room's name.
#[must_use]
pub(crate) fn room(error: &RoomNameError) -> String {
    match error {
        RoomNameError::NoSign => room_sign(ROOM_SIGN),
        RoomNameError::Empty => room_empty(ROOM_SIGN),
        RoomNameError::TooLong => room_too_long(MAX_NAME_CHARS, ROOM_SIGN),
        RoomNameError::BadCharacter => room_characters().to_owned(),
        RoomNameError::MixedScript => room_scripts().to_owned(),
        RoomNameError::Reserved => reserved().to_owned(),
    }
}

/// What is wrong with the address of a server.
#[must_use]
pub(crate) fn address(error: &UrlError) -> String {
    match error {
        UrlError::Scheme(written) => not_an_address(written),
        UrlError::Host(written) => no_host(written),
        UrlError::Port(written) => not_a_port(written),
        UrlError::Path(written) => not_a_path(written, MAX_PATH),
    }
}

/// What is wrong with a reaction.
#[must_use]
pub(crate) fn reaction() -> String {
    not_a_reaction(MAX_REACTION, MAX_REACTION_CELLS)
}
