//! Calls, and what is said directly from one client to another.
//!
//! Must not know: how a call is made.

use std::fmt::Display;

use super::sentences;

sentences! {
    to_talk { en: "to talk directly", pt: "para conversar diretamente" }
    to_send { en: "to send a file", pt: "para enviar um arquivo" }
    to_see { en: "to see each other", pt: "para uma chamada de vídeo" }
    to_hear { en: "to speak", pt: "para falar" }
    to_something_unknown {
        en: "for something that this program does not know",
        pt: "para algo que este programa não conhece",
    }
    calling(name: impl Display) { en: "Calling {name}…", pt: "Chamando {name}…" }
    rings_there(name: impl Display) { en: "It rings at {name}'s.", pt: "Está tocando para {name}." }
    calls_you(name: impl Display, what: impl Display) {
        en: "{name} calls ({what}): /answer or /decline",
        pt: "{name} chama ({what}): /answer ou /decline",
    }
    called_while_busy(name: impl Display, what: impl Display) {
        en: "{name} called ({what}) while you were busy with a call, and was told so.",
        pt: "{name} chamou ({what}) enquanto você estava ocupado com uma chamada, e ficou sabendo disso.",
    }
    missed_call(name: impl Display, what: impl Display) {
        en: "Missed call from {name} ({what}).",
        pt: "Chamada perdida de {name} ({what}).",
    }
    you_answered(name: impl Display) { en: "You answered {name}. Connecting…", pt: "Você atendeu {name}. Conectando…" }
    has_answered(name: impl Display) { en: "{name} has answered. Connecting…", pt: "{name} atendeu. Conectando…" }
    you_declined(name: impl Display) { en: "You declined {name}'s call.", pt: "Você recusou a chamada de {name}." }
    has_declined(name: impl Display) { en: "{name} declined the call.", pt: "{name} recusou a chamada." }
    is_busy(name: impl Display) { en: "{name} is busy with another call.", pt: "{name} está ocupado com outra chamada." }
    cannot_answer(name: impl Display) {
        en: "{name} cannot take the call: their program cannot, or it knows another key as yours.",
        pt: "{name} não pode atender: o programa não consegue, ou conhece outra chave como sua.",
    }
    did_not_answer(name: impl Display) { en: "{name} did not answer.", pt: "{name} não atendeu." }
    you_hung_up(name: impl Display) {
        en: "You ended the call with {name}.",
        pt: "Você encerrou a chamada com {name}.",
    }
    has_hung_up(name: impl Display) { en: "{name} hung up.", pt: "{name} desligou." }
    answered_elsewhere(name: impl Display) {
        en: "You answered the call of {name} in another session.",
        pt: "Você respondeu à chamada de {name} em outra sessão.",
    }
    went_offline(name: impl Display) {
        en: "{name} went offline, so the call is over.",
        pt: "{name} saiu, e a chamada terminou.",
    }
    ended_by_mute(name: impl Display) {
        en: "A moderator muted one of you, so the call with {name} is over.",
        pt: "Um moderador silenciou um de vocês, e a chamada com {name} terminou.",
    }
    calls_switched_off(name: impl Display) {
        en: "Calls were switched off, so the call with {name} is over.",
        pt: "As chamadas foram desligadas, e a chamada com {name} terminou.",
    }
    nothing_came_through(name: impl Display) {
        en: "Nothing came through any more, so the call with {name} is over.",
        pt: "Nada mais passava, e a chamada com {name} terminou.",
    }
    channel_failed(name: impl Display) {
        en: "There is no channel to {name}: it could not be made, or it failed.",
        pt: "Não há canal com {name}: não foi possível criá-lo, ou ele falhou.",
    }
    lost_with_connection(name: impl Display) {
        en: "The connection to the server is lost, and with it the call with {name}.",
        pt: "A conexão com o servidor caiu, e com ela a chamada com {name}.",
    }
    goes_on_without_server(name: impl Display) {
        en: "The server is gone; what goes directly to {name} goes on.",
        pt: "O servidor se foi; o que vai direto a {name} continua.",
    }
    is_over_already(name: impl Display) { en: "{name}'s call is over.", pt: "A chamada de {name} terminou." }
    call_is_over { en: "The call is over.", pt: "A chamada terminou." }
    channel_is_open(name: impl Display, known: impl Display) {
        en: "The channel to {name} is open: only the two of you read what is said here, and nothing of it is kept. {known}",
        pt: "O canal com {name} está aberto: só vocês dois leem o que se diz aqui, e nada fica guardado. {known}",
    }
    open_for_notification(name: impl Display) {
        en: "You can talk directly with {name} now.",
        pt: "Agora você pode conversar diretamente com {name}.",
    }
    first_time(name: impl Display, key: impl Display) {
        en: "You have not spoken directly with {name} before; key {key}. /verify compares words.",
        pt: "Você ainda não conversou diretamente com {name}; chave {key}. /verify compara palavras.",
    }
    first_time_asked(name: impl Display, key: impl Display) {
        en: "First time: you have not spoken directly with {name} before. Key {key}.",
        pt: "Primeira vez: você ainda não conversou diretamente com {name}. Chave {key}.",
    }
    known_key(name: impl Display) {
        en: "You know this key as {name}'s, but have not compared words.",
        pt: "Você conhece esta chave como de {name}, mas vocês não compararam palavras.",
    }
    compared_key(name: impl Display) {
        en: "This is {name}'s key: you have compared words.",
        pt: "Esta é a chave de {name}: vocês compararam palavras.",
    }
    known_and_compared(name: impl Display) {
        en: "You have compared words with {name}.",
        pt: "Você comparou palavras com {name}.",
    }
    known_not_compared(name: impl Display) {
        en: "You have not compared words with {name}: /verify does.",
        pt: "Você não comparou palavras com {name}: /verify compara.",
    }
    caller_has_other_key(name: impl Display, known: impl Display, shown: impl Display) {
        en: "{name} calls with another key than the one you know, so the call was not let through: somebody may stand \
             between you.\n  known: {known}\n  shown: {shown}\nAsk {name} some other way. If the new key is theirs: \
             /forget-key {name}, and then call each other again.",
        pt: "{name} chama com outra chave, que não é a que você conhece; a chamada não passou: alguém pode estar entre \
             vocês.\n  conhecida: {known}\n  recebida:  {shown}\nPergunte a {name} de outro modo. Se a chave nova for \
             mesmo dele: /forget-key {name}, e depois chamem-se de novo.",
    }
    callee_has_other_key(name: impl Display, known: impl Display, shown: impl Display) {
        en: "{name} answered with another key than the one you know, so nothing was said: somebody may stand between \
             you.\n  known: {known}\n  shown: {shown}\nAsk {name} some other way. If the new key is theirs: \
             /forget-key {name}, and then call again.",
        pt: "{name} atendeu com outra chave, que não é a que você conhece; nada foi dito: alguém pode estar entre \
             vocês.\n  conhecida: {known}\n  recebida:  {shown}\nPergunte a {name} de outro modo. Se a chave nova for \
             mesmo dele: /forget-key {name}, e depois chame de novo.",
    }
    other_key_in_chat {
        en: "There is no call: the key is another one than the one you know.",
        pt: "Não há chamada: a chave é outra, e não a que você conhece.",
    }
    key_forgotten(name: impl Display) {
        en: "{name}'s key is forgotten. The next call counts as the first: compare words then, with /verify.",
        pt: "A chave de {name} foi esquecida. A próxima chamada conta como a primeira: compare palavras então, com /verify.",
    }
    no_key_known(name: impl Display) { en: "No key of {name} is known.", pt: "Nenhuma chave de {name} é conhecida." }
    silent(name: impl Display) {
        en: "Nothing comes from {name} any more, so the channel is closed. /direct {name} calls again.",
        pt: "Nada mais chega de {name}, e o canal foi fechado. /direct {name} chama de novo.",
    }
    wrong_key(name: impl Display) {
        en: "Whoever is at the other end does not have {name}'s key, so nothing was said: somebody stands between you.",
        pt: "Quem está na outra ponta não tem a chave de {name}; nada foi dito: alguém está entre vocês.",
    }
    commitment_broken(name: impl Display) {
        en: "The other end tried to choose the words that you compare, so the channel is closed: it is not {name}, or \
             their program is broken.",
        pt: "A outra ponta tentou escolher as palavras que vocês comparam, e o canal foi fechado: não é {name}, ou o \
             programa está com defeito.",
    }
    channel_fault(name: impl Display, why: impl Display) {
        en: "The channel to {name} failed: {why}.",
        pt: "O canal com {name} falhou: {why}.",
    }
    other_version(name: impl Display, version: impl Display) {
        en: "{name}'s program speaks version {version} of what is said directly, which this one does not know. One of you \
             needs a newer tr2.",
        pt: "O programa de {name} fala a versão {version} da conversa direta, que este não conhece. Um de vocês precisa de \
             um tr2 mais novo.",
    }
    no_way(name: impl Display, why: impl Display) {
        en: "There is no way to {name}: {why}",
        pt: "Não há caminho até {name}: {why}",
    }
    by_the_server { en: "by the server", pt: "pelo servidor" }
    direct_to(address: impl Display) { en: "direct to {address}", pt: "direto a {address}" }
    goes_now(way: impl Display) { en: "It goes {way} now.", pt: "Agora vai {way}." }
    only_here { en: "only here: not kept by the server", pt: "só aqui: o servidor não guarda" }
    only_here_short { en: "only here", pt: "só aqui" }
    over_short(command: impl Display, name: impl Display) {
        en: "over: {command} {name} calls again",
        pt: "fim: {command} {name} chama de novo",
    }
    calling_short { en: "calling… /hangup gives up", pt: "chamando… /hangup desiste" }
    connecting_short { en: "connecting…", pt: "conectando…" }
    calls_state(name: impl Display) { en: "{name} calls", pt: "{name} chama" }
    calling_state(name: impl Display) { en: "calling {name}", pt: "chamando {name}" }
    not_open(name: impl Display) {
        en: "This direct chat is over, so nothing can be sent. /direct {name} calls again; /query {name} goes through the \
             server.",
        pt: "Esta conversa direta terminou, e nada pode ser enviado. /direct {name} chama de novo; /query {name} vai pelo \
             servidor.",
    }
    not_open_yet(name: impl Display) {
        en: "The channel to {name} is not open yet.",
        pt: "O canal com {name} ainda não está aberto.",
    }
    too_much_waits(name: impl Display) {
        en: "Too much waits to be sent to {name}; try again in a moment.",
        pt: "Há coisa demais esperando para ir a {name}; tente de novo em um instante.",
    }
    not_said(why: impl Display, text: impl Display) { en: "{why} Not said: {text}", pt: "{why} Não foi dito: {text}" }
    direct_text_too_long(over: impl Display, most: impl Display) {
        en: "That is {over} bytes too long: at most {most} go at once.",
        pt: "São {over} bytes a mais: vão no máximo {most} de uma vez.",
    }
    no_calls_here { en: "This server has no calls.", pt: "Este servidor não tem chamadas." }
    no_own_key {
        en: "A call needs a key of your own, and this client has none; see tr2-calls(7).",
        pt: "Uma chamada precisa de uma chave sua, e este cliente não tem nenhuma; veja tr2-calls(7).",
    }
    too_many_calls { en: "Too many calls at once. /hangup ends one.", pt: "Chamadas demais ao mesmo tempo. /hangup encerra uma." }
    not_yourself { en: "You cannot call yourself.", pt: "Você não pode chamar a si mesmo." }
    nobody_calls { en: "Nobody is calling you.", pt: "Ninguém está chamando você." }
    nothing_to_decline {
        en: "Nobody is calling you, and no file is offered.",
        pt: "Ninguém está chamando você, e nenhum arquivo é oferecido.",
    }
    does_not_call(name: impl Display) { en: "{name} is not calling you.", pt: "{name} não está chamando você." }
    no_call { en: "There is no call.", pt: "Não há chamada." }
    no_call_with(name: impl Display) { en: "There is no call with {name}.", pt: "Não há chamada com {name}." }
    off_before_suspend {
        en: "Camera and sound are off now. The key once more leaves to the shell.",
        pt: "A câmera e o som estão desligados agora. A tecla mais uma vez volta ao shell.",
    }
    call_out_of_view(command: impl Display, name: impl Display) {
        en: "The call is not in view: {command} {name} means it all the same.",
        pt: "A chamada não está à vista: {command} {name} se refere a ela mesmo assim.",
    }
    which_call(command: impl Display) {
        en: "There are several calls: {command} NAME says which.",
        pt: "Há várias chamadas: {command} NOME diz qual.",
    }
    already_calling(name: impl Display) {
        en: "A call with {name} is under way; /hangup gives it up.",
        pt: "Já há uma chamada com {name}; /hangup desiste dela.",
    }
    no_file_named { en: "Which file? /send NAME FILE", pt: "Qual arquivo? /send NOME ARQUIVO" }
    bypass_offered(name: impl Display) {
        en: "{name} is asked whether packets may bypass the server. Once {name} agrees, each of you learns the other's \
             address; /bypass off withdraws it.",
        pt: "{name} recebe a pergunta se os pacotes podem contornar o servidor. Quando {name} concordar, cada um conhecerá o \
             endereço do outro; /bypass off retira o pedido.",
    }
    bypass_is_off {
        en: "Your setting direct is never: calls go by the server. /set direct ask lets you choose in each call.",
        pt: "Sua opção direct é never: chamadas vão pelo servidor. /set direct ask deixa você escolher em cada uma.",
    }
    bypass_asked_in_vain(name: impl Display) {
        en: "{name} wants packets to bypass the server; your setting direct is never, so they go through it.",
        pt: "{name} quer que os pacotes contornem o servidor; sua opção direct é never, e eles passam por ele.",
    }
    bypass_asked(name: impl Display) {
        en: "{name} wants packets to bypass the server: each of you would then learn the other's address. /bypass agrees; \
             without it nothing changes.",
        pt: "{name} quer que os pacotes contornem o servidor: cada um conheceria o endereço do outro. /bypass concorda; sem \
             isso nada muda.",
    }
    bypass_agreed(name: impl Display) {
        en: "You and {name} both want packets to bypass the server: a way is looked for. /bypass off ends that.",
        pt: "Você e {name} querem que os pacotes contornem o servidor: procura-se um caminho. /bypass off encerra isso.",
    }
    no_direct_way {
        en: "No direct way was found; the call stays on the server's relay.",
        pt: "Nenhum caminho direto foi encontrado; a chamada continua pelo servidor.",
    }
    bypass_off(name: impl Display) {
        en: "Packets to {name} go through the server again.",
        pt: "Os pacotes para {name} passam de novo pelo servidor.",
    }
    bypass_withdrawn(name: impl Display) {
        en: "{name} no longer wants packets to bypass the server: they go through it.",
        pt: "{name} não quer mais que os pacotes contornem o servidor: eles passam por ele.",
    }
    read_the_words(name: impl Display) {
        en: "Read these words to {name}, by telephone or face to face, and not in this chat:",
        pt: "Leia estas palavras para {name}, por telefone ou pessoalmente, e não nesta conversa:",
    }
    same_words {
        en: "If both of you see the same words, nobody stands between you. If they differ in anything, somebody does.",
        pt: "Se os dois virem as mesmas palavras, não há ninguém entre vocês. Se algo nelas for diferente, há.",
    }
    words_in_line(name: impl Display, words: impl Display) {
        en: "Read these words to {name}, by telephone or face to face, and not in this chat: {words}\nThe same: /verify \
             {name} match. Different in anything: /verify {name} differ.",
        pt: "Leia estas palavras para {name}, por telefone ou pessoalmente, e não nesta conversa: {words}\nIguais: /verify \
             {name} match. Diferentes em algo: /verify {name} differ.",
    }
    words_match(name: impl Display) {
        en: "You have compared words with {name}: nobody stands between you, and the key is remembered as {name}'s.",
        pt: "Você comparou palavras com {name}: não há ninguém entre vocês, e a chave fica memorizada como de {name}.",
    }
    words_differ_in_chat(name: impl Display) {
        en: "The words differed: whoever this was, it was not {name} alone.",
        pt: "As palavras eram diferentes: quem quer que fosse, não era só {name}.",
    }
    words_differ(name: impl Display) {
        en: "SOMEBODY STANDS BETWEEN YOU AND {name}. The channel is closed, and nothing that was said on it was secret. \
             The key is forgotten. Tell {name} some other way than this server, and do not use it for anything secret.",
        pt: "HÁ ALGUÉM ENTRE VOCÊ E {name}. O canal foi fechado, e nada do que se disse nele era secreto. A chave foi \
             esquecida. Avise {name} de outro modo que não este servidor, e não o use para nada secreto.",
    }
    words_differ_there(name: impl Display) {
        en: "{name} compared the words and says that they DIFFER: somebody may stand between the two of you. The channel is \
             closed; do not take anything that was said on it for secret. Ask {name} some other way than this server, and \
             if it is so: /forget-key {name}.",
        pt: "{name} comparou as palavras e diz que são DIFERENTES: pode haver alguém entre vocês. O canal foi fechado; não \
             considere secreto nada do que se disse nele. Pergunte a {name} de outro modo que não este servidor e, se for \
             verdade: /forget-key {name}.",
    }
    no_words_yet(name: impl Display) {
        en: "There are words to compare once the channel to {name} is open: /direct {name} calls.",
        pt: "Há palavras para comparar quando o canal com {name} estiver aberto: /direct {name} chama.",
    }
    status_line(name: impl Display, way: impl Display, compared: impl Display) {
        en: "Directly with {name}: {way}, {compared}.",
        pt: "Diretamente com {name}: {way}, {compared}.",
    }
    compared { en: "words compared", pt: "palavras comparadas" }
    not_compared { en: "words not compared", pt: "palavras não comparadas" }
    status_of_call(state: impl Display) { en: "Call: {state}.", pt: "Chamada: {state}." }
}
