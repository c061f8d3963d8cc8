//! The log: one order of entries that several nodes share, or one node has for itself.
//!
//! ```text
//! tail ends, positions (here)  <-  memory | single | nats
//! ```
//!
//! - [`memory`]: a log in this process, which several handles share: for tests and simulations.
//! - [`single`]: the log of one node alone; an append comes straight back.
//! - [`nats`]: a stream of NATS JetStream.
//!
//! Opening a log gives its appender, a [`Log`], and its [`Tail`]: everything that follows a position, in order and without
//! gaps, and what is to be known of the log itself. An entry counts once it has come out of the tail, on every node at the
//! same position; until then nobody knows whether it is in the log.
//!
//! Must not know: what an entry says, who appends, the broker, the store.

pub mod memory;
pub mod nats;
pub mod single;

use std::fmt;

use async_std::channel::Receiver;
use bytes::Bytes;

/// The largest entry, in bytes.
pub const MAX_ENTRY: usize = 512 * 1024;
/// The most appends that may be under way over one handle.
pub const MAX_UNDER_WAY: usize = 256;
/// The most bytes of entries that may wait to be sent over one handle.
pub const MAX_UNSENT: usize = 8 * 1024 * 1024;
/// The most of what a tail says that may wait for its reader.
pub const MAX_UNREAD: usize = 64;

/// An entry's place in the log; the first entry has place 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogPosition(pub u64);

impl LogPosition {
    /// Before the first entry.
    pub const START: Self = Self(0);

    /// The place after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for LogPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The number of an append over one handle; the first is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AppendId(pub u64);

/// What the tail of a log says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tailed {
    /// The next entry.
    Entry {
        /// Its place, which is the one after the last entry's.
        position: LogPosition,
        /// What was appended.
        bytes: Bytes,
    },
    /// The engine has confirmed an append. Its entry comes, or has come, out of the tail at this place.
    Taken {
        /// The append.
        append: AppendId,
        /// The place that it got.
        position: LogPosition,
    },
    /// The engine has refused an append, or has not confirmed it in time. The entry may be in the log nevertheless, even
    /// more than once if it is appended again.
    NotTaken {
        /// The append.
        append: AppendId,
        /// The end of a sentence that says why.
        why: String,
    },
    /// Nothing has been heard of the log for some time, or it cannot be used; the end of a sentence says why. It comes
    /// again if the reason changes. A tail begins unheard.
    Silent(String),
    /// The log is heard, and takes entries as far as is known.
    Heard,
    /// The log is not the one that was tailed. Nothing follows.
    Ended(LogEnd),
}

/// Why a tail cannot go on. Its `Display` says what happened and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogEnd {
    /// The log has lost entries that it had confirmed.
    #[error(
        "the log ends at {newest}, and this node has had entry {tailed} of it: the engine has lost confirmed entries. \
         Stop all nodes, and found the log anew from the node that has the most"
    )]
    Shorter {
        /// The last entry that came out of the tail, or after which it was asked for.
        tailed: LogPosition,
        /// The last entry that there is.
        newest: LogPosition,
    },
    /// The log was deleted, or is another with the same name.
    #[error(
        "the log after {tailed} is not the one that this node has followed: it was deleted or made anew. \
         Restart the node to follow the new log, if that is meant; otherwise found the log anew from this node"
    )]
    Replaced {
        /// The last entry that came out of the tail.
        tailed: LogPosition,
    },
    /// An entry that came out of the tail is another in the log now.
    #[error(
        "entry {position} of the log is not what it was: the engine was restored to an older state and has gone on \
         from there. Stop all nodes, and found the log anew from the node that has the most"
    )]
    Altered {
        /// The position of the entry.
        position: LogPosition,
    },
    /// Entries that are asked for are no longer in the log.
    #[error(
        "the log has no entry {wanted} any more, and goes on at {oldest}: this node is too far behind. \
         Give it a backup of another node, and start it again"
    )]
    Gap {
        /// The first that is missing.
        wanted: LogPosition,
        /// The first that is there after it.
        oldest: LogPosition,
    },
}

impl LogEnd {
    /// What is to be said while it is not sure: a server that lags behind looks alike.
    #[must_use]
    pub fn as_doubt(&self) -> String {
        let seen = match self {
            Self::Shorter { tailed, newest } => {
                format!("the log ends at {newest}, and this node has had entry {tailed}")
            }
            Self::Replaced { tailed } => {
                format!("there is another log than the one whose entry {tailed} this node has had")
            }
            Self::Altered { position } => format!("entry {position} is not the one that this node has had"),
            Self::Gap { wanted, oldest } => format!("the log has no entry {wanted}, and goes on at {oldest}"),
        };
        format!("a NATS server says that {seen}; it may be behind the others, and is asked again")
    }
}

/// Why an entry is not even tried to be appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// Too much is under way; whatever the tail says next may have changed that.
    #[error("too many entries are on their way to the log")]
    Busy,
    /// It is larger than [`MAX_ENTRY`].
    #[error("the entry is larger than {MAX_ENTRY} bytes")]
    TooLarge,
    /// The tail has ended, or its reader is gone.
    #[error("the log is closed")]
    Closed,
}

/// The appender of a log. Dropping it ends the tail.
pub trait Log: Send {
    /// Appends an entry, at least once, and never waits. Each append is answered in the tail by one [`Tailed::Taken`] or
    /// [`Tailed::NotTaken`], unless the tail ends; appends may overtake one another.
    ///
    /// # Errors
    /// If it is not tried.
    fn append(&self, entry: Bytes) -> Result<AppendId, AppendError>;

    /// The newest entry that is known to be in the log; the tail may be behind. `None` before anything was heard of it.
    fn newest(&self) -> Option<LogPosition>;

    /// Nobody needs the entries before this one any longer: the engine may delete them. Nothing follows if it does not.
    fn keep(&self, from: LogPosition);
}

/// What follows a position of a log. At its end the log is closed.
pub type Tail = Receiver<Tailed>;
