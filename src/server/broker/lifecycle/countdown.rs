//! A planned closing of the server: it is announced repeatedly, and can be cancelled.
//!
//! Must not know: how the server closes.

use std::time::Duration;

use super::Lifecycle;
use crate::model::{Name, Text, Timestamp};
use crate::protocol::{Code, Event, RoomEvent};
use crate::server::broker::caller::{Caller, Denial};
use crate::server::broker::outbox::Outbox;
use crate::server::ids::ConnId;
use crate::server::limits::COUNTDOWN;
use crate::server::telemetry::events::Note;
use serde::{Deserialize, Serialize};

/// A planned closing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Countdown {
    by: Name,
    reason: Text,
    /// The moment on the steady clock.
    at: Timestamp,
    /// The remaining time at the last announcement.
    told: Duration,
}

impl Lifecycle {
    /// Plans a closing.
    pub(in crate::server::broker) fn close_later(
        &mut self,
        now: Timestamp,
        caller: &Caller,
        (after, reason): (Duration, Text),
        out: &mut Outbox,
    ) -> Result<(), Denial> {
        Self::may_close(caller)?;
        let by = caller.user.clone();
        out.notes.push(Note::ClosesLater { by: by.clone(), seconds: after.as_secs() });
        let countdown = Countdown { by, reason, at: now.after(after), told: after };
        let told = countdown.tell(after);
        self.countdown = Some(countdown);
        caller.answer(told.clone(), out);
        out.broadcast(Some(caller.conn), &told.into());
        Ok(())
    }

    /// Cancels the planned closing.
    pub(in crate::server::broker) fn call_off(&mut self, caller: &Caller, out: &mut Outbox) -> Result<(), Denial> {
        Self::may_close(caller)?;
        if self.countdown.take().is_none() {
            return Err(Denial::new(Code::NotAllowed, "The server is not closing."));
        }
        let by = caller.user.clone();
        out.notes.push(Note::ClosingOff { by: by.clone() });
        let off = Event::Room(RoomEvent::ClosingOff { by });
        caller.answer(off.clone(), out);
        out.broadcast(Some(caller.conn), &off.into());
        Ok(())
    }

    /// Cancels a closing whose moderator has lost the right to it.
    pub(in crate::server::broker) fn end_countdown_of(&mut self, whose: &Name, by: &Name, out: &mut Outbox) {
        if self.countdown.take_if(|countdown| countdown.by == *whose).is_some() {
            out.notes.push(Note::ClosingOff { by: by.clone() });
            out.broadcast(None, &Event::Room(RoomEvent::ClosingOff { by: by.clone() }).into());
        }
    }

    /// A moderator who may have planned a closing has another name.
    pub(in crate::server::broker) fn rename(&mut self, from: &Name, to: &Name) {
        if let Some(countdown) = self.countdown.as_mut().filter(|countdown| countdown.by == *from) {
            countdown.by = to.clone();
        }
    }

    /// Tells a newcomer of the planned closing, if there is one.
    pub(in crate::server::broker) fn tell_countdown(&self, now: Timestamp, conn: ConnId, out: &mut Outbox) {
        if let Some(countdown) = &self.countdown {
            out.send(conn, &countdown.tell(countdown.at.since(now)).into());
        }
    }

    /// Announces the remaining time. Once it is over, returns the user who asked for the closing.
    pub(in crate::server::broker) fn count_down(&mut self, now: Timestamp, out: &mut Outbox) -> Option<Name> {
        let countdown = self.countdown.as_mut()?;
        let left = countdown.at.since(now);
        if left.is_zero() {
            return self.countdown.take().map(|countdown| countdown.by);
        }
        if COUNTDOWN.iter().any(|moment| left <= *moment && *moment < countdown.told) {
            countdown.told = left;
            let told = countdown.tell(left);
            out.broadcast(None, &told.into());
        }
        None
    }
}

impl Countdown {
    fn tell(&self, left: Duration) -> Event {
        // Rounded up, so that a tick that comes a moment late still announces a round number.
        let after = Duration::from_secs((left.as_millis().saturating_add(999) / 1000).try_into().unwrap_or(u64::MAX));
        Event::Room(RoomEvent::Closing { by: Some(self.by.clone()), after, reason: self.reason.clone() })
    }
}
