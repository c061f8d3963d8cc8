//! Ties the server together: the broker's task, fed by every connection, and what it sets in motion.
//!
//! Channels form no circle that can wait on itself: connections feed the broker, the broker never waits for anything
//! but its next arrival, and writers wait for sockets alone.
//!
//! Must not know: what is decided (`broker`), or how options are given (`config`).

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use async_signal::{Signal, Signals};
use async_std::channel::{Receiver, Sender, bounded, unbounded};
use async_std::task;
use futures_lite::{FutureExt as _, StreamExt as _};

use super::admission::Origin;
use super::broker::{Broker, Input, Rules};
use super::limits::{BACKLOG, INBOX, ROUND_EVENTS, SHUTDOWN_GRACE};
use super::listener::{Reception, accept_all};
use super::outbox::Outbox;
use super::peer::ConnId;
use super::ratelimit::Rate;
use super::wire::Wires;
use super::{auth, limits};
use crate::net::clock::Clock;
use crate::net::listen::Listener;
use crate::net::socket::Socket;
use crate::protocol::{Code, Dialect, Refusal, Request, lines, packet};

/// What reaches the broker's task.
#[derive(Debug)]
pub enum Arrival {
    /// A connection was made.
    Accepted(ConnId, Origin, Socket),
    /// Its first bytes told its dialect.
    Speaks(ConnId, Dialect),
    /// Whole TR2.26 lines.
    Lines(ConnId, Vec<u8>),
    /// A TR2.23 packet.
    Packet(ConnId, Vec<u8>),
    /// A frame over the flood limit, with its label.
    Flooding(ConnId, Option<String>),
    /// The connection is gone.
    Ended(ConnId, &'static str),
    /// A passphrase was checked.
    Checked(ConnId, bool),
    /// The process is asked to end.
    Signal,
}

/// How a server is to run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to listen; at least one address.
    pub listen: Vec<SocketAddr>,
    /// What the broker goes by.
    pub rules: Rules,
    /// The flood limit; none is no limit.
    pub flood: Option<Rate>,
    /// The argon2id hash of the moderator passphrase.
    pub passphrase_hash: String,
}

/// A server that listens and has not begun to accept.
#[derive(Debug)]
pub struct Bound {
    settings: Settings,
    listeners: Vec<Listener>,
}

/// Why an address cannot be listened at.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// The system's answer, for this address.
    #[error("cannot listen at tcp://{0}: {1}")]
    Address(SocketAddr, #[source] io::Error),
}

impl Bound {
    /// Listens at every address.
    ///
    /// # Errors
    /// The first address that cannot be had.
    pub fn bind(settings: Settings) -> Result<Self, BindError> {
        let bind = |&address: &SocketAddr| {
            Listener::bind(address, BACKLOG).map_err(|error| BindError::Address(address, error))
        };
        let listeners = settings.listen.iter().map(bind).collect::<Result<_, _>>()?;
        Ok(Self { settings, listeners })
    }

    /// Where it listens, with the ports that the system chose.
    pub fn addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.listeners.iter().filter_map(|listener| listener.local_addr().ok())
    }

    /// Serves until a moderator closes the server or the process is asked to end.
    ///
    /// # Errors
    /// If signals cannot be watched.
    pub async fn serve(self) -> io::Result<()> {
        let (inbox, arrivals) = bounded(INBOX);
        let signals = Signals::new([Signal::Int, Signal::Term])?;
        task::spawn(watch_signals(signals, inbox.clone()));
        let clock = Clock::start();
        let reception =
            Reception { inbox: inbox.clone(), flood: self.settings.flood, clock, next: Arc::new(AtomicU64::new(1)) };
        for listener in self.listeners {
            task::spawn(accept_all(listener, reception.clone()));
        }
        drop(reception);
        Desk::new(self.settings, inbox, clock).work(arrivals).await;
        Ok(())
    }
}

/// The first signal closes the server as a moderator would; the second ends the process at once.
async fn watch_signals(mut signals: Signals, inbox: Sender<Arrival>) {
    if signals.next().await.is_some() {
        let _ = inbox.send(Arrival::Signal).await;
    }
    if signals.next().await.is_some() {
        log::warn!("event=ended_at_once");
        std::process::exit(1);
    }
}

/// Checks one passphrase after the other, beside the broker: each costs memory and time.
async fn check_passphrases(waiting: Receiver<(ConnId, String)>, hash: Arc<str>, inbox: Sender<Arrival>) {
    while let Ok((conn, passphrase)) = waiting.recv().await {
        let hash = Arc::clone(&hash);
        let right = task::spawn_blocking(move || auth::verify(&passphrase, &hash)).await;
        if inbox.send(Arrival::Checked(conn, right)).await.is_err() {
            return;
        }
    }
}

/// The broker with what carries out its decisions.
struct Desk {
    broker: Broker,
    outbox: Outbox,
    wires: Wires,
    checks: Sender<(ConnId, String)>,
    clock: Clock,
    written: Receiver<()>,
}

impl Desk {
    fn new(settings: Settings, inbox: Sender<Arrival>, clock: Clock) -> Self {
        let (alive, written) = unbounded();
        let (checks, waiting) = bounded(limits::MAX_CHECKS);
        let hash: Arc<str> = settings.passphrase_hash.into();
        for _ in 0..limits::CHECKERS {
            task::spawn(check_passphrases(waiting.clone(), Arc::clone(&hash), inbox.clone()));
        }
        Self {
            broker: Broker::new(settings.rules),
            outbox: Outbox::default(),
            wires: Wires::new(alive),
            checks,
            clock,
            written,
        }
    }

    /// Rounds, until the server is closed.
    async fn work(mut self, arrivals: Receiver<Arrival>) {
        const TICK: Duration = Duration::from_secs(1);
        let mut ticks = async_io::Timer::interval(TICK);
        while !self.broker.is_closed() {
            let arrival = if self.broker.is_idle() {
                let arrival = arrivals.recv().await.ok();
                // The ticks that went by while nobody was there are not made up for.
                ticks = async_io::Timer::interval(TICK);
                arrival
            } else {
                let tick = async {
                    ticks.next().await;
                    None
                };
                // The tick first: however much arrives, time is watched.
                tick.or(async { arrivals.recv().await.ok() }).await
            };
            match arrival {
                Some(arrival) => self.take(arrival),
                None => self.handle(Input::Tick),
            }
            self.fill_round(&arrivals);
            self.end_round();
        }
        self.say_goodbye(arrivals).await;
    }

    /// Takes what has arrived meanwhile, so that it is written together.
    fn fill_round(&mut self, arrivals: &Receiver<Arrival>) {
        for _ in 1..ROUND_EVENTS {
            if self.outbox.is_full() || self.broker.is_closed() {
                return;
            }
            let Ok(arrival) = arrivals.try_recv() else { return };
            self.take(arrival);
        }
    }

    /// Writes the round, and logs and checks what it asks for.
    fn end_round(&mut self) {
        let mut slow = self.wires.flush(&mut self.outbox);
        // That a slow consumer left is told to the others, of whom one may turn out to be slow in turn.
        while !slow.is_empty() {
            for conn in slow {
                self.handle(Input::Disconnected(conn, "slow consumer"));
            }
            slow = self.wires.flush(&mut self.outbox);
        }
        for note in self.outbox.notes.drain(..) {
            log::log!(note.level(), "{note}");
        }
        for check in self.outbox.checks.drain(..) {
            // The broker lets no more wait than there is room for.
            let _ = self.checks.try_send(check);
        }
    }

    fn handle(&mut self, input: Input) {
        self.broker.handle(self.clock.now(), input, &mut self.outbox);
    }

    fn take(&mut self, arrival: Arrival) {
        match arrival {
            Arrival::Accepted(conn, origin, socket) => {
                self.wires.open(conn, socket);
                self.handle(Input::Connected(conn, origin));
            }
            Arrival::Speaks(conn, dialect) => self.handle(Input::Speaks(conn, dialect)),
            Arrival::Lines(conn, whole) => {
                for line in lines::each(&whole) {
                    self.handle(Input::Received(conn, Request::parse(line)));
                }
            }
            Arrival::Packet(conn, packet) => self.handle(Input::Received(conn, packet::read_request(&packet))),
            Arrival::Flooding(conn, reference) => {
                let limit = limits::FLOOD_PATIENCE.as_secs();
                let text =
                    format!("You have sent too much for over {limit} s, so this was not taken; send more slowly.");
                let refusal = Refusal::new(reference, Code::RateLimited, text);
                self.handle(Input::Received(conn, Err(refusal)));
            }
            Arrival::Ended(conn, why) => {
                self.wires.drop_wire(conn);
                self.handle(Input::Disconnected(conn, why));
            }
            Arrival::Checked(conn, right) => self.handle(Input::Checked(conn, right)),
            Arrival::Signal => self.handle(Input::Shutdown),
        }
    }

    /// Lets everyone hear the last words, for a bounded time.
    async fn say_goodbye(mut self, arrivals: Receiver<Arrival>) {
        let ends = async {
            while !self.wires.is_empty() {
                match arrivals.recv().await {
                    Ok(Arrival::Ended(conn, _)) => self.wires.drop_wire(conn),
                    Ok(_) => {}
                    Err(_) => break,
                }
            }
            // Writers hold the other side: when the last is done, nothing comes and the channel is closed.
            drop(self.wires);
            let _ = self.written.recv().await;
        };
        if async_std::future::timeout(SHUTDOWN_GRACE, ends).await.is_err() {
            log::info!("event=closed_early reason=\"some peers did not end their connection\"");
        }
    }
}
