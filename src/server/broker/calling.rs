//! How users call one another: whether they may, who is told of it, and which calls the relay opens and closes.
//!
//! Must not know: how many calls there may be (`calls`), how packets are relayed, or what is said in a call.

use super::caller::{Caller, Denial};
use super::calls::{CallLine, CallParty, EndedCall, TakenCall};
use super::rooms::Place;
use super::{Broker, Outbox};
use crate::model::{BanTarget, Fingerprint, FoldedName, Identity, Name, Now};
use crate::protocol::{
    CallAnswer, CallCommand, CallEvent, CallId, CallOffer, Code, Envelope, Event, HangUp, RelayGrant,
};
use crate::server::ids::ConnId;
use crate::server::relay::orders::{RelayNews, RelayOrder};
use crate::server::telemetry::events::Note;

/// Who ended a call, and why.
#[derive(Clone, Copy, Debug)]
struct CallEnding<'a> {
    /// The user; `None` if it was the server.
    by: Option<&'a Name>,
    /// The connection that is not told: it ended the call, or is gone.
    except: Option<ConnId>,
    why: HangUp,
}

impl Broker {
    pub(super) fn call_command(
        &mut self,
        now: Now,
        caller: &Caller,
        command: CallCommand,
        out: &mut Outbox,
    ) -> Result<(), Denial> {
        match command {
            CallCommand::Ring { to, offer } => self.ring(now, caller, &to, offer, out),
            CallCommand::Answer { to, id, answer: CallAnswer::Yes(key) } => {
                self.take_call(now, caller, (&to, id), key, out)
            }
            CallCommand::Answer { to, id, answer: answer @ CallAnswer::No(why) } => {
                let EndedCall { line, .. } = self.calls.decline(caller.conn, &folded(&to), id)?;
                out.send(line.caller.conn, &answered(caller, &line, answer));
                let others = line.told().filter(|conn| ![caller.conn, line.caller.conn].contains(conn));
                stop_ringing(caller, id, others, out);
                out.notes.push(ended(&line, why.as_str()));
                Ok(())
            }
            CallCommand::HangUp { to, id, why } => {
                let call = self.calls.hang_up(caller.conn, &folded(&to), id)?;
                let ending = CallEnding { by: Some(&caller.user), except: Some(caller.conn), why: told_by_user(why) };
                end_call(call, ending, out);
                Ok(())
            }
            CallCommand::Leg(_) => Err(leg_is_late()),
        }
    }

    fn ring(
        &mut self,
        now: Now,
        caller: &Caller,
        written: &str,
        offer: CallOffer,
        out: &mut Outbox,
    ) -> Result<(), Denial> {
        self.calls_are_on()?;
        let name = self.access.user(&self.peers, written)?;
        if name.folded() == caller.user.folded() {
            return Err(Denial::new(Code::NotAllowed, "You cannot call yourself."));
        }
        self.shows_own_key(caller, offer.key)?;
        self.may_be_heard(now, caller, &Place::Everyone)?;
        let (conn, also) = self.callable(now, &name)?;
        let (from, silent) = (caller.user.clone(), self.access.hides(&name, &caller.user));
        let parties = [(caller.conn, &from), (conn, &name)];
        let [caller_party, callee] = parties.map(|(conn, name)| CallParty { conn, name: name.clone() });
        let rings = CallEvent::Rings { from: from.clone(), to: name.clone(), offer };
        let rings = Envelope { time: Some(now.wall), verified: caller.proved, ..Event::Call(rings).into() };
        let line =
            CallLine { id: offer.id, caller: caller_party, callee, also: also.clone(), silent, rings: rings.clone() };
        self.calls.ring(now.steady, &self.sessions_of(&from), line)?;
        out.notes.push(Note::CallBegun { conn: caller.conn, name: from, to: name, wants: offer.wants });
        caller.answer(Event::Call(CallEvent::Ringing(offer.id)), out);
        if !silent {
            [conn].into_iter().chain(also).for_each(|conn| out.send(conn, &rings));
        }
        Ok(())
    }

    /// The connections of all sessions of a user.
    pub(super) fn sessions_of(&self, name: &Name) -> Vec<ConnId> {
        self.peers.sessions(name.as_str()).collect()
    }

    /// A session whose client has calls begins: what rings in other sessions of its user rings there too.
    pub(super) fn ring_here_too(&mut self, now: Now, conn: ConnId, out: &mut Outbox) {
        let name = self.peers.get(conn).filter(|peer| peer.can_be_called()).and_then(|peer| peer.name().cloned());
        let Some(name) = name else { return };
        // A user who is muted is not heard, not even in answer to a call.
        if self.moderation.may_be_heard(now, (&self.peers, &self.rooms), conn, &Place::Everyone).is_ok() {
            let others: Vec<ConnId> = self.peers.others(conn, &name).collect();
            self.calls.ring_also_at(conn, &others).iter().for_each(|rings| out.send(conn, rings));
        }
    }

    pub(super) fn calls_are_on(&self) -> Result<(), Denial> {
        if self.lifecycle.rules().calls {
            return Ok(());
        }
        Err(Denial::new(Code::CallsOff, "Calls are switched off on this server."))
    }

    /// The connections over which a user can be called: one, and those of the user's other sessions.
    fn callable(&self, now: Now, name: &Name) -> Result<(ConnId, Vec<ConnId>), Denial> {
        let not_here = |text: &str| Denial::new(Code::NotHere, format!("{name} {text}"));
        let mut conns: Vec<ConnId> = self.peers.sessions(name.as_str()).collect();
        conns.retain(|conn| !self.peers.is_leaving(*conn));
        if conns.is_empty() {
            return Err(not_here("is not online."));
        }
        conns.retain(|conn| self.peers.can_be_called(*conn));
        if conns.is_empty() {
            return Err(not_here("cannot be called: their program has no calls."));
        }
        // Whoever is muted is not heard, not even in answer to a call.
        let heard = |conn: &ConnId| {
            self.moderation.may_be_heard(now, (&self.peers, &self.rooms), *conn, &Place::Everyone).is_ok()
        };
        conns.retain(heard);
        let mut conns = conns.into_iter();
        let first = conns.next().ok_or_else(|| not_here("cannot be called at the moment."))?;
        Ok((first, conns.collect()))
    }

    /// A user who has proved a key makes calls with no other.
    pub(super) fn shows_own_key(&self, caller: &Caller, key: Fingerprint) -> Result<(), Denial> {
        match self.peers.get(caller.conn).and_then(super::peers::Peer::identity) {
            Some(Identity::Key(own)) if own != key => {
                let text = "The key of the call must be the key of this session.";
                Err(Denial::new(Code::NotAllowed, text))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn take_call(
        &mut self,
        now: Now,
        caller: &Caller,
        (to, id): (&str, CallId),
        key: Fingerprint,
        out: &mut Outbox,
    ) -> Result<(), Denial> {
        let other = folded(to);
        self.calls.may_answer(caller.conn, &other, id)?;
        self.calls_are_on()?;
        self.shows_own_key(caller, key)?;
        self.may_be_heard(now, caller, &Place::Everyone)?;
        let own = self.sessions_of(&caller.user);
        let TakenCall { line, relay, legs, port, elsewhere } = self.calls.take((caller.conn, &own), &other, id)?;
        out.relay.push(RelayOrder::Open(relay, legs));
        let [of_caller, of_callee] = legs;
        let rate = u64::from(self.lifecycle.rules().relay.leg.per_second);
        let grant = |leg| Event::Call(CallEvent::Relay(RelayGrant { id, leg, port, rate }));
        out.send(line.caller.conn, &answered(caller, &line, CallAnswer::Yes(key)));
        out.send(line.caller.conn, &grant(of_caller).into());
        caller.answer(grant(of_callee), out);
        stop_ringing(caller, id, elsewhere.into_iter(), out);
        let (name, to) = (caller.user.clone(), line.caller.name);
        out.notes.push(Note::CallAnswered { conn: caller.conn, name, to });
        Ok(())
    }

    // --- calls end

    /// The calls of a session end with it.
    pub(super) fn end_calls_of(&mut self, conn: ConnId, out: &mut Outbox) {
        let ending = CallEnding { by: None, except: Some(conn), why: HangUp::Gone };
        self.calls.end_all_of(conn).into_iter().for_each(|call| end_call(call, ending, out));
    }

    /// Users were muted in a place: their calls end, or only that of the room.
    pub(super) fn end_muted_calls(&mut self, now: Now, place: &Place, whom: &[BanTarget], out: &mut Outbox) {
        let muted: Vec<ConnId> = whom.iter().flat_map(|whom| self.peers.described(whom)).collect();
        for conn in muted {
            self.mute_in_conferences(now, conn, place, out);
            // Moderators cannot be muted.
            if place.room().is_none()
                && self.moderation.may_be_heard(now, (&self.peers, &self.rooms), conn, &Place::Everyone).is_err()
            {
                let calls = self.calls.end_all_of(conn);
                calls.into_iter().for_each(|call| end_call(call, by_server(HangUp::Muted), out));
            }
        }
    }

    /// Ends calls if they are switched off: some at once, if there are more the rest in later ticks.
    pub(super) fn end_calls_if_off(&mut self, out: &mut Outbox) {
        if self.calls_are_on().is_err() {
            self.calls.end_any().into_iter().for_each(|call| end_call(call, by_server(HangUp::Off), out));
            self.end_any_conferences(out);
        }
    }

    /// Ends the calls that nobody has answered in time.
    pub(super) fn end_old_calls(&mut self, now: Now, out: &mut Outbox) {
        self.end_calls_if_off(out);
        let calls = self.calls.end_unanswered(now.steady);
        calls.into_iter().for_each(|call| end_call(call, by_server(HangUp::Unanswered), out));
    }

    /// The relay has news.
    pub(super) fn hear_of_relay(&mut self, news: RelayNews, out: &mut Outbox) {
        let (relay, why) = match news {
            RelayNews::Port(port) => return self.calls.set_port(port),
            RelayNews::GaveUp(relay) => (relay, HangUp::Idle),
            RelayNews::Full(relay) => (relay, HangUp::Failed),
            RelayNews::GaveUpMember(relay, number) => {
                let room = self.calls.conference_relayed(relay);
                let member = room.and_then(|room| Some((self.calls.attendee(room, number)?, room)));
                if let Some((conn, room)) = member {
                    self.put_out_of_conference(conn, room, (HangUp::Idle, None), out);
                }
                return;
            }
        };
        if let Some(room) = self.calls.conference_relayed(relay) {
            return self.end_conference(room, why, out);
        }
        if let Some(call) = self.calls.end_relayed(relay) {
            end_call(EndedCall { relay: None, ..call }, by_server(why), out);
        }
    }
}

/// The refusal of a leg on a connection that is in use for something else.
pub(super) fn leg_is_late() -> Denial {
    Denial::new(Code::BadFrame, "A leg needs a connection of its own: relay must be its first frame.")
}

/// The answer of a user to a call, for the one who called.
fn answered(by: &Caller, line: &CallLine, answer: CallAnswer) -> Envelope {
    let (by, verified) = (by.user.clone(), by.proved);
    let event = CallEvent::Answered { by, to: line.caller.name.clone(), id: line.id, answer };
    Envelope { verified, ..Event::Call(event).into() }
}

/// A user has answered a call in one session: it no longer rings in the others.
fn stop_ringing(by: &Caller, id: CallId, others: impl Iterator<Item = ConnId>, out: &mut Outbox) {
    let event = CallEvent::HungUp { by: Some(by.user.clone()), id, why: HangUp::Elsewhere };
    let event = Event::Call(event).into();
    others.for_each(|conn| out.send(conn, &event));
}

/// The name that a client wrote, to be compared with those in a call.
fn folded(written: &str) -> FoldedName {
    Name::restored(written).map(|name| name.folded()).unwrap_or_default()
}

fn by_server(why: HangUp) -> CallEnding<'static> {
    CallEnding { by: None, except: None, why }
}

/// The reason that a user may give; the others are the server's.
fn told_by_user(why: HangUp) -> HangUp {
    match why {
        HangUp::Done | HangUp::Unanswered | HangUp::Failed | HangUp::WordsDiffer => why,
        HangUp::Gone | HangUp::Muted | HangUp::Off | HangUp::Idle | HangUp::Elsewhere => HangUp::Done,
    }
}

/// Tells those who are in a call that it is over, and has the relay close it.
fn end_call(EndedCall { line, relay }: EndedCall, CallEnding { by, except, why }: CallEnding<'_>, out: &mut Outbox) {
    out.relay.extend(relay.map(RelayOrder::Close));
    let event = Event::Call(CallEvent::HungUp { by: by.cloned(), id: line.id, why }).into();
    line.told().filter(|conn| Some(*conn) != except).for_each(|conn| out.send(conn, &event));
    out.notes.push(ended(&line, why.as_str()));
}

/// The entry in the log that says how a call ended.
fn ended(line: &CallLine, outcome: &'static str) -> Note {
    let CallLine { caller, callee, .. } = line;
    Note::CallEnded { conn: caller.conn, name: caller.name.clone(), to: callee.name.clone(), outcome }
}
