//! The server: decides in pure code, carries out in shells.
//!
//! The core is [`broker`]: it takes an [`broker::Input`] and writes what follows into an [`outbox::Outbox`], which has a
//! [`lane`] for each connection. Around it, pure as well: [`rules`], [`peer`], [`names`], [`presence`], [`known`],
//! [`owners`], [`entry`] (who may come in under which name), [`invitations`], [`history`], [`admission`], [`auth`],
//! [`ratelimit`], [`tuning`], [`note`], [`metrics`] and their [`exposition`], [`http`]; [`rooms`], [`bans`], [`authority`]
//! (who may do what to whom) and [`facts`] (how all that holds is written down).
//!
//! The broker itself is in parts, each a thought: `dispatch` (which part a request is for), `joining` (who comes in),
//! `messages` and `speech` (what is said, and who may speak), `past`, `keys`, `room_life` and `room_told`, `moderation` and `acted` (what
//! moderators do, and what is heard of it), `ranks`, `personal`, `countdown`, `remembering`, `changing`.
//!
//! The shells: [`listener`] accepts, [`connection`] reads, [`wire`] and [`writer`] write, [`held`] says
//! which answers wait a moment, [`store`] keeps messages,
//! [`folder`] and [`credential`] the rest, `beside` waits for what the broker must not wait for, `exporter` gives out
//! numbers, `inbox` is where what arrives waits, `desk` carries out what the broker decides, [`crew`] says on which thread a
//! task runs, [`run`] ties them together.
//!
//! Must not know: the client.

mod acted;
pub mod admission;
pub mod auth;
pub mod authority;
pub mod bans;
mod beside;
pub mod broker;
mod census;
mod changing;
pub mod connection;
mod countdown;
pub mod credential;
pub mod crew;
mod desk;
mod dispatch;
pub mod entry;
mod exporter;
pub mod exposition;
pub mod facts;
pub mod fault;
pub mod folder;
pub mod held;
pub mod history;
pub mod http;
mod inbox;
pub mod invitations;
mod joining;
mod keys;
pub mod known;
pub mod lane;
pub mod limits;
pub mod listener;
mod messages;
pub mod metrics;
mod moderation;
pub mod names;
pub mod note;
pub mod outbox;
pub mod owners;
mod passphrase;
mod past;
pub mod peer;
mod personal;
pub mod presence;
mod ranks;
pub mod ratelimit;
mod remembering;
mod room_life;
mod room_told;
pub mod rooms;
pub mod rules;
pub mod run;
mod speech;
pub mod store;
pub mod tuning;
pub mod wire;
pub mod writer;
