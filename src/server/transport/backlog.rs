//! The task that writes what a socket did not take at once, for as long as the socket lags; for a TR2.23 peer it also
//! keeps packets apart in time. More bytes than the limit may not wait: then the connection is cut as a slow consumer.
//!
//! It ends with the last byte that waits: adding bytes to an empty `Backlog` starts a new one.
//!
//! Must not know: what the bytes say.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_std::channel::{Receiver, Sender, unbounded};
use async_std::task;

use super::executor::Executor;
use crate::net::socket::Socket;
use crate::protocol::limits::PACKET_GAP;
use crate::server::limits::{PIECE_COST, WRITE_STALL};

/// Bytes that wait for a socket; those that other sockets get too are shared.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    /// A range of what a round said to everyone.
    Shared(Arc<Vec<u8>>, Range<usize>),
    /// A TR2.23 packet.
    Packet(Arc<[u8]>),
    /// Bytes for this socket alone.
    Own(Vec<u8>),
    /// The end: the writing side of the socket is closed here.
    End,
}

impl Piece {
    /// Its bytes.
    #[must_use]
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Shared(shared, range) => shared.get(range.clone()).unwrap_or_default(),
            Self::Packet(packet) => packet,
            Self::Own(own) => own,
            Self::End => &[],
        }
    }

    /// What the piece holds in memory for its socket alone.
    fn own_cost(&self) -> usize {
        match self {
            Self::Shared(..) => PIECE_COST,
            Self::Packet(_) | Self::Own(_) | Self::End => self.cost(),
        }
    }

    /// What the piece counts for in a backlog; never zero.
    fn cost(&self) -> usize {
        self.bytes().len() + PIECE_COST
    }
}

/// Counts what waits for one socket; the writer task takes the bytes from a queue.
#[derive(Debug, Default)]
pub(super) struct Backlog {
    waiting: Arc<AtomicUsize>,
    writer: Option<(Sender<WaitingPiece>, Receiver<WaitingPiece>)>,
    /// What waits for all sockets together; see [`WaitingPiece`].
    in_all: Arc<AtomicUsize>,
}

/// A piece in the queue of a writer task. It counts for all sockets together as long as it exists, wherever it ends;
/// bytes that are shared count elsewhere, because they are in memory once.
#[derive(Debug)]
struct WaitingPiece {
    piece: Piece,
    in_all: Arc<AtomicUsize>,
}

impl WaitingPiece {
    fn new(piece: Piece, in_all: &Arc<AtomicUsize>) -> Self {
        in_all.fetch_add(piece.own_cost(), Ordering::Relaxed);
        Self { piece, in_all: Arc::clone(in_all) }
    }
}

impl Drop for WaitingPiece {
    fn drop(&mut self) {
        self.in_all.fetch_sub(self.piece.own_cost(), Ordering::Relaxed);
    }
}

/// More would wait in a [`Backlog`] than its limit allows.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BacklogFull;

/// What every writer task is given.
#[derive(Clone, Debug)]
pub struct WriterContext {
    /// Once all clones of this are dropped, everything was written.
    pub alive: Sender<()>,
    /// Bytes that may wait for one socket.
    pub limit: usize,
    /// Runs the writer tasks.
    pub executor: Executor,
}

impl Backlog {
    /// Nothing waits; what will wait counts for all sockets together, too.
    #[must_use]
    pub(super) fn counted(in_all: &Arc<AtomicUsize>) -> Self {
        Self { in_all: Arc::clone(in_all), ..Self::default() }
    }

    /// Forgets what waits, at once, except for what is being written.
    pub(super) fn clear(&mut self) {
        if let Some((sender, pieces)) = self.writer.take() {
            sender.close();
            while pieces.try_recv().is_ok() {}
        }
    }

    /// Whether nothing waits, so that the socket may be written directly.
    #[must_use]
    pub(super) fn is_empty(&self) -> bool {
        // Most sockets never lag: then the shared counter need not be read.
        self.writer.is_none() || self.waiting() == 0
    }

    /// What waits, in bytes, with the cost of each piece.
    #[must_use]
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Acquire)
    }

    /// Adds a piece.
    ///
    /// # Errors
    /// [`BacklogFull`] if more would wait than may.
    pub(super) fn push(&mut self, socket: &Socket, piece: Piece, context: &WriterContext) -> Result<(), BacklogFull> {
        if self.waiting() + piece.cost() > context.limit {
            return Err(BacklogFull);
        }
        self.push_anyway(socket, piece, context);
        Ok(())
    }

    /// Adds a last word, even over the limit.
    pub(super) fn push_anyway(&mut self, socket: &Socket, piece: Piece, context: &WriterContext) {
        // Only the broker's task adds; a writer ends when what it takes away leaves nothing.
        if self.waiting.fetch_add(piece.cost(), Ordering::AcqRel) == 0 {
            let (sender, pieces) = unbounded();
            self.writer = Some((sender, pieces.clone()));
            let writer = write(socket.clone(), pieces, Arc::clone(&self.waiting), context.alive.clone());
            context.executor.spawn_for(socket, writer);
        }
        if let Some((writer, _)) = &self.writer {
            // A writer that is gone has cut the connection.
            let _ = writer.try_send(WaitingPiece::new(piece, &self.in_all));
        }
    }
}

async fn write(socket: Socket, pieces: Receiver<WaitingPiece>, waiting: Arc<AtomicUsize>, _alive: Sender<()>) {
    while let Ok(queued) = pieces.recv().await {
        let piece = &queued.piece;
        if matches!(piece, Piece::End) {
            return socket.finish();
        }
        if socket.write_all(piece.bytes(), WRITE_STALL).await.is_err() {
            pieces.close();
            while pieces.try_recv().is_ok() {}
            return socket.cut();
        }
        if matches!(piece, Piece::Packet(_)) {
            task::sleep(PACKET_GAP).await;
        }
        if waiting.fetch_sub(piece.cost(), Ordering::AcqRel) == piece.cost() {
            return;
        }
    }
}
