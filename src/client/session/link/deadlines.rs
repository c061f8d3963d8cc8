//! What time does: dialing again, pinging, giving up.
//!
//! All of it goes by the steady clock: somebody who sets the wall clock changes none of it.
//!
//! Must not know: any clock; `now` is what the shell says it is.

use std::time::Duration;

use crate::client::link::state::{Connection, LIST_EVERY, PING_EVERY, SILENCE};
use crate::client::msg::Effect;
use crate::client::session::{Awaited, Mode, Session};
use crate::model::{Text, Timestamp};
use crate::protocol::{Command, Dialect, Request, SessionCommand};

impl Session {
    pub(in crate::client::session) fn next_deadline(&self) -> Option<Timestamp> {
        if self.left {
            return None;
        }
        let countdown = self.countdown().filter(|_| self.mode == Mode::Screen).and_then(|seconds| {
            // The next moment at which another number of seconds is shown.
            let Connection::Waiting { until } = self.connection else { return None };
            Some(Timestamp(until.0 - 1000 * i64::try_from(seconds.saturating_sub(1)).unwrap_or(0)))
        });
        let times = self.connection.deadline().into_iter().chain(self.input.deadline()).chain(countdown);
        times.chain(self.past_deadline()).chain(self.ending_deadline()).min()
    }

    /// How many seconds until the server is tried again, rounded up.
    pub(in crate::client::session) fn countdown(&self) -> Option<u64> {
        match self.connection {
            Connection::Waiting { until } => {
                Some(until.since(self.now.steady).as_millis().div_ceil(1000).try_into().unwrap_or(0))
            }
            _ => None,
        }
    }

    pub(in crate::client::session) fn tick(&mut self) {
        let now = self.now.steady;
        self.past_tick();
        match &self.connection {
            Connection::Waiting { until } if *until <= now => self.dial(),
            Connection::Handshaking(handshake) if handshake.until <= now => {
                self.emit(Effect::Disconnect);
                self.lost("The server takes too long to answer.");
            }
            Connection::Online(online) if online.is_silent(now) => {
                self.emit(Effect::Disconnect);
                self.lost(&format!("Nothing came from the server for {} s.", SILENCE.as_secs()));
            }
            Connection::Online(online) if online.next_probe <= now => self.probe(online.dialect),
            _ => {}
        }
    }

    /// Sees whether a TR2.26 server is there, and how far; asks a TR2.23 server who is.
    fn probe(&mut self, dialect: Dialect) {
        if dialect == Dialect::Tr223 {
            self.next_probe(LIST_EVERY);
            // An answer that has not come by now got lost among packets that came together.
            self.awaited.retain(|_, awaited| *awaited != Awaited::List);
            self.listing = None;
            return self.ask_list();
        }
        self.next_probe(PING_EVERY);
        self.counter += 1;
        let token = format!("{:x}", self.counter);
        if let Connection::Online(online) = &mut self.connection {
            online.ping = Some((token.clone(), self.now.steady));
        }
        self.emit(Effect::Send(Request::bare(Command::Session(SessionCommand::Ping(Text::line(&token))))));
    }

    fn next_probe(&mut self, span: Duration) {
        if let Connection::Online(online) = &mut self.connection {
            online.next_probe = self.now.steady.after(span);
        }
    }
}
