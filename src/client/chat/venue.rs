//! Where what is said in a conversation goes: through the server, or directly to another client.
//!
//! The two are different types, so that nothing that is said directly is ever sent to the server by mistake.
//!
//! Must not know: how either is sent, or how a conversation looks.

use super::arrangement::key_of;
use super::lookup_keys::folded;
use crate::client::view::DIRECT_SIGN;
use crate::language::places::place;
use crate::model::{Name, Target};

/// Where what is said in a conversation goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Venue {
    /// Through the server, to this recipient.
    Server(Target),
    /// Directly to this user; the server sees and keeps nothing of it.
    Direct(Name),
}

impl Venue {
    /// The recipient on the server; `None` for a direct conversation, which has none.
    #[must_use]
    pub fn target(&self) -> Option<&Target> {
        match self {
            Self::Server(target) => Some(target),
            Self::Direct(_) => None,
        }
    }

    /// The other user of a direct conversation.
    #[must_use]
    pub fn direct(&self) -> Option<&Name> {
        match self {
            Self::Server(_) => None,
            Self::Direct(name) => Some(name),
        }
    }

    /// The look-up key: different for each venue, and for a direct conversation different from every user's and room's.
    /// `None` for everyone.
    #[must_use]
    pub(crate) fn key(&self) -> Option<String> {
        match self {
            Self::Server(target) => key_of(target),
            Self::Direct(name) => Some(format!("{DIRECT_SIGN}{}", folded(name))),
        }
    }

    /// How it is called on the screen: a direct conversation by its sign and the name.
    #[must_use]
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Server(target) => place(target),
            Self::Direct(name) => format!("{DIRECT_SIGN} {name}"),
        }
    }
}
