//! The channel: streams that lose nothing and datagrams that may be lost, between two clients that have proved their keys.
//!
//! Whoever has it hands in what arrives ([`Channel::receive`]) and the time ([`Channel::tick`]), and takes out what is to
//! be sent ([`Channel::transmit`]) and what happened ([`Channel::event`]). Every packet fits [`MAX_PACKET`].
//!
//! Must not know: sockets, clocks, which way packets go, or what streams and datagrams mean.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use quinn_proto::{
    ClientConfig, Connection, ConnectionHandle, DatagramEvent, Dir, Endpoint, Event, ReadError, ServerConfig,
    StreamEvent, VarInt, WriteError,
};
use ring::hkdf;

use super::datagrams::Datagrams;
use super::events::{ChannelEnd, ChannelError, ChannelEvent, ChannelRead, ChannelStream};
use super::handshake;
use super::transport::{DATAGRAMS_OUT, SILENCE, endpoint, secret, transport};
use crate::model::Fingerprint;
use crate::net::certificate::Credential;

/// The size of the largest packet, in bytes: it passes every path of IPv6 (RFC 8200, section 5) with its headers.
pub const MAX_PACKET: usize = 1232;
/// If what was sent is unanswered for so long, and two round trips, the line may have been interrupted.
const PAUSE: Duration = Duration::from_millis(500);
/// The one address of the other side: where packets really go is decided elsewhere, and may change.
const PEER: SocketAddr = SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), 1);

/// The channel.
pub struct Channel {
    endpoint: Endpoint,
    /// What a callee answers the first packet with.
    callee: Option<Arc<ServerConfig>>,
    /// The connection; a callee has none until the caller's first packet.
    connection: Option<(ConnectionHandle, Connection)>,
    datagrams: Datagrams,
    /// Since when something that the other side acknowledges was sent, and nothing has arrived.
    unanswered: Option<Instant>,
    /// A packet that the endpoint answers with, beside the connection's.
    answer: Option<Vec<u8>>,
    /// Until when a callee waits for the first packet.
    patience: Option<Instant>,
    ended: bool,
    /// What the caller is still to be told.
    end: Option<ChannelEnd>,
}

impl Channel {
    /// The side that begins: proves `credential`, and expects `peer`.
    ///
    /// # Errors
    /// If the key cannot be used, or the system has no randomness.
    pub fn call(credential: &Credential, peer: Fingerprint, now: Instant) -> Result<Self, ChannelError> {
        let mut config = ClientConfig::new(Arc::new(handshake::caller(credential, peer)?));
        config.transport_config(Arc::new(transport()));
        let mut endpoint = endpoint(None)?;
        let connection = endpoint.connect(now, config, PEER, handshake::HOST)?;
        Ok(Self::new(endpoint, None, Some(connection), None))
    }

    /// The side that answers, likewise. It waits for [`SILENCE`] for the caller's first packet.
    ///
    /// # Errors
    /// As [`Self::call`].
    pub fn answer(credential: &Credential, peer: Fingerprint, now: Instant) -> Result<Self, ChannelError> {
        let tokens = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(&secret()?);
        let mut config = ServerConfig::new(Arc::new(handshake::callee(credential, peer)?), Arc::new(tokens));
        config.transport_config(Arc::new(transport())).migration(false).max_incoming(1);
        let config = Arc::new(config);
        let endpoint = endpoint(Some(Arc::clone(&config)))?;
        Ok(Self::new(endpoint, Some(config), None, Some(now + SILENCE)))
    }

    fn new(
        endpoint: Endpoint,
        callee: Option<Arc<ServerConfig>>,
        connection: Option<(ConnectionHandle, Connection)>,
        patience: Option<Instant>,
    ) -> Self {
        let datagrams = Datagrams::default();
        Self {
            endpoint,
            callee,
            connection,
            datagrams,
            unanswered: None,
            answer: None,
            patience,
            ended: false,
            end: None,
        }
    }

    /// Takes a packet that has arrived. What is none of the channel's is dropped.
    pub fn receive(&mut self, packet: &[u8], now: Instant) {
        if packet.len() > MAX_PACKET {
            return;
        }
        let mut answer = Vec::new();
        match self.endpoint.handle(now, PEER, None, None, BytesMut::from(packet), &mut answer) {
            Some(DatagramEvent::ConnectionEvent(handle, event)) => {
                if let Some((ours, connection)) = self.connection.as_mut().filter(|(ours, _)| *ours == handle) {
                    debug_assert_eq!(*ours, handle);
                    connection.handle_event(event);
                    let pause = PAUSE + 2 * connection.rtt();
                    if self.unanswered.take().is_some_and(|since| now.saturating_duration_since(since) >= pause) {
                        // What was lost meanwhile is found by a packet that arrives, long before its timer, whose waits double.
                        connection.ping();
                    }
                }
            }
            Some(DatagramEvent::NewConnection(incoming)) => {
                // One connection, and only a callee's.
                if self.connection.is_some() || self.callee.is_none() {
                    self.endpoint.ignore(incoming);
                    return;
                }
                match self.endpoint.accept(incoming, now, &mut answer, None) {
                    Ok(connection) => {
                        self.connection = Some(connection);
                        self.patience = None;
                    }
                    Err(error) => self.answer = error.response.map(|sent| first(&answer, sent.size)),
                }
            }
            Some(DatagramEvent::Response(sent)) => self.answer = Some(first(&answer, sent.size)),
            None => {}
        }
        self.settle();
    }

    /// When [`Self::tick`] is to be called if nothing else happens.
    #[must_use]
    pub fn deadline(&mut self) -> Option<Instant> {
        let timeout = self.connection.as_mut().and_then(|(_, connection)| connection.poll_timeout());
        timeout.into_iter().chain(self.patience.filter(|_| !self.ended)).min()
    }

    /// The time has come.
    pub fn tick(&mut self, now: Instant) {
        if let Some((_, connection)) = &mut self.connection {
            if connection.poll_timeout().is_some_and(|due| due <= now) {
                connection.handle_timeout(now);
            }
            self.settle();
        } else if self.patience.is_some_and(|until| until <= now) {
            self.patience = None;
            self.end = Some(ChannelEnd::Silent);
        }
    }

    /// The next packet to send, if there is one now.
    #[must_use]
    pub fn transmit(&mut self, now: Instant) -> Option<Vec<u8>> {
        if let Some(answer) = self.answer.take() {
            return Some(answer);
        }
        let (_, connection) = self.connection.as_mut()?;
        if unsent_bytes(connection) == 0 {
            self.datagrams.feed(connection);
        }
        let (mut packet, before) = (Vec::new(), asking_frames(connection));
        let sent = connection.poll_transmit(now, 1, &mut packet);
        if asking_frames(connection) != before {
            self.unanswered.get_or_insert(now);
        }
        self.settle();
        sent.map(|sent| first(&packet, sent.size))
    }

    /// The next event.
    pub fn event(&mut self) -> Option<ChannelEvent> {
        if self.ended {
            return None;
        }
        if let Some(end) = self.end.take() {
            self.ended = true;
            return Some(ChannelEvent::End(end));
        }
        let (_, connection) = self.connection.as_mut()?;
        if let Some(datagram) = connection.datagrams().recv() {
            return Some(ChannelEvent::Datagram(datagram.to_vec()));
        }
        if let Some(id) = connection.streams().accept(Dir::Bi) {
            return Some(ChannelEvent::Stream(ChannelStream(id)));
        }
        loop {
            return Some(match connection.poll()? {
                Event::Connected => ChannelEvent::Open,
                Event::ConnectionLost { reason } => {
                    self.ended = true;
                    ChannelEvent::End(reason.into())
                }
                Event::Stream(StreamEvent::Opened { .. }) => match connection.streams().accept(Dir::Bi) {
                    Some(id) => ChannelEvent::Stream(ChannelStream(id)),
                    None => continue,
                },
                Event::Stream(StreamEvent::Readable { id }) => ChannelEvent::Readable(ChannelStream(id)),
                Event::Stream(StreamEvent::Writable { id } | StreamEvent::Stopped { id, .. }) => {
                    ChannelEvent::Writable(ChannelStream(id))
                }
                Event::Stream(StreamEvent::Finished { id }) => ChannelEvent::Delivered(ChannelStream(id)),
                Event::DatagramReceived => match connection.datagrams().recv() {
                    Some(datagram) => ChannelEvent::Datagram(datagram.to_vec()),
                    None => continue,
                },
                Event::HandshakeDataReady
                | Event::DatagramsUnblocked
                | Event::Stream(StreamEvent::Available { .. }) => continue,
            });
        }
    }

    /// Opens a stream; what has a higher `priority` is sent first. `None` if the other side allows no more, or the channel
    /// is not open.
    pub fn open(&mut self, priority: i32) -> Option<ChannelStream> {
        let (_, connection) = self.connection.as_mut()?;
        let id = connection.streams().open(Dir::Bi)?;
        // A stream that was just opened is not closed.
        let _ = connection.send_stream(id).set_priority(priority);
        Some(ChannelStream(id))
    }

    /// Writes to a stream; returns how many bytes it took. After fewer than all, [`ChannelEvent::Writable`] follows. `None`
    /// if the stream was given up by either side.
    pub fn write(&mut self, stream: ChannelStream, bytes: &[u8]) -> Option<usize> {
        let (_, connection) = self.connection.as_mut()?;
        match connection.send_stream(stream.0).write(bytes) {
            Ok(taken) => Some(taken),
            Err(WriteError::Blocked) => Some(0),
            Err(WriteError::Stopped(_) | WriteError::ClosedStream) => None,
        }
    }

    /// Nothing more is written to a stream.
    pub fn finish(&mut self, stream: ChannelStream) {
        if let Some((_, connection)) = &mut self.connection {
            // A stream that the other side gave up needs no end.
            let _ = connection.send_stream(stream.0).finish();
        }
    }

    /// Gives a stream up, in both directions: what has not arrived is lost.
    pub fn abandon(&mut self, stream: ChannelStream) {
        if let Some((_, connection)) = &mut self.connection {
            let _ = connection.send_stream(stream.0).reset(VarInt::from_u32(0));
            let _ = connection.recv_stream(stream.0).stop(VarInt::from_u32(0));
        }
    }

    /// Reads from a stream, at most `most` bytes.
    pub fn read(&mut self, stream: ChannelStream, most: usize) -> ChannelRead {
        let Some((_, connection)) = &mut self.connection else { return ChannelRead::Lost };
        let mut reading = connection.recv_stream(stream.0);
        let Ok(mut chunks) = reading.read(true) else { return ChannelRead::Lost };
        let read = match chunks.next(most) {
            Ok(Some(chunk)) => ChannelRead::Bytes(chunk.bytes.to_vec()),
            Ok(None) => ChannelRead::End,
            Err(ReadError::Blocked) => ChannelRead::Nothing,
            Err(ReadError::Reset(_)) => ChannelRead::Lost,
        };
        // Whether the other side is to be told of room is found at the next `transmit`, which is always asked.
        let _ = chunks.finalize();
        read
    }

    /// Sends a datagram, in place of the oldest that wait if there is no room; `false` if it is too large, or the channel
    /// is not open.
    pub fn send_datagram(&mut self, bytes: Vec<u8>) -> bool {
        self.push_datagram(bytes, false)
    }

    /// Sends one that goes before all others which wait, likewise.
    pub fn send_urgent_datagram(&mut self, bytes: Vec<u8>) -> bool {
        self.push_datagram(bytes, true)
    }

    fn push_datagram(&mut self, bytes: Vec<u8>, is_urgent: bool) -> bool {
        let can = self.max_datagram().is_some_and(|most| bytes.len() <= most);
        if can {
            self.datagrams.push(bytes, is_urgent);
        }
        can
    }

    /// The size of the largest datagram, in bytes; `None` before the channel is open.
    #[must_use]
    pub fn max_datagram(&mut self) -> Option<usize> {
        self.connection.as_mut()?.1.datagrams().max_size()
    }

    /// How many bytes of datagrams wait to be sent, some of them with a little for their keeping.
    #[must_use]
    pub fn waiting_datagrams(&mut self) -> usize {
        let Some((_, connection)) = &mut self.connection else { return 0 };
        self.datagrams.waiting() + unsent_bytes(connection)
    }

    /// The packets go another way from now on: what was learnt about the line holds no more, and what was lost on the old
    /// way is sent again.
    pub fn way_changed(&mut self, now: Instant) {
        if let Some((_, connection)) = &mut self.connection {
            connection.path_changed(now);
            connection.ping();
        }
    }

    /// Sends a packet that is answered at once: by it, what was lost meanwhile is found long before its timer, whose waits
    /// double.
    pub fn ping(&mut self) {
        if let Some((_, connection)) = &mut self.connection {
            connection.ping();
        }
    }

    /// The round trip, smoothed; `None` before the first packet.
    #[must_use]
    pub fn round_trip(&self) -> Option<Duration> {
        self.connection.as_ref().map(|(_, connection)| connection.rtt())
    }

    /// A secret that both sides of this channel share and nobody else knows (RFC 8446, section 7.5); `None` before it is
    /// open. Where somebody stands between them, the two sides have different ones.
    #[must_use]
    pub fn shared_secret(&self, label: &[u8]) -> Option<[u8; 32]> {
        let (_, connection) = self.connection.as_ref()?;
        if connection.is_handshaking() {
            return None;
        }
        let mut secret = [0; 32];
        connection.crypto_session().export_keying_material(&mut secret, label, b"").ok()?;
        Some(secret)
    }

    /// Closes the channel: the other side is told by the next packet.
    pub fn close(&mut self, now: Instant) {
        if let Some((_, connection)) = &mut self.connection {
            connection.close(now, VarInt::from_u32(0), Bytes::new());
        }
        if !self.ended {
            self.end.get_or_insert(ChannelEnd::Closed);
        }
    }

    /// Whether nothing is left to be sent or awaited: it can be dropped.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.ended && self.connection.as_ref().is_none_or(|(_, connection)| connection.is_drained())
    }

    /// Exchanges what endpoint and connection have for each other.
    fn settle(&mut self) {
        let Some((handle, connection)) = &mut self.connection else { return };
        while let Some(event) = connection.poll_endpoint_events() {
            if let Some(event) = self.endpoint.handle_event(*handle, event) {
                connection.handle_event(event);
            }
        }
    }
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Channel").field("ended", &self.ended).finish_non_exhaustive()
    }
}

/// The bytes of datagrams that the connection has not sent, each with a little for its keeping.
fn unsent_bytes(connection: &mut Connection) -> usize {
    // Of an empty buffer, one datagram's keeping is not free.
    let free = connection.datagrams().send_buffer_space();
    DATAGRAMS_OUT.saturating_sub(free).saturating_sub(size_of::<Bytes>())
}

/// How many frames were sent that ask for an acknowledgement, of the kinds that are sent often.
fn asking_frames(connection: &Connection) -> u64 {
    let sent = connection.stats().frame_tx;
    sent.stream + sent.datagram + sent.ping
}

/// The first bytes of a buffer.
fn first(buffer: &[u8], size: usize) -> Vec<u8> {
    buffer.get(..size).unwrap_or_default().to_vec()
}
