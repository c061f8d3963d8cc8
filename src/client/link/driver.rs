//! The connection's task: carries out what the session asks of the network, and brings it the news.
//!
//! Must not know: what is said, or who shows it.

use std::collections::BTreeSet;
use std::io;
use std::time::Duration;

use async_std::channel::{Receiver, Sender, bounded};
use async_std::task;
use futures_lite::FutureExt as _;

use super::dialer::{Astray, Way};
use crate::client::msg::Net;
use crate::model::Url;
use crate::net::dial::{Dialed, explain};
use crate::net::socket::{READ_SIZE, Socket};
use crate::protocol::limits::{DIALECT_QUIET, MAX_FRAME, MAX_PACKET, PACKET_GAP, PACKET_QUIET};
use crate::protocol::lines;
use crate::protocol::packet;
use crate::protocol::{Command, Dialect, Envelope, Event, Lines, Request, SessionCommand};

/// What the session can ask of the network.
#[derive(Clone, Debug)]
pub enum Order {
    /// Connect, ending the connection there may be.
    Dial(Url),
    /// Send.
    Send(Request),
    /// End the connection after what was to be sent.
    Disconnect,
}

/// How long a server may take to greet.
const GREETING_DEADLINE: Duration = Duration::from_secs(10);
/// How long a write may make no progress; a server that slows down a flood takes its time.
const WRITE_STALL: Duration = Duration::from_secs(60);
/// How long the server may take to end its side when the client has ended its own.
const FAREWELL: Duration = Duration::from_secs(2);
/// Requests that wait to be written.
const MAX_UNSENT: usize = 4096;
/// Names that are remembered for telling TR2.23 packets apart.
const MAX_NAMES: usize = 10_000;

/// Carries out orders until their sender is gone.
pub async fn drive<F: Future<Output = ()>>(way: Way, orders: Receiver<Order>, tell: impl Fn(Net) -> F) {
    let mut next = orders.recv().await.ok();
    while let Some(order) = next.take() {
        if let Order::Dial(url) = order {
            next = talk(&way, &url, &orders, &tell).await;
        }
        if next.is_none() {
            next = orders.recv().await.ok();
        }
    }
}

/// One connection, from dialing to its end. Gives back the order to dial again, if that ended it.
async fn talk<F: Future<Output = ()>>(
    way: &Way,
    url: &Url,
    orders: &Receiver<Order>,
    tell: &impl Fn(Net) -> F,
) -> Option<Order> {
    // An order to dial elsewhere must not wait for a server that does not answer.
    let arrive = async { Step::Met(meet(way, url).await) };
    let met = match arrive.or(async { Step::Order(orders.recv().await.ok()) }).await {
        Step::Met(met) => met,
        Step::Order(Some(Order::Send(_))) => Err(Astray::Failed("it was not connected yet".to_owned())),
        Step::Order(order @ Some(Order::Dial(_))) => return order,
        Step::Order(_) | Step::Read(_) => return None,
    };
    let Met { dialed, dialect, first, told } = match met {
        Ok(met) => met,
        Err(Astray::Failed(why)) => {
            tell(Net::Failed(why)).await;
            return None;
        }
        Err(Astray::Distrusted(why)) => {
            tell(Net::Distrusted(why)).await;
            return None;
        }
    };
    // What carries the connection ends with it.
    let Dialed { socket, tunnel: _tunnel } = dialed;
    if let Some(told) = told {
        tell(Net::Met(told)).await;
    }
    tell(Net::Connected(dialect)).await;
    let (outgoing, unsent) = bounded(MAX_UNSENT);
    let writer = task::spawn(write(socket.clone(), dialect, unsent));
    let mut ear = Ear::new(dialect);
    for envelope in ear.hear(&first) {
        tell(Net::Said(envelope)).await;
    }
    let outcome = converse(&socket, &mut ear, orders, &outgoing, tell).await;
    drop(outgoing);
    match outcome {
        Outcome::Ended(next) => {
            // Each write is bounded in time, and so many of them can wait.
            writer.await;
            let _ = async_std::future::timeout(FAREWELL, part(&socket)).await;
            socket.cut();
            next
        }
        Outcome::Lost(why) => {
            writer.cancel().await;
            socket.cut();
            tell(Net::Lost(why)).await;
            None
        }
    }
}

enum Step {
    Met(Result<Met, Astray>),
    Order(Option<Order>),
    Read(io::Result<Vec<Envelope>>),
}

/// A server that greets.
struct Met {
    dialed: Dialed,
    dialect: Dialect,
    /// What it has said so far.
    first: Vec<u8>,
    /// What the person is to know of it.
    told: Option<String>,
}

enum Outcome {
    /// As asked; with what to do next.
    Ended(Option<Order>),
    /// The connection broke; the sentence says how.
    Lost(String),
}

/// Connects, and learns the dialect from the greeting: bytes without an LF, and then nothing, are TR2.23.
async fn meet(way: &Way, url: &Url) -> Result<Met, Astray> {
    let (dialed, told) = way.go(url).await?;
    let greeted = greeting(&dialed.socket).await;
    let (dialect, first) = greeted.map_err(|error| Astray::Failed(explain(&error)))?;
    Ok(Met { dialed, dialect, first, told })
}

async fn greeting(socket: &Socket) -> io::Result<(Dialect, Vec<u8>)> {
    let silent = || io::Error::other("it does not greet as a tr2 server does");
    let mut first = Vec::new();
    let greeting = async_std::future::timeout(GREETING_DEADLINE, read_more(socket, &mut first)).await;
    if !greeting.map_err(|_| silent())?? {
        return Err(io::Error::other("it hung up at once"));
    }
    while Dialect::of(&first).is_none() && first.len() < MAX_FRAME {
        let more = async_std::future::timeout(DIALECT_QUIET, read_more(socket, &mut first)).await;
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

/// Reads and takes orders, until one of them ends it.
async fn converse<F: Future<Output = ()>>(
    socket: &Socket,
    ear: &mut Ear,
    orders: &Receiver<Order>,
    outgoing: &Sender<Request>,
    tell: &impl Fn(Net) -> F,
) -> Outcome {
    loop {
        let order = async { Step::Order(orders.recv().await.ok()) };
        match order.or(async { Step::Read(ear.listen(socket).await) }).await {
            Step::Read(Ok(envelopes)) if envelopes.is_empty() && ear.ended => {
                return Outcome::Lost("the server ended the connection".to_owned());
            }
            Step::Read(Ok(envelopes)) => {
                for envelope in envelopes {
                    tell(Net::Said(envelope)).await;
                }
            }
            Step::Read(Err(error)) => return Outcome::Lost(explain(&error)),
            Step::Order(Some(Order::Send(request))) => {
                ear.note(&request);
                if outgoing.try_send(request).is_err() {
                    return Outcome::Lost("the server took too little of what was sent".to_owned());
                }
            }
            Step::Order(Some(Order::Disconnect)) => return Outcome::Ended(None),
            Step::Order(order) => return Outcome::Ended(order),
            Step::Met(_) => {}
        }
    }
}

/// Ends our side and reads the other's out, so that the server has it all.
async fn part(socket: &Socket) {
    socket.finish();
    while socket.read(READ_SIZE, |bytes| !bytes.is_empty()).await.unwrap_or(false) {}
}

/// Writes requests in the server's dialect, until no more come or the connection breaks, which the reader finds out.
async fn write(socket: Socket, dialect: Dialect, unsent: Receiver<Request>) {
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
                // What waits goes in one write.
                while bytes.len() < MAX_FRAME {
                    let Ok(more) = unsent.try_recv() else { break };
                    more.write(&mut bytes, &name);
                }
                socket.write_all(&bytes, WRITE_STALL).await
            }
            Dialect::Tr223 => write_packets(&socket, &request, &name).await,
        };
        if sent.is_err() {
            return socket.cut();
        }
    }
}

async fn write_packets(socket: &Socket, request: &Request, name: &str) -> io::Result<()> {
    for packet in packet::write_request(request, name) {
        socket.write_all(&packet, WRITE_STALL).await?;
        task::sleep(PACKET_GAP).await;
    }
    Ok(())
}

/// Turns bytes into envelopes, in the server's dialect.
struct Ear {
    dialect: Dialect,
    lines: Lines,
    packet: Vec<u8>,
    name: Option<String>,
    names: BTreeSet<String>,
    ended: bool,
}

impl Ear {
    fn new(dialect: Dialect) -> Self {
        Self { dialect, lines: Lines::new(), packet: Vec::new(), name: None, names: BTreeSet::new(), ended: false }
    }

    /// Our own name tells apart packets that came together.
    fn note(&mut self, request: &Request) {
        if let Command::Session(SessionCommand::Name(name)) | Command::Session(SessionCommand::TakeOver(name)) =
            &request.command
        {
            self.name = Some(name.clone());
        }
    }

    async fn listen(&mut self, socket: &Socket) -> io::Result<Vec<Envelope>> {
        if self.dialect == Dialect::Tr226 {
            let mut whole = Vec::new();
            let (lines, out) = (&mut self.lines, &mut whole);
            let read = socket.read(READ_SIZE, |bytes| {
                lines.push(bytes, out);
                bytes.len()
            });
            self.ended = read.await? == 0;
            return Ok(self.hear_lines(&whole));
        }
        if self.packet.is_empty() {
            self.ended = !read_more(socket, &mut self.packet).await?;
        }
        // What comes right after belongs to it. It stays with the ear, in case an order comes in between.
        while !self.ended && self.packet.len() < MAX_PACKET {
            let more = async_std::future::timeout(PACKET_QUIET, read_more(socket, &mut self.packet)).await;
            match more {
                Ok(more) => self.ended = !more?,
                Err(_) => break,
            }
        }
        let packet = std::mem::take(&mut self.packet);
        Ok(self.hear(&packet))
    }

    /// Whole bytes that came at once.
    fn hear(&mut self, bytes: &[u8]) -> Vec<Envelope> {
        if self.dialect == Dialect::Tr226 {
            let mut whole = Vec::new();
            self.lines.push(bytes, &mut whole);
            return self.hear_lines(&whole);
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

    /// A line that is no frame is the server's fault and is passed over.
    fn hear_lines(&self, whole: &[u8]) -> Vec<Envelope> {
        lines::each(whole).filter_map(|line| Envelope::parse(line).ok()).collect()
    }
}
