//! What the task does besides where it is that of a node of a chat: it takes what the log says, keeps what was decided before
//! anybody is told of it, and lets connections in once it serves.
//!
//! Must not know: how the log is read, or what its entries say.

use std::io;

use super::BrokerTask;
use crate::server::cluster::fault::Fault;
use crate::server::ids::NodeSeat;
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
        let now = self.clock.now();
        let Some(node) = self.decider.node() else { return Ok(()) };
        if node.is_out() {
            // Nobody knows whether what was ordered is done: whoever waits for it is told that it may not be.
            self.askers.clear();
        }
        node.say(now);
        node.commit().await?;
        if ticked { node.tend().await } else { Ok(()) }
    }

    /// Lets connections in, once there is a broker that serves them.
    pub(super) fn open_door(&mut self) {
        let seat = match &self.decider {
            DecisionMaker::Alone(..) => Some(NodeSeat::default()),
            DecisionMaker::Node(desk) => desk.serves_at(),
        };
        if let Some(seat) = seat
            && let Some(door) = self.door.take()
        {
            door(seat);
        }
    }

    /// Ends a node that cannot go on. What was not kept is not said either: clients ask again at another node.
    pub(super) async fn stop(self, fault: Fault) -> io::Result<()> {
        log::error!(reason:% = fault; "node_stopped");
        if let DecisionMaker::Node(desk) = self.decider {
            desk.say_last_words(self.clock).await;
        }
        Err(io::Error::other(fault))
    }
}
