//! The encrypted channel between two clients, as a state machine: packets and times go in, packets and events come out.
//!
//! - [`channel`]: the channel: QUIC (RFC 9000, by `quinn-proto`) under one made-up address, so that the packets may go any
//!   way, and the way may change. [`events`]: what it tells.
//! - `handshake`: both sides prove their keys, each that which the other expects.
//! - `datagrams`: those that wait, the urgent ones first.
//! - [`transport`]: how QUIC is set up. `congestion`: how much is on its way: as much as the line takes without a queue.
//!
//! Must not know: sockets, clocks, which way packets go, or what is said.

pub mod channel;
mod congestion;
mod datagrams;
pub mod events;
mod handshake;
pub mod transport;
