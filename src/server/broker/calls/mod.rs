//! Calls between two users: which of them ring, which were answered and are relayed, and how many there may be.
//!
//! - [`call`]: one call. [`conferences`]: the calls of rooms. [`recent`]: how many a user starts and joins. [`tokens`]: what a client shows to have a leg.
//!
//! Must not know: whether users may call each other at all (`calling`), how packets are relayed, or what is said in a call.

mod call;
mod conferences;
mod recent;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::model::{FoldedName, Timestamp, period};
use crate::protocol::{CallId, Code, Envelope};
use crate::server::broker::caller::Denial;
use crate::server::ids::ConnId;
use crate::server::limits::{
    CALLS_JOINED, CALLS_STARTED, EXPIRED_AT_ONCE, MAX_CALLS_OF_ONE, MAX_RINGING_AT_ONE, RING_TIME,
};
use crate::server::relay::{MAX_RELAYED, RelayId};

use self::call::{CallStage, OngoingCall};
use self::conferences::Conferences;
use self::recent::RecentCalls;
use self::tokens::LegTokens;

pub(in crate::server::broker) use self::call::{CallLine, CallParty, EndedCall, TakenCall};
pub(in crate::server::broker) use self::conferences::{Attendee, JoinedConference, LeftConference};

/// All calls.
#[derive(Debug)]
pub(in crate::server::broker) struct Calls {
    all: BTreeMap<CallId, OngoingCall>,
    /// The calls of each connection, whichever side it is on.
    of: BTreeMap<ConnId, BTreeSet<CallId>>,
    /// Those that ring, in the order in which they end unanswered.
    ringing: BTreeSet<(Timestamp, CallId)>,
    relayed: BTreeMap<RelayId, CallId>,
    /// How many were relayed so far.
    numbered: u64,
    conferences: Conferences,
    /// The calls that users have started, and those of rooms that they have joined, lately.
    started: RecentCalls,
    joined: RecentCalls,
    tokens: LegTokens,
    port: u16,
}

impl Calls {
    /// Whether nobody has called anybody yet.
    pub(in crate::server::broker) fn are_unused(&self) -> bool {
        self.numbered == 0 && self.all.is_empty()
    }

    /// No calls yet; tokens are computed from `secret`, which must be random.
    pub(in crate::server::broker) fn new(secret: &[u8; 32]) -> Self {
        Self {
            all: BTreeMap::new(),
            of: BTreeMap::new(),
            ringing: BTreeSet::new(),
            relayed: BTreeMap::new(),
            numbered: 0,
            conferences: Conferences::default(),
            started: RecentCalls::new(CALLS_STARTED),
            joined: RecentCalls::new(CALLS_JOINED),
            tokens: LegTokens::new(secret),
            port: 0,
        }
    }

    /// The UDP port of the relay; 0 if there is none.
    pub(in crate::server::broker) fn set_port(&mut self, port: u16) {
        self.port = port;
    }

    // --- a call begins

    /// A call rings. Nothing here depends on whether the callee is told of it. `own` are the connections of all sessions of
    /// the caller, here and below: a user may be in no more calls with several sessions than with one.
    pub(in crate::server::broker) fn ring(
        &mut self,
        now: Timestamp,
        own: &[ConnId],
        line: CallLine,
    ) -> Result<(), Denial> {
        let CallLine { id, caller, callee, .. } = &line;
        if self.all.contains_key(id) {
            return Err(Denial::new(Code::BadFrame, "There is a call with this id already; choose another id."));
        }
        let with_callee = |call: &&OngoingCall| {
            let names = [&call.line.caller, &call.line.callee].map(|party| party.name.folded());
            names.contains(&callee.name.folded())
        };
        if self.calls_of(own).filter(with_callee).any(OngoingCall::rings) {
            return Err(too_many(format!("A call between you and {} rings already.", callee.name)));
        }
        self.has_time(own)?;
        let callees: Vec<ConnId> = line.callees().collect();
        let rings_there = |call: &&OngoingCall| call.rings() && call.line.callee.name.folded() == callee.name.folded();
        if self.calls_of(&callees).filter(rings_there).count() >= MAX_RINGING_AT_ONE {
            return Err(too_many(format!("Too many calls ring at {} already; try again in a moment.", callee.name)));
        }
        self.relay_has_room()?;
        self.started.count(caller.name.folded(), now).map_err(started_too_often)?;
        let until = now.after(RING_TIME);
        self.ringing.insert((until, *id));
        for conn in [caller.conn].into_iter().chain(callees) {
            self.of.entry(conn).or_default().insert(*id);
        }
        self.all.insert(*id, OngoingCall { line, stage: CallStage::Rings(until) });
        Ok(())
    }

    /// The calls that ring in other sessions of a user ring over this connection too. Returns what it is told.
    pub(in crate::server::broker) fn ring_also_at(&mut self, conn: ConnId, others: &[ConnId]) -> Vec<Envelope> {
        let rings_only_there = |call: &&OngoingCall| {
            let here = call.line.callees().any(|callee| callee == conn);
            call.rings() && !here && call.line.callees().any(|callee| others.contains(&callee))
        };
        let ids: Vec<CallId> = self.calls_of(others).filter(rings_only_there).map(|call| call.line.id).collect();
        let mut told = Vec::new();
        for id in ids {
            let Some(call) = self.all.get_mut(&id) else { continue };
            call.line.also.push(conn);
            self.of.entry(conn).or_default().insert(id);
            told.extend((!call.line.silent).then(|| call.line.rings.clone()));
        }
        told
    }

    /// The call that rings at a connection, by the one who calls.
    fn ringing_at(&self, conn: ConnId, caller: &FoldedName, id: CallId) -> Result<&OngoingCall, Denial> {
        let call = self.all.get(&id).filter(|call| call.rings() && !call.line.silent);
        let fits =
            |line: &CallLine| line.callees().any(|callee| callee == conn) && line.caller.name.folded() == *caller;
        call.filter(|call| fits(&call.line)).ok_or_else(no_such_call)
    }

    /// Refuses an answer to a call that does not ring at a connection.
    pub(in crate::server::broker) fn may_answer(
        &self,
        conn: ConnId,
        caller: &FoldedName,
        id: CallId,
    ) -> Result<(), Denial> {
        self.ringing_at(conn, caller, id).map(drop)
    }

    /// The user of a connection takes a call.
    pub(in crate::server::broker) fn take(
        &mut self,
        (conn, own): (ConnId, &[ConnId]),
        caller: &FoldedName,
        id: CallId,
    ) -> Result<TakenCall, Denial> {
        let mut line = self.ringing_at(conn, caller, id)?.line.clone();
        self.has_time(own)?;
        self.relay_has_room()?;
        self.numbered += 1;
        let relay = RelayId(self.numbered);
        let elsewhere = line.take_at(conn);
        if let Some(call) = self.all.get_mut(&id)
            && let CallStage::Rings(until) = std::mem::replace(&mut call.stage, CallStage::Relayed(relay))
        {
            call.line = line.clone();
            self.ringing.remove(&(until, id));
        }
        elsewhere.iter().for_each(|other| self.forget(*other, id));
        self.relayed.insert(relay, id);
        Ok(TakenCall { line, relay, legs: self.tokens.of(id, relay), port: self.port, elsewhere })
    }

    /// A connection no longer has anything to do with a call.
    fn forget(&mut self, conn: ConnId, id: CallId) {
        if let Some(ids) = self.of.get_mut(&conn) {
            ids.remove(&id);
            if ids.is_empty() {
                self.of.remove(&conn);
            }
        }
    }

    /// The user of a connection does not take a call.
    pub(in crate::server::broker) fn decline(
        &mut self,
        conn: ConnId,
        caller: &FoldedName,
        id: CallId,
    ) -> Result<EndedCall, Denial> {
        self.may_answer(conn, caller, id)?;
        self.end(id).ok_or_else(no_such_call)
    }

    // --- a call ends

    /// The user of a connection hangs up on another.
    pub(in crate::server::broker) fn hang_up(
        &mut self,
        conn: ConnId,
        other: &FoldedName,
        id: CallId,
    ) -> Result<EndedCall, Denial> {
        let knows = |call: &&OngoingCall| call.line.caller.conn == conn || !call.line.silent;
        let call = self.all.get(&id).filter(knows).ok_or_else(no_such_call)?;
        if call.line.other(conn).is_none_or(|party| party.name.folded() != *other) {
            return Err(no_such_call());
        }
        self.end(id).ok_or_else(no_such_call)
    }

    /// Ends the calls of a connection; those that ring in other sessions of its user too go on there.
    pub(in crate::server::broker) fn end_all_of(&mut self, conn: ConnId) -> Vec<EndedCall> {
        let ids = self.of.get(&conn).cloned().unwrap_or_default();
        let mut ended = Vec::new();
        for id in ids {
            let rings = self.all.get_mut(&id).filter(|call| call.rings() && call.line.caller.conn != conn);
            if rings.is_some_and(|call| call.line.stop_ringing_at(conn)) {
                self.forget(conn, id);
            } else {
                ended.extend(self.end(id));
            }
        }
        ended
    }

    /// Ends calls whatever they are, [`EXPIRED_AT_ONCE`] at a time, those first that are relayed.
    pub(in crate::server::broker) fn end_any(&mut self) -> Vec<EndedCall> {
        let ids = self.relayed.values().chain(self.ringing.iter().map(|(_, id)| id));
        let ids: Vec<CallId> = ids.take(EXPIRED_AT_ONCE).copied().collect();
        ids.into_iter().filter_map(|id| self.end(id)).collect()
    }

    /// Ends the calls that have rung for [`RING_TIME`], [`EXPIRED_AT_ONCE`] at a time.
    pub(in crate::server::broker) fn end_unanswered(&mut self, now: Timestamp) -> Vec<EndedCall> {
        self.started.forget(now);
        self.joined.forget(now);
        let over = self.ringing.iter().take_while(|(until, _)| *until <= now).take(EXPIRED_AT_ONCE);
        let over: Vec<CallId> = over.map(|(_, id)| *id).collect();
        over.into_iter().filter_map(|id| self.end(id)).collect()
    }

    /// Ends the call that was relayed under a number.
    pub(in crate::server::broker) fn end_relayed(&mut self, relay: RelayId) -> Option<EndedCall> {
        let id = *self.relayed.get(&relay)?;
        self.end(id)
    }

    fn end(&mut self, id: CallId) -> Option<EndedCall> {
        let OngoingCall { line, stage } = self.all.remove(&id)?;
        for conn in [line.caller.conn].into_iter().chain(line.callees()) {
            self.forget(conn, id);
        }
        let relay = match stage {
            CallStage::Rings(until) => {
                self.ringing.remove(&(until, id));
                None
            }
            CallStage::Relayed(relay) => {
                self.relayed.remove(&relay);
                Some(relay)
            }
        };
        Some(EndedCall { line, relay })
    }

    // --- how many there are

    /// How many calls ring, and how many are relayed.
    pub(in crate::server::broker) fn counts(&self) -> (usize, usize) {
        (self.ringing.len(), self.relayed.len() + self.conferences.len())
    }

    /// The calls of some connections, each once.
    fn calls_of(&self, conns: &[ConnId]) -> impl Iterator<Item = &OngoingCall> {
        let ids: BTreeSet<CallId> = conns.iter().filter_map(|conn| self.of.get(conn)).flatten().copied().collect();
        ids.into_iter().filter_map(|id| self.all.get(&id))
    }

    /// Refuses another call to a user, who has these connections, and is in as many as one can be.
    fn has_time(&self, own: &[ConnId]) -> Result<(), Denial> {
        let calls = self.calls_of(own).filter(|call| call.counts_for(own)).count();
        let conferences: usize = own.iter().map(|conn| self.conferences.of(*conn).len()).sum();
        if calls + conferences >= MAX_CALLS_OF_ONE {
            return Err(too_many(format!("You are in {MAX_CALLS_OF_ONE} calls already; hang up one of them first.")));
        }
        Ok(())
    }

    fn relay_has_room(&self) -> Result<(), Denial> {
        if self.relayed.len() + self.conferences.len() >= MAX_RELAYED {
            let text = format!("The server relays {MAX_RELAYED} calls already, which is the most; try again later.");
            return Err(too_many(text));
        }
        Ok(())
    }
}

fn too_many(text: String) -> Denial {
    Denial::new(Code::TooManyCalls, text)
}

fn started_too_often(wait: Duration) -> Denial {
    too_many(format!("You have started {CALLS_STARTED} calls within a minute; try again in {}.", shown(wait)))
}

fn joined_too_often(wait: Duration) -> Denial {
    too_many(format!("You have joined {CALLS_JOINED} calls within a minute; try again in {}.", shown(wait)))
}

/// A wait in whole seconds, which are enough.
fn shown(wait: Duration) -> String {
    period::shown(Duration::from_secs(wait.as_secs() + u64::from(wait.subsec_nanos() > 0)))
}

fn no_such_call() -> Denial {
    Denial::new(Code::NoSuchCall, "There is no such call, or it is over.")
}
