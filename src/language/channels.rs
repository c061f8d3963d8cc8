//! Files that are sent directly, and channels to other clients: what stands in the way of them.
//!
//! Must not know: how a file or a channel is shown.

use std::fmt::Display;

use super::sentences;

sentences! {
    too_many_files(most: impl Display) {
        en: "At most {most} files can be on their way at once; wait until one has arrived, or stop one.",
        pt: "No máximo {most} arquivos podem estar a caminho ao mesmo tempo; espere um chegar, ou pare um.",
    }
    part_is_taken(path: impl Display) {
        en: "something else is at {path}; remove it",
        pt: "há outra coisa em {path}; remova-a",
    }
    no_room(need: impl Display, free: impl Display) {
        en: "it needs {need} MiB more, and {free} MiB are free there",
        pt: "ele precisa de mais {need} MiB, e há {free} MiB livres ali",
    }
    arriving_already {
        en: "The same file is arriving already, in this or another tr2.",
        pt: "O mesmo arquivo já está chegando, neste ou em outro tr2.",
    }
    cannot_read(path: impl Display, why: impl Display) {
        en: "{path} cannot be read: {why}.",
        pt: "Não é possível ler {path}: {why}.",
    }
    cannot_save(folder: impl Display, why: impl Display) {
        en: "It cannot be saved in {folder}: {why}. Another folder: /set downloads, or --downloads.",
        pt: "Não é possível salvá-lo em {folder}: {why}. Outra pasta: /set downloads, ou --downloads.",
    }
    no_downloads {
        en: "There is no home folder to save it in; name a folder with --downloads.",
        pt: "Não há pasta pessoal onde salvá-lo; indique uma pasta com --downloads.",
    }
    too_many_channels {
        en: "there are too many calls already",
        pt: "já há chamadas demais",
    }
    no_server_for_channel {
        en: "there is no server to relay it",
        pt: "não há servidor que o retransmita",
    }
    no_randomness {
        en: "the system has no randomness",
        pt: "o sistema não tem aleatoriedade",
    }
    not_for_calls {
        en: "the server there speaks an older protocol",
        pt: "o servidor de lá fala um protocolo mais antigo",
    }
    leg_not_in_time {
        en: "the server did not take it in time",
        pt: "o servidor não o aceitou a tempo",
    }
    order_not_taken {
        en: "Too much is waiting to be done in this call; try again.",
        pt: "Há coisas demais a fazer nesta chamada; tente de novo.",
    }
    the_file { en: "the file", pt: "o arquivo" }
    file_changes {
        en: "The file changes while it is read or written; try again once nobody uses it.",
        pt: "O arquivo muda enquanto é lido ou gravado; tente de novo quando ninguém o estiver usando.",
    }
    file_is_shorter_now {
        en: "The file became shorter while it was being sent; send it again.",
        pt: "O arquivo ficou mais curto durante o envio; envie-o de novo.",
    }
    file_too_large {
        en: "The file is larger than 4 GiB; split it first, for example with split(1).",
        pt: "O arquivo tem mais de 4 GiB; divida-o antes, por exemplo com split(1).",
    }
}
