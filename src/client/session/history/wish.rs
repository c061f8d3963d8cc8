//! Wishes for parts of the server's history, as requests.
//!
//! Must not know: when a wish is requested, or what its answer leads to.

use crate::client::chat::reach::Older;
use crate::client::session::chat::Chat;
use crate::model::{MessageId, Target};
use crate::protocol::addressing::destination;
use crate::protocol::limits::{MAX_PAGE, PAGE};
use crate::protocol::{Command, HistoryCommand, Span};

/// How many messages of a conversation are loaded at first.
pub const BACKLOG: usize = 100;

/// A part of the history to request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum Wish {
    /// The conversations, and how far each was read.
    Standings,
    /// A page of older messages.
    Older(Target),
    /// The messages missed since the connection was lost, of which so many pages are loaded.
    Missed(Target, usize),
    /// The page up to a search result.
    UpTo(Target, MessageId),
    /// The page after the newest loaded message.
    Newer(Target),
    /// So many of the newest messages, for plain mode to print.
    Tail(Target, usize),
    /// So many of the newest messages, for plain mode to know what can be answered or changed.
    Notes(Target, usize),
    /// What has changed since the connection was lost, of which so many pages are loaded.
    Changes(Target, usize),
}

impl Wish {
    /// The conversation of the wish.
    pub(in crate::client::session) fn target(&self) -> Option<&Target> {
        match self {
            Self::Standings => None,
            Self::Older(target)
            | Self::Missed(target, _)
            | Self::UpTo(target, _)
            | Self::Newer(target)
            | Self::Tail(target, _)
            | Self::Notes(target, _)
            | Self::Changes(target, _) => Some(target),
        }
    }

    /// The request; `None` if nothing is missing after all.
    pub(in crate::client::session) fn command(&self, chat: &Chat) -> Option<Command> {
        let Some(target) = self.target() else { return Some(Command::History(HistoryCommand::Conversations)) };
        let conversation = chat.conversations().find(target);
        let reach = conversation.map(|conversation| &conversation.reach);
        let span = match self {
            Self::Standings => return Some(Command::History(HistoryCommand::Conversations)),
            Self::Older(_) => match reach.filter(|reach| reach.older != Older::Unknown) {
                Some(reach) => Span { before: reach.floor, ..Span::newest(PAGE) },
                None => Span { before: None, ..Span::newest(BACKLOG) },
            },
            Self::UpTo(_, id) => Span { before: Some(MessageId(id.0.saturating_add(1))), ..Span::newest(BACKLOG) },
            Self::Newer(_) => {
                let newest = conversation.and_then(|conversation| conversation.newest()).unwrap_or_default();
                Span { limit: BACKLOG, ..Span::since(newest) }
            }
            Self::Tail(_, count) | Self::Notes(_, count) => Span { before: None, ..Span::newest(*count) },
            Self::Changes(..) => {
                let span = Span { limit: MAX_PAGE, ..Span::since(reach?.changes_since?) };
                return Some(Command::History(HistoryCommand::Changes { with: destination(target).to_owned(), span }));
            }
            Self::Missed(..) => Span { limit: MAX_PAGE, ..Span::since(reach?.hole?) },
        };
        Some(Command::History(HistoryCommand::Page { with: destination(target).to_owned(), span }))
    }
}
