//! What a server says about messages that change: edits and reactions.
//!
//! Must not know: who may change what (`server`), or how changes are shown.

use std::borrow::Cow;

use super::addressing::{destination, target};
use super::ending::{end, read_end};
use super::fields::EventFields;
use super::words::{SERVER, op};
use crate::model::name::lenient;
use crate::model::{Name, Reaction, Target, Text};

/// A reaction was put on a message.
const ON: &str = "on";
/// A reaction was taken from a message.
const OFF: &str = "off";
/// The mark behind the count of a reaction that the recipient is among.
const MINE: char = '!';

/// A change of a message, whose number is that of the envelope. Between two users, the place is the other one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeEvent {
    /// Its sender has given it another text.
    Edited {
        /// The sender of the message.
        from: Name,
        /// Where it was said.
        place: Target,
        /// The text from now on.
        text: Text,
    },
    /// A user has put a reaction on it, or taken it back; or a moderator has removed it.
    Reacted {
        /// The user who reacts.
        by: Name,
        /// Where the message was said.
        place: Target,
        /// The sender of the message.
        to: Name,
        /// The reaction.
        reaction: Reaction,
        /// Whether it was put on.
        on: bool,
        /// How many users it is from, from now on.
        count: usize,
        /// The moderator who removed it: if that is `by`, it was from several users, who are not named.
        removed_by: Option<Name>,
    },
    /// All reactions to it, the earliest first.
    Reactions(Vec<Tally>),
    /// The end of the messages that have changed.
    End {
        /// Whether there are more.
        more: bool,
        /// The number of messages left out because they are damaged in the store.
        damaged: usize,
    },
}

/// How often there is one reaction to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The reaction.
    pub reaction: Reaction,
    /// How many users it is from.
    pub count: usize,
    /// Whether the recipient is one of them.
    pub mine: bool,
}

impl Tally {
    fn write(&self) -> String {
        let mine = if self.mine { MINE.to_string() } else { String::new() };
        format!("{}{mine}:{}", self.count, self.reaction)
    }

    fn read(word: &str) -> Option<Self> {
        let (count, reaction) = word.split_once(':')?;
        let (count, mine) = count.strip_suffix(MINE).map_or((count, false), |count| (count, true));
        Some(Self { reaction: Reaction::parse(reaction).ok()?, count: count.parse().ok()?, mine })
    }
}

impl ChangeEvent {
    /// The four fields of its frame, for the recipient `you`.
    pub(super) fn fields<'a>(&'a self, you: &'a str) -> EventFields<'a> {
        let (sender, destination, operation): (&str, &str, &str) = match self {
            Self::Edited { from, place, .. } => (from.as_str(), destination(place), op::EDITED),
            Self::Reacted { by, place, .. } => (by.as_str(), destination(place), op::REACTED),
            Self::Reactions(_) => (SERVER, you, op::REACTIONS),
            Self::End { .. } => (SERVER, you, op::CHANGES_END),
        };
        EventFields { sender, destination, operation, data: self.data() }
    }

    fn data(&self) -> Cow<'_, str> {
        match self {
            Self::Edited { text, .. } => text.as_str().into(),
            Self::Reacted { to, reaction, on, count, removed_by, .. } => {
                let removed_by = removed_by.as_ref().map(|by| format!(" {by}")).unwrap_or_default();
                format!("{} {count} {reaction} {to}{removed_by}", if *on { ON } else { OFF }).into()
            }
            Self::Reactions(all) => all.iter().map(Tally::write).collect::<Vec<_>>().join(" ").into(),
            Self::End { more, damaged } => end(*more, *damaged).into(),
        }
    }

    /// Reads an event from four fields; `None` if they are something else.
    pub(super) fn read(sender: &str, dest: &str, operation: &str, data: &str) -> Option<Self> {
        Some(match operation {
            op::EDITED => Self::Edited { from: lenient(sender)?, place: target(dest)?, text: Text::block(data) },
            op::REACTED => {
                let mut words = data.split(' ');
                let on = match words.next()? {
                    ON => true,
                    OFF => false,
                    _ => return None,
                };
                Self::Reacted {
                    by: lenient(sender)?,
                    place: target(dest)?,
                    on,
                    count: words.next()?.parse().ok()?,
                    reaction: Reaction::parse(words.next()?).ok()?,
                    to: lenient(words.next()?)?,
                    removed_by: words.next().filter(|_| !on).and_then(lenient),
                }
            }
            op::REACTIONS => Self::Reactions(data.split(' ').filter_map(Tally::read).collect()),
            op::CHANGES_END => {
                let (more, damaged) = read_end(data);
                Self::End { more, damaged }
            }
            _ => return None,
        })
    }
}
