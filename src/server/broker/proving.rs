//! A connection shows a code that lets it in, or gives the moderator passphrase, which a worker checks.
//!
//! Must not know: how codes are made (`access`), or how a passphrase is checked.

use super::access::CodeHash;
use super::caller::Denial;
use super::peers::{Awaits, Hold};
use super::{Broker, Input, Outbox};
use crate::model::{Now, Role, Text};
use crate::protocol::{Code, Envelope, Event, IdentityEvent};
use crate::server::ids::ConnId;
use crate::server::telemetry::events::Note;

impl Broker {
    /// A connection shows a code that lets it in under the name that it asks for next.
    pub(super) fn take_code(
        &mut self,
        now: Now,
        (conn, reference): (ConnId, Option<String>),
        code: CodeHash,
        out: &mut Outbox,
    ) {
        let Some(peer) = self.peers.get(conn) else { return };
        match self.access.take_code((now, self.moderation.time(now)), (conn, peer), code) {
            Ok(()) => {
                let about = IdentityEvent::CodeTaken(Text::line("The code is valid; give your name."));
                out.send(conn, &Envelope::answer(reference, Event::Identity(about)));
            }
            Err(denial) => {
                // Whoever types the line of their first day again guesses nothing, and is not to be shut out for it.
                let owns = peer.identity().is_some_and(|identity| self.access.names_of(identity).next().is_some());
                if !owns && denial.code != Code::CodeUsedUp {
                    let from = peer.origin();
                    out.notes.push(Note::PassphraseRefused { conn, from, name: None, code: denial.code });
                }
                denial.tell(conn, reference, out);
            }
        }
    }

    /// A connection gives the moderator passphrase, which a worker checks.
    pub(super) fn check_passphrase(
        &mut self,
        now: Now,
        (conn, reference): (ConnId, Option<String>),
        passphrase: String,
        out: &mut Outbox,
    ) {
        let Some(peer) = self.peers.get(conn) else { return };
        if peer.role() == Role::Keeper {
            let event = Event::Moderator(Text::line("You are already a moderator."));
            return out.send(conn, &Envelope::answer(reference, event));
        }
        let (from, name) = (peer.origin(), peer.name().cloned());
        if let Err(denial) = self.access.begin_check(conn, from, now.steady) {
            out.notes.push(Note::PassphraseRefused { conn, from, name, code: denial.code });
            return denial.tell(conn, reference, out);
        }
        self.peers.hold(conn, reference, Awaits::Passphrase);
        out.checks.push((conn, passphrase));
    }

    /// A connection's passphrase was checked: that goes on, and so do the requests that waited for it.
    pub(super) fn checked(&mut self, now: Now, conn: ConnId, right: bool) {
        let right = self.access.end_check(conn) && right;
        let is_passphrase = |awaits: &Awaits| *awaits == Awaits::Passphrase;
        let hold = self.peers.release(conn, now.steady, is_passphrase);
        let Some((Hold { reference, parked, .. }, peer)) = hold.zip(self.peers.get(conn)) else { return };
        if right {
            self.access.forgive_check(peer.origin());
        }
        self.findings.add(Input::Judged(conn, reference, right));
        for request in parked {
            self.findings.add(Input::Received(conn, Ok(request)));
        }
    }

    /// A connection gave the right moderator passphrase, or another one.
    pub(super) fn judge(
        &mut self,
        now: Now,
        (conn, reference): (ConnId, Option<String>),
        right: bool,
        out: &mut Outbox,
    ) {
        let Some(peer) = self.peers.get(conn) else { return };
        let (from, name) = (peer.origin(), peer.name().cloned());
        self.access.learn_of_check(conn, (from, right), now.steady);
        if right {
            self.peers.set_role(conn, Role::Keeper);
            self.peers.set_passphrase(conn, true);
            out.notes.push(Note::Moderator { conn, from, name, trusted: false });
            let event = Event::Moderator(Text::line("You are now a moderator."));
            out.send(conn, &Envelope::answer(reference, event));
            self.brief(conn, out);
        } else {
            let denial = Denial::new(Code::WrongPassphrase, "Wrong moderator passphrase.");
            out.notes.push(Note::PassphraseRefused { conn, from, name, code: denial.code });
            denial.tell(conn, reference, out);
        }
    }
}
