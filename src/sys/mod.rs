//! The operating system.
//!
//! - [`clock`]: wall clock, steady clock, time zone. [`trusted_time`]: how much of the wall clock is believed.
//! - [`directory`]: the system's users.
//! - `secure_files`: files that only this user can open.
//! - `users`: what the users of this machine are called.
//! - `sd_notify`: messages to the service manager.
//! - [`user_numbers`]: which user numbers tell who somebody is.
//!
//! Must not know: the protocol, the server, the client.

pub mod clock;
pub mod directory;
pub(crate) mod sd_notify;
pub(crate) mod secure_files;
pub mod trusted_time;
pub mod user_numbers;
pub(crate) mod users;
