//! Who sees a conversation, and who asks to see it.
//!
//! Must not know: how users get their numbers (`sqlite`, `memory`), or what is said in a conversation.

use std::collections::HashSet;

use super::api::{ConversationId, Question};
use crate::model::{Name, RoomName};
use crate::server::ids::RoomId;

/// The members of a conversation, who alone see it. Users go by the store's own numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum MemberSet {
    /// All users.
    Everyone,
    /// Two users, or one user twice; the lower number first.
    Two(i64, i64),
    /// The members of a room.
    Room(RoomId),
}

/// The user who asks; one whom the store does not know sees only what is said to everyone and in the rooms.
#[derive(Debug)]
pub(super) struct Viewer {
    pub(super) user: Option<i64>,
    /// The rooms that the user is in.
    pub(super) rooms: HashSet<RoomId>,
}

impl MemberSet {
    /// Two users, in any order.
    pub(super) fn two(one: i64, other: i64) -> Self {
        Self::Two(one.min(other), one.max(other))
    }

    /// Whether the viewer is one of them.
    pub(super) fn include(self, viewer: &Viewer) -> bool {
        match self {
            Self::Everyone => true,
            Self::Two(low, high) => viewer.user.is_some_and(|user| user == low || user == high),
            Self::Room(room) => viewer.rooms.contains(&room),
        }
    }
}

impl Viewer {
    /// The user of a question, who has this number.
    pub(super) fn of(question: &Question, user: Option<i64>) -> Self {
        Self { user, rooms: question.rooms.iter().map(|(id, _)| *id).collect() }
    }
}

/// The conversation that a name in a query means; a room only for a user who is in it.
pub(super) fn conversation_named(question: &Question, name: &str) -> Option<ConversationId> {
    if name.eq_ignore_ascii_case("everyone") {
        return Some(ConversationId::Everyone);
    }
    let Ok(wanted) = RoomName::parse(name) else { return Name::restored(name).ok().map(ConversationId::User) };
    let same = |(_, room): &&(RoomId, RoomName)| room.key().folded == wanted.key().folded;
    question.rooms.iter().find(same).map(|(id, room)| ConversationId::Room(*id, room.clone()))
}

/// The members of a conversation that is not between two users; `None` if the user who asks is in no such room.
pub(super) fn place_for(question: &Question, with: &ConversationId) -> Option<MemberSet> {
    match with {
        ConversationId::Everyone => Some(MemberSet::Everyone),
        ConversationId::User(_) => None,
        ConversationId::Room(room, _) => {
            question.rooms.iter().any(|(id, _)| id == room).then_some(MemberSet::Room(*room))
        }
    }
}
