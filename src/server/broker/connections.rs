//! Connections: they are made, to this node or to another node of the chat, tell their dialect, and are gone.
//!
//! Must not know: names, or what connections ask for.

use super::caller::Denial;
use super::peers::{Introduction, Leaving};
use super::rooms::NODE_LOST;
use super::{Broker, Outbox};
use crate::model::{Now, Origin, Text};
use crate::protocol::words::{CALLS, CAPABILITIES, EDITING, RELAYS};
use crate::protocol::{Dialect, Event};
use crate::server::ids::{ConnId, NodeSeat};
use crate::server::telemetry::events::Note;

impl Broker {
    /// A connection was made.
    pub(super) fn connect(&mut self, now: Now, conn: ConnId, origin: Origin, out: &mut Outbox) {
        out.open(conn);
        if let Err(Denial { code, text, .. }) = self.access.admit(conn, origin) {
            out.notes.push(Note::TurnedAway { conn, from: origin, code });
            out.send(conn, &Event::NameRefused(Text::line(&text)).into());
            return out.close(conn);
        }
        self.peers.connect(conn, origin, now.steady);
        out.notes.push(Note::Connected { conn, from: origin });
        let rules = self.lifecycle.rules();
        let editing = !rules.edit_time.is_zero();
        let calls: &[&str] = if rules.calls { &[CALLS, RELAYS] } else { &[] };
        let able = CAPABILITIES.iter().filter(|word| editing || **word != EDITING);
        let words = able.chain(calls).chain(self.words_of_nodes()).map(|word| (*word).to_owned()).collect();
        out.send(conn, &Event::Greeting(words).into());
    }

    /// A connection to another node of the chat asks for something.
    pub(super) fn introduce(&mut self, now: Now, conn: ConnId, known: Introduction) {
        self.access.introduce(conn, known.origin);
        if !self.peers.mark_introduced(conn) {
            self.peers.introduce(conn, known, now.steady);
        }
    }

    /// A connection is gone.
    pub(super) fn gone(&mut self, conn: ConnId, why: &'static str, out: &mut Outbox) {
        self.leave(conn, Leaving::Gone(why), out);
        self.access.close(conn);
    }

    /// Another node of the chat is gone, and all connections to it.
    pub(super) fn lose_node(&mut self, seat: NodeSeat, out: &mut Outbox) {
        for conn in self.access.connections_to(seat) {
            if self.peers.awaits_login(conn) {
                // Its node alone would have told.
                self.access.end_lookup();
            }
            self.gone(conn, NODE_LOST, out);
        }
    }

    /// A connection's first bytes told its dialect, or later ones that it speaks TR2.26 after all.
    pub(super) fn speak(&mut self, now: Now, conn: ConnId, dialect: Dialect, out: &mut Outbox) {
        let was_original = self.peers.is_original(conn);
        if !self.peers.speak(conn, dialect) {
            return;
        }
        out.speak(conn, dialect);
        self.send_elsewhere(conn, out);
        let peer = self.peers.get(conn).filter(|_| was_original && dialect == Dialect::Tr226);
        if let Some((name, verified)) = peer.and_then(|peer| Some((peer.name()?.clone(), peer.has_proved()))) {
            self.come_back(now, (conn, &name), verified, out);
        }
    }
}
