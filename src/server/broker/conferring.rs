//! Calls of rooms: who may join one, who is told of it, and when somebody is out of it.
//!
//! Must not know: how many there may be (`calls`), how packets are relayed, or what is shown in a call.

use super::caller::{Caller, Denial};
use super::calls::{Attendee, JoinedConference, LeftConference};
use super::rooms::Place;
use super::{Broker, Outbox};
use crate::model::Now;
use crate::protocol::conference::{ConferenceCommand, InCall};
use crate::protocol::{CallEvent, CallOffer, Code, Event, HangUp, RelayGrant};
use crate::server::ids::{ConnId, RoomId};
use crate::server::relay::conference::MEMBER_RATE;
use crate::server::relay::orders::RelayOrder;
use crate::server::telemetry::events::Note;

/// Calls of rooms that end at once when calls are switched off; the others follow in later ticks.
const ENDED_AT_ONCE: usize = 4;

impl Broker {
    pub(super) fn conference_command(
        &mut self,
        now: Now,
        caller: &Caller,
        command: ConferenceCommand,
        out: &mut Outbox,
    ) -> Result<(), Denial> {
        match command {
            ConferenceCommand::Join { room, offer } => self.join_conference(now, caller, &room, offer, out),
            ConferenceCommand::Leave(room) => {
                let room = self.rooms.own(&self.peers, caller.conn, &room)?.id();
                let left = self.calls.leave_conference(caller.conn, room);
                let Some(left) = left else {
                    return Err(Denial::new(Code::NoSuchCall, "You are not in the call of this room."));
                };
                caller.answer(Event::InCall(self.who_is_left(&left)), out);
                self.out_of_conference(&left, (HangUp::Done, Some(caller.conn)), out);
                Ok(())
            }
        }
    }

    fn join_conference(
        &mut self,
        now: Now,
        caller: &Caller,
        written: &str,
        CallOffer { id, key, .. }: CallOffer,
        out: &mut Outbox,
    ) -> Result<(), Denial> {
        self.calls_are_on()?;
        let room = self.rooms.own(&self.peers, caller.conn, written)?;
        let (room, name) = (room.id(), room.name().clone());
        if !self.rooms.may_have_call(room) {
            let text = format!("A moderator has switched calls off in {name}.");
            return Err(Denial::new(Code::CallsOff, text));
        }
        self.shows_own_key(caller, key)?;
        self.may_be_heard(now, caller, &Place::Room(room, name.clone()))?;
        let attendee = Attendee { conn: caller.conn, name: caller.user.clone(), key, proved: caller.proved };
        let own = self.sessions_of(&caller.user);
        let joined = self.calls.join_conference(now.steady, (room, &name), (attendee, &own), id)?;
        let JoinedConference { id, relay, number, leg, port } = joined;
        out.notes.push(Note::ConferenceJoined { conn: caller.conn, name: caller.user.clone(), room: name });
        let rate = self.lifecycle.rules().relay.leg.per_second.min(MEMBER_RATE.per_second);
        caller.answer(Event::Call(CallEvent::Relay(RelayGrant { id, leg, port, rate: rate.into() })), out);
        // Whoever joins in another session goes on there, and in a full call takes the own place.
        for other in own {
            if other != caller.conn
                && let Some(left) = self.calls.leave_conference(other, room)
            {
                self.dismiss(&left, (HangUp::Elsewhere, None), out);
            }
        }
        out.relay.push(RelayOrder::Admit(relay, number, leg));
        if let Some(who) = self.calls.in_call(room) {
            caller.answer(Event::InCall(who.clone()), out);
            self.tell_room_of_call(room, Some(caller.conn), who, out);
        }
        Ok(())
    }

    /// Tells somebody who comes into rooms, or says now that their client has calls, who is in the calls of their rooms.
    pub(super) fn tell_calls_of_rooms(&self, conn: ConnId, out: &mut Outbox) {
        let user = self.peers.folded(conn).filter(|_| self.peers.can_be_called(conn));
        for (room, _) in user.into_iter().flat_map(|user| self.rooms.of_connection(conn, &user)) {
            if let Some(who) = self.calls.in_call(room) {
                out.send(conn, &Event::InCall(who).into());
            }
        }
    }

    // --- somebody is out of it

    /// The session of a connection ends.
    pub(super) fn leave_conferences(&mut self, conn: ConnId, out: &mut Outbox) {
        for room in self.calls.conferences_of(conn) {
            self.put_out_of_conference(conn, room, (HangUp::Gone, Some(conn)), out);
        }
    }

    /// Those who are in a room's call, but not in the room any more, leave the call.
    pub(super) fn follow_departures(&mut self, out: &mut Outbox) {
        for (room, conn) in self.rooms.take_departures() {
            if self.rooms.get(room).is_none_or(|room| !room.is_inside(conn)) {
                self.put_out_of_conference(conn, room, (HangUp::Done, None), out);
            }
        }
    }

    /// A connection's user was muted there: everywhere, or in one room.
    pub(super) fn mute_in_conferences(&mut self, now: Now, conn: ConnId, place: &Place, out: &mut Outbox) {
        for room in self.calls.conferences_of(conn) {
            let Some(name) = self.rooms.get(room).map(|room| room.name().clone()) else { continue };
            let is_there = place.room().is_none_or(|muted| muted == room);
            let heard = Place::Room(room, name);
            // Moderators of the server cannot be muted.
            if is_there && self.moderation.may_be_heard(now, (&self.peers, &self.rooms), conn, &heard).is_err() {
                self.put_out_of_conference(conn, room, (HangUp::Muted, None), out);
            }
        }
    }

    /// Ends some calls of rooms.
    pub(super) fn end_any_conferences(&mut self, out: &mut Outbox) {
        for _ in 0..ENDED_AT_ONCE {
            let Some(room) = self.calls.any_conference() else { return };
            self.end_conference(room, HangUp::Off, out);
        }
    }

    /// A room's call ends if the room may have none.
    pub(super) fn end_conference_if_off(&mut self, room: RoomId, out: &mut Outbox) {
        if !self.rooms.may_have_call(room) {
            self.end_conference(room, HangUp::Off, out);
        }
    }

    /// A room's call is over.
    pub(super) fn end_conference(&mut self, room: RoomId, why: HangUp, out: &mut Outbox) {
        for conn in self.calls.attendees(room) {
            self.put_out_of_conference(conn, room, (why, None), out);
        }
    }

    pub(super) fn put_out_of_conference(
        &mut self,
        conn: ConnId,
        room: RoomId,
        ending: (HangUp, Option<ConnId>),
        out: &mut Outbox,
    ) {
        if let Some(left) = self.calls.leave_conference(conn, room) {
            self.out_of_conference(&left, ending, out);
        }
    }

    /// Says that somebody is out of a room's call; `except` is a connection that is not told.
    fn out_of_conference(&self, left: &LeftConference, ending: (HangUp, Option<ConnId>), out: &mut Outbox) {
        self.dismiss(left, ending, out);
        self.tell_room_of_call(left.room, ending.1, self.who_is_left(left), out);
    }

    /// Says so to somebody who is out of a room's call, and to the relay and the log.
    fn dismiss(&self, left: &LeftConference, (why, except): (HangUp, Option<ConnId>), out: &mut Outbox) {
        let LeftConference { attendee, name, id, relay, number, is_over, .. } = left;
        out.relay.push(if *is_over { RelayOrder::Close(*relay) } else { RelayOrder::Dismiss(*relay, *number) });
        if except != Some(attendee.conn) {
            let event = CallEvent::HungUp { by: None, id: *id, why };
            out.send(attendee.conn, &Event::Call(event).into());
        }
        let (conn, user, room) = (attendee.conn, attendee.name.clone(), name.clone());
        out.notes.push(Note::ConferenceLeft { conn, name: user, room, outcome: why.as_str() });
    }

    fn who_is_left(&self, left: &LeftConference) -> InCall {
        self.calls.in_call(left.room).unwrap_or_else(|| InCall { room: left.name.clone(), conference: None })
    }

    /// Tells those in a room whose clients have calls.
    fn tell_room_of_call(&self, room: RoomId, except: Option<ConnId>, who: InCall, out: &mut Outbox) {
        let Some(room) = self.rooms.get(room) else { return };
        let told = room.inside().filter(|conn| Some(*conn) != except && self.peers.can_be_called(*conn));
        out.send_to_all(told, &Event::InCall(who).into());
    }
}
