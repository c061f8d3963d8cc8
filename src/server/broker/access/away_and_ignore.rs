//! The part of the broker that keeps what people want for themselves: whom they hide from sight, and that they are away.
//!
//! Hiding is the client's work; the server remembers for whom, so that it is so wherever they join from.
//!
//! Must not know: what is hidden of whom.

use std::collections::BTreeMap;

use crate::model::{Name, Now, Text};
use crate::protocol::{Code, Envelope, Event};
use crate::server::broker::Broker;
use crate::server::broker::lifecycle::facts;
use crate::server::broker::moderation::ranks::Spot;
use crate::server::broker::outbox::Outbox;
use crate::server::ids::ConnId;
use crate::server::limits::{LIST_BYTES, MAX_IGNORED, MAX_IGNORED_IN_ALL};

impl Broker {
    /// A user is away, or back.
    pub(in crate::server) fn go_or_come_back(
        &mut self,
        now: Now,
        (conn, user): (ConnId, &Name),
        reference: Option<String>,
        text: Text,
        out: &mut Outbox,
    ) -> Result<(), (Code, String)> {
        if !text.is_blank() {
            self.may_be_heard(now, conn, &Spot::Everyone)?;
        }
        let Some(peer) = self.peers.get_mut(&conn) else { return Ok(()) };
        let changed = peer.away != text;
        peer.away = text.clone();
        self.names.mark_away(user, !text.is_blank());
        let away = Event::Away(user.clone(), text);
        out.send(conn, &Envelope::answer(reference, away.clone()));
        if changed {
            out.broadcast(Some(conn), &away.into());
        }
        Ok(())
    }

    /// A user hides another.
    pub(in crate::server) fn ignore(
        &mut self,
        (conn, user): (ConnId, &Name),
        reference: Option<String>,
        whom: &str,
        out: &mut Outbox,
    ) -> Result<(), (Code, String)> {
        let whom = self.user_named(whom)?;
        let (folded, other) = (user.key().folded, whom.key().folded);
        if folded == other {
            return Err((Code::NotAllowed, "That is you.".to_owned()));
        }
        let (all, proved) = (self.ignored_in_all, self.has_proved(conn));
        let nobody = BTreeMap::new();
        let ignored = self.ignored.get(&folded).unwrap_or(&nobody);
        // All of them are told in one frame.
        let bytes: usize = ignored.values().map(|name| name.as_str().len() + 1).sum();
        let full = ignored.len() >= MAX_IGNORED || bytes + whom.as_str().len() >= LIST_BYTES;
        if !ignored.contains_key(&other) && (full || all >= MAX_IGNORED_IN_ALL) {
            return Err((Code::NotAllowed, "Too many are hidden already; see one of them again first.".to_owned()));
        }
        let ignored = self.ignored.entry(folded.clone()).or_default();
        if ignored.insert(other, whom.clone()).is_none() {
            self.ignored_in_all += 1;
            if proved {
                self.keep(facts::ignored(&folded, &whom, true), out);
            }
        }
        self.tell_ignored((conn, user), reference, out);
        Ok(())
    }

    /// A user sees another again.
    pub(in crate::server) fn unignore(
        &mut self,
        (conn, user): (ConnId, &Name),
        reference: Option<String>,
        whom: &str,
        out: &mut Outbox,
    ) -> Result<(), (Code, String)> {
        let folded = user.key().folded;
        let other = Name::parse(whom).map(|name| name.key().folded).unwrap_or_default();
        let seen = self.ignored.get_mut(&folded).and_then(|ignored| ignored.remove(&other));
        let Some(seen) = seen else {
            return Err((Code::NotAllowed, format!("You do not hide {}.", Text::line(whom))));
        };
        self.ignored_in_all = self.ignored_in_all.saturating_sub(1);
        if self.ignored.get(&folded).is_some_and(BTreeMap::is_empty) {
            self.ignored.remove(&folded);
        }
        self.keep(facts::ignored(&folded, &seen, false), out);
        self.tell_ignored((conn, user), reference, out);
        Ok(())
    }

    /// Tells a user whom they hide.
    pub(in crate::server) fn tell_ignored(
        &self,
        (conn, user): (ConnId, &Name),
        reference: Option<String>,
        out: &mut Outbox,
    ) {
        let ignored = self.ignored.get(&user.key().folded);
        let names = ignored.into_iter().flat_map(|ignored| ignored.values()).cloned().collect();
        out.send(conn, &Envelope::answer(reference, Event::Ignored(names)));
    }

    /// A name is another's from now on, or may be: whom it hides is forgotten.
    pub(in crate::server) fn forget_ignored(&mut self, folded: &str, out: &mut Outbox) {
        let Some(ignored) = self.ignored.remove(folded) else { return };
        self.ignored_in_all = self.ignored_in_all.saturating_sub(ignored.len());
        for other in ignored.values() {
            self.keep(facts::ignored(folded, other, false), out);
        }
    }

    /// Whether a user hides anybody.
    pub(in crate::server) fn hides_somebody(&self, user: &Name) -> bool {
        !self.ignored.is_empty() && self.ignored.contains_key(&user.key().folded)
    }
}
