//! The server: decides in pure code, carries out in shells.
//!
//! The core is [`broker`]: it takes an [`broker::Input`] and writes what follows into an [`outbox::Outbox`]. Around it, pure as
//! well: [`peer`], [`names`], [`presence`], [`known`], [`history`], [`admission`], [`auth`], [`ratelimit`], [`note`]. The shells:
//! [`listener`] accepts, [`connection`] reads, [`wire`] and [`writer`] write, [`store`] keeps messages, [`folder`] the rest,
//! [`run`] ties them together.
//!
//! Must not know: the client.

pub mod admission;
pub mod auth;
pub mod broker;
pub mod connection;
pub mod folder;
pub mod history;
mod joining;
pub mod known;
pub mod limits;
pub mod listener;
mod messages;
pub mod names;
pub mod note;
pub mod outbox;
mod past;
pub mod peer;
pub mod presence;
pub mod ratelimit;
pub mod run;
pub mod store;
pub mod wire;
pub mod writer;
