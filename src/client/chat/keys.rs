//! The keys under which people and rooms are found, and how a long name is shortened.
//!
//! Must not know: conversations, people or rooms themselves.

use crate::model::Name;
use crate::model::Text;

use crate::model::RoomName;

/// What a room is looked up by: the same for all spellings of one, and no user's.
#[must_use]
pub fn room_key(room: &RoomName) -> String {
    room.folded()
}

/// What a name is looked up by: the same for all spellings of one name.
#[must_use]
pub fn folded(name: &Name) -> String {
    name.folded().into()
}

/// A text of at most so many bytes.
#[must_use]
pub fn shortened(text: &Text, most: usize) -> Text {
    if text.as_str().len() <= most {
        return text.clone();
    }
    Text::line(text.as_str().get(..text.as_str().floor_char_boundary(most)).unwrap_or_default())
}
