//! A leg over a stream: a connection to the server of its own, dialed as the session's is, that carries packets once the
//! leg was shown on it.
//!
//! Must not know: which leg is used, or what the packets hold.

use std::io;
use std::time::Duration;

use async_std::channel::{Receiver, Sender, TrySendError, bounded};
use async_std::task;

use crate::client::destination::Destination;
use crate::client::link::dialer::{DialError, Dialer};
use crate::client::link::driver::greeting;
use crate::language::channels as say;
use crate::model::Text;
use crate::net::dial::Dialed;
use crate::net::dial_failure::DialFailure;
use crate::net::socket::{READ_SIZE, Socket};
use crate::net::ssh::Tunnel;
use crate::protocol::leg::{LegStream, LegToken, write_on_stream};
use crate::protocol::words::CLIENT;
use crate::protocol::{CallCommand, CallEvent, Command, Dialect, Envelope, Event, Request};

/// How long the server may take to answer once the leg is shown.
const ANSWER_PATIENCE: Duration = Duration::from_secs(10);
/// The most bytes before that answer: the greeting is a few hundred.
const MAX_PREFACE: usize = 64 * 1024;
/// How long a write may make no progress.
const WRITE_STALL: Duration = Duration::from_secs(30);
/// The most packets that wait to be written; beyond it none is made.
const UNWRITTEN: usize = 64;
/// So many bytes are written together.
const WRITE_SIZE: usize = 16 * 1024;
/// The kernel's send buffer, in bytes: what waits there delays everything behind it.
const SEND_BUFFER: usize = 128 * 1024;

/// There is no such leg. The text is a sentence or the end of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NoLeg {
    pub(super) why: String,
    /// Whether another attempt would end likewise.
    pub(super) is_final: bool,
}

impl NoLeg {
    fn now(why: impl Into<String>) -> Self {
        Self { why: why.into(), is_final: false }
    }

    fn for_good(why: impl Into<String>) -> Self {
        Self { why: why.into(), is_final: true }
    }
}

/// A server that has greeted, and was not shown anything.
#[derive(Debug)]
pub(super) struct GreetedServer {
    dialed: Dialed,
    /// What it has sent so far.
    first: Vec<u8>,
}

/// A stream that carries a leg.
#[derive(Debug)]
pub(super) struct LegLink {
    socket: Socket,
    /// The stream ends with it.
    _tunnel: Option<Tunnel>,
    packets: LegStream,
    unwritten: Sender<Vec<u8>>,
}

/// Dials a server and waits for its greeting.
pub(super) async fn greet(dialer: Dialer, server: Destination) -> Result<GreetedServer, NoLeg> {
    let reached = dialer.connect_beside(&server).await;
    let dialed = reached.map(|reached| reached.dialed).map_err(|error| match error {
        DialError::Failed(failure) => NoLeg::now(failure.why),
        DialError::Distrusted(why) => NoLeg::for_good(why),
    })?;
    dialed.socket.tune(Some(SEND_BUFFER));
    let greeted = greeting(&dialed.socket).await;
    let (dialect, first) = greeted.map_err(|error| NoLeg::now(DialFailure::of(&error).why))?;
    match dialect {
        Dialect::Tr226 => Ok(GreetedServer { dialed, first }),
        Dialect::Tr223 => Err(NoLeg::for_good(say::not_for_calls())),
    }
}

/// Shows a leg's token, and waits until the server has the leg there.
pub(super) async fn show(server: GreetedServer, token: LegToken) -> Result<LegLink, NoLeg> {
    let late = |_| NoLeg::now(say::leg_not_in_time());
    async_std::future::timeout(ANSWER_PATIENCE, show_patiently(server, token)).await.map_err(late)?
}

async fn show_patiently(server: GreetedServer, token: LegToken) -> Result<LegLink, NoLeg> {
    let GreetedServer { dialed: Dialed { socket, tunnel, address: _ }, first } = server;
    let failed = |error: io::Error| NoLeg::now(DialFailure::of(&error).why);
    let mut request = Vec::new();
    Request::bare(Command::Call(CallCommand::Leg(token))).write(&mut request, CLIENT);
    socket.write_all(&request, WRITE_STALL).await.map_err(failed)?;
    let mut preface = first;
    loop {
        while let Some(end) = memchr::memchr(b'\n', &preface) {
            let rest = preface.split_off(end + 1);
            let line = std::mem::replace(&mut preface, rest);
            if answered(line.strip_suffix(b"\n").unwrap_or(&line))? {
                let (unwritten, waiting) = bounded(UNWRITTEN);
                task::spawn(write_packets(socket.clone(), waiting));
                let mut packets = LegStream::default();
                packets.feed(&preface);
                return Ok(LegLink { socket, _tunnel: tunnel, packets, unwritten });
            }
        }
        if preface.len() > MAX_PREFACE {
            return Err(NoLeg::for_good(say::not_for_calls()));
        }
        let read = socket.read(READ_SIZE, |bytes| {
            preface.extend_from_slice(bytes);
            bytes.len()
        });
        if read.await.map_err(failed)? == 0 {
            return Err(NoLeg::now(crate::language::connecting::server_closed_connection()));
        }
    }
}

/// Whether a line says that the server has the leg; other lines than that and a refusal are passed over.
fn answered(line: &[u8]) -> Result<bool, NoLeg> {
    match Envelope::parse(line).map(|envelope| envelope.event) {
        Ok(Event::Call(CallEvent::LegReady)) => Ok(true),
        Ok(Event::Refused(_, text)) => Err(NoLeg::for_good(Text::line(text.as_str()).to_string())),
        _ => Ok(false),
    }
}

impl LegLink {
    /// Waits for bytes; `false` at the end of the stream.
    pub(super) async fn read(&mut self) -> io::Result<bool> {
        let Self { socket, packets, .. } = self;
        let read = socket.read(READ_SIZE, |bytes| {
            packets.feed(bytes);
            !bytes.is_empty()
        });
        read.await
    }

    /// The next packet that has arrived whole.
    ///
    /// # Errors
    /// The stream carries something else.
    pub(super) fn packet(&mut self) -> io::Result<Option<Vec<u8>>> {
        self.packets.packet().map_err(io::Error::other)
    }

    /// Sends a packet.
    ///
    /// # Errors
    /// There is no room; gives it back. Where the stream is broken, its reader notices.
    pub(super) fn try_send(&self, packet: Vec<u8>) -> Result<(), Vec<u8>> {
        match self.unwritten.try_send(packet) {
            Ok(()) | Err(TrySendError::Closed(_)) => Ok(()),
            Err(TrySendError::Full(packet)) => Err(packet),
        }
    }

    /// Sends a packet once there is room.
    pub(super) fn send(&self, packet: Vec<u8>) -> impl Future<Output = ()> + use<> {
        let unwritten = self.unwritten.clone();
        async move { drop(unwritten.send(packet).await) }
    }
}

/// The reader sees the end, and with it the server.
impl Drop for LegLink {
    fn drop(&mut self) {
        self.unwritten.close();
    }
}

/// Writes packets until there will be no more, or the stream breaks.
async fn write_packets(socket: Socket, waiting: Receiver<Vec<u8>>) {
    let mut bytes = Vec::new();
    while let Ok(packet) = waiting.recv().await {
        bytes.clear();
        write_on_stream(&packet, &mut bytes);
        // Packets that wait go into the same write.
        while bytes.len() < WRITE_SIZE {
            let Ok(packet) = waiting.try_recv() else { break };
            write_on_stream(&packet, &mut bytes);
        }
        if socket.write_all(&bytes, WRITE_STALL).await.is_err() {
            break;
        }
    }
    socket.finish();
    socket.cut();
}
