//! Files, certificates, sockets and ssh: what stands in the way of using one, and what to do.
//!
//! Must not know: what it was to be used for.

use std::fmt::Display;

use super::sentences;

sentences! {
    name_not_in_time(name: impl Display) {
        en: "the name {name} could not be resolved in time",
        pt: "o nome {name} não pôde ser resolvido a tempo",
    }
    name_unresolved(name: impl Display) {
        en: "the name {name} cannot be resolved",
        pt: "o nome {name} não pôde ser resolvido",
    }
    leads_inward(name: impl Display) {
        en: "the other servers say that {name} is one of them, but it leads into this network or to this machine",
        pt: "os outros servidores dizem que {name} é um deles, mas ele leva para dentro desta rede ou para esta máquina",
    }
    nobody_behind_ssh(path: impl Display, host: impl Display) {
        en: "no server is listening at {path} on {host}, or the sshd there forbids forwarding (see \
             AllowStreamLocalForwarding, AllowTcpForwarding and DisableForwarding in sshd_config(5))",
        pt: "nenhum servidor escuta em {path} em {host}, ou o sshd de lá proíbe encaminhamento (veja \
             AllowStreamLocalForwarding, AllowTcpForwarding e DisableForwarding em sshd_config(5))",
    }
    no_socket_there {
        en: "there is no tr2 server's socket on that machine; start a server there: tr2 serve",
        pt: "não há socket de servidor tr2 naquela máquina; inicie um servidor lá: tr2 serve",
    }
    shell_prints_too_much {
        en: "the remote shell prints too much before it runs the command",
        pt: "o shell remoto imprime coisas demais antes de executar o comando",
    }
    ssh_failed { en: "ssh could not connect", pt: "o ssh não conseguiu conectar" }
    ssh_says(last: impl Display) { en: "ssh: {last}", pt: "ssh: {last}" }
    remote_path_unfit {
        en: "the path of the remote socket is relative, or has characters that ssh would interpret",
        pt: "o caminho do socket remoto é relativo, ou tem caracteres que o ssh interpretaria",
    }
    no_ssh {
        en: "ssh is not installed on this machine; install the OpenSSH client",
        pt: "o ssh não está instalado nesta máquina; instale o cliente OpenSSH",
    }
    cannot_read(shown: impl Display, login: impl Display, path: impl Display) {
        en: "the user {shown} cannot read it; run chown {login} {path} as root",
        pt: "o usuário {shown} não pode lê-lo; execute chown {login} {path} como root",
    }
    others_can_write {
        en: "other users can write to it; run chmod go-w on it",
        pt: "outros usuários podem escrever nele; execute chmod go-w nele",
    }
    is_theirs(found: impl Display, owner: impl Display, path: impl Display) {
        en: "it belongs to another user, {found}; run chown {owner} {path} as root",
        pt: "ele pertence a outro usuário, {found}; execute chown {owner} {path} como root",
    }
    others_can_read {
        en: "other users can read it; run chmod 600 on it",
        pt: "outros usuários podem lê-lo; execute chmod 600 nele",
    }
    too_large(most: impl Display) {
        en: "it has more than {most} bytes",
        pt: "ele tem mais de {most} bytes",
    }
    not_regular { en: "it is not a regular file", pt: "ele não é um arquivo comum" }
    no_folder { en: "there is no folder for it", pt: "não há pasta para ele" }
    socket_unusable(path: impl Display, why: impl Display) {
        en: "the server's socket {path} cannot be used: {why}; name a server with --server",
        pt: "não é possível usar o socket {path} do servidor: {why}; indique um servidor com --server",
    }
    no_socket { en: "it is no socket", pt: "não é um socket" }
    foreign_socket(uid: impl Display) {
        en: "it belongs to the user with the number {uid}, who is neither you nor root nor the owner of its folder",
        pt: "ele pertence ao usuário de número {uid}, que não é você, nem root, nem o dono da pasta",
    }
    open_folder(folder: impl Display) {
        en: "other users can write to the folder {folder}",
        pt: "outros usuários podem escrever na pasta {folder}",
    }
    foreign_folder(folder: impl Display, uid: impl Display) {
        en: "the folder {folder} belongs to the user with the number {uid}",
        pt: "a pasta {folder} pertence ao usuário de número {uid}",
    }
    silent_socket {
        en: "no server answers there; start it, or remove the file",
        pt: "nenhum servidor responde ali; inicie-o, ou remova o arquivo",
    }
    denied_socket {
        en: "permission denied; ask whoever keeps the server",
        pt: "permissão negada; peça acesso a quem mantém o servidor",
    }
    key_not_made(why: impl Display) {
        en: "a key could not be generated ({why})",
        pt: "não foi possível gerar uma chave ({why})",
    }
    not_in_pem(what: impl Display) {
        en: "it contains no {what} in PEM",
        pt: "ele não contém {what} em PEM",
    }
    unfit_for_tls(why: impl Display) {
        en: "TLS cannot use it ({why})",
        pt: "o TLS não pode usá-lo ({why})",
    }
    no_private_key {
        en: "it contains no private key in PEM",
        pt: "ele não contém chave privada em PEM",
    }
    key_encrypted {
        en: "its key is encrypted with a passphrase; decrypt it with: openssl pkey -in KEY -out NEWKEY",
        pt: "a chave está cifrada com uma senha; decifre-a com: openssl pkey -in KEY -out NEWKEY",
    }
    key_type {
        en: "its type of key cannot be used; Ed25519, ECDSA P-256 or P-384, and RSA of 2048 to 8192 bits can",
        pt: "esse tipo de chave não serve; servem Ed25519, ECDSA P-256 ou P-384, e RSA de 2048 a 8192 bits",
    }
    other_key {
        en: "it is not the key of the certificate; the certificate itself must come first in its file",
        pt: "não é a chave do certificado; o próprio certificado deve vir primeiro no arquivo",
    }
}
