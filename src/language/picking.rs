//! A picked message: what can be done with it, and what is said of it.
//!
//! Must not know: which message is picked.

use std::fmt::Display;

use super::sentences;

sentences! {
    reply { en: "reply", pt: "responder" }
    reply_help {
        en: "Answers it: what you write next quotes it.",
        pt: "Responde a ela: o que você escrever a seguir a cita.",
    }
    edit { en: "edit", pt: "editar" }
    edit_help { en: "Edits it, if it is yours.", pt: "Edita-a, se for sua." }
    send { en: "send", pt: "enviar" }
    send_help {
        en: "Sends it again if it is marked \"not sent\".",
        pt: "Envia-a de novo, se estiver marcada como \"não enviada\".",
    }
    delete { en: "delete", pt: "apagar" }
    delete_help {
        en: "Asks whether to delete it: yours, or as a moderator any.",
        pt: "Pergunta se é para apagá-la: a sua, ou qualquer uma para moderadores.",
    }
    react { en: "react", pt: "reagir" }
    react_help {
        en: "Puts a reaction on it, or takes it back.",
        pt: "Põe uma reação nela, ou a retira.",
    }
    copy { en: "copy", pt: "copiar" }
    copy_help { en: "Copies its text.", pt: "Copia o texto dela." }
    open { en: "open", pt: "abrir" }
    open_help {
        en: "Opens a link in it; over ssh, copies the link.",
        pt: "Abre um link dela; por ssh, copia o link.",
    }
    quote { en: "quote", pt: "citada" }
    quote_help {
        en: "Goes to the message that it answers.",
        pt: "Vai à mensagem que ela responde.",
    }
    let_go_help {
        en: "Lets it go; any other character goes into what you write.",
        pt: "Solta-a; qualquer outro caractere vai para o que você escreve.",
    }
    yours_again { en: "yours; again takes it back", pt: "sua; de novo a retira" }
    sign { en: "sign", pt: "sinal" }
    signs { en: "signs", pt: "sinais" }
    sign_label { en: "Sign:", pt: "Sinal:" }
    sign_help {
        en: "A short word, a sign, or an emoji by name as in :smile",
        pt: "Uma palavra curta, um sinal ou um emoji pelo nome, como em :smile",
    }
    do_react { en: "React", pt: "Reagir" }
    cancel { en: "Cancel", pt: "Cancelar" }
    reaction { en: "Reaction", pt: "Reação" }
    delete_yours {
        en: "Delete your message? A marker stays.",
        pt: "Apagar a sua mensagem? Fica uma marca.",
    }
    do_delete { en: "Delete", pt: "Apagar" }
    keep { en: "Keep", pt: "Manter" }
    delete_title { en: "Delete", pt: "Apagar" }
    withdraw_yours {
        en: "Withdraw your message? It was not sent yet.",
        pt: "Retirar a sua mensagem? Ela ainda não foi enviada.",
    }
    drop_yours {
        en: "Withdraw your message? It was not sent.",
        pt: "Retirar a sua mensagem? Ela não foi enviada.",
    }
    drop_unsure {
        en: "Withdraw your message here? It may have arrived all the same.",
        pt: "Retirar a sua mensagem daqui? Ela pode ter chegado mesmo assim.",
    }
    do_withdraw { en: "Withdraw", pt: "Retirar" }
    withdraw_title { en: "Withdraw", pt: "Retirar" }
    once_accepted {
        en: "This message is not accepted yet; try again once it is.",
        pt: "Esta mensagem ainda não foi aceita; tente de novo quando for.",
    }
    once_sent {
        en: "This message was not sent; s sends it again.",
        pt: "Esta mensagem não foi enviada; s a envia de novo.",
    }
    only_not_sent {
        en: "Only a message marked \"not sent\" can be sent again.",
        pt: "Só uma mensagem marcada como \"não enviada\" pode ser enviada de novo.",
    }
    link { en: "link", pt: "link" }
    links { en: "links", pt: "links" }
    do_open { en: "Open", pt: "Abrir" }
    do_copy { en: "Copy", pt: "Copiar" }
    open_a_link { en: "Open a link", pt: "Abrir um link" }
    copy_a_link { en: "Copy a link", pt: "Copiar um link" }
    opening { en: "Opening", pt: "Abrindo" }
    copied_the_link { en: "Copied the link", pt: "Copiado o link" }
    try_once_online {
        en: "You are not online; try again once you are.",
        pt: "Você não está online; tente de novo quando estiver.",
    }
    cannot_do_that { en: "This server cannot do that.", pt: "Este servidor não faz isso." }
    keeps_no_earlier {
        en: "This server keeps no earlier messages.",
        pt: "Este servidor não guarda mensagens anteriores.",
    }
    may_hold_passphrase {
        en: "Nothing was sent: it may hold a passphrase.",
        pt: "Nada foi enviado: isto pode conter uma senha.",
    }
    nothing_changed { en: "Nothing was changed.", pt: "Nada foi mudado." }
    reply_to(message: impl Display) { en: "reply to {message}", pt: "resposta a {message}" }
    reply_to_gone {
        en: "reply to a message that is gone",
        pt: "resposta a uma mensagem que não existe mais",
    }
    editing_gone {
        en: "editing a message that is gone",
        pt: "editando uma mensagem que não existe mais",
    }
    editing_yours { en: "editing your message", pt: "editando a sua mensagem" }
    esc_cancels { en: " · Esc cancels", pt: " · Esc cancela" }
    deleted_picked(by: impl Display) {
        en: "{by} deleted the message that you had picked.",
        pt: "{by} apagou a mensagem que você tinha escolhido.",
    }
    picked_gone {
        en: "The message that you had picked is gone.",
        pt: "A mensagem que você tinha escolhido não existe mais.",
    }
    only_sender_edits {
        en: "Only its sender can edit a message.",
        pt: "Só quem enviou uma mensagem pode editá-la.",
    }
    only_sender_deletes {
        en: "Only its sender can delete a private message.",
        pt: "Só quem enviou uma mensagem privada pode apagá-la.",
    }
    only_sender_or_moderators {
        en: "Only its sender and moderators can delete a message.",
        pt: "Só quem enviou uma mensagem e moderadores podem apagá-la.",
    }
    no_link { en: "There is no link in this message.", pt: "Não há link nesta mensagem." }
    answers_none { en: "This message answers no other.", pt: "Esta mensagem não responde a outra." }
    answered_gone {
        en: "The message that it answers is gone.",
        pt: "A mensagem a que ela responde não existe mais.",
    }
    cannot_pick {
        en: "A TR2.23 server does not number messages, so none can be picked.",
        pt: "Um servidor TR2.23 não numera mensagens; nenhuma pode ser escolhida.",
    }
    mouse_works {
        en: "The mouse works here; Alt-M ends it.",
        pt: "O mouse funciona aqui; Alt-M encerra.",
    }
    mouse_selects { en: "The mouse selects text again.", pt: "O mouse volta a selecionar texto." }
    copied[characters: usize] {
        en: "Copied: 1 character." | "Copied: {characters} characters.",
        pt: "Copiado: 1 caractere." | "Copiados: {characters} caracteres.",
    }
    copied_lines[characters: usize](lines: impl Display) {
        en: "Copied: 1 character in {lines} lines." | "Copied: {characters} characters in {lines} lines.",
        pt: "Copiado: 1 caractere em {lines} linhas." | "Copiados: {characters} caracteres em {lines} linhas.",
    }
}
