//! Works off what is to be sent, and ends plain mode once its input has ended and everything is settled.
//!
//! Must not know: where lines come from, or how a message is sent.

use super::Session;
use super::outbound::queue::Queued;

impl Session {
    /// Sends what is queued, as far as the server allows, and leaves once there is nothing left to do.
    pub(super) fn send_what_waits(&mut self) {
        let now = self.out.steady();
        if self.out.has_left() {
            return;
        }
        self.outbound.resume(now);
        while let Some(dialect) = self.link.dialect().filter(|_| !self.out.has_left()) {
            match self.outbound.next(self.out.is_plain()) {
                Some(Queued::Rest(text)) => self.sending().go_on(&text),
                Some(Queued::Line(line)) => {
                    self.plain.begin_line();
                    if !self.enter(&line) {
                        self.plain.count_not_sent();
                    }
                }
                Some(Queued::Message(message)) => self.sending().hand_over(message, dialect),
                None => break,
            }
            self.plain.progress(now);
        }
        self.outbound.end_run_if_idle();
        if self.plain.has_ended() && !self.out.has_left() {
            self.leave_when_done();
        }
    }

    /// Whether plain mode has nothing left to wait for.
    pub(super) fn is_done(&self) -> bool {
        self.plain.has_ended() && self.outbound.is_done() && !self.history.search().awaits_anything()
    }

    fn leave_when_done(&mut self) {
        let been_online = self.link.has_been_online();
        let settled = self.link.is_online() || been_online && self.link.is_waiting();
        if self.is_done() && settled || self.plain.is_late(self.out.steady()) {
            let silent = (!been_online).then(|| self.link.server());
            let farewell = self.plain.farewell(self.outbound.pending(), silent);
            self.leave(farewell);
        }
    }
}
