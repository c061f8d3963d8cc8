//! Dialing: which of the chat's addresses comes next, and how a client that has lost its server goes on at another one.
//!
//! Must not know: what is said at an address, or how the person is told.

use std::time::Duration;

use super::Link;
use super::nearby::Nearby;
use crate::client::link::addresses::ToldNodes;
use crate::client::link::state::Connection;
use crate::client::msg::Effect;
use crate::client::session::effects::Effects;
use crate::model::{Timestamp, Url};

/// How long one of several addresses may take at the start, when nothing is known of the line.
const FIRST_PATIENCE: Duration = Duration::from_secs(3);
/// How long ssh may take: it has a handshake of its own.
const SSH_PATIENCE: Duration = Duration::from_secs(10);

impl Link {
    /// The address where the client is, or that it dials.
    pub(in crate::client::session) fn at(&self) -> &Url {
        self.addresses.at()
    }

    /// Whether the client is at another address than the one that names the chat.
    pub(in crate::client::session) fn is_away(&self) -> bool {
        self.addresses.is_away()
    }

    /// The addresses that the person gave, as they are shown.
    pub(in crate::client::session) fn given_addresses(&self) -> String {
        let given: Vec<String> = self.addresses.given().iter().map(Url::to_string).collect();
        given.join(", ")
    }

    /// Dials, at the present address first.
    pub(in crate::client::session) fn dial(&mut self, out: &mut Effects) {
        if let Connection::Waiting { until } = self.connection {
            self.cut_short = Some(until);
        }
        self.addresses.begin_round();
        self.dial_here(out);
    }

    /// Dials the next address that was not tried yet; `false` if all were.
    pub(in crate::client::session) fn dial_next(&mut self, out: &mut Effects) -> bool {
        let (been_online, backoff) = (self.been_online, &mut self.backoff);
        // At the start, in the order in which the person gave them.
        let left = self.addresses.go_on(|count| if been_online { backoff.choose(count) } else { 0 });
        if left {
            self.dial_here(out);
        }
        left
    }

    /// Goes on at another address at once, or waits if all were tried.
    pub(in crate::client::session) fn go_on_or_wait(&mut self, out: &mut Effects) {
        if !self.dial_next(out) {
            self.wait(out.steady());
        }
    }

    /// Another server than that of the chat was met at the present address: goes on at the others; `false` if there are none.
    pub(in crate::client::session) fn shun_address(&mut self, out: &mut Effects) -> bool {
        if !self.addresses.distrust() {
            return false;
        }
        self.addresses.begin_round();
        self.dial_here(out);
        true
    }

    /// The server tells the addresses of all nodes.
    pub(in crate::client::session) fn learn_nodes(&mut self, nodes: &[Url]) {
        let allowed = match (self.confined, self.key_given) {
            (false, _) => ToldNodes::Any,
            (true, true) => ToldNodes::OfKey,
            (true, false) => ToldNodes::None,
        };
        self.addresses.learn(nodes, allowed);
    }

    fn dial_here(&mut self, out: &mut Effects) {
        self.connection = Connection::Dialing { until: self.patience(out.steady()) };
        self.nearby = Nearby::default();
        self.server_key = None;
        out.emit(Effect::Dial(self.addresses.destination()));
    }

    /// When the next address is tried; `None` if there is nothing to gain by it.
    fn patience(&self, now: Timestamp) -> Option<Timestamp> {
        if !self.addresses.are_several() || !self.been_online && self.addresses.left() == 0 {
            return None;
        }
        let usual = if self.been_online { self.backoff.patience() } else { FIRST_PATIENCE };
        let patience = if matches!(self.at(), Url::Ssh(_)) { usual.max(SSH_PATIENCE) } else { usual };
        Some(now.after(patience))
    }
}
