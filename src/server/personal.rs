//! The part of the broker that keeps what people want for themselves: whom they hide from sight, and that they are away.
//!
//! Hiding is the client's work; the server remembers for whom, so that it is so wherever they join from.
//!
//! Must not know: what is hidden of whom.

use std::collections::BTreeMap;

use super::broker::Broker;
use super::facts;
use super::limits::{LIST_BYTES, MAX_IGNORED, MAX_IGNORED_IN_ALL};
use super::outbox::Outbox;
use super::peer::ConnId;
use crate::model::{Name, Text};
use crate::protocol::{Code, Envelope, Event};

impl Broker {
    /// A user is away, or back.
    pub(super) fn go_or_come_back(
        &mut self,
        (conn, user): (ConnId, Name),
        reference: Option<String>,
        text: Text,
        out: &mut Outbox,
    ) {
        let Some(peer) = self.peers.get_mut(&conn) else { return };
        let changed = peer.away != text;
        peer.away = text.clone();
        let away = Event::Away(user, text);
        out.send(conn, &Envelope::answer(reference, away.clone()));
        if changed {
            out.broadcast(Some(conn), &away.into());
        }
    }

    /// A user hides another.
    pub(super) fn ignore(
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
        let all: usize = self.ignored_in_all;
        let ignored = self.ignored.entry(folded.clone()).or_default();
        // All of them are told in one frame.
        let bytes: usize = ignored.values().map(|name| name.as_str().len() + 1).sum();
        let full = ignored.len() >= MAX_IGNORED || bytes + whom.as_str().len() >= LIST_BYTES;
        if !ignored.contains_key(&other) && (full || all >= MAX_IGNORED_IN_ALL) {
            return Err((Code::NotAllowed, "Too many are hidden already; see one of them again first.".to_owned()));
        }
        if ignored.insert(other, whom.clone()).is_none() {
            self.ignored_in_all += 1;
            self.keep(facts::ignored(&folded, &whom, true), out);
        }
        self.tell_ignored((conn, user), reference, out);
        Ok(())
    }

    /// A user sees another again.
    pub(super) fn unignore(
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
    pub(super) fn tell_ignored(&self, (conn, user): (ConnId, &Name), reference: Option<String>, out: &mut Outbox) {
        let ignored = self.ignored.get(&user.key().folded);
        let names = ignored.into_iter().flat_map(|ignored| ignored.values()).cloned().collect();
        out.send(conn, &Envelope::answer(reference, Event::Ignored(names)));
    }

    /// Whether a user hides anybody.
    pub(super) fn hides_somebody(&self, user: &Name) -> bool {
        !self.ignored.is_empty() && self.ignored.contains_key(&user.key().folded)
    }
}
