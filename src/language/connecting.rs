//! Reaching a server: failures and advice, trust in its key, what stands in the way of joining, and what is lost with a
//! connection.
//!
//! Must not know: how any of it comes about.

use std::fmt::Display;

use super::sentences;

sentences! {
    not_listening {
        en: "no server is listening there",
        pt: "nenhum servidor escuta nesse endereço",
    }
    timed_out { en: "connection timed out", pt: "tempo de conexão esgotado" }
    no_socket { en: "the socket does not exist", pt: "o socket não existe" }
    forbidden { en: "permission denied", pt: "permissão negada" }
    unreachable { en: "the network cannot reach it", pt: "não há rota de rede até ele" }
    reset { en: "the connection was reset", pt: "a conexão foi interrompida" }
    closed_in_handshake {
        en: "it closed the connection during the handshake",
        pt: "ele fechou a conexão durante a negociação TLS",
    }
    no_tls {
        en: "it does not speak TLS; nothing was sent unencrypted",
        pt: "ele não fala TLS; nada foi enviado sem criptografia",
    }
    no_tls_13 {
        en: "it does not speak TLS 1.3; nothing was sent unencrypted",
        pt: "ele não fala TLS 1.3; nada foi enviado sem criptografia",
    }
    tls_failed(error: impl Display) { en: "TLS failed: {error}", pt: "falha no TLS: {error}" }
    not_connected_yet { en: "not connected yet", pt: "ainda sem conexão" }
    not_tr2 { en: "it is not a tr2 server", pt: "não é um servidor tr2" }
    silent_leg {
        en: "nothing came from the server any more",
        pt: "não chegava mais nada do servidor",
    }
    closed_at_once {
        en: "it closed the connection at once",
        pt: "ele fechou a conexão imediatamente",
    }
    server_closed_connection {
        en: "the server closed the connection",
        pt: "o servidor fechou a conexão",
    }
    server_reads_slowly {
        en: "the server reads too slowly",
        pt: "o servidor está lendo devagar demais",
    }
    too_much_waits {
        en: "Too much is waiting to be sent.",
        pt: "Há mensagens demais na fila de envio.",
    }
    connection_ended { en: "The connection has ended.", pt: "A conexão foi encerrada." }
    met_meanwhile {
        en: "another key was remembered for this server at the same time; join again",
        pt: "outra chave foi memorizada para este servidor ao mesmo tempo; entre de novo",
    }
    damaged_line(number: impl Display) {
        en: "line {number} is damaged; correct it, or remove it if you know which server it was",
        pt: "a linha {number} está danificada; corrija-a, ou remova-a se souber de qual servidor era",
    }
    own_key_changed {
        en: "your key is another one than when you joined; leave, join again, and call again",
        pt: "a sua chave não é mais a mesma de quando você entrou; saia, entre de novo e ligue de novo",
    }
    people_unusable(why: impl Display) {
        en: "Known people: {why}.",
        pt: "Pessoas conhecidas: {why}.",
    }
    people_are_missing(lock: impl Display) {
        en: "it is missing, although people were remembered in it; put it back, or remove {lock} too, and everybody \
             counts as new",
        pt: "ele não existe mais, embora houvesse pessoas memorizadas nele; recupere-o, ou remova também {lock}, e todos \
             contarão como novos",
    }
    people_are_empty(lock: impl Display) {
        en: "it is empty, although people were remembered in it; put it back, or remove {lock} too, and everybody counts \
             as new",
        pt: "ele está vazio, embora houvesse pessoas memorizadas nele; recupere-o, ou remova também {lock}, e todos \
             contarão como novos",
    }
    people_are_too_many {
        en: "it is full; remove the lines of people whom you do not call any more",
        pt: "ele está cheio; remova as linhas de pessoas para quem você não liga mais",
    }
    damaged_person(number: usize) {
        en: "line {number} is damaged, and whoever stood there counts as new; correct it, or remove it",
        pt: "a linha {number} está danificada, e quem estava nela conta como novo; corrija-a ou remova-a",
    }
    unusable_file(path: impl Display, why: impl Display) {
        en: "the file {path} cannot be used: {why}",
        pt: "não é possível usar o arquivo {path}: {why}",
    }
    first_connection(host: impl Display, key: impl Display) {
        en: "First connection to tls://{host}. Its key is {key} and is now remembered; it should be the one that \
             its tr2 serve printed.",
        pt: "Primeira conexão com tls://{host}. A chave dele é {key} e ficou memorizada; deve ser a mesma que o tr2 \
             serve de lá mostrou.",
    }
    first_connection_vouched(host: impl Display) {
        en: "First connection to tls://{host}. A certificate authority that this machine trusts vouches for it.",
        pt: "Primeira conexão com tls://{host}. Uma autoridade certificadora em que esta máquina confia responde \
             por ele.",
    }
    impostor(host: impl Display) {
        en: "The server at tls://{host} presented a certificate whose private key it does not have, so nothing was \
             sent: someone is intercepting the connection. Ask the server's administrator.",
        pt: "O servidor em tls://{host} apresentou um certificado cuja chave privada ele não tem; por isso, nada \
             foi enviado: alguém está interceptando a conexão. Fale com o administrador do servidor.",
    }
    expected_key(key: impl Display) { en: "expected: {key}", pt: "esperada: {key}" }
    expected_vouched {
        en: "expected: a key that a certificate authority vouches for",
        pt: "esperada: uma chave atestada por uma autoridade certificadora",
    }
    key_changed(host: impl Display, known: impl Display, shown: impl Display, list: impl Display) {
        en: "The key of tls://{host} is not the expected one, so nothing was sent: someone may be intercepting the \
             connection.\n  {known}\n  shown:    {shown}\nAsk the server's administrator. If the new key is theirs, \
             join once with --fingerprint {shown}, or remove the line of {host} from {list}.",
        pt: "A chave de tls://{host} não é a esperada; por isso, nada foi enviado: alguém pode estar interceptando \
             a conexão.\n  {known}\n  recebida: {shown}\nFale com o administrador do servidor. Se a chave nova for \
             mesmo dele, entre uma vez com --fingerprint {shown}, ou remova a linha de {host} em {list}.",
    }
    other_server(host: impl Display, known: impl Display, shown: impl Display) {
        en: "The server at tls://{host} is not the one of this chat's other addresses, so nothing was sent to it, and it \
             is not asked again.\n  {known}\n  shown:    {shown}\nAsk the server's administrator: all nodes of a chat \
             have the same key.",
        pt: "O servidor em tls://{host} não é o dos outros endereços deste chat; por isso, nada foi enviado a ele, e ele \
             não é mais consultado.\n  {known}\n  recebida: {shown}\nFale com o administrador do servidor: todos os \
             nós de um chat têm a mesma chave.",
    }
    server_was_closed { en: "The server was closed.", pt: "O servidor foi encerrado." }
    could_not_join(server: impl Display) {
        en: "Could not join {server}.",
        pt: "Não foi possível entrar em {server}.",
    }
    give_a_name(error: impl Display) {
        en: "{error} Give one with --name.",
        pt: "{error} Escolha um com --name.",
    }
    could_not_join_because(server: impl Display, why: impl Display) {
        en: "Could not join {server}: {why}",
        pt: "Não foi possível entrar em {server}: {why}",
    }
    maintenance_in_lines(text: impl Display) {
        en: "{text} Whoever is a moderator by the passphrase joins on the full screen, which asks for it.",
        pt: "{text} Quem é moderador pela senha entra pela tela cheia, que a pede.",
    }
    join_with_take_over(text: impl Display) {
        en: "{text} Join with --take-over to do so.",
        pt: "{text} Para isso, entre com --take-over.",
    }
    no_login_name {
        en: "The user that tr2 runs as has no login name to join under.",
        pt: "O usuário que executa o tr2 não tem nome de login com que entrar.",
    }
    not_your_name(name: impl Display, error: impl Display) {
        en: "'{name}' cannot be your name here. {error}",
        pt: "'{name}' não pode ser o seu nome aqui. {error}",
    }
    not_asked(server: impl Display, why: impl Display) {
        en: "{server} was not asked: {why}",
        pt: "{server} não foi consultado: {why}",
    }
    not_reached(server: impl Display, why: impl Display) {
        en: "{server} was not reached: {why}",
        pt: "{server} não foi alcançado: {why}",
    }
    no_answer(server: impl Display, why: impl Display) {
        en: "No answer from {server}: {why}",
        pt: "{server} não responde: {why}",
    }
    listening_for_servers(seconds: impl Display) {
        en: "No server was reached. Listening for {seconds} seconds for one on this network…",
        pt: "Nenhum servidor respondeu. Procurando nesta rede por {seconds} segundos…",
    }
    servers_nearby {
        en: "Servers on this network, which nobody vouches for:",
        pt: "Servidores nesta rede, por quem ninguém responde:",
    }
    advice_start { en: "Start a server with: tr2 serve", pt: "Inicie um servidor com: tr2 serve" }
    advice_address {
        en: "Check the address and the port, or ask who runs the server.",
        pt: "Confira o endereço e a porta, ou pergunte a quem mantém o servidor.",
    }
    advice_own_file {
        en: "Make the file usable, then join again.",
        pt: "Resolva o problema do arquivo e entre de novo.",
    }
    advice_name {
        en: "Check the spelling, and whether this machine is online.",
        pt: "Confira a grafia e se esta máquina está conectada à rede.",
    }
    advice_forbidden {
        en: "Ask who runs the server to let you use it.",
        pt: "Peça acesso a quem mantém o servidor.",
    }
    advice_timed_out {
        en: "Check the address; a firewall may be in between.",
        pt: "Confira o endereço; pode haver um firewall no caminho.",
    }
    advice_unreachable {
        en: "Check whether this machine is online.",
        pt: "Confira se esta máquina está conectada à rede.",
    }
    advice_tls {
        en: "Check the port and the scheme: tls:// and tcp:// servers listen at different ports.",
        pt: "Confira a porta e o esquema: servidores tls:// e tcp:// escutam em portas diferentes.",
    }
    advice_not_tr2 {
        en: "Check the port: another program is listening there.",
        pt: "Confira a porta: outro programa está escutando nela.",
    }
    name_not_of_key(key: impl Display) {
        en: "Your name no longer belongs to {key}.",
        pt: "Seu nome não pertence mais a: {key}.",
    }
    is_verified(name: impl Display, proof: impl Display) {
        en: "{name} is verified ({proof})",
        pt: "{name} é verificado ({proof})",
    }
    is_unverified(name: impl Display) { en: "{name} is unverified", pt: "{name} não é verificado" }
    is_not_online(name: impl Display) { en: "{name} is not online", pt: "{name} não está online" }
    is_moderator_too { en: ", and is a moderator", pt: ", e é moderador" }
    online_since(time: impl Display) { en: "; online since {time}", pt: "; online desde {time}" }
    from_address(ip: impl Display) { en: ", from {ip}", pt: ", de {ip}" }
    owned_since(time: impl Display) {
        en: ". The name has had an owner since {time}.",
        pt: ". O nome tem dono desde {time}.",
    }
    anyone_could {
        en: "; anyone could use this name.",
        pt: "; qualquer um poderia usar este nome.",
    }
    unix_user(uid: impl Display) { en: "Unix user {uid}", pt: "usuário Unix {uid}" }
    key(key: impl Display) { en: "key {key}", pt: "chave {key}" }
    you_are_online { en: "You are online.", pt: "Você está online." }
    unconfirmed {
        en: "The connection was lost before the server had accepted it.",
        pt: "A conexão caiu antes que o servidor a aceitasse.",
    }
    online_again { en: "Online again.", pt: "Online de novo." }
    online_again_by(host: impl Display) {
        en: "Online again, by {host}.",
        pt: "Online de novo, por {host}.",
    }
    connection_lost(why: impl Display) {
        en: "Connection lost. Reconnecting… {why}",
        pt: "Conexão perdida. Reconectando… {why}",
    }
    unconfirmed_may_have_arrived {
        en: "Messages marked as not confirmed may have arrived: the server could not say so.",
        pt: "As mensagens marcadas como não confirmadas podem ter chegado: o servidor não soube dizer.",
    }
    search_again {
        en: "Connection lost; search again once you are back online.",
        pt: "Conexão perdida; busque de novo quando estiver online.",
    }
    takes_too_long {
        en: "The server takes too long to answer.",
        pt: "O servidor demora demais para responder.",
    }
    nothing_came(seconds: impl Display) {
        en: "Nothing came from the server for {seconds} s.",
        pt: "Nada chegou do servidor em {seconds} s.",
    }
    see_the_draft(counted: impl Display, places: impl Display) {
        en: "{counted} See the draft in {places}.",
        pt: "{counted} Veja o rascunho em {places}.",
    }
    no_home_folder { en: "there is no home folder", pt: "não há pasta pessoal" }
    not_sent_or_confirmed[count: usize] {
        en: "1 message was not sent, or not confirmed. Alt-R or /resend resends the marked messages of a conversation."
            | "{count} messages were not sent, or not confirmed. Alt-R or /resend resends the marked messages of a \
              conversation.",
        pt: "1 mensagem não foi enviada ou confirmada. Alt-R ou /resend reenvia as mensagens marcadas de uma conversa."
            | "{count} mensagens não foram enviadas ou confirmadas. Alt-R ou /resend reenvia as mensagens marcadas de \
              uma conversa.",
    }
    not_sent[count: usize] {
        en: "1 message was not sent." | "{count} messages were not sent.",
        pt: "1 mensagem não foi enviada." | "{count} mensagens não foram enviadas.",
    }
    not_sent_last_time[count: usize] {
        en: "1 message was not sent last time." | "{count} messages were not sent last time.",
        pt: "1 mensagem não foi enviada da última vez." | "{count} mensagens não foram enviadas da última vez.",
    }
    not_sent_last_time_or_unsure[count: usize] {
        en: "1 message was not sent last time; it may have arrived."
            | "{count} messages were not sent last time; some may have arrived.",
        pt: "1 mensagem não foi enviada da última vez; ela pode ter chegado."
            | "{count} mensagens não foram enviadas da última vez; algumas podem ter chegado.",
    }
    draft_for(place: impl Display, text: impl Display) {
        en: "A draft for {place}: {text}",
        pt: "Um rascunho para {place}: {text}",
    }
    not_sent_to(place: impl Display, text: impl Display) {
        en: "Not sent to {place}: {text}",
        pt: "Não enviada para {place}: {text}",
    }
    kept_for_next_start[count: usize](path: impl Display) {
        en: "1 message was not sent, and kept in {path} for the next start."
            | "{count} messages were not sent, and kept in {path} for the next start.",
        pt: "1 mensagem não foi enviada e ficou guardada em {path} para a próxima vez."
            | "{count} mensagens não foram enviadas e ficaram guardadas em {path} para a próxima vez.",
    }
    kept_in_part[count: usize](path: impl Display, dropped: impl Display) {
        en: "1 message was not sent; {path} keeps them without the oldest {dropped}."
            | "{count} messages were not sent; {path} keeps them without the oldest {dropped}.",
        pt: "1 mensagem não foi enviada; {path} guarda o que coube, sem as {dropped} mais antigas."
            | "{count} mensagens não foram enviadas; {path} guarda o que coube, sem as {dropped} mais antigas.",
    }
    not_kept[count: usize](path: impl Display, why: impl Display) {
        en: "1 message was not sent, and not kept: {path} cannot be written: {why}."
            | "{count} messages were not sent, and not kept: {path} cannot be written: {why}.",
        pt: "1 mensagem não foi enviada nem guardada: não é possível gravar {path}: {why}."
            | "{count} mensagens não foram enviadas nem guardadas: não é possível gravar {path}: {why}.",
    }
    owned_key(key: impl Display, since: impl Display) {
        en: "{key}, since {since}",
        pt: "{key}, desde {since}",
    }
    owned_key_of_session(key: impl Display, since: impl Display) {
        en: "{key}, since {since}, this session's",
        pt: "{key}, desde {since}, a desta sessão",
    }
    session_line(number: impl Display, since: impl Display, from: impl Display, proof: impl Display) {
        en: "Session {number}: since {since}, from {from}, {proof}",
        pt: "Sessão {number}: desde {since}, de {from}, {proof}",
    }
    this_session(line: impl Display) { en: "{line} (this one)", pt: "{line} (esta)" }
    this_machine { en: "this machine", pt: "esta máquina" }
    unverified { en: "unverified", pt: "não verificada" }
    now_called(name: impl Display) {
        en: "You are now {name}. From now on, join with --name {name}.",
        pt: "Agora você é {name}. A partir de agora, entre com --name {name}.",
    }
    left_for_good(name: impl Display) {
        en: "You have left the server for good. Nobody gets the name {name} for 30 days.",
        pt: "Você saiu do servidor para sempre. Ninguém recebe o nome {name} por 30 dias.",
    }
    session_ended(number: impl Display) {
        en: "Session {number} has ended.",
        pt: "A sessão {number} foi encerrada.",
    }
    list_is_missing(lock: impl Display) {
        en: "it is missing, although servers were remembered in it; put it back, or remove {lock} too, and every server \
             counts as a new one",
        pt: "ele não existe mais, embora houvesse servidores memorizados nele; recupere-o, ou remova também {lock}, e todo \
             servidor contará como novo",
    }
    list_is_empty(lock: impl Display) {
        en: "it is empty, although servers were remembered in it; put it back, or remove {lock} too, and every server \
             counts as a new one",
        pt: "ele está vazio, embora houvesse servidores memorizados nele; recupere-o, ou remova também {lock}, e todo \
             servidor contará como novo",
    }
}
