//! What the chat is about, without bytes, sockets or screens: names, text, time, roles.
//!
//! Must not know: the protocol, the network, the server, the client, or any clock.

pub mod escape;
pub mod identity;
pub mod message;
pub mod name;
pub mod origin;
pub mod role;
pub mod text;
pub mod time;
pub mod url;
pub mod words;

pub use identity::{Fingerprint, Identity};
pub use message::{MessageId, Target};
pub use name::{Name, NameError, NameKey};
pub use origin::Origin;
pub use role::Role;
pub use text::Text;
pub use time::{Now, Timestamp};
pub use url::Url;
