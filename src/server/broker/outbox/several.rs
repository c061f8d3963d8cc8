//! Sends one event to several connections: it is encoded once for each form in which it is sent.
//!
//! Must not know: who the connections belong to.

use std::ops::Range;
use std::sync::Arc;

use super::plain::{packets as packets_of, write_plain};
use super::{Outbox, Said, touch};
use crate::protocol::{Dialect, Envelope, PlainForm};
use crate::server::ids::ConnId;

impl Outbox {
    /// Sends the same event to several connections; for those that speak TR2.26 it is encoded once.
    pub fn send_to_all(&mut self, conns: impl Iterator<Item = ConnId>, envelope: &Envelope) {
        if let Some(promise) = &mut self.promise {
            return promise.say(Said::ToSome(conns.collect(), envelope.clone()));
        }
        let (now, start) = (self.moment(), self.private.len());
        envelope.write(&mut self.private, None);
        let range = start..self.private.len();
        self.in_rooms += range.len();
        let mut packets: Option<Vec<Arc<[u8]>>> = None;
        let mut plain_range: Option<Range<usize>> = None;
        let differs = envelope.plain() != PlainForm::Same;
        let (mut hearers, most) = (0, self.most);
        for conn in conns {
            let Some(plan) = self.plans.get_mut(&conn).filter(|plan| !plan.closing && !plan.is_over(most)) else {
                continue;
            };
            if plan.dialect == Dialect::Tr226 {
                let own = plan.bytes;
                let in_plain = || write_plain(&mut self.private, envelope);
                let form = if plan.understands || !differs { &range } else { plain_range.get_or_insert_with(in_plain) };
                plan.insert(now, form.clone());
                // As with broadcasts, the round has a bound, not each recipient.
                plan.bytes = own;
            } else {
                plan.packets.extend(packets.get_or_insert_with(|| packets_of(envelope)).iter().cloned());
            }
            hearers += 1;
            plan.prompt = true;
            touch(plan, conn, &mut self.touched);
        }
        self.in_rooms += plain_range.map_or(0, |range| range.len());
        self.meter.said(&envelope.event, hearers, range.len());
    }
}
