//! The actions of any chat: their names in the menu, and one sentence about each.
//!
//! Must not know: how any of it is carried out.

use super::sentences;

sentences! {
    echo { en: "Echo", pt: "Eco" }
    echo_help {
        en: "Asks the server to send a text back.",
        pt: "Pede ao servidor que devolva um texto.",
    }
    list { en: "List clients", pt: "Usuários" }
    list_help {
        en: "Lists who is online; Enter opens a conversation.",
        pt: "Lista quem está online; Enter abre uma conversa.",
    }
    msg { en: "Private message", pt: "Msg. privada" }
    msg_help { en: "Sends a message to one user.", pt: "Envia uma mensagem a um usuário." }
    broadcast { en: "Broadcast", pt: "Para todos" }
    broadcast_help {
        en: "Sends a message to everyone, with or without a copy to you.",
        pt: "Envia uma mensagem a todos, com ou sem cópia para você.",
    }
    exit { en: "Exit", pt: "Sair" }
    exit_help { en: "Leaves the chat.", pt: "Sai do chat." }
    close_server { en: "Close server", pt: "Fechar serv." }
    close_server_help {
        en: "Closes the server, now or later; moderators only.",
        pt: "Encerra o servidor, agora ou mais tarde; só para moderadores.",
    }
    search { en: "Search", pt: "Buscar" }
    search_help {
        en: "Searches all messages that you can see.",
        pt: "Busca em todas as mensagens que você pode ver.",
    }
    help { en: "Help", pt: "Ajuda" }
    help_help {
        en: "Shows keys, commands and settings, or those with a word.",
        pt: "Mostra teclas, comandos e configurações, ou os que têm uma palavra.",
    }
    menu { en: "Menu", pt: "Menu" }
    menu_help {
        en: "Opens the menu; a digit chooses an entry.",
        pt: "Abre o menu; um dígito escolhe uma opção.",
    }
    query { en: "Open conversation", pt: "Abrir conversa" }
    query_help {
        en: "Opens the conversation with a user, or with a room you are in.",
        pt: "Abre a conversa com um usuário ou com uma sala em que você está.",
    }
    everyone { en: "Everyone", pt: "Todos" }
    everyone_help { en: "Opens the conversation with everyone.", pt: "Abre a conversa com todos." }
    conversation_by_number { en: "Conversation by number", pt: "Conversa por número" }
    conversation_by_number_help {
        en: "Opens a conversation by its number in the list; 0 is the tenth.",
        pt: "Abre uma conversa pelo número dela na lista; 0 é a décima.",
    }
    next_conversation { en: "Next conversation", pt: "Próxima conversa" }
    next_conversation_help { en: "Opens the next conversation.", pt: "Abre a próxima conversa." }
    previous_conversation { en: "Previous conversation", pt: "Conversa anterior" }
    previous_conversation_help {
        en: "Opens the previous conversation.",
        pt: "Abre a conversa anterior.",
    }
    next_unread { en: "Next unread", pt: "Próxima não lida" }
    next_unread_help {
        en: "Opens the next conversation with unread messages, those that mention you first.",
        pt: "Abre a próxima conversa com mensagens não lidas; primeiro, as que mencionam você.",
    }
    move_conversation_up { en: "Move conversation up", pt: "Subir conversa" }
    move_conversation_up_help {
        en: "Moves the conversation up in the list.",
        pt: "Move a conversa para cima na lista.",
    }
    move_conversation_down { en: "Move conversation down", pt: "Descer conversa" }
    move_conversation_down_help {
        en: "Moves the conversation down in the list.",
        pt: "Move a conversa para baixo na lista.",
    }
    mentions { en: "Mentions", pt: "Menções" }
    mentions_help {
        en: "Lists the messages that mention you.",
        pt: "Lista as mensagens que mencionam você.",
    }
    earlier_mention { en: "Earlier mention", pt: "Menção anterior" }
    earlier_mention_help {
        en: "Goes to the mention before, in this conversation.",
        pt: "Vai à menção anterior nesta conversa.",
    }
    later_mention { en: "Later mention", pt: "Próxima menção" }
    later_mention_help {
        en: "Goes to the mention after, in this conversation.",
        pt: "Vai à próxima menção nesta conversa.",
    }
    pick_message { en: "Pick message", pt: "Escolher mensagem" }
    pick_message_help {
        en: "Picks a message to act on, then the one before it.",
        pt: "Escolhe uma mensagem para agir sobre ela; de novo, a anterior.",
    }
    pick_later_message { en: "Pick later message", pt: "Mensagem seguinte" }
    pick_later_message_help { en: "Picks the message after.", pt: "Escolhe a mensagem seguinte." }
    page_up { en: "Page up", pt: "Página acima" }
    page_up_help { en: "Scrolls back.", pt: "Rola para trás." }
    page_down { en: "Page down", pt: "Página abaixo" }
    page_down_help { en: "Scrolls forward.", pt: "Rola para a frente." }
    oldest { en: "Oldest", pt: "Mais antiga" }
    oldest_help { en: "Scrolls to the oldest message.", pt: "Rola até a mensagem mais antiga." }
    newest { en: "Newest", pt: "Mais nova" }
    newest_help { en: "Scrolls to the newest message.", pt: "Rola até a mensagem mais nova." }
    me { en: "Action", pt: "Ação" }
    me_help { en: "Says what you do: /me waves.", pt: "Diz o que você está fazendo: /me acena." }
    reply { en: "Reply", pt: "Responder" }
    reply_help {
        en: "Answers the newest message of somebody, with a quote of it.",
        pt: "Responde à mensagem mais nova de alguém, citando-a.",
    }
    edit { en: "Edit", pt: "Editar" }
    edit_help {
        en: "Replaces the text of your last message.",
        pt: "Substitui o texto da sua última mensagem.",
    }
    react { en: "React", pt: "Reagir" }
    react_help {
        en: "Puts a reaction on the newest message of somebody else, or takes it back.",
        pt: "Reage à mensagem mais nova de outra pessoa, ou retira a reação.",
    }
    resend { en: "Send again", pt: "Reenviar" }
    resend_help {
        en: "Resends the failed messages of this conversation.",
        pt: "Reenvia as mensagens desta conversa que falharam.",
    }
    reconnect { en: "Reconnect", pt: "Reconectar" }
    reconnect_help { en: "Reconnects to the server now.", pt: "Reconecta ao servidor agora." }
    close { en: "Close conversation", pt: "Fechar conversa" }
    close_help {
        en: "Closes the conversation with a user; it comes back when something is said.",
        pt: "Fecha a conversa com um usuário; ela volta quando alguém escreve.",
    }
    clear { en: "Clear", pt: "Limpar" }
    clear_help {
        en: "Clears the messages from view; PageUp brings them back.",
        pt: "Tira as mensagens da vista; PageUp as traz de volta.",
    }
    rename { en: "Change name", pt: "Mudar de nome" }
    rename_help {
        en: "Gives you another name; all that is yours comes with you.",
        pt: "Dá a você outro nome; tudo o que é seu vai junto.",
    }
    leave_server { en: "Leave for good", pt: "Sair para sempre" }
    leave_server_help {
        en: "Gives your name up for good, after a question.",
        pt: "Abre mão do seu nome para sempre, após uma pergunta.",
    }
    whois { en: "Who is", pt: "Quem é" }
    whois_help {
        en: "Shows how a user is verified, and since when.",
        pt: "Mostra como um usuário é verificado e desde quando.",
    }
    keys { en: "Keys", pt: "Chaves" }
    keys_help {
        en: "Lists the keys and logins that own your name.",
        pt: "Lista as chaves e os logins que são donos do seu nome.",
    }
    revoke_key { en: "Revoke key", pt: "Revogar chave" }
    revoke_key_help {
        en: "Removes a key from your name; /keys lists them.",
        pt: "Remove uma chave do seu nome; /keys lista todas.",
    }
    invite_key { en: "Add a device", pt: "Adicionar aparelho" }
    invite_key_help {
        en: "Shows a line that adds another device of yours to your name.",
        pt: "Mostra uma linha que adiciona outro aparelho seu ao seu nome.",
    }
    invitations { en: "Invitations", pt: "Convites" }
    invitations_help {
        en: "Lists the invitations of new people: how many have come, and until when.",
        pt: "Lista os convites para pessoas novas: quantas vieram, e até quando valem.",
    }
    revoke_invitation { en: "Revoke invitation", pt: "Encerrar convite" }
    revoke_invitation_help {
        en: "Ends an invitation; /invitations lists them.",
        pt: "Encerra um convite; /invitations mostra a lista.",
    }
    sessions { en: "Sessions", pt: "Sessões" }
    sessions_help {
        en: "Lists your sessions on this server, or ends the one with a number.",
        pt: "Lista suas sessões neste servidor, ou encerra a que tem um número.",
    }
    set { en: "Settings", pt: "Configurações" }
    set_help {
        en: "Shows or changes a setting, and keeps it; - as the value resets it.",
        pt: "Mostra ou muda uma configuração, e a guarda; - como valor volta ao padrão.",
    }
    notify { en: "Notifications", pt: "Notificações" }
    notify_help {
        en: "Sets which messages of this conversation notify you; - resets it.",
        pt: "Define quais mensagens desta conversa notificam você; - volta ao padrão.",
    }
    bare { en: "Bare view", pt: "Só mensagens" }
    bare_help {
        en: "Shows only the messages, for copying with the mouse; again, everything.",
        pt: "Mostra só as mensagens, para copiar com o mouse; de novo, tudo.",
    }
    redraw { en: "Redraw", pt: "Redesenhar" }
    redraw_help { en: "Redraws the screen.", pt: "Redesenha a tela." }
    suspend { en: "Suspend", pt: "Suspender" }
    suspend_help { en: "Suspends tr2; fg resumes it.", pt: "Suspende o tr2; fg o retoma." }
    go { en: "Go to", pt: "Ir para" }
    go_help {
        en: "Goes to a conversation, a user, a room or an action by a few letters.",
        pt: "Vai a uma conversa, um usuário, uma sala ou uma ação com poucas letras.",
    }
    edit_in_editor { en: "Edit in editor", pt: "Editar no editor" }
    edit_in_editor_help {
        en: "Opens what you are writing in your editor, $VISUAL or $EDITOR.",
        pt: "Abre o que você está escrevendo no seu editor, $VISUAL ou $EDITOR.",
    }
    mouse { en: "Mouse", pt: "Mouse" }
    mouse_help {
        en: "Turns the mouse on or off until you leave; when off, the terminal selects.",
        pt: "Liga ou desliga o mouse até você sair; desligado, o terminal seleciona.",
    }
    jump { en: "Jump to number", pt: "Ir ao número" }
    jump_help {
        en: "Opens a conversation by its number: two digits, or one and Enter.",
        pt: "Abre uma conversa pelo número: dois dígitos, ou um e Enter.",
    }
    status { en: "Status", pt: "Status" }
    status_help {
        en: "Shows how the connection is, and the bytes of the last minute.",
        pt: "Mostra como está a conexão e os bytes do último minuto.",
    }
}
