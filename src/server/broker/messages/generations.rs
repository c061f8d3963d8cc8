//! Names that change hands while messages are pending: what was sent to a name belongs to whoever held it then. The store
//! tells the generations of a name apart by the order of its jobs; here the same is done for what is delivered at once.
//!
//! Must not know: when a name changes hands (`access`), or how the store tells generations apart.

use super::Messages;
use crate::model::{MessageId, Name};
use crate::server::broker::outbox::Outbox;

impl Messages {
    /// A name changes hands, and the store is about to be told. What was sent and read so far concerns the former holder.
    pub(in crate::server::broker) fn begin_generation(&mut self, name: &Name, out: &mut Outbox) {
        self.flush_marks(out);
        if !self.are_settled() {
            self.renewed.insert(name.folded(), self.numbering.last());
        }
    }

    /// Whether a message that was for a name is for a former holder of it.
    pub(super) fn is_for_former(&self, to: &Name, id: MessageId) -> bool {
        !self.renewed.is_empty() && self.renewed.get(&to.folded()).is_some_and(|last| id <= *last)
    }

    /// Once all older messages and changes are settled, nothing pending is for a former holder any more.
    pub(super) fn forget_former(&mut self) {
        if self.are_settled() && !self.renewed.is_empty() {
            self.renewed.clear();
        }
    }
}
