//! What a client can ask, by the family that deals with it.
//!
//! Must not know: how a command is written (`request`), or what it leads to.

use std::time::Duration;

use super::act::ActRequest;
use super::call::CallCommand;
use super::conference::ConferenceCommand;
use super::invitation::InvitationOrder;
use super::session::SessionToken;
use super::span::Span;
use crate::model::{MessageId, Text};

/// A client's command. Each family goes to one part of the server.
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
    /// About calls between two users.
    Call(CallCommand),
    /// About conferences of rooms.
    Conference(ConferenceCommand),
    /// About the end of the server.
    Closing(ClosingCommand),
    /// An operation that this program does not know.
    Unknown(Text),
}

/// About the connection itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionCommand {
    /// Join under this name, as the user wrote it.
    Name(String),
    /// As [`SessionCommand::Name`], and end the other sessions of the same owner.
    TakeOver(String),
    /// Be known by this when the client comes back: the name that is given next may end the session that was lost.
    Token(SessionToken),
    /// Present a code, which admits the user under the name that is given next.
    Code(String),
    /// Become a moderator, with the server's passphrase.
    Moderator(String),
    /// Answer with a pong that has the same token.
    Ping(Text),
    /// The answer to the server's ping.
    Pong(Text),
    /// What the client can do beyond what every client can, in words of the greeting.
    Capabilities(Text),
    /// Leave the server.
    Exit,
}

/// Something is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageCommand {
    /// Send this text back.
    Echo(Text),
    /// Send a message to one user.
    Private {
        /// The recipient's name, as the sender wrote it.
        to: String,
        /// The text.
        text: Text,
        /// The message that it answers.
        reply: Option<MessageId>,
    },
    /// Send a message to everyone.
    Broadcast {
        /// Whether the sender gets a copy.
        me_too: bool,
        /// The text.
        text: Text,
        /// The message that it answers.
        reply: Option<MessageId>,
    },
    /// Send a message to a room.
    Room {
        /// The room's name, as the sender wrote it.
        room: String,
        /// Whether the sender gets a copy.
        me_too: bool,
        /// The text.
        text: Text,
        /// The message that it answers.
        reply: Option<MessageId>,
    },
    /// Change a message.
    Change {
        /// The conversation, written as for [`HistoryCommand`].
        with: String,
        /// The message.
        id: MessageId,
        /// The change.
        how: MessageChange,
    },
}

/// A change of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageChange {
    /// Give one's own message another text.
    Edit(Text),
    /// Delete one's own message.
    Retract,
    /// Put a reaction on a message, as the user wrote it.
    React(String),
    /// Take one's own reaction from a message.
    Unreact(String),
}

/// About what was said before. A conversation is written as `all clients`, a room or a user's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HistoryCommand {
    /// List the user's conversations, and what is unread in them.
    Conversations,
    /// Get a part of a conversation's history.
    Page {
        /// The conversation, as written.
        with: String,
        /// The part.
        span: Span,
    },
    /// Get the messages of a conversation that have changed, as they are now, in the order of their changes.
    Changes {
        /// The conversation, as written.
        with: String,
        /// The part, in numbers of changes.
        span: Span,
    },
    /// Mark everything up to a message as read.
    Read {
        /// The conversation, as written.
        with: String,
        /// The newest message that was read.
        id: MessageId,
    },
    /// Search the user's conversations; the text is a [`Query`](super::query::Query).
    Search(Text),
    /// Get a part of the moderation log.
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
    /// Join a room, which is made if it does not exist.
    Join {
        /// The room.
        room: String,
        /// Whether the room is private, if it is made.
        private: bool,
    },
    /// Leave a room.
    Leave(String),
    /// List the rooms.
    List,
    /// List the members of a room.
    Members(String),
    /// Set the topic.
    Topic {
        /// Of everyone or of a room.
        place: String,
        /// The topic; blank for none.
        text: Text,
    },
    /// Invite a user to a room.
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
    /// Do something to others.
    Act(ActRequest),
    /// List the bans and mutes in force, of everyone or of a room, as written.
    Bans(String),
}

/// About users, and what the user wants for themselves. Users are named as the person wrote them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserCommand {
    /// List the connected users.
    List,
    /// Ask who a user is.
    Whois(String),
    /// Set an away message; a blank one means being back.
    Away(Text),
    /// Ignore a user.
    Ignore(String),
    /// Stop ignoring a user.
    Unignore(String),
    /// List the ignored users.
    Ignored,
    /// Not be disturbed in any session, and be away with this message; a blank one ends that.
    Undisturbed(Text),
    /// List the user's own sessions.
    Sessions,
    /// End the user's session of this number.
    EndSession(u32),
    /// Take another name, as the user wrote it.
    Rename(String),
    /// Leave for good: the name is free, and only what was said stays.
    LeaveServer,
}

/// About the keys and codes that prove who somebody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyCommand {
    /// List the identities that own the user's name.
    List,
    /// Remove one of these identities.
    Revoke(String),
    /// Make a code that adds a key to the user's name.
    Invite,
    /// Make a code that admits new users; `None` is what older clients ask for: one person, within ten minutes.
    InviteNewcomers(Option<InvitationOrder>),
    /// List the invitations of newcomers that hold.
    Invitations,
    /// End one of these invitations.
    RevokeInvitation(String),
}

/// About the end of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClosingCommand {
    /// Close the server at once.
    Now,
    /// Close the server later, and announce it.
    Later {
        /// How long from now.
        after: Duration,
        /// The reason, which everyone is told.
        reason: Text,
    },
    /// Cancel a planned closing.
    CallOff,
}

impl Command {
    /// Whether it only keeps the connection alive.
    #[must_use]
    pub fn is_keep_alive(&self) -> bool {
        matches!(self, Self::Session(SessionCommand::Ping(_) | SessionCommand::Pong(_)))
    }
}
