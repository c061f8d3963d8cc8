//! The task that writes what a socket did not take at once, for as long as it lags; and, for a TR2.23 peer, that
//! keeps packets apart.
//!
//! It ends with the last byte that waits: whoever adds bytes to a [`Backlog`] that was empty starts a new one.
//!
//! Must not know: what the bytes say.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_std::channel::{Receiver, Sender, unbounded};
use async_std::task;

use super::executor::Crew;
use crate::net::socket::Socket;
use crate::protocol::limits::PACKET_GAP;
use crate::server::limits::{PIECE_COST, WRITE_STALL};

/// Bytes that wait for a socket: a reference to those that others get too.
#[derive(Clone, Debug)]
pub enum Piece {
    /// A part of what a round said to everyone.
    Shared(Arc<Vec<u8>>, Range<usize>),
    /// A packet.
    Packet(Arc<[u8]>),
    /// Bytes for this socket alone.
    Own(Vec<u8>),
    /// Nothing more comes: the writing side ends here.
    End,
}

impl Piece {
    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Shared(shared, range) => shared.get(range.clone()).unwrap_or_default(),
            Self::Packet(packet) => packet,
            Self::Own(own) => own,
            Self::End => &[],
        }
    }

    /// What it counts for in a backlog; never nothing.
    fn cost(&self) -> usize {
        self.bytes().len() + PIECE_COST
    }
}

/// What waits for one socket, counted; its bytes are with the writer.
#[derive(Debug, Default)]
pub struct Backlog {
    waiting: Arc<AtomicUsize>,
    writer: Option<Sender<Piece>>,
}

/// Over the bound of a [`Backlog`].
#[derive(Debug, PartialEq, Eq)]
pub struct Full;

/// What every writer is given.
#[derive(Clone, Debug)]
pub struct Alive {
    /// When all of these are dropped, everything was written.
    pub held: Sender<()>,
    /// Bytes that may wait for one socket.
    pub most: usize,
    /// Where writers run.
    pub crew: Crew,
}

impl Backlog {
    /// Whether nothing waits, so that the socket may be written directly.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        // Most sockets never lag: what stands elsewhere need not be looked at.
        self.writer.is_none() || self.waiting() == 0
    }

    /// What waits, counted.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Acquire)
    }

    /// Lets a piece wait.
    ///
    /// # Errors
    /// [`Full`] if more would wait than may.
    pub fn push(&mut self, socket: &Socket, piece: Piece, alive: &Alive) -> Result<(), Full> {
        if self.waiting() + piece.cost() > alive.most {
            return Err(Full);
        }
        self.push_anyway(socket, piece, alive);
        Ok(())
    }

    /// Lets a last word wait, even over the bound.
    pub fn push_anyway(&mut self, socket: &Socket, piece: Piece, alive: &Alive) {
        // Only the broker's task adds; a writer ends when what it takes away leaves nothing.
        if self.waiting.fetch_add(piece.cost(), Ordering::AcqRel) == 0 {
            let (sender, pieces) = unbounded();
            self.writer = Some(sender);
            let writer = write(socket.clone(), pieces, Arc::clone(&self.waiting), alive.held.clone());
            alive.crew.serving(socket, writer);
        }
        if let Some(writer) = &self.writer {
            // A writer that is gone has cut the connection.
            let _ = writer.try_send(piece);
        }
    }
}

async fn write(socket: Socket, pieces: Receiver<Piece>, waiting: Arc<AtomicUsize>, _alive: Sender<()>) {
    while let Ok(piece) = pieces.recv().await {
        if matches!(piece, Piece::End) {
            return socket.finish();
        }
        if socket.write_all(piece.bytes(), WRITE_STALL).await.is_err() {
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
