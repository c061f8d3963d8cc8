//! Reading far back: what lies around a message is loaded apart from the newest messages, until the reader is there again.
//!
//! Must not know: how one gets there (`searching`).

use super::requests::{NEAR, Wish};
use crate::client::chat::conversation::Anchor;
use crate::client::chat::entry::Entry;
use crate::client::chat::reach::Older;
use crate::client::session::Session;
use crate::model::{MessageId, Target};

impl Session {
    /// The reader comes to the end of what is loaded.
    pub(in crate::client::session) fn want_newer(&mut self) {
        let rows = usize::from(self.rows);
        let conversation = self.conversations.current_mut();
        let near_end = match conversation.anchor {
            Anchor::Bottom => true,
            Anchor::At(entry, _) => entry + rows + NEAR > conversation.entries().len(),
        };
        let reach = &mut conversation.reach;
        if reach.detached && near_end && !reach.newer && reach.older != Older::Loading {
            reach.newer = true;
            let wish = Wish::Newer(conversation.target.clone());
            if !self.past.wants(&wish) {
                self.past.wishes.push_front(wish);
            }
        }
    }

    /// Has what lies around a message loaded.
    pub(in crate::client::session) fn load_around(&mut self, target: Target, id: MessageId) {
        self.forget_wishes(&target);
        self.past.wishes.push_front(Wish::UpTo(target, id));
    }

    /// What was found is loaded, if it is still there, and what came before it.
    pub(in crate::client::session) fn arrive_at(&mut self, target: Target, id: MessageId) {
        let conversation = self.conversations.with(&target);
        let in_place = conversation.newest() == Some(id);
        if !in_place {
            conversation.reach.found = None;
            self.remark(&target, "The message that was found is no longer there.");
        }
        if self.conversations.current().target == target
            && let Some(entry) = self.conversations.current().loaded(id)
        {
            self.look_at(entry);
        }
        let conversation = self.conversations.with(&target);
        conversation.reach.arriving = in_place;
        conversation.reach.newer = true;
        self.past.wishes.push_front(Wish::Newer(target));
    }

    /// Messages after the newest one loaded.
    pub(in crate::client::session) fn newer(&mut self, target: &Target, mut entries: Vec<Entry>, more: bool) {
        entries.sort_by_key(|entry| entry.id);
        let place = self.top();
        let in_view = self.conversations.current().target == *target;
        let conversation = self.conversations.with(target);
        conversation.reach.newer = false;
        if !conversation.reach.detached {
            return;
        }
        let after = conversation.newest();
        entries.retain(|entry| entry.id > after);
        let nothing = entries.is_empty();
        // Who stands at the end stays there, and goes on reading.
        if in_view && conversation.anchor == Anchor::Bottom && !nothing {
            conversation.anchor = place;
        }
        conversation.take_newer(entries);
        let again = std::mem::take(&mut conversation.reach.again);
        if !again && (nothing || !more) {
            conversation.reach.detached = false;
        }
        let arriving = std::mem::take(&mut conversation.reach.arriving);
        let found = conversation.reach.found.filter(|_| arriving && in_view).and_then(|id| conversation.loaded(id));
        if let Some(entry) = found {
            self.look_at(entry);
        }
    }
}
