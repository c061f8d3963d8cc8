//! The driver: the task that carries out the session's network orders and sends it the news.
//!
//! Must not know: what is said, or how it is shown.

use std::collections::BTreeSet;
use std::io;
use std::time::Duration;

use async_std::channel::{Receiver, Sender, bounded};
use async_std::task::{self, JoinHandle};
use futures_lite::FutureExt as _;

use super::dialer::{DialError, Dialer, ReachedServer};
use crate::client::destination::Destination;
use crate::client::msg::Net;
use crate::client::traffic_meter::TrafficMeter;
use crate::language::connecting as say;
use crate::net::dial::Dialed;
use crate::net::dial_failure::{DialFailure, DialFault};
use crate::net::socket::{READ_SIZE, Socket};
use crate::protocol::limits::{DIALECT_PATIENCE, DIALECT_QUIET, MAX_FRAME, MAX_PACKET, PACKET_GAP, PACKET_QUIET};
use crate::protocol::lines;
use crate::protocol::packet;
use crate::protocol::{Command, Dialect, Envelope, Event, Lines, Request, SessionCommand};

/// An order of the session to the driver.
#[derive(Clone, Debug)]
pub enum DriverOrder {
    /// Connect, ending the present connection.
    Dial(Destination),
    /// Send a request.
    Send(Request),
    /// End the connection after what is to be sent.
    Disconnect,
}

/// How long a server may take for its greeting.
const GREETING_DEADLINE: Duration = Duration::from_secs(10);
/// How long a write may make no progress; a server that slows down a flood takes its time.
const WRITE_STALL: Duration = Duration::from_secs(60);
/// How long the server may take to end its side after the client has ended its own.
const FAREWELL: Duration = Duration::from_secs(2);
/// The most requests that wait to be written.
const MAX_UNSENT: usize = 4096;
/// The most names that are remembered for splitting TR2.23 packets.
const MAX_NAMES: usize = 10_000;

/// Carries out orders until their sender is gone.
pub async fn drive<F: Future<Output = ()>>(
    dialer: Dialer,
    orders: Receiver<DriverOrder>,
    meter: TrafficMeter,
    tell: impl Fn(Net) -> F,
) {
    let mut next = orders.recv().await.ok();
    while let Some(order) = next.take() {
        if let DriverOrder::Dial(there) = order {
            next = talk(&dialer, &there, &orders, &meter, &tell).await;
        }
        if next.is_none() {
            next = orders.recv().await.ok();
        }
    }
}

/// One connection, from dialing to its end. Returns the order to dial again, if that ended it.
async fn talk<F: Future<Output = ()>>(
    dialer: &Dialer,
    there: &Destination,
    orders: &Receiver<DriverOrder>,
    meter: &TrafficMeter,
    tell: &impl Fn(Net) -> F,
) -> Option<DriverOrder> {
    // An order to dial elsewhere must not wait for a server that does not answer.
    let arrive = async { Next::Greeted(greet(dialer, there).await) };
    let met = match arrive.or(async { Next::Order(orders.recv().await.ok()) }).await {
        Next::Greeted(met) => met,
        Next::Order(Some(DriverOrder::Send(_))) => {
            Err(DialError::Failed(DialFailure::new(DialFault::Other, say::not_connected_yet())))
        }
        Next::Order(order @ Some(DriverOrder::Dial(_))) => return order,
        Next::Order(_) | Next::Read(_) => return None,
    };
    let Greeted { reached, dialect, first } = match met {
        Ok(met) => met,
        Err(DialError::Failed(why)) => {
            tell(Net::Failed(why)).await;
            return None;
        }
        Err(DialError::Distrusted(why)) => {
            tell(Net::Distrusted(why)).await;
            return None;
        }
    };
    // The tunnel ends with the connection.
    let ReachedServer { dialed, told, proved } = reached;
    let Dialed { socket, tunnel, address: _ } = dialed;
    if let Some(proved) = proved {
        tell(Net::Proved(proved)).await;
    }
    if let Some(told) = told {
        tell(Net::Met(told)).await;
    }
    tell(Net::Connected(dialect)).await;
    let (outgoing, unsent) = bounded(MAX_UNSENT);
    let writer = task::spawn(write(socket.clone(), dialect, unsent, meter.clone()));
    meter.received(first.len());
    let mut decoder = Decoder::new(dialect, meter.clone());
    for envelope in decoder.decode(&first) {
        tell(Net::Said(envelope)).await;
    }
    let outcome = converse(&socket, &mut decoder, orders, &outgoing, tell).await;
    drop(outgoing);
    match outcome {
        TalkEnd::Ended(next) => {
            let farewell = task::spawn(async move {
                // Each write is limited in time, and so is the number of those that wait.
                writer.await;
                let _ = async_std::future::timeout(FAREWELL, finish(&socket)).await;
                socket.cut();
                drop(tunnel);
            });
            match next {
                Some(order) => Some(order),
                None => until_ended(farewell, orders).await,
            }
        }
        TalkEnd::Lost(why) => {
            writer.cancel().await;
            socket.cut();
            tell(Net::Lost(why)).await;
            None
        }
    }
}

/// Waits for the end of a connection that is being ended. Whoever dials meanwhile does not wait: a server that is gone takes
/// its time.
async fn until_ended(farewell: JoinHandle<()>, orders: &Receiver<DriverOrder>) -> Option<DriverOrder> {
    let dial = async {
        loop {
            match orders.recv().await {
                Ok(order @ DriverOrder::Dial(_)) => return Some(order),
                // There is no connection to carry them out on.
                Ok(DriverOrder::Send(_) | DriverOrder::Disconnect) => {}
                Err(_) => std::future::pending().await,
            }
        }
    };
    async {
        farewell.await;
        None
    }
    .or(dial)
    .await
}

enum Next {
    Greeted(Result<Greeted, DialError>),
    Order(Option<DriverOrder>),
    Read(io::Result<Vec<Envelope>>),
}

/// A server that has greeted.
struct Greeted {
    reached: ReachedServer,
    dialect: Dialect,
    /// What it has sent so far.
    first: Vec<u8>,
}

enum TalkEnd {
    /// The connection ended as ordered; with the next order, if there is one.
    Ended(Option<DriverOrder>),
    /// The connection was lost, for this reason.
    Lost(String),
}

/// Connects, and finds out the dialect by the greeting: bytes without an LF, and then nothing, are TR2.23.
async fn greet(dialer: &Dialer, there: &Destination) -> Result<Greeted, DialError> {
    let reached = dialer.connect(there).await?;
    let greeted = greeting(&reached.dialed.socket).await;
    let (dialect, first) = greeted.map_err(|error| DialError::Failed(DialFailure::of(&error)))?;
    Ok(Greeted { reached, dialect, first })
}

/// Waits for the greeting: the dialect, and the bytes so far.
pub(in crate::client) async fn greeting(socket: &Socket) -> io::Result<(Dialect, Vec<u8>)> {
    let silent = || DialFailure::new(DialFault::NotTr2, say::not_tr2()).into_error();
    let mut first = Vec::new();
    let greeting = async_std::future::timeout(GREETING_DEADLINE, read_more(socket, &mut first)).await;
    if !greeting.map_err(|_| silent())?? {
        return Err(io::Error::other(say::closed_at_once()));
    }
    while Dialect::of(&first).is_none() && first.len() < MAX_FRAME {
        let quiet = if Dialect::greeting_may_be_cut(&first) { DIALECT_PATIENCE } else { DIALECT_QUIET };
        let more = async_std::future::timeout(quiet, read_more(socket, &mut first)).await;
        if !more.unwrap_or(Ok(false))? {
            break;
        }
    }
    let dialect = Dialect::of(&first).unwrap_or(Dialect::Tr223);
    Ok((dialect, first))
}

async fn read_more(socket: &Socket, bytes: &mut Vec<u8>) -> io::Result<bool> {
    let read = socket.read(READ_SIZE, |more| {
        bytes.extend_from_slice(more);
        !more.is_empty()
    });
    read.await
}

/// Reads and carries out orders, until one of them ends it.
async fn converse<F: Future<Output = ()>>(
    socket: &Socket,
    decoder: &mut Decoder,
    orders: &Receiver<DriverOrder>,
    outgoing: &Sender<Request>,
    tell: &impl Fn(Net) -> F,
) -> TalkEnd {
    loop {
        let order = async { Next::Order(orders.recv().await.ok()) };
        match order.or(async { Next::Read(decoder.read(socket).await) }).await {
            Next::Read(Ok(envelopes)) if envelopes.is_empty() && decoder.ended => {
                return TalkEnd::Lost(say::server_closed_connection().to_owned());
            }
            Next::Read(Ok(envelopes)) => {
                for envelope in envelopes {
                    tell(Net::Said(envelope)).await;
                }
            }
            Next::Read(Err(error)) => return TalkEnd::Lost(DialFailure::of(&error).why),
            Next::Order(Some(DriverOrder::Send(request))) => {
                decoder.note(&request);
                if outgoing.try_send(request).is_err() {
                    return TalkEnd::Lost(say::server_reads_slowly().to_owned());
                }
            }
            Next::Order(Some(DriverOrder::Disconnect)) => return TalkEnd::Ended(None),
            Next::Order(order) => return TalkEnd::Ended(order),
            Next::Greeted(_) => {}
        }
    }
}

/// Ends this side and reads the other side to its end, so that the server gets everything.
async fn finish(socket: &Socket) {
    socket.finish();
    while socket.read(READ_SIZE, |bytes| !bytes.is_empty()).await.unwrap_or(false) {}
}

/// Writes requests in the server's dialect, until there are no more or the connection breaks; then the reader notices.
async fn write(socket: Socket, dialect: Dialect, unsent: Receiver<Request>, meter: TrafficMeter) {
    let mut name = crate::protocol::words::CLIENT.to_owned();
    while let Ok(request) = unsent.recv().await {
        if let Command::Session(SessionCommand::Name(given)) | Command::Session(SessionCommand::TakeOver(given)) =
            &request.command
        {
            name.clone_from(given);
        }
        let sent = match dialect {
            Dialect::Tr226 => {
                let mut bytes = Vec::new();
                request.write(&mut bytes, &name);
                // Requests that wait go into the same write.
                while bytes.len() < MAX_FRAME {
                    let Ok(more) = unsent.try_recv() else { break };
                    more.write(&mut bytes, &name);
                }
                meter.sent(bytes.len());
                socket.write_all(&bytes, WRITE_STALL).await
            }
            Dialect::Tr223 => write_packets(&socket, &request, &name, &meter).await,
        };
        if sent.is_err() {
            return socket.cut();
        }
    }
}

async fn write_packets(socket: &Socket, request: &Request, name: &str, meter: &TrafficMeter) -> io::Result<()> {
    for packet in packet::write_request(request, name) {
        meter.sent(packet.len());
        socket.write_all(&packet, WRITE_STALL).await?;
        task::sleep(PACKET_GAP).await;
    }
    Ok(())
}

/// Decodes bytes into envelopes, in the server's dialect.
struct Decoder {
    dialect: Dialect,
    meter: TrafficMeter,
    lines: Lines,
    packet: Vec<u8>,
    name: Option<String>,
    names: BTreeSet<String>,
    ended: bool,
}

impl Decoder {
    fn new(dialect: Dialect, meter: TrafficMeter) -> Self {
        Self {
            dialect,
            meter,
            lines: Lines::new(),
            packet: Vec::new(),
            name: None,
            names: BTreeSet::new(),
            ended: false,
        }
    }

    /// Notes the client's own name, by which packets that came together are split.
    fn note(&mut self, request: &Request) {
        if let Command::Session(SessionCommand::Name(name)) | Command::Session(SessionCommand::TakeOver(name)) =
            &request.command
        {
            self.name = Some(name.clone());
        }
    }

    async fn read(&mut self, socket: &Socket) -> io::Result<Vec<Envelope>> {
        if self.dialect == Dialect::Tr226 {
            let mut whole = Vec::new();
            let (lines, out, meter) = (&mut self.lines, &mut whole, &self.meter);
            let read = socket.read(READ_SIZE, |bytes| {
                meter.received(bytes.len());
                lines.push(bytes, out);
                bytes.len()
            });
            self.ended = read.await? == 0;
            return Ok(self.decode_lines(&whole));
        }
        if self.packet.is_empty() {
            self.ended = !read_more(socket, &mut self.packet).await?;
        }
        // What follows at once belongs to the packet. It stays in this struct, in case an order comes in between.
        while !self.ended && self.packet.len() < MAX_PACKET {
            let more = async_std::future::timeout(PACKET_QUIET, read_more(socket, &mut self.packet)).await;
            match more {
                Ok(more) => self.ended = !more?,
                Err(_) => break,
            }
        }
        let packet = std::mem::take(&mut self.packet);
        self.meter.received(packet.len());
        Ok(self.decode(&packet))
    }

    /// Decodes bytes that came at once.
    fn decode(&mut self, bytes: &[u8]) -> Vec<Envelope> {
        if self.dialect == Dialect::Tr226 {
            let mut whole = Vec::new();
            self.lines.push(bytes, &mut whole);
            return self.decode_lines(&whole);
        }
        if bytes.is_empty() {
            return Vec::new();
        }
        let others: Vec<&str> = self.names.iter().map(String::as_str).collect();
        let envelopes = packet::read_events(bytes, self.name.as_deref(), &others);
        for envelope in &envelopes {
            if let Event::Clients(names) = &envelope.event {
                self.names = names.iter().take(MAX_NAMES).map(ToString::to_string).collect();
            }
        }
        envelopes
    }

    /// Decodes whole lines. A line that is no frame is the server's fault and is skipped.
    fn decode_lines(&self, whole: &[u8]) -> Vec<Envelope> {
        lines::each(whole).filter_map(|line| Envelope::parse(line).ok()).collect()
    }
}
