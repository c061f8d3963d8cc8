//! One's own leg of the relay, over sockets: on a stream, over UDP, or both one after the other. Packets go in and come out.
//!
//! Must not know: what packets hold, or which leg is the better one (`net::legs`).

use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::time::Instant;

use futures_lite::FutureExt as _;

use super::leg_link::{GreetedServer, LegLink, NoLeg, greet, show};
use super::udp_link::UdpLink;
use crate::client::destination::Destination;
use crate::client::link::dialer::Dialer;
use crate::language::connecting as say;
use crate::net::dial_failure::DialFailure;
use crate::net::legs::{LegKind, LegStep, Legs};
use crate::protocol::RelayGrant;
use crate::protocol::leg::LegToken;
use crate::sys::clock::steady;

/// An attempt to have a leg over a stream.
type Attempt = Pin<Box<dyn Future<Output = Result<Attempted, NoLeg>> + Send>>;

enum Attempted {
    Greeted(GreetedServer),
    Ready(LegLink),
}

/// What [`RelayLeg::wait`] has waited for; [`RelayLeg::take`] takes it.
pub(super) enum LegHappened {
    Attempted(Box<AttemptEnd>),
    /// The packet that waited for room was sent.
    Room,
    /// Bytes came on the stream; `false` at its end.
    Stream(io::Result<bool>),
    /// Packets may have come over UDP.
    Udp,
}

/// What became of an attempt.
pub(super) struct AttemptEnd(Result<Attempted, NoLeg>);

/// A leg.
pub(super) struct RelayLeg {
    legs: Legs,
    token: LegToken,
    server: Destination,
    dialer: Dialer,
    udp: Option<UdpLink>,
    link: Option<LegLink>,
    greeted: Option<GreetedServer>,
    attempt: Option<Attempt>,
    /// A packet for which the stream has no room.
    waiting: Option<Vec<u8>>,
}

impl RelayLeg {
    /// A leg that is nowhere yet, on the server of this address.
    pub(super) fn new(grant: RelayGrant, server: Destination, dialer: Dialer) -> Self {
        // Over ssh or a socket file, the server's own address is not known.
        let address = dialer.reached(&server.url).filter(|_| grant.port != 0);
        let udp = address.and_then(|address| UdpLink::open(address, grant.port).ok());
        let legs = Legs::new(grant.leg, udp.is_some(), steady());
        let token = grant.leg;
        Self { legs, token, server, dialer, udp, link: None, greeted: None, attempt: None, waiting: None }
    }

    /// Carries out what there is to do now. Returns the way that packets go from now on, if that has changed.
    pub(super) fn go_on(&mut self) -> Option<LegKind> {
        let mut way = None;
        while let Some(step) = self.legs.step() {
            match step {
                LegStep::Dial => {
                    let greeted = greet(self.dialer.clone(), self.server.clone());
                    self.attempt = Some(Box::pin(async { greeted.await.map(Attempted::Greeted) }));
                }
                LegStep::Show => {
                    if let Some(server) = self.greeted.take() {
                        let shown = show(server, self.token);
                        self.attempt = Some(Box::pin(async { shown.await.map(Attempted::Ready) }));
                    }
                }
                LegStep::HangUp => {
                    (self.attempt, self.greeted, self.link, self.waiting) = (None, None, None, None);
                }
                LegStep::Send(packet) => self.udp.iter().for_each(|udp| udp.send(&packet)),
                LegStep::Goes(kind) => way = Some(kind),
            }
        }
        way
    }

    /// Whether the server has begun to see us elsewhere since this was asked last.
    pub(super) fn take_move(&mut self) -> bool {
        self.legs.take_move()
    }

    /// Makes sure that the server still has the leg where it is.
    pub(super) fn make_sure(&mut self, now: Instant) {
        self.legs.make_sure(now);
    }

    /// Why there is no leg any more and none will be tried again; `None` as long as there is hope.
    pub(super) fn failed(&self) -> Option<&str> {
        self.legs.failed()
    }

    /// Whether a packet can be sent now.
    pub(super) fn has_room(&self) -> bool {
        match self.legs.way() {
            None => false,
            Some(LegKind::Udp) => true,
            Some(LegKind::Stream) => self.link.is_some() && self.waiting.is_none(),
        }
    }

    /// Sends a packet through the server.
    pub(super) fn send(&mut self, packet: Vec<u8>, now: Instant) {
        match (self.legs.send(now), &self.link) {
            (Some(LegKind::Stream), Some(link)) => self.waiting = link.try_send(packet).err(),
            // What the kernel has no room for is lost, as anything may be on this way.
            (Some(LegKind::Udp), _) => self.udp.iter().for_each(|udp| udp.send(&packet)),
            (Some(LegKind::Stream) | None, _) => {}
        }
    }

    /// Sends a packet past the server.
    pub(super) fn send_straight(&self, packet: &[u8], to: SocketAddr) {
        self.udp.iter().for_each(|udp| udp.send_to(packet, to));
    }

    /// The addresses at which packets come straight here, as far as they are known.
    pub(super) fn own_addresses(&mut self) -> Vec<SocketAddr> {
        if self.udp.is_none() {
            self.udp = UdpLink::without_server().ok();
        }
        self.udp.as_ref().and_then(UdpLink::own).into_iter().chain(self.legs.seen()).collect()
    }

    /// When [`Self::tick`] is to be called if nothing else happens.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.legs.deadline()
    }

    /// The time has come.
    pub(super) fn tick(&mut self, now: Instant) {
        self.legs.tick(now);
    }

    /// Waits for the next event. Cancelling the wait loses nothing.
    pub(super) async fn wait(&mut self) -> LegHappened {
        let Self { udp, link, attempt, waiting, .. } = self;
        let attempted = async {
            match attempt {
                Some(attempt) => LegHappened::Attempted(Box::new(AttemptEnd(attempt.await))),
                None => pending().await,
            }
        };
        let room = link.as_ref().zip(waiting.as_ref()).map(|(link, packet)| link.send(packet.clone()));
        let room = async {
            match room {
                Some(room) => {
                    room.await;
                    LegHappened::Room
                }
                None => pending().await,
            }
        };
        let stream = async {
            match link {
                Some(link) => LegHappened::Stream(link.read().await),
                None => pending().await,
            }
        };
        let datagrams = async {
            match udp {
                Some(udp) => {
                    udp.readable().await;
                    LegHappened::Udp
                }
                None => pending().await,
            }
        };
        attempted.or(room).or(stream).or(datagrams).await
    }

    /// Takes what has happened; then [`Self::packet`] has what came.
    pub(super) fn take(&mut self, happened: LegHappened, now: Instant) {
        match happened {
            LegHappened::Attempted(ended) => {
                self.attempt = None;
                match ended.0 {
                    Ok(Attempted::Greeted(server)) => {
                        self.greeted = Some(server);
                        self.legs.greeted(now);
                    }
                    Ok(Attempted::Ready(link)) => {
                        self.link = Some(link);
                        self.legs.ready(now);
                    }
                    Err(NoLeg { why, is_final }) => self.legs.stream_lost(why, is_final, now),
                }
            }
            LegHappened::Room => self.waiting = None,
            LegHappened::Stream(Ok(true)) | LegHappened::Udp => {}
            LegHappened::Stream(ended) => {
                let why = ended.err().map(|error| DialFailure::of(&error).why);
                self.stream_ended(why, now);
            }
        }
    }

    /// The next packet that has come, and where from; `None` for the server.
    pub(super) fn packet(&mut self, now: Instant) -> Option<(Option<SocketAddr>, Vec<u8>)> {
        match self.link.as_mut().map(LegLink::packet) {
            Some(Ok(Some(packet))) => {
                self.legs.heard_stream();
                return Some((None, packet));
            }
            Some(Err(error)) => self.stream_ended(Some(error.to_string()), now),
            Some(Ok(None)) | None => {}
        }
        loop {
            match self.udp.as_mut()?.receive()? {
                (None, packet) => {
                    if let Some(packet) = self.legs.receive(packet, now) {
                        return Some((None, packet.to_vec()));
                    }
                }
                (Some(from), packet) => return Some((Some(from), packet.to_vec())),
            }
        }
    }

    /// The stream has ended; for this reason, if there is one.
    fn stream_ended(&mut self, why: Option<String>, now: Instant) {
        (self.link, self.waiting) = (None, None);
        let why = why.unwrap_or_else(|| say::server_closed_connection().to_owned());
        self.legs.stream_lost(why, false, now);
    }
}
