//! The task of the relay, on a thread of its own: takes packets from sockets, has the relay say where they go, and sends
//! them there. It never waits for a socket to take something, nor for the broker.
//!
//! Nothing of it runs before the first call is relayed, and it listens only while one is.
//!
//! - [`handle`] starts it; [`work`] is the task; [`shared`] is what both know.
//! - [`ports`]: the UDP sockets, and [`departures`] what leaves from them. [`stream_legs`]: connections that carry a leg, each
//!   a [`clear_stream`] or a [`tls_stream`], with a [`leg_queue`].
//! - [`shown_leg`]: how a connection becomes one of them.
//!
//! Must not know: who calls whom, or who may have a leg (`relay`).

mod clear_stream;
pub mod departures;
pub mod handle;
pub mod leg_queue;
pub mod ports;
pub mod shared;
pub mod shown_leg;
mod stream_legs;
mod tls_stream;
pub mod work;
