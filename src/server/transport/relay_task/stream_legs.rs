//! The streams that carry legs: a reader and a writer for each. Those of TLS run on other threads than the relay.
//!
//! A writer never holds up the relay: what its stream does not take waits in a [`LegQueue`].
//!
//! Must not know: where packets go (`relay`).

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_std::channel::{Receiver, Sender, bounded};
use async_std::task;
use futures_lite::FutureExt as _;

use super::leg_queue::LegQueue;
use super::shown_leg::ShownLeg;
use crate::model::Text;
use crate::net::socket::Socket;
use crate::protocol::leg::{LegStream, LegToken, NoLegStream};
use crate::protocol::{CallEvent, Code, Envelope, Event};
use crate::server::limits::{CLOSE_GRACE, LEG_ARRIVALS, LEG_READ_SIZE, LEG_STALL, LEG_WRITE_SIZE, OVER_RATE_PAUSE};
use crate::server::relay::StreamId;
use crate::server::transport::executor::Executor;

/// What a stream has brought; nothing at its end.
pub(super) type LegBytes = (StreamId, Vec<u8>);

/// The streams.
#[derive(Debug)]
pub(super) struct StreamLegs {
    legs: HashMap<StreamId, StreamLeg>,
    /// The stream that showed a token last. The leg may be elsewhere by now.
    by_token: HashMap<LegToken, StreamId>,
    /// What the streams bring.
    pub(super) arrivals: Receiver<LegBytes>,
    sender: Sender<LegBytes>,
    executor: Executor,
}

#[derive(Debug)]
struct StreamLeg {
    token: LegToken,
    cutter: LegStream,
    queue: Arc<LegQueue>,
    /// Wakes the writer.
    wake: Sender<()>,
    /// Whether the reader is to pause.
    is_over_rate: Arc<AtomicBool>,
    /// Its writer closes the stream when this is gone.
    _open: Sender<()>,
}

impl StreamLegs {
    pub(super) fn new(executor: Executor) -> Self {
        let (sender, arrivals) = bounded(LEG_ARRIVALS);
        Self { legs: HashMap::new(), by_token: HashMap::new(), arrivals, sender, executor }
    }

    /// Refuses a leg that does not exist, and closes the stream.
    pub(super) fn refuse(&self, shown: ShownLeg) {
        let socket = shown.socket;
        let line = refusal(shown.reference);
        self.executor.spawn_for(&socket.clone(), async move {
            let _ = socket.write_all(&line, CLOSE_GRACE).await;
            socket.finish();
            socket.cut();
        });
    }

    /// Tells a stream that it carries a leg from now on. A stream that showed the same token before is closed.
    pub(super) fn add(&mut self, stream: StreamId, shown: &ShownLeg) {
        let (wake, awake) = bounded(1);
        let (open, is_open) = bounded(1);
        let leg = StreamLeg {
            token: shown.token,
            cutter: LegStream::default(),
            queue: Arc::default(),
            wake,
            is_over_rate: Arc::default(),
            _open: open,
        };
        let socket = &shown.socket;
        let mut ready = Vec::new();
        Envelope::answer(shown.reference.clone(), Event::Call(CallEvent::LegReady)).write(&mut ready, None);
        let writer = LegWriter { socket: socket.clone(), queue: Arc::clone(&leg.queue), awake, is_open };
        self.executor.spawn_for(socket, writer.write_all(ready));
        let reader = LegReader {
            stream,
            socket: socket.clone(),
            arrivals: self.sender.clone(),
            is_over_rate: Arc::clone(&leg.is_over_rate),
        };
        self.executor.spawn_for(socket, reader.read_all());
        self.legs.insert(stream, leg);
        if let Some(before) = self.by_token.insert(shown.token, stream) {
            self.legs.remove(&before);
        }
    }

    /// Takes what a stream has brought.
    pub(super) fn feed(&mut self, stream: StreamId, bytes: &[u8]) {
        if let Some(leg) = self.legs.get_mut(&stream) {
            leg.cutter.feed(bytes);
        }
    }

    /// The next packet that a stream has brought.
    ///
    /// # Errors
    /// It carries something else.
    pub(super) fn packet(&mut self, stream: StreamId) -> Result<Option<Vec<u8>>, NoLegStream> {
        self.legs.get_mut(&stream).map_or(Ok(None), |leg| leg.cutter.packet())
    }

    /// Lets a packet wait for its stream; returns how many older ones had to go.
    pub(super) fn push(&mut self, stream: StreamId, packet: Vec<u8>) -> u64 {
        let Some(leg) = self.legs.get(&stream) else { return 1 };
        let dropped = leg.queue.push(packet);
        // A writer that is awake already needs no more; one that is gone is told of by its reader.
        let _ = leg.wake.try_send(());
        dropped
    }

    /// Has a stream be read more slowly for a moment.
    pub(super) fn slow_down(&self, stream: StreamId) {
        if let Some(leg) = self.legs.get(&stream) {
            leg.is_over_rate.store(true, Ordering::Relaxed);
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

/// The line by which a leg is refused.
fn refusal(reference: Option<String>) -> Vec<u8> {
    let text = Text::line("There is no such call, or it is over.");
    let mut line = Vec::new();
    Envelope::answer(reference, Event::Refused(Code::NoSuchCall, text)).write(&mut line, None);
    line
}

/// Reads a stream until it ends.
struct LegReader {
    stream: StreamId,
    socket: Socket,
    arrivals: Sender<LegBytes>,
    is_over_rate: Arc<AtomicBool>,
}

impl LegReader {
    async fn read_all(self) {
        loop {
            // An error is an end as well.
            let read = self.socket.read(LEG_READ_SIZE, <[u8]>::to_vec).await.unwrap_or_default();
            let is_end = read.is_empty();
            if self.arrivals.send((self.stream, read)).await.is_err() || is_end {
                return;
            }
            if self.is_over_rate.swap(false, Ordering::Relaxed) {
                task::sleep(OVER_RATE_PAUSE).await;
            }
        }
    }
}

/// Writes what waits for a stream until it is closed or dead.
struct LegWriter {
    socket: Socket,
    queue: Arc<LegQueue>,
    awake: Receiver<()>,
    is_open: Receiver<()>,
}

impl LegWriter {
    async fn write_all(self, ready: Vec<u8>) {
        let closed = async {
            let _ = self.is_open.recv().await;
            Ok(())
        };
        // Writing comes first: what waits when the stream is closed is written if it can be written at once.
        let _ = self.write_queue(ready).or(closed).await;
        self.socket.finish();
        self.socket.cut();
    }

    async fn write_queue(&self, mut bytes: Vec<u8>) -> io::Result<()> {
        self.socket.write_all(&bytes, LEG_STALL).await?;
        while self.awake.recv().await.is_ok() {
            bytes.clear();
            while self.queue.gather(&mut bytes, LEG_WRITE_SIZE) {
                self.socket.write_all(&bytes, LEG_STALL).await?;
                bytes.clear();
            }
        }
        Ok(())
    }
}
