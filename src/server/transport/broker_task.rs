//! The broker's task: takes what arrives, has the broker decide, and carries out what it decided, round by round.
//!
//! Must not know: what is decided (`broker`), or where arrivals come from (`run`).

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use async_std::channel::{Receiver, Sender, unbounded};
use async_std::task;
use futures_lite::future::yield_now;
use futures_lite::{FutureExt as _, StreamExt as _};

use super::backlog::Alive;
use super::executor::Crew;
use super::fault;
use super::inbox::Arrival;
use super::inbox::Arrivals;
use super::rate_limit::SharedRate;
use super::sender::Wires;
use super::workers::{Check, Lookup};
use crate::model::Timestamp;
use crate::protocol::lines;
use crate::protocol::packet;
use crate::protocol::{Code, Refusal, Request};
use crate::server::broker::outbox::Outbox;
use crate::server::broker::tuning::Tuning;
use crate::server::broker::{Broker, Input};
use crate::server::limits::{
    FLOOD_PATIENCE, MERGE_PATIENCE, ROUND_BYTES, ROUND_EVENTS, SHUTDOWN_GRACE, STORE_GRACE, STORE_PATIENCE,
};
use crate::server::store::api::Job;
use crate::server::store::{Report, Store};
use crate::server::telemetry::metrics::{Counts, Snapshot};
use crate::sys::clock::Clock;
use crate::sys::sd_notify::Manager;

/// The ways to what is done beside the broker, and to those who read.
pub(in crate::server) struct Ways {
    /// Passphrases to be checked.
    pub(in crate::server) checks: Sender<Check>,
    /// Logins to be looked up.
    pub(in crate::server) lookups: Sender<Lookup>,
    /// The flood limit that all connections go by.
    pub(in crate::server) flood: SharedRate,
    /// Who is told that this task is alive, by this task.
    pub(in crate::server) manager: Manager,
}

/// The broker with what carries out its decisions.
pub(in crate::server) struct Desk {
    broker: Broker,
    outbox: Outbox,
    wires: Wires,
    store: Store,
    ways: Ways,
    clock: Clock,
    written: Receiver<()>,
    counts: Counts,
    /// Who wants to know the numbers.
    asking: Vec<Sender<Snapshot>>,
    /// When this round began.
    began: Duration,
    /// When the rounds began whose messages wait for the store, in the order in which they were given to it.
    given: VecDeque<Duration>,
    /// Since when so much waits for the store that nothing more is taken.
    full_since: Option<Timestamp>,
}

/// What the broker's task wakes up for.
enum Woken {
    /// The service manager waits for a sign of life.
    Watched,
    /// What was held back for a moment is to go, or what was put off to go on.
    Due,
    Tick,
    Report(Report),
    Arrival(Arrival),
}

/// The store's threads are gone, and no message can be kept: the process is to end.
#[derive(Debug, thiserror::Error)]
#[error("the store has ended unexpectedly; what was accepted is safe, and a new start goes on from there")]
struct StoreGone;

impl Desk {
    pub(in crate::server) fn new(
        broker: Broker,
        store: Store,
        ways: Ways,
        clock: Clock,
        crew: Crew,
        slow_consumer: usize,
    ) -> Self {
        let (alive, written) = unbounded();
        Self {
            broker,
            outbox: Outbox::new(slow_consumer),
            wires: Wires::new(Alive { held: alive, most: slow_consumer, crew }),
            store,
            ways,
            clock,
            written,
            counts: Counts::default(),
            asking: Vec::new(),
            began: Duration::ZERO,
            given: VecDeque::new(),
            full_since: None,
        }
    }

    /// Rounds, until the server is closed.
    pub(in crate::server) async fn work(mut self, mut arrivals: Arrivals, reports: Receiver<Report>) -> io::Result<()> {
        const TICK: Duration = Duration::from_secs(1);
        let mut ticks = async_io::Timer::interval(TICK);
        let mut watched = self.ways.manager.watchdog().map(async_io::Timer::interval);
        while !self.broker.is_closed() {
            let idle = self.broker.is_idle();
            let tick = async {
                if idle {
                    return std::future::pending().await;
                }
                ticks.next().await;
                Ok(Woken::Tick)
            };
            let watch = async {
                match &mut watched {
                    None => std::future::pending().await,
                    Some(timer) => timer.next().await,
                };
                Ok(Woken::Watched)
            };
            let report = async { reports.recv().await.map(Woken::Report).map_err(|_| StoreGone) };
            let wait = self.wait_for_store();
            let arrival = async {
                if let Some(wait) = wait {
                    task::sleep(wait).await;
                }
                arrivals.recv().await.map(Woken::Arrival).map_err(|_| StoreGone)
            };
            let held = self.wires.due().map(|due| due.saturating_sub(self.clock.elapsed()));
            let due = if self.store.tend() { Some(Duration::ZERO) } else { held };
            let due = async {
                match due {
                    None => std::future::pending().await,
                    Some(wait) => task::sleep(wait).await,
                }
                Ok(Woken::Due)
            };
            // In this order: however much arrives, time is watched, and what was accepted goes out.
            let woken = watch.or(tick).or(report).or(arrival).or(due).await.map_err(io::Error::other)?;
            self.began = self.clock.elapsed();
            match woken {
                Woken::Watched => self.ways.manager.alive(&format!("{} users are here", self.broker.users())),
                // Each round sees to it.
                Woken::Due => {}
                Woken::Tick => self.handle(Input::Tick),
                Woken::Report(report) => self.take_report(report),
                Woken::Arrival(arrival) => self.take(arrival),
            }
            if idle {
                // The ticks that went by while nobody was there are not made up for.
                ticks = async_io::Timer::interval(TICK);
            }
            self.fill_round(&mut arrivals, &reports);
            self.submit()?;
            self.wait_for_more(&reports).await;
            self.end_round()?;
            self.counts.rounds.add(self.clock.elapsed().saturating_sub(self.began), 1);
            self.tell_numbers(arrivals.len());
            // Those who read and write on this thread have their turn, however much comes from others.
            yield_now().await;
        }
        self.ways.manager.stopping();
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
    fn fill_round(&mut self, arrivals: &mut Arrivals, reports: &Receiver<Report>) {
        let most = self.counts.received + ROUND_BYTES as u64;
        for _ in 1..ROUND_EVENTS {
            if self.outbox.is_full() || self.broker.is_closed() || self.counts.received >= most {
                return;
            }
            if let Ok(report) = reports.try_recv() {
                self.take_report(report);
            } else if self.wait_for_store().is_some() {
                return;
            } else if let Some(arrival) = arrivals.try_recv() {
                self.take(arrival);
            } else {
                return;
            }
        }
    }

    /// Writes the round, and has stored, logged and checked what it asks for.
    fn end_round(&mut self) -> io::Result<()> {
        let now = self.clock.elapsed();
        let mut slow = self.wires.flush(&mut self.outbox, now);
        // That a slow consumer left is told to the others, of whom one may turn out to be slow in turn.
        while !slow.is_empty() {
            self.counts.slow += slow.len() as u64;
            for conn in slow {
                self.handle(Input::Disconnected(conn, "slow consumer"));
            }
            slow = self.wires.flush(&mut self.outbox, now);
        }
        for note in self.outbox.notes.drain(..) {
            self.counts.note(&note);
            note.log();
        }
        for check in self.outbox.checks.drain(..) {
            // The broker lets no more wait than there is room for.
            let _ = self.ways.checks.try_send(check);
        }
        for lookup in self.outbox.lookups.drain(..) {
            // The same.
            let _ = self.ways.lookups.try_send(lookup);
        }
        self.submit()
    }

    /// What the store tells already goes out with the same writes; while much is said, also what it is about to tell: two
    /// small rounds cost more than one large one, and everybody waits longer.
    async fn wait_for_more(&mut self, reports: &Receiver<Report>) {
        while !self.outbox.is_full()
            && let Ok(report) = reports.try_recv()
        {
            self.take_report(report);
        }
        if self.outbox.has_room()
            && self.broker.awaits_many()
            && let Ok(Ok(report)) = async_std::future::timeout(MERGE_PATIENCE, reports.recv()).await
        {
            self.take_report(report);
        }
    }

    /// Gives the store what it is to do.
    fn submit(&mut self) -> io::Result<()> {
        let messages = self.outbox.jobs.iter().filter(|job| matches!(job, Job::Append(_))).count();
        self.given.extend(std::iter::repeat_n(self.began, messages));
        let mut jobs = self.outbox.take_jobs();
        if jobs.all(|job| self.store.submit(job)) { Ok(()) } else { Err(io::Error::other(StoreGone)) }
    }

    fn handle(&mut self, input: Input) {
        self.broker.handle(self.clock.now(), input, &mut self.outbox);
    }

    fn take_report(&mut self, report: Report) {
        self.full_since = None;
        match report {
            Report::Stored(receipt) => {
                let given = self.given.pop_front().unwrap_or(self.began);
                self.counts.stored(&receipt, self.clock.elapsed().saturating_sub(given));
                self.handle(Input::Stored(receipt));
            }
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
                self.counts.received += whole.len() as u64;
                // What was read at once came at once.
                let now = self.clock.now();
                for line in lines::each(&whole) {
                    self.broker.handle(now, Input::Received(conn, Request::parse(line)), &mut self.outbox);
                }
            }
            Arrival::Packet(conn, packet) => {
                self.counts.received += packet.len() as u64;
                self.handle(Input::Received(conn, packet::read_request(&packet)));
            }
            Arrival::Flooding(conn, reference) => {
                let limit = FLOOD_PATIENCE.as_secs();
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
            Arrival::Measure(asking) => self.asking.push(asking),
            Arrival::Tune(tuning, done) => {
                self.tune(*tuning);
                let _ = done.try_send(());
            }
            Arrival::Signal => self.handle(Input::Shutdown),
        }
    }

    /// Says what the numbers are to those who asked.
    fn tell_numbers(&mut self, inbox: usize) {
        if self.asking.is_empty() {
            return;
        }
        let snapshot = Snapshot {
            counts: self.counts.clone(),
            meter: self.outbox.meter.clone(),
            census: self.broker.census(),
            inbox,
            backlog: self.wires.waiting(),
            store: self.store.transactions(),
        };
        for asking in self.asking.drain(..) {
            // Who is no longer interested has gone.
            let _ = asking.try_send(snapshot.clone());
        }
    }

    /// All of it holds from here on.
    fn tune(&mut self, Tuning { rules, keep, flood, slow_consumer }: Tuning) {
        self.ways.flood.set(flood);
        self.wires.bound(slow_consumer);
        self.outbox.bound(slow_consumer);
        self.outbox.jobs.push(Job::KeepFor(keep));
        self.handle(Input::Rules(Box::new(rules)));
    }

    /// Lets everyone hear the last words, for a bounded time.
    async fn say_goodbye(mut self, mut arrivals: Arrivals) {
        let ends = async {
            while !self.wires.is_empty() {
                match arrivals.recv().await {
                    Ok(Arrival::Ended(conn, _)) => self.wires.drop_wire(conn),
                    Ok(_) => yield_now().await,
                    Err(_) => break,
                }
            }
            // Writers hold the other side: when the last is done, nothing comes and the channel is closed.
            drop(self.wires);
            let _ = self.written.recv().await;
        };
        if async_std::future::timeout(SHUTDOWN_GRACE, ends).await.is_err() {
            log::info!(reason = "some peers did not end their connection"; "closed_early");
        }
        let store = self.store;
        task::spawn_blocking(move || store.close(STORE_GRACE)).await;
    }
}
