//! Who may come in, under which name, with which proof.
//!
//! Must not know: what is said, rooms, sockets.

pub(in crate::server) mod away_and_ignore;
pub mod connection_limits;
pub(in crate::server) mod identity;
pub mod invitations;
pub(in crate::server) mod join;
pub mod known_users;
pub mod names;
pub mod owners;
pub(in crate::server) mod passphrase;
pub mod policy;
