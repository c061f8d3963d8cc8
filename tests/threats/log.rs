//! Log lines: each event is one line of `key=value`, whatever a name or a text contains.

use std::io::Write as _;
use std::net::TcpStream;

use tr2::model::escape::Logged;
use tr2::model::text::is_harmless;
use tr2::model::{Name, Target, Text};
use tr2::protocol::{Code, Done, Verb};
use tr2::server::ids::ConnId;
use tr2::server::telemetry::events::Note;

use super::serving::{Peer, Server};
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
    let name = Name::parse("alice").unwrap();
    for _ in 0..if super::long() { 10_000 } else { 2000 } {
        let text = hostile(&mut chance);
        let (conn, line) = (ConnId(1), Text::block(&text));
        let done =
            Done { verb: Verb::Announce, subject: Some(line.clone()), time: None, on: false, reason: line.clone() };
        let notes = [
            (Note::NameRefused { conn, name: text.clone(), code: Code::BadName }, 4),
            (Note::BadFrame { conn, name: None, reason: text.clone() }, 4),
            (Note::Acted { conn, name: name.clone(), place: Target::Everyone, done }, 9),
            (Note::ActRefused { conn, name: name.clone(), verb: Verb::Kick, place: line, code: Code::BadName }, 6),
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
        let line = server
            .log
            .recv_timeout(super::serving::PATIENCE)
            .unwrap_or_else(|_| panic!("{refused} refused, {other} other lines"));
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
