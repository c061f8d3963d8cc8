//! What one entry of the log means, in its turn: identically on every node that has read the same log.
//!
//! An entry counts if its node's epoch is alive and its number is that node's next; else it changes nothing. That alone
//! gives exactly once and one order for each connection over any log that keeps what it took at least once. Time is the
//! log's, and so are life and death: no node asks another whether it is there.
//!
//! Must not know: which node this is, except for being sure of what it has read.

use std::sync::Arc;

use bytes::Bytes;

use super::entry::{Applied, Digest, EntryKey, LogEntry, NodeId, Purpose, Versions};
use super::entry_bytes::EntryError;
use super::fault::Fault;
use super::step::{Disregard, EndedEpoch, EntrySender, LogStep, TurnState, Verdict};
use super::witness::Witness;
use crate::model::time::Timestamp;

/// So many entries that cannot be read, and none of another node between them, were written with another secret: others say
/// something each second.
const MAX_UNREAD_ENTRIES: u32 = 16;

/// The reader of a log, from a state on.
#[derive(Debug)]
pub struct Turn {
    me: NodeId,
    key: EntryKey,
    /// The versions of the rules that this program can apply.
    versions: Versions,
    state: Arc<TurnState>,
    digest: Option<Digest>,
    /// How many entries came that could not be read, since one of another node could.
    unread: u32,
    witness: Witness,
    fault: Option<Fault>,
}

impl Turn {
    /// Goes on from a state that was kept. `me` is the node whose doubts are told by [`Turn::sure_up_to`].
    #[must_use]
    pub fn resumed(me: NodeId, state: TurnState, key: EntryKey, versions: Versions) -> Self {
        let witness = Witness::resumed(me.clone(), state.position, state.chain);
        Self { key, versions, state: Arc::new(state), digest: None, unread: 0, me, witness, fault: None }
    }

    /// The state after the last step.
    #[must_use]
    pub fn state(&self) -> &Arc<TurnState> {
        &self.state
    }

    /// What an entry of this node claims to have applied.
    #[must_use]
    pub fn applied(&self) -> Applied {
        Applied { position: self.state.position, chain: self.state.chain, digest: self.digest }
    }

    /// Up to which position it is known that a majority of the nodes that are in has the same log as this one. What comes after
    /// it must not be shown to anybody. It is everything, except after a start or another connection to the log, after an
    /// entry that could not be read, and after another node's claim that does not fit.
    #[must_use]
    pub fn sure_up_to(&self) -> u64 {
        self.witness.sure_up_to()
    }

    /// The position from which on others must be heard for the doubt to end.
    #[must_use]
    pub fn doubt(&self) -> Option<u64> {
        self.witness.doubt()
    }

    /// Takes down the sum over all decisions after the step at `position`, whose tick was due. All nodes that have one compare
    /// it.
    pub fn decided(&mut self, position: u64, sum: u64) {
        let digest = Digest { position, sum };
        self.digest = Some(digest);
        self.witness.decided(digest);
    }

    /// Compares the last position of the log, as it was told, with the last one that was taken when that was asked for: more may
    /// have been taken since.
    ///
    /// # Errors
    /// The log is shorter.
    pub fn ends_at(&mut self, taken: u64, newest: u64) -> Result<(), Fault> {
        self.refuse_after_fault()?;
        if newest < taken { Err(self.stop(Fault::Shorter { applied: taken, newest })) } else { Ok(()) }
    }

    /// Goes on over another connection to the log, whose last position is this. `last` is the entry that the log has at the
    /// last position that was taken, unless it keeps that no longer. The log may have lost something and grown again, and
    /// what it gives from here on need not be what others have: so it is doubted until they all are heard.
    ///
    /// # Errors
    /// The log is shorter, or has another entry there.
    pub fn reconnected(&mut self, newest: u64, last: Option<&Bytes>) -> Result<(), Fault> {
        self.ends_at(self.state.position, newest)?;
        let TurnState { position, chain, chain_before, founding, .. } = *self.state;
        if let Some(last) = last.filter(|last| position > 0 && chain_before.next(position, last) != chain) {
            let anew = LogEntry::read(last, &self.key).is_ok_and(|entry| entry.founding > founding);
            return Err(self.stop(if anew { Fault::FoundedAnew } else { Fault::Rewritten { position } }));
        }
        self.witness.waits_for_all(position + 1, newest);
        Ok(())
    }

    /// Does not wait for the position at which all doubt would end, where too much came before it: it is sure as far as all
    /// nodes that are in at this place of the log have said that they had read the same.
    pub fn settle_for_less(&mut self) {
        self.witness.settle_for_less(&self.state.roll);
    }

    /// Takes the next entry.
    ///
    /// # Errors
    /// The log is not what it was, not what others have, or cannot be understood. The state is that before the entry, and
    /// every further entry fails likewise.
    pub fn take(&mut self, position: u64, bytes: &Bytes) -> Result<LogStep, Fault> {
        self.refuse_after_fault()?;
        self.taken(position, bytes).map_err(|fault| self.stop(fault))
    }

    fn refuse_after_fault(&self) -> Result<(), Fault> {
        self.fault.clone().map_or(Ok(()), Err)
    }

    fn stop(&mut self, fault: Fault) -> Fault {
        self.fault = Some(fault.clone());
        fault
    }

    fn taken(&mut self, position: u64, bytes: &Bytes) -> Result<LogStep, Fault> {
        let applied = self.state.position;
        if position <= applied {
            return Err(Fault::Back { applied, found: position });
        }
        if position != applied + 1 {
            return Err(Fault::Gap { expected: applied + 1, found: position });
        }
        let mut next = TurnState::clone(&self.state);
        next.position = position;
        next.chain_before = next.chain;
        next.chain = next.chain_before.next(position, bytes);
        let (ended, verdict) = match LogEntry::read(bytes, &self.key) {
            // The hash fits, so it is no accident.
            Err(EntryError::NewerFormat(_)) => return Err(Fault::NewerRules { position }),
            Err(error) => {
                self.unread += 1;
                if self.unread >= MAX_UNREAD_ENTRIES {
                    return Err(Fault::OtherSecret { position });
                }
                // The other nodes may have been able to read it.
                self.witness.doubts(position);
                (Vec::new(), Verdict::Nothing { sender: None, why: Disregard::Unreadable(error) })
            }
            Ok(entry) => self.weighed(&mut next, entry)?,
        };
        if next.version > self.versions.highest {
            return Err(Fault::NewerRules { position });
        }
        self.witness.reached(next.chain);
        self.witness.judge(&next.roll)?;
        let tick = next.time.div_euclid(1000) != self.state.time.div_euclid(1000);
        self.state = Arc::new(next);
        Ok(LogStep { position, time: Timestamp(self.state.time), ended, tick, verdict, state: Arc::clone(&self.state) })
    }

    fn weighed(&mut self, next: &mut TurnState, entry: LogEntry) -> Result<(Vec<EndedEpoch>, Verdict), Fault> {
        let sender = EntrySender { node: entry.node, epoch: entry.epoch, n: entry.n };
        if sender.node != self.me {
            self.unread = 0;
        }
        if entry.founding > next.founding {
            return Err(Fault::FoundedAnew);
        }
        if entry.founding < next.founding {
            return Ok((Vec::new(), Verdict::Nothing { sender: Some(sender), why: Disregard::OlderFounding }));
        }
        if entry.applied.position >= next.position {
            let (claimed, position) = (entry.applied.position, next.position);
            return Err(Fault::LostTail { node: sender.node, claimed, position });
        }
        if entry.purpose == Purpose::Alarm && self.witness.contradicts(&entry.applied) {
            return Err(Fault::Alarmed { node: sender.node, claimed: entry.applied.position });
        }
        if let Some(record) = self.state.roll.get(&sender.node)
            && (record.epoch, record.alive) == (sender.epoch, false)
            && entry.applied.position >= record.ended_at
            && sender.node != self.me
            && matches!(entry.purpose, Purpose::Commands | Purpose::Settings(_))
        {
            // It has read that its epoch ended, and goes on in it: there, it did not end.
            let (others, position) = (sender.node.to_string(), record.ended_at);
            return Err(Fault::OtherDecisions { others, position });
        }
        // What the entry claims is compared also if the entry does not count: it shows what its node had read.
        let was_in = self.state.roll.living(&sender.node, sender.epoch).is_some();
        if was_in {
            self.witness.compare(&sender.node, sender.epoch, &entry.applied, next.position);
        }
        if was_in && matches!(entry.purpose, Purpose::Farewell | Purpose::Alarm) {
            // Afterwards it has no say.
            self.witness.judge(&self.state.roll)?;
        }
        let mut ended = Vec::new();
        let verdict = match entry.purpose {
            Purpose::Hello(hello) => next.greet(sender.clone(), entry.stamp, &hello, &mut ended),
            purpose => next.listen(sender.clone(), entry.stamp, &purpose, entry.commands, &mut ended),
        };
        if !was_in && next.roll.living(&sender.node, sender.epoch).is_some() {
            self.witness.compare(&sender.node, sender.epoch, &entry.applied, next.position);
        }
        Ok((ended, verdict))
    }
}
