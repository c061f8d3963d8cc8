//! Conversations: what happens in them, who is there, and the search.
//!
//! Must not know: how any of it is laid out.

use std::fmt::Display;

use super::sentences;

sentences! {
    called_off(by: impl Display) {
        en: "{by} called it off: the server goes on",
        pt: "{by} cancelou: o servidor continua",
    }
    name_in_place(name: impl Display, target: impl Display) {
        en: "{name} in {target}",
        pt: "{name} em {target}",
    }
    private_message { en: "A private message", pt: "Uma mensagem privada" }
    message_mentions_you { en: "A message that mentions you", pt: "Uma mensagem que menciona você" }
    a_message { en: "A message", pt: "Uma mensagem" }
    is_offline(target: impl Display) {
        en: "{target} is offline and will see this when back.",
        pt: "{target} está offline e verá isto quando voltar.",
    }
    query_goes_there(words: impl Display, target: impl Display) {
        en: "{words} /query {target} goes there.",
        pt: "{words} /query {target} vai para lá.",
    }
    more_than_fits(target: impl Display) {
        en: "More was said to {target} than fits here; scroll up for the rest.",
        pt: "Foi dito mais a {target} do que cabe aqui; role para cima para ver o resto.",
    }
    found_is_gone {
        en: "The message that was found is no longer there.",
        pt: "A mensagem encontrada não está mais lá.",
    }
    online(names: impl Display) { en: "Online: {names}", pt: "Online: {names}" }
    shown_as_back { en: "You are shown as back.", pt: "Você aparece como de volta." }
    ignoring_nobody { en: "You are ignoring nobody.", pt: "Você não ignora ninguém." }
    ignoring_one(name: impl Display) {
        en: "Ignoring {name}. Undo: /unignore {name}",
        pt: "Ignorando {name}. Para desfazer: /unignore {name}",
    }
    ignoring(names: impl Display) {
        en: "Ignoring {names}. Undo: /unignore NAME",
        pt: "Ignorando {names}. Para desfazer: /unignore NOME",
    }
    created_room(room: impl Display) {
        en: "Created {room}. /invite NAME to invite somebody.",
        pt: "{room} criada. /invite NOME convida alguém.",
    }
    joined_room(room: impl Display) {
        en: "Joined {room}. /leave to leave.",
        pt: "Você entrou em {room}. /leave sai.",
    }
    there_are_more { en: "There are more.", pt: "Há mais." }
    no_rooms_yet {
        en: "There are no rooms yet; /join #NAME makes one.",
        pt: "Ainda não há salas; /join #NOME cria uma.",
    }
    set_topic(by: impl Display, text: impl Display) {
        en: "{by} set the topic: {text}",
        pt: "{by} definiu o tópico: {text}",
    }
    removed_topic(by: impl Display) { en: "{by} removed the topic", pt: "{by} removeu o tópico" }
    invited_you(by: impl Display, room: impl Display) {
        en: "{by} invited you: /join {room}",
        pt: "{by} convidou você: /join {room}",
    }
    search_once_online {
        en: "You are not online; search again once you are.",
        pt: "Você não está online; busque de novo quando estiver.",
    }
    no_longer_in(room: impl Display) {
        en: "You are no longer in {room}.",
        pt: "Você não está mais em {room}.",
    }
    waiting_to_join(why: impl Display) {
        en: "{why} Waiting to join…",
        pt: "{why} Esperando para entrar…",
    }
    echo(text: impl Display) { en: "Echo: {text}", pt: "Eco: {text}" }
    server_cannot(text: impl Display) {
        en: "The server cannot do that: {text}",
        pt: "O servidor não faz isso: {text}",
    }
    server_was_closed { en: "The server was closed.", pt: "O servidor foi encerrado." }
    you_left(room: impl Display) { en: "You left {room}.", pt: "Você saiu de {room}." }
    no_longer_in_because(room: impl Display, why: impl Display) {
        en: "You are no longer in {room}: {why}",
        pt: "Você não está mais em {room}: {why}",
    }
    paste_aside {
        en: "What you pasted is in the message that you are writing.",
        pt: "O que você colou está na mensagem que está escrevendo.",
    }
    paste_dropped {
        en: "The paste is dropped; Ctrl-Y brings it back.",
        pt: "O texto colado foi descartado; Ctrl-Y o traz de volta.",
    }
    loading_older { en: "loading older messages…", pt: "carregando mensagens anteriores…" }
    beginning { en: "the beginning of this conversation", pt: "o início desta conversa" }
    deleted_by_you { en: "[deleted by you]", pt: "[apagada por você]" }
    deleted_by(by: impl Display) { en: "[deleted by {by}]", pt: "[apagada por {by}]" }
    quote_is_gone { en: "› a message that is gone", pt: "› uma mensagem que não existe mais" }
    queued { en: "queued", pt: "na fila" }
    not_confirmed { en: "not confirmed", pt: "não confirmada" }
    not_sent { en: "not sent", pt: "não enviada" }
    search_title { en: "Search", pt: "Buscar" }
    mentions_title { en: "Mentions", pt: "Menções" }
    no_mentions { en: "Nobody has mentioned you yet.", pt: "Ninguém mencionou você ainda." }
    mentions_newest(count: impl Display) {
        en: "The newest {count} messages; Enter goes there.",
        pt: "As {count} mensagens mais novas; Enter vai até a mensagem.",
    }
    find { en: "Find", pt: "Buscar" }
    enter_searches {
        en: "Enter searches all messages that you can see.",
        pt: "Enter busca em todas as mensagens que você pode ver.",
    }
    searching { en: "searching…", pt: "buscando…" }
    present_elsewhere {
        en: "In another session you are not away, so others see you as present.",
        pt: "Em outra sessão você não está ausente; os outros veem você como presente.",
    }
    is_now(name: impl Display, now: impl Display) { en: "{name} is now {now}.", pt: "{name} agora é {now}." }
    shown_as_away(text: impl Display) {
        en: "You are shown as away: {text}. /back ends it.",
        pt: "Você aparece como ausente: {text}. /back encerra.",
    }
    shown_as_away_in_silence(text: impl Display) {
        en: "You are shown as away: {text}. The bell is silenced. /back ends it.",
        pt: "Você aparece como ausente: {text}. O bipe está silenciado. /back encerra.",
    }
    person_is(name: impl Display, words: impl Display) {
        en: "{name} is {words}",
        pt: "{name} está {words}",
    }
    away { en: "away", pt: "ausente" }
    away_because(text: impl Display) { en: "away: {text}", pt: "ausente: {text}" }
    members_of(room: impl Display, names: impl Display) {
        en: "Members of {room}: {names}",
        pt: "Membros de {room}: {names}",
    }
    members_of_and_more(room: impl Display, names: impl Display) {
        en: "Members of {room}: {names} and more",
        pt: "Membros de {room}: {names} e outros",
    }
    paste_cut(max_draft: impl Display) {
        en: "The end of your paste was left out: at most {max_draft} bytes fit.",
        pt: "O fim do texto colado ficou de fora: cabem no máximo {max_draft} bytes.",
    }
    text_cut(max_draft: impl Display) {
        en: "The end of your text was left out: at most {max_draft} bytes fit.",
        pt: "O fim do seu texto ficou de fora: cabem no máximo {max_draft} bytes.",
    }
    edited { en: "edited", pt: "editada" }
    you { en: "you", pt: "você" }
    joined_one(names: &str) { en: "{names} joined", pt: "{names} entrou" }
    joined_several(names: &str) { en: "{names} joined", pt: "{names} entraram" }
    left_one(names: &str) { en: "{names} left", pt: "{names} saiu" }
    left_several(names: &str) { en: "{names} left", pt: "{names} saíram" }
    slow(seconds: impl Display) { en: "slow {seconds} s", pt: "lento {seconds} s" }
    read_only { en: "read-only", pt: "só leitura" }
    no_calls { en: "no calls", pt: "sem chamadas" }
    private { en: "private", pt: "privada" }
    ignored { en: "ignored", pt: "ignorado" }
    offline { en: "offline", pt: "offline" }
    search_hint {
        en: "from:NAME  in:NAME  before:2026-11-22  after:…  \"in a row\"  begin*",
        pt: "from:NOME  in:NOME  before:2026-11-22  after:…  \"em sequência\"  iníci*",
    }
    damaged_here[count: usize] {
        en: "1 message here is damaged on the server's disk and cannot be shown."
            | "{count} messages here are damaged on the server's disk and cannot be shown.",
        pt: "1 mensagem daqui está danificada no disco do servidor e não pode ser mostrada."
            | "{count} mensagens daqui estão danificadas no disco do servidor e não podem ser mostradas.",
    }
    more_are_damaged[count: usize] {
        en: "1 more is damaged on the server's disk." | "{count} more are damaged on the server's disk.",
        pt: "Mais 1 está danificada no disco do servidor." | "Mais {count} estão danificadas no disco do servidor.",
    }
    nothing_found {
        en: "Nothing was found. Fewer words or begin* find more.",
        pt: "Nada foi encontrado. Menos palavras ou iníci* encontram mais.",
    }
    found[count: usize] {
        en: "1 message, Enter goes there." | "{count} messages, newest first; Enter goes there.",
        pt: "1 mensagem, Enter vai até ela." | "{count} mensagens, a mais nova primeiro; Enter vai até a mensagem.",
    }
    found_newest(count: impl Display) {
        en: "The newest {count}; narrow it down for others. Enter goes there.",
        pt: "As {count} mais novas; refine a busca para ver outras. Enter vai até a mensagem.",
    }
    and_more[count: usize](names: impl Display) {
        en: "{names} and 1 more" | "{names} and {count} more",
        pt: "{names} e mais 1" | "{names} e mais {count}",
    }
    unread[count: usize] {
        en: "1 unread" | "{count} unread",
        pt: "1 não lida" | "{count} não lidas",
    }
    new { en: "new", pt: "novas" }
    count_new[count: usize] {
        en: "1 new" | "{count} new",
        pt: "1 nova" | "{count} novas",
    }
    member { en: "member", pt: "membro" }
    moderator { en: "moderator", pt: "moderador" }
    maker { en: "maker", pt: "criador" }
    is_invited { en: "invited", pt: "convidado" }
    found_here { en: "found", pt: "encontrada" }
    search_for_a_word {
        en: "Give a word to search for; from:NAME, in:NAME, before:DAY and after:DAY narrow the search.",
        pt: "Dê uma palavra para buscar; from:NOME, in:NOME, before:DIA e after:DIA refinam a busca.",
    }
    too_many_words(most: impl Display) {
        en: "A search has at most {most} words.",
        pt: "Uma busca tem no máximo {most} palavras.",
    }
    not_a_date(written: impl Display) {
        en: "Not a date: {written}. Use YYYY-MM-DD.",
        pt: "Isso não é uma data: {written}. Use AAAA-MM-DD.",
    }
    not_in_view_any_more {
        en: "The conversation is not in view any more; Ctrl-Y brings back what you wrote.",
        pt: "A conversa não está mais à vista; Ctrl-Y traz de volta o que você escreveu.",
    }
}
