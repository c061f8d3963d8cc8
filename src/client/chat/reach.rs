//! How much of a conversation's past is loaded, what is missing in it, and how far it was read.
//!
//! Must not know: the entries themselves (`conversation`), or how what is missing is asked for (`session::past`).

use crate::model::MessageId;

/// What lies before the oldest entry that is loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Older {
    /// Nobody has asked yet.
    #[default]
    Unknown,
    /// More messages.
    More,
    /// More messages, which are on their way.
    Loading,
    /// Nothing: it is the conversation's beginning.
    Beginning,
}

/// Where a conversation stands to the server's history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// What lies before.
    pub older: Older,
    /// From this message on nothing is missing. One's own that was sent again may stand before it, with a gap between.
    pub floor: Option<MessageId>,
    /// The newest message known of, shown or printed.
    pub newest: MessageId,
    /// Messages after this one may be missing, since the connection was cut.
    pub hole: Option<MessageId>,
    /// Whether messages arrived that wait for the hole to be closed (plain mode prints in order).
    pub again: bool,
    /// Whether the newest entry that is loaded is followed by others that are not, because the reader has gone far back.
    pub detached: bool,
    /// Whether those are on their way.
    pub newer: bool,
    /// The message that a search has led to.
    pub found: Option<MessageId>,
    /// Whether the reader has just been led there, and what comes after it is on its way.
    pub arriving: bool,
    /// Up to where the person has read.
    pub read: MessageId,
    /// Up to where the server knows of that.
    pub told: MessageId,
    /// The messages of others after this one stand below the "new" line.
    pub new_after: Option<MessageId>,
}

impl Reach {
    /// A message of this number is there.
    pub fn saw(&mut self, id: Option<MessageId>) {
        self.newest = self.newest.max(id.unwrap_or_default());
    }

    /// The connection was cut: what comes after what is known now has to be asked for, as has what was asked for.
    pub fn cut(&mut self) {
        self.again = false;
        self.newer = false;
        let known = self.newest > MessageId(0) || self.older != Older::Unknown;
        if self.hole.is_none() && known {
            self.hole = Some(self.newest);
        }
        if self.older == Older::Loading {
            self.older = Older::More;
        }
    }
}
