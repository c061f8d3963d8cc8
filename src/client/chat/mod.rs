//! What the client knows of the chat. Pure.
//!
//! - [`conversations`]: all of them, and which one is in view. [`arrangement`]: their order. [`conversation`]: one of
//!   them, made of [`entry`]s; [`venue`] is where what is said there goes, `reach` how much of its history is loaded.
//! - [`people`]: who is online. [`rooms`]: rooms, with their [`room_members`]. `lookup_keys`: look-up keys of both.
//! - [`scrollback`]: the visible rows of a conversation. `search`: the search and its dialog, [`mentions`]: the same for
//!   mentions. [`notify`]: what is a mention, the bell, the window title.
//!
//! Must not know: the session, terminals, sockets.

pub(crate) mod act_words;
pub mod arrangement;
pub mod conversation;
pub mod conversations;
pub mod entry;
pub(crate) mod lookup_keys;
pub mod mentions;
pub mod notify;
pub mod people;
pub(crate) mod reach;
pub(crate) mod refusal_words;
pub mod room_members;
pub mod rooms;
pub mod scrollback;
pub(crate) mod search;
pub mod venue;
