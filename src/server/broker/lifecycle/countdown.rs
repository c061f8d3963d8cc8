//! The part of the broker in which the server is to close later: everyone is told, again and again, and it can be called off.
//!
//! Must not know: how the server closes.

use std::time::Duration;

use crate::model::{Name, Text, Timestamp};
use crate::protocol::{Code, Envelope, Event, RoomEvent};
use crate::server::broker::Broker;
use crate::server::broker::outbox::Outbox;
use crate::server::ids::ConnId;
use crate::server::limits::COUNTDOWN;
use crate::server::telemetry::events::Note;

/// A server that is to close.
#[derive(Clone, Debug)]
pub(in crate::server) struct Countdown {
    by: Name,
    reason: Text,
    /// On the steady clock.
    at: Timestamp,
    /// How long was left when everyone was told last.
    told: Duration,
}

impl Broker {
    /// The server is to close after a while.
    pub(in crate::server) fn close_later(
        &mut self,
        now: Timestamp,
        (conn, by): (ConnId, Name),
        reference: Option<String>,
        (after, reason): (Duration, Text),
        out: &mut Outbox,
    ) -> Result<(), (Code, String)> {
        self.may_close(conn)?;
        out.notes.push(Note::ClosesLater { by: by.clone(), seconds: after.as_secs() });
        let countdown = Countdown { by, reason, at: now.after(after), told: after };
        let told = countdown.tell(after);
        self.countdown = Some(countdown);
        out.send(conn, &Envelope::answer(reference, told.clone()));
        out.broadcast(Some(conn), &told.into());
        Ok(())
    }

    /// It is not to close after all.
    pub(in crate::server) fn call_off(
        &mut self,
        (conn, by): (ConnId, Name),
        reference: Option<String>,
        out: &mut Outbox,
    ) -> Result<(), (Code, String)> {
        self.may_close(conn)?;
        if self.countdown.take().is_none() {
            return Err((Code::NotAllowed, "The server is not going to close.".to_owned()));
        }
        out.notes.push(Note::ClosingOff { by: by.clone() });
        let off = Event::Room(RoomEvent::ClosingOff { by });
        out.send(conn, &Envelope::answer(reference, off.clone()));
        out.broadcast(Some(conn), &off.into());
        Ok(())
    }

    /// Who wanted the server to close has no right to any more: it does not.
    pub(in crate::server) fn end_countdown_of(&mut self, whose: &Name, by: &Name, out: &mut Outbox) {
        if self.countdown.take_if(|countdown| countdown.by == *whose).is_some() {
            out.notes.push(Note::ClosingOff { by: by.clone() });
            out.broadcast(None, &Event::Room(RoomEvent::ClosingOff { by: by.clone() }).into());
        }
    }

    pub(in crate::server) fn may_close(&self, conn: ConnId) -> Result<(), (Code, String)> {
        if self.role_of(conn).is_moderator() {
            return Ok(());
        }
        let text = "Only a moderator may close the server; give the moderator passphrase first.";
        Err((Code::NotModerator, text.to_owned()))
    }

    /// Who comes while the server is to close is told.
    pub(in crate::server) fn tell_countdown(&self, now: Timestamp, conn: ConnId, out: &mut Outbox) {
        if let Some(countdown) = &self.countdown {
            out.send(conn, &countdown.tell(countdown.at.since(now)).into());
        }
    }

    /// Tells everyone that the end comes nearer; closes once it is there.
    pub(in crate::server) fn count_down(&mut self, now: Timestamp, out: &mut Outbox) {
        let Some(countdown) = &mut self.countdown else { return };
        let left = countdown.at.since(now);
        if left.is_zero() {
            let by = countdown.by.clone();
            self.countdown = None;
            return self.close(now, Some(by), out);
        }
        if COUNTDOWN.iter().any(|moment| left <= *moment && *moment < countdown.told) {
            countdown.told = left;
            let told = countdown.tell(left);
            out.broadcast(None, &told.into());
        }
    }
}

impl Countdown {
    fn tell(&self, left: Duration) -> Event {
        // Rounded, so that a tick that comes a moment late tells a round number all the same.
        let after = Duration::from_secs((left.as_millis().saturating_add(999) / 1000).try_into().unwrap_or(u64::MAX));
        Event::Room(RoomEvent::Closing { by: Some(self.by.clone()), after, reason: self.reason.clone() })
    }
}
