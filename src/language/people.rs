//! Questions to the people who share an account: who they are, and their passphrase.
//!
//! Must not know: who they are, or how a key is kept.

use std::fmt::Display;

use super::sentences;

sentences! {
    who_are_you { en: "Who are you?", pt: "Quem é você?" }
    somebody_new { en: "somebody new", pt: "outra pessoa" }
    your_number { en: "Your number or name: ", pt: "Seu número ou nome: " }
    your_name { en: "Your name: ", pt: "Seu nome: " }
    is_there_already(name: impl Display) {
        en: "{name} is here already; choose another name.",
        pt: "{name} já está aqui; escolha outro nome.",
    }
    nobody_of_that_name(name: impl Display) {
        en: "Nobody here is {name}. Are you new here, as {name}? (y/n) ",
        pt: "Ninguém aqui é {name}. Você é novo aqui, como {name}? (s/n) ",
    }
    passphrase_of(name: impl Display) {
        en: "Passphrase of {name} (lost? Enter alone): ",
        pt: "Senha de {name} (perdeu? só Enter): ",
    }
    starts_anew(name: impl Display) {
        en: "Start anew as {name}, with a new key and passphrase? The old key is put aside once the server lets you in. \
             If it says that {name} has an owner, it needs a code: from /invite-key where you are still {name}; or the \
             keeper of the server frees the name. (y/n) ",
        pt: "Começar de novo como {name}, com chave e senha novas? A chave antiga é guardada à parte assim que o servidor \
             deixar você entrar. Se ele disser que {name} tem dono, precisa de um código: de /invite-key, onde você ainda é \
             {name}; ou quem cuida do servidor libera o nome. (s/n) ",
    }
    new_passphrase(least: impl Display) {
        en: "A passphrase of your own, at least {least} characters: ",
        pt: "Uma senha sua, de pelo menos {least} caracteres: ",
    }
    once_more { en: "Once more: ", pt: "Mais uma vez: " }
    too_short(least: impl Display) {
        en: "That is too short: at least {least} characters.",
        pt: "Curta demais: pelo menos {least} caracteres.",
    }
    not_the_same { en: "These two are not the same.", pt: "As duas não são iguais." }
    wrong_passphrase { en: "That is not the passphrase.", pt: "A senha não é essa." }
    three_times_wrong {
        en: "that was not the passphrase three times; start again",
        pt: "a senha estava errada três vezes; comece de novo",
    }
    no_terminal {
        en: "--people asks who is there, which needs a terminal; over ssh, add -t",
        pt: "--people pergunta quem está aí, e precisa de um terminal; por ssh, acrescente -t",
    }
    needs_tls {
        en: "--people needs --server tls://…: a key of one's own can be proved only there",
        pt: "--people precisa de --server tls://…: só ali se pode provar uma chave própria",
    }
    nobody_answered { en: "nobody said who they are", pt: "ninguém disse quem é" }
    folder_failed(folder: impl Display, why: impl Display) {
        en: "cannot use the folder {folder}: {why}",
        pt: "não é possível usar a pasta {folder}: {why}",
    }
    key_is_unknown(file: impl Display) {
        en: "{file} is not a sealed key of this program",
        pt: "{file} não é uma chave selada deste programa",
    }
    key_not_kept(folder: impl Display, why: impl Display) {
        en: "Your key could not be kept in {folder}: {why}. Without it you cannot come back: make a code with /invite-key \
             before you leave.",
        pt: "Não foi possível guardar sua chave em {folder}: {why}. Sem ela você não pode voltar: faça um código com \
             /invite-key antes de sair.",
    }
    key_not_sealed { en: "the key could not be sealed", pt: "não foi possível selar a chave" }
    confined {
        en: "On this account the chat starts no other programs and opens no files.",
        pt: "Nesta conta, o chat não inicia outros programas nem abre arquivos.",
    }
    one_server {
        en: "On this account the chat goes to one server only.",
        pt: "Nesta conta, o chat vai só a um servidor.",
    }
}
