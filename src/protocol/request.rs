//! Requests: how a client's commands are written as frames, and read.
//!
//! Must not know: what a command leads to, or who may give it.

use std::borrow::Cow;

use super::act::{ActRequest, Verb};
use super::call::CallCommand;
use super::command::{
    ClosingCommand, Command, HistoryCommand, KeyCommand, MessageChange, MessageCommand, ModerationCommand, RoomCommand,
    SessionCommand, UserCommand,
};
use super::conference::ConferenceCommand;
use super::escape::escaped_len;
use super::frame::{self, Frame, FrameError, TagSet, reference_of};
use super::invitation::InvitationOrder;
use super::limits::{MAX_AWAY, MAX_DATA, MAX_DESTINATION, MAX_QUERY, MAX_REASON, MAX_TOPIC};
use super::refusal::{Code, Refusal};
use super::span::Span;
use super::words::{ALL_CLIENTS, NO_DATA, SERVER, op};
use crate::model::period;
use crate::model::room::ROOM_SIGN;
use crate::model::{MessageId, Text};

/// The data of `close_server` that cancels a planned closing.
const CALL_OFF: &str = "off";
/// The most digits of a message's number.
const MAX_NUMBER: usize = 20;
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
        let mut command = read(frame.destination, frame.operation, frame.data.len(), &frame.text())
            .map_err(|(code, text)| Refusal::new(reference.clone(), code, text))?;
        if let Some(answered) = frame.tags.get("reply") {
            let Ok(id) = answered.parse() else {
                let text = "The tag reply must be the number of a message.";
                return Err(Refusal::new(reference, Code::BadFrame, text));
            };
            command.answer(MessageId(id));
        }
        Ok(Self { reference, command })
    }

    /// Appends the frame, with its LF; `sender` goes into its first field.
    pub fn write(&self, out: &mut Vec<u8>, sender: &str) {
        let tags = TagSet { reference: self.reference.as_deref(), reply: self.command.answers(), ..TagSet::default() };
        let (destination, operation, data) = self.command.fields(sender);
        frame::write(out, tags, [sender, destination, operation], &data);
    }
}

impl Command {
    /// The message that it answers, if it is a message.
    fn answers(&self) -> Option<MessageId> {
        match self {
            Self::Message(
                MessageCommand::Private { reply, .. }
                | MessageCommand::Broadcast { reply, .. }
                | MessageCommand::Room { reply, .. },
            ) => *reply,
            _ => None,
        }
    }

    /// Makes a message an answer to another; nothing else answers one.
    fn answer(&mut self, id: MessageId) {
        if let Self::Message(
            MessageCommand::Private { reply, .. }
            | MessageCommand::Broadcast { reply, .. }
            | MessageCommand::Room { reply, .. },
        ) = self
        {
            *reply = Some(id);
        }
    }

    /// The destination, operation and data of its frame; an echo's destination is `sender`.
    #[must_use]
    pub fn fields<'a>(&'a self, sender: &'a str) -> (&'a str, &'a str, Cow<'a, str>) {
        let (destination, operation, data): (_, _, &str) = match self {
            Self::History(HistoryCommand::Page { with, span }) => return (with, op::HISTORY, span.write().into()),
            Self::History(HistoryCommand::Read { with, id }) => return (with, op::READ, id.to_string().into()),
            Self::Session(SessionCommand::Name(name)) => (SERVER, op::NAME, name),
            Self::Message(MessageCommand::Echo(text)) => (sender, op::ECHO, text.as_str()),
            Self::User(UserCommand::List) => (SERVER, op::LIST_CLIENTS, NO_DATA),
            Self::Message(MessageCommand::Private { to, text, .. }) => (to, op::PRIVATE_MESSAGE, text.as_str()),
            Self::Message(MessageCommand::Broadcast { me_too: true, text, .. }) => {
                (ALL_CLIENTS, op::BROADCAST, text.as_str())
            }
            Self::Message(MessageCommand::Broadcast { me_too: false, text, .. }) => {
                (ALL_CLIENTS, op::BROADCAST_NOT_ME, text.as_str())
            }
            Self::Session(SessionCommand::Exit) => (SERVER, op::EXIT, NO_DATA),
            Self::Closing(ClosingCommand::Now) => (SERVER, op::CLOSE_SERVER, "close server"),
            Self::Closing(ClosingCommand::Later { after, reason }) => {
                return (SERVER, op::CLOSE_SERVER, format!("in={}s {reason}", after.as_secs()).into());
            }
            Self::Closing(ClosingCommand::CallOff) => (SERVER, op::CLOSE_SERVER, CALL_OFF),
            Self::Room(RoomCommand::Join { room, private: true }) => (room, op::JOIN_ROOM, PRIVATE),
            Self::Room(RoomCommand::Join { room, private: false }) => (room, op::JOIN_ROOM, NO_DATA),
            Self::Room(RoomCommand::Leave(room)) => (room, op::LEAVE_ROOM, NO_DATA),
            Self::Room(RoomCommand::List) => (SERVER, op::ROOMS, NO_DATA),
            Self::Room(RoomCommand::Members(room)) => (room, op::MEMBERS, NO_DATA),
            Self::Room(RoomCommand::Topic { place, text }) => (place, op::TOPIC, text.as_str()),
            Self::Room(RoomCommand::Invite { room, user }) => (room, op::INVITE_TO_ROOM, user),
            Self::Message(MessageCommand::Room { room, me_too: true, text, .. }) => {
                (room, op::BROADCAST, text.as_str())
            }
            Self::Message(MessageCommand::Room { room, me_too: false, text, .. }) => {
                (room, op::BROADCAST_NOT_ME, text.as_str())
            }
            Self::Message(MessageCommand::Change { with, id, how }) => {
                let (operation, data) = how.write(*id);
                return (with, operation, data.into());
            }
            Self::History(HistoryCommand::Changes { with, span }) => return (with, op::CHANGES, span.write().into()),
            Self::Moderation(ModerationCommand::Act(wanted)) => {
                return (&wanted.place, wanted.act.verb().as_str(), wanted.data().into());
            }
            Self::Moderation(ModerationCommand::Bans(place)) => (place, op::BANS, NO_DATA),
            Self::History(HistoryCommand::Modlog { place, span }) => {
                return (place, op::MODLOG, span.write().into());
            }
            Self::User(UserCommand::Away(text)) => (SERVER, op::AWAY, text.as_str()),
            Self::User(UserCommand::Ignore(user)) => (SERVER, op::IGNORE, user),
            Self::User(UserCommand::Unignore(user)) => (SERVER, op::UNIGNORE, user),
            Self::User(UserCommand::Ignored) => (SERVER, op::IGNORED, NO_DATA),
            Self::User(UserCommand::Undisturbed(text)) => (SERVER, op::UNDISTURBED, text.as_str()),
            Self::User(UserCommand::Sessions) => (SERVER, op::SESSIONS, NO_DATA),
            Self::User(UserCommand::Rename(name)) => (SERVER, op::RENAME, name),
            Self::User(UserCommand::LeaveServer) => (SERVER, op::LEAVE_SERVER, NO_DATA),
            Self::User(UserCommand::EndSession(number)) => {
                return (SERVER, op::END_SESSION, number.to_string().into());
            }
            Self::Session(SessionCommand::Token(token)) => return (SERVER, op::SESSION, token.to_string().into()),
            Self::Session(SessionCommand::Moderator(passphrase)) => (SERVER, op::MODERATOR, passphrase),
            Self::Session(SessionCommand::Ping(token)) => (SERVER, op::PING, token.as_str()),
            Self::Session(SessionCommand::Pong(token)) => (SERVER, op::PONG, token.as_str()),
            Self::Session(SessionCommand::Capabilities(words)) => (SERVER, op::CAPABILITIES, words.as_str()),
            Self::History(HistoryCommand::Conversations) => (SERVER, op::CONVERSATIONS, NO_DATA),
            Self::History(HistoryCommand::Search(query)) => (SERVER, op::SEARCH, query.as_str()),
            Self::Session(SessionCommand::TakeOver(name)) => (SERVER, op::TAKE_OVER, name),
            Self::Session(SessionCommand::Code(code)) => (SERVER, op::CODE, code),
            Self::User(UserCommand::Whois(name)) => (SERVER, op::WHOIS, name),
            Self::Key(KeyCommand::List) => (SERVER, op::KEYS, NO_DATA),
            Self::Key(KeyCommand::Revoke(proof)) => (SERVER, op::REVOKE_KEY, proof),
            Self::Key(KeyCommand::Invite) => (SERVER, op::INVITE_KEY, NO_DATA),
            Self::Key(KeyCommand::InviteNewcomers(None)) => (SERVER, op::INVITE, NO_DATA),
            Self::Key(KeyCommand::InviteNewcomers(Some(order))) => return (SERVER, op::INVITE, order.data().into()),
            Self::Key(KeyCommand::Invitations) => (SERVER, op::INVITATIONS, NO_DATA),
            Self::Key(KeyCommand::RevokeInvitation(id)) => (SERVER, op::REVOKE_INVITATION, id),
            Self::Call(call) => return call.fields(),
            Self::Conference(conference) => return conference.fields(),
            Self::Unknown(operation) => (SERVER, operation.as_str(), NO_DATA),
        };
        (destination, operation, data.into())
    }
}

/// Reads a command from destination, operation and data; `wire_len` is the length of the data as it was written.
pub(super) fn read(destination: &str, operation: &str, wire_len: usize, data: &str) -> Result<Command, (Code, String)> {
    // An edit has the number of its message before the text.
    let most = if operation == op::EDIT { MAX_DATA + MAX_NUMBER + 1 } else { MAX_DATA };
    if wire_len > most || escaped_len(data) > most {
        return Err((Code::TooLong, format!("A message has at most {MAX_DATA} bytes; send it in parts.")));
    }
    if destination.len() > MAX_DESTINATION {
        return Err((Code::BadFrame, format!("A destination has at most {MAX_DESTINATION} bytes.")));
    }
    Ok(match operation {
        op::NAME => Command::Session(SessionCommand::Name(data.to_owned())),
        op::ECHO => Command::Message(MessageCommand::Echo(Text::block(data))),
        op::LIST_CLIENTS => Command::User(UserCommand::List),
        op::PRIVATE_MESSAGE => Command::Message(MessageCommand::Private {
            to: destination.to_owned(),
            text: Text::block(data),
            reply: None,
        }),
        op::BROADCAST | op::BROADCAST_NOT_ME if destination.starts_with(ROOM_SIGN) => {
            Command::Message(MessageCommand::Room {
                room: destination.to_owned(),
                me_too: operation == op::BROADCAST,
                text: Text::block(data),
                reply: None,
            })
        }
        op::BROADCAST | op::BROADCAST_NOT_ME if destination != ALL_CLIENTS => {
            let destination = Text::line(destination);
            return Err((Code::NoSuchRoom, format!("There is no room {destination}; write to '{ALL_CLIENTS}'.")));
        }
        op::BROADCAST | op::BROADCAST_NOT_ME => Command::Message(MessageCommand::Broadcast {
            me_too: operation == op::BROADCAST,
            text: Text::block(data),
            reply: None,
        }),
        op::EDIT | op::RETRACT | op::REACT | op::UNREACT => change(destination, operation, data)?,
        op::CAPABILITIES => Command::Session(SessionCommand::Capabilities(Text::line(data))),
        op::CHANGES => {
            let span = Span::parse(data).map_err(|text| (Code::BadFrame, text))?;
            Command::History(HistoryCommand::Changes { with: destination.to_owned(), span })
        }
        op::EXIT => Command::Session(SessionCommand::Exit),
        op::CLOSE_SERVER => close(data)?,
        op::MODERATOR => Command::Session(SessionCommand::Moderator(data.to_owned())),
        op::CONVERSATIONS => Command::History(HistoryCommand::Conversations),
        op::HISTORY => {
            let span = Span::parse(data).map_err(|text| (Code::BadFrame, text))?;
            Command::History(HistoryCommand::Page { with: destination.to_owned(), span })
        }
        op::READ => match data.trim().parse() {
            Ok(id) => Command::History(HistoryCommand::Read { with: destination.to_owned(), id: MessageId(id) }),
            Err(_) => return Err((Code::BadFrame, "The data must be the number of a message.".to_owned())),
        },
        op::SEARCH if data.len() > MAX_QUERY => {
            return Err((Code::TooLong, format!("A search has at most {MAX_QUERY} bytes.")));
        }
        op::SEARCH => Command::History(HistoryCommand::Search(Text::line(data))),
        op::TAKE_OVER => Command::Session(SessionCommand::TakeOver(data.to_owned())),
        op::CODE => Command::Session(SessionCommand::Code(data.to_owned())),
        op::WHOIS => Command::User(UserCommand::Whois(data.to_owned())),
        op::KEYS => Command::Key(KeyCommand::List),
        op::REVOKE_KEY => Command::Key(KeyCommand::Revoke(data.to_owned())),
        op::INVITE_KEY => Command::Key(KeyCommand::Invite),
        op::INVITE if data.is_empty() || data == NO_DATA => Command::Key(KeyCommand::InviteNewcomers(None)),
        op::INVITE => {
            let order = InvitationOrder::read(data).map_err(|text| (Code::BadFrame, text))?;
            Command::Key(KeyCommand::InviteNewcomers(Some(order)))
        }
        op::INVITATIONS => Command::Key(KeyCommand::Invitations),
        op::REVOKE_INVITATION => Command::Key(KeyCommand::RevokeInvitation(data.to_owned())),
        op::JOIN_ROOM => Command::Room(RoomCommand::Join { room: destination.to_owned(), private: data == PRIVATE }),
        op::LEAVE_ROOM => Command::Room(RoomCommand::Leave(destination.to_owned())),
        op::ROOMS => Command::Room(RoomCommand::List),
        op::MEMBERS => Command::Room(RoomCommand::Members(destination.to_owned())),
        op::TOPIC => {
            Command::Room(RoomCommand::Topic { place: destination.to_owned(), text: short(data, MAX_TOPIC, "topic")? })
        }
        op::INVITE_TO_ROOM => {
            Command::Room(RoomCommand::Invite { room: destination.to_owned(), user: data.to_owned() })
        }
        op::BANS => Command::Moderation(ModerationCommand::Bans(destination.to_owned())),
        op::MODLOG => {
            let span = Span::parse(data).map_err(|text| (Code::BadFrame, text))?;
            Command::History(HistoryCommand::Modlog { place: destination.to_owned(), span })
        }
        op::AWAY => Command::User(UserCommand::Away(short(data, MAX_AWAY, "text")?)),
        op::IGNORE => Command::User(UserCommand::Ignore(data.to_owned())),
        op::UNIGNORE => Command::User(UserCommand::Unignore(data.to_owned())),
        op::IGNORED => Command::User(UserCommand::Ignored),
        op::UNDISTURBED => Command::User(UserCommand::Undisturbed(short(data, MAX_AWAY, "text")?)),
        op::SESSIONS => Command::User(UserCommand::Sessions),
        op::RENAME => Command::User(UserCommand::Rename(data.to_owned())),
        op::LEAVE_SERVER => Command::User(UserCommand::LeaveServer),
        op::END_SESSION => match data.trim().parse() {
            Ok(number) => Command::User(UserCommand::EndSession(number)),
            Err(_) => return Err((Code::BadFrame, "The data must be the number of a session.".to_owned())),
        },
        op::SESSION => match data.trim().parse() {
            Ok(token) => Command::Session(SessionCommand::Token(token)),
            Err(_) => return Err((Code::BadFrame, "The data must be 32 hexadecimal digits.".to_owned())),
        },
        op::PING => Command::Session(SessionCommand::Ping(Text::line(data))),
        op::PONG => Command::Session(SessionCommand::Pong(Text::line(data))),
        other => {
            if let Some(verb) = Verb::parse(other) {
                Command::Moderation(ModerationCommand::Act(ActRequest::read(verb, destination, data)?))
            } else if let Some(conference) = ConferenceCommand::read(destination, other, data) {
                Command::Conference(conference?)
            } else if let Some(call) = CallCommand::read(destination, other, data) {
                Command::Call(call?)
            } else {
                Command::Unknown(Text::line(other))
            }
        }
    })
}

impl MessageChange {
    /// The operation and the data of its request.
    fn write(&self, id: MessageId) -> (&'static str, String) {
        match self {
            Self::Edit(text) => (op::EDIT, format!("{id} {text}")),
            Self::Retract => (op::RETRACT, id.to_string()),
            Self::React(reaction) => (op::REACT, format!("{id} {reaction}")),
            Self::Unreact(reaction) => (op::UNREACT, format!("{id} {reaction}")),
        }
    }
}

/// Reads the change of a message: `ID`, or `ID` and what follows it.
fn change(destination: &str, operation: &str, data: &str) -> Result<Command, (Code, String)> {
    let (id, rest) = data.split_once(' ').unwrap_or((data, ""));
    let Ok(id) = id.parse() else {
        return Err((Code::BadFrame, "The data must begin with the number of a message.".to_owned()));
    };
    let how = match operation {
        op::EDIT if escaped_len(rest) > MAX_DATA => {
            return Err((Code::TooLong, format!("A message has at most {MAX_DATA} bytes.")));
        }
        op::EDIT => MessageChange::Edit(Text::block(rest)),
        op::RETRACT => MessageChange::Retract,
        op::REACT => MessageChange::React(rest.to_owned()),
        _ => MessageChange::Unreact(rest.to_owned()),
    };
    Ok(Command::Message(MessageCommand::Change { with: destination.to_owned(), id: MessageId(id), how }))
}

/// Reads the data of `close_server`: nothing of note, `in=TIME REASON`, or [`CALL_OFF`].
fn close(data: &str) -> Result<Command, (Code, String)> {
    if data == CALL_OFF {
        return Ok(Command::Closing(ClosingCommand::CallOff));
    }
    let Some(later) = data.strip_prefix("in=") else { return Ok(Command::Closing(ClosingCommand::Now)) };
    let (time, reason) = later.split_once(' ').unwrap_or((later, ""));
    let after = period::parse(time).ok_or_else(|| {
        (Code::BadFrame, "Give a time such as in=5m: a number and s, m, h or d, at most ten years.".to_owned())
    })?;
    let reason = short(reason, MAX_REASON, "reason")?;
    if reason.is_blank() {
        return Err((Code::ReasonNeeded, "Give a reason for closing the server.".to_owned()));
    }
    Ok(Command::Closing(ClosingCommand::Later { after, reason }))
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
