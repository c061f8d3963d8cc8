//! The client's configuration: valid settings, reports on everything else, what wins over what, `--check`, and how `/set`
//! changes the file.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use expect_test::{Expect, expect};
use rustix::fs::{CWD, Mode, mkfifoat};
use tr2::cli::{self, Invocation};
use tr2::client::action::Action;
use tr2::client::key::Key;
use tr2::client::settings::table::{SETTINGS, SettingKind};
use tr2::client::settings::{
    LanguageChoice, MAX_FOLDER, NotifyLevel, SettingKey, SettingSource, Settings, ThemeChoice, Times,
};
use tr2::config::JoinConfig;
use tr2::error::Error;

use crate::person::Person;
use crate::serving::{Folder, Server, TR2};

/// What these options, this environment and this file lead to.
fn read(folder: &Folder, options: &[&str], environment: &[(&str, &str)], text: &[u8]) -> Result<JoinConfig, Error> {
    let file = folder.path().join("join.toml");
    fs::write(&file, text).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let words = [&["join", "--config", file.to_str().unwrap()], options].concat();
    let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
    let variable =
        |name: &str| environment.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned());
    match cli::parse(&words).unwrap() {
        Invocation::Run(cli::Subcommand::Join(flags)) => JoinConfig::from(flags, variable),
        asked => panic!("{asked:?}"),
    }
}

fn settings(text: &str) -> Settings {
    read(&Folder::new(), &["--server", "tcp://localhost"], &[], text.as_bytes()).unwrap().settings
}

/// Everything that is reported about a file called `join.toml`, with exit status 2.
fn said(text: impl AsRef<[u8]>) -> String {
    let folder = Folder::new();
    let error = read(&folder, &["--server", "tcp://localhost"], &[], text.as_ref()).expect_err("something is wrong");
    assert_eq!(error.exit_code(), 2);
    let said = error.to_string();
    assert!(said.lines().all(|line| !line.contains(|c: char| c.is_control())), "{said:?}");
    said.replace(&format!("{}/", folder.path().display()), "") + "\n"
}

#[track_caller]
fn wrong(text: impl AsRef<[u8]>, expected: &Expect) {
    expected.assert_eq(&said(text));
}

#[test]
fn a_file_may_set_everything() {
    let samples: String = SETTINGS.iter().map(|setting| format!("{} = {}\n", setting.name, setting.sample)).collect();
    let set = settings(&samples);
    assert_eq!(set.theme, ThemeChoice::Dark);
    assert_eq!((set.times, set.notify, set.lang), (Times::HalfDay, NotifyLevel::Mentions, LanguageChoice::En));
    assert_eq!(set.words, ["web3", "oncall"]);
    assert!(set.mouse && set.bell && set.join_notices && set.notify_content);
    for setting in &SETTINGS {
        let expected = if setting.name == "server" { SettingSource::Option } else { SettingSource::File };
        assert_eq!(set.source(&SettingKey::Plain(setting)), expected, "{}", setting.name);
    }
    let set = settings(
        "times = 'off'\nlang = \"pt-BR\"\nwords = []\n[keys]\nrooms = 'F5'\nsearch = ['ctrl-k', \"Alt-x\"]\nresend = []\n\
         [conversations]\n\"#Ops\" = 'all'\neveryone = 'nothing'\nbob = 'mentions'\n",
    );
    assert_eq!((set.times, set.lang), (Times::Off, LanguageChoice::PtBr));
    let key = |action| set.keys.iter().find(|(other, _)| *other == action).map(|(_, keys)| keys.clone());
    assert_eq!(key(Action::Rooms), Some(vec![Key::F(5)]));
    assert_eq!(key(Action::Search), Some(vec![Key::Ctrl('k'), Key::Alt('x')]));
    assert_eq!((key(Action::Resend), key(Action::Help)), (Some(Vec::new()), None));
    let rule = |name: &str| match SettingKey::conversation(name).unwrap() {
        SettingKey::Conversation(place) => set.rule(&place),
        other => panic!("{other:?}"),
    };
    assert_eq!(rule("#OPS"), Some(NotifyLevel::All));
    assert_eq!(rule("everyone"), Some(NotifyLevel::Nothing));
    assert_eq!(rule("BOB"), Some(NotifyLevel::Mentions));
    assert_eq!(rule("carol"), None);
    // Nothing has to be there, not even a line feed.
    for text in ["", "# nothing", "theme = 'auto'"] {
        let nothing = settings(text);
        assert_eq!((nothing.theme, nothing.notify), (ThemeChoice::Auto, NotifyLevel::Mentions));
    }
}

#[test]
fn an_option_wins_over_the_environment_and_that_over_the_file() {
    let folder = Folder::new();
    let file = "server = 'tls://file'\nname = 'filename'\ntheme = 'dark'\n";
    let plain = SettingKey::parse;
    let set = |options: &[&str], environment: &[(&str, &str)]| {
        let config = read(&folder, options, environment, file.as_bytes()).unwrap();
        let source = |name: &str| config.settings.source(&plain(name).unwrap());
        (config.server.to_string(), config.name.clone(), [source("server"), source("name"), source("theme")], config)
    };
    let (server, name, sources, _) = set(&[], &[]);
    assert_eq!((server.as_str(), name.as_deref()), ("tls://file:1235", Some("filename")));
    assert_eq!(sources, [SettingSource::File; 3]);
    let (server, _, sources, config) = set(&[], &[("TR2_SERVER", "tls://environment"), ("NO_COLOR", "1")]);
    assert_eq!(server, "tls://environment:1235");
    let by = SettingSource::Environment;
    assert_eq!(sources, [by("TR2_SERVER"), SettingSource::File, by("NO_COLOR")]);
    assert_eq!(config.settings.theme, ThemeChoice::Mono);
    let options = ["--server", "tls://option", "--name", "optionname"];
    let (server, name, sources, _) = set(&options, &[("TR2_SERVER", "tls://environment"), ("NO_COLOR", "")]);
    assert_eq!((server.as_str(), name.as_deref()), ("tls://option:1235", Some("optionname")));
    assert_eq!(sources, [SettingSource::Option, SettingSource::Option, SettingSource::File]);
    // What is wrong in the file is told even where an option wins.
    assert!(read(&folder, &options, &[], b"server = 'http://x'\n").is_err());
}

#[test]
fn downloads_have_a_folder_by_option_or_file_and_a_file_names_it_whole() {
    let folder = Folder::new();
    let place = |options: &[&str], text: &str| {
        let options = [&["--server", "tcp://localhost"], options].concat();
        let config = read(&folder, &options, &[], text.as_bytes()).unwrap();
        let source = config.settings.source(&SettingKey::parse("downloads").unwrap());
        assert_eq!(config.settings.downloads, config.downloads.display().to_string(), "as /set shows it");
        (config.downloads.display().to_string(), source)
    };
    assert_eq!(place(&[], "downloads = '/data/in'\n"), ("/data/in".to_owned(), SettingSource::File));
    let given = place(&["--downloads", "/elsewhere"], "downloads = '/data/in'\n");
    assert_eq!(given, ("/elsewhere".to_owned(), SettingSource::Option));
    let here = std::env::current_dir().unwrap().join("x").display().to_string();
    assert_eq!(place(&["--downloads", "x"], ""), (here, SettingSource::Option));
    let home = std::env::var("HOME").unwrap();
    assert_eq!(place(&[], "downloads = '~/in'\n").0, format!("{home}/in"));
    let (usual, source) = place(&[], "");
    assert!(usual.starts_with(&home) && source == SettingSource::Default, "{usual}");
    let longest = format!("/{}", "x".repeat(MAX_FOLDER - 1));
    assert_eq!(place(&[], &format!("downloads = '{longest}'\n")).0, longest);
    for (value, words) in [
        ("in", "must be an absolute path, or begin with ~/"),
        ("~ann/in", "must be an absolute path, or begin with ~/"),
        ("", "must be an absolute path, or begin with ~/"),
        ("/a\\u202eb", "control characters"),
        (&format!("{longest}x"), "a path has at most 1024 bytes"),
    ] {
        let said = said(format!("downloads = \"{value}\"\n"));
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn values_of_the_wrong_type_are_refused() {
    for setting in SETTINGS {
        let other = if setting.kind == SettingKind::Switch { "'true'" } else { "true" };
        let said = said(format!("\n{} =   {other}\n", setting.name));
        let expected = format!("join.toml:2:{}: {}: must be ", setting.name.len() + 6, setting.name);
        assert!(said.starts_with(&expected) && said.contains(setting.sample), "{said}");
    }
}

#[test]
fn every_error_is_reported_with_its_place() {
    wrong(
        "# mine\nthem = 'dark'\ntheme = 'blue'\nserver = 'http://x'\nname = 'a b'\nwords = ['ok', '', 3]\nmouse = 'yes'\n\
         lang = 'de'\n",
        &expect![[r#"
            join.toml:2:1: unknown key 'them'; did you mean 'theme'?
            join.toml:3:9: theme blue: must be auto, dark, light or mono
            join.toml:4:10: server http://x: 'http://x' is not a server address; write tcp://HOST:PORT, tls://HOST:PORT, unix:PATH or ssh://HOST.
            join.toml:5:8: name a b: A name is made of letters, digits, '-', '_' and '.'.
            join.toml:6:20: words: must be a list of texts, as in words = ["web3", "oncall"]
            join.toml:7:9: mouse: must be true or false, as in mouse = true
            join.toml:8:8: lang de: must be auto, en or pt-BR
        "#]],
    );
    wrong(
        "[keys]\nroms = 'F5'\nexit = 'F6'\nsearch = 'Ctrl-C'\nrooms = ['F5', 'F5']\nhelp = 'F5'\nmenu = 5\nback = 'Hyper-X'\n\
         resend = ['Enter']\n",
        &expect![[r#"
            join.toml:2:1: keys roms: unknown action 'roms'; did you mean 'rooms'?
            join.toml:3:1: keys exit: the keys of exit cannot be changed
            join.toml:4:10: keys search: Ctrl-C cannot be changed: it has a fixed meaning
            join.toml:5:16: keys rooms: F5 is given twice
            join.toml:7:8: keys menu: must be a text in quotes or a list of texts, as in menu = "Ctrl-K"
            join.toml:8:8: keys back: there is no such key; write it as in Ctrl-K, Alt-K, F5 or PageUp
            join.toml:9:11: keys resend: Enter cannot be changed: it has a fixed meaning
        "#]],
    );
    wrong(
        "[conversations]\n'#ops' = 'all'\n'#OPS' = 'nothing'\n'#a b' = 'all'\nbob = 'some'\ncarol = ['all']\n'' = 'all'\n",
        &expect![[r#"
            join.toml:3:1: conversations #OPS: this conversation is given twice
            join.toml:4:1: conversations #a b: A room's name is made of letters, digits, '-', '_' and '.'.
            join.toml:5:7: conversations bob: must be all, mentions or nothing
            join.toml:6:9: conversations carol: must be a text in quotes, as in carol = "all"
            join.toml:7:1: conversations : A name needs at least one character.
        "#]],
    );
    wrong(
        "[keys]\nrooms = ['F4', 'F5']\nhelp = ['F6', 'F5']\n",
        &expect![[r#"
        join.toml:3:15: keys help: F5 is given twice; rooms has it already
    "#]],
    );
    wrong(
        "keys = 'F5'\nconversations = []\n[section]\n",
        &expect![[r#"
        join.toml:1:8: keys: must be a table, as in [keys]
        join.toml:2:17: conversations: must be a table, as in [conversations]
        join.toml:3:2: unknown key 'section'; tr2-join.conf(5) lists the keys
    "#]],
    );
    wrong(
        "theme = dark\nwords = ['a' 'b']\n",
        &expect![[r#"
        join.toml:1:9: not valid TOML: string values must be quoted, expected literal string
        join.toml:2:14: not valid TOML: missing comma between array elements, expected `,`
    "#]],
    );
    wrong(
        b"theme = 'dark'\nname = '\xff'\n",
        &expect![[r#"
        join.toml:2:9: this is not UTF-8 text
    "#]],
    );
    wrong(
        "words = [\"a\\u001b[31m\", \"a\\u202e\"]\n\"\\u001b\" = 1\n",
        &expect![[r#"
        join.toml:1:10: words a�[31m: a word may not contain control characters or invisible ones
        join.toml:2:1: unknown key '�'; tr2-join.conf(5) lists the keys
    "#]],
    );
    wrong(
        "x".repeat(1024 * 1024),
        &expect![[r#"
        join.toml: the configuration cannot be read: it has more than 262144 bytes
    "#]],
    );
    said(format!("words = {}\n", "[".repeat(100_000)));
    assert_eq!(said("x1 = 1\n".repeat(1000)).lines().count(), 50);
}

#[test]
fn a_file_has_limits() {
    let folder = Folder::new();
    let fits = |text: String| read(&folder, &["--server", "tcp://localhost"], &[], text.as_bytes()).is_ok();
    let rules = |count: usize| (0..count).map(|at| format!("user{at} = 'all'\n")).collect::<String>();
    assert!(fits(format!("[conversations]\n{}", rules(1000))));
    assert!(!fits(format!("[conversations]\n{}", rules(1001))));
    let filled = |bytes: usize| format!("#{}\n", "x".repeat(bytes - 2));
    assert!(fits(filled(256 * 1024)));
    assert!(!fits(filled(256 * 1024 + 1)));
}

/// Runs the client, with a home of its own.
fn run(home: &Path, options: &[&str], input: &str) -> Output {
    let mut command = Command::new(TR2);
    command.env("LC_ALL", "C.UTF-8").args(["join"]).args(options).env("HOME", home);
    for variable in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "TR2_SERVER", "NO_COLOR"] {
        command.env_remove(variable);
    }
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A client that gives up early does not read its input.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

#[track_caller]
fn ends(output: &Output, status: i32, words: &[&str]) {
    let said = String::from_utf8([output.stdout.clone(), output.stderr.clone()].concat()).unwrap();
    assert_eq!(output.status.code(), Some(status), "{said}");
    for word in words {
        assert!(said.contains(word), "without {word:?}: {said}");
    }
}

#[test]
fn a_file_that_cannot_be_trusted_or_read_is_never_passed_over() {
    let folder = Folder::new();
    let home = folder.path();
    let own = home.join(".config/tr2/join.toml");
    fs::create_dir_all(own.parent().unwrap()).unwrap();
    let server = ["--plain", "--server", "tcp://127.0.0.1:1"];
    let check = |status: i32, words: &[&str]| {
        ends(&run(home, &["--check", "--server", "tcp://127.0.0.1:1"], ""), status, words);
        if status != 0 {
            // The same, with the same status, where the chat should begin.
            ends(&run(home, &server, ""), status, words);
        }
    };
    check(0, &["no configuration file: fine; the server is tcp://127.0.0.1:1."]);
    fs::write(&own, "theme = 'dark'\n").unwrap();
    let mode = |mode: u32| fs::set_permissions(&own, fs::Permissions::from_mode(mode)).unwrap();
    for open in [0o620, 0o602, 0o666, 0o664] {
        mode(open);
        check(2, &["join.toml: the configuration cannot be read: other users can write to it; run chmod go-w on it"]);
    }
    for closed in [0o600, 0o400, 0o644] {
        mode(closed);
        check(0, &[".config/tr2/join.toml: fine"]);
    }
    mode(0o600);
    fs::write(&own, "theme = 'blue'\n").unwrap();
    check(2, &["join.toml:1:9: theme blue: must be auto, dark, light or mono"]);
    fs::remove_file(&own).unwrap();
    symlink(home.join("nowhere"), &own).unwrap();
    check(2, &["join.toml: the configuration cannot be read: No such file"]);
    fs::write(home.join("nowhere"), "theme = 'dark'\n").unwrap();
    fs::set_permissions(home.join("nowhere"), fs::Permissions::from_mode(0o600)).unwrap();
    check(0, &["fine"]);
    fs::remove_file(&own).unwrap();
    fs::create_dir(&own).unwrap();
    check(2, &["it is not a regular file"]);
    fs::remove_dir(&own).unwrap();
    mkfifoat(CWD, &own, Mode::RUSR | Mode::WUSR).unwrap();
    check(2, &["it is not a regular file"]);
    fs::remove_file(&own).unwrap();
    ends(&run(home, &["--check", "--config", "/nowhere/join.toml"], ""), 2, &["No such file"]);
    // Root owns everything, or this user does; a file of somebody else needs root to make.
    if rustix::process::geteuid().is_root() {
        fs::write(&own, "theme = 'dark'\n").unwrap();
        mode(0o600);
        std::os::unix::fs::chown(&own, Some(65_534), None).unwrap();
        check(2, &["it belongs to another user", "chown"]);
    }
}

#[test]
fn check_looks_at_the_keys_that_joining_would_use_and_changes_nothing() {
    let folder = Folder::new();
    let home = folder.path();
    let data = home.join(".local/share/tr2");
    let tls = ["--check", "--server", "tls://localhost"];
    ends(&run(home, &tls, ""), 0, &["your key, the list of known servers: fine; the server is tls://localhost:1235."]);
    assert!(!data.exists(), "a check makes nothing");
    fs::create_dir_all(&data).unwrap();
    fs::write(data.join("identity"), "nonsense").unwrap();
    fs::set_permissions(data.join("identity"), fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(data.join("known_servers"), "nonsense\n").unwrap();
    ends(&run(home, &tls, ""), 1, &["identity cannot be used", "known_servers cannot be used: line 1 is damaged"]);
    // No other transport uses them.
    ends(&run(home, &["--check", "--server", "tcp://localhost"], ""), 0, &["fine"]);
    fs::set_permissions(data.join("identity"), fs::Permissions::from_mode(0o644)).unwrap();
    ends(&run(home, &tls, ""), 1, &["identity cannot be used: other users can read it"]);
    // What is wrong with the file is told together with it.
    let file = home.join("join.toml");
    fs::write(&file, "bell = 1\nserver = 'tls://localhost'\n").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let options = ["--check", "--config", file.to_str().unwrap()];
    ends(&run(home, &options, ""), 2, &["join.toml:1:8: bell: must be true or false", "known_servers cannot be used"]);
    ends(&run(home, &["--check", "--server", "http://x"], ""), 2, &["'http://x' is not a server address"]);
}

/// What a client writes into a file that holds `before`, when it is told `/set SETTING`.
fn set(folder: &Folder, server: &str, before: Option<&str>, setting: &str) -> (String, String) {
    let file = folder.path().join("new/join.toml");
    let _ = fs::remove_dir_all(file.parent().unwrap());
    if let Some(before) = before {
        fs::create_dir(file.parent().unwrap()).unwrap();
        fs::write(&file, before).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    }
    let file = file.to_str().unwrap();
    // Without a file, the own one is read and made.
    let output = if before.is_some() {
        run(
            folder.path(),
            &["--commands", "--name", "cron", "--server", server, "--config", file],
            &format!("/set {setting}\n"),
        )
    } else {
        let mut command = Command::new(TR2);
        command.env("LC_ALL", "C.UTF-8").args(["join", "--commands", "--name", "cron", "--server", server]);
        command.env("XDG_CONFIG_HOME", folder.path().join("xdg")).env_remove("NO_COLOR");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(format!("/set {setting}\n").as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    let file = if before.is_some() { file.into() } else { folder.path().join("xdg/tr2/join.toml") };
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    let text = fs::read_to_string(&file).unwrap_or_default();
    if text != before.unwrap_or_default() {
        assert_eq!(file.metadata().unwrap().mode() & 0o777, 0o600, "{said}");
        assert!(said.contains("written to"), "{said}");
    }
    (text, said)
}

#[test]
fn set_changes_one_setting_in_the_file_and_nothing_else() {
    let folder = Folder::new();
    let server = Server::start(&[]);
    let server = format!("tcp://{}", server.address);
    let cases: &[(&str, &str, &str)] = &[
        // A value takes the place of another; comments, order and spaces stay.
        (
            "# mine\n\ntheme   =  'dark'  # at night\nbell = true\n",
            "theme light",
            "# mine\n\ntheme   =  \"light\"  # at night\nbell = true\n",
        ),
        (
            "words = [\n  \"a\", # first\n  \"b\",\n]\nbell = true\n",
            "words c, d",
            "words = [\"c\", \"d\"]\nbell = true\n",
        ),
        ("bell = true # ding\n", "bell false", "bell = false # ding\n"),
        // A new one comes after the others, or below the comment at the top.
        ("bell = true", "theme light", "bell = true\ntheme = \"light\"\n"),
        ("# mine\n", "theme light", "# mine\ntheme = \"light\"\n"),
        ("# mine\n\n[keys]\nrooms = 'F5'\n", "theme light", "# mine\ntheme = \"light\"\n\n[keys]\nrooms = 'F5'\n"),
        ("[keys]\nrooms = 'F5'\n", "theme light", "theme = \"light\"\n\n[keys]\nrooms = 'F5'\n"),
        (
            "bell = true\n# keys\n[keys]\nrooms = 'F5'\n",
            "theme light",
            "bell = true\ntheme = \"light\"\n# keys\n[keys]\nrooms = 'F5'\n",
        ),
        ("bell = true\r\n", "theme light", "bell = true\r\ntheme = \"light\"\r\n"),
        // In tables: an entry, a first one, a table.
        ("[keys]\nrooms = 'F5' # often\n", "keys.rooms F6 F7", "[keys]\nrooms = [\"F6\", \"F7\"] # often\n"),
        (
            "[keys]\nrooms = 'F5'\n[conversations]\n",
            "keys.help F6",
            "[keys]\nrooms = 'F5'\nhelp = \"F6\"\n[conversations]\n",
        ),
        ("[conversations]\n[keys]\n", "conversations.#ops all", "[conversations]\n\"#ops\" = \"all\"\n[keys]\n"),
        ("bell = true\n", "conversations.bob nothing", "bell = true\n\n[conversations]\nbob = \"nothing\"\n"),
        ("[conversations]\n'#OPS' = 'all'\n", "conversations.#ops nothing", "[conversations]\n'#OPS' = \"nothing\"\n"),
        ("keys = { rooms = 'F5' }\n", "keys.rooms F6", "keys = { rooms = \"F6\" }\n"),
        ("keys.rooms = 'F5'\n", "keys.rooms F6", "keys.rooms = \"F6\"\n"),
        // Taken out again.
        ("bell = true\ntheme = 'dark' # at night\nmouse = true\n", "theme -", "bell = true\nmouse = true\n"),
        ("words = [\n  'a',\n]\nbell = true\n", "words -", "bell = true\n"),
        ("[conversations]\n'#OPS' = 'all'\nbob = 'all'\n", "conversations.#ops -", "[conversations]\nbob = 'all'\n"),
        ("bell = true\n", "theme -", "bell = true\n"),
        // A text that looks like a table is none.
        ("words = ['''\n[keys]''']\n", "bell false", "words = ['''\n[keys]''']\nbell = false\n"),
        ("words = ['''\n[keys]''']\n", "keys.rooms F6", "words = ['''\n[keys]''']\n\n[keys]\nrooms = \"F6\"\n"),
    ];
    for (before, setting, expected) in cases {
        let (after, said) = set(&folder, &server, Some(before), setting);
        assert_eq!(after, *expected, "/set {setting} in {before:?}: {said}");
    }
    let (made, _) = set(&folder, &server, None, "theme light");
    assert_eq!(made, "theme = \"light\"\n");
}

#[test]
fn what_cannot_be_changed_safely_is_left_alone() {
    let folder = Folder::new();
    let server = Server::start(&[]);
    let server = format!("tcp://{}", server.address);
    for (before, setting) in [
        ("keys = { rooms = 'F5' }\n", "keys.help F6"),
        ("keys = { rooms = 'F5', help = 'F6' }\n", "keys.help -"),
        ("conversations = {}\n", "conversations.bob all"),
    ] {
        let (after, said) = set(&folder, &server, Some(before), setting);
        assert_eq!(after, before);
        assert!(said.contains("by hand"), "{said}");
    }
    // A link stays a link, and the file behind it is replaced.
    let real = folder.path().join("real.toml");
    let link = folder.path().join("link.toml");
    fs::write(&real, "bell = true\n").unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o600)).unwrap();
    symlink(&real, &link).unwrap();
    let options = ["--commands", "--name", "cron", "--server", &server, "--config", link.to_str().unwrap()];
    ends(&run(folder.path(), &options, "/set bell false\n"), 0, &["written to"]);
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&real).unwrap(), "bell = false\n");
    // A folder that cannot be made is told, and the status says that not all was done.
    fs::write(folder.path().join("in-the-way"), "").unwrap();
    let file = folder.path().join("in-the-way/tr2");
    let output = Command::new(TR2)
        .env("LC_ALL", "C.UTF-8")
        .args(["join", "--commands", "--name", "cron", "--server", &server])
        .env("XDG_CONFIG_HOME", file)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .and_then(|mut child| {
            child.stdin.take().unwrap().write_all(b"/set bell false\n")?;
            child.wait_with_output()
        })
        .unwrap();
    ends(&output, 1, &["bell = false until you leave, but not written"]);
}

#[test]
fn a_running_client_changes_its_screen_and_its_file() {
    let server = Server::start(&[]);
    let folder = Folder::new();
    let file = folder.path().join("join.toml");
    fs::write(&file, "# mine\ntimes = \"off\"\n").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let url = format!("tcp://{}", server.address);
    let state = folder.path().join("state");
    let mut alice = Person::with_env(
        &["join", "--server", &url, "--name", "alice", "--config", file.to_str().unwrap()],
        &[("XDG_STATE_HOME", state.to_str().unwrap()), ("HOME", folder.path().to_str().unwrap())],
        24,
        80,
    );
    alice.sees("●").says("hello").sees("you  hello");
    let row = alice.screen().lines().find(|row| row.contains("you  hello")).unwrap().to_owned();
    assert!(!row.contains(':'), "no time: {row}");
    alice.says("/set times 12h").sees("times = 12h, written to ~/join.toml.").sees("m  ");
    assert!(!alice.screen().contains("Esc closes"), "a few words need no panel");
    assert_eq!(fs::read_to_string(&file).unwrap(), "# mine\ntimes = \"12h\"\n");
    // A file that was broken meanwhile is not made worse.
    fs::write(&file, "times = \n").unwrap();
    alice.says("/set bell false").sees("bell = false until you leave, but not written").sees("join.toml:1:9");
    assert_eq!(fs::read_to_string(&file).unwrap(), "times = \n");
    fs::write(&file, "# anew\n").unwrap();
    alice
        .types("\x1b")
        .misses("Esc closes")
        .says("/set keys.help F5")
        .sees("keys.help = F5")
        .types("\x1b[15~")
        .sees("Help");
}
