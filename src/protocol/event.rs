//! The events that a server sends, as TR2.26 frames.
//!
//! Must not know: when or to whom they are sent.

use super::addressing::{destination, join, target};
use super::annotations::Annotations;
use super::call::CallEvent;
use super::change::ChangeEvent;
use super::conference::InCall;
use super::ending::{end, read_end, word};
use super::fields::EventFields;
use super::frame::{self, Frame, FrameError, TagSet};
use super::identity::IdentityEvent;
use super::refusal::Code;
use super::room::RoomEvent;
use super::session::SessionEvent;
use super::words::{
    ALL_CLIENTS, CLIENT, CLIENTS_CONNECTED, NAME_SEPARATOR, NO_DATA, OFFLINE, SERVER, SERVER_CLOSED, VERSION, op,
};
use crate::model::name::lenient;
use crate::model::{MessageId, Name, Target, Text, Timestamp};

/// An event with its tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// The label of the request that it answers.
    pub reference: Option<String>,
    /// The message's number.
    pub id: Option<MessageId>,
    /// When the server accepted it.
    pub time: Option<Timestamp>,
    /// The batch that it belongs to: one page of history or search results.
    pub batch: Option<String>,
    /// Whether its sender, or the user it is about, has proved their identity.
    pub verified: bool,
    /// What the message carries besides its text.
    pub annotations: Option<Box<Annotations>>,
    /// The event.
    pub event: Event,
}

/// An event from a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Asks for a name, and lists the server's capabilities; a TR2.23 server has none.
    Greeting(Vec<String>),
    /// The name is accepted.
    Welcome(Text),
    /// The name is refused, and the connection ends (TR2.23).
    NameRefused(Text),
    /// The answer to an echo request.
    Echo(Text),
    /// Connected users, all or some of them.
    Clients(Vec<Name>),
    /// The end of the [`Event::Clients`] that answer one request.
    ListEnd,
    /// A message from one user to another.
    Private {
        /// The sender.
        from: Name,
        /// The recipient.
        to: Name,
        /// The message.
        text: Text,
    },
    /// A message to everyone.
    Broadcast {
        /// The sender.
        from: Name,
        /// Whether the sender gets a copy.
        me_too: bool,
        /// The message.
        text: Text,
    },
    /// A message of the server itself.
    Notice(Text),
    /// The server closes.
    Closed,
    /// The message is stored, has its place in the order, and is on its way.
    Accepted {
        /// Whether it waits for a recipient who is offline.
        offline: bool,
    },
    /// A refusal, in place of the answer.
    Refused(Code, Text),
    /// The server does not know the operation.
    UnknownOperation(Text),
    /// The state of one of the user's conversations.
    Conversation(Summary),
    /// The end of the [`Event::Conversation`]s that answer one request.
    ConversationsEnd,
    /// The end of a history page.
    HistoryEnd {
        /// Whether more messages match the request than fit into the page.
        more: bool,
        /// The number of messages left out because they are damaged in the store.
        damaged: usize,
    },
    /// The read mark of a conversation.
    Read {
        /// The conversation.
        with: Target,
        /// The newest message that was read.
        id: MessageId,
    },
    /// The end of the search results, which come newest first.
    SearchEnd {
        /// Whether there are more results than were sent.
        more: bool,
        /// The number of messages left out because they are damaged in the store.
        damaged: usize,
    },
    /// The user has become a moderator.
    Moderator(Text),
    /// The user is not a moderator any more.
    Demoted(Text),
    /// A statement about a user's identity.
    Identity(IdentityEvent),
    /// An event in a room, or a moderator's action.
    Room(RoomEvent),
    /// A message has changed.
    Change(ChangeEvent),
    /// About a call.
    Call(CallEvent),
    /// Who is in the conference of a room.
    InCall(InCall),
    /// A user is away, or back if the text is blank.
    Away(Name, Text),
    /// All users that this user ignores.
    Ignored(Vec<Name>),
    /// About the user's own sessions.
    Session(SessionEvent),
    /// Users who joined.
    Joined(Vec<Name>),
    /// Users who left, and the reason if it is one user.
    Left(Vec<Name>, Option<Text>),
    /// The connection ends, as the client requested.
    Exited(Text),
    /// A request for a pong with the same token.
    Ping(Text),
    /// The answer to a ping.
    Pong(Text),
    /// An operation that this client does not know; it is ignored.
    Unknown(Text),
}

/// The state of one of the user's conversations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The other side of the conversation.
    pub with: Target,
    /// The newest message; 0 if there is none.
    pub last: MessageId,
    /// The newest message that the user has read; 0 if none.
    pub read: MessageId,
    /// The number of later messages from others, counted up to a limit.
    pub unread: usize,
}

impl From<Event> for Envelope {
    fn from(event: Event) -> Self {
        Self { reference: None, id: None, time: None, batch: None, verified: false, annotations: None, event }
    }
}

impl Envelope {
    /// An answer to the request labelled `reference`.
    #[must_use]
    pub fn answer(reference: Option<String>, event: Event) -> Self {
        Self { reference, ..event.into() }
    }

    /// Appends the frame, with its LF, as `recipient` gets it.
    pub fn write(&self, out: &mut Vec<u8>, recipient: Option<&Name>) {
        let why = match &self.event {
            Event::Left(_, why) | Event::Room(RoomEvent::Left { why, .. }) => why.as_ref().map(Text::as_str),
            _ => None,
        };
        let about = self.annotations.as_deref();
        let reply = about.and_then(|about| about.reply.as_ref());
        let quote = reply.and_then(|reply| Some(reply.quote.as_ref()?.tag()));
        let tags = TagSet {
            reference: self.reference.as_deref(),
            id: self.id,
            time: self.time,
            batch: self.batch.as_deref(),
            why,
            verified: self.verified,
            reply: reply.map(|reply| reply.id),
            quote: quote.as_deref(),
            edited: about.and_then(|about| about.edited),
            change: about.and_then(|about| about.change),
        };
        let fields = self.event.fields(recipient);
        frame::write(out, tags, [fields.sender, fields.destination, fields.operation], &fields.data);
    }

    /// Reads a line, without its LF. A malformed time is ignored.
    ///
    /// # Errors
    /// Why the line is no frame.
    pub fn parse(line: &[u8]) -> Result<Self, FrameError> {
        let frame = Frame::parse(line)?;
        let tag = |key| frame.tags.get(key).map(std::borrow::Cow::into_owned);
        let why = tag("why").map(|why| Text::line(&why));
        Ok(Self {
            reference: tag("ref"),
            id: tag("id").and_then(|id| id.parse().ok()).map(MessageId),
            time: tag("time").and_then(|time| Timestamp::parse(&time)),
            batch: tag("batch"),
            verified: tag("verified").is_some(),
            annotations: Annotations::read(frame.tags),
            event: Event::read(frame.sender, frame.destination, frame.operation, &frame.text(), why),
        })
    }
}

impl Event {
    /// The answer to an accepted name, in the original's words.
    #[must_use]
    pub fn welcome(address: &str) -> Self {
        Self::Welcome(Text::line(&format!("You are now connected to the server in {address}")))
    }

    pub(super) fn fields<'a>(&'a self, recipient: Option<&'a Name>) -> EventFields<'a> {
        let you = recipient.map_or(CLIENT, Name::as_str);
        let (sender, destination, operation) = match self {
            Self::Greeting(_) => (SERVER, CLIENT, op::NAME),
            Self::Welcome(_) => (SERVER, you, op::CONNECTION_CONFIRMATION),
            Self::NameRefused(_) => (SERVER, you, op::CONNECTION_ERROR),
            Self::Echo(_) => (you, you, op::ECHO),
            Self::Clients(_) => (SERVER, you, op::LIST_CLIENTS),
            Self::ListEnd => (SERVER, you, op::LIST_END),
            Self::Private { from, to, .. } => (from.as_str(), to.as_str(), op::PRIVATE_MESSAGE),
            Self::Broadcast { from, me_too: true, .. } => (from.as_str(), ALL_CLIENTS, op::BROADCAST),
            Self::Broadcast { from, me_too: false, .. } => (from.as_str(), ALL_CLIENTS, op::BROADCAST_NOT_ME),
            Self::Notice(_) => (SERVER, you, op::PRIVATE_MESSAGE),
            Self::Closed => (SERVER, ALL_CLIENTS, op::BROADCAST),
            Self::Accepted { .. } => (SERVER, you, op::ACCEPTED),
            Self::Conversation(_) => (SERVER, you, op::CONVERSATION),
            Self::ConversationsEnd => (SERVER, you, op::CONVERSATIONS_END),
            Self::HistoryEnd { .. } => (SERVER, you, op::HISTORY_END),
            Self::Read { .. } => (SERVER, you, op::READ),
            Self::SearchEnd { .. } => (SERVER, you, op::SEARCH_END),
            Self::Refused(..) => (SERVER, you, op::REFUSED),
            Self::UnknownOperation(_) => (SERVER, you, op::UNKNOWN_OPERATION),
            Self::Moderator(_) => (SERVER, you, op::MODERATOR),
            Self::Demoted(_) => (SERVER, you, op::DEMOTED),
            Self::Room(room) => return room.fields(you),
            Self::Change(change) => return change.fields(you),
            Self::Call(call) => return call.fields(you),
            Self::InCall(who) => return who.fields(),
            Self::Away(who, _) => (who.as_str(), ALL_CLIENTS, op::AWAY),
            Self::Ignored(_) => (SERVER, you, op::IGNORED),
            Self::Identity(about) => (SERVER, you, about.operation()),
            Self::Session(about) => (SERVER, you, about.operation()),
            Self::Joined(_) => (SERVER, ALL_CLIENTS, op::JOINED),
            Self::Left(..) => (SERVER, ALL_CLIENTS, op::LEFT),
            Self::Exited(_) => (SERVER, you, op::EXIT),
            Self::Ping(_) => (SERVER, you, op::PING),
            Self::Pong(_) => (SERVER, you, op::PONG),
            Self::Unknown(operation) => (SERVER, you, operation.as_str()),
        };
        EventFields { sender, destination, operation, data: self.data() }
    }

    fn data(&self) -> std::borrow::Cow<'_, str> {
        match self {
            Self::Greeting(capabilities) if capabilities.is_empty() => NO_DATA.into(),
            Self::Greeting(capabilities) => format!("{VERSION} {}", capabilities.join(" ")).into(),
            Self::Welcome(text)
            | Self::NameRefused(text)
            | Self::Echo(text)
            | Self::Private { text, .. }
            | Self::Broadcast { text, .. }
            | Self::Notice(text)
            | Self::UnknownOperation(text)
            | Self::Moderator(text)
            | Self::Demoted(text)
            | Self::Away(_, text)
            | Self::Exited(text)
            | Self::Ping(text)
            | Self::Pong(text) => text.as_str().into(),
            Self::Clients(names) => format!("{CLIENTS_CONNECTED}{}", join(names, NAME_SEPARATOR)).into(),
            Self::Joined(names) | Self::Left(names, _) | Self::Ignored(names) => join(names, " ").into(),
            Self::Closed => SERVER_CLOSED.into(),
            Self::Identity(about) => about.data().into(),
            Self::Session(about) => about.data().into(),
            Self::Refused(code, text) => format!("{code} {text}").into(),
            Self::Accepted { offline: true } => OFFLINE.into(),
            Self::Conversation(Summary { with, last, read, unread }) => {
                format!("last={last} read={read} unread={unread} {}", destination(with)).into()
            }
            Self::HistoryEnd { more, damaged } | Self::SearchEnd { more, damaged } => end(*more, *damaged).into(),
            Self::Read { with, id } => format!("{id} {}", destination(with)).into(),
            Self::ListEnd
            | Self::Accepted { offline: false }
            | Self::ConversationsEnd
            | Self::Unknown(_)
            // These have fields of their own.
            | Self::Room(_)
            | Self::Change(_)
            | Self::Call(_)
            | Self::InCall(_) => "".into(),
        }
    }

    /// Reads an event from four fields of a server that may be hostile: names and text come out harmless.
    pub(super) fn read(sender: &str, destination: &str, operation: &str, data: &str, why: Option<Text>) -> Self {
        let text = || Text::block(data);
        let unknown = || Self::Unknown(Text::line(operation));
        if let Some(room) = RoomEvent::read(sender, destination, operation, data, why.clone()) {
            return Self::Room(room);
        }
        if let Some(change) = ChangeEvent::read(sender, destination, operation, data) {
            return Self::Change(change);
        }
        if let Some(call) = CallEvent::read(sender, destination, operation, data) {
            return Self::Call(call);
        }
        if let Some(who) = InCall::read(destination, operation, data) {
            return Self::InCall(who);
        }
        if let Some(about) = SessionEvent::read(operation, data) {
            return Self::Session(about);
        }
        match operation {
            op::NAME => Self::Greeting(capabilities(data)),
            op::CONNECTION_CONFIRMATION => Self::Welcome(text()),
            op::CONNECTION_ERROR => Self::NameRefused(text()),
            op::ECHO => Self::Echo(text()),
            op::LIST_CLIENTS => {
                let names = data.strip_prefix(CLIENTS_CONNECTED).unwrap_or(data);
                Self::Clients(names.split(NAME_SEPARATOR).filter_map(lenient).collect())
            }
            op::LIST_END => Self::ListEnd,
            op::BROADCAST if sender == SERVER && data == SERVER_CLOSED => Self::Closed,
            op::BROADCAST | op::BROADCAST_NOT_ME | op::PRIVATE_MESSAGE if sender == SERVER => Self::Notice(text()),
            op::PRIVATE_MESSAGE => match (lenient(sender), lenient(destination)) {
                (Some(from), Some(to)) => Self::Private { from, to, text: text() },
                _ => unknown(),
            },
            op::BROADCAST | op::BROADCAST_NOT_ME => match lenient(sender) {
                Some(from) => Self::Broadcast { from, me_too: operation == op::BROADCAST, text: text() },
                None => unknown(),
            },
            op::ACCEPTED => Self::Accepted { offline: data == OFFLINE },
            op::CONVERSATION => summary(data).map_or_else(unknown, Self::Conversation),
            op::CONVERSATIONS_END => Self::ConversationsEnd,
            op::HISTORY_END => {
                let (more, damaged) = read_end(data);
                Self::HistoryEnd { more, damaged }
            }
            op::SEARCH_END => {
                let (more, damaged) = read_end(data);
                Self::SearchEnd { more, damaged }
            }
            op::READ => match data.split_once(' ').and_then(|(id, with)| Some((id.parse().ok()?, target(with)?))) {
                Some((id, with)) => Self::Read { with, id: MessageId(id) },
                None => unknown(),
            },
            op::REFUSED => {
                let (word, sentence) = data.split_once(' ').unwrap_or((data, ""));
                Self::Refused(Code::parse(word), Text::block(sentence))
            }
            op::UNKNOWN_OPERATION => Self::UnknownOperation(text()),
            op::MODERATOR => Self::Moderator(text()),
            op::DEMOTED => Self::Demoted(text()),
            op::AWAY => lenient(sender).map_or_else(unknown, |who| Self::Away(who, Text::line(data))),
            op::IGNORED => Self::Ignored(data.split(' ').filter_map(lenient).collect()),
            op::JOINED => Self::Joined(data.split(' ').filter_map(lenient).collect()),
            op::LEFT => Self::Left(data.split(' ').filter_map(lenient).collect(), why),
            op::EXIT => Self::Exited(text()),
            op::PING => Self::Ping(Text::line(data)),
            op::PONG => Self::Pong(Text::line(data)),
            other => IdentityEvent::read(other, data).map_or_else(unknown, Self::Identity),
        }
    }
}

/// Reads `last=ID read=ID unread=N WITH`
fn summary(data: &str) -> Option<Summary> {
    let with = data.splitn(4, ' ').nth(3)?;
    let number = |key| word(data, key).and_then(|number| number.parse().ok());
    Some(Summary {
        with: target(with)?,
        last: MessageId(number("last")?),
        read: MessageId(number("read")?),
        unread: usize::try_from(number("unread")?).ok()?,
    })
}

fn capabilities(data: &str) -> Vec<String> {
    match data.strip_prefix(VERSION) {
        Some(rest) => rest.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect(),
        None => Vec::new(),
    }
}
