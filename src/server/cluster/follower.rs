//! One node on the log: what it reads, what it says, and what of it may be shown by now.
//!
//! The shell around it hands in what the log has, carries out what comes out, and appends what [`Follower::due`] gives it.
//!
//! Must not know: how the log is read and written, and what commands mean.

use bytes::Bytes;

use super::entry::{EntryKey, NodeId, Purpose};
use super::fault::Fault;
use super::freshness::Freshness;
use super::held::{HeldSteps, MAX_HELD};
use super::lane::{Lane, LaneNews, OwnNode};
use super::step::{LogStep, TurnState, Verdict};
use super::turn::Turn;
use super::waiting::LaneError;
use crate::model::time::{Now, Timestamp};

/// What is to be done because of the log, in this order.
#[derive(Debug)]
pub enum FollowerNews {
    /// This node's epoch is void. All of its connections end now, and no request of theirs that was not answered will ever
    /// count. The node comes in again by itself.
    Lost,
    /// A step is to be carried out, and kept with its state in one transaction. Not before that is anything of it shown.
    Apply {
        /// The step.
        step: LogStep,
        /// Whether this node said the entry, in this run and epoch: its connections get the answers. If it is a hello, this
        /// node may let connections in from here on; if a farewell, it is done.
        own: bool,
    },
}

/// A node that follows the log.
#[derive(Debug)]
pub struct Follower {
    turn: Turn,
    lane: Lane,
    /// What was taken while it was not sure that the others have the same log.
    held: HeldSteps,
    fault: Option<Fault>,
    /// Whether the own hello was handed out.
    serves: bool,
}

impl Follower {
    /// A node that goes on from what it has kept. It reads, and says nothing before [`Follower::come_in`].
    #[must_use]
    pub fn resumed(own: OwnNode, state: TurnState, key: EntryKey) -> Self {
        let turn = Turn::resumed(own.node.clone(), state, key.clone(), own.hello.versions);
        Self { turn, lane: Lane::new(own, key), held: HeldSteps::default(), fault: None, serves: false }
    }

    /// The reader's part.
    #[must_use]
    pub fn turn(&self) -> &Turn {
        &self.turn
    }

    /// The speaker's part.
    #[must_use]
    pub fn lane(&self) -> &Lane {
        &self.lane
    }

    /// How many bytes of what was taken are held back. It is never more than [`MAX_HELD`].
    #[must_use]
    pub fn held_bytes(&self) -> usize {
        self.held.bytes()
    }

    /// Comes in. To be called once the log has been read to its end.
    pub fn come_in(&mut self) {
        self.lane.come_in();
    }

    /// Leaves as planned, once everything is said that waits.
    pub fn leave(&mut self) {
        self.lane.leave();
    }

    /// Whether connections may be let in and read from.
    #[must_use]
    pub fn serves(&self) -> bool {
        self.serves && self.fault.is_none()
    }

    /// Whether what this node shows is new enough.
    #[must_use]
    pub fn freshness(&self, now: Now) -> Freshness {
        if self.serves() { Freshness::of(self.lane.age(now)) } else { Freshness::Elsewhere }
    }

    /// Takes what a connection asks for.
    ///
    /// # Errors
    /// It will not be said.
    pub fn say(&mut self, conn: u64, command: Bytes) -> Result<(), LaneError> {
        if !self.serves() {
            return Err(LaneError::Outside);
        }
        self.lane.say(conn, command)
    }

    /// Takes a command that gives all nodes new settings.
    ///
    /// # Errors
    /// It will not be said.
    pub fn say_settings(&mut self, settings: [u8; 32], conn: u64, command: Bytes) -> Result<(), LaneError> {
        if !self.serves() {
            return Err(LaneError::Outside);
        }
        self.lane.say_settings(settings, conn, command)
    }

    /// What this node's hellos say from now on of the settings that all share.
    pub fn set_settings(&mut self, settings: [u8; 32]) {
        self.lane.set_settings(settings);
    }

    /// Takes the next entry of the log. Everything that the log gives must be handed in: where it gives a position again, it
    /// is at fault.
    ///
    /// # Errors
    /// This node must stop: it shows nothing more, and what was held back is dropped.
    pub fn take(&mut self, now: Now, position: u64, bytes: &Bytes) -> Result<Vec<FollowerNews>, Fault> {
        let step = self.turn.take(position, bytes).map_err(|fault| self.stop(fault))?;
        let mut news = Vec::new();
        let said_at = match self.lane.take(&step, now).map_err(|fault| self.stop(fault))? {
            LaneNews::Nothing => None,
            LaneNews::Own { said_at } => Some(said_at),
            LaneNews::Lost => {
                // Nobody is left to be answered.
                self.held.answers_nobody();
                self.serves = false;
                news.push(FollowerNews::Lost);
                None
            }
        };
        self.held.push(step, said_at, bytes.len());
        self.hand_out_sure(&mut news);
        if self.held.bytes() > MAX_HELD {
            self.turn.settle_for_less();
            self.hand_out_sure(&mut news);
        }
        if self.held.bytes() > MAX_HELD {
            return Err(self.stop(Fault::Unheard { position: self.turn.sure_up_to() }));
        }
        Ok(news)
    }

    fn hand_out_sure(&mut self, news: &mut Vec<FollowerNews>) {
        while let Some((step, said_at)) = self.held.pop_up_to(self.turn.sure_up_to()) {
            if let Some(said_at) = said_at {
                self.hand_out(&step, said_at);
            }
            news.push(FollowerNews::Apply { step, own: said_at.is_some() });
        }
    }

    /// Goes on over another connection to the log, also the first one: the last position of the log, and the entry that it has
    /// at the last position that this node took, if it still keeps that. What is read from here on is held back until the
    /// other nodes are heard, since the log may have lost something meanwhile. A node that has much to read hands out earlier
    /// what all nodes that were in at that place of the log had read.
    ///
    /// # Errors
    /// This node must stop.
    pub fn reconnected(&mut self, newest: u64, last: Option<&Bytes>) -> Result<(), Fault> {
        self.turn.reconnected(newest, last).map_err(|fault| self.stop(fault))
    }

    /// Compares the last position of the log, as it was told, with the last one that was taken when that was asked for. To be
    /// called every second or so. Only a server that leads the log may be believed: one that lags would stop this node.
    ///
    /// # Errors
    /// This node must stop.
    pub fn ends_at(&mut self, taken: u64, newest: u64) -> Result<(), Fault> {
        self.turn.ends_at(taken, newest).map_err(|fault| self.stop(fault))
    }

    /// Takes down the sum over all decisions after a step whose tick was due.
    pub fn decided(&mut self, position: u64, sum: u64) {
        self.turn.decided(position, sum);
    }

    /// The entry that is to be appended now, if any. To be asked after each entry that was taken, after each word, and at
    /// [`Follower::due_at`].
    pub fn due(&mut self, now: Now) -> Option<Bytes> {
        if self.fault.is_some() { None } else { self.lane.due(now, &self.turn) }
    }

    /// When [`Follower::due`] is to be asked again at the latest, on the steady clock.
    #[must_use]
    pub fn due_at(&self) -> Option<Timestamp> {
        if self.fault.is_some() { None } else { self.lane.due_at(&self.turn) }
    }

    /// The entry that is to be appended by a node that stops because of a fault: the others need not wait for its end, and if
    /// the log lost something, they stop too. It should be appended until it is seen in the log, or for some seconds.
    #[must_use]
    pub fn last_words(&self, now: Now) -> Option<Bytes> {
        let purpose = if self.fault.as_ref()?.is_loss_seen() { Purpose::Alarm } else { Purpose::Farewell };
        self.lane.last_words(purpose, now, &self.turn)
    }

    /// The seat of this node, if it is in.
    #[must_use]
    pub fn seat(&self) -> Option<u16> {
        self.turn.state().roll.alive().find(|(node, _)| *node == self.lane.node()).map(|(_, record)| record.seat)
    }

    /// The nodes that are in, with the URLs for their clients.
    pub fn nodes(&self) -> impl Iterator<Item = (&NodeId, &str)> {
        self.turn.state().roll.alive().map(|(node, record)| (node, record.url.as_str()))
    }

    /// An own step is about to be carried out.
    fn hand_out(&mut self, step: &LogStep, said_at: Timestamp) {
        match &step.verdict {
            Verdict::CameIn { .. } => self.serves = true,
            Verdict::Left { .. } => self.serves = false,
            Verdict::Counts { commands, .. } => self.lane.decided(commands, said_at),
            Verdict::TurnedAway { .. } | Verdict::Nothing { .. } => {}
        }
    }

    /// This node must stop, for a reason that its shell has found.
    pub fn stop(&mut self, fault: Fault) -> Fault {
        self.held = HeldSteps::default();
        self.serves = false;
        self.fault = Some(fault.clone());
        fault
    }
}
