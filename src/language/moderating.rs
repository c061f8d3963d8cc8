//! Moderation: the forms of the acts, what they lack, the bans in force, the log, and closing the server.
//!
//! Must not know: who may do what.

use std::fmt::Display;

use super::sentences;

sentences! {
    close { en: "Close", pt: "Fechar" }
    choose { en: "Choose", pt: "Escolher" }
    moderate_place(place: impl Display) { en: "Moderate {place}", pt: "Moderar {place}" }
    the_server { en: "the server", pt: "servidor" }
    in_place(place: impl Display) { en: "in {place}", pt: "em {place}" }
    on_whole_server { en: "on the whole server", pt: "no servidor inteiro" }
    whom { en: "Whom:", pt: "Quem:" }
    whom_help {
        en: "A name, SHA256:KEY, uid:N, an address or a network.",
        pt: "Um nome, SHA256:CHAVE, uid:N, um endereço ou uma rede.",
    }
    seconds { en: "Seconds:", pt: "Segundos:" }
    time { en: "Time:", pt: "Tempo:" }
    time_help {
        en: "Such as 10m, 2h or 7d; empty means permanently.",
        pt: "Como 10m, 2h ou 7d; vazio quer dizer para sempre.",
    }
    why { en: "Why:", pt: "Motivo:" }
    text { en: "Text:", pt: "Texto:" }
    cancel { en: "Cancel", pt: "Cancelar" }
    preview { en: "Preview", pt: "Prévia" }
    ban { en: "Ban", pt: "Banir" }
    in_force { en: "in force", pt: "em vigor" }
    no_message { en: "There is no message to delete.", pt: "Não há mensagem para apagar." }
    messages_newest_first {
        en: "messages, the newest first",
        pt: "mensagens, a mais nova primeiro",
    }
    message { en: "message", pt: "mensagem" }
    nobody_else { en: "Nobody else is here.", pt: "Não há mais ninguém aqui." }
    to_choose_from { en: "to choose from", pt: "para escolher" }
    would_ban_nobody {
        en: "Would ban nobody who is here.",
        pt: "Não baniria ninguém daqui.",
    }
    lift { en: "Lift", pt: "Retirar" }
    bans_of(place: impl Display) { en: "Bans and mutes · {place}", pt: "Banimentos · {place}" }
    no_actions_yet { en: "No actions yet.", pt: "Nenhuma ação ainda." }
    older { en: "Older", pt: "Anteriores" }
    modlog_of(place: impl Display) {
        en: "Moderation log · {place}",
        pt: "Log de moderação · {place}",
    }
    say_why {
        en: "Say why: everyone here can read it.",
        pt: "Diga o motivo: todos aqui podem ler.",
    }
    say_what { en: "Say what.", pt: "Diga o quê." }
    reason_too_long(max_reason: impl Display) {
        en: "A reason has at most {max_reason} bytes.",
        pt: "Um motivo tem no máximo {max_reason} bytes.",
    }
    say_seconds_between {
        en: "Say how many seconds between two messages, or off.",
        pt: "Diga quantos segundos entre duas mensagens, ou off.",
    }
    say_on_or_off { en: "Say on or off.", pt: "Diga on ou off." }
    say_which_message { en: "Say which message.", pt: "Diga qual mensagem." }
    say_whom { en: "Say whom.", pt: "Diga quem." }
    no_spaces { en: "A name has no spaces.", pt: "Um nome não tem espaços." }
    say_seconds { en: "Say how many seconds, or off.", pt: "Diga quantos segundos, ou off." }
    say_message_by_place {
        en: "Say which message, by its place: 1 is the newest.",
        pt: "Diga qual mensagem, pela posição: 1 é a mais nova.",
    }
    say_when_closing {
        en: "Say when as in: in 5m because TEXT.",
        pt: "Diga quando, assim: in 5m because TEXTO.",
    }
    say_why_closing {
        en: "Say why the server is to close: in 5m because TEXT.",
        pt: "Diga por que o servidor vai fechar: in 5m because TEXTO.",
    }
    nothing_in_force_here(place: impl Display) {
        en: "No bans or mutes in {place}.",
        pt: "Nenhum banimento ou silenciamento em {place}.",
    }
    nothing_in_force {
        en: "No bans or mutes on the server.",
        pt: "Nenhum banimento ou silenciamento no servidor.",
    }
    for_moderators {
        en: "For moderators only, and you are not one.",
        pt: "Só para moderadores, e você não é um.",
    }
    for_moderators_of(place: impl Display) {
        en: "For moderators of {place} only, and you are not one.",
        pt: "Só para moderadores de {place}, e você não é um.",
    }
    act_noun { en: "action", pt: "ação" }
    acts_noun { en: "actions", pt: "ações" }
    on { en: "on", pt: "ligar" }
    off { en: "off", pt: "desligar" }
    time_is_wrong {
        en: "Give a time such as 10m, 2h or 7d, or no time (permanent); a reason begins with a letter.",
        pt: "Dê um tempo como 10m, 2h ou 7d, ou nenhum (para sempre); um motivo começa com letra.",
    }
    would_ban[count: usize](names: impl Display) {
        en: "Would ban 1 user: {names}." | "Would ban {count} users: {names}.",
        pt: "Baniria 1 usuário: {names}." | "Baniria {count} usuários: {names}.",
    }
    and_more[count: usize](names: impl Display) {
        en: "{names} and 1 more" | "{names} and {count} more",
        pt: "{names} e mais 1" | "{names} e mais {count}",
    }
    there_are_more { en: "There are more.", pt: "Há mais." }
    more_log {
        en: "There is more; /modlog COUNT shows that many.",
        pt: "Há mais; /modlog QUANTAS mostra tantas.",
    }
    closes_in_clock(clock: impl Display) { en: "closes in {clock}", pt: "fecha em {clock}" }
    closes_in_days(days: impl Display) { en: "closes in {days} days", pt: "fecha em {days} dias" }
    server_closes_in(period: impl Display, reason: impl Display) {
        en: "The server closes in {period}: {reason}",
        pt: "O servidor fecha em {period}: {reason}",
    }
    closes_server_in(by: impl Display, period: impl Display, reason: impl Display) {
        en: "{by} closes the server in {period}: {reason}",
        pt: "{by} fecha o servidor em {period}: {reason}",
    }
    mute { en: "mute", pt: "silêncio" }
    ban_noun { en: "ban", pt: "banimento" }
    banned_until(whom: impl Display, until: impl Display, by: impl Display, reason: impl Display) {
        en: "{whom} banned until {until} by {by}: {reason}",
        pt: "{whom}: banimento até {until}, por {by}: {reason}",
    }
    banned_for_good(whom: impl Display, by: impl Display, reason: impl Display) {
        en: "{whom} banned permanently by {by}: {reason}",
        pt: "{whom}: banimento permanente, por {by}: {reason}",
    }
    muted_until(whom: impl Display, until: impl Display, by: impl Display, reason: impl Display) {
        en: "{whom} muted until {until} by {by}: {reason}",
        pt: "{whom}: silêncio até {until}, por {by}: {reason}",
    }
    muted_for_good(whom: impl Display, by: impl Display, reason: impl Display) {
        en: "{whom} muted permanently by {by}: {reason}",
        pt: "{whom}: silêncio permanente, por {by}: {reason}",
    }
    reading { en: "reading…", pt: "lendo…" }
    somebody { en: "somebody", pt: "alguém" }
    kicked(by: impl Display, subject: impl Display, reason: impl Display) {
        en: "{by} kicked {subject}: {reason}",
        pt: "{by} expulsou {subject}: {reason}",
    }
    banned(by: impl Display, subject: impl Display, reason: impl Display) {
        en: "{by} banned {subject}: {reason}",
        pt: "{by} baniu {subject}: {reason}",
    }
    banned_for(by: impl Display, subject: impl Display, time: impl Display, reason: impl Display) {
        en: "{by} banned {subject} for {time}: {reason}",
        pt: "{by} baniu {subject} por {time}: {reason}",
    }
    unbanned(by: impl Display, subject: impl Display, reason: impl Display) {
        en: "{by} unbanned {subject}: {reason}",
        pt: "{by} desbaniu {subject}: {reason}",
    }
    muted(by: impl Display, subject: impl Display, reason: impl Display) {
        en: "{by} muted {subject}: {reason}",
        pt: "{by} silenciou {subject}: {reason}",
    }
    muted_for(by: impl Display, subject: impl Display, time: impl Display, reason: impl Display) {
        en: "{by} muted {subject} for {time}: {reason}",
        pt: "{by} silenciou {subject} por {time}: {reason}",
    }
    unmuted(by: impl Display, subject: impl Display, reason: impl Display) {
        en: "{by} unmuted {subject}: {reason}",
        pt: "{by} devolveu a voz a {subject}: {reason}",
    }
    slowed(by: impl Display, pause: impl Display, reason: impl Display) {
        en: "{by} turned slow mode on ({pause} between two messages): {reason}",
        pt: "{by} ligou o modo lento ({pause} entre duas mensagens): {reason}",
    }
    no_longer_slow(by: impl Display, reason: impl Display) {
        en: "{by} turned slow mode off: {reason}",
        pt: "{by} desligou o modo lento: {reason}",
    }
    made_read_only(by: impl Display, reason: impl Display) {
        en: "{by} lets only moderators write: {reason}",
        pt: "{by} deixa só moderadores escreverem: {reason}",
    }
    made_writable(by: impl Display, reason: impl Display) {
        en: "{by} lets everyone write again: {reason}",
        pt: "{by} deixa todos escreverem de novo: {reason}",
    }
    locked_topic(by: impl Display, reason: impl Display) {
        en: "{by} lets only moderators set the topic: {reason}",
        pt: "{by} deixa só moderadores mudarem o tópico: {reason}",
    }
    unlocked_topic(by: impl Display, reason: impl Display) {
        en: "{by} lets everyone set the topic: {reason}",
        pt: "{by} deixa todos mudarem o tópico: {reason}",
    }
    switched_calls_on(by: impl Display, reason: impl Display) {
        en: "{by} switched calls on: {reason}",
        pt: "{by} ligou as chamadas: {reason}",
    }
    switched_calls_off(by: impl Display, reason: impl Display) {
        en: "{by} switched calls off: {reason}",
        pt: "{by} desligou as chamadas: {reason}",
    }
    deleted_message(by: impl Display, subject: impl Display, reason: impl Display) {
        en: "{by} deleted a message by {subject}: {reason}",
        pt: "{by} apagou uma mensagem de {subject}: {reason}",
    }
    erased_everything(by: impl Display, subject: impl Display) {
        en: "{by} erased everything that {subject} said",
        pt: "{by} eliminou tudo o que {subject} disse",
    }
    announced(by: impl Display, reason: impl Display) {
        en: "{by} announces: {reason}",
        pt: "{by} anuncia: {reason}",
    }
    granted(by: impl Display, subject: impl Display, reason: impl Display) {
        en: "{by} made {subject} a moderator: {reason}",
        pt: "{by} tornou {subject} moderador: {reason}",
    }
    revoked(by: impl Display, subject: impl Display, reason: impl Display) {
        en: "{by} took moderator rights from {subject}: {reason}",
        pt: "{by} tirou de {subject} os direitos de moderador: {reason}",
    }
    freed(by: impl Display, subject: impl Display, reason: impl Display) {
        en: "{by} freed the name {subject}: {reason}",
        pt: "{by} liberou o nome {subject}: {reason}",
    }
    reaction { en: "reaction", pt: "reação" }
    reactions_newest_first {
        en: "reactions, the newest messages first",
        pt: "reações, as das mensagens mais novas primeiro",
    }
    no_reaction { en: "There is no reaction.", pt: "Não há reação." }
    whose { en: "Whose:", pt: "De quem:" }
    whose_help { en: "A name; empty means everybody's.", pt: "Um nome; vazio quer dizer de todos." }
    say_which_reaction { en: "Say which reaction.", pt: "Diga qual reação." }
    removed_reactions(by: impl Display, reason: impl Display) {
        en: "{by} removed a reaction by several users: {reason}",
        pt: "{by} removeu uma reação de vários usuários: {reason}",
    }
    removed_reaction(by: impl Display, subject: impl Display, reason: impl Display) {
        en: "{by} removed a reaction by {subject}: {reason}",
        pt: "{by} removeu uma reação de {subject}: {reason}",
    }
}
