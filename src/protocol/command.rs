//! What a client can ask, by the family that deals with it.
//!
//! Must not know: how a command is written (`request`), or what it leads to.

use std::time::Duration;

use super::act::Wanted;
use super::span::Span;
use crate::model::{MessageId, Text};

/// What a client can ask. Each family goes to one part of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// About the connection itself: everything that takes no name.
    Session(SessionCommand),
    /// Something is said.
    Message(MessageCommand),
    /// About what was said before.
    History(HistoryCommand),
    /// About rooms and those who are in them.
    Room(RoomCommand),
    /// What moderators do and look up.
    Moderation(ModerationCommand),
    /// About users, and what the user wants for themselves.
    User(UserCommand),
    /// About the keys and codes that prove who somebody is.
    Key(KeyCommand),
    /// About the end of the server.
    Closing(ClosingCommand),
    /// An operation that this server does not know.
    Unknown(Text),
}

/// About the connection itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionCommand {
    /// To be known under this name, as the person wrote it.
    Name(String),
    /// As [`SessionCommand::Name`], ending an older session of the same owner.
    TakeOver(String),
    /// A code that lets the sender in under the name that is given next.
    Code(String),
    /// To become a moderator, with the server's passphrase.
    Moderator(String),
    /// To be answered with a pong of the same token.
    Ping(Text),
    /// The answer to the server's ping.
    Pong(Text),
    /// To leave.
    Exit,
}

/// Something is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageCommand {
    /// To have a text sent back.
    Echo(Text),
    /// A message to one user.
    Private {
        /// The user's name, as the sender wrote it.
        to: String,
        /// The text.
        text: Text,
    },
    /// A message to everyone.
    Broadcast {
        /// Whether the sender wants it too.
        me_too: bool,
        /// The text.
        text: Text,
    },
    /// A message to a room.
    Room {
        /// The room's name, as the sender wrote it.
        room: String,
        /// Whether the sender wants it too.
        me_too: bool,
        /// The text.
        text: Text,
    },
}

/// About what was said before. A conversation is written as `all clients`, a room or a user's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HistoryCommand {
    /// The user's conversations, and how much of each was read.
    Conversations,
    /// A part of a conversation.
    Page {
        /// The conversation, as written.
        with: String,
        /// The part.
        span: Span,
    },
    /// Everything up to a message was read.
    Read {
        /// The conversation, as written.
        with: String,
        /// The message.
        id: MessageId,
    },
    /// What was said about something, in the user's conversations; see [`Query`](super::query::Query).
    Search(Text),
    /// A part of the moderation log.
    Modlog {
        /// Of everyone or of a room, as written.
        place: String,
        /// The part.
        span: Span,
    },
}

/// About rooms. A room is written as the person wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoomCommand {
    /// To be in a room, which is made if it does not exist.
    Join {
        /// The room.
        room: String,
        /// Whether it is to be private, if it is made.
        private: bool,
    },
    /// To be in a room no longer.
    Leave(String),
    /// The rooms that there are.
    List,
    /// The members of a room.
    Members(String),
    /// To set the topic.
    Topic {
        /// Of everyone or of a room.
        place: String,
        /// The topic; blank for none.
        text: Text,
    },
    /// To invite a user to a room.
    Invite {
        /// The room.
        room: String,
        /// The user's name, as written.
        user: String,
    },
}

/// What moderators do and look up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModerationCommand {
    /// An act.
    Act(Wanted),
    /// The bans and mutes in force, of everyone or of a room, as written.
    Bans(String),
}

/// About users, and what the user wants for themselves. Users are named as the person wrote them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserCommand {
    /// The users who are connected.
    List,
    /// Who a user is.
    Whois(String),
    /// To be shown as away, or with a blank text as back.
    Away(Text),
    /// To hide a user from sight.
    Ignore(String),
    /// To see a user again.
    Unignore(String),
    /// The users whom one hides.
    Ignored,
}

/// About the keys and codes that prove who somebody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyCommand {
    /// The identities that own the user's name.
    List,
    /// To take one of them from the name.
    Revoke(String),
    /// A code that adds a key to the name.
    Invite,
    /// A code for a newcomer.
    InviteNewcomer,
}

/// About the end of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClosingCommand {
    /// To close it at once.
    Now,
    /// To close it later, and tell everyone so.
    Later {
        /// How long from now.
        after: Duration,
        /// The reason, which everyone is told.
        reason: Text,
    },
    /// Not to close it after all.
    CallOff,
}

impl Command {
    /// Whether it only tells that the connection lives.
    #[must_use]
    pub fn is_keep_alive(&self) -> bool {
        matches!(self, Self::Session(SessionCommand::Ping(_) | SessionCommand::Pong(_)))
    }
}
