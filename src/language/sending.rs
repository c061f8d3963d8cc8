//! Sending, changing and resending messages, and the lines of plain mode.
//!
//! Must not know: when a message counts as sent.

use std::fmt::Display;

use super::sentences;

sentences! {
    not_your_message { en: "That is not a message of yours.", pt: "Essa mensagem não é sua." }
    edit_needs_text {
        en: "An edited message needs a text; /delete deletes it.",
        pt: "Uma mensagem editada precisa de texto; /delete a apaga.",
    }
    message_too_long(over: impl Display, max_data: impl Display) {
        en: "This message is {over} bytes too long (at most {max_data}).",
        pt: "Esta mensagem passou {over} bytes do limite (máximo de {max_data}).",
    }
    try_once_online {
        en: "You are not online; try again once you are.",
        pt: "Você não está online; tente de novo quando estiver.",
    }
    cannot_do_that { en: "This server cannot do that.", pt: "Este servidor não faz isso." }
    no_editing {
        en: "Edits and deletions are off here.",
        pt: "Editar e apagar estão desligados.",
    }
    is_invited(user: impl Display, room: impl Display) {
        en: "{user} is invited to {room}.",
        pt: "{user} foi convidado para {room}.",
    }
    it_closes(when: impl Display, why: impl Display) {
        en: "It {when}: {why}",
        pt: "O servidor {when}: {why}",
    }
    send_in_parts(over: impl Display, max_data: impl Display) {
        en: "This message is {over} bytes too long (at most {max_data}). Send it in parts.",
        pt: "Esta mensagem passou {over} bytes do limite (máximo de {max_data}). Envie em partes.",
    }
    too_many_on_way(max_pending: impl Display) {
        en: "{max_pending} messages are on their way; wait until some are accepted.",
        pt: "{max_pending} mensagens estão a caminho; espere até que algumas sejam aceitas.",
    }
    no_name_yet { en: "You have no name yet. F5 joins.", pt: "Você ainda não tem nome. F5 entra." }
    not_in_room(room: impl Display) {
        en: "You are not in {room}: /join {room}",
        pt: "Você não está em {room}: /join {room}",
    }
    cannot_store_now {
        en: "The server cannot store messages now; marked ones are resent.",
        pt: "O servidor não grava mensagens agora; as marcadas serão reenviadas.",
    }
    slow_to_accept {
        en: "The server is slow; marked messages are on their way.",
        pt: "O servidor está lento; as mensagens marcadas estão a caminho.",
    }
    not_sent_resend(text: impl Display) {
        en: "Not sent: {text} Alt-R resends it.",
        pt: "Não enviada: {text} Alt-R reenvia.",
    }
    to_place_not_sent(place: impl Display, text: impl Display) {
        en: "To {place}: not sent. {text}",
        pt: "Para {place}: não enviada. {text}",
    }
    why_not_sent(why: impl Display, text: impl Display) {
        en: "{why} Not sent: {text}",
        pt: "{why} Não enviada: {text}",
    }
    resend_once_online {
        en: "You are not online; marked messages can be resent once you are.",
        pt: "Você não está online; as mensagens marcadas podem ser reenviadas quando estiver.",
    }
    nothing_to_resend {
        en: "Nothing to resend in this conversation.",
        pt: "Não há nada para reenviar nesta conversa.",
    }
    waits_no_more {
        en: "This message is no longer queued; try again once it is accepted.",
        pt: "Esta mensagem não está mais na fila; tente de novo quando for aceita.",
    }
    withdrawn {
        en: "Withdrawn; Ctrl-Y brings back what you wrote.",
        pt: "Retirada; Ctrl-Y traz de volta o que você escreveu.",
    }
    too_many_lines { en: "Too many lines wait already.", pt: "Já há linhas demais esperando." }
    too_many_requests {
        en: "Too many requests wait already.",
        pt: "Já há pedidos demais esperando.",
    }
    line_too_long { en: "The line is too long.", pt: "A linha é longa demais." }
    line_was_no_message {
        en: "The line it belongs to was no message.",
        pt: "A linha a que ela pertence não era uma mensagem.",
    }
    nothing_found { en: "Nothing was found.", pt: "Nada foi encontrado." }
    sent_as_parts(parts: impl Display) {
        en: "A long line was sent as {parts} messages.",
        pt: "Uma linha longa foi enviada em {parts} mensagens.",
    }
    why_line_not_sent(why: impl Display, shown: impl Display) {
        en: "{why} Not sent: {shown}",
        pt: "{why} Não enviada: {shown}",
    }
    goes_to(target: impl Display) {
        en: "What you write goes to {target} now; /everyone goes back to all.",
        pt: "O que você escrever vai agora para {target}; /everyone volta a todos.",
    }
    goes_directly_to(name: impl Display) {
        en: "Your lines go directly to {name} now; /everyone or /query NAME goes back.",
        pt: "Agora suas linhas vão direto a {name}; /everyone ou /query NOME volta.",
    }
    will_go_directly_to(name: impl Display) {
        en: "Your lines go directly to {name} from now on, once the channel is open; /everyone or /query NAME goes back.",
        pt: "De agora em diante, suas linhas vão direto a {name}, quando o canal abrir; /everyone ou /query NOME volta.",
    }
    goes_to_everyone {
        en: "What you write goes to everyone now.",
        pt: "O que você escrever vai agora para todos.",
    }
    choose_recipient(text: impl Display) {
        en: "Choose a recipient first, with /query NAME or /everyone. Not sent: {text}",
        pt: "Escolha antes um destinatário, com /query NOME ou /everyone. Não enviada: {text}",
    }
    does_not_answer(server: impl Display) {
        en: "{server} does not answer.",
        pt: "{server} não responde.",
    }
    part_refused {
        en: "The server refused part of the input.",
        pt: "O servidor recusou parte da entrada.",
    }
    part_not_done {
        en: "Part of the input could not be carried out.",
        pt: "Parte da entrada não pôde ser executada.",
    }
    nobody_said(wait: impl Display, seconds: impl Display) {
        en: "Nobody said \"{wait}\" within {seconds} s.",
        pt: "Ninguém disse \"{wait}\" em {seconds} s.",
    }
    messages_did_not_come(seconds: impl Display) {
        en: "The messages did not come within {seconds} s.",
        pt: "As mensagens não chegaram em {seconds} s.",
    }
    interrupted {
        en: "Interrupted before the messages that were asked for arrived.",
        pt: "Interrompido antes de chegarem as mensagens pedidas.",
    }
    keeps_no_messages {
        en: "This server keeps no messages.",
        pt: "Este servidor não guarda mensagens.",
    }
    command_not_done { en: "The command was not carried out.", pt: "O comando não foi executado." }
    text_is_empty { en: "The text is empty.", pt: "O texto está vazio." }
    text_too_long(over: impl Display, max_data: impl Display) {
        en: "The text is {over} bytes too long (at most {max_data}).",
        pt: "O texto passou {over} bytes do limite (máximo de {max_data}).",
    }
    lost_before_answer {
        en: "The connection was lost before the server answered.",
        pt: "A conexão caiu antes que o servidor respondesse.",
    }
    something_missing { en: "Something is missing.", pt: "Falta alguma coisa." }
    needs_a_person {
        en: "This needs a person to decide.",
        pt: "Isto precisa que uma pessoa decida.",
    }
    no_earlier_mention {
        en: "No earlier mention is loaded. F3 lists all of them.",
        pt: "Nenhuma menção anterior foi carregada. F3 lista todas.",
    }
    no_later_mention {
        en: "No later mention is loaded. F3 lists all of them.",
        pt: "Nenhuma menção posterior foi carregada. F3 lista todas.",
    }
    lines_not_sent[count: usize] {
        en: "1 line was not sent." | "{count} lines were not sent.",
        pt: "1 linha não foi enviada." | "{count} linhas não foram enviadas.",
    }
    message_is_gone { en: "This message is gone.", pt: "Esta mensagem não existe mais." }
}
