//! The list of users, in as many frames as it takes.
//!
//! Must not know: rooms, or who may read the list.

use super::Peers;
use crate::protocol::{Envelope, Event};
use crate::server::broker::caller::Caller;
use crate::server::broker::outbox::Outbox;
use crate::server::broker::paging::{Allowance, each_group};
use crate::server::limits::{LINE_COST, LIST_BYTES};

/// The cost of one away user beside their text, in bytes, roughly.
const AWAY_BYTES: usize = 256;

impl Peers {
    /// Lists the users in order of arrival: the verified ones first, for clients that can show it.
    pub(in crate::server::broker) fn list(&self, caller: &Caller, out: &mut Outbox) {
        let conn = caller.conn;
        let batch = Some(format!("list-{conn}"));
        let mut allowance = Allowance::default();
        let frame = |event, verified| Envelope {
            batch: batch.clone(),
            verified,
            ..Envelope::answer(caller.reference.clone(), event)
        };
        let original = self.is_original(conn);
        if original {
            // A TR2.23 peer gets packets, of which only a few may wait.
            let names = self.names.in_order().map(|(name, _)| name);
            for group in each_group(names, LIST_BYTES).take_while(|_| allowance.takes(LIST_BYTES)) {
                out.charge(group.len());
                out.send(conn, &frame(Event::Clients(group), false));
            }
        } else {
            for verified in [true, false] {
                let groups = each_group(self.names.of_proof(verified), LIST_BYTES).filter(|group| !group.is_empty());
                for group in groups.take_while(|_| allowance.takes(LIST_BYTES)) {
                    out.charge(group.len());
                    out.send(conn, &frame(Event::Clients(group), verified));
                }
            }
            for (name, away) in self.names.away() {
                if !allowance.takes(AWAY_BYTES + away.as_str().len()) {
                    break;
                }
                out.charge(LINE_COST);
                out.send(conn, &frame(Event::Away(name.clone(), away.clone()), false));
            }
        }
        out.send(conn, &frame(Event::ListEnd, false));
    }
}
