//! Where a client connects to, and what it knows of the server there.
//!
//! Must not know: how the next address is chosen, or how a key is judged.

use std::fmt;

use crate::model::{Fingerprint, Url};

/// Where to connect, and what is known of the server there.
#[derive(Clone, PartialEq, Eq)]
pub struct Destination {
    /// The address.
    pub url: Url,
    /// The address by which the chat is known: what is remembered of its people belongs to that one.
    pub chat: Url,
    /// The other addresses that the person gave.
    pub given: Vec<Url>,
    /// Whether the address was told by a server, and not given by the person.
    pub is_told: bool,
    /// What the servers of this chat have proved.
    pub proved: Option<Proved>,
}

impl From<Url> for Destination {
    /// A chat with this address alone, of which nothing is known.
    fn from(url: Url) -> Self {
        Self { chat: url.clone(), url, given: Vec::new(), is_told: false, proved: None }
    }
}

impl fmt::Debug for Destination {
    /// The address, and beside another one than that of the chat the key that is expected there.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.url)?;
        match self.proved {
            Some(proved) if self.url != self.chat => write!(f, " {}", proved.key),
            Some(_) | None => Ok(()),
        }
    }
}

/// What the servers of a chat with several addresses have proved: they all have the same key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proved {
    /// The key.
    pub key: Fingerprint,
    /// Whether an authority vouches for the server that proved it.
    pub vouched: bool,
}
