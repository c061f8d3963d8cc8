//! Ties the server together: everything that a connection, the store and the system feed, and the `desk` that they feed.
//!
//! Channels form no circle that can wait on itself: connections feed the broker, the broker never waits for anything
//! but what arrives next and, for a moment, for what the store is about to tell; the store's reports wait in a channel
//! without an end (as many as the broker asked for), and writers wait for sockets alone.
//!
//! Must not know: what is decided (`broker`), or how options are given (`config`).

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use async_signal::{Signal, Signals};
use async_std::channel::{Receiver, unbounded};

use super::broker::Broker;
use super::limits::BACKLOG;
use super::store::{Durability, Opening, Options, Report, Store, StoreError};
use crate::net::address::Place;
use crate::net::listen::Listener;
use crate::net::socket_activation::Handed;
use crate::net::tls_config::Acceptor;
use crate::net::unix::{Access, SocketError, SocketFile};
use crate::server::broker::rules::Beginning;
use crate::server::broker::tuning::{Change, Tuning};
use crate::server::transport::broker_task::{Desk, Ways};
use crate::server::transport::executor::{self, Crew};
use crate::server::transport::inbox::inbox;
use crate::server::transport::listener::{Reception, accept_all};
use crate::server::transport::metrics_endpoint::Exporter;
use crate::server::transport::rate_limit::SharedRate;
use crate::server::transport::workers as beside;
use crate::sys::clock::Clock;
use crate::sys::sd_notify::Manager;

/// How a server is to run.
#[derive(Debug)]
pub struct Settings {
    /// The folder of its data, which is ours alone.
    pub data: PathBuf,
    /// When a message counts as kept.
    pub durability: Durability,
    /// Where to listen.
    pub listen: Vec<Place>,
    /// Sockets that were handed over, to listen at as well.
    pub handed: Vec<Handed>,
    /// Who is told how the server is.
    pub manager: Manager,
    /// A socket file to listen at as well, if that can be.
    pub spare: Option<String>,
    /// Where to give out numbers.
    pub metrics: Vec<Place>,
    /// Who may reach a socket file.
    pub access: Access,
    /// What is shown to those who come over TLS, if anybody may.
    pub acceptor: Option<Acceptor>,
    /// Random bytes, known to nobody else.
    pub secret: [u8; 32],
    /// What may change while it runs.
    pub tuning: Tuning,
    /// The argon2id hash of the moderator passphrase.
    pub passphrase_hash: String,
}

/// A server that listens and has not begun to accept.
#[derive(Debug)]
pub struct Bound {
    settings: Settings,
    listeners: Vec<Listener>,
    metrics: Vec<Listener>,
    /// They go when the server ends.
    files: Vec<SocketFile>,
    store: Store,
    opening: Opening,
    reports: Receiver<Report>,
    /// To end, and to read anew; watched before anybody is told that the server is there.
    signals: Signals,
    hangups: Signals,
}

/// Why a server cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The system's answer, for this address.
    #[error("cannot listen at {0}: {1}")]
    Address(Place, #[source] io::Error),
    /// What is wrong with a socket that was handed over.
    #[error("a socket that was handed over cannot be listened at: {0}")]
    Handed(#[source] io::Error),
    /// What stands in the way of a socket file.
    #[error("cannot listen at unix:{0}: {1}")]
    Socket(String, #[source] SocketError),
    /// Nobody could ask the process to end.
    #[error("signals cannot be watched: {0}")]
    Signals(#[source] io::Error),
    /// Messages cannot be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Bound {
    /// Listens at every address and opens the store.
    ///
    /// # Errors
    /// The first address that cannot be had, or why there is no store.
    pub fn bind(mut settings: Settings) -> Result<Self, StartError> {
        let (mut listeners, mut files) = (Vec::new(), Vec::new());
        for place in &settings.listen {
            let (listener, file) = listen(place, &settings)?;
            listeners.push(listener);
            files.extend(file);
        }
        for handed in std::mem::take(&mut settings.handed) {
            let listener = Listener::handed(handed, settings.acceptor.as_ref()).map_err(StartError::Handed)?;
            listeners.push(listener);
        }
        if let Some(path) = &settings.spare {
            match Listener::unix(path, settings.access, BACKLOG) {
                Ok((listener, file)) => {
                    listeners.push(listener);
                    files.push(file);
                }
                Err(error) => log::warn!(path:% = path, reason:% = error; "no_socket_file"),
            }
        }
        let mut metrics = Vec::new();
        for place in &settings.metrics {
            let (listener, file) = listen(place, &settings)?;
            metrics.push(listener);
            files.extend(file);
        }
        let (sender, reports) = unbounded();
        let report = move |report| {
            // Nobody listens any more once the server ends.
            let _ = sender.try_send(report);
        };
        let options = Options { durability: settings.durability, keep: settings.tuning.keep };
        let (store, opening) = Store::open(&settings.data, options, report)?;
        let watch = |signals: &[Signal]| Signals::new(signals.iter().copied()).map_err(StartError::Signals);
        let (signals, hangups) = (watch(&[Signal::Int, Signal::Term])?, watch(&[Signal::Hup])?);
        Ok(Self { settings, listeners, metrics, files, store, opening, reports, signals, hangups })
    }

    /// Where it listens, with the ports that the system chose.
    pub fn places(&self) -> impl Iterator<Item = Place> {
        self.listeners.iter().filter_map(|listener| listener.place().ok())
    }

    /// Where it gives out numbers, likewise.
    pub fn metrics(&self) -> impl Iterator<Item = Place> {
        self.metrics.iter().filter_map(|listener| listener.place().ok())
    }

    /// Serves until a moderator closes the server or the process is asked to end. `reload` is called on SIGHUP, and gives
    /// what is to change, if all that it read is good.
    ///
    /// # Errors
    /// If the store ended.
    pub async fn serve(self, reload: impl FnMut() -> Option<Change> + Send + 'static) -> io::Result<()> {
        let (inbox, arrivals) = inbox();
        let near = inbox.near.clone();
        executor::elsewhere(beside::watch_signals(self.signals, near.clone()));
        executor::elsewhere(beside::watch_hangups(self.hangups, near.clone(), self.settings.manager.clone(), reload));
        let (clock, crew) = (Clock::start(), Crew::gather());
        let Tuning { rules, flood, slow_consumer, .. } = self.settings.tuning;
        let flood = SharedRate::new(flood);
        let reception = Reception { inbox, flood: flood.clone(), clock, crew, next: Arc::new(AtomicU64::new(1)) };
        for listener in self.listeners {
            crew.here(accept_all(listener, reception.clone()));
        }
        drop(reception);
        let exporter = Exporter::new(near.clone(), clock, crew);
        for listener in self.metrics {
            crew.here(exporter.clone().serve(listener));
        }
        let Opening { last_id, users, owners, facts } = self.opening;
        let beginning = Beginning { last_id, users, owners, facts, secret: self.settings.secret };
        let broker = Broker::new(rules, beginning);
        if broker.facts_lost() > 0 {
            log::error!(count = broker.facts_lost(); "facts_damaged");
        }
        let lookups = beside::start_lookups(&near, crew);
        let checks = beside::start_checkers(&self.settings.passphrase_hash, &near);
        drop(near);
        self.settings.manager.ready("nobody is here yet");
        let ways = Ways { checks, lookups, flood, manager: self.settings.manager };
        let desk = Desk::new(broker, self.store, ways, clock, crew, slow_consumer);
        let ended = crew.run(desk.work(arrivals, self.reports)).await;
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
