//! What the chat is about, without bytes, sockets or screens: names, text, time, roles.
//!
//! Must not know: the protocol, the network, the server, the client, or any clock.

pub mod escape;
pub mod identity;
pub mod message;
pub mod name;
pub mod origin;
pub mod period;
pub mod role;
pub mod room;
pub mod text;
pub mod time;
pub mod url;
pub mod whom;
pub mod words;

pub use identity::{Fingerprint, Identity};
pub use message::{MessageId, Target};
pub use name::{FoldedName, Name, NameError, NameKey};
pub use origin::Origin;
pub use role::{Rank, Role, RoomRole};
pub use room::{RoomName, RoomNameError};
pub use text::Text;
pub use time::{Now, Timestamp};
pub use url::Url;
pub use whom::Whom;
