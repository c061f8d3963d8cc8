//! Calls: what a client asks of the server, and what the server passes on, until two clients have a channel. What they say
//! on it the server does not see (`peer`).
//!
//! Must not know: who may call whom (`server`), or how a call is shown.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::ending::word;
use super::fields::EventFields;
use super::hang_up::HangUp;
use super::hex::{Hex16, NoHex};
use super::leg::LegToken;
use super::refusal::Code;
use super::words::{SERVER, op};
use crate::model::name::lenient;
use crate::model::{Fingerprint, Name};

/// An answer that takes the call.
const YES: &str = "yes";
/// An answer that does not.
const NO: &str = "no";
/// The server's answer to a client that has shown a leg's token.
const READY: &str = "ready";

/// A call: 16 random bytes of the caller's choosing, written as 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallId(pub [u8; 16]);

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Hex16(self.0), f)
    }
}

impl FromStr for CallId {
    type Err = NoHex;

    fn from_str(text: &str) -> Result<Self, NoHex> {
        text.parse().map(|Hex16(bytes)| Self(bytes))
    }
}

/// What a call is for. Each side may do more later; this is what the one who is called is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallWants {
    /// To talk directly.
    pub chat: bool,
    /// To send a file.
    pub file: bool,
    /// To see each other.
    pub video: bool,
    /// To hear each other.
    pub voice: bool,
}

impl CallWants {
    /// Its words.
    fn words(self) -> impl Iterator<Item = &'static str> {
        let Self { chat, file, video, voice } = self;
        [(chat, "chat"), (file, "file"), (video, "video"), (voice, "voice")]
            .into_iter()
            .filter_map(|(wanted, word)| wanted.then_some(word))
    }

    /// Reads what [`Self::words`] are; words that this program does not know are passed over.
    fn read(text: &str) -> Self {
        let mut wants = Self::default();
        for word in text.split(',') {
            match word {
                "chat" => wants.chat = true,
                "file" => wants.file = true,
                "video" => wants.video = true,
                "voice" => wants.voice = true,
                _ => {}
            }
        }
        wants
    }
}

impl fmt::Display for CallWants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().collect::<Vec<_>>().join(","))
    }
}

/// The call itself, as it is made and as it rings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallOffer {
    /// The call.
    pub id: CallId,
    /// What it is for.
    pub wants: CallWants,
    /// The caller's key, which it proves on the channel.
    pub key: Fingerprint,
}

impl CallOffer {
    pub(super) fn write(&self) -> String {
        format!("id={} what={} key={}", self.id, self.wants, self.key)
    }

    /// Reads it, or says what is needed.
    pub(super) fn required(data: &str) -> Result<Self, (Code, String)> {
        Self::read(data).ok_or_else(|| malformed("id=HEX32 what=WORDS key=KEY"))
    }

    fn read(data: &str) -> Option<Self> {
        Some(Self {
            id: id(data)?,
            wants: CallWants::read(word(data, "what").unwrap_or_default()),
            key: word(data, "key")?.parse().ok()?,
        })
    }
}

/// The answer to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallAnswer {
    /// It is taken, by the owner of this key.
    Yes(Fingerprint),
    /// It is not taken.
    No(CallRefusal),
}

/// Why a call is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallRefusal {
    /// The user does not want it.
    Declined,
    /// The user is in another call.
    Busy,
    /// The client can do nothing of what was asked.
    Cannot,
}

impl CallRefusal {
    /// Every reason.
    pub const ALL: [Self; 3] = [Self::Declined, Self::Busy, Self::Cannot];

    /// Its word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Declined => "declined",
            Self::Busy => "busy",
            Self::Cannot => "cannot",
        }
    }

    /// Reads a word; one that this program does not know declines.
    fn read(word: &str) -> Self {
        Self::ALL.into_iter().find(|why| why.as_str() == word).unwrap_or(Self::Declined)
    }
}

impl CallAnswer {
    fn write(&self, id: CallId) -> String {
        match self {
            Self::Yes(key) => format!("id={id} {YES} key={key}"),
            Self::No(why) => format!("id={id} {NO} {}", why.as_str()),
        }
    }

    fn read(data: &str) -> Option<Self> {
        if word(data, YES).is_some() {
            return Some(Self::Yes(word(data, "key")?.parse().ok()?));
        }
        word(data, NO)?;
        Some(Self::No(CallRefusal::read(data.rsplit(' ').next().unwrap_or_default())))
    }
}

/// What a client asks about a call. Users are named as the person wrote them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallCommand {
    /// Call a user.
    Ring {
        /// The user.
        to: String,
        /// The call.
        offer: CallOffer,
    },
    /// Answer a user's call.
    Answer {
        /// The caller.
        to: String,
        /// The call.
        id: CallId,
        /// The answer.
        answer: CallAnswer,
    },
    /// End a call that rings or is under way.
    HangUp {
        /// The other one.
        to: String,
        /// The call.
        id: CallId,
        /// Why.
        why: HangUp,
    },
    /// This connection carries a leg from now on. The first frame of a connection, or refused.
    Leg(LegToken),
}

/// What the server says about a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallEvent {
    /// A user calls; the tag `verified` is about the caller.
    Rings {
        /// The caller.
        from: Name,
        /// The user who is called.
        to: Name,
        /// The call.
        offer: CallOffer,
    },
    /// The call rings at the other one; the answer to [`CallCommand::Ring`].
    Ringing(CallId),
    /// The other one has answered; the tag `verified` is about them.
    Answered {
        /// The user who answered.
        by: Name,
        /// The caller.
        to: Name,
        /// The call.
        id: CallId,
        /// The answer.
        answer: CallAnswer,
    },
    /// The call's channel can be made.
    Relay(RelayGrant),
    /// The call is over.
    HungUp {
        /// The user who hung up; `None` if it was the server.
        by: Option<Name>,
        /// The call.
        id: CallId,
        /// Why.
        why: HangUp,
    },
    /// The connection carries the leg.
    LegReady,
}

/// A leg of a call, for one of its two clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RelayGrant {
    /// The call.
    pub id: CallId,
    /// What the client shows to have the leg.
    pub leg: LegToken,
    /// The server's UDP port; 0 if it has none.
    pub port: u16,
    /// How much is relayed from this leg, in bytes a second.
    pub rate: u64,
}

impl CallCommand {
    /// The destination, operation and data of its frame.
    pub(super) fn fields(&self) -> (&str, &'static str, Cow<'_, str>) {
        match self {
            Self::Ring { to, offer } => (to, op::CALL, offer.write().into()),
            Self::Answer { to, id, answer } => (to, op::ANSWER, answer.write(*id).into()),
            Self::HangUp { to, id, why } => (to, op::HANG_UP, format!("id={id} {}", why.as_str()).into()),
            Self::Leg(token) => (SERVER, op::RELAY, format!("leg={token}").into()),
        }
    }

    /// Reads it from three fields; `None` if the operation is another.
    pub(super) fn read(destination: &str, operation: &str, data: &str) -> Option<Result<Self, (Code, String)>> {
        let to = destination.to_owned();
        let (read, form) = match operation {
            op::CALL => return Some(CallOffer::required(data).map(|offer| Self::Ring { to, offer })),
            op::ANSWER => (
                id(data).zip(CallAnswer::read(data)).map(|(id, answer)| Self::Answer { to, id, answer }),
                "id=HEX32 yes key=KEY, or id=HEX32 no REASON",
            ),
            op::HANG_UP => (id(data).map(|id| Self::HangUp { to, id, why: reason(data) }), "id=HEX32 REASON"),
            op::RELAY => (word(data, "leg").and_then(|leg| leg.parse().ok()).map(Self::Leg), "leg=HEX32"),
            _ => return None,
        };
        Some(read.ok_or_else(|| malformed(form)))
    }
}

impl CallEvent {
    /// The four fields of its frame, for the recipient `you`.
    pub(super) fn fields<'a>(&'a self, you: &'a str) -> EventFields<'a> {
        let (sender, destination, operation): (&str, &str, &str) = match self {
            Self::Rings { from, to, .. } => (from.as_str(), to.as_str(), op::CALL),
            Self::Ringing(_) => (SERVER, you, op::RINGING),
            Self::Answered { by, to, .. } => (by.as_str(), to.as_str(), op::ANSWER),
            Self::Relay(_) | Self::LegReady => (SERVER, you, op::RELAY),
            Self::HungUp { by, .. } => (by.as_ref().map_or(SERVER, Name::as_str), you, op::HANG_UP),
        };
        EventFields { sender, destination, operation, data: self.data() }
    }

    fn data(&self) -> Cow<'_, str> {
        match self {
            Self::Rings { offer, .. } => offer.write().into(),
            Self::Ringing(id) => format!("id={id}").into(),
            Self::Answered { id, answer, .. } => answer.write(*id).into(),
            Self::Relay(RelayGrant { id, leg, port, rate }) => {
                format!("id={id} leg={leg} port={port} rate={rate}").into()
            }
            Self::HungUp { id, why, .. } => format!("id={id} {}", why.as_str()).into(),
            Self::LegReady => READY.into(),
        }
    }

    /// Reads an event from four fields; `None` if they are something else.
    pub(super) fn read(sender: &str, dest: &str, operation: &str, data: &str) -> Option<Self> {
        Some(match operation {
            op::CALL => Self::Rings { from: lenient(sender)?, to: lenient(dest)?, offer: CallOffer::read(data)? },
            op::RINGING => Self::Ringing(id(data)?),
            op::ANSWER => Self::Answered {
                by: lenient(sender)?,
                to: lenient(dest)?,
                id: id(data)?,
                answer: CallAnswer::read(data)?,
            },
            op::RELAY if data == READY => Self::LegReady,
            op::RELAY => Self::Relay(RelayGrant {
                id: id(data)?,
                leg: word(data, "leg")?.parse().ok()?,
                port: word(data, "port")?.parse().ok()?,
                rate: word(data, "rate")?.parse().ok()?,
            }),
            op::HANG_UP => Self::HungUp {
                by: if sender == SERVER { None } else { Some(lenient(sender)?) },
                id: id(data)?,
                why: reason(data),
            },
            _ => return None,
        })
    }
}

fn malformed(form: &str) -> (Code, String) {
    (Code::BadFrame, format!("The data must be: {form}."))
}

fn id(data: &str) -> Option<CallId> {
    word(data, "id")?.parse().ok()
}

/// The reason at the end of the data of `hang_up`.
fn reason(data: &str) -> HangUp {
    HangUp::read(data.rsplit(' ').next().unwrap_or_default())
}
