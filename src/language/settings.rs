//! The settings: what each is, what is wrong with a value, and what became of a change.
//!
//! Must not know: which settings there are, or what follows from one.

use std::fmt::Display;

use super::sentences;

sentences! {
    source_default { en: "default", pt: "padrão" }
    source_file { en: "file", pt: "arquivo" }
    source_option { en: "option", pt: "opção" }
    source_session { en: "this session only", pt: "só esta sessão" }
    keys_of_action_help {
        en: "The keys of an action, such as Ctrl-K or F5; none takes them away.",
        pt: "As teclas de uma ação, como Ctrl-K ou F5; none tira todas.",
    }
    rule_help {
        en: "Which messages of a conversation notify you: all, mentions or nothing.",
        pt: "Quais mensagens de uma conversa notificam você: all, mentions ou nothing.",
    }
    value_missing { en: "a value is missing", pt: "falta um valor" }
    only_one_value { en: "only one value is possible", pt: "só é possível um valor" }
    too_many_rules(max_rules: impl Display) {
        en: "at most {max_rules} conversations have a rule of their own",
        pt: "no máximo {max_rules} conversas têm regra própria",
    }
    key_is_fixed(key: impl Display) {
        en: "{key} cannot be changed: it has a fixed meaning",
        pt: "{key} não pode ser mudada: tem um significado fixo",
    }
    key_given_twice_to(key: impl Display, name: impl Display) {
        en: "{key} is given twice; {name} has it already",
        pt: "{key} foi dada duas vezes; {name} já a tem",
    }
    key_given_twice(key: impl Display) {
        en: "{key} is given twice",
        pt: "{key} foi dada duas vezes",
    }
    too_many_keys(max_keys: impl Display) {
        en: "an action has at most {max_keys} keys",
        pt: "uma ação tem no máximo {max_keys} teclas",
    }
    word_empty { en: "a word must not be empty", pt: "uma palavra não pode ser vazia" }
    word_too_long(max_word: impl Display) {
        en: "a word has at most {max_word} bytes",
        pt: "uma palavra tem no máximo {max_word} bytes",
    }
    word_unclean {
        en: "a word may not contain control characters or invisible ones",
        pt: "uma palavra não pode ter caracteres de controle nem invisíveis",
    }
    too_many_words(max_words: impl Display) {
        en: "at most {max_words} words are possible",
        pt: "no máximo {max_words} palavras são possíveis",
    }
    must_be(words: impl Display, last: impl Display) {
        en: "must be {words} or {last}",
        pt: "deve ser {words} ou {last}",
    }
    no_such_key {
        en: "there is no such key; write it as in Ctrl-K, Alt-K, F5 or PageUp",
        pt: "essa tecla não existe; escreva como em Ctrl-K, Alt-K, F5 ou PageUp",
    }
    conversation_twice {
        en: "this conversation is given twice",
        pt: "esta conversa foi dada duas vezes",
    }
    no_folder {
        en: "There is no home folder for a configuration file; the setting holds until you leave.",
        pt: "Não há pasta pessoal para um arquivo de configuração; a mudança vale até você sair.",
    }
    written_but(key: impl Display, path: impl Display, above: impl Display, now: impl Display) {
        en: "{key} is written to {path}, but {above} wins: it stays {now}.",
        pt: "{key} foi gravada em {path}, mas {above} prevalece: continua {now}.",
    }
    written_for_next_start(key: impl Display, path: impl Display) {
        en: "{key} is written to {path} for the next start.",
        pt: "{key} foi gravada em {path} para a próxima vez.",
    }
    default_again(key: impl Display, now: impl Display, path: impl Display) {
        en: "{key} = {now} again, written to {path}.",
        pt: "{key} = {now} de novo; gravado em {path}.",
    }
    written(key: impl Display, now: impl Display, path: impl Display) {
        en: "{key} = {now}, written to {path}.",
        pt: "{key} = {now}; gravado em {path}.",
    }
    not_written(key: impl Display, why: impl Display) {
        en: "{key} is not written: {why}",
        pt: "{key} não foi gravada: {why}",
    }
    until_you_leave(key: impl Display, now: impl Display, why: impl Display) {
        en: "{key} = {now} until you leave, but not written: {why}",
        pt: "{key} = {now} até você sair, mas não foi gravado: {why}",
    }
    how_to_set(file: impl Display) {
        en: "/set KEY VALUE changes one and keeps it in {file}; /set KEY - resets it.",
        pt: "/set CHAVE VALOR muda uma e a guarda em {file}; /set CHAVE - volta ao padrão.",
    }
    how_to_set_until_you_leave {
        en: "/set KEY VALUE changes one until you leave; /set KEY - resets it.",
        pt: "/set CHAVE VALOR muda uma até você sair; /set CHAVE - volta ao padrão.",
    }
    environment_variable(name: impl Display) {
        en: "the environment variable {name}",
        pt: "a variável de ambiente {name}",
    }
    option_of_command_line {
        en: "the option of the command line",
        pt: "a opção da linha de comando",
    }
    help_server { en: "The server to join.", pt: "O servidor em que entrar." }
    help_name { en: "Your name in the chat.", pt: "Seu nome no chat." }
    help_camera {
        en: "Your camera: none, test, FILE.y4m, a device, or a command.",
        pt: "Sua câmera: none, test, ARQUIVO.y4m, um dispositivo ou um comando.",
    }
    help_sound {
        en: "Your microphone and loudspeaker: auto, none, pulse, pipewire, alsa, ffmpeg or FILE.wav.",
        pt: "Seu microfone e alto-falante: auto, none, pulse, pipewire, alsa, ffmpeg ou ARQUIVO.wav.",
    }
    help_direct {
        en: "When calls may bypass the server, and tell your address: ask, known or never.",
        pt: "Quando chamadas podem contornar o servidor e contar seu endereço: ask, known ou never.",
    }
    help_video {
        en: "How pictures are drawn: auto, true, 256, 16, quadrants, text or off.",
        pt: "Como as imagens são desenhadas: auto, true, 256, 16, quadrants, text ou off.",
    }
    device_too_long(most: impl Display) {
        en: "such a name has at most {most} bytes",
        pt: "um nome assim tem no máximo {most} bytes",
    }
    device_unclean {
        en: "such a name has no control characters",
        pt: "um nome assim não tem caracteres de controle",
    }
    help_theme {
        en: "The colours: auto, dark, light or mono.",
        pt: "As cores: auto, dark, light ou mono.",
    }
    help_times {
        en: "How times are written: 24h, 12h or off.",
        pt: "Como as horas são escritas: 24h, 12h ou off.",
    }
    help_words {
        en: "Words that count as mentions of you, beside your name.",
        pt: "Palavras que contam como menção a você, além do seu nome.",
    }
    help_notify {
        en: "Which messages notify you: all, mentions or nothing.",
        pt: "Quais mensagens notificam você: all, mentions ou nothing.",
    }
    help_notify_content {
        en: "Whether notifications show the text of the message.",
        pt: "Se as notificações mostram o texto da mensagem.",
    }
    help_mouse { en: "Whether the mouse works in the screen.", pt: "Se o mouse funciona na tela." }
    help_join_notices {
        en: "Whether it is shown who joins and leaves.",
        pt: "Se é mostrado quem entra e quem sai.",
    }
    help_bell { en: "Whether the bell rings.", pt: "Se o bipe toca." }
    help_downloads {
        en: "The folder for files that others send you.",
        pt: "A pasta para os arquivos que enviam a você.",
    }
    folder_too_long(max_folder: impl Display) {
        en: "a path has at most {max_folder} bytes",
        pt: "um caminho tem no máximo {max_folder} bytes",
    }
    folder_unclean {
        en: "a path may not contain control characters or invisible ones",
        pt: "um caminho não pode ter caracteres de controle nem invisíveis",
    }
    folder_relative {
        en: "must be an absolute path, or begin with ~/",
        pt: "deve ser um caminho absoluto, ou começar com ~/",
    }
    help_lang { en: "The language: auto, en or pt-BR.", pt: "O idioma: auto, en ou pt-BR." }
    unknown_setting_near(shown: &str, near: &str) {
        en: "unknown setting '{shown}'; did you mean '{near}'?",
        pt: "configuração desconhecida '{shown}'; você quis dizer '{near}'?",
    }
    unknown_setting(shown: &str) {
        en: "unknown setting '{shown}'; /set lists them",
        pt: "configuração desconhecida '{shown}'; /set lista todas",
    }
    unknown_action_near(shown: &str, near: &str) {
        en: "unknown action '{shown}'; did you mean '{near}'?",
        pt: "ação desconhecida '{shown}'; você quis dizer '{near}'?",
    }
    unknown_action(shown: &str) {
        en: "unknown action '{shown}'; tr2-join.conf(5) lists them",
        pt: "ação desconhecida '{shown}'; tr2-join.conf(5) lista todas",
    }
    keys_are_fixed(name: impl Display) {
        en: "the keys of {name} cannot be changed",
        pt: "as teclas de {name} não podem ser mudadas",
    }
    no_value { en: "(none)", pt: "(nada)" }
    help_change_notices {
        en: "Whether plain lines tell of reactions, edits and deletions.",
        pt: "Se as linhas do modo simples contam reações, edições e mensagens apagadas.",
    }
}
