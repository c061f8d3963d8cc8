//! What the clients of a simulated world do.

use tr2::server::cluster::freshness::Freshness;

use crate::cluster::node::{Running, Sabotage};
use crate::cluster::sim::{NODES, World};

impl World {
    pub(super) fn acts(&mut self, client: usize) -> Result<(), String> {
        match self.clients[client].home {
            Some((node, conn)) => self.acts_on(client, node, conn),
            None => self.looks_for_a_node(client),
        }
    }

    fn acts_on(&mut self, client: usize, node: usize, conn: u64) -> Result<(), String> {
        let clock = self.nodes[node].now(self.now);
        let Some(run) = self.nodes[node].awake() else {
            // It notices after a while that nobody answers.
            if self.chance.below(2) == 0 {
                self.clients[client].home = None;
            }
            return Ok(());
        };
        let freshness = run.follower.freshness(clock);
        if freshness == Freshness::Elsewhere || self.chance.below(30) == 0 {
            run.clients.remove(&conn);
            let bye = self.clients[client].leave();
            self.says(client, node, conn, bye)?;
            return Ok(());
        }
        let applied = self.nodes[node].run.as_ref().map_or(0, |run| run.applied);
        if self.log.time_of(applied + 1).is_some_and(|time| self.now - time > 10_000) && !self.must_stop {
            return Err(format!("{} shows a past of more than ten seconds: {applied}", NODES[node]));
        }
        if !self.is_calm {
            for _ in 0..=self.chance.below(2) {
                if self.clients[client].is_patient() {
                    let word = self.clients[client].speak(client as u64);
                    self.says(client, node, conn, word)?;
                }
            }
            if self.chance.below(6) == 0 {
                let name = self.clients[client].rename(self.chance.below(3) as u64);
                self.says(client, node, conn, name)?;
            }
        }
        self.appends(node);
        Ok(())
    }

    /// A connection of a client is closed by its node, as where the client's session was taken over at another one.
    pub(super) fn is_closed(&mut self, client: usize, node: usize, conn: u64) -> Result<(), String> {
        if let Some(run) = &mut self.nodes[node].run {
            run.clients.remove(&conn);
        }
        if self.clients[client].home != Some((node, conn)) {
            return Ok(());
        }
        let bye = self.clients[client].leave();
        self.says(client, node, conn, bye)
    }

    fn looks_for_a_node(&mut self, client: usize) -> Result<(), String> {
        let node = self.chance.below(NODES.len());
        let clock = self.nodes[node].now(self.now);
        let lets_in = |run: &mut Running| run.follower.freshness(clock) == Freshness::Fresh;
        if !self.nodes[node].awake().is_some_and(lets_in) {
            return Ok(());
        }
        let conn = self.nodes[node].connect(client);
        let name = self.chance.below(3) as u64;
        for text in self.clients[client].connect(client as u64, node, conn, name) {
            self.says(client, node, conn, text)?;
        }
        self.appends(node);
        Ok(())
    }

    fn says(&mut self, client: usize, node: usize, conn: u64, text: String) -> Result<(), String> {
        let early = self.plan.sabotage == Some(Sabotage::AcceptsEarly) && text.starts_with("word");
        let Some(run) = self.nodes[node].awake() else { return Ok(()) };
        if run.follower.say(conn, text.into()).is_err() {
            run.clients.remove(&conn);
            self.clients[client].home = None;
            return Ok(());
        }
        if early {
            let word = self.clients[client].last();
            self.hears(client, word)?;
        }
        Ok(())
    }
}
