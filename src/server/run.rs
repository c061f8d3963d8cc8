//! Puts the server together: connections, the store and the workers feed one broker task.
//!
//! No channels form a circle that could wait on itself. Connections feed the broker; the broker waits only for the next
//! arrival and, for a moment, for the next report of the store. Reports wait in an unbounded channel (as many as the
//! broker asked for), and writers wait only for sockets.
//!
//! Must not know: what is decided (`broker`), or how options are given (`config`).

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};

use async_signal::{Signal, Signals};
use async_std::channel::{Receiver, Sender, bounded, unbounded};

use super::host_order::HostOrder;
use super::limits::{BACKLOG, MAX_RELOADS};
use super::store::{Decisions, Durability, Options, Report};
use crate::model::ban_target::Network;
use crate::model::{Fingerprint, Text};
use crate::net::address::ListenAddress;
use crate::net::beacon;
use crate::net::control;
use crate::net::listen::{Listener, WatchedFile};
use crate::net::read_watch::ReadWatch;
use crate::net::socket_activation::ActivatedSocket;
use crate::net::tls_config::Acceptor;
use crate::net::unix::{SocketAccess, SocketError};
use crate::server::broker::tuning::{Change, Tuning};
use crate::server::cluster_start::{ClusterStart, reached_at};
use crate::server::ids::ConnId;
use crate::server::mind::{DataError, Ground, Mind};
use crate::server::transport::broker_task::{BrokerTask, Door, Services};
use crate::server::transport::control::{self as control_task, ControlTargets};
use crate::server::transport::decider::DecisionMaker;
use crate::server::transport::executor::{self, Executor};
use crate::server::transport::inbox::{Arrival, inbox};
use crate::server::transport::listener::{ConnectionSetup, accept_all};
use crate::server::transport::logins::Logins;
use crate::server::transport::metrics_endpoint::{MetricsEndpoint, Watched};
use crate::server::transport::node::NodeDesk;
use crate::server::transport::proxies::TrustedProxies;
use crate::server::transport::rate_limit::SharedRate;
use crate::server::transport::relay_control::RelayControl;
use crate::server::transport::relay_task::ports::PortPlan;
use crate::server::transport::relay_task::shared::RelaySetup;
use crate::server::transport::reload;
use crate::server::transport::workers::{self, SharedHash};
use crate::sys::clock::Clock;
use crate::sys::directory::SystemDirectory;
use crate::sys::host_name::host_name;
use crate::sys::sd_notify::ServiceManager;
use crate::sys::terminal::StartTerminal;

/// How a server is to run.
#[derive(Debug)]
pub(crate) struct ServerSettings {
    /// The data folder, which no other server uses.
    pub(crate) data: PathBuf,
    /// What an accepted message survives.
    pub(crate) durability: Durability,
    /// The addresses to listen at.
    pub(crate) listen: Vec<ListenAddress>,
    /// Sockets from the service manager, to listen at as well.
    pub(crate) activated_sockets: Vec<ActivatedSocket>,
    /// The service manager, which is told the server's state.
    pub(crate) service_manager: ServiceManager,
    /// A socket file to listen at as well, if possible.
    pub(crate) extra_socket_file: Option<String>,
    /// The addresses of the metrics endpoint.
    pub(crate) metrics: Vec<ListenAddress>,
    /// Who may connect to a socket file.
    pub(crate) access: SocketAccess,
    /// The proxies that are trusted to say whose a connection is.
    pub(crate) proxies: Vec<Network>,
    /// The certificate for TLS connections, if there are any.
    pub(crate) acceptor: Option<Acceptor>,
    /// Random bytes that nobody else knows.
    pub(crate) secret: [u8; 32],
    /// Whether the administrator has confirmed that the clock is right.
    pub(crate) trust_clock: bool,
    /// What the administrator has decided about data that cannot be used as it is.
    pub(crate) decisions: Decisions,
    /// The settings that may change while the server runs.
    pub(crate) tuning: Tuning,
    /// The argon2id hash of the moderator passphrase.
    pub(crate) passphrase_hash: String,
    /// What the server says of itself to the networks that it is in, if anything.
    pub(crate) announced: Option<Announced>,
    /// What makes it one of several nodes of a chat, if it is.
    pub(crate) cluster: Option<ClusterStart>,
}

/// What a server says of itself to the networks that it is in.
#[derive(Clone, Debug)]
pub(crate) struct Announced {
    /// Its name, for people.
    pub(crate) name: Text,
    /// Its key.
    pub(crate) key: Option<Fingerprint>,
}

/// A server that listens and has not begun to accept.
#[derive(Debug)]
pub(crate) struct BoundServer {
    settings: ServerSettings,
    listeners: Vec<Listener>,
    metrics: Vec<Listener>,
    /// Socket files, which are removed when the server ends.
    files: Vec<WatchedFile>,
    /// The control socket, if there is one.
    control: Option<Listener>,
    mind: Mind,
    reports: Receiver<Report>,
    /// The only order that is to be carried out, if there is one, and who is told what became of it.
    first: Option<(HostOrder, Sender<Result<String, String>>)>,
    /// These are watched before anybody is told that the server is ready.
    signals: Signals,
    hangups: Signals,
    confirmations: Signals,
    /// Nobody waits for this one: it is only not to end the process.
    overlong: Signals,
}

/// Why a server cannot start.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    /// The address, and the system's error.
    #[error("cannot listen at {0}: {1}")]
    Address(ListenAddress, #[source] io::Error),
    /// A socket from the service manager cannot be used.
    #[error("a socket from the service manager cannot be used: {0}")]
    ActivatedSocket(#[source] io::Error),
    /// A socket file cannot be made.
    #[error("cannot listen at unix:{0}: {1}")]
    Socket(String, #[source] SocketError),
    /// Signals cannot be watched, so nobody could ask the process to end.
    #[error("signals cannot be handled: {0}")]
    Signals(#[source] io::Error),
    /// The data cannot be used.
    #[error(transparent)]
    Data(#[from] DataError),
}

impl BoundServer {
    /// Listens at every address and opens the store.
    ///
    /// # Errors
    /// The first address that cannot be listened at, or why there is no store.
    pub(crate) fn bind(mut settings: ServerSettings) -> Result<Self, StartError> {
        let watch = |signals: &[Signal]| Signals::new(signals.iter().copied()).map_err(StartError::Signals);
        // A file that may not grow any more is an error like a full disk, and not the end.
        let overlong = watch(&[Signal::Xfsz])?;
        let (mut listeners, mut files) = (Vec::new(), Vec::new());
        for place in &settings.listen {
            let (listener, file) = listen(place, &settings)?;
            listeners.push(listener);
            files.extend(file);
        }
        for socket in std::mem::take(&mut settings.activated_sockets) {
            let listener =
                Listener::activated(socket, settings.acceptor.as_ref()).map_err(StartError::ActivatedSocket)?;
            listeners.push(listener);
        }
        if let Some(path) = &settings.extra_socket_file {
            match Listener::unix(path, settings.access, BACKLOG) {
                Ok((listener, file)) => {
                    listeners.push(listener);
                    files.push(file);
                }
                Err(error) => log::warn!(path:% = path, reason:% = error; "no_socket_file"),
            }
        }
        if let Some(cluster) = settings.cluster.as_mut().filter(|cluster| cluster.urls.is_empty()) {
            let places: Vec<_> = listeners.iter().filter_map(|listener| listener.address().ok()).collect();
            cluster.urls.extend(reached_at(&places, &host_name()));
        }
        let mut metrics = Vec::new();
        for place in &settings.metrics {
            let (listener, file) = listen(place, &settings)?;
            metrics.push(listener);
            files.extend(file);
        }
        let control = match control::listen(&settings.data, BACKLOG) {
            Ok((listener, file)) => {
                files.push(file);
                Some(listener)
            }
            Err(error) => {
                log::warn!(reason:% = error; "no_control_socket");
                None
            }
        };
        let (sender, reports) = unbounded();
        let report = move |report| {
            // Nobody receives reports any more once the server ends.
            let _ = sender.try_send(report);
        };
        let ground = Ground {
            data: settings.data.clone(),
            options: Options { durability: settings.durability, keep: settings.tuning.keep },
            decisions: settings.decisions,
            trust_clock: settings.trust_clock,
            rules: settings.tuning.rules.clone(),
            secret: settings.secret,
        };
        let mind = Mind::on(ground, settings.cluster.take(), report)?;
        let (signals, hangups) = (watch(&[Signal::Int, Signal::Term])?, watch(&[Signal::Hup])?);
        let confirmations = watch(&[Signal::Usr1])?;
        Ok(Self {
            settings,
            listeners,
            metrics,
            files,
            control,
            mind,
            reports,
            first: None,
            signals,
            hangups,
            confirmations,
            overlong,
        })
    }

    /// The addresses where it listens, with the ports that the system chose.
    pub(crate) fn places(&self) -> impl Iterator<Item = ListenAddress> {
        self.listeners.iter().filter_map(|listener| listener.address().ok())
    }

    /// The addresses of the metrics endpoint, with the ports that the system chose.
    pub(crate) fn metrics(&self) -> impl Iterator<Item = ListenAddress> {
        self.metrics.iter().filter_map(|listener| listener.address().ok())
    }

    /// What those are told who are not let in, while the server is being maintained.
    pub(crate) fn maintenance(&self) -> Option<&Text> {
        self.mind.broker().maintenance()
    }

    /// Carries out one order, and ends; returns what became of it.
    ///
    /// # Errors
    /// The store has ended.
    pub(crate) async fn carry_out(mut self, order: HostOrder) -> io::Result<Result<String, String>> {
        let (teller, told) = bounded(1);
        self.first = Some((order, teller));
        self.serve(|| Err("the server is about to end".to_owned())).await?;
        Ok(told.recv().await.unwrap_or_else(|_| Err("it was not done; try again".to_owned())))
    }

    /// Serves until a moderator closes the server or the process is asked to end. `read_again` is called on SIGHUP and
    /// when a reload is asked for; it returns the new settings if all of them are valid, or else the reasons.
    ///
    /// # Errors
    /// The store has ended.
    pub(crate) async fn serve(
        self,
        read_again: impl FnMut() -> Result<Change, String> + Send + 'static,
    ) -> io::Result<()> {
        let ports = PortPlan::make(&self.places().filter_map(|place| place.on_network()).collect::<Vec<_>>());
        let (inbox, arrivals) = inbox();
        let near = inbox.near.clone();
        let (next, hash) = (Arc::new(AtomicU64::new(1)), SharedHash::new(&self.settings.passphrase_hash));
        executor::spawn_elsewhere(workers::watch_signals(self.signals, near.clone()));
        let (requests, asked) = bounded(MAX_RELOADS);
        let manager = self.settings.service_manager.clone();
        executor::spawn_elsewhere(reload::watch(
            self.hangups,
            asked,
            near.clone(),
            manager,
            StartTerminal::find(),
            read_again,
        ));
        // Without a listener nobody else holds it.
        let _open = self.first.is_some().then(|| inbox.clone());
        if let Some((order, teller)) = self.first {
            let (near, next) = (near.clone(), Arc::clone(&next));
            executor::spawn_elsewhere(async move {
                let outcome = control_task::carry_out_order(order, &near, &next).await;
                let _ = teller.try_send(outcome);
                let _ = near.send(Arrival::Signal).await;
            });
        }
        let (clock, executor) = (Clock::start(), Executor::start());
        let decider = match self.mind {
            Mind::Alone(broker, store) => {
                executor::spawn_elsewhere(workers::watch_confirmations(self.confirmations, store.time().clone()));
                DecisionMaker::Alone(broker, store)
            }
            Mind::Node(beginning) => DecisionMaker::Node(Box::new(NodeDesk::begin(*beginning, executor))),
        };
        if let Some(listener) = self.control {
            let own_uid = self.settings.tuning.rules.own_uid;
            let targets = ControlTargets {
                reloads: requests,
                inbox: near.clone(),
                next: Arc::clone(&next),
                hash: hash.clone(),
                data: self.settings.data.clone(),
            };
            executor::spawn_elsewhere(control_task::serve(listener, own_uid, targets));
        }
        if let Some(Announced { name, key }) = self.settings.announced {
            log::info!(name:% = name; "announced");
            let places = self.listeners.iter().filter_map(|listener| listener.address().ok()).collect();
            executor::spawn_elsewhere(beacon::announce(name, places, key));
        }
        let Tuning { flood, slow_consumer, .. } = self.settings.tuning;
        let flood = SharedRate::new(flood);
        let proxies = TrustedProxies::new(self.settings.proxies);
        let watch = ReadWatch::start().ok();
        if let Some(watch) = &watch {
            executor.spawn(watch.clone().run());
        }
        let setup = ConnectionSetup { inbox, flood: flood.clone(), proxies, clock, executor, watch, next };
        let (listeners, manager) = (self.listeners, self.settings.service_manager.clone());
        let door: Door = Box::new(move |ConnId(first)| {
            setup.next.fetch_max(first, Ordering::Relaxed);
            for listener in listeners {
                executor.spawn(accept_all(listener, setup.clone()));
            }
            manager.ready("no users yet");
        });
        let watched = Watched {
            data: self.settings.data,
            has_history: self.settings.durability != Durability::Memory,
            acceptor: self.settings.acceptor,
        };
        let endpoint = MetricsEndpoint::new(near.clone(), watched, clock, executor);
        for listener in self.metrics {
            executor.spawn(endpoint.clone().serve(listener));
        }
        let lookups = workers::start_lookups(&Logins::start(SystemDirectory), &near, executor);
        let checks = workers::start_checkers(&hash, &near);
        let setup = RelaySetup { rates: self.settings.tuning.rules.relay, secret: self.settings.secret, clock, ports };
        let relay = RelayControl::new(setup, near.clone());
        let services = Services { checks, lookups, flood, service_manager: self.settings.service_manager, relay };
        let broker_task = BrokerTask::new(decider, services, (clock, executor), slow_consumer, door);
        // On the heap: whatever runs it would have it on the stack several times.
        let ended = executor.run(Box::pin(broker_task.work(arrivals, self.reports))).await;
        // The listeners hold them too.
        for file in self.files {
            file.lock().unwrap_or_else(PoisonError::into_inner).remove();
        }
        drop(self.overlong);
        ended
    }
}

/// Listens at one address; returns the socket file too, if it made one.
fn listen(place: &ListenAddress, settings: &ServerSettings) -> Result<(Listener, Option<WatchedFile>), StartError> {
    let failed = |error| StartError::Address(place.clone(), error);
    let listener = match (place, &settings.acceptor) {
        (&ListenAddress::Tcp(address), _) => Listener::tcp(address, BACKLOG),
        (&ListenAddress::Tls(address), Some(acceptor)) => Listener::tls(address, BACKLOG, acceptor.clone()),
        (ListenAddress::Tls(_), None) => Err(io::Error::other("there is no certificate")),
        (ListenAddress::Unix(path), _) => {
            let bound = Listener::unix(path, settings.access, BACKLOG);
            let (listener, file) = bound.map_err(|error| StartError::Socket(path.clone(), error))?;
            return Ok((listener, Some(file)));
        }
    };
    Ok((listener.map_err(failed)?, None))
}
