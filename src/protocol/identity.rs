//! What a server says about a user's identity: answers to `whois`, the user's own keys, invitation codes.
//!
//! Must not know: how an identity is proved, or who may ask for it.

use std::fmt::Write as _;

use super::invitation::{InvitationLine, InvitationMade};
use super::words::{NO_DATA, op};
use crate::model::name::lenient;
use crate::model::{Identity, Name, Origin, Text, Timestamp};

/// The data at the end of a list that is not complete.
const MORE: &str = "more";

/// A statement about a user's identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdentityEvent {
    /// The code is valid; the name that is given next uses it up.
    CodeTaken(Text),
    /// The answer to `whois`.
    Whois(Whois),
    /// One of the identities that own the user's name.
    Key {
        /// The identity.
        proof: Identity,
        /// When it became an owner.
        since: Timestamp,
        /// Whether the present session has proved it.
        here: bool,
    },
    /// The end of the [`IdentityEvent::Key`]s that answer one request.
    KeysEnd,
    /// This identity does not own the name any more.
    KeyRevoked(Identity),
    /// A new invitation code.
    Invited {
        /// How long it is valid, in seconds.
        seconds: u64,
        /// The code.
        code: Text,
        /// What else there is to say of an invitation for newcomers; `None` for a key of one's own, and where the request
        /// did not say what it wants.
        made: Option<InvitationMade>,
    },
    /// One of the invitations that hold.
    Invitation(InvitationLine),
    /// The end of the [`IdentityEvent::Invitation`]s that answer one request.
    InvitationsEnd {
        /// Whether there are more than were sent.
        more: bool,
    },
    /// The invitation with this id has ended.
    InvitationRevoked(Text),
}

/// What the server knows about a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whois {
    /// The name.
    pub name: Name,
    /// What the user's oldest session has proved; `None` if it only claims the name, or if there is no session.
    pub proof: Option<Identity>,
    /// When the name got its first owner; `None` if nobody owns it.
    pub bound: Option<Timestamp>,
    /// When the user came online; `None` while offline.
    pub online: Option<Timestamp>,
    /// Whether the user is a moderator.
    pub moderator: bool,
    /// Where the user's sessions come from, oldest first; only moderators of the server are told.
    pub from: Vec<Origin>,
    /// Whether the user can be called.
    pub calls: bool,
}

impl IdentityEvent {
    /// The operation of its frame.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        match self {
            Self::CodeTaken(_) => op::CODE,
            Self::Whois(_) => op::WHOIS,
            Self::Key { .. } => op::KEY,
            Self::KeysEnd => op::KEYS_END,
            Self::KeyRevoked(_) => op::REVOKE_KEY,
            Self::Invited { .. } => op::INVITED,
            Self::Invitation(_) => op::INVITATION,
            Self::InvitationsEnd { .. } => op::INVITATIONS_END,
            Self::InvitationRevoked(_) => op::REVOKE_INVITATION,
        }
    }

    /// The data of its frame.
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
            Self::Invited { seconds, code, made: None } => format!("{seconds} {code}"),
            Self::Invited { seconds, code, made: Some(InvitationMade { id, people }) } => {
                format!("{seconds} {code} id={id} people={people}")
            }
            Self::Invitation(line) => line.data(),
            Self::InvitationsEnd { more } => if *more { MORE } else { NO_DATA }.to_owned(),
            Self::InvitationRevoked(id) => id.to_string(),
        }
    }

    /// Reads it from an operation and its data; `None` if they are something else.
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
                let (seconds, rest) = data.split_once(' ')?;
                let (code, words) = rest.split_once(' ').unwrap_or((rest, ""));
                let made = value(words, "id").zip(value(words, "people").and_then(|people| people.parse().ok()));
                let made = made.map(|(id, people)| InvitationMade { id: Text::line(id), people });
                Self::Invited { seconds: seconds.parse().ok()?, code: Text::line(code), made }
            }
            op::INVITATION => Self::Invitation(InvitationLine::read(data)?),
            op::INVITATIONS_END => Self::InvitationsEnd { more: data == MORE },
            op::REVOKE_INVITATION => Self::InvitationRevoked(Text::line(data)),
            _ => return None,
        })
    }
}

impl Whois {
    /// `proof=… bound=… online=… from=… calls=yes moderator NAME`; everything but the name may be missing.
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
        for from in &self.from {
            let _ = write!(data, "from={from} ");
        }
        if self.calls {
            data.push_str("calls=yes ");
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
            from: words.split(' ').filter_map(|word| word.strip_prefix("from=")?.parse().ok()).collect(),
            calls: value(words, "calls") == Some("yes"),
        })
    }
}

/// The value of `key=` among words.
fn value<'a>(data: &'a str, key: &str) -> Option<&'a str> {
    data.split(' ').find_map(|word| word.strip_prefix(key)?.strip_prefix('='))
}
