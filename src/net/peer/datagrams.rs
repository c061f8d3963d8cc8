//! Datagrams that wait for the channel: urgent ones go before all others, and of too many the oldest are dropped, as they
//! are worth the least.
//!
//! The connection's own buffer has one order for all. So it is given no more than one packet's worth at a time.
//!
//! Must not know: what is in them, or when packets leave.

use std::collections::VecDeque;

use bytes::Bytes;
use quinn_proto::{Connection, SendDatagramError};

/// The most bytes of ordinary datagrams that wait: two pictures.
pub(super) const MOST_WAITING: usize = 4 * 1024;
/// The same of urgent ones: half a second of voice, all of it sent thrice.
pub(super) const MOST_URGENT: usize = 2 * 1024;

/// The datagrams that wait.
#[derive(Debug, Default)]
pub(super) struct Datagrams {
    urgent: WaitingDatagrams,
    ordinary: WaitingDatagrams,
}

#[derive(Debug, Default)]
struct WaitingDatagrams {
    datagrams: VecDeque<Vec<u8>>,
    bytes: usize,
}

impl WaitingDatagrams {
    fn push(&mut self, datagram: Vec<u8>, most: usize) {
        self.bytes += datagram.len();
        self.datagrams.push_back(datagram);
        while self.bytes > most && self.pop().is_some() {}
    }

    fn pop(&mut self) -> Option<Vec<u8>> {
        let datagram = self.datagrams.pop_front()?;
        self.bytes -= datagram.len();
        Some(datagram)
    }
}

impl Datagrams {
    /// Has a datagram wait for its turn.
    pub(super) fn push(&mut self, datagram: Vec<u8>, is_urgent: bool) {
        let (waiting, most) =
            if is_urgent { (&mut self.urgent, MOST_URGENT) } else { (&mut self.ordinary, MOST_WAITING) };
        waiting.push(datagram, most);
    }

    /// The bytes of all that wait here.
    pub(super) fn waiting(&self) -> usize {
        self.urgent.bytes + self.ordinary.bytes
    }

    /// Gives the connection, which has none that waits, as many as one packet has room for.
    pub(super) fn feed(&mut self, connection: &mut Connection) {
        let largest = connection.datagrams().max_size().unwrap_or(0);
        let mut room = largest;
        while let Some(length) = self.urgent.datagrams.front().or(self.ordinary.datagrams.front()).map(Vec::len) {
            if length > room && room < largest {
                return;
            }
            let Some(datagram) = self.urgent.pop().or_else(|| self.ordinary.pop()) else { return };
            // One that the way has become too narrow for is lost, and holds up no other.
            room = room.saturating_sub(length);
            match connection.datagrams().send(Bytes::from(datagram), true) {
                Ok(())
                | Err(
                    SendDatagramError::Blocked(_)
                    | SendDatagramError::Disabled
                    | SendDatagramError::TooLarge
                    | SendDatagramError::UnsupportedByPeer,
                ) => {}
            }
            if room == 0 {
                return;
            }
        }
    }
}
