//! What a server says about who somebody is: an answer to `whois`, one's own keys, invitation codes.
//!
//! Must not know: how an identity is proved, or who may ask.

use std::fmt::Write as _;

use super::words::{NO_DATA, op};
use crate::model::name::lenient;
use crate::model::{Identity, Name, Text, Timestamp};

/// Something about who somebody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// The code is good; it is used up with the name that is given next.
    CodeTaken(Text),
    /// The answer to a question about one user.
    Whois(Whois),
    /// One of the identities that the user's name belongs to.
    Key {
        /// The identity.
        proof: Identity,
        /// Since when.
        since: Timestamp,
        /// Whether it is this session's.
        here: bool,
    },
    /// No more of [`About::Key`] comes for this request.
    KeysEnd,
    /// The name does not belong to this identity any more.
    KeyRevoked(Identity),
    /// A code that was made.
    Invited {
        /// For how long it can be used.
        seconds: u64,
        /// The code.
        code: Text,
    },
}

/// What is known of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whois {
    /// The name.
    pub name: Name,
    /// What the present session has proved; nothing if it only claims the name, or there is none.
    pub proof: Option<Identity>,
    /// Since when the name belongs to somebody, if it does.
    pub bound: Option<Timestamp>,
    /// Since when the user is online, if they are.
    pub online: Option<Timestamp>,
    /// Whether they are a moderator.
    pub moderator: bool,
}

impl About {
    /// The operation that says it.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        match self {
            Self::CodeTaken(_) => op::CODE,
            Self::Whois(_) => op::WHOIS,
            Self::Key { .. } => op::KEY,
            Self::KeysEnd => op::KEYS_END,
            Self::KeyRevoked(_) => op::REVOKE_KEY,
            Self::Invited { .. } => op::INVITED,
        }
    }

    /// The data that says it.
    #[must_use]
    pub fn data(&self) -> String {
        match self {
            Self::CodeTaken(text) => text.to_string(),
            Self::Whois(whois) => whois.write(),
            Self::Key { proof, since, here } => {
                format!("proof={proof} since={}{}", since.rfc3339(), if *here { " here" } else { "" })
            }
            Self::KeysEnd => NO_DATA.to_owned(),
            Self::KeyRevoked(proof) => proof.to_string(),
            Self::Invited { seconds, code } => format!("{seconds} {code}"),
        }
    }

    /// Reads it; `None` if it is nothing of the kind.
    #[must_use]
    pub fn read(operation: &str, data: &str) -> Option<Self> {
        Some(match operation {
            op::CODE => Self::CodeTaken(Text::line(data)),
            op::WHOIS => Self::Whois(Whois::read(data)?),
            op::KEY => Self::Key {
                proof: value(data, "proof")?.parse().ok()?,
                since: Timestamp::parse(value(data, "since")?)?,
                here: data.split(' ').any(|word| word == "here"),
            },
            op::KEYS_END => Self::KeysEnd,
            op::REVOKE_KEY => Self::KeyRevoked(data.parse().ok()?),
            op::INVITED => {
                let (seconds, code) = data.split_once(' ')?;
                Self::Invited { seconds: seconds.parse().ok()?, code: Text::line(code) }
            }
            _ => return None,
        })
    }
}

impl Whois {
    /// `proof=… bound=… online=… moderator NAME`; what is not so is left out, but for the name.
    fn write(&self) -> String {
        let mut data = String::new();
        if let Some(proof) = self.proof {
            let _ = write!(data, "proof={proof} ");
        }
        if let Some(bound) = self.bound {
            let _ = write!(data, "bound={} ", bound.rfc3339());
        }
        if let Some(online) = self.online {
            let _ = write!(data, "online={} ", online.rfc3339());
        }
        if self.moderator {
            data.push_str("moderator ");
        }
        data + self.name.as_str()
    }

    fn read(data: &str) -> Option<Self> {
        let (words, name) = data.rsplit_once(' ').unwrap_or(("", data));
        let time = |key| value(words, key).and_then(Timestamp::parse);
        Some(Self {
            name: lenient(name)?,
            proof: value(words, "proof").and_then(|proof| proof.parse().ok()),
            bound: time("bound"),
            online: time("online"),
            moderator: words.split(' ').any(|word| word == "moderator"),
        })
    }
}

/// What follows `key=` among words.
fn value<'a>(data: &'a str, key: &str) -> Option<&'a str> {
    data.split(' ').find_map(|word| word.strip_prefix(key)?.strip_prefix('='))
}
