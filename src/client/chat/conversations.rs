//! All conversations, and which of them is in view.
//!
//! Must not know: the connection, or how they are shown.

use super::conversation::Conversation;
use super::keys::folded;
use super::keys::room_key;
use crate::model::Target;

/// How many conversations are kept; the one that has been quiet longest goes first.
pub const MAX_CONVERSATIONS: usize = 500;

/// "everyone" first, then one for each user and room, the one with the most recent message first.
#[derive(Clone, Debug)]
pub struct Conversations {
    everyone: Conversation,
    private: Vec<Conversation>,
    current: usize,
}

impl Default for Conversations {
    fn default() -> Self {
        Self { everyone: Conversation::new(Target::Everyone), private: Vec::new(), current: 0 }
    }
}

impl Conversations {
    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Conversation> {
        std::iter::once(&self.everyone).chain(&self.private)
    }

    /// All of them, in order, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Conversation> {
        std::iter::once(&mut self.everyone).chain(&mut self.private)
    }

    /// How many.
    #[must_use]
    pub fn count(&self) -> usize {
        self.private.len() + 1
    }

    /// Which one is in view.
    #[must_use]
    pub fn index(&self) -> usize {
        self.current
    }

    /// The one in view.
    #[must_use]
    pub fn current(&self) -> &Conversation {
        self.iter().nth(self.current).unwrap_or(&self.everyone)
    }

    /// The one in view, to be changed.
    pub fn current_mut(&mut self) -> &mut Conversation {
        match self.current.checked_sub(1).and_then(|at| self.private.get_mut(at)) {
            Some(private) => private,
            None => &mut self.everyone,
        }
    }

    /// The one with `target`, begun if there is none.
    pub fn with(&mut self, target: &Target) -> &mut Conversation {
        match target {
            Target::Everyone => &mut self.everyone,
            target => {
                let at = self.begin(target);
                self.private.get_mut(at - 1).unwrap_or(&mut self.everyone)
            }
        }
    }

    /// The one with `target`, if there is one.
    #[must_use]
    pub fn find(&self, target: &Target) -> Option<&Conversation> {
        self.iter().nth(self.position(target)?)
    }

    /// Which one is with `target`.
    #[must_use]
    pub fn position(&self, target: &Target) -> Option<usize> {
        let key = match target {
            Target::Everyone => return Some(0),
            Target::User(name) => folded(name),
            Target::Room(room) => room_key(room),
        };
        self.iter().position(|conversation| conversation.key() == Some(key.as_str()))
    }

    /// Which one is with `target`, begun if there is none.
    pub fn begin(&mut self, target: &Target) -> usize {
        if let Some(at) = self.position(target) {
            return at;
        }
        if self.count() >= MAX_CONVERSATIONS {
            self.forget_quietest();
        }
        self.private.push(Conversation::new(target.clone()));
        self.private.len()
    }

    /// Puts the one with the most recent message first, after "everyone".
    pub fn sort(&mut self) {
        let recent = |one: &Conversation| std::cmp::Reverse(one.active);
        if self.private.is_sorted_by_key(recent) {
            return;
        }
        let current = self.current().target.clone();
        self.private.sort_by_key(recent);
        self.current = self.position(&current).unwrap_or(0);
    }

    /// Takes one away; "everyone" comes into view if it was in view. `None` if there is none.
    pub fn remove(&mut self, target: &Target) -> Option<Conversation> {
        let at = self.position(target)?;
        let removed = at.checked_sub(1)?;
        if self.current == at {
            self.show(0);
        } else if self.current > at {
            self.current -= 1;
        }
        (removed < self.private.len()).then(|| self.private.remove(removed))
    }

    /// Brings another one into view. The caller has the drafts changed.
    pub fn show(&mut self, index: usize) {
        if index != self.current && index < self.count() {
            self.current_mut().leave();
            self.current = index;
            self.current_mut().enter();
        }
    }

    /// Messages not seen, in all but the one in view.
    #[must_use]
    pub fn unread(&self) -> usize {
        self.iter().map(|conversation| conversation.unread).sum()
    }

    /// Of the messages not seen, those that mention one.
    #[must_use]
    pub fn mentions(&self) -> usize {
        self.iter().map(|conversation| conversation.mentions).sum()
    }

    /// The next one with something unread, after the one in view: rather one that mentions the reader.
    #[must_use]
    pub fn next_unread(&self) -> Option<usize> {
        let count = self.count();
        let next = |counted: fn(&Conversation) -> usize| {
            let unread: Vec<bool> = self.iter().map(|conversation| counted(conversation) > 0).collect();
            (1..count).map(|step| (self.current + step) % count).find(|&at| unread.get(at) == Some(&true))
        };
        next(|one| one.mentions).or_else(|| next(|one| one.unread))
    }

    /// Makes room: rather by one that was read than by one that was not; never by the one in view.
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
            self.private.remove(at);
            if self.current > at + 1 {
                self.current -= 1;
            }
        }
    }
}
