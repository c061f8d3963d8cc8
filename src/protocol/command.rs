//! The requests that a client can send, as TR2.26 frames.
//!
//! Must not know: whether a request is allowed, or what it leads to.

use std::borrow::Cow;
use std::time::Duration;

use super::act::{Verb, Wanted};
use super::escape::escaped_len;
use super::frame::{self, Frame, FrameError, TagSet, reference_of};
use super::limits::{MAX_AWAY, MAX_DATA, MAX_DESTINATION, MAX_QUERY, MAX_REASON, MAX_TOPIC};
use super::refusal::{Code, Refusal};
use super::span::Span;
use super::words::{ALL_CLIENTS, NO_DATA, SERVER, op};
use crate::model::period;
use crate::model::room::ROOM_SIGN;
use crate::model::{MessageId, Text};

/// The data of `close_server` that cancels a planned closing.
const CALL_OFF: &str = "off";
/// The data of `join_room` that makes a new room private.
const PRIVATE: &str = "private";

/// A command with a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The client's label, at most 64 bytes; the server repeats it on every answer.
    pub reference: Option<String>,
    /// The command.
    pub command: Command,
}

/// A client's command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Join under this name, as the user wrote it.
    Name(String),
    /// Send this text back.
    Echo(Text),
    /// List the connected users.
    ListClients,
    /// Send a message to one user.
    Private {
        /// The recipient's name, as the sender wrote it.
        to: String,
        /// The message.
        text: Text,
    },
    /// Send a message to everyone.
    Broadcast {
        /// Whether the sender gets a copy.
        me_too: bool,
        /// The message.
        text: Text,
    },
    /// Leave the server.
    Exit,
    /// To close the server at once.
    CloseServer,
    /// Close the server later, and announce it.
    CloseLater {
        /// How long from now.
        after: Duration,
        /// The reason.
        reason: Text,
    },
    /// Cancel a planned closing.
    CallOff,
    /// Become a moderator, with the server's passphrase.
    Moderator(String),
    /// Answer with a pong that has the same token.
    Ping(Text),
    /// The answer to the server's ping.
    Pong(Text),
    /// List the user's conversations, and what is unread in them.
    Conversations,
    /// Get a part of a conversation's history.
    History {
        /// The conversation: [`ALL_CLIENTS`], a room or a user's name as written.
        with: String,
        /// Which part.
        span: Span,
    },
    /// Mark everything up to a message as read.
    Read {
        /// The conversation: [`ALL_CLIENTS`], a room or a user's name as written.
        with: String,
        /// The newest message that was read.
        id: MessageId,
    },
    /// Search the user's conversations; the text is a [`Query`](super::query::Query).
    Search(Text),
    /// As [`Command::Name`], and end an older session of the same owner.
    TakeOver(String),
    /// Present a code, which admits the user under the name that is given next.
    Code(String),
    /// Ask who a user is, by the name as written.
    Whois(String),
    /// List the identities that own the user's name.
    Keys,
    /// Remove one of these identities.
    RevokeKey(String),
    /// Make a code that adds a key to the user's name.
    InviteKey,
    /// Make a code that admits a new user.
    Invite,
    /// Join a room, which is made if there is none.
    JoinRoom {
        /// The room as written.
        room: String,
        /// Whether the room is private, if it is made.
        private: bool,
    },
    /// Leave a room.
    LeaveRoom(String),
    /// List the rooms.
    Rooms,
    /// List the members of a room.
    Members(String),
    /// Set the topic of a place: [`ALL_CLIENTS`] or a room as written.
    Topic {
        /// The place.
        place: String,
        /// The topic; blank for none.
        text: Text,
    },
    /// Invite a user into a room.
    InviteToRoom {
        /// The room as written.
        room: String,
        /// The user as written.
        user: String,
    },
    /// Send a message to a room.
    RoomMessage {
        /// The room as written.
        room: String,
        /// Whether the sender gets a copy.
        me_too: bool,
        /// The message.
        text: Text,
    },
    /// A moderator's action.
    Act(Wanted),
    /// List the bans and mutes in force in a place: [`ALL_CLIENTS`] or a room as written.
    Bans(String),
    /// Get a part of a place's moderation log.
    Modlog {
        /// The place: [`ALL_CLIENTS`] or a room as written.
        place: String,
        /// Which part.
        span: Span,
    },
    /// Set an away message; a blank one means being back.
    Away(Text),
    /// Ignore a user, by the name as written.
    Ignore(String),
    /// Stop ignoring a user.
    Unignore(String),
    /// List the ignored users.
    Ignored,
    /// An operation that this program does not know.
    Unknown(Text),
}

impl Request {
    /// A request without a label.
    #[must_use]
    pub fn bare(command: Command) -> Self {
        Self { reference: None, command }
    }

    /// Reads a line, given without its LF.
    ///
    /// # Errors
    /// A refusal to send back: `bad_frame`, `too_long`, or `no_such_room`.
    pub fn parse(line: &[u8]) -> Result<Self, Refusal> {
        let frame = Frame::parse(line).map_err(|error| refuse_frame(line, error))?;
        let reference = frame.tags.get("ref").map(Cow::into_owned);
        let command = read(frame.destination, frame.operation, frame.data.len(), &frame.text())
            .map_err(|(code, text)| Refusal::new(reference.clone(), code, text))?;
        Ok(Self { reference, command })
    }

    /// Appends the frame, with its LF; `sender` goes into its first field.
    pub fn write(&self, out: &mut Vec<u8>, sender: &str) {
        let tags = TagSet { reference: self.reference.as_deref(), ..TagSet::default() };
        let (destination, operation, data) = self.command.fields(sender);
        frame::write(out, tags, [sender, destination, operation], &data);
    }
}

impl Command {
    /// Whether it only keeps the connection alive.
    #[must_use]
    pub fn is_keep_alive(&self) -> bool {
        matches!(self, Self::Ping(_) | Self::Pong(_))
    }

    /// The destination, operation and data of its frame; an echo's destination is `sender`.
    #[must_use]
    pub fn fields<'a>(&'a self, sender: &'a str) -> (&'a str, &'a str, Cow<'a, str>) {
        let (destination, operation, data): (_, _, &str) = match self {
            Self::History { with, span } => return (with, op::HISTORY, span.write().into()),
            Self::Read { with, id } => return (with, op::READ, id.to_string().into()),
            Self::Name(name) => (SERVER, op::NAME, name),
            Self::Echo(text) => (sender, op::ECHO, text.as_str()),
            Self::ListClients => (SERVER, op::LIST_CLIENTS, NO_DATA),
            Self::Private { to, text } => (to, op::PRIVATE_MESSAGE, text.as_str()),
            Self::Broadcast { me_too: true, text } => (ALL_CLIENTS, op::BROADCAST, text.as_str()),
            Self::Broadcast { me_too: false, text } => (ALL_CLIENTS, op::BROADCAST_NOT_ME, text.as_str()),
            Self::Exit => (SERVER, op::EXIT, NO_DATA),
            Self::CloseServer => (SERVER, op::CLOSE_SERVER, "close server"),
            Self::CloseLater { after, reason } => {
                return (SERVER, op::CLOSE_SERVER, format!("in={}s {reason}", after.as_secs()).into());
            }
            Self::CallOff => (SERVER, op::CLOSE_SERVER, CALL_OFF),
            Self::JoinRoom { room, private: true } => (room, op::JOIN_ROOM, PRIVATE),
            Self::JoinRoom { room, private: false } => (room, op::JOIN_ROOM, NO_DATA),
            Self::LeaveRoom(room) => (room, op::LEAVE_ROOM, NO_DATA),
            Self::Rooms => (SERVER, op::ROOMS, NO_DATA),
            Self::Members(room) => (room, op::MEMBERS, NO_DATA),
            Self::Topic { place, text } => (place, op::TOPIC, text.as_str()),
            Self::InviteToRoom { room, user } => (room, op::INVITE_TO_ROOM, user),
            Self::RoomMessage { room, me_too: true, text } => (room, op::BROADCAST, text.as_str()),
            Self::RoomMessage { room, me_too: false, text } => (room, op::BROADCAST_NOT_ME, text.as_str()),
            Self::Act(wanted) => return (&wanted.place, wanted.act.verb().as_str(), wanted.data().into()),
            Self::Bans(place) => (place, op::BANS, NO_DATA),
            Self::Modlog { place, span } => return (place, op::MODLOG, span.write().into()),
            Self::Away(text) => (SERVER, op::AWAY, text.as_str()),
            Self::Ignore(user) => (SERVER, op::IGNORE, user),
            Self::Unignore(user) => (SERVER, op::UNIGNORE, user),
            Self::Ignored => (SERVER, op::IGNORED, NO_DATA),
            Self::Moderator(passphrase) => (SERVER, op::MODERATOR, passphrase),
            Self::Ping(token) => (SERVER, op::PING, token.as_str()),
            Self::Pong(token) => (SERVER, op::PONG, token.as_str()),
            Self::Conversations => (SERVER, op::CONVERSATIONS, NO_DATA),
            Self::Search(query) => (SERVER, op::SEARCH, query.as_str()),
            Self::TakeOver(name) => (SERVER, op::TAKE_OVER, name),
            Self::Code(code) => (SERVER, op::CODE, code),
            Self::Whois(name) => (SERVER, op::WHOIS, name),
            Self::Keys => (SERVER, op::KEYS, NO_DATA),
            Self::RevokeKey(proof) => (SERVER, op::REVOKE_KEY, proof),
            Self::InviteKey => (SERVER, op::INVITE_KEY, NO_DATA),
            Self::Invite => (SERVER, op::INVITE, NO_DATA),
            Self::Unknown(operation) => (SERVER, operation.as_str(), NO_DATA),
        };
        (destination, operation, data.into())
    }
}

/// Reads a command from destination, operation and data; `wire_len` is the length of the data as it was written.
pub(super) fn read(destination: &str, operation: &str, wire_len: usize, data: &str) -> Result<Command, (Code, String)> {
    if wire_len > MAX_DATA || escaped_len(data) > MAX_DATA {
        return Err((Code::TooLong, format!("A message has at most {MAX_DATA} bytes; send it in parts.")));
    }
    if destination.len() > MAX_DESTINATION {
        return Err((Code::BadFrame, format!("A destination has at most {MAX_DESTINATION} bytes.")));
    }
    Ok(match operation {
        op::NAME => Command::Name(data.to_owned()),
        op::ECHO => Command::Echo(Text::block(data)),
        op::LIST_CLIENTS => Command::ListClients,
        op::PRIVATE_MESSAGE => Command::Private { to: destination.to_owned(), text: Text::block(data) },
        op::BROADCAST | op::BROADCAST_NOT_ME if destination.starts_with(ROOM_SIGN) => Command::RoomMessage {
            room: destination.to_owned(),
            me_too: operation == op::BROADCAST,
            text: Text::block(data),
        },
        op::BROADCAST | op::BROADCAST_NOT_ME if destination != ALL_CLIENTS => {
            let destination = Text::line(destination);
            return Err((Code::NoSuchRoom, format!("There is no room {destination}; write to '{ALL_CLIENTS}'.")));
        }
        op::BROADCAST => Command::Broadcast { me_too: true, text: Text::block(data) },
        op::BROADCAST_NOT_ME => Command::Broadcast { me_too: false, text: Text::block(data) },
        op::EXIT => Command::Exit,
        op::CLOSE_SERVER => close(data)?,
        op::MODERATOR => Command::Moderator(data.to_owned()),
        op::CONVERSATIONS => Command::Conversations,
        op::HISTORY => {
            let span = Span::parse(data).map_err(|text| (Code::BadFrame, text))?;
            Command::History { with: destination.to_owned(), span }
        }
        op::READ => match data.trim().parse() {
            Ok(id) => Command::Read { with: destination.to_owned(), id: MessageId(id) },
            Err(_) => return Err((Code::BadFrame, "The number of a message is needed as data.".to_owned())),
        },
        op::SEARCH if data.len() > MAX_QUERY => {
            return Err((Code::TooLong, format!("A search has at most {MAX_QUERY} bytes.")));
        }
        op::SEARCH => Command::Search(Text::line(data)),
        op::TAKE_OVER => Command::TakeOver(data.to_owned()),
        op::CODE => Command::Code(data.to_owned()),
        op::WHOIS => Command::Whois(data.to_owned()),
        op::KEYS => Command::Keys,
        op::REVOKE_KEY => Command::RevokeKey(data.to_owned()),
        op::INVITE_KEY => Command::InviteKey,
        op::INVITE => Command::Invite,
        op::JOIN_ROOM => Command::JoinRoom { room: destination.to_owned(), private: data == PRIVATE },
        op::LEAVE_ROOM => Command::LeaveRoom(destination.to_owned()),
        op::ROOMS => Command::Rooms,
        op::MEMBERS => Command::Members(destination.to_owned()),
        op::TOPIC => Command::Topic { place: destination.to_owned(), text: short(data, MAX_TOPIC, "topic")? },
        op::INVITE_TO_ROOM => Command::InviteToRoom { room: destination.to_owned(), user: data.to_owned() },
        op::BANS => Command::Bans(destination.to_owned()),
        op::MODLOG => {
            let span = Span::parse(data).map_err(|text| (Code::BadFrame, text))?;
            Command::Modlog { place: destination.to_owned(), span }
        }
        op::AWAY => Command::Away(short(data, MAX_AWAY, "text")?),
        op::IGNORE => Command::Ignore(data.to_owned()),
        op::UNIGNORE => Command::Unignore(data.to_owned()),
        op::IGNORED => Command::Ignored,
        op::PING => Command::Ping(Text::line(data)),
        op::PONG => Command::Pong(Text::line(data)),
        other => match Verb::parse(other) {
            Some(verb) => Command::Act(Wanted::read(verb, destination, data)?),
            None => Command::Unknown(Text::line(other)),
        },
    })
}

/// Reads the data of `close_server`: nothing of note, `in=TIME REASON`, or [`CALL_OFF`].
fn close(data: &str) -> Result<Command, (Code, String)> {
    if data == CALL_OFF {
        return Ok(Command::CallOff);
    }
    let Some(later) = data.strip_prefix("in=") else { return Ok(Command::CloseServer) };
    let (time, reason) = later.split_once(' ').unwrap_or((later, ""));
    let after = period::parse(time).ok_or_else(|| {
        (Code::BadFrame, "Say when as in in=5m: a number and s, m, h or d, ten years at most.".to_owned())
    })?;
    let reason = short(reason, MAX_REASON, "reason")?;
    if reason.is_blank() {
        return Err((Code::ReasonNeeded, "Say why the server is to close.".to_owned()));
    }
    Ok(Command::CloseLater { after, reason })
}

/// Reads a text of one line and at most `most` bytes.
fn short(data: &str, most: usize, what: &str) -> Result<Text, (Code, String)> {
    let text = Text::line(if data == NO_DATA { "" } else { data.trim() });
    if text.as_str().len() > most {
        return Err((Code::TooLong, format!("A {what} has at most {most} bytes.")));
    }
    Ok(text)
}

fn refuse_frame(line: &[u8], error: FrameError) -> Refusal {
    Refusal::new(reference_of(line), Code::BadFrame, error.to_string())
}
