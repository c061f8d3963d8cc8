//! What an entry that could be read changes in the state of the log.
//!
//! Must not know: whether the other nodes have the same log.

use super::entry::{Hello, LogCommand, NodeId, Purpose};
use super::step::{Disregard, EndOfEpoch, EndedEpoch, EntrySender, TurnState, Unwelcome, Verdict};
use crate::model::time::Timestamp;

/// How far the log's time may be ahead of the clock in the middle of the nodes' clocks, in milliseconds.
pub(super) const MAX_AHEAD: i64 = 5000;

impl TurnState {
    /// Takes the hello of a node.
    pub(super) fn greet(
        &mut self,
        sender: EntrySender,
        stamp: Timestamp,
        hello: &Hello,
        ended: &mut Vec<EndedEpoch>,
    ) -> Verdict {
        if self.roll.get(&sender.node).is_some_and(|record| sender.epoch <= record.epoch) {
            let again = self.roll.living(&sender.node, sender.epoch).is_some();
            let why = if again { Disregard::Again } else { Disregard::Void };
            return Verdict::Nothing { sender: Some(sender), why };
        }
        self.end(&sender.node, EndOfEpoch::Replaced, ended);
        let unwelcome = self.unwelcome(&sender.node, hello);
        if unwelcome == Some(Unwelcome::TooMany) {
            return Verdict::TurnedAway { sender, why: Unwelcome::TooMany };
        }
        let seat = self.roll.write_down(&sender.node, (sender.epoch, self.position), hello, unwelcome.is_none());
        // Also those who do not come in let the time of the silent pass: else nodes that are long dead could keep them out.
        self.pass(&sender.node, stamp, ended);
        match unwelcome {
            Some(why) => Verdict::TurnedAway { sender, why },
            None => {
                self.settings = Some(hello.settings);
                self.raise_version();
                Verdict::CameIn { sender, seat, life: hello.life }
            }
        }
    }

    /// Takes any other entry.
    pub(super) fn listen(
        &mut self,
        sender: EntrySender,
        stamp: Timestamp,
        purpose: &Purpose,
        commands: Vec<LogCommand>,
        ended: &mut Vec<EndedEpoch>,
    ) -> Verdict {
        let nothing = |sender, why| Verdict::Nothing { sender: Some(sender), why };
        let Some(record) = self.roll.living(&sender.node, sender.epoch) else {
            let begun = self.roll.get(&sender.node).is_some_and(|record| sender.epoch <= record.epoch);
            return nothing(sender, if begun { Disregard::Void } else { Disregard::NotBegun });
        };
        if sender.n != record.next {
            let why = if sender.n < record.next { Disregard::Again } else { Disregard::TooEarly };
            return nothing(sender, why);
        }
        let seat = record.seat;
        self.roll.count(&sender.node);
        self.pass(&sender.node, stamp, ended);
        match purpose {
            Purpose::Farewell | Purpose::Alarm => {
                self.end(&sender.node, EndOfEpoch::Left, ended);
                self.raise_version();
                return Verdict::Left { sender };
            }
            Purpose::Settings(hash) => self.settings = Some(*hash),
            Purpose::Commands | Purpose::Hello(_) => {}
        }
        Verdict::Counts { sender, seat, commands }
    }

    /// Lets time pass by a node's stamp: the silent end, and the log's time moves on.
    fn pass(&mut self, node: &NodeId, stamp: Timestamp, ended: &mut Vec<EndedEpoch>) {
        for silent in self.roll.beat(node, stamp) {
            self.end(&silent, EndOfEpoch::Silent, ended);
        }
        if !ended.is_empty() {
            self.raise_version();
        }
        // Whoever does not come in has no say in what time it is.
        let is_in = self.roll.get(node).is_some_and(|record| record.alive);
        if let Some(middle) = self.roll.middle_stamp().filter(|_| is_in) {
            self.time = self.time.max(stamp.0.min(middle.0.saturating_add(MAX_AHEAD)));
        }
    }

    fn end(&mut self, node: &NodeId, why: EndOfEpoch, ended: &mut Vec<EndedEpoch>) {
        let Some(epoch) = self.roll.end(node, self.position) else { return };
        let seat = self.roll.get(node).map_or(0, |record| record.seat);
        ended.push(EndedEpoch { node: node.clone(), seat, epoch, why });
    }

    fn raise_version(&mut self) {
        self.version = self.version.max(self.roll.common_version().unwrap_or(0));
    }

    fn unwelcome(&self, node: &NodeId, hello: &Hello) -> Option<Unwelcome> {
        let needed = self.version;
        let nobody_is_in = self.roll.alive().next().is_none();
        if !self.roll.has_room(node) {
            Some(Unwelcome::TooMany)
        } else if hello.versions.highest < needed {
            Some(Unwelcome::TooOld { needed })
        } else if nobody_is_in {
            None
        } else if hello.versions.lowest > needed {
            Some(Unwelcome::TooNew { needed })
        } else if self.settings.is_some_and(|settings| settings != hello.settings) {
            Some(Unwelcome::Settings)
        } else {
            None
        }
    }
}
