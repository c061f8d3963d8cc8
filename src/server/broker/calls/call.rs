//! A call: its two users, and whether it rings or is relayed.
//!
//! Must not know: the other calls, or what follows from a change.

use crate::model::{Name, Timestamp};
use crate::protocol::leg::LegToken;
use crate::protocol::{CallId, Envelope};
use crate::server::ids::ConnId;
use crate::server::relay::RelayId;

/// One of the two users of a call, in the session in which they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::server::broker) struct CallParty {
    /// The connection of the session.
    pub(in crate::server::broker) conn: ConnId,
    /// The user's name.
    pub(in crate::server::broker) name: Name,
}

/// A call and its two users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::server::broker) struct CallLine {
    /// The call.
    pub(in crate::server::broker) id: CallId,
    /// Who calls.
    pub(in crate::server::broker) caller: CallParty,
    /// Who is called.
    pub(in crate::server::broker) callee: CallParty,
    /// The callee's other sessions, in which it rings too until it is answered in one of them.
    pub(in crate::server::broker) also: Vec<ConnId>,
    /// Whether the callee is told nothing of it, because they ignore the caller, who is not to find that out.
    pub(in crate::server::broker) silent: bool,
    /// What the callee's sessions are told while it rings.
    pub(in crate::server::broker) rings: Envelope,
}

/// How far a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallStage {
    /// It rings until this moment on the steady clock.
    Rings(Timestamp),
    /// It was answered, and is relayed.
    Relayed(RelayId),
}

/// A call that is not over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OngoingCall {
    pub(super) line: CallLine,
    pub(super) stage: CallStage,
}

/// A call that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::server::broker) struct EndedCall {
    /// The call.
    pub(in crate::server::broker) line: CallLine,
    /// Under which number it was relayed; `None` if it only rang.
    pub(in crate::server::broker) relay: Option<RelayId>,
}

/// A call that was answered with yes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::server::broker) struct TakenCall {
    /// The call.
    pub(in crate::server::broker) line: CallLine,
    /// The number under which it is to be relayed.
    pub(in crate::server::broker) relay: RelayId,
    /// The tokens of the caller's leg and of the callee's.
    pub(in crate::server::broker) legs: [LegToken; 2],
    /// The UDP port of the relay; 0 if there is none.
    pub(in crate::server::broker) port: u16,
    /// The callee's other sessions, in which it no longer rings.
    pub(in crate::server::broker) elsewhere: Vec<ConnId>,
}

impl CallLine {
    /// The connections that are told of what happens to the call.
    pub(in crate::server::broker) fn told(&self) -> impl Iterator<Item = ConnId> + '_ {
        let callee = self.callees().filter(|_| !self.silent);
        [self.caller.conn].into_iter().chain(callee)
    }

    /// The connections of the callee at which it rings, or the one that took it.
    pub(super) fn callees(&self) -> impl Iterator<Item = ConnId> + '_ {
        [self.callee.conn].into_iter().chain(self.also.iter().copied())
    }

    /// The other user, if this connection is that of one of the two.
    pub(super) fn other(&self, conn: ConnId) -> Option<&CallParty> {
        if conn == self.caller.conn {
            return Some(&self.callee);
        }
        self.callees().any(|callee| callee == conn).then_some(&self.caller)
    }

    /// The callee has taken the call over this connection; returns the others.
    pub(super) fn take_at(&mut self, conn: ConnId) -> Vec<ConnId> {
        let others = self.callees().filter(|other| *other != conn).collect();
        self.callee.conn = conn;
        self.also.clear();
        others
    }

    /// It no longer rings over this connection of the callee, but still rings over others; `false` if there are none.
    pub(super) fn stop_ringing_at(&mut self, conn: ConnId) -> bool {
        let Some(next) = self.callees().find(|other| *other != conn) else { return false };
        if self.callee.conn == conn {
            self.callee.conn = next;
        }
        let kept = self.callee.conn;
        self.also.retain(|other| *other != conn && *other != kept);
        true
    }
}

impl OngoingCall {
    pub(super) fn rings(&self) -> bool {
        matches!(self.stage, CallStage::Rings(_))
    }

    /// Whether it counts for the calls that a user with these connections is in: one that rings there was not asked for.
    pub(super) fn counts_for(&self, own: &[ConnId]) -> bool {
        !self.rings() || own.contains(&self.line.caller.conn)
    }
}
