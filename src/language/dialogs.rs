//! The dialogs: titles, fields, buttons, and what they say.
//!
//! Must not know: when a dialog is opened, or what its answer leads to.

use std::fmt::Display;

use super::sentences;

sentences! {
    quit { en: "Quit", pt: "Sair" }
    close { en: "Close", pt: "Fechar" }
    cancel { en: "Cancel", pt: "Cancelar" }
    choose { en: "Choose", pt: "Escolher" }
    menu { en: "Menu", pt: "Menu" }
    send { en: "Send", pt: "Enviar" }
    text { en: "Text:", pt: "Texto:" }
    echo { en: "Echo", pt: "Eco" }
    online { en: "Online", pt: "Online" }
    write { en: "Write", pt: "Escrever" }
    who_is { en: "Who is", pt: "Quem é" }
    ignore { en: "Ignore", pt: "Ignorar" }
    away { en: "Away", pt: "Ausente" }
    to { en: "To:", pt: "Para:" }
    private_message { en: "Private message", pt: "Mensagem privada" }
    is_back { en: "back", pt: "de volta" }
    is_away_without_bell { en: "away, and no bell", pt: "ausente, e sem bipe" }
    is_away { en: "away", pt: "ausente" }
    set { en: "Set", pt: "Definir" }
    to_all { en: "to everyone, me too", pt: "a todos, a mim também" }
    to_all_but_me { en: "to everyone but me", pt: "a todos, menos a mim" }
    broadcast { en: "Broadcast", pt: "Para todos" }
    leave_the_chat { en: "Leave the chat?", pt: "Sair do chat?" }
    stay { en: "Stay", pt: "Ficar" }
    leave { en: "Leave", pt: "Sair" }
    exit { en: "Exit", pt: "Sair" }
    answer { en: "Answer", pt: "Atender" }
    decline { en: "Decline", pt: "Recusar" }
    accept { en: "Accept", pt: "Aceitar" }
    they_match { en: "They match", pt: "São iguais" }
    they_differ { en: "They differ", pt: "São diferentes" }
    call_title { en: "Call", pt: "Chamar" }
    call_from(name: impl Display) { en: "{name} calls", pt: "{name} chama" }
    file_from(name: impl Display) { en: "A file from {name}", pt: "Um arquivo de {name}" }
    compare_with(name: impl Display) { en: "Compare words with {name}", pt: "Comparar palavras com {name}" }
    answer_with_camera { en: "With camera", pt: "Com câmera" }
    answer_without_camera { en: "Without camera", pt: "Sem câmera" }
    talk_directly { en: "Talk directly", pt: "Conversar diretamente" }
    caller_asks(name: impl Display, what: impl Display) { en: "{name} calls {what}.", pt: "{name} chama {what}." }
    caller_is_verified(name: impl Display) {
        en: "{name} is verified by the server.",
        pt: "O servidor verificou {name}.",
    }
    caller_only_claims(name: impl Display) {
        en: "~{name} only claims this name: anyone could be calling.",
        pt: "~{name} só diz ter este nome: qualquer um poderia estar chamando.",
    }
    become_moderator { en: "Become a moderator", pt: "Virar moderador" }
    close_server { en: "Close server", pt: "Fechar servidor" }
    passphrase_printed {
        en: "The server printed the passphrase when it first started.",
        pt: "O servidor mostrou a senha na primeira vez em que foi iniciado.",
    }
    passphrase { en: "Passphrase:", pt: "Senha:" }
    go_on { en: "Continue", pt: "Continuar" }
    why { en: "Why:", pt: "Motivo:" }
    close_the_server { en: "Close the server", pt: "Fechar o servidor" }
    call_off { en: "Call it off", pt: "Cancelar fechamento" }
    server { en: "Server:", pt: "Servidor:" }
    name { en: "Name:", pt: "Nome:" }
    code { en: "Code:", pt: "Código:" }
    join_elsewhere {
        en: "Join under another name, or elsewhere:",
        pt: "Entre com outro nome ou em outro servidor:",
    }
    join_as_another { en: "Join under another name:", pt: "Entre com outro nome:" }
    join { en: "Join", pt: "Entrar" }
    name_title { en: "Name", pt: "Nome" }
    passphrase_or_name {
        en: "Give the moderator passphrase, or another name.",
        pt: "Informe a senha de moderador, ou outro nome.",
    }
    maintenance { en: "Maintenance", pt: "Manutenção" }
    passphrase_or_later {
        en: "Only moderators can join now. Give the moderator passphrase, or try again later.",
        pt: "Agora só moderadores podem entrar. Informe a senha de moderador, ou tente mais tarde.",
    }
    kept_name { en: "Kept name", pt: "Nome reservado" }
    take_it_over { en: "Take it over", pt: "Assumir" }
    take_over { en: "Take over", pt: "Assumir sessão" }
    take_it_back { en: "Take it back", pt: "Retomar" }
    taken_over { en: "Taken over", pt: "Sessão assumida" }
    leave_for_good { en: "Leave for good", pt: "Sair para sempre" }
    ended_elsewhere { en: "Session ended", pt: "Sessão encerrada" }
    join_again { en: "Join again", pt: "Entrar de novo" }
    stay_offline { en: "Stay offline", pt: "Ficar offline" }
    try_again { en: "Try again", pt: "Tentar de novo" }
    f5_tries { en: "F5 tries to come back.", pt: "F5 tenta voltar." }
    removed { en: "Removed", pt: "Removido" }
    banned { en: "Banned", pt: "Banido" }
    server_nearby { en: "server on this network", pt: "servidor nesta rede" }
    servers_nearby { en: "servers on this network", pt: "servidores nesta rede" }
    no_server { en: "No server", pt: "Sem servidor" }
    places_and_actions { en: "places and actions", pt: "lugares e ações" }
    place { en: "place", pt: "lugar" }
    there_is_nothing { en: "There is nothing.", pt: "Não há nada." }
    go { en: "Go", pt: "Ir" }
    go_to { en: "Go to", pt: "Ir para" }
    nothing_picked { en: "Nothing is picked.", pt: "Nada foi escolhido." }
    nothing_matches(filter: impl Display) {
        en: "Nothing matches \"{filter}\".",
        pt: "Nada corresponde a \"{filter}\".",
    }
    no_rooms_yet {
        en: "There are no rooms yet; Make makes one.",
        pt: "Ainda não há salas; use Criar.",
    }
    rooms_title { en: "Rooms · Esc closes", pt: "Salas · Esc fecha" }
    private_room { en: "private, for those who are invited", pt: "privada, só para convidados" }
    open_to_all { en: "open to all", pt: "aberta a todos" }
    make { en: "Make", pt: "Criar" }
    make_a_room { en: "Make a room", pt: "Criar uma sala" }
    topic_label { en: "Topic:", pt: "Tópico:" }
    empty_topic { en: "An empty topic removes it.", pt: "Um tópico vazio o remove." }
    topic_of(place: impl Display) { en: "Topic of {place}", pt: "Tópico de {place}" }
    invite { en: "Invite", pt: "Convidar" }
    invite_into(room: impl Display) { en: "Invite into {room}", pt: "Convidar para {room}" }
    no_members_known { en: "No members are known yet.", pt: "Nenhum membro conhecido ainda." }
    members_of(room: impl Display) { en: "Members of {room}", pt: "Membros de {room}" }
    looks_like(word: impl Display) {
        en: "This looks like {word}, but something stands in front of it.",
        pt: "Isto parece {word}, mas há algo na frente.",
    }
    send_as_text { en: "Send as text", pt: "Enviar como texto" }
    run(word: impl Display) { en: "Run {word}", pt: "Executar {word}" }
    edit { en: "Edit", pt: "Editar" }
    nothing_was_sent { en: "Nothing was sent", pt: "Nada foi enviado" }
    too_long_for_one(count: impl Display) {
        en: "This is too long for one message. It can be sent as {count}.",
        pt: "É longo demais para uma mensagem. Pode ser enviado em {count}.",
    }
    send_parts(count: impl Display) { en: "Send {count} parts", pt: "Enviar {count} partes" }
    long_message { en: "Long message", pt: "Mensagem longa" }
    you_pasted(lines: impl Display) {
        en: "You pasted {lines} lines.",
        pt: "Você colou {lines} linhas.",
    }
    drop { en: "Drop", pt: "Descartar" }
    paste { en: "Paste", pt: "Colar" }
    nobody_online { en: "Nobody is online.", pt: "Ninguém está online." }
    now { en: "now", pt: "agora" }
    in_1_minute { en: "in 1 minute", pt: "em 1 minuto" }
    in_5_minutes { en: "in 5 minutes", pt: "em 5 minutos" }
    in_10_minutes { en: "in 10 minutes", pt: "em 10 minutos" }
    in_1_hour { en: "in 1 hour", pt: "em 1 hora" }
    close_for_all_alone(server: impl Display) {
        en: "Close {server} for everyone? Nobody else is online.",
        pt: "Fechar {server} para todos? Não há mais ninguém online.",
    }
    room_topic { en: "Topic", pt: "Tópico" }
    room { en: "room", pt: "sala" }
    rooms { en: "rooms", pt: "salas" }
    is_private { en: "private", pt: "privada" }
    inside { en: "in", pt: "dentro" }
    invited { en: "invited", pt: "convidado" }
    leave_private_room(room: impl Display) {
        en: "Leave {room}? You can rejoin only if invited.",
        pt: "Sair de {room}? Só é possível voltar com convite.",
    }
    leave_room(room: impl Display) { en: "Leave {room}?", pt: "Sair de {room}?" }
    member { en: "member", pt: "membro" }
    members { en: "members", pt: "membros" }
    online_noun { en: "online", pt: "online" }
    one_to_filter(what: impl Display) {
        en: "1 {what} · type to filter",
        pt: "1 {what} · digite para filtrar",
    }
    many_to_filter(count: impl Display, what: impl Display) {
        en: "{count} {what} · type to filter",
        pt: "{count} {what} · digite para filtrar",
    }
    filtered(count: impl Display, filter: impl Display) {
        en: "{count} with \"{filter}\"",
        pt: "{count} com \"{filter}\"",
    }
    close_for_all[others: usize](server: impl Display) {
        en: "Close {server} for everyone? One other user is online."
            | "Close {server} for everyone? {others} other users are online.",
        pt: "Fechar {server} para todos? Há mais um usuário online."
            | "Fechar {server} para todos? Há mais {others} usuários online.",
    }
    online_and_rooms { en: "Online · /rooms lists rooms", pt: "Online · /rooms lista as salas" }
}
