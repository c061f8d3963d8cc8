//! The configuration file: valid settings, reports on everything else, and what `--check` reads and leaves untouched.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use expect_test::{Expect, expect};
use rustix::fs::{CWD, Mode, mkfifoat};
use rustix::process::Signal;
use tr2::cli::{self, Invocation};
use tr2::config::keys::{KEYS, ValueKind};
use tr2::config::{ServeConfig, Sources};
use tr2::server::limits::{RELAY_RATE, RELAY_TOTAL, Rate};
use tr2::server::relay::RelayRates;
use tr2::server::secrets::certificate::CredentialSource;

use crate::serving::{Folder, Peer, Server, TR2};

/// The sources of a configuration: these options and this file.
fn sources(folder: &Folder, options: &[&str], text: &[u8]) -> Sources {
    let file = folder.path().join("tr2.conf");
    fs::write(&file, text).unwrap();
    let words = [&["serve", "--config", file.to_str().unwrap()], options].concat();
    let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
    match cli::parse(&words).unwrap() {
        Invocation::Run(cli::Subcommand::Serve(flags)) => Sources::new(flags, |_| None),
        asked => panic!("{asked:?}"),
    }
}

fn taken(options: &[&str], text: &str) -> ServeConfig {
    let folder = Folder::new();
    sources(&folder, options, text.as_bytes()).read().map_err(|problems| problems.lines().collect::<Vec<_>>()).unwrap()
}

/// Everything that is reported about a file called `tr2.conf`.
fn said(options: &[&str], text: impl AsRef<[u8]>) -> String {
    let folder = Folder::new();
    let problems = sources(&folder, options, text.as_ref()).read().expect_err("something is wrong");
    let lines: Vec<String> = problems.lines().collect();
    assert!(lines.iter().all(|line| !line.contains(|c: char| c.is_control())), "{lines:?}");
    lines.join("\n").replace(&format!("{}/", folder.path().display()), "") + "\n"
}

#[track_caller]
fn wrong(text: impl AsRef<[u8]>, expected: &Expect) {
    expected.assert_eq(&said(&[], text));
}

/// A file that sets every key to the value that the manual shows.
fn whole() -> String {
    KEYS.iter().map(|key| format!("{} = {}\n", key.name, key.sample)).collect()
}

#[test]
fn a_file_may_set_everything_and_the_command_line_wins() {
    // There are no calls in a cluster.
    let text = whole().replace("\"staff\"", "\"0\"").replace("calls = \"on\"", "calls = \"off\"");
    let config = taken(&["--keep-days", "7", "--moderator", "bob", "--log", "debug"], &text);
    assert_eq!(config.store.keep.days, Some(7));
    assert_eq!(config.store.keep.messages, Some(100_000));
    assert_eq!(config.rules.moderators.iter().map(tr2::model::Name::as_str).collect::<Vec<_>>(), ["bob"]);
    assert_eq!(config.log, log::LevelFilter::Debug);
    assert_eq!((config.rules.max_connections, config.rules.max_per_address), (2000, Some(32)));
    assert_eq!(config.rules.name_deadline, Duration::from_secs(10));
    assert_eq!((config.access.mode, config.access.group), (0o660, Some(0)));
    assert_eq!(config.slow_consumer, 256 * 1024);
    let cluster = config.cluster.unwrap();
    assert_eq!((cluster.servers.len(), cluster.node.as_str(), cluster.names.stream.as_str()), (3, "a", "tr2-main"));
    assert_eq!((cluster.monitors.len(), cluster.address.len(), cluster.shared_logins), (1, 1, false));
    assert_eq!(cluster.credentials.as_deref(), Some(Path::new("/etc/tr2/nats.creds")));
    assert_eq!(config.rules.welcome.unwrap().as_str(), "Questions about this machine: ask alice.");
    let config = taken(&["--data", "/d", "--calls", "off", "--relay-total", "1048577"], "relay-rate = 8192\n");
    let a_second = |bytes| Rate { burst: bytes, per_second: bytes };
    assert!(!config.rules.calls);
    assert_eq!(config.rules.relay, RelayRates { leg: a_second(8192), all: a_second(1_048_577) });
    assert_eq!(config.tuning().rules.relay, config.rules.relay);
    let config = taken(&["--data", "/d"], "# nothing\n");
    assert!(config.rules.calls);
    assert_eq!(config.rules.relay, RelayRates { leg: RELAY_RATE, all: RELAY_TOTAL });
    assert_eq!(config.rules.passphrase_tries, 3);
    assert_eq!(config.flood.map(|rate| (rate.burst, rate.per_second)), Some((20, 5)));
}

#[test]
fn a_node_has_a_name_servers_and_no_calls() {
    let options =
        ["--data", "/d", "--cluster", "nats://127.0.0.1,tls://n2:7", "--cluster", "tls://[::1]", "--node", "b-2"];
    let config = taken(&options, "cluster-chat = \"lab_1\"\ncluster-logins = \"shared\"\ncluster-ca = \"ca.pem\"\n");
    let cluster = config.cluster.unwrap();
    let servers: Vec<String> = cluster.servers.iter().map(ToString::to_string).collect();
    assert_eq!(servers, ["nats://127.0.0.1:4222", "tls://n2:7", "tls://[::1]:4222"]);
    assert_eq!((cluster.node.as_str(), cluster.names.stream.as_str()), ("b-2", "tr2-lab_1"));
    assert!(cluster.shared_logins && !config.rules.calls);
    assert_eq!(cluster.ca.unwrap().file_name().unwrap(), "ca.pem");
    // In plain text over a network that is said to be one's own.
    let far = ["--data", "/d", "--cluster", "nats://n1", "--node", "a"];
    assert!(taken(&far, "insecure-plaintext = true\n").cluster.is_some());
    assert!(taken(&["--data", "/d"], "# nothing\n").cluster.is_none());
}

#[test]
fn what_makes_no_node_is_refused() {
    wrong(
        "node = \"a\"\ncluster-chat = \"x\"\n",
        &expect![[r#"
        tr2.conf:1:8: node: goes with cluster, which names the NATS servers of the common log
        tr2.conf:2:16: cluster-chat: goes with cluster, which names the NATS servers of the common log
    "#]],
    );
    wrong(
        "cluster = [\"nats://127.0.0.1\"]\n",
        &expect![[r#"
        tr2.conf:1:12: cluster: goes with node, a name for this server that no other node has
    "#]],
    );
    wrong(
        "cluster = [\n  \"nats://bob:secret@n1:4222,tls://n2\",\n  \"http://bob:secret@n1\",\n  \"bob:secret@n1\",\n]\nnode = \"A\"\n\
         cluster-chat = \"my chat\"\ncluster-monitors = [\"n1:8222\"]\ncluster-logins = \"both\"\n\
         cluster-address = [\"unix:/a b\", \"http://x\"]\n",
        &expect![[r#"
            tr2.conf:2:3: cluster nats://…@n1:4222,tls://n2: nats://n1:4222 is on another machine and is not encrypted: anyone in between can read what is said. Give the NATS servers certificates and write tls://, or add insecure-plaintext if the network is yours alone.
            tr2.conf:3:3: cluster http://…@n1: an address of a NATS server begins with nats:// or tls://
            tr2.conf:4:3: cluster …@n1: an address of a NATS server begins with nats:// or tls://
            tr2.conf:6:8: node A: the name of a node has 1 to 32 letters a-z, digits and -
            tr2.conf:7:16: cluster-chat my chat: the name of the chat has 1 to 32 letters a-z, digits, - and _
            tr2.conf:8:21: cluster-monitors n1:8222: must be http://HOST:PORT, the address of a NATS server's monitoring port
            tr2.conf:9:18: cluster-logins both: must be apart or shared
            tr2.conf:10:20: cluster-address unix:/a b: an address that clients are told has no spaces in it
            tr2.conf:10:33: cluster-address http://x: 'http://x' is not a server address; write tcp://HOST:PORT, tls://HOST:PORT, unix:PATH or ssh://HOST.
        "#]],
    );
    let long = format!("cluster-address = [\"tls://{}\", \"tls://{}\"]\n", "x".repeat(250), "y".repeat(250));
    wrong(
        "cluster = [\"nats://127.0.0.1\", \"nats://127.0.0.1:4222\"]\nnode = \"a\"\ncluster-ca = \"ca.pem\"\n\
         durability = \"memory\"\ncalls = \"on\"\n"
            .to_owned()
            + &long,
        &expect![[r#"
            tr2.conf:1:12: cluster: nats://127.0.0.1:4222 is given twice
            tr2.conf:3:14: cluster-ca: is for NATS servers at tls://, and there is none in cluster
            tr2.conf:4:14: durability: memory keeps nothing, and each node of a cluster has the history on its own disk
            tr2.conf:5:9: calls: there are no calls in a cluster in this version; set it to off, or leave it out
            tr2.conf:6:20: cluster-address: has more than 512 bytes in all
        "#]],
    );
}

#[test]
fn values_of_the_wrong_type_are_refused() {
    for key in KEYS {
        let other = if key.kind == ValueKind::Switch { "3" } else { "true" };
        let said = said(&[], format!("\n{} =   {other}\n", key.name));
        let expected = format!("tr2.conf:2:{}: {}: must be {}", key.name.len() + 6, key.name, key.kind.expected());
        assert!(said.starts_with(&expected) && said.contains(key.sample), "{said}");
    }
    assert_eq!(taken(&["--data", "/d"], "max-connections = 0x1_0\n").rules.max_connections, 16);
}

#[test]
fn every_error_is_reported_with_its_place() {
    wrong(
        "# a comment\nlisen = []\nmax-connections = \"many\"\n  flood = \"x\"\nlisten = [\n  \"tcp://127.0.0.1\",\n  \
         \"http://x\",\n]\nmoderator = [\"alice\", \"a b\", 3]\nkeep-days = 0\npassphrase-tries = 1001\n",
        &expect![[r#"
            tr2.conf:2:1: unknown key 'lisen'; did you mean 'listen'?
            tr2.conf:3:19: max-connections: must be a whole number, as in max-connections = 2000
            tr2.conf:4:11: flood x: a rate is BURST/RATE with numbers from 1 to 1000000, such as 20/5, or off
            tr2.conf:7:3: listen http://x: 'http://x' is not a server address; write tcp://HOST:PORT, tls://HOST:PORT, unix:PATH or ssh://HOST.
            tr2.conf:9:30: moderator: must be a list of texts, as in moderator = ["alice"]
            tr2.conf:10:13: keep-days 0: must be a number, 1 or more
            tr2.conf:11:20: passphrase-tries 1001: must be a number from 1 to 1000
        "#]],
    );
    wrong(
        "listen = [\"tcp://0.0.0.0\"]\ncert = \"x\"\nping-after = 90\n[section]\n\"éé\" = 1\n",
        &expect![[r#"
            tr2.conf:1:11: listen tcp://0.0.0.0: tcp://0.0.0.0:1234 can be reached from other machines (0.0.0.0:1234) and is not encrypted: anyone in between can read and change what is said. Listen at tls://0.0.0.0:1235 instead, or at tcp://127.0.0.1:1234 and let people join over ssh://, or add --insecure-plaintext if the network is yours alone.
            tr2.conf:2:8: cert: cert and key go together; give both, or neither to have them generated
            tr2.conf:3:14: ping-after: ping-after (90) must be less than cut-after (90)
            tr2.conf:4:2: unknown key 'section'; tr2.conf(5) lists the keys
        "#]],
    );
    wrong(
        "calls = \"perhaps\"\nrelay-rate = 8191\nrelay-total = 1073741825\n",
        &expect![[r#"
            tr2.conf:1:9: calls perhaps: must be on or off
            tr2.conf:2:14: relay-rate 8191: must be a number from 8192 to 1073741824
            tr2.conf:3:15: relay-total 1073741825: must be a number from 8192 to 1073741824
        "#]],
    );
    wrong(
        "relay-total = 1048575\n",
        &expect![[r#"
            tr2.conf:1:15: relay-total: relay-rate (1048576) must be at most relay-total (1048575)
        "#]],
    );
    let both = said(&["--relay-rate", "8388609"], "# nothing\n");
    expect![[r#"
        tr2.conf: relay-rate: relay-rate (8388609) must be at most relay-total (8388608)
    "#]]
    .assert_eq(&both);
    let both = said(&["--flood", "x"], "durability = \"some\"\n");
    expect![[r#"
        --flood x: a rate is BURST/RATE with numbers from 1 to 1000000, such as 20/5, or off
        tr2.conf:1:14: durability some: must be full, normal or memory
    "#]]
    .assert_eq(&both);
}

#[test]
fn invalid_or_incomplete_toml_is_reported() {
    wrong(
        "",
        &expect![[r#"
        tr2.conf:1:1: the file does not end with a line feed; it may be incomplete
    "#]],
    );
    wrong(
        "max-connections = 2",
        &expect![[r#"
        tr2.conf:1:20: the file does not end with a line feed; it may be incomplete
    "#]],
    );
    wrong(
        "log = \"info\"\nflood = 20/5\nlog = \"warn\"\nlisen = []\n",
        &expect![[r#"
        tr2.conf:2:9: not valid TOML: string values must be quoted, expected literal string
        tr2.conf:3:1: not valid TOML: duplicate key
    "#]],
    );
    // After a missing quote, the rest is neither a value nor an address to look up.
    wrong(
        "listen = [\"tcp://127.0.0.1:1, \"tls://nowhere.invalid:2\"]\nlisen = []\nflood = \"fast\"\n",
        &expect![[r#"
            tr2.conf:1:32: not valid TOML: missing comma between array elements, expected `,`
            tr2.conf:1:32: not valid TOML: invalid boolean, expected `true`
        "#]],
    );
    wrong(
        b"log = \"info\"\nflood = \"\xff\"\n",
        &expect![[r#"
        tr2.conf:2:10: this is not UTF-8 text
    "#]],
    );
    wrong(
        "welcome = \"red \\u001b[31m\"\n",
        &expect![[r#"
        tr2.conf:1:11: welcome red �[31m: a welcome may not contain control characters or invisible ones
    "#]],
    );
    wrong(
        "\"\\u001b[31m\" = 1\nmoderator = [\"a\\u001b\\u202eb\"]\n",
        &expect![[r#"
        tr2.conf:1:1: unknown key '�[31m'; tr2.conf(5) lists the keys
        tr2.conf:2:14: moderator a��b: A name is made of letters, digits, '-', '_' and '.'.
    "#]],
    );
    wrong(
        format!("welcome = \"{}\"\n", "x".repeat(2001)),
        &expect![[r#"
        tr2.conf:1:11: welcome xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx: a welcome has at most 2000 bytes
    "#]],
    );
    wrong(
        "x".repeat(1024 * 1024),
        &expect![[r#"
        tr2.conf: the configuration cannot be read: it has more than 262144 bytes
    "#]],
    );
    // Nested deeper than any stack should go, and with more problems than anybody reads.
    said(&[], format!("listen = {}\n", "[".repeat(100_000)));
    assert_eq!(said(&[], "x1 = 1\n".repeat(1000)).lines().count(), 50);
}

#[test]
fn a_file_that_changes_while_it_is_read_is_read_whole_or_not_at_all() {
    let folder = Folder::new();
    let read = sources(&folder, &["--data", "/d"], b"# at first\n");
    let file = folder.path().join("tr2.conf");
    let done = AtomicBool::new(false);
    let state = |number: u32| {
        let comments = "# so much that it takes a while\n".repeat(usize::try_from(number % 7 * 900).unwrap());
        format!("keep-days = {number}\n{comments}keep-messages = {number}\n")
    };
    thread::scope(|scope| {
        scope.spawn(|| {
            for number in (1..100_000).take_while(|_| !done.load(Ordering::Relaxed)) {
                fs::write(&file, state(number)).unwrap();
            }
        });
        for _ in 0..50 {
            match read.read() {
                Ok(config) => {
                    let keep = config.store.keep;
                    assert_eq!(keep.days.map(u64::from), keep.messages, "half of one state and half of another");
                }
                Err(problems) => {
                    let line = problems.lines().collect::<String>();
                    assert!(line.contains("while it was being read") || line.contains("may be incomplete"), "{line}");
                }
            }
        }
        done.store(true, Ordering::Relaxed);
    });
    fs::write(&file, state(3)).unwrap();
    assert_eq!(read.read().unwrap().store.keep.messages, Some(3));
}

// ------------------------------------------------------------------------------------------------------- --check

/// Everything in a folder: contents, modification times, modes and inodes.
fn photo(folder: &Path) -> BTreeMap<String, (Vec<u8>, i64, i64, u32, u64)> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let seen = path.symlink_metadata().unwrap();
            if seen.is_dir() {
                folders.push(path.clone());
            }
            let bytes = if seen.is_file() { fs::read(&path).unwrap() } else { Vec::new() };
            let touched = (bytes, seen.mtime(), seen.mtime_nsec(), seen.mode(), seen.ino());
            all.insert(path.display().to_string(), touched);
        }
    }
    let seen = folder.metadata().unwrap();
    all.insert(String::new(), (Vec::new(), seen.mtime(), seen.mtime_nsec(), seen.mode(), seen.ino()));
    all
}

/// Runs `--check`, verifies that the folder `watched` is unchanged, and returns the status and the output.
fn check(watched: &Path, options: &[&str]) -> (Option<i32>, String) {
    let before = photo(watched);
    let output = Command::new(TR2).env("LC_ALL", "C.UTF-8").args(["serve", "--check"]).args(options).output().unwrap();
    assert!(photo(watched) == before, "something was changed by {options:?}");
    (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

#[track_caller]
fn finds(watched: &Path, options: &[&str], status: i32, words: &[&str]) {
    let (code, said) = check(watched, options);
    assert_eq!(code, Some(status), "{options:?}: {said}");
    for word in words {
        assert!(said.contains(word), "{options:?} without {word:?}: {said}");
    }
}

#[test]
fn check_changes_nothing_whatever_it_finds() {
    let folder = Folder::new();
    let data = folder.path().join("data");
    let options = ["--data", data.to_str().unwrap(), "--listen", "tls://127.0.0.1:0"];
    finds(folder.path(), &options, 0, &["the first start creates the data folder"]);
    assert!(!data.exists());

    // While a server runs, after it was killed, and after it ended properly.
    let mut server = Server::start(&["--listen", "tls://127.0.0.1:0"]);
    let mut alice = Peer::join(server.address, "alice");
    // The answer comes once all earlier writes are done; from then on the server is idle.
    alice.ask("@ref=1 alice | server | conversations", "conversations_end");
    let options = ["--data", &server.data.path().display().to_string(), "--listen", "tls://127.0.0.1:0"];
    finds(server.data.path(), &options, 0, &["the data is in"]);
    alice.ask("@ref=2 alice | all clients | broadcast | still there", "accepted");
    server.signal(Signal::KILL);
    server.end();
    assert!(fs::metadata(server.data.path().join("history.db-wal")).unwrap().len() > 0);
    finds(server.data.path(), &options, 0, &["the data is in"]);

    let data = server.data.path();
    let damage = |name: &str, bytes: &[u8]| fs::write(data.join(name), bytes).unwrap();
    damage("moderator", b"nonsense");
    finds(data, &options, 1, &["moderator is damaged"]);
    fs::remove_file(data.join("moderator")).unwrap();
    let certificate = fs::read(data.join("tls-cert.pem")).unwrap();
    damage("tls-cert.pem", b"nonsense");
    finds(data, &options, 1, &["tls-cert.pem cannot be used with its key: it contains no certificate in PEM"]);
    damage("tls-cert.pem", &certificate);
    // From a newer version: first in the write-ahead log, as a killed server leaves it, then in the file.
    let log = fs::read(data.join("history.db-wal")).unwrap();
    let main = fs::read(data.join("history.db")).unwrap();
    let newer = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        let at = (0..bytes.len()).rev().find(|&at| bytes[at..].starts_with(b"SQLite format 3\0")).unwrap();
        bytes[at + 60..at + 64].copy_from_slice(&[0, 0, 0, 99]);
        bytes
    };
    damage("history.db-wal", &newer(&log));
    finds(data, &options, 1, &["history.db was written by a newer tr2 (version 99"]);
    fs::remove_file(data.join("history.db-wal")).unwrap();
    damage("history.db", &newer(&main));
    let (_, said) = check(data, &options);
    assert!(said.contains("by another program") || said.contains("newer tr2"), "{said}");
    damage("history.db", b"SQLite");
    finds(data, &options, 1, &["history.db is damaged", "too short"]);
    damage("history.db", &[7; 5000]);
    finds(data, &options, 1, &["history.db is damaged", "not a database"]);
    fs::set_permissions(data, fs::Permissions::from_mode(0o755)).unwrap();
    finds(data, &options, 1, &["other users can enter"]);
}

#[test]
fn check_reports_everything_at_once() {
    let folder = Folder::new();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let open = at("open");
    fs::create_dir(&open).unwrap();
    fs::set_permissions(&open, fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(at("in-the-way"), "").unwrap();
    let text = format!(
        "data = \"{open}\"\ncert = \"{}\"\nkey = \"{}\"\nlisten = [\n  \"unix:{}\",\n  \"tcp://no such host\",\n]\nlog = \"loud\"\n",
        at("cert.pem"),
        at("key.pem"),
        at("in-the-way"),
    );
    fs::write(at("tr2.conf"), text).unwrap();
    let config = at("tr2.conf");
    let place = |line: &str| format!("{config}:{line}: ");
    let places = ["1:8", "2:8", "5:3", "6:3", "8:7"].map(place);
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    finds(folder.path(), &["--config", &config], 1, &places);
    finds(
        folder.path(),
        &["--config", &config],
        1,
        &["other users can enter", "cert.pem", "another file is in the way"],
    );
    finds(folder.path(), &["--config", &config, "--flood", "x"], 2, &places);
    finds(folder.path(), &["--data", &at("in-the-way/data")], 1, &["in-the-way/data cannot be used"]);
    finds(folder.path(), &["--chek"], 2, &["did you mean '--check'?"]);
    finds(folder.path(), &["--config", &at("none")], 1, &["none: the configuration cannot be read: No such file"]);
    finds(folder.path(), &["--config", &open], 1, &["it is not a regular file"]);
    mkfifoat(CWD, at("pipe"), Mode::RUSR | Mode::WUSR).unwrap();
    let start = Instant::now();
    finds(folder.path(), &["--config", &at("pipe")], 1, &["it is not a regular file"]);
    assert!(start.elapsed() < Duration::from_secs(5), "a pipe is not waited for");
    // The admin may make a link.
    fs::write(at("fine"), "log = \"warn\"\n").unwrap();
    symlink(at("fine"), at("link")).unwrap();
    finds(
        folder.path(),
        &["--config", &at("link"), "--data", &at("new")],
        0,
        &["link, addresses, certificates and data"],
    );
}

#[test]
fn paths_are_relative_to_the_file_and_no_tilde_is_a_home() {
    let folder = Folder::new();
    let read = |options: &[&str], text: &str| sources(&folder, options, text.as_bytes()).read().map_err(|_| ());
    let config = read(&[], "data = \"data\"\ncert = \"tls/cert.pem\"\nkey = \"/etc/key.pem\"\n").unwrap();
    assert_eq!(config.data, folder.path().join("data"));
    let CredentialSource::Given { certificate, key } = config.credential else { panic!("a given one") };
    assert_eq!((certificate, key), (folder.path().join("tls/cert.pem"), Path::new("/etc/key.pem").to_owned()));
    // On the command line they are relative to the working directory, as everywhere.
    assert_eq!(read(&["--data", "data"], "").unwrap_err(), ());
    assert_eq!(read(&["--data", "data"], "log = \"info\"\n").unwrap().data, Path::new("data"));
    wrong(
        "data = \"~/x\"\ncert = \"~bob/c\"\nkey = \"k\"\n",
        &expect![[r#"
            tr2.conf:1:8: data ~/x: '~' stands for a home folder only in a shell; write the whole path, from / on
            tr2.conf:2:8: cert ~bob/c: '~' stands for a home folder only in a shell; write the whole path, from / on
            tr2.conf:3:7: key: cert and key go together; give both, or neither to have them generated
        "#]],
    );
}
