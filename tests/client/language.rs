//! Which language is spoken, and the help in both.

use std::collections::BTreeSet;

use tr2::cli::{self, Invocation};
use tr2::client::action;
use tr2::language::{self, Language, arguments, help};

use Language::{English, PlainPortuguese, Portuguese};

fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

fn printed(line: &str) -> String {
    match cli::parse(&words(line)) {
        Ok(Invocation::Print(text)) => text,
        other => panic!("{other:?}"),
    }
}

fn complaint(line: &str) -> String {
    cli::parse(&words(line)).unwrap_err()
}

#[test]
fn the_locale_chooses_the_language() {
    for (environment, expected) in [
        ("", English),
        ("LANG=pt_BR.UTF-8", Portuguese),
        ("LANG=pt", Portuguese),
        ("LANG=PT_pt@euro", Portuguese),
        ("LANG=en_US.UTF-8", English),
        ("LANG=de_DE.UTF-8", English),
        ("LANG=ptolemaic", English),
        // LC_ALL wins over LC_MESSAGES, and that over LANG; one that is empty counts as not set.
        ("LANG=pt_BR LC_MESSAGES=en_US", English),
        ("LANG=en_US LC_MESSAGES=pt_BR", Portuguese),
        ("LANG=pt_BR LC_MESSAGES=pt_BR LC_ALL=C", English),
        ("LANG=en_US LC_MESSAGES=en_US LC_ALL=pt_BR", Portuguese),
        ("LANG=pt_BR LC_MESSAGES= LC_ALL=", Portuguese),
        ("LC_CTYPE=pt_BR.UTF-8", English),
        // LANGUAGE is a list, and wins over every locale but C.
        ("LANG=en_US LANGUAGE=fr:pt_BR:en", Portuguese),
        ("LANG=pt_BR LANGUAGE=de:en:pt", English),
        ("LANG=pt_BR LANGUAGE=de:fr", English),
        ("LANG=pt_BR LANGUAGE=", Portuguese),
        ("LANG=C LANGUAGE=pt_BR", English),
        ("LANG=C.UTF-8 LANGUAGE=pt_BR", English),
        ("LANG=POSIX LANGUAGE=pt_BR", English),
        ("LANGUAGE=pt_BR", English),
    ] {
        let set: Vec<(&str, &str)> = environment.split(' ').filter_map(|entry| entry.split_once('=')).collect();
        let variable = |name: &str| set.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned());
        assert_eq!(Language::of(variable), expected, "{environment}");
    }
}

#[test]
fn an_option_names_the_language_before_the_options_are_read() {
    for (line, expected) in [
        ("join --lang pt", Some(Portuguese)),
        ("join --help --lang=pt_BR", Some(Portuguese)),
        ("join --lang pt-BR --nosuch", Some(Portuguese)),
        ("join --lang en", Some(English)),
        ("join --lang xx", None),
        ("join --lang", None),
        ("join --name pt", None),
        ("serve --lang pt", None),
    ] {
        assert_eq!(cli::language(&words(line)), expected, "{line}");
    }
}

#[test]
fn the_layout_of_the_help_is_that_of_the_english_one() {
    for (line, command) in [("--help", "tr2"), ("serve --help", "serve"), ("join --help", "join")] {
        assert_eq!(language::with(English, || cli::help(command)), printed(line));
    }
}

#[test]
fn every_option_has_its_portuguese_and_there_is_no_other() {
    let mut known: BTreeSet<(String, String)> = BTreeSet::new();
    let pair = |command: &str, option: &str| (command.to_owned(), option.to_owned());
    known.extend(["tr2", "serve", "join"].map(|command| pair(command, help::COMMAND)));
    known.extend([help::NOTE, "--help"].map(|option| pair("tr2", option)));
    // The only argument that is no option.
    known.insert(pair("serve", "file"));
    for (command, options) in cli::options() {
        known.insert(pair("tr2", &command));
        known.extend(options.iter().map(|option| pair(&command, option)));
    }
    let mut translated = BTreeSet::new();
    for (command, options) in help::DESCRIPTIONS {
        for (option, text) in options {
            assert!(!text.is_empty() && translated.insert(pair(command, option)), "{command} {option}");
        }
    }
    assert_eq!(translated, known);
}

#[test]
fn help_and_complaints_come_in_portuguese() {
    language::with(Portuguese, || {
        for line in ["join --help", "--help join", "help join", "join -h"] {
            let help = printed(line);
            assert!(help.starts_with("Uso: tr2 join [--config <file>]"), "{help}");
            assert!(help.contains("seu nome (padrão: o nome de login)"), "{help}");
        }
        // Laid out as argh lays out the English one.
        let serve = printed("serve --help");
        assert!(serve.contains("[--flood <burst/rate>] [--] [<file>]\n\nInicia um servidor"), "{serve}");
        assert!(
            serve.contains("\n\nArgumentos:\n  file              o arquivo novo de --export\n\nOpções:\n"),
            "{serve}"
        );
        assert!(printed("--help").contains("Notas:\n  'tr2 --version' mostra a versão"));
        assert_eq!(complaint("join --nam x"), "'--nam' não existe; você quis dizer '--name'? Veja 'tr2 join --help'.");
        assert_eq!(complaint("join --name"), "Falta o valor da opção '--name'. (Veja 'tr2 join --help'.)");
        assert_eq!(complaint("join x"), "Argumento desconhecido: x (Veja 'tr2 join --help'.)");
        assert_eq!(
            complaint("join --name a --name b"),
            "A opção '--name' foi dada mais de uma vez. (Veja 'tr2 join --help'.)"
        );
    });
}

#[test]
fn without_utf8_our_own_words_lose_their_accents_and_nobody_elses() {
    language::with(PlainPortuguese, || {
        assert!(printed("join --help").contains("seu nome (padrao: o nome de login)"));
        let wrong = complaint("join --ação");
        assert_eq!(wrong, "'--ação' nao existe; veja 'tr2 join --help'.");
        // Whatever marks off the words of others, they cannot bring it with them.
        assert_eq!(complaint("\u{2}é\u{1}"), "'é' nao existe; veja 'tr2 --help'.");
    });
}

#[test]
fn a_thread_has_its_language_back_after_another_one() {
    language::with(Portuguese, || {
        language::with(PlainPortuguese, || assert_eq!(language::current(), PlainPortuguese));
        assert_eq!(language::current(), Portuguese);
    });
}

#[test]
fn the_arguments_of_commands_are_translated_word_by_word() {
    let shown = |id: &str| action::table().find(|row| row.id() == id).unwrap().command_shown();
    let words = |text: &str| -> BTreeSet<String> {
        let words = text.split(|c: char| !c.is_ascii_uppercase()).filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    };
    let english = language::with(English, || action::table().flat_map(|row| words(&row.command_shown())).collect());
    assert_eq!(arguments::WORDS.iter().map(|(word, _)| (*word).to_owned()).collect::<BTreeSet<_>>(), english);
    language::with(Portuguese, || {
        assert_eq!(shown("ban"), "/ban [--dry-run] QUEM [TEMPO] MOTIVO");
        assert_eq!(shown("close-server"), "/close-server [SENHA | in TEMPO because TEXTO | off]");
        assert_eq!(shown("me"), "/me AÇÃO");
    });
    language::with(PlainPortuguese, || assert_eq!(shown("me"), "/me ACAO"));
}
