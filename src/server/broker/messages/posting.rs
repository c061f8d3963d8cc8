//! Posting: a message gets its number and time, and goes to the store.
//!
//! Must not know: who may write, or who will see it.

use super::{Messages, Pending};
use crate::model::{MessageId, Now, Text};
use crate::protocol::Code;
use crate::server::broker::caller::{Caller, Denial};
use crate::server::broker::outbox::Outbox;
use crate::server::limits::{MAX_PENDING, MAX_PENDING_BYTES};
use crate::server::store::api::{Recipient, Record, RecordExtra};

impl Messages {
    /// Refuses a text of this many bytes if too much waits for the store.
    pub(in crate::server::broker) fn have_room(&self, bytes: usize) -> Result<(), Denial> {
        if self.pending.len() + self.changing >= MAX_PENDING || self.pending_bytes + bytes > MAX_PENDING_BYTES {
            let text = "The server's disk cannot keep up; send this message again in a moment.";
            return Err(Denial::new(Code::Busy, text));
        }
        Ok(())
    }

    /// Takes a message, which may answer another.
    pub(in crate::server::broker) fn post(
        &mut self,
        now: Now,
        caller: Caller,
        (to, reply): (Recipient, Option<MessageId>),
        text: Text,
        out: &mut Outbox,
    ) {
        let (id, time) = (self.numbering.next(now), now.wall);
        let label = caller.stored_label();
        let Caller { conn, user: from, reference, proved: verified, .. } = caller;
        let extra = RecordExtra { reply, ..RecordExtra::default() };
        let record = Record { id, time, from, verified, to, reference: label, text, deleted: None, extra };
        self.pending_bytes += record.text.as_str().len();
        out.append(record.clone());
        self.pending.push_back(Pending { conn, reference, record });
    }
}
