//! The values that the chat is about, without bytes, sockets or screens.
//!
//! - Who: [`name`] (user names, and when two are the same), [`nearest`] (which known one was meant), `identity` (what a user has proved), `origin` (where a
//!   connection comes from), `role` (roles and ranks), `ban_target` (whom a ban is about).
//! - What: `message`, `reaction`, `room`, [`text`] (text from others, made harmless), [`search_words`] (text as the search sees it).
//! - When: [`time`] (moments), [`zone`] (time zones), [`period`] (lengths of time), [`trusted_clock`] (how far a clock is to be believed).
//! - Where: [`url`] (addresses of servers).
//! - [`file_name`] (names of files from others, made harmless), [`proquint`] (numbers as words).
//! - [`escape`] makes values fit for log lines.
//!
//! Must not know: the protocol, the network, the server, the client, or any clock.

pub(crate) mod ban_target;
pub mod escape;
pub mod file_name;
pub(crate) mod identity;
pub(crate) mod message;
pub mod name;
pub mod nearest;
pub(crate) mod origin;
pub mod period;
pub mod proquint;
pub mod reaction;
pub(crate) mod role;
pub(crate) mod room;
pub mod search_words;
pub mod text;
pub mod time;
pub mod trusted_clock;
pub mod url;
pub mod zone;

pub use ban_target::BanTarget;
pub use identity::{Fingerprint, Identity};
pub use message::{MessageId, Target};
pub use name::{FoldedName, Name, NameError, NameKey};
pub use origin::Origin;
pub use reaction::{Reaction, ReactionError};
pub use role::{Rank, Role, RoomRole};
pub use room::{RoomName, RoomNameError};
pub use text::Text;
pub use time::{Now, Timestamp};
pub use url::Url;
pub use zone::Zone;
