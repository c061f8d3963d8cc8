//! The list of the bans and mutes in force.
//!
//! Must not know: how a ban is looked up for a user.

use super::{Actor, Ranks};
use crate::model::Now;
use crate::protocol::{Envelope, Event, RoomEvent, Verb};
use crate::server::broker::caller::{Caller, Denial};
use crate::server::broker::outbox::Outbox;
use crate::server::broker::paging::Allowance;
use crate::server::limits::LINE_COST;

/// The cost of one ban beside its reason, in bytes, roughly.
const BAN_BYTES: usize = 256;

impl Ranks<'_> {
    /// Lists the bans and mutes of a place, newest first, for those who may lift them.
    pub(in crate::server::broker) fn list_bans(
        &self,
        now: Now,
        caller: &Caller,
        written: &str,
        out: &mut Outbox,
    ) -> Result<(), Denial> {
        let conn = caller.conn;
        let actor = Actor { caller, place: self.rooms.place(self.peers, conn, written)? };
        self.permit(&actor, Verb::Unban, None)?;
        let batch = Some(format!("bans-{conn}"));
        let frame =
            |event| Envelope { batch: batch.clone(), ..Envelope::answer(caller.reference.clone(), Event::Room(event)) };
        let (mut allowance, mut more) = (Allowance::default(), false);
        let time = self.moderation.time(now);
        let bans = self.moderation.bans.of(actor.place.room());
        for ban in bans.filter(|ban| ban.until.is_none_or(|until| time < until)) {
            if !allowance.takes(BAN_BYTES + ban.reason.as_str().len()) {
                more = true;
                break;
            }
            out.charge(LINE_COST);
            out.send(conn, &frame(RoomEvent::Ban { place: actor.place.target(), line: ban.line() }));
        }
        out.send(conn, &frame(RoomEvent::BansEnd { more }));
        Ok(())
    }
}
