//! The packets of one channel: which way each goes, and where they come from.
//!
//! Must not know: what they hold, or what else happens to a channel.

use std::net::SocketAddr;
use std::time::Instant;

use super::super::leg_link::LegLink;
use super::udp_link::UdpLink;
use super::{Held, TURN};
use crate::net::legs::LegKind;
use crate::net::ways::Route;

impl Held {
    /// Sends what is to be sent, as far as there is a way and room on it.
    pub(super) fn send(&mut self, now: Instant) {
        self.more = false;
        while let Some((to, probe)) = self.exchange.probe() {
            self.udp.iter().for_each(|udp| udp.send_to(&probe, to));
        }
        for _ in 0..TURN {
            if !self.exchange.goes_straight() && !self.relays() {
                return;
            }
            let Some(packet) = self.exchange.transmit(now) else { return };
            let Route { direct, relay } = self.exchange.route(now);
            if let Some(to) = direct {
                self.udp.iter().for_each(|udp| udp.send_to(&packet, to));
            }
            if relay && self.relays() {
                self.relay(packet, now);
            }
        }
        self.more = true;
    }

    /// Whether a packet can go through the server now.
    fn relays(&self) -> bool {
        match self.legs.way() {
            None => false,
            Some(LegKind::Udp) => true,
            Some(LegKind::Stream) => self.link.is_some() && self.waiting.is_none(),
        }
    }

    /// Sends a packet through the server.
    fn relay(&mut self, packet: Vec<u8>, now: Instant) {
        match (self.legs.send(now), &self.link) {
            (Some(LegKind::Stream), Some(link)) => self.waiting = link.try_send(packet).err(),
            // What the kernel has no room for is lost, as anything may be on this way.
            (Some(LegKind::Udp), _) => self.udp.iter().for_each(|udp| udp.send(&packet)),
            (Some(LegKind::Stream) | None, _) => {}
        }
    }

    /// Once packets are to bypass the server, tells the other side where we are, as far as that is known.
    pub(super) fn tell_addresses(&mut self) {
        if !self.exchange.bypasses() {
            return;
        }
        if self.udp.is_none() {
            self.udp = UdpLink::without_server().ok();
        }
        let own: Vec<SocketAddr> =
            self.udp.as_ref().and_then(UdpLink::own).into_iter().chain(self.legs.seen()).collect();
        self.exchange.own_addresses(&own);
    }

    pub(super) fn take_from_stream(&mut self, now: Instant) {
        loop {
            match self.link.as_mut().map(LegLink::packet) {
                Some(Ok(Some(packet))) => {
                    self.legs.heard_stream();
                    self.exchange.receive(&packet, now);
                }
                Some(Err(error)) => return self.stream_ended(Some(error.to_string()), now),
                Some(Ok(None)) | None => return,
            }
        }
    }

    pub(super) fn take_from_udp(&mut self, now: Instant) {
        let Some(udp) = &mut self.udp else { return };
        for _ in 0..TURN {
            match udp.receive() {
                Some((None, packet)) => {
                    if let Some(packet) = self.legs.receive(packet, now) {
                        self.exchange.receive(packet, now);
                    }
                }
                Some((Some(from), packet)) => self.exchange.receive_straight(from, packet, now),
                None => return,
            }
        }
    }
}
