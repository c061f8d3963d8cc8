//! How the line mode prints messages, and how long input is split into messages.
//!
//! Must not know: standard output, or when something is printed.

use super::action_text::{SIGN, action_in, beside_sender, with_sender};
use crate::client::msg::{OrderOutcome, Printed};
use crate::client::settings::Times;
use crate::client::view::{DIRECT_SIGN, UNVERIFIED};
use crate::language::{chat, places::place, refusals, terminal as say};
use crate::model::{Name, Target, Text, Timestamp, Zone};
use crate::protocol::escape::escaped_len;
use crate::protocol::limits::MAX_DATA;

/// Stands in front of a message's second and further lines, so that none can pass for a message of its own.
const INDENT: &str = "    ";

/// A line of output, without its final line feed: `12:01 bob: good morning`. Errors belong on standard error.
#[must_use]
pub fn line(printed: &Printed, zone: &Zone, times: Times) -> String {
    let at = |time: &Timestamp| times.before(*time, zone);
    match printed {
        Printed::Message { time, from, verified, to, text, reply, mention, .. } => {
            let mention = if *mention { say::mention_mark() } else { "" };
            let quote = reply.as_ref().and_then(|reply| reply.quote.as_ref());
            let quote = quote.map(|quote| format!("[{}] ", with_sender(&quote.from, quote.words.as_str())));
            let quote = quote.unwrap_or_default();
            let text = indented(text);
            let (place, who) = (room_prefix_of(to), who_alone(from, *verified, to));
            let said = match action_in(&text) {
                Some(action) => format!("{quote}{SIGN} {who} {action}"),
                None => format!("{who}: {quote}{text}"),
            };
            format!("{}{mention}{place}{said}", at(time))
        }
        Printed::Edited { time, from, verified, to, text, .. } => {
            let name = format!("{}{from}", unverified_mark(*verified));
            say::edited(at(time), who(from, *verified, to), beside_sender(name, &indented(text)))
        }
        Printed::Deleted { time, by, verified, to, .. } => say::deleted(at(time), who(by, *verified, to)),
        Printed::Reacted { time, by, verified, to, author, words, reaction, on, .. } => {
            let (time, who) = (at(time), who(by, *verified, to));
            let words = words.as_ref().map(|words| beside_sender(author, words.as_str()));
            match (*on, words) {
                (true, Some(words)) => say::reacted(time, who, reaction, words),
                (true, None) => say::reacted_to_one_by(time, who, reaction, author),
                (false, Some(words)) => say::took_back(time, who, reaction, words),
                (false, None) => say::took_back_from_one_by(time, who, reaction, author),
            }
        }
        Printed::Presence { time, place: room, names, came, why } => {
            let names: Vec<&str> = names.iter().map(Name::as_str).collect();
            let why = why.as_ref().map(|why| Text::block(refusals::leaving(why.as_str())));
            let why = why.map(|why| format!(" ({})", indented(&why))).unwrap_or_default();
            let said = match (*came, names.len()) {
                (true, 1) => chat::joined_one,
                (true, _) => chat::joined_several,
                (false, 1) => chat::left_one,
                (false, _) => chat::left_several,
            };
            format!("{}* {}{}{why}", at(time), room_prefix(room), said(&names.join(", ")))
        }
        Printed::Found { time, from, verified, to, text } => {
            let day = time.day(zone).format("%Y-%m-%d");
            let name = format!("{}{from}", unverified_mark(*verified));
            format!("{day} {}[{}] {}", at(time), place(to), with_sender(name, &indented(text)))
        }
        Printed::Direct { time, from, verified, text } => {
            format!("{}{}{}{}: {}", at(time), direct_prefix(from), unverified_mark(*verified), from, indented(text))
        }
        Printed::Call(time, line) => format!("{}* {}", at(time), indented(&line.text)),
        Printed::File(time, line) => format!("{}* {}{}", at(time), direct_prefix(&line.with), indented(&line.text)),
        Printed::Outcome(_, OrderOutcome::Accepted { .. }) => say::accepted().to_owned(),
        Printed::Outcome(_, OrderOutcome::Refused(_, text)) => format!("tr2: {}", indented(text)),
        Printed::Online { name, .. } => say::online_as(name),
        Printed::Offline(why) => say::offline_because(indented(why)),
        Printed::New => say::new_line().to_owned(),
        Printed::Notice(time, text) => format!("{}* {}", at(time), indented(text)),
        Printed::Error(text) => format!("tr2: {}", indented(text)),
    }
}

/// Who says or does something in a conversation: `[#ops] ~bob`, or `bob -> you` between two users, where `place` is
/// the other one.
fn who(name: &Name, verified: bool, place: &Target) -> String {
    room_prefix_of(place) + &who_alone(name, verified, place)
}

/// The same, without the room.
fn who_alone(name: &Name, verified: bool, place: &Target) -> String {
    let mark = unverified_mark(verified);
    match place {
        Target::Everyone | Target::Room(_) => format!("{mark}{name}"),
        Target::User(other) if other.folded() == name.folded() => format!("{mark}{name}{}", say::to_you()),
        // The person, in another session of theirs.
        Target::User(other) => format!("{mark}{name} -> {other}"),
    }
}

/// The prefix of what is said in a room; none between two users.
fn room_prefix_of(place: &Target) -> String {
    match place {
        Target::Everyone | Target::Room(_) => room_prefix(place),
        Target::User(_) => String::new(),
    }
}

/// The prefix of everything that happens in a room: `[#ops] `.
#[must_use]
pub fn room_prefix(target: &Target) -> String {
    if *target == Target::Everyone { String::new() } else { format!("[{target}] ") }
}

/// The prefix of what goes directly: `[⇄ bob] `.
fn direct_prefix(name: &Name) -> String {
    format!("[{DIRECT_SIGN} {name}] ")
}

/// The sign before the name of a user who is not verified.
#[must_use]
pub fn unverified_mark(verified: bool) -> &'static str {
    if verified { "" } else { UNVERIFIED }
}

fn indented(text: &Text) -> String {
    text.as_str().replace('\n', &format!("\n{INDENT}"))
}

/// How many messages a text needs to fit into frames; at least 1.
#[must_use]
pub fn parts(text: &str) -> usize {
    if escaped_len(text.trim_matches('\n')) <= MAX_DATA { 1 } else { split(text).len().max(1) }
}

/// How many bytes a text is longer than one message; 0 if it fits.
#[must_use]
pub fn excess(text: &str) -> usize {
    escaped_len(text.trim_matches('\n')).saturating_sub(MAX_DATA)
}

/// Splits a text into messages that fit a frame: at line ends where possible, otherwise between characters.
#[must_use]
pub fn split(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut used = 0;
    for piece in text.split_inclusive('\n') {
        if used + escaped_len(piece) > MAX_DATA && !part.is_empty() {
            parts.push(std::mem::take(&mut part));
            used = 0;
        }
        for c in piece.chars() {
            let more = escaped_len(c.encode_utf8(&mut [0; 4]));
            if used + more > MAX_DATA {
                parts.push(std::mem::take(&mut part));
                used = 0;
            }
            part.push(c);
            used += more;
        }
    }
    parts.push(part);
    parts.retain(|part| !part.trim().is_empty());
    for part in &mut parts {
        part.truncate(part.trim_end_matches('\n').len());
    }
    parts
}
