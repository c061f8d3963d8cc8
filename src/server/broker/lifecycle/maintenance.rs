//! Maintenance: while it is on, only moderators are let in. It lasts until it is switched off, across restarts.
//!
//! Must not know: who orders it, or how a name is refused.

use super::Lifecycle;
use crate::model::{Rank, Text};
use crate::protocol::Code;
use crate::server::broker::caller::Denial;
use crate::server::broker::facts::{self, ends, holds, kind};
use crate::server::broker::outbox::{FactChange, Outbox};
use crate::server::store::api::Fact;

impl Lifecycle {
    /// Lets nobody in but moderators, who are told this; `None` lets everybody in again.
    pub(in crate::server::broker) fn maintain(&mut self, text: Option<Text>, out: &mut Outbox) {
        let before = self.maintenance.as_ref().map(|text| fact(Some(text)));
        out.change(FactChange { now: fact(text.as_ref()), before });
        self.maintenance = text;
    }

    /// What those are told who are not let in, while the server is being maintained.
    pub(in crate::server::broker) fn maintenance(&self) -> Option<&Text> {
        self.maintenance.as_ref()
    }

    /// Refuses whoever has less than a moderator's rank while the server is being maintained.
    pub(in crate::server::broker) fn lets_in(&self, rank: Rank) -> Result<(), Denial> {
        match &self.maintenance {
            Some(text) if rank < Rank::Moderator => Err(Denial::new(Code::Maintenance, text.to_string())),
            _ => Ok(()),
        }
    }

    /// Restores the stored text; `false` if it cannot be read.
    pub(in crate::server::broker) fn restore_maintenance(&mut self, value: &str) -> bool {
        let text: Option<String> = facts::read(value);
        self.maintenance = text.map(|text| Text::line(&text));
        self.maintenance.is_some()
    }

    /// Takes back that maintenance was switched on or off: this held before.
    pub(in crate::server::broker) fn take_back_maintenance(&mut self, value: Option<&str>) {
        self.maintenance = value.and_then(facts::read::<String>).map(|text| Text::line(&text));
    }
}

fn fact(text: Option<&Text>) -> Fact {
    match text {
        Some(text) => holds(kind::MAINTENANCE, String::new(), &text.as_str()),
        None => ends(kind::MAINTENANCE, String::new()),
    }
}
