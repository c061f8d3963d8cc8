//! The help of the command line in Portuguese. The English is in the comments of the options themselves; a test demands
//! that each has its Portuguese here, and that there is none too many.
//!
//! Must not know: what an option leads to, or how the help is laid out.

use super::{Language, accents, current, sentences};

/// The command itself, among its options.
pub const COMMAND: &str = "";
/// The note of a command.
pub const NOTE: &str = "note";

sentences! {
    usage { en: "Usage:", pt: "Uso:" }
    positionals { en: "Positional Arguments:", pt: "Argumentos:" }
    options { en: "Options:", pt: "Opções:" }
    commands { en: "Commands:", pt: "Comandos:" }
    notes { en: "Notes:", pt: "Notas:" }
}

/// The Portuguese of every option, by command; of the program itself under its own name.
pub const DESCRIPTIONS: [(&str, &[(&str, &str)]); 3] = [
    (
        "tr2",
        &[
            (COMMAND, "Chat no terminal, para quem compartilha uma máquina ou uma rede."),
            (NOTE, "'tr2 --version' mostra a versão; o manual é tr2(1)."),
            ("--help", "mostra esta ajuda"),
            ("serve", "Inicia um servidor no qual qualquer pessoa desta máquina pode entrar."),
            ("join", "Entra em um servidor para conversar."),
        ],
    ),
    ("serve", SERVE),
    ("join", JOIN),
];

const SERVE: &[(&str, &str)] = &[
    (COMMAND, "Inicia um servidor no qual qualquer pessoa desta máquina pode entrar."),
    ("--help", "mostra esta ajuda"),
    (
        "--listen",
        "endereço em que o servidor escuta: tcp://HOST:PORT, tls://HOST:PORT ou unix:PATH; pode ser repetida (padrão: tcp://127.0.0.1:1234 e um arquivo de socket para esta máquina)",
    ),
    (
        "--socket-mode",
        "permissões do arquivo de socket, em octal (padrão: 600; 666 quando o root serve a máquina inteira)",
    ),
    ("--socket-group", "grupo do arquivo de socket, por nome ou número"),
    (
        "--proxy-from",
        "endereço de um proxy, ou rede deles (ADDR/BITS), que diz de quem é cada conexão, em um cabeçalho do protocolo PROXY versão 2; pode ser repetida",
    ),
    ("--cert", "cadeia de certificados para tls://, em PEM (padrão: uma criada na primeira execução)"),
    ("--key", "chave privada desse certificado, em PEM"),
    (
        "--registration",
        "quem pode entrar com um nome que não tem dono: open (qualquer um), invite (com um código) ou closed (ninguém) (padrão: open)",
    ),
    ("--data", "pasta dos dados do servidor (padrão: $XDG_STATE_HOME/tr2 ou ~/.local/state/tr2)"),
    (
        "--durability",
        "quando uma mensagem conta como gravada: full (sobrevive a uma queda de energia), normal (sobrevive a uma queda do servidor) ou memory (nada é gravado) (padrão: full)",
    ),
    ("--edit-hours", "por quantas horas cada um pode editar e apagar as próprias mensagens; 0: nunca (padrão: 24)"),
    ("--keep-days", "apaga mensagens e registros de moderação depois de tantos dias (padrão: nunca)"),
    ("--keep-messages", "guarda no máximo tantas mensagens de cada conversa (padrão: todas)"),
    (
        "--backup",
        "em vez de servir, copia tudo de que uma máquina refeita precisa para este arquivo novo, ou para um novo nesta pasta, e confere a cópia; o servidor pode estar no ar",
    ),
    (
        "--keep-backups",
        "com --backup e uma pasta, guarda nela tantas cópias, as mais novas, e apaga as outras (padrão: todas)",
    ),
    ("--restore", "em vez de servir, confere esta cópia e a põe no lugar; o servidor precisa estar parado"),
    (
        "--list",
        "em vez de servir, lista users, names, rooms, bans, moderators, invitations ou acts; não muda nada, e o servidor pode estar no ar",
    ),
    (
        "--format",
        "formato do que --list e --backup mostram: text ou json (um objeto por linha) (padrão: text; sem ela, --backup só escreve em um terminal)",
    ),
    (
        "--export",
        "em vez de servir, escreve tudo o que é deste usuário e para ele no arquivo novo que vem depois; o servidor pode estar no ar",
    ),
    (
        "--erase",
        "em vez de servir, apaga tudo o que este usuário disse; diz quanto é e só apaga com --yes; o servidor pode estar no ar",
    ),
    ("--yes", "faz o que --erase diz que faria"),
    ("--free", "em vez de servir, tira este nome do dono, para que possa ter outro; o servidor pode estar no ar"),
    (
        "--rotate-passphrase",
        "em vez de servir, cria uma nova senha de moderador e a mostra; o servidor pode estar no ar",
    ),
    (
        "--maintenance",
        "em vez de servir, liga ou desliga (on ou off) a manutenção: durante ela só moderadores entram; o servidor pode estar no ar",
    ),
    ("--text", "com --maintenance on, o que lê quem não pode entrar"),
    ("file", "o arquivo novo de --export"),
    ("--trust-clock", "aceita o relógio nesta execução, embora esteja muito à frente da hora que o servidor conhece"),
    ("--new-history", "começa um histórico novo nesta execução, se o antigo não existe mais"),
    (
        "--cluster",
        "servidores NATS de um registro que vários servidores têm em comum, que então servem uma só conversa (veja tr2-cluster(7)): nats://HOST:PORT ou tls://HOST:PORT, com vírgulas entre eles; pode ser repetida",
    ),
    ("--node", "o nome deste servidor entre eles"),
    (
        "--found",
        "em vez de servir, começa esse registro com os dados deste servidor; se já existe um, --yes o joga fora",
    ),
    (
        "--alone",
        "tira o histórico do seu grupo de servidores nesta partida, para que este servidor o sirva sozinho daqui em diante",
    ),
    (
        "--without-damaged",
        "apaga nesta execução os registros danificados de donos, banimentos e salas, e segue sem eles",
    ),
    ("--moderator", "torna moderador o dono deste nome; pode ser repetida"),
    ("--trust-names", "confia nos nomes que usuários desta máquina usam sem provar, como fazia o sistema original"),
    (
        "--insecure-plaintext",
        "permite texto sem criptografia em endereços que outras máquinas alcançam, embora qualquer um no caminho possa ler e alterar tudo",
    ),
    ("--announce", "anuncia o servidor nas redes em que ele está, para que tr2 join o encontre ali"),
    ("--config", "lê opções deste arquivo (TOML; veja tr2.conf(5)); a linha de comando prevalece"),
    (
        "--check",
        "em vez de servir, verifica configuração, certificados e dados e relata todos os problemas; não muda nada, e o servidor pode estar no ar",
    ),
    (
        "--reload",
        "em vez de servir, faz o servidor no ar reler a configuração e os certificados; se o servidor os recusar, falha e mostra os motivos",
    ),
    ("--log", "nível do log: off, error, warn, info ou debug (padrão: info)"),
    ("--log-format", "formato do log: text (chave=valor) ou json (um objeto por linha) (padrão: text)"),
    (
        "--metrics",
        "onde oferecer OpenMetrics, só para esta máquina: tcp://127.0.0.1:PORT ou unix:PATH (padrão: em lugar nenhum)",
    ),
    ("--max-connections", "máximo de conexões ao todo (padrão: 16384)"),
    ("--max-per-address", "máximo de conexões por endereço (padrão: 64; as desta máquina não contam)"),
    ("--calls", "se os usuários podem chamar uns aos outros: on ou off (padrão: on)"),
    ("--relay-rate", "bytes por segundo que o servidor repassa de cada lado de uma chamada (padrão: 1048576)"),
    ("--relay-total", "bytes por segundo que ele repassa de todas as chamadas juntas (padrão: 8388608)"),
    (
        "--sandbox",
        "se o servidor abre mão do que não precisa, onde o kernel tem Landlock e seccomp: on ou off (padrão: on)",
    ),
    (
        "--flood",
        "mensagens que uma conexão pode enviar: tantas de uma vez e, depois, tantas por segundo, ou off (padrão: 20/5)",
    ),
];

const JOIN: &[(&str, &str)] = &[
    (COMMAND, "Entra em um servidor para conversar."),
    ("--help", "mostra esta ajuda"),
    (
        "--config",
        "lê configurações deste arquivo (TOML; veja tr2-join.conf(5)); as opções prevalecem (padrão: $XDG_CONFIG_HOME/tr2/join.toml ou ~/.config/tr2/join.toml, se existir)",
    ),
    (
        "--check",
        "em vez de entrar, verifica a configuração, a sua chave e a lista de servidores conhecidos e relata todos os problemas; não muda nada",
    ),
    ("--lang", "idioma: en ou pt (padrão: o da configuração ou do ambiente)"),
    ("--name", "seu nome (padrão: o nome de login)"),
    (
        "--server",
        "o servidor: tcp://HOST:PORT, tls://HOST:PORT, unix:PATH ou ssh://USER@HOST (padrão: $TR2_SERVER ou o desta máquina)",
    ),
    ("--fingerprint", "a chave que o servidor deve ter, como mostrada pelo 'tr2 serve' dele: SHA256:…"),
    (
        "--identity",
        "arquivo com a sua própria chave, para tls:// e chamadas (padrão: $XDG_DATA_HOME/tr2/identity ou ~/.local/share/tr2/identity)",
    ),
    (
        "--people",
        "para uma conta que várias pessoas usam: pergunta quem está aí, com uma pasta e uma chave, selada com uma senha, para cada uma nesta pasta; implica --confined",
    ),
    (
        "--confined",
        "não inicia outro programa nem abre arquivo para a pessoa: sem editor, chamadas, arquivos, links ou outro servidor",
    ),
    (
        "--camera",
        "de onde vêm as imagens das suas chamadas: none, test, ARQUIVO.y4m, - para um pipe, fd:N, um dispositivo ou um comando (padrão: o primeiro de /dev/video0 a 3)",
    ),
    (
        "--sound",
        "microfone e alto-falante das suas chamadas: auto, none, pulse, pipewire, alsa, ffmpeg, ou ARQUIVO.wav em lugar de um microfone (padrão: auto)",
    ),
    (
        "--direct",
        "quando os pacotes de uma chamada podem contornar o servidor, e cada um conhece o endereço do outro: ask, known (pessoas com quem você comparou palavras) ou never (padrão: ask)",
    ),
    (
        "--video",
        "como as imagens são desenhadas: auto, true, 256, 16, quadrants, text ou off (padrão: como o terminal puder)",
    ),
    (
        "--downloads",
        "pasta para os arquivos que enviam a você (padrão: a pasta de downloads da área de trabalho, ou ~/Downloads, ou a sua pasta pessoal)",
    ),
    (
        "--code",
        "código de convite, obtido com /invite ou /invite-key; - o lê da entrada padrão, onde outros não o veem",
    ),
    ("--take-over", "encerra as suas outras sessões com este nome"),
    ("--plain", "sem tela cheia: uma linha por mensagem, comandos digitados como /comandos"),
    (
        "--commands",
        "trata como comandos as linhas recebidas que começam com barra; implica --plain, assim como as opções abaixo",
    ),
    ("--json", "um objeto JSON por linha, nos dois sentidos, para programas; veja tr2-json(5)"),
    (
        "--to",
        "para onde vão as linhas, e o que --tail e --wait observam: everyone, uma #sala ou um nome (padrão: everyone)",
    ),
    ("--tail", "mostra as mensagens mais novas, tantas assim, e sai; com --wait, continua"),
    (
        "--wait",
        "sai com status 0 assim que outra pessoa enviar uma mensagem com este texto; maiúsculas e minúsculas não importam",
    ),
    ("--timeout", "sai com status 1 se o que --wait ou --tail espera não chegar em tantos segundos"),
];

/// The Portuguese of an option, with or without accents as the language of the process has it.
#[must_use]
pub(crate) fn portuguese(command: &str, option: &str) -> Option<String> {
    let (_, options) = DESCRIPTIONS.iter().find(|(name, _)| *name == command)?;
    let (_, text) = options.iter().find(|(name, _)| *name == option)?;
    Some(match current() {
        Language::PlainPortuguese => accents::without(text),
        Language::English | Language::Portuguese => (*text).to_owned(),
    })
}
