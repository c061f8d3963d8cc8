//! The list of users, in as many frames as it takes.
//!
//! Must not know: rooms, or who may read the list.

use super::Peers;
use crate::protocol::{Envelope, Event};
use crate::server::broker::caller::Caller;
use crate::server::broker::outbox::Outbox;
use crate::server::broker::paging::{Allowance, groups};
use crate::server::limits::LIST_BYTES;

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
            for group in groups(self.names.in_order().map(|(name, _)| name), LIST_BYTES) {
                if allowance.takes(LIST_BYTES) {
                    out.send(conn, &frame(Event::Clients(group), false));
                }
            }
        } else {
            for verified in [true, false] {
                let names = self.names.in_order().filter(|(_, proved)| *proved == verified).map(|(name, _)| name);
                for group in groups(names, LIST_BYTES).into_iter().filter(|group| !group.is_empty()) {
                    if allowance.takes(LIST_BYTES) {
                        out.send(conn, &frame(Event::Clients(group), verified));
                    }
                }
            }
            for name in self.names.away() {
                let peer = self.online(name.as_str());
                if let Some(peer) = peer.filter(|peer| allowance.takes(AWAY_BYTES + peer.away.as_str().len())) {
                    out.send(conn, &frame(Event::Away(name.clone(), peer.away.clone()), false));
                }
            }
        }
        out.send(conn, &frame(Event::ListEnd, false));
    }
}
