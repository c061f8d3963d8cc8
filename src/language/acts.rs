//! The actions of moderators, and those about rooms and people: their names, and one sentence about each.
//!
//! Must not know: how any of it is carried out.

use super::sentences;

sentences! {
    moderate { en: "Moderate", pt: "Moderar" }
    moderate_help {
        en: "Shows what moderators can do here.",
        pt: "Mostra o que moderadores podem fazer aqui.",
    }
    kick { en: "Kick", pt: "Expulsar" }
    kick_help {
        en: "Disconnects a user; they may rejoin.",
        pt: "Desconecta um usuário; ele pode voltar.",
    }
    ban { en: "Ban", pt: "Banir" }
    ban_help {
        en: "Bans a user, permanently or for a time.",
        pt: "Bane um usuário, para sempre ou por um tempo.",
    }
    unban { en: "Unban", pt: "Desbanir" }
    unban_help { en: "Lifts a ban.", pt: "Retira um banimento." }
    mute { en: "Mute", pt: "Silenciar" }
    mute_help {
        en: "Mutes a user, permanently or for a time.",
        pt: "Silencia um usuário, para sempre ou por um tempo.",
    }
    unmute { en: "Unmute", pt: "Dar voz" }
    unmute_help { en: "Lifts a mute.", pt: "Deixa um usuário silenciado falar de novo." }
    slow { en: "Slow mode", pt: "Modo lento" }
    slow_help {
        en: "Limits how often each user may write.",
        pt: "Limita a frequência com que cada um pode escrever.",
    }
    delete { en: "Delete message", pt: "Apagar mensagem" }
    delete_help {
        en: "Deletes a message; a marker stays.",
        pt: "Apaga uma mensagem; fica uma marca no lugar.",
    }
    announce { en: "Announce", pt: "Anunciar" }
    announce_help { en: "Sends an announcement to everyone.", pt: "Envia um anúncio a todos." }
    grant { en: "Make moderator", pt: "Promover" }
    grant_help { en: "Makes a user a moderator.", pt: "Torna um usuário moderador." }
    revoke { en: "Unmake moderator", pt: "Rebaixar" }
    revoke_help {
        en: "Takes moderator rights away.",
        pt: "Tira de um usuário os direitos de moderador.",
    }
    free { en: "Free a name", pt: "Liberar nome" }
    free_help {
        en: "Frees the name of a user who lost the key to it.",
        pt: "Libera o nome de um usuário que perdeu a chave dele.",
    }
    bans { en: "Bans and mutes", pt: "Banimentos" }
    bans_help {
        en: "Lists the bans and mutes in force.",
        pt: "Lista os banimentos e silenciamentos em vigor.",
    }
    modlog { en: "Moderation log", pt: "Log de moderação" }
    modlog_help {
        en: "Shows moderators' actions, newest first.",
        pt: "Mostra as ações dos moderadores, a mais nova primeiro.",
    }
    moderator { en: "Become a moderator", pt: "Virar moderador" }
    moderator_help {
        en: "Makes you a moderator, with the passphrase.",
        pt: "Torna você moderador, com a senha.",
    }
    rooms { en: "Rooms", pt: "Salas" }
    rooms_help {
        en: "Lists the rooms: join, make or leave them, set topics, invite users.",
        pt: "Lista as salas: entrar, criar, sair, definir tópicos, convidar usuários.",
    }
    join { en: "Join room", pt: "Entrar na sala" }
    join_help {
        en: "Joins a room, or makes it: open, or private (by invitation).",
        pt: "Entra em uma sala, ou a cria: aberta ou privada (com convite).",
    }
    leave { en: "Leave room", pt: "Sair da sala" }
    leave_help {
        en: "Leaves a room; going offline does not.",
        pt: "Sai da sala; ficar offline não sai.",
    }
    topic { en: "Topic", pt: "Tópico" }
    topic_help {
        en: "Shows or sets the topic; - removes it.",
        pt: "Mostra ou define o tópico; - o remove.",
    }
    members { en: "Members", pt: "Membros" }
    members_help { en: "Lists the members of a room.", pt: "Lista os membros de uma sala." }
    invite { en: "Invite", pt: "Convidar" }
    invite_help {
        en: "Invites a user into a room; without a name, lets new people in with a code.",
        pt: "Convida um usuário para uma sala; sem nome, deixa entrar pessoas novas com um código.",
    }
    ignore { en: "Ignore", pt: "Ignorar" }
    ignore_help {
        en: "Hides a user's messages from you.",
        pt: "Esconde de você as mensagens de um usuário.",
    }
    unignore { en: "Stop ignoring", pt: "Deixar de ignorar" }
    unignore_help {
        en: "Shows a user's messages again.",
        pt: "Volta a mostrar as mensagens de um usuário.",
    }
    ignored { en: "Ignored", pt: "Ignorados" }
    ignored_help { en: "Lists the users you ignore.", pt: "Lista os usuários que você ignora." }
    away { en: "Away", pt: "Ausente" }
    away_help {
        en: "Marks you as away; anyone who writes to you sees the text.",
        pt: "Marca você como ausente; quem escrever para você vê o texto.",
    }
    back { en: "Back", pt: "De volta" }
    back_help { en: "Marks you as back.", pt: "Marca você como de volta." }
    dnd { en: "Do not disturb", pt: "Não perturbe" }
    dnd_help {
        en: "Marks you as away and silences the bell.",
        pt: "Marca você como ausente e silencia o bipe.",
    }
    read_only { en: "Read-only", pt: "Só leitura" }
    read_only_help { en: "Lets only moderators write.", pt: "Deixa só moderadores escreverem." }
    lock_topic { en: "Lock topic", pt: "Travar tópico" }
    lock_topic_help {
        en: "Lets only moderators set the topic.",
        pt: "Deixa só moderadores mudarem o tópico.",
    }
    calls { en: "Calls", pt: "Chamadas" }
    calls_help {
        en: "Switches a room's calls on or off.",
        pt: "Liga ou desliga chamadas na sala.",
    }
    remove_reaction { en: "Remove reaction", pt: "Remover reação" }
    remove_reaction_help {
        en: "Removes a reaction from a message.",
        pt: "Remove uma reação de uma mensagem.",
    }
    call { en: "Call", pt: "Chamar" }
    call_help {
        en: "Starts a video call with a user, or joins a room's call.",
        pt: "Faz uma chamada de vídeo para um usuário, ou entra na chamada de uma sala.",
    }
    direct { en: "Talk directly", pt: "Conversar diretamente" }
    direct_help {
        en: "Calls a user to talk directly: the server cannot read what is said.",
        pt: "Chama um usuário para conversar diretamente: o servidor não lê o que se diz.",
    }
    camera { en: "Camera", pt: "Câmera" }
    camera_help {
        en: "Turns your camera on or off in a call.",
        pt: "Liga ou desliga sua câmera em uma chamada.",
    }
    talk { en: "Speak", pt: "Falar" }
    talk_help {
        en: "Speaks in a call while its key is held, or until it is pressed again.",
        pt: "Fala em uma chamada enquanto a tecla é segurada, ou até apertá-la de novo.",
    }
    sound { en: "Sound", pt: "Som" }
    sound_help {
        en: "Turns sound on or off in a call.",
        pt: "Liga ou desliga o som em uma chamada.",
    }
    large { en: "Large picture", pt: "Imagem grande" }
    large_help {
        en: "Shows the picture of a call large, or small; so does F5 while it is in view.",
        pt: "Mostra a imagem da chamada grande, ou pequena de novo; F5 também, enquanto ela está à vista.",
    }
    answer { en: "Answer", pt: "Atender" }
    answer_help { en: "Answers the call that rings.", pt: "Atende a chamada que toca." }
    decline { en: "Decline", pt: "Recusar" }
    decline_help {
        en: "Declines the call that rings, or the file that is offered.",
        pt: "Recusa a chamada que toca, ou o arquivo oferecido.",
    }
    hang_up { en: "Hang up", pt: "Desligar" }
    hang_up_help { en: "Ends a call, or gives it up.", pt: "Encerra uma chamada, ou desiste dela." }
    verify { en: "Compare words", pt: "Comparar palavras" }
    verify_help {
        en: "Shows four words to compare, which prove that nobody stands between you.",
        pt: "Mostra quatro palavras para comparar; elas provam que não há ninguém entre vocês.",
    }
    bypass { en: "Bypass the server", pt: "Contornar o servidor" }
    bypass_help {
        en: "Has direct packets bypass the server, once the other user wants it too.",
        pt: "Faz os pacotes diretos contornarem o servidor, quando o outro também quiser.",
    }
    forget_key { en: "Forget key", pt: "Esquecer chave" }
    forget_key_help {
        en: "Forgets the key that is known as a user's; the next call counts as the first.",
        pt: "Esquece a chave conhecida de um usuário; a próxima chamada conta como a primeira.",
    }
    send { en: "Send file", pt: "Enviar arquivo" }
    send_help {
        en: "Offers a file to a user directly, or goes on with one that was cut off.",
        pt: "Oferece um arquivo diretamente a um usuário, ou continua um que foi interrompido.",
    }
    accept { en: "Accept file", pt: "Aceitar arquivo" }
    accept_help { en: "Accepts the file that is offered.", pt: "Aceita o arquivo oferecido." }
    stop { en: "Stop files", pt: "Parar arquivos" }
    stop_help {
        en: "Stops sending and receiving files.",
        pt: "Para de enviar e de receber arquivos.",
    }
}
