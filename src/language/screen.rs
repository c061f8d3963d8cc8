//! The screen around the messages: panes, title, status bar, composer.
//!
//! Must not know: how any of it is laid out.

use std::fmt::Display;

use super::sentences;

sentences! {
    draft_put_away {
        en: "The draft is put away; Ctrl-Y brings it back.",
        pt: "O rascunho foi guardado; Ctrl-Y o traz de volta.",
    }
    draft_full(max_draft: impl Display) {
        en: "The draft is full: at most {max_draft} bytes fit.",
        pt: "O rascunho está cheio: cabem no máximo {max_draft} bytes.",
    }
    writing_not_sent {
        en: "What you are writing is not sent. Leave all the same?",
        pt: "O que você está escrevendo não foi enviado. Sair mesmo assim?",
    }
    menu_folded(key: impl Display) { en: "menu{key}", pt: "menu{key}" }
    menu_heading { en: "Menu", pt: "Menu" }
    online_count(count: impl Display) { en: "{count} online", pt: "{count} online" }
    away { en: "away", pt: "ausente" }
    you { en: "you", pt: "você" }
    ignored { en: "ignored", pt: "ignorado" }
    off { en: "off", pt: "off" }
    newer_below { en: "newer below", pt: "mais novas abaixo" }
    count_newer_below(count: impl Display) {
        en: "{count} newer below",
        pt: "{count} mais novas abaixo",
    }
    alone_so_far(server: impl Display) {
        en: "You are in everyone, alone so far. Others join with: tr2 join --server {server}",
        pt: "Você está em todos, ainda sem mais ninguém. Para outros entrarem: tr2 join --server {server}",
    }
    in_everyone {
        en: "You are in everyone: all who are online read what you write here.",
        pt: "Você está em todos: quem está online lê o que você escreve aqui.",
    }
    in_room(room: impl Display) {
        en: "You are in {room}. Its members read what you write here.",
        pt: "Você está em {room}. Os membros leem o que você escreve aqui.",
    }
    only_two(name: impl Display) {
        en: "Only {name} and you read what you write here.",
        pt: "Só {name} e você leem o que você escreve aqui.",
    }
    only_two_directly(name: impl Display) {
        en: "Only {name} and you read what you write here, and nobody keeps it.",
        pt: "Só {name} e você leem o que você escreve aqui, e ninguém guarda.",
    }
    keys_or_help(key: impl Display) { en: "{key} keys (or /help)", pt: "{key} teclas (ou /help)" }
    key_of_menu(key: impl Display) { en: " · {key} menu", pt: " · {key} menu" }
    type_and_enter(help: impl Display, menu: impl Display) {
        en: "Type and press Enter · {help}{menu}",
        pt: "Digite e tecle Enter · {help}{menu}",
    }
    not_online { en: "not online", pt: "offline" }
    esc_closes { en: "Esc closes", pt: "Esc fecha" }
    panel_goes_on(more: impl Display) {
        en: "PageUp, PageDown: {more} more · Esc closes",
        pt: "PageUp, PageDown: mais {more} · Esc fecha",
    }
    lines(count: impl Display) { en: "{count} lines", pt: "{count} linhas" }
    reconnect_tries_again { en: " · /reconnect tries again", pt: " · /reconnect tenta de novo" }
    offline { en: "offline", pt: "offline" }
    reconnecting { en: "reconnecting…", pt: "reconectando…" }
    connecting { en: "connecting…", pt: "conectando…" }
    joining { en: "joining…", pt: "entrando…" }
    reconnecting_in(seconds: impl Display) {
        en: "reconnecting in {seconds} s",
        pt: "reconectando em {seconds} s",
    }
    reconnect_at_once { en: " · /reconnect at once", pt: " · /reconnect já" }
    no_answer_for(seconds: impl Display) {
        en: "no answer for {seconds} s",
        pt: "sem resposta há {seconds} s",
    }
    state_away { en: " away", pt: " ausente" }
    tab_to_answer(title: impl Display) {
        en: "{title} · Tab to answer",
        pt: "{title} · Tab responde",
    }
    bytes_over(over: impl Display, parts: impl Display) {
        en: "{over} bytes over: Enter offers {parts} parts",
        pt: "{over} bytes a mais: Enter oferece {parts} partes",
    }
    go { en: "go", pt: "ir" }
    find { en: "find", pt: "buscar" }
    keys { en: "keys", pt: "teclas" }
    sent(query: impl Display) { en: "sent \"{query}\" ", pt: "enviado \"{query}\" " }
    never_sent(query: impl Display) { en: "not sent \"{query}\" ", pt: "não enviado \"{query}\" " }
    leave_with_not_sent[count: usize] {
        en: "1 message is not sent. Leave all the same?" | "{count} messages are not sent. Leave all the same?",
        pt: "1 mensagem não foi enviada. Sair mesmo assim?" | "{count} mensagens não foram enviadas. Sair mesmo assim?",
    }
    people[count: usize] {
        en: "1 person" | "{count} people",
        pt: "1 pessoa" | "{count} pessoas",
    }
    count_new_below(count: impl Display) { en: "{count} new below", pt: "{count} novas abaixo" }
    go_to_number { en: "go to number> ", pt: "ir ao número> " }
    go_to_digit(digit: impl Display) { en: "go to {digit}> ", pt: "ir a {digit}> " }
}
