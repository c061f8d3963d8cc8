//! What a client asks of a server, in TR2.26 frames.
//!
//! Must not know: whether what is asked is allowed, or what it leads to.

use std::borrow::Cow;

use super::escape::escaped_len;
use super::frame::{self, Frame, FrameError, TagSet, reference_of};
use super::limits::{MAX_DATA, MAX_DESTINATION, MAX_QUERY};
use super::refusal::{Code, Refusal};
use super::span::Span;
use super::words::{ALL_CLIENTS, NO_DATA, SERVER, op};
use crate::model::{MessageId, Text};

/// A command with the label by which its answers are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The client's label, at most 64 bytes; comes back on every answer.
    pub reference: Option<String>,
    /// What is asked.
    pub command: Command,
}

/// What a client can ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// To be known under this name, as the person wrote it.
    Name(String),
    /// To have a text sent back.
    Echo(Text),
    /// Who is connected.
    ListClients,
    /// A message to one user, whose name is as the sender wrote it.
    Private {
        /// To whom.
        to: String,
        /// What.
        text: Text,
    },
    /// A message to everyone.
    Broadcast {
        /// Whether the sender wants it too.
        me_too: bool,
        /// What.
        text: Text,
    },
    /// To leave.
    Exit,
    /// To close the server.
    CloseServer,
    /// To become a moderator, with the server's passphrase.
    Moderator(String),
    /// To be answered with a pong of the same token.
    Ping(Text),
    /// The answer to the server's ping.
    Pong(Text),
    /// Which conversations there are, and what of them was read.
    Conversations,
    /// A part of the past of a conversation.
    History {
        /// With whom: [`ALL_CLIENTS`] or a user's name as written.
        with: String,
        /// Which part.
        span: Span,
    },
    /// Everything up to a message was read.
    Read {
        /// With whom: [`ALL_CLIENTS`] or a user's name as written.
        with: String,
        /// Up to which message.
        id: MessageId,
    },
    /// What was said about something, in the asker's conversations; see [`Query`](super::query::Query).
    Search(Text),
    /// As [`Command::Name`], ending an older session of the same owner.
    TakeOver(String),
    /// A code that lets the sender in under the name that is given next.
    Code(String),
    /// Who somebody is, by the name as written.
    Whois(String),
    /// Which identities the asker's name belongs to.
    Keys,
    /// That one of these identities is none of them any more.
    RevokeKey(String),
    /// A code that adds a key to the asker's name.
    InviteKey,
    /// A code for somebody new.
    Invite,
    /// An operation that this server does not know.
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

    /// Appends the frame, with its LF, as `sender` writes it.
    pub fn write(&self, out: &mut Vec<u8>, sender: &str) {
        let tags = TagSet { reference: self.reference.as_deref(), ..TagSet::default() };
        let (destination, operation, data) = self.command.fields(sender);
        frame::write(out, tags, [sender, destination, operation], &data);
    }
}

impl Command {
    /// Whether it only tells that the connection lives.
    #[must_use]
    pub fn is_keep_alive(&self) -> bool {
        matches!(self, Self::Ping(_) | Self::Pong(_))
    }

    /// The last three fields, as `sender` writes them.
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

/// The meaning of the last three fields; `wire_len` is the length of the data as it was written.
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
        op::BROADCAST | op::BROADCAST_NOT_ME if destination != ALL_CLIENTS => {
            let destination = Text::line(destination);
            return Err((Code::NoSuchRoom, format!("There is no room {destination}; write to '{ALL_CLIENTS}'.")));
        }
        op::BROADCAST => Command::Broadcast { me_too: true, text: Text::block(data) },
        op::BROADCAST_NOT_ME => Command::Broadcast { me_too: false, text: Text::block(data) },
        op::EXIT => Command::Exit,
        op::CLOSE_SERVER => Command::CloseServer,
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
        op::PING => Command::Ping(Text::line(data)),
        op::PONG => Command::Pong(Text::line(data)),
        other => Command::Unknown(Text::line(other)),
    })
}

fn refuse_frame(line: &[u8], error: FrameError) -> Refusal {
    Refusal::new(reference_of(line), Code::BadFrame, error.to_string())
}
