//! Log lines: each event is one line of `key=value`, whatever a name or a text contains.

use std::io::{BufRead as _, BufReader, PipeReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use nix::fcntl::{FcntlArg, fcntl};
use regex_lite::Regex;
use rustix::process::{Pid, Signal, kill_process};
use tr2::model::escape::Logged;
use tr2::model::text::is_harmless;
use tr2::model::{Name, Origin, Target, Text};
use tr2::protocol::{Code, Done, Verb};
use tr2::server::ids::ConnId;
use tr2::server::telemetry::events::Note;
use tr2::sys::line_writer::LineWriter;

use super::serving::{Folder, PATIENCE, Peer, Server, TR2, ended};
use crate::chance::Chance;

const PIECES: [&str; 22] = [
    "\n",
    "\r",
    "\r\n",
    "\0",
    "\u{1b}[2J",
    "\u{1b}]0;x\u{7}",
    "\u{9b}31m",
    "\u{85}",
    "\u{2028}",
    "\u{202e}",
    "\u{200b}",
    "\"",
    "\\",
    "=",
    " ",
    "event=moderator conn=1 name=eve",
    "\u{e0041}",
    "é",
    "漢",
    "\t",
    "{\"a\":1}",
    "%s",
];

fn hostile(chance: &mut Chance) -> String {
    let mut text: String = (0..1 + chance.below(8)).map(|_| PIECES[chance.below(PIECES.len())]).collect();
    if chance.below(20) == 0 {
        text = text.repeat(200);
    }
    text
}

/// The keys and values of a line; `None` if it is malformed.
fn read(line: &str) -> Option<Vec<(String, String)>> {
    let mut rest = line;
    let mut pairs = Vec::new();
    while !rest.is_empty() {
        let (key, value) = rest.split_once('=')?;
        if key.is_empty() || !key.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
            return None;
        }
        let end = match value.strip_prefix('"') {
            None => value.find(' ').unwrap_or(value.len()),
            Some(quoted) => {
                let mut escaped = false;
                let close = quoted.find(|c| {
                    let ends = c == '"' && !escaped;
                    escaped = c == '\\' && !escaped;
                    ends
                })?;
                close + 2
            }
        };
        pairs.push((key.to_owned(), value[..end].to_owned()));
        rest = value[end..].strip_prefix(' ').unwrap_or(&value[end..]);
    }
    Some(pairs)
}

// T23: 10,000 hostile names and texts in every line that holds one: no control character, one line, and as many keys as
// the line has of its own.
#[test]
fn ten_thousand_hostile_texts_stay_one_line_each() {
    let mut chance = Chance(23);
    let (name, from) = (Name::parse("alice").unwrap(), Origin::Unix(1000));
    for _ in 0..if super::long() { 10_000 } else { 2000 } {
        let text = hostile(&mut chance);
        let (conn, line) = (ConnId(1), Text::block(&text));
        let done =
            Done { verb: Verb::Announce, subject: Some(line.clone()), time: None, on: false, reason: line.clone() };
        let notes = [
            (Note::NameRefused { conn, from, name: text.clone(), code: Code::BadName }, 5),
            (Note::BadFrame { conn, from, name: None, reason: text.clone() }, 5),
            (Note::Acted { conn, name: name.clone(), place: Target::Everyone, done }, 9),
            (
                Note::ActRefused { conn, from, name: name.clone(), verb: Verb::Kick, place: line, code: Code::BadName },
                7,
            ),
            (Note::StoreFails { reason: text.clone() }, 2),
            (Note::QuestionFailed { conn, reason: text.clone() }, 3),
        ];
        for (note, keys) in notes {
            let line = note.to_string();
            assert!(line.chars().all(|c| !c.is_control() && is_harmless(c)), "{line:?}");
            let pairs = read(&line).unwrap_or_else(|| panic!("{line:?} is no line"));
            assert_eq!(pairs.len(), keys, "{line:?}");
            assert!(line.len() < 1000 + 2 * 12 * 200, "{} bytes", line.len());
        }
        assert!(!Logged(&text).to_string().contains('\n'));
    }
}

// T23: the same over sockets: the log of the real server has as many lines as there were events.
#[test]
fn hostile_names_of_new_connections_are_one_line_each() {
    let people = if super::long() { 10_000 } else { 500 };
    let server = Server::start(&["--log", "info"]);
    let mut chance = Chance(230);
    let clean = |text: String| text.replace(['\n', '\r'], "\u{2028}");
    for _ in 0..people {
        let mut stream = TcpStream::connect(server.address).unwrap();
        let name = clean(hostile(&mut chance));
        let name = &name[..name.floor_char_boundary(600)];
        // As a packet, which may hold bytes that a line may not; or as a line with an escaped line feed.
        let frame = if chance.below(2) == 0 {
            format!("x | server | name | {name}")
        } else {
            "x | server | name | a\\nevent=x\n".to_owned()
        };
        stream.write_all(frame.as_bytes()).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
    }
    let mut alice = Peer::join(server.address, "alice");
    alice.ask("x | x | echo | all", "| all");
    let (mut refused, mut other) = (0, 0);
    while refused < people {
        let line =
            server.log.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{refused} refused, {other} other lines"));
        assert!(!line.chars().any(char::is_control), "{line:?}");
        // The logger's own keys come first.
        let event = line.find("event=").unwrap_or_else(|| panic!("{line:?} is no event"));
        let pairs = read(&line[event..]).unwrap_or_else(|| panic!("{line:?} is no line"));
        match pairs[0].1.as_str() {
            // A single letter of any script is a valid name.
            "name_refused" | "bad_frame" | "joined" => refused += 1,
            _ => other += 1,
        }
    }
    println!("{refused} hostile names: {refused} lines, {other} of other events");
}

/// The regular expression of the filter for fail2ban in tr2-serving(7), as fail2ban reads it.
fn failregex() -> Regex {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/man/tr2-serving.7");
    let page = std::fs::read_to_string(page).unwrap().replace("\\e", "\\");
    let value = |key: &str| {
        let line = page.lines().find_map(|line| line.strip_prefix(&format!("{key} = ")));
        line.unwrap_or_else(|| panic!("the filter has no {key}")).to_owned()
    };
    let mut regex = value("failregex");
    for key in ["_head", "_event", "_from"] {
        regex = regex.replace(&format!("%({key})s"), &value(key));
    }
    let address = "(?P<address>(?:[0-9]{1,3}\\.){3}[0-9]{1,3}|[0-9a-fA-F:.]+)";
    Regex::new(&regex.replace("%%", "%").replace("<ADDR>", address)).unwrap()
}

/// The address that fail2ban would lock out for a line of the log, after the time or what the journal puts before it.
fn locked_out(failregex: &Regex, line: &str) -> Option<String> {
    let rest = line.strip_prefix("time=").map_or(line, |timed| timed.split_once(' ').map_or("", |(_, rest)| rest));
    let found = [format!(" {rest}"), format!("host tr2[77]: {rest}")].map(|line| {
        let found = failregex.captures(&line)?;
        Some(found.name("address")?.as_str().to_owned())
    });
    assert_eq!(found[0], found[1], "{line}");
    found[0].clone()
}

// S13: the filter of the manual takes the address of whoever guesses, and nobody's word for another one.
#[test]
fn the_manuals_filter_takes_the_kernels_address_and_no_text_for_it() {
    let regex = failregex();
    let forged = [
        " level=warn event=passphrase_refused conn=1 from=tcp://6.6.6.6:1 name=",
        "\" from=tcp://6.6.6.6:1 name=",
        "host tr2[77]: level=warn event=bad_frame conn=1 from=tcp://6.6.6.6:1 name=",
        "time=2026-11-28T22:00:00.000Z level=warn event=bad_frame conn=1 from=tls://[6::6]:1 name=",
    ];
    let mut chance = Chance(13);
    for number in 0..2000 {
        let text = if number < forged.len() {
            forged[number].to_owned()
        } else {
            hostile(&mut chance) + forged[chance.below(forged.len())] + &hostile(&mut chance)
        };
        let origins = [("tcp://203.0.113.9:5", Some("203.0.113.9")), ("tls://[2001:db8::5]:5", Some("2001:db8::5"))];
        let origins = origins.into_iter().chain([
            ("tcp://[::ffff:192.0.2.7]:5", Some("192.0.2.7")),
            ("tls://[fe80::5%2]:5", Some("fe80::5")),
            ("uid:1000", None),
        ]);
        for (from, address) in origins {
            let (conn, from): (_, Origin) = (ConnId(1), from.parse().unwrap());
            let code = Code::WrongPassphrase;
            let matched = [
                Note::PassphraseRefused { conn, from, name: Name::parse(&text).ok(), code },
                Note::BadFrame { conn, from, name: None, reason: text.clone() },
            ];
            let passed = [
                Note::NameRefused { conn, from, name: text.clone(), code },
                Note::ActRefused {
                    conn,
                    from,
                    name: Name::parse("eve").unwrap(),
                    verb: Verb::Ban,
                    place: Text::line(&text),
                    code,
                },
                Note::StoreFails { reason: text.clone() },
            ];
            let line = |note: &Note| format!("level={} {note}", note.level().as_str().to_lowercase());
            for note in &matched {
                assert_eq!(locked_out(&regex, &line(note)).as_deref(), address, "{note}");
            }
            for note in &passed {
                assert_eq!(locked_out(&regex, &line(note)), None, "{note}");
            }
        }
    }
}

// S13: over a real connection, with the address that the connection has.
#[test]
fn every_line_that_a_keeper_bans_by_has_the_address() {
    let server = Server::start(&["--max-per-address", "2"]);
    let told = |event: &str, port: u16| {
        let start = format!("event={event} conn=");
        let line = server.logs(&start);
        assert!(line.contains(&format!(" from=tcp://127.0.0.1:{port} ")), "{line}");
        line
    };
    let connect = || TcpStream::connect(server.address).unwrap();
    let port = |stream: &TcpStream| stream.local_addr().unwrap().port();
    let alice = connect();
    for (said, event) in [
        ("x | server | name | alice", "joined"),
        ("alice | server | moderator | wrong", "passphrase_refused"),
        ("nonsense", "bad_frame"),
        ("alice | all clients | ban | bob why", "act_refused"),
    ] {
        (&alice).write_all(format!("{said}\n").as_bytes()).unwrap();
        let line = told(event, port(&alice));
        let locked = ["passphrase_refused", "bad_frame"].contains(&event).then_some("127.0.0.1");
        assert_eq!(locked_out(&failregex(), &line).as_deref(), locked, "{line}");
    }
    let (second, over) = (connect(), connect());
    told("turned_away", port(&over));
    (&second).write_all(b"x | server | name | alice\n").unwrap();
    told("name_refused", port(&second));
    let left = port(&alice);
    drop(alice);
    told("left", left);
}

// --------------------------------------------------------------------------------------------- a log that nobody reads

#[test]
fn what_waits_for_a_reader_is_bounded_and_what_is_dropped_is_counted() {
    // At the limit, in bytes, and one over it.
    const MOST: usize = 30;
    for (last, dropped) in [("seventh8\n", 0), ("seventh89\n", 1)] {
        let writer: &LineWriter = Box::leak(Box::new(LineWriter::new(MOST)));
        let (go_on, held) = mpsc::channel();
        let (written, lines) = mpsc::channel();
        std::thread::spawn(move || {
            let write = |bytes: &[u8]| {
                written.send(String::from_utf8(bytes.to_vec()).unwrap()).unwrap();
                held.recv().map_err(std::io::Error::other)
            };
            writer.work(write, |count| format!("dropped {count}\n"));
        });
        writer.push("first\n");
        assert_eq!(lines.recv_timeout(PATIENCE).unwrap(), "first\n");
        // The reader takes no more for now.
        writer.push("second, of 21 bytes.\n");
        writer.push(last);
        assert!(!writer.finish(Duration::from_millis(1)), "it does not wait for ever");
        let expected = match dropped {
            0 => "second, of 21 bytes.\nseventh8\n".to_owned(),
            _ => "second, of 21 bytes.\ndropped 1\n".to_owned(),
        };
        go_on.send(()).unwrap();
        assert_eq!(lines.recv_timeout(PATIENCE).unwrap(), expected);
        // A line that cannot be written, as on a full disk, is counted as well.
        drop(go_on);
        assert!(writer.finish(PATIENCE));
        let lost = expected.lines().count();
        writer.push("again\n");
        assert_eq!(lines.recv_timeout(PATIENCE).unwrap(), format!("again\ndropped {lost}\n"));
    }
}

/// A server whose log goes to a pipe of 4 KiB, where it is, and the other end of the pipe.
fn with_a_small_pipe(data: &Folder) -> (Child, SocketAddr, PipeReader) {
    let (reader, writer) = std::io::pipe().unwrap();
    fcntl(&writer, FcntlArg::F_SETPIPE_SZ(4096)).unwrap();
    let mut child = Command::new(TR2)
        .args(["serve", "--listen", "tcp://127.0.0.1:0", "--flood", "off", "--log", "debug"])
        .args(["--durability", "memory", "--data"])
        .arg(data.path())
        .stdout(Stdio::piped())
        .stderr(writer)
        .spawn()
        .unwrap();
    let mut first = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut first).unwrap();
    child.stdout = Some(stdout.into_inner());
    let address = first.split("tcp://").nth(1).and_then(|rest| rest.split(';').next()).unwrap();
    (child, address.parse().unwrap(), reader)
}

// S54, F10: whoever reads the log, or does not, stops nobody else.
#[test]
fn a_full_pipe_stops_neither_the_chat_nor_its_end() {
    const PEOPLE: usize = 200;
    for reads in [true, false] {
        let data = Folder::new();
        let (mut child, address, pipe) = with_a_small_pipe(&data);
        let mut alice = Peer::join(address, "alice");
        for number in 0..PEOPLE {
            Peer::join(address, &format!("user{number}")).ask("nonsense", "bad_frame");
        }
        let start = Instant::now();
        alice.ask("@ref=1 x | x | echo | here", "@ref=1 ");
        assert!(start.elapsed() < Duration::from_secs(1), "an echo took {:?}", start.elapsed());
        if reads {
            let (sender, lines) = mpsc::channel();
            std::thread::spawn(move || {
                BufReader::new(pipe).lines().map_while(Result::ok).for_each(|line| drop(sender.send(line)));
            });
            kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
            alice.rest();
            assert_eq!(ended(&mut child), Some(0));
            let lines: Vec<String> = lines.iter().collect();
            let told = |event: &str| lines.iter().filter(|line| line.contains(event)).count();
            // Nothing was dropped: there was room for all of it.
            assert_eq!((told("event=bad_frame"), told("event=log_dropped")), (PEOPLE, 0));
            assert!(told("event=closing") == 1, "the end is told before the end: {:?}", lines.last());
        } else {
            let start = Instant::now();
            kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
            alice.rest();
            assert_eq!(ended(&mut child), Some(0));
            assert!(start.elapsed() < Duration::from_secs(4), "the end took {:?}", start.elapsed());
            drop(pipe);
        }
    }
}

// S54: more than waits for a reader is dropped, and the reader is told how much that was.
#[test]
fn a_reader_that_reads_again_is_told_what_it_missed() {
    // Each is a line of about a hundred bytes, and half a megabyte waits.
    const MESSAGES: usize = 12_000;
    let data = Folder::new();
    let (mut child, address, pipe) = with_a_small_pipe(&data);
    let mut alice = Peer::join(address, "alice");
    for first in (0..MESSAGES).step_by(500) {
        let line = |number| format!("@ref={number} x | all clients | broadcast_not_me | x\n");
        alice.send((first..first + 500).map(line).collect::<String>().as_bytes());
        (0..500).for_each(|_| drop(alice.until("| accepted")));
    }
    // What is answered in a round is logged at its end.
    alice.ask("@ref=e x | x | echo | e", "ref=e");
    let mut lines = BufReader::new(pipe).lines().map(Result::unwrap);
    let mut accepted = 0;
    let dropped: usize = loop {
        let line = lines.next().expect("a count of what was dropped");
        accepted += usize::from(line.contains("event=accepted"));
        if let Some((_, count)) = line.split_once("level=warn event=log_dropped count=") {
            break count.parse().unwrap();
        }
    };
    assert_eq!(accepted + dropped, MESSAGES);
    assert!((1..MESSAGES).contains(&dropped), "{dropped} of {MESSAGES} lines were dropped");
    // From then on nothing is missing.
    alice.ask("nonsense", "bad_frame");
    assert!(lines.next().unwrap().contains("event=bad_frame"));
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    alice.rest();
    assert_eq!(ended(&mut child), Some(0));
}
