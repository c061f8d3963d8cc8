//! Rules of the house: which layer may use which, where a package may be used, and how large a file may be. The tests
//! read the sources as text.

use std::fs;
use std::path::Path;

use crate::sources::{Source, assert_none, holding, sources};

const MAX_LINES: usize = 400;
const MEDIAN_LINES: usize = 150;
/// The share of the lines that know no runtime, no terminal and no system call, in percent.
const MIN_PURE: usize = 70;

#[test]
fn a_layer_uses_only_the_layers_below_it() {
    let sources = sources();
    let above = [
        ("model/", ["media", "protocol", "language", "net", "sys", "server", "client"].as_slice()),
        ("media/", &["model", "error", "logging", "protocol", "language", "net", "sys", "server", "client"]),
        ("protocol/", &["media", "language", "net", "sys", "server", "client"]),
        ("sys/", &["media", "protocol", "net", "server", "client"]),
        ("language/", &["media", "protocol", "net", "sys", "server", "client"]),
        ("net/", &["media", "server", "client"]),
        // What a server says is in one language.
        ("server/", &["media", "client", "language"]),
        ("client/", &["server"]),
    ];
    for (layer, forbidden) in above {
        for other in forbidden.iter().chain(&["cli", "config", "commands"]) {
            let word = format!("crate::{other}::");
            assert_none("a layer knows only those below it", holding(&sources, layer, &word));
        }
    }
}

#[test]
fn media_use_no_package_but_the_codec_of_voice() {
    let of_others = |line: &&str| {
        let path = line.trim_start().trim_start_matches("pub ").strip_prefix("use ");
        path.is_some_and(|path| !["std::", "super::", "crate::media::"].iter().any(|own| path.starts_with(own)))
    };
    let sources = sources();
    // Opus is a standard of its own, and larger than all of this program's media; its package is seen by one file.
    let ours = |source: &&Source| source.path.starts_with("media/") && source.path != "media/voice/codec.rs";
    let media = sources.iter().filter(ours);
    let lines =
        media.flat_map(|source| source.code.lines().filter(of_others).map(|line| format!("{}: {line}", source.path)));
    assert_none("media imports std only", lines);
}

#[test]
fn packages_are_used_only_in_their_places() {
    let sources = sources();
    let shells = [
        "net/",
        "sys/",
        "server/transport/workers.rs",
        "server/transport/logins/mod.rs",
        "server/transport/control.rs",
        "server/transport/reload.rs",
        "server/transport/reader.rs",
        "server/transport/executor.rs",
        "server/transport/broker_task.rs",
        "server/transport/broker_task/ending.rs",
        "server/transport/broker_task/round_end.rs",
        "server/transport/node/",
        "server/transport/metrics_endpoint.rs",
        "server/transport/inbox.rs",
        "server/transport/proxies.rs",
        "server/transport/listener.rs",
        "server/log/mod.rs",
        "server/log/memory.rs",
        "server/log/single.rs",
        "server/log/nats/dial.rs",
        "server/log/nats/connection.rs",
        "server/log/nats/check.rs",
        "server/run.rs",
        "server/transport/sender.rs",
        "server/transport/relay_control.rs",
        "server/transport/relay_task/handle.rs",
        "server/transport/relay_task/work.rs",
        "server/transport/relay_task/stream_legs.rs",
        "server/transport/relay_task/tls_stream.rs",
        "server/transport/broker_task/relaying.rs",
        "server/transport/backlog.rs",
        "client/channels/",
        "client/link/driver.rs",
        "client/link/handle.rs",
        "client/link/nearby.rs",
        "client/link/outlet.rs",
        "client/run.rs",
        "client/link/dialer.rs",
        "client/plain/run.rs",
        "client/tui/",
        "commands/",
    ];
    let rules: [(&[&str], &[&str]); 9] = [
        (&["rusqlite"], &["server/store/"]),
        (&["opus_pure"], &["media/voice/codec.rs"]),
        (&["async_std", "async_io", "async_signal", "async_executor", "futures_lite"], &shells),
        (&["cursive::", "crossterm"], &["client/tui/"]),
        (&["argh::"], &["cli.rs", "cli/"]),
        (&["rustls", "rcgen"], &["net/"]),
        (&["nix::unistd"], &["sys/directory.rs", "sys/host_name.rs", "sys/users.rs", "config/"]),
        (&["Utc::now", "Local::now", "Instant::now", "SystemTime::now"], &["sys/clock.rs", "client/tui/"]),
        (
            &["std::fs", "std::net::Tcp", "std::env", "std::thread", "getrandom"],
            &[
                "net/",
                "sys/",
                "server/secrets/certificate.rs",
                "server/secrets/cluster_key.rs",
                "server/secrets/data_folder.rs",
                "server/store/",
                "config/",
                "commands/",
                "main.rs",
                "client/run.rs",
                "client/plain/run.rs",
                "client/tui/",
                "client/camera/",
                "client/program.rs",
                "client/sound/",
            ],
        ),
    ];
    for (words, places) in rules {
        for word in words {
            let outside = |line: &String| !places.iter().any(|place| line.starts_with(&format!("src/{place}")));
            assert_none("a package is seen by few files", holding(&sources, "", word).filter(outside));
        }
    }
}

#[test]
fn every_file_says_what_it_is_and_what_it_must_not_know() {
    let silent = |source: &Source| {
        let head: String = source.text.lines().take_while(|line| line.starts_with("//!")).collect();
        let module_list = source.path.ends_with("tui/mod.rs") || source.path == "lib.rs";
        !(head.contains("Must not know") || module_list && !head.is_empty())
    };
    assert_none(
        "a file begins with //! and says what it must not know",
        sources().iter().filter(|source| silent(source)).map(|source| format!("src/{}", source.path)),
    );
}

#[test]
fn files_are_small() {
    let sources = sources();
    let mut lengths: Vec<usize> = sources.iter().map(|source| source.text.lines().count()).collect();
    lengths.sort_unstable();
    let long = sources.iter().filter(|source| source.text.lines().count() > MAX_LINES);
    assert_none("a file has at most 400 lines", long.map(|source| source.path.clone()));
    assert!(lengths[lengths.len() / 2] <= MEDIAN_LINES, "half of the files have over {MEDIAN_LINES} lines");
}

#[test]
fn nothing_is_left_undone_or_silenced() {
    let sources = sources();
    for word in ["todo!", "unimplemented!", "dbg!", "#[ignore", ".unwrap()", ".expect(", "panic!(", "unsafe "] {
        assert_none("the code is finished and does not panic", holding(&sources, "", word));
    }
}

#[test]
fn most_of_the_code_is_pure() {
    let sources = sources();
    let impure = ["async_std", "async_io", "cursive::", "crossterm", "std::fs", "std::thread", "std::env", "rustix"];
    let lines = |source: &Source| source.text.lines().count();
    let all: usize = sources.iter().map(lines).sum();
    let pure: usize =
        sources.iter().filter(|source| !impure.iter().any(|word| source.code.contains(word))).map(lines).sum();
    assert!(pure * 100 >= all * MIN_PURE, "{pure} of {all} lines are pure");
}

#[test]
fn every_mutant_patch_fits_the_sources() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for patch in fs::read_dir(root.join("tests/threats/mutants")).unwrap() {
        let (patch, mut file, mut before) = (patch.unwrap().path(), String::new(), String::new());
        let text = fs::read_to_string(&patch).unwrap();
        let check = |before: &mut String, file: &str| {
            let there = before.is_empty() || fs::read_to_string(root.join(file)).unwrap().contains(&*before);
            assert!(there, "{} does not fit {file} any more", patch.display());
            before.clear();
        };
        for line in text.lines().skip_while(|line| !line.starts_with("--- ")) {
            match line.strip_prefix("+++ b/") {
                Some(next) => file = next.to_owned(),
                None if line.starts_with("@@") || line.starts_with("diff ") => check(&mut before, &file),
                None if line.starts_with('+') || line.starts_with("--- ") || line.starts_with("index ") => {}
                None => before += &format!("{}\n", line.get(1..).unwrap_or_default()),
            }
        }
        check(&mut before, &file);
    }
}

#[test]
fn every_mutant_patch_names_a_test_that_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    for patch in fs::read_dir(root.join("threats/mutants")).unwrap() {
        let text = fs::read_to_string(patch.unwrap().path()).unwrap();
        let line = |key: &str| text.lines().find_map(|line| line.strip_prefix(key));
        let (test, tests) = (line("test: ").unwrap(), root.join(line("crate: ").unwrap_or("threats")));
        let (module, name) = test.rsplit_once("::").unwrap();
        let tests = fs::read_to_string(tests.join(module.replace("::", "/")).with_extension("rs")).unwrap();
        assert!(tests.contains(&format!("fn {name}")), "there is no {test}");
    }
}
