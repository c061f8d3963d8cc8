//! Writes rounds to the sockets without waiting; bytes that a socket does not take wait for that socket alone.
//!
//! Must not know: what the bytes say, or which user a connection belongs to.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use async_std::task;

use super::backlog::{Backlog, BacklogFull, Piece, WriterContext};
use super::coalesce::Coalescer;
use super::executor::Executor;
use crate::model::Text;
use crate::net::socket::{MAX_PIECES, Socket, WeakSocket};
use crate::protocol::packet;
use crate::protocol::{Code, Envelope, Event};
use crate::server::broker::outbox::Outbox;
use crate::server::broker::outbox::delivery_plan::{DeliveryPlan, Stretch};
use crate::server::ids::{ByConn, ConnId};
use crate::server::limits::{
    ACCEPTED_PATIENCE, CLOSE_GRACE, MAX_LINGERING, MAX_QUEUED_IN_ALL, MAX_TOLD_OVER_TLS, PIECE_COST, SLOW_GRACE,
};

/// The open sockets.
#[derive(Debug)]
pub struct Senders {
    senders: ByConn<SocketSender>,
    coalescer: Coalescer,
    context: WriterContext,
    /// The sockets that were closed last, which their peers may still hold open for a while.
    closing: VecDeque<WeakSocket>,
    /// Bytes that wait for one socket alone, of all sockets together.
    waiting_in_all: Arc<AtomicUsize>,
    /// What rounds said to many, as long as it waits for a socket, with its length; some of it may be gone already.
    shared: Vec<(Weak<Vec<u8>>, usize)>,
    /// The length of all of `shared`.
    shared_bytes: usize,
    /// Bytes that may wait for all sockets together.
    most_in_all: usize,
}

#[derive(Debug)]
struct SocketSender {
    socket: Socket,
    backlog: Backlog,
    /// Whether nothing more is written to it.
    is_closing: bool,
}

impl Senders {
    /// No sockets yet; the context is given to every writer task.
    #[must_use]
    pub fn new(context: WriterContext) -> Self {
        Self {
            senders: ByConn::default(),
            coalescer: Coalescer::default(),
            context,
            closing: VecDeque::new(),
            waiting_in_all: Arc::default(),
            shared: Vec::new(),
            shared_bytes: 0,
            most_in_all: MAX_QUEUED_IN_ALL,
        }
    }

    /// Changes how many bytes may wait for all sockets together.
    pub fn set_limit_in_all(&mut self, most: usize) {
        self.most_in_all = most;
    }

    /// Changes how many bytes may wait for one socket.
    pub fn set_limit(&mut self, most: usize) {
        self.context.limit = most;
    }

    /// Adds a socket.
    pub fn open(&mut self, conn: ConnId, socket: Socket) {
        self.senders
            .insert(conn, SocketSender { socket, backlog: Backlog::counted(&self.waiting_in_all), is_closing: false });
    }

    /// Removes a socket.
    pub fn forget(&mut self, conn: ConnId) {
        self.senders.remove(&conn);
    }

    /// Removes a socket that is for others to write to from now on; `false`, and it stays, if it is closing or something
    /// waits for it. What TLS still has to pass on to the kernel comes before anything that is written later.
    pub fn release(&mut self, conn: ConnId) -> bool {
        let free = |sender: &SocketSender| !sender.is_closing && sender.backlog.waiting() <= PIECE_COST;
        let release = self.senders.get(&conn).is_some_and(free);
        if release {
            self.senders.remove(&conn);
        }
        release
    }

    /// Whether no socket is open.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.senders.is_empty()
    }

    /// Bytes that wait for all of them.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.senders.values().map(|sender| sender.backlog.waiting()).sum()
    }

    /// When [`Senders::flush`] is to be called, even if there is no round to write.
    #[must_use]
    pub fn due(&self) -> Option<Duration> {
        self.coalescer.due()
    }

    /// Writes a round at the time `now`. Returns the connections that read too slowly; they are told so and ended.
    pub fn flush(&mut self, outbox: &mut Outbox, now: Duration) -> Vec<ConnId> {
        let mut slow = Vec::new();
        if !outbox.is_empty() {
            self.write_round(outbox, now, &mut slow);
        }
        while let Some((conn, delayed)) = self.coalescer.take_due(now) {
            let Some(sender) = self.senders.get_mut(&conn) else { continue };
            if sender.write(&[Stretch::Own(&delayed)], &self.context).is_err() {
                slow.push((conn, false));
            }
        }
        for &(conn, original) in &slow {
            if let Some(mut sender) = self.senders.remove(&conn) {
                sender.give_up(original, &self.context);
            }
        }
        let mut slow: Vec<ConnId> = slow.into_iter().map(|(conn, _)| conn).collect();
        self.relieve(&mut slow);
        slow
    }

    /// While more waits for all sockets together than may, cuts the one for which most waits. What waited for it is
    /// forgotten at once, so it cannot be told why.
    fn relieve(&mut self, slow: &mut Vec<ConnId>) {
        while self.waiting_in_all.load(Ordering::Relaxed) + self.shared_bytes > self.most_in_all {
            self.count_shared();
            if self.waiting_in_all.load(Ordering::Relaxed) + self.shared_bytes <= self.most_in_all {
                return;
            }
            let waiting = self.senders.iter().map(|(&conn, sender)| (sender.backlog.waiting(), conn));
            let Some((1.., conn)) = waiting.max() else { return };
            if let Some(mut sender) = self.senders.remove(&conn) {
                sender.backlog.clear();
                sender.socket.cut();
            }
            slow.push(conn);
        }
    }

    /// Remembers the bytes of a round for as long as they wait for a socket.
    fn remember_shared(&mut self, shared: &Arc<Vec<u8>>) {
        if Arc::strong_count(shared) > 1 {
            self.shared.push((Arc::downgrade(shared), shared.len()));
            self.shared_bytes += shared.len();
            // Most of it is soon gone: looking now and then keeps the list short.
            if self.shared.len().is_power_of_two() {
                self.count_shared();
            }
        }
    }

    /// Counts anew what waits of the bytes that rounds said to many.
    fn count_shared(&mut self) {
        self.shared.retain(|(shared, _)| shared.strong_count() > 0);
        self.shared_bytes = self.shared.iter().map(|(_, length)| length).sum();
    }

    fn write_round(&mut self, outbox: &mut Outbox, now: Duration, slow: &mut Vec<(ConnId, bool)>) {
        let shared = outbox.take_shared();
        let coalesces = shared.is_empty() && outbox.only_accepts_many();
        for (conn, plan) in outbox.deliveries(&shared) {
            let Some(sender) = self.senders.get_mut(&conn) else { continue };
            if coalesces && !plan.is_prompt() && !plan.is_over(self.context.limit) {
                let mut accepted = Vec::new();
                outbox.stretches(plan, &shared, |stretch| accepted.extend_from_slice(stretch.bytes()));
                self.coalescer.defer(conn, accepted, now + ACCEPTED_PATIENCE);
                continue;
            }
            let delayed = self.coalescer.take(conn).unwrap_or_default();
            if plan.is_over(self.context.limit)
                || sender.deliver(outbox, plan, delayed, &shared, &self.context).is_err()
            {
                slow.push((conn, plan.is_original()));
            } else if plan.is_closing() {
                // A few are told even if their handshake is still to be done, which costs more than to turn them away.
                let few = sender.socket.is_secure()
                    && self.closing.iter().filter(|socket| socket.is_open()).count() < MAX_TOLD_OVER_TLS;
                sender.close(few, &self.context);
                self.closing.push_back(sender.socket.downgrade());
                if self.closing.len() > MAX_LINGERING
                    && let Some(oldest) = self.closing.pop_front()
                {
                    oldest.cut();
                }
            }
        }
        [&shared].into_iter().chain(outbox.room_bytes()).for_each(|shared| self.remember_shared(shared));
        outbox.end_round(shared);
    }
}

impl SocketSender {
    /// Writes what was delayed, and what the round has for this socket.
    fn deliver(
        &mut self,
        outbox: &Outbox,
        plan: &DeliveryPlan,
        mut delayed: Vec<u8>,
        shared: &Arc<Vec<u8>>,
        context: &WriterContext,
    ) -> Result<(), BacklogFull> {
        let mut first = None;
        let mut more = Vec::new();
        outbox.stretches(plan, shared, |stretch| match (&first, &stretch) {
            (None, Stretch::Own(own)) if !delayed.is_empty() => delayed.extend_from_slice(own),
            (None, _) => first = Some(stretch),
            (Some(_), _) => more.push(stretch),
        });
        if !delayed.is_empty() {
            more.splice(..0, first.replace(Stretch::Own(&delayed)));
        }
        match first {
            None => {}
            Some(only) if more.is_empty() => self.write(&[only], context)?,
            Some(first) => {
                more.insert(0, first);
                more.chunks(MAX_PIECES).try_for_each(|stretches| self.write(stretches, context))?;
            }
        }
        for packet in plan.packets() {
            self.backlog.push(&self.socket, Piece::Packet(Arc::clone(packet)), context)?;
        }
        Ok(())
    }

    /// Writes what the kernel takes, and lets the rest wait.
    fn write(&mut self, stretches: &[Stretch<'_>], context: &WriterContext) -> Result<(), BacklogFull> {
        let written = if self.backlog.is_empty() { try_write(&self.socket, stretches) } else { Ok(0) };
        let mut written = match written {
            Ok(written) => written,
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => 0,
            // The reader notices the end and reports it.
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
                    Stretch::Shared(shared, range) => Piece::Shared(Arc::clone(shared), range.start + taken..range.end),
                    Stretch::Own(own) => Piece::Own(own.get(taken..).unwrap_or_default().to_vec()),
                };
                self.backlog.push(&self.socket, rest, context)?;
            }
        }
        if self.backlog.is_empty() && self.socket.has_unflushed() {
            // TLS has taken everything, but the kernel has not: a writer has to pass it on.
            self.backlog.push(&self.socket, Piece::Own(Vec::new()), context)?;
        }
        Ok(())
    }

    /// Closes the writing side after what waits, and the connection soon after, whether the peer closes its side or
    /// not.
    fn close(&mut self, after_handshake: bool, context: &WriterContext) {
        self.is_closing = true;
        if self.backlog.is_empty() {
            if !(after_handshake && self.socket.finish_after_handshake()) {
                self.socket.finish();
            }
        } else {
            self.backlog.push_anyway(&self.socket, Piece::End, context);
        }
        cut_after(&self.socket, CLOSE_GRACE, context.executor);
    }

    /// Tells a slow consumer why it is cut, if it reads again soon.
    fn give_up(&mut self, original: bool, context: &WriterContext) {
        let text = Text::line("Your connection was too slow and too much was waiting for it; connect again.");
        let event = Event::Refused(Code::SlowConsumer, text);
        let last_word = if original {
            packet::write_event(&event, None).concat()
        } else {
            let mut line = Vec::new();
            Envelope::from(event).write(&mut line, None);
            line
        };
        self.backlog.push_anyway(&self.socket, Piece::Own(last_word), context);
        self.backlog.push_anyway(&self.socket, Piece::End, context);
        cut_after(&self.socket, SLOW_GRACE, context.executor);
    }
}

/// Cuts a connection after a while. It is closed before if its peer closes it.
fn cut_after(socket: &Socket, grace: Duration, executor: Executor) {
    let socket = socket.downgrade();
    executor.spawn(async move {
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
