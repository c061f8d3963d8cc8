//! Codes: for newcomers, and for another key of one's own name.
//!
//! Must not know: how a code is made, or where the sentences are shown.

use std::fmt::Display;

use super::sentences;

sentences! {
    key_code[minutes: u64] {
        en: "Adds a key to your name, once, within 1 minute. On the other device:"
            | "Adds a key to your name, once, within {minutes} minutes. On the other device:",
        pt: "Adiciona uma chave ao seu nome, uma vez, em 1 minuto. No outro aparelho:"
            | "Adiciona uma chave ao seu nome, uma vez, em até {minutes} minutos. No outro aparelho:",
    }
    newcomers_code[people: u32](time: impl Display) {
        en: "Lets 1 new person in, within {time}:" | "Lets {people} new people in, within {time}:",
        pt: "Deixa entrar 1 pessoa nova, em até {time}:" | "Deixa entrar {people} pessoas novas, em até {time}:",
    }
    code_shown_once(id: impl Display) {
        en: "The code is not shown again. /invitations lists who came; /revoke-invitation {id} ends it.",
        pt: "O código não aparece de novo. /invitations mostra o uso; /revoke-invitation {id} o encerra.",
    }
    from_this_machine(server: impl Display) {
        en: "{server} is for this machine only; elsewhere, write the server's tls://HOST:PORT.",
        pt: "{server} só vale nesta máquina; fora dela, escreva o tls://HOST:PORTA do servidor.",
    }
    code_needs_keys(server: impl Display) {
        en: "A code is of no use over {server}, which proves nobody: write an address with tls:// or ssh:// in its place.",
        pt: "Um código não serve em {server}, que não verifica ninguém: escreva no lugar um endereço com tls:// ou ssh://.",
    }
    invitation(id: impl Display, used: impl Display, people: impl Display, until: impl Display, by: impl Display) {
        en: "{id}: {used} of {people} used, until {until}, by {by}",
        pt: "{id}: {used} de {people} usados, até {until}, por {by}",
    }
    no_invitations { en: "No invitations.", pt: "Nenhum convite." }
    more_invitations { en: "There are more invitations.", pt: "Há mais convites." }
    invitation_ended(id: impl Display) {
        en: "Invitation {id} has ended; who came with it stays.",
        pt: "O convite {id} foi encerrado; quem já entrou fica.",
    }
    sheet_keys { en: "Esc closes · c copies the line", pt: "Esc fecha · c copia a linha" }
    q_qr { en: "q QR code", pt: "q código QR" }
    q_text { en: "q text", pt: "q texto" }
    copied { en: "Copied", pt: "Copiado" }
    no_room_for_qr(cols: impl Display, rows: impl Display) {
        en: "a QR code needs {cols}x{rows}",
        pt: "um código QR precisa de {cols}x{rows}",
    }
    title { en: "Invite new people", pt: "Convidar pessoas" }
    people { en: "How many:", pt: "Quantas:" }
    time { en: "How long:", pt: "Por quanto:" }
    explained {
        en: "One code for all of them. Time as in 45m, 8h or 7d; 90d at most.",
        pt: "Um código para todas. Tempo como em 45m, 8h ou 7d; no máximo 90d.",
    }
    make_code { en: "Make code", pt: "Criar código" }
    not_that_many(least: impl Display, most: impl Display) {
        en: "A code is for {least} to {most} people.",
        pt: "Um código vale para {least} a {most} pessoas.",
    }
    not_that_long(least: impl Display, most: impl Display) {
        en: "A code holds for {least} to {most}, as in 7d.",
        pt: "Um código vale por {least} a {most}, como em 7d.",
    }
}
