//! Where the locale is not UTF-8, other people's letters are commands for the terminal: none of them is written.

use std::io::Read;
use std::os::fd::AsFd as _;
use std::process::{Command, Stdio};

use crate::person::Person;
use crate::serving::{Peer, Server, TR2};

/// The bytes of these letters clear the screen, move the cursor, set the title and begin a device control string on a
/// terminal of eight bits.
const HOSTILE: &str = "ě2J ě1;1H ě7m OWNED ĝ0;title Đp 日本語 😀 é │ ✓";
const LOCALES: [&[(&str, &str)]; 3] = [
    &[("LC_ALL", "C"), ("LANG", "en_GB.UTF-8")],
    &[("LC_ALL", ""), ("LC_CTYPE", "ru_RU.KOI8-R"), ("LANG", "C.UTF-8")],
    &[("LC_ALL", ""), ("LC_CTYPE", ""), ("LANG", "")],
];

#[test]
fn nothing_above_ascii_is_written_to_a_terminal_that_is_not_utf_8() {
    let server = Server::start(&[]);
    let url = format!("tcp://{}", server.address);
    let mut mallory = Peer::join(server.address, "mallory");
    for (number, locale) in LOCALES.iter().enumerate() {
        let mut alice = Person::with_variables(&url, &format!("alice{number}"), 24, 80, locale);
        alice.sees(&format!("* alice{number}"));
        mallory.say(&format!("mallory | all clients | broadcast_not_me | {HOSTILE}"));
        mallory.say(&format!("mallory | alice{number} | private_message | {HOSTILE}"));
        mallory.say(&format!("mallory | all clients | broadcast_not_me | antidote{number}"));
        alice.sees(&format!("antidote{number}")).sees("OWNED").sees("?2J ?1;1H ?7m").types("é日").sees("> ???");
        alice.types("\r").misses("> ???").types("\x03").sees("Leave").types("\x03");
        assert_eq!(alice.ends(), Some(0));
        let above = alice.raw.iter().position(|byte| *byte > 0x7e);
        assert_eq!(above, None, "{locale:?}: {:?}", above.map(|at| &alice.raw[at.saturating_sub(20)..]));
    }
}

/// What the line mode prints with these variables, to a terminal or a pipe, while the hostile text is said.
fn printed(locale: &[(&str, &str)], terminal: bool) -> Vec<u8> {
    let server = Server::start(&[]);
    let (pty, pts) = pty_process::blocking::open().unwrap();
    let mut command = Command::new(TR2);
    command.args(["join", "--plain", "--name", "eve", "--server", &format!("tcp://{}", server.address)]);
    let out = if terminal { Stdio::from(pts.as_fd().try_clone_to_owned().unwrap()) } else { Stdio::piped() };
    command.envs(locale.iter().copied()).stdin(Stdio::piped()).stdout(out).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    server.logs("event=joined");
    let mut mallory = Peer::join(server.address, "mallory");
    mallory.say(&format!("mallory | all clients | broadcast_not_me | {HOSTILE}"));
    mallory.say("mallory | all clients | broadcast_not_me | antidote");
    let mut output: Box<dyn Read> = match child.stdout.take() {
        Some(pipe) => Box::new(pipe),
        None => Box::new(pty),
    };
    let mut printed = Vec::new();
    while !String::from_utf8_lossy(&printed).contains("antidote") {
        let mut bytes = [0; 4096];
        let count = output.read(&mut bytes).unwrap();
        assert!(count > 0, "it ends after {printed:?}");
        printed.extend_from_slice(&bytes[..count]);
    }
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    printed
}

#[test]
fn the_line_mode_writes_ascii_where_the_locale_is_not_utf_8() {
    for locale in LOCALES {
        let printed = printed(locale, true);
        assert!(printed.is_ascii(), "{locale:?}: {:?}", String::from_utf8_lossy(&printed));
        assert!(String::from_utf8_lossy(&printed).contains("mallory: ?2J ?1;1H ?7m OWNED ?0;title"));
    }
    for locale in &LOCALES[..2] {
        assert!(printed(locale, false).is_ascii(), "{locale:?}");
    }
    // A service or a cron job has no locale, and what reads its pipe has none either: nothing is lost.
    for (locale, terminal) in [(LOCALES[2], false), (&[("LC_ALL", "C.UTF-8")], false), (&[("LC_ALL", "C.UTF-8")], true)]
    {
        let printed = String::from_utf8(printed(locale, terminal)).unwrap();
        assert!(printed.contains("mallory: ě2J ě1;1H ě7m OWNED ĝ0;title"), "{printed}");
    }
}

#[test]
fn an_error_is_written_in_ascii_where_the_locale_is_not_utf_8() {
    let server = Server::start(&[]);
    let _taken = Peer::join(server.address, "žižka");
    let url = format!("tcp://{}", server.address);
    for (locale, name) in [("C", "?i?ka"), ("C.UTF-8", "žižka")] {
        let mut command = Command::new(TR2);
        command.args(["join", "--plain", "--name", "žižka", "--server", &url]).env("LC_ALL", locale);
        let refused = command.stdin(Stdio::null()).output().unwrap();
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(refused.status.code() == Some(3) && said.contains(name), "{said}");
    }
}
