//! The streams that carry legs, in the clear or with TLS.
//!
//! Must not know: where packets go (`relay`).

use std::collections::HashMap;
use std::io;
use std::os::fd::{AsFd as _, BorrowedFd};

use async_std::channel::{Receiver, bounded};

use super::clear_stream::ClearStream;
use super::shown_leg::ShownLeg;
use super::tls_stream::{LegBytes, LegInbox, TlsStream};
use crate::model::{Text, Timestamp};
use crate::net::socket::Socket;
use crate::net::socket_wait::{Readiness, WakeUp};
use crate::protocol::leg::{LegStream, LegToken, NoLegStream};
use crate::protocol::{CallEvent, Code, Envelope, Event};
use crate::server::limits::LEG_ARRIVALS;
use crate::server::relay::StreamId;

/// The streams.
#[derive(Debug)]
pub(super) struct StreamLegs {
    legs: HashMap<StreamId, StreamLeg>,
    /// The stream that showed a token last. The leg may be elsewhere by now.
    by_token: HashMap<LegToken, StreamId>,
    /// Streams in the clear for which something waits that was not tried to be written yet.
    unwritten: Vec<StreamId>,
    /// What the streams with TLS bring.
    arrivals: Receiver<LegBytes>,
    inbox: LegInbox,
}

#[derive(Debug)]
struct StreamLeg {
    token: LegToken,
    cutter: LegStream,
    carrier: LegCarrier,
}

#[derive(Debug)]
enum LegCarrier {
    Clear(ClearStream),
    Tls(TlsStream),
}

impl StreamLegs {
    /// No streams; what those with TLS bring wakes the relay.
    pub(super) fn new(relay: WakeUp) -> Self {
        let (sender, arrivals) = bounded(LEG_ARRIVALS);
        let inbox = LegInbox { sender, relay };
        Self { legs: HashMap::new(), by_token: HashMap::new(), unwritten: Vec::new(), arrivals, inbox }
    }

    /// Tells a stream that it carries a leg from now on. A stream that showed the same token before is closed.
    pub(super) fn add(&mut self, stream: StreamId, shown: ShownLeg) {
        let ShownLeg { socket, token, reference, rest, .. } = shown;
        let carrier = self.start(stream, socket, line(reference, Event::Call(CallEvent::LegReady)));
        let mut cutter = LegStream::default();
        cutter.feed(&rest);
        self.legs.insert(stream, StreamLeg { token, cutter, carrier });
        self.unwritten.push(stream);
        if let Some(before) = self.by_token.insert(token, stream) {
            self.legs.remove(&before);
        }
    }

    /// Refuses a leg that does not exist, and closes the stream.
    pub(super) fn refuse(&self, stream: StreamId, shown: ShownLeg) {
        let text = Text::line("There is no such call, or it is over.");
        let refusal = line(shown.reference, Event::Refused(Code::NoSuchCall, text));
        // It is written before it closes.
        drop(self.start(stream, shown.socket, refusal));
    }

    fn start(&self, stream: StreamId, socket: Socket, first: Vec<u8>) -> LegCarrier {
        if socket.is_secure() {
            LegCarrier::Tls(TlsStream::start(stream, socket, first, self.inbox.clone()))
        } else {
            LegCarrier::Clear(ClearStream::new(socket, first))
        }
    }

    /// The streams in the clear, with what each is waited for.
    pub(super) fn sockets(&self, now: Timestamp) -> impl Iterator<Item = (StreamId, BorrowedFd<'_>, Readiness)> {
        self.legs.iter().filter_map(move |(&stream, leg)| match &leg.carrier {
            LegCarrier::Clear(clear) => Some((stream, clear.as_fd(), clear.wants(now))),
            LegCarrier::Tls(_) => None,
        })
    }

    /// Whether a stream is not read for a moment, because it was over its rate.
    pub(super) fn one_pauses(&self, now: Timestamp) -> bool {
        self.legs.values().any(|leg| matches!(&leg.carrier, LegCarrier::Clear(clear) if clear.pauses(now)))
    }

    /// How much of what streams with TLS have brought was not taken yet.
    pub(super) fn arrivals(&self) -> usize {
        self.arrivals.len()
    }

    /// Takes what a stream with TLS has brought, if any has: which one, and whether that was its end.
    pub(super) fn arrival(&mut self) -> Option<(StreamId, bool)> {
        let (stream, bytes) = self.arrivals.try_recv().ok()?;
        if let Some(leg) = self.legs.get_mut(&stream) {
            leg.cutter.feed(&bytes);
        }
        Some((stream, bytes.is_empty()))
    }

    /// Reads a stream in the clear; `false` at its end.
    pub(super) fn read(&mut self, stream: StreamId) -> bool {
        let Some(StreamLeg { carrier: LegCarrier::Clear(clear), cutter, .. }) = self.legs.get_mut(&stream) else {
            return true;
        };
        let again = |error: &io::Error| matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted);
        match clear.read(|bytes| cutter.feed(bytes)) {
            Ok(read) => read > 0,
            Err(error) => again(&error),
        }
    }

    /// The next packet that a stream has brought.
    ///
    /// # Errors
    /// It carries something else.
    pub(super) fn packet(&mut self, stream: StreamId) -> Result<Option<Vec<u8>>, NoLegStream> {
        self.legs.get_mut(&stream).map_or(Ok(None), |leg| leg.cutter.packet())
    }

    /// Lets a packet wait for its stream; returns how many were dropped for it, and how many bytes wait.
    pub(super) fn push(&mut self, stream: StreamId, packet: Vec<u8>) -> (u64, usize) {
        match self.legs.get(&stream).map(|leg| &leg.carrier) {
            None => (1, 0),
            Some(LegCarrier::Tls(tls)) => tls.push(packet),
            Some(LegCarrier::Clear(clear)) => {
                if self.unwritten.last() != Some(&stream) {
                    self.unwritten.push(stream);
                }
                clear.push(packet)
            }
        }
    }

    /// Writes what waits for streams in the clear: those that have got something to write, and these, which take more.
    /// Returns those that are dead.
    pub(super) fn flush(&mut self, writable: &[StreamId], now: Timestamp) -> Vec<StreamId> {
        let mut dead = Vec::new();
        for stream in std::mem::take(&mut self.unwritten).iter().chain(writable) {
            if let Some(StreamLeg { carrier: LegCarrier::Clear(clear), .. }) = self.legs.get_mut(stream)
                && clear.flush(now).is_err()
            {
                dead.push(*stream);
            }
        }
        dead
    }

    /// All streams in the clear that take nothing now.
    pub(super) fn full(&self, now: Timestamp) -> Vec<StreamId> {
        self.sockets(now).filter(|(.., wants)| wants.write).map(|(stream, ..)| stream).collect()
    }

    /// Has a stream be read more slowly for a moment.
    pub(super) fn slow_down(&mut self, stream: StreamId, now: Timestamp) {
        match self.legs.get_mut(&stream).map(|leg| &mut leg.carrier) {
            None => {}
            Some(LegCarrier::Clear(clear)) => clear.slow_down(now),
            Some(LegCarrier::Tls(tls)) => tls.slow_down(),
        }
    }

    /// Closes a stream.
    pub(super) fn close(&mut self, stream: StreamId) {
        if let Some(leg) = self.legs.remove(&stream)
            && self.by_token.get(&leg.token) == Some(&stream)
        {
            self.by_token.remove(&leg.token);
        }
    }

    /// Closes the stream that showed a token last, whether its leg is still there or not.
    pub(super) fn close_shown(&mut self, token: LegToken) {
        if let Some(stream) = self.by_token.remove(&token) {
            self.legs.remove(&stream);
        }
    }
}

fn line(reference: Option<String>, event: Event) -> Vec<u8> {
    let mut line = Vec::new();
    Envelope::answer(reference, event).write(&mut line, None);
    line
}
