//! How much of a conversation's history is loaded, what is missing, and what was read.
//!
//! Must not know: the entries themselves (`conversation`), or how missing ones are requested (`session::history`).

use crate::model::MessageId;

/// What comes before the oldest loaded entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Older {
    /// Unknown: nobody has asked yet.
    #[default]
    Unknown,
    /// More messages.
    More,
    /// More messages, which were requested.
    Loading,
    /// Nothing: the oldest entry is the beginning of the conversation.
    Beginning,
}

/// The state of a conversation compared to the server's history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// What comes before the oldest loaded entry.
    pub older: Older,
    /// From this message on nothing is missing. A message of the user's that was resent may stand before it, with a gap
    /// between.
    pub floor: Option<MessageId>,
    /// The newest known message, shown or printed.
    pub newest: MessageId,
    /// Messages after this one may be missing, because the connection was lost.
    pub hole: Option<MessageId>,
    /// The number of the newest known change of a message.
    pub changed: MessageId,
    /// Changes after this number may be missing, because the connection was lost.
    pub changes_since: Option<MessageId>,
    /// Whether messages wait for that gap to be filled (the line mode prints in order).
    pub again: bool,
    /// Whether newer messages are not loaded, because the reader has jumped far back.
    pub detached: bool,
    /// Whether those newer messages were requested.
    pub newer: bool,
    /// The message that a search result led to.
    pub found: Option<MessageId>,
    /// Whether the reader has just been led there, and what follows it was requested.
    pub arriving: bool,
    /// The newest message that the user has read.
    pub read: MessageId,
    /// The newest message that the server knows the user has read.
    pub told: MessageId,
    /// Whether the reader cleared the view and has not scrolled back since: nothing older is loaded.
    pub cleared: bool,
    /// Whether plain mode knows the newest messages that can be answered or changed.
    pub noted: bool,
    /// The "new" line stands above the first message of others after this one.
    pub new_after: Option<MessageId>,
}

impl Reach {
    /// Notes that the message with this number is there.
    pub(crate) fn saw(&mut self, id: Option<MessageId>) {
        self.newest = self.newest.max(id.unwrap_or_default());
    }

    /// Notes that the connection was lost: what comes after the newest known message must be requested, and open
    /// requests anew.
    pub fn cut(&mut self) {
        self.again = false;
        self.newer = false;
        let known = self.newest > MessageId(0) || self.older != Older::Unknown;
        if self.hole.is_none() && known {
            self.hole = Some(self.newest);
        }
        if self.changes_since.is_none() && known {
            self.changes_since = Some(self.newest.max(self.changed));
        }
        if self.older == Older::Loading {
            self.older = Older::More;
        }
    }

    /// Notes that the change with this number is there.
    pub(crate) fn saw_change(&mut self, number: Option<MessageId>) {
        self.changed = self.changed.max(number.unwrap_or_default());
    }
}
