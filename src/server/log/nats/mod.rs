//! The log as a stream of NATS JetStream, by a client of our own.
//!
//! ```text
//! frames | nkey | pulse | follow | appends  <-  stream  <-  server_info  <-  login | findings | core  <-  dial
//!                                                                        dial  <-  connection  <-  check
//! ```
//!
//! - [`frames`]: the frames of NATS, to and from bytes. [`login`]: addresses and credentials, with the keys of [`nkey`].
//! - [`stream`]: the requests of JetStream about one stream. [`server_info`]: what a server says of itself.
//! - [`follow`] puts entries in order, [`appends`] knows what is under way, [`pulse`] whether anybody is alive; [`core`]
//!   makes one state machine of them.
//! - [`connection`] runs it over a socket that [`dial`] has connected.
//! - [`check`] asks whether servers and stream are as they should be, and makes the stream; [`findings`] says what is
//!   not.
//!
//! Must not know: what an entry says, who appends.

pub mod appends;
pub mod check;
pub mod connection;
pub mod core;
pub mod dial;
pub mod findings;
pub mod follow;
pub mod frames;
pub mod login;
pub mod nkey;
pub mod pulse;
pub mod server_info;
pub mod stream;
