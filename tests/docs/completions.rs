//! The completions for bash, zsh and fish in `man/`: they are made from the options here. `UPDATE_EXPECT=1` writes them anew.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use expect_test::expect_file;
use tr2::cli::{self, OptionFacts};

/// The words that an option's value can be. Each is in the option's help.
pub(crate) const WORDS: [(&str, &[&str]); 21] = [
    ("serve --listen", &["tcp://", "tls://", "unix:"]),
    ("serve --registration", &["open", "invite", "closed"]),
    ("serve --durability", &["full", "normal", "memory"]),
    ("serve --log", &["off", "error", "warn", "info", "debug"]),
    ("serve --log-format", &["text", "json"]),
    ("serve --metrics", &["tcp://127.0.0.1:", "unix:"]),
    ("serve --calls", &["on", "off"]),
    ("serve --list", &["users", "names", "rooms", "bans", "moderators", "invitations", "acts"]),
    ("serve --format", &["text", "json"]),
    ("serve --maintenance", &["on", "off"]),
    ("serve --sandbox", &["on", "off"]),
    ("serve --flood", &["off"]),
    ("serve --cluster", &["nats://", "tls://"]),
    ("join --lang", &["en", "pt"]),
    ("join --server", &["tcp://", "tls://", "unix:", "ssh://"]),
    ("join --camera", &["none", "test"]),
    ("join --sound", &["auto", "none", "pulse", "pipewire", "alsa", "ffmpeg"]),
    ("join --direct", &["ask", "known", "never"]),
    ("join --video", &["auto", "true", "256", "16", "quadrants", "text", "off"]),
    ("join --to", &["everyone"]),
    ("serve --socket-mode", &["600", "666"]),
];

/// The names of values for which there always are words.
const WORDED: [&str; 9] = ["whom", "level", "format", "switch", "language", "when", "style", "what", "form"];

/// What the value of an option can be.
enum Value {
    Nothing,
    File,
    Folder,
    Group,
    Words(&'static [&'static str]),
    Free,
}

fn value_of(command: &str, option: &OptionFacts) -> Value {
    let name = format!("{command} {}", option.name);
    let words = WORDS.iter().find(|(of, _)| *of == name).map(|(_, words)| *words);
    match (option.value, words) {
        (None, _) => Value::Nothing,
        (_, Some(words)) => Value::Words(words),
        (Some("file"), _) => Value::File,
        (Some("dir"), _) => Value::Folder,
        (Some("group"), _) => Value::Group,
        (Some(_), _) => Value::Free,
    }
}

/// The beginning of an option's help, up to the first detail.
fn brief(help: &str) -> &str {
    let end = [": ", "; ", " ("].iter().filter_map(|mark| help.find(mark)).min().unwrap_or(help.len());
    help[..end].trim_end_matches('.')
}

const HEAD: &str = "made from the options of the program";

fn bash() -> String {
    let mut out =
        format!("# Completion of tr2(1) in bash, {HEAD}; it belongs into bash-completion's folder, as tr2.\n");
    let commands = cli::facts();
    let names: Vec<&str> = commands.iter().map(|(name, ..)| *name).collect();
    out += "_tr2() {\n    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n";
    out += "    local options repeated word left=\n    COMPREPLY=()\n";
    out += "    # bash makes a word of an equals sign.\n";
    out += "    if [[ $current == = ]]; then\n        current=\n    elif [[ $before == = ]]; then\n";
    out += "        before=${COMP_WORDS[COMP_CWORD - 2]}\n    fi\n    if ((COMP_CWORD == 1)); then\n";
    let _ = writeln!(
        out,
        "        mapfile -t COMPREPLY < <(compgen -W '{} --help --version' -- \"$current\")",
        names.join(" ")
    );
    out += "        return\n    fi\n    case \"${COMP_WORDS[1]} $before\" in\n";
    let mut cases: [Vec<String>; 4] = Default::default();
    for (command, _, options) in &commands {
        for option in options {
            let case = format!("'{command} {}'", option.name);
            match value_of(command, option) {
                Value::Nothing => {}
                Value::File => cases[0].push(case),
                Value::Folder => cases[1].push(case),
                Value::Group => cases[2].push(case),
                Value::Free => cases[3].push(case),
                Value::Words(words) => {
                    let complete =
                        format!("mapfile -t COMPREPLY < <(compgen -W '{}' -- \"$current\")", words.join(" "));
                    let open = if words.iter().any(|word| word.ends_with(['/', ':'])) {
                        "\n        compopt -o nospace 2>/dev/null"
                    } else {
                        ""
                    };
                    let _ = writeln!(out, "    {case})\n        {complete}{open}\n        return\n        ;;");
                }
            }
        }
    }
    let of_files = "\n        compopt -o filenames 2>/dev/null";
    for (cases, complete) in cases.iter().zip([
        format!("mapfile -t COMPREPLY < <(compgen -f -- \"$current\"){of_files}"),
        format!("mapfile -t COMPREPLY < <(compgen -d -- \"$current\"){of_files}"),
        "mapfile -t COMPREPLY < <(compgen -g -- \"$current\")".to_owned(),
        String::new(),
    ]) {
        let complete = if complete.is_empty() { complete } else { format!("        {complete}\n") };
        let _ = writeln!(out, "    {})\n{complete}        return\n        ;;", cases.join(" | \\\n        "));
    }
    out += "    esac\n    case ${COMP_WORDS[1]} in\n";
    for (command, _, options) in &commands {
        let all: Vec<&str> = options.iter().map(|option| option.name).collect();
        let repeated: Vec<&str> = options.iter().filter(|option| option.repeats).map(|option| option.name).collect();
        let _ = writeln!(
            out,
            "    {command})\n        options='{}'\n        repeated=' {} '\n        ;;",
            wrapped(&all),
            repeated.join(" ")
        );
    }
    out += "    *) return ;;\n    esac\n    for word in $options; do\n";
    out +=
        "        if [[ $repeated == *\" $word \"* || \" ${COMP_WORDS[*]:2:COMP_CWORD-2} \" != *\" $word \"* ]]; then\n";
    out += "            left+=\" $word\"\n        fi\n    done\n";
    out += "    mapfile -t COMPREPLY < <(compgen -W \"$left\" -- \"$current\")\n}\ncomplete -F _tr2 tr2\n";
    out
}

/// Words on lines of a readable length.
fn wrapped(words: &[&str]) -> String {
    let (mut out, mut length) = (String::new(), 16);
    for (number, word) in words.iter().enumerate() {
        if length + word.len() > 110 {
            out += "\n            ";
            length = 12;
        } else if number > 0 {
            out.push(' ');
        }
        out += word;
        length += word.len() + 1;
    }
    out
}

/// A description within the brackets of zsh's `_arguments`, in single quotes.
fn in_brackets(help: &str) -> String {
    brief(help).replace('\'', "'\\''").replace('[', "\\[").replace(']', "\\]")
}

fn zsh() -> String {
    let mut out =
        format!("#compdef tr2\n# Completion of tr2(1) in zsh, {HEAD}; it belongs into a folder of $fpath, as _tr2.\n");
    out += "local context state state_descr line\ntypeset -A opt_args\n";
    out += "_arguments -C '(- *)--help[show the help]' '(- *)--version[show the version]' '1:command:->command' '*::option:->options'\n";
    out += "case $state in\n(command)\n    local -a commands=(\n";
    for (command, help, _) in cli::facts() {
        let _ = writeln!(out, "        '{command}:{}'", brief(help).replace('\'', "'\\''"));
    }
    out += "    )\n    _describe command commands\n    ;;\n(options)\n    case $line[1] in\n";
    for (command, _, options) in cli::facts() {
        let _ = writeln!(out, "    ({command})\n        _arguments \\");
        let lines = options.iter().map(|option| {
            let action = match value_of(command, option) {
                Value::Nothing => String::new(),
                Value::File => ":file:_files".to_owned(),
                Value::Folder => ":folder:_files -/".to_owned(),
                Value::Group => ":group:_groups".to_owned(),
                Value::Free => format!(":{}: ", option.value.unwrap_or_default()),
                Value::Words(words) if words.iter().any(|word| word.ends_with(['/', ':'])) => {
                    let words = words.join(" ").replace(':', "\\:");
                    format!(":{}:compadd -S \"\" -- {words}", option.value.unwrap_or_default())
                }
                Value::Words(words) => format!(":{}:({})", option.value.unwrap_or_default(), words.join(" ")),
            };
            let help = in_brackets(option.help);
            match (option.value, option.repeats) {
                (None, _) if option.name == "--help" => format!("            '(- *){}[{help}]'", option.name),
                (None, _) => format!("            '{}[{help}]'", option.name),
                (Some(_), false) => format!("            '{}=[{help}]{action}'", option.name),
                (Some(_), true) => format!("            '*{}=[{help}]{action}'", option.name),
            }
        });
        out += &lines.collect::<Vec<_>>().join(" \\\n");
        out += "\n        ;;\n";
    }
    out + "    esac\n    ;;\nesac\n"
}

fn fish() -> String {
    let mut out =
        format!("# Completion of tr2(1) in fish, {HEAD}; it belongs into fish's vendor_completions.d, as tr2.fish.\n");
    let quoted = |text: &str| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"));
    out += "complete -c tr2 -f\n";
    let commands = cli::facts();
    let names: Vec<&str> = commands.iter().map(|(name, ..)| *name).collect();
    let none = format!("not __fish_seen_subcommand_from {}", names.join(" "));
    for (command, help, _) in &commands {
        let _ = writeln!(out, "complete -c tr2 -n '{none}' -a {command} -d {}", quoted(brief(help)));
    }
    let _ = writeln!(out, "complete -c tr2 -n '{none}' -l help -d 'show the help'");
    let _ = writeln!(out, "complete -c tr2 -n '{none}' -l version -d 'show the version'");
    for (command, _, options) in &commands {
        for option in options {
            let name = option.name.trim_start_matches('-');
            let value = match value_of(command, option) {
                Value::Nothing => String::new(),
                Value::File => " -r -F".to_owned(),
                Value::Folder => " -x -a '(__fish_complete_directories)'".to_owned(),
                Value::Group => " -x -a '(__fish_complete_groups)'".to_owned(),
                Value::Free => " -x".to_owned(),
                Value::Words(words) => format!(" -x -a {}", quoted(&words.join(" "))),
            };
            // Without a condition on the option itself: it would hold for its value too.
            let condition = format!("__fish_seen_subcommand_from {command}");
            let help = quoted(brief(option.help));
            let _ = writeln!(out, "complete -c tr2 -n '{condition}' -l {name}{value} -d {help}");
        }
    }
    out
}

#[test]
fn the_completions_are_those_of_the_options() {
    expect_file!["../../man/tr2.bash"].assert_eq(&bash());
    expect_file!["../../man/_tr2"].assert_eq(&zsh());
    expect_file!["../../man/tr2.fish"].assert_eq(&fish());
}

#[test]
fn the_words_of_values_are_in_the_help_of_their_options_and_no_option_lacks_its_own() {
    let facts = cli::facts();
    for (name, words) in WORDS {
        let (command, option) = name.split_once(' ').unwrap();
        let (_, _, options) = facts.iter().find(|(known, ..)| *known == command).unwrap();
        let option = options.iter().find(|known| known.name == option).unwrap_or_else(|| panic!("no {name}"));
        for word in words {
            assert!(option.help.contains(word), "{name}: its help does not have {word}");
        }
    }
    for (command, _, options) in facts {
        for option in options.iter().filter(|option| option.value.is_some_and(|value| WORDED.contains(&value))) {
            assert!(matches!(value_of(command, option), Value::Words(_)), "{command} {} has no words", option.name);
        }
    }
}

/// What bash offers after these words, of which the last is not complete.
fn offered(words: &[&str]) -> Vec<String> {
    let script =
        "source \"$1\"; shift; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _tr2; printf '%s\\n' \"${COMPREPLY[@]}\"";
    let man = Path::new(env!("CARGO_MANIFEST_DIR")).join("man");
    let file = man.join("tr2.bash");
    let args = ["--norc", "--noprofile", "-c", script, "bash", file.to_str().unwrap()];
    let output = Command::new("bash").args(args).args(words).current_dir(man).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[test]
fn bash_completes_commands_options_and_values() {
    if Command::new("bash").arg("--version").output().is_err() {
        return println!("skipped: there is no bash here");
    }
    let man = Path::new(env!("CARGO_MANIFEST_DIR")).join("man");
    let read = Command::new("bash").arg("-n").arg(man.join("tr2.bash")).output().unwrap();
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    for (words, wanted) in [
        (&["tr2", ""][..], &["serve", "join", "--help", "--version"][..]),
        (&["tr2", "j"], &["join"]),
        (&["tr2", "serve", "--reg"], &["--registration"]),
        (&["tr2", "serve", "--registration", ""], &["open", "invite", "closed"]),
        (&["tr2", "serve", "--registration", "=", "i"], &["invite"]),
        (&["tr2", "serve", "--registration", "="], &["open", "invite", "closed"]),
        (&["tr2", "serve", "--listen", "t"], &["tcp://", "tls://"]),
        (&["tr2", "serve", "--cert", "tr2-join.c"], &["tr2-join.conf.5"]),
        (&["tr2", "serve", "--data", "../sr"], &["../src"]),
        (&["tr2", "serve", "--keep-days", ""], &[]),
        // Only what repeats is offered twice.
        (&["tr2", "serve", "--registration", "open", "--reg"], &[]),
        (&["tr2", "serve", "--listen", "tls", ":", "//[::]", "--liste"], &["--listen"]),
        (&["tr2", "join", "--j"], &["--json"]),
        (&["tr2", "other", "--"], &[]),
    ] {
        assert_eq!(offered(words), wanted, "{words:?}");
    }
    for (command, _, options) in cli::facts() {
        let all: Vec<&str> = options.iter().map(|option| option.name).collect();
        assert_eq!(offered(&["tr2", command, "-"]), all, "{command}");
    }
}
