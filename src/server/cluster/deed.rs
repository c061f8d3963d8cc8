//! What a step has the broker do, and what the store reported: enough to do it again.
//!
//! Must not know: how it is kept, or when it is done again.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::command;
use super::kept_report::KeptReport;
use super::step::{LogStep, Verdict};
use crate::model::{Now, Timestamp};
use crate::server::broker::{Input, StateError};
use crate::server::ids::{ConnId, NodeSeat};

/// What a step has the broker do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// The log's time, in milliseconds since 1970.
    time: i64,
    /// The seats of the nodes whose epochs end.
    ended: Vec<u16>,
    /// Whether a node comes in.
    came: bool,
    /// Whether a second of the log's time has gone by.
    tick: bool,
    /// The seat of the node that says the entry.
    seat: u16,
    /// What its connections ask for: the number of each, and the bytes.
    commands: Vec<(u64, Bytes)>,
    /// What the store reported, in this order.
    pub(super) reports: Vec<KeptReport>,
}

impl Deed {
    /// What a step is about to do.
    #[must_use]
    pub fn of(step: &LogStep) -> Self {
        let (seat, commands) = match &step.verdict {
            Verdict::Counts { seat, commands, .. } => (*seat, commands.as_slice()),
            _ => (0, [].as_slice()),
        };
        Self {
            time: step.time.0,
            ended: step.ended.iter().map(|ended| ended.seat).collect(),
            came: matches!(step.verdict, Verdict::CameIn { .. }),
            tick: step.tick,
            seat,
            commands: commands.iter().map(|command| (command.conn, command.bytes.clone())).collect(),
            reports: Vec::new(),
        }
    }

    /// As bytes.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        // Nothing in it can fail to be written.
        postcard::to_allocvec(self).unwrap_or_default()
    }

    /// What was done, from its bytes.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn read(bytes: &[u8]) -> Result<Self, StateError> {
        postcard::from_bytes(bytes).map_err(|error| StateError::Unreadable(error.to_string()))
    }

    /// Whether connections ask for anything in it.
    pub(super) fn asks(&self) -> bool {
        !self.commands.is_empty()
    }

    /// The moment at which the broker decides.
    fn moment(&self) -> Now {
        Now { wall: Timestamp(self.time), steady: Timestamp(self.time) }
    }

    /// What happens before the entry is looked at.
    pub(super) fn begins(&self) -> Vec<(Now, Input)> {
        let ended = self.ended.iter().map(|seat| Input::NodeGone(NodeSeat(*seat)));
        let came = self.came.then_some(Input::NodeCame);
        ended.chain(came).chain(self.tick.then_some(Input::Tick)).map(|input| (self.moment(), input)).collect()
    }

    /// What the connections of the node ask for.
    pub(super) fn inputs(&self) -> Vec<(Now, Input)> {
        let read = |(conn, bytes): &(u64, Bytes)| command::read(ConnId::to(NodeSeat(self.seat), *conn), bytes);
        self.commands.iter().filter_map(read).map(|input| (self.moment(), input)).collect()
    }
}
