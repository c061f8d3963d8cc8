//! What the keys of the composer do, and what is said about what is being written.
//!
//! Must not know: how any of it is carried out.

use super::sentences;

sentences! {
    key_send { en: "Sends the message.", pt: "Envia a mensagem." }
    key_new_line {
        en: "Starts a new line in the same message.",
        pt: "Começa uma nova linha na mesma mensagem.",
    }
    key_up_down {
        en: "Move by one row; Up at the first recalls what was sent in this conversation.",
        pt: "Movem uma linha; Up na primeira traz de volta o que você enviou nesta conversa.",
    }
    key_recall {
        en: "Searches what was sent in this conversation; again goes on, Esc gives up.",
        pt: "Busca no que você enviou nesta conversa; de novo continua, Esc desiste.",
    }
    key_complete {
        en: "Completes names, rooms, commands, their options, and emoji such as :smile.",
        pt: "Completa nomes, salas, comandos, suas opções e emoji como :smile.",
    }
    key_panes {
        en: "Move to the next and to the previous pane.",
        pt: "Vão ao próximo painel e ao anterior.",
    }
    key_esc {
        en: "Closes a dialog; returns to the composer and the newest message.",
        pt: "Fecha um diálogo; volta à escrita e à mensagem mais nova.",
    }
    key_esc_esc {
        en: "Puts the message you are writing away; Ctrl-Y brings it back.",
        pt: "Guarda a mensagem que você está escrevendo; Ctrl-Y a traz de volta.",
    }
    key_line_ends {
        en: "Move to the start and the end of the line, like Home and End.",
        pt: "Vão ao início e ao fim da linha, como Home e End.",
    }
    key_left { en: "Moves back by one character, like Left.", pt: "Volta um caractere, como Left." }
    key_words {
        en: "Move back and forward by one word, like Ctrl-Left and Ctrl-Right.",
        pt: "Voltam e avançam uma palavra, como Ctrl-Left e Ctrl-Right.",
    }
    key_delete {
        en: "Delete the character under and before the cursor, like Delete and Backspace.",
        pt: "Apagam o caractere sob o cursor e antes dele, como Delete e Backspace.",
    }
    key_cut_line {
        en: "Cut to the start and to the end of the line.",
        pt: "Recortam até o início e até o fim da linha.",
    }
    key_cut_word {
        en: "Cut the word before and after the cursor; Alt-Backspace is Ctrl-W.",
        pt: "Recortam a palavra antes e depois do cursor; Alt-Backspace é Ctrl-W.",
    }
    key_paste {
        en: "Paste what was cut, several cuts in a row as one; then what was cut before that.",
        pt: "Colam o que foi recortado, vários recortes seguidos como um só; depois, o recorte anterior.",
    }
    key_undo { en: "Undoes the last change.", pt: "Desfaz a última mudança." }
    key_exchange {
        en: "Exchanges the two characters around the cursor.",
        pt: "Troca os dois caracteres em volta do cursor.",
    }
    key_capitals {
        en: "Put the word after the cursor into capitals; begin it with a capital.",
        pt: "Põem em maiúsculas a palavra depois do cursor; ou só a primeira letra.",
    }
    key_last_word {
        en: "Inserts the last word of what you sent; again, that of the one before.",
        pt: "Insere a última palavra do que você enviou; de novo, a do envio anterior.",
    }
    key_editor {
        en: "Opens what you are writing in your editor, like Alt-E.",
        pt: "Abre o que você está escrevendo no seu editor, como Alt-E.",
    }
}
