//! What a server says about rooms and to those who are in them, and about what moderators did there.
//!
//! Must not know: who is in which room, or who may do what (`server`).

use std::borrow::Cow;
use std::time::Duration;

use super::act::{BanLine, Done};
use super::event::Fields;
use super::place::{destination, join, target};
use super::words::{ALL_CLIENTS, SERVER, op};
use crate::model::name::lenient;
use crate::model::{Name, RoomName, RoomRole, Target, Text};

/// The data of the end of a list that there is more of.
const MORE: &str = "more";

/// Something about a room, or about the one that everyone is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoomEvent {
    /// How a room is.
    Told(RoomInfo),
    /// No more of [`RoomEvent::Told`] comes for this request.
    RoomsEnd {
        /// Whether there are more than are told.
        more: bool,
    },
    /// Some of those who are in a room and have the same role, online or not.
    Members {
        /// Which room.
        room: RoomName,
        /// Their role.
        role: RoomRole,
        /// Whether they are online.
        online: bool,
        /// Who.
        names: Vec<Name>,
    },
    /// No more of [`RoomEvent::Members`] comes for this request.
    MembersEnd {
        /// Which room.
        room: RoomName,
        /// Whether there are more than are told.
        more: bool,
    },
    /// Somebody set the topic.
    Topic {
        /// Who.
        by: Name,
        /// Where: everyone or a room.
        place: Target,
        /// What is talked about there; blank if it was taken away.
        text: Text,
    },
    /// Users who are in a room from now on.
    Joined {
        /// Which room.
        room: RoomName,
        /// Who.
        names: Vec<Name>,
    },
    /// Users who are in it no more, and why if it was not their wish.
    Left {
        /// Which room.
        room: RoomName,
        /// Who.
        names: Vec<Name>,
        /// Why.
        why: Option<Text>,
    },
    /// Somebody asks the user into a room.
    Invited {
        /// Who.
        by: Name,
        /// Where to.
        room: RoomName,
    },
    /// A message to a room.
    Message {
        /// Who says it.
        from: Name,
        /// Where.
        room: RoomName,
        /// Whether its sender gets it too.
        me_too: bool,
        /// What.
        text: Text,
    },
    /// In place of a message that was deleted.
    Deleted {
        /// Who had said it.
        from: Name,
        /// Where: everyone or a room.
        place: Target,
        /// Who has deleted it.
        by: Name,
    },
    /// A moderator did something.
    Acted {
        /// Who.
        by: Name,
        /// Where: everyone or a room.
        place: Target,
        /// What.
        done: Done,
    },
    /// No more of [`RoomEvent::Acted`] comes for this request.
    ModlogEnd {
        /// Whether there are older ones.
        more: bool,
    },
    /// A ban or a mute that is in force.
    Ban {
        /// Where: everyone or a room.
        place: Target,
        /// What.
        line: BanLine,
    },
    /// No more of [`RoomEvent::Ban`] comes for this request.
    BansEnd {
        /// Whether there are more than are told.
        more: bool,
    },
    /// Whom a ban would hit of those online, or of the members of the room.
    WouldBan {
        /// How many.
        count: usize,
        /// Some of them, or all.
        names: Vec<Name>,
    },
    /// The server ends after so long.
    Closing {
        /// Who wants it; the server itself if nobody.
        by: Option<Name>,
        /// How long from now.
        after: Duration,
        /// Why.
        reason: Text,
    },
    /// It does not.
    ClosingOff {
        /// Who called it off.
        by: Name,
    },
}

/// How a room is. What concerns the asker alone is none where it is told to all of them: then it is as before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomInfo {
    /// Everyone, or a room.
    pub place: Target,
    /// Whether one has to be invited.
    pub private: bool,
    /// How many are in it.
    pub members: usize,
    /// Between two messages of one member; zero if there is no slow mode.
    pub slow: Duration,
    /// Whether only moderators speak.
    pub read_only: bool,
    /// Whether only moderators set the topic.
    pub locked: bool,
    /// What is talked about there.
    pub topic: Text,
    /// What the asker is in it.
    pub you: Option<Place>,
}

/// What a user is to a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Not in it.
    Outside,
    /// Invited, and not in it.
    Invited,
    /// In it.
    Inside(RoomRole),
}

impl Place {
    fn as_str(self) -> &'static str {
        match self {
            Self::Outside => "outside",
            Self::Invited => "invited",
            Self::Inside(role) => role.as_str(),
        }
    }

    fn parse(word: &str) -> Option<Self> {
        match word {
            "outside" => Some(Self::Outside),
            "invited" => Some(Self::Invited),
            word => RoomRole::parse(word).map(Self::Inside),
        }
    }
}

impl RoomInfo {
    /// `open|private members=N [you=…] [slow=S] [read_only] [locked] topic=TEXT`
    fn data(&self) -> String {
        let mut data = format!("{} members={}", if self.private { "private" } else { "open" }, self.members);
        if let Some(you) = self.you {
            data += &format!(" you={}", you.as_str());
        }
        if !self.slow.is_zero() {
            data += &format!(" slow={}", self.slow.as_secs());
        }
        for (word, is) in [("read_only", self.read_only), ("locked", self.locked)] {
            if is {
                data += &format!(" {word}");
            }
        }
        format!("{data} topic={}", self.topic)
    }

    fn read(place: Target, data: &str) -> Option<Self> {
        let (words, topic) = data.split_once(" topic=")?;
        let value = |key: &str| words.split(' ').find_map(|word| word.strip_prefix(key)?.strip_prefix('='));
        let has = |wanted: &str| words.split(' ').any(|word| word == wanted);
        Some(Self {
            place,
            private: has("private"),
            members: value("members")?.parse().ok()?,
            slow: value("slow").and_then(|slow| slow.parse().ok()).map(Duration::from_secs).unwrap_or_default(),
            read_only: has("read_only"),
            locked: has("locked"),
            topic: Text::line(topic),
            you: value("you").and_then(Place::parse),
        })
    }
}

impl RoomEvent {
    /// Its four fields, as `you` are told.
    pub(super) fn fields<'a>(&'a self, you: &'a str) -> Fields<'a> {
        let (sender, destination, operation): (&str, &str, &str) = match self {
            Self::Told(info) => (SERVER, destination(&info.place), op::ROOM),
            Self::RoomsEnd { .. } => (SERVER, you, op::ROOMS_END),
            Self::Members { room, .. } => (SERVER, room.as_str(), op::MEMBERS),
            Self::MembersEnd { room, .. } => (SERVER, room.as_str(), op::MEMBERS_END),
            Self::Topic { by, place, .. } => (by.as_str(), destination(place), op::TOPIC),
            Self::Joined { room, .. } => (SERVER, room.as_str(), op::JOINED),
            Self::Left { room, .. } => (SERVER, room.as_str(), op::LEFT),
            Self::Invited { by, .. } => (by.as_str(), you, op::INVITED_TO_ROOM),
            Self::Message { from, room, me_too: true, .. } => (from.as_str(), room.as_str(), op::BROADCAST),
            Self::Message { from, room, me_too: false, .. } => (from.as_str(), room.as_str(), op::BROADCAST_NOT_ME),
            Self::Deleted { from, place, .. } => (from.as_str(), destination(place), op::DELETED),
            Self::Acted { by, place, .. } => (by.as_str(), destination(place), op::ACT),
            Self::ModlogEnd { .. } => (SERVER, you, op::MODLOG_END),
            Self::Ban { place, .. } => (SERVER, destination(place), op::BANNED),
            Self::BansEnd { .. } => (SERVER, you, op::BANS_END),
            Self::WouldBan { .. } => (SERVER, you, op::WOULD_BAN),
            Self::Closing { by, .. } => (by.as_ref().map_or(SERVER, Name::as_str), ALL_CLIENTS, op::CLOSING),
            Self::ClosingOff { by } => (by.as_str(), ALL_CLIENTS, op::CLOSING_OFF),
        };
        Fields { sender, destination, operation, data: self.data() }
    }

    fn data(&self) -> Cow<'_, str> {
        match self {
            Self::Told(info) => info.data().into(),
            Self::Members { role, online, names, .. } => {
                format!("{role} {} {}", if *online { "online" } else { "offline" }, join(names, " ")).into()
            }
            Self::Topic { text, .. } | Self::Message { text, .. } => text.as_str().into(),
            Self::Joined { names, .. } | Self::Left { names, .. } => join(names, " ").into(),
            Self::Invited { room, .. } => room.as_str().into(),
            Self::Deleted { by, .. } => by.as_str().into(),
            Self::Acted { done, .. } => done.data().into(),
            Self::RoomsEnd { more }
            | Self::MembersEnd { more, .. }
            | Self::BansEnd { more }
            | Self::ModlogEnd { more } => if *more { MORE } else { "" }.into(),
            Self::Ban { line, .. } => line.data().into(),
            Self::WouldBan { count, names } => format!("{count} {}", join(names, " ")).into(),
            Self::Closing { after, reason, .. } => format!("{} {reason}", after.as_secs()).into(),
            Self::ClosingOff { .. } => "".into(),
        }
    }

    /// The meaning of four fields; `None` if it is nothing of the kind.
    pub(super) fn read(sender: &str, dest: &str, operation: &str, data: &str, why: Option<Text>) -> Option<Self> {
        let room = || RoomName::parse(dest).ok();
        let place = || target(dest).filter(|place| !matches!(place, Target::User(_)));
        let names = |names: &str| names.split(' ').filter_map(lenient).collect();
        Some(match operation {
            op::ROOM => Self::Told(RoomInfo::read(place()?, data)?),
            op::ROOMS_END => Self::RoomsEnd { more: data == MORE },
            op::MEMBERS => {
                let mut words = data.splitn(3, ' ');
                let role = RoomRole::parse(words.next()?)?;
                let online = words.next()? == "online";
                Self::Members { room: room()?, role, online, names: names(words.next().unwrap_or_default()) }
            }
            op::MEMBERS_END => Self::MembersEnd { room: room()?, more: data == MORE },
            op::TOPIC => Self::Topic { by: lenient(sender)?, place: place()?, text: Text::line(data) },
            op::JOINED => Self::Joined { room: room()?, names: names(data) },
            op::LEFT => Self::Left { room: room()?, names: names(data), why },
            op::INVITED_TO_ROOM => Self::Invited { by: lenient(sender)?, room: RoomName::parse(data).ok()? },
            op::BROADCAST | op::BROADCAST_NOT_ME => Self::Message {
                from: lenient(sender)?,
                room: room()?,
                me_too: operation == op::BROADCAST,
                text: Text::block(data),
            },
            op::DELETED => Self::Deleted { from: lenient(sender)?, place: place()?, by: lenient(data)? },
            op::ACT => Self::Acted { by: lenient(sender)?, place: place()?, done: Done::read(data)? },
            op::MODLOG_END => Self::ModlogEnd { more: data == MORE },
            op::BANNED => Self::Ban { place: place()?, line: BanLine::read(data)? },
            op::BANS_END => Self::BansEnd { more: data == MORE },
            op::WOULD_BAN => {
                let (count, rest) = data.split_once(' ').unwrap_or((data, ""));
                Self::WouldBan { count: count.parse().ok()?, names: names(rest) }
            }
            op::CLOSING => {
                let (seconds, reason) = data.split_once(' ').unwrap_or((data, ""));
                let by = lenient(sender).filter(|by| by.as_str() != SERVER);
                Self::Closing { by, after: Duration::from_secs(seconds.parse().ok()?), reason: Text::line(reason) }
            }
            op::CLOSING_OFF => Self::ClosingOff { by: lenient(sender)? },
            _ => return None,
        })
    }
}
