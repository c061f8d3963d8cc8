//! Compares the man pages and the README with the program: options, keys, actions, operations.

use std::fs;
use std::path::Path;

use tr2::cli;
use tr2::client::action::{self, Bindings, PICKED, help};
use tr2::client::settings::SettingKey;
use tr2::client::settings::table::{CONVERSATIONS_TABLE, KEYS_TABLE, SETTINGS};
use tr2::config::keys::KEYS;
use tr2::protocol::Code;
use tr2::protocol::words::op;
use tr2::server::cluster::entry::NodeId;
use tr2::server::cluster::fault::Fault;
use tr2::server::cluster::freshness::{ELSEWHERE_AFTER, NOTICE_AFTER};
use tr2::server::cluster::roll::GONE_AFTER;
use tr2::server::cluster::step::Unwelcome;
use tr2::server::log::nats::findings::OLDEST_RELEASE;
use tr2::server::log::nats::stream::{MAX_AGE, MAX_BYTES, StreamNames};
use tr2::server::log::{LogEnd, LogPosition};

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// A man page without macro names and quoting.
fn page(name: &str) -> String {
    let plain = |line: &str| {
        let words = line.strip_prefix('.').map_or(line, |macros| macros.split_once(' ').map_or("", |(_, rest)| rest));
        words.replace(" Ar ", " ").replace("Fl -", "--").replace("\\&...", "…").replace("Op ", "")
    };
    read(&format!("man/{name}")).lines().map(plain).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn assert_all(place: &str, text: &str, wanted: impl IntoIterator<Item = String>) {
    let missing: Vec<String> = wanted.into_iter().filter(|word| !text.contains(word.as_str())).collect();
    assert!(missing.is_empty(), "{place} lacks:\n  {}", missing.join("\n  "));
}

/// The options in a text, written as `Fl -name`.
fn options_in(mdoc: &str) -> Vec<String> {
    let mut options: Vec<String> = mdoc
        .split("Fl -")
        .skip(1)
        .map(|rest| format!("--{}", rest.trim_start_matches('-').split_whitespace().next().unwrap_or_default()))
        .collect();
    options.sort();
    options.dedup();
    options
}

#[test]
fn man_pages_and_readme_have_exactly_the_programs_options() {
    let readme = read("README.md");
    for (command, mut known) in cli::options() {
        known.retain(|option| option != "--help");
        known.sort();
        let mut documented = options_in(&read(&format!("man/tr2-{command}.1")));
        documented.retain(|option| option != "--help");
        assert_eq!(documented, known, "man/tr2-{command}.1 against tr2 {command} --help");
        assert_all("README.md", &readme, known.iter().map(|option| format!("`{option}")));
    }
}

#[test]
fn whatever_can_be_listed_is_in_every_text_about_lists() {
    let all = crate::completions::WORDS.iter().find(|(option, _)| *option == "serve --list").unwrap().1;
    let words = || all.iter();
    let readme = read("README.md");
    let row = readme.lines().find(|line| line.starts_with("| `--list WHAT`")).unwrap();
    assert_all("README.md", row, words().map(|word| format!("`{word}`")));
    assert_all("man/tr2-serve.1", &read("man/tr2-serve.1"), words().map(|word| format!(".It Cm {word}\n")));
    assert_all("man/tr2-serving.7", &read("man/tr2-serving.7"), words().map(|word| format!("--list {word}")));
}

#[test]
fn the_configuration_man_page_has_exactly_the_keys_and_every_option_is_a_key() {
    let page = read("man/tr2.conf.5");
    let documented: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix(".It Ic ")?.split(' ').next()).collect();
    let known: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
    assert_eq!(documented, known, "man/tr2.conf.5 against the keys of the file");
    for key in KEYS {
        let entry = page.split(&format!(".It Ic {} ", key.name)).nth(1).unwrap();
        // Two keys may share a description.
        let entry = entry.split("\n.It ").find(|entry| entry.trim().lines().count() > 1).unwrap();
        let entry = entry.split("\n.El").next().unwrap();
        assert_eq!(entry.contains("Needs a restart."), !key.live, "what man/tr2.conf.5 says of {}", key.name);
    }
    let only_there = [
        "--help",
        "--config",
        "--check",
        "--backup",
        "--keep-backups",
        "--restore",
        "--list",
        "--format",
        "--export",
        "--erase",
        "--yes",
        "--found",
        "--free",
        "--rotate-passphrase",
        "--maintenance",
        "--text",
        "--reload",
        "--trust-clock",
        "--new-history",
        "--alone",
        "--without-damaged",
    ];
    let (_, options) = cli::options().into_iter().find(|(command, _)| command == "serve").unwrap();
    for option in options.iter().filter(|option| !only_there.contains(&option.as_str())) {
        assert!(known.contains(&option.trim_start_matches('-')), "{option} is no key of the file");
    }
}

#[test]
fn the_page_of_the_clients_file_has_exactly_its_keys_tables_and_actions() {
    let page = read("man/tr2-join.conf.5");
    let documented: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix(".It Ic ")?.split(' ').next()).collect();
    let known: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
    assert_eq!(documented, known, "man/tr2-join.conf.5 against the keys of the file");
    for setting in SETTINGS {
        let entry = page.split(&format!(".It Ic {} ", setting.name)).nth(1).unwrap();
        let entry = entry.split("\n.It ").next().unwrap().split("\n.El").next().unwrap();
        let next_start = entry.contains("A change is used from the next start on.");
        assert_eq!(next_start, !setting.live, "what man/tr2-join.conf.5 says of {}", setting.name);
        // The words that the help names as values stand in the manual too.
        if let Some((_, values)) = setting.help().split_once(": ") {
            let values = values.trim_end_matches('.').replace(" or ", ", ");
            assert_all("man/tr2-join.conf.5", entry, values.split(", ").map(str::to_owned));
        }
    }
    for table in [KEYS_TABLE, CONVERSATIONS_TABLE] {
        assert_all("man/tr2-join.conf.5", &page, [format!(".Ic [{table}]"), format!("\n[{table}]\n")]);
    }
    let keys = page.split(".Ss Keys of actions").nth(1).unwrap().split(".Ss").next().unwrap();
    let named: Vec<&str> = keys.lines().filter_map(|line| line.strip_prefix(".Li ")?.split(' ').next()).collect();
    for row in action::table() {
        let without_command = row.command.is_empty();
        let fixed = action::has_fixed_keys(row.action);
        assert!(
            !(without_command || fixed) || named.contains(&row.id()),
            "man/tr2-join.conf.5 lacks the action {}",
            row.id()
        );
        assert_eq!(SettingKey::keys_of(row.id()).is_err(), fixed, "{}", row.id());
        let fixed_keys = row.keys.iter().filter(|_| fixed && row.action != action::Action::Goto);
        assert_all("man/tr2-join.conf.5", keys, fixed_keys.map(ToString::to_string));
    }
}

#[test]
fn the_client_man_page_has_the_menu_the_commands_and_the_keys() {
    let page = page("tr2-join.1").replace(['[', ']'], "");
    for row in action::table() {
        assert_all("man/tr2-join.1", &page, [row.help().to_owned()]);
        assert_all("man/tr2-join.1", &page, row.digit.map(|digit| format!("{digit} {}", row.name())));
        assert_all("man/tr2-join.1", &page, row.aliases.iter().map(|alias| format!("/{alias}")));
        if !row.command.is_empty() {
            let shown = row.command_shown().replace(['[', ']'], "");
            assert_all("man/tr2-join.1", &page, [shown]);
        }
        if row.action != action::Action::Goto {
            assert_all("man/tr2-join.1", &page, row.keys.iter().map(ToString::to_string));
        }
    }
    for (keys, help) in action::fixed_keys() {
        assert_all("man/tr2-join.1", &page, [(*keys).to_owned(), help().to_owned()]);
    }
    for row in PICKED {
        assert_all("man/tr2-join.1", &page, [format!("{}\n{}", row.key, (row.help)())]);
    }
}

/// A section of a man page, as it is written.
fn part_of(page: &str, title: &str) -> String {
    let (_, rest) = page.split_once(&format!("\n.Ss {title}\n")).unwrap();
    rest.split("\n.S").next().unwrap().to_owned()
}

#[test]
fn the_client_man_page_has_commands_and_keys_in_the_order_of_the_help() {
    let page = read("man/tr2-join.1");
    let commands = part_of(&page, "Commands");
    let documented: Vec<&str> = commands
        .lines()
        .filter_map(|line| line.strip_prefix(".It Li ")?.trim_start_matches('"').split([' ', '"']).next())
        .collect();
    let sections = help::commands(None);
    let helped: Vec<&str> = sections
        .iter()
        .flat_map(|section| &section.entries)
        .filter_map(|(term, _)| term.split(' ').next())
        .filter(|word| word.starts_with('/') && !word.starts_with("//"))
        .collect();
    assert_eq!(documented, helped, "the commands of man/tr2-join.1 against those of the help");

    let keys = part_of(&page, "Keys");
    let mut rest = keys.as_str();
    let picked = PICKED.iter().map(|row| (row.help)()).collect::<Vec<_>>();
    for section in help::keys(&Bindings::new(&[])) {
        // The keys of a picked message have a section of their own.
        for (key, meaning) in section.entries.iter().filter(|(_, meaning)| !picked.contains(&meaning.as_str())) {
            let Some((_, after)) = rest.split_once(&format!("\n{meaning}\n")) else {
                panic!("man/tr2-join.1 does not have {key} ({meaning}) where the help has it")
            };
            rest = after;
        }
    }
}

#[test]
fn the_protocol_man_page_has_every_operation_and_refusal() {
    let page = page("tr2-protocol.7");
    assert_all("man/tr2-protocol.7", &page, Code::ALL.iter().map(ToString::to_string));
    assert_all("man/tr2-protocol.7", &page, op::ALL.iter().map(ToString::to_string));
}

#[test]
fn the_page_of_clusters_says_what_to_do_about_each_fault() {
    let node = || NodeId::parse("a").unwrap();
    let faults = [
        Fault::Gap { expected: 2, found: 9 },
        Fault::Back { applied: 9, found: 2 },
        Fault::Shorter { applied: 9, newest: 2 },
        Fault::Rewritten { position: 9 },
        Fault::LostTail { node: node(), claimed: 9, position: 2 },
        Fault::Alarmed { node: node(), claimed: 9 },
        Fault::Unheard { position: 9 },
        Fault::OtherLog { others: "b, c".to_owned(), position: 9 },
        Fault::OtherDecisions { others: "b, c".to_owned(), position: 9 },
        Fault::OtherSecret { position: 9 },
        Fault::NotKept { why: "the disk is full".to_owned() },
        Fault::Unfinished { position: 9 },
        Fault::FoundedAnew,
        Fault::NewerRules { position: 9 },
        Fault::NotWelcome(Unwelcome::Settings),
        Fault::NotWelcome(Unwelcome::TooOld { needed: 9 }),
        Fault::NotWelcome(Unwelcome::TooNew { needed: 9 }),
        Fault::NotWelcome(Unwelcome::TooMany),
        Fault::Twin(node()),
    ];
    let (tailed, newest) = (LogPosition(9), LogPosition(2));
    let ends = [
        LogEnd::Shorter { tailed, newest },
        LogEnd::Replaced { tailed },
        LogEnd::Altered { position: newest },
        LogEnd::Gap { wanted: newest, oldest: tailed },
    ];
    let page = read("man/tr2-cluster.7");
    let part = page.split("\n.Sh FAULTS\n").nth(1).unwrap().split("\n.Sh ").next().unwrap();
    let words: Vec<&str> = part.lines().filter_map(|line| line.strip_prefix(".It Qq ")).collect();
    let said = faults.iter().map(ToString::to_string).chain(ends.iter().map(ToString::to_string));
    for said in said {
        assert!(words.iter().any(|words| said.contains(words)), "man/tr2-cluster.7 has nothing on: {said}");
    }
}

#[test]
fn the_page_of_clusters_names_the_keys_and_the_largest_sizes() {
    let page = read("man/tr2-cluster.7");
    assert_eq!((MAX_BYTES >> 30, MAX_AGE.as_secs() / 86_400, OLDEST_RELEASE), (32, 30, (2, 14)));
    assert_all("man/tr2-cluster.7", &page, ["32 GiB", "30 days", "version 2.14"].map(str::to_owned));
    assert_eq!((NOTICE_AFTER.as_secs(), ELSEWHERE_AFTER.as_secs(), GONE_AFTER), (3, 10, 8));
    assert_all("man/tr2-cluster.7", &page, ["three seconds", "after ten", "eight seconds"].map(str::to_owned));
    let names = StreamNames::of("main").unwrap();
    let StreamNames { stream, appends, live } = &names;
    assert_all("man/tr2-cluster.7", &page, [appends, live].map(|subject| format!("\"{subject}\"")));
    for subject in [names.info(), names.create(), names.delete(), names.purge()] {
        assert!(subject.starts_with("$JS.API.STREAM.") && subject.ends_with(&format!(".{stream}")), "{subject}");
    }
    assert_all("man/tr2-cluster.7", &page, [format!("\"$JS.API.STREAM.*.{stream}\"")]);
    assert_all(
        "man/tr2-cluster.7",
        &page,
        [names.direct(), names.from_leader()].map(|subject| format!("\"{subject}\"")),
    );
}

#[test]
fn the_readme_begins_with_commands_that_work() {
    let readme = read("README.md");
    let head: String = readme.lines().take(12).collect::<Vec<_>>().join("\n");
    let commands = ["cargo run --release -- serve", "cargo run --release -- join --name alice", "cargo test"];
    assert_all("the top of README.md", &head, commands.map(str::to_owned));
}

/// The words between single backticks.
fn in_backticks(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).filter(|word| !word.is_empty()).collect()
}

/// The parts of the README from a heading on, up to the next heading of the same depth.
fn section<'a>(readme: &'a str, heading: &str) -> &'a str {
    let (_, rest) = readme.split_once(&format!("\n{heading}\n")).unwrap();
    let depth = heading.split(' ').next().unwrap();
    rest.split(&format!("\n{depth} ")).next().unwrap()
}

#[test]
fn the_readme_lists_every_key_of_the_client() {
    let keys = section(&read("README.md"), "## Keys").to_owned();
    let cells: Vec<&str> = keys.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next()).collect();
    let listed: Vec<&str> = cells.iter().flat_map(|cell| cell.split(", ")).collect();
    for row in action::table() {
        if row.action == action::Action::Goto {
            assert!(listed.contains(&"Alt-1 … Alt-9"), "the keys of {:?} are not in README.md", row.action);
            continue;
        }
        for key in row.keys {
            assert!(listed.contains(&key.to_string().as_str()), "{key} ({:?}) is not in README.md", row.action);
        }
    }
    for row in PICKED {
        assert!(listed.contains(&row.key.to_string().as_str()), "{} (a picked message) is not in README.md", row.key);
    }
    for key in action::fixed_keys().flat_map(|(keys, _)| keys.split(", ")) {
        assert!(listed.contains(&key), "{key} (writing) is not in README.md");
    }
}

#[test]
fn every_path_in_the_readme_for_contributors_exists() {
    let readme = read("README.md");
    let contributing = section(&readme, "## Contributing");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut count = 0;
    for word in in_backticks(contributing) {
        let is_path = word.split('/').next().is_some_and(|first| ["src", "tests", "man", ".ci"].contains(&first))
            && word.contains('/')
            && !word.contains(' ');
        if is_path {
            count += 1;
            assert!(root.join(word).exists(), "README.md names {word}, which does not exist");
        } else {
            assert!(
                !word.ends_with(".rs") || word.contains(' '),
                "README.md names {word}; give the whole path from the top, so that it can be checked"
            );
        }
    }
    assert!(count > 20, "only {count} paths were found");
}
