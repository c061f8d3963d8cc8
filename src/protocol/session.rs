//! The sessions of one user, who may be here from several terminals: how a client is known when it comes back, and what
//! the server says of the user's sessions.
//!
//! Must not know: how many there may be, or who may end one.

use std::fmt;
use std::str::FromStr;

use super::hex::{Hex16, NoHex};
use super::limits::MAX_NODES;
use super::words::{NO_DATA, op};
use crate::model::name::lenient;
use serde::{Deserialize, Serialize};

use crate::model::{Identity, Name, Origin, Text, Timestamp, Url};

/// By what a client is known when it comes back after a lost connection: 16 random bytes, written as 32 hexadecimal
/// digits, which it tells nobody but the server.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionToken(pub [u8; 16]);

impl fmt::Display for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Hex16(self.0).fmt(f)
    }
}

// A secret does not belong in a log.
impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(..)")
    }
}

impl FromStr for SessionToken {
    type Err = NoHex;

    fn from_str(text: &str) -> Result<Self, NoHex> {
        text.parse().map(|Hex16(bytes)| Self(bytes))
    }
}

/// One of the user's sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionLine {
    /// Which it is, counted from 1 since the user came online.
    pub number: u32,
    /// When it began.
    pub since: Timestamp,
    /// Where it comes from.
    pub from: Origin,
    /// What it has proved; `None` if it only claims the name.
    pub proof: Option<Identity>,
    /// Whether it is the one that asked.
    pub here: bool,
}

/// A statement about the user's sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionEvent {
    /// One of them, in answer to `sessions`.
    Line(SessionLine),
    /// The end of the [`SessionEvent::Line`]s that answer one request.
    End,
    /// The session of this number has ended, as the user asked.
    Ended(u32),
    /// The user is not to be disturbed in any session, and is away with this message; or may be again, if it is blank.
    Undisturbed(Text),
    /// The user has another name: the connection ends, and the client joins under that name.
    Renamed(Name),
    /// The user has left for good, as they asked: the connection ends.
    LeftForGood,
    /// The addresses of all nodes of this chat, at each of which the session can go on; at most [`MAX_NODES`].
    Nodes(Vec<Url>),
}

impl SessionEvent {
    /// The operation of its frame.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        match self {
            Self::Line(_) => op::SESSION,
            Self::End => op::SESSIONS_END,
            Self::Ended(_) => op::END_SESSION,
            Self::Undisturbed(_) => op::UNDISTURBED,
            Self::Renamed(_) => op::RENAMED,
            Self::LeftForGood => op::LEFT_SERVER,
            Self::Nodes(_) => op::NODES,
        }
    }

    /// The data of its frame.
    #[must_use]
    pub fn data(&self) -> String {
        match self {
            Self::Line(line) => line.to_string(),
            Self::End | Self::LeftForGood => NO_DATA.to_owned(),
            Self::Renamed(name) => name.to_string(),
            Self::Ended(number) => number.to_string(),
            Self::Undisturbed(text) => text.to_string(),
            Self::Nodes(nodes) if nodes.is_empty() => NO_DATA.to_owned(),
            Self::Nodes(nodes) => {
                let nodes: Vec<String> = nodes.iter().take(MAX_NODES).map(Url::to_string).collect();
                nodes.join(" ")
            }
        }
    }

    /// Reads it from an operation and its data; `None` if they are something else.
    #[must_use]
    pub fn read(operation: &str, data: &str) -> Option<Self> {
        Some(match operation {
            op::SESSION => Self::Line(SessionLine::read(data)?),
            op::SESSIONS_END => Self::End,
            op::END_SESSION => Self::Ended(data.parse().ok()?),
            op::UNDISTURBED => Self::Undisturbed(Text::line(data)),
            op::RENAMED => Self::Renamed(lenient(data)?),
            op::LEFT_SERVER => Self::LeftForGood,
            op::NODES => Self::Nodes(data.split(' ').take(MAX_NODES).filter_map(node).collect()),
            _ => return None,
        })
    }
}

/// Reads the address of a node; `None` if it is none. It has its scheme, and is reached over the network: what a server says
/// chooses no file and starts no program of the client's machine.
fn node(word: &str) -> Option<Url> {
    let url: Url = word.parse().ok()?;
    match &url {
        Url::Tcp(host) if word.starts_with("tcp://") && host.port != 0 => Some(url),
        Url::Tls(host) if host.port != 0 => Some(url),
        Url::Tcp(_) | Url::Tls(_) | Url::Unix(_) | Url::Ssh(_) => None,
    }
}

impl fmt::Display for SessionLine {
    /// `number=… since=… from=… proof=… here`; the last two may be missing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, since, from, proof, here } = self;
        write!(f, "number={number} since={} from={from}", since.rfc3339())?;
        if let Some(proof) = proof {
            write!(f, " proof={proof}")?;
        }
        f.write_str(if *here { " here" } else { "" })
    }
}

impl SessionLine {
    fn read(data: &str) -> Option<Self> {
        let value = |key| data.split(' ').find_map(|word: &str| word.strip_prefix(key));
        Some(Self {
            number: value("number=")?.parse().ok()?,
            since: Timestamp::parse(value("since=")?)?,
            from: value("from=")?.parse().ok()?,
            proof: value("proof=").and_then(|proof| proof.parse().ok()),
            here: data.split(' ').any(|word| word == "here"),
        })
    }
}
