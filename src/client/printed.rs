//! What plain mode prints: lines for people, and values for programs.
//!
//! Must not know: how a line looks, or when there is one.

use super::direct::lines::{CallNotice, FileLine};
use crate::model::{MessageId, Name, Reaction, Target, Text, Timestamp, Url};
use crate::protocol::ReplyTo;

/// A line to print in plain mode.
#[derive(Clone, Debug, PartialEq)]
pub enum Printed {
    /// A message.
    Message {
        /// Its number, if the server keeps messages.
        id: Option<MessageId>,
        /// The time of the message.
        time: Timestamp,
        /// The sender.
        from: Name,
        /// Whether the sender had proved their identity.
        verified: bool,
        /// The recipient.
        to: Target,
        /// The text.
        text: Text,
        /// The message that it answers.
        reply: Option<ReplyTo>,
        /// Whether it mentions the person.
        mention: bool,
        /// Whether it is from the history: said before the client joined.
        old: bool,
    },
    /// A message has another text.
    Edited {
        /// Its number.
        id: Option<MessageId>,
        /// The time of the edit.
        time: Timestamp,
        /// The sender.
        from: Name,
        /// Whether the sender had proved their identity.
        verified: bool,
        /// The conversation.
        to: Target,
        /// The text from now on.
        text: Text,
    },
    /// A message was deleted.
    Deleted {
        /// Its number.
        id: MessageId,
        /// When it happened.
        time: Timestamp,
        /// The sender.
        from: Name,
        /// The user who deleted it: its sender, or a moderator.
        by: Name,
        /// Whether its sender had proved their identity; unknown of a moderator.
        verified: bool,
        /// The conversation.
        to: Target,
    },
    /// A user has put a reaction on a message, or taken it back; or a moderator has removed it.
    Reacted {
        /// The number of the message.
        id: Option<MessageId>,
        /// When it happened.
        time: Timestamp,
        /// The user who reacts.
        by: Name,
        /// Whether that user had proved their identity.
        verified: bool,
        /// The conversation.
        to: Target,
        /// The sender of the message.
        author: Name,
        /// How the message begins, if that is known.
        words: Option<Text>,
        /// The reaction.
        reaction: Reaction,
        /// Whether it was put on.
        on: bool,
        /// How many users it is from.
        count: usize,
        /// The moderator who removed it.
        removed_by: Option<Name>,
    },
    /// A message that a search has found, with its day and conversation.
    Found {
        /// The time of the message.
        time: Timestamp,
        /// The sender.
        from: Name,
        /// Whether the sender had proved their identity.
        verified: bool,
        /// The conversation.
        to: Target,
        /// The text.
        text: Text,
    },
    /// Users came to or left a place.
    Presence {
        /// When it happened.
        time: Timestamp,
        /// The place; everyone for the server.
        place: Target,
        /// The users.
        names: Vec<Name>,
        /// Whether they came.
        came: bool,
        /// Why they left, if a reason was given.
        why: Option<Text>,
    },
    /// Something was said directly, past the server.
    Direct {
        /// When it arrived.
        time: Timestamp,
        /// The sender.
        from: Name,
        /// Whether the server has verified the sender.
        verified: bool,
        /// The text.
        text: Text,
    },
    /// Something happened with a call, at this time.
    Call(Timestamp, Box<CallNotice>),
    /// Something happened with a file that goes directly, at this time.
    File(Timestamp, Box<FileLine>),
    /// What became of a request of a program, with its label. Only programs are told.
    Outcome(Option<String>, OrderOutcome),
    /// The client is online. Only programs are told.
    Online {
        /// The person's name.
        name: Name,
        /// Whether it was online before.
        again: bool,
        /// The address where it is.
        server: Url,
    },
    /// The connection is lost, for this reason. Only programs are told.
    Offline(Text),
    /// The mark above the first unread message.
    New,
    /// A notice from the client or the server.
    Notice(Timestamp, Text),
    /// An error, for standard error.
    Error(Text),
}

/// What became of a request of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderOutcome {
    /// The server accepted it.
    Accepted {
        /// The number of the message, if it is one and the server keeps messages.
        id: Option<MessageId>,
        /// When the server accepted it, if it says so.
        time: Option<Timestamp>,
        /// Whether the recipient is offline and will see it later.
        offline: bool,
    },
    /// It was refused, by the server or by the client: a code for programs and a sentence for people.
    Refused(String, Text),
}
