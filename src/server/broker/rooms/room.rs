//! One room: its modes and members.
//!
//! Must not know: what users may do there, or the other rooms.

use std::collections::HashMap;
use std::time::Duration;

use super::members::{Member, Members};
use super::presence::Presence;
use crate::model::{FoldedName, RoomName, RoomRole, Text, Timestamp};
use crate::server::ids::{ConnId, RoomId};
use crate::server::in_order;
use serde::{Deserialize, Serialize};

/// The modes of a room, or of the one that everyone is in.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Modes {
    /// The topic; blank if there is none.
    pub(super) topic: Text,
    /// The time between two messages of one user; zero is none.
    pub(super) slow: Duration,
    /// Whether only moderators may write.
    pub(super) read_only: bool,
    /// Whether only moderators may set the topic.
    pub(super) locked: bool,
    /// Whether it may have no call.
    pub(super) no_calls: bool,
    /// When users last spoke and under which label, while there is a wait.
    #[serde(serialize_with = "in_order::map")]
    pub(super) said: HashMap<FoldedName, (Timestamp, Option<String>)>,
    /// The same before slow mode was changed: it holds again if the change cannot be stored.
    #[serde(serialize_with = "in_order::map")]
    pub(super) said_before: HashMap<FoldedName, (Timestamp, Option<String>)>,
}

/// A room.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::server::broker) struct Room {
    pub(super) id: RoomId,
    pub(super) name: RoomName,
    /// Whether users need an invitation.
    pub(super) private: bool,
    pub(super) modes: Modes,
    pub(super) members: Members,
    /// Arrivals and departures that were not announced yet.
    pub(super) presence: Presence,
}

impl Modes {
    /// The topic; blank if there is none.
    pub(in crate::server::broker) fn topic(&self) -> &Text {
        &self.topic
    }

    /// The time between two messages of one user; zero is none.
    pub(in crate::server::broker) fn slow(&self) -> Duration {
        self.slow
    }

    /// Whether only moderators may write.
    pub(in crate::server::broker) fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// Whether all members may write without restriction.
    pub(super) fn is_free(&self) -> bool {
        self.slow.is_zero() && !self.read_only
    }

    /// Whether there is anything that [`Self::forget_speakers`] may forget.
    pub(super) fn remembers_speakers(&self) -> bool {
        !self.said.is_empty() || !self.said_before.is_empty()
    }

    /// Forgets messages that are too old for slow mode to matter.
    pub(super) fn forget_speakers(&mut self, now: Timestamp) {
        let slow = self.slow;
        self.said.retain(|_, (last, _)| now.since(*last) < slow);
        // What was changed so long ago is stored, or taken back.
        self.said_before.clear();
    }

    /// A user who may have spoken has another name.
    pub(super) fn rename_speaker(&mut self, from: &FoldedName, to: &FoldedName) {
        if let Some(spoke) = self.said.remove(from) {
            self.said.insert(to.clone(), spoke);
        }
    }

    /// Puts back what held before a change that could not be stored. Whoever has spoken has spoken all the same.
    pub(super) fn put_back(&mut self, before: Self) {
        let (said, mut earlier) = (std::mem::take(&mut self.said), std::mem::take(&mut self.said_before));
        earlier.extend(said);
        *self = Self { said: earlier, ..before };
    }

    /// Whether nothing about them differs from a new room.
    pub(super) fn is_plain(&self) -> bool {
        self.is_free() && !self.locked && !self.no_calls && self.topic.is_blank()
    }
}

impl Room {
    /// A room without members.
    pub(super) fn new(id: RoomId, name: RoomName, private: bool, modes: Modes) -> Self {
        Self { id, name, private, modes, members: Members::default(), presence: Presence::default() }
    }

    /// The room's number.
    pub(in crate::server::broker) fn id(&self) -> RoomId {
        self.id
    }

    /// The room's name.
    pub(in crate::server::broker) fn name(&self) -> &RoomName {
        &self.name
    }

    /// Whether users need an invitation.
    pub(super) fn is_private(&self) -> bool {
        self.private
    }

    /// The members whose role is above that of the others.
    pub(in crate::server::broker) fn raised(&self) -> impl Iterator<Item = &Member> {
        self.members.raised()
    }

    /// Whether a connection's user is here.
    pub(in crate::server::broker) fn is_inside(&self, conn: ConnId) -> bool {
        self.members.is_online(conn)
    }

    /// The connections of those who are here.
    pub(in crate::server::broker) fn inside(&self) -> impl Iterator<Item = ConnId> {
        self.members.online()
    }

    /// A member by folded name.
    pub(in crate::server::broker) fn member(&self, user: &FoldedName) -> Option<&Member> {
        self.members.get(user)
    }

    /// The role of a member.
    pub(super) fn role(&self, user: &FoldedName) -> Option<RoomRole> {
        self.members.get(user).map(|member| member.role)
    }
}
