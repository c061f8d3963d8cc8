//! Calls of rooms: who comes and goes, and why one is out.
//!
//! Must not know: how such a call works.

use std::fmt::Display;

use super::sentences;

sentences! {
    goes_on(names: impl Display, room: impl Display) {
        en: "There is a call here, with {names}: /call {room} joins it.",
        pt: "Há uma chamada aqui, com {names}: /call {room} entra nela.",
    }
    is_over { en: "The call is over.", pt: "A chamada terminou." }
    you_began(room: impl Display) {
        en: "You have begun a call in {room}; nobody else is in it yet. F7 turns your camera on, F8 speaks, /hangup leaves.",
        pt: "Você começou uma chamada em {room}; ainda não há mais ninguém. F7 liga sua câmera, F8 fala, /hangup sai.",
    }
    you_joined(room: impl Display, names: impl Display) {
        en: "You are in the call of {room}, with {names}. F7 turns your camera on, F8 speaks, /hangup leaves.",
        pt: "Você está na chamada de {room}, com {names}. F7 liga sua câmera, F8 fala, /hangup sai.",
    }
    you_left(room: impl Display) { en: "You left the call of {room}.", pt: "Você saiu da chamada de {room}." }
    came(name: impl Display) { en: "{name} joined the call.", pt: "{name} entrou na chamada." }
    went(name: impl Display) { en: "{name} left the call.", pt: "{name} saiu da chamada." }
    in_the_call_of(room: impl Display, words: impl Display) { en: "{room}: {words}", pt: "{room}: {words}" }
    first_time(name: impl Display, key: impl Display) {
        en: "First time with {name}. Key remembered: {key}.",
        pt: "Primeira vez com {name}. Chave lembrada: {key}.",
    }
    in_it_already(room: impl Display) {
        en: "You are in the call of {room} already; /hangup leaves it.",
        pt: "Você já está na chamada de {room}; /hangup sai dela.",
    }
    in_another(room: impl Display) {
        en: "You are in the call of {room}: leave that first, with /hangup.",
        pt: "Você está na chamada de {room}: saia dela primeiro, com /hangup.",
    }
    not_joined(room: impl Display) {
        en: "The server did not let you into the call of {room} in time. Try again.",
        pt: "O servidor não deixou você entrar na chamada de {room} a tempo. Tente de novo.",
    }
    goes_on_elsewhere(room: impl Display) {
        en: "You joined the call of {room} in another session, and go on there.",
        pt: "Você entrou na chamada de {room} em outra sessão, e continua lá.",
    }
    put_out(room: impl Display) {
        en: "You are in the call of {room} no longer.",
        pt: "Você não está mais na chamada de {room}.",
    }
    put_out_muted(room: impl Display) {
        en: "A moderator muted you, so you are out of the call of {room}.",
        pt: "Um moderador silenciou você, e você saiu da chamada de {room}.",
    }
    put_out_off(room: impl Display) {
        en: "Calls were switched off, so the call of {room} is over.",
        pt: "As chamadas foram desligadas, e a chamada de {room} terminou.",
    }
    put_out_silent(room: impl Display) {
        en: "Nothing came through any more, so you are out of the call of {room}. /call {room} joins again.",
        pt: "Nada mais passava, e você saiu da chamada de {room}. /call {room} entra de novo.",
    }
    lost_with_connection(room: impl Display) {
        en: "The connection to the server is lost, and with it the call of {room}. If the server is back within a minute and \
             the call still goes on, you join it again; /hangup prevents that.",
        pt: "A conexão com o servidor caiu, e com ela a chamada de {room}. Se o servidor voltar dentro de um minuto e a \
             chamada continuar, você entra nela de novo; /hangup impede isso.",
    }
    you_are_back(room: impl Display, names: impl Display) {
        en: "You are back in the call of {room}, with {names}. Microphone and camera are off: F8 speaks, F7 turns your \
             camera on.",
        pt: "Você está de volta na chamada de {room}, com {names}. Microfone e câmera estão desligados: F8 fala, F7 liga \
             sua câmera.",
    }
    you_are_back_with_camera(room: impl Display, names: impl Display) {
        en: "You are back in the call of {room}, with {names}. Your microphone is off: F8 speaks. Your camera is on.",
        pt: "Você está de volta na chamada de {room}, com {names}. Seu microfone está desligado: F8 fala. Sua câmera está \
             ligada.",
    }
    no_way(why: impl Display) { en: "There is no way to the call: {why}", pt: "Não há caminho até a chamada: {why}" }
    member_has_other_key(name: impl Display, known: impl Display, shown: impl Display) {
        en: "{name} is in the call with another key than the one you know, so you neither see nor are seen by them: \
             somebody may stand between you.\n  known: {known}\n  shown: {shown}\nAsk {name} some other way. If the new \
             key is theirs: /forget-key {name}, and then join the call again.",
        pt: "{name} está na chamada com outra chave, que não é a que você conhece; vocês não se veem: alguém pode estar \
             entre vocês.\n  conhecida: {known}\n  recebida:  {shown}\nPergunte a {name} de outro modo. Se a chave nova \
             for mesmo dele: /forget-key {name}, e depois entre na chamada de novo.",
    }
    camera_is_on {
        en: "Your camera is on: those in the call whose window shows pictures can see you. /camera off turns it off.",
        pt: "Sua câmera está ligada: quem está na chamada com uma janela que mostra imagens pode ver você. /camera off a desliga.",
    }
    camera_is_off { en: "Your camera is off: nobody in the call sees you.", pt: "Sua câmera está desligada: ninguém na chamada vê você." }
    in_call[count: usize] { en: "1 in a call" | "{count} in a call", pt: "1 em chamada" | "{count} em chamada" }
    own_face { en: "you", pt: "você" }
    status_in_call(room: impl Display, names: impl Display) {
        en: "In the call of {room}, with {names}.",
        pt: "Na chamada de {room}, com {names}.",
    }
    status_alone_in_call(room: impl Display) { en: "Alone in the call of {room}.", pt: "Na chamada de {room}, sem mais ninguém." }
    rooms_are_not_direct {
        en: "Only two can talk directly. /call #room joins a room's call.",
        pt: "Só dois podem conversar diretamente. /call #sala entra na chamada de uma sala.",
    }
}
