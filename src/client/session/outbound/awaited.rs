//! What is awaited of the server: the answers, and the messages on their way.
//!
//! Must not know: how a request is labelled, or what comes of its answer.

use crate::model::{RoomName, Target, Text};
use crate::protocol::{Command, MessageCommand};

/// An answer that is awaited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum Awaited {
    /// That a message is accepted.
    Message(Outgoing),
    /// An echo.
    Echo,
    /// The list of who is online.
    List,
    /// To be a moderator.
    Moderator,
    /// That the server closes.
    Close,
    /// Something about who somebody is.
    About,
    /// Something about a place or about people.
    Inquiry(Inquiry),
}

/// Something that was asked about a place or about people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum Inquiry {
    /// To be in a room.
    Join(RoomName),
    /// Not to be in it any more.
    Leave(RoomName),
    /// Which rooms there are.
    Rooms,
    /// Who is in a room; whether the person asked, or only the pane beside the messages.
    Members(RoomName, bool),
    /// To set a topic.
    Topic,
    /// To invite somebody into a room.
    Invite(RoomName, String),
    /// A moderator's act.
    Act,
    /// Whom a ban would hit.
    DryRun,
    /// The bans and mutes in force.
    Bans,
    /// The log of a place.
    Modlog(Target),
    /// To be away or back.
    Away,
    /// To ignore somebody, or whom one ignores.
    Ignored,
    /// To close the server later, or not to.
    Closing,
}

impl Awaited {
    /// Whether the answer decides what plain mode's next lines mean: about the server's end, or where they go.
    pub(in crate::client::session::outbound) fn decides(&self) -> bool {
        match self {
            Self::Moderator | Self::Close => true,
            Self::Inquiry(inquiry) => matches!(inquiry, Inquiry::Join(_) | Inquiry::Leave(_)),
            Self::Message(_) | Self::Echo | Self::List | Self::About => false,
        }
    }
}

/// A message on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) struct Outgoing {
    target: Target,
    me_too: bool,
    text: Text,
    /// How often it was refused because the server could not take it just then.
    pub(in crate::client::session::outbound) tries: u32,
    /// What it is known by, to the server too: sent again under the same label, it is the same message.
    pub(in crate::client::session::outbound) label: Option<String>,
    /// Its place among all that was sent.
    pub(in crate::client::session::outbound) order: u64,
    /// Whether a server may have got it.
    pub(in crate::client::session::outbound) handed: bool,
}

impl Outgoing {
    pub(in crate::client::session) fn new(target: Target, me_too: bool, text: Text) -> Self {
        Self { target, me_too, text, tries: 0, label: None, order: 0, handed: false }
    }

    /// The same message with another text.
    pub(in crate::client::session::outbound) fn with_text(&self, text: Text) -> Self {
        Self { text, ..self.clone() }
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

    /// Its label; empty before it has one.
    pub(in crate::client::session) fn label(&self) -> &str {
        self.label.as_deref().unwrap_or_default()
    }

    pub(in crate::client::session::outbound) fn command(&self) -> Command {
        let text = self.text.clone();
        match &self.target {
            Target::Everyone => Command::Message(MessageCommand::Broadcast { me_too: self.me_too, text }),
            Target::User(name) => Command::Message(MessageCommand::Private { to: name.to_string(), text }),
            Target::Room(room) => {
                Command::Message(MessageCommand::Room { room: room.to_string(), me_too: self.me_too, text })
            }
        }
    }
}
