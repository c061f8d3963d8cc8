//! Which way the packets of a channel go: through the server, or straight to the other client once both people want it.
//!
//! Must not know: what is said on the channel.

use std::net::SocketAddr;
use std::time::Instant;

use super::Exchange;
use crate::client::direct::orders::{ChannelNews, ChannelWay};
use crate::client::direct::talk::{DirectEnd, Side};
use crate::net::peer::channel::Channel;
use crate::net::peer::events::ChannelEnd;
use crate::net::ways::Route;
use crate::net::ways::probe::{self, ProbeKey};

impl Exchange {
    /// The packets that go through the server go this way from now on, which is told among the other news unless all of
    /// them bypass the server.
    pub fn way_changed(&mut self, way: ChannelWay, now: Instant) {
        self.relay = Some(way);
        if !self.bypass.is_in_use() {
            self.goes(way, now);
        }
    }

    /// Nothing goes through the server any more, as the sentence says: the channel ends, unless its packets bypass it.
    pub fn relay_lost(&mut self, why: &str, now: Instant) {
        self.bypass.lose_relay();
        if !self.bypass.has_way() {
            self.fail(DirectEnd::NoWay(why.to_owned()), now);
        }
    }

    /// The server has lost us for a moment, and has us elsewhere now: what was said meanwhile is sent again at once.
    pub fn relay_moved(&mut self) {
        self.channel.ping();
    }

    /// Where the packet that [`Self::transmit`] gave goes now.
    pub fn route(&mut self, now: Instant) -> Route {
        self.bypass.route(now)
    }

    /// Whether the way that bypasses the server has fallen silent since this was asked last. What ended it may have ended
    /// the one through the server, which is needed now.
    pub fn take_silence(&mut self, now: Instant) -> bool {
        self.bypass.take_silence(now)
    }

    /// Whether packets bypass the server now.
    #[must_use]
    pub fn goes_straight(&self) -> bool {
        self.bypass.is_in_use()
    }

    /// Whether packets are to bypass the server, because both people want it: then [`Self::own_addresses`] is to be called.
    #[must_use]
    pub fn bypasses(&self) -> bool {
        self.bypass.is_agreed() && self.is_open()
    }

    /// The addresses at which we can perhaps be reached straight, as far as they are known now.
    pub fn own_addresses(&mut self, own: &[SocketAddr]) {
        if let Some(told) = self.bypass.untold(own) {
            self.talk.tell_addresses(told, &mut self.channel);
        }
    }

    /// Takes a packet that came straight from an address which is not the server's.
    pub fn receive_straight(&mut self, from: SocketAddr, packet: &[u8], now: Instant) {
        if self.bypass.receive(from, packet, now) {
            self.channel.receive(packet, now);
        }
        self.look_at_way(now);
        self.settle(now);
    }

    /// The next packet that is to find a way: where it goes, and its bytes.
    pub fn probe(&mut self) -> Option<(SocketAddr, Vec<u8>)> {
        self.bypass.probe()
    }

    pub(super) fn goes(&mut self, way: ChannelWay, now: Instant) {
        self.channel.way_changed(now);
        self.live.way_changed();
        if !self.over {
            self.news.push_back(ChannelNews::Goes(self.id, way));
        }
    }

    /// Tells when packets begin or cease to bypass the server, and when no way is found on which they could.
    pub(super) fn look_at_way(&mut self, now: Instant) {
        while let Some(news) = self.bypass.news() {
            match (news, self.relay) {
                (Some(address), _) => self.goes(ChannelWay::Direct(address), now),
                (None, _) if !self.bypass.has_way() => self.fail(DirectEnd::Channel(ChannelEnd::Silent), now),
                (None, Some(relay)) => self.goes(relay, now),
                (None, None) => {}
            }
        }
        if self.bypass.is_given_up(now) && !self.over {
            self.news.push_back(ChannelNews::NoBypass(self.id));
        }
    }

    pub(super) fn they_want_bypass(&mut self, wanted: bool, now: Instant) {
        let Self { bypass, channel, side, .. } = self;
        if bypass.they_want(wanted, || probe_key(channel, *side), now) {
            self.news.push_back(ChannelNews::WantsBypass(self.id, wanted));
        }
        self.look_at_way(now);
    }

    pub(super) fn want_bypass(&mut self, wanted: bool, now: Instant) {
        let Self { bypass, talk, channel, side, .. } = self;
        if self.over || self.closing.is_some() {
            return;
        }
        // Before the greeting nobody could be told; whoever orders it waits for that.
        if talk.is_ready() && bypass.want(wanted, || probe_key(channel, *side), now) {
            talk.want_bypass(wanted, channel);
        }
    }
}

/// The key of the channel's probes; `None` before the channel is open.
fn probe_key(channel: &Channel, side: Side) -> Option<ProbeKey> {
    channel.shared_secret(probe::SECRET_LABEL).map(|secret| ProbeKey::new(&secret, side == Side::Caller))
}
