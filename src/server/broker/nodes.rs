//! The other nodes of this chat: clients are told where they are, and are sent to them while this one is out of touch or
//! drains.
//!
//! Must not know: how nodes keep the same chat, or when this one is out of touch.

use super::caller::Denial;
use super::{Broker, CutReason, Input, Outbox};
use crate::model::Text;
use crate::protocol::words::NODES;
use crate::protocol::{Code, Event, SessionEvent};
use crate::server::broker::rules::Rules;
use crate::server::broker::shared_rules::SharedRules;
use crate::server::ids::ConnId;
use crate::server::store::api::Job;
use crate::server::telemetry::events::Note;

const BEHIND: &str = "This server has not heard the others for some seconds: what you send waits, and they may have said more than you see.";
const HEARS_AGAIN: &str = "This server hears the others again.";

impl Broker {
    // --- where they are

    /// The words of the greeting of a server that is one of several nodes.
    pub(super) fn words_of_nodes(&self) -> &'static [&'static str] {
        if self.lifecycle.rules().nodes.is_empty() { &[] } else { &[NODES] }
    }

    /// The client of a connection moves between nodes by itself.
    pub(super) fn set_hears_of_nodes(&mut self, conn: ConnId, out: &mut Outbox) {
        self.peers.set_hears_of_nodes(conn);
        self.tell_nodes(conn, out);
    }

    /// Tells a user where the nodes are, if there are any and the client knows what that means.
    pub(super) fn tell_nodes(&self, conn: ConnId, out: &mut Outbox) {
        let nodes = &self.lifecycle.rules().nodes;
        if !nodes.is_empty() && self.peers.hears_of_nodes(conn) {
            out.send(conn, &Event::Session(SessionEvent::Nodes(nodes.clone())).into());
        }
    }

    /// All nodes decide by these rules from here on.
    pub(super) fn agree(&mut self, shared: SharedRules, out: &mut Outbox) {
        out.jobs.push(Job::KeepFor(shared.keep));
        self.lifecycle.share(shared);
        let rules = self.lifecycle.rules().clone();
        self.take_rules(rules, out);
    }

    /// The rules that all nodes share; `None` on a server that stands alone.
    #[must_use]
    pub fn shared_rules(&self) -> Option<&SharedRules> {
        self.lifecycle.shared()
    }

    /// Puts new rules in force, but for what all nodes share, and tells the clients if the nodes are others.
    pub(super) fn take_rules(&mut self, rules: Rules, out: &mut Outbox) {
        let rules = self.lifecycle.beside_shared(rules);
        let before = self.lifecycle.rules().nodes.clone();
        self.change_rules(rules, out);
        let nodes = &self.lifecycle.rules().nodes;
        if *nodes == before {
            return;
        }
        let told = Event::Session(SessionEvent::Nodes(nodes.clone())).into();
        self.peers.all_who_hear_of_nodes().into_iter().for_each(|conn| out.send(conn, &told));
    }

    // --- this one serves nobody for a while

    /// Sends every client elsewhere, and those who come, until [`Broker::give_back`].
    pub(super) fn withdraw(&mut self, text: &str, out: &mut Outbox) {
        out.notes.push(Note::Withdrawn { text: Text::line(text) });
        self.lifecycle.withdraw(text.to_owned());
        for conn in self.peers.all_in_order() {
            self.send_elsewhere(conn, out);
        }
    }

    /// Serves those who come again.
    pub(super) fn give_back(&mut self, out: &mut Outbox) {
        if self.lifecycle.end_withdrawal() {
            out.notes.push(Note::Returned);
        }
    }

    /// Tells every user of this server whether it hears the others.
    pub(super) fn tell_of_lag(&self, behind: bool, out: &mut Outbox) {
        let told = Event::Notice(Text::line(if behind { BEHIND } else { HEARS_AGAIN })).into();
        for (conn, peer) in self.peers.iter() {
            if peer.name().is_some() {
                out.send(conn, &told);
            }
        }
    }

    /// Sends a client elsewhere if this server serves nobody. What it has sent and was not told of, it sends again there.
    pub(super) fn send_elsewhere(&mut self, conn: ConnId, out: &mut Outbox) {
        let Some(text) = self.lifecycle.withdrawn() else { return };
        if self.peers.is_original(conn) && self.peers.folded(conn).is_none() {
            out.send(conn, &Event::NameRefused(Text::line(text)).into());
        } else {
            Denial::new(Code::Elsewhere, text).tell(conn, None, out);
        }
        out.close(conn);
        self.findings.add(Input::Cut(conn, CutReason::Elsewhere));
    }
}
