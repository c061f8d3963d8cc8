//! What a server says to a client, in TR2.26 frames.
//!
//! Must not know: when or to whom it is said.

use super::about::About;
use super::frame::{self, Frame, FrameError, TagSet};
use super::place::{destination, join, target};
use super::refusal::Code;
use super::room::RoomEvent;
use super::words::{
    ALL_CLIENTS, CLIENT, CLIENTS_CONNECTED, NAME_SEPARATOR, NO_DATA, OFFLINE, SERVER, SERVER_CLOSED, VERSION, op,
};
use crate::model::name::lenient;
use crate::model::{MessageId, Name, Target, Text, Timestamp};

/// An event with what its tags say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// The label of the request that this answers.
    pub reference: Option<String>,
    /// The message's number.
    pub id: Option<MessageId>,
    /// When the server accepted it.
    pub time: Option<Timestamp>,
    /// The reply that this is part of.
    pub batch: Option<String>,
    /// Whether who says it, or is named in it, has proved who they are.
    pub verified: bool,
    /// What is said.
    pub event: Event,
}

/// What a server can say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Asks for a name, and tells what the server can do: nothing, for a TR2.23 server.
    Greeting(Vec<String>),
    /// The name is taken up.
    Welcome(Text),
    /// The name is not taken up, and the connection ends (TR2.23).
    NameRefused(Text),
    /// A text that comes back.
    Echo(Text),
    /// Who is connected, or a part of them.
    Clients(Vec<Name>),
    /// No more of [`Event::Clients`] comes for this request.
    ListEnd,
    /// A message from one user to another.
    Private {
        /// Who says it.
        from: Name,
        /// To whom.
        to: Name,
        /// What.
        text: Text,
    },
    /// A message to everyone.
    Broadcast {
        /// Who says it.
        from: Name,
        /// Whether its sender gets it too.
        me_too: bool,
        /// What.
        text: Text,
    },
    /// Something the server itself tells.
    Notice(Text),
    /// The server ends.
    Closed,
    /// The message is stored, has its place in the order, and is on its way.
    Accepted {
        /// Whether it waits for a user who is not online.
        offline: bool,
    },
    /// In place of the answer that was asked for.
    Refused(Code, Text),
    /// The server does not know the operation.
    UnknownOperation(Text),
    /// A conversation that the user is part of.
    Conversation(Standing),
    /// No more of [`Event::Conversation`] comes for this request.
    ConversationsEnd,
    /// The messages that were asked for have come.
    HistoryEnd {
        /// Whether there are more of what was asked for than fit in one page.
        more: bool,
        /// How many are damaged where they are kept, and were left out.
        damaged: usize,
    },
    /// It is known up to where a conversation was read.
    Read {
        /// Which conversation.
        with: Target,
        /// Up to which message.
        id: MessageId,
    },
    /// What was found has come, newest first.
    SearchEnd {
        /// Whether more was found than is told.
        more: bool,
        /// How many are damaged where they are kept, and were left out.
        damaged: usize,
    },
    /// The user is a moderator now.
    Moderator(Text),
    /// The user is none any more.
    Demoted(Text),
    /// Something about who somebody is.
    About(About),
    /// Something about a room, or about what moderators did.
    Room(RoomEvent),
    /// Somebody is away, or with a blank text back.
    Away(Name, Text),
    /// Whom the user hides from sight: all of them.
    Ignored(Vec<Name>),
    /// Users who came.
    Joined(Vec<Name>),
    /// Users who went, and why if it is one.
    Left(Vec<Name>, Option<Text>),
    /// The connection ends, as the client asked.
    Exited(Text),
    /// To be answered with a pong of the same token.
    Ping(Text),
    /// The answer to a ping.
    Pong(Text),
    /// An operation that this client does not know, to be ignored.
    Unknown(Text),
}

/// Where a user stands in a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// With whom.
    pub with: Target,
    /// Its newest message; 0 if it has none.
    pub last: MessageId,
    /// Up to where the user has read it; 0 if nothing.
    pub read: MessageId,
    /// How many messages of others came after that; counted up to a bound.
    pub unread: usize,
}

impl From<Event> for Envelope {
    fn from(event: Event) -> Self {
        Self { reference: None, id: None, time: None, batch: None, verified: false, event }
    }
}

impl Envelope {
    /// An answer to the request labelled `reference`.
    #[must_use]
    pub fn answer(reference: Option<String>, event: Event) -> Self {
        Self { reference, ..event.into() }
    }

    /// Appends the frame, with its LF, as it goes to `recipient`.
    pub fn write(&self, out: &mut Vec<u8>, recipient: Option<&Name>) {
        let why = match &self.event {
            Event::Left(_, why) | Event::Room(RoomEvent::Left { why, .. }) => why.as_ref().map(Text::as_str),
            _ => None,
        };
        let tags = TagSet {
            reference: self.reference.as_deref(),
            id: self.id,
            time: self.time,
            batch: self.batch.as_deref(),
            why,
            verified: self.verified,
        };
        let fields = self.event.fields(recipient);
        frame::write(out, tags, [fields.sender, fields.destination, fields.operation], &fields.data);
    }

    /// Reads a line, given without its LF. The time is the server's, if it is a time.
    ///
    /// # Errors
    /// What makes it no frame.
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
            event: Event::read(frame.sender, frame.destination, frame.operation, &frame.text(), why),
        })
    }
}

/// An event's four fields.
pub(super) struct Fields<'a> {
    pub(super) sender: &'a str,
    pub(super) destination: &'a str,
    pub(super) operation: &'a str,
    pub(super) data: std::borrow::Cow<'a, str>,
}

impl Event {
    /// What the server's answer to a taken-up name says, as the original does.
    #[must_use]
    pub fn welcome(address: &str) -> Self {
        Self::Welcome(Text::line(&format!("You are now connected to the server in {address}")))
    }

    pub(super) fn fields<'a>(&'a self, recipient: Option<&'a Name>) -> Fields<'a> {
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
            Self::Away(who, _) => (who.as_str(), ALL_CLIENTS, op::AWAY),
            Self::Ignored(_) => (SERVER, you, op::IGNORED),
            Self::About(about) => (SERVER, you, about.operation()),
            Self::Joined(_) => (SERVER, ALL_CLIENTS, op::JOINED),
            Self::Left(..) => (SERVER, ALL_CLIENTS, op::LEFT),
            Self::Exited(_) => (SERVER, you, op::EXIT),
            Self::Ping(_) => (SERVER, you, op::PING),
            Self::Pong(_) => (SERVER, you, op::PONG),
            Self::Unknown(operation) => (SERVER, you, operation.as_str()),
        };
        Fields { sender, destination, operation, data: self.data() }
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
            Self::About(about) => about.data().into(),
            Self::Refused(code, text) => format!("{code} {text}").into(),
            Self::Accepted { offline: true } => OFFLINE.into(),
            Self::Conversation(Standing { with, last, read, unread }) => {
                format!("last={last} read={read} unread={unread} {}", destination(with)).into()
            }
            Self::HistoryEnd { more, damaged } | Self::SearchEnd { more, damaged } => {
                let more = if *more { "more " } else { "" };
                let damaged = if *damaged > 0 { format!("damaged={damaged}") } else { String::new() };
                format!("{more}{damaged}").trim_end().to_owned().into()
            }
            Self::Read { with, id } => format!("{id} {}", destination(with)).into(),
            Self::ListEnd
            | Self::Accepted { offline: false }
            | Self::ConversationsEnd
            | Self::Unknown(_)
            // Has fields of its own.
            | Self::Room(_) => "".into(),
        }
    }

    /// The meaning of four fields from a server that may mean harm: names and text come out harmless.
    pub(super) fn read(sender: &str, destination: &str, operation: &str, data: &str, why: Option<Text>) -> Self {
        let text = || Text::block(data);
        let unknown = || Self::Unknown(Text::line(operation));
        if let Some(room) = RoomEvent::read(sender, destination, operation, data, why.clone()) {
            return Self::Room(room);
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
            op::CONVERSATION => standing(data).map_or_else(unknown, Self::Conversation),
            op::CONVERSATIONS_END => Self::ConversationsEnd,
            op::HISTORY_END => Self::HistoryEnd { more: word(data, "more").is_some(), damaged: damaged(data) },
            op::SEARCH_END => Self::SearchEnd { more: word(data, "more").is_some(), damaged: damaged(data) },
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
            other => About::read(other, data).map_or_else(unknown, Self::About),
        }
    }
}

/// What follows a key among words, as `2` follows `damaged` in `more damaged=2`; nothing follows a word alone.
fn word<'a>(data: &'a str, key: &str) -> Option<&'a str> {
    data.split(' ').find_map(|word| {
        let rest = word.strip_prefix(key)?;
        if rest.is_empty() { Some(rest) } else { rest.strip_prefix('=') }
    })
}

fn damaged(data: &str) -> usize {
    word(data, "damaged").and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// `last=ID read=ID unread=N WITH`
fn standing(data: &str) -> Option<Standing> {
    let with = data.splitn(4, ' ').nth(3)?;
    let number = |key| word(data, key).and_then(|number| number.parse().ok());
    Some(Standing {
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
