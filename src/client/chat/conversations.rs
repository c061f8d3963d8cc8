//! All conversations, and which one is in view.
//!
//! Must not know: the connection, or how they are shown.

use super::arrangement::Arrangement;
use super::conversation::Conversation;
use super::venue::Venue;
use crate::client::text::arrangement_lines::MAX_NUMBERED;
use crate::model::Target;

/// The most conversations; beyond that, the one that has been quiet longest is dropped.
pub const MAX_CONVERSATIONS: usize = MAX_NUMBERED;

/// The bytes that the entries of all conversations may take; the oldest ones of the largest conversation are dropped.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// How much is dropped of a conversation at a time, at most.
const DROPPED_AT_ONCE: usize = 1024 * 1024;

/// "everyone" comes first, then one conversation for each user and room, in the order in which they began, or in which the
/// person knows them from before.
#[derive(Clone, Debug)]
pub struct Conversations {
    everyone: Conversation,
    private: Vec<Conversation>,
    current: usize,
    /// Has every conversation of `private`, in the same order.
    arrangement: Arrangement,
    /// The indices at which conversations came in between others, since they were last taken.
    inserted: Vec<usize>,
}

impl Default for Conversations {
    fn default() -> Self {
        let everyone = Conversation::new(Venue::Server(Target::Everyone));
        Self { everyone, private: Vec::new(), current: 0, arrangement: Arrangement::default(), inserted: Vec::new() }
    }
}

impl Conversations {
    /// All conversations, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Conversation> {
        std::iter::once(&self.everyone).chain(&self.private)
    }

    /// All conversations, in order, mutable.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Conversation> {
        std::iter::once(&mut self.everyone).chain(&mut self.private)
    }

    /// The number of conversations.
    #[must_use]
    pub fn count(&self) -> usize {
        self.private.len() + 1
    }

    /// The index of the one in view.
    #[must_use]
    pub fn index(&self) -> usize {
        self.current
    }

    /// The one in view.
    #[must_use]
    pub fn current(&self) -> &Conversation {
        self.iter().nth(self.current).unwrap_or(&self.everyone)
    }

    /// The one in view, mutable.
    pub(crate) fn current_mut(&mut self) -> &mut Conversation {
        match self.current.checked_sub(1).and_then(|at| self.private.get_mut(at)) {
            Some(private) => private,
            None => &mut self.everyone,
        }
    }

    /// The conversation with `target`, started if there is none.
    pub fn with(&mut self, target: &Target) -> &mut Conversation {
        self.at_venue(&Venue::Server(target.clone()))
    }

    /// The conversation of a venue, started if there is none.
    pub fn at_venue(&mut self, venue: &Venue) -> &mut Conversation {
        let at = self.begin(venue);
        match at.checked_sub(1) {
            Some(at) => self.private.get_mut(at).unwrap_or(&mut self.everyone),
            None => &mut self.everyone,
        }
    }

    /// The conversation with `target`, if there is one.
    #[must_use]
    pub fn find(&self, target: &Target) -> Option<&Conversation> {
        self.iter().nth(self.position(target)?)
    }

    /// The conversation of a venue, if there is one.
    #[must_use]
    pub fn at(&self, venue: &Venue) -> Option<&Conversation> {
        self.iter().nth(self.position_of(venue)?)
    }

    /// The index of the conversation with `target`.
    #[must_use]
    pub fn position(&self, target: &Target) -> Option<usize> {
        self.position_of(&Venue::Server(target.clone()))
    }

    /// The index of the conversation of a venue.
    #[must_use]
    pub fn position_of(&self, venue: &Venue) -> Option<usize> {
        let Some(key) = venue.key() else { return Some(0) };
        self.iter().position(|conversation| conversation.key() == Some(key.as_str()))
    }

    /// The index of the conversation of a venue, started if there is none.
    pub fn begin(&mut self, venue: &Venue) -> usize {
        if let Some(at) = self.position_of(venue) {
            return at;
        }
        if self.count() >= MAX_CONVERSATIONS {
            self.forget_quietest();
        }
        // Direct conversations have no place in the order that is kept; they stay where they began.
        let before = venue.target().map(|target| self.arrangement.enter(target));
        let arranged = self.private.iter().enumerate().filter(|(_, one)| one.venue.direct().is_none());
        let next = before.and_then(|before| arranged.map(|(at, _)| at).nth(before));
        let at = next.unwrap_or(self.private.len());
        self.private.insert(at, Conversation::new(venue.clone()));
        if self.current > at {
            self.current += 1;
        }
        if at + 1 < self.private.len() {
            self.inserted.push(at + 1);
        }
        at + 1
    }

    /// Takes the indices at which conversations came in between others.
    pub(crate) fn take_inserted(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.inserted)
    }

    /// Takes over the order in which the person knows the conversations from before.
    pub(crate) fn restore_order(&mut self, targets: Vec<Target>) {
        let in_view = self.current().venue.clone();
        self.arrangement.restore(targets);
        let Self { private, arrangement, .. } = self;
        private.sort_by_key(|one| arrangement.rank(one.key()));
        self.current = self.position_of(&in_view).unwrap_or(0);
    }

    /// The order of the conversations.
    pub(crate) fn arrangement_mut(&mut self) -> &mut Arrangement {
        &mut self.arrangement
    }

    /// Moves the conversation in view up or down among the others; "everyone" stays the first.
    pub fn shift(&mut self, down: bool) {
        let Some(at) = self.current.checked_sub(1) else { return };
        let to = if down { at + 1 } else { at.wrapping_sub(1) };
        if let (Some(one), Some(other)) = (self.private.get(at), self.private.get(to)) {
            self.arrangement.move_past(one.key(), other.key());
            self.private.swap(at, to);
            self.current = to + 1;
        }
    }

    /// Removes a conversation; if it was in view, "everyone" comes into view. `None` if there was none.
    pub fn remove(&mut self, venue: &Venue) -> Option<Conversation> {
        let at = self.position_of(venue)?;
        let removed = at.checked_sub(1)?;
        if self.current == at {
            self.show(0);
        } else if self.current > at {
            self.current -= 1;
        }
        let gone = (removed < self.private.len()).then(|| self.private.remove(removed))?;
        self.arrangement.leave(gone.key());
        Some(gone)
    }

    /// Brings another conversation into view. Swapping the drafts is up to the caller.
    pub fn show(&mut self, index: usize) {
        if index != self.current && index < self.count() {
            self.current_mut().leave();
            self.current = index;
            self.current_mut().enter();
        }
    }

    /// The number of unread messages. The conversation in view has some while the reader looks elsewhere.
    #[must_use]
    pub fn unread(&self) -> usize {
        self.iter().map(|conversation| conversation.unread).sum()
    }

    /// The number of unread messages that mention the user.
    #[must_use]
    pub fn mentions(&self) -> usize {
        self.iter().map(|conversation| conversation.mentions).sum()
    }

    /// The index of the next conversation with unread messages, after the one in view; those that mention the user
    /// first.
    #[must_use]
    pub(crate) fn next_unread(&self) -> Option<usize> {
        let count = self.count();
        let next = |counted: fn(&Conversation) -> usize| {
            let unread: Vec<bool> = self.iter().map(|conversation| counted(conversation) > 0).collect();
            (1..count).map(|step| (self.current + step) % count).find(|&at| unread.get(at) == Some(&true))
        };
        next(|one| one.mentions).or_else(|| next(|one| one.unread))
    }

    /// Drops the oldest entries of the largest conversations until all together take at most [`MAX_BYTES`]. The one in
    /// view keeps its entries as long as others can make room.
    pub fn keep_within_bytes(&mut self) {
        let current = self.current;
        let mut all: usize = self.iter().map(Conversation::bytes).sum();
        while all > MAX_BYTES {
            let largest =
                self.iter_mut().enumerate().max_by_key(|(at, one)| (*at != current && one.bytes() > 0, one.bytes()));
            let Some((_, largest)) = largest else { return };
            let before = largest.bytes();
            largest.keep_within(before.saturating_sub(DROPPED_AT_ONCE.min(all - MAX_BYTES).max(1)));
            if largest.bytes() == before {
                return;
            }
            all -= before - largest.bytes();
        }
    }

    /// Drops a conversation to make room: those that were read before those that were not, and never the one in view.
    fn forget_quietest(&mut self) {
        let current = self.current;
        let quietest = self
            .private
            .iter()
            .enumerate()
            .filter(|(at, _)| at + 1 != current)
            .min_by_key(|(_, one)| (one.not_sent() > 0 || !one.draft.is_empty(), one.unread > 0, one.active))
            .map(|(at, _)| at);
        if let Some(at) = quietest {
            let gone = self.private.remove(at);
            self.arrangement.leave(gone.key());
            if self.current > at + 1 {
                self.current -= 1;
            }
        }
    }
}
