//! The people listed beside the messages: the members of the room in view, or else everybody online.
//!
//! Must not know: how a list looks.

use crate::client::chat::room_members::RoomMembers;
use crate::client::session::chat::Chat;
use crate::model::Name;

/// The members of the room in view; `None` if no room is in view, or if they are unknown.
pub(super) fn members_in_view(chat: &Chat) -> Option<&RoomMembers> {
    chat.rooms().get(chat.current().target()?).filter(|room| room.is_inside())?.members.as_ref()
}

/// The number of people listed beside the messages.
pub(super) fn side_count(chat: &Chat) -> usize {
    members_in_view(chat).map_or(chat.people().len(), RoomMembers::len)
}

/// The user in a row beside the messages.
pub(super) fn side_name(chat: &Chat, row: usize) -> Option<&Name> {
    match members_in_view(chat) {
        Some(members) => members.iter().nth(row).map(|(member, _)| &member.name),
        None => chat.people().iter().nth(row),
    }
}
