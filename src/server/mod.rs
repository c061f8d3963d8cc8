//! The server: decides in pure code, carries out in shells.
//!
//! The core is [`broker`]: it takes an [`broker::Input`] and writes what follows into an [`outbox::Outbox`]. Around it, pure as
//! well: [`rules`], [`peer`], [`names`], [`presence`], [`known`], [`owners`], [`entry`] (who may come in under which name),
//! [`invitations`], [`history`], [`admission`], [`auth`], [`ratelimit`], [`tuning`], [`note`], [`metrics`] and their
//! [`exposition`], [`http`]. The shells: [`listener`] accepts, [`connection`] reads, [`wire`] and [`writer`] write, [`store`] keeps messages, [`folder`] and [`credential`] the rest,
//! `beside` waits
//! for what the broker must not wait for, `exporter` gives out numbers, `desk` carries out what the broker decides, [`run`] ties them together.
//!
//! Must not know: the client.

pub mod admission;
pub mod auth;
mod beside;
pub mod broker;
mod census;
mod changing;
pub mod connection;
pub mod credential;
mod desk;
pub mod entry;
mod exporter;
pub mod exposition;
pub mod folder;
pub mod history;
pub mod http;
pub mod invitations;
mod joining;
mod keys;
pub mod known;
pub mod limits;
pub mod listener;
mod messages;
pub mod metrics;
pub mod names;
pub mod note;
pub mod outbox;
pub mod owners;
mod passphrase;
mod past;
pub mod peer;
pub mod presence;
pub mod ratelimit;
pub mod rules;
pub mod run;
pub mod store;
pub mod tuning;
pub mod wire;
pub mod writer;
