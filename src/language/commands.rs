//! What commands and buttons answer when they cannot do what is asked, or have to say more.
//!
//! Must not know: how a command is carried out.

use std::fmt::Display;

use super::sentences;

sentences! {
    may_hold_passphrase(word: impl Display) {
        en: "Nothing was sent: it may hold a passphrase. The command is /{word}, at the very start and alone; to \
             talk about it, put a word in front.",
        pt: "Nada foi enviado: isto pode conter uma senha. O comando é /{word}, bem no início e sozinho; para falar \
             dele, ponha uma palavra antes.",
    }
    may_be_command(command: impl Display) {
        en: "Nothing was sent: this may be a command. Write {command} at the very start to run it, or /{command} to \
             say it.",
        pt: "Nada foi enviado: isto pode ser um comando. Escreva {command} bem no início para executá-lo, ou \
             /{command} para dizê-lo.",
    }
    perhaps(near: impl Display) { en: "Did you mean {near}?", pt: "Você quis dizer {near}?" }
    help_lists_them { en: "/help lists them.", pt: "/help lista todos." }
    nothing_unread { en: "Nothing is unread.", pt: "Não há mensagens não lidas." }
    nothing_in_view {
        en: "Nothing is in view without the full screen.",
        pt: "Sem a tela cheia, não há nada à vista.",
    }
    cannot_search { en: "This server cannot search.", pt: "Este servidor não faz buscas." }
    go_in_first(room: impl Display) {
        en: "You are not in {room}; go in first.",
        pt: "Você não está em {room}; entre primeiro.",
    }
    no_server_to_close {
        en: "You are not online, so there is no server to close.",
        pt: "Você não está online; não há servidor para fechar.",
    }
    say_why_in_bytes(max_reason: impl Display) {
        en: "Say why, in {max_reason} bytes at most: everyone can read it.",
        pt: "Diga o motivo, em no máximo {max_reason} bytes: todos podem ler.",
    }
    not_online_any_more {
        en: "You are not online any more. F5 tries at once.",
        pt: "Você não está mais online. F5 tenta agora.",
    }
    nobody_else_said {
        en: "Nobody else has said anything here.",
        pt: "Ninguém mais disse nada aqui.",
    }
    still_loading {
        en: "The messages here are still loading; try again in a moment.",
        pt: "As mensagens daqui ainda estão carregando; tente de novo em instantes.",
    }
    load_once_online {
        en: "Nothing is loaded here yet; try again once you are online.",
        pt: "Nada foi carregado aqui ainda; tente de novo quando estiver online.",
    }
    you_said_nothing { en: "You have said nothing here.", pt: "Você não disse nada aqui." }
    nothing_said { en: "Nothing was said here.", pt: "Nada foi dito aqui." }
    only_moderator_closes {
        en: "Only a moderator may close the server.",
        pt: "Só um moderador pode fechar o servidor.",
    }
    no_moderators {
        en: "This server knows no moderators.",
        pt: "Este servidor não tem moderadores.",
    }
    passphrase_makes_moderator {
        en: "The server's passphrase makes you a moderator.",
        pt: "A senha do servidor torna você moderador.",
    }
    write_command(command: impl Display, help: impl Display) {
        en: "Write {command}. {help}",
        pt: "Escreva {command}. {help}",
    }
    needs_verifying_server {
        en: "That needs a connection to a server that verifies users.",
        pt: "Isso precisa de conexão com um servidor que verifica usuários.",
    }
    newest_to_delete(messages: String) {
        en: "The newest first; /delete N REASON deletes one.\n{messages}",
        pt: "A mais nova primeiro; /delete N MOTIVO apaga uma.\n{messages}",
    }
    no_message_number(subject: impl Display) {
        en: "There is no message number {subject} here; 1 is the newest.",
        pt: "Não há mensagem número {subject} aqui; 1 é a mais nova.",
    }
    calls_of_which_room {
        en: "Calls are switched off and on in one room at a time: /calls #room off REASON.",
        pt: "As chamadas se desligam e se ligam em uma sala por vez: /calls #sala off MOTIVO.",
    }
    lack_and_how(lack: impl Display, how: impl Display) {
        en: "{lack} Write {how}.",
        pt: "{lack} Escreva {how}.",
    }
    has_one_session {
        en: "On this server everybody has one session.",
        pt: "Neste servidor cada um tem uma só sessão.",
    }
    does_not_show_away {
        en: "This server does not show who is away.",
        pt: "Este servidor não mostra quem está ausente.",
    }
    away_too_long(max_away: impl Display) {
        en: "This text is too long: at most {max_away} bytes.",
        pt: "Este texto é longo demais: no máximo {max_away} bytes.",
    }
    cannot_ignore_yourself {
        en: "You cannot ignore yourself.",
        pt: "Não dá para ignorar a si mesmo.",
    }
    nothing_to_close {
        en: "There is nothing to close without the full screen; /everyone goes back.",
        pt: "Sem a tela cheia, não há nada para fechar; /everyone volta a todos.",
    }
    room_stays(room: impl Display) {
        en: "{room} stays in the list while you are in it. /leave leaves it.",
        pt: "{room} fica na lista enquanto você estiver nela. /leave sai dela.",
    }
    everyone_stays {
        en: "The conversation with everyone cannot be closed.",
        pt: "A conversa com todos não pode ser fechada.",
    }
    topic_is(topic: impl Display) { en: "The topic: {topic}", pt: "O tópico: {topic}" }
    no_topic { en: "There is no topic.", pt: "Não há tópico." }
    topic_too_long(max_topic: impl Display) {
        en: "This topic is too long: at most {max_topic} bytes.",
        pt: "Este tópico é longo demais: no máximo {max_topic} bytes.",
    }
    notifications_own(place: impl Display, level: impl Display) {
        en: "Notifications of {place}: {level}. /notify - resets it.",
        pt: "Notificações de {place}: {level}. /notify - volta ao padrão.",
    }
    notifications_as_everywhere(place: impl Display, level: impl Display) {
        en: "Notifications of {place}: {level}, as everywhere.",
        pt: "Notificações de {place}: {level}, como em todo lugar.",
    }
    not_online_reconnect {
        en: "You are not online. F5 or /reconnect tries at once.",
        pt: "Você não está online. F5 ou /reconnect tenta agora.",
    }
    no_rooms_here {
        en: "This server has no rooms; all are together in \"everyone\".",
        pt: "Este servidor não tem salas; todos estão juntos em \"todos\".",
    }
    no_moderators_here {
        en: "This server has no moderators except those who may close it.",
        pt: "Este servidor não tem moderadores além de quem pode fechá-lo.",
    }
    not_in_direct_chat {
        en: "This cannot be done with what goes directly.",
        pt: "Isto não é possível com o que vai diretamente.",
    }
    not_valid_name(name: impl Display, error: impl Display) {
        en: "'{name}' is not a valid name. {error}",
        pt: "'{name}' não é um nome válido. {error}",
    }
    not_valid_room(name: impl Display, error: impl Display) {
        en: "'{name}' is not a valid room name. {error}",
        pt: "'{name}' não é um nome de sala válido. {error}",
    }
    no_command(shown: impl Display, meant: impl Display) {
        en: "There is no command /{shown}. {meant} //{shown} sends it as text.",
        pt: "O comando /{shown} não existe. {meant} //{shown} o envia como texto.",
    }
    no_command_but_back(shown: impl Display, meant: impl Display) {
        en: "There is no command /{shown}. {meant} //{shown} sends it as text. Up brings it back.",
        pt: "O comando /{shown} não existe. {meant} //{shown} o envia como texto. Up o traz de volta.",
    }
    f5_again_or_leave {
        en: "You are not online. F5 tries again, Ctrl-C leaves.",
        pt: "Você não está online. F5 tenta de novo, Ctrl-C sai.",
    }
    f5_back_or_leave {
        en: "You are not online. F5 tries to come back, Ctrl-C leaves.",
        pt: "Você não está online. F5 tenta voltar, Ctrl-C sai.",
    }
    f5_again {
        en: "You are not online. F5 tries again.",
        pt: "Você não está online. F5 tenta de novo.",
    }
    closes_nothing {
        en: "That closes nothing. Write /close-server in 5m because TEXT, /close-server off to call it off, or \
             /close-server alone to close it now.",
        pt: "Isso não fecha nada. Escreva /close-server in 5m because TEXTO, /close-server off para cancelar, ou \
             /close-server sozinho para fechar agora.",
    }
    closes_only_now {
        en: "That closes nothing: this server knows only /close-server alone, which closes it now.",
        pt: "Isso não fecha nada: este servidor só conhece /close-server sozinho, que fecha agora.",
    }
    passphrase_elsewhere(why: impl Display) {
        en: "{why} A passphrase with blanks, or with a digit in front, goes behind /moderator.",
        pt: "{why} Uma senha com espaços, ou que começa com dígito, vai depois de /moderator.",
    }
    take_another_name(name: impl Display) {
        en: "You are {name}. A name is taken when you join. To take another: /quit, then tr2 join --name NAME.",
        pt: "Você é {name}. O nome é escolhido ao entrar. Para usar outro: /quit e depois tr2 join --name NOME.",
    }
    leave_for_good(name: impl Display) {
        en: "You leave this server for good. Messages in rooms and to everyone stay, under {name}; whoever you wrote to keeps \
             what you wrote; a keeper can erase more, before you leave. Your keys, rooms, rights and ignore list go, and nobody gets the name \
             for 30 days.",
        pt: "Você sai deste servidor para sempre. As mensagens em salas e para todos ficam, com o nome {name}; quem recebeu \
             mensagens suas as mantém; um responsável pode apagar mais, antes de você sair. Suas chaves, salas, direitos e lista de ignorados \
             se perdem, e ninguém recebe o nome por 30 dias.",
    }
    leave_for_good_in_lines(question: impl Display, name: impl Display) {
        en: "{question} To do it: /leave-server {name}",
        pt: "{question} Para fazer isso: /leave-server {name}",
    }
    undisturbed { en: "do not disturb", pt: "não perturbe" }
    newest_to_remove(messages: String) {
        en: "The newest first; /remove-reaction N REACTION NAME REASON removes one; - in place of a name removes \
             everybody's.\n{messages}",
        pt: "A mais nova primeiro; /remove-reaction N REAÇÃO NOME MOTIVO remove uma; - no lugar do nome remove a de \
             todos.\n{messages}",
    }
    nothing_in_help(filter: impl Display) {
        en: "Nothing matches \"{filter}\"; /help lists all commands.",
        pt: "Nada corresponde a \"{filter}\"; /help lista todos os comandos.",
    }
    no_user(typed: impl Display, meant: impl Display) {
        en: "No user \"{typed}\". {meant}",
        pt: "Não há usuário \"{typed}\". {meant}",
    }
    no_room(typed: impl Display, meant: impl Display) {
        en: "No room {typed}. {meant}",
        pt: "Não há sala {typed}. {meant}",
    }
    not_ignoring(name: impl Display, meant: impl Display) {
        en: "You are not ignoring \"{name}\". {meant}",
        pt: "Você não ignora \"{name}\". {meant}",
    }
    meant_alike(name: impl Display) {
        en: "Did you mean \"{name}\"? The two look alike.",
        pt: "Você quis dizer \"{name}\"? Os dois se parecem.",
    }
    numbers_on_screen {
        en: "Conversations have numbers on the full screen only; /query NAME goes to one.",
        pt: "As conversas só têm números na tela cheia; /query NOME vai a uma.",
    }
    no_conversation(number: impl Display, count: impl Display) {
        en: "There is no conversation {number}; the last is {count}.",
        pt: "Não há conversa {number}; a última é {count}.",
    }
}
