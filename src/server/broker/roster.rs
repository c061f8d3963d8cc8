//! What the stored facts say, as values for whoever keeps the machine: rooms with their members, bans, moderators, and when
//! names were used last. Nothing is checked against who is online, and nothing ends by being read.
//!
//! Must not know: where the facts come from, or how a list is written.

use std::collections::BTreeMap;
use std::time::Duration;

use super::access::invitations;
use super::facts::{self, kind};
use super::moderation::bans::Ban;
use super::moderation::facts as moderation_facts;
use super::rooms::facts::{self as room_facts, RoomFact};
use crate::model::{FoldedName, Name, RoomName, RoomRole, Text, Timestamp};
use crate::protocol::InvitationLine;
use crate::server::ids::RoomId;

/// What the stored facts say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    /// The rooms, by their numbers.
    pub rooms: BTreeMap<RoomId, RosterRoom>,
    /// Bans and mutes, by their numbers, each with the time when it was made, if that is known.
    pub bans: BTreeMap<u64, (Ban, Option<Timestamp>)>,
    /// The invitations of newcomers, also those that have ended since they were last looked at.
    pub invitations: Vec<InvitationLine>,
    /// The users who were made moderators of the server.
    pub moderators: Vec<Name>,
    /// The day on which each owned name was used last, by folded name.
    pub used: BTreeMap<FoldedName, Timestamp>,
    /// Users whom others ignore, each as both folded names.
    pub ignored: Vec<(FoldedName, FoldedName)>,
    /// What those are told who are not let in, while the server is being maintained.
    pub maintenance: Option<Text>,
}

/// A room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterRoom {
    /// Its name.
    pub name: RoomName,
    /// Whether users need an invitation.
    pub private: bool,
    /// The topic; blank if there is none.
    pub topic: Text,
    /// The time between two messages of one user; zero is none.
    pub slow: Duration,
    /// Whether only moderators may write.
    pub read_only: bool,
    /// The members, each with their role.
    pub members: Vec<(Name, RoomRole)>,
    /// The users who are invited.
    pub invited: Vec<Name>,
}

impl Roster {
    /// Reads facts, each as kind, key and value. Those that cannot be read are left out: a check reports them.
    #[must_use]
    pub fn of(facts: &[(String, String, String)]) -> Self {
        let mut roster = Self::default();
        let (mut members, mut invited) = (Vec::new(), Vec::new());
        for (kind, key, value) in facts {
            match kind.as_str() {
                kind::BAN => {
                    let ban = key.parse::<u64>().ok().zip(moderation_facts::read_ban(value));
                    roster.bans.extend(ban);
                }
                kind::INVITATION => roster.invitations.extend(invitations::read_line(key, value)),
                kind::MODERATOR => roster.moderators.extend(facts::name(value)),
                kind::SEEN if !key.is_empty() => {
                    let day = facts::read::<i64>(value).map(|day| Timestamp(day.saturating_mul(DAY)));
                    roster.used.extend(day.map(|day| (FoldedName::restored(key), day)));
                }
                kind::IGNORED => {
                    let both = key.split_once(' ');
                    let both = both.map(|(who, whom)| (FoldedName::restored(who), FoldedName::restored(whom)));
                    roster.ignored.extend(both);
                }
                kind::MAINTENANCE => {
                    roster.maintenance = facts::read::<String>(value).map(|text| Text::line(&text));
                }
                kind => match room_facts::read(kind, key, value) {
                    Some(RoomFact::Room(id, name, private, modes)) => {
                        let (topic, slow, read_only) = (modes.topic().clone(), modes.slow(), modes.is_read_only());
                        let (members, invited) = (Vec::new(), Vec::new());
                        let room = RosterRoom { name, private, topic, slow, read_only, members, invited };
                        roster.rooms.insert(id, room);
                    }
                    Some(RoomFact::Member(room, member)) => members.push((room, member)),
                    Some(RoomFact::Invited(room, name)) => invited.push((room, name)),
                    Some(RoomFact::LastRoom(_) | RoomFact::Everyone(_)) | None => {}
                },
            }
        }
        for (room, member) in members {
            if let Some(room) = roster.rooms.get_mut(&room) {
                room.members.push((member.name, member.role));
            }
        }
        for (room, name) in invited {
            if let Some(room) = roster.rooms.get_mut(&room) {
                room.invited.push(name);
            }
        }
        roster
    }
}

/// Milliseconds of a day.
const DAY: i64 = 24 * 60 * 60 * 1000;
