//! A TLS stream that carries a leg. Its reader and its writer run on other threads than the relay, because they compute
//! much.
//!
//! Must not know: where packets go.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_std::channel::{Receiver, Sender, bounded};
use async_std::task;
use futures_lite::FutureExt as _;

use super::leg_queue::LegQueue;
use crate::net::socket::Socket;
use crate::net::socket_wait::WakeUp;
use crate::server::limits::{LEG_READ_SIZE, LEG_STALL, LEG_WRITE_SIZE, OVER_RATE_PAUSE};
use crate::server::relay::StreamId;
use crate::server::transport::executor::spawn_elsewhere;

/// What a stream has brought; nothing at its end.
pub(super) type LegBytes = (StreamId, Vec<u8>);

/// Where all TLS streams bring what they read.
#[derive(Clone, Debug)]
pub(super) struct LegInbox {
    pub(super) sender: Sender<LegBytes>,
    /// Wakes the relay.
    pub(super) relay: WakeUp,
}

/// A TLS stream.
#[derive(Debug)]
pub(super) struct TlsStream {
    queue: Arc<LegQueue>,
    /// Wakes the writer.
    writer: Sender<()>,
    /// Whether the reader is to pause.
    is_over_rate: Arc<AtomicBool>,
    /// Its writer closes the stream when this is gone.
    _open: Sender<()>,
}

impl TlsStream {
    /// A stream to which `first` is written before anything else.
    pub(super) fn start(stream: StreamId, socket: Socket, first: Vec<u8>, inbox: LegInbox) -> Self {
        let ((writer, awake), (open, is_open)) = (bounded(1), bounded(1));
        let (queue, is_over_rate) = (Arc::<LegQueue>::default(), Arc::<AtomicBool>::default());
        let writing = LegWriter { socket: socket.clone(), queue: Arc::clone(&queue), awake, is_open };
        spawn_elsewhere(writing.write_all(first));
        let reading = LegReader { stream, socket, inbox, is_over_rate: Arc::clone(&is_over_rate) };
        spawn_elsewhere(reading.read_all());
        Self { queue, writer, is_over_rate, _open: open }
    }

    /// Lets a packet wait; returns how many older ones had to go.
    pub(super) fn push(&self, packet: Vec<u8>) -> (u64, usize) {
        let dropped = self.queue.push(packet);
        // A writer that is awake already needs no more; that one is gone, its reader tells.
        let _ = self.writer.try_send(());
        dropped
    }

    /// Has the stream be read more slowly for a moment.
    pub(super) fn slow_down(&self) {
        self.is_over_rate.store(true, Ordering::Relaxed);
    }
}

/// Reads a stream until it ends.
struct LegReader {
    stream: StreamId,
    socket: Socket,
    inbox: LegInbox,
    is_over_rate: Arc<AtomicBool>,
}

impl LegReader {
    async fn read_all(self) {
        loop {
            // An error is an end as well.
            let read = self.socket.read(LEG_READ_SIZE, <[u8]>::to_vec).await.unwrap_or_default();
            let is_end = read.is_empty();
            let sent = self.inbox.sender.send((self.stream, read)).await;
            self.inbox.relay.wake();
            if sent.is_err() || is_end {
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
    async fn write_all(self, first: Vec<u8>) {
        let closed = async {
            let _ = self.is_open.recv().await;
            Ok(())
        };
        // Writing comes first: what waits when the stream is closed is written if it can be written at once.
        let _ = self.write_queue(first).or(closed).await;
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
