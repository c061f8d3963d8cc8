//! tr2: chat for people who share a machine or a network. The program is thin; this library is what it is made of, so
//! that tests can drive its parts. Its API is not stable and follows the program's needs.
//!
//! # The layers
//!
//! ```text
//! model  <-  protocol  <-  net  <-  server | client       imports only go to the left; server and client never meet
//! ```
//!
//! - [`model`]: what the chat is about. Names ([`model::name`]) and what makes two of them the same; text that can harm
//!   nobody ([`model::text`]); time, roles, addresses.
//! - [`protocol`]: bytes to values and back, in both dialects.
//! - [`net`]: sockets; [`sys`]: clocks, secure files, the service manager.
//! - [`server`]: [`server::broker`] decides, everything around it carries out.
//! - [`client`]: [`client::session`] decides, everything around it shows and sends.
//! - [`cli`], [`config`], [`commands`], [`error`]: from the command line to one of the two, and back to an exit status;
//!   [`logging`]: what the server says of itself.
//!
//! # The two cores
//!
//! Both are pure: no socket, task, file or clock; the time comes in, what is to be done comes out. Tests drive them as
//! transcripts.
//!
//! - [`server::broker::Broker::handle`] takes what a connection said and writes what follows into a
//!   [`server::broker::outbox::Outbox`]. Who somebody is comes from the connection, never from the bytes in a frame. **Where is
//!   a kick decided?** Whether it may be, in [`server::broker::moderation::authority`]; what follows, in `server::broker::moderation`. **Who gets which
//!   name?** In [`server::broker::access::policy`].
//! - [`client::session::Session::update`] takes a key or news of the connection and gives back effects;
//!   [`client::session::Session::view`] is the whole screen as plain data. **Where does a key become an action?** In
//!   [`client::action`], the one table that also feeds menu, commands, help and man page.
//!
//! # The way of a message
//!
//! A key becomes a [`client::msg::Msg`], the session's answer a [`protocol::Request`], [`client::link::driver`] writes it;
//! [`server::transport::reader`] reads it, the task in `server::transport::broker_task` hands it to the broker, which gives it its place in the order and,
//! as a [`server::store::api::Record`], to the [`server::store`]. Only once that says it is kept does the broker deliver it:
//! [`server::transport::sender`] writes what the round brought to every socket without waiting, and what a socket does not take waits
//! for it alone ([`server::transport::backlog`]); the driver of each client reads it as a [`protocol::Envelope`], the session takes it
//! in, and `client::tui` draws what has changed.
//!
//! # The way of a connection
//!
//! `net::listen` accepts it: in the clear, over TLS ([`net::tls_config`]) or at a socket file ([`net::unix`]); what was
//! proved there, a key or a user of this machine, is its [`model::Identity`], and [`server::broker::access::owners`] knows whose names are
//! whose. On the other side `net::dial` and `net::ssh` go to a server, and [`client::link::trust`] judges whether it is the
//! one it should be.
//!
//! # Keeping a server
//!
//! [`config::Sources`] puts file and flags together; what is wrong is a `config::given::Problem` with its place. SIGHUP
//! comes to `server::transport::workers`, has all of it read again (`commands::reload`), and reaches the broker as one
//! [`server::broker::tuning::Tuning`]. What a server says of itself: events ([`server::telemetry::events`], [`logging`]), numbers
//! ([`server::telemetry::metrics`]), and signs of life to the service manager (`sys::sd_notify`).
//!
//! # What holds everywhere
//!
//! - Every queue, frame, name and wait has a limit with a name: [`protocol::limits`], [`server::limits`].
//! - No channel waits on itself: connections feed the broker, the broker waits for nobody (but for the store a millisecond,
//!   while much is said), writers wait for sockets, the store for its disk.
//! - The broker and all that reads and writes in the clear share a thread and take turns (`server::transport::executor`): nothing on it
//!   computes for long or waits for the system. TLS, the disk, passphrases and logins have threads of their own;
//!   a store in memory is on this one, and does what takes time a piece at a time.
//! - `accepted` means stored: nothing is seen by anyone before, and nothing is lost or said twice after.
//! - Nothing here panics on what comes from outside; `tests/tidy.rs` holds the layers and the lints hold the rest.

pub mod cli;
pub mod client;
pub mod commands;
pub mod config;
pub mod error;
pub mod logging;
pub mod model;
pub mod net;
pub mod protocol;
pub mod server;
pub mod sys;
