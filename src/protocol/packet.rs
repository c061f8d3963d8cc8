//! TR2.23: the original's packets, which have no framing. tr2-protocol(7) has the table.
//!
//! Must not know: when a packet is complete (`net` waits for the pause after it), or what it leads to.

use std::borrow::Cow;

use super::command::{Command, MessageCommand};
use super::event::{Envelope, Event};
use super::frame::write_field;
use super::limits::{MAX_DATA, MAX_DESTINATION, MAX_FRAME, MAX_PACKET};
use super::refusal::{Code, Refusal};
use super::request::{self, Request};
use super::room::RoomEvent;
use super::words::{ALL_CLIENTS, MENU_BROADCAST, NO_DATA, SEPARATOR, SERVER, SERVER_CLOSED, op};
use crate::model::period;
use crate::model::{Name, Target, Text};

/// The most lines of one text that become packets of their own.
const MAX_LINES: usize = 10;

/// The original server's answer to an unknown operation.
pub(crate) const OPERATION_NOT_SUPPORTED: &str = "Operation not supported!";

/// Splits what a client sent at once into packets: mostly one, several if they arrived together. The sender's name in
/// the first packet tells where another one begins.
#[must_use]
pub fn cut(bytes: &[u8]) -> Vec<&[u8]> {
    let Ok(text) = std::str::from_utf8(bytes) else { return vec![bytes] };
    let sender = text.split(SEPARATOR).next().filter(|sender| !sender.is_empty());
    split(text, sender.as_slice()).into_iter().map(str::as_bytes).collect()
}

/// Reads one packet from a client.
///
/// # Errors
/// A refusal to send back: `bad_frame`, `too_long`, or `no_such_room`.
pub fn read_request(packet: &[u8]) -> Result<Request, Refusal> {
    if packet.len() >= MAX_FRAME {
        let text = format!("A message has at most {MAX_DATA} bytes; send it in parts.");
        return Err(Refusal::new(None, Code::TooLong, text));
    }
    let bad = |text: &str| Refusal::new(None, Code::BadFrame, text);
    let text = std::str::from_utf8(packet).map_err(|_| bad("A message must be UTF-8 text."))?;
    let [sender, destination, operation, data] =
        fields(text).ok_or_else(|| bad("A message is: SENDER | DESTINATION | OPERATION | DATA"))?;
    if [sender, destination, operation].iter().any(|field| field.chars().any(char::is_control)) {
        return Err(bad("Only the text of a message may contain control characters."));
    }
    // The original's client sends this when its user answers "n" to "except you?".
    let operation = if operation == MENU_BROADCAST && destination == ALL_CLIENTS { op::BROADCAST } else { operation };
    let known = if op::TR223.contains(&operation) { operation } else { "" };
    match request::read(destination, known, 0, data) {
        // The original knows no room but the one that everyone is in.
        Ok(Command::Message(MessageCommand::Room { .. })) => {
            let text = format!("Your client does not support rooms; write to '{ALL_CLIENTS}', or use a newer client.");
            Err(Refusal::new(None, Code::NoSuchRoom, text))
        }
        Ok(command) => Ok(Request::bare(command)),
        Err((code, text)) => Err(Refusal::new(None, code, text)),
    }
}

/// Reads what a server sent to the client `name`; `others` are the users that the client knows of.
#[must_use]
pub fn read_events(bytes: &[u8], name: Option<&str>, others: &[&str]) -> Vec<Envelope> {
    let text = String::from_utf8_lossy(bytes);
    let mut senders = vec![SERVER];
    senders.extend(name);
    senders.extend(others);
    split(&text, &senders).into_iter().filter_map(read_event).map(Envelope::from).collect()
}

/// The packets of a request from `sender`; none if TR2.23 has no such operation.
#[must_use]
pub fn write_request(request: &Request, sender: &str) -> Vec<Vec<u8>> {
    let (destination, operation, data) = request.command.fields(sender);
    if !op::TR223.contains(&operation) {
        return Vec::new();
    }
    packets([sender, destination, operation], &data)
}

/// The packets of an event for `recipient`; none if a TR2.23 client need not know of it. The recipient of a refused
/// name is the name that was asked for.
#[must_use]
pub fn write_event(event: &Event, recipient: Option<&Name>) -> Vec<Vec<u8>> {
    let mut fields = event.fields(recipient);
    let new_client = recipient.map(|name| format!("new_client: {name}"));
    match event {
        Event::NameRefused(_) => fields.destination = new_client.as_deref().unwrap_or(fields.destination),
        Event::Accepted { .. }
        | Event::ListEnd
        | Event::Conversation { .. }
        | Event::ConversationsEnd
        | Event::HistoryEnd { .. }
        | Event::Read { .. }
        | Event::SearchEnd { .. }
        | Event::Identity(_)
        | Event::Away(..)
        | Event::Ignored(_)
        | Event::Joined(_)
        | Event::Left(..)
        | Event::Ping(_)
        | Event::Pong(_)
        // What there is to say of a change is said as a message (`plain`).
        | Event::Change(_)
        // Nobody who speaks TR2.23 is called.
        | Event::Call(_)
        | Event::InCall(_)
        | Event::Unknown(_) => return Vec::new(),
        // The original's client shows only the operations that it knows.
        Event::Room(room) => {
            let Some(words) = of_everyone(room) else { return Vec::new() };
            return packets([SERVER, ALL_CLIENTS, op::BROADCAST], &words);
        }
        Event::Refused(_, text) | Event::Moderator(text) | Event::Demoted(text) => {
            fields.operation = op::PRIVATE_MESSAGE;
            fields.data = text.as_str().into();
        }
        Event::UnknownOperation(_) => fields.data = OPERATION_NOT_SUPPORTED.into(),
        _ => {}
    }
    packets([fields.sender, fields.destination, fields.operation], &fields.data)
}

/// What a TR2.23 client is told of a room event: it is only in the room that everyone is in.
fn of_everyone(event: &RoomEvent) -> Option<String> {
    match event {
        RoomEvent::Acted { by, place: Target::Everyone, done } => Some(done.sentence(by.as_str())),
        RoomEvent::Deleted { from, place: Target::Everyone, by } if from == by => {
            Some(format!("{from} deleted one of their messages."))
        }
        RoomEvent::Closing { after, reason, .. } => {
            Some(format!("The server closes in {}: {reason}", period::shown(*after)))
        }
        RoomEvent::ClosingOff { by } => Some(format!("{by} called it off: the server stays open.")),
        RoomEvent::Topic { by, place: Target::Everyone, text } => Some(format!("{by} set the topic: {text}")),
        _ => None,
    }
}

fn read_event(text: &str) -> Option<Event> {
    let [sender, destination, operation, data] = fields(text)?;
    let data = if operation == op::NAME { NO_DATA } else { data };
    Some(Event::read(sender, destination, operation, data, None))
}

/// The four fields; only the first three separators count.
fn fields(text: &str) -> Option<[&str; 4]> {
    let mut fields = text.splitn(4, SEPARATOR);
    let four = [fields.next()?, fields.next()?, fields.next()?, fields.next()?];
    four.iter().take(3).all(|field| !field.is_empty()).then_some(four)
}

/// Splits packets that arrived together: one begins where a known sender, a destination and an operation stand in a
/// row.
fn split<'a>(text: &'a str, senders: &[&str]) -> Vec<&'a str> {
    // If two known names end alike, the longer one is the sender: nobody can speak as `ice` by being read as `al` +
    // `ice`.
    let longest =
        |text: &str| senders.iter().filter(|sender| text.ends_with(**sender)).map(|sender| sender.len()).max();
    let starts: Vec<usize> = text
        .match_indices(SEPARATOR)
        .filter_map(|(at, _)| Some(at - longest(text.get(..at)?)?))
        .filter(|&at| at > 0 && text.get(at..).is_some_and(begins_packet))
        .collect();
    let mut packets = Vec::with_capacity(starts.len() + 1);
    let mut from = 0;
    for at in starts {
        if text.get(from..at).is_some_and(|before| may_follow(before, text.get(at..).unwrap_or_default())) {
            packets.push(text.get(from..at).unwrap_or_default());
            from = at;
        }
    }
    packets.push(text.get(from..).unwrap_or_default());
    packets
}

/// Whether `after` may be a packet of its own behind `before`. `before` must be complete; and what was written to one
/// user must never become a message to all, as when somebody quotes a packet.
fn may_follow(before: &str, after: &str) -> bool {
    let to_all =
        fields(after).is_some_and(|[.., operation, _]| [op::BROADCAST, op::BROADCAST_NOT_ME].contains(&operation));
    match fields(before) {
        Some([.., operation, _]) => !(to_all && [op::PRIVATE_MESSAGE, op::ECHO].contains(&operation)),
        None => false,
    }
}

fn begins_packet(text: &str) -> bool {
    fields(text).is_some_and(|[_, destination, operation, _]| {
        op::TR223.contains(&operation) && destination.len() <= MAX_DESTINATION && !destination.contains('\n')
    })
}

/// One packet for each line of the data, and more where a line is too long for one. Many lines are joined: each packet
/// takes its time, and a peer's backlog has room for a limited number.
fn packets([sender, destination, operation]: [&str; 3], data: &str) -> Vec<Vec<u8>> {
    let mut bytes = Vec::new();
    for field in [sender, destination, operation] {
        write_field(&mut bytes, field);
        bytes.extend_from_slice(SEPARATOR.as_bytes());
    }
    let head = bytes;
    let room = MAX_PACKET.saturating_sub(head.len()).max(4);
    let mut packets = Vec::new();
    let many = data.matches('\n').count() >= MAX_LINES;
    let data = if many { Cow::Owned(data.replace('\n', " / ")) } else { Cow::Borrowed(data) };
    for line in data.split('\n') {
        let mut rest = line;
        while !rest.is_empty() {
            let (part, tail) = rest.split_at(rest.floor_char_boundary(room));
            let mut packet = [&head, part.as_bytes()].concat();
            if part == SERVER_CLOSED && sender != SERVER {
                // These words end the original's client, whoever sends them.
                packet.push(b'.');
            }
            packets.push(packet);
            rest = tail;
        }
    }
    if packets.is_empty() {
        packets.push([&head, NO_DATA.as_bytes()].concat());
    }
    packets
}

/// The answer to a TR2.23 user whose recipient does not exist.
#[must_use]
pub fn not_found(name: &str) -> Text {
    Text::line(&format!("Destination client ({name}) not found!"))
}
