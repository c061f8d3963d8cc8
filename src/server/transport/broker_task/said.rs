//! What connections say: taken at once, or when their turn comes.
//!
//! Must not know: what is said, or how rounds are written.

use super::BrokerTask;
use crate::protocol::{Code, Refusal, Request, frame, lines, packet};
use crate::server::broker::Input;
use crate::server::ids::ConnId;
use crate::server::limits::{FLOOD_PATIENCE, TURN_WORK};
use crate::server::transport::fault;
use crate::server::transport::inbox::Arrival;

impl BrokerTask {
    /// Takes what a connection says, unless something of it waits for its turn.
    pub(super) fn take_or_hold(&mut self, conn: ConnId, arrival: Arrival) {
        let bytes = length(&arrival);
        self.counts.received += bytes as u64;
        let now = self.clock.now().steady;
        if !self.turns.must_wait(conn, now) {
            return self.take_said(arrival);
        }
        match self.turns.hold(conn, arrival, bytes, now) {
            None => {}
            Some(Arrival::Lines(_, whole)) => {
                lines::each(&whole).for_each(|line| self.refuse(conn, frame::reference_of(line)));
            }
            Some(_) => self.refuse(conn, None),
        }
    }

    /// Takes what waits for its turn, one arrival of one connection; `false` if nothing does.
    pub(super) fn take_turn(&mut self) -> bool {
        let next = self.turns.next(self.clock.now().steady, length);
        next.map(|arrival| self.take_said(arrival)).is_some()
    }

    /// Takes what a connection says; what is beyond its turn waits.
    fn take_said(&mut self, arrival: Arrival) {
        match arrival {
            Arrival::Lines(conn, whole) => self.take_lines(conn, &whole),
            Arrival::Packet(conn, packet) => {
                self.handle(Input::Received(conn, packet::read_request(&packet)));
                self.charge(conn);
            }
            Arrival::Flooding(conn, reference) => self.refuse(conn, reference),
            Arrival::Ended(conn, why) => {
                self.turns.forget(conn);
                self.senders.forget(conn);
                self.handle(Input::Disconnected(conn, why));
            }
            // Nothing else is said by a connection.
            _ => {}
        }
    }

    fn take_lines(&mut self, conn: ConnId, whole: &[u8]) {
        fault::panic_if_asked(b"fault in the broker", whole);
        fault::hang_if_asked(b"hang in the broker", whole);
        // What was read together arrived together.
        let now = self.clock.now();
        let (mut rest, mut work) = (whole, 0);
        for piece in whole.split_inclusive(|&byte| byte == b'\n') {
            if work >= TURN_WORK {
                let waits = Arrival::Lines(conn, rest.to_vec());
                return self.turns.put_back(conn, waits, rest.len(), now.steady);
            }
            for line in lines::each(piece) {
                self.decider.take(now, Input::Received(conn, Request::parse(line)), &mut self.outbox);
            }
            rest = rest.get(piece.len()..).unwrap_or_default();
            work += self.charge(conn);
        }
    }

    /// Charges a connection for the work since the last time; says how much it was.
    fn charge(&mut self, conn: ConnId) -> usize {
        let work = self.outbox.take_charge();
        if work > 0 {
            self.turns.charge(conn, work, self.clock.now().steady);
        }
        work
    }

    /// Refuses a frame over the limits.
    fn refuse(&mut self, conn: ConnId, reference: Option<String>) {
        let limit = FLOOD_PATIENCE.as_secs();
        let text = format!("You have sent too much for over {limit} s, so this was not accepted; slow down.");
        let refusal = Refusal::new(reference, Code::RateLimited, text);
        self.handle(Input::Received(conn, Err(refusal)));
    }
}

/// The bytes of an arrival.
fn length(arrival: &Arrival) -> usize {
    match arrival {
        Arrival::Lines(_, bytes) | Arrival::Packet(_, bytes) => bytes.len(),
        _ => 0,
    }
}
