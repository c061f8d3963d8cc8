//! Sends one event to all who are in a room: it is encoded once, and nobody is looked at but those for whom it differs.
//!
//! Must not know: who the connections belong to, or what a room is.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::delivery_plan::RoundMoment;
use super::hearers::Hearers;
use super::plain::{packets, write_plain};
use super::room_tracks::RoomTrack;
use super::{Outbox, Said, touch};
use crate::protocol::{Envelope, PlainForm};
use crate::server::ids::{ConnId, RoomId};

impl Outbox {
    /// Sends an event to the hearers of a room, except one if it is given.
    pub fn send_to_room(&mut self, room: RoomId, hearers: &Hearers, except: Option<ConnId>, envelope: &Envelope) {
        if let Some(promise) = &mut self.promise {
            return promise.say(Said::ToRoom(room, hearers.clone(), except, envelope.clone()));
        }
        if hearers.is_empty() {
            return;
        }
        let now = self.moment();
        let length = self.rooms.say(room, hearers, now.at, |bytes| envelope.write(bytes, None));
        self.in_rooms += length;
        let left_out = except.filter(|conn| hearers.contains(*conn));
        self.meter.said(&envelope.event, hearers.len() - usize::from(left_out.is_some()), length);
        if let Some((conn, plan)) = left_out.and_then(|conn| Some((conn, self.plans.get_mut(&conn)?))) {
            plan.miss(now);
            touch(plan, conn, &mut self.touched);
        }
        if envelope.plain() != PlainForm::Same {
            self.replace_in_room(now, &among(&self.elders, hearers, left_out), envelope);
        }
        let originals = among(&self.originals, hearers, left_out);
        if originals.is_empty() {
            return;
        }
        let packets = packets(envelope);
        for conn in originals {
            if let Some(plan) = self.plans.get_mut(&conn).filter(|plan| !plan.closing) {
                plan.packets.extend(packets.iter().cloned());
                plan.prompt = true;
                touch(plan, conn, &mut self.touched);
            }
        }
    }

    /// The piece that was said in a room at a moment is something else for clients that do not know it.
    fn replace_in_room(&mut self, when: RoundMoment, elders: &[ConnId], envelope: &Envelope) {
        if elders.is_empty() {
            return;
        }
        let range = write_plain(&mut self.private, envelope);
        self.in_rooms += range.len();
        for &conn in elders {
            let Some(plan) = self.plans.get_mut(&conn).filter(|plan| !plan.closing) else { continue };
            let own = plan.bytes;
            plan.insert(when, range.clone());
            // As with broadcasts, the round has a bound, not each recipient.
            plan.bytes = own;
            plan.miss(when);
            plan.prompt = true;
            touch(plan, conn, &mut self.touched);
        }
    }

    /// The round is complete: each connection is told which rooms it hears.
    pub(super) fn hand_out_rooms(&mut self) {
        for (number, track) in self.rooms.iter().enumerate() {
            for conn in track.hearers() {
                if let Some(plan) = self.plans.get_mut(&conn)
                    && plan.hear(number, track)
                {
                    plan.prompt = true;
                    touch(plan, conn, &mut self.touched);
                }
            }
        }
    }

    /// What the round said in rooms, each room's bytes once.
    pub fn room_bytes(&self) -> impl Iterator<Item = &Arc<Vec<u8>>> {
        self.rooms.iter().map(RoomTrack::bytes)
    }
}

/// The hearers who are in a set, except one.
fn among(set: &BTreeSet<ConnId>, hearers: &Hearers, except: Option<ConnId>) -> Vec<ConnId> {
    let wanted = |conn: &ConnId| Some(*conn) != except;
    if set.len() <= hearers.len() {
        set.iter().copied().filter(|conn| wanted(conn) && hearers.contains(*conn)).collect()
    } else {
        hearers.iter().filter(|conn| wanted(conn) && set.contains(conn)).collect()
    }
}
