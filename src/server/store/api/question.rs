//! What a user asks of the history, and the answer.
//!
//! Must not know: how an answer is found (`sqlite`, `memory`), or to whom it is sent (`broker`).

use super::message::ConversationId;
use super::requester::Requester;
use crate::model::{MessageId, Name, RoomName};
use crate::protocol::{Query, Span};
use crate::server::ids::RoomId;

/// A question of a user about the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Where the answer is to go.
    pub requester: Requester,
    /// The user who asks: only what this user may see is found.
    pub user: Name,
    /// The rooms that the user is in: what was said there may be found.
    pub rooms: Vec<(RoomId, RoomName)>,
    /// The label of the request.
    pub reference: Option<String>,
    /// The label that the lines of the answer share.
    pub batch: String,
    /// Whether the client that asks knows no replies, edits and reactions.
    pub plain: bool,
    /// What is asked for.
    pub what: What,
}

/// What a [`Question`] asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The user's conversations: everyone's first, then the others by their newest message.
    Conversations,
    /// One page of a conversation.
    Page {
        /// The conversation.
        with: ConversationId,
        /// The bounds of the page.
        span: Span,
    },
    /// Messages of a conversation that have changed, as they are now, in the order of their changes.
    Changes {
        /// The conversation.
        with: ConversationId,
        /// The bounds of the page, in numbers of changes.
        span: Span,
    },
    /// One page of what moderators did: pages go from new to old, each in the order of the acts.
    Modlog {
        /// The room, or `None` for the whole server.
        room: Option<(RoomId, RoomName)>,
        /// Whether all of it may be seen, or only what everybody sees: names, but no addresses and keys.
        whole: bool,
        /// The bounds of the page, in numbers of acts.
        span: Span,
    },
    /// The messages that match a query.
    Found(Query),
}

/// The answer to a [`Question`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Where the answer is to go.
    pub requester: Requester,
    /// The label of the request.
    pub reference: Option<String>,
    /// The whole answer as TR2.26 lines, or why there is none.
    pub lines: Result<Vec<u8>, String>,
    /// Messages that are damaged in the history, and were left out.
    pub damaged: Vec<MessageId>,
}
