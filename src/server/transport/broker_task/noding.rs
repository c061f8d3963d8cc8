//! What the task does besides where it is that of a node of a chat: it takes what the log says, keeps what was decided before
//! anybody is told of it, and lets connections in once it serves.
//!
//! Must not know: how the log is read, or what its entries say.

use std::io;

use super::BrokerTask;
use crate::server::broker::Input;
use crate::server::cluster::fault::Fault;
use crate::server::ids::ConnId;
use crate::server::log::Tailed;
use crate::server::transport::decider::DecisionMaker;

impl BrokerTask {
    /// Takes what the log says.
    pub(super) fn take_tailed(&mut self, tailed: Tailed) -> Result<(), Fault> {
        let now = self.clock.now();
        match &mut self.decider {
            DecisionMaker::Alone(..) => Ok(()),
            DecisionMaker::Node(desk) => desk.take_tailed(now, tailed, &mut self.outbox),
        }
    }

    /// Says in the log what is to be said, and keeps what was decided; nothing of this round is written before.
    pub(super) async fn keep_steps(&mut self, ticked: bool) -> Result<(), Fault> {
        let Some(node) = self.decider.node() else { return Ok(()) };
        let now = self.clock.now();
        if node.is_out() {
            // Nobody knows whether what was ordered is done: whoever waits for it is told that it may not be.
            self.askers.clear();
        }
        node.say(now).await;
        node.commit()?;
        if ticked || node.is_behind() { node.tend().await } else { Ok(()) }
    }

    /// Does what is due once a second.
    pub(super) fn tick(&mut self) -> Result<(), Fault> {
        let now = self.clock.now();
        match &mut self.decider {
            DecisionMaker::Alone(broker, _) => {
                broker.handle(now, Input::Tick, &mut self.outbox);
                Ok(())
            }
            DecisionMaker::Node(desk) => desk.watch(now, &mut self.outbox),
        }
    }

    /// Begins: a node that is not in yet serves nobody.
    pub(super) fn begin(&mut self) {
        let now = self.clock.now();
        if let DecisionMaker::Node(desk) = &mut self.decider {
            desk.is_not_in_yet(now, &mut self.outbox);
        }
    }

    /// Says in the log up to where a node has read that is done.
    pub(super) fn log_end(&self) {
        if let DecisionMaker::Node(desk) = &self.decider {
            log::info!(position = desk.position(); "node_left");
        }
    }

    /// Lets connections in, once there is a broker that serves them.
    pub(super) fn open_door(&mut self) {
        if self.door.is_none() {
            return;
        }
        let first = match &self.decider {
            DecisionMaker::Alone(..) => Some(ConnId(1)),
            DecisionMaker::Node(desk) => desk.first_connection(self.clock.now()),
        };
        if let Some(first) = first
            && let Some(door) = self.door.take()
        {
            door(first);
        }
    }

    /// Ends a node that cannot go on. What was not kept is not said either: clients ask again at another node.
    pub(super) async fn stop(self, fault: Fault) -> io::Result<()> {
        if let DecisionMaker::Node(desk) = self.decider {
            log::error!(position = desk.position(), reason:% = fault; "node_stopped");
            desk.say_last_words(self.clock).await;
        }
        Err(io::Error::other(fault))
    }
}
