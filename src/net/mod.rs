//! Sockets, and TLS over them.
//!
//! - `listen` accepts connections at an `address`; `socket_activation` takes sockets from the service manager.
//! - [`unix`] makes a socket file, as a `socket_draft` first; [`socket_file`] watches it, [`socket_search`] finds it.
//! - `beacon` makes a server known to the networks that it is in, and hears such servers.
//! - `control` is the socket file through which `tr2 serve --reload` reaches the running server.
//! - `dial` connects to a server, or says with a [`dial_failure`] why not; `ssh` is the tunnel for `ssh://`.
//! - `reach` finds the address of a host that answers; `nearness` says how near one is.
//! - [`socket`] reads and writes a connection, with `tls` inside it if it is encrypted.
//! - `udp_port` is a UDP socket; `socket_wait` waits for many sockets at once, on a thread of its own, and [`read_watch`]
//!   learns which of many can be read, beside the tasks of a thread.
//! - [`tls_config`] decides whom TLS trusts, by a `verifier` of keys; [`certificate`] makes and reads keys and certificates.
//! - [`late_tls`]: TLS that begins after a greeting in the clear.
//! - [`legs`] decides whether a leg of the relay is over a stream or over UDP, as a state machine.
//! - [`peer`] is the encrypted channel between two clients, as a state machine.
//! - [`seal`] seals packets for many, which whoever passes them on cannot read.
//! - [`replay_window`] sees that each numbered packet counts once.
//! - [`ways`] is which way its packets go: through the server, or straight to the other client.
//! - `certificate_review` says what a keeper should know of one, by what `x509` reads.
//!
//! Must not know: what is sent, or who the server or the client is.

pub(crate) mod address;
pub(crate) mod beacon;
pub mod certificate;
pub(crate) mod certificate_review;
pub(crate) mod control;
pub(crate) mod dial;
pub mod dial_failure;
pub mod late_tls;
pub mod legs;
pub(crate) mod listen;
pub(crate) mod nearness;
pub mod peer;
pub(crate) mod reach;
pub mod read_watch;
pub mod replay_window;
pub mod seal;
pub mod socket;
pub(crate) mod socket_activation;
mod socket_draft;
pub mod socket_file;
pub mod socket_search;
pub(crate) mod socket_wait;
pub(crate) mod ssh;
mod tls;
pub mod tls_config;
pub(crate) mod udp_port;
pub mod unix;
mod verifier;
pub mod ways;
mod x509;
