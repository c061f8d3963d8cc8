//! The deadlines of the link: redialing, pinging, giving up.
//!
//! All deadlines are on the steady clock, so setting the wall clock changes none of them.
//!
//! Must not know: any clock; the shell passes the time in.

use std::time::Duration;

use super::Link;
use super::news::Due;
use crate::client::link::state::{
    Connection, LIST_EVERY, Online, PATIENCE_OF_SEVERAL, PING_EVERY, PING_OF_SEVERAL_EVERY, SILENCE,
};
use crate::model::Timestamp;
use crate::protocol::Dialect;

impl Link {
    /// The deadline that has passed by `now`.
    pub(in crate::client::session) fn due(&mut self, now: Timestamp) -> Due {
        let several = self.addresses.are_several();
        if let Some((failure, nearby)) = self.nearby.due(now) {
            return Due::Nobody(failure, nearby);
        }
        match &mut self.connection {
            Connection::Waiting { until } if *until <= now => Due::Dial,
            Connection::Dialing { until: Some(until) } if *until <= now => Due::NextAddress,
            Connection::Handshaking(handshake) if handshake.until <= now => Due::Late,
            Connection::Online(online) if online.is_silent(now) => Due::Silent(SILENCE),
            Connection::Online(online) if several && online.left_at().is_some_and(|left| left <= now) => {
                Due::Silent(PATIENCE_OF_SEVERAL)
            }
            Connection::Online(online) if online.next_probe <= now => {
                let (every, due) = match online.dialect {
                    Dialect::Tr226 if several => (PING_OF_SEVERAL_EVERY, Due::Ping),
                    Dialect::Tr226 => (PING_EVERY, Due::Ping),
                    Dialect::Tr223 => (LIST_EVERY, Due::List),
                };
                online.next_probe = now.after(every);
                due
            }
            Connection::Idle
            | Connection::Dialing { .. }
            | Connection::Waiting { .. }
            | Connection::Handshaking(_)
            | Connection::Online(_) => Due::Nothing,
        }
    }

    /// A ping with this token is sent.
    pub(in crate::client::session) fn pinged(&mut self, token: &str, now: Timestamp) {
        if let Connection::Online(online) = &mut self.connection {
            if online.unanswered.is_none_or(|asked| asked < online.heard) {
                online.unanswered = Some(now);
            }
            online.ping = Some((token.to_owned(), now));
        }
    }

    /// The server answered a ping.
    pub(in crate::client::session) fn ponged(&mut self, token: &str, now: Timestamp) {
        if let Connection::Online(online) = &mut self.connection
            && let Some((_, sent)) = online.ping.take_if(|(sent, _)| sent == token)
        {
            online.round_trip = Some(now.since(sent));
            online.unanswered = None;
        }
    }

    /// This machine has slept, or the process was stopped: the server is asked, or dialed, at once.
    pub(in crate::client::session) fn wake(&mut self, now: Timestamp) {
        match &mut self.connection {
            Connection::Online(online) => online.wake(now),
            Connection::Waiting { until } => *until = now,
            Connection::Idle | Connection::Dialing { .. } | Connection::Handshaking(_) => {}
        }
    }

    /// The next deadline.
    pub(in crate::client::session) fn deadline(&self) -> Option<Timestamp> {
        let left = self.connection.online().filter(|_| self.addresses.are_several()).and_then(Online::left_at);
        self.connection.deadline().into_iter().chain(self.nearby.deadline()).chain(left).min()
    }

    /// The seconds until the server is redialed, rounded up.
    pub(in crate::client::session) fn countdown(&self, now: Timestamp) -> Option<u64> {
        let Connection::Waiting { until } = self.connection else { return None };
        Some(until.since(now).as_millis().div_ceil(1000).try_into().unwrap_or(0))
    }

    /// The next time at which the countdown, or how long an answer has been missing, shows another number.
    pub(in crate::client::session) fn countdown_deadline(&self, now: Timestamp) -> Option<Timestamp> {
        if let Connection::Online(online) = &self.connection {
            return online.late_deadline(now);
        }
        let Connection::Waiting { until } = self.connection else { return None };
        let seconds = self.countdown(now)?.saturating_sub(1);
        let left = Duration::from_secs(seconds).as_millis();
        Some(Timestamp(until.0 - i64::try_from(left).unwrap_or(0)))
    }
}
