//! The task of one connection: reads, detects the dialect, cuts the bytes into frames for the broker, and slows down a
//! sender that floods.
//!
//! Must not know: what is asked, or who else is here.

use std::io;
use std::time::Duration;

use async_std::channel::{Sender, bounded};
use async_std::task;

use super::executor;
use super::fault;
use super::inbox::Arrival;
use super::rate_limit::{Flood, FloodDecision, SharedRate};
use super::relay_task::shown_leg::ShownLeg;
use crate::net::read_watch::{ReadWatch, WatchedSocket};
use crate::net::socket::Socket;
use crate::protocol::frame;
use crate::protocol::limits::{DIALECT_PATIENCE, DIALECT_QUIET, MAX_FRAME, PACKET_QUIET};
use crate::protocol::lines;
use crate::protocol::packet;
use crate::protocol::{Dialect, Lines};
use crate::server::ids::ConnId;
use crate::server::limits::{HANDSHAKE_DEADLINE, READ_SIZE, REFUSAL_PAUSE, SLOW_READ_SIZE};
use crate::sys::clock::Clock;

/// Reads that one TR2.23 packet may take; later bytes count as another packet.
const MAX_READS: usize = 64;

/// Reads a connection until it ends, and reports the end.
pub(super) async fn serve(conn: ConnId, source: ByteSource, inbox: Sender<Arrival>, rate: SharedRate, clock: Clock) {
    let mut reader = Reader { conn, source, inbox, rate, flood: None, clock };
    let last_will = LastWill(Some((conn, reader.inbox.clone())));
    let why = match reader.read_all().await {
        Ok(Finished::Closed) => "connection closed",
        // The broker has forgotten it.
        Ok(Finished::HandedOver) => return last_will.revoke(),
        Err(Stop::Socket(error)) if error.kind() == io::ErrorKind::ConnectionReset => "connection reset",
        Err(Stop::Socket(error)) if error.kind() == io::ErrorKind::InvalidData => "no TLS, or broken TLS",
        Err(Stop::Socket(_)) => "connection lost",
        // The broker is gone, and with it the process.
        Err(Stop::Broker) => "server closed",
    };
    last_will.carry_out(why).await;
}

/// Tells the broker that a connection ended, even if its task panics: otherwise its name would stay taken and its
/// socket open for as long as the server runs.
struct LastWill(Option<(ConnId, Sender<Arrival>)>);

impl LastWill {
    fn revoke(mut self) {
        self.0 = None;
    }

    async fn carry_out(mut self, why: &'static str) {
        if let Some((conn, inbox)) = self.0.take() {
            // The broker may be gone, and with it the process.
            let _ = inbox.send(Arrival::Ended(conn, why)).await;
        }
    }
}

impl Drop for LastWill {
    fn drop(&mut self) {
        if let Some((conn, inbox)) = self.0.take() {
            log::error!(conn = conn.0; "connection_failed");
            executor::spawn_elsewhere(async move { drop(inbox.send(Arrival::Ended(conn, "the server failed")).await) });
        }
    }
}

/// How a connection is read.
pub(super) enum ByteSource {
    /// The watch reports when there is something to read.
    Watched(WatchedSocket),
    /// The runtime's reactor does.
    Plain(Socket),
}

impl ByteSource {
    /// Reads a socket by the watch if possible, and by the reactor otherwise.
    pub(super) fn of(socket: Socket, watch: Option<&ReadWatch>) -> Self {
        let watch = watch.filter(|_| !socket.is_secure());
        match watch.map(|watch| watch.enter(socket.clone())) {
            Some(Ok(watched)) => Self::Watched(watched),
            _ => Self::Plain(socket),
        }
    }

    fn socket(&self) -> &Socket {
        match self {
            Self::Watched(watched) => watched.socket(),
            Self::Plain(socket) => socket,
        }
    }

    /// Waits for bytes, at most `most` of them, and passes them to `take`; an empty slice is the end of the stream.
    async fn read<T>(&self, most: usize, take: impl FnOnce(&[u8]) -> T) -> io::Result<T> {
        match self {
            Self::Watched(watched) => watched.read(most, take).await,
            Self::Plain(socket) => socket.read(most, take).await,
        }
    }
}

struct Reader {
    conn: ConnId,
    source: ByteSource,
    inbox: Sender<Arrival>,
    rate: SharedRate,
    flood: Option<Flood>,
    clock: Clock,
}

/// How reading a connection finished.
enum Finished {
    Closed,
    /// The relay has it.
    HandedOver,
}

enum Stop {
    Socket(io::Error),
    Broker,
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Socket(error)
    }
}

impl Reader {
    async fn read_all(&mut self) -> Result<Finished, Stop> {
        // What is done once is boxed, so that a connection that waits for lines holds no memory for it.
        if self.source.socket().is_secure() {
            let handshake = Box::pin(async_std::io::timeout(HANDSHAKE_DEADLINE, self.source.socket().handshake()));
            if let Some(key) = handshake.await? {
                self.send(Arrival::Proved(self.conn, key)).await?;
            }
        }
        let first = Box::pin(self.first_bytes()).await?;
        if first.is_empty() {
            return Ok(Finished::Closed);
        }
        if let Some(shown) = ShownLeg::read(self.conn, self.source.socket(), &first) {
            return Box::pin(self.hand_over(shown)).await;
        }
        let dialect = Dialect::of(&first).unwrap_or(Dialect::Tr223);
        self.send(Arrival::Speaks(self.conn, dialect)).await?;
        match dialect {
            Dialect::Tr226 => self.read_lines(first).await?,
            Dialect::Tr223 => {
                // The end of its first frame may only come late.
                if let Some(framed) = Box::pin(self.read_packets(first)).await? {
                    self.send(Arrival::Speaks(self.conn, Dialect::Tr226)).await?;
                    self.read_lines(framed).await?;
                }
            }
        }
        Ok(Finished::Closed)
    }

    /// Hands a connection over that shows a leg's token. One with a wrong token is refused, and nothing more is taken of
    /// it.
    async fn hand_over(&mut self, shown: ShownLeg) -> Result<Finished, Stop> {
        let (answer, answered) = bounded(1);
        self.send(Arrival::Leg(Box::new(shown), answer)).await?;
        if answered.recv().await.unwrap_or(false) {
            return Ok(Finished::HandedOver);
        }
        while self.source.read(READ_SIZE, <[u8]>::len).await? > 0 {}
        Ok(Finished::Closed)
    }

    /// Everything up to the first LF, or up to a pause that shows that none will come.
    async fn first_bytes(&mut self) -> io::Result<Vec<u8>> {
        let mut first = Vec::new();
        if !self.read_more(&mut first, MAX_FRAME).await? {
            return Ok(first);
        }
        while Dialect::of(&first).is_none() && first.len() < MAX_FRAME {
            let quiet = if Dialect::may_be_cut(&first) { DIALECT_PATIENCE } else { DIALECT_QUIET };
            match or_quiet(quiet, self.read_more(&mut first, MAX_FRAME)).await.transpose()? {
                Some(true) => {}
                _ => break,
            }
        }
        Ok(first)
    }

    /// Reads on while the bytes follow one another, within limits; bytes beyond the length of a frame are dropped.
    async fn read_until_quiet(&self, packet: &mut Vec<u8>, quiet: Duration) -> io::Result<()> {
        let mut over = Vec::new();
        for _ in 0..MAX_READS {
            let (bytes, limit) =
                if packet.len() < MAX_FRAME { (&mut *packet, MAX_FRAME) } else { (&mut over, READ_SIZE) };
            match or_quiet(quiet, self.read_more(bytes, limit)).await.transpose()? {
                Some(true) => over.clear(),
                _ => break,
            }
        }
        Ok(())
    }

    async fn read_lines(&mut self, first: Vec<u8>) -> Result<(), Stop> {
        let mut lines = Lines::new();
        let mut whole = Vec::new();
        lines.push(&first, &mut whole);
        drop(first);
        loop {
            self.pass_lines(&mut whole).await?;
            let most = if self.is_slowing() { SLOW_READ_SIZE } else { READ_SIZE };
            let read = self.source.read(most, |bytes| {
                lines.push(bytes, &mut whole);
                bytes.len()
            });
            if read.await? == 0 {
                return Ok(());
            }
        }
    }

    /// Passes complete lines on, all at once unless a rate limits them.
    async fn pass_lines(&mut self, whole: &mut Vec<u8>) -> Result<(), Stop> {
        if whole.is_empty() {
            return Ok(());
        }
        let whole = std::mem::take(whole);
        fault::panic_if_asked(b"fault in the connection", &whole);
        if self.rate.get().is_none() {
            return self.send(Arrival::Lines(self.conn, whole)).await;
        }
        Box::pin(self.pass_slowly(whole)).await
    }

    /// Passes complete lines on as fast as the flood limit allows.
    async fn pass_slowly(&mut self, whole: Vec<u8>) -> Result<(), Stop> {
        let mut admitted = Vec::new();
        let mut refusing = false;
        for line in whole.split_inclusive(|&byte| byte == b'\n') {
            let decision = if refusing { FloodDecision::Refuse } else { self.judge() };
            if let FloodDecision::Wait(_) = decision {
                self.pass_admitted(&mut admitted).await?;
            }
            if self.wait_out(decision).await {
                admitted.extend_from_slice(line);
            } else {
                // The rest of what was read is refused as well, and at once: its sender may be gone for long.
                refusing = true;
                let reference = lines::each(line).next().and_then(frame::reference_of);
                self.pass_admitted(&mut admitted).await?;
                self.send(Arrival::Flooding(self.conn, reference)).await?;
            }
        }
        self.pass_admitted(&mut admitted).await?;
        if refusing {
            task::sleep(REFUSAL_PAUSE).await;
        }
        Ok(())
    }

    async fn pass_admitted(&self, admitted: &mut Vec<u8>) -> Result<(), Stop> {
        if admitted.is_empty() {
            return Ok(());
        }
        self.send(Arrival::Lines(self.conn, std::mem::take(admitted))).await
    }

    /// Reads packets until the end, or until there are bytes that are frames.
    async fn read_packets(&mut self, mut bytes: Vec<u8>) -> Result<Option<Vec<u8>>, Stop> {
        loop {
            let mut refusing = false;
            for packet in packet::cut(&bytes) {
                let decision = if refusing { FloodDecision::Refuse } else { self.judge() };
                let arrival = if self.wait_out(decision).await {
                    Arrival::Packet(self.conn, packet.to_vec())
                } else {
                    refusing = true;
                    Arrival::Flooding(self.conn, None)
                };
                self.send(arrival).await?;
            }
            bytes.clear();
            if refusing {
                task::sleep(REFUSAL_PAUSE).await;
            }
            if !self.read_more(&mut bytes, MAX_FRAME).await? {
                return Ok(None);
            }
            // Bytes that follow at once belong to the packet: the original's client sends a text of any length at once.
            self.read_until_quiet(&mut bytes, PACKET_QUIET).await?;
            if Dialect::is_framed(&bytes) {
                return Ok(Some(bytes));
            }
        }
    }

    /// Reads once, so that `bytes` grows to `limit` at most; `false` at the end of the stream.
    async fn read_more(&self, bytes: &mut Vec<u8>, limit: usize) -> io::Result<bool> {
        let read = self.source.read(limit.saturating_sub(bytes.len()), |more| {
            bytes.extend_from_slice(more);
            !more.is_empty()
        });
        read.await
    }

    fn is_slowing(&self) -> bool {
        self.flood.as_ref().is_some_and(Flood::is_slowing)
    }

    fn judge(&mut self) -> FloodDecision {
        let now = self.clock.now().steady;
        self.flood = Flood::changed(self.flood, self.rate.get(), now);
        self.flood.as_mut().map_or(FloodDecision::Take, |flood| flood.judge(now))
    }

    /// Waits until a frame is taken (`true`) or refused; nothing is read meanwhile.
    async fn wait_out(&mut self, mut decision: FloodDecision) -> bool {
        loop {
            match decision {
                FloodDecision::Take => return true,
                FloodDecision::Refuse => return false,
                FloodDecision::Wait(time) => task::sleep(time).await,
            }
            decision = self.judge();
        }
    }

    async fn send(&self, arrival: Arrival) -> Result<(), Stop> {
        self.inbox.send(arrival).await.map_err(|_| Stop::Broker)
    }
}

/// The output of `work`, or `None` if it takes longer than `quiet`.
async fn or_quiet<T>(quiet: Duration, work: impl Future<Output = T>) -> Option<T> {
    async_std::future::timeout(quiet, work).await.ok()
}
