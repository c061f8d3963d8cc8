//! The client: what a user sees and does.
//!
//! The core is pure: [`session`] takes a [`msg::Msg`] and returns [`msg::Effect`]s; [`view`] is what it shows, as plain
//! data. From the bottom up, a folder knows only those above it in this list:
//!
//! - [`key`]: keys. [`view`]: the screen as plain data. [`traffic`]: bytes of the last minute. [`destination`]: where to connect; `server_list`: addresses as a person writes them. [`msg`]: what goes into the
//!   session and comes out; [`printed`] is what plain mode prints.
//! - [`traffic_meter`]: counts those bytes, for all who read and write them.
//! - [`action`]: the one table of everything that a user can do.
//! - [`settings`]: the person's settings.
//! - [`text`]: editing, wrapping, layout.
//! - [`chat`]: conversations, people, rooms, the search.
//! - [`dialogs`]: the forms that ask the user something.
//! - [`direct`]: what two clients say and send directly (knows nothing of the others).
//! - `program`: programs for cameras and sound. `stop_sign` stops their threads. [`camera`]: the source of the
//!   person's own pictures. [`sound`]: microphone and loudspeaker. They know nothing of the others.
//! - [`link`]: the connection to the server (knows only [`msg`]).
//! - [`channels`]: the channels to other clients, over sockets and with files on the disk.
//! - [`session`]: decides everything.
//! - [`tui`]: the full screen (knows neither the session nor the chat). [`plain`]: the chat line by line.
//! - `unsent_file` keeps what was not sent for the next start, `sent_file` what was, `arrangement_file` the order of
//!   conversations. `run` ties everything together.
//!
//! Must not know: the server.

pub mod action;
pub(crate) mod arrangement_file;
pub mod camera;
pub mod channels;
pub mod chat;
pub mod destination;
pub mod dialogs;
pub mod direct;
pub mod key;
pub mod link;
pub mod msg;
pub mod plain;
pub mod printed;
mod program;
pub(crate) mod run;
pub(crate) mod sent_file;
pub(crate) mod server_list;
pub mod session;
pub mod settings;
pub mod sound;
mod stop_sign;
pub mod text;
pub mod traffic;
pub mod traffic_meter;
pub mod tui;
pub(crate) mod unsent_file;
pub mod view;
