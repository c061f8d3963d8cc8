//! Why a call ended.
//!
//! Must not know: which call, or who is told.

/// Why a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HangUp {
    /// Somebody hung up, or a later program gives a reason that this one does not know.
    Done,
    /// The other one's session ended.
    Gone,
    /// Nobody answered in time.
    Unanswered,
    /// A moderator has muted one of the two.
    Muted,
    /// Calls were switched off.
    Off,
    /// Nothing went through the relay for too long.
    Idle,
    /// The other one has another key than expected, or the channel failed.
    Failed,
    /// The person has answered in another session, or goes on there.
    Elsewhere,
    /// The user has compared the words, and they differ: somebody may stand between the two.
    WordsDiffer,
}

impl HangUp {
    /// Every reason.
    pub const ALL: [Self; 9] = [
        Self::Done,
        Self::Gone,
        Self::Unanswered,
        Self::Muted,
        Self::Off,
        Self::Idle,
        Self::Failed,
        Self::Elsewhere,
        Self::WordsDiffer,
    ];

    /// Its word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Gone => "gone",
            Self::Unanswered => "unanswered",
            Self::Muted => "muted",
            Self::Off => "off",
            Self::Idle => "idle",
            Self::Failed => "failed",
            Self::Elsewhere => "elsewhere",
            Self::WordsDiffer => "words_differ",
        }
    }

    pub(super) fn read(word: &str) -> Self {
        Self::ALL.into_iter().find(|why| why.as_str() == word).unwrap_or(Self::Done)
    }
}
