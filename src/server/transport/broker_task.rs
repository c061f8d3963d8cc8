//! The broker's task: takes what arrives, has the broker decide, and carries out the decisions, round by round.
//!
//! Must not know: what is decided (`broker`), or where arrivals come from (`run`).

mod ending;
mod measuring;
mod noding;
mod relaying;
mod round_end;
mod said;

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use async_std::channel::{Receiver, Sender, unbounded};
use async_std::task;
use futures_lite::future::yield_now;
use futures_lite::{FutureExt as _, StreamExt as _};

use super::backlog::WriterContext;
use super::decider::DecisionMaker;
use super::executor::Executor;
use super::inbox::Arrival;
use super::inbox::Arrivals;
use super::rate_limit::SharedRate;
use super::relay_control::RelayControl;
use super::relay_task::shown_leg::ShownLeg;
use super::sender::Senders;
use super::turns::Turns;
use super::workers::{LoginLookup, PassphraseCheck};
use crate::model::Timestamp;
use crate::model::trusted_clock::ClockState;
use crate::server::broker::Input;
use crate::server::broker::moderation::clock::ClockNews;
use crate::server::broker::outbox::Outbox;
use crate::server::broker::tuning::Tuning;
use crate::server::cluster::fault::Fault;
use crate::server::ids::{ByConn, ConnId};
use crate::server::limits::{ROUND_BYTES, ROUND_EVENTS, STORE_PATIENCE, TICK_GAP, TURN_PAUSE};
use crate::server::log::Tailed;
use crate::server::relay::orders::RelayNews;
use crate::server::store::Report;
use crate::server::store::api::{Job, Receipt};
use crate::server::telemetry::metrics::{Counts, Snapshot};
use crate::sys::clock::Clock;
use crate::sys::sd_notify::ServiceManager;

/// What the task uses besides the broker and the store.
pub(in crate::server) struct Services {
    /// Passphrases for the workers to check.
    pub(in crate::server) checks: Sender<PassphraseCheck>,
    /// Logins for the workers to look up.
    pub(in crate::server) lookups: Sender<LoginLookup>,
    /// The flood limit of all connections.
    pub(in crate::server) flood: SharedRate,
    /// The service manager, which this task tells that it is alive.
    pub(in crate::server) service_manager: ServiceManager,
    /// The relay of calls.
    pub(in crate::server) relay: RelayControl,
}

/// The broker, with everything that carries out its decisions.
pub(in crate::server) struct BrokerTask {
    decider: DecisionMaker,
    outbox: Outbox,
    senders: Senders,
    services: Services,
    clock: Clock,
    /// Lets connections in, until that is done.
    door: Option<Door>,
    /// What the broker was told of the wall clock.
    clock_told: Option<ClockState>,
    /// Disconnects once the writers have written everything.
    written: Receiver<()>,
    counts: Counts,
    /// Requests for the metrics that are not answered yet.
    metrics_requests: Vec<Sender<Snapshot>>,
    /// Whoever waits for the outcome of an order, by the number of the order.
    askers: ByConn<Sender<Result<String, String>>>,
    /// When this round began.
    round_began: Duration,
    /// For each batch of messages that waits for the store, in order: when its round began.
    submitted: VecDeque<Duration>,
    /// Since when so much waits for the store that nothing more is taken.
    full_since: Option<Timestamp>,
    /// When the last tick was.
    ticked: Duration,
    /// What connections asked beyond their turns.
    turns: Turns,
    /// Connections that become legs at the end of this round, each with whoever reads it and waits to be told so.
    shown_legs: Vec<(ShownLeg, Sender<bool>)>,
}

/// Lets connections in, which get this number and those after it.
pub(in crate::server) type Door = Box<dyn FnOnce(ConnId)>;

/// Why the task wakes up.
enum Wakeup {
    /// The service manager expects a sign of life.
    Watchdog,
    /// Coalesced answers are due, or the store has more to do.
    Due,
    Tick,
    Report(Box<Report>),
    /// The log says something.
    Tailed(Tailed),
    Arrival(Arrival),
}

/// What the task cannot do without is gone, which never happens by itself: the process must end.
#[derive(Debug, thiserror::Error)]
enum PartEnded {
    /// The threads of the store: no message can be kept.
    #[error("the store stopped unexpectedly; accepted messages are safe, and a restart continues from there")]
    Store,
    /// The task that reads the log.
    #[error("the log is no longer read, unexpectedly; accepted messages are safe, and a restart continues from there")]
    Log,
}

impl BrokerTask {
    pub(in crate::server) fn new(
        decider: DecisionMaker,
        services: Services,
        (clock, executor): (Clock, Executor),
        slow_consumer: usize,
        door: Door,
    ) -> Self {
        let (alive, written) = unbounded();
        Self {
            decider,
            outbox: Outbox::new(slow_consumer),
            senders: Senders::new(WriterContext { alive, limit: slow_consumer, executor }),
            services,
            door: Some(door),
            shown_legs: Vec::new(),
            clock,
            clock_told: None,
            written,
            counts: Counts::default(),
            metrics_requests: Vec::new(),
            askers: ByConn::default(),
            round_began: Duration::ZERO,
            submitted: VecDeque::new(),
            full_since: None,
            ticked: Duration::ZERO,
            turns: Turns::default(),
        }
    }

    /// Runs rounds until the server is closed.
    pub(in crate::server) async fn work(mut self, mut arrivals: Arrivals, reports: Receiver<Report>) -> io::Result<()> {
        const TICK: Duration = Duration::from_secs(1);
        let mut ticks = async_io::Timer::interval(TICK);
        let mut watchdog = self.services.service_manager.watchdog().map(async_io::Timer::interval);
        self.look_at_clock();
        if self.decider.node().is_none() {
            self.handle(Input::Relay(RelayNews::Port(self.services.relay.port())));
        }
        self.end_round()?;
        self.begin();
        self.open_door();
        while !self.decider.is_done(self.clock) {
            let idle = self.decider.is_idle();
            let tick = async {
                if idle {
                    return std::future::pending().await;
                }
                ticks.next().await;
                Ok(Wakeup::Tick)
            };
            let watch = async {
                match &mut watchdog {
                    None => std::future::pending().await,
                    Some(timer) => timer.next().await,
                };
                Ok(Wakeup::Watchdog)
            };
            let report = async {
                reports.recv().await.map(|report| Wakeup::Report(Box::new(report))).map_err(|_| PartEnded::Store)
            };
            let wait = self.wait_for_store();
            let arrival = async {
                if let Some(wait) = wait {
                    task::sleep(wait).await;
                }
                arrivals.recv().await.map(Wakeup::Arrival).map_err(|_| PartEnded::Store)
            };
            let coalesced = self.senders.due().map(|due| due.saturating_sub(self.clock.elapsed()));
            let turn = (!self.turns.is_empty()).then_some(TURN_PAUSE);
            let clock = self.clock;
            let to_say = self.decider.node().and_then(|node| node.quiet_for(clock.now()));
            let due = if self.decider.has_more() {
                Some(Duration::ZERO)
            } else {
                coalesced.into_iter().chain(turn).chain(to_say).min()
            };
            let due = async {
                match due {
                    None => std::future::pending().await,
                    Some(wait) => task::sleep(wait).await,
                }
                Ok(Wakeup::Due)
            };
            let tailed = async {
                match self.decider.node() {
                    None => std::future::pending().await,
                    Some(node) => node.tailed().await.map(Wakeup::Tailed).map_err(|_| PartEnded::Log),
                }
            };
            // In this order: however much arrives, the clock is watched, and accepted messages go out.
            let wakeup = watch.or(tick).or(report).or(tailed).or(arrival).or(due).await.map_err(io::Error::other)?;
            self.round_began = self.clock.elapsed();
            self.look_at_clock();
            let ticked = matches!(wakeup, Wakeup::Tick);
            match wakeup {
                Wakeup::Watchdog => {
                    self.services.service_manager.alive(&format!("{} users online", self.decider.broker().users()))
                }
                // Every round does what is due.
                Wakeup::Due => {}
                Wakeup::Tick => {
                    let gap = self.round_began.saturating_sub(std::mem::replace(&mut self.ticked, self.round_began));
                    if gap > TICK_GAP && !idle {
                        self.handle(Input::StoodStill(gap));
                    }
                    if let Err(fault) = self.tick() {
                        return self.stop(fault).await;
                    }
                    self.turns.tidy(self.clock.now().steady);
                    // Nobody asked for what a tick does.
                    self.outbox.take_charge();
                }
                Wakeup::Report(report) => self.take_report(*report),
                Wakeup::Tailed(tailed) => {
                    if let Err(fault) = self.take_tailed(tailed) {
                        return self.stop(fault).await;
                    }
                }
                Wakeup::Arrival(arrival) => self.take_arrival(arrival),
            }
            if idle {
                self.ticked = self.round_began;
                // Ticks that were missed while nobody was here are not made up for.
                ticks = async_io::Timer::interval(TICK);
            }
            if self.decider.broker().has_more() {
                self.handle(Input::GoOn);
            }
            let filled = self.fill_round(&mut arrivals, &reports);
            self.submit()?;
            self.wait_for_more(&reports).await;
            let kept = match filled {
                Ok(()) => self.keep_steps(ticked).await,
                Err(fault) => Err(fault),
            };
            if let Err(fault) = kept {
                return self.stop(fault).await;
            }
            self.end_round()?;
            self.open_door();
            self.counts.rounds.add(self.clock.elapsed().saturating_sub(self.round_began), 1);
            self.answer_metrics(arrivals.len());
            // The tasks on this thread that read and write get their turn, however much arrives from other threads.
            yield_now().await;
        }
        self.services.service_manager.stopping();
        self.log_end();
        self.say_goodbye(arrivals).await;
        Ok(())
    }

    /// For how long only the store is listened to: whatever peers send meanwhile waits in the kernel. A store that
    /// reports nothing for too long is not waited for, so that everything else goes on.
    fn wait_for_store(&mut self) -> Option<Duration> {
        if !self.decider.is_full() {
            self.full_since = None;
            return None;
        }
        let now = self.clock.now().steady;
        let since = *self.full_since.get_or_insert(now);
        STORE_PATIENCE.checked_sub(now.since(since)).filter(|wait| !wait.is_zero())
    }

    /// Takes what has arrived meanwhile, so that the answers are written together.
    fn fill_round(&mut self, arrivals: &mut Arrivals, reports: &Receiver<Report>) -> Result<(), Fault> {
        let most = self.counts.received + ROUND_BYTES as u64;
        for _ in 1..ROUND_EVENTS {
            if self.outbox.is_full() || self.decider.is_done(self.clock) || self.counts.received >= most {
                return Ok(());
            }
            if let Ok(report) = reports.try_recv() {
                self.take_report(report);
            } else if let Some(tailed) = self.decider.node().and_then(|node| node.try_tailed()) {
                self.take_tailed(tailed)?;
            } else if self.wait_for_store().is_some() {
                return Ok(());
            } else {
                // Those who asked for much, and the others, take turns.
                let turn = self.take_turn();
                match arrivals.try_recv() {
                    Some(arrival) => self.take_arrival(arrival),
                    None if turn => {}
                    None => return Ok(()),
                }
            }
        }
        Ok(())
    }

    /// Tells the broker when what is known of the wall clock has changed.
    fn look_at_clock(&mut self) {
        // A node decides by the log's time.
        let DecisionMaker::Alone(_, store) = &self.decider else { return };
        let state = store.time().look();
        let before = self.clock_told.unwrap_or(state);
        if self.clock_told.is_none() || state.differs(&before) {
            self.clock_told = Some(state);
            let moved = state.line.saturating_sub(before.line);
            self.handle(Input::Clock(ClockNews { ahead: state.ahead, moved }));
        }
    }

    fn handle(&mut self, input: Input) {
        self.decider.take(self.clock.now(), input, &mut self.outbox);
    }

    fn take_report(&mut self, report: Report) {
        self.full_since = None;
        match report {
            Report::Stored(receipt) => {
                let submitted = self.submitted.pop_front().unwrap_or(self.round_began);
                let delay = self.clock.elapsed().saturating_sub(submitted);
                self.counts.stored(receipt.kept(), receipt.repeated(), delay);
                self.handle(Input::Stored(receipt));
            }
            Report::Promised(kept) => self.handle(Input::Promised(kept)),
            Report::Deleted(deletion) => self.handle(Input::Deleted(deletion)),
            Report::Changed(change) => self.handle(Input::Changed(change)),
            Report::Erased(erasure) => self.handle(Input::Erased(erasure)),
            Report::Answered(answer) => self.handle(Input::Answered(answer)),
            // The round may have looked at it before it changed, and the next one may never come.
            Report::Clock => self.look_at_clock(),
            Report::Trouble(reason) => {
                let trouble = Some(reason);
                self.handle(Input::Stored(Receipt { outcomes: Vec::new(), trouble }));
            }
        }
    }

    fn take_arrival(&mut self, arrival: Arrival) {
        match arrival {
            Arrival::Accepted(conn, origin, socket) => {
                self.senders.open(conn, socket);
                self.handle(Input::Connected(conn, origin));
            }
            Arrival::Proved(conn, key) => self.handle(Input::Proved(conn, key)),
            Arrival::Speaks(conn, dialect) => self.handle(Input::Speaks(conn, dialect)),
            Arrival::Lines(conn, _)
            | Arrival::Packet(conn, _)
            | Arrival::Flooding(conn, _)
            | Arrival::Ended(conn, _) => {
                self.take_or_hold(conn, arrival);
            }
            Arrival::Checked(conn, right) => self.handle(Input::Checked(conn, right)),
            Arrival::LoginOf(conn, login) => self.handle(Input::LoginOf(conn, login)),
            Arrival::LookedUp(conn, login) => self.handle(Input::LookedUp(conn, login)),
            Arrival::Leg(shown, answer) => self.take_leg(*shown, answer),
            Arrival::Relay(news) => self.take_news(news),
            Arrival::Order(conn, order, asker) => {
                self.askers.insert(conn, asker);
                self.handle(Input::Ordered(conn, order));
            }
            Arrival::Measure(request) => self.metrics_requests.push(request),
            Arrival::Tune(tuning, done) => {
                self.change_settings(*tuning);
                let _ = done.try_send(());
            }
            Arrival::Reloaded(done) => self.counts.reloaded(done),
            Arrival::Signal => self.decider.end(self.clock.now(), &mut self.outbox),
        }
    }

    /// Puts new settings in force, all together.
    fn change_settings(&mut self, tuning: Tuning) {
        self.services.flood.set(tuning.flood);
        self.senders.set_limit(tuning.slow_consumer);
        self.outbox.bound(tuning.slow_consumer);
        self.services.relay.set_rates(tuning.rules.relay);
        let now = self.clock.now();
        if let Some(node) = self.decider.node() {
            return node.change_settings(now, tuning, &mut self.outbox);
        }
        self.outbox.jobs.push(Job::KeepFor(tuning.keep));
        self.handle(Input::Rules(Box::new(tuning.rules)));
    }
}
