//! The log: one line per event in both formats, whatever a name or a text contains.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, PipeReader, Write as _};
use std::net::{Shutdown, TcpStream};
use std::process::{Child, Command, Stdio};

use log::kv::{Source, Value};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value as JsonValue;
use tr2::logging::{Format, line};
use tr2::model::escape::MAX_LOGGED_CHARS;
use tr2::model::text::is_harmless;
use tr2::model::{Now, Origin, Timestamp};
use tr2::protocol::Request;
use tr2::server::broker::outbox::Outbox;
use tr2::server::broker::rules::{Beginning, Rules};
use tr2::server::broker::{Broker, Input};
use tr2::server::ids::ConnId;
use tr2::server::telemetry::events::{LogValue, Note};

use crate::chance::Chance;
use crate::serving::{Folder, PATIENCE, Peer, Server, TR2, ended};

/// Pieces that try to end a line, forge another one, close a quote, or affect a reader's terminal.
const PARTS: [&str; 24] = [
    "\n",
    "\r",
    "\r\n",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "\0",
    "\u{1b}[2J",
    "\u{9b}31m",
    "\u{7f}",
    "\u{202e}",
    "\u{2066}",
    "\u{feff}",
    "\u{e0041}",
    "\u{200d}",
    "\"",
    "\\",
    "\\n",
    "\\u{a}",
    "=",
    "{\"event\":\"closing\"}",
    "}",
    "é😀",
    " event=closing by=root time=1 level=info",
];

fn hostile(chance: &mut Chance) -> String {
    let mut text = String::new();
    for _ in 0..=chance.below(6) {
        text.push_str(PARTS[chance.below(PARTS.len())]);
        if chance.below(3) == 0 {
            text.extend(char::from_u32(u32::try_from(chance.below(0x2_0000)).unwrap()));
        }
        if chance.below(40) == 0 {
            text.push_str(&"x\u{1}".repeat(300));
        }
    }
    text
}

/// The notes of a broker whose clients send hostile names, frames and passphrases.
fn notes(count: u64) -> Vec<Note> {
    let mut broker = Broker::new(Rules { max_connections: usize::MAX, ..Rules::default() }, Beginning::default());
    let (mut out, mut chance, now) = (Outbox::default(), Chance(7), Now::default());
    let from = Origin::Tcp("127.0.0.1:1".parse().unwrap());
    for number in 0..count {
        let conn = ConnId(number);
        broker.handle(now, Input::Connected(conn, from), &mut out);
        let said = hostile(&mut chance);
        let frame = if number % 2 == 0 { format!("x | server | name | {said}") } else { said };
        broker.handle(now, Input::Received(conn, Request::parse(frame.as_bytes())), &mut out);
        broker.handle(now, Input::Disconnected(conn, "connection closed"), &mut out);
    }
    let mut notes = out.notes;
    // Errors of the store and of others may contain anything too.
    notes.extend((0..count).map(|_| Note::StoreFails { reason: hostile(&mut chance) }));
    notes
}

/// Keys and values as the log is given them.
struct Pairs<'a>(Vec<(&'static str, LogValue<'a>)>);

impl Source for Pairs<'_> {
    fn visit<'kvs>(&'kvs self, visitor: &mut dyn log::kv::VisitSource<'kvs>) -> Result<(), log::kv::Error> {
        self.0.iter().try_for_each(|(key, field)| {
            let value = match field {
                LogValue::Text(text) => Value::from(&**text),
                LogValue::Number(number) => Value::from(*number),
                LogValue::Switch(on) => Value::from(*on),
                LogValue::Nothing => Value::null(),
            };
            visitor.visit_pair((*key).into(), value)
        })
    }
}

fn written(format: Format, note: &Note) -> String {
    let (event, fields) = note.fields();
    line(format, Timestamp(0), note.level(), event, &Pairs(fields))
}

/// Whether a line is harmless to show.
fn is_safe(line: &str) -> bool {
    line.chars().all(|c| is_harmless(c) && !c.is_control())
}

#[test]
fn ten_thousand_hostile_names_and_texts_are_one_line_each() {
    let notes = notes(10_000);
    let hostile = notes.iter().filter(|note| matches!(note, Note::NameRefused { .. } | Note::BadFrame { .. })).count();
    assert!(hostile > 9_000 && notes.len() > 30_000, "{hostile} of {}", notes.len());
    let mut whole = String::new();
    for note in &notes {
        let (event, fields) = note.fields();
        let text = written(Format::Text, note);
        assert!(is_safe(&text), "{text:?}");
        assert!(text.starts_with("time=1970-01-01T00:00:00.000Z level="), "{text}");
        assert!(text.split(' ').nth(2) == Some(&format!("event={event}")), "{text}");
        let json = written(Format::Json, note);
        assert!(is_safe(&json), "{json:?}");
        let object: JsonValue = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}: {json}"));
        let object = object.as_object().unwrap();
        let keys: BTreeSet<&str> = fields.iter().map(|(key, _)| *key).chain(["time", "level", "event"]).collect();
        assert_eq!(object.keys().map(String::as_str).collect::<BTreeSet<_>>(), keys, "{json}");
        for (key, field) in &fields {
            let value = &object[*key];
            match field {
                LogValue::Text(text) => {
                    let capped: String = text.chars().take(MAX_LOGGED_CHARS).collect();
                    let shown = value.as_str().unwrap();
                    assert!(shown == &**text || shown == format!("{capped}…"), "{text:?} became {shown:?}");
                }
                LogValue::Number(number) => assert_eq!(value.as_u64(), Some(*number)),
                LogValue::Switch(on) => assert_eq!(value.as_bool(), Some(*on)),
                LogValue::Nothing => assert!(value.is_null()),
            }
        }
        whole += &format!("{text}\n{json}\n");
    }
    assert_eq!(whole.lines().count(), 2 * notes.len());
    assert_eq!(whole.bytes().filter(|byte| byte.is_ascii_control()).count(), 2 * notes.len(), "only line feeds");
}

#[test]
fn the_length_of_a_line_is_bounded() {
    let note = Note::StoreFails { reason: "\u{10ffff}".repeat(100_000) };
    for format in [Format::Text, Format::Json] {
        assert!(written(format, &note).len() < 100 + 12 * (MAX_LOGGED_CHARS + 1));
    }
}

#[test]
fn the_log_of_a_real_server_has_a_line_for_each_event_in_both_formats() {
    for format in ["text", "json"] {
        let mut server = Server::start(&["--log", "debug", "--log-format", format, "--flood", "off"]);
        let mut chance = Chance(11);
        for _ in 0..300 {
            let mut stream = TcpStream::connect(server.address).unwrap();
            // A line feed would split it into two frames; without a ref the first bytes do not decide the dialect.
            let name = hostile(&mut chance).replace('\n', "\r");
            stream.write_all(format!("x | server | name | a b{name}\n").as_bytes()).unwrap();
            stream.shutdown(Shutdown::Write).unwrap();
            Peer::closes(stream);
        }
        let mut alice = Peer::join(server.address, "alice");
        alice.ask("@ref=1 alice | all clients | broadcast | \u{202e}over", "accepted");
        server.signal(Signal::TERM);
        alice.rest();
        let mut lines: Vec<String> = Vec::new();
        while let Ok(line) = server.log.recv_timeout(PATIENCE) {
            lines.push(line);
        }
        server.end();
        let of = |event: &str| {
            let words = if format == "json" { format!("\"event\":\"{event}\"") } else { format!("event={event}") };
            // A value may contain the same words, but never as the third word of a line.
            let head = |line: &&String| {
                line.split([' ', ',']).nth(2).is_some_and(|third| third.trim_end_matches('}') == words)
            };
            lines.iter().filter(head).count()
        };
        let refused = of("name_refused") + of("bad_frame");
        assert_eq!((of("connected"), refused, of("accepted"), of("closing")), (301, 300, 1, 1), "{lines:#?}");
        for line in &lines {
            assert!(is_safe(line), "{line:?}");
            if format == "json" {
                let object: JsonValue = serde_json::from_str(line).unwrap();
                assert!(
                    object["time"].is_string() && object["level"].is_string() && object["event"].is_string(),
                    "{line}"
                );
            } else {
                assert!(line.starts_with("time=") && line.contains(" level=") && line.contains(" event="), "{line}");
            }
        }
    }
}

// --------------------------------------------------------------------------------------------------- systemd's journal

/// What a program writes to a standard error that is the journal, if `matches`, or else is not, although a variable of
/// the service speaks of one.
fn to_the_journal(matches: bool, options: &[&str], data: &Folder) -> (Child, BufReader<PipeReader>) {
    let (reader, writer) = std::io::pipe().unwrap();
    let file = rustix::fs::fstat(&writer).unwrap();
    let stream = format!("{}:{}", file.st_dev, file.st_ino + u64::from(!matches));
    let mut command = Command::new(TR2);
    command.args(["serve", "--listen", "tcp://127.0.0.1:0", "--data"]).arg(data.path()).args(options);
    let child = command.env("JOURNAL_STREAM", stream).stdout(Stdio::null()).stderr(writer).spawn().unwrap();
    drop(command);
    (child, BufReader::new(reader))
}

// S61: the journal reads the priority of a line from its beginning, and has the time itself.
#[test]
fn in_the_journal_lines_have_priorities_and_no_second_time() {
    let folder = Folder::new();
    let config = folder.path().join("tr2.conf");
    let config = config.to_str().unwrap();
    for (matches, format) in [(true, "text"), (true, "json"), (false, "text")] {
        std::fs::write(config, "# all\n").unwrap();
        let data = Folder::new();
        let options = ["--config", config, "--log-format", format];
        let (mut child, mut log) = to_the_journal(matches, &options, &data);
        let mut next = || {
            let mut line = String::new();
            log.read_line(&mut line).unwrap();
            line
        };
        let starts = |line: String, priority: &str, event: &str| {
            let start = match (matches, format) {
                (false, _) => "time=20".to_owned(),
                (_, "json") => format!("{priority}{{\"level\":"),
                _ => format!("{priority}level="),
            };
            assert!(line.starts_with(&start) && line.contains(event), "{line}");
            assert_eq!(line.contains("time"), !matches, "{line}");
            line
        };
        let line = starts(next(), "<6>", "started");
        for word in [env!("CARGO_PKG_VERSION"), "tcp://127.0.0.1:", data.path().to_str().unwrap()] {
            assert!(line.contains(word), "{line}");
        }
        std::fs::write(config, "log = 3\n").unwrap();
        let pid = Pid::from_child(&child);
        kill_process(pid, Signal::HUP).unwrap();
        starts(next(), "<3>", "reload_failed");
        kill_process(pid, Signal::TERM).unwrap();
        starts(next(), "<6>", "closing");
        assert_eq!(ended(&mut child), Some(0));
        // What keeps it from starting is an error too.
        let (mut child, mut log) = to_the_journal(matches, &options, &data);
        let mut said = String::new();
        log.read_line(&mut said).unwrap();
        assert_eq!(said.starts_with("<3>tr2: "), matches, "{said}");
        assert_eq!(ended(&mut child), Some(2));
    }
}
