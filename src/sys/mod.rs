//! The operating system.
//!
//! - [`clock`]: wall clock, steady clock, time zone.
//! - [`directory`]: the system's users.
//! - `secure_files`: files that only this user can open.
//! - `sd_notify`: messages to the service manager.
//! - [`user_numbers`]: which user numbers tell who somebody is.
//!
//! Must not know: the protocol, the server, the client.

pub mod clock;
pub mod directory;
pub(crate) mod sd_notify;
pub(crate) mod secure_files;
pub mod user_numbers;
