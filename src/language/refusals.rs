//! Why a server refuses. Servers say so in English, and more precisely; in English, what they say is shown.
//!
//! Must not know: which code means which of these.

use std::fmt::Display;

use super::sentences;

sentences! {
    /// A refusal with what the server says, which has particulars.
    in_particular(refusal: impl Display, text: impl Display) {
        en: "{refusal} (server: {text})",
        pt: "{refusal} (servidor: {text})",
    }
    bad_name { en: "This cannot be a name.", pt: "Isso não serve como nome." }
    bad_query { en: "The search cannot be understood.", pt: "Não foi possível entender a busca." }
    bad_room { en: "This cannot be a room's name.", pt: "Isso não serve como nome de sala." }
    banned { en: "You are banned.", pt: "Você está banido." }
    busy {
        en: "The server is busy; try again in a moment.",
        pt: "O servidor está ocupado; tente de novo daqui a pouco.",
    }
    call_full {
        en: "The room's call is full.",
        pt: "A chamada da sala está cheia.",
    }
    calls_off { en: "There are no calls here.", pt: "Não há chamadas aqui." }
    code_used_up { en: "This code is used up.", pt: "Este código já foi usado." }
    no_such_invitation {
        en: "There is no such invitation; /invitations lists them.",
        pt: "Não existe esse convite; /invitations mostra a lista.",
    }
    invitation_needed {
        en: "This server is by invitation only.",
        pt: "Neste servidor só se entra com convite.",
    }
    kicked { en: "You were kicked.", pt: "Você foi expulso." }
    elsewhere {
        en: "This server serves nobody for now; others of this chat do.",
        pt: "Este servidor não atende ninguém por enquanto; outros deste chat atendem.",
    }
    maintenance {
        en: "The server is being maintained, and only moderators can join.",
        pt: "O servidor está em manutenção, e só moderadores podem entrar.",
    }
    is_muted { en: "You are muted.", pt: "Você está silenciado." }
    name_bound {
        en: "This name is owned by another key or login.",
        pt: "Este nome é de outra chave ou de outro login.",
    }
    name_in_use {
        en: "Another session is online under this name. It can be taken over.",
        pt: "Outra sessão está online com este nome. É possível assumi-la.",
    }
    name_kept {
        en: "This name is kept for moderators.",
        pt: "Este nome é reservado para moderadores.",
    }
    name_taken { en: "This name is taken.", pt: "Este nome já está em uso." }
    no_name { en: "A name is needed first.", pt: "Antes, é preciso um nome." }
    no_such_ban {
        en: "There is no such ban or mute there; /bans lists those in force.",
        pt: "Não há esse banimento ou silenciamento; /bans lista os que estão em vigor.",
    }
    no_such_call { en: "This call is over.", pt: "Esta chamada já terminou." }
    no_such_key {
        en: "Your name has no such key; /keys lists your keys.",
        pt: "Seu nome não tem essa chave; /keys lista as suas.",
    }
    no_such_message {
        en: "There is no such message there, or it is already gone.",
        pt: "Essa mensagem não existe, ou já foi apagada.",
    }
    no_such_reaction {
        en: "There is no such reaction there, or it is already gone.",
        pt: "Essa reação não existe, ou já foi retirada.",
    }
    no_such_room { en: "There is no such room.", pt: "Essa sala não existe." }
    no_such_session {
        en: "You have no such session; /sessions lists them.",
        pt: "Você não tem essa sessão; /sessions lista todas.",
    }
    no_such_user { en: "There is no such user.", pt: "Esse usuário não existe." }
    not_allowed { en: "That is not allowed.", pt: "Isso não é permitido." }
    not_here { en: "That user cannot be called now.", pt: "Não é possível chamar esse usuário agora." }
    not_in_room { en: "Not in that room.", pt: "Fora dessa sala." }
    not_invited { en: "You are not invited.", pt: "Você não tem convite." }
    not_moderator { en: "Only a moderator may do that.", pt: "Só um moderador pode fazer isso." }
    not_private { en: "That room is not private.", pt: "Essa sala não é privada." }
    not_verified { en: "That needs a verified user.", pt: "Isso exige um usuário verificado." }
    not_yours {
        en: "You can edit and delete only your own messages.",
        pt: "Você só pode editar e apagar as suas próprias mensagens.",
    }
    rate_limited { en: "You are sending too fast.", pt: "Você está enviando rápido demais." }
    is_read_only {
        en: "Only moderators may write here.",
        pt: "Só moderadores podem escrever aqui.",
    }
    reason_needed { en: "That needs a reason.", pt: "Isso precisa de um motivo." }
    registration_closed {
        en: "This server takes no new names.",
        pt: "Este servidor não aceita nomes novos.",
    }
    room_taken {
        en: "This name looks like that of another room.",
        pt: "Este nome se parece com o de outra sala.",
    }
    server_full {
        en: "The server is full; try again later.",
        pt: "O servidor está cheio; tente mais tarde.",
    }
    slow_consumer { en: "The connection takes too little.", pt: "A conexão recebe devagar demais." }
    slow_mode {
        en: "Slow mode: wait before the next message.",
        pt: "Modo lento: espere antes da próxima mensagem.",
    }
    store_unavailable {
        en: "The server cannot store anything at the moment; try again later.",
        pt: "O servidor não consegue gravar nada no momento; tente mais tarde.",
    }
    taken_over { en: "Another session took this name over.", pt: "Outra sessão assumiu este nome." }
    too_late {
        en: "This message is too old to be edited or deleted.",
        pt: "Esta mensagem é antiga demais para ser editada ou apagada.",
    }
    too_long { en: "This is too long.", pt: "Isso é longo demais." }
    too_many_bans { en: "There are too many bans.", pt: "Há banimentos demais." }
    too_many_calls { en: "There are too many calls.", pt: "Há chamadas demais." }
    too_many_connections {
        en: "There are too many connections from your address; close one first.",
        pt: "Há conexões demais do seu endereço; feche uma antes.",
    }
    too_many_invitations { en: "There are too many invitations.", pt: "Há convites demais." }
    too_many_members { en: "The room is full.", pt: "A sala está cheia." }
    too_many_names { en: "There are too many names or keys.", pt: "Há nomes ou chaves demais." }
    too_many_reactions {
        en: "This message has too many reactions, or too many of yours.",
        pt: "Esta mensagem tem reações demais, ou demais suas.",
    }
    too_many_rooms { en: "There are too many rooms.", pt: "Há salas demais." }
    too_many_tries { en: "Too many tries.", pt: "Tentativas demais." }
    too_slow { en: "The answer took too long.", pt: "A resposta demorou demais." }
    wrong_code { en: "This invitation code is wrong.", pt: "Este código de convite está errado." }
    wrong_passphrase { en: "Wrong moderator passphrase.", pt: "Senha de moderador errada." }
    now_moderator { en: "You are now a moderator.", pt: "Agora você é moderador." }
    no_longer_moderator { en: "You are no longer a moderator.", pt: "Você não é mais moderador." }
    connection_closed { en: "connection closed", pt: "conexão encerrada" }
    connection_reset { en: "connection reset", pt: "conexão interrompida" }
    connection_lost { en: "connection lost", pt: "conexão perdida" }
    no_pong { en: "no answer to a ping", pt: "sem resposta ao ping" }
    left_kicked { en: "kicked", pt: "expulsão" }
    left_banned { en: "banned", pt: "banimento" }
    left_taken_over { en: "taken over", pt: "sessão assumida" }
}

/// Why somebody left: the words that servers use, and any others as they are.
#[must_use]
pub(crate) fn leaving(why: &str) -> &str {
    match why {
        "connection closed" => connection_closed(),
        "connection reset" => connection_reset(),
        "connection lost" => connection_lost(),
        "no answer to a ping" => no_pong(),
        "kicked" => left_kicked(),
        "banned" => left_banned(),
        "taken over" => left_taken_over(),
        other => other,
    }
}
