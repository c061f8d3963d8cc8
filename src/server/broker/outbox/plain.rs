//! Connections whose clients do not know replies, edits and reactions: they get the same as text.
//!
//! Must not know: what that text is (`protocol`).

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::delivery_plan::RoundMoment;
use super::{Outbox, touch};
use crate::protocol::packet;
use crate::protocol::{Dialect, Envelope, PlainForm};
use crate::server::ids::ConnId;

/// What such a client gets; `None` if nothing.
pub(super) fn plain(envelope: &Envelope) -> Option<Cow<'_, Envelope>> {
    match envelope.plain() {
        PlainForm::Same => Some(Cow::Borrowed(envelope)),
        PlainForm::Nothing => None,
        PlainForm::Instead(other) => Some(Cow::Owned(*other)),
    }
}

/// Appends what such a client gets; says where it is.
pub(super) fn write_plain(private: &mut Vec<u8>, envelope: &Envelope) -> Range<usize> {
    let start = private.len();
    if let Some(plain) = plain(envelope) {
        plain.write(private, None);
    }
    start..private.len()
}

/// The packets for a TR2.23 client.
pub(super) fn packets(envelope: &Envelope) -> Vec<Arc<[u8]>> {
    let packets = plain(envelope).map(|envelope| packet::write_event(&envelope.event, None));
    packets.into_iter().flatten().map(Arc::from).collect()
}

impl Outbox {
    /// The client of a connection knows replies, edits and reactions.
    pub fn understand(&mut self, conn: ConnId) {
        if let Some(plan) = self.plans.get_mut(&conn) {
            plan.understands = true;
            self.elders.remove(&conn);
        }
    }

    /// Whether the client of a connection knows replies, edits and reactions.
    #[must_use]
    pub fn understands(&self, conn: ConnId) -> bool {
        self.plans.get(&conn).is_some_and(|plan| plan.understands)
    }

    /// A connection receives broadcasts from now on, as lines.
    pub(super) fn count_elder(&mut self, conn: ConnId) {
        let elder = |plan: &super::DeliveryPlan| plan.dialect == Dialect::Tr226 && !plan.understands;
        if self.plans.get(&conn).is_some_and(|plan| plan.hears_from.is_some() && elder(plan)) {
            self.elders.insert(conn);
        }
    }

    /// What was said to everyone at a moment, this many bytes long, is something else for clients that do not know it.
    pub(super) fn replace_for_elders(
        &mut self,
        (when, length): (RoundMoment, usize),
        except: Option<ConnId>,
        envelope: &Envelope,
    ) {
        if self.elders.is_empty() || envelope.plain() == PlainForm::Same {
            return;
        }
        let range = write_plain(&mut self.private, envelope);
        self.in_rooms += range.len();
        for &conn in self.elders.iter().filter(|conn| Some(**conn) != except) {
            let Some(plan) = self.plans.get_mut(&conn).filter(|plan| !plan.closing) else { continue };
            let own = plan.bytes;
            plan.insert(when, range.clone());
            // As with broadcasts, the round has a bound, not each recipient.
            plan.bytes = own;
            plan.skip(when, length);
            plan.prompt = true;
            touch(plan, conn, &mut self.touched);
        }
    }
}
