//! Ties the server together: the broker's task, fed by every connection, and what it sets in motion.
//!
//! Channels form no circle that can wait on itself: connections feed the broker, the broker never waits for anything
//! but what arrives next, the store's reports wait in a channel without an end (as many as the broker asked for), and
//! writers wait for sockets alone.
//!
//! Must not know: what is decided (`broker`), or how options are given (`config`).

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use async_signal::{Signal, Signals};
use async_std::channel::{Receiver, Sender, bounded, unbounded};
use async_std::task;
use futures_lite::{FutureExt as _, StreamExt as _};

use super::beside::{Check, Lookup};
use super::broker::{Broker, Input};
use super::entry::Login;
use super::limits::{BACKLOG, INBOX, ROUND_EVENTS, SHUTDOWN_GRACE, STORE_GRACE, STORE_PATIENCE};
use super::listener::{Reception, accept_all};
use super::outbox::Outbox;
use super::peer::ConnId;
use super::ratelimit::Rate;
use super::rules::{Beginning, Rules};
use super::store::{Opening, Report, Store, StoreError};
use super::wire::Wires;
use super::{beside, fault, limits, store};
use crate::model::escape::Logged;
use crate::model::{Fingerprint, Origin, Timestamp};
use crate::net::clock::Clock;
use crate::net::listen::{Listener, Place};
use crate::net::socket::Socket;
use crate::net::tls_config::Acceptor;
use crate::net::unix::{Access, SocketError, SocketFile};
use crate::protocol::{Code, Dialect, Refusal, Request, lines, packet};

/// What reaches the broker's task.
#[derive(Debug)]
pub enum Arrival {
    /// A connection was made.
    Accepted(ConnId, Origin, Socket),
    /// It has proved to have this key.
    Proved(ConnId, Fingerprint),
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
    /// A login was looked up.
    LookedUp(ConnId, Login),
    /// The process is asked to end.
    Signal,
}

/// How a server is to run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The folder of its data, which is ours alone.
    pub data: PathBuf,
    /// How messages are kept.
    pub store: store::Options,
    /// Where to listen.
    pub listen: Vec<Place>,
    /// A socket file to listen at as well, if that can be.
    pub spare: Option<String>,
    /// Who may reach a socket file.
    pub access: Access,
    /// What is shown to those who come over TLS, if anybody may.
    pub acceptor: Option<Acceptor>,
    /// Random bytes, known to nobody else.
    pub secret: [u8; 32],
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
    /// They go when the server ends.
    files: Vec<SocketFile>,
    store: Store,
    opening: Opening,
    reports: Receiver<Report>,
}

/// Why a server cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The system's answer, for this address.
    #[error("cannot listen at {0}: {1}")]
    Address(Place, #[source] io::Error),
    /// What stands in the way of a socket file.
    #[error("cannot listen at unix:{0}: {1}")]
    Socket(String, #[source] SocketError),
    /// Messages cannot be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Bound {
    /// Listens at every address and opens the store.
    ///
    /// # Errors
    /// The first address that cannot be had, or why there is no store.
    pub fn bind(settings: Settings) -> Result<Self, StartError> {
        let (mut listeners, mut files) = (Vec::new(), Vec::new());
        for place in &settings.listen {
            let (listener, file) = listen(place, &settings)?;
            listeners.push(listener);
            files.extend(file);
        }
        if let Some(path) = &settings.spare {
            match Listener::unix(path, settings.access, BACKLOG) {
                Ok((listener, file)) => {
                    listeners.push(listener);
                    files.push(file);
                }
                Err(error) => log::warn!("event=no_socket_file path={path} reason={}", Logged(&error.to_string())),
            }
        }
        let (sender, reports) = unbounded();
        let report = move |report| {
            // Nobody listens any more once the server ends.
            let _ = sender.try_send(report);
        };
        let (store, opening) = Store::open(&settings.data, settings.store, report)?;
        Ok(Self { settings, listeners, files, store, opening, reports })
    }

    /// Where it listens, with the ports that the system chose.
    pub fn places(&self) -> impl Iterator<Item = Place> {
        self.listeners.iter().filter_map(|listener| listener.place().ok())
    }

    /// Serves until a moderator closes the server or the process is asked to end. `reload` is called for every SIGHUP.
    ///
    /// # Errors
    /// If signals cannot be watched, or the store ended.
    pub async fn serve(self, reload: impl FnMut() + Send + 'static) -> io::Result<()> {
        let (inbox, arrivals) = bounded(INBOX);
        let signals = Signals::new([Signal::Int, Signal::Term])?;
        task::spawn(beside::watch_signals(signals, inbox.clone()));
        let hangups = Signals::new([Signal::Hup])?;
        task::spawn(beside::watch_hangups(hangups, reload));
        let clock = Clock::start();
        let reception =
            Reception { inbox: inbox.clone(), flood: self.settings.flood, clock, next: Arc::new(AtomicU64::new(1)) };
        for listener in self.listeners {
            task::spawn(accept_all(listener, reception.clone()));
        }
        drop(reception);
        let Opening { last_id, users, owners, facts } = self.opening;
        let beginning = Beginning { last_id, users, owners, facts, secret: self.settings.secret };
        let broker = Broker::new(self.settings.rules, beginning);
        if broker.facts_lost() > 0 {
            log::error!("event=facts_damaged count={}", broker.facts_lost());
        }
        let lookups = beside::start_lookups(&inbox);
        let checks = beside::start_checkers(&self.settings.passphrase_hash, &inbox);
        drop(inbox);
        let ended = Desk::new(broker, self.store, (checks, lookups), clock).work(arrivals, self.reports).await;
        drop(self.files);
        ended
    }
}

/// Listens at one place; with the file, if it is one.
fn listen(place: &Place, settings: &Settings) -> Result<(Listener, Option<SocketFile>), StartError> {
    let failed = |error| StartError::Address(place.clone(), error);
    let listener = match (place, &settings.acceptor) {
        (&Place::Tcp(address), _) => Listener::tcp(address, BACKLOG),
        (&Place::Tls(address), Some(acceptor)) => Listener::tls(address, BACKLOG, acceptor.clone()),
        (Place::Tls(_), None) => Err(io::Error::other("there is no certificate to show")),
        (Place::Unix(path), _) => {
            let bound = Listener::unix(path, settings.access, BACKLOG);
            let (listener, file) = bound.map_err(|error| StartError::Socket(path.clone(), error))?;
            return Ok((listener, Some(file)));
        }
    };
    Ok((listener.map_err(failed)?, None))
}

/// The broker with what carries out its decisions.
struct Desk {
    broker: Broker,
    outbox: Outbox,
    wires: Wires,
    store: Store,
    checks: Sender<Check>,
    lookups: Sender<Lookup>,
    clock: Clock,
    written: Receiver<()>,
    /// Since when so much waits for the store that nothing more is taken.
    full_since: Option<Timestamp>,
}

/// What the broker's task wakes up for.
enum Woken {
    Tick,
    Report(Report),
    Arrival(Arrival),
}

/// The store's threads are gone, and no message can be kept: the process is to end.
#[derive(Debug, thiserror::Error)]
#[error("the store has ended unexpectedly; what was accepted is safe, and a new start goes on from there")]
struct StoreGone;

impl Desk {
    fn new(broker: Broker, store: Store, (checks, lookups): (Sender<Check>, Sender<Lookup>), clock: Clock) -> Self {
        let (alive, written) = unbounded();
        Self {
            broker,
            outbox: Outbox::default(),
            wires: Wires::new(alive),
            store,
            checks,
            lookups,
            clock,
            written,
            full_since: None,
        }
    }

    /// Rounds, until the server is closed.
    async fn work(mut self, arrivals: Receiver<Arrival>, reports: Receiver<Report>) -> io::Result<()> {
        const TICK: Duration = Duration::from_secs(1);
        let mut ticks = async_io::Timer::interval(TICK);
        while !self.broker.is_closed() {
            let idle = self.broker.is_idle();
            let tick = async {
                if idle {
                    return std::future::pending().await;
                }
                ticks.next().await;
                Ok(Woken::Tick)
            };
            let report = async { reports.recv().await.map(Woken::Report).map_err(|_| StoreGone) };
            let wait = self.wait_for_store();
            let arrival = async {
                if let Some(wait) = wait {
                    task::sleep(wait).await;
                }
                arrivals.recv().await.map(Woken::Arrival).map_err(|_| StoreGone)
            };
            // In this order: however much arrives, time is watched, and what was accepted goes out.
            match tick.or(report).or(arrival).await.map_err(io::Error::other)? {
                Woken::Tick => self.handle(Input::Tick),
                Woken::Report(report) => self.take_report(report),
                Woken::Arrival(arrival) => self.take(arrival),
            }
            if idle {
                // The ticks that went by while nobody was there are not made up for.
                ticks = async_io::Timer::interval(TICK);
            }
            self.fill_round(&arrivals, &reports);
            self.end_round()?;
        }
        self.say_goodbye(arrivals).await;
        Ok(())
    }

    /// For how long only the store is listened to: whoever sends more meanwhile waits in the kernel. One that answers
    /// nothing for too long is not waited for, so that all else goes on.
    fn wait_for_store(&mut self) -> Option<Duration> {
        if !self.broker.is_full() {
            self.full_since = None;
            return None;
        }
        let now = self.clock.now().steady;
        let since = *self.full_since.get_or_insert(now);
        STORE_PATIENCE.checked_sub(now.since(since)).filter(|wait| !wait.is_zero())
    }

    /// Takes what has arrived meanwhile, so that it is written together.
    fn fill_round(&mut self, arrivals: &Receiver<Arrival>, reports: &Receiver<Report>) {
        for _ in 1..ROUND_EVENTS {
            if self.outbox.is_full() || self.broker.is_closed() {
                return;
            }
            if let Ok(report) = reports.try_recv() {
                self.take_report(report);
            } else if self.wait_for_store().is_some() {
                return;
            } else if let Ok(arrival) = arrivals.try_recv() {
                self.take(arrival);
            } else {
                return;
            }
        }
    }

    /// Writes the round, and has stored, logged and checked what it asks for.
    fn end_round(&mut self) -> io::Result<()> {
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
        for lookup in self.outbox.lookups.drain(..) {
            // The same.
            let _ = self.lookups.try_send(lookup);
        }
        let mut jobs = self.outbox.jobs.drain(..);
        if jobs.all(|job| self.store.submit(job)) { Ok(()) } else { Err(io::Error::other(StoreGone)) }
    }

    fn handle(&mut self, input: Input) {
        self.broker.handle(self.clock.now(), input, &mut self.outbox);
    }

    fn take_report(&mut self, report: Report) {
        self.full_since = None;
        match report {
            Report::Stored(receipt) => self.handle(Input::Stored(receipt)),
            Report::Deleted(deletion) => self.handle(Input::Deleted(deletion)),
            Report::Answered(answer) => self.handle(Input::Answered(answer)),
        }
    }

    fn take(&mut self, arrival: Arrival) {
        match arrival {
            Arrival::Accepted(conn, origin, socket) => {
                self.wires.open(conn, socket);
                self.handle(Input::Connected(conn, origin));
            }
            Arrival::Proved(conn, key) => self.handle(Input::Proved(conn, key)),
            Arrival::Speaks(conn, dialect) => self.handle(Input::Speaks(conn, dialect)),
            Arrival::Lines(conn, whole) => {
                fault::strike(b"fault in the broker", &whole);
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
            Arrival::LookedUp(conn, login) => self.handle(Input::LookedUp(conn, login)),
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
        let store = self.store;
        task::spawn_blocking(move || store.close(STORE_GRACE)).await;
    }
}
