//! A node of a chat that several servers serve: what its connections ask for goes into the log that they share, and what
//! comes out of the log is decided, kept and said.
//!
//! - [`coming_in`]: the log is the one that it knows, and nobody else speaks for it. [`settings`]: what all nodes share, and
//!   where they are. [`steps`]: the store as the steps use it. [`ending`]: the last words of a node that stops.
//!
//! Nothing is said to anybody before what it rests on is committed and, where connections of this node wait for it, on the
//! disk: [`NodeDesk::commit`] stands before each round is written.
//!
//! Must not know: sockets of connections, or who measures.

mod coming_in;
mod ending;
mod settings;
mod steps;

use std::collections::BTreeSet;
use std::time::Duration;

use async_std::channel::RecvError;
use async_std::task;

use self::steps::Steps;
use super::executor::Executor;
use crate::model::{Now, Origin, Timestamp};
use crate::server::broker::outbox::Outbox;
use crate::server::broker::rules::Rules;
use crate::server::broker::shared_rules::SharedRules;
use crate::server::broker::{Broker, Input};
use crate::server::cluster::entry::SettingsHash;
use crate::server::cluster::fault::Fault;
use crate::server::cluster::follower::Follower;
use crate::server::cluster::freshness::Freshness;
use crate::server::cluster::replica::Replica;
use crate::server::cluster::step_store::Hands;
use crate::server::ids::{ConnId, NodeSeat};
use crate::server::limits::DRAIN_PATIENCE;
use crate::server::log::nats::connection::{NatsLog, NatsOptions, open};
use crate::server::log::{Log as _, LogPosition, Tail, Tailed};
use crate::server::store::api::Job;
use crate::server::store::node_store::NodeStore;
use crate::server::telemetry::metrics::ClusterReport;

/// What clients are told by a node that is asked to end.
const DRAINS: &str = "This server is about to stop; go on at another one.";

/// A node has fewer new connections than two to the power of this in a millisecond, over a whole run.
const CONNECTIONS_IN_A_MILLISECOND: u32 = 6;

/// What clients are told by a node that is not in yet.
const NOT_IN: &str = "This server has not heard the others yet; go on at another one, or try again in a moment.";

/// What a node goes on from.
#[derive(Debug)]
pub(crate) struct NodeBeginning {
    /// Its part in the log.
    pub(crate) follower: Follower,
    /// Its broker, as it was after the last step that was kept.
    pub(crate) broker: Broker,
    /// Its store.
    pub(crate) store: NodeStore,
    /// How the log is reached.
    pub(crate) options: NatsOptions,
    /// The rules of this node, but for where the nodes are.
    pub(crate) rules: Rules,
    /// What of them all nodes share.
    pub(crate) shared: SharedRules,
    /// The sum over the settings that all nodes share.
    pub(crate) settings: SettingsHash,
    /// Whether all machines have the same users.
    pub(crate) shared_logins: bool,
}

/// A node at work.
pub(in crate::server) struct NodeDesk {
    replica: Replica,
    /// Elsewhere while it is tended.
    steps: Option<Steps>,
    options: NatsOptions,
    /// Runs the task of the log, on the thread of this one: what an entry leads to wakes no other thread.
    executor: Executor,
    log: NatsLog,
    tail: Tail,
    /// The last position that this node has read in an earlier run, until the log has shown that it still has the same there.
    known: Option<u64>,
    rules: Rules,
    shared: SharedRules,
    settings: SettingsHash,
    shared_logins: bool,
    /// Whether it has begun to come in.
    came_in: bool,
    /// The number of the next entry of the epoch in which the log still has this node, and when that was first seen.
    before_me: Option<(u64, Timestamp)>,
    /// Since when it is about to end, on the steady clock.
    leaving_since: Option<Timestamp>,
    out_of_touch: u64,
    engine_lost: u64,
    /// Whether the log is heard.
    is_heard: bool,
    freshness: Freshness,
    /// The nodes that are in, as was last told.
    names: BTreeSet<String>,
}

impl NodeDesk {
    /// Begins to read the log where the node stopped.
    pub(in crate::server) fn begin(beginning: NodeBeginning, executor: Executor) -> Self {
        let NodeBeginning { follower, broker, store, options, rules, shared, settings, shared_logins } = beginning;
        let position = follower.turn().state().position;
        // The last entry that was read is read again: so it is known whether this is the same log.
        let (log, tail) = follow(&options, executor, LogPosition(position.saturating_sub(1)));
        Self {
            replica: Replica::new(follower, broker),
            steps: Some(Steps::new(store)),
            options,
            executor,
            log,
            tail,
            known: (position > 0).then_some(position),
            rules,
            shared,
            settings,
            shared_logins,
            came_in: false,
            before_me: None,
            leaving_since: None,
            out_of_touch: 0,
            engine_lost: 0,
            is_heard: false,
            freshness: Freshness::Elsewhere,
            names: BTreeSet::new(),
        }
    }

    pub(super) fn broker(&self) -> &Broker {
        self.replica.broker()
    }

    /// How many transactions were committed, and how many failed.
    pub(super) fn transactions(&self) -> (u64, u64) {
        self.steps.as_ref().map(Steps::transactions).unwrap_or_default()
    }

    /// What the metrics say of it.
    pub(super) fn report(&self, now: Now) -> ClusterReport {
        let follower = self.replica.follower();
        ClusterReport {
            position: self.position(),
            newest: self.log.newest().unwrap_or_default().0,
            age: follower.lane().age(now),
            nodes: follower.nodes().count(),
            out_of_touch: self.out_of_touch,
            engine_lost: self.engine_lost,
            accepted: self.steps.as_ref().map(Steps::accepted).unwrap_or_default(),
        }
    }

    /// The number of the first connection, once this node has a seat: connections are let in, and sent elsewhere until it
    /// serves.
    ///
    /// The nodes still know connections of an earlier run until they learn that it is over, and the log may have more of them
    /// than this node has read. So the numbers begin with the time, as those of epochs do.
    pub(super) fn first_connection(&self, now: Now) -> Option<ConnId> {
        let follower = self.replica.follower();
        let record = follower.turn().state().roll.get(follower.lane().node())?;
        let time = u64::try_from(now.wall.0).unwrap_or(0).max(record.epoch.saturating_add(1));
        Some(ConnId::to(NodeSeat(record.seat), time << CONNECTIONS_IN_A_MILLISECOND))
    }

    /// The last position that it has read.
    pub(super) fn position(&self) -> u64 {
        self.replica.follower().turn().state().position
    }

    /// Sends those elsewhere who come before this node is in.
    pub(super) fn is_not_in_yet(&mut self, now: Now, outbox: &mut Outbox) {
        self.take(now, Input::Withdraw(NOT_IN.to_owned()), outbox);
    }

    /// Whether a connection is to this node.
    pub(super) fn has(&self, conn: ConnId) -> bool {
        self.replica.follower().seat() == Some(conn.seat().0)
    }

    /// Whether this node is not in, or is out of touch.
    pub(super) fn is_out(&self) -> bool {
        self.freshness == Freshness::Elsewhere
    }

    /// Whether connections should not be read from: too much waits to go into the log.
    pub(super) fn is_full(&self) -> bool {
        self.replica.follower().lane().is_full()
    }

    /// Whether it has left, or has waited long enough for that.
    pub(super) fn has_left(&self, now: Now) -> bool {
        let left = self.replica.follower().lane().has_left();
        self.leaving_since.is_some_and(|since| left || now.steady.since(since) >= DRAIN_PATIENCE)
    }

    /// What the log says next.
    ///
    /// # Errors
    /// The task that reads the log has ended.
    pub(super) async fn tailed(&self) -> Result<Tailed, RecvError> {
        self.tail.recv().await
    }

    /// What it says, if it says anything by now.
    pub(super) fn try_tailed(&self) -> Option<Tailed> {
        self.tail.try_recv().ok()
    }

    /// For how long nothing need be said in the log, unless something happens.
    pub(super) fn quiet_for(&self, now: Now) -> Option<Duration> {
        self.replica.follower().due_at().map(|at| at.since(now.steady))
    }

    /// Takes what happens to a connection of this node, or to the node itself.
    pub(super) fn take(&mut self, now: Now, input: Input, outbox: &mut Outbox) {
        let input = match input {
            // The user of this number may be another one on another machine.
            Input::Connected(conn, Origin::Unix(_)) if !self.shared_logins => Input::Connected(conn, Origin::Unmapped),
            input => input,
        };
        if let Some(store) = &mut self.steps {
            self.replica.take(now, input, &mut Hands { store, outbox });
        }
    }

    /// Has the store do what no step asks for.
    pub(super) fn keep(&mut self, jobs: impl Iterator<Item = Job>) {
        if let Some(steps) = &mut self.steps {
            steps.keep(jobs);
        }
    }

    /// Looks, about once a second, at its connections, at how new its picture of the chat is, and at the other nodes.
    ///
    /// # Errors
    /// This node must stop.
    pub(super) fn watch(&mut self, now: Now, outbox: &mut Outbox) -> Result<(), Fault> {
        self.come_in_at_the_end(now)?;
        let Some(store) = &mut self.steps else { return Ok(()) };
        self.replica.watch(now, &mut Hands { store, outbox });
        let freshness = self.replica.follower().freshness(now);
        let before = std::mem::replace(&mut self.freshness, freshness);
        if freshness != before {
            match freshness {
                Freshness::Fresh => log::info!("in_touch"),
                Freshness::Notice => log::warn!("falling_behind"),
                Freshness::Elsewhere => {
                    self.out_of_touch += 1;
                    log::error!("out_of_touch");
                }
            }
        }
        self.tell_nodes(now, outbox);
        self.agree_if_new();
        Ok(())
    }

    /// Sends its clients elsewhere, and leaves once everything is said.
    pub(super) fn leave(&mut self, now: Now, outbox: &mut Outbox) {
        if self.leaving_since.is_none() {
            self.leaving_since = Some(now.steady);
            self.take(now, Input::Withdraw(DRAINS.to_owned()), outbox);
            self.replica.follower_mut().leave();
        }
    }

    /// Takes what the log says.
    ///
    /// # Errors
    /// This node must stop.
    pub(super) fn take_tailed(&mut self, now: Now, tailed: Tailed, outbox: &mut Outbox) -> Result<(), Fault> {
        match tailed {
            Tailed::Entry { position: LogPosition(position), bytes } => {
                if let Some(known) = self.known.take() {
                    let newest = self.log.newest().map_or(position, |newest| newest.0.max(position));
                    self.replica.follower_mut().reconnected(newest, Some(&bytes))?;
                    debug_assert_eq!(known, position, "the tail begins with the last entry that was read");
                } else if let Some(store) = &mut self.steps {
                    self.replica.read(now, position, &bytes, &mut Hands { store, outbox })?;
                }
                self.come_in_at_the_end(now)?;
                if self.is_out() && self.replica.follower().freshness(now) != Freshness::Elsewhere {
                    // Nobody is to be sent on by a node that has just come in.
                    self.watch(now, outbox)?;
                }
            }
            Tailed::Heard => {
                self.is_heard = true;
                log::info!("log_heard");
                let newest = self.log.newest().map(|newest| newest.0);
                if let Some((known, newest)) = self.known.zip(newest).filter(|(known, newest)| newest < known) {
                    // The entry that would show it never comes.
                    return Err(self.replica.follower_mut().stop(Fault::Shorter { applied: known, newest }));
                }
                if self.known.is_none() {
                    let newest = newest.unwrap_or_default().max(self.position());
                    self.replica.follower_mut().reconnected(newest, None)?;
                }
                self.come_in_at_the_end(now)?;
            }
            Tailed::Silent(why) => {
                // It is told again where the reason changes.
                self.engine_lost += u64::from(std::mem::replace(&mut self.is_heard, false));
                log::warn!(reason = why; "log_silent");
            }
            Tailed::Ended(end) => self.take_end(end)?,
            // An entry counts by coming back.
            Tailed::Taken { .. } => {}
            Tailed::NotTaken { why, .. } => log::debug!(reason = why; "log_took_no_entry"),
        }
        Ok(())
    }

    /// Appends what is due to be said; a node whose chat is closed leaves.
    pub(super) async fn say(&mut self, now: Now) {
        // A chat that was closed before this node came in is open again with the first that comes.
        if self.leaving_since.is_none() && self.broker().is_closed() && self.replica.follower().serves() {
            self.leaving_since = Some(now.steady);
            self.replica.follower_mut().leave();
        }
        let mut said = false;
        while let Some(entry) = self.replica.follower_mut().due(now) {
            // What is not taken is said again.
            let _ = self.log.append(entry);
            said = true;
        }
        if said {
            // It is on its way while this node keeps what was decided.
            task::yield_now().await;
        }
    }

    /// Keeps everything that was decided. What connections of this node wait for is also on the disk of this machine when this
    /// returns. The thread waits for the disk itself: nothing may be decided before, and where disks are fast, waking another
    /// thread takes as long.
    ///
    /// # Errors
    /// It cannot be kept: this node must stop.
    pub(super) fn commit(&mut self) -> Result<(), Fault> {
        let Some(steps) = &mut self.steps else { return Ok(()) };
        steps.commit().map_err(|why| self.replica.follower_mut().stop(Fault::NotKept { why }))
    }

    /// Whether the upkeep of the store, [`NodeDesk::tend`], cannot wait for the next tick.
    pub(super) fn is_behind(&self) -> bool {
        self.steps.as_ref().is_some_and(Steps::is_behind)
    }

    /// Does in the store what nobody waits for.
    ///
    /// # Errors
    /// Nothing can be kept any more: this node must stop.
    pub(super) async fn tend(&mut self) -> Result<(), Fault> {
        let Some(steps) = self.steps.take() else { return Ok(()) };
        let (steps, done) = task::spawn_blocking(move || steps.tend()).await;
        self.steps = Some(steps);
        done.map_err(|why| self.replica.follower_mut().stop(Fault::NotKept { why }))
    }

    /// Closes the store.
    pub(super) async fn close(self) {
        if let Some(steps) = self.steps {
            task::spawn_blocking(move || steps.close()).await;
        }
    }
}

/// Follows the log after a position.
fn follow(options: &NatsOptions, executor: Executor, after: LogPosition) -> (NatsLog, Tail) {
    let (log, tail, work) = open(options.clone(), after);
    executor.spawn(work);
    (log, tail)
}
