//! Servers that have made themselves known to the networks of this machine, while no other was reached.
//!
//! Must not know: how they are heard, or how they are shown.

use std::time::Duration;

use crate::model::Timestamp;
use crate::net::dial_failure::DialFailure;
use crate::protocol::beacon::NearbyServer;

/// The most servers that are listed.
pub(in crate::client::session) const MAX_NEARBY: usize = 64;
/// How long plain mode listens before it leaves: a server makes itself known every two seconds.
pub(in crate::client::session) const LISTENS: Duration = Duration::from_secs(5);

#[derive(Clone, Debug, Default)]
pub(super) struct Nearby {
    servers: Vec<NearbyServer>,
    /// Plain mode leaves then, because of this.
    leaves: Option<(Timestamp, DialFailure)>,
}

impl Nearby {
    /// A server is heard. Returns all of them if it was not heard before.
    pub(super) fn hear(&mut self, server: NearbyServer) -> Option<&[NearbyServer]> {
        if self.servers.len() >= MAX_NEARBY || self.servers.iter().any(|known| known.url == server.url) {
            return None;
        }
        self.servers.push(server);
        Some(&self.servers)
    }

    pub(super) fn leave_later(&mut self, failure: DialFailure, now: Timestamp) {
        self.leaves = Some((now.after(LISTENS), failure));
    }

    pub(super) fn deadline(&self) -> Option<Timestamp> {
        self.leaves.as_ref().map(|(at, _)| *at)
    }

    /// It is time to leave: the failure, and the servers that were heard.
    pub(super) fn due(&mut self, now: Timestamp) -> Option<(DialFailure, Vec<NearbyServer>)> {
        let (_, failure) = self.leaves.take_if(|(at, _)| *at <= now)?;
        Some((failure, std::mem::take(&mut self.servers)))
    }
}
