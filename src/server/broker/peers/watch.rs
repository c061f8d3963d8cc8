//! What the broker watches of each connection: silence, deadlines, and what it waits for.
//!
//! Must not know: what a request asks for, or what follows when a connection is closed.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::connection_state::{Awaits, Hold, KeepAlive, Leaving, Parked};
use super::{Peers, peer::Peer};
use crate::model::{Name, Origin, Timestamp};
use crate::protocol::{Event, Request};
use crate::server::broker::caller::Denial;
use crate::server::broker::outbox::Outbox;
use crate::server::broker::rules::Rules;
use crate::server::ids::ConnId;
use crate::server::limits::MAX_QUESTIONS_OF_ONE;

/// Why the server ends a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CutReason {
    /// It gave no name in time.
    NoName,
    /// It did not answer a ping in time.
    NoPong,
    /// It goes on at another node of the chat, and has been told so.
    Elsewhere,
}

impl Peers {
    /// A connection sent something. `false` if it is gone or leaving, so that its requests are ignored.
    pub(in crate::server::broker) fn heard(&mut self, conn: ConnId, now: Timestamp) -> bool {
        let Some(peer) = self.all.get_mut(&conn).filter(|peer| peer.state.leaving.is_none()) else { return false };
        peer.state.heard = now;
        peer.state.pinged = false;
        true
    }

    /// A connection sent a malformed request: returns its address and name if that is to be logged,
    /// which happens once.
    pub(in crate::server::broker) fn first_bad_frame(&mut self, conn: ConnId) -> Option<(Origin, Option<Name>)> {
        let peer = self.all.get_mut(&conn)?;
        let told = std::mem::replace(&mut peer.state.told_of_bad_frame, true);
        (!told).then(|| (peer.origin, peer.name.clone()))
    }

    /// Lets a request wait if its connection waits for a check.
    pub(in crate::server::broker) fn park(&mut self, conn: ConnId, request: Request) -> Parked {
        match self.all.get_mut(&conn) {
            Some(peer) => peer.state.park(request),
            None => Parked::No(request),
        }
    }

    /// A connection waits for a check from now on.
    pub(in crate::server::broker) fn hold(&mut self, conn: ConnId, reference: Option<String>, awaits: Awaits) {
        if let Some(peer) = self.all.get_mut(&conn) {
            peer.state.hold = Some(Box::new(Hold { reference, awaits, parked: Vec::new() }));
        }
    }

    /// Whether a connection waits for a check.
    pub(in crate::server::broker) fn is_held(&self, conn: ConnId) -> bool {
        self.all.get(&conn).is_some_and(|peer| peer.state.hold.is_some())
    }

    /// Whether a connection waits until its login is looked up.
    pub(in crate::server::broker) fn awaits_login(&self, conn: ConnId) -> bool {
        let awaits = self.all.get(&conn).and_then(|peer| Some(&peer.state.hold.as_ref()?.awaits));
        awaits.is_some_and(|awaits| matches!(awaits, Awaits::Login(_) | Awaits::NewLogin(_)))
    }

    /// A connection is refused the name that it asks for, and told so at the next tick.
    pub(in crate::server::broker) fn shut_out(
        &mut self,
        conn: ConnId,
        reference: Option<String>,
        name: String,
        denial: Denial,
    ) {
        self.hold(conn, reference, Awaits::Refusal(name, denial));
        self.shut_out.push(conn);
    }

    /// Takes the connections that are to be told that they are refused.
    pub(in crate::server::broker) fn take_shut_out(&mut self) -> Vec<ConnId> {
        std::mem::take(&mut self.shut_out)
    }

    /// Ends the check that a connection waits for, if it `fits`. The time that the check took does not count as silence.
    pub(in crate::server::broker) fn release(
        &mut self,
        conn: ConnId,
        now: Timestamp,
        fits: impl FnOnce(&Awaits) -> bool,
    ) -> Option<Hold> {
        let peer = self.all.get_mut(&conn)?;
        let hold = peer.state.hold.take_if(|hold| fits(&hold.awaits))?;
        peer.state.since = now;
        Some(*hold)
    }

    /// Counts a message of a connection that the store has to answer for.
    pub(in crate::server::broker) fn count_pending(&mut self, conn: ConnId) {
        if let Some(peer) = self.all.get_mut(&conn) {
            peer.state.pending += 1;
        }
    }

    /// The store has answered for a message of a connection: returns how it leaves, if it waited for that alone.
    pub(in crate::server::broker) fn settle(&mut self, conn: ConnId) -> Option<Leaving> {
        let peer = self.all.get_mut(&conn)?;
        peer.state.pending = peer.state.pending.saturating_sub(1);
        ready(peer)
    }

    /// A connection is to leave: returns how, if it can leave at once. Otherwise [`Peers::settle`] does later, so that
    /// no user's message arrives after their departure.
    pub(in crate::server::broker) fn leave(&mut self, conn: ConnId, leaving: Leaving) -> Option<Leaving> {
        let peer = self.all.get_mut(&conn)?;
        peer.state.leaving = Some(Box::new(leaving));
        ready(peer)
    }

    /// Whether a connection leaves as soon as the store has answered.
    pub(in crate::server::broker) fn is_leaving(&self, conn: ConnId) -> bool {
        self.all.get(&conn).is_none_or(|peer| peer.state.leaving.is_some())
    }

    /// The client of a connection moves between nodes.
    pub(in crate::server::broker) fn set_hears_of_nodes(&mut self, conn: ConnId) {
        if let Some(peer) = self.all.get_mut(&conn) {
            peer.state.hears_of_nodes = true;
        }
    }

    /// Whether a connection has a name, and a client that moves between nodes.
    pub(in crate::server::broker) fn hears_of_nodes(&self, conn: ConnId) -> bool {
        self.all.get(&conn).is_some_and(|peer| peer.name.is_some() && peer.state.hears_of_nodes)
    }

    /// All connections of which [`Peers::hears_of_nodes`] holds, in the order of their numbers.
    pub(in crate::server::broker) fn all_who_hear_of_nodes(&self) -> Vec<ConnId> {
        let mut conns = self.all_in_order();
        conns.retain(|conn| self.hears_of_nodes(*conn));
        conns
    }

    /// All connections, in the order of their numbers.
    pub(in crate::server::broker) fn all_in_order(&self) -> Vec<ConnId> {
        let mut conns: Vec<ConnId> = self.all.keys().copied().collect();
        conns.sort_unstable();
        conns
    }

    /// Counts a question of a connection. `false` if [`MAX_QUESTIONS_OF_ONE`] are open, or it is gone.
    pub(in crate::server::broker) fn count_question(&mut self, conn: ConnId) -> Option<u64> {
        let state = &mut self.all.get_mut(&conn)?.state;
        if state.questions >= MAX_QUESTIONS_OF_ONE {
            return None;
        }
        state.questions += 1;
        state.asked += 1;
        Some(state.asked)
    }

    /// A question of a connection is answered.
    pub(in crate::server::broker) fn end_question(&mut self, conn: ConnId) {
        if let Some(peer) = self.all.get_mut(&conn) {
            peer.state.questions = peer.state.questions.saturating_sub(1);
        }
    }

    /// The server itself stood still for a while: what was sent meanwhile is still to be read.
    pub(in crate::server::broker) fn forgive(&mut self, gap: Duration, now: Timestamp) {
        self.all.values_mut().for_each(|peer| peer.state.forgive(gap, now));
    }

    /// Pings silent connections, and returns those that have taken too long, in the order of their numbers; each once.
    pub(in crate::server::broker) fn watch(
        &mut self,
        now: Timestamp,
        rules: &Rules,
        out: &mut Outbox,
    ) -> Vec<(ConnId, CutReason)> {
        let mut late = Vec::new();
        for (&conn, peer) in &mut self.all {
            if peer.state.leaving.is_some() || peer.state.cut {
                // It leaves as soon as the store has answered, or others have learnt of it.
            } else if peer.name.is_none() {
                if now.since(peer.state.since) >= rules.name_deadline && peer.state.hold.is_none() {
                    late.push((conn, CutReason::NoName));
                }
            } else if peer.is_original() {
                // It cannot answer a ping; the kernel's keep-alive watches it.
            } else {
                match peer.state.due(now, rules.ping_after, rules.cut_after) {
                    KeepAlive::Nothing => {}
                    KeepAlive::Ping(token) => out.send(conn, &Event::Ping(token).into()),
                    KeepAlive::Close => late.push((conn, CutReason::NoPong)),
                }
            }
        }
        late.sort_unstable_by_key(|(conn, _)| *conn);
        for (conn, _) in &late {
            if let Some(peer) = self.all.get_mut(conn) {
                peer.state.cut = true;
            }
        }
        late
    }
}

/// Takes how a connection leaves, once none of its messages is pending.
fn ready(peer: &mut Peer) -> Option<Leaving> {
    if peer.state.pending > 0 {
        return None;
    }
    peer.state.leaving.take().map(|leaving| *leaving)
}
