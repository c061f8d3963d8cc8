//! What a message carries besides its text: the message that it answers, and when it was changed.
//!
//! Must not know: where messages are kept, or who may change them.

use unicode_segmentation::UnicodeSegmentation as _;

use serde::{Deserialize, Serialize};

use super::frame::Tags;
use super::limits::MAX_QUOTE;
use crate::model::name::lenient;
use crate::model::{MessageId, Name, Text, Timestamp};

/// What a message carries besides its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotations {
    /// The message that it answers.
    pub reply: Option<ReplyTo>,
    /// When its text was last edited.
    pub edited: Option<Timestamp>,
    /// The number of its last change; a higher one is newer.
    pub change: Option<MessageId>,
}

/// The message that another one answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyTo {
    /// Its number.
    pub id: MessageId,
    /// How it begins; `None` if it is gone.
    pub quote: Option<Quote>,
}

/// How a message begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The sender.
    pub from: Name,
    /// The first words, in one line of at most [`MAX_QUOTE`] bytes.
    pub words: Text,
}

impl Quote {
    /// The quote of a message. What is cut off is replaced by `…`.
    #[must_use]
    pub fn of(from: &Name, text: &Text) -> Self {
        const CUT: &str = "…";
        let line = Text::line(text.as_str().trim());
        let line = line.as_str();
        if line.len() <= MAX_QUOTE {
            return Self { from: from.clone(), words: Text::line(line) };
        }
        let room = MAX_QUOTE - CUT.len();
        let ends = line.grapheme_indices(true).map(|(at, cluster)| at + cluster.len());
        let end = ends.take_while(|end| *end <= room).last().unwrap_or(0);
        let kept = line.get(..end).unwrap_or_default().trim_end();
        Self { from: from.clone(), words: Text::line(&format!("{kept}{CUT}")) }
    }

    /// The quote as the value of a tag: `NAME WORDS`.
    pub(super) fn tag(&self) -> String {
        format!("{} {}", self.from, self.words)
    }

    fn read(tag: &str) -> Option<Self> {
        let (from, words) = tag.split_once(' ').unwrap_or((tag, ""));
        Some(Self::of(&lenient(from)?, &Text::line(words)))
    }
}

impl Annotations {
    /// Only what there is something of.
    #[must_use]
    pub fn boxed(self) -> Option<Box<Self>> {
        (self != Self::default()).then(|| Box::new(self))
    }

    /// Reads the tags of a frame; malformed ones are ignored.
    pub(super) fn read(tags: Tags<'_>) -> Option<Box<Self>> {
        let number = |key| tags.get(key).and_then(|id| id.parse().ok()).map(MessageId);
        let quote = || tags.get("quote").and_then(|quote| Quote::read(&quote));
        Self {
            reply: number("reply").map(|id| ReplyTo { id, quote: quote() }),
            edited: tags.get("edited").and_then(|time| Timestamp::parse(&time)),
            change: number("change"),
        }
        .boxed()
    }
}
