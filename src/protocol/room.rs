//! What a server says about rooms, to their members, and about moderators' actions in them.
//!
//! Must not know: who is in which room, or who may do what (`server`).

use std::borrow::Cow;
use std::time::Duration;

use super::act::Done;
use super::addressing::{destination, join, target};
use super::ban_line::BanLine;
use super::fields::EventFields;
use super::words::{ALL_CLIENTS, SERVER, op};
use crate::model::name::lenient;
use crate::model::{Name, RoomName, RoomRole, Target, Text};

/// The data at the end of a list that is not complete.
const MORE: &str = "more";

/// An event in a room, or in the one that everyone is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoomEvent {
    /// The state of a room.
    Told(RoomInfo),
    /// The end of the [`RoomEvent::Told`]s that answer one request.
    RoomsEnd {
        /// Whether there are more rooms than were sent.
        more: bool,
    },
    /// Some of a room's members who have the same role, all online or all offline.
    Members {
        /// The room.
        room: RoomName,
        /// Their role.
        role: RoomRole,
        /// Whether they are online.
        online: bool,
        /// The members.
        names: Vec<Name>,
    },
    /// The end of the [`RoomEvent::Members`] that answer one request.
    MembersEnd {
        /// The room.
        room: RoomName,
        /// Whether there are more members than were sent.
        more: bool,
    },
    /// A user set the topic.
    Topic {
        /// The user.
        by: Name,
        /// The place: everyone or a room.
        place: Target,
        /// The new topic; blank for none.
        text: Text,
    },
    /// Users who joined a room.
    Joined {
        /// The room.
        room: RoomName,
        /// The users.
        names: Vec<Name>,
    },
    /// Users who left a room, and why if they did not choose to.
    Left {
        /// The room.
        room: RoomName,
        /// The users.
        names: Vec<Name>,
        /// The reason.
        why: Option<Text>,
    },
    /// A user invites the recipient into a room.
    Invited {
        /// The user who invites.
        by: Name,
        /// The room.
        room: RoomName,
    },
    /// A message to a room.
    Message {
        /// The sender.
        from: Name,
        /// The room.
        room: RoomName,
        /// Whether the sender gets a copy.
        me_too: bool,
        /// The message.
        text: Text,
    },
    /// The marker of a deleted message.
    Deleted {
        /// The sender of the message.
        from: Name,
        /// The place: everyone or a room, or another user if its sender deleted it.
        place: Target,
        /// The user who deleted it: its sender, or a moderator.
        by: Name,
    },
    /// A moderator's action.
    Acted {
        /// The moderator.
        by: Name,
        /// The place: everyone or a room.
        place: Target,
        /// The action.
        done: Done,
    },
    /// The end of the [`RoomEvent::Acted`]s that answer one request.
    ModlogEnd {
        /// Whether there are older entries.
        more: bool,
    },
    /// A ban or a mute in force.
    Ban {
        /// The place: everyone or a room.
        place: Target,
        /// The ban or mute.
        line: BanLine,
    },
    /// The end of the [`RoomEvent::Ban`]s that answer one request.
    BansEnd {
        /// Whether there are more than were sent.
        more: bool,
    },
    /// The users whom a ban would match: among those online, or among the room's members.
    WouldBan {
        /// Their number.
        count: usize,
        /// Some or all of their names.
        names: Vec<Name>,
    },
    /// The server is going to close.
    Closing {
        /// Who closes it; `None` for the server itself.
        by: Option<Name>,
        /// How long from now.
        after: Duration,
        /// The reason.
        reason: Text,
    },
    /// The server stays open after all.
    ClosingOff {
        /// The moderator who cancelled the closing.
        by: Name,
    },
}

/// The state of a room. What concerns one recipient alone is `None` in a frame for all of them, and stays as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomInfo {
    /// Everyone, or a room.
    pub place: Target,
    /// Whether users need an invitation.
    pub private: bool,
    /// The number of members.
    pub members: usize,
    /// The least time between two messages of one member; zero without slow mode.
    pub slow: Duration,
    /// Whether only moderators may send messages.
    pub read_only: bool,
    /// Whether only moderators may set the topic.
    pub locked: bool,
    /// Whether the room may have no call.
    pub no_calls: bool,
    /// The topic.
    pub topic: Text,
    /// The recipient's relation to it.
    pub you: Option<Relation>,
}

/// A user's relation to a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Not a member.
    Outside,
    /// Invited, but not a member.
    Invited,
    /// A member.
    Inside(RoomRole),
}

impl Relation {
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
    /// The data of its frame: `open|private members=N [you=…] [slow=S] [read_only] [locked] [no_calls] topic=TEXT`
    fn data(&self) -> String {
        let mut data = format!("{} members={}", if self.private { "private" } else { "open" }, self.members);
        if let Some(you) = self.you {
            data += &format!(" you={}", you.as_str());
        }
        if !self.slow.is_zero() {
            data += &format!(" slow={}", self.slow.as_secs());
        }
        for (word, is) in [("read_only", self.read_only), ("locked", self.locked), ("no_calls", self.no_calls)] {
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
            no_calls: has("no_calls"),
            topic: Text::line(topic),
            you: value("you").and_then(Relation::parse),
        })
    }
}

impl RoomEvent {
    /// The four fields of its frame, for the recipient `you`.
    pub(super) fn fields<'a>(&'a self, you: &'a str) -> EventFields<'a> {
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
        EventFields { sender, destination, operation, data: self.data() }
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

    /// Reads an event from four fields; `None` if they are something else.
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
            op::DELETED => Self::Deleted { from: lenient(sender)?, place: target(dest)?, by: lenient(data)? },
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
