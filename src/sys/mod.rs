//! The operating system.
//!
//! - [`clock`]: wall clock, steady clock, time zone. [`trusted_time`]: how much of the wall clock is believed.
//! - [`directory`]: the system's users.
//! - `disk`: how full it is, and how large and old its files are.
//! - `host_name`: the name of the machine.
//! - [`journal`]: whether the log goes to systemd's journal.
//! - [`line_writer`]: a thread that writes lines, so that nobody else waits for their reader.
//! - [`link_opener`]: the program that opens a link in a browser.
//! - [`part_file`]: a file that arrives piece by piece. [`source_file`]: one that is read so.
//! - `sandbox`: what a server gives up once it has started.
//! - `secure_files`: files that only this user can open.
//! - `users`: what the users of this machine are called.
//! - `sd_notify`: messages to the service manager.
//! - [`standard_streams`]: reading and writing standard input and output patiently.
//! - `terminal`: whether the terminal of the program is still there.
//! - [`user_numbers`]: which user numbers tell who somebody is.
//!
//! Must not know: the protocol, the server, the client.

pub mod clock;
pub mod directory;
pub(crate) mod disk;
pub(crate) mod host_name;
pub mod journal;
pub mod line_writer;
pub mod link_opener;
pub mod part_file;
pub mod sandbox;
pub(crate) mod sd_notify;
pub(crate) mod secure_files;
pub mod source_file;
pub mod standard_streams;
pub(crate) mod terminal;
pub mod trusted_time;
pub mod user_numbers;
pub(crate) mod users;
