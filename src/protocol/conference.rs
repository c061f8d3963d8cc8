//! Conferences: what a client asks of the server, and what the server tells about who is in one. What the members show and
//! say to each other the server does not see (`conference_leg`, `conference_frames`).
//!
//! Must not know: who may join (`server`), or how a conference is shown.

use std::borrow::Cow;

use super::call::{CallId, CallOffer};
use super::ending::word;
use super::fields::EventFields;
use super::refusal::Code;
use super::words::{NO_DATA, SERVER, op};
use crate::model::name::lenient;
use crate::model::room::ROOM_SIGN;
use crate::model::{Fingerprint, Name, RoomName};

/// The most members of a conference.
pub const MAX_CONFERENCE: usize = 12;
/// The most members whose voices are heard at once: those who began first.
pub const MAX_SPEAKERS: usize = 4;
/// The mark of a member whose identity is proved.
const VERIFIED: &str = "verified";

/// The number of a member in its conference. A number that a member had is not given to another as long as others are free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MemberNumber(pub u8);

/// What a client asks about a conference. Rooms are named as the person wrote them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConferenceCommand {
    /// Join the conference of a room, or begin one.
    Join {
        /// The room.
        room: String,
        /// What the member is there for, and its key; the number holds if the conference begins.
        offer: CallOffer,
    },
    /// Leave the conference of a room.
    Leave(String),
}

/// Who is in the conference of a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InCall {
    /// The room.
    pub room: RoomName,
    /// Its conference; `None` if there is none, or none any more.
    pub conference: Option<Conference>,
}

/// A conference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conference {
    /// Its number.
    pub id: CallId,
    /// Who is in it.
    pub members: Vec<ConferenceMember>,
}

/// A member of a conference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConferenceMember {
    /// Its number.
    pub number: MemberNumber,
    /// The key that it proves on the channels to the others.
    pub key: Fingerprint,
    /// Its name.
    pub name: Name,
    /// Whether the server has proved its identity.
    pub verified: bool,
}

impl ConferenceMember {
    fn write(&self) -> String {
        let Self { number: MemberNumber(number), key, name, verified } = self;
        format!("{number},{key},{name}{}", if *verified { ",verified" } else { "" })
    }

    fn read(word: &str) -> Option<Self> {
        let mut parts = word.split(',');
        let number = MemberNumber(parts.next()?.parse().ok()?);
        let (key, name) = (parts.next()?.parse().ok()?, lenient(parts.next()?)?);
        Some(Self { number, key, name, verified: parts.any(|part| part == VERIFIED) })
    }
}

impl ConferenceCommand {
    /// The destination, operation and data of its frame.
    pub(super) fn fields(&self) -> (&str, &'static str, Cow<'_, str>) {
        match self {
            Self::Join { room, offer } => (room, op::CALL, offer.write().into()),
            Self::Leave(room) => (room, op::LEAVE_CALL, NO_DATA.into()),
        }
    }

    /// Reads it from three fields; `None` if the operation is another, or is not about a room.
    pub(super) fn read(destination: &str, operation: &str, data: &str) -> Option<Result<Self, (Code, String)>> {
        let room = destination.to_owned();
        match operation {
            op::CALL if room.starts_with(ROOM_SIGN) => {
                Some(CallOffer::required(data).map(|offer| Self::Join { room, offer }))
            }
            op::LEAVE_CALL => Some(Ok(Self::Leave(room))),
            _ => None,
        }
    }
}

impl InCall {
    /// The four fields of its frame.
    pub(super) fn fields(&self) -> EventFields<'_> {
        let data = match &self.conference {
            Some(Conference { id, members }) => {
                let members: String = members.iter().map(|member| format!(" {}", member.write())).collect();
                format!("id={id}{members}").into()
            }
            None => NO_DATA.into(),
        };
        EventFields { sender: SERVER, destination: self.room.as_str(), operation: op::IN_CALL, data }
    }

    /// Reads it from three fields; `None` if they are something else. More than [`MAX_CONFERENCE`] members are none.
    pub(super) fn read(destination: &str, operation: &str, data: &str) -> Option<Self> {
        if operation != op::IN_CALL {
            return None;
        }
        let room = RoomName::parse(destination).ok()?;
        let Some(id) = word(data, "id") else {
            return (data == NO_DATA).then_some(Self { room, conference: None });
        };
        let members: Vec<_> = data.split(' ').filter_map(ConferenceMember::read).collect();
        let known = |number| members.iter().filter(|member| member.number == number).count();
        if members.len() > MAX_CONFERENCE || members.iter().any(|member| known(member.number) > 1) {
            return None;
        }
        Some(Self { room, conference: Some(Conference { id: id.parse().ok()?, members }) })
    }
}
