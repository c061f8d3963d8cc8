//! The awaited answers, and the messages that are on their way.
//!
//! Must not know: how a request is labelled, or what its answer leads to.

use crate::model::{MessageId, RoomName, Target, Text};
use crate::protocol::{CallId, Command, MessageCommand};

/// An awaited answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum Awaited {
    /// The acceptance of a message.
    Message(Outgoing),
    /// An echo.
    Echo,
    /// The list of who is online.
    List,
    /// Becoming a moderator.
    Moderator,
    /// The closing of the server.
    Close,
    /// Information about an identity.
    About,
    /// The answer to an inquiry.
    Inquiry(Inquiry),
    /// The change of a message in this conversation; whether it is an edit, which is shown already.
    Change(Target, MessageId, bool),
    /// Our call, which rings or is refused.
    Call(CallId),
    /// To join a room's call.
    Conference,
}

/// A request about a place or about people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum Inquiry {
    /// To join a room.
    Join(RoomName),
    /// To leave a room.
    Leave(RoomName),
    /// To list the rooms.
    Rooms,
    /// To list the members of a room; whether the person asked, rather than the pane beside the messages.
    Members(RoomName, bool),
    /// To set a topic.
    Topic,
    /// To invite somebody into a room.
    Invite(RoomName, String),
    /// A moderator's act.
    Act,
    /// To find out whom a ban would hit.
    DryRun,
    /// To list the bans and mutes in force in a place.
    Bans(Target),
    /// To read the log of a place.
    Modlog(Target),
    /// To be away or back.
    Away,
    /// To ignore somebody, or to list who is ignored.
    Ignored,
    /// To announce the closing of the server, or to call it off.
    Closing,
}

impl Awaited {
    /// Whether the answer decides what the next lines of plain mode mean: it closes the server, or changes where lines
    /// go.
    pub(in crate::client::session::outbound) fn decides(&self) -> bool {
        match self {
            Self::Moderator | Self::Close => true,
            Self::Inquiry(inquiry) => matches!(inquiry, Inquiry::Join(_) | Inquiry::Leave(_)),
            Self::Message(_)
            | Self::Echo
            | Self::List
            | Self::About
            | Self::Change(..)
            | Self::Call(_)
            | Self::Conference => false,
        }
    }
}

/// A message on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) struct Outgoing {
    target: Target,
    me_too: bool,
    text: Text,
    /// The message that it answers.
    reply: Option<MessageId>,
    /// How often the server refused it as too fast.
    pub(in crate::client::session::outbound) tries: u32,
    /// The label, by which the server recognizes a message that is sent again.
    pub(in crate::client::session::outbound) label: Option<String>,
    /// Its position among all messages.
    pub(in crate::client::session::outbound) order: u64,
    /// Whether a server may have received it.
    pub(in crate::client::session::outbound) sent: bool,
    /// The label that a program has given it.
    tag: Option<String>,
}

impl Outgoing {
    pub(in crate::client::session) fn new(target: Target, me_too: bool, text: Text) -> Self {
        Self { target, me_too, text, reply: None, tries: 0, label: None, order: 0, sent: false, tag: None }
    }

    /// The same message as an answer to another.
    pub(in crate::client::session) fn answering(self, reply: Option<MessageId>) -> Self {
        Self { reply, ..self }
    }

    /// The same message with another text.
    pub(in crate::client::session::outbound) fn with_text(&self, text: Text) -> Self {
        Self { text, ..self.clone() }
    }

    /// The same message with the label that a program has given it.
    pub(in crate::client::session) fn tagged(self, tag: Option<String>) -> Self {
        Self { tag, ..self }
    }

    /// The label that a program has given it.
    pub(in crate::client::session) fn tag(&self) -> Option<String> {
        self.tag.clone()
    }

    pub(in crate::client::session) fn target(&self) -> &Target {
        &self.target
    }

    /// Whether it comes to its sender too.
    pub(in crate::client::session) fn is_me_too(&self) -> bool {
        self.me_too
    }

    pub(in crate::client::session) fn text(&self) -> &Text {
        &self.text
    }

    /// Its label; empty until it has one.
    pub(in crate::client::session) fn label(&self) -> &str {
        self.label.as_deref().unwrap_or_default()
    }

    pub(in crate::client::session::outbound) fn command(&self) -> Command {
        let (text, reply) = (self.text.clone(), self.reply);
        match &self.target {
            Target::Everyone => Command::Message(MessageCommand::Broadcast { me_too: self.me_too, text, reply }),
            Target::User(name) => Command::Message(MessageCommand::Private { to: name.to_string(), text, reply }),
            Target::Room(room) => {
                Command::Message(MessageCommand::Room { room: room.to_string(), me_too: self.me_too, text, reply })
            }
        }
    }
}
