//! What this node says in the log: one entry at a time, again until it comes back, and meanwhile it gathers what the next one
//! will hold.
//!
//! # Epochs
//! An epoch begins with a hello and ends where the log says so. Its number must be higher than every one that this node ever
//! took, also in a run of which its own file no longer knows anything. So it is the wall clock in milliseconds, or one more than
//! the highest that the log knows if the clock is behind that. Where both fail (the clock went back, and an earlier run's
//! hello was not yet read), the log refuses the number or has it from a hello with another [`Hello::life`]; both are seen
//! here, and the next number is tried.
//!
//! Must not know: how entries get into the log.

use std::time::Duration;

use bytes::Bytes;

use super::entry::{EntryKey, Hello, LogCommand, LogEntry, NodeId, Purpose, SettingsHash};
use super::fault::Fault;
use super::step::{Disregard, EndOfEpoch, EntrySender, LogStep, Unwelcome, Verdict};
use super::turn::Turn;
use super::waiting::{LaneError, MAX_WAITING, WaitingCommands};
use crate::model::time::{Now, Timestamp};

/// Something is said at least this often.
pub const HEARTBEAT: Duration = Duration::from_secs(1);
/// An entry that has not come back is appended again after this long.
pub const AGAIN: Duration = Duration::from_secs(2);
/// How long a node waits before it says hello again where it was turned away.
pub const KNOCK_AGAIN: Duration = Duration::from_secs(1);
/// A node that was turned away for this long gives up: nodes that are dead would be out by then.
pub const GIVE_UP_AFTER: Duration = Duration::from_secs(12);
/// A claim that others wait for is made again at most this often.
const CLAIM_AGAIN: Duration = Duration::from_millis(100);
/// How often a node may lose its place to another program of its name before it stops.
const MAX_DISPLACED: u8 = 3;
/// Losses of its place that are farther apart than this have nothing to do with each other.
const DISPLACED_WITHIN: Duration = Duration::from_secs(60);

/// Who this node is.
#[derive(Clone, Debug)]
pub struct OwnNode {
    /// Its name.
    pub node: NodeId,
    /// What its hellos say.
    pub hello: Hello,
}

/// What a step means for this node's own place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaneNews {
    /// The step is no matter of this node's own.
    Nothing,
    /// What this node said last has come back, and counts.
    Own {
        /// When it was first appended, on the steady clock.
        said_at: Timestamp,
    },
    /// The epoch is void: nothing that waits or is under way will ever count, and all connections of this node have ended.
    Lost,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LanePhase {
    /// Not to come in yet.
    Outside,
    /// To come in, from this moment on.
    Knocking(Timestamp),
    In,
    /// To leave as soon as all is said.
    Leaving,
    Left,
}

/// An entry that was appended and has not come back.
#[derive(Debug)]
struct UnderWay {
    n: u64,
    purpose: Purpose,
    commands: Vec<LogCommand>,
    /// When it was first appended, on the steady clock.
    first: Timestamp,
    /// When it was last appended.
    last: Timestamp,
}

/// What this node wants to say.
#[derive(Debug)]
pub struct Lane {
    own: OwnNode,
    key: EntryKey,
    phase: LanePhase,
    epoch: u64,
    waiting: WaitingCommands,
    under_way: Option<UnderWay>,
    /// When the last entry was made.
    made_at: Timestamp,
    /// What the last entry claimed to have applied.
    claimed: u64,
    /// When the newest own entry that is decided was first appended.
    fresh_at: Timestamp,
    turned_away_since: Option<Timestamp>,
    displaced: u8,
    displaced_at: Timestamp,
}

impl Lane {
    /// The lane of a node that does not come in yet.
    #[must_use]
    pub fn new(own: OwnNode, key: EntryKey) -> Self {
        Self {
            own,
            key,
            phase: LanePhase::Outside,
            epoch: 0,
            waiting: WaitingCommands::default(),
            under_way: None,
            made_at: Timestamp(i64::MIN),
            claimed: 0,
            fresh_at: Timestamp(0),
            turned_away_since: None,
            displaced: 0,
            displaced_at: Timestamp(0),
        }
    }

    /// Comes in. To be called once the log has been read to its end: whoever reads on for long would be out again.
    pub fn come_in(&mut self) {
        if self.phase == LanePhase::Outside {
            self.phase = LanePhase::Knocking(Timestamp(i64::MIN));
        }
    }

    /// Leaves, as soon as everything is said that waits.
    pub fn leave(&mut self) {
        self.phase = match self.phase {
            LanePhase::In => LanePhase::Leaving,
            LanePhase::Outside | LanePhase::Knocking(_) => LanePhase::Left,
            LanePhase::Leaving | LanePhase::Left => return,
        };
    }

    /// The node that speaks.
    #[must_use]
    pub fn node(&self) -> &NodeId {
        &self.own.node
    }

    /// Whether this node is in and may say something.
    #[must_use]
    pub fn is_in(&self) -> bool {
        self.phase == LanePhase::In
    }

    /// Whether this node has left for good.
    #[must_use]
    pub fn has_left(&self) -> bool {
        self.phase == LanePhase::Left
    }

    /// This node's epoch, or the last one it had; 0 if it never had one.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Whether so much waits that connections should not be read from.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.waiting.bytes() >= MAX_WAITING / 2
    }

    /// How many commands of a connection are not decided yet. What it reads must wait for them.
    #[must_use]
    pub fn under_way_of(&self, conn: u64) -> usize {
        self.waiting.open(conn)
    }

    /// How old this node's picture of the chat is; `None` if it is not in.
    #[must_use]
    pub fn age(&self, now: Now) -> Option<Duration> {
        matches!(self.phase, LanePhase::In | LanePhase::Leaving).then(|| now.steady.since(self.fresh_at))
    }

    /// What this node's hellos say from now on of the settings that all share.
    pub fn set_settings(&mut self, settings: SettingsHash) {
        self.own.hello.settings = settings;
    }

    /// Takes what a connection asks for, to be said in its turn.
    ///
    /// # Errors
    /// It will not be said.
    pub fn say(&mut self, conn: u64, command: Bytes) -> Result<(), LaneError> {
        self.add(None, conn, command)
    }

    /// Takes a command that gives all nodes new settings.
    ///
    /// # Errors
    /// It will not be said.
    pub fn say_settings(&mut self, settings: SettingsHash, conn: u64, command: Bytes) -> Result<(), LaneError> {
        self.add(Some(settings), conn, command)
    }

    fn add(&mut self, settings: Option<SettingsHash>, conn: u64, bytes: Bytes) -> Result<(), LaneError> {
        if self.phase == LanePhase::In { self.waiting.add(settings, conn, bytes) } else { Err(LaneError::Outside) }
    }

    /// How long nothing may be said at most: not long where the others wait for what this node has read.
    fn longest_silence(&self, turn: &Turn) -> Duration {
        if turn.doubt().is_some_and(|doubt| doubt > self.claimed) { CLAIM_AGAIN } else { HEARTBEAT }
    }

    /// When [`Lane::due`] is to be asked again at the latest, on the steady clock; `None` if never.
    #[must_use]
    pub fn due_at(&self, turn: &Turn) -> Option<Timestamp> {
        match (self.phase, &self.under_way) {
            (LanePhase::Outside | LanePhase::Left, _) => None,
            (_, Some(under_way)) => Some(under_way.last.after(AGAIN)),
            (LanePhase::Knocking(from), None) => Some(from),
            (LanePhase::Leaving, None) => Some(self.made_at),
            (LanePhase::In, None) if !self.waiting.is_empty() => Some(self.made_at),
            (LanePhase::In, None) => Some(self.made_at.after(self.longest_silence(turn))),
        }
    }

    /// The entry that is to be appended now, if any. To be asked after each step, each word and at [`Lane::due_at`].
    pub fn due(&mut self, now: Now, turn: &Turn) -> Option<Bytes> {
        if let Some(under_way) = &mut self.under_way {
            if now.steady.since(under_way.last) < AGAIN {
                return None;
            }
            under_way.last = now.steady;
            return self.written(now, turn);
        }
        let (n, purpose, commands) = match self.phase {
            LanePhase::Outside | LanePhase::Left => return None,
            LanePhase::Knocking(from) if now.steady < from => return None,
            LanePhase::Knocking(_) => {
                let known = turn.state().roll.get(&self.own.node).map_or(0, |record| record.epoch).max(self.epoch);
                self.epoch = known.saturating_add(1).max(u64::try_from(now.wall.0).unwrap_or(0));
                (0, Purpose::Hello(self.own.hello.clone()), Vec::new())
            }
            LanePhase::In | LanePhase::Leaving => {
                let n = turn.state().roll.living(&self.own.node, self.epoch)?.next;
                let (purpose, commands) = self.waiting.gather();
                let is_silent = now.steady.since(self.made_at) < self.longest_silence(turn);
                match purpose {
                    Purpose::Commands if commands.is_empty() && self.phase == LanePhase::Leaving => {
                        (n, Purpose::Farewell, commands)
                    }
                    Purpose::Commands if commands.is_empty() && is_silent => {
                        return None;
                    }
                    purpose => (n, purpose, commands),
                }
            }
        };
        self.under_way = Some(UnderWay { n, purpose, commands, first: now.steady, last: now.steady });
        self.written(now, turn)
    }

    /// What is under way, as it is appended now: with the same meaning each time, but today's clock and claim.
    fn written(&mut self, now: Now, turn: &Turn) -> Option<Bytes> {
        let under_way = self.under_way.as_ref()?;
        let entry = LogEntry {
            founding: turn.state().founding,
            node: self.own.node.clone(),
            epoch: self.epoch,
            n: under_way.n,
            stamp: now.wall,
            applied: turn.applied(),
            purpose: under_way.purpose.clone(),
            commands: under_way.commands.clone(),
        };
        self.made_at = now.steady;
        self.claimed = entry.applied.position;
        entry.write(&self.key).ok()
    }

    /// The last entry of a node that stops: its claim lets the others see what is wrong.
    #[must_use]
    pub fn last_words(&self, purpose: Purpose, now: Now, turn: &Turn) -> Option<Bytes> {
        let n = turn.state().roll.get(&self.own.node).map_or(1, |record| record.next.max(1));
        let entry = LogEntry {
            founding: turn.state().founding,
            node: self.own.node.clone(),
            epoch: self.epoch,
            n,
            stamp: now.wall,
            applied: turn.applied(),
            purpose,
            commands: Vec::new(),
        };
        entry.write(&self.key).ok()
    }

    /// Looks at a step of the log for what it means for this node's own place.
    ///
    /// # Errors
    /// This node can have no place.
    pub fn take(&mut self, step: &LogStep, now: Now) -> Result<LaneNews, Fault> {
        let ended = step.ended.iter().find(|ended| ended.node == self.own.node && ended.epoch == self.epoch);
        if let Some(ended) = ended
            && matches!(self.phase, LanePhase::In | LanePhase::Leaving)
        {
            return self.lose(ended.why, step, now);
        }
        let mine = |sender: &EntrySender| sender.node == self.own.node && sender.epoch == self.epoch;
        match &step.verdict {
            Verdict::CameIn { sender, life, .. } if sender.node == self.own.node => {
                self.hear_hello(sender.epoch, *life, now)
            }
            Verdict::TurnedAway { sender, why } if mine(sender) => self.hear_refusal(*why, now),
            Verdict::Counts { sender, .. }
                if mine(sender) && matches!(self.phase, LanePhase::In | LanePhase::Leaving) =>
            {
                match self.under_way.take_if(|under_way| under_way.n == sender.n) {
                    Some(under_way) => Ok(LaneNews::Own { said_at: under_way.first }),
                    None => Err(Fault::Twin(self.own.node.clone())),
                }
            }
            Verdict::Nothing { sender: Some(sender), why: Disregard::Void } if mine(sender) => {
                self.try_another_epoch();
                Ok(LaneNews::Nothing)
            }
            Verdict::Counts { .. }
            | Verdict::CameIn { .. }
            | Verdict::Left { .. }
            | Verdict::TurnedAway { .. }
            | Verdict::Nothing { .. } => Ok(LaneNews::Nothing),
        }
    }

    /// Takes down that an own entry which was first appended at `said_at` is decided.
    pub fn decided(&mut self, commands: &[LogCommand], said_at: Timestamp) {
        self.fresh_at = self.fresh_at.max(said_at);
        self.waiting.decided(commands);
    }

    fn hear_hello(&mut self, epoch: u64, life: u64, now: Now) -> Result<LaneNews, Fault> {
        if !matches!(self.phase, LanePhase::Knocking(_)) || epoch < self.epoch {
            return Ok(LaneNews::Nothing);
        }
        if epoch == self.epoch && life == self.own.hello.life {
            self.phase = LanePhase::In;
            self.turned_away_since = None;
            let said_at = self.under_way.take().map_or(now.steady, |under_way| under_way.first);
            self.fresh_at = said_at;
            return Ok(LaneNews::Own { said_at });
        }
        // An earlier run said it, or another program of this name.
        self.try_another_epoch();
        Ok(LaneNews::Nothing)
    }

    fn hear_refusal(&mut self, why: Unwelcome, now: Now) -> Result<LaneNews, Fault> {
        if !matches!(self.phase, LanePhase::Knocking(_)) {
            return Ok(LaneNews::Nothing);
        }
        let since = *self.turned_away_since.get_or_insert(now.steady);
        let is_final = matches!(why, Unwelcome::TooOld { .. } | Unwelcome::TooMany);
        if is_final || now.steady.since(since) >= GIVE_UP_AFTER {
            return Err(Fault::NotWelcome(why));
        }
        self.under_way = None;
        self.phase = LanePhase::Knocking(now.steady.after(KNOCK_AGAIN));
        Ok(LaneNews::Nothing)
    }

    fn try_another_epoch(&mut self) {
        if matches!(self.phase, LanePhase::Knocking(_)) {
            self.under_way = None;
        }
    }

    fn lose(&mut self, why: EndOfEpoch, step: &LogStep, now: Now) -> Result<LaneNews, Fault> {
        self.waiting = WaitingCommands::default();
        self.under_way = None;
        if why == EndOfEpoch::Replaced {
            let again = now.steady.since(self.displaced_at) < DISPLACED_WITHIN;
            self.displaced = if again { self.displaced.saturating_add(1) } else { 1 };
            self.displaced_at = now.steady;
            if self.displaced >= MAX_DISPLACED {
                return Err(Fault::Twin(self.own.node.clone()));
            }
        }
        let left = self.phase == LanePhase::Leaving;
        self.phase = if left { LanePhase::Left } else { LanePhase::Knocking(now.steady) };
        let as_planned = matches!(&step.verdict, Verdict::Left { sender } if sender.node == self.own.node);
        Ok(if as_planned { LaneNews::Own { said_at: now.steady } } else { LaneNews::Lost })
    }
}
