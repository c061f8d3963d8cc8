//! The sockets: a round is written to each without waiting, and what one does not take waits for it alone.
//!
//! Must not know: what the bytes say, or who is whom.

use std::io::{self, IoSlice};
use std::sync::Arc;
use std::time::Duration;

use async_std::task;

use super::backlog::{Alive, Backlog, Full, Piece};
use super::coalesce::Held;
use super::executor::Crew;
use crate::model::Text;
use crate::net::socket::{MAX_PIECES, Socket};
use crate::protocol::packet;
use crate::protocol::{Code, Envelope, Event};
use crate::server::broker::outbox::Outbox;
use crate::server::broker::outbox::lane::{Lane, Stretch};
use crate::server::ids::{ByConn, ConnId};
use crate::server::limits::{ACCEPTED_PATIENCE, CLOSE_GRACE, SLOW_GRACE};

/// The open sockets.
#[derive(Debug)]
pub struct Wires {
    wires: ByConn<Wire>,
    held: Held,
    alive: Alive,
}

#[derive(Debug)]
struct Wire {
    socket: Socket,
    backlog: Backlog,
}

impl Wires {
    /// No socket yet; `alive` is given to every writer.
    #[must_use]
    pub fn new(alive: Alive) -> Self {
        Self { wires: ByConn::default(), held: Held::default(), alive }
    }

    /// From now on so many bytes may wait for one socket.
    pub fn bound(&mut self, most: usize) {
        self.alive.most = most;
    }

    /// Takes a socket in.
    pub fn open(&mut self, conn: ConnId, socket: Socket) {
        self.wires.insert(conn, Wire { socket, backlog: Backlog::default() });
    }

    /// Forgets a socket.
    pub fn drop_wire(&mut self, conn: ConnId) {
        self.wires.remove(&conn);
    }

    /// Whether no socket is open.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.wires.is_empty()
    }

    /// Bytes that wait for all of them.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.wires.values().map(|wire| wire.backlog.waiting()).sum()
    }

    /// By when [`Wires::flush`] is to be called, even if there is no round to write.
    #[must_use]
    pub fn due(&self) -> Option<Duration> {
        self.held.due()
    }

    /// Writes a round, at the time `now`. Returns the connections that take too little of what they are sent; they are told so
    /// and ended.
    pub fn flush(&mut self, outbox: &mut Outbox, now: Duration) -> Vec<ConnId> {
        let mut slow = Vec::new();
        if !outbox.is_empty() {
            self.write_round(outbox, now, &mut slow);
        }
        let shared = Arc::default();
        while let Some((conn, held)) = self.held.take_due(now) {
            let Some(wire) = self.wires.get_mut(&conn) else { continue };
            if wire.write(&[Stretch::Own(&held)], &shared, &self.alive).is_err() {
                slow.push((conn, false));
            }
        }
        for &(conn, original) in &slow {
            if let Some(mut wire) = self.wires.remove(&conn) {
                wire.give_up(original, &self.alive);
            }
        }
        slow.into_iter().map(|(conn, _)| conn).collect()
    }

    fn write_round(&mut self, outbox: &mut Outbox, now: Duration, slow: &mut Vec<(ConnId, bool)>) {
        let holds = outbox.only_accepts_many();
        let shared = outbox.take_shared();
        for (conn, lane) in outbox.deliveries(&shared) {
            let Some(wire) = self.wires.get_mut(&conn) else { continue };
            if holds && !lane.is_prompt() && !lane.is_over(self.alive.most) {
                let mut accepted = Vec::new();
                outbox.stretches(lane, &shared, |stretch| accepted.extend_from_slice(stretch.bytes()));
                self.held.hold(conn, accepted, now + ACCEPTED_PATIENCE);
                continue;
            }
            let held = self.held.take(conn).unwrap_or_default();
            if lane.is_over(self.alive.most) || wire.deliver(outbox, lane, held, &shared, &self.alive).is_err() {
                slow.push((conn, lane.is_original()));
            } else if lane.is_closing() {
                wire.close(&self.alive);
            }
        }
        outbox.end_round(shared);
    }
}

impl Wire {
    /// Writes what was held back, and what a round has for it.
    fn deliver(
        &mut self,
        outbox: &Outbox,
        lane: &Lane,
        mut held: Vec<u8>,
        shared: &Arc<Vec<u8>>,
        alive: &Alive,
    ) -> Result<(), Full> {
        let mut first = None;
        let mut more = Vec::new();
        outbox.stretches(lane, shared, |stretch| match (&first, &stretch) {
            (None, Stretch::Own(own)) if !held.is_empty() => held.extend_from_slice(own),
            (None, _) => first = Some(stretch),
            (Some(_), _) => more.push(stretch),
        });
        if !held.is_empty() {
            more.splice(..0, first.replace(Stretch::Own(&held)));
        }
        match first {
            None => {}
            Some(only) if more.is_empty() => self.write(&[only], shared, alive)?,
            Some(first) => {
                more.insert(0, first);
                more.chunks(MAX_PIECES).try_for_each(|stretches| self.write(stretches, shared, alive))?;
            }
        }
        for packet in lane.packets() {
            self.backlog.push(&self.socket, Piece::Packet(Arc::clone(packet)), alive)?;
        }
        Ok(())
    }

    /// Writes what the kernel takes and lets the rest wait.
    fn write(&mut self, stretches: &[Stretch<'_>], shared: &Arc<Vec<u8>>, alive: &Alive) -> Result<(), Full> {
        let written = if self.backlog.is_empty() { try_write(&self.socket, stretches) } else { Ok(0) };
        let mut written = match written {
            Ok(written) => written,
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => 0,
            // The reader finds the end and reports it.
            Err(_) => {
                self.socket.cut();
                return Ok(());
            }
        };
        for stretch in stretches {
            let taken = written.min(stretch.bytes().len());
            written -= taken;
            if taken < stretch.bytes().len() {
                let rest = match stretch {
                    Stretch::Shared(_, range) => Piece::Shared(Arc::clone(shared), range.start + taken..range.end),
                    Stretch::Own(own) => Piece::Own(own.get(taken..).unwrap_or_default().to_vec()),
                };
                self.backlog.push(&self.socket, rest, alive)?;
            }
        }
        if self.backlog.is_empty() && self.socket.owes() {
            // All was taken, but not by the kernel yet: somebody has to see to it.
            self.backlog.push(&self.socket, Piece::Own(Vec::new()), alive)?;
        }
        Ok(())
    }

    /// Ends the writing side after what waits, and the connection soon after, whether the peer ends its side or not.
    fn close(&mut self, alive: &Alive) {
        if self.backlog.is_empty() {
            self.socket.finish();
        } else {
            self.backlog.push_anyway(&self.socket, Piece::End, alive);
        }
        cut_after(self.socket.clone(), CLOSE_GRACE, alive.crew);
    }

    /// Tells a slow consumer why it is cut, if it reads on soon.
    fn give_up(&mut self, original: bool, alive: &Alive) {
        let text = Text::line("You read too slowly, and too much was waiting for you; connect again.");
        let event = Event::Refused(Code::SlowConsumer, text);
        let last_word = if original {
            packet::write_event(&event, None).concat()
        } else {
            let mut line = Vec::new();
            Envelope::from(event).write(&mut line, None);
            line
        };
        self.backlog.push_anyway(&self.socket, Piece::Own(last_word), alive);
        self.backlog.push_anyway(&self.socket, Piece::End, alive);
        cut_after(self.socket.clone(), SLOW_GRACE, alive.crew);
    }
}

fn cut_after(socket: Socket, grace: Duration, crew: Crew) {
    crew.here(async move {
        task::sleep(grace).await;
        socket.cut();
    });
}

fn try_write(socket: &Socket, stretches: &[Stretch<'_>]) -> io::Result<usize> {
    if let [only] = stretches {
        return socket.try_write(only.bytes());
    }
    let pieces: Vec<IoSlice<'_>> = stretches.iter().map(|stretch| IoSlice::new(stretch.bytes())).collect();
    socket.try_write_pieces(&pieces)
}
