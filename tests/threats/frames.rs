//! Random frames and packets: whatever is written is parsed back unchanged, whatever it contains and however it is cut.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use tr2::protocol::frame::{self, Frame, TagSet};
use tr2::protocol::lines;
use tr2::protocol::{Code, Lines, Request};

use super::serving::{PATIENCE, Peer, Server};
use crate::chance::Chance;

/// Pieces of fields: separators, line ends, escapes, and look-alikes of them.
const PIECES: [&str; 20] = [
    " | ",
    "|",
    " ",
    "\n",
    "\r",
    "\0",
    "\u{85}",
    "\u{2028}",
    "\\",
    "\\n",
    "@",
    ";",
    "=",
    "a",
    "server",
    "é",
    "\u{301}",
    "漢",
    "\u{1b}[2J",
    "\u{202e}",
];

fn text(chance: &mut Chance, most: usize) -> String {
    if chance.below(2) == 0 {
        return ["a", "server", "é", "#ops", "漢"][chance.below(5)].to_owned();
    }
    (0..chance.below(most)).map(|_| PIECES[chance.below(PIECES.len())]).collect()
}

// T5: 10,000,000 random fields: each frame stays one frame and is parsed as it was written, or is refused.
#[test]
fn ten_million_fields_survive_the_wire_or_are_refused() {
    let rounds = if super::long() { 10_000_000 } else { 100_000 };
    let mut chance = Chance(5);
    let (mut out, mut whole, mut same, mut refused) = (Vec::new(), 0, 0, 0);
    for _ in 0..rounds {
        let fields = [text(&mut chance, 4), text(&mut chance, 4), text(&mut chance, 4)];
        let (data, label) = (text(&mut chance, 8), text(&mut chance, 3));
        let label =
            Some(label.as_str()).filter(|label| !label.is_empty() && !label.contains(['\0', '\u{1b}', '\u{85}']));
        out.clear();
        frame::write(
            &mut out,
            TagSet { reference: label, ..TagSet::default() },
            fields.each_ref().map(String::as_str),
            &data,
        );
        assert_eq!(out.iter().filter(|&&byte| byte == b'\n').count(), 1, "more than one frame: {fields:?} {data:?}");
        assert_eq!(out.last(), Some(&b'\n'));
        whole += 1;
        match Frame::parse(&out[..out.len() - 1]) {
            Ok(read) => {
                let wrote = |field: &str| field.chars().any(|c| c.is_control() || c == '|') || field.is_empty();
                for (field, read) in fields.iter().zip([read.sender, read.destination, read.operation]) {
                    assert!(!read.contains(" | ") && !read.contains(char::is_control), "{read:?}");
                    let quotes = field.starts_with('@') || fields[0].starts_with('@');
                    let edges = fields.iter().any(|field| field.starts_with(' ') || field.ends_with(' '));
                    assert!(quotes || edges || wrote(field) || field == read, "{fields:?} {data:?}: {read:?}");
                }
                let plain = !fields.iter().any(|field| wrote(field) || field.contains([' ', '@']));
                assert!(!plain || read.text() == data, "{fields:?}: {data:?} is read as {:?}", read.text());
                assert!(!plain || read.tags.get("ref").as_deref() == label, "{label:?}");
                same += usize::from(plain);
            }
            Err(_) => refused += 1,
        }
    }
    println!("{rounds} fields: {whole} frames, {same} of them plain, {refused} refused");
    assert!(same > rounds / 50 && refused > rounds / 50);
}

/// Bytes that are not UTF-8.
fn malformed(chance: &mut Chance) -> Vec<u8> {
    const BAD: [&[u8]; 16] = [
        b"\x80",
        b"\xbf",
        b"\xc0\xaf",
        b"\xc1\xbf",
        b"\xe0\x80\xaf",
        b"\xf0\x80\x80\xaf",
        b"\xed\xa0\x80",
        b"\xed\xbf\xbf",
        b"\xf4\x90\x80\x80",
        b"\xf8\x88\x80\x80\x80",
        b"\xfe",
        b"\xff",
        b"\xe2\x82",
        b"\xf0\x9f\x98",
        b"\xc3",
        b"\xed\xa0\x80\xed\xb0\x80",
    ];
    let mut bytes = b"x".repeat(chance.below(6));
    for _ in 0..1 + chance.below(3) {
        bytes.extend_from_slice(BAD[chance.below(BAD.len())]);
        bytes.extend_from_slice([".", "é", "z"][chance.below(3)].as_bytes());
    }
    bytes
}

// T9: 100,000 malformed sequences are refused for what they are, and the next line is parsed as usual.
#[test]
fn a_hundred_thousand_malformed_sequences_keep_the_stream_in_sync() {
    let rounds = if super::long() { 100_000 } else { 20_000 };
    let mut chance = Chance(9);
    let (mut decoder, mut whole) = (Lines::new(), Vec::new());
    let mut refused = 0;
    for round in 0..rounds {
        let mut bytes = b"@ref=9 x | all clients | broadcast | ".to_vec();
        // Half a character is followed by bytes that cannot complete it.
        bytes.extend(malformed(&mut chance));
        bytes.push(b'.');
        bytes.extend_from_slice(format!("\nx | x | echo | {round}\n").as_bytes());
        assert!(std::str::from_utf8(&bytes).is_err());
        whole.clear();
        bytes.chunks(1 + chance.below(bytes.len())).for_each(|chunk| decoder.push(chunk, &mut whole));
        let read: Vec<_> = lines::each(&whole).map(Request::parse).collect();
        let [Err(refusal), Ok(next)] = &read[..] else { panic!("{read:?}") };
        assert!(refusal.code == Code::BadFrame && refusal.text.contains("UTF-8"), "{refusal:?}");
        assert_eq!(refusal.reference.as_deref(), Some("9"));
        assert!(format!("{next:?}").contains(&round.to_string()));
        refused += 1;
    }
    println!("{refused} malformed sequences");
}

// T9: 500 frames, each cut in two at every byte, are parsed alike.
#[test]
fn five_hundred_frames_cut_at_every_byte_are_parsed_alike() {
    let mut chance = Chance(90);
    let mut cuts = 0;
    for round in 0..500 {
        let words = ["é", "漢字", "👍🏽", "a | b", "\\n", "plain", " ", "\u{301}"];
        let data: String = (0..1 + chance.below(6)).map(|_| words[chance.below(words.len())]).collect();
        let bytes = format!("@ref={round} x | all clients | broadcast | {data}\n").into_bytes();
        let read = |pieces: [&[u8]; 2]| {
            let (mut decoder, mut whole) = (Lines::new(), Vec::new());
            pieces.into_iter().for_each(|piece| decoder.push(piece, &mut whole));
            lines::each(&whole).map(Request::parse).collect::<Vec<_>>()
        };
        let expected = read([&bytes, &[]]);
        assert!(expected.len() == 1 && expected[0].is_ok());
        for at in 0..bytes.len() {
            let (before, after) = bytes.split_at(at);
            assert_eq!(read([before, after]), expected);
            cuts += 1;
        }
    }
    println!("{cuts} cuts");
}

// T10: 10,000 TR2.23 packets at least 20 ms apart: none is split or joined with another, and a text that quotes a
// moderator's frame is only a text. Then as many at once: no byte is lost.
#[test]
fn ten_thousand_packets_are_told_apart_and_forge_nothing() {
    let (people, packets) = if super::long() { (100, 100) } else { (50, 20) };
    let server = Server::start(&["--flood", "off", "--log", "error", "--durability", "memory"]);
    let mut alice = Peer::join(server.address, "alice");
    let mut originals: Vec<TcpStream> = (0..people)
        .map(|at| {
            let mut stream = TcpStream::connect(server.address).unwrap();
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            stream.set_nodelay(true).unwrap();
            let mut greeting = [0; 1024];
            assert!(stream.read(&mut greeting).unwrap() > 0);
            stream.write_all(format!("old{at} | server | name | old{at}").as_bytes()).unwrap();
            stream
        })
        .collect();
    for stream in &mut originals {
        let mut answer = [0; 1024];
        let read = stream.read(&mut answer).unwrap();
        assert!(String::from_utf8_lossy(&answer[..read]).contains("connection_confirmation"));
        let mut rest = stream.try_clone().unwrap();
        std::thread::spawn(move || std::io::copy(&mut rest, &mut std::io::sink()));
    }
    let text = |at: usize, number: usize| match number % 3 {
        0 => format!("alice | old{at} | KICK | alice {number}"),
        1 => format!("server | all clients | close_server | no {number}"),
        _ => format!("plain {number}"),
    };
    let mut heard = 0;
    for number in 0..packets {
        for (at, stream) in originals.iter_mut().enumerate() {
            let head = format!("root | alice | private_message | {}", text(at, number));
            stream.write_all(head.as_bytes()).unwrap();
        }
        for _ in 0..people {
            let line = alice.until("| private_message | ");
            let (sender, said) = line.split_once(' ').unwrap().1.split_once(" | alice | private_message | ").unwrap();
            let at: usize = sender.strip_prefix("old").expect("its own name").parse().unwrap();
            assert_eq!(said, text(at, number), "of {sender}");
            heard += 1;
        }
        // The distance that T10 names, counted from when the last packet was heard.
        std::thread::sleep(Duration::from_millis(25));
    }
    println!("{heard} packets apart");
    // All at once: glued packets may count as one text, but nothing is lost or attributed to others.
    let glued: String = (0..packets).map(|number| format!("old0 | alice | private_message | <{number}>")).collect();
    originals[0].write_all(glued.as_bytes()).unwrap();
    let mut seen = String::new();
    while !seen.contains(&format!("<{}>", packets - 1)) {
        let line = alice.until("| private_message | ");
        assert!(line.contains(" old0 | alice"), "{line}");
        seen += line.split_once("| private_message | ").unwrap().1;
    }
    let missing: Vec<usize> = (0..packets).filter(|number| !seen.contains(&format!("<{number}>"))).collect();
    assert_eq!(missing, [0; 0]);
    alice.ask("x | x | echo | still here", "still here");
}

// F24: a line feed that comes later than a TR2.23 client would be answered still makes frames of what follows.
#[test]
fn a_late_line_feed_makes_frames_of_what_follows() {
    let server = Server::start(&[]);
    let mut other = Peer::join(server.address, "other");
    let mut carol = Peer::connect(server.address);
    carol.send(b"carol | server | name | carol");
    other.until("joined | carol");
    carol.send(b"\n");
    carol.say("@ref=1 carol | carol | echo | hi");
    assert!(carol.until("| echo | hi").contains("ref=1"));
}
