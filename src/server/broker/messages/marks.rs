//! Read marks: collected, and stored many at once.
//!
//! Must not know: who may read what.

use super::Messages;
use crate::model::{MessageId, Name};
use crate::protocol::{Code, Event};
use crate::server::broker::caller::{Caller, Denial};
use crate::server::broker::outbox::Outbox;
use crate::server::limits::MAX_MARKS;
use crate::server::store::api::{ConversationId, Job};

impl Messages {
    /// A user has read a conversation up to a message.
    pub(in crate::server::broker) fn mark(
        &mut self,
        caller: &Caller,
        with: ConversationId,
        id: MessageId,
        out: &mut Outbox,
    ) -> Result<(), Denial> {
        if self.marks.len() >= MAX_MARKS {
            return Err(Denial::new(Code::Busy, "Too many read marks are pending; try again in a moment."));
        }
        let last = id.min(self.numbering.last());
        let marked = self.marks.entry((caller.user.clone(), with.clone())).or_insert(last);
        *marked = last.max(*marked);
        // With the number that was given: the highest one there is would tell of messages that the user may not see.
        caller.answer(Event::Read { with: with.target(), id }, out);
        Ok(())
    }

    /// Marks all messages of a conversation as read by a user.
    pub(in crate::server::broker) fn mark_all(&mut self, user: &Name, with: ConversationId) {
        self.marks.insert((user.clone(), with), self.numbering.last());
    }

    /// Has the store save a user's read marks; they stay collected, since only what all nodes are asked for changes that.
    pub(super) fn save_marks_of(&self, user: &Name, out: &mut Outbox) {
        let first = (user.clone(), ConversationId::Everyone);
        for ((user, with), &id) in self.marks.range(first..).take_while(|((of, _), _)| of == user) {
            out.jobs.push(Job::Mark { user: user.clone(), with: with.clone(), id });
        }
    }

    /// Has the store save the read marks collected so far.
    pub(in crate::server::broker) fn flush_marks(&mut self, out: &mut Outbox) {
        for ((user, with), id) in std::mem::take(&mut self.marks) {
            out.jobs.push(Job::Mark { user, with, id });
        }
    }
}
