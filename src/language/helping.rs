//! The sections of the help, what to do instead of commands from elsewhere, and the status.
//!
//! Must not know: which keys and commands there are, or who counts.

use std::fmt::Display;

use super::sentences;

sentences! {
    writing { en: "Writing", pt: "Escrever" }
    getting_around { en: "Getting around", pt: "Navegar" }
    messages { en: "Messages", pt: "Mensagens" }
    editing { en: "Editing", pt: "Editar" }
    the_rest { en: "The rest", pt: "O resto" }
    commands { en: "Commands", pt: "Comandos" }
    calls { en: "Calls", pt: "Chamadas" }
    your_name { en: "Your name", pt: "Seu nome" }
    moderators { en: "Moderators", pt: "Moderadores" }
    settings { en: "Settings", pt: "Configurações" }
    slash_text {
        en: "Sends a text that begins with a slash.",
        pt: "Envia um texto que começa com barra.",
    }
    everywhere {
        en: "Behind a moderator's command, as in /ban -all NAME REASON: acts on the whole server from within a room.",
        pt: "Depois do comando de um moderador, como em /ban -all NOME MOTIVO: age no servidor inteiro de dentro de \
             uma sala.",
    }
    also(help: impl Display, others: impl Display) {
        en: "{help} Also {others}.",
        pt: "{help} Também {others}.",
    }
    modes_have_commands {
        en: "Modes have commands of their own: /read-only, /slow, /lock-topic, /calls and /grant.",
        pt: "Os modos têm comandos próprios: /read-only, /slow, /lock-topic, /calls e /grant.",
    }
    nobody_needs_voice {
        en: "Nobody needs a voice here; /mute silences a user, /read-only all but moderators.",
        pt: "Aqui ninguém precisa de voz; /mute silencia um usuário, /read-only todos menos os moderadores.",
    }
    one_server {
        en: "One client talks to one server. Leave, and join another: tr2 join --server URL.",
        pt: "Um cliente fala com um servidor. Saia e entre em outro: tr2 join --server URL.",
    }
    exit_leaves {
        en: "/exit leaves. You stay in your rooms, and see later what was said.",
        pt: "/exit sai. Você continua nas suas salas e vê depois o que foi dito.",
    }
    no_name_service {
        en: "Names need no service: /whois and /keys show who owns yours.",
        pt: "Nomes não precisam de serviço: /whois e /keys mostram de quem é o seu.",
    }
    msg_sends {
        en: "/msg NAME TEXT sends a message to one user.",
        pt: "/msg NOME TEXTO envia uma mensagem a um usuário.",
    }
    status_shows {
        en: "/status shows how the connection is; /list who is online.",
        pt: "/status mostra como está a conexão; /list, quem está online.",
    }
    topic_shows {
        en: "/topic shows what a room is about.",
        pt: "/topic mostra do que uma sala trata.",
    }
    you_stay {
        en: "You stay in a room until you leave it; /reconnect connects anew.",
        pt: "Você fica em uma sala até sair dela; /reconnect conecta de novo.",
    }
    join_open {
        en: "/join #ROOM joins an open room; its members /invite others into a private one.",
        pt: "/join #SALA entra em uma sala aberta; em uma privada, os membros convidam com /invite.",
    }
    instead(shown: impl Display, instead: impl Display) {
        en: "There is no command /{shown}. {instead}",
        pt: "O comando /{shown} não existe. {instead}",
    }
    entries { en: "entries", pt: "itens" }
    this_explains(go: impl Display) {
        en: "This explains; {go} runs an action by its name.",
        pt: "Aqui só se explica; {go} executa uma ação pelo nome.",
    }
    title { en: "Help · Esc closes", pt: "Ajuda · Esc fecha" }
    type_to_filter { en: "type to filter", pt: "digite para filtrar" }
    page_down { en: "PageDown for more", pt: "PageDown mostra mais" }
    online_for(since: impl Display) { en: "online for {since}", pt: "online há {since}" }
    online_for_dialect(since: impl Display, dialect: impl Display) {
        en: "online for {since}, {dialect}",
        pt: "online há {since}, {dialect}",
    }
    online_for_round_trip(since: impl Display, took: impl Display) {
        en: "online for {since}, round trip {took} ms",
        pt: "online há {since}, ida e volta em {took} ms",
    }
    offline { en: "offline", pt: "offline" }
    connecting { en: "connecting", pt: "conectando" }
    joining { en: "joining", pt: "entrando" }
    reconnecting_in(seconds: impl Display) {
        en: "reconnecting in {seconds} s",
        pt: "reconectando em {seconds} s",
    }
    name_on_server(name: impl Display, server: impl Display, state: impl Display) {
        en: "{name} on {server}: {state}.",
        pt: "{name} em {server}: {state}.",
    }
    verified { en: "verified", pt: "verificado" }
    unverified { en: "unverified", pt: "não verificado" }
    and_moderator(verified: impl Display) {
        en: "{verified} and a moderator",
        pt: "{verified} e moderador",
    }
    and_away(standing: impl Display, text: impl Display) {
        en: "{standing}, away: {text}",
        pt: "{standing}, ausente: {text}",
    }
    you_are(standing: impl Display) { en: "You are {standing}.", pt: "Você é {standing}." }
    traffic(received: impl Display, sent: impl Display, shown: impl Display) {
        en: "In the last minute: {received} received, {sent} sent, {shown} to the terminal.",
        pt: "No último minuto: {received} recebidos, {sent} enviados, {shown} ao terminal.",
    }
    traffic_printed(received: impl Display, sent: impl Display, shown: impl Display) {
        en: "In the last minute: {received} received, {sent} sent, {shown} printed.",
        pt: "No último minuto: {received} recebidos, {sent} enviados, {shown} impressos.",
    }
    to_be_accepted[count: usize] {
        en: "1 message waits to be accepted." | "{count} messages wait to be accepted.",
        pt: "1 mensagem espera ser aceita." | "{count} mensagens esperam ser aceitas.",
    }
    to_be_resent[count: usize] {
        en: "1 message waits to be sent again with /resend." | "{count} messages wait to be sent again with /resend.",
        pt: "1 mensagem espera ser reenviada com /resend." | "{count} mensagens esperam ser reenviadas com /resend.",
    }
    to_be_accepted_and_resent[count: usize](failed: impl Display) {
        en: "1 message waits to be accepted, {failed} to be sent again."
            | "{count} messages wait to be accepted, {failed} to be sent again.",
        pt: "1 mensagem espera ser aceita, {failed} ser reenviada." | "{count} mensagens esperam ser aceitas, {failed} ser reenviadas.",
    }
    bytes[count: u64] {
        en: "1 byte" | "{count} bytes",
        pt: "1 byte" | "{count} bytes",
    }
    a_picked_message {
        en: "A picked message (Ctrl-Up picks one)",
        pt: "Uma mensagem escolhida (Ctrl-Up escolhe uma)",
    }
}
