//! What is to be asked of the server's history, and how it is put to the server.
//!
//! Must not know: when it is asked, or what comes of the answer.

use crate::client::chat::reach::Older;
use crate::client::session::chat::Chat;
use crate::model::{MessageId, Target};
use crate::protocol::addressing::destination;
use crate::protocol::limits::{MAX_PAGE, PAGE};
use crate::protocol::{Command, HistoryCommand, Span};

/// How much of a conversation is loaded at first.
pub const BACKLOG: usize = 100;

/// Something to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client::session) enum Wish {
    /// Which conversations there are, and how far they were read.
    Standings,
    /// The page before the oldest known message.
    Older(Target),
    /// What was missed since a cut; so many pages of it have come.
    Missed(Target, usize),
    /// The page up to a message that was found.
    UpTo(Target, MessageId),
    /// The page after the newest message loaded, where newer ones are not.
    Newer(Target),
}

impl Wish {
    /// Which conversation it is about.
    pub(super) fn target(&self) -> Option<&Target> {
        match self {
            Self::Standings => None,
            Self::Older(target) | Self::Missed(target, _) | Self::UpTo(target, _) | Self::Newer(target) => Some(target),
        }
    }

    /// How it is put to the server; `None` if nothing is missing after all.
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
            Self::Missed(..) => Span { limit: MAX_PAGE, ..Span::since(reach?.hole?) },
        };
        Some(Command::History(HistoryCommand::Page { with: destination(target).to_owned(), span }))
    }
}
